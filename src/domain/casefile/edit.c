/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is written in a file from day to day: notes, facts part by part, risk. Each form carries the version of the record it showed, so that
 * two people who write different parts do not stand in each other's way. */
#include "domain/casefile/act.h"

/* A file that is closed is read, not written; a person who has it not assigned gets the same answer as for one that is not there. */
static enum status open_row(struct ctx *c, struct id file, struct case_row *row)
{
	struct record *head;

	TRY(case_row_load(c, file, row));
	TRY(head_load(c, file, &head));
	return row->state == CASE_CLOSED ? ERR(c, E_STATE, "the file is closed") : OK;
}

/* --- notes ------------------------------------------------------------------------------------------------------------------ */

/* Once more somebody made her tell it: counted, so that nobody asks again without need. */
static enum status count_story(struct ctx *c, struct id file)
{
	struct record *head;
	int64_t told;

	TRY(head_load(c, file, &head));
	told = record_number(head, CASEFILE_told);
	record_set_number(head, CASEFILE_told, told < 1000 ? told + 1 : told);
	return record_save(c, head);
}

static enum status note_in(struct ctx *c, const void *arg)
{
	const struct case_note_new *in = arg;
	const struct note_facts facts = { .note_kind = in->note_kind, .note = in->note, .told_story = in->told_story };
	struct case_row row;
	bool told = sv_is(in->told_story, "yes") && case_writes(c, ASSIST);
	bool by_hand = in->task.n > 0 && task_by_hand(in->task);

	TRY(open_row(c, in->act.file, &row));
	if (sv_is(in->note_kind, "event"))
		return ctx_input(c, "note_kind", "error.code", 0);
	if (sv_trim(in->note).n == 0)
		(void)!ctx_input(c, "note", "error.required", 0);
	TRY(sheet_put(c, &casenote_type, row.id, ID_ZERO, 0, &facts));
	if (c->input_count > 0)
		return E_INPUT;
	if (told)
		TRY(count_story(c, row.id));
	if (by_hand)
		TRY(task_done(c, row.id, arena_text(c->arena, in->task)));
	if (sv_is(in->note_kind, "contact") || sv_is(in->note_kind, "visit"))
		TRY(task_done(c, row.id, "first_contact"));
	return case_touch(c, row.id);
}

enum status case_note_add(struct ctx *c, const struct case_note_new *in)
{
	return once_do(c, "case.note", note_in, in, in->act.key);
}

/* --- the head --------------------------------------------------------------------------------------------------------------- */

static enum status edit_in(struct ctx *c, const void *arg)
{
	const struct case_edit *in = arg;
	struct case_row row;
	struct record *head;

	TRY(open_row(c, in->act.file, &row));
	TRY(head_load(c, row.id, &head));
	TRY(record_same_version(c, head, in->act.version));
	TRY(sheet_enter(c, head, UINT32_C(1) << in->class, &in->facts));
	if (head->changed == 0)
		return OK; /* nothing is sealed, so nothing was decided */
	TRY(record_save(c, head));
	return case_touch(c, row.id);
}

enum status case_edit(struct ctx *c, const struct case_edit *in)
{
	return once_do(c, "case.edit", edit_in, in, in->act.key);
}

/* --- the person ------------------------------------------------------------------------------------------------------------- */

/* The bracket follows a birth date: it is what lists and figures use, and tells less. A date makes no adult of somebody whose bracket says
 * child, for a slip there would end what protects her: who means it changes the bracket first. */
static enum status bracket_follow(struct ctx *c, struct id file, struct sv birth_date)
{
	struct sv bracket = age_bracket_of(birth_date, c->now), known;
	struct record *head;

	if (bracket.n == 0)
		return OK;
	TRY(head_load(c, file, &head));
	known = record_text(head, CASEFILE_age_bracket);
	if (!sv_is(known, "unknown") && age_is_child(known, SV_NONE) && !age_is_child(bracket, SV_NONE))
		return ctx_input(c, "birth_date", "error.child_grown", 0);
	record_set_text(head, CASEFILE_age_bracket, bracket);
	return record_save(c, head);
}

