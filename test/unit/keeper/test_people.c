/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How people come, come back, change and go: tickets, the officer's certificate, the recovery code, roles, freeze, end of access, and the
 * organisation of two people whose officer works elsewhere. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <signal.h>
#include <string.h>
#include "base/clock.h"
#include "coming.h"
#include "keeper/ledger/journal.h"
#include "keeper/people/sessions.h"

#define NEW_PASSWORD "quite another pass phrase"

static struct test_instance t;
static struct test_house noor, other;
static struct test_person admin;
static struct ctx admin_c, officer_c, desk_c;

/* --- admission --------------------------------------------------------------------------------------------------------------- */

static void test_a_ticket_serves_once(void **state)
{
	struct invitation i = invitation(noor.id, "noor.new", ROLE_BIT(ROLE_DESK)), seen;
	struct join_ticket ticket, wrong = { { 1 } }, read;
	struct token half, again, full;
	struct factors f;
	struct joined joined;
	char recovery[32], other_code[32], code[8];
	struct people all;

	assert_int_equal(keeper_invite(&admin_c, &i, &ticket), OK);
	assert_true(i.until - clock_now() > 6 * DAY_MS && i.until - clock_now() <= 7 * DAY_MS);
	assert_true(join_ticket_read(t.arena, join_ticket_text(t.arena, &ticket), &read));
	assert_memory_equal(read.b, ticket.b, sizeof(read.b));
	assert_int_equal(keeper_invite(&admin_c, &i, &read), E_CONFLICT);
	assert_int_equal(keeper_join_look(&t.ctx, &wrong, &seen), E_NOTFOUND);
	assert_int_equal(keeper_join_look(&t.ctx, &ticket, &seen), OK);
	assert_string_equal(seen.by, "noor.admin");
	assert_string_equal(seen.login, "noor.new");
	assert_int_equal(seen.state, INVITATION_OPEN);
	assert_int_equal(seen.language, LANG_AR);
	assert_int_equal(keeper_join(&t.ctx, &ticket, SV("short"), &half, recovery), E_INPUT);
	assert_int_equal(keeper_join(&t.ctx, &ticket, SV("my noor.new pass phrase"), &half, recovery), E_INPUT);
	assert_int_equal(keeper_join(&t.ctx, &wrong, SV(TEST_PASSWORD), &half, recovery), E_NOTFOUND);
	/* Cut off before the proof: begun anew, with other keys and codes, and the first beginning is over. */
	assert_int_equal(keeper_join(&t.ctx, &ticket, SV(TEST_PASSWORD), &half, other_code), OK);
	assert_int_equal(keeper_join(&t.ctx, &ticket, SV(TEST_PASSWORD), &again, recovery), OK);
	assert_string_not_equal(recovery, other_code);
	assert_int_equal(keeper_join_factors(&t.ctx, &half, &f), E_DENIED);
	assert_int_equal(keeper_login(&t.ctx, SV("noor.new"), SV(TEST_PASSWORD), NULL, &full), E_DENIED);
	assert_null(find(&officer_c, noor.id, "noor.new", &all));
	assert_int_equal(keeper_join_factors(&t.ctx, &again, &f), OK);
	totp_of(f.totp, code);
	assert_int_equal(keeper_join_prove(&t.ctx, &again, sv_of(other_code), FACTOR_TOTP, sv_of(code), &joined), E_INPUT);
	assert_int_equal(keeper_join_prove(&t.ctx, &again, sv_of(recovery), FACTOR_SHEET, SV("00000000"), &joined), E_DENIED);
	assert_int_equal(keeper_join_prove(&t.ctx, &again, sv_of(recovery), FACTOR_TOTP, sv_of(code), &joined), OK);
	assert_int_equal(joined.language, LANG_AR);
	assert_int_equal(keeper_join_factors(&t.ctx, &again, &f), E_DENIED);
	assert_int_equal(keeper_join(&t.ctx, &ticket, SV(TEST_PASSWORD), &half, recovery), E_STATE);
	assert_int_equal(keeper_join_look(&t.ctx, &ticket, &seen), OK);
	assert_int_equal(seen.state, INVITATION_USED);
	forget(&t.ctx);
}

