/* SPDX-License-Identifier: GPL-3.0-or-later */
/* T-CNT-1: a history made by chance (its seed is fixed) over a living instance, every act as people do it; what the sealed events give must be
 * what a plain list of the same acts gives. And what may be shown of it. */
#include "intake_kit.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

#include "domain/casefile/casefile.h"
#include "domain/intake/types.h"
#include "domain/screening/grid.h"
#include "domain/screening/screening.h"
#include "domain/statistics/statistics.h"

#define DESK_C (&kit.road.desk)
#define CASE_C (&kit.road.second)
#define LEADS (&kit.supervisor)
#define WELL(c, call)                                                                                            \
	do {                                                                                                     \
		enum status well = (call);                                                                       \
		if (well != OK)                                                                                  \
			fail_msg("%s: %s %s", status_name(well), (c)->error.what == NULL ? "" : (c)->error.what, \
				 (c)->input_count > 0 ? (c)->inputs[0].field : "");                              \
	} while (0)

static struct test_programme programme;
static struct ctx me;

/* --- chance -------------------------------------------------------------------------------------------------------------------- */

static uint32_t seed = 20260607;

static uint32_t chance(uint32_t n)
{
	seed = seed * 1664525u + 1013904223u;
	return (seed >> 16) % n;
}

/* --- the plain list ------------------------------------------------------------------------------------------------------------ */

enum fate { WAITS, CLOSED, LINKED, JOINED /* linked to a file that was there */ };
struct told {
	struct id report, file, decision;
	enum fate fate;
	const char *reason;
	int month;  /* received, year * 12 + month - 1 */
	int person; /* of the first report that led to its file */
	uint32_t people;
	bool stripped, screened, presumed, countersigned;
};
#define TOLD 40
static struct told list[TOLD];
static size_t told_n;
/* Files opened without a report: nobody is counted before one is linked. */
static struct {
	struct id file;
	int person;
} alone[4];
static size_t alone_n;

static int this_month(void)
{
	struct date d = date_of(DESK_C->now);

	return d.year * 12 + d.month - 1;
}

/* --- acts ---------------------------------------------------------------------------------------------------------------------- */

static void act_typed_in(void)
{
	static const char *const channels[] = { "hotline", "walk_in", "letter", "partner_referral" };
	static const char *const regions[] = { "MA-01", "MA-04", "MA-06", "" };
	static const char *const sectors[] = { "domestic_work", "agriculture|livestock", "" };
	struct told *t = &list[told_n];
	char day[11], people[12];
	struct staff_form in = { .channel = sv_of(channels[chance(4)]),
				 .text = SV("somebody is held"),
				 .risk = SV("high"),
				 .facts = { .region = sv_of(regions[chance(4)]), .sectors = sv_of(sectors[chance(3)]) } };
	int year = 2025 + (int)chance(2), month = 1 + (int)chance(3);

	t->people = chance(2) * (1 + chance(5));
	snprintf(day, sizeof(day), "%04d-%02d-%02d", year, month, 1 + (int)chance(28));
	snprintf(people, sizeof(people), "%u", t->people);
	in.received_at = sv_of(day);
	in.facts.people_estimate = t->people > 0 ? sv_of(people) : SV_NONE;
	WELL(DESK_C, report_new_staff(DESK_C, &in, &t->report));
	t->month = year * 12 + month - 1;
	told_n++;
}

static void act_by_web(void)
{
	struct told *t = &list[told_n];
	char text[40];

	snprintf(text, sizeof(text), "by the form, number %zu", told_n);
	t->report = came_by_web(text, false, NULL);
	t->month = this_month();
	WELL(DESK_C, report_triage(DESK_C, &(struct report_triage){ act_on(DESK_C, t->report), SV("high"), false }));
	told_n++;
}

static void act_close(struct told *t)
{
	static const char *const reasons[] = { "false_alarm", "malicious", "duplicate", "out_of_scope", "insufficient_info" };
	struct report_close in = { .act = act_on(DESK_C, t->report) };

	t->reason = reasons[chance(5)];
	in.closure = sv_of(t->reason);
	if (chance(4) == 0) { /* what did not come to be is not counted */
		in.act.version--;
		assert_int_equal(report_close(DESK_C, &in), E_STALE);
		FORGET(DESK_C);
		in.act.version++;
	}
	WELL(DESK_C, report_close(DESK_C, &in));
	t->stripped = t->stripped || closure_strips(in.closure);
	t->fate = CLOSED;
}

