/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files of people: opened on a basis or not at all, read by who has them and by nobody else, written part by part. */
#include "intake_kit.h"

#include "domain/casefile/casefile.h"

#include "base/clock.h"
#include "base/random.h"
#include "base/zone.h"

#define MANAGER (&kit.road.second)
#define DESK_OF_NOOR (&kit.road.desk)
#define STRANGER (&kit.road.other)

static struct basis_facts consent(void)
{
	return (struct basis_facts){ .basis = SV("informed_consent"),
				     .basis_explained = SV("Case manager"),
				     .basis_language = SV("ary"),
				     .basis_way = SV("voiced"),
				     .basis_day = SV("2024-02-10") };
}

/* A walk-in of the case manager. */
static struct id opened(const char *name)
{
	struct case_open in = { .head = { .working_name = sv_of(name), .language = SV("ary") }, .basis = consent() };
	struct id file;

	assert_int_equal(case_open(MANAGER, &in, &file), OK);
	return file;
}

static struct case_head head_of(struct ctx *c, struct id file)
{
	struct case_head h;

	assert_int_equal(case_load(c, file, &h), OK);
	return h;
}

static struct case_act act_now(struct id file)
{
	return (struct case_act){ .file = file, .version = (uint32_t)head_of(MANAGER, file).row.version };
}

static bool has_task(struct ctx *c, struct id file, const char *type)
{
	struct task_row *rows;
	size_t n;

	assert_int_equal(task_mine(c, &rows, &n), OK);
	for (size_t i = 0; i < n; i++)
		if (id_equal(rows[i].dossier, file) && sv_is(rows[i].type, type))
			return true;
	return false;
}

static bool stands_in_timeline(struct id file, const char *step)
{
	struct case_note *notes;
	size_t n;

	assert_int_equal(case_notes(MANAGER, file, &notes, &n), OK);
	for (size_t i = 0; i < n; i++)
		if (sv_is(notes[i].step, step))
			return true;
	return false;
}

/* --- opening ---------------------------------------------------------------------------------------------------------------- */

static void test_opened_from_a_report(void **state)
{
	struct ctx *desk = DESK_OF_NOOR, *manager = MANAGER;
	struct id report = typed_in(desk, "A young woman never goes out", "high"), file, by_code;
	struct report_assign to = { .act = act_on(desk, report), .user = manager->who->user };
	struct report_view view;
	struct case_open in;
	struct case_head h;
	struct case_basis *basis;
	size_t n;

	assert_int_equal(report_assign(desk, &to), OK);
	assert_int_equal(case_open_from(manager, report, &view, &in), OK);
	assert_true(sv_is(in.head.risk, "high"));
	in.basis = consent();
	in.person.name_latin = SV("Fatim-Zahra");
	in.person.birth_date = SV("2000");
	in.head.working_name = SV("Zahra");
	in.exploitation.forms = SV("domestic_servitude");
	assert_int_equal(case_open(manager, &in, &file), OK);
	h = head_of(manager, file);
	assert_int_equal(h.row.state, CASE_OPEN_SCREENING);
	assert_true(id_equal(h.row.assignee, manager->who->user) && id_equal(h.reports[0], report) && h.reports_n == 1);
	assert_true(sv_is(h.name, "Zahra") && sv_is(h.facts.risk, "high") && !h.child && h.row.due_hour > manager->now);
	assert_true(h.facts.age_bracket.n > 0 && h.facts.count_id.n == 32);
	assert_int_equal(case_basis(manager, file, &basis, &n), OK);
	assert_true(n == 1 && sv_is(basis[0].facts.basis_way, "voiced") && basis[0].at == manager->now);
	assert_true(has_task(manager, file, "first_contact") && has_task(manager, file, "screening_due"));
	assert_int_equal(shown(manager, report).head.state, STATE_LINKED);
	assert_int_equal(case_find(manager, sv_of(h.row.code), &by_code), OK);
	assert_true(id_equal(by_code, file));
}

/* From the first look on the desk may open it: the report goes the steps of transitions.csv in the same set. What it wrote it cannot
 * read again. */
static void test_the_desk_opens_and_does_not_read(void **state)
{
	struct ctx *desk = DESK_OF_NOOR;
	struct id report = came_by_web("Help me at the desk", false, NULL), file;
	struct report_view view;
	struct case_open in;
	struct case_head h;

	assert_int_equal(case_open_from(desk, report, &view, &in), OK);
	in.basis = consent();
	in.person.name_ar = SV("خديجة");
	assert_int_equal(case_open(desk, &in, &file), E_INPUT); /* to whom? */
	has_input(desk, "assignee", "error.required");
	FORGET(desk);
	in.assignee = MANAGER->who->user;
	assert_int_equal(case_open(desk, &in, &file), OK);
	assert_int_equal(case_load(desk, file, &h), E_NOTFOUND);
	FORGET(desk);
	h = head_of(MANAGER, file);
	assert_true(sv_is(h.name, h.row.code)); /* no working name yet: the number */
	assert_int_equal(shown(desk, report).head.state, STATE_LINKED);
	assert_int_equal(shown(MANAGER, report).head.state, STATE_LINKED); /* she can read where it came from */
}

