/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one CSV reader: code lists, grids, imported logs. Nothing is guessed: what RFC 4180 leaves open is refused with line and cell, so that
 * a file with a slipped quote is not read as something else. */
#include "base/text.h"
#include "registry/csv.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BYTES_DEFAULT ((size_t)16 << 20)
#define ROWS_DEFAULT 100000
#define CELL_DEFAULT ((size_t)64 << 10)
#define FILE_MAX ((size_t)1 << 20)

static enum status fail(struct csv *r, enum status s, const char *error, size_t line, size_t cell)
{
	r->error = error;
	r->error_line = line;
	r->error_cell = cell;
	return s;
}

static char peek(const struct csv *r)
{
	return r->rest.n ? r->rest.p[0] : '\0';
}

static void skip(struct csv *r, size_t n)
{
	r->rest.p += n;
	r->rest.n -= n;
}

/* At the end of a line: LF, CRLF or the end of the text. Steps over it. */
static bool line_ends(struct csv *r)
{
	size_t n = peek(r) == '\n' ? 1 : r->rest.n >= 2 && r->rest.p[0] == '\r' && r->rest.p[1] == '\n' ? 2 : 0;

	if (!n && r->rest.n)
		return false;
	skip(r, n);
	r->line++;
	return true;
}

static bool is_control(char c)
{
	return ((unsigned char)c < 0x20 && c != '\t') || c == 0x7f;
}

/* A cell without quotes runs to the separator or the end of the line. */
static enum status plain_cell(struct csv *r, size_t number, struct sv *out)
{
	size_t n = 0;

	while (n < r->rest.n && r->rest.p[n] != r->limits.separator && r->rest.p[n] != '\n' && r->rest.p[n] != '\r') {
		if (r->rest.p[n] == '"')
			return fail(r, E_INPUT, "quote", r->line, number);
		if (is_control(r->rest.p[n]))
			return fail(r, E_INPUT, "control", r->line, number);
		if (++n > r->limits.cell)
			return fail(r, E_LIMIT, "too_long", r->line, number);
	}
	*out = (struct sv){ r->rest.p, n };
	skip(r, n);
	return OK;
}

/* Doubled quotes become one, CRLF becomes LF. */
static struct sv unquoted(struct arena *a, struct sv inside)
{
	char *p = arena_alloc(a, inside.n);
	size_t n = 0;

	for (size_t i = 0; i < inside.n; i++) {
		if (inside.p[i] == '\r')
			continue;
		p[n++] = inside.p[i];
		if (inside.p[i] == '"')
			i++;
	}
	return (struct sv){ p, n };
}

/* A quoted cell ends with a quote that is not doubled; it may hold separators and line ends. */
static enum status quoted_cell(struct csv *r, struct arena *a, size_t number, struct sv *out)
{
	size_t n = 0, line = r->line;
	bool copy = false;

	skip(r, 1);
	for (;; n++) {
		char c;

		if (n >= r->rest.n)
			return fail(r, E_INPUT, "quote", line, number);
		if (n > r->limits.cell)
			return fail(r, E_LIMIT, "too_long", line, number);
		c = r->rest.p[n];
		if (c == '"') {
			if (n + 1 >= r->rest.n || r->rest.p[n + 1] != '"')
				break;
			copy = true;
			n++;
		} else if (c == '\n') {
			r->line++;
		} else if (c == '\r' && n + 1 < r->rest.n && r->rest.p[n + 1] == '\n') {
			copy = true;
		} else if (is_control(c)) {
			return fail(r, E_INPUT, "control", r->line, number);
		}
	}
	*out = (struct sv){ r->rest.p, n };
	if (copy)
		*out = unquoted(a, *out);
	skip(r, n + 1);
	return OK;
}

