/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The SQLite driver, the only file that knows the library. A connection belongs to one thread (NOMUTEX), keeps its statements prepared,
 * and is set as measured: WAL, synchronous=FULL for writers; readers cannot write and keep 4 MiB of pages. Parameters are written $n in
 * the common dialect; SQLite numbers them by first appearance, so each statement carries a map. */
#include "base/heap.h"
#include "base/log.h"
#include "store/driver.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

#define PARAMS_MAX 48
#define COLUMNS_MAX 64
#define BUSY_MS 5000
#define LONGEST_VALUE (4 << 20)
#define APPLICATION_ID 0x416d616e /* "Aman" */

struct prepared {
	sqlite3_stmt *statement;
	uint8_t map[PARAMS_MAX]; /* argument bound to SQLite's parameter i + 1 */
};

struct connection {
	sqlite3 *lite;
	struct prepared queries[QUERY_COUNT];
	sqlite3_stmt *controls[CONTROL_COUNT];
};

static const char *const control_sql[CONTROL_COUNT] = {
	[BEGIN_READ] = "BEGIN",
	[END_READ] = "COMMIT",
	[BEGIN_WRITE] = "BEGIN IMMEDIATE",
	[SAVEPOINT] = "SAVEPOINT one",
	[ROLLBACK_TO] = "ROLLBACK TO one",
	[RELEASE] = "RELEASE one",
	[COMMIT] = "COMMIT",
	[ROLLBACK] = "ROLLBACK",
};

static enum status failed(struct connection *k, enum status s, int64_t where)
{
	log_event(LOG_DATABASE, s, k->lite ? sqlite3_extended_errcode(k->lite) : 0, where, 0, 0);
	return s;
}

/* The meaning of a result that is neither row nor done. */
static enum status meaning(struct connection *k, int64_t where)
{
	int code = sqlite3_extended_errcode(k->lite);

	if (code == SQLITE_CONSTRAINT_UNIQUE || code == SQLITE_CONSTRAINT_PRIMARYKEY || code == SQLITE_CONSTRAINT_ROWID)
		return E_CONFLICT;
	switch (code & 0xff) {
	case SQLITE_CONSTRAINT:
	case SQLITE_ERROR:
	case SQLITE_MISMATCH:
	case SQLITE_MISUSE:
	case SQLITE_RANGE:
	case SQLITE_TOOBIG:
	case SQLITE_AUTH:
		return failed(k, E_BUG, where);
	default:
		return failed(k, E_STORE, where);
	}
}

/* --- opening ----------------------------------------------------------------------------------------------------------------- */

static void configure_library(void)
{
	/* One lock less in every allocation; nobody reads the figures. */
	(void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

/* SQLite would make the file readable by others. Its companions take the same mode. */
static bool make_file(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd >= 0)
		return close(fd) == 0;
	return errno == EEXIST;
}

static const char *const writer_pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=1000;";
static const char *const reader_pragmas = "PRAGMA query_only=ON;";
static const char *const common_pragmas = "PRAGMA temp_store=MEMORY; PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON;"
					  "PRAGMA secure_delete=ON; PRAGMA cache_size=-4096; PRAGMA mmap_size=0;";

static bool harden(sqlite3 *lite)
{
	static const int options[][2] = {
		{ SQLITE_DBCONFIG_DEFENSIVE, 1 },
		{ SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0 },
		{ SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0 },
		{ SQLITE_DBCONFIG_DQS_DML, 0 },
		{ SQLITE_DBCONFIG_DQS_DDL, 0 },
	};

	for (size_t i = 0; i < sizeof options / sizeof *options; i++)
		if (sqlite3_db_config(lite, options[i][0], options[i][1], NULL) != SQLITE_OK)
			return false;
	(void)sqlite3_limit(lite, SQLITE_LIMIT_LENGTH, LONGEST_VALUE);
	(void)sqlite3_limit(lite, SQLITE_LIMIT_ATTACHED, 0);
	return true;
}

static void sqlite_close(struct connection *k)
{
	if (!k)
		return;
	for (size_t i = 0; i < QUERY_COUNT; i++)
		(void)sqlite3_finalize(k->queries[i].statement);
	for (size_t i = 0; i < CONTROL_COUNT; i++)
		(void)sqlite3_finalize(k->controls[i]);
	(void)sqlite3_close(k->lite);
	heap_free(k);
}

static enum status sqlite_open(void *env, const char *path, enum connection_use use, struct connection **out)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct connection *k;
	bool writes = use == CONNECTION_WRITE;

	(void)pthread_once(&once, configure_library);
	if (writes && !make_file(path))
		return E_STORE;
	k = heap_new(1, sizeof *k);
	if (sqlite3_open_v2(path, &k->lite, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE, NULL) !=
		    SQLITE_OK ||
	    sqlite3_extended_result_codes(k->lite, 1) != SQLITE_OK || sqlite3_busy_timeout(k->lite, BUSY_MS) != SQLITE_OK ||
	    !harden(k->lite) || sqlite3_exec(k->lite, common_pragmas, NULL, NULL, NULL) != SQLITE_OK ||
	    sqlite3_exec(k->lite, writes ? writer_pragmas : reader_pragmas, NULL, NULL, NULL) != SQLITE_OK) {
		(void)failed(k, E_STORE, -1);
		sqlite_close(k);
		return E_STORE;
	}
	*out = k;
	return OK;
}