static void refused(struct case_open in, const char *field, const char *key)
{
	struct id file;

	assert_int_equal(case_open(MANAGER, &in, &file), E_INPUT);
	has_input(MANAGER, field, key);
	FORGET(MANAGER);
}

static void test_no_basis_no_file(void **state)
{
	struct case_open in = { .head = { .working_name = SV("nobody") } };
	struct case_line *lines;
	size_t before, after;
	bool more;

	assert_int_equal(case_list(MANAGER, CASES_OPEN, 0, &lines, &before, &more), OK);
	refused(in, "basis", "error.required");
	in.basis.basis = SV("informed_consent");
	refused(in, "basis_explained", "error.required");
	refused(in, "basis_language", "error.required");
	refused(in, "basis_way", "error.required");
	refused(in, "basis_day", "error.required");
	in.basis = consent();
	in.basis.basis_day = SV("2199");
	refused(in, "basis_day", "error.future");
	in.basis = (struct basis_facts){ .basis = SV("vital_interest"), .basis_day = SV("2024-08-30") };
	refused(in, "basis_reason", "error.required");
	assert_int_equal(case_list(MANAGER, CASES_OPEN, 0, &lines, &after, &more), OK);
	assert_int_equal(before, after);
}

/* A child, or somebody who may be one, does not consent alone; and her view is asked. */
static void test_a_child_is_asked_and_not_alone(void **state)
{
	struct case_open in = { .basis = consent(), .person = { .birth_date = SV("2012-05-03") } };
	struct id file;

	MANAGER->now = date_ms(2024, 9, 20, 12, 0);
	refused(in, "basis", "error.child_basis");
	in.person.birth_date = SV_NONE;
	in.head.age_bracket = SV("18-20");
	in.head.age_doubt = SV("yes");
	refused(in, "basis", "error.child_basis");
	in.basis =
		(struct basis_facts){ .basis = SV("best_interests"), .basis_day = SV("2024-09-20"), .basis_reason = SV("alone") };
	refused(in, "child_view", "error.required");
	in.basis.child_view = SV("I want to see my sister");
	in.basis.basis = SV("guardian_and_child");
	refused(in, "guardian", "error.required");
	in.basis.basis = SV("best_interests");
	assert_int_equal(case_open(MANAGER, &in, &file), OK);
	assert_true(head_of(MANAGER, file).child);
}

static void test_every_wrong_field_is_said_at_once(void **state)
{
	struct case_open in = { .basis = { .basis = SV("because") },
				.person = { .sex = SV("x"), .birth_date = SV("2012-13-40") },
				.reach = { .contact_phone = SV("call me") },
				.exploitation = { .forms = SV("work") },
				.head = { .language = SV("klingon") } };
	struct id file;

	assert_int_equal(case_open(MANAGER, &in, &file), E_INPUT);
	has_input(MANAGER, "basis", "error.code");
	has_input(MANAGER, "sex", "error.code");
	has_input(MANAGER, "birth_date", "error.partial_date");
	has_input(MANAGER, "contact_phone", "error.phone");
	has_input(MANAGER, "forms", "error.code");
	has_input(MANAGER, "language", "error.code");
}

/* A slip of the hand in a date is said, not kept: a future day beside what is missing, an age nobody reaches, an end before its beginning,
 * and a year that would make an adult of a child. */
static void test_dates_that_cannot_be(void **state)
{
	struct case_open in = { .basis = { .basis = SV("vital_interest"), .basis_day = SV("2199") } };

	MANAGER->now = date_ms(2024, 9, 20, 12, 0);
	refused(in, "basis_day", "error.future");
	refused(in, "basis_reason", "error.required");
	in = (struct case_open){ .basis = consent(), .person = { .birth_date = SV("1890") } };
	refused(in, "birth_date", "error.too_old");
	in.person.birth_date = SV("~1990");
	in.exploitation = (struct exploitation_facts){ .from_date = SV("2022-05"), .to_date = SV("2021") };
	refused(in, "to_date", "error.before_start");
	in.exploitation.to_date = SV("2022-04-30");
	refused(in, "to_date", "error.before_start");
	in = (struct case_open){ .basis = consent(),
				 .head = { .age_bracket = SV("12-14") },
				 .person = { .birth_date = SV("1950") } };
	refused(in, "birth_date", "error.ages_differ");
	in.head.age_bracket = SV("27-29");
	in.person.birth_date = SV("2012");
	refused(in, "birth_date", "error.ages_differ");
}

