/* SPDX-License-Identifier: GPL-3.0-or-later */
/* amana import reports: a log of calls and letters into the own desk's queue. All lines are checked before the first is
 * written. A line is known by its reference in the log, so the same command can be repeated after a power cut, or next week
 * with the longer log. */
#include "cli/import.h"

#include "base/clock.h"
#include "base/text.h"
#include "base/wipe.h"
#include "cli/attach.h"
#include "cli/ceremony.h"
#include "cli/place.h"
#include "cli/terminal.h"
#include "cli/words.h"
#include "crypto/formats.h"
#include "registry/csv.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define FILE_MAX_BYTES ((size_t)16 << 20)
#define ROWS_MAX 20000
#define MISTAKES_TOLD 200
#define NAME_TOLD 60

/* --- columns ---------------------------------------------------------------------------------------------------------------- */

static const struct {
	const char *name;
	size_t offset;
} columns[] = {
#define OWN(name_)                                         \
	{                                                  \
#name_, offsetof(struct staff_form, name_) \
	}
#define FACT(name_)                                                                               \
	{                                                                                         \
#name_, offsetof(struct staff_form, facts) + offsetof(struct report_facts, name_) \
	}
	OWN(channel),
	OWN(received_at),
	OWN(risk),
	OWN(text),
	OWN(subject),
	FACT(language),
	FACT(child),
	FACT(about_self),
	FACT(region),
	FACT(sectors),
	FACT(forms),
	FACT(reporter_type),
	FACT(people_estimate),
	FACT(contact_way),
	FACT(contact_hours),
	FACT(contact_message_ok),
	FACT(contact_word),
	FACT(contact_phone),
	FACT(contact_details),
#undef OWN
#undef FACT
};
#define COLUMNS (sizeof(columns) / sizeof(columns[0]))
#define REFERENCE "reference"
#define DANGER "danger_now"

static size_t field_of(struct sv column)
{
	for (size_t i = 0; i < COLUMNS; i++)
		if (sv_is(column, columns[i].name))
			return i;
	return SIZE_MAX;
}

static bool header_sound(const struct csv *csv)
{
	static const char *const needed[] = { REFERENCE, "channel", "received_at", "text" };
	bool sound = true;

	for (size_t i = 0; i < csv->columns; i++)
		if (field_of(csv->header[i]) == SIZE_MAX && !sv_is(csv->header[i], REFERENCE) && !sv_is(csv->header[i], DANGER)) {
			struct sv name = utf8_first(csv->header[i], NAME_TOLD);

			tell(2, "line 1, column %zu: there is no column \"%.*s\"", i + 1, (int)name.n, name.p);
			sound = false;
		}
	for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++)
		if (csv_column(csv, needed[i]) == SIZE_MAX) {
			tell(2, "line 1: the column %s is missing", needed[i]);
			sound = false;
		}
	return sound;
}

/* --- a line ----------------------------------------------------------------------------------------------------------------- */

/* Names the log's line for ever, and says nothing of it. */
static void line_key(const struct ctx *c, struct sv reference, uint8_t key[16])
{
	struct buf b = buf_new(c->arena, 64, 512);
	uint8_t digest[32];

	buf_text(&b, "amana import line");
	buf_put(&b, c->who->organisation.b, 16);
	buf_sv(&b, reference);
	hash32(digest, b.p, b.n);
	memcpy(key, digest, 16);
}

struct importing {
	struct ctx *c;
	struct csv csv;
	struct import_log *log;
	size_t room;
};

static void mistake(struct importing *m, size_t line, const char *column, const char *why)
{
	size_t k = column == NULL ? SIZE_MAX : csv_column(&m->csv, column);

	m->log->wrong++;
	if (m->log->wrong > MISTAKES_TOLD)
		return;
	if (k == SIZE_MAX)
		tell(2, "line %zu: %s", line, why);
	else
		tell(2, "line %zu, column %zu (%s): %s", line, k + 1, column, why);
}

/* The catalogue of the interface has these in three languages; the terminal's are English. */
static const char *sentence(const char *key)
{
	static const struct {
		const char *key, *text;
	} known[] = {
		{ "error.required", "missing" },
		{ "error.code", "not a code of its list (doc/operate/import.md names the lists)" },
		{ "error.too_long", "too long" },
		{ "error.too_many", "too many" },
		{ "error.date", "not a date: 2024-02-06 or 2024-02-06 21:40" },
		{ "error.future", "in the future" },
		{ "error.number", "not a number, or too great" },
		{ "error.phone", "not a telephone number" },
		{ "error.one_line", "more than one line" },
		{ "error.encoding", "a character that is none" },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(known[i].key, key) == 0)
			return known[i].text;
	return "wrong";
}

static struct sv cell(const struct importing *m, const struct csv_row *row, const char *column)
{
	size_t k = csv_column(&m->csv, column);

	return k < row->n ? sv_trim(row->cells[k]) : SV("");
}

static bool reference_known(const struct importing *m, const uint8_t key[16])
{
	for (size_t i = 0; i < m->log->n; i++)
		if (memcmp(m->log->rows[i].key, key, 16) == 0)
			return true;
	return false;
}