/* The one who has it closes it: she reads the report and does not write it. */
static void act_close_assigned(struct told *t)
{
	struct report_assign to = { act_on(DESK_C, t->report), CASE_C->who->user };
	struct report_close in;

	WELL(DESK_C, report_assign(DESK_C, &to));
	in = (struct report_close){ .act = act_on(CASE_C, t->report), .closure = SV("out_of_scope") };
	WELL(CASE_C, report_close(CASE_C, &in));
	t->reason = "out_of_scope";
	t->fate = CLOSED;
}

static void act_reopen(struct told *t)
{
	WELL(DESK_C, report_reopen(DESK_C, &(struct report_reopen){ act_on(DESK_C, t->report), SV("more came") }));
	t->fate = WAITS;
}

static void say_who(struct case_open *in)
{
	in->head.working_name = SV("Zahra");
	in->basis = (struct basis_facts){ .basis = SV("informed_consent"),
					  .basis_explained = SV("the case manager"),
					  .basis_way = SV("voiced"),
					  .basis_language = SV("ary"),
					  .basis_day = SV("2026-02-09") };
}

static void act_open_alone(void)
{
	struct case_open in = { .report = ID_ZERO };

	say_who(&in);
	WELL(CASE_C, case_open(CASE_C, &in, &alone[alone_n].file));
	alone_n++;
}

/* One more report leads to a file that is there. */
static void act_join(struct told *t, struct id file, int *person)
{
	struct report_assign to = { act_on(DESK_C, t->report), CASE_C->who->user };
	struct case_link link = { .file_code = SV_NONE };
	struct case_row row;
	struct id linked;

	WELL(DESK_C, report_assign(DESK_C, &to));
	WELL(CASE_C, case_row_load(CASE_C, file, &row));
	link.act = act_on(CASE_C, t->report);
	link.file_code = sv_of(row.code);
	WELL(CASE_C, case_link(CASE_C, &link, &linked));
	t->fate = JOINED;
	if (*person == 0 || t->month < *person)
		*person = t->month;
}

static void act_join_by_chance(struct told *t)
{
	struct told *other = &list[chance((uint32_t)told_n)];

	if (alone_n < 4 && chance(3) == 0)
		act_open_alone();
	else if (alone_n > 0 && chance(2) == 0)
		act_join(t, alone[alone_n - 1].file, &alone[alone_n - 1].person);
	else if (other->fate == LINKED)
		act_join(t, other->file, &other->person);
}

static void act_open_file(struct told *t)
{
	struct report_assign to = { act_on(DESK_C, t->report), CASE_C->who->user };
	struct report_view view;
	struct case_open in;

	WELL(DESK_C, report_assign(DESK_C, &to));
	WELL(CASE_C, case_open_from(CASE_C, t->report, &view, &in));
	say_who(&in);
	WELL(CASE_C, case_open(CASE_C, &in, &t->file));
	t->fate = LINKED;
	t->person = t->month;
}

static void act_screen(struct told *t)
{
	static const char *const yes[] = {
		"D1.01", "D1.02", "D3.01", "D3.03", "D4.01", "D4.02", "D4.04", "D5.01", "D5.03", "D6.01"
	};
	struct screening_in in = { .dossier = t->file,
				   .minor = SV("no"),
				   .age_basis = SV("declared"),
				   .act = SV("yes"),
				   .act_source = SV("interview"),
				   .finish = true };
	struct id id;

	for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++) {
		int at = indicator_find(grid_at(0), sv_of(yes[i]));

		assert_true(at >= 0);
		in.answer[at] = SV("yes");
		in.source[at] = SV("interview");
	}
	WELL(CASE_C, screening_save(CASE_C, &in, &id));
	t->screened = true;
}

static void act_presume(struct told *t)
{
	struct presume in = { .file = t->file, .comparison = SV("same"), .reason = SV("Locked in, papers taken, never paid.") };
	struct decision_view *all;
	struct case_row row;
	size_t n;

	WELL(CASE_C, case_row_load(CASE_C, t->file, &row));
	in.version = (uint32_t)row.version;
	WELL(CASE_C, presumption_make(CASE_C, &in));
	WELL(CASE_C, decision_list(CASE_C, t->file, &all, &n));
	t->decision = all[n - 1].row.id;
	t->presumed = true;
}