static void test_submitted_twice_is_one_file(void **state)
{
	struct case_open in = { .basis = consent() };
	struct id first, second;

	random_fill(in.key, sizeof(in.key));
	assert_int_equal(case_open(MANAGER, &in, &first), OK);
	assert_int_equal(case_open(MANAGER, &in, &second), OK);
	assert_true(id_equal(first, second));
}

/* Whom the reporter excluded stays excluded. */
static void test_exclusions_carry_over(void **state)
{
	struct ctx *desk = DESK_OF_NOOR;
	struct staff_form form = { .channel = SV("hotline"), .text = SV("Not Dar, please") };
	char dar[33];
	struct id report, file;
	struct report_view view;
	struct case_open in;

	id_hex(kit.road.dar.id, dar);
	form.excluded = sv_of(dar);
	assert_int_equal(report_new_staff(desk, &form, &report), OK);
	assert_int_equal(case_open_from(desk, report, &view, &in), OK);
	in.basis = consent();
	in.assignee = MANAGER->who->user;
	assert_int_equal(case_open(desk, &in, &file), OK);
	assert_true(sv_is(head_of(MANAGER, file).facts.excluded, dar));
	in.assignee = kit.road.dar.people[CASE_MANAGER].user;
	assert_int_equal(case_open(desk, &in, &file), E_INPUT);
	has_input(desk, "assignee", "error.code");
}

/* One report, several people: more files from it, and a report that is linked to a file that is there. */
static void test_one_report_several_files(void **state)
{
	struct ctx *desk = DESK_OF_NOOR;
	struct id report = typed_in(desk, "Six of us at the site", "medium"), second = typed_in(desk, "Again the site", "medium");
	struct id first_file = opened("first"), file;
	struct case_link link = { .act = act_on(desk, second) };
	struct report_view view;
	struct case_open in;

	for (int i = 0; i < 2; i++) {
		assert_int_equal(case_open_from(desk, report, &view, &in), OK);
		in.basis = consent();
		in.assignee = MANAGER->who->user;
		assert_int_equal(case_open(desk, &in, &file), OK);
	}
	link.file_code = SV("0000-0000");
	assert_int_equal(case_link(desk, &link, &file), E_INPUT);
	has_input(desk, "file_code", "error.file_unknown");
	FORGET(desk);
	link.file_code = sv_of(head_of(MANAGER, first_file).row.code);
	assert_int_equal(case_link(desk, &link, &file), OK);
	assert_true(id_equal(file, first_file) && has_task(MANAGER, first_file, "report_to_read"));
	link.act = act_on(MANAGER, second);
	assert_int_equal(case_link(MANAGER, &link, &file), OK);
	assert_true(head_of(MANAGER, first_file).reports_n == 1 && stands_in_timeline(first_file, "report_linked"));
}

/* --- who reads and writes ------------------------------------------------------------------------------------------------------- */

static void test_T_ACC_2_a_file_of_others_is_not_there(void **state)
{
	struct id file = opened("ours"), unknown = id_new(), there;
	struct ctx *others[] = { STRANGER, DESK_OF_NOOR, &kit.hotline };
	char code[CASE_CODE_SIZE];

	memcpy(code, head_of(MANAGER, file).row.code, sizeof(code));
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		struct ctx *c = others[i];
		const struct case_act act = { .file = file, .version = 1 };
		struct case_head h;

		assert_int_equal(case_load(c, file, &h), E_NOTFOUND);
		FORGET(c);
		assert_int_equal(case_load(c, unknown, &h), E_NOTFOUND);
		FORGET(c);
		assert_int_equal(case_edit(c, &(struct case_edit){ act, ASSIST, { .language = SV("fr") } }), E_NOTFOUND);
		FORGET(c);
		assert_int_equal(case_risk(c, &(struct case_risk){ act, SV("low"), SV_NONE, SV_NONE }), E_NOTFOUND);
		FORGET(c);
		assert_int_equal(case_note_add(c, &(struct case_note_new){ act, SV("contact"), SV("x"), SV_NONE, SV_NONE }),
				 E_NOTFOUND);
		FORGET(c);
		assert_int_equal(case_person_edit(c, &(struct case_person_edit){ act, { .name_latin = SV("x") } }), E_NOTFOUND);
		FORGET(c);
		assert_int_equal(case_reach_edit(c, &(struct case_reach_edit){ act, { .contact_way = SV("none") } }), E_NOTFOUND);
		FORGET(c);
		assert_int_equal(case_exploitation_edit(c,
							&(struct case_exploitation_edit){ act, ID_ZERO, { .country = SV("MA") } }),
				 E_NOTFOUND);
		FORGET(c);
		assert_int_equal(case_basis_add(c, &(struct case_basis_new){ act, consent() }), E_NOTFOUND);
		FORGET(c);
		assert_int_equal(case_suspend(c, &(struct case_suspend){ act, SV("x"), SV("2030-01-01") }), E_NOTFOUND);
		FORGET(c);
		assert_int_equal(case_resume(c, &act), E_NOTFOUND);
		FORGET(c);
		assert_int_equal(case_close_ask(c, &(struct case_close){ act, SV("not_victim"), SV("x") }), E_NOTFOUND);
		FORGET(c);
		assert_int_equal(case_close_sign(c, &act), E_NOTFOUND);
		FORGET(c);
		assert_int_equal(case_close_drop(c, &act), E_NOTFOUND);
		FORGET(c);
		assert_int_equal(case_lock(c, &act), E_NOTFOUND);
		FORGET(c);
	}
	assert_int_equal(case_find(STRANGER, sv_of(code), &there), E_NOTFOUND);
	FORGET(STRANGER);
	assert_int_equal(head_of(MANAGER, file).row.version, 1);
	assert_true(sv_is(head_of(&kit.supervisor, file).name, "ours")); /* own team */
}

