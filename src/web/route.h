/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEB_ROUTE_H
#define WEB_ROUTE_H

#include "web/server.h"

/* Which row of the page tables answers a path. {id} takes 32 hex digits, {word} letters, digits, dot, dash and underscore. A path
 * written out in full wins over a pattern. */
struct found {
	const struct route *route; /* NULL = none */
	size_t number;             /* position over all tables, for logs */
	struct id id;
	struct sv word;
	bool other_method; /* the path exists, not for this method */
};
struct found route_find(const struct web *w, enum site site, enum method m, struct sv path);
/* Site of a request by its host name, or by the path's prefix; cuts the prefix off *path. False: a name we do not answer to. */
bool site_find(const struct web *w, struct sv host, struct sv *path, enum site *site, const char **base);
/* Host without port; loopback: a name of this machine alone. */
struct sv host_name(struct sv host);
bool host_is_loopback(struct sv name);
bool by_name(const struct web *w); /* sites have hosts of their own */

#endif
