/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a desk decides: every act in every state, staleness, double submits, another desk, waiting, ending, keeping away. */
#include "intake_kit.h"

#include "base/random.h"

#define DESK_C (&kit.road.desk)
#define OTHER (&kit.road.other)
#define CASE_C (&kit.road.second)
#define HOLDER kit.road.noor.people[CASE_MANAGER].user

/* --- every act in every state ----------------------------------------------------------------------------------------------- */

enum act { TRIAGE, TAKE, EDIT, ASSIGN, REDIRECT, WAIT, RESUME, NOTE, CLOSE, REOPEN, BLOCK, CODE, LOCK, ACT_COUNT };

static enum status try_act(struct ctx *c, enum act act, struct report_act on)
{
	char code[21];

	switch (act) {
	case TRIAGE:
		return report_triage(c, &(struct report_triage){ on, SV("medium"), false });
	case TAKE:
		return report_take(c, &on);
	case EDIT:
		return report_edit(c, &(struct report_edit){ on, { .region = SV("MA-04") }, SV("edited") });
	case ASSIGN:
		return report_assign(c, &(struct report_assign){ on, HOLDER });
	case REDIRECT:
		return report_redirect(c, &(struct report_redirect){ on, kit.road.dar.id, SV("yours") });
	case WAIT:
		return report_wait(c, &(struct report_wait){ on, SV("at sea"), SV("2026-04-01") });
	case RESUME:
		return report_resume(c, &on);
	case NOTE:
		return report_note(c, &(struct report_note){ on, SV("a note") });
	case CLOSE:
		return report_close(c, &(struct report_close){ .act = on, .closure = SV("out_of_scope"), .text = SV("why") });
	case REOPEN:
		return report_reopen(c, &(struct report_reopen){ on, SV("new facts") });
	case BLOCK:
		return report_block(c, &(struct report_block){ on, kit.road.dar.id });
	case CODE:
		return report_new_code(c, &on, code);
	case LOCK:
		return report_lock(c, &on);
	case ACT_COUNT:
		break;
	}
	return E_BUG;
}

static void do_act(enum act act, struct id report)
{
	enum status s = try_act(DESK_C, act, act_on(DESK_C, report));

	if (s != OK)
		fail_msg("act %d: %s, %s", (int)act, status_name(s), DESK_C->error.what == NULL ? "" : DESK_C->error.what);
}

/* A report brought into a state by the desk. */
static struct id in_state(enum report_state state)
{
	struct id id = typed_in(DESK_C, "for the table of acts", "");

	if (state == STATE_NEW)
		return id;
	do_act(TRIAGE, id);
	if (state == STATE_TRIAGE)
		return id;
	if (state == STATE_CLOSED) {
		do_act(CLOSE, id);
		return id;
	}
	do_act(ASSIGN, id);
	if (state == STATE_WAITING)
		do_act(WAIT, id);
	return id;
}

/* What the desk may do, by state: y done, s not in this state, d not by this role. Written from the paths of the domain paper. */
static const struct {
	enum report_state state;
	const char acts[ACT_COUNT + 1];
} table[] = {
	/*                  triage take edit assign redirect wait resume note close reopen block code lock */
	{ STATE_NEW, "yyyssssyssyyy" },     { STATE_TRIAGE, "yyyyyssyysyyy" }, { STATE_ASSIGNED, "ysyysysydsyyy" },
	{ STATE_WAITING, "ysysssyyssyyy" }, { STATE_CLOSED, "sssssssysyyyy" },
};

static void test_every_act_in_every_state(void **state)
{
	for (size_t s = 0; s < sizeof(table) / sizeof(table[0]); s++)
		for (unsigned act = 0; act < ACT_COUNT; act++) {
			struct id id;
			struct report_act on;
			enum status got, wanted;
			char say = table[s].acts[act];

			(void)intake_between(NULL);
			DESK_C->now = date_ms(2026, 3, 14, 9, 0);
			id = in_state(table[s].state);
			on = act_on(DESK_C, id);
			assert_int_equal(shown(DESK_C, id).head.state, table[s].state);
			got = try_act(DESK_C, (enum act)act, on);
			wanted = say == 'y' ? OK : say == 'd' ? E_DENIED : E_STATE;
			if (got != wanted)
				fail_msg("state %d act %u: %s, wanted %s", (int)table[s].state, act, status_name(got),
					 status_name(wanted));
			FORGET(DESK_C);
			if (say != 'y')
				assert_int_equal(shown(DESK_C, id).head.version, on.version); /* a refused act changes nothing */
		}
}

/* --- versions and keys ------------------------------------------------------------------------------------------------------ */