static void test_only_the_administrator_invites(void **state)
{
	struct invitation i = invitation(noor.id, "noor.another", ROLE_BIT(ROLE_DESK)), seen;
	struct join_ticket ticket;
	struct token half;
	char recovery[32];

	assert_int_equal(keeper_invite(&desk_c, &i, &ticket), E_DENIED);
	assert_int_equal(keeper_invite(&officer_c, &i, &ticket), E_DENIED);
	i.organisation = other.id;
	assert_int_equal(keeper_invite(&admin_c, &i, &ticket), E_DENIED);
	i = invitation(noor.id, "noor.another", ROLE_BIT(ROLE_DESK) | ROLE_BIT(ROLE_ORG_ADMIN));
	assert_int_equal(keeper_invite(&admin_c, &i, &ticket), E_INPUT);
	i = invitation(noor.id, "noor.another", ROLE_BIT(ROLE_REPORTER));
	assert_int_equal(keeper_invite(&admin_c, &i, &ticket), E_INPUT);
	i = invitation(noor.id, "No Good", ROLE_BIT(ROLE_DESK));
	assert_int_equal(keeper_invite(&admin_c, &i, &ticket), E_INPUT);
	i = invitation(noor.id, "noor.desk", ROLE_BIT(ROLE_DESK));
	assert_int_equal(keeper_invite(&admin_c, &i, &ticket), E_CONFLICT);
	i = invitation(noor.id, "noor.another", ROLE_BIT(ROLE_DESK));
	assert_int_equal(keeper_invite(&admin_c, &i, &ticket), OK);
	assert_int_equal(keeper_join_look(&t.ctx, &ticket, &seen), OK);
	assert_int_equal(keeper_invite_end(&desk_c, seen.id), E_NOTFOUND);
	assert_int_equal(keeper_invite_end(&admin_c, seen.id), OK);
	assert_int_equal(keeper_join(&t.ctx, &ticket, SV(TEST_PASSWORD), &half, recovery), E_STATE);
	assert_int_equal(keeper_invite(&admin_c, &i, &ticket), OK); /* the name is free again */
}

/* Whoever tries names learns of his own people alone: what begins with another house's code is refused whether it is there or not. */
static void test_names_tell_nothing_of_other_houses(void **state)
{
	static const char *const names[] = { "other.desk", "other.nobody", "noor", "noor.", "noorx.desk", "desk" };
	struct new_member m = { .user = id_new(),
				.organisation = noor.id,
				.login = SV("other.typed"),
				.password = SV(TEST_PASSWORD),
				.roles = ROLE_BIT(ROLE_DESK) };
	struct id first = id_new();
	struct join_ticket ticket;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct invitation tried = invitation(noor.id, names[i], ROLE_BIT(ROLE_DESK));

		assert_int_equal(keeper_invite(&admin_c, &tried, &ticket), E_INPUT);
	}
	assert_int_equal(admin_member(&t.admin, &m), E_INPUT);
	assert_int_equal(admin_organisation(&t.admin, id_new(), SV("other")), E_CONFLICT);
	assert_int_equal(admin_organisation(&t.admin, id_new(), SV("other.house")), E_INPUT);
	assert_int_equal(admin_organisation(&t.admin, id_new(), SV("")), E_INPUT);
	/* An attempt that came to nothing gives its code back. */
	assert_int_equal(admin_organisation(&t.admin, first, SV("again")), OK);
	assert_int_equal(admin_organisation(&t.admin, id_new(), SV("again")), OK);
	m.organisation = first;
	m.login = SV("again.typed");
	assert_int_equal(admin_member(&t.admin, &m), E_NOTFOUND);
	forget(&t.admin);
}

static void test_certified_by_the_officer_after_a_second_factor(void **state)
{
	struct invitation i = invitation(noor.id, "noor.fresh", ROLE_BIT(ROLE_DESK));
	struct join_ticket ticket;
	struct test_person fresh;
	struct public_report p = { .region = 0, .ticket = { 1 } };
	struct stored_part sent;
	struct colleague *c;
	struct people all;
	struct ctx mine;

	assert_int_equal(keeper_invite(&admin_c, &i, &ticket), OK);
	join(&t, &ticket, &fresh, "noor.fresh");
	assert_int_equal(report_send(&t, &t.ctx, &p, id_new(), "seen after the certificate", &sent, true), OK);
	log_in(&t, &fresh, &mine);
	assert_int_equal(part_open(&mine, OPEN_DOSSIER, &sent, NULL), E_DENIED); /* waits */
	assert_int_equal(keeper_people(&mine, noor.id, &all), E_DENIED);
	c = find(&officer_c, noor.id, "noor.fresh", &all);
	assert_non_null(c);
	assert_false(c->certified);
	assert_int_equal(strlen(c->fingerprint), 39);
	assert_int_equal(keeper_colleague_act(&officer_c, COLLEAGUE_CERTIFY, c->user, 0), E_DENIED); /* no step-up */
	assert_int_equal(keeper_colleague_act(&desk_c, COLLEAGUE_CERTIFY, c->user, 0), E_DENIED);
	step_up(&officer_c, &noor.people[OFFICER]);
	assert_int_equal(keeper_colleague_act(&officer_c, COLLEAGUE_CERTIFY, c->user, 0), OK);
	assert_int_equal(keeper_colleague_act(&officer_c, COLLEAGUE_CERTIFY, c->user, 0), E_CONFLICT);
	assert_int_equal(part_open(&desk_c, OPEN_DOSSIER, &sent, NULL), OK); /* a holder's next request wraps */
	assert_int_equal(part_open(&mine, OPEN_DOSSIER, &sent, NULL), OK);
	ctx_close(&mine);
}

