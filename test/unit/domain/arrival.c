/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reports and contacts arrive: by the public form, typed in, from a log. Real keeper, real database. */
#include "intake_kit.h"

#include "base/random.h"
#include "base/zone.h"

#define NOBODY (&kit.road.nobody)
#define DESK_C (&kit.road.desk)
#define OTHER (&kit.road.other)

static struct queue queue_of(struct ctx *c, enum queue_filter f)
{
	struct queue_ask ask = { f, 0 };
	struct queue q;

	assert_int_equal(queue_load(c, &ask, &q), OK);
	return q;
}

static const struct report_head *row_in(const struct queue *q, struct id id)
{
	for (size_t i = 0; i < q->n; i++)
		if (id_equal(q->rows[i].id, id))
			return &q->rows[i];
	return NULL;
}

/* --- the public form -------------------------------------------------------------------------------------------------------- */

static void test_public_report_reaches_the_desk(void **state)
{
	struct public_form in = {
		.facts = { .language = SV("fr"),
			   .region = SV("MA-06"),
			   .sectors = SV("domestic_work|cleaning"),
			   .child = SV("unknown"),
			   .about_self = SV("no"),
			   .reporter_type = SV("neighbour"),
			   .contact_way = SV("phone"),
			   .contact_phone = SV("+212 500 000 042"),
			   .contact_hours = SV("le soir"),
			   .contact_message_ok = SV("no"),
			   .contact_word = SV("la commande") },
		.text = SV("Elle ne sort jamais.\nElle nettoie les vitres à minuit, et je l'entends pleurer le dimanche."),
	};
	struct public_receipt receipt;
	struct report_view v;
	struct queue q;

	random_fill(in.ticket, sizeof(in.ticket));
	NOBODY->now = date_ms(2026, 3, 14, 9, 20);
	assert_int_equal(report_new_public(NOBODY, &in, &receipt), OK);
	assert_false(receipt.repeated);
	assert_int_equal(strlen(receipt.code), 20);

	DESK_C->now = date_ms(2026, 3, 14, 9, 21);
	q = queue_of(DESK_C, QUEUE_OPEN);
	assert_true(q.n >= 1);
	v = shown(DESK_C, q.rows[q.n - 1].id);
	for (size_t i = 0; i < q.n; i++)
		if (sv_starts(q.rows[i].subject, SV("Elle ne sort jamais. Elle nettoie")))
			v = shown(DESK_C, q.rows[i].id);
	assert_true(sv_is(v.head.subject, "Elle ne sort jamais. Elle nettoie les vitres à minuit, et…"));
	assert_true(sv_is(v.head.channel, "web"));
	assert_true(sv_is(v.head.risk, "unknown"));
	assert_true(sv_is(v.head.facts.sectors, "domestic_work|cleaning"));
	assert_true(sv_is(v.head.facts.region, "MA-06"));
	assert_int_equal(v.head.state, STATE_NEW);
	assert_int_equal(v.head.due_at, date_ms(2026, 3, 15, 10, 0));
	assert_int_equal(v.head.received_at, date_ms(2026, 3, 14, 9, 20));
	assert_false(v.head.rings || v.head.overdue || v.head.locked);
	assert_true(v.head.has_code && id_equal(v.head.organisation, kit.road.noor.id) && v.head.by.n == 0);
	assert_int_equal(v.messages_n, 1);
	assert_int_equal(v.messages[0].kind, MESSAGE_STATEMENT);
	assert_true(sv_equal(v.messages[0].text, in.text));
	assert_int_equal(v.contact.call, CALL_ALLOWED);
	assert_true(v.contact.may_call && !v.contact.may_leave_message);
	assert_true(sv_is(v.contact.phone, "+212 500 000 042") && sv_is(v.contact.word, "la commande"));
}

/* T-INT-8 */
static void test_T_INT_8_repeated_post_is_one_report(void **state)
{
	struct public_form in = { .text = SV("posted twice by a nervous thumb") };
	struct public_receipt first, second;
	size_t before = queue_of(DESK_C, QUEUE_OPEN).count[QUEUE_OPEN];

	random_fill(in.ticket, sizeof(in.ticket));
	assert_int_equal(report_new_public(NOBODY, &in, &first), OK);
	assert_int_equal(report_new_public(NOBODY, &in, &second), OK);
	assert_true(second.repeated && !first.repeated);
	assert_string_equal(first.code, second.code);
	assert_int_equal(queue_of(DESK_C, QUEUE_OPEN).count[QUEUE_OPEN], before + 1);
}