static void test_stale_decision_is_refused(void **state)
{
	struct id id = typed_in(DESK_C, "two desks at once", "");
	struct report_act old = act_on(DESK_C, id);

	assert_int_equal(try_act(&kit.hotline, TRIAGE, old), OK);
	assert_int_equal(try_act(DESK_C, ASSIGN, old), E_STALE);
	FORGET(DESK_C);
	assert_int_equal(shown(DESK_C, id).head.state, STATE_TRIAGE);
	assert_int_equal(try_act(DESK_C, NOTE, old), OK); /* a note decides nothing and is never stale */
}

static void test_same_form_twice_is_one_act(void **state)
{
	struct id id = typed_in(DESK_C, "double click", "low");
	struct report_assign in = { act_on(DESK_C, id), HOLDER };
	struct report_view v;
	size_t events = 0;

	random_fill(in.act.key, sizeof(in.act.key));
	assert_int_equal(report_assign(DESK_C, &in), OK);
	assert_int_equal(report_assign(DESK_C, &in), OK);
	v = shown(DESK_C, id);
	for (size_t i = 0; i < v.messages_n; i++)
		events += sv_is(v.messages[i].step, "assigned");
	assert_int_equal(events, 1);
}

/* --- assign ----------------------------------------------------------------------------------------------------------------- */

static void test_assign_shows_load_and_takes_only_members_who_can(void **state)
{
	struct id id = typed_in(DESK_C, "to be assigned", "low");
	struct report_assign in = { act_on(DESK_C, id), kit.road.noor.people[OFFICER].user };
	struct assign_choice *before, *after;
	struct report_view v;
	size_t n;

	assert_int_equal(report_assign_choices(DESK_C, &before, &n), OK);
	assert_int_equal(n, 1); /* the case manager: the desk could not close it */
	assert_true(id_equal(before[0].user, HOLDER));
	assert_int_equal(report_assign(DESK_C, &in), E_INPUT);
	has_input(DESK_C, "user", "error.code");
	FORGET(DESK_C);
	in.user = kit.road.dar.people[CASE_MANAGER].user;
	assert_int_equal(report_assign(DESK_C, &in), E_INPUT);
	FORGET(DESK_C);
	in.user = HOLDER;
	assert_int_equal(report_load(CASE_C, id, &v), E_NOTFOUND);
	FORGET(CASE_C);
	in.user = kit.road.noor.people[DESK].user;
	assert_int_equal(report_assign(DESK_C, &in), E_INPUT);
	has_input(DESK_C, "user", "error.code");
	FORGET(DESK_C);
	in.user = HOLDER;
	assert_int_equal(report_assign(DESK_C, &in), OK);
	v = shown(CASE_C, id);
	assert_true(sv_is(v.head.assignee_login, "noor.case"));
	assert_int_equal(v.head.due_at, 0);
	assert_int_equal(report_assign_choices(DESK_C, &after, &n), OK);
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < n; k++)
			if (id_equal(after[i].user, HOLDER) && id_equal(before[k].user, HOLDER))
				assert_int_equal(after[i].load, before[k].load + 1);
	in.act = act_on(DESK_C, id); /* once more, to the same */
	assert_int_equal(report_assign(DESK_C, &in), OK);
	assert_int_equal(report_load(CASE_C, id, &v), OK);
}

/* --- another desk ----------------------------------------------------------------------------------------------------------- */

static void test_redirected_report_is_the_other_desks_alone(void **state)
{
	struct public_receipt receipt;
	struct id id = came_by_web("for the other town", false, &receipt);
	struct report_answer answer = { .answer = SV("We pass you on."), .shown_state = SV("passed_on") };
	struct redirect_choice *choices;
	struct report_view v;
	size_t n;

	do_act(TRIAGE, id);
	answer.act = act_on(DESK_C, id);
	assert_int_equal(report_answer(DESK_C, &answer), OK);
	assert_int_equal(report_redirect_choices(DESK_C, id, &choices, &n), OK);
	assert_int_equal(n, 1);
	assert_true(id_equal(choices[0].organisation.id, kit.road.dar.id) && !choices[0].near);
	assert_int_equal(report_load(OTHER, id, &v), E_NOTFOUND);
	FORGET(OTHER);
	DESK_C->now = date_ms(2026, 3, 14, 9, 1);
	do_act(REDIRECT, id);

	assert_int_equal(report_load(DESK_C, id, &v), E_NOTFOUND);
	FORGET(DESK_C);
	OTHER->now = DESK_C->now;
	v = shown(OTHER, id);
	assert_int_equal(v.head.state, STATE_NEW);
	assert_true(id_is_zero(v.head.assignee) && id_equal(v.head.organisation, kit.road.dar.id));
	assert_int_equal(v.head.due_at, date_ms(2026, 3, 15, 10, 0));
	assert_int_equal(v.messages_n, 4); /* statement, triage, answer, and why it came */
	assert_true(sv_is(v.messages[0].text, "for the other town") && sv_is(v.messages[2].text, "We pass you on."));
	assert_true(sv_is(v.messages[3].step, "passed_on") && sv_is(v.messages[3].text, "yours") &&
		    sv_is(v.messages[3].about, "dar"));

	answer = (struct report_answer){ act_on(OTHER, id), SV("We are nearer."), SV("in_hand") }; /* the code goes on working */
	assert_int_equal(report_answer(OTHER, &answer), OK);
	{
		struct ctx reporter;
		struct mailbox m;

		mailbox_open(&reporter, receipt.code);
		assert_int_equal(mailbox_load(&reporter, &m), OK);
		assert_true(sv_is(m.answer, "We are nearer.") && sv_is(m.shown_state, "in_hand"));
		kit_disconnect(&reporter);
	}
}

