/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Talking with the reporter: what the code opens, what never shows, files, notes and who reads them. */
#include "intake_kit.h"

#include "base/random.h"
#include "domain/intake/types.h"

#define DESK_C (&kit.road.desk)
#define OTHER (&kit.road.other)
#define CASE_C (&kit.road.second)

static enum status answer(struct ctx *c, struct id id, const char *text, const char *state)
{
	struct report_answer in = { act_on(c, id), sv_of(text), sv_of(state) };

	return report_answer(c, &in);
}

static struct mailbox mailbox_of(struct ctx *reporter)
{
	struct mailbox m;

	assert_int_equal(mailbox_load(reporter, &m), OK);
	return m;
}

/* Past the mailbox: of all messages, how many answers open under the code? And no word of anything else. */
static size_t opened_answers(struct ctx *reporter, struct id report)
{
	struct record *records;
	size_t n, answers = 0;

	assert_int_equal(record_load_dossier(reporter, &message_type, report, &records, &n), OK);
	for (size_t i = 0; i < n; i++) {
		assert_false(record_has(&records[i], MESSAGE_text) || record_has(&records[i], MESSAGE_team_text));
		answers += record_has(&records[i], MESSAGE_answer);
	}
	return answers;
}

/* T-INT-6: the code opens the desk's last message and its state; nothing the desk does but answering moves a byte of it; what
 * the reporter wrote never comes back. */
static void test_T_INT_6_code_opens_the_last_answer_only(void **state)
{
	struct public_receipt receipt;
	struct id id = came_by_web("the reporter's own words", false, &receipt);
	struct report_assign assign = { .user = kit.road.noor.people[CASE_MANAGER].user };
	struct ctx reporter;
	struct mailbox m;
	struct report_view v;

	mailbox_open(&reporter, receipt.code);
	m = mailbox_of(&reporter);
	assert_true(sv_is(m.shown_state, "received") && m.answer.n == 0 && m.answered_at == 0);

	assert_int_equal(report_triage(DESK_C, &(struct report_triage){ act_on(DESK_C, id), SV("high"), false }), OK);
	assert_int_equal(answer(DESK_C, id, "first answer", "asked"), OK);
	assert_int_equal(answer(DESK_C, id, "second answer", "in_hand"), OK);
	m = mailbox_of(&reporter);
	assert_true(sv_is(m.answer, "second answer") && sv_is(m.shown_state, "in_hand"));

	assign.act = act_on(DESK_C, id); /* opening, assigning, noting, closing: not one byte */
	assert_int_equal(report_assign(DESK_C, &assign), OK);
	assert_int_equal(report_note(DESK_C, &(struct report_note){ act_on(DESK_C, id), SV("internal") }), OK);
	v = shown(CASE_C, id);
	assert_int_equal(report_close(CASE_C, &(struct report_close){ .act = act_on(CASE_C, id), .closure = SV("out_of_scope") }),
			 OK);
	{
		struct mailbox after = mailbox_of(&reporter);

		assert_true(sv_equal(after.answer, m.answer) && sv_equal(after.shown_state, m.shown_state) &&
			    after.answered_at == m.answered_at);
	}
	assert_int_equal(opened_answers(&reporter, id), 1);
	assert_int_equal(report_load(&reporter, id, &v), E_NOTFOUND);
	FORGET(&reporter);
	kit_disconnect(&reporter);
}