static void test_lists_name_files_and_open_nobody(void **state)
{
	struct id file = opened("listed");
	struct case_line *lines;
	size_t n;
	bool more, found = false;

	for (uint32_t page = 0; !found; page++) {
		assert_int_equal(case_list(&kit.supervisor, CASES_OPEN, page, &lines, &n, &more), OK);
		for (size_t i = 0; i < n; i++)
			found = found || (id_equal(lines[i].id, file) && sv_is(lines[i].name, "listed"));
		assert_true(found || more);
	}
	assert_int_equal(case_list(STRANGER, CASES_OPEN, 0, &lines, &n, &more), OK);
	assert_int_equal(n, 0);
}

/* --- writing ---------------------------------------------------------------------------------------------------------------- */

static void test_parts_do_not_stand_in_each_others_way(void **state)
{
	struct id file = opened("parts");
	struct case_person_edit who = { .act = { .file = file },
					.facts = { .name_latin = SV("Meryem"), .birth_date = SV("~2014") } };
	struct case_reach_edit reach = { .act = { .file = file }, .facts = { .contact_way = SV("through_person") } };
	struct person_view p;
	struct reach_view r;
	struct case_change *changes;
	bool found = false;
	size_t n;

	assert_int_equal(case_person_edit(MANAGER, &who), OK);
	assert_int_equal(case_reach_edit(MANAGER, &reach), OK); /* shown before the other was saved */
	assert_int_equal(person_load(MANAGER, file, &p), OK);
	assert_true(sv_is(p.facts.name_latin, "Meryem") && sv_is(p.facts.birth_date, "~2014") && head_of(MANAGER, file).child);
	assert_int_equal(reach_load(MANAGER, file, &r), OK);
	assert_true(sv_is(r.facts.contact_way, "through_person"));
	who.facts.name_latin = SV("Mariam");
	assert_int_equal(case_person_edit(MANAGER, &who), E_STALE); /* it is there by now */
	FORGET(MANAGER);
	who.act.version = (uint32_t)p.version;
	assert_int_equal(case_person_edit(MANAGER, &who), OK);
	assert_int_equal(case_person_edit(MANAGER, &who), E_STALE);
	FORGET(MANAGER);
	assert_int_equal(case_changes(MANAGER, file, &changes, &n), OK);
	for (size_t i = 0; i < n; i++)
		found = found || (strcmp(changes[i].field->name, "name_latin") == 0 && sv_is(changes[i].before, "Meryem") &&
				  sv_is(changes[i].after, "Mariam"));
	assert_true(found);
}

static void test_a_date_alone_makes_no_adult_of_a_child(void **state)
{
	struct id file = opened("grown");
	struct case_person_edit who = { .act = { .file = file }, .facts = { .birth_date = SV("2014") } };
	struct case_edit head = { .act = { .file = file }, .class = ASSIST };
	struct person_view p;

	assert_int_equal(case_person_edit(MANAGER, &who), OK);
	assert_true(head_of(MANAGER, file).child);
	assert_int_equal(person_load(MANAGER, file, &p), OK);
	who.act.version = (uint32_t)p.version;
	who.facts.birth_date = SV("1984");
	assert_int_equal(case_person_edit(MANAGER, &who), E_INPUT);
	assert_string_equal(MANAGER->inputs[0].key, "error.child_grown");
	FORGET(MANAGER);
	assert_true(head_of(MANAGER, file).child);
	head.act.version = (uint32_t)head_of(MANAGER, file).record_version;
	head.facts = head_of(MANAGER, file).facts;
	head.facts.age_bracket = SV("39-47");
	assert_int_equal(case_edit(MANAGER, &head), OK);
	assert_int_equal(case_person_edit(MANAGER, &who), OK);
	assert_false(head_of(MANAGER, file).child);
}

