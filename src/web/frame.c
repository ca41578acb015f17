/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands between a request and a handler, in this order: framing, method, host, route and size (frame_head, before the body);
 * where a post comes from; the form; who asks; whether they may; the token of the form; the pace; the fields. The first refusal ends
 * it. What a handler wrote before it failed is thrown away.
 *
 * Typed work is never lost (sealed design 5.3): a post under a session that has ended, or with the token of an earlier one, is not
 * executed; its text is sealed to its user by the keeper, or, when the keeper does not know the session any more, carried by the login
 * page. */
#include "web/frame.h"

#include <string.h>

#include "base/text.h"
#include "keeper/client.h"
#include "policy/policy.h"
#include "web/csrf.h"
#include "web/error.h"
#include "web/form.h"
#include "web/guard.h"
#include "web/headers.h"
#include "web/login.h"
#include "web/prefer.h"
#include "web/route.h"

#define BODY_DEFAULT (64 * 1024)
#define BODY_FORM_MAX (1024 * 1024)
#define DRAIN_FORM (4 * 1024 * 1024)
#define DRAIN_FILE (64 * 1024 * 1024)
#define RESPONSE_MAX (4 * 1024 * 1024)

struct frame {
	const struct web *web;
	struct exchange *x;
	struct ctx c;
	struct actor who;
	enum status session; /* what the keeper said of the cookie's token */
	struct token device;
	struct form *form;
	struct request r;
	struct response out;
	struct error_says says; /* code 0 = by the status */
};

/* --- before the body --------------------------------------------------------------------------------------------------------- */

static void refuse(struct exchange *x, unsigned code, const char *key, int64_t limit)
{
	if (x->refused != 0)
		return;
	x->refused = code;
	x->refused_key = key;
	x->refused_limit = limit;
}

static void cut_target(struct exchange *x)
{
	const char *query = x->target.n == 0 ? NULL : memchr(x->target.p, '?', x->target.n);

	x->path = x->target;
	if (query != NULL) {
		x->path.n = (size_t)(query - x->target.p);
		x->query = (struct sv){ query + 1, x->target.n - x->path.n - 1 };
	}
	if (x->path.n == 0 || x->path.p[0] != '/' || !guard_target(x->target))
		refuse(x, 400, "error.input", 0);
}

static void choose_route(const struct web *w, struct exchange *x)
{
	struct found f = route_find(w, x->site, x->method == HTTP_POST ? M_POST : M_GET, x->path);

	if (x->method == HTTP_OTHER) {
		refuse(x, 405, "error.method", 0);
		return;
	}
	if (f.route == NULL) {
		refuse(x, f.other_method ? 405 : 404, f.other_method ? "error.method" : "error.notfound", 0);
		return;
	}
	x->route = f.route;
	x->route_number = f.number;
	x->path_id = f.id;
	x->path_word = f.word;
}

static bool is_multipart(struct sv type)
{
	return type.n >= 19 && strncasecmp(type.p, "multipart/form-data", 19) == 0;
}

/* The route's limit is what is kept. Some more is read and dropped, so that the answer can still say which field was too large. */
static void choose_size(struct exchange *x)
{
	struct sv length = x->header[HEADER_CONTENT_LENGTH];
	uint64_t n = 0;

	x->upload = (x->route->flags & ROUTE_FILE) != 0 && x->method == HTTP_POST && is_multipart(x->header[HEADER_CONTENT_TYPE]);
	x->body_max = x->route->body_max == 0 ? BODY_DEFAULT : x->route->body_max;
	if (!x->upload && x->body_max > BODY_FORM_MAX)
		x->body_max = BODY_FORM_MAX;
	x->body_drain = x->upload ? DRAIN_FILE : DRAIN_FORM;
	if (length.p != NULL && (!sv_u64(length, &n) || n > x->body_drain))
		refuse(x, 413, "error.body_too_large", (int64_t)x->body_max);
}