static void test_redirect_never_goes_to_whom_the_reporter_named(void **state)
{
	struct id id = typed_in(DESK_C, "not to dar", "low");
	struct report_redirect in = { .organisation = kit.road.dar.id };
	struct redirect_choice *choices;
	size_t n;

	do_act(BLOCK, id);
	assert_int_equal(report_redirect_choices(DESK_C, id, &choices, &n), OK);
	assert_int_equal(n, 0);
	in.act = act_on(DESK_C, id);
	assert_int_equal(report_redirect(DESK_C, &in), E_INPUT);
	has_input(DESK_C, "organisation", "error.excluded");
	FORGET(DESK_C);
	in.organisation = kit.road.noor.id;
	assert_int_equal(report_redirect(DESK_C, &in), E_INPUT);
	has_input(DESK_C, "organisation", "error.code");
}

/* --- waiting and ending ----------------------------------------------------------------------------------------------------- */

static void test_waiting_needs_reason_and_date(void **state)
{
	struct id id = in_state(STATE_ASSIGNED);
	struct report_wait in = { .act = act_on(DESK_C, id), .review_at = SV("2026-02-31") };
	struct report_view v;

	DESK_C->now = date_ms(2026, 3, 14, 9, 0);
	assert_int_equal(report_wait(DESK_C, &in), E_INPUT);
	has_input(DESK_C, "wait_reason", "error.required");
	has_input(DESK_C, "review_at", "error.date");
	FORGET(DESK_C);
	in.wait_reason = SV("the boat is at sea");
	in.review_at = SV("2026-03-14 09:00");
	assert_int_equal(report_wait(DESK_C, &in), E_INPUT);
	has_input(DESK_C, "review_at", "error.within_year");
	FORGET(DESK_C);
	in.review_at = SV("2026-03-20 14:20");
	assert_int_equal(report_wait(DESK_C, &in), OK);
	v = shown(DESK_C, id);
	assert_true(sv_is(v.head.wait_reason, "the boat is at sea"));
	assert_int_equal(v.head.due_at, date_ms(2026, 3, 20, 15, 0));
	assert_false(v.head.overdue);
	do_act(RESUME, id);
	v = shown(DESK_C, id);
	assert_true(v.head.state == STATE_ASSIGNED && v.head.due_at == 0 && v.head.wait_reason.n == 0);
}

static void test_closed_keeps_its_reason_and_opens_again(void **state)
{
	struct id id = in_state(STATE_TRIAGE);
	struct report_close in = { .act = act_on(DESK_C, id), .closure = SV("goals_met") }; /* a reason of cases, not of reports */
	struct report_view v;

	assert_int_equal(report_close(DESK_C, &in), E_INPUT);
	has_input(DESK_C, "closure", "error.code");
	FORGET(DESK_C);
	in.closure = SV("duplicate");
	in.text = SV("the same as yesterday");
	assert_int_equal(report_close(DESK_C, &in), OK);
	v = shown(DESK_C, id);
	assert_true(v.head.state == STATE_CLOSED && sv_is(v.head.closure, "duplicate") && v.head.due_at == 0);
	do_act(REOPEN, id);
	v = shown(DESK_C, id);
	assert_true(v.head.state == STATE_TRIAGE && v.head.closure.n == 0 && v.head.due_at > 0);
	assert_true(sv_is(v.messages[2].closure, "duplicate") && sv_is(v.messages[2].text, "the same as yesterday"));
	assert_true(sv_is(v.messages[3].step, "reopened"));
}

