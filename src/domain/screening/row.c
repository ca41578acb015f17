/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The clear row of a decision: which is due for a second reading, by whom, until when. */
#include "domain/screening/room.h"

#include "domain/access/access.h"

static const char *const kinds[] = {
	[DECISION_PRESUMPTION] = "presumption", [DECISION_DENUNCIATION] = "denunciation", [DECISION_RETURN] = "return"
};
static const char *const states[] = {
	[DECISION_MADE] = "made",     [DECISION_PROVISIONAL] = "provisional", [DECISION_SENT_BACK] = "sent_back",
	[DECISION_SIGNED] = "signed", [DECISION_RETURNED] = "returned",
};

static unsigned word_find(const char *const *words, unsigned n, struct sv word)
{
	unsigned i = 0;

	while (i + 1 < n && !sv_is(word, words[i]))
		i++;
	return i;
}

struct sv decision_kind_word(enum decision_kind k)
{
	return sv_of(kinds[k]);
}

/* Columns of the queries that give rows of decision. */
enum { COL_ID, COL_DOSSIER, COL_ORGANISATION, COL_KIND, COL_STATE, COL_REVIEWER, COL_DUE, COL_VERSION };

enum status decision_rows(struct ctx *c, enum query q, const struct value *args, size_t n, struct decision_row **out, size_t *count)
{
	struct rows rows;

	TRY(db_query(c, q, args, n, 200, &rows));
	*out = ARENA_ARRAY(c->arena, struct decision_row, rows.n);
	for (size_t i = 0; i < rows.n; i++)
		(*out)[i] = (struct decision_row){
			.id = row_id(&rows, i, COL_ID),
			.dossier = row_id(&rows, i, COL_DOSSIER),
			.organisation = row_id(&rows, i, COL_ORGANISATION),
			.reviewer = row_id(&rows, i, COL_REVIEWER),
			.kind = (enum decision_kind)word_find(kinds, sizeof(kinds) / sizeof(kinds[0]),
							      row_text(&rows, i, COL_KIND)),
			.state = (enum decision_state)word_find(states, sizeof(states) / sizeof(states[0]),
								row_text(&rows, i, COL_STATE)),
			.due_hour = row_int(&rows, i, COL_DUE),
			.version = (uint64_t)row_int(&rows, i, COL_VERSION),
		};
	*count = rows.n;
	return OK;
}

enum status decision_row_load(struct ctx *c, struct id decision, struct decision_row *out)
{
	const struct value key = v_id(&decision);
	struct decision_row *rows;
	size_t n;

	TRY(decision_rows(c, QUERY_SCREENING_DECISION, &key, 1, &rows, &n));
	if (n == 0)
		return ERR(c, E_NOTFOUND, "no such decision");
	*out = rows[0];
	return OK;
}

enum status decision_row_add(struct ctx *c, const struct decision_row *row)
{
	const struct value args[] = { v_id(&row->id),
				      v_id(&row->dossier),
				      v_id(&row->organisation),
				      v_text(sv_of(kinds[row->kind])),
				      v_text(sv_of(states[row->state])),
				      v_id(&row->reviewer),
				      row->due_hour == 0 ? v_null() : v_int(row->due_hour) };

	return change_write(c, QUERY_SCREENING_DECISION_ADD, args, sizeof(args) / sizeof(args[0]), 1, E_CONFLICT);
}

enum status decision_row_save(struct ctx *c, const struct decision_row *row)
{
	const struct value args[] = { v_id(&row->id), v_int((int64_t)row->version), v_text(sv_of(states[row->state])),
				      v_id(&row->reviewer), row->due_hour == 0 ? v_null() : v_int(row->due_hour) };

	return change_write(c, QUERY_SCREENING_DECISION_SET, args, sizeof(args) / sizeof(args[0]), 1, E_BUSY);
}

enum status signatures_waiting(struct ctx *c, struct decision_row **out, size_t *n)
{
	struct id nobody = ID_ZERO;
	const struct value args[] = { v_id(&c->who->user), v_id(&c->who->organisation), v_int(ctx_can(c, ROLE_SUPERVISOR) ? 1 : 0),
				      v_id(&nobody) };

	return decision_rows(c, QUERY_SCREENING_WAITING, args, sizeof(args) / sizeof(args[0]), out, n);
}

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
