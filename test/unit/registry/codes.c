/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The CSV reader, and code lists: the shipped ones load whole, wrong ones stop the start with file, line and cell. */
#include "kit.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "registry/csv.h"

static struct ctx c;

static int set_up(void **state)
{
	(void)state;
	kit_open(&c);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	kit_close(&c);
	return 0;
}

/* --- csv --------------------------------------------------------------------------------------------------------------------------- */

/* The whole text as "cell^cell/cell^cell" after the header, or "error line:cell". */
static const char *flat(struct sv text, const struct csv_limits *limits)
{
	struct buf b = buf_new(c.arena, 256, 1 << 16);
	struct csv r;
	struct csv_row row;
	bool end;
	enum status s = csv_open(&r, c.arena, text, limits);

	while (s == OK) {
		s = csv_next(&r, c.arena, &row, &end);
		if (s != OK || end)
			break;
		if (b.n)
			buf_byte(&b, '/');
		for (size_t i = 0; i < row.n; i++) {
			if (i)
				buf_byte(&b, '^');
			buf_sv(&b, row.cells[i]);
		}
	}
	if (s != OK) {
		b.n = 0;
		buf_format(&b, "%s %zu:%zu", r.error, r.error_line, r.error_cell);
		assert_true(s == E_INPUT || s == E_LIMIT);
	}
	return arena_text(c.arena, buf_view(&b));
}

static void test_csv_forms(void **state)
{
	(void)state;
	assert_string_equal(flat(SV("a,b\n1,2\n3,4\n"), NULL), "1^2/3^4");
	assert_string_equal(flat(SV("a,b\r\n1,2\r\n3,4"), NULL), "1^2/3^4");
	assert_string_equal(flat(SV("\xef\xbb\xbf"
				    "a,b\n1,2\n"),
				 NULL),
			    "1^2");
	assert_string_equal(flat(SV("a,b\n,\n"), NULL), "^");
	assert_string_equal(flat(SV("a,b\n\n1,2\r\n\n"), NULL), "1^2");
	assert_string_equal(flat(SV("a,b\n\"1,x\",\"2 \"\"q\"\"\"\n"), NULL), "1,x^2 \"q\"");
	assert_string_equal(flat(SV("a,b\n\"1\r\n2\n3\",x\n"), NULL), "1\n2\n3^x");
	assert_string_equal(flat(SV("a,b\n\"\",\"\"\n"), NULL), "^");
	assert_string_equal(flat(SV("a\n"), NULL), "");
	assert_string_equal(flat(SV("a;b\n1,5;2\n"), &(struct csv_limits){ .separator = ';' }), "1,5^2");
	assert_string_equal(flat(SV("a,b\n 1 , 2\n"), NULL), " 1 ^ 2");
}

static void test_csv_errors_name_line_and_cell(void **state)
{
	struct buf wide = buf_new(c.arena, 256, 4096);

	(void)state;
	assert_string_equal(flat(SV(""), NULL), "empty 1:0");
	assert_string_equal(flat(SV("\xef\xbb\xbf\n\n"), NULL), "empty 1:0");
	assert_string_equal(flat(SV("a,\n1,2\n"), NULL), "empty 1:2");
	assert_string_equal(flat(SV("a,b,a\n"), NULL), "doubled 1:3");
	assert_string_equal(flat(SV("a,b\n1,2,3\n"), NULL), "columns 2:0");
	assert_string_equal(flat(SV("a,b\n1,2\n\n1\n"), NULL), "columns 4:0");
	assert_string_equal(flat(SV("a,b\n1,x\"y\n"), NULL), "quote 2:2");
	assert_string_equal(flat(SV("a,b\n1,\"x\"y\n"), NULL), "quote 2:2");
	assert_string_equal(flat(SV("a,b\n1,\"x\n\n"), NULL), "quote 2:2");
	assert_string_equal(flat(SV("a,b\n\"x\ny\",\"z\n"), NULL), "quote 3:2");
	assert_string_equal(flat(SV("a,b\r1,2\n"), NULL), "quote 1:2"); /* a lone CR ends no line */
	assert_string_equal(flat(SV("a,b\n1,2\x01\n"), NULL), "control 2:2");
	assert_string_equal(flat(SV("a,b\n1,\"2\x7f\"\n"), NULL), "control 2:2");
	assert_string_equal(flat((struct sv){ "a,b\n1,\0"
					      "2\n",
					      9 },
				 NULL),
			    "control 2:2");
	assert_string_equal(flat(SV("a,b\n1,2\n3,\xff\n"), NULL), "encoding 3:0");
	assert_string_equal(flat(SV("a,b\n1,2\n3,4\n"), &(struct csv_limits){ .rows = 1 }), "too_many 3:0");
	assert_string_equal(flat(SV("a,b\n1,2345\n"), &(struct csv_limits){ .cell = 3 }), "too_long 2:2");
	assert_string_equal(flat(SV("a,b\n1,\"2345\"\n"), &(struct csv_limits){ .cell = 3 }), "too_long 2:2");
	assert_string_equal(flat(SV("a,b\n1,2\n"), &(struct csv_limits){ .bytes = 7 }), "too_long 0:0");
	for (size_t i = 0; i < CSV_CELLS_MAX + 1; i++)
		buf_format(&wide, "c%zu,", i);
	assert_string_equal(flat(buf_view(&wide), NULL), "too_many 1:65");
}

