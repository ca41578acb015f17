/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SQLite for the keeper: WAL, full sync, secure delete. Statements are prepared at first use and kept. */
#include "keeper/ledger/db.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include "base/heap.h"
#include "base/log.h"

#define BUSY_MS 2000

struct statement {
	sqlite3_stmt *s;
	struct db_file *db;
};
struct db_file {
	sqlite3 *h;
	struct statement statements[SQL_COUNT];
	uint64_t steps;
	bool full;
};

/* Where the fields of a leaf lie, and which leaves say what something is from then on: rows, writes and voids of parts, erased parts. */
#define LEAF_DOSSIER "substr(body,57,16)"
#define LEAF_FLAGS "substr(body,7,2)"
#define LEAF_OBJECT "substr(body,73,16)"
#define LEAF_OF_ROW "substr(body,8,1)=x'80'"
#define LEAF_STATES                                                                                                    \
	"(" LEAF_OF_ROW " OR substr(body,129,32)<>x'0000000000000000000000000000000000000000000000000000000000000000'" \
	" OR substr(body,6,1)=x'1f')"

/* row: every right and fact the keeper decides by, in the fixed layout whose hash its newest leaf carries.
 * head, pending: which blob of each part is in force, which writes are not settled yet (the protocol of 300 kills).
 * undo: what a right looked like before the unsettled set that changed it.
 * device: hashes of known devices; they open nothing, so they have no leaf.
 * due: erasure shares to be destroyed; written in the commit that decides it, gone when shred.db and its log hold them no more.
 * ending: dossiers that end by themselves, so that the timer need not look at all. */
static const char schema[] =
	"CREATE TABLE leaf(seq INTEGER PRIMARY KEY, body BLOB NOT NULL, mac BLOB NOT NULL) STRICT;"
	"CREATE INDEX leaf_dossier ON leaf(" LEAF_DOSSIER ", " LEAF_FLAGS ", " LEAF_OBJECT ") WHERE " LEAF_STATES ";"
	"CREATE TABLE tree(one INTEGER PRIMARY KEY CHECK(one=1), size INTEGER NOT NULL, edge BLOB NOT NULL) STRICT;"
	"CREATE TABLE checkpoint(size INTEGER PRIMARY KEY, at INTEGER NOT NULL, edge BLOB NOT NULL, body TEXT NOT NULL) STRICT;"
	"CREATE TABLE row(kind INTEGER NOT NULL, object BLOB NOT NULL, parent BLOB NOT NULL, body BLOB NOT NULL, leaf INTEGER NOT NULL,"
	" PRIMARY KEY(kind, object)) STRICT, WITHOUT ROWID;"
	"CREATE INDEX row_parent ON row(parent, kind);"
	"CREATE TABLE undo(first INTEGER NOT NULL, n INTEGER NOT NULL, kind INTEGER NOT NULL, object BLOB NOT NULL, parent BLOB NOT NULL,"
	" body BLOB, dossier BLOB NOT NULL, PRIMARY KEY(first, n)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE head(record BLOB NOT NULL, type INTEGER NOT NULL, class INTEGER NOT NULL, dossier BLOB NOT NULL, version INTEGER NOT NULL,"
	" hash BLOB NOT NULL, leaf INTEGER NOT NULL, PRIMARY KEY(record, class)) STRICT, WITHOUT ROWID;"
	"CREATE INDEX head_dossier ON head(dossier);"
	"CREATE TABLE pending(seq INTEGER PRIMARY KEY, first INTEGER NOT NULL, record BLOB NOT NULL, type INTEGER NOT NULL,"
	" class INTEGER NOT NULL, dossier BLOB NOT NULL, version INTEGER NOT NULL, hash BLOB NOT NULL) STRICT;"
	"CREATE INDEX pending_part ON pending(record, class);"
	"CREATE INDEX pending_set ON pending(first);"
	"CREATE TABLE draft(seq INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, user BLOB NOT NULL, at INTEGER NOT NULL,"
	" wrap BLOB NOT NULL, blob BLOB NOT NULL) STRICT;"
	"CREATE INDEX draft_user ON draft(user);"
	"CREATE TABLE device(hash BLOB PRIMARY KEY, user BLOB NOT NULL, until INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
	"CREATE INDEX device_user ON device(user);"
	"CREATE TABLE due(dossier BLOB NOT NULL, number INTEGER NOT NULL, PRIMARY KEY(dossier, number)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE ending(dossier BLOB PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
	"CREATE INDEX ending_at ON ending(at);";