void frame_head(const struct web *w, struct exchange *x)
{
	x->base = "";
	cut_target(x);
	guard_framing(x);
	if (x->refused != 0)
		return;
	if (!site_find(w, x->header[HEADER_HOST], &x->path, &x->site, &x->base)) {
		refuse(x, 421, "error.notfound", 0);
		return;
	}
	choose_route(w, x);
	if (x->refused == 0)
		choose_size(x);
}

/* --- the reader ---------------------------------------------------------------------------------------------------------------- */

static struct sv referer_path(const struct exchange *x)
{
	struct sv r = x->header[HEADER_REFERER], host = x->header[HEADER_HOST];
	const char *at = r.n == 0 ? NULL : memmem(r.p, r.n, "://", 3);

	if (at == NULL)
		return SV("");
	r = (struct sv){ at + 3, r.n - (size_t)(at + 3 - r.p) };
	if (!sv_starts(r, host))
		return SV("");
	r = (struct sv){ r.p + host.n, r.n - host.n };
	return r.n > 0 && r.p[0] == '/' && (r.n == 1 || r.p[1] != '/') ? r : SV("");
}

static bool cookie_token(const struct frame *f, const char *name, struct token *out)
{
	struct sv cookie = cookie_value(f->x->header[HEADER_COOKIE], name);

	return cookie.n != 0 && base64url_parse(cookie, out->b, sizeof(out->b));
}

static void fill_request(struct frame *f)
{
	struct exchange *x = f->x;
	uint8_t address[16];

	guard_address(f->web, x, address);
	f->r = (struct request){
		.site = x->site,
		.method = x->method == HTTP_POST ? M_POST : M_GET,
		.path = x->path,
		.base = x->base,
		.path_id = x->path_id,
		.path_word = x->path_word,
		.form = f->form,
		.raw = x->body,
		.received = f->c.now,
		.referer = referer_path(x),
		.host = x->header[HEADER_HOST],
		.net = limits_net(f->web->limits, address),
		.web = f->web,
		.script = x->header[HEADER_PART].p != NULL,
		.gzip = prefer_gzip(x),
		.device = cookie_token(f, "__Host-d", &f->device) ? &f->device : NULL,
	};
}

/* The token stays in who even when the keeper does not know it as a session: the second step of a login brings a half one. */
static enum status ask_who(struct frame *f)
{
	struct token token;

	f->session = E_DENIED;
	if (!cookie_token(f, "__Host-s", &token))
		return OK;
	f->session = keeper_session(&f->c, &token, &f->who);
	f->c.error = (struct error){ 0 };
	f->who.token = token;
	if (f->session == OK)
		return OK;
	f->who.kind = ACTOR_NONE;
	return f->session == E_DENIED || f->session == E_STATE || f->session == E_NOTFOUND ? OK : f->session;
}

/* --- may they? -------------------------------------------------------------------------------------------------------------------- */

static const struct form_field *field_of(const struct frame *f, const char *name)
{
	return f->form == NULL ? NULL : form_find(f->form, name);
}

static bool token_right(const struct frame *f)
{
	const struct form_field *field = field_of(f, "csrf");

	return field != NULL && csrf_right(&f->who, field->value);
}

static bool logged_in(const struct frame *f)
{
	if (f->x->site == SITE_PUBLIC && f->x->route->site != SITE_ANY)
		return f->who.kind == ACTOR_REPORTER;
	return f->who.kind == ACTOR_STAFF || (f->x->route->site == SITE_ANY && f->who.kind == ACTOR_REPORTER);
}

static struct sv typed_text(struct frame *f)
{
	return f->form == NULL ? SV("") : form_text(f->c.arena, f->form);
}

/* A post that came too late, or with another session's token. Not executed; never lost. */
static enum status keep_typed(struct frame *f, struct late *late)
{
	late->where = f->x->path;
	late->body = typed_text(f);
	if (late->body.n == 0)
		return OK;
	late->kept = keeper_draft_save(&f->c, &f->who.token, late->where, late->body) == OK;
	f->c.error = (struct error){ 0 };
	return OK;
}

