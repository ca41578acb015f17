/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The keeper's rows and their leaves. A row's leaf has flags 0x8000 | kind, the object, and H(body) or zeros when the row goes; so the
 * newest such leaf of an object says what the row must be, and a row edited, brought back or removed behind the keeper is found. Rows of a
 * dossier have leaves that name it: read together they show also a row that is not there any more. */
#include "keeper/ledger/journal.h"

#include <string.h>
#include "base/log.h"
#include "keeper/ledger/heads.h"
#include "keeper/ledger/leaves.h"

static void body_hash(uint8_t out[32], struct sv body)
{
	if (body.n == 0)
		memset(out, 0, 32);
	else
		hash32(out, body.p, body.n);
}

static enum status row_leaf(struct service *s, const struct act *act, const struct row *row, uint64_t *seq)
{
	struct leaf leaf;

	leaf_from(s, act, &leaf);
	leaf.flags = (uint16_t)(ROW_FLAG | (unsigned)row->kind);
	leaf.object = row->object;
	body_hash(leaf.blob, row->body);
	*seq = leaf.seq;
	return leaf_write(s, &leaf);
}

static enum status write_row(struct service *s, const struct row *row, uint64_t seq)
{
	struct statement *q;

	if (row->body.n == 0) {
		q = db_statement(s->db, SQL_ROW_DROP);
		bind_int(q, 1, (int64_t)row->kind);
		bind_id(q, 2, row->object);
		return statement_run(q);
	}
	q = db_statement(s->db, SQL_ROW_PUT);
	bind_int(q, 1, (int64_t)row->kind);
	bind_id(q, 2, row->object);
	bind_id(q, 3, row->parent);
	bind_bytes(q, 4, row->body.p, row->body.n);
	bind_int(q, 5, (int64_t)seq);
	return statement_run(q);
}

/* Two open sets never change one row: whichever is void would take the other's change with it. */
static enum status nobody_else_changes(struct service *s, const struct row *row)
{
	struct statement *q = db_statement(s->db, SQL_UNDO_OTHER);
	enum status status;

	bind_int(q, 1, (int64_t)row->kind);
	bind_id(q, 2, row->object);
	bind_int(q, 3, (int64_t)s->journal.first);
	status = statement_step(q);
	statement_end(q);
	s->journal.clash = status == OK;
	return status == OK ? E_BUSY : status == E_NOTFOUND ? OK : status;
}

static enum status keep_for_undo(struct service *s, const struct row *row, struct id dossier)
{
	struct statement *q;
	struct sv before = SV_NONE;
	enum status status;

	TRY(nobody_else_changes(s, row));
	status = row_get(s, row->kind, row->object, &before);
	if (status != OK && status != E_NOTFOUND)
		return status;
	q = db_statement(s->db, SQL_UNDO_ADD);
	bind_int(q, 1, (int64_t)s->journal.first);
	bind_int(q, 2, s->journal.undo_n++);
	bind_int(q, 3, (int64_t)row->kind);
	bind_id(q, 4, row->object);
	bind_id(q, 5, row->parent);
	bind_bytes(q, 6, before.p, before.n);
	bind_id(q, 7, dossier);
	return statement_run(q);
}

enum status row_put(struct service *s, const struct act *act, const struct row *row)
{
	uint64_t seq;

	if (s->journal.in_set)
		TRY(keep_for_undo(s, row, act->dossier));
	s->directory.touched = s->directory.touched || row->kind <= ROW_ROUTE || row->kind == ROW_HOST ||
			       row->kind == ROW_PROGRAMME;
	TRY(row_leaf(s, act, row, &seq));
	return write_row(s, row, seq);
}

/* --- reading ------------------------------------------------------------------------------------------------------------- */

static bool fits(const struct newest *n, uint64_t seq, struct sv body)
{
	uint8_t hash[32];

	body_hash(hash, body);
	return n->seq == seq && equal_ct(hash, n->hash, sizeof(hash));
}

enum status row_erased(struct service *s, enum row_kind kind, struct id object, struct id dossier, bool *erased)
{
	struct leaf leaf;
	enum status status = leaf_newest(s, dossier, kind, object, &leaf);

	*erased = status == OK && leaf.event == EV_ERASE && id_equal(leaf.dossier, dossier);
	return status == E_NOTFOUND || status == E_CRYPTO ? OK : status;
}

static enum status edited(struct service *s, struct id dossier, struct id object)
{
	const struct act act = { .event = EV_ALARM, .dossier = dossier };

	if (s->journal.open)
		alarm_raise(s, ALARM_ROW, &act, object);
	return E_CRYPTO;
}

