/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pages that belong to no subject: the quick exit, the neutral page it may lead to, the language, our own static files, and whether the
 * service is well. */
#include <string.h>

#include "assets.h"
#include "keeper/client.h"
#include "web/route.h"
#include "web/view.h"

/* The one GET with an effect (interface design 8): ends a mailbox session and empties the browser's store. Forged it does no harm, so
 * it needs no token; a session of staff is left alone. */
static enum status leave(struct ctx *c, const struct request *r, struct response *out)
{
	if (c->who->kind == ACTOR_REPORTER)
		TRY(keeper_logout(c, &c->who->token));
	if (c->who->kind != ACTOR_STAFF) {
		response_cookie_clear(out, "__Host-s");
		out->clear_site = true;
	}
	out->type = NULL;
	out->code = r->method == M_POST ? 204 : 303;
	if (r->method == M_GET)
		out->location = r->web->exit_to;
	return OK;
}

static enum status neutral(struct ctx *c, const struct request *r, struct response *out)
{
	out->pad = true;
	view_neutral(c, &out->body);
	return OK;
}

struct language_in {
	struct sv language, where;
};
static const struct param language_params[] = {
	PARAM(struct language_in, language, P_CODE, 8, .required = true),
	PARAM(struct language_in, where, P_TEXT, 400),
};

/* Back to the page it came from, if that is one of ours that can be asked for. */
static const char *back_to(struct ctx *c, const struct request *r, struct sv where)
{
	struct sv base = sv_of(r->base);
	const char *query;

	if (base.n > 0 && sv_starts(where, base))
		where = (struct sv){ where.p + base.n, where.n - base.n };
	query = where.n == 0 ? NULL : memchr(where.p, '?', where.n);
	if (query != NULL)
		where.n = (size_t)(query - where.p);
	return route_find(r->web, r->site, M_GET, where).route == NULL ? "/" : arena_text(c->arena, where);
}

static enum status set_language(struct ctx *c, const struct request *r, struct response *out)
{
	const struct language_in *in = r->in;
	enum language l;

	if (!language_parse(in->language, &l))
		return ctx_input(c, "language", "error.code", 0);
	response_cookie(out, "__Host-l", sv_of(languages[l].tag), 365 * 24 * 3600);
	return response_go(c, r, out, back_to(c, r, in->where.n > 0 ? in->where : r->referer), NULL);
}

static enum status asset(struct ctx *c, const struct request *r, struct response *out)
{
	for (size_t i = 0; i < ASSET_COUNT; i++) {
		const struct asset *a = &assets[i];

		if (!sv_is(r->path_word, a->name))
			continue;
		out->type = a->type;
		out->encoding = r->gzip ? "gzip" : NULL;
		out->body = (struct buf){ .p = (char *)(uintptr_t)(r->gzip ? a->gzip : a->bytes), .n = r->gzip ? a->gzip_n : a->n };
		return OK;
	}
	return ERR(c, E_NOTFOUND, "no static file of this name");
}

static enum status health(struct ctx *c, const struct request *r, struct response *out)
{
	struct instance instance;

	TRY(keeper_instance(c, &instance));
	out->type = "text/plain; charset=utf-8";
	buf_text(&out->body, "well\n");
	return OK;
}

static const struct route rows[] = {
	ROUTE0(GET, SITE_PUBLIC, "/x", leave, PUBLIC),
	ROUTE0(POST, SITE_PUBLIC, "/x", leave, PUBLIC),
	ROUTE0(GET, SITE_ANY, "/w", neutral, PUBLIC, .flags = ROUTE_CONSTANT),
	ROUTE(POST, SITE_STAFF, "/language", set_language, PUBLIC, language_params, struct language_in),
	ROUTE0(GET, SITE_ANY, "/s/{word}", asset, PUBLIC, .flags = ROUTE_KEPT | ROUTE_CONSTANT),
	ROUTE0(GET, SITE_ANY, "/health", health, PUBLIC),
};
extern const struct routes page_system;
const struct routes page_system = { rows, sizeof(rows) / sizeof(rows[0]) };
