/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands on top of every page of a file: who, how to reach her without harm, how urgent, and where on the path the file is. */
#include "web/page/casefile.h"

#include "domain/access/access.h"
#include "registry/registry.h"

/* --- the strip ------------------------------------------------------------------------------------------------------------------------- */

static void strip_contact(const struct ctx *c, const struct reach_facts *f, struct tpl_casefile_strip *s)
{
	static const enum message says[] = {
		[PERSON_CALL_YES] = MSG_CASE_CALL_YES,
		[PERSON_CALL_NOT_ASKED] = MSG_CASE_CALL_NOT_ASKED,
		[PERSON_CALL_NO] = MSG_CASE_CALL_NO,
		[PERSON_CALL_OTHER_WAY] = MSG_CASE_CALL_OTHER_WAY,
		[PERSON_CALL_NO_NUMBER] = MSG_CASE_CALL_NO_NUMBER,
	};
	struct person_contact p;

	if (f == NULL) {
		s->no_call = true;
		s->call_rule = page_say(c, MSG_CASE_CALL_UNKNOWN);
		return;
	}
	person_contact(f, &p);
	s->no_call = !p.may_call;
	s->call_rule = page_say(c, says[p.call]);
	if (p.call == PERSON_CALL_OTHER_WAY)
		s->way = page_label(c, "reach_ways", p.way);
	s->phone = p.phone;
	s->details = p.details;
	s->hours = p.hours;
	s->word = p.word;
	s->never = p.never;
	if (p.may_call)
		s->message = page_say(c, p.may_leave_message ? MSG_DESK_SAFE_MESSAGE_YES : MSG_DESK_SAFE_MESSAGE_NO);
}

static struct sv names_of(struct ctx *c, struct sv references)
{
	struct buf b = buf_new(c->arena, 64, 4096);
	struct sv rest = references, word;

	while (rest.n > 0 && sv_cut(&rest, '|', &word)) {
		struct organisation o;
		struct id id;

		if (!id_parse(word, &id) || organisation_load(c, id, &o) != OK)
			continue;
		if (b.n > 0)
			buf_text(&b, " · ");
		buf_sv(&b, o.name);
	}
	return buf_view(&b);
}

const struct tpl_casefile_strip *case_strip(struct ctx *c, const struct request *r, const struct case_head *h,
					    const struct reach_facts *contact)
{
	struct tpl_casefile_strip *s = ARENA_NEW(c->arena, struct tpl_casefile_strip);
	struct tpl_casefile_strip_fact *facts = ARENA_ARRAY(c->arena, struct tpl_casefile_strip_fact, 4);
	struct sv risk = h->facts.risk.n > 0 ? h->facts.risk : SV("unknown");
	const struct sv known[] = { page_label(c, "age_brackets", h->facts.age_bracket),
				    page_label(c, "languages", h->facts.language) };

	*s = (struct tpl_casefile_strip){ .name = h->name,
					  .code = arena_copy(c->arena, sv_of(h->row.code)),
					  .state = sv_of(case_state_label(h->row.state, c->language)),
					  .risk = risk,
					  .risk_label = page_label(c, "risk_levels", risk),
					  .facts = facts,
					  .child = h->child,
					  .locked = h->row.locked,
					  .alert = h->facts.alert,
					  .blocked = names_of(c, h->facts.excluded) };
	for (size_t i = 0; i < 2; i++)
		if (known[i].n > 0)
			facts[s->facts_n++] =
				(struct tpl_casefile_strip_fact){ page_say(c, i == 0 ? MSG_FIELD_AGE_BRACKET : MSG_CASE_LANGUAGE),
								  known[i] };
	if (h->risk_review != 0)
		s->review = (struct sv){ page_time(c, h->risk_review).p, 10 };
	strip_contact(c, contact, s);
	return s;
}

/* --- the path -------------------------------------------------------------------------------------------------------------------------- */

/* Where the file stands between report and follow-up; what was passed is folded to a word and a day. */
/* The name behind the organisation's: all of a file's people are of one. */
static struct sv short_login(struct sv login)
{
	struct sv rest = login, house;

	return sv_cut(&rest, '.', &house) && rest.n > 0 ? rest : login;
}

void case_path_draw(struct ctx *c, const struct case_head *h, const struct case_note *notes, size_t n, struct tpl_casefile_file *v)
{
	static const struct {
		enum case_state state;
		const char *step; /* of the timeline, that says when it was reached */
	} stages[] = {
		{ CASE_OPEN_SCREENING, "opened" }, { CASE_PRESUMED, "presumed" }, { CASE_RECOVERY, NULL },   { CASE_CARE, NULL },
		{ CASE_REINTEGRATION, NULL },      { CASE_FOLLOW_UP, NULL },      { CASE_CLOSED, "closed" },
	};
	const size_t count = sizeof(stages) / sizeof(stages[0]);
	struct tpl_casefile_file_stage *rows = ARENA_ARRAY(c->arena, struct tpl_casefile_file_stage, count);
	size_t at = 0;

	for (size_t i = 0; i < count; i++)
		if (stages[i].state == h->row.state)
			at = i;
	for (size_t i = 0; i < count; i++) {
		rows[i] = (struct tpl_casefile_file_stage){ .label = sv_of(case_state_label(stages[i].state, c->language)),
							    .done = i < at,
							    .now = stages[i].state == h->row.state };
		for (size_t k = 0; stages[i].step != NULL && i <= at && k < n; k++)
			if (sv_is(notes[k].step, stages[i].step)) {
				struct sv by = short_login(notes[k].by);

				rows[i].note = arena_format(c->arena, "%.10s · %.*s", page_time(c, notes[k].at).p, (int)by.n, by.p);
			}
		if (rows[i].note.n == 0 && stages[i].state == CASE_OPEN_SCREENING)
			rows[i].note = (struct sv){ page_time(c, h->opened_at).p, 10 };
	}
	v->path = rows;
	v->path_n = count;
}
