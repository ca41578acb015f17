/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Help, and drafts: what was being typed when a session ended or a screen locked, sealed to the member who typed it. Resuming a draft shows
 * the form it came from with those words in it; nothing is saved until the member sends it. */
#include <string.h>

#include "base/text.h"
#include "keeper/client.h"
#include "policy/policy.h"
#include "registry/registry.h"
#include "web/form.h"
#include "web/page/call.h"
#include "web/page/desk.h"
#include "web/route.h"

#define BODY_MAX (1024 * 1024)
#define WORDS_SHOWN 600

struct draft_in {
	struct sv where, body;
};
static const struct param draft_params[] = {
	PARAM(struct draft_in, where, P_TEXT, 200, .required = true),
	PARAM(struct draft_in, body, P_LONG, BODY_MAX, .required = true),
};

static void draw_numbers(struct ctx *c, struct tpl_account_help *v)
{
	const struct code_list *list = codes_of("emergency_numbers");
	struct tpl_account_help_number *rows =
		ARENA_ARRAY(c->arena, struct tpl_account_help_number, (list == NULL ? 0 : list->n) + 1);

	for (size_t i = 0; list != NULL && i < list->n; i++)
		rows[v->numbers_n++] =
			(struct tpl_account_help_number){ .label = sv_of(list->codes[i].label[c->language]),
							  .digits = sv_of(code_extra(list, &list->codes[i], "number")) };
	v->numbers = rows;
}

/* What each post does first, one sentence a post the member holds. */
static void draw_roles(struct ctx *c, struct tpl_account_help *v)
{
	static const struct {
		uint32_t roles;
		enum message says;
	} known[] = {
		{ ROLE_BIT(ROLE_OPERATOR) | ROLE_BIT(ROLE_DESK), MSG_ACCOUNT_HELP_ROLE_DESK },
		{ ROLE_BIT(ROLE_CASE_MANAGER), MSG_ACCOUNT_HELP_ROLE_CASE },
		{ ROLE_BIT(ROLE_SUPERVISOR), MSG_ACCOUNT_HELP_ROLE_SUPERVISOR },
		{ ROLE_BIT(ROLE_ORG_ADMIN), MSG_ACCOUNT_HELP_ROLE_ADMIN },
		{ ROLE_BIT(ROLE_SECURITY_OFFICER), MSG_ACCOUNT_HELP_ROLE_OFFICER },
	};
	struct tpl_account_help_role *rows = ARENA_ARRAY(c->arena, struct tpl_account_help_role, sizeof(known) / sizeof(known[0]));

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if ((c->who->roles & known[i].roles) != 0)
			rows[v->roles_n++].says = known[i].says;
	v->roles = rows;
}

static enum status help(struct ctx *c, const struct request *r, struct response *out)
{
	struct tpl_account_help v = { .desk = policy_may(c->who->roles, REPORT, OP_WRITE) };

	draw_numbers(c, &v);
	draw_roles(c, &v);
	v.head = page_head(c, r, MSG_ACCOUNT_HELP_TITLE, MENU_NONE);
	v.foot = page_foot(c, r);
	render_account_help(&out->body, c->language, &v);
	return OK;
}

/* A path of ours without the site's prefix: scripts send it with, the frame without. */
static struct sv without_base(const struct request *r, struct sv where)
{
	struct sv base = sv_of(r->base);

	return base.n > 0 && sv_starts(where, base) ? (struct sv){ where.p + base.n, where.n - base.n } : where;
}

/* --- list -------------------------------------------------------------------------------------------------------------------------------- */

/* Where a form of ours stands. */
struct place {
	struct id report; /* zeros: the console */
	struct sv act;
};

static bool place_of(struct sv where, struct place *out)
{
	struct sv rest = where, part, id;

	*out = (struct place){ .report = ID_ZERO };
	if (sv_is(where, "/call"))
		return true;
	if (!sv_starts(where, SV("/reports/")))
		return false;
	rest = (struct sv){ where.p + 9, where.n - 9 };
	if (!sv_cut(&rest, '/', &id) || !id_parse(id, &out->report) || !sv_cut(&rest, '/', &part))
		return false;
	out->act = part;
	return true;
}

static struct sv place_text(const struct ctx *c, struct sv where)
{
	struct place p;
	struct sv mark;

	if (sv_starts(where, SV("/file/")) || sv_starts(where, SV("/files/")))
		return page_say(c, MSG_CASE_TITLE);
	if (sv_starts(where, SV("/decision/")))
		return page_say(c, MSG_SCREENING_PACKET);
	if (!place_of(where, &p))
		return page_say(c, MSG_ACCOUNT_DRAFTS_OTHER);
	if (id_is_zero(p.report))
		return page_say(c, MSG_CALL_TITLE);
	mark = page_mark(c, p.report);
	return page_fill(c, MSG_DESK_REPORT_TITLE, &mark, 1);
}