/* --- recovery ---------------------------------------------------------------------------------------------------------------- */

static enum status recover(const char *login, const char *code, enum factor kind, const char *factor, const char *password,
			   char fresh[32])
{
	const struct recovery_try try = { sv_of(login), sv_of(code), sv_of(factor), sv_of(password), (uint8_t)kind };

	forget(&t.ctx);
	return keeper_recover(&t.ctx, &try, fresh);
}

static void test_T_KEY_2_recovery_code_opens_what_was_there(void **state)
{
	struct test_person *p = &noor.people[DESK];
	struct public_report report = { .region = 0, .ticket = { 2 } };
	struct stored_part sent;
	struct people all;
	struct token half;
	struct actor who;
	char fresh[32], second[32];
	struct sv before, after;

	assert_int_equal(report_send(&t, &t.ctx, &report, id_new(), "written before the password was lost", &sent, true), OK);
	assert_int_equal(part_open(&desk_c, OPEN_DOSSIER, &sent, &before), OK);
	before = arena_copy(t.arena, before);
	assert_int_equal(recover(p->login, noor.people[OPERATOR].recovery, FACTOR_SHEET, p->sheet[0], NEW_PASSWORD, fresh),
			 E_DENIED);
	assert_int_equal(recover(p->login, "not a code", FACTOR_SHEET, p->sheet[0], NEW_PASSWORD, fresh), E_DENIED);
	assert_false(recovery_sound(SV("not a code")));
	assert_true(recovery_sound(sv_of(p->recovery)));
	assert_int_equal(recover(p->login, p->recovery, FACTOR_SHEET, "00000000", NEW_PASSWORD, fresh), E_DENIED);
	assert_int_equal(recover("nobody-here", p->recovery, FACTOR_SHEET, p->sheet[0], NEW_PASSWORD, fresh), E_DENIED);
	assert_int_equal(recover(p->login, p->recovery, FACTOR_SHEET, p->sheet[0], "short", fresh), E_INPUT);
	assert_int_equal(recover(p->login, p->recovery, FACTOR_SHEET, p->sheet[0], NEW_PASSWORD, fresh), OK);
	assert_int_equal(keeper_session(&desk_c, &p->token, &who), E_DENIED); /* all sessions ended */
	assert_int_equal(keeper_login(&t.ctx, sv_of(p->login), SV(TEST_PASSWORD), NULL, &half), E_DENIED);
	assert_int_equal(recover(p->login, p->recovery, FACTOR_SHEET, p->sheet[1], TEST_PASSWORD, second), E_DENIED);
	assert_int_equal(recover(p->login, fresh, FACTOR_SHEET, p->sheet[0], TEST_PASSWORD, second), E_DENIED); /* used code */
	assert_int_equal(recover(p->login, fresh, FACTOR_SHEET, p->sheet[1], TEST_PASSWORD, second), OK);
	memcpy(p->recovery, second, sizeof(p->recovery));
	forget(&t.ctx);
	ctx_close(&desk_c);
	log_in(&t, p, &desk_c);
	assert_int_equal(part_open(&desk_c, OPEN_DOSSIER, &sent, &after), OK);
	assert_true(sv_equal(before, after));
	assert_true(find(&officer_c, noor.id, p->login, &all)->recovered != 0);
	assert_int_equal(keeper_colleague_act(&admin_c, COLLEAGUE_SEEN, p->user, 0), E_DENIED);
	assert_int_equal(keeper_colleague_act(&officer_c, COLLEAGUE_SEEN, p->user, 0), OK);
	assert_int_equal(find(&officer_c, noor.id, p->login, &all)->recovered, 0);
}

