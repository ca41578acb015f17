/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/context.h"
#include "queries.h" /* made at build: enum query, one value a file of sql/query/<room>/<name>.sql (QUERY_INTAKE_QUEUE) */

/* The main database: SQLite now, PostgreSQL later, a fake that fails at the n-th call. Named statements only, values bound, never
 * formatted. A worker owns one read connection (struct db); all writes go through the one writer thread. */

enum value_kind { VALUE_NULL, VALUE_INT, VALUE_TEXT, VALUE_BLOB };
struct value {
	enum value_kind kind;
	int64_t i;
	struct sv s;
};
static inline struct value v_int(int64_t i)
{
	return (struct value){ VALUE_INT, i, { 0, 0 } };
}
static inline struct value v_text(struct sv s)
{
	return (struct value){ VALUE_TEXT, 0, s };
}
static inline struct value v_blob(struct sv s)
{
	return (struct value){ VALUE_BLOB, 0, s };
}
static inline struct value v_id(const struct id *a)
{
	return (struct value){ VALUE_BLOB, 0, { (const char *)a->b, 16 } };
}
static inline struct value v_null(void)
{
	return (struct value){ VALUE_NULL, 0, { 0, 0 } };
}

/* --- reading --------------------------------------------------------------------------------------------------------- */
struct rows {
	size_t n, columns;
	struct value *cells; /* n * columns, in the arena */
};
/* At most `limit` rows are read (0 = 1 000, never over 100 000): ask for one more than is shown to know whether there are more. Cells lie in
 * the arena. E_STORE, E_LIMIT past 4 MiB in all, E_BUG when arguments and the statement's head disagree. SV_NONE binds as NULL. */
enum status db_query(struct ctx *c, enum query q, const struct value *args, size_t arg_count, size_t limit,
		     struct rows *out) MUST_CHECK;
static inline const struct value *row_at(const struct rows *r, size_t row, size_t column)
{
	return &r->cells[row * r->columns + column];
}
int64_t row_int(const struct rows *r, size_t row, size_t column);    /* NULL = 0 */
struct sv row_text(const struct rows *r, size_t row, size_t column); /* NULL = SV_NONE */
struct id row_id(const struct rows *r, size_t row, size_t column);   /* NULL or wrong size = ID_ZERO */
bool row_null(const struct rows *r, size_t row, size_t column);
/* A snapshot over several queries (prepare step). Always end it before waiting for keeper or writer. */
enum status db_begin_read(struct ctx *c) MUST_CHECK;
void db_end_read(struct ctx *c);

/* --- writing: the third step of a save ---------------------------------------------------------------------------------- */
/* A statement of a set. `changes` is what it must have changed to stand: exactly that many rows, or -1 for any. On another number
 * the whole set rolls back with `otherwise` (E_STALE, E_CONFLICT, E_STATE). A unique-key violation gives E_CONFLICT. */
struct write {
	enum query q;
	const struct value *args;
	size_t arg_count;
	int64_t changes;
	enum status otherwise;
};
struct write_set {
	const struct write *writes;
	size_t n;
	uint64_t tag;       /* the keeper's first leaf of the set, 0 = none; given to the settle hook */
	enum status result; /* out */
	/* the writer's own */
	struct write_set *next;
	bool done;
};
/* Queue the set, wait for its fate. Sets waiting together share one COMMIT (synchronous=FULL), a savepoint each.
 * E_STORE also for a full disk: reading goes on. E_UNCERTAIN when the commit's own answer was lost and asking again found none; the settle hook
 * hears nothing of it.
 * E_BUSY comes back without an error noted, for a runner that prepares again. */
enum status store_apply(struct ctx *c, struct write_set *set) MUST_CHECK;

/* --- the engine ------------------------------------------------------------------------------------------------------------ */
struct store;
/* Called by the writer thread after each batch with the tags of sets in force and void (record/run.c tells the keeper). Without any (n = 0):
 * the disk takes writes again after sets nobody knows the fate of; they are in no list until a start looks them up. */
typedef void settle_hook(void *arg, const uint64_t *tags, const bool *in_force, size_t n);
/* Opens or makes DIR/main.db, migrates it (never downwards), starts the writer. E_STORE. */
enum status store_open(struct ctx *c, const char *dir, settle_hook *hook, void *arg, struct store **out) MUST_CHECK;
void store_close(struct store *s); /* ends the writer after its queue; NULL allowed */
enum status store_connect(struct ctx *c, struct store *s, struct db **out) MUST_CHECK; /* a worker's read connection */
void db_close(struct db *d);
struct store *db_store(struct db *d);
const char *store_dir(const struct store *s); /* where main.db lies; lives as long as the store */
/* Tests only: fail the n-th call of the driver from now with E_STORE (0 = never), or each from then on that commits; how many calls there were. */
void store_fail_at(struct store *s, uint64_t n);
void store_fail_commits(struct store *s, bool fail);
uint64_t store_calls(const struct store *s);

#endif
