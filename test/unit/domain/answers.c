/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The text of a screening's answers: one way to write each set, everything else refused whole. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "domain/screening/answers.h"

#define ANNA "00112233445566778899aabbccddeeff"
#define OMAR "ffeeddccbbaa99887766554433221100"

static struct id person(const char *hex)
{
	struct id id;

	assert_true(id_parse(sv_of(hex), &id));
	return id;
}

static void test_write_and_read_is_the_same(void **state)
{
	struct arena *a = arena_new(0);
	struct answers in = { .n = 0 }, out;
	struct sv text;

	assert_true(answers_add(&in, SV("D1.01"), ANSWER_YES, SOURCE_INTERVIEW, person(ANNA), 28446720));
	assert_true(answers_add(&in, SV("D4.02"), ANSWER_NO, SOURCE_DOCUMENT, person(OMAR), 28446721));
	assert_true(answers_add(&in, SV("D4.03"), ANSWER_YES, SOURCE_REPORT, person(ANNA), 0));
	assert_true(answers_add(&in, SV("11"), ANSWER_YES, SOURCE_OBSERVATION, person(OMAR), 99999999));
	text = answers_text(a, &in);
	assert_true(sv_is(text, "by " ANNA "\nby " OMAR
				"\nD1.01 y i 0 28446720\nD4.02 n d 1 28446721\nD4.03 y r 0 0\n11 y o 1 99999999\n"));
	assert_true(answers_read(text, &out));
	assert_int_equal(out.n, 4);
	assert_true(sv_equal(answers_text(a, &out), text));
	assert_int_equal(answers_find(&out, SV("D4.02"))->answer, ANSWER_NO);
	assert_int_equal(answers_find(&out, SV("D4.02"))->source, SOURCE_DOCUMENT);
	assert_true(id_equal(out.authors[answers_find(&out, SV("D4.02"))->author], person(OMAR)));
	assert_null(answers_find(&out, SV("D9.99")));
	arena_free(a);
}

static void test_nothing_known_is_no_text(void **state)
{
	struct arena *a = arena_new(0);
	struct answers in = { .n = 0 }, out;

	assert_int_equal(answers_text(a, &in).n, 0);
	assert_true(answers_read(SV_NONE, &out));
	assert_int_equal(out.n, 0);
	arena_free(a);
}

static void test_full_set_has_room(void **state)
{
	struct arena *a = arena_new(0);
	struct answers in = { .n = 0 }, out;

	for (unsigned i = 0; i < INDICATORS_MAX; i++) {
		struct id by = ID_ZERO;

		by.b[15] = (uint8_t)(i % AUTHORS_MAX);
		assert_true(answers_add(&in, arena_format(a, "LONGCODE.%03u", i), ANSWER_NO, SOURCE_OBSERVATION, by, 99999999));
	}
	assert_false(answers_add(&in, SV("one"), ANSWER_YES, SOURCE_REPORT, person(ANNA), 1));
	assert_true(answers_read(answers_text(a, &in), &out));
	assert_int_equal(out.n, INDICATORS_MAX);
	assert_int_equal(out.author_count, AUTHORS_MAX);
	arena_free(a);
}

static void test_what_cannot_be_an_answer_is_not_added(void **state)
{
	struct answers in = { .n = 0 };

	assert_true(answers_add(&in, SV("D1.01"), ANSWER_YES, SOURCE_REPORT, person(ANNA), 1));
	assert_false(answers_add(&in, SV("D1.01"), ANSWER_NO, SOURCE_REPORT, person(ANNA), 1));
	assert_false(answers_add(&in, SV("D1.02"), ANSWER_UNKNOWN, SOURCE_REPORT, person(ANNA), 1));
	assert_false(answers_add(&in, SV(""), ANSWER_YES, SOURCE_REPORT, person(ANNA), 1));
	assert_false(answers_add(&in, SV("D1 02"), ANSWER_YES, SOURCE_REPORT, person(ANNA), 1));
	assert_false(answers_add(&in, SV("thirteen.code"), ANSWER_YES, SOURCE_REPORT, person(ANNA), 1));
	assert_false(answers_add(&in, SV("D1.02"), ANSWER_YES, SOURCE_REPORT, person(ANNA), -1));
	assert_int_equal(in.n, 1);
}

