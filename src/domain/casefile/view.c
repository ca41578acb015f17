/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One file as its page shows it, and the lists that name files without opening who they are about. */
#include "domain/casefile/act.h"

#include "policy/policy.h"

#include <stdlib.h>

/* --- the head --------------------------------------------------------------------------------------------------------------- */

static struct sv login_of(struct ctx *c, struct sv reference)
{
	struct id id;

	return id_parse(reference, &id) ? member_login(c, id) : SV_NONE;
}

static void head_read(struct ctx *c, const struct case_row *row, const struct record *head, struct case_head *out)
{
	*out = (struct case_head){ .row = *row, .record_version = head->version, .opened = head->opened };
	sheet_read(c, head, &out->facts);
	out->name = out->facts.working_name.n > 0 ? out->facts.working_name : arena_copy(c->arena, sv_of(row->code));
	out->assignee_login = member_login(c, row->assignee);
	out->child = age_is_child(out->facts.age_bracket, out->facts.age_doubt);
	out->opened_at = record_number(head, CASEFILE_opened_at);
	out->risk_review = record_number(head, CASEFILE_risk_review);
	out->review_at = record_number(head, CASEFILE_review_at);
	out->told = (uint32_t)record_number(head, CASEFILE_told);
	if (!id_parse(out->facts.closing, &out->closing))
		out->closing = ID_ZERO;
	refs_read(c, out->facts.source_reports, &out->reports, &out->reports_n);
}

enum status case_load(struct ctx *c, struct id file, struct case_head *out)
{
	struct case_row row;
	struct record *head;

	TRY(case_row_load(c, file, &row));
	TRY(head_load(c, file, &head));
	head_read(c, &row, head, out);
	return OK;
}

void case_may_read(const struct ctx *c, const struct case_head *h, struct case_may *may)
{
	bool open = h->row.state != CASE_CLOSED, mine = id_equal(h->row.assignee, c->who->user) && ctx_can(c, ROLE_CASE_MANAGER);
	bool asked = h->facts.closure.n > 0, supervises = ctx_can(c, ROLE_SUPERVISOR);
	uint32_t roles = c->who->roles;

	*may = (struct case_may){
		.note = open && case_writes(c, THREAD),
		.edit = open && mine,
		.identity = open && mine,
		.contact = open && mine,
		.facts = open && mine,
		.alert = open && (mine || supervises),
		.risk = open && mine,
		.basis = open && mine,
		.suspend = mine && case_may(h->row.state, CASE_SUSPENDED, roles),
		.resume = mine && h->row.state == CASE_SUSPENDED,
		.assign = open && supervises,
		.close_ask = mine && !asked && case_may_two(h->row.state, CASE_CLOSED, roles),
		.lock = open && !h->row.locked,
	};
	may->close_drop = mine && open && asked;
	may->close_sign = open && asked && supervises && case_may_two(h->row.state, CASE_CLOSED, roles);
}

/* --- the timeline ----------------------------------------------------------------------------------------------------------- */

enum status case_notes(struct ctx *c, struct id file, struct case_note **out, size_t *n)
{
	struct sheet *s;

	TRY(sheet_list(c, &casenote_type, file, &s, n));
	*out = ARENA_ARRAY(c->arena, struct case_note, *n);
	for (size_t i = 0; i < *n; i++) {
		const struct note_facts *f = s[i].facts, *before = i == 0 ? NULL : s[i - 1].facts;
		bool same = before != NULL && sv_equal(before->author, f->author);

		(*out)[i] = (struct case_note){ .id = s[i].id,
						.at = record_number(s[i].record, CASENOTE_at),
						.by = same ? (*out)[i - 1].by : login_of(c, f->author),
						.kind = f->note_kind,
						.text = f->note,
						.step = f->step,
						.detail = f->detail,
						.told = sv_is(f->told_story, "yes") };
	}
	return OK;
}

/* --- what changed ----------------------------------------------------------------------------------------------------------- */

struct changes_list {
	struct case_change *rows;
	size_t n, room;
};

static enum status add_history(struct ctx *c, const struct record *r, struct changes_list *l)
{
	struct change *changes;
	size_t n;

	TRY(record_history(c, r, &changes, &n));
	if (l->n + n > l->room) {
		struct case_change *more = ARENA_ARRAY(c->arena, struct case_change, (l->n + n) * 2);

		for (size_t i = 0; i < l->n; i++)
			more[i] = l->rows[i];
		l->rows = more;
		l->room = (l->n + n) * 2;
	}
	for (size_t i = 0; i < n; i++)
		l->rows[l->n++] = (struct case_change){ .at = changes[i].at,
							.by = member_login(c, changes[i].by),
							.class = changes[i].class,
							.field = &r->type->fields[field_index(r->type, changes[i].field)],
							.before = changes[i].before,
							.after = changes[i].after };
	return OK;
}

static int by_time(const void *a, const void *b)
{
	const struct case_change *x = a, *y = b;

	return (x->at < y->at) - (x->at > y->at);
}

enum status case_changes(struct ctx *c, struct id file, struct case_change **out, size_t *n)
{
	static const struct record_type *const types[] = { &casefile_type, &person_type, &reach_type, &exploitation_type };
	struct changes_list l = { .n = 0 };

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		struct record *records;
		size_t count;