static void act_countersign(struct told *t)
{
	struct decision_view d;

	WELL(LEADS, decision_load(LEADS, t->decision, &d));
	WELL(LEADS, presumption_sign(LEADS, &(struct second_reading){ .decision = t->decision,
								      .version = (uint32_t)d.row.version,
								      .verdict = SV("agree") }));
	t->countersigned = true;
}

static void act_on_file(struct told *t)
{
	if (!t->screened)
		act_screen(t);
	else if (!t->presumed)
		act_presume(t);
	else if (!t->countersigned)
		act_countersign(t);
}

static void act_by_chance(void)
{
	struct told *t;

	if (told_n < TOLD && (told_n < 5 || chance(3) == 0)) {
		if (chance(5) == 0)
			act_by_web();
		else
			act_typed_in();
		return;
	}
	t = &list[chance((uint32_t)told_n)];
	if (t->fate == LINKED)
		act_on_file(t);
	else if (t->fate == CLOSED && chance(2) == 0)
		act_reopen(t);
	else if (t->fate == WAITS && !t->stripped && chance(3) == 0)
		act_open_file(t);
	else if (t->fate == WAITS && !t->stripped && chance(3) == 0)
		act_join_by_chance(t);
	else if (t->fate == WAITS && chance(4) == 0)
		act_close_assigned(t);
	else if (t->fate == WAITS)
		act_close(t);
}

/* --- counted twice ------------------------------------------------------------------------------------------------------------- */

static bool reason_is(const struct told *t, const char *reason)
{
	return t->fate == CLOSED && strcmp(t->reason, reason) == 0;
}

static uint32_t brute(const struct told *t, enum figure f)
{
	bool counts = !reason_is(t, "duplicate") && !reason_is(t, "out_of_scope") && !reason_is(t, "malicious");

	switch (f) {
	case FIGURE_REPORTS:
		return 1;
	case FIGURE_NOT_FALSE:
		return !reason_is(t, "false_alarm") && !reason_is(t, "malicious");
	case FIGURE_COUNTED:
		return counts;
	case FIGURE_PERSONS:
		return t->fate == LINKED;
	case FIGURE_PEOPLE:
		return counts && t->fate != LINKED && t->fate != JOINED ? t->people : 0;
	case FIGURE_SCREENINGS:
		return t->screened;
	case FIGURE_PRESUMPTIONS:
		return t->presumed;
	case FIGURE_SIGNED:
		return t->countersigned;
	case FIGURE_COUNT:
		break;
	}
	return 0;
}

static int month_of(const struct told *t, enum figure f)
{
	return f >= FIGURE_SCREENINGS ? this_month() : f == FIGURE_PERSONS ? t->person : t->month;
}

/* month 0: all of them */
static uint32_t brute_month(int month, enum figure f)
{
	uint32_t n = 0;

	for (size_t i = 0; i < told_n; i++)
		if (month == 0 || month_of(&list[i], f) == month)
			n += brute(&list[i], f);
	for (size_t i = 0; i < alone_n && f == FIGURE_PERSONS; i++)
		n += alone[i].person != 0 && (month == 0 || alone[i].person == month);
	return n;
}

static void compare(void)
{
	struct stat_figures got;

	WELL(&me, stat_count(&me, &got));
	for (unsigned f = 0; f < FIGURE_COUNT; f++) {
		for (size_t i = 0; i < got.n; i++) {
			uint32_t expected = brute_month(got.months[i].year * 12 + got.months[i].month - 1, (enum figure)f);

			if (got.months[i].n[f] != expected)
				fail_msg("%04d-%02d figure %u: %u, by the list %u", got.months[i].year, got.months[i].month, f,
					 got.months[i].n[f], expected);
		}
		assert_int_equal(got.total.n[f], brute_month(0, (enum figure)f));
	}
	for (size_t i = 1; i < got.n; i++)
		assert_true(got.months[i - 1].year * 12 + got.months[i - 1].month > got.months[i].year * 12 + got.months[i].month);
}

/* Files to which an older report was linked than the one they were opened from. */
static size_t joined_earlier(void)
{
	size_t n = 0;

	for (size_t i = 0; i < told_n; i++)
		n += list[i].fate == LINKED && list[i].person < list[i].month;
	return n;
}

