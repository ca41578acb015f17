/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The small things: views, ids, randomness, languages, status names, the context's errors, the log line. */
#include "helper.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/context.h"
#include "base/log.h"
#include "base/random.h"

static void test_views(void **state)
{
	struct sv rest = SV("a,,b,"), part;

	(void)state;
	assert_true(sv_equal(SV_NONE, SV("")));
	assert_true(sv_is(sv_of(NULL), ""));
	assert_null(sv_of(NULL).p);
	assert_true(sv_equal(sv_bytes("a\0b", 3), SV("a\0b")));
	assert_false(sv_is(SV("a\0b"), "a"));
	assert_true(sv_starts(SV("abc"), SV("ab")) && sv_starts(SV("abc"), SV_NONE));
	assert_false(sv_starts(SV("ab"), SV("abc")));
	assert_true(sv_is(sv_trim(SV(" \t\r\n a b \v\f")), "a b"));
	assert_int_equal(sv_trim(SV("   ")).n, 0);
	assert_true(sv_compare(SV("a"), SV("b")) < 0 && sv_compare(SV("b"), SV("ab")) > 0);
	assert_true(sv_compare(SV("a"), SV("ab")) < 0 && sv_compare(SV("ab"), SV("a")) > 0);
	assert_true(sv_compare(SV("\xff"), SV("a")) > 0);
	assert_int_equal(sv_compare(SV_NONE, SV("")), 0);
	assert_true(sv_cut(&rest, ',', &part) && sv_is(part, "a"));
	assert_true(sv_cut(&rest, ',', &part) && sv_is(part, "") && part.p);
	assert_true(sv_cut(&rest, ',', &part) && sv_is(part, "b"));
	assert_true(sv_cut(&rest, ',', &part) && sv_is(part, "") && part.p);
	assert_false(sv_cut(&rest, ',', &part));
}

static void test_numbers(void **state)
{
	static const char *const bad[] = {
		"", "-", "+1", "1 ", " 1", "0x1", "1a", "--1", "9223372036854775808", "-9223372036854775809"
	};
	uint64_t u;
	int64_t i;

	(void)state;
	assert_true(sv_u64(SV("18446744073709551615"), &u) && u == UINT64_MAX);
	assert_false(sv_u64(SV("18446744073709551616"), &u));
	assert_false(sv_u64(SV("99999999999999999999"), &u));
	assert_false(sv_u64(SV("-1"), &u));
	assert_true(sv_u64(SV("007"), &u) && u == 7);
	assert_true(sv_i64(SV("9223372036854775807"), &i) && i == INT64_MAX);
	assert_true(sv_i64(SV("-9223372036854775808"), &i) && i == INT64_MIN);
	assert_true(sv_i64(SV("-1"), &i) && i == -1);
	assert_true(sv_i64(SV("-0"), &i) && i == 0);
	for (size_t n = 0; n < sizeof bad / sizeof *bad; n++)
		assert_false(sv_i64(sv_of(bad[n]), &i));
}

static void test_ids(void **state)
{
	struct id id = id_new(), other = id_new(), back;
	char text[33], number[ID_CODE_SIZE];

	(void)state;
	assert_int_equal(id.b[6] >> 4, 4);
	assert_int_equal(id.b[8] >> 6, 2);
	assert_false(id_equal(id, other) || id_is_zero(id));
	assert_true(id_is_zero(ID_ZERO));
	id_hex(id, text);
	assert_int_equal(strlen(text), 32);
	assert_true(id_parse(sv_of(text), &back) && id_equal(id, back));
	assert_true(id_from(id_view(&id), &back) && id_equal(id, back));
	assert_false(id_from(SV("short"), &back));
	assert_false(id_parse(SV("00112233445566778899AABBCCDDEEFF"), &back));
	assert_false(id_parse(SV("00112233-4455-6677-8899-aabbccddeeff"), &back));
	assert_false(id_parse(SV("00112233445566778899aabbccddeef"), &back));
	for (unsigned i = 0; i < 200; i++) {
		file_number_new(number);
		assert_int_equal(strlen(number), 8);
		assert_int_equal(strspn(number, "0123456789ABCDEFGHJKMNPQRSTVWXYZ"), 8);
	}
}

static void test_random(void **state)
{
	uint8_t a[32] = { 0 }, b[32] = { 0 };
	bool seen[7] = { 0 };

	(void)state;
	random_fill(a, sizeof a);
	random_fill(b, sizeof b);
	assert_memory_not_equal(a, b, sizeof a);
	for (unsigned i = 0; i < 2000; i++) { /* a value missing after 2000 draws has a chance of 1e-133 */
		uint32_t n = random_below(7);

		assert_true(n < 7);
		seen[n] = true;
	}
	for (unsigned i = 0; i < 7; i++)
		assert_true(seen[i]);
}

