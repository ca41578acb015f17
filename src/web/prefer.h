/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEB_PREFER_H
#define WEB_PREFER_H

#include "web/exchange.h"

/* Language of an answer: of the address, of the cookie, of the account, of the browser; the first that is there. */
enum language prefer_language(const struct exchange *x, const struct actor *who);
/* May the answer come packed? Only a browser that says so gets it. */
bool prefer_gzip(const struct exchange *x);

#endif