static void test_password_and_code_changed_at_work(void **state)
{
	struct test_person *p = &noor.people[OPERATOR];
	char fresh[32], none[32];
	struct token half, elsewhere;
	struct actor who;
	struct ctx c;

	person_login(&t, p);
	elsewhere = p->token;
	log_in(&t, p, &c);
	assert_int_equal(keeper_session(&c, &elsewhere, &who), OK);
	assert_int_equal(keeper_new_password(&c, SV(NEW_PASSWORD)), E_DENIED);
	assert_int_equal(keeper_new_recovery(&c, fresh), E_DENIED);
	step_up(&c, p);
	assert_int_equal(keeper_new_password(&c, SV("short")), E_INPUT);
	assert_int_equal(keeper_new_password(&c, SV(NEW_PASSWORD)), OK);
	assert_int_equal(keeper_session(&c, &elsewhere, &who), E_STATE); /* who was in with the old one is out */
	forget(&c);
	assert_int_equal(keeper_new_recovery(&c, fresh), OK);
	forget(&t.ctx);
	assert_int_equal(keeper_login(&t.ctx, sv_of(p->login), SV(TEST_PASSWORD), NULL, &half), E_DENIED);
	assert_int_equal(keeper_login(&t.ctx, sv_of(p->login), SV(NEW_PASSWORD), NULL, &half), OK);
	assert_int_equal(recover(p->login, p->recovery, FACTOR_SHEET, p->sheet[0], TEST_PASSWORD, none), E_DENIED);
	assert_int_equal(recover(p->login, fresh, FACTOR_SHEET, p->sheet[0], TEST_PASSWORD, p->recovery), OK);
	ctx_close(&c);
}

static void test_T_FAC_1_wrong_steps_end_the_session(void **state)
{
	struct test_person *p = &noor.people[OPERATOR];
	struct token fresh;
	struct actor who;
	struct ctx c;

	log_in(&t, p, &c);
	for (int i = 0; i < 5; i++)
		assert_int_equal(keeper_step_up(&c, FACTOR_SHEET, SV("00000000"), &fresh), E_DENIED);
	assert_int_equal(keeper_session(&c, &p->token, &who), E_STATE); /* ended; typed work is still kept */
	ctx_close(&c);
}

/* --- roles, freeze, end --------------------------------------------------------------------------------------------------------- */

static void test_other_roles_take_an_administrator_and_an_officer(void **state)
{
	struct test_person *p = &noor.people[CASE_MANAGER];
	uint32_t roles = ROLE_BIT(ROLE_GUARD);
	struct people all;
	struct actor who;
	struct ctx c;

	log_in(&t, p, &c);
	assert_int_equal(keeper_colleague_act(&officer_c, COLLEAGUE_PROPOSE, p->user, roles), E_DENIED);
	assert_int_equal(keeper_colleague_act(&admin_c, COLLEAGUE_PROPOSE, p->user, roles | ROLE_BIT(ROLE_SECURITY_OFFICER)),
			 E_INPUT);
	assert_int_equal(keeper_colleague_act(&admin_c, COLLEAGUE_PROPOSE, p->user, roles), OK);
	assert_int_equal(find(&officer_c, noor.id, p->login, &all)->proposed, roles);
	assert_int_equal(find(&officer_c, noor.id, p->login, &all)->roles, ROLE_BIT(ROLE_CASE_MANAGER));
	assert_int_equal(keeper_colleague_act(&admin_c, COLLEAGUE_CERTIFY, p->user, 0), E_DENIED);
	step_up(&officer_c, &noor.people[OFFICER]);
	assert_int_equal(keeper_colleague_act(&officer_c, COLLEAGUE_CERTIFY, p->user, 0), OK);
	assert_int_equal(keeper_session(&c, &p->token, &who), E_DENIED);
	assert_int_equal(find(&officer_c, noor.id, p->login, &all)->roles, roles);
	assert_int_equal(find(&officer_c, noor.id, p->login, &all)->proposed, 0);
	assert_true(find(&officer_c, noor.id, p->login, &all)->holds_keys); /* HOUSE it had already */
	/* Back: the compartments come again from those who hold them. */
	assert_int_equal(keeper_colleague_act(&admin_c, COLLEAGUE_PROPOSE, p->user, ROLE_BIT(ROLE_CASE_MANAGER)), OK);
	assert_int_equal(keeper_colleague_act(&officer_c, COLLEAGUE_CERTIFY, p->user, 0), OK);
	assert_false(find(&officer_c, noor.id, p->login, &all)->holds_keys);
	assert_int_equal(admin_attend(&t.admin, sv_of(noor.people[SUPERVISOR].login), SV(TEST_PASSWORD)), OK);
	assert_true(find(&officer_c, noor.id, p->login, &all)->holds_keys);
	ctx_close(&c);
}

