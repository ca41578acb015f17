/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef STORE_DRIVER_H
#define STORE_DRIVER_H

#include "store/statements.h"
#include "store/store.h"

/* What an engine must do for store: a connection of one thread that runs named statements. SQLite (store/sqlite.c) now; store/fake.c wraps
 * one and fails on demand. Nothing here knows of requests: results go row by row to a callback. */

struct connection;
enum connection_use { CONNECTION_WRITE, CONNECTION_READ };
enum control { BEGIN_READ, END_READ, BEGIN_WRITE, SAVEPOINT, ROLLBACK_TO, RELEASE, COMMIT, ROLLBACK, CONTROL_COUNT };

/* One row; cells are valid during the call. Anything but OK ends the query with it. */
typedef enum status row_fn(void *arg, const struct value *cells, size_t n);

/* How a statement was understood by the engine (test/sql). */
struct shape {
	size_t params, columns;
	bool changes_data;
	const char *column_names[64];
};

struct driver {
	/* E_STORE. A CONNECTION_WRITE makes the database file when there is none. env is the driver's own (fake: its fault). */
	enum status (*open)(void *env, const char *path, enum connection_use use, struct connection **out);
	void (*close)(struct connection *k); /* NULL allowed */
	enum status (*query)(struct connection *k, enum query q, const struct value *args, size_t n, row_fn *row, void *arg);
	/* E_CONFLICT for a unique key, E_BUG for any other broken rule, E_STORE. Rows of a RETURNING are dropped. */
	enum status (*write)(struct connection *k, enum query q, const struct value *args, size_t n, int64_t *changes);
	/* COMMIT: E_STORE means it did not happen, E_UNCERTAIN that it may have. */
	enum status (*control)(struct connection *k, enum control what);
	bool (*in_transaction)(struct connection *k);
	/* Schema: the number of the newest migration applied, and one migration inside an open transaction, which sets it. */
	enum status (*version)(struct connection *k, int *number);
	enum status (*migrate)(struct connection *k, int number, const char *sql);
	enum status (*shape)(struct connection *k, enum query q, struct shape *out);
};

extern const struct driver sqlite_driver;

/* --- store/fake.c ------------------------------------------------------------------------------------------------------------ */
/* Counts the calls to a driver and fails one of them: reads, writes and controls without doing them; a COMMIT is done and its answer
 * lost (E_UNCERTAIN), the nastier case. Rollbacks are counted and never fail. */
struct fault {
	const struct driver *real;
	_Atomic uint64_t calls;
	_Atomic uint64_t fail_at;  /* value of calls that fails; 0 = none */
	_Atomic bool fail_commits; /* each COMMIT, not done */
};
extern const struct driver fake_driver;

/* --- store/migrate.c --------------------------------------------------------------------------------------------------------- */
/* Bring the schema up to the newest migration. A database made by a newer program is refused: E_STORE. */
enum status migrate(struct ctx *c, const struct driver *driver, struct connection *k, const struct migration_set *set) MUST_CHECK;

/* --- store/read.c ------------------------------------------------------------------------------------------------------------ */
/* A worker's connection. */
struct db {
	struct store *store;
	const struct driver *driver;
	struct connection *connection;
};
/* Sets that wait for the writer (tests: to see that those which wait together share one COMMIT). */
size_t store_queued(struct store *s);
/* Do the bound values fit the statement's declared parameters? */
bool args_fit(enum query q, const struct value *args, size_t n);

#endif