static const char shred_schema[] = "CREATE TABLE shred.share(dossier BLOB NOT NULL, number INTEGER NOT NULL, share BLOB NOT NULL,"
				   " PRIMARY KEY(dossier, number)) STRICT, WITHOUT ROWID;";

static const char *const sql[SQL_COUNT] = {
	[SQL_BEGIN] = "BEGIN IMMEDIATE",
	[SQL_BEGIN_READ] = "BEGIN",
	[SQL_COMMIT] = "COMMIT",
	[SQL_ROLLBACK] = "ROLLBACK",
	[SQL_SAVEPOINT] = "SAVEPOINT request",
	[SQL_ROLLBACK_TO] = "ROLLBACK TO request",
	[SQL_RELEASE] = "RELEASE request",
	[SQL_LEAF_ADD] = "INSERT INTO leaf(seq, body, mac) VALUES($1, $2, $3)",
	[SQL_LEAF_GET] = "SELECT seq, body, mac FROM leaf WHERE seq=$1",
	[SQL_LEAF_FROM] = "SELECT seq, body, mac FROM leaf WHERE seq>=$1 ORDER BY seq",
	[SQL_LEAF_COUNT] = "SELECT count(*), max(seq) FROM leaf",
	[SQL_LEAF_NEWEST_ROW] = "SELECT seq, body, mac FROM leaf WHERE " LEAF_DOSSIER "=$1 AND " LEAF_FLAGS "=$2 AND " LEAF_OBJECT
				"=$3"
				" AND " LEAF_STATES " ORDER BY seq DESC LIMIT 1",
	[SQL_LEAF_BEFORE] = "SELECT seq, body, mac FROM leaf WHERE " LEAF_DOSSIER "=$1 AND " LEAF_FLAGS "=$2 AND " LEAF_OBJECT "=$3"
			    " AND " LEAF_STATES " AND seq<$4 ORDER BY seq DESC LIMIT 1",
	[SQL_LEAVES_ROWS] = "SELECT seq, body, mac FROM leaf WHERE " LEAF_DOSSIER "=$1 AND " LEAF_FLAGS ">x'0000' AND " LEAF_STATES
			    " ORDER BY " LEAF_FLAGS ", " LEAF_OBJECT ", seq",
	[SQL_LEAVES_KIND] = "SELECT seq, body, mac FROM leaf WHERE " LEAF_DOSSIER "=$1 AND " LEAF_FLAGS "=$2 AND " LEAF_STATES
			    " ORDER BY " LEAF_OBJECT ", seq",
	[SQL_DROPS_COUNT] = "SELECT coalesce(sum(CASE substr(body,6,1) WHEN x'08' THEN 1 ELSE -1 END), 0)"
			    " - (SELECT count(*) FROM pending WHERE dossier=$1) FROM leaf WHERE " LEAF_DOSSIER "=$1 AND " LEAF_FLAGS
			    "=x'0000' AND " LEAF_STATES,
	[SQL_LEAVES_PARTS] = "SELECT seq, body, mac FROM leaf WHERE " LEAF_DOSSIER "=$1 AND " LEAF_FLAGS "=x'0000' AND " LEAF_STATES
			     " ORDER BY " LEAF_OBJECT ", seq",
	[SQL_TREE_GET] = "SELECT size, edge FROM tree WHERE one=1",
	[SQL_TREE_PUT] = "INSERT INTO tree(one, size, edge) VALUES(1, $1, $2) ON CONFLICT(one) DO UPDATE SET size=$1, edge=$2",
	[SQL_CHECKPOINT_LAST] = "SELECT size, at, edge, body FROM checkpoint ORDER BY size DESC LIMIT 1",
	[SQL_CHECKPOINT_ADD] = "INSERT INTO checkpoint(size, at, edge, body) VALUES($1, $2, $3, CAST($4 AS TEXT))",
	[SQL_CHECKPOINTS] = "SELECT size, at, edge, body FROM checkpoint ORDER BY size",
	[SQL_ROW_GET] = "SELECT body, leaf, parent FROM row WHERE kind=$1 AND object=$2",
	[SQL_ROW_PUT] = "INSERT INTO row(kind, object, parent, body, leaf) VALUES($1, $2, $3, $4, $5)"
			" ON CONFLICT(kind, object) DO UPDATE SET parent=$3, body=$4, leaf=$5",
	[SQL_ROW_DROP] = "DELETE FROM row WHERE kind=$1 AND object=$2",
	[SQL_ROWS_OF] = "SELECT kind, object, body, leaf FROM row WHERE parent=$1 ORDER BY kind, object",
	[SQL_ROWS_KIND] = "SELECT kind, object, body, leaf FROM row WHERE kind=$1 ORDER BY object",
	[SQL_ROWS_ALL] = "SELECT kind, object, body, leaf FROM row",
	[SQL_UNDO_ADD] = "INSERT INTO undo(first, n, kind, object, parent, body, dossier) VALUES($1, $2, $3, $4, $5, $6, $7)",
	[SQL_UNDO_OF] = "SELECT n, kind, object, parent, body, dossier FROM undo WHERE first=$1 ORDER BY n DESC",
	[SQL_UNDO_DROP] = "DELETE FROM undo WHERE first=$1",
	[SQL_UNDO_SETS] = "SELECT DISTINCT first FROM undo",
	[SQL_UNDO_OTHER] = "SELECT first FROM undo WHERE kind=$1 AND object=$2 AND first<>$3 LIMIT 1",
	[SQL_HEAD_GET] = "SELECT version, hash, dossier, type FROM head WHERE record=$1 AND class=$2",
	[SQL_HEAD_PUT] = "INSERT INTO head(record, type, class, dossier, version, hash, leaf) VALUES($1, $2, $3, $4, $5, $6, $7)"
			 " ON CONFLICT(record, class) DO UPDATE SET version=$5, hash=$6, leaf=$7 WHERE leaf<$7",
	[SQL_HEADS_STATE] = "SELECT record, type, class, version, hash, leaf FROM head WHERE dossier=$1 ORDER BY record, class",
	[SQL_HEADS_ALL] = "SELECT record, type, class, version, hash, leaf FROM head",
	[SQL_HEADS_OF_DOSSIER] = "SELECT record, class FROM head WHERE dossier=$1 AND leaf<$2",
	[SQL_HEADS_DROP] = "DELETE FROM head WHERE dossier=$1 AND leaf<$2",
	[SQL_PENDING_ADD] =
		"INSERT INTO pending(seq, first, record, type, class, dossier, version, hash) VALUES($1, $2, $3, $4, $5, $6, $7, $8)",
	[SQL_PENDING_OF_PART] = "SELECT version, hash, dossier, type, seq FROM pending WHERE record=$1 AND class=$2",
	[SQL_PENDING_OF_SET] = "SELECT seq, record, type, class, dossier, version, hash FROM pending WHERE first=$1",
	[SQL_PENDING_DROP_BELOW] = "DELETE FROM pending WHERE record=$1 AND class=$2 AND seq<=$3",
	[SQL_PENDING_DROP_SET] = "DELETE FROM pending WHERE first=$1",
	[SQL_PENDING_ALL] = "SELECT seq, first, record, type, class, version, hash FROM pending ORDER BY seq LIMIT $1",
	[SQL_PENDING_SETS] = "SELECT first, max(seq) FROM pending GROUP BY first",
	[SQL_PENDING_OF_DOSSIER] = "SELECT first FROM pending WHERE dossier=$1 LIMIT 1",
	[SQL_UNSETTLED] = "SELECT 1 FROM pending UNION ALL SELECT 1 FROM undo LIMIT 1",
	[SQL_DRAFT_ADD] = "INSERT INTO draft(id, user, at, wrap, blob) VALUES($1, $2, $3, $4, $5)",
	[SQL_DRAFTS_OF] = "SELECT id, at, wrap, blob FROM draft WHERE user=$1 ORDER BY seq LIMIT 20",
	[SQL_DRAFTS_COUNT] = "SELECT count(*) FROM draft WHERE user=$1",
	[SQL_DRAFTS_KEEP] = "DELETE FROM draft WHERE user=$1 AND id NOT IN"
			    " (SELECT id FROM draft WHERE user=$1 ORDER BY seq DESC LIMIT 20)",
	[SQL_DRAFT_DROP] = "DELETE FROM draft WHERE id=$1 AND user=$2",
	[SQL_DRAFTS_EXPIRE] = "DELETE FROM draft WHERE at<$1",
	[SQL_DEVICE_GET] = "SELECT until FROM device WHERE hash=$1 AND user=$2",
	[SQL_DEVICE_PUT] = "INSERT INTO device(hash, user, until) VALUES($1, $2, $3) ON CONFLICT(hash) DO UPDATE SET until=$3",
	[SQL_DEVICES_KEEP] = "DELETE FROM device WHERE user=$1 AND hash NOT IN"
			     " (SELECT hash FROM device WHERE user=$1 ORDER BY until DESC LIMIT 8)",
	[SQL_DEVICES_EXPIRE] = "DELETE FROM device WHERE until<=$1",
	[SQL_SHARE_GET] = "SELECT number, share FROM shred.share WHERE dossier=$1 ORDER BY number DESC",
	[SQL_SHARE_ADD] = "INSERT INTO shred.share(dossier, number, share) VALUES($1, $2, $3)",
	[SQL_SHARE_DROP_DUE] = "DELETE FROM shred.share WHERE dossier=$1 AND number=$2"
			       " AND (dossier, number) IN (SELECT dossier, number FROM main.due)",
	[SQL_SHARES_SHRED] = "DELETE FROM shred.share WHERE (dossier, number) IN (SELECT dossier, number FROM main.due)",
	[SQL_DUE_ADD] = "INSERT INTO due(dossier, number) VALUES($1, $2) ON CONFLICT DO NOTHING",
	[SQL_DUE_ALL] = "SELECT dossier FROM due",
	[SQL_DUE_CLEAR] = "DELETE FROM due",
	[SQL_DUE_DROP] = "DELETE FROM due WHERE dossier=$1 AND number=$2",
	[SQL_ENDING_ADD] = "INSERT INTO ending(dossier, at) VALUES($1, $2)",
	[SQL_ENDING_OVER] = "SELECT dossier, at FROM ending WHERE at<=$1 AND (at, dossier)>($2, $3) ORDER BY at, dossier LIMIT $4",
	[SQL_ENDING_DROP] = "DELETE FROM ending WHERE dossier=$1",
};