static void test_all_wrong_inputs_are_named_at_once(void **state)
{
	struct buf long_text = buf_new(NOBODY->arena, 16384, 65536);
	struct public_form in = { .facts = { .region = SV("MA-99"),
					     .child = SV("perhaps"),
					     .contact_phone = SV("call me"),
					     .people_estimate = SV("many") } };
	struct public_receipt receipt;

	assert_int_equal(report_new_public(NOBODY, &in, &receipt), E_INPUT);
	has_input(NOBODY, "text", "error.required");
	has_input(NOBODY, "region", "error.code");
	has_input(NOBODY, "child", "error.code");
	has_input(NOBODY, "contact_phone", "error.phone");
	has_input(NOBODY, "people_estimate", "error.number");
	FORGET(NOBODY);
	for (size_t i = 0; i < 10001; i++)
		buf_byte(&long_text, 'a');
	in = (struct public_form){ .text = buf_view(&long_text) };
	assert_int_equal(report_new_public(NOBODY, &in, &receipt), E_INPUT);
	has_input(NOBODY, "text", "error.too_long");
	FORGET(NOBODY);
	in = (struct public_form){ .text = SV("fine"), .excluded = SV("no id") };
	assert_int_equal(report_new_public(NOBODY, &in, &receipt), E_INPUT);
	has_input(NOBODY, "excluded", "error.code");
}

/* T-INT-7: noor has every route; a reporter who names noor reaches nobody of noor. No other desk has a route here, so nothing
 * is taken in, and nothing of the attempt is anywhere. */
static void test_T_INT_7_excluded_desk_gets_nothing(void **state)
{
	struct public_form in = { .text = SV("not them, please") };
	struct public_receipt receipt;
	size_t before = queue_of(DESK_C, QUEUE_OPEN).count[QUEUE_OPEN];
	struct queue theirs;
	char hex_id[33];

	random_fill(in.ticket, sizeof(in.ticket));
	id_hex(kit.road.noor.id, hex_id);
	in.excluded = arena_copy(NOBODY->arena, sv_of(hex_id));
	assert_int_equal(admin_route(&kit.road.instance.admin, 7, kit.road.dar.id, kit.road.noor.id), OK);
	assert_int_equal(report_new_public(NOBODY, &in, &receipt), OK);
	assert_int_equal(queue_of(DESK_C, QUEUE_OPEN).count[QUEUE_OPEN], before);
	theirs = queue_of(OTHER, QUEUE_OPEN);
	assert_int_equal(theirs.n, 1);
	assert_int_equal(theirs.rows[0].excluded_n, 1);
	assert_true(id_equal(theirs.rows[0].excluded[0], kit.road.noor.id));
	{
		struct report_view v;

		assert_int_equal(report_load(DESK_C, theirs.rows[0].id, &v), E_NOTFOUND);
		FORGET(DESK_C);
		assert_int_equal(report_load(&kit.supervisor, theirs.rows[0].id, &v), E_NOTFOUND);
		FORGET(&kit.supervisor);
	}
	{
		struct redirect_choice *choices;
		size_t n;

		assert_int_equal(report_redirect_choices(OTHER, theirs.rows[0].id, &choices, &n), OK);
		assert_int_equal(n, 0);
	}
}

/* --- typed in --------------------------------------------------------------------------------------------------------------- */