static struct staff_form *next_form(struct importing *m, size_t line)
{
	if (m->log->n == m->room) {
		size_t room = m->room == 0 ? 64 : m->room * 2;
		struct staff_form *rows = ARENA_ARRAY(m->c->arena, struct staff_form, room);
		size_t *lines = ARENA_ARRAY(m->c->arena, size_t, room);

		if (m->room > 0) {
			memcpy(rows, m->log->rows, m->room * sizeof(*rows));
			memcpy(lines, m->log->lines, m->room * sizeof(*lines));
		}
		m->log->rows = rows;
		m->log->lines = lines;
		m->room = room;
	}
	m->log->lines[m->log->n] = line;
	return &m->log->rows[m->log->n];
}

static void take_line(struct importing *m, const struct csv_row *row)
{
	struct staff_form *f = next_form(m, row->line);
	struct sv reference = cell(m, row, REFERENCE), danger = cell(m, row, DANGER);
	struct arena_mark mark;

	for (size_t i = 0; i < COLUMNS; i++) {
		struct sv *to = (struct sv *)(void *)((char *)f + columns[i].offset);

		*to = cell(m, row, columns[i].name);
	}
	f->danger_now = sv_is(danger, "yes");
	line_key(m->c, reference, f->key);
	if (reference.n == 0 || utf8_count(reference) > 100)
		mistake(m, row->line, REFERENCE, reference.n == 0 ? "missing" : "too long");
	else if (reference_known(m, f->key))
		mistake(m, row->line, REFERENCE, "this reference stands twice");
	if (danger.n > 0 && !f->danger_now && !sv_is(danger, "no"))
		mistake(m, row->line, DANGER, "yes or no");
	if (f->received_at.n == 0)
		mistake(m, row->line, "received_at", "missing");
	mark = arena_mark(m->c->arena);
	m->c->input_count = 0;
	if (report_check(m->c, f) != OK)
		for (size_t i = 0; i < m->c->input_count; i++)
			mistake(m, row->line, m->c->inputs[i].field, sentence(m->c->inputs[i].key));
	arena_rewind(m->c->arena, mark);
	m->log->n++;
}

/* --- the file --------------------------------------------------------------------------------------------------------------- */

/* What is wrong with the file as a table, and what mends it. */
static void say_csv(const struct csv *csv)
{
	static const struct {
		const char *error, *text;
	} known[] = {
		{ "encoding", "these bytes are not UTF-8: save the sheet as \"CSV UTF-8\"" },
		{ "quote", "a double quote stands in the wrong place or is never closed; within a text it is written twice" },
		{ "columns", "more or fewer cells than the header line has" },
		{ "empty", "there is nothing, or a column without a name" },
		{ "doubled", "a column stands twice" },
		{ "control", "a character that no text has: is this a CSV file?" },
		{ "too_long", "too long: a cell, or the whole file" },
		{ "too_many", "too many lines or columns: at most 20 000 lines in a file" },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(known[i].error, csv->error) == 0) {
			tell(2, "line %zu: %s", csv->error_line, known[i].text);
			return;
		}
	tell(2, "line %zu: not sound CSV (%s)", csv->error_line, csv->error);
}

static enum status read_rows(struct importing *m)
{
	struct csv_row row;
	bool end = false;

	for (;;) {
		if (csv_next(&m->csv, m->c->arena, &row, &end) != OK) {
			say_csv(&m->csv);
			m->log->wrong++;
			return E_INPUT;
		}
		if (end)
			return OK;
		take_line(m, &row);
		if (m->c->error.status == E_DENIED)
			return E_DENIED;
		m->c->error = (struct error){ .status = OK };
	}
}

/* Comma, or the semicolon of spreadsheets set to French: whichever the header holds more of. No column's name holds either. */
static char separator_of(struct sv csv)
{
	size_t commas = 0, semicolons = 0;

	for (size_t i = 0; i < csv.n && csv.p[i] != '\n'; i++) {
		commas += csv.p[i] == ',';
		semicolons += csv.p[i] == ';';
	}
	return semicolons > commas ? ';' : ',';
}

enum status import_read(struct ctx *c, struct sv csv, struct import_log *out)
{
	const struct csv_limits limits = { .separator = separator_of(csv), .bytes = FILE_MAX_BYTES, .rows = ROWS_MAX };
	struct importing m = { .c = c, .log = out };
	enum status s;

	*out = (struct import_log){ .n = 0 };
	if (csv_open(&m.csv, c->arena, csv, &limits) != OK) {
		say_csv(&m.csv);
		out->wrong++;
		return E_INPUT;
	}
	if (!header_sound(&m.csv)) {
		out->wrong++;
		return E_INPUT;
	}
	s = read_rows(&m);
	if (out->wrong > MISTAKES_TOLD)
		tell(2, "… and %zu more", out->wrong - MISTAKES_TOLD);
	return s == OK && out->wrong > 0 ? E_INPUT : s;
}

