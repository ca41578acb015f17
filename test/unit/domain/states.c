/* SPDX-License-Identifier: GPL-3.0-or-later */
/* States and clocks against the text of the data, without keeper or database. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "base/clock.h"
#include "domain/intake/act.h"

static struct ctx c;
static const struct actor nobody;

static int setup(void **state)
{
	c = (struct ctx){ .arena = arena_new(0), .who = &nobody };
	return codes_load(&c, DATA_DIR) == OK && intake_start(&c, DATA_DIR) == OK ? 0 : -1;
}

static int teardown(void **state)
{
	arena_free(c.arena);
	return 0;
}

/* The roles by name in bit order, written down once more. */
static const char *const role_names[ROLE_COUNT] = {
	"operator",
	"desk",
	"case_manager",
	"supervisor",
	"health",
	"shelter",
	"guard",
	"lawyer",
	"child_protection",
	"health_body",
	"return_body",
	"consulate",
	"police",
	"justice",
	"labour_inspection",
	"outreach",
	"interpreter",
	"coordinator",
	"commission",
	"me",
	"trainer",
	"finance",
	"donor",
	"org_admin",
	"security_officer",
	"dpo",
	"system_operator",
	"person",
	"reporter",
};
static const char *const state_names[STATE_COUNT] = {
	"", "new", "triage", "assigned", "waiting", "linked", "redirected", "closed"
};

/* Does a line of the file begin "report,FROM,TO," and name the actor between bars in its fourth cell? */
static bool text_says(const char *from, const char *to, const char *actor)
{
	char line[1024], start[64], named[64], cell[128];
	FILE *f = fopen(DATA_DIR "/codes/transitions.csv", "r");
	bool says = false;

	assert_non_null(f);
	snprintf(start, sizeof(start), "report,%s,%s,", from, to);
	snprintf(named, sizeof(named), "|%s|", actor);
	while (fgets(line, sizeof(line), f) != NULL) {
		if (strncmp(line, start, strlen(start)) != 0)
			continue;
		snprintf(cell, sizeof(cell), "|%.*s|", (int)strcspn(line + strlen(start), ","), line + strlen(start));
		says = says || actor == NULL || strstr(cell, named) != NULL;
	}
	fclose(f);
	return says;
}

static void test_every_change_is_the_text(void **state)
{
	size_t allowed = 0;

	for (unsigned from = 0; from < STATE_COUNT; from++)
		for (unsigned to = 1; to < STATE_COUNT; to++) {
			assert_int_equal(state_possible((enum report_state)from, (enum report_state)to),
					 text_says(state_names[from], state_names[to], NULL));
			for (unsigned r = 0; r < ROLE_COUNT; r++) {
				bool may = state_may((enum report_state)from, (enum report_state)to, ROLE_BIT(r));

				assert_int_equal(may, text_says(state_names[from], state_names[to], role_names[r]));
				allowed += may;
			}
			assert_int_equal(state_may((enum report_state)from, (enum report_state)to, 0),
					 text_says(state_names[from], state_names[to], "public"));
		}
	assert_true(allowed >= 13);
}

static void test_names_and_ends(void **state)
{
	for (unsigned s = 1; s < STATE_COUNT; s++) {
		assert_true(sv_is(state_code((enum report_state)s), state_names[s]));
		assert_int_equal(state_parse(sv_of(state_names[s])), s);
		for (unsigned l = 0; l < LANGUAGE_COUNT; l++)
			assert_true(strlen(state_label((enum report_state)s, (enum language)l)) > 0);
		assert_int_equal(state_ended((enum report_state)s),
				 s == STATE_LINKED || s == STATE_REDIRECTED || s == STATE_CLOSED);
	}
	assert_int_equal(state_parse(SV("restricted")), STATE_NONE);
	assert_int_equal(state_parse(SV("")), STATE_NONE);
	assert_false(state_ended(STATE_NONE));
}

static void test_a_broken_table_stops_the_start(void **state)
{
	assert_int_not_equal(intake_start(&c, "/nowhere"), OK);
	c.error = (struct error){ .status = OK };
	assert_false(state_possible(STATE_NONE, STATE_NEW));
	assert_int_equal(intake_start(&c, DATA_DIR), OK);
	assert_true(state_possible(STATE_NONE, STATE_NEW));
}

/* --- clocks ----------------------------------------------------------------------------------------------------------------- */

#define AT(h, m) (date_ms(2026, 3, 14, (h), (m)))

static void test_first_look(void **state)
{
	assert_int_equal(clock_first_look(AT(9, 0), false, false), date_ms(2026, 3, 15, 9, 0));
	assert_int_equal(clock_first_look(AT(9, 1), false, false), date_ms(2026, 3, 15, 10, 0)); /* the next full hour */
	assert_int_equal(clock_first_look(AT(9, 1), false, true), AT(14, 0));                    /* a child: four hours */
	assert_int_equal(clock_first_look(AT(9, 1), true, false), AT(10, 0)); /* danger: never more than the hour, on the quarter */
	assert_int_equal(clock_first_look(AT(9, 15), true, true), AT(10, 15));
}

static void test_by_risk(void **state)
{
	assert_int_equal(clock_by_risk(AT(9, 1), SV("immediate"), false), AT(10, 0));
	assert_int_equal(clock_by_risk(AT(9, 1), SV("high"), false), date_ms(2026, 3, 15, 10, 0));
	assert_int_equal(clock_by_risk(AT(9, 0), SV("medium"), false), date_ms(2026, 3, 17, 9, 0));
	assert_int_equal(clock_by_risk(AT(9, 0), SV("low"), false), date_ms(2026, 3, 21, 9, 0));
	assert_int_equal(clock_by_risk(AT(9, 0), SV("low"), true), AT(13, 0));         /* a child never waits longer */
	assert_int_equal(clock_by_risk(AT(9, 0), SV("unheard_of"), false), AT(10, 0)); /* unknown: the strictest */
}

/* T-ALR-2: on the quarter only until somebody has it; and the clock of danger never grows by taking it. */
static void test_T_ALR_2_taken_is_on_the_hour(void **state)
{
	assert_int_equal(clock_taken(AT(10, 15)), AT(10, 0));
	assert_int_equal(clock_taken(AT(11, 0)), AT(11, 0));
	assert_int_equal(clock_taken(0), 0);
	for (int m = 0; m < 60; m++) {
		int64_t due = clock_first_look(AT(9, m), true, false);

		assert_true(due > AT(9, m) && due - AT(9, m) <= HOUR_MS);
		assert_true(clock_taken(due) <= due);
	}
	assert_int_equal(clock_ring(AT(9, 1)), AT(9, 5));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_change_is_the_text),
		cmocka_unit_test(test_names_and_ends),
		cmocka_unit_test(test_a_broken_table_stops_the_start),
		cmocka_unit_test(test_first_look),
		cmocka_unit_test(test_by_risk),
		cmocka_unit_test(test_T_ALR_2_taken_is_on_the_hour),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