static void test_typed_report_danger_rings_until_taken(void **state)
{
	struct staff_form in = { .channel = SV("hotline"), .text = SV("He has a knife and she is locked in"), .danger_now = true };
	const struct report_head *row;
	struct report_act act;
	struct queue q;
	struct id id;

	kit.hotline.now = date_ms(2026, 3, 14, 9, 1);
	assert_int_equal(report_new_staff(&kit.hotline, &in, &id), OK);
	DESK_C->now = date_ms(2026, 3, 14, 9, 2);
	q = queue_of(DESK_C, QUEUE_OPEN);
	assert_true(id_equal(q.rows[0].id, id)); /* what rings stands on top */
	row = &q.rows[0];
	assert_true(row->rings && row->danger_now && sv_is(row->risk, "immediate"));
	assert_int_equal(row->state, STATE_TRIAGE);
	assert_int_equal(row->due_at, date_ms(2026, 3, 14, 10, 0)); /* never more than the rule's hour */
	assert_int_equal(q.ringing, 1);

	act = act_on(DESK_C, id);
	assert_int_equal(report_take(DESK_C, &act), OK);
	q = queue_of(DESK_C, QUEUE_MINE);
	row = row_in(&q, id);
	assert_non_null(row);
	assert_false(row->rings);
	assert_int_equal(row->due_at, date_ms(2026, 3, 14, 10, 0)); /* T-ALR-2: nothing finer than the hour, nor later */
	assert_true(sv_is(row->assignee_login, "noor.desk"));
	assert_int_equal(q.ringing, 0);
	DESK_C->now = date_ms(2026, 3, 14, 10, 0);
	assert_true(shown(DESK_C, id).head.overdue && shown(DESK_C, id).head.due_now);
	DESK_C->now = date_ms(2026, 3, 14, 11, 0);
	assert_true(shown(DESK_C, id).head.overdue && !shown(DESK_C, id).head.due_now);
}

static void test_typed_report_keeps_its_own_date_and_form_key(void **state)
{
	struct staff_form in = { .channel = SV("letter"),
				 .text = SV("A letter of last week"),
				 .received_at = SV("2024-02-06 21:40"),
				 .subject = SV("Lettre"),
				 .risk = SV("low") };
	struct id first, second;

	random_fill(in.key, sizeof(in.key));
	assert_int_equal(report_new_staff(DESK_C, &in, &first), OK);
	assert_int_equal(report_new_staff(DESK_C, &in, &second), OK);
	assert_true(id_equal(first, second));
	assert_int_equal(shown(DESK_C, first).head.received_at, date_ms(2024, 2, 6, 21, 40));
	assert_true(sv_is(shown(DESK_C, first).head.subject, "Lettre") && sv_is(shown(DESK_C, first).head.by, "noor.desk"));
	assert_false(shown(DESK_C, first).head.has_code);

	in.received_at = SV("2999-01-01");
	in.channel = SV("web");
	memset(in.key, 0, sizeof(in.key));
	assert_int_equal(report_new_staff(DESK_C, &in, &first), E_INPUT);
	has_input(DESK_C, "received_at", "error.future");
	has_input(DESK_C, "channel", "error.code");
}

/* A form made anew has another key; the words' own key of this span or of the one before leads to the report they made. */
static void test_words_typed_again_a_moment_later_are_one_report(void **state)
{
	struct staff_form in = { .channel = SV("hotline"), .text = SV("Told once"), .risk = SV("low") };
	struct id first, second;

	random_fill(in.key, sizeof(in.key));
	random_fill(in.same, sizeof(in.same));
	assert_int_equal(report_new_staff(DESK_C, &in, &first), OK);
	assert_false(report_said(DESK_C, &in, &second)); /* this very form */
	random_fill(in.key, sizeof(in.key));
	assert_true(report_said(DESK_C, &in, &second) && id_equal(first, second));
	assert_int_equal(report_new_staff(DESK_C, &in, &second), OK);
	assert_true(id_equal(first, second));
	memcpy(in.same[1], in.same[0], 16); /* the next span has begun */
	random_fill(in.same[0], 16);
	assert_int_equal(report_new_staff(DESK_C, &in, &second), OK);
	assert_true(id_equal(first, second));
	random_fill(in.same[1], 16); /* and the one after it */
	assert_int_equal(report_new_staff(DESK_C, &in, &second), OK);
	assert_false(id_equal(first, second));
	memset(in.same, 0, sizeof(in.same));
	random_fill(in.key, sizeof(in.key));
	assert_int_equal(report_new_staff(DESK_C, &in, &first), OK); /* nothing to know them by */
	assert_false(id_equal(first, second));
}