/* One line of cells. */
static enum status read_line(struct csv *r, struct arena *a, struct csv_row *out)
{
	out->n = 0;
	out->line = r->line;
	for (;;) {
		struct sv *cell;

		if (out->n == CSV_CELLS_MAX)
			return fail(r, E_LIMIT, "too_many", out->line, CSV_CELLS_MAX + 1);
		cell = &out->cells[out->n++];
		if (peek(r) == '"')
			TRY(quoted_cell(r, a, out->n, cell));
		else
			TRY(plain_cell(r, out->n, cell));
		if (r->rest.n && r->rest.p[0] == r->limits.separator) {
			skip(r, 1);
			continue;
		}
		if (line_ends(r))
			return OK;
		return fail(r, E_INPUT, "quote", r->line, out->n); /* something behind a closing quote, or a lone CR */
	}
}

/* Over lines that hold nothing. True when the text is at its end. */
static bool at_end(struct csv *r)
{
	while (r->rest.n && (peek(r) == '\n' || (peek(r) == '\r' && r->rest.n >= 2 && r->rest.p[1] == '\n')))
		(void)line_ends(r);
	return r->rest.n == 0;
}

static enum status check_header(struct csv *r, size_t line)
{
	for (size_t i = 0; i < r->columns; i++) {
		if (r->header[i].n == 0)
			return fail(r, E_INPUT, "empty", line, i + 1);
		for (size_t j = 0; j < i; j++)
			if (sv_equal(r->header[i], r->header[j]))
				return fail(r, E_INPUT, "doubled", line, i + 1);
	}
	return OK;
}

/* The line of the first byte that is no UTF-8. */
static size_t bad_line(struct sv text)
{
	size_t line = 1;
	struct sv part;

	while (sv_cut(&text, '\n', &part) && utf8_valid(part))
		line++;
	return line;
}

enum status csv_open(struct csv *r, struct arena *a, struct sv text, const struct csv_limits *limits)
{
	struct csv_row first;

	*r = (struct csv){ .rest = text, .line = 1 };
	if (limits)
		r->limits = *limits;
	if (!r->limits.separator)
		r->limits.separator = ',';
	if (!r->limits.bytes)
		r->limits.bytes = BYTES_DEFAULT;
	if (!r->limits.rows)
		r->limits.rows = ROWS_DEFAULT;
	if (!r->limits.cell)
		r->limits.cell = CELL_DEFAULT;
	if (text.n > r->limits.bytes)
		return fail(r, E_LIMIT, "too_long", 0, 0);
	if (!utf8_valid(text))
		return fail(r, E_INPUT, "encoding", bad_line(text), 0);
	if (sv_starts(r->rest, SV("\xef\xbb\xbf")))
		skip(r, 3);
	if (at_end(r))
		return fail(r, E_INPUT, "empty", 1, 0);
	TRY(read_line(r, a, &first));
	r->columns = first.n;
	r->header = ARENA_ARRAY(a, struct sv, first.n);
	memcpy(r->header, first.cells, first.n * sizeof *first.cells);
	return check_header(r, first.line);
}

enum status csv_next(struct csv *r, struct arena *a, struct csv_row *out, bool *end)
{
	*end = at_end(r);
	if (*end)
		return OK;
	if (r->rows == r->limits.rows)
		return fail(r, E_LIMIT, "too_many", r->line, 0);
	TRY(read_line(r, a, out));
	if (out->n != r->columns)
		return fail(r, E_INPUT, "columns", out->line, 0);
	r->rows++;
	return OK;
}

size_t csv_column(const struct csv *r, const char *name)
{
	for (size_t i = 0; i < r->columns; i++)
		if (sv_is(r->header[i], name))
			return i;
	return SIZE_MAX;
}

static enum status read_all(int fd, char *p, size_t n)
{
	size_t have = 0;

	while (have < n) {
		ssize_t got = read(fd, p + have, n - have);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return E_IO;
		have += (size_t)got;
	}
	return OK;
}

enum status csv_file(struct arena *a, const char *path, struct sv *text)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	enum status s = E_IO;
	char *p;

	if (fd < 0)
		return E_IO;
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		goto out;
	s = E_LIMIT;
	if ((uint64_t)st.st_size > FILE_MAX)
		goto out;
	p = arena_alloc(a, (size_t)st.st_size);
	s = read_all(fd, p, (size_t)st.st_size);
	*text = (struct sv){ p, (size_t)st.st_size };
out:
	(void)close(fd);
	return s;
}