static void test_reply_is_something_to_do(void **state)
{
	struct public_receipt receipt;
	struct id id = came_by_web("will write again", false, &receipt);
	struct mailbox_reply in = { .text = SV("She goes out alone on Tuesdays.") };
	struct queue_ask ask = { QUEUE_OPEN, 0 };
	struct ctx reporter;
	struct report_view v;
	struct queue q;
	bool there = false;

	assert_int_equal(report_triage(DESK_C, &(struct report_triage){ act_on(DESK_C, id), SV("low"), false }), OK);
	assert_int_equal(
		report_close(DESK_C, &(struct report_close){ .act = act_on(DESK_C, id), .closure = SV("insufficient_info") }), OK);
	mailbox_open(&reporter, receipt.code);
	reporter.now = date_ms(2026, 3, 14, 9, 1);
	random_fill(in.key, sizeof(in.key));
	assert_int_equal(mailbox_reply(&reporter, &in), OK);
	assert_int_equal(mailbox_reply(&reporter, &in), OK); /* the same form again: once */
	v = shown(DESK_C, id);
	assert_int_equal(v.head.state, STATE_CLOSED);
	assert_int_equal(v.head.due_at, date_ms(2026, 3, 15, 10, 0));
	assert_int_equal(v.messages[v.messages_n - 1].kind, MESSAGE_REPLY);
	assert_true(sv_equal(v.messages[v.messages_n - 1].text, in.text) && v.messages[v.messages_n - 1].by.n == 0);
	assert_int_not_equal(v.messages[v.messages_n - 2].kind, MESSAGE_REPLY);
	assert_int_equal(queue_load(DESK_C, &ask, &q), OK);
	for (size_t i = 0; i < q.n; i++)
		there = there || id_equal(q.rows[i].id, id);
	assert_true(there); /* closed, and in the queue all the same */
	assert_int_equal(answer(DESK_C, id, "Thank you.", "ended"), OK);
	assert_int_equal(shown(DESK_C, id).head.due_at, 0);

	in.text = SV("  \n ");
	memset(in.key, 0, sizeof(in.key));
	assert_int_equal(mailbox_reply(&reporter, &in), E_INPUT);
	has_input(&reporter, "text", "error.required");
	kit_disconnect(&reporter);
}

static void test_answer_names_what_is_missing(void **state)
{
	struct id id = came_by_web("answer me properly", false, NULL);
	struct report_answer in = { .act = act_on(DESK_C, id) };

	assert_int_equal(report_answer(DESK_C, &in), E_INPUT);
	has_input(DESK_C, "answer", "error.required");
	has_input(DESK_C, "shown_state", "error.required");
	FORGET(DESK_C);
	in.answer = SV("x");
	in.shown_state = SV("rescued"); /* no state of the mailbox tells what happened to a person */
	assert_int_equal(report_answer(DESK_C, &in), E_INPUT);
	has_input(DESK_C, "shown_state", "error.code");
}

/* A report typed by staff has no way back until a code is made; then it has. */
static void test_code_for_a_typed_report(void **state)
{
	struct id id = typed_in(&kit.hotline, "walk-in who wants to come back", "");
	struct report_act act;
	struct report_view v = shown(DESK_C, id);
	char code[21];

	assert_true(v.may.answer_needs_code && !v.may.answer && v.may.new_code);
	assert_int_equal(answer(DESK_C, id, "nobody would read this", "asked"), E_STATE);
	FORGET(DESK_C);
	act = act_on(DESK_C, id);
	random_fill(act.key, sizeof(act.key));
	assert_int_equal(report_new_code(DESK_C, &act, code), OK);
	assert_int_equal(strlen(code), 20);
	assert_int_equal(report_new_code(DESK_C, &act, code), E_CONFLICT); /* shown once */
	FORGET(DESK_C);
	act = act_on(DESK_C, id);
	assert_int_equal(report_new_code(DESK_C, &act, code), E_STATE);
	FORGET(DESK_C);
	v = shown(DESK_C, id);
	assert_true(v.may.answer && !v.may.new_code && v.head.has_code);
}

static void test_code_of_a_typed_report_opens_its_mailbox(void **state)
{
	struct id id = typed_in(DESK_C, "another walk-in", "");
	struct report_act act = act_on(DESK_C, id);
	struct ctx reporter;
	struct mailbox m;
	char code[21];

	assert_int_equal(report_new_code(DESK_C, &act, code), OK);
	assert_int_equal(answer(DESK_C, id, "Come on Thursday.", "in_hand"), OK);
	mailbox_open(&reporter, code);
	m = mailbox_of(&reporter);
	assert_true(sv_is(m.answer, "Come on Thursday."));
	kit_disconnect(&reporter);
}