/* --- statements -------------------------------------------------------------------------------------------------------------- */

/* Which argument each of SQLite's parameters stands for: "$7" is argument 6. */
static bool map_params(struct prepared *p)
{
	int n = sqlite3_bind_parameter_count(p->statement);

	if (n > PARAMS_MAX)
		return false;
	for (int i = 0; i < n; i++) {
		const char *name = sqlite3_bind_parameter_name(p->statement, i + 1);
		uint64_t number;

		if (!name || name[0] != '$' || !sv_u64(sv_of(name + 1), &number) || number < 1 || number > (uint64_t)n)
			return false;
		p->map[i] = (uint8_t)(number - 1);
	}
	return true;
}

/* The statement of a query, prepared on first use and kept. */
static enum status prepared(struct connection *k, enum query q, struct prepared **out)
{
	struct prepared *p = &k->queries[q];
	const char *rest = "";

	*out = p;
	if (p->statement)
		return OK;
	if (sqlite3_prepare_v3(k->lite, statements[q].sql, -1, SQLITE_PREPARE_PERSISTENT, &p->statement, &rest) != SQLITE_OK)
		return meaning(k, (int64_t)q);
	if (p->statement && map_params(p) && sqlite3_column_count(p->statement) <= COLUMNS_MAX && sv_trim(sv_of(rest)).n == 0)
		return OK;
	(void)sqlite3_finalize(p->statement);
	p->statement = NULL;
	return failed(k, E_BUG, (int64_t)q);
}

static int bind_one(sqlite3_stmt *statement, int at, const struct value *v)
{
	if (v->kind == VALUE_INT)
		return sqlite3_bind_int64(statement, at, v->i);
	if (v->kind == VALUE_NULL || !v->s.p)
		return sqlite3_bind_null(statement, at);
	if (v->kind == VALUE_TEXT)
		return sqlite3_bind_text64(statement, at, v->s.p, v->s.n, SQLITE_STATIC, SQLITE_UTF8);
	return sqlite3_bind_blob64(statement, at, v->s.p, v->s.n, SQLITE_STATIC);
}

/* Prepare and bind. The values stay the caller's until finished(). */
static enum status ready(struct connection *k, enum query q, const struct value *args, size_t n, sqlite3_stmt **out)
{
	struct prepared *p;
	int params;

	TRY(prepared(k, q, &p));
	params = sqlite3_bind_parameter_count(p->statement);
	if (n != (size_t)params)
		return failed(k, E_BUG, (int64_t)q);
	for (int i = 0; i < params; i++)
		if (bind_one(p->statement, i + 1, &args[p->map[i]]) != SQLITE_OK) {
			(void)sqlite3_clear_bindings(p->statement);
			return meaning(k, (int64_t)q);
		}
	*out = p->statement;
	return OK;
}

static void finished(sqlite3_stmt *statement)
{
	(void)sqlite3_reset(statement);
	(void)sqlite3_clear_bindings(statement);
}

static enum status read_cell(sqlite3_stmt *statement, int i, struct value *out)
{
	switch (sqlite3_column_type(statement, i)) {
	case SQLITE_INTEGER:
		*out = v_int(sqlite3_column_int64(statement, i));
		return OK;
	case SQLITE_NULL:
		*out = v_null();
		return OK;
	case SQLITE_TEXT:
		*out = v_text(
			(struct sv){ (const char *)sqlite3_column_text(statement, i), (size_t)sqlite3_column_bytes(statement, i) });
		return OK;
	case SQLITE_BLOB:
		*out = v_blob((struct sv){ sqlite3_column_blob(statement, i), (size_t)sqlite3_column_bytes(statement, i) });
		if (!out->s.p)
			out->s.p = ""; /* an empty value is not an absent one */
		return OK;
	default: /* a fraction: the schema has none */
		return E_BUG;
	}
}

static enum status read_row(sqlite3_stmt *statement, row_fn *row, void *arg)
{
	struct value cells[COLUMNS_MAX];
	int n = sqlite3_column_count(statement);

	for (int i = 0; i < n; i++)
		TRY(read_cell(statement, i, &cells[i]));
	return row(arg, cells, (size_t)n);
}

static enum status sqlite_query(struct connection *k, enum query q, const struct value *args, size_t n, row_fn *row, void *arg)
{
	sqlite3_stmt *statement;
	enum status s;
	int code = SQLITE_DONE;