static void test_facts_of_exploitation(void **state)
{
	struct id file = opened("facts");
	struct case_exploitation_edit in = { .act = { .file = file } };
	struct exploitation_row *rows;
	size_t n;

	assert_int_equal(case_exploitation_edit(MANAGER, &in), E_INPUT); /* nothing said */
	FORGET(MANAGER);
	in.facts = (struct exploitation_facts){ .forms = SV("forced_labour|domestic_servitude"),
						.country = SV("MA"),
						.from_date = SV("8/2023"),
						.narrative = SV("Papers in the safe") };
	assert_int_equal(case_exploitation_edit(MANAGER, &in), OK);
	in.facts = (struct exploitation_facts){ .country = SV("AE"), .to_date = SV("2022-03") };
	assert_int_equal(case_exploitation_edit(MANAGER, &in), OK);
	assert_int_equal(exploitation_list(MANAGER, file, &rows, &n), OK);
	assert_true(n == 2 && sv_is(rows[0].facts.from_date, "2023-08") && sv_is(rows[1].facts.country, "AE"));
	in.row = rows[1].id;
	in.act.version = (uint32_t)rows[1].version;
	in.act.file = opened("elsewhere");
	assert_int_equal(case_exploitation_edit(MANAGER, &in), E_NOTFOUND); /* the row lies in another file */
}

static void test_notes_and_stories(void **state)
{
	struct id file = opened("notes");
	struct case_note_new in = { .act = { .file = file }, .note_kind = SV("contact") };
	struct case_note *notes;
	size_t n;

	assert_true(has_task(MANAGER, file, "first_contact"));
	assert_int_equal(case_note_add(MANAGER, &in), E_INPUT);
	has_input(MANAGER, "note", "error.required");
	FORGET(MANAGER);
	in.note = SV("We spoke ten minutes.");
	in.told_story = SV("yes");
	random_fill(in.act.key, sizeof(in.act.key));
	assert_int_equal(case_note_add(MANAGER, &in), OK);
	assert_int_equal(case_note_add(MANAGER, &in), OK); /* pressed twice */
	assert_int_equal(case_notes(MANAGER, file, &notes, &n), OK);
	assert_int_equal(n, 2); /* opened, and the note */
	assert_true(notes[1].told && sv_is(notes[1].text, "We spoke ten minutes."));
	assert_int_equal(head_of(MANAGER, file).told, 1);
	assert_false(has_task(MANAGER, file, "first_contact"));
	in = (struct case_note_new){ .act = { .file = file }, .note_kind = SV("event"), .note = SV("I was presumed") };
	assert_int_equal(case_note_add(MANAGER, &in), E_INPUT); /* steps are made by acts */
	FORGET(MANAGER);
	in.note_kind = SV("thought");
	assert_int_equal(case_note_add(&kit.supervisor, &in), OK);
}

static void test_risk_has_its_next_review(void **state)
{
	struct id file = opened("risk");
	struct case_risk in = { .act = act_now(file), .risk = SV("high") };
	struct case_head h;

	assert_int_equal(case_risk(MANAGER, &in), OK);
	h = head_of(MANAGER, file);
	assert_true(h.risk_review == MANAGER->now + deadline_ms("risk_review_high") && has_task(MANAGER, file, "risk_review"));
	assert_int_equal(case_risk(MANAGER, &in), E_STALE);
	FORGET(MANAGER);
	in.act = act_now(file);
	in.review_at = SV("2001-01-01");
	assert_int_equal(case_risk(MANAGER, &in), E_INPUT);
	has_input(MANAGER, "review_at", "error.within_year");
}

/* --- steps ------------------------------------------------------------------------------------------------------------------ */

static void test_on_hold_and_back(void **state)
{
	struct id file = opened("hold");
	struct case_suspend in = { .act = act_now(file) };
	struct case_act act;
	char day[11];

	assert_int_equal(case_suspend(MANAGER, &in), E_INPUT);
	has_input(MANAGER, "why", "error.required");
	has_input(MANAGER, "review_at", "error.required");
	FORGET(MANAGER);
	zone_day_text(MANAGER->now + 5 * DAY_MS, day);
	in.why = SV("She went to her village");
	in.review_at = sv_of(day);
	assert_int_equal(case_suspend(MANAGER, &in), OK);
	assert_int_equal(head_of(MANAGER, file).row.state, CASE_SUSPENDED);
	assert_true(has_task(MANAGER, file, "contact_review"));
	act = act_now(file);
	assert_int_equal(case_resume(MANAGER, &act), OK);
	assert_int_equal(head_of(MANAGER, file).row.state, CASE_OPEN_SCREENING);
	assert_false(has_task(MANAGER, file, "contact_review"));
}

static struct case_packet closing_of(struct ctx *c, struct id file)
{
	struct case_packet p;

	assert_int_equal(case_packet_load(c, head_of(c, file).closing, &p), OK);
	return p;
}

static void row_says(const struct case_packet *p, const char *state)
{
	const struct value args[] = { v_id(&p->row.id), v_int((int64_t)p->row.version), v_text(sv_of(state)),
				      v_id(&p->row.reviewer), v_null() };
	struct write w = { QUERY_SCREENING_DECISION_SET, args, sizeof(args) / sizeof(args[0]), 1, E_NOTFOUND };
	struct write_set set = { .writes = &w, .n = 1 };

	assert_int_equal(store_apply(MANAGER, &set), OK);
}

