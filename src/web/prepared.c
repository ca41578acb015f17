/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An answer that depends on nothing but site, language and packing needs no worker: it is made at start, by the very frame and handler
 * that would answer the request, so no header can be missing from it, and given out by the HTTP thread as often as it is asked for.
 *
 * A session is not looked at: such a page may not depend on it, and its language is that of the address, the cookie or the browser. A
 * request with a query is left to a worker, which refuses fields a page does not have. No line is logged: there is nothing in such an
 * answer that could fail, and when somebody looked at the public page is nobody's business. */
#include "web/prepared.h"

#include <microhttpd.h>
#include <string.h>

#include "assets.h"
#include "base/heap.h"
#include "web/frame.h"
#include "web/prefer.h"
#include "web/route.h"

struct one {
	const struct route *route;
	enum site site;
	const char *word; /* {word} of the address; NULL = none */
	enum language language;
	bool gzip;
	struct MHD_Response *response;
};
struct prepared {
	const struct web *web;
	struct arena *arena; /* while they are made */
	size_t n, room;
	struct one *list;
};

struct MHD_Response *prepared_response(const struct reply *a)
{
	struct MHD_Response *r = MHD_create_response_from_buffer(a->body.n, (void *)(uintptr_t)a->body.p,
								 a->constant ? MHD_RESPMEM_PERSISTENT : MHD_RESPMEM_MUST_COPY);

	for (size_t i = 0; r != NULL && i < a->header_count; i++)
		if (MHD_add_response_header(r, a->headers[i].name, a->headers[i].value) != MHD_YES) {
			MHD_destroy_response(r);
			r = NULL;
		}
	if (r != NULL && a->close)
		(void)MHD_add_response_header(r, "Connection", "close");
	return r;
}

/* --- making ------------------------------------------------------------------------------------------------------------------ */

static void keep(struct prepared *p, const struct one *o)
{
	if (p->n == p->room) {
		size_t room = p->room == 0 ? 32 : 2 * p->room;

		p->list = heap_grow(p->list, p->room, room, sizeof(*p->list));
		p->room = room;
	}
	p->list[p->n++] = *o;
}

/* The request a browser would send for it, run by the frame without keeper or database. */
static enum status make(struct prepared *p, struct one *o)
{
	size_t word = o->word == NULL ? 0 : strlen("{word}");
	struct sv fixed = { o->route->path, strlen(o->route->path) - word };
	struct exchange x = { .method = HTTP_GET, .site = o->site, .base = "", .route = o->route };
	struct worker alone = { .web = p->web, .arena = p->arena };
	struct reply a = { 0 };

	x.path = arena_format(p->arena, "%.*s%s", (int)fixed.n, fixed.p, o->word == NULL ? "" : o->word);
	x.path_word = sv_of(o->word);
	x.header[HEADER_COOKIE] = arena_format(p->arena, "__Host-l=%s", languages[o->language].tag);
	x.header[HEADER_ACCEPT_ENCODING] = o->gzip ? SV("gzip") : SV("identity");
	frame_run(&alone, &x, &a);
	if (a.status != OK || a.code != 200)
		return a.status == OK ? E_BUG : a.status;
	o->response = prepared_response(&a);
	if (o->response == NULL)
		return E_IO;
	keep(p, o);
	return OK;
}

/* A page: once a language, or once when its address is a language. A static file: plain and packed. */
static enum status make_page(struct prepared *p, struct one o)
{
	struct sv path = sv_of(o.route->path);
	enum language only;
	bool fixed = path.n > 1 && language_parse((struct sv){ path.p + 1, path.n - 1 }, &only);

	for (int l = 0; l < LANGUAGE_COUNT; l++) {
		o.language = (enum language)l;
		if (!fixed || o.language == only)
			TRY(make(p, &o));
		arena_reset(p->arena);
	}
	return OK;
}

static enum status make_files(struct prepared *p, struct one o)
{
	for (size_t i = 0; i < ASSET_COUNT; i++)
		for (int gzip = 0; gzip < 2; gzip++) {
			o.word = assets[i].name;
			o.gzip = gzip != 0;
			TRY(make(p, &o));
			arena_reset(p->arena);
		}
	return OK;
}

static enum status make_route(struct prepared *p, const struct route *r)
{
	for (int s = SITE_PUBLIC; s < SITE_ANY; s++) {
		struct one o = { .route = r, .site = (enum site)s };

		if (r->site != SITE_ANY && r->site != o.site)
			continue;
		TRY((r->flags & ROUTE_KEPT) != 0 ? make_files(p, o) : make_page(p, o));
	}
	return OK;
}

enum status prepared_new(const struct web *w, struct prepared **out)
{
	struct prepared *p = heap_new(1, sizeof(*p));

	*out = p;
	p->web = w;
	p->arena = arena_new(0);
	for (size_t t = 0; t < w->table_count; t++)
		for (size_t i = 0; i < w->tables[t]->n; i++)
			if ((w->tables[t]->rows[i].flags & ROUTE_CONSTANT) != 0)
				TRY(make_route(p, &w->tables[t]->rows[i]));
	arena_free(p->arena);
	p->arena = NULL;
	return OK;
}

void prepared_free(struct prepared *p)
{
	for (size_t i = 0; i < p->n; i++)
		MHD_destroy_response(p->list[i].response);
	heap_free(p->list);
	heap_free(p);
}

/* --- giving out ---------------------------------------------------------------------------------------------------------------- */

struct MHD_Response *prepared_find(const struct prepared *p, const struct exchange *x)
{
	const struct actor nobody = { .kind = ACTOR_NONE };
	bool file = (x->route->flags & ROUTE_KEPT) != 0, gzip;
	enum language language;

	if ((x->route->flags & ROUTE_CONSTANT) == 0 || x->method == HTTP_POST || x->query.p != NULL)
		return NULL;
	gzip = file && prefer_gzip(x);
	language = file ? LANG_FR : prefer_language(x, &nobody);
	for (size_t i = 0; i < p->n; i++) {
		const struct one *o = &p->list[i];

		if (o->route == x->route && o->site == x->site && o->language == language && o->gzip == gzip &&
		    (o->word == NULL || sv_is(x->path_word, o->word)))
			return o->response;
	}
	return NULL;
}
