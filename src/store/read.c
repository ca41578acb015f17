/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading: a named statement's rows copied into the request's arena, bounded in rows and bytes, so that no query can take more memory
 * than a request may have. */
#include "base/heap.h"
#include "store/driver.h"

#include <string.h>

#define ROWS_DEFAULT 1000
#define ROWS_MAX 100000
#define RESULT_BYTES_MAX ((size_t)4 << 20)
#define ROWS_FIRST 4

struct collector {
	struct arena *arena;
	struct rows *out;
	size_t room, limit, bytes;
};

static bool kind_fits(char declared, const struct value *v)
{
	if (v->kind == VALUE_NULL || (v->kind != VALUE_INT && !v->s.p))
		return true;
	if (declared == 'i')
		return v->kind == VALUE_INT;
	if (declared == 't')
		return v->kind == VALUE_TEXT;
	return v->kind == VALUE_BLOB && (declared == 'b' || v->s.n == 16);
}

bool args_fit(enum query q, const struct value *args, size_t n)
{
	if ((unsigned)q >= QUERY_COUNT || n != strlen(statements[q].params))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!kind_fits(statements[q].params[i], &args[i]))
			return false;
	return true;
}

/* Room for one more row: doubled in the arena. */
static void make_room(struct collector *k, size_t columns)
{
	struct value *grown;

	if (k->out->n < k->room)
		return;
	k->room = k->room ? k->room * 2 : ROWS_FIRST;
	if (k->room > k->limit)
		k->room = k->limit;
	grown = ARENA_ARRAY(k->arena, struct value, k->room * columns);
	if (k->out->n)
		memcpy(grown, k->out->cells, k->out->n * columns * sizeof *grown);
	k->out->cells = grown;
}

#define STOP_READING E_STATE /* private to collect and db_query: the limit is reached */

static enum status collect(void *arg, const struct value *cells, size_t n)
{
	struct collector *k = arg;
	struct value *row;

	if (k->out->n == k->limit)
		return STOP_READING;
	make_room(k, n);
	row = &k->out->cells[k->out->n * n];
	for (size_t i = 0; i < n; i++) {
		row[i] = cells[i];
		k->bytes += sizeof *row + cells[i].s.n;
		if (k->bytes > RESULT_BYTES_MAX)
			return E_LIMIT;
		if (cells[i].s.p)
			row[i].s = arena_copy(k->arena, cells[i].s);
	}
	k->out->n++;
	return OK;
}

enum status db_query(struct ctx *c, enum query q, const struct value *args, size_t arg_count, size_t limit, struct rows *out)
{
	struct collector k = { c->arena, out, 0, limit ? limit : ROWS_DEFAULT, 0 };
	enum status s;

	*out = (struct rows){ 0 };
	if (k.limit > ROWS_MAX || !args_fit(q, args, arg_count))
		return ERR(c, E_BUG, "arguments do not fit the statement");
	out->columns = strlen(statements[q].columns);
	s = c->db->driver->query(c->db->connection, q, args, arg_count, collect, &k);
	if (s == OK || s == STOP_READING)
		return OK;
	if (s == E_LIMIT)
		return ERR(c, E_LIMIT, "a query gave more than a request may hold");
	return ERR(c, s == E_BUG ? E_BUG : E_STORE, "the database could not be read");
}

int64_t row_int(const struct rows *r, size_t row, size_t column)
{
	const struct value *v = row_at(r, row, column);

	return v->kind == VALUE_INT ? v->i : 0;
}

struct sv row_text(const struct rows *r, size_t row, size_t column)
{
	const struct value *v = row_at(r, row, column);

	return v->kind == VALUE_TEXT || v->kind == VALUE_BLOB ? v->s : SV_NONE;
}

struct id row_id(const struct rows *r, size_t row, size_t column)
{
	struct id id = ID_ZERO;

	if (!id_from(row_text(r, row, column), &id))
		return ID_ZERO;
	return id;
}

bool row_null(const struct rows *r, size_t row, size_t column)
{
	return row_at(r, row, column)->kind == VALUE_NULL;
}

enum status db_begin_read(struct ctx *c)
{
	if (c->db->driver->control(c->db->connection, BEGIN_READ) != OK)
		return ERR(c, E_STORE, "the database could not be read");
	return OK;
}

void db_end_read(struct ctx *c)
{
	if (c->db->driver->in_transaction(c->db->connection))
		(void)c->db->driver->control(c->db->connection, END_READ);
}

void db_close(struct db *d)
{
	if (!d)
		return;
	d->driver->close(d->connection);
	heap_free(d);
}

struct store *db_store(struct db *d)
{
	return d->store;
}
