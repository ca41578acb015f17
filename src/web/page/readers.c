/* SPDX-License-Identifier: GPL-3.0-or-later */
/* U5 "Why can X see this": who opens which part of a file or a report now, by name, role and organisation, and by what. The answer is the
 * keeper's, made by the decision that also opens; here it is put into words. Each line "read by" of a box leads here. */
#include "domain/casefile/casefile.h"

#include <string.h>

#include "domain/access/access.h"
#include "keeper/client.h"
#include "policy/policy.h"
#include "web/page/outside.h"

struct part {
	enum class class;
	enum message heading;
};
static const struct part of_file[] = {
	{ ALERT, MSG_READERS_ALERT },   { CONTACT, MSG_READERS_CONTACT }, { IDENT, MSG_READERS_IDENT },
	{ ASSIST, MSG_READERS_ASSIST }, { EXPLOIT, MSG_READERS_EXPLOIT }, { CONSENT, MSG_READERS_CONSENT },
	{ THREAD, MSG_READERS_THREAD },
};
static const struct part of_report[] = {
	{ REPORT, MSG_READERS_REPORT },
	{ DIALOG, MSG_READERS_DIALOG },
	{ EXPLOIT, MSG_READERS_EXPLOIT },
};
static const struct {
	enum opener_why why;
	enum message words;
} reasons[] = {
	{ WHY_TEAM, MSG_READERS_WHY_TEAM }, { WHY_ASSIGNED, MSG_READERS_WHY_ASSIGNED }, { WHY_LENT, MSG_READERS_WHY_LENT },
	{ WHY_DESK, MSG_READERS_WHY_DESK }, { WHY_QUEUE, MSG_READERS_WHY_QUEUE },       { WHY_TODAY, MSG_READERS_WHY_TODAY },
	{ WHY_CODE, MSG_READERS_WHY_CODE }, { WHY_NAMED, MSG_READERS_WHY_NAMED },
};
#define REASONS (sizeof(reasons) / sizeof(reasons[0]))

struct sv readers_path(const struct ctx *c, const struct request *r, enum readers_of what, struct id dossier, enum class class)
{
	return page_path(c, r, what == READERS_FILE ? "/file/%s/readers#c%u" : "/reports/%s/readers#c%u", page_id(c, dossier).p,
			 (unsigned)class);
}

static enum message may_of(const struct opener *o)
{
	if (o->writes)
		return o->signs ? MSG_READERS_MAY_ALL : MSG_READERS_MAY_WRITE;
	return o->signs ? MSG_READERS_MAY_SIGN : MSG_READERS_MAY_READ;
}

static void draw_reasons(const struct ctx *c, const struct opener *o, struct tpl_readers_readers_row *row)
{
	struct tpl_readers_readers_reason *list = ARENA_ARRAY(c->arena, struct tpl_readers_readers_reason, REASONS + 2);
	struct sv until = page_time(c, o->until);

	for (size_t i = 0; i < REASONS; i++)
		if ((o->why & reasons[i].why) != 0)
			list[row->reasons_n++].words = page_fill(c, reasons[i].words, &until, 1);
	if (row->reasons_n == 0)
		list[row->reasons_n++].words = page_say(c, MSG_READERS_WHY_ROLE);
	if (!o->keys)
		list[row->reasons_n++].words = page_say(c, MSG_READERS_KEYS);
	row->reasons = list;
}

static struct tpl_readers_readers_row row_of(struct ctx *c, const struct real_names *names, const struct opener *o)
{
	struct tpl_readers_readers_row row = { .may = may_of(o) };
	struct organisation house;

	draw_reasons(c, o, &row);
	if (id_is_zero(o->user)) {
		row.who = page_say(c, MSG_READERS_CODE);
		return row;
	}
	row.who = arena_copy(c->arena, sv_of(o->login));
	row.name = real_name_of(names, o->user);
	row.mine = id_equal(o->user, c->who->user);
	row.roles = roles_label(c, o->roles);
	if (organisation_load(c, o->organisation, &house) == OK)
		row.house = house.name;
	return row;
}