/* In July Morocco's clocks are an hour ahead: 13:00 on the wall is 12:00 UTC. */
static void test_typed_times_are_of_the_wall(void **state)
{
	struct staff_form in = { .channel = SV("hotline"),
				 .text = SV("a call of this minute"),
				 .received_at = SV("2026-07-01 13:00") };
	int64_t before = DESK_C->now;
	enum status now, later;
	struct id report;

	assert_int_equal(zone_open(ZONE_DEFAULT), OK);
	DESK_C->now = date_ms(2026, 7, 1, 12, 0);
	random_fill(in.key, sizeof(in.key));
	now = report_new_staff(DESK_C, &in, &report);
	in.received_at = SV("2026-07-01 13:01");
	random_fill(in.key, sizeof(in.key));
	later = report_check(DESK_C, &in);
	assert_int_equal(zone_open("UTC"), OK);
	assert_int_equal(now, OK);
	assert_int_equal(later, E_INPUT);
	has_input(DESK_C, "received_at", "error.future");
	FORGET(DESK_C);
	assert_int_equal(shown(DESK_C, report).head.received_at, date_ms(2026, 7, 1, 12, 0));
	DESK_C->now = before;
}

static void test_who_types_no_reports(void **state)
{
	struct staff_form in = { .channel = SV("hotline"), .text = SV("x") };
	struct ctx *const others[] = { &kit.road.second, &kit.supervisor };
	struct id id;

	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(report_new_staff(others[i], &in, &id), E_DENIED);
		FORGET(others[i]);
	}
}

/* --- queues ----------------------------------------------------------------------------------------------------------------- */

static void test_each_role_sees_its_own_queue(void **state)
{
	struct id fresh = typed_in(DESK_C, "still to be looked at", ""), given = typed_in(DESK_C, "given to somebody", "low");
	struct report_assign assign = { act_on(DESK_C, given), kit.road.noor.people[CASE_MANAGER].user };
	struct queue q;

	assert_int_equal(report_assign(DESK_C, &assign), OK);
	q = queue_of(DESK_C, QUEUE_OPEN);
	assert_true(row_in(&q, fresh) != NULL && row_in(&q, given) != NULL);
	q = queue_of(&kit.supervisor, QUEUE_OPEN);
	assert_true(row_in(&q, fresh) != NULL && row_in(&q, given) != NULL);
	q = queue_of(&kit.hotline, QUEUE_OPEN);
	assert_true(row_in(&q, fresh) != NULL && row_in(&q, given) == NULL);
	q = queue_of(&kit.road.second, QUEUE_OPEN);
	assert_true(row_in(&q, fresh) == NULL && row_in(&q, given) != NULL);
	q = queue_of(OTHER, QUEUE_OPEN);
	assert_true(row_in(&q, fresh) == NULL && row_in(&q, given) == NULL);
	assert_int_equal(q.hidden, 0);
}

static void test_pages_of_fifty(void **state)
{
	struct queue_ask ask = { QUEUE_OPEN, 0 };
	struct queue q, next;

	for (size_t i = queue_of(OTHER, QUEUE_OPEN).n; i < QUEUE_PAGE + 3; i++)
		(void)typed_in(OTHER, "one of many", "");
	assert_int_equal(queue_load(OTHER, &ask, &q), OK);
	assert_true(q.n == QUEUE_PAGE && q.more && q.count[QUEUE_OPEN] == QUEUE_PAGE + 3);
	ask.page = 1;
	assert_int_equal(queue_load(OTHER, &ask, &next), OK);
	assert_true(next.n == 3 && !next.more);
	for (size_t i = 0; i < next.n; i++)
		assert_null(row_in(&q, next.rows[i].id));
	ask.page = UINT32_MAX;
	assert_int_equal(queue_load(OTHER, &ask, &next), E_NOTFOUND);
}

/* --- contacts --------------------------------------------------------------------------------------------------------------- */

