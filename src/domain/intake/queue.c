/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The queue. Rows are chosen and sorted by clear columns, shown only when the keeper says they may be seen, and opened a page
 * at a time. Counts are of rows that may be seen, never of the table: what is hidden from somebody is not counted for him
 * either. */
#include "domain/intake/act.h"

#define WINDOW 500 /* open rows looked at */

/* Whose queue: what a member's roles let him see of the desk. */
enum scope { SCOPE_MINE, SCOPE_OPERATOR, SCOPE_DESK };

static enum scope scope_of(const struct ctx *c)
{
	if (ctx_can(c, ROLE_DESK) || ctx_can(c, ROLE_SUPERVISOR))
		return SCOPE_DESK;
	return ctx_can(c, ROLE_OPERATOR) ? SCOPE_OPERATOR : SCOPE_MINE;
}

/* What counting and choosing need of a row; all of it is read for those that are shown. */
struct seen {
	struct id id, assignee;
	enum report_state state;
	bool urgent;
	int64_t due_hour;
};
struct window {
	struct seen *rows;
	size_t n;
	bool over;
};

static struct seen seen_read(const struct rows *rows, size_t i)
{
	return (struct seen){ .id = row_id(rows, i, 0),
			      .state = state_parse(row_text(rows, i, 1)),
			      .urgent = row_int(rows, i, 2) != 0,
			      .due_hour = row_int(rows, i, 3),
			      .assignee = row_id(rows, i, 4) };
}

static enum status window_add(struct ctx *c, enum query q, struct id who, struct window *w)
{
	struct value args[] = { v_id(&who), v_int(WINDOW + 1) };
	struct rows rows;

	TRY(db_query(c, q, args, 2, WINDOW + 1, &rows));
	for (size_t i = 0; i < rows.n; i++) {
		if (w->n == WINDOW) {
			w->over = true;
			break;
		}
		w->rows[w->n++] = seen_read(&rows, i);
	}
	return OK;
}

/* Drop what this actor may not see; the order stays. */
static enum status window_visible(struct ctx *c, struct window *w)
{
	struct id *ids = ARENA_ARRAY(c->arena, struct id, w->n);
	bool *keep = ARENA_ARRAY(c->arena, bool, w->n);
	size_t kept = 0;

	if (w->n == 0)
		return OK;
	for (size_t i = 0; i < w->n; i++)
		ids[i] = w->rows[i].id;
	TRY(keeper_visible(c, ids, w->n, keep));
	for (size_t i = 0; i < w->n; i++)
		if (keep[i])
			w->rows[kept++] = w->rows[i];
	w->n = kept;
	return OK;
}

/* Everything open that concerns the actor: danger of desks he is the fall-back of comes first, it rings. */
static enum status window_load(struct ctx *c, enum scope scope, struct window *w)
{
	struct id organisation = c->who->organisation;

	w->rows = ARENA_ARRAY(c->arena, struct seen, WINDOW);
	if (scope == SCOPE_MINE)
		return window_add(c, QUERY_INTAKE_QUEUE_MINE, c->who->user, w);
	TRY(window_add(c, QUERY_INTAKE_QUEUE_FALLBACK, organisation, w));
	return window_add(c, scope == SCOPE_DESK ? QUERY_INTAKE_QUEUE_DESK : QUERY_INTAKE_QUEUE_OPERATOR, organisation, w);
}

static bool in_filter(const struct ctx *c, const struct seen *r, enum queue_filter f)
{
	return f == QUEUE_OPEN || (f == QUEUE_MINE && id_equal(r->assignee, c->who->user)) ||
	       (f == QUEUE_WAITING && r->state == STATE_WAITING);
}

static void count(const struct ctx *c, const struct window *w, struct queue *out)
{
	for (size_t i = 0; i < w->n; i++) {
		const struct seen *r = &w->rows[i];

		for (unsigned f = QUEUE_OPEN; f < QUEUE_CLOSED; f++)
			out->count[f] += in_filter(c, r, (enum queue_filter)f);
		out->ringing += r->urgent;
		out->overdue += r->due_hour != 0 && c->now >= r->due_hour;
	}
	out->over = w->over;
}

