/* SPDX-License-Identifier: GPL-3.0-or-later */
/* First look: how urgent a report is, who has it, what is known of it, who works on it. Each act is one set: the row with its
 * new state, the keeper's rights, the head where it changes. */
#include "domain/intake/act.h"

/* --- triage ----------------------------------------------------------------------------------------------------------------- */

static void ring_or_not(const struct ctx *c, struct report_row *row, bool danger)
{
	bool mine = id_equal(row->assignee, c->who->user);

	if (!danger || mine) {
		row->urgent = false;
		row->ring_at = 0;
	} else if (!row->urgent) {
		row->urgent = true;
		row->ring_at = clock_ring(c->now);
	}
}

static enum status triage_in(struct ctx *c, const void *arg)
{
	const struct report_triage *in = arg;
	bool danger = in->danger_now || sv_is(in->risk, "immediate");
	struct report_row row;
	struct record *head;

	if (!may_write(c, REPORT))
		return ERR(c, E_DENIED, "this role weighs no danger");
	TRY(act_begin(c, &in->act, &row, &head));
	if (row.state == STATE_NEW)
		TRY(act_state(c, &row, STATE_TRIAGE));
	else if (state_ended(row.state))
		return ERR(c, E_STATE, "the report has ended");
	if (in->risk.n == 0 && !danger)
		return ctx_input(c, "risk", "error.required", 0);
	TRY(record_enter(c, head, REPORT_risk, danger ? SV("immediate") : in->risk));
	record_set_text(head, REPORT_danger_now, danger ? SV("yes") : SV("no"));
	ring_or_not(c, &row, danger);
	if (row.state == STATE_TRIAGE)
		row.due_hour = clock_by_risk(c->now, record_text(head, REPORT_risk), head_child(head));
	TRY(record_save(c, head));
	TRY(message_put(c, row.id, /* also when the risk stays: the keeper must have been asked */
			&(struct said){ .kind = MESSAGE_EVENT, .step = "triaged", .risk = record_text(head, REPORT_risk) }));
	return row_save(c, &row);
}

enum status report_triage(struct ctx *c, const struct report_triage *in)
{
	return once_do(c, "report.triage", triage_in, in, in->act.key);
}

/* --- "I have it" ------------------------------------------------------------------------------------------------------------ */

static bool risk_known(const struct record *head)
{
	struct sv risk = record_text(head, REPORT_risk);

	return risk.n > 0 && !sv_is(risk, "unknown");
}

static enum status take_in(struct ctx *c, const void *arg)
{
	const struct report_act *in = arg;
	struct report_row row;
	struct record *head;

	TRY(row_load(c, in->report, &row));
	if (!may_write(c, REPORT))
		return ERR(c, E_DENIED, "this role takes no reports");
	TRY(record_load(c, &report_type, in->report, &head));
	if (row.state != STATE_NEW && row.state != STATE_TRIAGE)
		return ERR(c, E_STATE, "the report is past the queue");
	if (!id_is_zero(row.assignee) && !id_equal(row.assignee, c->who->user) && !row.urgent)
		return ERR(c, E_STATE, "somebody has it already");
	if (row.state == STATE_NEW && risk_known(head))
		TRY(act_state(c, &row, STATE_TRIAGE));
	row.assignee = c->who->user;
	row.urgent = false;
	row.ring_at = 0;
	row.due_hour = clock_taken(row.due_hour);
	TRY(act_right(c, RIGHT_TAKE, row.id, c->who->user, 0));
	return row_save(c, &row);
}

enum status report_take(struct ctx *c, const struct report_act *in)
{
	return once_do(c, "report.take", take_in, in, in->key);
}

/* --- facts ------------------------------------------------------------------------------------------------------------------ */

static enum status edit_in(struct ctx *c, const void *arg)
{
	const struct report_edit *in = arg;
	struct report_row row;
	struct record *head;
	enum status facts, subject;