static enum status status_of(struct db_file *d, int code)
{
	if (code == SQLITE_OK || code == SQLITE_DONE)
		return OK;
	log_event(LOG_DATABASE, E_STORE, code, sqlite3_extended_errcode(d->h), 0, 0);
	d->full = d->full || (code & 0xff) == SQLITE_FULL;
	return E_STORE;
}

static enum status execute(struct db_file *d, const char *text)
{
	return status_of(d, sqlite3_exec(d->h, text, NULL, NULL, NULL));
}

static enum status prepare_connection(struct db_file *d, enum db_mode mode)
{
	int off = 0;

	sqlite3_busy_timeout(d->h, BUSY_MS);
	sqlite3_db_config(d->h, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, &off);
	sqlite3_db_config(d->h, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, &off);
	if (mode == DB_READ_ONLY)
		return execute(d, "PRAGMA query_only=ON; PRAGMA temp_store=MEMORY;");
	sqlite3_db_config(d->h, SQLITE_DBCONFIG_DEFENSIVE, 1, &off);
	return execute(d, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY; PRAGMA cell_size_check=ON;"
			  "PRAGMA secure_delete=ON; PRAGMA cache_size=-4096;");
}

/* The path stands in SQL once: as a bound value of ATTACH. */
static enum status attach_shred(struct db_file *d, const char *path)
{
	sqlite3_stmt *s = NULL;
	int code = sqlite3_prepare_v2(d->h, "ATTACH $1 AS shred", -1, &s, NULL);