/* Every item says who will read it, and those are who can. */
static void test_notes_and_their_audience(void **state)
{
	struct id id = typed_in(DESK_C, "notes of two kinds", "low");
	struct report_assign assign = { act_on(DESK_C, id), kit.road.noor.people[CASE_MANAGER].user };
	struct report_view v;

	assert_int_equal(report_note(DESK_C, &(struct report_note){ act_on(DESK_C, id), SV("from the desk") }), OK);
	assert_int_equal(report_assign(DESK_C, &assign), OK);
	assert_int_equal(report_note(CASE_C, &(struct report_note){ act_on(CASE_C, id), SV("from the case manager") }), OK);
	v = shown(CASE_C, id);
	assert_int_equal(v.messages_n, 4); /* statement, note, assigned, note */
	assert_true(sv_is(v.messages[1].text, "from the desk") && v.messages[1].audience == AUDIENCE_DESK &&
		    sv_is(v.messages[1].by, "noor.desk"));
	assert_true(sv_is(v.messages[2].step, "assigned") && sv_is(v.messages[2].about, "noor.case"));
	assert_true(sv_is(v.messages[3].text, "from the case manager") && v.messages[3].audience == AUDIENCE_TEAM);
	v = shown(DESK_C, id);
	assert_int_equal(v.messages_n, 3);
	assert_int_equal(v.head.messages, 3); /* statement and two notes; steps are not counted */
	assert_int_equal(report_note(DESK_C, &(struct report_note){ act_on(DESK_C, id), SV(" ") }), E_INPUT);
}

/* --- safe contact ----------------------------------------------------------------------------------------------------------- */

static struct safe_contact contact_with(struct report_facts facts)
{
	struct staff_form in = { .facts = facts, .channel = SV("hotline"), .text = SV("about calling back") };
	struct id id;

	assert_int_equal(report_new_staff(DESK_C, &in, &id), OK);
	return shown(DESK_C, id).contact;
}

static void test_unsafe_call_is_absent(void **state)
{
	struct safe_contact s = contact_with((struct report_facts){ .contact_phone = SV("0500000099") });

	assert_true(s.call == CALL_NOT_ASKED && !s.may_call && s.phone.n == 0); /* silence is not consent */
	s = contact_with((struct report_facts){ .contact_way = SV("none"), .contact_phone = SV("0500000099") });
	assert_true(s.call == CALL_REFUSED && !s.may_call && s.phone.n == 0);
	s = contact_with((struct report_facts){ .contact_way = SV("mailbox"), .contact_phone = SV("0500000099") });
	assert_true(s.call == CALL_MAILBOX_ONLY && !s.may_call && s.phone.n == 0);
	s = contact_with((struct report_facts){ .contact_way = SV("phone") });
	assert_true(s.call == CALL_NO_NUMBER && !s.may_call);
	s = contact_with((struct report_facts){ .contact_way = SV("phone"),
						.contact_phone = SV("0500000099"),
						.contact_message_ok = SV("yes"),
						.contact_hours = SV("15:00") });
	assert_true(s.call == CALL_ALLOWED && s.may_call && s.may_leave_message && sv_is(s.phone, "0500000099") &&
		    sv_is(s.hours, "15:00"));
	s = contact_with((struct report_facts){
		.contact_way = SV("messaging"), .contact_phone = SV("0500000099"), .contact_message_ok = SV("yes") });
	assert_true(s.call == CALL_OTHER_WAY && !s.may_call && !s.may_leave_message && sv_is(s.phone, "0500000099"));
	s = contact_with((struct report_facts){ .contact_way = SV("through_person"),
						.contact_details = SV("the pharmacy, Thursdays"),
						.contact_phone = SV("0500000099") });
	assert_true(s.call == CALL_OTHER_WAY && s.phone.n == 0 && sv_is(s.details, "the pharmacy, Thursdays"));
}

/* --- files ------------------------------------------------------------------------------------------------------------------ */