/* A case manager reads a report and does not write it: what he says and why he ends it lies in the team's class, which the desk
 * does not open. */
static void test_case_manager_decides_in_the_teams_class(void **state)
{
	struct id id = in_state(STATE_ASSIGNED);
	struct report_view v = shown(CASE_C, id);
	size_t seen_by_desk = shown(DESK_C, id).messages_n;

	assert_int_equal(v.note_audience, AUDIENCE_TEAM);
	assert_false(v.may.triage || v.may.assign || v.may.edit || v.may.redirect || v.may.take);
	assert_true(v.may.close && v.may.wait && v.may.note);
	assert_int_equal(try_act(CASE_C, NOTE, act_on(CASE_C, id)), OK);
	assert_int_equal(try_act(CASE_C, TRIAGE, act_on(CASE_C, id)), E_DENIED);
	FORGET(CASE_C);
	CASE_C->now = date_ms(2026, 3, 14, 9, 0);
	assert_int_equal(try_act(CASE_C, WAIT, act_on(CASE_C, id)), OK);
	assert_int_equal(try_act(CASE_C, RESUME, act_on(CASE_C, id)), OK);
	assert_int_equal(try_act(CASE_C, CLOSE, act_on(CASE_C, id)), OK);
	v = shown(CASE_C, id);
	assert_int_equal(v.head.state, STATE_CLOSED);
	assert_int_equal(v.messages[v.messages_n - 1].audience, AUDIENCE_TEAM);
	assert_true(sv_is(v.messages[v.messages_n - 1].closure, "out_of_scope") &&
		    sv_is(v.messages[v.messages_n - 1].by, "noor.case"));
	assert_int_equal(shown(&kit.supervisor, id).messages_n, v.messages_n); /* the supervisor reads the team's talk */
	assert_int_equal(shown(DESK_C, id).messages_n, seen_by_desk);
	do_act(REOPEN, id); /* and the case manager is out again */
	assert_int_equal(report_load(CASE_C, id, &v), E_NOTFOUND);
}

/* --- keeping away ----------------------------------------------------------------------------------------------------------- */

static void test_locked_is_for_the_named_alone(void **state)
{
	struct public_receipt receipt;
	struct id id = came_by_web("somebody may have talked", false, &receipt);
	struct report_view v;
	struct ctx reporter;
	struct mailbox m;

	do_act(LOCK, id);
	assert_true(shown(DESK_C, id).head.locked);
	assert_int_equal(report_load(&kit.supervisor, id, &v), E_NOTFOUND);
	assert_int_equal(report_load(&kit.hotline, id, &v), E_NOTFOUND);
	mailbox_open(&reporter, receipt.code); /* nothing of it shows to the reporter */
	assert_int_equal(mailbox_load(&reporter, &m), OK);
	assert_true(sv_is(m.shown_state, "received"));
	kit_disconnect(&reporter);
}

/* The officer sees that a report of his organisation is locked and nothing of it, and alone lifts. */
static void test_lock_is_lifted_by_the_security_officer_alone(void **state)
{
	struct id id = in_state(STATE_TRIAGE);
	struct report_head *locks;
	struct report_act on;
	struct report_view v;
	size_t before, n;

	assert_int_equal(report_locks(&kit.officer, &locks, &before), OK);
	do_act(LOCK, id);
	on = act_on(DESK_C, id);
	assert_int_equal(report_locks(&kit.officer, &locks, &n), OK);
	assert_int_equal(n, before + 1);
	assert_true(id_equal(locks[0].id, id) && locks[0].locked && locks[0].version == on.version);
	assert_true(locks[0].subject.n == 0 && locks[0].risk.n == 0);
	assert_int_equal(report_load(&kit.officer, id, &v), E_NOTFOUND);
	FORGET(&kit.officer);
	assert_int_equal(report_locks(DESK_C, &locks, &n), E_DENIED);
	FORGET(DESK_C);
	assert_int_equal(report_lift(DESK_C, &on), E_DENIED);
	FORGET(DESK_C);
	assert_int_equal(report_load(&kit.supervisor, id, &v), E_NOTFOUND);
	FORGET(&kit.supervisor);

	random_fill(on.key, sizeof(on.key));
	assert_int_equal(report_lift(&kit.officer, &on), OK);
	assert_int_equal(report_lift(&kit.officer, &on), OK); /* the same form twice */
	assert_int_equal(report_locks(&kit.officer, &locks, &n), OK);
	assert_int_equal(n, before);
	assert_false(shown(&kit.supervisor, id).head.locked);
	on = act_on(DESK_C, id);
	assert_int_equal(report_lift(&kit.officer, &on), E_STATE);
	FORGET(&kit.officer);

	assert_int_equal(report_lock(&kit.supervisor, &on), OK); /* named anew: who was named by the first lock is out */
	assert_int_equal(report_load(DESK_C, id, &v), E_NOTFOUND);
	FORGET(DESK_C);
	assert_int_equal(report_load(&kit.supervisor, id, &v), OK);
}