static void test_T_CNT_1_counted_as_brute_force_counts(void **state)
{
	uint32_t seen[FIGURE_COUNT] = { 0 };

	for (int i = 0; i < 150; i++) {
		act_by_chance();
		if (i % 50 == 49)
			compare();
		(void)intake_between(NULL);
	}
	for (size_t i = 0; i < told_n; i++)
		for (unsigned f = 0; f < FIGURE_COUNT; f++)
			seen[f] += brute(&list[i], (enum figure)f);
	for (unsigned f = 0; f < FIGURE_COUNT; f++)
		assert_true(seen[f] > 0); /* the history has something of everything */
	assert_true(alone_n > 1 && alone[0].person + alone[1].person > 0 && joined_earlier() > 0);
	assert_true(seen[FIGURE_COUNTED] != seen[FIGURE_REPORTS] && seen[FIGURE_NOT_FALSE] != seen[FIGURE_REPORTS]);
}

/* C09: a false alarm is stripped and still counts as a report; no person comes of it. */
static void test_a_stripped_report_still_counts_and_is_nobody(void **state)
{
	struct stat_figures before, after;
	struct told t = { .report = ID_ZERO };
	struct report_close in = { .closure = SV("false_alarm") };

	WELL(&me, stat_count(&me, &before));
	t.report = came_by_web("a wedding, not a kidnapping", false, NULL);
	WELL(DESK_C, report_triage(DESK_C, &(struct report_triage){ act_on(DESK_C, t.report), SV("high"), false }));
	in.act = act_on(DESK_C, t.report);
	WELL(DESK_C, report_close(DESK_C, &in));
	WELL(&me, stat_count(&me, &after));
	assert_int_equal(after.total.n[FIGURE_REPORTS], before.total.n[FIGURE_REPORTS] + 1);
	assert_int_equal(after.total.n[FIGURE_COUNTED], before.total.n[FIGURE_COUNTED] + 1);
	assert_int_equal(after.total.n[FIGURE_NOT_FALSE], before.total.n[FIGURE_NOT_FALSE]);
	assert_int_equal(after.total.n[FIGURE_PERSONS], before.total.n[FIGURE_PERSONS]);
}

static void test_only_the_programme_counts(void **state)
{
	struct stat_figures none;

	assert_int_equal(stat_count(DESK_C, &none), E_DENIED);
	assert_int_equal(stat_count(LEADS, &none), E_DENIED);
	FORGET(DESK_C);
	FORGET(LEADS);
}

/* An event carries codes: what a form wrote into a code list's field and is none does not come through. */
static enum status odd_event(struct ctx *c, const void *arg)
{
	return stat_emit(c, arg);
}

static void test_an_event_carries_codes_alone(void **state)
{
	struct stat_event e = {
		.code = STAT_REPORT, .at = DESK_C->now, .count_id = stat_count_id(DESK_C), .region = SV("Khadija")
	};

	assert_int_equal(record_run(DESK_C, "test", odd_event, &e), E_BUG);
	FORGET(DESK_C);
	e.region = SV("MA-04");
	e.count_id = SV_NONE;
	assert_int_equal(record_run(DESK_C, "test", odd_event, &e), E_BUG);
	FORGET(DESK_C);
	e.count_id = SV("Khadija");
	assert_int_equal(record_run(DESK_C, "test", odd_event, &e), E_BUG);
	FORGET(DESK_C);
	for (size_t i = 0; i < event_type.field_count; i++) {
		const struct field *f = &event_type.fields[i];

		assert_true(f->type != FIELD_TEXT && f->type != FIELD_LONG_TEXT && f->type != FIELD_PHONE && f->type != FIELD_TIME);
		assert_int_equal(f->class, STAT);
	}
}

