/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The journal as rows for an operator: numbers and ids as they lie in keeper.db, read only, without any key. */
#include "keeper/admin.h"

#include <stdio.h>
#include "keeper/ledger/db.h"

enum status keeper_journal(struct ctx *c, const char *dir, journal_row *row, void *arg)
{
	char path[3200];
	struct db_file *db = NULL;
	struct statement *q;
	struct leaf leaf;
	enum status s;

	if (snprintf(path, sizeof(path), "%s/keeper", dir) >= (int)sizeof(path) || db_file_open(path, DB_READ_ONLY, &db) != OK)
		return ERR(c, E_STORE, "the journal cannot be read");
	q = db_statement(db, SQL_LEAF_FROM);
	bind_int(q, 1, 0);
	while ((s = statement_step(q)) == OK && (s = amj1_read(column_bytes(q, 1), &leaf)) == OK && (s = row(arg, &leaf)) == OK)
		;
	statement_end(q);
	db_file_close(db);
	return s == E_NOTFOUND ? OK : ERR(c, s, "a leaf of the journal is not one");
}
