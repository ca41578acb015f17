/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Code lists: data/codes/<name>.csv, read once at start and never changed after, so every thread reads them without a lock. A list has the
 * columns code, label_fr, label_ar, label_en and any others; rows are only ever added at the end, their number is their place. A few
 * files are shaped otherwise and are said here; a file that fits nothing stops the start. */
#include "base/log.h"
#include "registry/csv.h"
#include "registry/type.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#define LISTS_MAX 192
#define ROWS_MAX 5000
#define ROWS_FIRST 16
#define MEMORY_MAX ((size_t)16 << 20)

/* How a file's columns are called. A file with a group holds several lists: states.csv gives "states.report", "states.case" … */
struct shape {
	const char *file, *code, *group;
	const char *label[LANGUAGE_COUNT];
};
static const struct shape usual = { NULL, "code", NULL, { "label_fr", "label_ar", "label_en" } };
static const struct shape shapes[] = {
	{ "access_matrix", "role", NULL, { "label_fr", "label_ar", "label_en" } },
	{ "countries", "alpha2", NULL, { "name_fr", "name_ar", "name_en" } },
	{ "publication_groups", "code", "kind", { "label_fr", "label_ar", "label_en" } },
	{ "states", "code", "entity", { "label_fr", "label_ar", "label_en" } },
	{ "publication_rules", "audience", NULL, { "label_en", "label_en", "label_en" } }, /* nobody is shown them as choices */
	{ "transitions", NULL, NULL, { 0 } }, /* a table of rules, no list: read by those it governs */
};

/* Written by codes_load before any thread is started, read-only from then on. */
static struct code_list lists[LISTS_MAX];
static size_t list_count;
static struct arena *memory;

/* One file on its way in. */
struct loading {
	struct ctx *c;
	struct sv file;
	const struct shape *shape;
	struct csv csv;
	size_t code, group, label[LANGUAGE_COUNT];
	size_t extra[CSV_CELLS_MAX], extra_count;
};

static const struct shape *shape_of(struct sv file)
{
	for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
		if (sv_is(file, shapes[i].file))
			return &shapes[i];
	return &usual;
}

/* The file's name is an operator's, not a person's: it may stand in the log. */
static enum status refuse(struct loading *k, const char *why, size_t line, size_t cell)
{
	struct sv text =
		arena_format(k->c->arena, "code list %.*s, line %zu, cell %zu: %s", (int)k->file.n, k->file.p, line, cell, why);

	log_note(LOG_COMMAND, text.p);
	return ERR(k->c, E_INPUT, "a code list is wrong: see the log");
}

static bool is_named(const struct loading *k, size_t column)
{
	bool named = column == k->code || column == k->group;

	for (size_t l = 0; l < LANGUAGE_COUNT; l++)
		named |= k->label[l] == column;
	return named;
}

static enum status find_columns(struct loading *k)
{
	bool found;

	k->code = csv_column(&k->csv, k->shape->code);
	k->group = k->shape->group ? csv_column(&k->csv, k->shape->group) : SIZE_MAX;
	found = k->code != SIZE_MAX && (!k->shape->group || k->group != SIZE_MAX);
	for (size_t l = 0; l < LANGUAGE_COUNT; l++) {
		k->label[l] = csv_column(&k->csv, k->shape->label[l]);
		found &= k->label[l] != SIZE_MAX;
	}
	for (size_t i = 0; i < k->csv.columns; i++)
		if (!is_named(k, i))
			k->extra[k->extra_count++] = i;
	return found ? OK : refuse(k, "a column is missing: code or a label", 1, 0);
}

static struct code_list *list_named(struct sv name)
{
	for (size_t i = 0; i < list_count; i++)
		if (sv_is(name, lists[i].name))
			return &lists[i];
	return NULL;
}

/* The list a row goes to: the file's, or that of its group; made with the first row. */
static struct code_list *list_for(struct loading *k, const struct csv_row *row)
{
	struct sv name = k->file;
	const char **columns;
	struct code_list *list;

	if (k->group != SIZE_MAX)
		name = arena_format(memory, "%.*s.%.*s", (int)k->file.n, k->file.p, (int)row->cells[k->group].n,
				    row->cells[k->group].p);
	list = list_named(name);
	if (list || list_count == LISTS_MAX)
		return list;
	columns = ARENA_ARRAY(memory, const char *, k->extra_count);
	for (size_t i = 0; i < k->extra_count; i++)
		columns[i] = arena_text(memory, k->csv.header[k->extra[i]]);
	list = &lists[list_count++];
	*list = (struct code_list){ .name = arena_text(memory, name), .columns = columns, .column_count = k->extra_count };
	return list;
}

/* Codes of a list lie in one array that is made anew, twice as long, when it is full. */
static struct code *room_for_one(struct code_list *list)
{
	struct code *codes;

