/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A report narrowed to named people, and what the security officer does about it. The officer opens no report: what he is shown is
 * the clear row, and lifting writes that row and the keeper's right, nothing else. */
#include "domain/intake/act.h"

#define LOCKS_MAX 1000

static enum status lock_in(struct ctx *c, const void *arg)
{
	const struct report_act *in = arg;
	struct report_row row;

	TRY(act_begin(c, in, &row, NULL));
	if (row.locked)
		return ERR(c, E_STATE, "the report is locked already");
	TRY(act_right(c, RIGHT_LOCK, row.id, c->who->user, 0));
	if (!id_is_zero(row.assignee) && !id_equal(row.assignee, c->who->user))
		TRY(act_right(c, RIGHT_LOCK, row.id, row.assignee, 0));
	row.locked = true;
	TRY(act_event(c, row.id, "locked", SV_NONE));
	return row_save(c, &row);
}

enum status report_lock(struct ctx *c, const struct report_act *in)
{
	return once_do(c, "report.lock", lock_in, in, in->key);
}

/* --- the security officer --------------------------------------------------------------------------------------------------- */

static enum status officer(struct ctx *c)
{
	return ctx_can(c, ROLE_SECURITY_OFFICER) ? OK : ERR(c, E_DENIED, "the security officer decides on locks");
}

enum status report_locks(struct ctx *c, struct report_head **out, size_t *n)
{
	struct value args[] = { v_int(LOCKS_MAX) };
	struct rows rows;
	struct id *ids;
	bool *keep;

	*n = 0;
	TRY(officer(c));
	TRY(db_query(c, QUERY_INTAKE_LOCKED, args, 1, LOCKS_MAX, &rows));
	ids = ARENA_ARRAY(c->arena, struct id, rows.n);
	keep = ARENA_ARRAY(c->arena, bool, rows.n);
	*out = ARENA_ARRAY(c->arena, struct report_head, rows.n);
	if (rows.n == 0)
		return OK;
	for (size_t i = 0; i < rows.n; i++)
		ids[i] = row_id(&rows, i, 0);
	TRY(keeper_visible(c, ids, rows.n, keep));
	for (size_t i = 0; i < rows.n; i++) {
		struct report_row row;

		if (!keep[i])
			continue;
		row_read(&rows, i, &row);
		head_read(c, &row, NULL, &(*out)[(*n)++]);
	}
	return OK;
}

static enum status lift_in(struct ctx *c, const void *arg)
{
	const struct report_act *in = arg;
	struct report_row row;
	bool known = false;

	TRY(keeper_visible(c, &in->report, 1, &known));
	if (!known)
		return ERR(c, E_NOTFOUND, "no such report that this officer may know of");
	TRY(act_begin(c, in, &row, NULL));
	if (!row.locked)
		return ERR(c, E_STATE, "the report is not locked");
	TRY(act_right(c, RIGHT_UNLOCK, row.id, ID_ZERO, 0));
	row.locked = false;
	return row_save(c, &row);
}

enum status report_lift(struct ctx *c, const struct report_act *in)
{
	TRY(officer(c));
	return once_do(c, "report.lift", lift_in, in, in->key);
}
