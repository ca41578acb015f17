/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEB_LIMIT_H
#define WEB_LIMIT_H

#include "web/web.h"

/* Pace by network (/24 of IPv4, /48 of IPv6) in a table of fixed size: memory only, no addresses kept, nothing logged. */
struct limits;
/* factor: allowed pace in percent of the built-in one; 0 = no limits (tests under load). */
struct limits *limits_new(unsigned factor);
void limits_free(struct limits *l);
/* The key of an address (16 bytes, IPv4 mapped): a keyed mix of its network. */
uint64_t limits_net(const struct limits *l, const uint8_t address[16]);
/* Takes one try. True = within the pace; false sets *retry_s. */
bool limits_take(struct limits *l, enum pace_kind kind, uint64_t net, int64_t now_ms, uint32_t *retry_s);

#endif