	if (list->n == 0 || (list->n >= ROWS_FIRST && (list->n & (list->n - 1)) == 0)) {
		codes = ARENA_ARRAY(memory, struct code, list->n ? list->n * 2 : ROWS_FIRST);
		if (list->n)
			memcpy(codes, list->codes, list->n * sizeof *codes);
		list->codes = codes;
	}
	return (struct code *)(uintptr_t)&list->codes[list->n];
}

static enum status add_code(struct loading *k, const struct csv_row *row)
{
	struct code_list *list = list_for(k, row);
	struct sv name = row->cells[k->code];
	const char **extra = ARENA_ARRAY(memory, const char *, k->extra_count);
	struct code code = { .number = (uint16_t)k->csv.rows, .extra = extra };

	if (!list)
		return refuse(k, "too many lists", row->line, 0);
	if (!code_shaped(name))
		return refuse(k, "not a code: letters, digits, _ - . + and at most 64", row->line, k->code + 1);
	if (code_find(list, name))
		return refuse(k, "this code stands twice", row->line, k->code + 1);
	code.code = arena_text(memory, name);
	for (size_t l = 0; l < LANGUAGE_COUNT; l++) {
		if (!row->cells[k->label[l]].n)
			return refuse(k, "a label is missing", row->line, k->label[l] + 1);
		code.label[l] = arena_text(memory, row->cells[k->label[l]]);
	}
	for (size_t i = 0; i < k->extra_count; i++)
		extra[i] = arena_text(memory, row->cells[k->extra[i]]);
	*room_for_one(list) = code;
	list->n++;
	return OK;
}

static enum status load_file(struct loading *k, const char *path)
{
	const struct csv_limits limits = { .rows = ROWS_MAX };
	struct csv_row row;
	struct sv text;
	bool end = false;

	if (csv_file(k->c->arena, path, &text) != OK)
		return refuse(k, "it cannot be read", 0, 0);
	if (csv_open(&k->csv, k->c->arena, text, &limits) != OK)
		return refuse(k, k->csv.error, k->csv.error_line, k->csv.error_cell);
	TRY(find_columns(k));
	for (;;) {
		if (csv_next(&k->csv, k->c->arena, &row, &end) != OK)
			return refuse(k, k->csv.error, k->csv.error_line, k->csv.error_cell);
		if (end)
			return OK;
		TRY(add_code(k, &row));
	}
}

/* "sectors.csv" -> "sectors"; false for anything else in the folder. */
static bool list_file(const char *name, struct sv *out)
{
	struct sv s = sv_of(name);

	if (s.n <= 4 || !sv_is((struct sv){ s.p + s.n - 4, 4 }, ".csv") || s.p[0] == '.')
		return false;
	*out = (struct sv){ s.p, s.n - 4 };
	return true;
}

static enum status load_folder(struct ctx *c, const char *folder, DIR *dir)
{
	const struct dirent *entry;

	while ((entry = readdir(dir)) != NULL) {
		struct arena_mark mark = arena_mark(c->arena);
		struct loading k = { .c = c };

		if (!list_file(entry->d_name, &k.file))
			continue;
		k.shape = shape_of(k.file);
		if (k.shape->code)
			TRY(load_file(&k, arena_format(c->arena, "%s/%s", folder, entry->d_name).p));
		arena_rewind(c->arena, mark);
	}
	return OK;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct code_list *)a)->name, ((const struct code_list *)b)->name);
}

enum status codes_load(struct ctx *c, const char *data_dir)
{
	const char *folder = arena_format(c->arena, "%s/codes", data_dir).p;
	DIR *dir = opendir(folder);
	enum status s;

	if (!dir)
		return ERR(c, E_IO, "the folder of code lists cannot be read");
	list_count = 0;
	arena_free(memory);
	memory = arena_new(MEMORY_MAX);
	s = load_folder(c, folder, dir);
	(void)closedir(dir);
	qsort(lists, list_count, sizeof *lists, by_name);
	if (s != OK)
		list_count = 0;
	return s;
}

/* --- reading them ----------------------------------------------------------------------------------------------------------------- */

const struct code_list *codes_of(const char *name)
{
	const struct code_list wanted = { .name = name };

	return bsearch(&wanted, lists, list_count, sizeof *lists, by_name);
}

const struct code_list *codes_at(size_t i)
{
	return i < list_count ? &lists[i] : NULL;
}

const struct code *code_find(const struct code_list *l, struct sv code)
{
	for (size_t i = 0; i < l->n; i++)
		if (sv_is(code, l->codes[i].code))
			return &l->codes[i];
	return NULL;
}

const char *code_label(const char *list, struct sv code, enum language l)
{
	const struct code_list *codes = codes_of(list);
	const struct code *found = codes && (unsigned)l < LANGUAGE_COUNT ? code_find(codes, code) : NULL;

	return found ? found->label[l] : "?";
}

const char *code_extra(const struct code_list *l, const struct code *code, const char *column)
{
	for (size_t i = 0; i < l->column_count; i++)
		if (sv_is(sv_of(column), l->columns[i]))
			return code->extra[i];
	return NULL;
}
