/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every act on a report has in common: the clear row with its version, the change of state, the form's key. */
#include "domain/intake/act.h"

#include "policy/policy.h"

#include <string.h>

/* --- the row ---------------------------------------------------------------------------------------------------------------- */

/* Columns of queries that give rows of report, in this order. */
enum {
	COL_ID,
	COL_ORGANISATION,
	COL_FALLBACK,
	COL_STATE,
	COL_OPEN,
	COL_MESSAGES,
	COL_URGENT,
	COL_DUE,
	COL_RING,
	COL_ASSIGNEE,
	COL_LOCKED,
	COL_VERSION
};

void row_read(const struct rows *rows, size_t i, struct report_row *out)
{
	out->id = row_id(rows, i, COL_ID);
	out->organisation = row_id(rows, i, COL_ORGANISATION);
	out->fallback = row_id(rows, i, COL_FALLBACK);
	out->assignee = row_id(rows, i, COL_ASSIGNEE);
	out->state = state_parse(row_text(rows, i, COL_STATE));
	out->open = row_int(rows, i, COL_OPEN) != 0;
	out->urgent = row_int(rows, i, COL_URGENT) != 0;
	out->locked = row_int(rows, i, COL_LOCKED) != 0;
	out->due_hour = row_int(rows, i, COL_DUE);
	out->ring_at = row_int(rows, i, COL_RING);
	out->messages = (uint32_t)row_int(rows, i, COL_MESSAGES);
	out->version = (uint64_t)row_int(rows, i, COL_VERSION);
}

enum status row_load(struct ctx *c, struct id id, struct report_row *out)
{
	struct value args[] = { v_id(&id) };
	struct rows rows;

	TRY(db_query(c, QUERY_INTAKE_REPORT, args, 1, 1, &rows));
	if (rows.n == 0)
		return ERR(c, E_NOTFOUND, "no such report");
	row_read(&rows, 0, out);
	return OK;
}

static struct value time_or_null(int64_t ms)
{
	return ms == 0 ? v_null() : v_int(ms);
}

enum status row_save(struct ctx *c, const struct report_row *r)
{
	struct value args[] = {
		v_id(&r->id),
		v_int((int64_t)r->version),
		v_id(&r->organisation),
		v_id(&r->fallback),
		v_text(state_code(r->state)),
		v_int(r->open),
		v_int(r->messages),
		r->urgent ? v_int(1) : v_null(),
		time_or_null(r->due_hour),
		time_or_null(r->ring_at),
		v_id(&r->assignee),
		v_int(r->locked),
	};

	return change_write(c, QUERY_INTAKE_REPORT_SET, args, sizeof(args) / sizeof(args[0]), 1, E_BUSY);
}

/* --- deciding --------------------------------------------------------------------------------------------------------------- */

enum status act_load(struct ctx *c, const struct report_act *act, struct report_row *row)
{
	TRY(row_load(c, act->report, row));
	if (row->version != act->version)
		return ERR(c, E_STALE, "the report changed since it was shown");
	return OK;
}

enum status act_state(struct ctx *c, struct report_row *row, enum report_state to)
{
	if (!state_may(row->state, to, c->who->roles)) {
		if (state_possible(row->state, to))
			return ERR(c, E_DENIED, "another role decides this");
		return ERR(c, E_STATE, "not possible in the report's state");
	}
	row->state = to;
	row->open = !state_ended(to);
	return OK;
}

enum status act_right(struct ctx *c, enum right_kind what, struct id dossier, struct id user, uint32_t amount)
{
	return change_right(c, (struct right_change){ .what = what, .dossier = dossier, .user = user, .amount = amount });
}

enum status act_event(struct ctx *c, struct id report, const char *step, struct sv text)
{
	return message_put(c, report, &(struct said){ .kind = MESSAGE_EVENT, .step = step, .text = text });
}

enum status act_begin(struct ctx *c, const struct report_act *act, struct report_row *row, struct record **head)
{
	TRY(act_load(c, act, row));
	return head == NULL ? OK : record_load(c, &report_type, act->report, head);
}

bool head_child(const struct record *head)
{
	return sv_is(record_text(head, REPORT_child), "yes");
}

bool may_write(const struct ctx *c, enum class class)
{
	return policy_may(c->who->roles, class, OP_WRITE);
}