static void test_closing_takes_two(void **state)
{
	struct ctx *leads = &kit.supervisor;
	struct id file = opened("closing");
	struct case_close in = { .act = act_now(file), .closure = SV("goals_met"), .why = SV("x") };
	struct case_packet p;
	struct case_act act;

	assert_int_equal(case_close_ask(MANAGER, &in), E_INPUT); /* no reason before a presumption */
	has_input(MANAGER, "closure", "error.code");
	FORGET(MANAGER);
	in.closure = SV("not_victim");
	assert_int_equal(case_close_ask(MANAGER, &in), OK);
	assert_true(has_task(leads, file, "sign_closing"));
	p = closing_of(leads, file);
	assert_true(p.may_sign && p.row.kind == DECISION_CLOSING && sv_is(p.closure, "not_victim") && sv_is(p.why, "x"));
	assert_true(id_equal(p.first.user, MANAGER->who->user) && id_is_zero(p.second.by.user));
	assert_false(closing_of(MANAGER, file).may_sign);
	act = act_now(file);
	assert_int_equal(case_close_sign(MANAGER, &act), E_DENIED);
	FORGET(MANAGER);
	assert_int_equal(case_close_back(leads, &(struct case_close){ .act = act, .why = SV("Ask her again") }), OK);
	assert_true(has_task(MANAGER, file, "closing_back") && !has_task(leads, file, "sign_closing"));
	p = closing_of(MANAGER, file);
	assert_int_equal(p.row.state, DECISION_SENT_BACK);
	assert_true(id_equal(p.second.by.user, leads->who->user) && sv_is(p.second.reason, "Ask her again"));
	act = act_now(file);
	assert_int_equal(case_close_sign(leads, &act), E_STATE); /* it waits for the case manager now */
	FORGET(leads);
	act = act_now(file);
	assert_int_equal(case_close_drop(MANAGER, &act), OK);
	assert_true(id_is_zero(head_of(MANAGER, file).closing));
	in.act = act_now(file);
	assert_int_equal(case_close_ask(MANAGER, &in), OK);
	act = act_now(file);
	assert_int_equal(case_close_sign(leads, &act), OK);
	assert_int_equal(head_of(MANAGER, file).row.state, CASE_CLOSED);
	p = closing_of(MANAGER, file);
	assert_true(p.row.state == DECISION_SIGNED && id_equal(p.second.by.user, leads->who->user) && p.second.by.at >= p.first.at);
	assert_false(has_task(MANAGER, file, "screening_due"));
	assert_int_equal(case_note_add(MANAGER, &(struct case_note_new){ .act = act, .note_kind = SV("contact"), .note = SV("x") }),
			 E_STATE);
}

static enum status rewrite_in(struct ctx *c, const void *arg)
{
	struct record *r;

	TRY(record_load(c, &closing_type, *(const struct id *)arg, &r));
	record_set_text(r, CLOSING_closure_why, SV("Other words under the same names"));
	return record_save(c, r);
}

static enum status rewrite_basis_in(struct ctx *c, const void *arg)
{
	struct record *r;

	TRY(record_load(c, &basis_type, *(const struct id *)arg, &r));
	record_set_text(r, BASIS_basis_reason, SV("For other reasons"));
	return record_save(c, r);
}

static void test_T_ACC_5_a_closing_is_what_was_signed(void **state)
{
	struct id file = opened("rewritten");
	const struct case_close in = { .act = act_now(file), .closure = SV("not_victim"), .why = SV("Nothing was found") };
	struct case_packet p;

	assert_int_equal(case_close_ask(MANAGER, &in), OK);
	p = closing_of(MANAGER, file);
	row_says(&p, "signed"); /* by who has the database in hand */
	assert_int_equal(closing_of(&kit.supervisor, file).row.state, DECISION_PROVISIONAL);
	assert_int_equal(record_run(MANAGER, "rewrite", rewrite_in, &p.row.id), E_DENIED);
	FORGET(MANAGER);
	assert_true(sv_is(closing_of(&kit.supervisor, file).why, "Nothing was found"));
}

/* --- a basis that is no consent --------------------------------------------------------------------------------------------- */

static struct basis_facts danger(const char *basis)
{
	return (struct basis_facts){ .basis = sv_of(basis),
				     .basis_day = SV("2024-02-10"),
				     .basis_reason = SV("Locked in a cellar, hurt"),
				     .child_view = SV("He wants to be with his brother") };
}

static struct id opened_without_consent(struct ctx *c, const char *basis)
{
	struct case_open in = { .assignee = MANAGER->who->user, .basis = danger(basis) };
	struct id file;

