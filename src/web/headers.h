/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEB_HEADERS_H
#define WEB_HEADERS_H

#include "web/exchange.h"

/* Does a page for this request travel packed? Then its body notes which words are ours. */
bool headers_pack(const struct exchange *x);
/* From a handler's response to an answer with every header of the sealed design 13. route NULL: an answer to no route. */
void headers_finish(struct arena *a, const struct exchange *x, struct response *r, struct reply *out);

#endif