static enum status not_logged_in(struct frame *f)
{
	struct late late = { 0 };

	if (f->x->site != SITE_STAFF || f->r.method == M_GET)
		return response_go(&f->c, &f->r, &f->out, f->x->site == SITE_STAFF ? "/login" : "/", NULL);
	if (f->session == E_STATE && token_right(f)) {
		TRY(keep_typed(f, &late));
	} else {
		late.where = f->x->path;
		late.body = typed_text(f);
	}
	return login_instead(&f->c, &f->r, &late, &f->out);
}

/* 403 with the reason; for a staff form with a token of an earlier session its text is kept first. */
static enum status wrong_token(struct frame *f)
{
	struct late late = { 0 };

	if (f->who.kind == ACTOR_STAFF)
		TRY(keep_typed(f, &late));
	f->says = (struct error_says){ .code = 403, .key = late.kept ? "error.token_kept" : "error.token" };
	return ERR(&f->c, E_DENIED, "the form's token is not this session's");
}

static void prove_form(struct frame *f)
{
	const struct form_field *field = field_of(f, "ticket");
	uint8_t raw[TICKET_SIZE];
	struct ticket ticket;

	f->r.proof.session = f->who.kind != ACTOR_NONE && token_right(f);
	if (field == NULL || !base64url_parse(field->value, raw, sizeof(raw)) || !ticket_read(&f->web->tickets, raw, &ticket))
		return;
	/* A ticket of ours from later than now: the clock was set back. How old it is nobody knows; that it is ours is enough. */
	f->r.proof.age_ms = f->c.now >= ticket.issued ? f->c.now - ticket.issued : TICKET_MIN_MS;
	f->r.proof.ticket = f->r.proof.age_ms <= TICKET_MAX_MS && ticket.issued - f->c.now < TICKET_MAX_MS;
	memcpy(f->r.proof.id, ticket.id, sizeof(ticket.id));
}

static enum status check_form_proof(struct frame *f)
{
	const struct route *route = f->x->route;

	if (f->r.method != M_POST)
		return OK;
	prove_form(f);
	if ((route->flags & ROUTE_TICKET) != 0) {
		if (!f->r.proof.ticket && !f->r.proof.session)
			(void)!ctx_input(&f->c, "ticket", "error.ticket", 0);
		return OK;
	}
	return route->need.kind == NEED_PUBLIC || f->r.proof.session ? OK : wrong_token(f);
}

/* --- the fields --------------------------------------------------------------------------------------------------------------------- */

static enum status read_form(struct frame *f)
{
	struct exchange *x = f->x;

	f->form = ARENA_NEW(f->c.arena, struct form);
	f->r.form = f->form;
	if (x->method != HTTP_POST)
		return form_parse_query(f->c.arena, x->query, f->form);
	if (!guard_origin(f->web, x)) {
		f->says = (struct error_says){ .code = 403, .key = "error.cross_site" };
		return ERR(&f->c, E_DENIED, "a post from another site");
	}
	return form_parse(f->c.arena, x->header[HEADER_CONTENT_TYPE], x->body, x->cut, f->form);
}

/* The message a page shows once after a redirect; a name of the catalogue, checked by whoever shows it. */
static void take_done(struct frame *f)
{
	const struct form_field *field = field_of(f, "done");

	f->r.done = SV("");
	if (f->r.method == M_GET && field != NULL && field->value.n < 64)
		f->r.done = field->value;
}

static enum status bind_fields(struct frame *f)
{
	static const char *const own_post[] = { "csrf", "ticket" }, *const own_get[] = { "done" };
	const struct route *route = f->x->route;
	bool post = f->r.method == M_POST;
	void *in = arena_alloc(f->c.arena, route->in_size + 1);
	enum status s;