static void test_files_of_both_sides(void **state)
{
	struct public_receipt receipt;
	struct id id = came_by_web("with a picture", false, &receipt);
	struct file_form in = { .name = SV("maison.png"), .mime = SV("image/png"), .content = SV("not really a picture") };
	struct file_content back;
	struct report_view v;
	struct ctx reporter;

	mailbox_open(&reporter, receipt.code);
	assert_int_equal(file_add(&reporter, &in), OK);
	in.act = act_on(DESK_C, id);
	in.name = SV("note.txt");
	in.content = SV("second");
	assert_int_equal(file_add(DESK_C, &in), OK);
	v = shown(DESK_C, id);
	assert_int_equal(v.files_n, 2);
	assert_true(sv_is(v.files[0].name, "maison.png") && v.files[0].by.n == 0 && v.files[0].size == 20);
	assert_true(sv_is(v.files[1].name, "note.txt") && sv_is(v.files[1].by, "noor.desk"));
	assert_int_equal(file_read(DESK_C, v.files[0].id, &back), OK);
	assert_true(sv_is(back.content, "not really a picture") && sv_is(back.mime, "image/png") && id_equal(back.report, id));
	assert_int_equal(file_read(OTHER, v.files[0].id, &back), E_NOTFOUND);
	FORGET(OTHER);
	assert_int_equal(file_read(&reporter, v.files[0].id, &back), E_NOTFOUND); /* nor does it come back to who sent it */
	FORGET(&reporter);
	kit_disconnect(&reporter);
	in.content = SV("");
	assert_int_equal(file_add(DESK_C, &in), E_INPUT);
}

static void test_mailbox_is_for_reporters(void **state)
{
	struct mailbox m;
	struct mailbox_reply in = { .text = SV("x") };

	assert_int_equal(mailbox_load(DESK_C, &m), E_DENIED);
	FORGET(DESK_C);
	assert_int_equal(mailbox_reply(&kit.road.nobody, &in), E_DENIED);
}

/* A page gone back to brings the words along: what was said a moment ago in the same words is not said again; later, by somebody else, or
 * after the reporter wrote, it is. */
static void test_same_words_a_moment_later_are_said_once(void **state)
{
	struct public_receipt receipt;
	struct id id = came_by_web("gone back in the browser", false, &receipt);
	struct report_note note = { .text = SV("  Called, nobody there.\r\n") };
	struct report_answer answer = { .answer = SV("We read you."), .shown_state = SV("in_hand") };
	struct mailbox_reply reply = { .text = SV("I am still here.") };
	struct ctx reporter;
	size_t before;

	DESK_C->now = date_ms(2026, 3, 14, 9, 0);
	kit.hotline.now = DESK_C->now;
	before = shown(DESK_C, id).messages_n;
	note.act = act_on(DESK_C, id);
	assert_int_equal(report_note(DESK_C, &note), OK);
	assert_int_equal(report_note(DESK_C, &note), E_CONFLICT); /* who asks is told so */
	FORGET(DESK_C);
	assert_int_equal(shown(DESK_C, id).messages_n, before + 1);
	assert_int_equal(report_note(&kit.hotline, &note), OK); /* a colleague says it too */
	assert_int_equal(shown(DESK_C, id).messages_n, before + 2);
	DESK_C->now += HOUR_MS;
	assert_int_equal(report_note(DESK_C, &note), OK); /* and it is so again an hour later */
	assert_int_equal(shown(DESK_C, id).messages_n, before + 3);

	for (int i = 0; i < 2; i++) {
		answer.act = act_on(DESK_C, id);
		assert_int_equal(report_answer(DESK_C, &answer), OK);
	}
	assert_int_equal(shown(DESK_C, id).messages_n, before + 4);
	mailbox_open(&reporter, receipt.code);
	assert_int_equal(mailbox_reply(&reporter, &reply), OK);
	kit_disconnect(&reporter);
	answer.act = act_on(DESK_C, id);
	assert_int_equal(report_answer(DESK_C, &answer), OK);
	assert_int_equal(shown(DESK_C, id).messages_n, before + 6);
	answer.act = act_on(DESK_C, id);
	answer.shown_state = SV("asked");
	assert_int_equal(report_answer(DESK_C, &answer), OK); /* another state is another answer */
	assert_int_equal(shown(DESK_C, id).messages_n, before + 7);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup(f, intake_between)
	const struct CMUnitTest tests[] = {
		TEST(test_T_INT_6_code_opens_the_last_answer_only),
		TEST(test_reply_is_something_to_do),
		TEST(test_answer_names_what_is_missing),
		TEST(test_code_for_a_typed_report),
		TEST(test_code_of_a_typed_report_opens_its_mailbox),
		TEST(test_notes_and_their_audience),
		TEST(test_unsafe_call_is_absent),
		TEST(test_files_of_both_sides),
		TEST(test_mailbox_is_for_reporters),
		TEST(test_same_words_a_moment_later_are_said_once),
	};
#undef TEST

	return cmocka_run_group_tests(tests, intake_setup, intake_teardown);
}