static bool is_words(struct sv name)
{
	static const char *const names[] = { "text",   "answer",    "why",        "note",         "wait_reason", "subject",
					     "reason", "narrative", "child_view", "basis_reason", "remarks" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (sv_is(name, names[i]))
			return true;
	return false;
}

/* The longest thing typed: what a person recognises the draft by. Words before choices and numbers. */
static struct sv words_of(struct ctx *c, struct sv body)
{
	struct form *f = ARENA_NEW(c->arena, struct form);
	struct sv words = SV_NONE, other = SV_NONE;

	if (form_parse(c->arena, SV("application/x-www-form-urlencoded"), body, false, f) != OK)
		return SV_NONE;
	for (size_t i = 0; i < f->n; i++) {
		struct sv *longest = is_words(f->fields[i].name) ? &words : &other;

		if (f->fields[i].value.n > longest->n && !sv_is(f->fields[i].name, "once") && !sv_is(f->fields[i].name, "csrf"))
			*longest = f->fields[i].value;
	}
	if (words.n == 0)
		words = other;
	return utf8_valid(words) ? utf8_first(words, WORDS_SHOWN) : SV_NONE;
}

/* Any other form of ours: the page at its own address, or the one it was sent from a step below. */
static const struct route *route_above(const struct request *r, struct sv where, struct found *out)
{
	while (where.n > 0) {
		*out = route_find(r->web, SITE_STAFF, M_GET, where);
		if (out->route != NULL)
			return out->route;
		while (where.n > 0 && where.p[--where.n] != '/')
			;
	}
	return NULL;
}

static bool can_resume(const struct request *r, struct sv where)
{
	struct place place;
	struct found found;

	return place_of(where, &place) || (!sv_is(where, "/drafts") && route_above(r, where, &found) != NULL);
}

static enum status drafts(struct ctx *c, const struct request *r, struct response *out)
{
	struct draft *list;
	size_t n;
	struct tpl_account_drafts_row *rows;
	struct tpl_account_drafts v = { .csrf = csrf_text(c) };

	TRY(keeper_drafts(c, &list, &n));
	rows = ARENA_ARRAY(c->arena, struct tpl_account_drafts_row, n + 1);
	for (size_t i = 0; i < n; i++) {
		struct sv where = without_base(r, list[i].where), id = page_id(c, list[i].id);

		rows[i] = (struct tpl_account_drafts_row){
			.at = page_time(c, list[i].at),
			.page = place_text(c, where),
			.words = words_of(c, list[i].body),
			.open = can_resume(r, where) ? page_path(c, r, "/drafts/%s/open", id.p) : SV_NONE,
			.drop = page_path(c, r, "/drafts/%s/drop", id.p),
		};
	}
	v.head = page_head(c, r, MSG_ACCOUNT_DRAFTS_TITLE, MENU_DRAFTS);
	v.foot = page_foot(c, r);
	v.rows = rows;
	v.rows_n = n;
	render_account_drafts(&out->body, c->language, &v);
	return OK;
}

/* --- acts ---------------------------------------------------------------------------------------------------------------------------------- */

/* From the page's script every 30 s while somebody types: the newest text of a form takes the place of the one before. */
static enum status keep(struct ctx *c, const struct request *r, struct response *out)
{
	const struct draft_in *in = r->in;
	struct draft *list;
	size_t n;

	TRY(keeper_drafts(c, &list, &n));
	TRY(keeper_draft_save(c, &c->who->token, in->where, in->body));
	for (size_t i = 0; i < n; i++)
		if (sv_equal(without_base(r, list[i].where), without_base(r, in->where)))
			TRY(keeper_draft_drop(c, list[i].id));
	return drafts(c, r, out);
}

static enum status drop(struct ctx *c, const struct request *r, struct response *out)
{
	TRY(keeper_draft_drop(c, r->path_id));
	return response_go(c, r, out, "/drafts", "account.drafts.dropped");
}

static enum status any_page(struct ctx *c, struct request *form_request, struct sv where, struct response *out)
{
	struct found found;
	const struct route *route = route_above(form_request, where, &found);

	if (route == NULL || route->need.kind == NEED_PUBLIC ||
	    (route->need.kind == NEED_CLASS && !policy_may(c->who->roles, route->need.class, (enum op)route->need.op)))
		return ERR(c, E_NOTFOUND, "a draft of no form of ours");
	form_request->in = arena_alloc(c->arena, route->in_size + 1);
	form_request->path_id = found.id;
	form_request->path_word = found.word;
	form_request->path = where;
	return route->run(c, form_request, out);
}

/* The page of the form, drawn as if it had just been posted and not saved: its own, or the report's whose boxes it is. */
static enum status form_page(struct ctx *c, struct request *form_request, struct sv where, struct response *out)
{
	struct place place;

	if (!place_of(where, &place) || id_is_zero(place.report) ||
	    route_find(form_request->web, SITE_STAFF, M_GET, where).route != NULL)
		return any_page(c, form_request, where, out);
	form_request->path_id = place.report;
	return desk_report(c, form_request, place.report, NULL, MSG_NONE, out);
}

static enum status resume(struct ctx *c, const struct request *r, struct response *out)
{
	struct request form_request = *r;
	struct form *f = ARENA_NEW(c->arena, struct form);
	struct draft *list;
	size_t n;

	TRY(keeper_drafts(c, &list, &n));
	for (size_t i = 0; i < n; i++) {
		if (!id_equal(list[i].id, r->path_id))
			continue;
		if (form_parse(c->arena, SV("application/x-www-form-urlencoded"), list[i].body, false, f) != OK)
			return ERR(c, E_NOTFOUND, "a draft of no form of ours");
		form_request.form = f;
		return form_page(c, &form_request, without_base(r, list[i].where), out);
	}
	return ERR(c, E_NOTFOUND, "no such draft of this member");
}

static const struct route rows[] = {
	ROUTE0(GET, SITE_STAFF, "/help", help, SESSION),
	ROUTE0(GET, SITE_STAFF, "/drafts", drafts, SESSION),
	ROUTE(POST, SITE_STAFF, "/drafts", keep, SESSION, draft_params, struct draft_in, .body_max = BODY_MAX),
	ROUTE0(POST, SITE_STAFF, "/drafts/{id}/open", resume, SESSION),
	ROUTE0(POST, SITE_STAFF, "/drafts/{id}/drop", drop, SESSION),
};
extern const struct routes page_account;
const struct routes page_account = { rows, sizeof(rows) / sizeof(rows[0]) };