/* Another organisation's officer has no say. */
static void test_lock_of_another_organisation_is_not_known(void **state)
{
	struct id theirs = typed_in(OTHER, "locked at dar", "low");
	struct report_act on = act_on(OTHER, theirs);
	struct report_head *locks;
	size_t n;

	assert_int_equal(report_lock(OTHER, &on), OK);
	on = act_on(OTHER, theirs);
	assert_int_equal(report_locks(&kit.officer, &locks, &n), OK);
	for (size_t i = 0; i < n; i++)
		assert_false(id_equal(locks[i].id, theirs));
	assert_int_equal(report_lift(&kit.officer, &on), E_NOTFOUND);
	assert_true(shown(OTHER, theirs).head.locked);
}

/* --- the first look ------------------------------------------------------------------------------------------------------------ */

static void test_taking_a_report_whose_risk_is_known_is_its_first_look(void **state)
{
	struct public_receipt receipt;
	struct id danger, plain;
	struct report_view v;

	DESK_C->now = date_ms(2026, 3, 14, 9, 50);
	danger = came_by_web("she is beaten now", true, &receipt);
	v = shown(DESK_C, danger);
	assert_true(v.head.state == STATE_NEW && v.head.rings && !v.may.assign);
	do_act(TAKE, danger);
	v = shown(DESK_C, danger);
	assert_true(v.head.state == STATE_TRIAGE && !v.head.rings && v.may.assign && v.may.close);
	plain = typed_in(DESK_C, "nothing is known yet", "");
	do_act(TAKE, plain);
	assert_int_equal(shown(DESK_C, plain).head.state, STATE_NEW); /* the risk is still to be set */
}

static void test_first_look_says_which_risk_and_answers_which_state(void **state)
{
	struct public_receipt receipt;
	struct id id = came_by_web("say what was set", false, &receipt);
	struct report_answer answer = { .answer = SV("We read you."), .shown_state = SV("in_hand") };
	struct report_view v = shown(DESK_C, id);

	assert_true(sv_is(v.shown_state, "received"));
	do_act(TRIAGE, id);
	answer.act = act_on(DESK_C, id);
	assert_int_equal(report_answer(DESK_C, &answer), OK);
	v = shown(DESK_C, id);
	assert_true(sv_is(v.messages[1].step, "triaged") && sv_is(v.messages[1].risk, "medium"));
	assert_true(sv_is(v.shown_state, "in_hand"));
}

static void test_foreign_ids_are_not_found(void **state)
{
	struct id theirs = typed_in(OTHER, "not noor's", "");
	struct report_act on = { .report = theirs, .version = 1 };

	for (unsigned act = 0; act < ACT_COUNT; act++) {
		enum status s = try_act(DESK_C, (enum act)act, on);

		if (s == OK)
			fail_msg("act %u on another organisation's report", act);
		FORGET(DESK_C);
		on.report = id_new();
		assert_int_equal(try_act(DESK_C, (enum act)act, on), E_NOTFOUND);
		FORGET(DESK_C);
		on.report = theirs;
	}
	assert_int_equal(shown(OTHER, theirs).head.version, 1);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup(f, intake_between)
	const struct CMUnitTest tests[] = {
		TEST(test_every_act_in_every_state),
		TEST(test_stale_decision_is_refused),
		TEST(test_same_form_twice_is_one_act),
		TEST(test_assign_shows_load_and_takes_only_members_who_can),
		TEST(test_redirected_report_is_the_other_desks_alone),
		TEST(test_redirect_never_goes_to_whom_the_reporter_named),
		TEST(test_waiting_needs_reason_and_date),
		TEST(test_closed_keeps_its_reason_and_opens_again),
		TEST(test_case_manager_decides_in_the_teams_class),
		TEST(test_locked_is_for_the_named_alone),
		TEST(test_lock_is_lifted_by_the_security_officer_alone),
		TEST(test_lock_of_another_organisation_is_not_known),
		TEST(test_taking_a_report_whose_risk_is_known_is_its_first_look),
		TEST(test_first_look_says_which_risk_and_answers_which_state),
		TEST(test_foreign_ids_are_not_found),
	};
#undef TEST

	return cmocka_run_group_tests(tests, intake_setup, intake_teardown);
}