enum status import_write(struct ctx *c, const struct import_log *log, size_t *added)
{
	*added = 0;
	for (size_t at = 0; at < log->n; at += IMPORT_SET_MAX) {
		struct arena_mark mark = arena_mark(c->arena);
		size_t n = log->n - at < IMPORT_SET_MAX ? log->n - at : IMPORT_SET_MAX, some = 0;

		TRY(report_import(c, log->rows + at, n, &some));
		*added += some;
		arena_rewind(c->arena, mark);
	}
	return OK;
}

/* --- the command ------------------------------------------------------------------------------------------------------------ */

enum { OPT_DATA, OPT_LOGIN, OPT_CODE, OPT_DRY, OPT_ZONE };
static const struct argp_option options[] = {
	{ "data", WORD_KEY(OPT_DATA), "DIR", 0, "the instance", 0 },
	{ "login", WORD_KEY(OPT_LOGIN), "LOGIN", 0, "operator or desk the reports are typed in by; the password is asked for", 0 },
	{ "code", WORD_KEY(OPT_CODE), "DIGITS", 0, "time code or one-time code of that member (a demo instance needs none)", 0 },
	{ "dry-run", WORD_KEY(OPT_DRY), NULL, 0, "check every line and write nothing", 0 },
	{ "zone", WORD_KEY(OPT_ZONE), "NAME", 0, PLACE_ZONE, 0 },
	{ 0 },
};
static const struct words_form form = {
	"amana import reports",
	options,
	"FILE.csv",
	"Takes a log of reports (columns: doc/operate/import.md) into the queue of the member's desk.\vWrong lines are named "
	"by line and column, and then "
	"nothing is written. Lines imported before are passed over.",
	1,
	1
};

static enum status read_file(struct arena *a, const char *path, struct sv *out)
{
	char *text = arena_alloc(a, FILE_MAX_BYTES + 1);
	int fd = strcmp(path, "-") == 0 ? 0 : open(path, O_RDONLY | O_CLOEXEC);
	size_t n = 0;
	ssize_t got = 0;

	while (fd >= 0 && n <= FILE_MAX_BYTES && (got = read(fd, text + n, FILE_MAX_BYTES + 1 - n)) > 0)
		n += (size_t)got;
	if (fd > 0)
		(void)close(fd);
	if (fd < 0 || got < 0 || n > FILE_MAX_BYTES) {
		tell(2,
		     n > FILE_MAX_BYTES ? "amana: import: the file is over 16 MiB"
					: "amana: import: %s cannot be read: is it there, and a file?",
		     path);
		return n > FILE_MAX_BYTES ? E_LIMIT : E_IO;
	}
	*out = sv_bytes(text, n);
	return OK;
}

static enum status login(struct attached *x, const struct words *w)
{
	struct sv typed, password;
	struct instance about;
	enum status s;
	enum factor factor = FACTOR_TOTP;
	struct sv code = w->option[OPT_CODE] == NULL ? SV("") : sv_of(w->option[OPT_CODE]);

	TRY(ask_secret(x->arena, "Password: ", &typed));
	TRY(keeper_instance(&x->c, &about));
	if (text_enter(x->arena, typed, &password) != OK)
		return E_DENIED;
	if (code.n == 0 && about.demo)
		factor = FACTOR_DEMO;
	else if (code.n != 6)
		factor = FACTOR_SHEET;
	s = attach_login(x, sv_of(w->option[OPT_LOGIN]), password, factor, code);
	wipe((void *)(uintptr_t)typed.p, typed.n);
	return s;
}

static int run(struct attached *x, const struct words *w, struct sv csv)
{
	struct import_log log;
	size_t added;
	enum status s;

	if (login(x, w) != OK) {
		tell(2, "amana: import: wrong login, password or code");
		return 1;
	}
	s = import_read(&x->c, csv, &log);
	if (s == OK && w->option[OPT_DRY] != NULL) {
		tell(1, "%zu lines are sound; nothing was written", log.n);
		return 0;
	}
	if (s == OK)
		s = import_write(&x->c, &log, &added);
	else if (s == E_INPUT) {
		tell(2, "amana: import: mistakes: %zu; nothing was written", log.wrong);
		return 1;
	} else
		return tell_error(&x->c, "import");
	if (s != OK)
		return tell_error(&x->c, "import (lines written so far stay; repeat the command)");
	tell(1, "%zu reports were imported, %zu were there already", added, log.n - added);
	return 0;
}

static int import_reports_command(int argc, char **argv)
{
	static const size_t needed[] = { OPT_DATA, OPT_LOGIN };
	struct attached x;
	struct words w;
	struct sv csv;
	int end = 1;

	words_parse(&form, argc, argv, &w);
	if (!words_given(&form, &w, needed, 2))
		return 2;
	if (!place_zone(w.option[OPT_ZONE]))
		return 2;
	if (attach(&x, w.option[OPT_DATA], ATTACH_RECORDS) == OK && read_file(x.arena, w.arg[0], &csv) == OK)
		end = run(&x, &w, csv);
	detach(&x);
	return end;
}

int import_command(int argc, char **argv)
{
	static const struct command acts[] = { { "reports", "a log of calls, letters and messages: FILE.csv",
						 import_reports_command } };

	return run_act("import", acts, 1, argc, argv);
}