	if (!may_write(c, REPORT))
		return ERR(c, E_DENIED, "this role writes no facts");
	TRY(act_begin(c, &in->act, &row, &head));
	if (state_ended(row.state))
		return ERR(c, E_STATE, "the report has ended");
	facts = facts_enter(c, head, &in->facts);
	subject = record_enter(c, head, REPORT_subject, in->subject);
	TRY(facts);
	TRY(subject);
	if (head->changed == 0)
		return OK; /* nothing is sealed, so nothing was decided and the row stays */
	TRY(record_save(c, head));
	return row_save(c, &row);
}

enum status report_edit(struct ctx *c, const struct report_edit *in)
{
	return once_do(c, "report.edit", edit_in, in, in->act.key);
}

/* --- assign ----------------------------------------------------------------------------------------------------------------- */

/* Can this member carry an assigned report on to its end? Nobody is offered who would be stuck with it. */
static bool can_work(const struct member *m)
{
	return m->active && m->certified && state_may(STATE_ASSIGNED, STATE_CLOSED, m->roles);
}

static uint32_t load_of(const struct rows *loads, struct id user)
{
	for (size_t i = 0; i < loads->n; i++)
		if (id_equal(row_id(loads, i, 0), user))
			return (uint32_t)row_int(loads, i, 1);
	return 0;
}

static void sort_by_load(struct assign_choice *a, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		struct assign_choice x = a[i];
		size_t k = i;

		for (; k > 0 && (a[k - 1].load > x.load || (a[k - 1].load == x.load && sv_compare(a[k - 1].login, x.login) > 0));
		     k--)
			a[k] = a[k - 1];
		a[k] = x;
	}
}

enum status report_assign_choices(struct ctx *c, struct assign_choice **out, size_t *n)
{
	struct value args[] = { v_id(&c->who->organisation) };
	struct member *members;
	struct rows loads;
	size_t count;

	TRY(keeper_members(c, c->who->organisation, &members, &count));
	TRY(db_query(c, QUERY_INTAKE_LOADS, args, 1, 0, &loads));
	*out = ARENA_ARRAY(c->arena, struct assign_choice, count);
	*n = 0;
	for (size_t i = 0; i < count; i++)
		if (can_work(&members[i]))
			(*out)[(*n)++] = (struct assign_choice){
				.user = members[i].user,
				.login = arena_copy(c->arena, sv_of(members[i].login)),
				.roles = members[i].roles,
				.load = load_of(&loads, members[i].user),
				.self = id_equal(members[i].user, c->who->user),
			};
	sort_by_load(*out, *n);
	return OK;
}

static enum status assign_in(struct ctx *c, const void *arg)
{
	const struct report_assign *in = arg;
	struct report_row row;
	bool again;

	TRY(act_begin(c, &in->act, &row, NULL));
	again = row.state == STATE_ASSIGNED;
	if (again && !ctx_can(c, ROLE_DESK))
		return ERR(c, E_DENIED, "the desk assigns");
	if (row.state == STATE_WAITING)
		return ERR(c, E_STATE, "a waiting report is resumed first");
	if (!again)
		TRY(act_state(c, &row, STATE_ASSIGNED));
	if (again)
		TRY(act_right(c, RIGHT_UNASSIGN, row.id, row.assignee, 0));
	TRY(act_right(c, RIGHT_ASSIGN, row.id, in->user, 0)); /* and its stage */
	row.assignee = in->user;
	row.urgent = false;
	row.ring_at = row.due_hour = 0;
	TRY(message_put(c, row.id, &(struct said){ .kind = MESSAGE_EVENT, .step = "assigned", .about = in->user }));
	return row_save(c, &row);
}

enum status report_assign(struct ctx *c, const struct report_assign *in)
{
	struct assign_choice *choices;
	bool known = false;
	size_t n;

	TRY(report_assign_choices(c, &choices, &n));
	for (size_t i = 0; i < n; i++)
		known = known || id_equal(choices[i].user, in->user);
	if (!known)
		return ctx_input(c, "user", "error.code", 0);
	return once_do(c, "report.assign", assign_in, in, in->act.key);
}
