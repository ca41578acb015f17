/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEB_FRAME_H
#define WEB_FRAME_H

#include "web/server.h"

/* The frame around every handler: what a request must prove before a handler runs, and what every answer carries. */

/* After the header, before any byte of the body: framing, host, method, route, size. Sets x->refused or x->route. HTTP thread. */
void frame_head(const struct web *w, struct exchange *x);
/* The whole request, on a worker. Always fills *out; its memory is the worker's arena. */
void frame_run(struct worker *k, struct exchange *x, struct reply *out);
/* The answer to a request with x->refused set, on the HTTP thread. */
void frame_refuse(const struct web *w, struct arena *a, struct exchange *x, struct reply *out);

#endif