	TRY(ready(k, q, args, n, &statement));
	s = sqlite3_stmt_readonly(statement) ? OK : failed(k, E_BUG, (int64_t)q);
	while (s == OK && (code = sqlite3_step(statement)) == SQLITE_ROW)
		s = read_row(statement, row, arg);
	if (s == OK && code != SQLITE_DONE)
		s = meaning(k, (int64_t)q);
	finished(statement);
	return s;
}

static enum status sqlite_write(struct connection *k, enum query q, const struct value *args, size_t n, int64_t *changes)
{
	sqlite3_stmt *statement;
	enum status s;
	int code = SQLITE_DONE;

	TRY(ready(k, q, args, n, &statement));
	s = sqlite3_stmt_readonly(statement) ? failed(k, E_BUG, (int64_t)q) : OK;
	while (s == OK && (code = sqlite3_step(statement)) == SQLITE_ROW)
		continue;
	if (s == OK && code != SQLITE_DONE)
		s = meaning(k, (int64_t)q);
	if (s == OK)
		*changes = sqlite3_changes64(k->lite);
	finished(statement);
	return s;
}

/* --- transactions and schema ------------------------------------------------------------------------------------------------- */

/* A COMMIT stopped by a full disk or a lock did not happen. After a failed write or sync of the log its last frame may still be found
 * by a recovery, so that is uncertain. */
static enum status commit_meaning(struct connection *k)
{
	int code = sqlite3_extended_errcode(k->lite) & 0xff;

	return failed(k, code == SQLITE_FULL || code == SQLITE_BUSY || code == SQLITE_READONLY ? E_STORE : E_UNCERTAIN, -2);
}

static enum status sqlite_control(struct connection *k, enum control what)
{
	sqlite3_stmt **statement = &k->controls[what];
	int code;

	if (!*statement &&
	    sqlite3_prepare_v3(k->lite, control_sql[what], -1, SQLITE_PREPARE_PERSISTENT, statement, NULL) != SQLITE_OK)
		return failed(k, E_STORE, -2);
	code = sqlite3_step(*statement);
	if (code != SQLITE_DONE) {
		enum status s = what == COMMIT ? commit_meaning(k) : failed(k, E_STORE, -2);

		(void)sqlite3_reset(*statement);
		return s;
	}
	(void)sqlite3_reset(*statement);
	return OK;
}

static bool sqlite_in_transaction(struct connection *k)
{
	return sqlite3_get_autocommit(k->lite) == 0;
}

static enum status read_pragma(struct connection *k, const char *sql, int *out)
{
	sqlite3_stmt *statement;
	enum status s = OK;

	if (sqlite3_prepare_v2(k->lite, sql, -1, &statement, NULL) != SQLITE_OK)
		return failed(k, E_STORE, -3);
	if (sqlite3_step(statement) == SQLITE_ROW)
		*out = sqlite3_column_int(statement, 0);
	else
		s = failed(k, E_STORE, -3);
	(void)sqlite3_finalize(statement);
	return s;
}

/* A database of some other program is none of ours. */
static enum status sqlite_version(struct connection *k, int *number)
{
	int application = 0;

	TRY(read_pragma(k, "PRAGMA user_version", number));
	TRY(read_pragma(k, "PRAGMA application_id", &application));
	if (application == APPLICATION_ID || (application == 0 && *number == 0))
		return OK;
	return failed(k, E_STORE, -3);
}

static enum status sqlite_migrate(struct connection *k, int number, const char *sql)
{
	char pragmas[96] = { 0 };
	struct buf b = buf_over(pragmas, sizeof pragmas - 1);

	buf_format(&b, "PRAGMA application_id=%d; PRAGMA user_version=%d;", APPLICATION_ID, number);
	TRY(buf_ok(&b));
	if (sqlite3_exec(k->lite, sql, NULL, NULL, NULL) == SQLITE_OK &&
	    sqlite3_exec(k->lite, pragmas, NULL, NULL, NULL) == SQLITE_OK)
		return OK;
	return meaning(k, -number);
}

static enum status sqlite_shape(struct connection *k, enum query q, struct shape *out)
{
	struct prepared *p;

	TRY(prepared(k, q, &p));
	out->params = (size_t)sqlite3_bind_parameter_count(p->statement);
	out->columns = (size_t)sqlite3_column_count(p->statement);
	out->changes_data = !sqlite3_stmt_readonly(p->statement);
	for (size_t i = 0; i < out->columns; i++)
		out->column_names[i] = sqlite3_column_name(p->statement, (int)i);
	return OK;
}

const struct driver sqlite_driver = {
	.open = sqlite_open,
	.close = sqlite_close,
	.query = sqlite_query,
	.write = sqlite_write,
	.control = sqlite_control,
	.in_transaction = sqlite_in_transaction,
	.version = sqlite_version,
	.migrate = sqlite_migrate,
	.shape = sqlite_shape,
};
