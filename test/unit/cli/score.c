/* SPDX-License-Identifier: GPL-3.0-or-later */
/* amana score: the 16 vectors, sheets that must be refused, the list of eleven, and the edges of both rules worked out by hand. */
#include <fcntl.h>
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "cli/score.h"
#include "cli/terminal.h"
#include "domain/screening/grid.h"

static struct ctx c;
static const struct actor nobody;
static const struct grid *ilo, *fl11;

static int setup(void **state)
{
	c = (struct ctx){ .arena = arena_new(0), .who = &nobody };
	return grid_load(&c, DATA_DIR, SV("ilo2009"), &ilo) == OK && grid_load(&c, DATA_DIR, SV("fl11"), &fl11) == OK ? 0 : -1;
}

static int teardown(void **state)
{
	arena_free(c.arena);
	return 0;
}

static void test_grids_are_whole(void **state)
{
	const struct grid *g;

	assert_int_equal(ilo->dimension_count, 6);
	assert_int_equal(ilo->indicator_count, 67);
	assert_int_equal(fl11->indicator_count, 11);
	assert_ptr_not_equal(fl11->related, NULL);
	for (unsigned p = 0; p < PROFILE_COUNT; p++) {
		size_t n = 0;

		for (size_t i = 0; i < ilo->indicator_count; i++)
			n += ilo->indicators[i].strength[p] != STRENGTH_NONE;
		assert_int_equal(n, p == PROFILE_ADULT ? 67 : 65);
	}
	assert_int_equal(grid_load(&c, DATA_DIR, SV("moon"), &g), E_NOTFOUND);
}

/* --- vectors ---------------------------------------------------------------------------------------------------------------- */

struct dump {
	char text[4096];
	size_t n;
};

static int dump_part(const char *p, size_t n, void *arg)
{
	struct dump *d = arg;

	if (d->n + n > sizeof(d->text))
		return -1;
	memcpy(d->text + d->n, p, n);
	d->n += n;
	return 0;
}

static void test_vectors(void **state)
{
	json_t *file = json_load_file(HERE "/vectors.json", 0, NULL), *vectors = json_object_get(file, "vectors");

	assert_int_equal(json_array_size(vectors), 16);
	for (size_t i = 0; i < json_array_size(vectors); i++) {
		json_t *vector = json_array_get(vectors, i), *got;
		struct dump line = { .n = 0 };
		const char *why;
		struct sv out;

		assert_int_equal(json_dump_callback(json_object_get(vector, "input"), dump_part, &line, JSON_COMPACT), 0);
		assert_int_equal(score_line(c.arena, ilo, sv_bytes(line.text, line.n), &out, &why), OK);
		assert_int_equal(out.p[out.n - 1], '\n');
		got = json_loadb(out.p, out.n, JSON_REJECT_DUPLICATES, NULL);
		if (!json_equal(got, json_object_get(vector, "expected")))
			fail_msg("%s: %.*s", json_string_value(json_object_get(vector, "id")), (int)out.n, out.p);
		json_decref(got);
	}
	json_decref(file);
}

/* --- refusals --------------------------------------------------------------------------------------------------------------- */

static void test_wrong_sheets_are_refused(void **state)
{
	static const char *const wrong[] = {
		"",
		"[]",
		"null",
		"3",
		"{",
		"{\"age\":\"adult\"} x",
		"{\"age\":\"adult\",\"age\":\"child\"}",
		"{\"age\":\"old\"}",
		"{\"age\":14}",
		"{\"act\":\"maybe\"}",
		"{\"act\":null}",
		"{\"yes\":\"D1.01\"}",
		"{\"yes\":[1]}",
		"{\"yes\":[\"D9.01\"]}",
		"{\"yes\":[\"D1.1\"]}",
		"{\"yes\":[\"\"]}",
		"{\"yes\":[\"D1.01\",\"D1.01\"]}",
		"{\"yes\":[\"D1.01\"],\"unknown\":[\"D1.01\"]}",
		"{\"unknown\":{}}",
		"{\"default\":\"yes\"}",
		"{\"default\":false}",
		"{\"ages\":\"adult\"}",
		"{\"yes\":[\"D1.01\\u0000\"]}",
		"{\"yes\":[\"\xff\"]}",
		"{\"input\":{\"age\":\"adult\"}}",
		"{\"yes\":[\"1\"]}",
	};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		const char *why = NULL;
		struct sv out;

		assert_int_equal(score_line(c.arena, ilo, sv_of(wrong[i]), &out, &why), E_INPUT);
		assert_non_null(why);
	}
}