/* One row alone: what it is must be what its newest leaf says. */
static enum status checked(struct service *s, const struct row *row, uint64_t seq)
{
	struct id dossier = row_in_dossier(row->kind) ? row->parent : ID_ZERO;
	struct newest n = { .kind = row->kind };
	struct leaf leaf;
	enum status status = leaf_newest(s, dossier, row->kind, row->object, &leaf);

	if (status != OK)
		return status == E_NOTFOUND || status == E_CRYPTO ? edited(s, dossier, row->object) : status;
	n.seq = leaf.seq;
	memcpy(n.hash, leaf.blob, sizeof(n.hash));
	return fits(&n, seq, row->body) ? OK : edited(s, dossier, row->object);
}

enum status row_get(struct service *s, enum row_kind kind, struct id object, struct sv *body)
{
	struct statement *q = db_statement(s->db, SQL_ROW_GET);
	struct row row = { .kind = kind, .object = object };
	enum status status;
	uint64_t seq = 0;

	bind_int(q, 1, (int64_t)kind);
	bind_id(q, 2, object);
	status = statement_step(q);
	if (status == OK) {
		row.body = *body = arena_copy(s->arena, column_bytes(q, 0));
		seq = (uint64_t)column_int(q, 1);
		row.parent = column_id(q, 2);
	}
	statement_end(q);
	if (status != OK)
		return status;
	return checked(s, &row, seq);
}

enum status row_get_whole(struct service *s, enum row_kind kind, struct id object, struct sv *body)
{
	static const uint8_t gone[32];
	enum status status = row_get(s, kind, object, body);
	struct leaf leaf;

	if (status != E_NOTFOUND)
		return status;
	status = leaf_newest(s, ID_ZERO, kind, object, &leaf);
	if (status == E_CRYPTO || (status == OK && memcmp(leaf.blob, gone, sizeof(gone)) != 0))
		return edited(s, ID_ZERO, object);
	return status == OK ? E_NOTFOUND : status;
}

/* Rows are copied before they are visited: a visit may run the same statement. */
struct copied {
	enum row_kind kind;
	struct id object;
	struct sv body;
	uint64_t seq;
	struct copied *next;
};

static enum status copy_all(struct service *s, struct statement *q, struct copied **out)
{
	struct copied **last = out;
	enum status status;

	*out = NULL;
	while ((status = statement_step(q)) == OK) {
		struct copied *c = ARENA_NEW(s->arena, struct copied);

		c->kind = (enum row_kind)column_int(q, 0);
		c->object = column_id(q, 1);
		c->body = arena_copy(s->arena, column_bytes(q, 2));
		c->seq = (uint64_t)column_int(q, 3);
		*last = c;
		last = &c->next;
	}
	statement_end(q);
	return status == E_NOTFOUND ? OK : status;
}

static int order(const struct copied *c, const struct newest *n)
{
	if (c->kind != n->kind)
		return c->kind < n->kind ? -1 : 1;
	return memcmp(c->object.b, n->object.b, sizeof(c->object.b));
}

/* Both in the order of kind and object: a row nobody wrote, one that is not what it must be, and one that was taken away. */
static enum status compare(struct service *s, struct id dossier, const struct copied *c, const struct newest *n)
{
	while (c != NULL || n != NULL) {
		int which = c == NULL ? 1 : n == NULL ? -1 : order(c, n);

		if (which < 0 || (which == 0 && !fits(n, c->seq, c->body)))
			return edited(s, dossier, c->object);
		if (which > 0 && !n->gone)
			return edited(s, dossier, n->object);
		if (which == 0)
			c = c->next;
		n = n->next;
	}
	return OK;
}

static enum status visit_all(struct service *s, const struct copied *c, row_visit *visit, void *arg)
{
	for (; c != NULL; c = c->next)
		TRY(visit(s, arg, c->kind, c->object, c->body));
	return OK;
}

enum status rows_of_dossier(struct service *s, struct id dossier, row_visit *visit, void *arg)
{
	struct statement *q = db_statement(s->db, SQL_ROWS_OF);
	struct copied *rows;
	struct newest *leaves;
	enum status status;

	bind_id(q, 1, dossier);
	TRY(copy_all(s, q, &rows));
	status = leaves_of_rows(s, dossier, &leaves);
	if (status == E_CRYPTO)
		return edited(s, dossier, dossier);
	TRY(status);
	TRY(compare(s, dossier, rows, leaves));
	return visit_all(s, rows, visit, arg);
}

enum status rows_kind_whole(struct service *s, enum row_kind kind, row_visit *visit, void *arg)
{
	struct statement *q = db_statement(s->db, SQL_ROWS_KIND);
	struct copied *rows;
	struct newest *leaves;

