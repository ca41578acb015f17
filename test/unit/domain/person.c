/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What facts of a person mean together: safe contact, age. No keeper, no database. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/clock.h"
#include "domain/casefile/casefile.h"
#include "domain/person/person.h"

static const struct actor nobody;
static struct ctx c = { .who = &nobody };

static int set_up(void **state)
{
	(void)state;
	c.arena = arena_new(64u << 20);
	return codes_load(&c, DATA_DIR) == OK && casefile_start(&c, DATA_DIR) == OK ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	arena_free(c.arena);
	return 0;
}

static struct person_contact contact(const char *way, const char *phone, const char *message)
{
	const struct reach_facts f = { .contact_way = sv_of(way),
				       .contact_phone = sv_of(phone),
				       .contact_details = SV("through the pharmacy"),
				       .contact_message_ok = sv_of(message) };
	struct person_contact out;

	person_contact(&f, &out);
	return out;
}

/* Silence is not consent, and what she refused is not there to be used. */
static void test_safe_contact(void **state)
{
	struct person_contact p = contact("phone", "0500 000 001", "yes");

	(void)state;
	assert_true(p.may_call && p.may_leave_message && p.phone.n > 0);
	p = contact("phone", "0500 000 001", "unknown");
	assert_true(p.may_call && !p.may_leave_message);
	p = contact("phone", "", "yes");
	assert_true(!p.may_call && !p.may_leave_message && p.call == PERSON_CALL_NO_NUMBER);
	p = contact("", "0500 000 001", "yes");
	assert_true(!p.may_call && p.call == PERSON_CALL_NOT_ASKED && p.phone.n == 0 && p.details.n == 0);
	p = contact("none", "0500 000 001", "yes");
	assert_true(!p.may_call && p.call == PERSON_CALL_NO && p.phone.n == 0 && p.details.n == 0);
	p = contact("through_person", "0500 000 001", "yes");
	assert_true(!p.may_call && p.call == PERSON_CALL_OTHER_WAY && p.phone.n == 0 && p.details.n > 0);
	p = contact("messaging", "0500 000 001", "yes");
	assert_true(!p.may_call && p.phone.n > 0);
}

static void bracket_is(const char *born, const char *expected)
{
	int64_t now = date_ms(2024, 9, 20, 12, 0);
	struct sv b = age_bracket_of(sv_of(born), now);

	if (!sv_is(b, expected))
		fail_msg("%s gives %.*s, not %s", born, (int)b.n, b.p, expected);
}

/* A date that is not exact gives the younger bracket. */
static void test_age_brackets(void **state)
{
	(void)state;
	bracket_is("2012-05-03", "12-14");
	bracket_is("2006-09-20", "18-20");
	bracket_is("2006-09-21", "15-17");
	bracket_is("2006-09", "15-17");
	bracket_is("2006", "15-17");
	bracket_is("~2005", "18-20");
	bracket_is("2000", "21-23");
	bracket_is("1950", "48+");
	bracket_is("2024", "0-8");
	bracket_is("", "");
}

static void test_doubt_is_a_child(void **state)
{
	(void)state;
	assert_true(age_is_child(SV("15-17"), SV("no")));
	assert_true(age_is_child(SV("18-20"), SV("yes")));
	assert_true(age_is_child(SV("unknown"), SV_NONE));
	assert_true(age_is_child(SV_NONE, SV("yes")));
	assert_false(age_is_child(SV("18-20"), SV("no")));
	assert_false(age_is_child(SV_NONE, SV_NONE));
}

/* The delays of tasks are rows of deadlines.csv, every one of them. */
static void test_task_types_have_their_delay(void **state)
{
	const struct code_list *types = codes_of("task_types"), *delays = codes_of("deadlines");

	(void)state;
	assert_non_null(types);
	for (size_t i = 0; i < types->n; i++) {
		const char *deadline = code_extra(types, &types->codes[i], "deadline");
		const char *role = code_extra(types, &types->codes[i], "role");

		assert_non_null(code_find(delays, sv_of(deadline)));
		assert_non_null(code_find(codes_of("access_matrix"), sv_of(role)));
		assert_true(task_due(types->codes[i].code, 0) == round_up(deadline_ms(deadline), HOUR_MS));
	}
	assert_true(deadline_ms("screening") == 7 * DAY_MS);
	assert_true(deadline_ms("second_review") == 72 * HOUR_MS);
	assert_true(deadline_ms("no such row") == HOUR_MS);
}

static void test_states_of_a_file(void **state)
{
	const uint32_t manager = ROLE_BIT(ROLE_CASE_MANAGER), supervisor = ROLE_BIT(ROLE_SUPERVISOR), desk = ROLE_BIT(ROLE_DESK);

	(void)state;
	assert_true(case_may(CASE_NONE, CASE_OPEN_SCREENING, desk) && case_may(CASE_NONE, CASE_OPEN_SCREENING, manager));
	assert_false(case_may(CASE_NONE, CASE_OPEN_SCREENING, supervisor));
	assert_true(case_may(CASE_OPEN_SCREENING, CASE_PRESUMED, manager) && !case_may(CASE_OPEN_SCREENING, CASE_PRESUMED, desk));
	assert_true(case_may(CASE_CARE, CASE_SUSPENDED, manager) && !case_may(CASE_CLOSED, CASE_SUSPENDED, manager));
	assert_false(case_may(CASE_OPEN_SCREENING, CASE_CLOSED, manager | supervisor)); /* never one alone */
	assert_true(case_may_two(CASE_OPEN_SCREENING, CASE_CLOSED, manager) && case_may_two(CASE_CARE, CASE_CLOSED, supervisor));
	assert_false(case_may_two(CASE_OPEN_SCREENING, CASE_CLOSED, desk));
	for (int i = 1; i < CASE_STATE_COUNT; i++) {
		assert_int_equal(case_state_parse(case_state_code((enum case_state)i)), i);
		for (int l = 0; l < LANGUAGE_COUNT; l++)
			assert_true(case_state_label((enum case_state)i, (enum language)l)[0] != '?');
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_safe_contact),     cmocka_unit_test(test_age_brackets),
		cmocka_unit_test(test_doubt_is_a_child), cmocka_unit_test(test_task_types_have_their_delay),
		cmocka_unit_test(test_states_of_a_file),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
