/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REGISTRY_CSV_H
#define REGISTRY_CSV_H

#include "base/arena.h"
#include "base/status.h"

/* Strict bounded reading of CSV (RFC 4180): UTF-8 (a byte order mark is dropped), LF or CRLF, quotes only around a whole cell and doubled
 * inside, the same number of cells in every row. Lines without a single character are skipped. The text is read as a stream: cells
 * point into it, or into the arena where quotes were doubled, so a caller of long files takes a mark and rewinds row by row. */

#define CSV_CELLS_MAX 64
struct csv_limits {
	char separator; /* 0 = comma */
	size_t bytes;   /* of the whole text; 0 = 16 MiB */
	size_t rows;    /* without the header; 0 = 100 000 */
	size_t cell;    /* bytes of one cell; 0 = 64 KiB */
};
struct csv {
	struct sv rest;
	struct csv_limits limits;
	size_t columns; /* cells of the header */
	struct sv *header;
	size_t rows; /* read so far */
	size_t line; /* of the next byte, from 1 */
	/* where and what, after a failure */
	size_t error_line, error_cell; /* from 1; cell 0 = the whole line */
	const char *error;             /* "encoding", "quote", "columns", "too_long", "too_many", "empty", "control", "doubled" */
};
struct csv_row {
	struct sv cells[CSV_CELLS_MAX];
	size_t n, line;
};

/* Checks the encoding of all of the text and reads the header, whose names must be there and differ. E_INPUT (see error_*), E_LIMIT. */
enum status csv_open(struct csv *r, struct arena *a, struct sv text, const struct csv_limits *limits) MUST_CHECK;
/* The next row; *end instead of a row after the last. */
enum status csv_next(struct csv *r, struct arena *a, struct csv_row *out, bool *end) MUST_CHECK;
/* The number of a column by its name, or SIZE_MAX. */
size_t csv_column(const struct csv *r, const char *name);
/* A whole small file of ours (a code list, a grid): E_IO, E_LIMIT past 1 MiB. */
enum status csv_file(struct arena *a, const char *path, struct sv *text) MUST_CHECK;

#endif