/* In a small house officer and administrator are one person: he makes nobody of himself who opens files. */
static void test_T_KEY_9_nobody_certifies_roles_of_his_own(void **state)
{
	struct invitation i = invitation(noor.id, "noor.both", ROLE_BIT(ROLE_ORG_ADMIN) | ROLE_BIT(ROLE_SECURITY_OFFICER));
	struct join_ticket ticket;
	struct test_person both;
	struct people all;
	struct ctx c;

	assert_int_equal(keeper_invite(&admin_c, &i, &ticket), OK);
	join(&t, &ticket, &both, "noor.both");
	step_up(&officer_c, &noor.people[OFFICER]);
	assert_int_equal(keeper_colleague_act(&officer_c, COLLEAGUE_CERTIFY, both.user, 0), OK);
	log_in(&t, &both, &c);
	step_up(&c, &both);
	assert_int_equal(keeper_colleague_act(&c, COLLEAGUE_PROPOSE, both.user, ROLE_BIT(ROLE_SUPERVISOR)), OK);
	assert_int_equal(keeper_colleague_act(&c, COLLEAGUE_CERTIFY, both.user, 0), E_DENIED);
	assert_int_equal(find(&officer_c, noor.id, "noor.both", &all)->roles, i.roles);
	assert_int_equal(keeper_colleague_act(&officer_c, COLLEAGUE_END, both.user, 0), OK);
	ctx_close(&c);
}

/* An administrator alone invites an officer: what is not certified ends nobody's access. */
static void test_uncertified_officer_ends_nobody(void **state)
{
	struct invitation i = invitation(noor.id, "noor.puppet", ROLE_BIT(ROLE_SECURITY_OFFICER));
	struct test_person *victim = &noor.people[OPERATOR], puppet;
	struct join_ticket ticket;
	struct people all;
	struct ctx c;

	assert_int_equal(keeper_invite(&admin_c, &i, &ticket), OK);
	join(&t, &ticket, &puppet, "noor.puppet");
	log_in(&t, &puppet, &c);
	step_up(&c, &puppet);
	assert_int_equal(keeper_colleague_act(&c, COLLEAGUE_END, victim->user, 0), E_DENIED);
	assert_int_equal(keeper_colleague_act(&c, COLLEAGUE_CERTIFY, puppet.user, 0), E_DENIED);
	assert_int_equal(find(&officer_c, noor.id, victim->login, &all)->state, COLLEAGUE_ACTIVE);
	step_up(&officer_c, &noor.people[OFFICER]);
	assert_int_equal(keeper_colleague_act(&officer_c, COLLEAGUE_END, puppet.user, 0), OK);
	/* Nor does he who left come back by the operator's door. */
	forget(&t.admin);
	assert_int_equal(admin_freeze(&t.admin, SV("noor.puppet"), false), E_STATE);
	assert_int_equal(admin_certify(&t.admin, sv_of(noor.people[OFFICER].login), SV(TEST_PASSWORD), puppet.user), E_STATE);
	forget(&t.admin);
	ctx_close(&c);
}

static void test_one_freezes_two_unfreeze(void **state)
{
	struct test_person *p = &noor.people[OPERATOR], *supervisor = &noor.people[SUPERVISOR];
	struct ctx c, above;
	struct token half;
	struct people all;
	struct actor who;

	log_in(&t, p, &c);
	log_in(&t, supervisor, &above);
	assert_int_equal(keeper_colleague_act(&desk_c, COLLEAGUE_FREEZE, other.people[DESK].user, 0), E_NOTFOUND);
	assert_int_equal(keeper_colleague_act(&desk_c, COLLEAGUE_FREEZE, p->user, 0), OK);
	assert_int_equal(keeper_session(&c, &p->token, &who), E_DENIED);
	assert_int_equal(keeper_login(&t.ctx, sv_of(p->login), SV(TEST_PASSWORD), NULL, &half), E_DENIED);
	assert_int_equal(keeper_colleague_act(&desk_c, COLLEAGUE_THAW, p->user, 0), E_DENIED);
	assert_int_equal(keeper_colleague_act(&admin_c, COLLEAGUE_THAW, p->user, 0), OK);
	assert_int_equal(find(&officer_c, noor.id, p->login, &all)->state, COLLEAGUE_FROZEN);
	assert_int_equal(keeper_colleague_act(&admin_c, COLLEAGUE_THAW, p->user, 0), OK); /* the same one again changes nothing */
	assert_int_equal(find(&officer_c, noor.id, p->login, &all)->state, COLLEAGUE_FROZEN);
	assert_int_equal(keeper_colleague_act(&above, COLLEAGUE_THAW, p->user, 0), E_STATE); /* no officer among the two */
	assert_int_equal(keeper_colleague_act(&officer_c, COLLEAGUE_THAW, p->user, 0), OK);
	assert_int_equal(find(&officer_c, noor.id, p->login, &all)->state, COLLEAGUE_ACTIVE);
	forget(&t.ctx);
	person_login(&t, p);
	ctx_close(&c);
	ctx_close(&above);
}

