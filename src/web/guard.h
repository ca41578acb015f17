/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEB_GUARD_H
#define WEB_GUARD_H

#include "web/server.h"

/* Refusals that need nothing but the header. Each field goes through guard_field, in any order, then guard_framing looks at them all. */
void guard_field(struct exchange *x, struct sv name, struct sv value);
bool guard_target(struct sv s);                                   /* of printable ASCII alone? */
void guard_framing(struct exchange *x);                           /* 400: could be read in two ways */
bool guard_origin(const struct web *w, const struct exchange *x); /* a post must come from a page of this very host */
/* The sender's address: X-Real-IP when a proxy on this machine says so and hosts are configured, else the peer's. */
void guard_address(const struct web *w, const struct exchange *x, uint8_t out[16]);
/* Value of a cookie; SV_NONE when missing or given twice with different values. */
struct sv cookie_value(struct sv header, const char *name);

#endif