static void test_csv_columns_and_files(void **state)
{
	struct csv r;
	struct sv text;

	(void)state;
	assert_int_equal(csv_open(&r, c.arena, SV("code,\"label, fr\"\n"), NULL), OK);
	assert_int_equal(csv_column(&r, "label, fr"), 1);
	assert_true(csv_column(&r, "label") == SIZE_MAX);
	assert_int_equal(csv_file(c.arena, DATA_DIR "/codes/sex.csv", &text), OK);
	assert_true(text.n > 50);
	assert_int_equal(csv_file(c.arena, DATA_DIR "/codes/none.csv", &text), E_IO);
	assert_int_equal(csv_file(c.arena, DATA_DIR, &text), E_IO);
}

/* --- code lists -------------------------------------------------------------------------------------------------------------------- */

static void test_shipped_lists(void **state)
{
	const struct code_list *risks = codes_of("risk_levels"), *regions = codes_of("regions");
	const struct code *code;

	(void)state;
	assert_non_null(risks);
	code = code_find(risks, SV("immediate"));
	assert_non_null(code);
	assert_int_equal(code->number, 1);
	assert_string_equal(code->label[LANG_FR], "Danger imm\xc3\xa9"
						  "diat");
	assert_string_equal(code_extra(risks, code, "first_action_hours_default"), "1");
	assert_null(code_extra(risks, code, "no_such_column"));
	assert_string_equal(code_label("risk_levels", SV("high"), LANG_EN), "High risk");
	assert_string_equal(code_label("risk_levels", SV("no_such"), LANG_EN), "?");
	assert_string_equal(code_label("no_such", SV("high"), LANG_EN), "?");
	assert_string_equal(code_label("countries", SV("MA"), LANG_EN), "Morocco");
	assert_null(codes_of("states"));
	assert_non_null(code_find(codes_of("states.report"), SV("triage")));
	assert_non_null(codes_of("publication_groups.zone"));
	assert_string_equal(code_label("access_matrix", SV("desk"), LANG_EN), "Intake desk");
	assert_null(codes_of("transitions"));
	for (size_t i = 0; i < regions->n; i++)
		assert_int_equal(regions->codes[i].number, i + 1);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st, (void)type, (void)ftw;
	return remove(path);
}

/* Load a folder whose one list holds `text`. */
static enum status load_one(const char *text)
{
	char dir[64] = "/tmp/amana-codes-XXXXXX", path[128];
	enum status s;
	FILE *f;

	assert_non_null(mkdtemp(dir));
	(void)snprintf(path, sizeof path, "%s/codes", dir);
	assert_int_equal(mkdir(path, 0700), 0);
	(void)snprintf(path, sizeof path, "%s/codes/things.csv", dir);
	f = fopen(path, "w");
	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
	kit_clear(&c);
	s = codes_load(&c, dir);
	assert_int_equal(nftw(dir, remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
	return s;
}

static void test_wrong_lists_stop_the_start(void **state)
{
	(void)state;
	assert_int_equal(load_one("code,label_fr,label_ar,label_en\na,x,y,z\n"), OK);
	assert_non_null(codes_of("things"));
	assert_null(codes_of("risk_levels")); /* the lists of before are gone */
	assert_int_equal(load_one("code,label_fr,label_ar,label_en\na,x,y,z\na,x,y,z\n"), E_INPUT);
	assert_null(codes_of("things"));
	assert_int_equal(load_one("code,label_fr,label_ar,label_en\na,x,,z\n"), E_INPUT);
	assert_int_equal(load_one("code,label_fr,label_ar,label_en\na|b,x,y,z\n"), E_INPUT);
	assert_int_equal(load_one("code,label_fr,label_ar,label_en\n,x,y,z\n"), E_INPUT);
	assert_int_equal(load_one("code,label_fr,label_ar\na,x,y\n"), E_INPUT);
	assert_int_equal(load_one("label_fr,label_ar,label_en\nx,y,z\n"), E_INPUT);
	assert_int_equal(load_one("code,label_fr,label_ar,label_en\na,x,y\n"), E_INPUT);
	assert_int_equal(load_one(""), E_INPUT);
	kit_clear(&c);
	assert_int_equal(codes_load(&c, "/nowhere"), E_IO);
	assert_int_equal(codes_load(&c, DATA_DIR), OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_csv_forms),
		cmocka_unit_test(test_csv_errors_name_line_and_cell),
		cmocka_unit_test(test_csv_columns_and_files),
		cmocka_unit_test(test_shipped_lists),
		cmocka_unit_test(test_wrong_lists_stop_the_start),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