	bind_int(q, 1, (int64_t)kind);
	TRY(copy_all(s, q, &rows));
	TRY(leaves_of_kind(s, kind, &leaves));
	TRY(compare(s, ID_ZERO, rows, leaves));
	return visit_all(s, rows, visit, arg);
}

static enum status visit_each(struct service *s, struct statement *q, struct id parent, row_visit *visit, void *arg)
{
	struct copied *rows;

	TRY(copy_all(s, q, &rows));
	for (const struct copied *c = rows; c != NULL; c = c->next) {
		const struct row row = { c->kind, c->object, parent, c->body };

		TRY(checked(s, &row, c->seq));
	}
	return visit_all(s, rows, visit, arg);
}

enum status rows_of(struct service *s, struct id parent, row_visit *visit, void *arg)
{
	struct statement *q = db_statement(s->db, SQL_ROWS_OF);

	bind_id(q, 1, parent);
	return visit_each(s, q, parent, visit, arg);
}

enum status rows_kind(struct service *s, enum row_kind kind, row_visit *visit, void *arg)
{
	struct statement *q = db_statement(s->db, SQL_ROWS_KIND);

	bind_int(q, 1, (int64_t)kind);
	return visit_each(s, q, ID_ZERO, visit, arg);
}

/* --- undo ---------------------------------------------------------------------------------------------------------------- */

struct undone {
	struct row row;
	struct undone *next;
};

static enum status undo_rows(struct service *s, uint64_t first, struct undone **out)
{
	struct statement *q = db_statement(s->db, SQL_UNDO_OF);
	struct undone **last = out;
	enum status status;

	*out = NULL;
	bind_int(q, 1, (int64_t)first);
	while ((status = statement_step(q)) == OK) {
		struct undone *u = ARENA_NEW(s->arena, struct undone);

		u->row.kind = (enum row_kind)column_int(q, 1);
		u->row.object = column_id(q, 2);
		u->row.parent = column_id(q, 3);
		u->row.body = arena_copy(s->arena, column_bytes(q, 4));
		*last = u;
		last = &u->next;
	}
	statement_end(q);
	return status == E_NOTFOUND ? OK : status;
}

/* The newest change comes first: of a row changed twice only the last one met here says what it was. */
static bool changed_before(const struct undone *u)
{
	for (const struct undone *o = u->next; o != NULL; o = o->next)
		if (o->row.kind == u->row.kind && id_equal(o->row.object, u->row.object))
			return true;
	return false;
}

/* Its newest leaf before `end` lies in the set, and the one before the set says what the row was. */
static enum status was_so(struct service *s, uint64_t first, uint64_t end, const struct row *row, bool *so)
{
	struct newest before = { .kind = row->kind };
	struct leaf leaf;
	enum status status = leaf_before(s, row->parent, row->kind, row->object, end, &leaf);

	*so = false;
	if (status != OK || leaf.seq < first)
		return status;
	status = leaf_before(s, row->parent, row->kind, row->object, first, &leaf);
	if (status == OK)
		memcpy(before.hash, leaf.blob, sizeof(before.hash));
	*so = (status == OK || status == E_NOTFOUND) && fits(&before, 0, row->body);
	return status;
}

enum status undo_genuine(struct service *s, uint64_t first, const struct row *row, bool *genuine)
{
	enum status status;
	uint64_t end;

	*genuine = false;
	if (!row_in_dossier(row->kind))
		return OK; /* a set changes nothing else */
	TRY(set_end(s, first, &end));
	status = was_so(s, first, end, row, genuine);
	if (status != OK && status != E_NOTFOUND && status != E_CRYPTO)
		return status;
	return OK;
}

/* What somebody else changed since stands. */
static enum status still_of(struct service *s, uint64_t first, const struct row *row, bool *still)
{
	struct leaf leaf;
	uint64_t end;

	*still = false;
	TRY(set_end(s, first, &end));
	TRY(leaf_newest(s, row->parent, row->kind, row->object, &leaf));
	*still = leaf.seq < end;
	return OK;
}

enum status rows_undo(struct service *s, uint64_t first)
{
	struct undone *list;

	TRY(undo_rows(s, first, &list));
	for (const struct undone *u = list; u != NULL; u = u->next) {
		struct act act = { .event = EV_VOID, .dossier = u->row.parent, .hour = true };
		uint64_t seq;
		bool genuine, still = false;

		TRY(undo_genuine(s, first, &u->row, &genuine));
		if (genuine)
			TRY(still_of(s, first, &u->row, &still));
		else if (!changed_before(u))
			(void)edited(s, u->row.parent, u->row.object);
		if (!still)
			continue;
		TRY(row_leaf(s, &act, &u->row, &seq));
		TRY(write_row(s, &u->row, seq));
	}
	return OK;
}
