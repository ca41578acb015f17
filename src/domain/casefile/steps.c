/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Steps of a file that are not the screening's: on hold and taken up again, to somebody else, closed by two people, locked. */
#include "domain/casefile/act.h"

#include "base/clock.h"
#include "base/text.h"

#define REASON_MAX 2000

/* --- on hold ---------------------------------------------------------------------------------------------------------------- */

static enum status suspend_in(struct ctx *c, const void *arg)
{
	const struct case_suspend *in = arg;
	struct case_row row;
	struct record *head;
	struct sv from;
	enum status why, review;
	int64_t at;

	TRY(case_act_begin(c, &in->act, &row, &head));
	from = case_state_code(row.state);
	TRY(case_state_set(c, &row, CASE_SUSPENDED));
	why = text_given(c, "why", in->why, REASON_MAX);
	review = sv_trim(in->review_at).n == 0 ? ctx_input(c, "review_at", "error.required", 0)
					       : review_read(c, in->review_at, "risk_review", &at);
	TRY(why);
	TRY(review);
	row.due_hour = round_up(at, HOUR_MS);
	record_set_text(head, CASEFILE_suspended_from, from);
	record_set_number(head, CASEFILE_review_at, at);
	TRY(record_save(c, head));
	TRY(task_add(c, &(struct task_new){ .type = "contact_review", .dossier = row.id, .assignee = row.assignee, .due = at }));
	TRY(case_event(c, row.id, "suspended", SV_NONE, in->why));
	return case_row_save(c, &row);
}

enum status case_suspend(struct ctx *c, const struct case_suspend *in)
{
	return once_do(c, "case.suspend", suspend_in, in, in->act.key);
}

/* Before a presumption it goes back to screening; after it, to care: what the table allows. */
static enum status resume_in(struct ctx *c, const void *arg)
{
	const struct case_act *in = arg;
	struct case_row row;
	struct record *head;
	bool before;

	TRY(case_act_begin(c, in, &row, &head));
	before = sv_is(record_text(head, CASEFILE_suspended_from), "open_screening");
	TRY(case_state_set(c, &row, before ? CASE_OPEN_SCREENING : CASE_CARE));
	record_set_text(head, CASEFILE_suspended_from, SV_NONE);
	record_set_text(head, CASEFILE_review_at, SV_NONE);
	TRY(record_save(c, head));
	TRY(task_done(c, row.id, "contact_review"));
	TRY(case_event(c, row.id, "resumed", SV_NONE, SV_NONE));
	return case_row_save(c, &row);
}

enum status case_resume(struct ctx *c, const struct case_act *in)
{
	return once_do(c, "case.resume", resume_in, in, in->key);
}

/* --- to somebody else ------------------------------------------------------------------------------------------------------- */

static enum status assign_in(struct ctx *c, const void *arg)
{
	const struct case_assign *in = arg;
	struct case_row row;
	struct record *head;

	TRY(case_act_begin(c, &in->act, &row, &head));
	if (!ctx_can(c, ROLE_SUPERVISOR))
		return ERR(c, E_DENIED, "the supervisor decides who has a file");
	if (row.state == CASE_CLOSED || id_equal(row.assignee, in->user))
		return ERR(c, E_STATE, "not possible now");
	TRY(change_right(c, (struct right_change){ .what = RIGHT_ASSIGN, .dossier = row.id, .user = in->user }));
	TRY(change_right(c, (struct right_change){ .what = RIGHT_UNASSIGN, .dossier = row.id, .user = row.assignee }));
	row.assignee = in->user;
	TRY(task_pass_on(c, row.id, in->user));
	TRY(case_event(c, row.id, "assigned", member_login(c, in->user), SV_NONE));
	return case_row_save(c, &row);
}

enum status case_assign(struct ctx *c, const struct case_assign *in)
{
	struct assign_choice *choices;
	size_t n;

	TRY(case_assign_choices(c, &choices, &n));
	for (size_t i = 0; i < n; i++)
		if (id_equal(choices[i].user, in->user))
			return once_do(c, "case.assign", assign_in, in, in->act.key);
	return ctx_input(c, "user", "error.code", 0);
}

/* --- closing, by two people --------------------------------------------------------------------------------------------------- */

/* A reason of closure_reasons.csv that closes files, from this state. */
static enum status closure_check(struct ctx *c, struct sv closure, enum case_state from)
{
	const struct code_list *l = codes_of("closure_reasons");
	const struct code *code = l == NULL ? NULL : code_find(l, closure);
	const char *states = code == NULL ? NULL : code_extra(l, code, "from_states");
	struct sv rest = states == NULL ? SV_NONE : sv_of(states), word;

	while (rest.n > 0 && sv_cut(&rest, '|', &word))
		if (sv_equal(word, case_state_code(from)))
			return OK;
	return ctx_input(c, "closure", closure.n == 0 ? "error.required" : "error.code", 0);
}