	if (c == MANAGER)
		in.head.working_name = SV("in danger");
	assert_int_equal(case_open(c, &in, &file), OK);
	return file;
}

static struct case_basis basis_at(struct ctx *c, struct id file, size_t i, size_t of)
{
	struct case_basis *all;
	size_t n;

	assert_int_equal(case_basis(c, file, &all, &n), OK);
	assert_int_equal(n, of);
	return all[i];
}

static struct case_say say_now(struct ctx *c, struct id packet, const char *verdict, const char *reason)
{
	struct case_packet p;

	assert_int_equal(case_packet_load(c, packet, &p), OK);
	return (struct case_say){
		.packet = packet, .version = (uint32_t)p.row.version, .verdict = sv_of(verdict), .reason = sv_of(reason)
	};
}

static void test_without_consent_two_people_sign(void **state)
{
	struct ctx *leads = &kit.supervisor;
	const int64_t delay = deadline_ms("signature_urgent");
	struct id file = opened_without_consent(MANAGER, "vital_interest");
	struct case_basis b = basis_at(MANAGER, file, 0, 1);
	struct case_packet p;
	struct case_say in;

	assert_int_equal(head_of(MANAGER, file).row.state, CASE_OPEN_SCREENING); /* at once */
	assert_true(b.two && b.state == DECISION_PROVISIONAL && id_equal(b.first.user, MANAGER->who->user));
	assert_true(id_is_zero(b.second.by.user));
	assert_true(b.due_hour >= MANAGER->now + delay && b.due_hour < MANAGER->now + delay + HOUR_MS);
	assert_true(has_task(leads, file, "sign_basis"));
	in = say_now(MANAGER, b.id, "agree", "");
	assert_int_equal(case_say(MANAGER, &in), E_DENIED);
	FORGET(MANAGER);
	assert_int_equal(case_packet_load(leads, b.id, &p), OK);
	assert_true(p.may_sign && sv_is(p.basis.basis_reason, "Locked in a cellar, hurt"));
	in.verdict = SV("perhaps");
	assert_int_equal(case_say(leads, &in), E_INPUT);
	has_input(leads, "verdict", "error.code");
	FORGET(leads);
	in.verdict = SV("agree");
	in.version++;
	assert_int_equal(case_say(leads, &in), E_STALE);
	FORGET(leads);
	in.version--;
	assert_int_equal(case_say(leads, &in), OK);
	b = basis_at(MANAGER, file, 0, 1);
	assert_true(b.state == DECISION_SIGNED && id_equal(b.second.by.user, leads->who->user) && b.due_hour == 0);
	assert_false(has_task(leads, file, "sign_basis"));
	assert_true(stands_in_timeline(file, "basis_signed"));
	in = say_now(leads, b.id, "agree", "");
	assert_int_equal(case_say(leads, &in), E_STATE);
}

/* Nothing is undone by silence: the hour passes, and that is what Today says. */
static void test_a_basis_unsigned_is_overdue_and_holds(void **state)
{
	struct ctx *leads = &kit.supervisor;
	const int64_t now = leads->now;
	struct id file = opened_without_consent(MANAGER, "best_interests");
	struct task_row *rows;
	bool late = false;
	size_t n;

	leads->now = basis_at(MANAGER, file, 0, 1).due_hour + 1;
	assert_int_equal(task_mine(leads, &rows, &n), OK);
	for (size_t i = 0; i < n; i++)
		late = late || (id_equal(rows[i].dossier, file) && sv_is(rows[i].type, "sign_basis") && rows[i].overdue);
	assert_true(late);
	assert_int_equal(head_of(leads, file).row.state, CASE_OPEN_SCREENING);
	assert_int_equal(basis_at(leads, file, 0, 1).state, DECISION_PROVISIONAL);
	leads->now = now;
}

static void test_a_basis_goes_back_with_a_word(void **state)
{
	struct ctx *leads = &kit.supervisor;
	struct id file = opened_without_consent(MANAGER, "legal_obligation");
	struct case_basis b = basis_at(MANAGER, file, 0, 1);
	struct case_basis_new next = { .act = act_now(file), .facts = danger("court_order") };
	struct case_say in;

	assert_true(b.due_hour >= MANAGER->now + deadline_ms("second_review"));
	in = say_now(leads, b.id, "back", " ");
	assert_int_equal(case_say(leads, &in), E_INPUT);
	has_input(leads, "reason", "error.required");
	FORGET(leads);
	in.reason = SV("Which law?");
	assert_int_equal(case_say(leads, &in), OK);
	b = basis_at(MANAGER, file, 0, 1);
	assert_true(b.state == DECISION_SENT_BACK && sv_is(b.second.reason, "Which law?"));
	assert_true(id_equal(b.second.by.user, leads->who->user));
	assert_int_equal(head_of(MANAGER, file).row.state, CASE_OPEN_SCREENING); /* she is not left alone */
	assert_true(has_task(MANAGER, file, "basis_back") && !has_task(leads, file, "sign_basis"));
	assert_int_equal(case_basis_add(MANAGER, &next), OK);
	assert_true(!has_task(MANAGER, file, "basis_back") && has_task(leads, file, "sign_basis"));
	next.facts = danger("vital_interest");
	assert_int_equal(case_basis_add(MANAGER, &next), OK);
	in = say_now(leads, basis_at(leads, file, 1, 3).id, "agree", "");
	assert_int_equal(case_say(leads, &in), OK);
	assert_true(has_task(leads, file, "sign_basis")); /* the other one waits still */
	in = say_now(leads, basis_at(leads, file, 2, 3).id, "agree", "");
	assert_int_equal(case_say(leads, &in), OK);
	assert_false(has_task(leads, file, "sign_basis"));
}