/* Texts that are nearly right. */
static const char *const refused[] = {
	"D1.01 y i 0 1\n",                /* nobody said it */
	"by " ANNA "\n",                  /* somebody said nothing */
	"by " ANNA "\nD1.01 y i 0 1",     /* no end */
	"by " ANNA "\nD1.01 y i 0 1\n\n", /* empty line */
	"by " ANNA "\nD1.01 y i 0 01\n",  /* zero in front */
	"by " ANNA "\nD1.01 y i 00 1\n",
	"by " ANNA "\nD1.01 Y i 0 1\n",
	"by " ANNA "\nD1.01 u i 0 1\n",         /* not known is not written */
	"by " ANNA "\nD1.01 y x 0 1\n",         /* no such source */
	"by " ANNA "\nD1.01 y i 1 1\n",         /* no such person */
	"by " ANNA "\nD1.01 y i 0 100000000\n", /* no such time */
	"by " ANNA "\nD1.01 y i 0 -1\n",
	"by " ANNA "\nD1.01 y i 0\n",
	"by " ANNA "\nD1.01 y i 0 1 \n",
	"by " ANNA "\n D1.01 y i 0 1\n",
	"by " ANNA "\nD1.01  y i 0 1\n",
	"by " ANNA "\nD1.01 y i 0 1\nD1.01 n i 0 1\n",              /* two answers */
	"by " ANNA "\nby " ANNA "\nD1.01 y i 0 1\nD1.02 y i 1 1\n", /* twice the same person */
	"by " ANNA "\nby " OMAR "\nD1.01 y i 1 1\nD1.02 y i 0 1\n", /* people in another order */
	"by " ANNA "\nby " OMAR "\nD1.01 y i 0 1\n",                /* one who said nothing */
	"by " ANNA "\nD1.01 y i 0 1\nby " OMAR "\n",
	"by 00112233445566778899AABBCCDDEEFF\nD1.01 y i 0 1\n",
	"by 00\nD1.01 y i 0 1\n",
	"\n",
	"by ",
	"D\xC3\xA9 y i 0 1\n",
};

static void test_nearly_right_is_refused_whole(void **state)
{
	struct answers out;

	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		if (answers_read(sv_of(refused[i]), &out))
			fail_msg("taken: %s", refused[i]);
		assert_int_equal(out.n, 0);
	}
	assert_false(answers_read(sv_bytes("by " ANNA "\nD1.01\0y i 0 1\n", sizeof("by " ANNA "\nD1.01\0y i 0 1\n") - 1), &out));
}

/* Every text one byte away from a right one is refused or means what it says. */
static void test_one_byte_away(void **state)
{
	static const char right[] = "by " ANNA "\nby " OMAR "\nD1.01 y i 0 28446720\nD4.02 n d 1 28446721\n";
	struct arena *a = arena_new(0);
	struct answers out;
	size_t taken = 0;

	for (size_t i = 0; i + 1 < sizeof(right); i++)
		for (unsigned b = 0; b < 256; b++) {
			struct arena_mark mark = arena_mark(a);
			char text[sizeof(right)];

			memcpy(text, right, sizeof(right));
			text[i] = (char)b;
			if (answers_read(sv_bytes(text, sizeof(right) - 1), &out)) {
				assert_true(sv_equal(answers_text(a, &out), sv_bytes(text, sizeof(right) - 1)));
				taken++;
			}
			arena_rewind(a, mark);
		}
	assert_true(taken > sizeof(right)); /* other digits, letters and sources are right too */
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_write_and_read_is_the_same),
		cmocka_unit_test(test_nothing_known_is_no_text),
		cmocka_unit_test(test_full_set_has_room),
		cmocka_unit_test(test_what_cannot_be_an_answer_is_not_added),
		cmocka_unit_test(test_nearly_right_is_refused_whole),
		cmocka_unit_test(test_one_byte_away),
	};

	return cmocka_run_group_tests_name("screening_answers", tests, NULL, NULL);
}
