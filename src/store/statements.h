/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef STORE_STATEMENTS_H
#define STORE_STATEMENTS_H

#include <stddef.h>
#include "queries.h"

/* The SQL of the house as constant tables, made at build by tool/embed_sql.awk. For store and its tests alone. */
struct statement {
	const char *name;        /* "record/parts" */
	const char *params;      /* one letter each: k id of 16 bytes, b blob, t text, i int */
	const char *columns;     /* the same for result columns */
	const char *param_names; /* joined by spaces */
	const char *column_names;
	const char *sql; /* one statement with parameters $1 … */
};
extern const struct statement statements[QUERY_COUNT];

/* In ascending order of numbers. A migration is applied once, in a transaction of its own, and never taken back. */
struct migration {
	int number;
	const char *name;
	const char *sql;
};
struct migration_set {
	const struct migration *rows;
	size_t n;
};
extern const struct migration_set migrations_sqlite; /* the main database */

#endif
