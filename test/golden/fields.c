/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every field of every record type: its name, number, type and class stand in fields.txt for ever, its values survive every way through the
 * registry. A new type is one line in `all`, a new field one line in fields.txt; a changed or missing line is a broken promise to data
 * already sealed. Run with the argument "print" it writes the lines. */
#include "kit.h"

#include <stdio.h>
#include <string.h>

#include "domain/casefile/types.h"
#include "domain/intake/types.h"
#include "domain/person/types.h"
#include "domain/screening/types.h"
#include "domain/signing/types.h"
#include "domain/statistics/types.h"
#include "policy/policy.h"
#include "registry/csv.h"

static const struct record_type *const all[] = { &casefile_type, &basis_type,        &casenote_type, &closing_type,   &person_type,
						 &reach_type,    &exploitation_type, &report_type,   &message_type,   &file_type,
						 &contact_type,  &screening_type,    &decision_type, &signature_type, &event_type };
#define ALL (sizeof all / sizeof *all)

static const char *const type_names[FIELD_TYPE_COUNT] = {
	[FIELD_TEXT] = "TEXT",
	[FIELD_LONG_TEXT] = "LONG_TEXT",
	[FIELD_CODE] = "CODE",
	[FIELD_CODES] = "CODES",
	[FIELD_YESNO] = "YESNO",
	[FIELD_INTEGER] = "INTEGER",
	[FIELD_TIME] = "TIME",
	[FIELD_PHONE] = "PHONE",
	[FIELD_REFERENCE] = "REFERENCE",
	[FIELD_REFERENCES] = "REFERENCES",
	[FIELD_PARTIAL_DATE] = "PARTIAL_DATE",
};
static const char *const class_names[CLASS_COUNT] = {
	[IDENT] = "IDENT",     [CONTACT] = "CONTACT", [HEALTH] = "HEALTH", [LEGAL] = "LEGAL",     [ASSIST] = "ASSIST",
	[EXPLOIT] = "EXPLOIT", [NOTES] = "NOTES",     [EVID] = "EVID",     [SUSPECT] = "SUSPECT", [CONSENT] = "CONSENT",
	[STAT] = "STAT",       [SEARCH] = "SEARCH",   [REPORT] = "REPORT", [DIALOG] = "DIALOG",   [JDETAIL] = "JDETAIL",
	[PLACE] = "PLACE",     [OWN] = "OWN",         [ALERT] = "ALERT",   [SITE] = "SITE",       [THREAD] = "THREAD",
};

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

/* "report 1 channel 1 CODE REPORT": type, its number, field, its number, type, class. */
static struct sv line_of(struct arena *a, const struct record_type *t, const struct field *f)
{
	return arena_format(a, "%s %u %s %u %s %s", t->name, t->number, f->name, f->number, type_names[f->type],
			    class_names[f->class]);
}

static void print_lines(void)
{
	struct arena *a = arena_new(0);

	for (size_t i = 0; i < ALL; i++)
		for (size_t j = 0; j < all[i]->field_count; j++)
			(void)puts(line_of(a, all[i], &all[i]->fields[j]).p);
	arena_free(a);
}

static bool stands_in(struct sv text, struct sv line)
{
	struct sv part;

	while (sv_cut(&text, '\n', &part))
		if (sv_equal(part, line))
			return true;
	return false;
}

static void test_golden_fields(void **state)
{
	struct sv text, part, rest;
	size_t lines = 0, fields = 0, wrong = 0;

	(void)state;
	assert_int_equal(csv_file(c.arena, GOLDEN, &text), OK);
	for (size_t i = 0; i < ALL; i++)
		for (size_t j = 0; j < all[i]->field_count; j++, fields++) {
			struct sv line = line_of(c.arena, all[i], &all[i]->fields[j]);

			if (!stands_in(text, line)) {
				print_error("not in fields.txt: %s\n", line.p);
				wrong++;
			}
		}
	assert_int_equal(wrong, 0);
	for (rest = text; sv_cut(&rest, '\n', &part);)
		lines += part.n && part.p[0] != '#';
	assert_int_equal(lines, fields); /* a field that went must be FIELD_RETIRED, not gone */
}

static void test_names_and_numbers_are_unique(void **state)
{
	(void)state;
	for (size_t i = 0; i < ALL; i++) {
		for (size_t k = 0; k < i; k++)
			assert_true(all[i]->number != all[k]->number && strcmp(all[i]->name, all[k]->name) != 0);
		assert_true(all[i]->number > 0 && all[i]->number < 0x8000 && all[i]->schema > 0);
		for (size_t j = 0; j < all[i]->field_count; j++) {
			const struct field *f = &all[i]->fields[j];

			assert_true(f->number > 0 && (unsigned)f->class < CLASS_COUNT && class_names[f->class]);
			for (size_t k = 0; k < j; k++)
				assert_true(f->number != all[i]->fields[k].number && strcmp(f->name, all[i]->fields[k].name) != 0);
		}
	}
}

/* A class nobody writes or nobody reads would be a field that is lost, or one that stands outside of all rights. */
static void test_T_ACC_1_every_class_of_a_field_is_in_the_matrix(void **state)
{
	const uint32_t everybody = ROLE_BIT(ROLE_COUNT) - 1;

	(void)state;
	for (size_t i = 0; i < ALL; i++)
		for (size_t j = 0; j < all[i]->field_count; j++) {
			const struct field *f = &all[i]->fields[j];

			if (!policy_may(everybody, f->class, OP_WRITE) || !policy_may(everybody, f->class, OP_READ))
				fail_msg("%s %s: no role writes and reads its class", all[i]->name, f->name);
		}
}

static void test_every_field_at_its_limits(void **state)
{
	(void)state;
	for (size_t i = 0; i < ALL; i++)
		for (size_t j = 0; j < all[i]->field_count; j++)
			check_field(&c, all[i], &all[i]->fields[j]);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_golden_fields),
		cmocka_unit_test(test_names_and_numbers_are_unique),
		cmocka_unit_test(test_T_ACC_1_every_class_of_a_field_is_in_the_matrix),
		cmocka_unit_test(test_every_field_at_its_limits),
	};

	if (argc > 1 && strcmp(argv[1], "print") == 0) {
		print_lines();
		return 0;
	}
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
