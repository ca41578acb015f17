/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One more message of a report. Who may write REPORT writes there; a case manager, who reads reports and does not write them,
 * leaves notes and reasons for the team (THREAD). A reporter's reply is sealed under a key of its own: its author can never
 * read it again. */
#include "domain/intake/act.h"

static const char *const kinds[] = {
	[MESSAGE_STATEMENT] = "statement", [MESSAGE_REPLY] = "reply", [MESSAGE_ANSWER] = "answer",
	[MESSAGE_NOTE] = "note",           [MESSAGE_EVENT] = "event",
};

struct sv message_kind_code(enum message_kind k)
{
	return sv_of(kinds[k]);
}

enum message_kind message_kind_parse(struct sv code)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (sv_is(code, kinds[i]))
			return (enum message_kind)i;
	return MESSAGE_EVENT;
}

enum audience message_audience(const struct ctx *c)
{
	return may_write(c, REPORT) ? AUDIENCE_DESK : AUDIENCE_TEAM;
}

static struct sv author(struct ctx *c)
{
	return c->who->kind == ACTOR_STAFF ? ids_text(c, &c->who->user, 1) : SV_NONE;
}

static enum status add_for_desk(struct ctx *c, struct id report, const struct said *m)
{
	struct record *r = record_new(c, &message_type, report);

	record_set_text(r, MESSAGE_kind, message_kind_code(m->kind));
	record_set_number(r, MESSAGE_at, c->now);
	record_set_text(r, MESSAGE_author, author(c));
	record_set_text(r, MESSAGE_step, sv_of(m->step));
	record_set_text(r, MESSAGE_closure, m->closure);
	record_set_text(r, MESSAGE_risk, m->risk);
	record_set_text(r, MESSAGE_about, id_is_zero(m->about) ? SV_NONE : ids_text(c, &m->about, 1));
	TRY(record_enter(c, r, MESSAGE_text, m->text));
	return m->kind == MESSAGE_REPLY ? record_save_fresh(c, r) : record_save(c, r);
}

static enum status add_for_team(struct ctx *c, struct id report, const struct said *m)
{
	struct record *r = record_new(c, &message_type, report);

	record_set_text(r, MESSAGE_team_kind, message_kind_code(m->kind));
	record_set_number(r, MESSAGE_team_at, c->now);
	record_set_text(r, MESSAGE_team_author, author(c));
	record_set_text(r, MESSAGE_team_step, sv_of(m->step));
	record_set_text(r, MESSAGE_team_closure, m->closure);
	TRY(record_enter(c, r, MESSAGE_team_text, m->text));
	return record_save(c, r);
}

enum status message_put(struct ctx *c, struct id report, const struct said *m)
{
	if (may_write(c, REPORT) || c->who->kind != ACTOR_STAFF)
		return add_for_desk(c, report, m);
	if (may_write(c, THREAD))
		return add_for_team(c, report, m);
	return ERR(c, E_DENIED, "no class to write a note in");
}