static void test_T_SES_2_end_of_access_is_at_once(void **state)
{
	struct invitation i = invitation(noor.id, "noor.leaver", ROLE_BIT(ROLE_DESK));
	struct test_person leaver;
	struct join_ticket ticket;
	struct token half;
	struct actor who;
	struct ctx c;

	assert_int_equal(keeper_invite(&admin_c, &i, &ticket), OK);
	join(&t, &ticket, &leaver, "noor.leaver");
	step_up(&officer_c, &noor.people[OFFICER]);
	assert_int_equal(keeper_colleague_act(&officer_c, COLLEAGUE_CERTIFY, leaver.user, 0), OK);
	log_in(&t, &leaver, &c);
	assert_int_equal(keeper_colleague_act(&admin_c, COLLEAGUE_END, leaver.user, 0), E_DENIED);
	assert_int_equal(keeper_colleague_act(&officer_c, COLLEAGUE_END, noor.people[OFFICER].user, 0), E_STATE);
	assert_int_equal(keeper_colleague_act(&officer_c, COLLEAGUE_END, leaver.user, 0), OK);
	assert_int_equal(keeper_session(&c, &leaver.token, &who), E_DENIED);
	assert_int_equal(keeper_login(&t.ctx, SV("noor.leaver"), SV(TEST_PASSWORD), NULL, &half), E_DENIED);
	assert_int_equal(keeper_colleague_act(&officer_c, COLLEAGUE_CERTIFY, leaver.user, 0), E_STATE);
	assert_int_equal(keeper_colleague_act(&officer_c, COLLEAGUE_THAW, leaver.user, 0), E_STATE);
	ctx_close(&c);
}

/* --- hosting ------------------------------------------------------------------------------------------------------------------ */

#define MARSA_ROLES (ROLE_BIT(ROLE_DESK) | ROLE_BIT(ROLE_OPERATOR) | ROLE_BIT(ROLE_CASE_MANAGER))

static enum status host(struct id organisation, uint32_t roles, bool signs, const char *officer, const char *password)
{
	const struct hosting h = { { organisation, noor.id, roles, signs }, sv_of(officer), sv_of(password) };

	forget(&t.admin);
	return admin_host(&t.admin, &h);
}