static void test_languages(void **state)
{
	enum language l;

	(void)state;
	for (unsigned i = 0; i < LANGUAGE_COUNT; i++)
		assert_true(language_parse(sv_of(languages[i].tag), &l) && l == (enum language)i);
	assert_true(languages[LANG_AR].rtl);
	assert_false(languages[LANG_FR].rtl || languages[LANG_EN].rtl);
	assert_string_equal(languages[LANG_FR].name, "Français");
	assert_string_equal(languages[LANG_AR].name, "العربية");
	assert_false(language_parse(SV("de"), &l) || language_parse(SV(""), &l) || language_parse(SV("FR"), &l));
}

static void test_status_names(void **state)
{
	(void)state;
	for (unsigned i = 0; i < STATUS_COUNT; i++) {
		assert_true(strlen(status_name((enum status)i)) > 1);
		for (unsigned k = 0; k < i; k++)
			assert_string_not_equal(status_name((enum status)i), status_name((enum status)k));
	}
	assert_string_equal(status_name((enum status)STATUS_COUNT), "unknown");
	assert_string_equal(status_name((enum status) - 1), "unknown");
}

static enum status fails_second(struct ctx *c)
{
	TRY(OK);
	TRY(ERR(c, E_STALE, "record changed since it was shown"));
	return ERR(c, E_BUG, "not reached");
}

static void test_context_errors(void **state)
{
	struct actor actor = { .roles = ROLE_BIT(ROLE_DESK) | ROLE_BIT(ROLE_REPORTER) };
	struct ctx c = { .who = &actor };

	(void)state;
	assert_int_equal(fails_second(&c), E_STALE);
	assert_int_equal(ERR(&c, E_DENIED, "later"), E_DENIED);
	assert_int_equal(c.error.status, E_STALE);
	assert_string_equal(c.error.what, "record changed since it was shown");
	assert_true(c.error.line > 0 && strstr(c.error.file, "small.c"));
	assert_true(ctx_can(&c, ROLE_DESK) && ctx_can(&c, ROLE_REPORTER));
	assert_false(ctx_can(&c, ROLE_OPERATOR) || ctx_can(&c, ROLE_COUNT) || ctx_can(&c, (enum role)40));
	c = (struct ctx){ .who = &actor };
	for (unsigned i = 0; i < INPUT_ERRORS_MAX + 5; i++)
		assert_int_equal(ctx_input(&c, "text", "input.required", (int64_t)i), E_INPUT);
	assert_int_equal(c.input_count, INPUT_ERRORS_MAX);
	assert_int_equal(c.error.status, E_INPUT);
	assert_string_equal(c.inputs[3].key, "input.required");
	assert_int_equal(c.inputs[3].limit, 3);
}

/* What f writes to stderr. */
static char captured[600];

static void capture(void (*f)(void))
{
	FILE *file = tmpfile();
	int saved = dup(STDERR_FILENO);
	ssize_t n;

	assert_non_null(file);
	assert_true(saved >= 0 && dup2(fileno(file), STDERR_FILENO) >= 0);
	f();
	assert_true(dup2(saved, STDERR_FILENO) >= 0);
	close(saved);
	n = pread(fileno(file), captured, sizeof captured - 1, 0);
	assert_true(n > 0);
	captured[n] = 0;
	fclose(file);
}

static void write_event(void)
{
	log_open("keeper");
	log_event(LOG_REQUEST, E_DENIED, -1, 0, INT64_MAX, INT64_MIN);
}

static void write_note(void)
{
	log_open("web");
	LOG_NOTE(LOG_DATABASE, "database is locked");
}

static void write_unknown(void)
{
	log_event((enum log_event)99, (enum status)99, 1, 2, 3, 4);
}

static void write_quietly(void)
{
	log_quiet();
	log_event(LOG_READY, OK, 1, 2, 3, 4);
	log_event(LOG_DISK, E_STORE, 1, 2, 3, 4);
	log_event(LOG_STOP, OK, 1, 2, 3, 4);
}

static const char *after_second(const char *line)
{
	char *end;

	assert_true(strtoll(line, &end, 10) > 1700000000);
	return end;
}

static void test_log_lines(void **state)
{
	(void)state;
	capture(write_event);
	assert_string_equal(after_second(captured), " keeper request denied -1 0 9223372036854775807 -9223372036854775808\n");
	capture(write_note);
	assert_string_equal(after_second(captured), " web database: database is locked\n");
	capture(write_unknown);
	assert_string_equal(after_second(captured), " web unknown unknown 1 2 3 4\n");
	capture(write_quietly); /* the last: there is no way back */
	assert_string_equal(after_second(captured), " web disk store 1 2 3 4\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_views),          cmocka_unit_test(test_numbers),   cmocka_unit_test(test_ids),
		cmocka_unit_test(test_random),         cmocka_unit_test(test_languages), cmocka_unit_test(test_status_names),
		cmocka_unit_test(test_context_errors), cmocka_unit_test(test_log_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
