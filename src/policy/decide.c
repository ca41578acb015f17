/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The decision (sealed design §11): active ∧ op in a cell ∧ its condition ∧ ownership or grant ∧ not blocked ∧ not locked away
 * ∧ pace ∧ step-up. Every role the actor holds is tried by itself: a condition of one role is never met by the ownership rule
 * of another. What the question does not state is false, and false denies. */
#include "policy/policy.h"

static bool by_code(enum role role)
{
	return role == ROLE_PERSON || role == ROLE_REPORTER;
}

/* The first parts of a dossier made in this very set: its author writes them, whoever will own it. */
static bool opening_act(const struct question *q)
{
	return q->creating && q->op == OP_WRITE;
}

/* "No condition = assigned", and what counts as that for each role. */
static bool assigned(const struct question *q, enum role role)
{
	if (by_code(role))
		return q->own_dossier || opening_act(q);
	if (q->assigned || opening_act(q))
		return true;
	if (role == ROLE_SUPERVISOR)
		return q->owner; /* own team */
	return role == ROLE_DESK && (q->class == REPORT || q->class == DIALOG) && q->desk_of;
}

/* Every condition of the cell must hold. A stated reason comes on top of assignment; the others stand in its place. */
static bool condition_met(const struct question *q, enum role role, unsigned conditions)
{
	if ((conditions & ~(unsigned)COND_REASON) == 0 && !assigned(q, role))
		return false;
	return ((conditions & COND_OPEN) == 0 || opening_act(q)) &&
	       ((conditions & COND_QUEUE) == 0 || q->in_queue || opening_act(q)) && ((conditions & COND_DUTY) == 0 || q->on_duty) &&
	       ((conditions & COND_REASON) == 0 || q->reason_given) && ((conditions & COND_GRANT) == 0 || q->granted) &&
	       ((conditions & COND_BOUND) == 0 || q->bound_wrap) &&
	       ((conditions & COND_AGREED) == 0 || (q->agreed && q->bound_wrap));
}

static bool owned(const struct question *q, enum role role)
{
	if (by_code(role))
		return q->own_dossier || opening_act(q);
	return q->owner || q->granted || opening_act(q);
}

/* The best any role of the mask reaches: ALLOW, else the farthest step it failed at. */
static enum verdict by_roles(const struct question *q)
{
	enum verdict best = DENY_ROLE;

	for (unsigned r = 0; r < ROLE_COUNT; r++) {
		struct cell cell = policy_cell((enum role)r, q->class);

		if ((q->roles & ROLE_BIT(r)) == 0 || (cell.ops & (unsigned)q->op) == 0)
			continue;
		if (!condition_met(q, (enum role)r, cell.conditions)) {
			best = best == DENY_ROLE ? DENY_CONDITION : best;
			continue;
		}
		if (owned(q, (enum role)r))
			return ALLOW;
		best = DENY_OWNER;
	}
	return best;
}

enum verdict policy_decide(const struct question *q)
{
	enum verdict verdict;

	if (!q->active)
		return DENY_INACTIVE;
	if (q->op != OP_READ && q->op != OP_WRITE && q->op != OP_SIGN)
		return DENY_ROLE;
	verdict = by_roles(q);
	if (verdict != ALLOW)
		return verdict;
	if (q->blocked)
		return DENY_BLOCKED;
	if (q->locked && !q->named)
		return DENY_LOCKED;
	if (!q->pace_left)
		return DENY_PACE;
	if (q->needs_step_up && !q->stepped_up)
		return DENY_STEP_UP;
	return ALLOW;
}