/* Two people: one at the desk, one above; officer and administrator are Noor's. */
static void test_T_KEY_9_hosted_two_person_organisation_works(void **state)
{
	const uint32_t hosted = ROLE_BIT(ROLE_SECURITY_OFFICER) | ROLE_BIT(ROLE_ORG_ADMIN);
	struct id marsa = id_new();
	struct invitation i = invitation(marsa, "marsa.desk", MARSA_ROLES);
	struct test_person desk, supervisor, *officer = &noor.people[OFFICER];
	struct sv request, certificate;
	struct join_ticket ticket;
	struct public_report p = { .region = 7, .ticket = { 3 } };
	struct stored_part sent;
	struct agreement *list;
	struct ctx c, above;
	struct people all;
	char print[40];
	bool ready;
	size_t n;

	assert_int_equal(admin_organisation(&t.admin, marsa, SV("marsa")), OK);
	assert_int_equal(keeper_people(&officer_c, marsa, &all), E_DENIED);
	assert_int_equal(host(marsa, hosted | ROLE_BIT(ROLE_SUPERVISOR), true, officer->login, TEST_PASSWORD), E_INPUT);
	assert_int_equal(host(marsa, hosted, true, officer->login, "wrong pass phrase"), E_DENIED);
	assert_int_equal(host(marsa, hosted, true, other.people[OFFICER].login, TEST_PASSWORD), E_DENIED);
	assert_int_equal(host(marsa, hosted, true, officer->login, TEST_PASSWORD), OK);
	assert_int_equal(keeper_hosts(&officer_c, marsa, &list, &n), OK);
	assert_int_equal(n, 1);
	assert_true(id_equal(list[0].host, noor.id) && list[0].signs);
	assert_int_equal(keeper_identity(&officer_c, marsa, &request, print), OK); /* the officer's session made it */
	assert_int_equal(root_sign(t.arena, request, t.root_seed, clock_now(), &certificate), OK);
	assert_int_equal(admin_identity_install(&t.admin, certificate), OK);
	assert_int_equal(keeper_invite(&admin_c, &i, &ticket), OK);
	join(&t, &ticket, &desk, "marsa.desk");
	i = invitation(marsa, "marsa.supervisor", ROLE_BIT(ROLE_SUPERVISOR) | ROLE_BIT(ROLE_CASE_MANAGER));
	assert_int_equal(keeper_invite(&admin_c, &i, &ticket), OK);
	join(&t, &ticket, &supervisor, "marsa.supervisor");
	step_up(&officer_c, officer);
	assert_int_equal(keeper_colleague_act(&officer_c, COLLEAGUE_CERTIFY, desk.user, 0), OK);
	/* Whoever invites and whoever certifies are strangers to Marsa: the one who is there knows the other. Freezing him is no way around. */
	assert_int_equal(keeper_colleague_act(&officer_c, COLLEAGUE_CERTIFY, supervisor.user, 0), E_STATE);
	assert_int_equal(keeper_colleague_act(&officer_c, COLLEAGUE_FREEZE, desk.user, 0), OK);
	assert_int_equal(keeper_colleague_act(&officer_c, COLLEAGUE_CERTIFY, supervisor.user, 0), E_STATE);
	assert_int_equal(keeper_colleague_act(&officer_c, COLLEAGUE_THAW, desk.user, 0), OK);
	assert_int_equal(keeper_colleague_act(&admin_c, COLLEAGUE_THAW, desk.user, 0), OK);
	person_vouch(&t, &desk, supervisor.user, i.roles);
	assert_int_equal(keeper_colleague_act(&officer_c, COLLEAGUE_CERTIFY, supervisor.user, 0), OK);
	log_in(&t, &supervisor, &above);                              /* makes the compartments */
	assert_int_equal(keeper_people(&officer_c, marsa, &all), OK); /* the officer's next request signs them */
	assert_true(all.officer && all.founded);
	assert_int_equal(all.colleague_count, 2);
	assert_int_equal(keeper_people(&above, marsa, &all), OK);
	assert_int_equal(admin_desk(&t.admin, marsa, &ready), OK);
	assert_true(ready);
	assert_int_equal(admin_route(&t.admin, 7, marsa, noor.id), OK);
	assert_int_equal(report_send(&t, &t.ctx, &p, id_new(), "for the small desk", &sent, true), OK);
	assert_true(id_equal(p.desk, marsa));
	log_in(&t, &desk, &c);
	assert_int_equal(part_open(&c, OPEN_DOSSIER, &sent, NULL), OK);
	assert_int_equal(part_open(&officer_c, OPEN_DOSSIER, &sent, NULL), E_DENIED); /* who certifies opens nothing */
	assert_int_equal(part_open(&desk_c, OPEN_DOSSIER, &sent, NULL), E_DENIED);    /* nor does the host's desk */
	/* Colleagues of the host who are neither officer nor administrator see nobody; others have no say. */
	assert_int_equal(keeper_people(&desk_c, marsa, &all), E_DENIED);
	assert_int_equal(keeper_colleague_act(&desk_c, COLLEAGUE_FREEZE, desk.user, 0), E_NOTFOUND);
	/* The agreement ends: the officer of the host is nobody there. */
	assert_int_equal(host(marsa, 0, false, officer->login, TEST_PASSWORD), OK);
	assert_int_equal(keeper_people(&officer_c, marsa, &all), E_DENIED);
	ctx_close(&c);
	ctx_close(&above);
}

/* In this process, so that the clock can be set. */
static enum status join_at(struct service *s, const struct join_ticket *ticket, struct buf *out)
{
	struct buf body = buf_new(t.arena, 256, 256);
	struct request r = { .call = CALL_JOIN_LOOK, .out = out };

	buf_put(&body, ticket->b, sizeof(ticket->b));
	r.body = reader_of(buf_view(&body));
	out->n = 0;
	return dispatch(s, &r);
}

static void test_a_ticket_ends_after_seven_days(void **state)
{
	struct invitation i = invitation(noor.id, "noor.late", ROLE_BIT(ROLE_DESK));
	struct buf out = buf_new(t.arena, 4096, 4096);
	struct join_ticket ticket;
	struct verify_report v;
	static struct service s;

	assert_int_equal(keeper_invite(&admin_c, &i, &ticket), OK);
	instance_stop(&t, SIGTERM);
	assert_int_equal(service_open(&s, t.dir), OK);
	assert_int_equal(batch_begin(&s), OK);
	assert_int_equal(join_at(&s, &ticket, &out), OK);
	assert_int_equal(out.p[16 + 16 + 64 + 4], INVITATION_OPEN);
	s.now += 7 * DAY_MS;
	assert_int_equal(join_at(&s, &ticket, &out), OK);
	assert_int_equal(out.p[16 + 16 + 64 + 4], INVITATION_OVER);
	assert_int_equal(batch_commit(&s), OK);
	service_close(&s);
	instance_start(&t);
	assert_int_equal(keeper_verify(&t.ctx, t.dir, NULL, NULL, &v), OK);
	assert_int_equal(v.wrong, 0);
}