static void score_is(const struct grid *g, const char *json, const char *result)
{
	const char *why = NULL;
	struct sv out;

	assert_int_equal(score_line(c.arena, g, sv_of(json), &out, &why), OK);
	assert_string_equal(arena_text(c.arena, out), result);
}

/* Nothing said at all: nothing is "no". Everything is open, act is not known, so a child is not dismissed. */
static void test_not_said_is_unknown(void **state)
{
	score_is(ilo, "{}",
		 "{\"profile\":\"child\",\"dimensions\":{\"D1\":\"open\",\"D2\":\"open\",\"D3\":\"open\",\"D4\":\"open\","
		 "\"D5\":\"open\","
		 "\"D6\":\"open\"},\"result\":\"insufficient\",\"ilo_strict\":false,\"coercion\":false,\"age_uncertain\":true}\n");
}

static void test_the_eleven_are_lit_by_answers_and_by_hand(void **state)
{
	score_is(fl11, "{\"yes\":[]}", "{\"grid\":\"fl11\",\"lit\":[],\"count\":0}\n");
	score_is(fl11, "{\"yes\":[\"D1.01\"]}", "{\"grid\":\"fl11\",\"lit\":[\"2\"],\"count\":1}\n"); /* the whole of D1 */
	score_is(fl11, "{\"yes\":[\"D5.03\"]}",
		 "{\"grid\":\"fl11\",\"lit\":[\"3\",\"4\"],\"count\":2}\n"); /* one answer, two items */
	score_is(fl11, "{\"yes\":[\"D4.03\",\"7\"]}", "{\"grid\":\"fl11\",\"lit\":[\"7\",\"8\",\"9\"],\"count\":3}\n");
	score_is(fl11, "{\"unknown\":[\"D1.01\"],\"default\":\"no\"}", "{\"grid\":\"fl11\",\"lit\":[],\"count\":0}\n");
}

/* --- the rules, sheet by sheet ---------------------------------------------------------------------------------------------- */

static struct screening sheet(enum age age, enum answer act, const char *yes)
{
	struct screening s = { .age = age, .act = act };
	struct sv rest = sv_of(yes), word;

	for (size_t i = 0; i < INDICATORS_MAX; i++)
		s.answers[i] = ANSWER_NO;
	while (yes[0] != 0 && sv_cut(&rest, ' ', &word)) {
		assert_true(indicator_find(ilo, word) >= 0);
		s.answers[indicator_find(ilo, word)] = ANSWER_YES;
	}
	return s;
}

static enum result result_of(enum age age, enum answer act, const char *yes)
{
	struct screening s = sheet(age, act, yes);

	return score_ilo2009(ilo, &s).result;
}

