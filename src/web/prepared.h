/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEB_PREPARED_H
#define WEB_PREPARED_H

#include "web/server.h"

struct MHD_Response;

/* The library's form of an answer, a copy of its bytes unless they are constant; the caller's to destroy. NULL: no memory. */
struct MHD_Response *prepared_response(const struct reply *a);

/* Answers that are the same for everybody (ROUTE_CONSTANT), one for each site, language and packing, made once by running their
 * handlers. Read-only after. */
struct prepared;
enum status prepared_new(const struct web *w, struct prepared **out) MUST_CHECK;
void prepared_free(struct prepared *p);
/* After frame_head. NULL: not one of these; a worker answers. Stays the owner's; all of them are 200. */
struct MHD_Response *prepared_find(const struct prepared *p, const struct exchange *x);

#endif
