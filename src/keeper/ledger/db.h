/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef KEEPER_DB_H
#define KEEPER_DB_H

#include "base/id.h"
#include "base/status.h"

/* keeper.db and, attached as `shred`, shred.db: the keeper's own two files. One connection, named statements, values bound. The only
 * file of the room that knows SQLite. */
enum sql {
	SQL_BEGIN,
	SQL_BEGIN_READ,
	SQL_COMMIT,
	SQL_ROLLBACK,
	SQL_SAVEPOINT,
	SQL_ROLLBACK_TO,
	SQL_RELEASE,
	SQL_LEAF_ADD,
	SQL_LEAF_GET,
	SQL_LEAF_FROM,
	SQL_LEAF_COUNT,
	SQL_LEAF_NEWEST_ROW,
	SQL_LEAF_BEFORE,
	SQL_LEAVES_ROWS,
	SQL_LEAVES_KIND,
	SQL_DROPS_COUNT,
	SQL_LEAVES_PARTS,
	SQL_TREE_GET,
	SQL_TREE_PUT,
	SQL_CHECKPOINT_LAST,
	SQL_CHECKPOINT_ADD,
	SQL_CHECKPOINTS,
	SQL_ROW_GET,
	SQL_ROW_PUT,
	SQL_ROW_DROP,
	SQL_ROWS_OF,
	SQL_ROWS_KIND,
	SQL_ROWS_ALL,
	SQL_UNDO_ADD,
	SQL_UNDO_OF,
	SQL_UNDO_DROP,
	SQL_UNDO_SETS,
	SQL_UNDO_OTHER,
	SQL_HEAD_GET,
	SQL_HEAD_PUT,
	SQL_HEADS_STATE,
	SQL_HEADS_ALL,
	SQL_HEADS_OF_DOSSIER,
	SQL_HEADS_DROP,
	SQL_PENDING_ADD,
	SQL_PENDING_OF_PART,
	SQL_PENDING_OF_SET,
	SQL_PENDING_DROP_BELOW,
	SQL_PENDING_DROP_SET,
	SQL_PENDING_ALL,
	SQL_PENDING_SETS,
	SQL_PENDING_OF_DOSSIER,
	SQL_UNSETTLED,
	SQL_DRAFT_ADD,
	SQL_DRAFTS_OF,
	SQL_DRAFTS_COUNT,
	SQL_DRAFTS_KEEP,
	SQL_DRAFT_DROP,
	SQL_DRAFTS_EXPIRE,
	SQL_DEVICE_GET,
	SQL_DEVICE_PUT,
	SQL_DEVICES_KEEP,
	SQL_DEVICES_EXPIRE,
	SQL_SHARE_GET,
	SQL_SHARE_ADD,
	SQL_SHARES_SHRED,
	SQL_DUE_ADD,
	SQL_DUE_ALL,
	SQL_DUE_CLEAR,
	SQL_DUE_DROP,
	SQL_SHARE_DROP_DUE,
	SQL_ENDING_ADD,
	SQL_ENDING_OVER,
	SQL_ENDING_DROP,
	SQL_COUNT
};
enum db_mode { DB_MAKE, DB_SERVE, DB_READ_ONLY };

struct db_file;
struct statement;

/* dir: the keeper's directory. DB_MAKE makes schema and files; DB_READ_ONLY needs keeper.db alone. */
enum status db_file_open(const char *dir, enum db_mode mode, struct db_file **out) MUST_CHECK;
void db_file_close(struct db_file *d); /* NULL allowed */

/* A prepared statement, reset, nothing bound. Not to be asked for again before its statement_end. */
struct statement *db_statement(struct db_file *d, enum sql which);
void bind_int(struct statement *q, int at, int64_t v);
void bind_bytes(struct statement *q, int at, const void *p, size_t n);
void bind_id(struct statement *q, int at, struct id a);
/* OK a row is there, E_NOTFOUND no (more) row, E_STORE the database failed. */
enum status statement_step(struct statement *q) MUST_CHECK;
int64_t column_int(struct statement *q, int at);
struct sv column_bytes(struct statement *q, int at); /* until the next step */
struct id column_id(struct statement *q, int at);
void statement_end(struct statement *q);
/* Run a statement that gives no rows. */
enum status statement_run(struct statement *q) MUST_CHECK;
enum status db_simple(struct db_file *d, enum sql which) MUST_CHECK;
/* Did a statement find the disk full since this was asked last? */
bool db_full(struct db_file *d);
/* SQLite ends a transaction by itself when the disk is full or broken. */
bool db_in_transaction(const struct db_file *d);

/* How many statements ran since the start: two requests that must not differ from outside are compared by it. */
uint64_t db_steps(const struct db_file *d);
/* Bring shred.db's log into its file and empty it, outside of a transaction. E_BUSY somebody reads in it: try again. */
enum status db_shred_truncate(struct db_file *d) MUST_CHECK;
enum status db_integrity(struct db_file *d) MUST_CHECK; /* SQLite's own check; E_STORE */

#endif