static enum status canonical_date(struct ctx *c, struct sv typed, struct sv *out)
{
	const struct field f = { .name = "birth_date", .type = FIELD_PARTIAL_DATE };
	struct field_value v;

	*out = SV_NONE;
	if (sv_trim(typed).n == 0)
		return OK;
	TRY(field_parse(c, &f, typed, &v));
	*out = v.text;
	return OK;
}

static enum status person_in(struct ctx *c, const void *arg)
{
	const struct case_person_edit *in = arg;
	struct case_row row;
	struct sv born;

	TRY(open_row(c, in->act.file, &row));
	TRY(person_put(c, row.id, in->act.version, &in->facts));
	TRY(canonical_date(c, in->facts.birth_date, &born));
	TRY(bracket_follow(c, row.id, born));
	return case_touch(c, row.id);
}

enum status case_person_edit(struct ctx *c, const struct case_person_edit *in)
{
	return once_do(c, "case.person", person_in, in, in->act.key);
}

static enum status reach_in(struct ctx *c, const void *arg)
{
	const struct case_reach_edit *in = arg;
	struct case_row row;

	TRY(open_row(c, in->act.file, &row));
	TRY(reach_put(c, row.id, in->act.version, &in->facts));
	return case_touch(c, row.id);
}

enum status case_reach_edit(struct ctx *c, const struct case_reach_edit *in)
{
	return once_do(c, "case.reach", reach_in, in, in->act.key);
}

static enum status exploitation_in(struct ctx *c, const void *arg)
{
	const struct case_exploitation_edit *in = arg;
	struct case_row row;

	TRY(open_row(c, in->act.file, &row));
	if (sheet_empty(&exploitation_type, 0, &in->facts))
		return ctx_input(c, "narrative", "error.required", 0);
	TRY(exploitation_put(c, row.id, in->row, in->act.version, &in->facts));
	return case_touch(c, row.id);
}

enum status case_exploitation_edit(struct ctx *c, const struct case_exploitation_edit *in)
{
	return once_do(c, "case.exploitation", exploitation_in, in, in->act.key);
}

/* --- risk ------------------------------------------------------------------------------------------------------------------- */

/* How soon a risk is looked at again: the row of its level in deadlines.csv, else the general one. */
static const char *review_of(struct ctx *c, struct sv risk)
{
	const char *own = arena_format(c->arena, "risk_review_%.*s", (int)(risk.n < 20 ? risk.n : 20), risk.p).p;

	return code_find(codes_of("deadlines"), sv_of(own)) != NULL ? own : "risk_review";
}

static enum status risk_in(struct ctx *c, const void *arg)
{
	const struct case_risk *in = arg;
	struct case_row row;
	struct record *head;
	enum status review, risk;
	int64_t at;

	TRY(case_act_begin(c, &in->act, &row, &head));
	if (row.state == CASE_CLOSED)
		return ERR(c, E_STATE, "the file is closed");
	risk = in->risk.n == 0 ? ctx_input(c, "risk", "error.required", 0) : record_enter(c, head, CASEFILE_risk, in->risk);
	review = review_read(c, in->review_at, review_of(c, in->risk), &at);
	TRY(risk);
	TRY(review);
	record_set_number(head, CASEFILE_risk_review, at);
	TRY(record_save(c, head));
	TRY(task_add(c, &(struct task_new){ .type = "risk_review", .dossier = row.id, .assignee = row.assignee, .due = at }));
	TRY(case_event(c, row.id, "risk_set", record_text(head, CASEFILE_risk), in->why));
	return case_row_save(c, &row);
}

enum status case_risk(struct ctx *c, const struct case_risk *in)
{
	return once_do(c, "case.risk", risk_in, in, in->act.key);
}
