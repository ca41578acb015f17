/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The supervisor's page (interface design S1): what waits for a signature, what is overdue, what everybody carries. A lent reader finds the
 * one decision he was asked for here, under no name. */
#include "domain/screening/screening.h"

#include "domain/access/access.h"
#include "domain/casefile/casefile.h"
#include "policy/policy.h"
#include "web/page/page.h"

/* Working names of files of the own organisation, in order. */
static enum status names_of(struct ctx *c, const struct id *files, size_t n, struct sv **out)
{
	*out = ARENA_ARRAY(c->arena, struct sv, n);
	return n == 0 ? OK : case_names(c, files, n, *out);
}

/* Where it is read: what another house asks for is a page of its own, under no name. */
static struct sv reading_path(const struct ctx *c, const struct request *r, const struct decision_row *d)
{
	if (d->kind == DECISION_BASIS || d->kind == DECISION_CLOSING)
		return page_path(c, r, "/signing/%s", page_id(c, d->id).p);
	return page_path(c, r, "/decision/%s", page_id(c, d->id).p);
}

/* Who signed, by the keeper's rows; empty: nobody. */
static struct sv signer(struct ctx *c, const struct signing *s, struct id record, uint32_t which, int64_t *at)
{
	struct signed_by by = signing_of(s, record, which);

	*at = by.at;
	return id_is_zero(by.user) ? SV_NONE : member_login(c, by.user);
}

static enum status draw_signs(struct ctx *c, const struct request *r, struct tpl_team_team *v)
{
	struct tpl_team_team_sign *rows;
	struct decision_row *list;
	struct signing s;
	int64_t at;
	size_t n;

	TRY(signatures_waiting(c, &list, &n));
	rows = ARENA_ARRAY(c->arena, struct tpl_team_team_sign, n);
	for (size_t i = 0; i < n; i++) {
		bool own = id_equal(list[i].organisation, c->who->organisation);
		struct sv name = page_say(c, MSG_TEAM_LENT), *names, by;

		TRY(signing_load(c, list[i].dossier, false, &s));
		by = signer(c, &s, list[i].id, SIGN_FIRST, &at);
		if (!own && by.n == 0)
			continue; /* the day it was lent for is over */
		if (own) {
			TRY(names_of(c, &list[i].dossier, 1, &names));
			name = names[0];
		}
		rows[v->signs_n++] = (struct tpl_team_team_sign){
			.href = reading_path(c, r, &list[i]),
			.name = name,
			.what = page_label(c, "decision_kinds", decision_kind_word(list[i].kind)),
			.by = by,
			.clock = page_clock(c, list[i].due_hour),
			.late = list[i].due_hour > 0 && list[i].due_hour < c->now,
		};
	}
	v->signs = rows;
	return OK;
}

/* The row says signed; that it was, and by whom, says the keeper. */
static enum status draw_given(struct ctx *c, const struct request *r, struct tpl_team_team *v)
{
	struct tpl_team_team_given *rows;
	struct decision_row *list;
	struct signing s;
	struct sv *names;
	struct id *files;
	int64_t at;
	size_t n;

	TRY(signatures_given(c, &list, &n));
	rows = ARENA_ARRAY(c->arena, struct tpl_team_team_given, n);
	files = ARENA_ARRAY(c->arena, struct id, n);
	for (size_t i = 0; i < n; i++)
		files[i] = list[i].dossier;
	TRY(names_of(c, files, n, &names));
	for (size_t i = 0; i < n; i++) {
		struct tpl_team_team_given *to = &rows[v->given_n];

		TRY(signing_load(c, list[i].dossier, false, &s));
		*to = (struct tpl_team_team_given){ .href = reading_path(c, r, &list[i]),
						    .name = names[i],
						    .what = page_label(c, "decision_kinds", decision_kind_word(list[i].kind)),
						    .first = signer(c, &s, list[i].id, SIGN_FIRST, &at),
						    .second = signer(c, &s, list[i].id, SIGN_SECOND, &at) };
		if (to->first.n == 0)
			continue; /* of a file that may not be read, or signed by nobody */
		to->at = page_time(c, at);
		v->given_n++;
	}
	v->given = rows;
	return OK;
}

static enum status draw_overdue(struct ctx *c, const struct request *r, struct tpl_team_team *v)
{
	struct tpl_team_team_task *rows;
	struct late_task *list;
	struct sv *names;
	struct id *files;
	size_t n;

	TRY(team_overdue(c, &list, &n));
	rows = ARENA_ARRAY(c->arena, struct tpl_team_team_task, n);
	files = ARENA_ARRAY(c->arena, struct id, n);
	for (size_t i = 0; i < n; i++)
		files[i] = list[i].file;
	TRY(names_of(c, files, n, &names));
	for (size_t i = 0; i < n; i++)
		rows[i] = (struct tpl_team_team_task){
			.href = page_path(c, r, "/file/%s", page_id(c, list[i].file).p),
			.name = names[i],
			.what = page_label(c, "task_types", list[i].type),
			.who = list[i].login.n > 0 ? list[i].login : page_label(c, "access_matrix", SV("supervisor")),
			.clock = page_clock(c, list[i].due),
		};
	v->overdue = rows;
	v->overdue_n = n;
	return OK;
}

static enum status draw_loads(struct ctx *c, struct tpl_team_team *v)
{
	struct tpl_team_team_load *rows;
	struct load *list;
	size_t n;

	TRY(team_load(c, &list, &n));
	rows = ARENA_ARRAY(c->arena, struct tpl_team_team_load, n);
	for (size_t i = 0; i < n; i++)
		rows[i] = (struct tpl_team_team_load){ list[i].login, list[i].files, list[i].tasks, list[i].overdue };
	v->loads = rows;
	v->loads_n = n;
	return OK;
}

static enum status team(struct ctx *c, const struct request *r, struct response *out)
{
	struct tpl_team_team v = { .leads = ctx_can(c, ROLE_SUPERVISOR) };

	v.head = page_head(c, r, MSG_TEAM_TITLE, MENU_TEAM);
	v.foot = page_foot(c, r);
	TRY(draw_signs(c, r, &v));
	if (v.leads) {
		TRY(draw_overdue(c, r, &v));
		TRY(draw_loads(c, &v));
		TRY(draw_given(c, r, &v));
	}
	render_team_team(&out->body, c->language, &v);
	return OK;
}

static const struct route rows[] = {
	ROUTE0(GET, SITE_STAFF, "/team", team, MAY(EXPLOIT, OP_SIGN)),
};
const struct routes page_team = { rows, sizeof(rows) / sizeof(rows[0]) };