static void test_small_numbers_are_hidden(void **state)
{
	int64_t least;
	struct stat_row months[3] = { { .n = { 0, 0, 0, 0, 0, 0, 0, 0 } },
				      { .n = { 4, 4, 4, 0, 9, 12, 8, 5 } },
				      { .n = { 20, 17, 15, 6, 9, 12, 8, 8 } } };
	struct stat_figures f = { months, 3, { .n = { 24, 21, 19, 6, 18, 24, 16, 13 } } };

	assert_int_equal(stat_hide(&f, "coordination", &least), OK);
	assert_int_equal(least, 5);
	assert_int_equal(months[0].hidden, 0); /* nothing is nobody */
	assert_int_equal(months[1].hidden,
			 1u << FIGURE_REPORTS | 1u << FIGURE_NOT_FALSE | 1u << FIGURE_COUNTED | 1u << FIGURE_SIGNED);
	assert_int_equal(months[2].hidden, 1u << FIGURE_NOT_FALSE); /* 20 - 17 would be seen */
	assert_true(f.total.hidden >> FIGURE_REPORTS & 1);          /* 24 - 20 would be seen */
	assert_false(f.total.hidden >> FIGURE_PERSONS & 1);
	assert_int_equal(stat_hide(&f, "everybody", &least), E_NOTFOUND);
	assert_true(f.total.hidden >> FIGURE_NOT_FALSE & 1); /* two months are hidden, and 24 - 21 is small again */
	months[1].n[FIGURE_NOT_FALSE] = 3;
	months[1].n[FIGURE_REPORTS] = months[2].n[FIGURE_REPORTS] = 4; /* two months, eight in all: the sum may be seen */
	f.total.n[FIGURE_REPORTS] = 8;
	months[1].hidden = months[2].hidden = f.total.hidden = 0;
	assert_int_equal(stat_hide(&f, "coordination", &least), OK);
	assert_true(months[1].hidden >> FIGURE_REPORTS & months[2].hidden >> FIGURE_REPORTS & 1);
	assert_false(f.total.hidden >> FIGURE_REPORTS & 1);
	f.months[1].hidden = f.total.hidden = 0;
	assert_int_equal(stat_hide(&f, "commission", &least), OK); /* smallest cell 1 */
	assert_int_equal(f.months[1].hidden, 0);
}

static void behind_the_store(const char *statement)
{
	char path[400];
	sqlite3 *db;

	snprintf(path, sizeof(path), "%s/main.db", kit.road.main_dir);
	assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
	(void)sqlite3_busy_timeout(db, 5000);
	assert_int_equal(sqlite3_exec(db, statement, NULL, NULL, NULL), SQLITE_OK);
	(void)sqlite3_close(db);
}

static void test_T_BIND_2_an_event_changed_or_taken_away_is_noticed(void **state)
{
	struct stat_figures f;
	size_t all, some;

	WELL(&me, stat_stored(&me, 1000, &all));
	WELL(&me, stat_stored(&me, 3, &some));
	assert_true(all > DROPS_MAX && all < 1000); /* more than one opening, none of them lost */
	assert_int_equal(some, 3);
	WELL(&me, stat_count(&me, &f));
	behind_the_store("CREATE TABLE kept AS SELECT * FROM stat_event WHERE id=(SELECT min(id) FROM stat_event);"
			 "DELETE FROM stat_event WHERE id=(SELECT id FROM kept)");
	assert_int_equal(stat_count(&me, &f), E_CRYPTO);
	FORGET(&me);
	behind_the_store("INSERT INTO stat_event SELECT * FROM kept");
	WELL(&me, stat_count(&me, &f));
	behind_the_store("UPDATE stat_event SET blob=(SELECT blob FROM stat_event ORDER BY id LIMIT 1 OFFSET 1)"
			 " WHERE id=(SELECT id FROM kept)");
	assert_int_equal(stat_count(&me, &f), E_CRYPTO);
	FORGET(&me);
	behind_the_store("UPDATE stat_event SET blob=(SELECT blob FROM kept) WHERE id=(SELECT id FROM kept); DROP TABLE kept");
	WELL(&me, stat_count(&me, &f));
}

static int setup(void **state)
{
	if (intake_setup(state) != 0)
		return -1;
	programme_found(&kit.road.instance, &programme);
	person_login(&kit.road.instance, &programme.me);
	kit_connect(&kit.road, &me, &programme.me.actor);
	return 0;
}

static int teardown(void **state)
{
	kit_disconnect(&me);
	return intake_teardown(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_T_CNT_1_counted_as_brute_force_counts, intake_between),
		cmocka_unit_test_setup(test_a_stripped_report_still_counts_and_is_nobody, intake_between),
		cmocka_unit_test_setup(test_only_the_programme_counts, intake_between),
		cmocka_unit_test_setup(test_an_event_carries_codes_alone, intake_between),
		cmocka_unit_test_setup(test_small_numbers_are_hidden, intake_between),
		cmocka_unit_test_setup(test_T_BIND_2_an_event_changed_or_taken_away_is_noticed, intake_between),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
