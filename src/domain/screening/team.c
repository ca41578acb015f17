/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The team: what each carries, what is overdue. */
#include "domain/screening/room.h"

#include "domain/access/access.h"

/* Columns of load.sql. */
enum { LOAD_ID, LOAD_LOGIN, LOAD_ROLES, LOAD_FILES, LOAD_TASKS, LOAD_OVERDUE };

enum status team_load(struct ctx *c, struct load **out, size_t *n)
{
	const struct value args[] = { v_id(&c->who->organisation), v_int(c->now) };
	struct rows rows;

	if (!ctx_can(c, ROLE_SUPERVISOR))
		return ERR(c, E_DENIED, "a team is looked at by its supervisors");
	TRY(db_query(c, QUERY_SCREENING_LOAD, args, 2, 200, &rows));
	*out = ARENA_ARRAY(c->arena, struct load, rows.n);
	*n = 0;
	for (size_t i = 0; i < rows.n; i++)
		if (((uint32_t)row_int(&rows, i, LOAD_ROLES) & ROLE_BIT(ROLE_CASE_MANAGER)) != 0)
			(*out)[(*n)++] = (struct load){ .user = row_id(&rows, i, LOAD_ID),
							.login = row_text(&rows, i, LOAD_LOGIN),
							.files = row_int(&rows, i, LOAD_FILES),
							.tasks = row_int(&rows, i, LOAD_TASKS),
							.overdue = row_int(&rows, i, LOAD_OVERDUE) };
	return OK;
}

/* Columns of overdue.sql. */
enum { LATE_DOSSIER, LATE_ASSIGNEE, LATE_TYPE, LATE_DUE };

enum status team_overdue(struct ctx *c, struct late_task **out, size_t *n)
{
	const struct value args[] = { v_id(&c->who->organisation), v_int(c->now) };
	struct id *files;
	struct rows rows;
	bool *keep;

	if (!ctx_can(c, ROLE_SUPERVISOR))
		return ERR(c, E_DENIED, "a team is looked at by its supervisors");
	TRY(db_query(c, QUERY_SCREENING_OVERDUE, args, 2, 100, &rows));
	files = ARENA_ARRAY(c->arena, struct id, rows.n);
	keep = ARENA_ARRAY(c->arena, bool, rows.n);
	*out = ARENA_ARRAY(c->arena, struct late_task, rows.n);
	*n = 0;
	for (size_t i = 0; i < rows.n; i++)
		files[i] = row_id(&rows, i, LATE_DOSSIER);
	TRY(rows.n == 0 ? OK : keeper_visible(c, files, rows.n, keep));
	for (size_t i = 0; i < rows.n; i++)
		if (keep[i])
			(*out)[(*n)++] = (struct late_task){ .file = files[i],
							     .login = member_login(c, row_id(&rows, i, LATE_ASSIGNEE)),
							     .type = row_text(&rows, i, LATE_TYPE),
							     .due = row_int(&rows, i, LATE_DUE) };
	return OK;
}