static void test_adult_rules_in_order(void **state)
{
	/* exploitation and means, act said no: the first rule is closed, the second holds */
	assert_int_equal(result_of(AGE_ADULT, ANSWER_YES, "D4.01 D4.02 D5.01 D5.11"), RESULT_PRESUMED);
	assert_int_equal(result_of(AGE_ADULT, ANSWER_UNKNOWN, "D4.01 D4.02 D5.01 D5.11"), RESULT_PRESUMED);
	assert_int_equal(result_of(AGE_ADULT, ANSWER_NO, "D4.01 D4.02 D5.01 D5.11"), RESULT_POSSIBLE);
	/* three medium answers of different dimensions: no dimension positive, no strong */
	assert_int_equal(result_of(AGE_ADULT, ANSWER_YES, "D1.02 D4.02 D5.11"), RESULT_POSSIBLE);
	assert_int_equal(result_of(AGE_ADULT, ANSWER_YES, "D1.02 D4.02"), RESULT_INSUFFICIENT);
	assert_int_equal(result_of(AGE_ADULT, ANSWER_YES, ""), RESULT_NO_INDICATION);
}

static void test_child_rules_in_order(void **state)
{
	assert_int_equal(result_of(AGE_CHILD, ANSWER_UNKNOWN, "D4.01 D4.02"), RESULT_PRESUMED);
	assert_int_equal(result_of(AGE_CHILD, ANSWER_NO, "D4.01 D4.02"), RESULT_CHILD_PROTECTION);
	assert_int_equal(result_of(AGE_CHILD, ANSWER_NO, "D1.02"), RESULT_POSSIBLE);
	assert_int_equal(result_of(AGE_CHILD, ANSWER_YES, "D3.08"), RESULT_NO_INDICATION); /* not on the child list */
	assert_int_equal(result_of(AGE_UNKNOWN, ANSWER_NO, "D4.01 D4.02"), RESULT_CHILD_PROTECTION);
}

/* One sheet more of anything never lowers the protection of an adult: over all single answers added to each of the sheets above. */
static void test_another_yes_never_lowers(void **state)
{
	static const char *const sheets[] = {
		"", "D4.02", "D4.01 D4.02", "D1.02 D4.02", "D3.06 D4.02 D4.07 D4.08", "D4.01 D4.02 D5.01 D5.11"
	};

	for (size_t k = 0; k < sizeof(sheets) / sizeof(sheets[0]); k++)
		for (unsigned age = AGE_UNKNOWN; age <= AGE_CHILD; age++)
			for (size_t i = 0; i < ilo->indicator_count; i++) {
				struct screening s = sheet((enum age)age, ANSWER_YES, sheets[k]);
				enum result before = score_ilo2009(ilo, &s).result;

				s.answers[i] = ANSWER_YES;
				assert_true(score_ilo2009(ilo, &s).result >= before);
			}
}

/* --- lines ------------------------------------------------------------------------------------------------------------------ */

static void test_lines_are_bounded_and_none_is_lost(void **state)
{
	static const char text[] = "one\n\n1234567890123456\nlast without newline";
	struct lines l;
	struct sv line;
	bool end;
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], text, sizeof(text) - 1), sizeof(text) - 1);
	close(ends[1]);
	l = lines_of(c.arena, ends[0], 10);
	assert_int_equal(lines_next(&l, &line, &end), OK);
	assert_true(sv_is(line, "one") && l.number == 1);
	assert_int_equal(lines_next(&l, &line, &end), OK);
	assert_true(line.n == 0 && !end && l.number == 2);
	assert_int_equal(lines_next(&l, &line, &end), E_LIMIT);
	assert_int_equal(l.number, 3);
	assert_int_equal(lines_next(&l, &line, &end), E_LIMIT); /* over 10 too */
	assert_int_equal(lines_next(&l, &line, &end), OK);
	assert_true(end);
	close(ends[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_grids_are_whole),
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_wrong_sheets_are_refused),
		cmocka_unit_test(test_not_said_is_unknown),
		cmocka_unit_test(test_the_eleven_are_lit_by_answers_and_by_hand),
		cmocka_unit_test(test_adult_rules_in_order),
		cmocka_unit_test(test_child_rules_in_order),
		cmocka_unit_test(test_another_yes_never_lowers),
		cmocka_unit_test(test_lines_are_bounded_and_none_is_lost),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
