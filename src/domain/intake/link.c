/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A report becomes part of a person's file. What was not decided before is decided on the way: a report in triage is assigned to who gets
 * the file, so that she can read where it came from. The report says the file's number and nothing of what is in it. */
#include "domain/intake/act.h"

/* From the first look to the link in the steps transitions.csv allows. */
static enum status walk(struct ctx *c, struct report_row *row)
{
	static const enum report_state next[STATE_COUNT] = {
		[STATE_NEW] = STATE_TRIAGE,
		[STATE_TRIAGE] = STATE_ASSIGNED,
		[STATE_WAITING] = STATE_ASSIGNED,
		[STATE_ASSIGNED] = STATE_LINKED,
	};

	while (row->state != STATE_LINKED) {
		if (next[row->state] == STATE_NONE)
			return ERR(c, E_STATE, "not possible in the report's state");
		TRY(act_state(c, row, next[row->state]));
	}
	return OK;
}

bool report_may_link(const struct ctx *c, const struct report_head *h)
{
	enum report_state at = h->state;
	uint32_t roles = c->who->roles;

	if (h->stripped_at != 0)
		return false;
	if (at == STATE_NEW)
		return state_may(STATE_NEW, STATE_TRIAGE, roles) && state_may(STATE_TRIAGE, STATE_ASSIGNED, roles) &&
		       state_may(STATE_ASSIGNED, STATE_LINKED, roles);
	if (at == STATE_TRIAGE || at == STATE_WAITING)
		return state_may(at, STATE_ASSIGNED, roles) && state_may(STATE_ASSIGNED, STATE_LINKED, roles);
	return (at == STATE_ASSIGNED || at == STATE_LINKED) && state_may(STATE_ASSIGNED, STATE_LINKED, roles);
}

/* Only the desk steers a report: a case manager who has it keeps it. */
static enum status hand_over(struct ctx *c, struct report_row *row, struct id assignee, bool again)
{
	if (!may_write(c, REPORT))
		return OK;
	if (!id_equal(row->assignee, assignee))
		TRY(act_right(c, RIGHT_ASSIGN, row->id, assignee, 0));
	if (!again)
		row->assignee = assignee;
	return act_right(c, RIGHT_STAGE, row->id, ID_ZERO, STAGE_ENDED);
}

enum status report_link(struct ctx *c, const struct report_act *act, struct id assignee, struct sv code)
{
	struct report_row row;
	bool again;

	TRY(act_load(c, act, &row));
	again = row.state == STATE_LINKED; /* one report, several people */
	if (again && !state_may(STATE_ASSIGNED, STATE_LINKED, c->who->roles))
		return ERR(c, E_DENIED, "another role decides this");
	TRY(walk(c, &row));
	TRY(hand_over(c, &row, assignee, again));
	row.urgent = false;
	row.ring_at = row.due_hour = 0;
	row.open = false;
	TRY(message_put(c, row.id, &(struct said){ .kind = MESSAGE_EVENT, .step = "linked", .text = code }));
	return row_save(c, &row);
}