		TRY(record_load_dossier(c, types[i], file, &records, &count));
		for (size_t k = 0; k < count; k++)
			TRY(add_history(c, &records[k], &l));
	}
	if (l.n > 1)
		qsort(l.rows, l.n, sizeof(*l.rows), by_time);
	*out = l.rows;
	*n = l.n;
	return OK;
}

/* --- lists ------------------------------------------------------------------------------------------------------------------ */

/* Working names of these files, each opened once; empty where there is none or it may not be read. */
static enum status working_names(struct ctx *c, const struct id *files, size_t n, struct sv *names)
{
	struct id *once = ARENA_ARRAY(c->arena, struct id, n + 1);
	size_t *at = ARENA_ARRAY(c->arena, size_t, n + 1), many = 0, count = 0, hidden, k = 0;
	struct sv *found = ARENA_ARRAY(c->arena, struct sv, n + 1);
	struct record *heads = NULL;

	for (size_t i = 0; i < n; i++) {
		for (at[i] = 0; at[i] < many && !id_equal(once[at[i]], files[i]);)
			at[i]++;
		if (at[i] == many)
			once[many++] = files[i];
	}
	if (many > 0)
		TRY(record_load_many(c, &casefile_type, once, many, UINT32_C(1) << ALERT, OPEN_LIST, &heads, &count, &hidden));
	for (size_t i = 0; i < many && k < count; i++) /* in the same order, some left out */
		if (id_equal(once[i], heads[k].id))
			found[i] = record_text(&heads[k++], CASEFILE_working_name);
	for (size_t i = 0; i < n; i++)
		names[i] = found[at[i]];
	return OK;
}

enum status case_names(struct ctx *c, const struct id *files, size_t n, struct sv *names)
{
	TRY(working_names(c, files, n, names));
	for (size_t i = 0; i < n; i++) {
		struct case_row row;

		if (names[i].n > 0)
			continue;
		TRY(case_row_load(c, files[i], &row));
		names[i] = arena_copy(c->arena, sv_of(row.code));
	}
	return OK;
}

/* One look-up a member: a list names few people many times. */
static struct sv assignee_of(struct ctx *c, const struct case_row *const *rows, const struct case_line *lines, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (id_equal(rows[k]->assignee, rows[i]->assignee))
			return lines[k].assignee_login;
	return member_login(c, rows[i]->assignee);
}

static enum status rows_list(struct ctx *c, enum case_list_kind kind, uint32_t page, struct rows *out)
{
	bool team = ctx_can(c, ROLE_SUPERVISOR);
	struct value args[] = { v_id(team ? &c->who->organisation : &c->who->user), v_int(kind == CASES_OPEN),
				v_int(CASES_PAGE + 1), v_int((int64_t)page * CASES_PAGE) };

	return db_query(c, team ? QUERY_CASEFILE_LIST_TEAM : QUERY_CASEFILE_LIST_MINE, args, 4, CASES_PAGE + 1, out);
}

/* Files that may not be known to the actor are no line of his list, whatever the clear rows say. */
static enum status names_of(struct ctx *c, const struct case_row *rows, size_t n, struct case_line *out, size_t *kept)
{
	struct id *ids = ARENA_ARRAY(c->arena, struct id, n + 1);
	bool *keep = ARENA_ARRAY(c->arena, bool, n + 1);
	struct sv *names = ARENA_ARRAY(c->arena, struct sv, n + 1);
	const struct case_row **shown = ARENA_ARRAY(c->arena, const struct case_row *, n + 1);

	for (size_t i = 0; i < n; i++)
		ids[i] = rows[i].id;
	if (n > 0)
		TRY(keeper_visible(c, ids, n, keep));
	for (size_t i = 0; i < n; i++)
		if (keep[i]) {
			ids[*kept] = rows[i].id;
			shown[(*kept)++] = &rows[i];
		}
	TRY(working_names(c, ids, *kept, names));
	for (size_t i = 0; i < *kept; i++) {
		struct sv code = arena_copy(c->arena, sv_of(shown[i]->code));

		out[i] = (struct case_line){ .id = ids[i],
					     .code = code,
					     .name = names[i].n > 0 ? names[i] : code,
					     .state = shown[i]->state,
					     .assignee_login = assignee_of(c, shown, out, i),
					     .due_hour = shown[i]->due_hour,
					     .locked = shown[i]->locked,
					     .overdue = shown[i]->due_hour != 0 && c->now >= shown[i]->due_hour };
	}
	return OK;
}

enum status case_list(struct ctx *c, enum case_list_kind kind, uint32_t page, struct case_line **out, size_t *n, bool *more)
{
	struct rows rows;
	struct case_row *read;
	size_t count;

	TRY(rows_list(c, kind, page, &rows));
	*more = rows.n > CASES_PAGE;
	count = *more ? CASES_PAGE : rows.n;
	read = ARENA_ARRAY(c->arena, struct case_row, count + 1);
	for (size_t i = 0; i < count; i++)
		case_row_read(&rows, i, &read[i]);
	*out = ARENA_ARRAY(c->arena, struct case_line, count + 1);
	*n = 0;
	return names_of(c, read, count, *out, n);
}