	if (code == SQLITE_OK) {
		sqlite3_bind_text(s, 1, path, -1, SQLITE_STATIC);
		code = sqlite3_step(s);
	}
	sqlite3_finalize(s);
	TRY(status_of(d, code));
	return execute(d, "PRAGMA shred.journal_mode=WAL; PRAGMA shred.synchronous=FULL; PRAGMA shred.secure_delete=ON;");
}

static enum status open_files(struct db_file *d, const char *dir, enum db_mode mode)
{
	char path[4096];
	int flags = mode == DB_READ_ONLY ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
	int n = snprintf(path, sizeof(path), "%s/keeper.db", dir);

	if (n < 0 || (size_t)n >= sizeof(path))
		return E_STORE;
	if (mode == DB_MAKE)
		flags |= SQLITE_OPEN_CREATE;
	(void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS,
			     0); /* a lock at every allocation, for figures nobody reads; refused once started */
	if (sqlite3_open_v2(path, &d->h, flags | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
		return E_STORE;
	TRY(prepare_connection(d, mode));
	if (mode == DB_READ_ONLY)
		return OK;
	n = snprintf(path, sizeof(path), "%s/shred.db", dir);
	if (n < 0 || (size_t)n >= sizeof(path))
		return E_STORE;
	TRY(attach_shred(d, path));
	if (mode != DB_MAKE)
		return OK;
	TRY(execute(d, schema));
	return execute(d, shred_schema);
}

enum status db_file_open(const char *dir, enum db_mode mode, struct db_file **out)
{
	struct db_file *d = heap_new(1, sizeof(*d));
	enum status s = open_files(d, dir, mode);

	if (s != OK) {
		db_file_close(d);
		return s;
	}
	*out = d;
	return OK;
}

void db_file_close(struct db_file *d)
{
	if (d == NULL)
		return;
	for (size_t i = 0; i < SQL_COUNT; i++)
		sqlite3_finalize(d->statements[i].s);
	sqlite3_close_v2(d->h);
	heap_free(d);
}

struct statement *db_statement(struct db_file *d, enum sql which)
{
	struct statement *q = &d->statements[which];

	q->db = d;
	if (q->s == NULL && sqlite3_prepare_v3(d->h, sql[which], -1, SQLITE_PREPARE_PERSISTENT, &q->s, NULL) != SQLITE_OK)
		log_event(LOG_DATABASE, E_BUG, (int64_t)which, sqlite3_extended_errcode(d->h), 0, 0);
	return q;
}

void bind_int(struct statement *q, int at, int64_t v)
{
	sqlite3_bind_int64(q->s, at, v);
}

void bind_bytes(struct statement *q, int at, const void *p, size_t n)
{
	sqlite3_bind_blob64(q->s, at, p != NULL ? p : "", n, SQLITE_TRANSIENT);
}

void bind_id(struct statement *q, int at, struct id a)
{
	bind_bytes(q, at, a.b, sizeof(a.b));
}

enum status statement_step(struct statement *q)
{
	int code = q->s != NULL ? sqlite3_step(q->s) : SQLITE_MISUSE;

	q->db->steps++;
	if (code == SQLITE_ROW)
		return OK;
	if (code == SQLITE_DONE)
		return E_NOTFOUND;
	return status_of(q->db, code);
}

int64_t column_int(struct statement *q, int at)
{
	return sqlite3_column_int64(q->s, at);
}

struct sv column_bytes(struct statement *q, int at)
{
	const void *p = sqlite3_column_blob(q->s, at);

	return sv_bytes(p, (size_t)sqlite3_column_bytes(q->s, at));
}

struct id column_id(struct statement *q, int at)
{
	struct id a = ID_ZERO;
	struct sv s = column_bytes(q, at);

	if (s.n == sizeof(a.b))
		memcpy(a.b, s.p, sizeof(a.b));
	return a;
}

void statement_end(struct statement *q)
{
	if (q->s == NULL)
		return;
	sqlite3_reset(q->s);
	sqlite3_clear_bindings(q->s);
}

enum status statement_run(struct statement *q)
{
	enum status s = statement_step(q);

	statement_end(q);
	return s == E_NOTFOUND ? OK : s == OK ? E_BUG : s;
}

enum status db_simple(struct db_file *d, enum sql which)
{
	return statement_run(db_statement(d, which));
}

bool db_in_transaction(const struct db_file *d)
{
	return sqlite3_get_autocommit(d->h) == 0;
}

bool db_full(struct db_file *d)
{
	bool full = d->full;

	d->full = false;
	return full;
}

uint64_t db_steps(const struct db_file *d)
{
	return d->steps;
}

enum status db_shred_truncate(struct db_file *d)
{
	sqlite3_stmt *s = NULL;
	int code = sqlite3_busy_timeout(d->h, 0) | sqlite3_prepare_v2(d->h, "PRAGMA shred.wal_checkpoint(TRUNCATE)", -1, &s, NULL);
	bool done = code == SQLITE_OK && sqlite3_step(s) == SQLITE_ROW && sqlite3_column_int(s, 0) == 0;

	code = sqlite3_finalize(s);
	sqlite3_busy_timeout(d->h, BUSY_MS);
	return done ? status_of(d, code) : E_BUSY;
}

enum status db_integrity(struct db_file *d)
{
	sqlite3_stmt *s = NULL;
	bool good = false;

	if (sqlite3_prepare_v2(d->h, "PRAGMA integrity_check(1)", -1, &s, NULL) == SQLITE_OK && sqlite3_step(s) == SQLITE_ROW)
		good = strcmp((const char *)sqlite3_column_text(s, 0), "ok") == 0;
	sqlite3_finalize(s);
	return good ? OK : E_STORE;
}