	take_done(f);
	f->r.in = in;
	s = form_bind(&f->c, f->form, route->params, route->param_count, post ? own_post : own_get, post ? 2 : 1, in);
	if (s != OK && s != E_INPUT)
		return s;
	if (f->c.input_count > 0 && (route->flags & ROUTE_SHOWS_INPUT_ERRORS) == 0)
		return ERR(&f->c, E_INPUT, "wrong input");
	f->c.error = (struct error){ 0 };
	return OK;
}

/* --- all of it ------------------------------------------------------------------------------------------------------------------------ */

static enum status handle(struct frame *f)
{
	const struct route *route = f->x->route;
	enum status form = read_form(f), asked = ask_who(f);

	f->c.language = prefer_language(f->x, &f->who);
	TRY(form);
	TRY(asked);
	if (route->need.kind != NEED_PUBLIC && !logged_in(f))
		return not_logged_in(f);
	if (route->need.kind == NEED_CLASS && !policy_may(f->who.roles, route->need.class, (enum op)route->need.op))
		return ERR(&f->c, E_NOTFOUND, "no role of the actor has this page");
	TRY(check_form_proof(f));
	if (f->r.method == M_POST && f->x->site == SITE_PUBLIC && route->site == SITE_PUBLIC)
		TRY(pace(&f->c, &f->r, PACE_PUBLIC));
	TRY(bind_fields(f));
	return route->run(&f->c, &f->r, &f->out);
}

static void fresh_response(struct frame *f)
{
	f->out = (struct response){ .code = 200,
				    .type = "text/html; charset=utf-8",
				    .body = buf_new(f->c.arena, 16384, RESPONSE_MAX) };
	if (headers_pack(f->x))
		f->out.body.known = ARENA_NEW(f->c.arena, struct buf_known);
}

static void answer_error(struct frame *f, enum status s)
{
	const struct error_row *row = error_row(s);

	fresh_response(f);
	if (f->says.code == 0)
		f->says = (struct error_says){ .code = row->code, .key = row->key };
	if (s == E_STATE && f->c.who->kind == ACTOR_STAFF && f->c.now < f->c.who->held_until)
		f->says.key = "error.held";
	f->says.exit_to = f->web->exit_to;
	f->says.demo = f->web->demo;
	error_page(&f->c, f->x, f->form, &f->says, &f->out);
	f->out.retry_s = f->c.error.retry_s;
	if (f->out.retry_s == 0 && row->code == 503)
		f->out.retry_s = 2;
}

static void frame_new(struct frame *f, const struct web *w, struct arena *a, struct exchange *x)
{
	memset(f, 0, sizeof(*f));
	f->web = w;
	f->x = x;
	f->c = (struct ctx){ .arena = a, .who = &f->who, .now = clock_now() };
	fill_request(f);
	fresh_response(f);
}

void frame_run(struct worker *k, struct exchange *x, struct reply *out)
{
	struct arena *whole = k->arena;
	struct frame *f;
	enum status s;

	f = ARENA_NEW(whole, struct frame);
	frame_new(f, k->web, whole, x);
	f->c.db = k->db;
	f->c.keeper = k->keeper;
	f->r.media = k->media;
	s = handle(f);
	if (s == OK)
		s = buf_ok(&f->out.body);
	if (s != OK)
		answer_error(f, s);
	out->status = s;
	out->line = f->c.error.line;
	headers_finish(whole, x, &f->out, out);
}

void frame_refuse(const struct web *w, struct arena *a, struct exchange *x, struct reply *out)
{
	struct frame *f = ARENA_NEW(a, struct frame);

	frame_new(f, w, a, x);
	f->c.language = prefer_language(x, &f->who);
	f->says = (struct error_says){ .code = x->refused, .key = x->refused_key, .limit = x->refused_limit };
	answer_error(f, E_INPUT);
	f->out.pad = false;
	if (x->refused == 405)
		f->out.allow = "GET, HEAD, POST";
	if (x->refused == 503)
		f->out.retry_s = 2;
	headers_finish(a, x, &f->out, out);
	out->close = x->method == HTTP_POST || x->refused == 400 || x->refused == 421;
}