static enum status close_ask_in(struct ctx *c, const void *arg)
{
	const struct case_close *in = arg;
	struct case_row row;
	struct record *head, *r;
	enum status closure, why;

	TRY(case_act_begin(c, &in->act, &row, &head));
	if (record_has(head, CASEFILE_closure) || !case_may_two(row.state, CASE_CLOSED, c->who->roles))
		return ERR(c, E_STATE, "closing cannot be asked now");
	closure = closure_check(c, in->closure, row.state);
	why = text_given(c, "why", in->why, REASON_MAX);
	TRY(closure);
	TRY(why);
	r = record_new(c, &closing_type, row.id);
	record_set_text(r, CLOSING_closure, in->closure);
	record_set_text(r, CLOSING_closure_why, in->why);
	TRY(second_wanted(c, r, DECISION_CLOSING, task_due("sign_closing", c->now), row.assignee));
	record_set_text(head, CASEFILE_closure, in->closure);
	record_set_text(head, CASEFILE_closing, hex(c->arena, id_view(&r->id)));
	TRY(record_save(c, head));
	TRY(case_event(c, row.id, "close_asked", in->closure, in->why));
	return case_row_save(c, &row);
}

enum status case_close_ask(struct ctx *c, const struct case_close *in)
{
	return once_do(c, "case.close_ask", close_ask_in, in, in->act.key);
}

/* What was asked: the closing the head names. */
static enum status asked(struct ctx *c, const struct case_act *act, struct case_row *row, struct record **head, struct id *closing)
{
	TRY(case_act_begin(c, act, row, head));
	if (row->state == CASE_CLOSED || !id_parse(record_text(*head, CASEFILE_closing), closing))
		return ERR(c, E_STATE, "nobody asked to close the file");
	return OK;
}

/* She thought again, or the supervisor sent it back. */
static enum status close_drop_in(struct ctx *c, const void *arg)
{
	const struct case_act *in = arg;
	struct case_row row;
	struct record *head;
	struct id closing;

	TRY(asked(c, in, &row, &head, &closing));
	record_set_text(head, CASEFILE_closure, SV_NONE);
	record_set_text(head, CASEFILE_closing, SV_NONE);
	TRY(record_save(c, head));
	TRY(second_dropped(c, closing));
	TRY(task_done(c, row.id, "sign_closing"));
	TRY(task_done(c, row.id, "closing_back"));
	TRY(case_event(c, row.id, "close_dropped", SV_NONE, SV_NONE));
	return case_row_save(c, &row);
}

enum status case_close_drop(struct ctx *c, const struct case_act *in)
{
	return once_do(c, "case.close_drop", close_drop_in, in, in->key);
}

static enum status close_sign_in(struct ctx *c, const void *arg)
{
	const struct second_said agreed = { .verdict = SV("agree") };
	struct case_row row;
	struct record *head;
	struct id closing;

	TRY(asked(c, arg, &row, &head, &closing));
	return second_say(c, &row, closing, NULL, &agreed);
}

enum status case_close_sign(struct ctx *c, const struct case_act *in)
{
	return once_do(c, "case.close_sign", close_sign_in, in, in->key);
}

/* The case manager then asks anew, or lets it be. */
static enum status close_back_in(struct ctx *c, const void *arg)
{
	const struct case_close *in = arg;
	const struct second_said back = { SV("back"), in->why };
	struct case_row row;
	struct record *head;
	struct id closing;

	TRY(asked(c, &in->act, &row, &head, &closing));
	TRY(text_given(c, "why", in->why, REASON_MAX));
	return second_say(c, &row, closing, NULL, &back);
}

enum status case_close_back(struct ctx *c, const struct case_close *in)
{
	return once_do(c, "case.close_back", close_back_in, in, in->act.key);
}

/* --- locked ----------------------------------------------------------------------------------------------------------------- */

static enum status lock_in(struct ctx *c, const void *arg)
{
	const struct case_act *in = arg;
	struct case_row row;
	struct record *head;

	TRY(case_act_begin(c, in, &row, &head));
	if (row.locked)
		return ERR(c, E_STATE, "the file is locked already");
	TRY(change_right(c, (struct right_change){ .what = RIGHT_LOCK, .dossier = row.id, .user = c->who->user }));
	if (!id_equal(row.assignee, c->who->user))
		TRY(change_right(c, (struct right_change){ .what = RIGHT_LOCK, .dossier = row.id, .user = row.assignee }));
	row.locked = true;
	TRY(case_event(c, row.id, "locked", SV_NONE, SV_NONE));
	return case_row_save(c, &row);
}

enum status case_lock(struct ctx *c, const struct case_act *in)
{
	return once_do(c, "case.lock", lock_in, in, in->key);
}