static enum status ask(struct service *s, enum call what, const struct token *who, const uint8_t *body, size_t n)
{
	struct buf in = buf_new(s->arena, 64, 64), out = buf_new(s->arena, 4096, 4096);
	struct request r = { .call = what, .token = *who, .out = &out };

	buf_put(&in, body, n);
	r.body = reader_of(buf_view(&in));
	return dispatch(s, &r);
}

/* Sealed design 5.1: the keeper itself ends a session at a shared desk after ten minutes without use, any other after fifteen. */
static void test_T_SES_1_shared_desk_ends_after_ten_minutes(void **state)
{
	const uint8_t yes = 1, no = 0;
	struct token shared, own;
	static struct service s;
	struct id user = noor.people[DESK].user;

	instance_stop(&t, SIGTERM);
	assert_int_equal(service_open(&s, t.dir), OK);
	assert_int_equal(batch_begin(&s), OK);
	session_begin(s.sessions, SESSION_STAFF, user, s.now, &shared);
	session_begin(s.sessions, SESSION_STAFF, user, s.now, &own);
	assert_int_equal(ask(&s, CALL_SHARED_DESK, &shared, &yes, 1), OK);
	s.now += 10 * MINUTE_MS - 1;
	assert_int_equal(ask(&s, CALL_SESSION, &shared, NULL, 0), OK); /* a use */
	assert_int_equal(ask(&s, CALL_SESSION, &own, NULL, 0), OK);
	s.now += 10 * MINUTE_MS;
	assert_int_equal(ask(&s, CALL_SESSION, &shared, NULL, 0), E_STATE); /* over, and what was typed is still kept */
	assert_int_equal(ask(&s, CALL_SHARED_DESK, &shared, &no, 1), E_DENIED);
	assert_int_equal(ask(&s, CALL_SESSION, &own, NULL, 0), OK);
	assert_int_equal(ask(&s, CALL_SHARED_DESK, &own, &yes, 1), OK);
	assert_int_equal(ask(&s, CALL_SHARED_DESK, &own, &no, 1), OK);
	s.now += 15 * MINUTE_MS - 1;
	assert_int_equal(ask(&s, CALL_SESSION, &own, NULL, 0), OK);
	s.now += 15 * MINUTE_MS;
	assert_int_equal(ask(&s, CALL_SESSION, &own, NULL, 0), E_STATE);
	assert_int_equal(batch_commit(&s), OK);
	service_close(&s);
	instance_start(&t);
}

static int found(void **state)
{
	instance_make(&t);
	house_found(&t, &noor, "noor");
	house_found(&t, &other, "other");
	route_all(&t, noor.id, other.id);
	admit_member(&t, &noor, "noor.admin", ROLE_BIT(ROLE_ORG_ADMIN), &admin);
	log_in(&t, &admin, &admin_c);
	log_in(&t, &noor.people[OFFICER], &officer_c);
	log_in(&t, &noor.people[DESK], &desk_c);
	return 0;
}

static int gone(void **state)
{
	ctx_close(&admin_c);
	ctx_close(&officer_c);
	ctx_close(&desk_c);
	instance_end(&t);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_ticket_serves_once),
		cmocka_unit_test(test_only_the_administrator_invites),
		cmocka_unit_test(test_names_tell_nothing_of_other_houses),
		cmocka_unit_test(test_certified_by_the_officer_after_a_second_factor),
		cmocka_unit_test(test_T_KEY_2_recovery_code_opens_what_was_there),
		cmocka_unit_test(test_password_and_code_changed_at_work),
		cmocka_unit_test(test_T_FAC_1_wrong_steps_end_the_session),
		cmocka_unit_test(test_other_roles_take_an_administrator_and_an_officer),
		cmocka_unit_test(test_T_KEY_9_nobody_certifies_roles_of_his_own),
		cmocka_unit_test(test_uncertified_officer_ends_nobody),
		cmocka_unit_test(test_one_freezes_two_unfreeze),
		cmocka_unit_test(test_T_SES_2_end_of_access_is_at_once),
		cmocka_unit_test(test_T_KEY_9_hosted_two_person_organisation_works),
		cmocka_unit_test(test_a_ticket_ends_after_seven_days),
		cmocka_unit_test(test_T_SES_1_shared_desk_ends_after_ten_minutes),
	};

	return cmocka_run_group_tests(tests, found, gone);
}
