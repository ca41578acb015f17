/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every statement against a freshly migrated database: it prepares, its head tells the truth, and the schema holds no column that
 * clear_columns.txt does not give a reason for. */
#include "kit.h"

#include <stdio.h>
#include <string.h>

static int set_up(void **state)
{
	static struct kit kit;

	kit_open(&kit);
	*state = &kit;
	return 0;
}

static int tear_down(void **state)
{
	kit_close(*state);
	return 0;
}

/* The names in a head, joined by spaces, as the engine gives them. */
static struct sv engine_names(struct arena *a, const struct shape *shape)
{
	struct buf b = buf_new(a, 256, 4096);

	for (size_t i = 0; i < shape->columns; i++) {
		if (i)
			buf_byte(&b, ' ');
		buf_text(&b, shape->column_names[i]);
	}
	assert_int_equal(buf_ok(&b), OK);
	return buf_view(&b);
}

/* Of RETURNING in a write the store drops the rows: such a statement has columns and changes data. */
static void test_every_statement_is_as_its_head_says(void **state)
{
	struct kit *k = *state;
	size_t wrong = 0;

	for (size_t q = 0; q < QUERY_COUNT; q++) {
		const struct statement *s = &statements[q];
		struct shape shape;
		struct sv names;

		if (k->db->driver->shape(k->db->connection, (enum query)q, &shape) != OK) {
			print_error("%s does not prepare\n", s->name);
			wrong++;
			continue;
		}
		if (shape.params != strlen(s->params) || shape.columns != strlen(s->columns)) {
			print_error("%s: head says %zu parameters and %zu columns, the engine %zu and %zu\n", s->name,
				    strlen(s->params), strlen(s->columns), shape.params, shape.columns);
			wrong++;
		}
		names = engine_names(k->c.arena, &shape);
		if (!sv_is(names, s->column_names)) {
			print_error("%s: head names columns '%s', the engine '%.*s'\n", s->name, s->column_names, (int)names.n,
				    names.p);
			wrong++;
		}
	}
	assert_int_equal(wrong, 0);
}

/* --- T-CLR-1 --------------------------------------------------------------------------------------------------------------------- */

static struct sv whole_file(struct arena *a, const char *path)
{
	FILE *f = fopen(path, "r");
	struct buf b = buf_new(a, 65536, 1u << 20);
	char block[4096];
	size_t n;

	assert_non_null(f);
	while ((n = fread(block, 1, sizeof block, f)) > 0)
		buf_put(&b, block, n);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(buf_ok(&b), OK);
	return buf_view(&b);
}

/* Does a line "table.column reason" of the text give a reason for this column? Each found line is counted. */
static bool has_reason(struct sv text, struct sv column, size_t *lines)
{
	struct sv line, reason;
	bool found = false;

	*lines = 0;
	while (sv_cut(&text, '\n', &line)) {
		struct sv name, rest = sv_trim(line);

		if (!rest.n || rest.p[0] == '#')
			continue;
		(*lines)++;
		if (sv_cut(&rest, ' ', &name) && sv_equal(name, column)) {
			reason = sv_trim(rest);
			found = reason.n > 0 && !found;
		}
	}
	return found;
}

static void test_T_CLR_1_every_clear_column_has_its_reason(void **state)
{
	struct kit *k = *state;
	struct sv text = whole_file(k->c.arena, CLEAR_COLUMNS);
	struct rows rows;
	size_t lines = 0, wrong = 0;

	assert_int_equal(db_query(&k->c, QUERY_STORE_COLUMNS, NULL, 0, 10000, &rows), OK);
	assert_true(rows.n > 30);
	for (size_t i = 0; i < rows.n; i++) {
		struct sv table = row_text(&rows, i, 0), column = row_text(&rows, i, 1);
		struct sv name = arena_format(k->c.arena, "%.*s.%.*s", (int)table.n, table.p, (int)column.n, column.p);

		if (!has_reason(text, name, &lines)) {
			print_error("%.*s: no reason (or two) in clear_columns.txt\n", (int)name.n, name.p);
			wrong++;
		}
	}
	assert_int_equal(wrong, 0);
	assert_int_equal(lines, rows.n); /* no line without its column */
}

/* The check itself sees what it must. */
static void test_T_CLR_1_would_find_a_column(void **state)
{
	struct sv text = SV("# a.c note\na.b reason\n\nd.e\nf.g one\nf.g two\n");
	size_t lines;

	(void)state;
	assert_true(has_reason(text, SV("a.b"), &lines));
	assert_int_equal(lines, 4);
	assert_false(has_reason(text, SV("a.c"), &lines));
	assert_false(has_reason(text, SV("d.e"), &lines));
	assert_false(has_reason(text, SV("f.g"), &lines));
}

static void test_migrations_are_numbered_without_gap(void **state)
{
	(void)state;
	for (size_t i = 0; i < migrations_sqlite.n; i++)
		assert_int_equal(migrations_sqlite.rows[i].number, (int)i + 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_every_statement_is_as_its_head_says, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_T_CLR_1_every_clear_column_has_its_reason, set_up, tear_down),
		cmocka_unit_test(test_T_CLR_1_would_find_a_column),
		cmocka_unit_test(test_migrations_are_numbered_without_gap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