static void sort_openers(struct openers *all)
{
	for (size_t i = 1; i < all->n; i++) {
		struct opener one = all->items[i];
		size_t at = i;

		for (; at > 0 && strcmp(all->items[at - 1].login, one.login) > 0; at--)
			all->items[at] = all->items[at - 1];
		all->items[at] = one;
	}
}

static void draw_part(struct ctx *c, const struct openers *all, const struct real_names *names, const struct part *p,
		      struct tpl_readers_readers_part *to)
{
	struct tpl_readers_readers_row *rows = ARENA_ARRAY(c->arena, struct tpl_readers_readers_row, all->n + 1);

	*to = (struct tpl_readers_readers_part){ .anchor = arena_format(c->arena, "c%u", (unsigned)p->class),
						 .heading = p->heading,
						 .rows = rows };
	for (size_t i = 0; i < all->n; i++)
		if (all->items[i].class == p->class)
			rows[to->rows_n++] = row_of(c, names, &all->items[i]);
}

/* Of a file or a report that is none of the actor's, as of one that never was. */
static enum status openers_of(struct ctx *c, struct id dossier, struct openers *all)
{
	enum status s = keeper_openers(c, dossier, all);

	if (s == E_DENIED)
		return ERR(c, E_NOTFOUND, "no such dossier for this actor");
	TRY(s);
	sort_openers(all);
	return OK;
}

static void draw(struct ctx *c, const struct request *r, const struct openers *all, const struct part *parts, size_t n,
		 struct tpl_readers_readers *v, struct response *out)
{
	struct tpl_readers_readers_part *list = ARENA_ARRAY(c->arena, struct tpl_readers_readers_part, n);
	struct real_names names;

	real_names_load(c, &names);
	for (size_t i = 0; i < n; i++)
		if ((all->classes >> parts[i].class & 1) != 0)
			draw_part(c, all, &names, &parts[i], &list[v->parts_n++]);
	v->parts = list;
	v->locked = all->locked;
	v->cut = all->cut;
	v->foot = page_foot(c, r);
	render_readers_readers(&out->body, c->language, v);
}

static enum status file_readers(struct ctx *c, const struct request *r, struct response *out)
{
	struct tpl_readers_readers v = { .back = page_path(c, r, "/file/%s", page_id(c, r->path_id).p) };
	struct openers all;
	struct case_head h;

	TRY(openers_of(c, r->path_id, &all));
	TRY(case_load(c, r->path_id, &h));
	v.mark = h.name;
	v.back_to = page_fill(c, MSG_CASE_BACK_TO, &v.mark, 1);
	v.head = page_head(c, r, MSG_READERS_TITLE, MENU_FILES);
	draw(c, r, &all, of_file, sizeof(of_file) / sizeof(of_file[0]), &v, out);
	return OK;
}

static enum status report_readers(struct ctx *c, const struct request *r, struct response *out)
{
	struct tpl_readers_readers v = { .back = page_path(c, r, "/reports/%s", page_id(c, r->path_id).p) };
	struct openers all;

	TRY(openers_of(c, r->path_id, &all));
	v.mark = page_mark(c, r->path_id);
	v.back_to = page_fill(c, MSG_DESK_REPORT_TITLE, &v.mark, 1);
	v.head = page_head(c, r, MSG_READERS_TITLE, MENU_QUEUE);
	draw(c, r, &all, of_report, sizeof(of_report) / sizeof(of_report[0]), &v, out);
	return OK;
}

static const struct route rows[] = {
	ROUTE0(GET, SITE_STAFF, "/file/{id}/readers", file_readers, MAY(ASSIST, OP_READ)),
	ROUTE0(GET, SITE_STAFF, "/reports/{id}/readers", report_readers, MAY(REPORT, OP_READ)),
};
extern const struct routes page_readers;
const struct routes page_readers = { rows, sizeof(rows) / sizeof(rows[0]) };
