/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tasks: rows written beside the act that makes or ends them. Kinds and delays are data. */
#include "domain/task/task.h"

#include "base/clock.h"
#include "registry/registry.h"

#include <string.h>

#define TASKS_MAX 200

static const struct id nobody; /* the supervisors */

/* --- kinds and delays ------------------------------------------------------------------------------------------------------- */

static const char *column(struct sv type, const char *name)
{
	const struct code_list *l = codes_of("task_types");
	const struct code *row = l == NULL ? NULL : code_find(l, type);

	return row == NULL ? NULL : code_extra(l, row, name);
}

int64_t deadline_ms(const char *code)
{
	static const struct {
		const char *unit;
		int64_t ms;
	} units[] = { { "hours", HOUR_MS }, { "days", DAY_MS }, { "months", 30 * DAY_MS }, { "years", 365 * DAY_MS } };
	const struct code_list *l = codes_of("deadlines");
	const struct code *row = l == NULL ? NULL : code_find(l, sv_of(code));
	const char *value = row == NULL ? NULL : code_extra(l, row, "default_value");
	const char *unit = row == NULL ? NULL : code_extra(l, row, "unit");
	uint64_t n;

	if (value == NULL || unit == NULL || !sv_u64(sv_of(value), &n) || n > 1000)
		return HOUR_MS;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (strcmp(units[i].unit, unit) == 0)
			return (int64_t)n * units[i].ms;
	return HOUR_MS;
}

int64_t task_due(const char *type, int64_t now)
{
	const char *code = column(sv_of(type), "deadline");

	return round_up(now + deadline_ms(code == NULL ? "" : code), HOUR_MS);
}

bool task_by_hand(struct sv type)
{
	const char *by_hand = column(type, "by_hand");

	return by_hand != NULL && strcmp(by_hand, "1") == 0;
}

struct sv task_action(const struct ctx *c, struct sv type)
{
	static const char *const columns[LANGUAGE_COUNT] = {
		[LANG_FR] = "action_fr", [LANG_AR] = "action_ar", [LANG_EN] = "action_en"
	};
	const char *word = column(type, columns[c->language]);

	return word == NULL ? SV_NONE : sv_of(word);
}

/* --- inside a run ----------------------------------------------------------------------------------------------------------- */

enum status task_add(struct ctx *c, const struct task_new *t)
{
	const char *role = column(sv_of(t->type), "role");
	struct id id = id_new(), organisation = id_is_zero(t->organisation) ? c->who->organisation : t->organisation;
	int64_t due = t->due == 0 ? task_due(t->type, c->now) : round_up(t->due, HOUR_MS);
	struct value args[] = {
		v_id(&id), v_id(&organisation), v_id(&t->assignee), v_text(sv_of(t->type)), v_id(&t->dossier), v_int(due),
	};

	if (role == NULL)
		return ERR(c, E_BUG, "a task of a kind that is not in task_types.csv");
	return change_write(c, QUERY_TASK_ADD, args, sizeof(args) / sizeof(args[0]), 1, E_CONFLICT);
}

enum status task_done(struct ctx *c, struct id dossier, const char *type)
{
	struct value args[] = { v_id(&dossier), v_text(sv_of(type)), v_text(SV("done")) };

	return change_write(c, QUERY_TASK_END, args, 3, -1, E_BUG);
}

enum status task_drop(struct ctx *c, struct id dossier)
{
	struct value args[] = { v_id(&dossier), v_text(SV("dropped")) };

	return change_write(c, QUERY_TASK_END_ALL, args, 2, -1, E_BUG);
}

enum status task_pass_on(struct ctx *c, struct id dossier, struct id assignee)
{
	struct value args[] = { v_id(&dossier), v_id(&assignee), v_id(&nobody) };

	return change_write(c, QUERY_TASK_PASS_ON, args, 3, -1, E_BUG);
}

/* --- lists ------------------------------------------------------------------------------------------------------------------ */

/* Columns of the queries that give tasks. */
enum { COL_ID, COL_DOSSIER, COL_ASSIGNEE, COL_TYPE, COL_DUE };

static void row_read(const struct ctx *c, const struct rows *rows, size_t i, struct task_row *out)
{
	*out = (struct task_row){ .id = row_id(rows, i, COL_ID),
				  .dossier = row_id(rows, i, COL_DOSSIER),
				  .assignee = row_id(rows, i, COL_ASSIGNEE),
				  .type = row_text(rows, i, COL_TYPE),
				  .due = row_int(rows, i, COL_DUE) };
	out->overdue = c->now >= out->due;
}

/* Of two lists by due time one by due time. */
static void merge(const struct ctx *c, const struct rows *a, const struct rows *b, struct task_row *out, size_t *n)
{
	size_t i = 0, k = 0;

	while (*n < TASKS_MAX && (i < a->n || k < b->n)) {
		bool first = k == b->n || (i < a->n && row_int(a, i, COL_DUE) <= row_int(b, k, COL_DUE));

		row_read(c, first ? a : b, first ? i++ : k++, &out[(*n)++]);
	}
}

static enum status keep_visible(struct ctx *c, struct task_row *rows, size_t *n)
{
	struct id *ids = ARENA_ARRAY(c->arena, struct id, *n + 1);
	bool *keep = ARENA_ARRAY(c->arena, bool, *n + 1);
	size_t kept = 0;

	for (size_t i = 0; i < *n; i++)
		ids[i] = rows[i].dossier;
	if (*n > 0)
		TRY(keeper_visible(c, ids, *n, keep));
	for (size_t i = 0; i < *n; i++)
		if (keep[i])
			rows[kept++] = rows[i];
	*n = kept;
	return OK;
}

enum status task_mine(struct ctx *c, struct task_row **out, size_t *n)
{
	struct value mine[] = { v_id(&c->who->user), v_int(TASKS_MAX) };
	struct value team[] = { v_id(&c->who->organisation), v_id(&nobody), v_int(TASKS_MAX) };
	struct rows a, b = { .n = 0 };

	TRY(db_query(c, QUERY_TASK_MINE, mine, 2, TASKS_MAX, &a));
	if (ctx_can(c, ROLE_SUPERVISOR))
		TRY(db_query(c, QUERY_TASK_SUPERVISORS, team, 3, TASKS_MAX, &b));
	*out = ARENA_ARRAY(c->arena, struct task_row, TASKS_MAX);
	*n = 0;
	merge(c, &a, &b, *out, n);
	return keep_visible(c, *out, n);
}

enum status task_of(struct ctx *c, struct id dossier, struct task_row **out, size_t *n)
{
	struct value args[] = { v_id(&dossier) };
	struct rows rows;

	TRY(db_query(c, QUERY_TASK_OF, args, 1, TASKS_MAX, &rows));
	*out = ARENA_ARRAY(c->arena, struct task_row, rows.n);
	*n = rows.n;
	for (size_t i = 0; i < rows.n; i++)
		row_read(c, &rows, i, &(*out)[i]);
	return OK;
}