static void test_contact_lives_for_a_shift(void **state)
{
	struct contact_form in = { .kind = SV("silent"), .text = SV("breathing, then hung up"), .language = SV("ary") };
	struct contact_row *rows;
	size_t n, gone;

	kit.hotline.now = date_ms(2026, 3, 14, 9, 1);
	random_fill(in.key, sizeof(in.key));
	assert_int_equal(contact_new(&kit.hotline, &in), OK);
	assert_int_equal(contact_new(&kit.hotline, &in), OK); /* the same form again: nothing */
	assert_int_equal(contact_list(DESK_C, &rows, &n), OK);
	assert_int_equal(n, 1);
	assert_true(sv_is(rows[0].kind, "silent") && sv_equal(rows[0].text, in.text) && sv_is(rows[0].by, "noor.operator") &&
		    !rows[0].mine);
	assert_int_equal(contact_list(OTHER, &rows, &n), OK);
	assert_int_equal(n, 0);

	NOBODY->now = date_ms(2026, 3, 14, 22, 59);
	assert_int_equal(contact_sweep(NOBODY, &gone), OK);
	assert_int_equal(gone, 0);
	NOBODY->now = date_ms(2026, 3, 14, 23, 0);
	assert_int_equal(contact_sweep(NOBODY, &gone), OK);
	assert_int_equal(gone, 1);
	assert_int_equal(contact_list(DESK_C, &rows, &n), OK);
	assert_int_equal(n, 0);
	assert_int_equal(contact_sweep(NOBODY, &gone), OK);
	assert_int_equal(gone, 0);
}

static void test_contact_kinds(void **state)
{
	struct contact_form in = { .kind = SV("potential_case") }; /* that is a report */

	assert_int_equal(contact_new(&kit.hotline, &in), E_INPUT);
	has_input(&kit.hotline, "kind", "error.code");
	FORGET(&kit.hotline);
	in.kind = SV("");
	assert_int_equal(contact_new(&kit.hotline, &in), E_INPUT);
	has_input(&kit.hotline, "kind", "error.required");
	assert_int_equal(contact_new(&kit.road.second, &in), E_DENIED);
}

/* --- logs ------------------------------------------------------------------------------------------------------------------- */

static void test_import_is_whole_and_not_twice(void **state)
{
	struct staff_form rows[IMPORT_SET_MAX];
	size_t added, before = queue_of(DESK_C, QUEUE_OPEN).count[QUEUE_OPEN];

	for (size_t i = 0; i < IMPORT_SET_MAX; i++) {
		rows[i] = (struct staff_form){ .channel = SV("hotline"),
					       .text = SV("a line of the log"),
					       .received_at = SV("2024-01-01") };
		random_fill(rows[i].key, sizeof(rows[i].key));
	}
	assert_int_equal(report_import(DESK_C, rows, 3, &added), OK);
	assert_int_equal(added, 3);
	assert_int_equal(report_import(DESK_C, rows, IMPORT_SET_MAX, &added), OK);
	assert_int_equal(added, IMPORT_SET_MAX - 3);
	assert_int_equal(report_import(DESK_C, rows, IMPORT_SET_MAX, &added), OK);
	assert_int_equal(added, 0);
	assert_int_equal(queue_of(DESK_C, QUEUE_OPEN).count[QUEUE_OPEN], before + IMPORT_SET_MAX);

	random_fill(rows[0].key, sizeof(rows[0].key));
	random_fill(rows[1].key, sizeof(rows[1].key));
	rows[1].text = SV(""); /* the second is wrong: the first is not written either */
	assert_int_equal(report_import(DESK_C, rows, 2, &added), E_INPUT);
	FORGET(DESK_C);
	assert_int_equal(queue_of(DESK_C, QUEUE_OPEN).count[QUEUE_OPEN], before + IMPORT_SET_MAX);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup(f, intake_between)
	const struct CMUnitTest tests[] = {
		TEST(test_public_report_reaches_the_desk),
		TEST(test_T_INT_8_repeated_post_is_one_report),
		TEST(test_all_wrong_inputs_are_named_at_once),
		TEST(test_T_INT_7_excluded_desk_gets_nothing),
		TEST(test_typed_report_danger_rings_until_taken),
		TEST(test_typed_report_keeps_its_own_date_and_form_key),
		TEST(test_words_typed_again_a_moment_later_are_one_report),
		TEST(test_typed_times_are_of_the_wall),
		TEST(test_who_types_no_reports),
		TEST(test_each_role_sees_its_own_queue),
		TEST(test_pages_of_fifty),
		TEST(test_contact_lives_for_a_shift),
		TEST(test_contact_kinds),
		TEST(test_import_is_whole_and_not_twice),
	};
#undef TEST

	return cmocka_run_group_tests(tests, intake_setup, intake_teardown);
}