static void test_consent_needs_no_second_signature(void **state)
{
	struct id file = opened("consents");
	struct case_basis b = basis_at(MANAGER, file, 0, 1);
	struct case_packet p;

	assert_false(b.two);
	assert_false(has_task(&kit.supervisor, file, "sign_basis"));
	assert_int_equal(case_packet_load(MANAGER, b.id, &p), E_NOTFOUND);
}

/* The desk signs first what it writes and never reads it again; who follows the file may not exchange it. */
static void test_T_ACC_5_a_basis_is_what_was_signed(void **state)
{
	struct id file = opened_without_consent(DESK_OF_NOOR, "vital_interest");
	struct case_basis b = basis_at(MANAGER, file, 0, 1);

	assert_true(id_equal(b.first.user, DESK_OF_NOOR->who->user) && b.state == DECISION_PROVISIONAL);
	assert_int_equal(case_packet_load(DESK_OF_NOOR, b.id, &(struct case_packet){ .may_ask = false }), E_NOTFOUND);
	FORGET(DESK_OF_NOOR);
	assert_int_equal(record_run(MANAGER, "rewrite", rewrite_basis_in, &b.id), E_DENIED);
	FORGET(MANAGER);
	assert_true(sv_is(basis_at(&kit.supervisor, file, 0, 1).facts.basis_reason, "Locked in a cellar, hurt"));
	assert_int_equal(case_packet_load(STRANGER, b.id, &(struct case_packet){ .may_ask = false }), E_NOTFOUND);
}

static void test_a_file_goes_to_somebody_else(void **state)
{
	struct id file = opened("passed on");
	struct case_assign in = { .act = act_now(file), .user = MANAGER->who->user };

	assert_int_equal(case_assign(MANAGER, &in), E_DENIED);
	FORGET(MANAGER);
	assert_int_equal(case_assign(&kit.supervisor, &in), E_STATE); /* she has it */
	FORGET(&kit.supervisor);
	in.user = DESK_OF_NOOR->who->user;
	assert_int_equal(case_assign(&kit.supervisor, &in), E_INPUT); /* no case manager */
}

static void test_locked_to_named_people(void **state)
{
	struct id file = opened("locked");
	struct case_act act = act_now(file);
	struct case_head h;

	assert_int_equal(case_lock(MANAGER, &act), OK);
	assert_true(head_of(MANAGER, file).row.locked);
	assert_int_equal(case_load(&kit.supervisor, file, &h), E_NOTFOUND);
}

int main(void)
{
#define TEST(t) cmocka_unit_test_setup(t, intake_between)
	const struct CMUnitTest tests[] = {
		TEST(test_opened_from_a_report),
		TEST(test_the_desk_opens_and_does_not_read),
		TEST(test_no_basis_no_file),
		TEST(test_a_child_is_asked_and_not_alone),
		TEST(test_every_wrong_field_is_said_at_once),
		TEST(test_dates_that_cannot_be),
		TEST(test_submitted_twice_is_one_file),
		TEST(test_exclusions_carry_over),
		TEST(test_one_report_several_files),
		TEST(test_T_ACC_2_a_file_of_others_is_not_there),
		TEST(test_lists_name_files_and_open_nobody),
		TEST(test_parts_do_not_stand_in_each_others_way),
		TEST(test_a_date_alone_makes_no_adult_of_a_child),
		TEST(test_facts_of_exploitation),
		TEST(test_notes_and_stories),
		TEST(test_risk_has_its_next_review),
		TEST(test_on_hold_and_back),
		TEST(test_closing_takes_two),
		TEST(test_T_ACC_5_a_closing_is_what_was_signed),
		TEST(test_without_consent_two_people_sign),
		TEST(test_a_basis_unsigned_is_overdue_and_holds),
		TEST(test_a_basis_goes_back_with_a_word),
		TEST(test_consent_needs_no_second_signature),
		TEST(test_T_ACC_5_a_basis_is_what_was_signed),
		TEST(test_a_file_goes_to_somebody_else),
		TEST(test_locked_to_named_people),
	};

	return cmocka_run_group_tests(tests, intake_setup, intake_teardown);
}