/* The page of an open filter: the matching rows from page * QUEUE_PAGE on. */
static void cut_page(const struct ctx *c, const struct window *w, const struct queue_ask *ask, struct seen *page, size_t *n,
		     bool *more)
{
	size_t skip = (size_t)ask->page * QUEUE_PAGE;

	*n = 0;
	*more = false;
	for (size_t i = 0; i < w->n; i++) {
		if (!in_filter(c, &w->rows[i], ask->filter))
			continue;
		if (skip > 0)
			skip--;
		else if (*n < QUEUE_PAGE)
			page[(*n)++] = w->rows[i];
		else
			*more = true;
	}
}

static enum status ended_page(struct ctx *c, enum scope scope, uint32_t page, struct window *w, bool *more)
{
	struct id who = scope == SCOPE_MINE ? c->who->user : c->who->organisation;
	struct value args[] = { v_id(&who), v_int(QUEUE_PAGE + 1), v_int((int64_t)page * QUEUE_PAGE) };
	struct rows rows;

	w->rows = ARENA_ARRAY(c->arena, struct seen, QUEUE_PAGE);
	if (scope == SCOPE_OPERATOR)
		return OK; /* what is ended is no longer in an operator's queue */
	TRY(db_query(c, scope == SCOPE_MINE ? QUERY_INTAKE_QUEUE_ENDED_MINE : QUERY_INTAKE_QUEUE_ENDED, args, 3, QUEUE_PAGE + 1,
		     &rows));
	*more = rows.n > QUEUE_PAGE;
	for (size_t i = 0; i < rows.n && i < QUEUE_PAGE; i++)
		w->rows[w->n++] = seen_read(&rows, i);
	return window_visible(c, w);
}

/* The rows of those that opened, out of one snapshot. Records come in the order of the ids. */
static enum status read_heads(struct ctx *c, const struct id *ids, size_t n, struct record *records, size_t opened,
			      struct queue *out)
{
	for (size_t i = 0, k = 0; i < n && k < opened; i++) {
		struct report_row row;

		if (!id_equal(records[k].id, ids[i]))
			continue;
		TRY(row_load(c, ids[i], &row));
		head_read(c, &row, &records[k++], &out->rows[out->n++]);
	}
	return OK;
}

/* Open the heads of a page; those that do not open are left out. */
static enum status open_page(struct ctx *c, const struct seen *rows, size_t n, struct queue *out)
{
	struct id *ids = ARENA_ARRAY(c->arena, struct id, n);
	struct record *records;
	size_t opened = 0;
	enum status s;

	out->rows = ARENA_ARRAY(c->arena, struct report_head, n);
	if (n == 0)
		return OK;
	for (size_t i = 0; i < n; i++)
		ids[i] = rows[i].id;
	TRY(record_load_many(c, &report_type, ids, n, UINT32_C(1) << REPORT, OPEN_LIST, &records, &opened, &out->hidden));
	TRY(db_begin_read(c));
	s = read_heads(c, ids, n, records, opened, out);
	db_end_read(c);
	return s;
}

enum status queue_load(struct ctx *c, const struct queue_ask *ask, struct queue *out)
{
	enum scope scope = scope_of(c);
	struct window open = { 0 }, ended = { 0 };
	struct seen page[QUEUE_PAGE];
	size_t n;

	*out = (struct queue){ .page = ask->page };
	if (ask->page > UINT32_MAX / QUEUE_PAGE)
		return ERR(c, E_NOTFOUND, "no such page");
	TRY(window_load(c, scope, &open));
	TRY(window_visible(c, &open));
	count(c, &open, out);
	if (ask->filter == QUEUE_CLOSED) {
		TRY(ended_page(c, scope, ask->page, &ended, &out->more));
		return open_page(c, ended.rows, ended.n, out);
	}
	cut_page(c, &open, ask, page, &n, &out->more);
	return open_page(c, page, n, out);
}
