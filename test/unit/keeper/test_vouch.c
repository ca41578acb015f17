/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Nobody makes a holder of the house's keys alone: the word of a third colleague, for whom it is good and when it goes; what a recovery holds
 * back; what the machine's console cannot do by itself; what somebody who is not certified does not see. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "coming.h"
#include "keeper/people/admission.h"
#include "tamper.h"

static struct test_instance t;
static struct test_house noor, other;
/* Officer and administrator in one person, as in every small house. */
static struct test_person both, voucher, second;
static struct ctx both_c, voucher_c, second_c;

#define PUPPET_ROLES (ROLE_BIT(ROLE_SUPERVISOR) | ROLE_BIT(ROLE_CASE_MANAGER))

static enum status certify(struct id user)
{
	step_up(&both_c, &both);
	return keeper_colleague_act(&both_c, COLLEAGUE_CERTIFY, user, 0);
}

static enum status act(struct ctx *c, enum colleague_act what, struct id user, uint32_t amount)
{
	forget(c);
	return keeper_colleague_act(c, what, user, amount);
}

static enum status vouch(struct ctx *c, struct test_person *p, struct id user, uint32_t roles)
{
	step_up(c, p);
	return act(c, COLLEAGUE_VOUCH, user, roles);
}

/* --- the word ---------------------------------------------------------------------------------------------------------------- */

static void test_T_KEY_9_a_third_knows_whom_one_person_brings(void **state)
{
	struct public_report report = new_ticket();
	struct test_person puppet, *desk = &noor.people[DESK];
	struct stored_part sent;
	struct ctx c, desk_c;
	struct people all;

	bring(&t, &both_c, noor.id, "noor.puppet", PUPPET_ROLES, &puppet);
	assert_int_equal(certify(puppet.user), E_STATE);
	assert_true(find(&both_c, noor.id, "noor.puppet", &all)->word_needed);
	assert_int_equal(report_send(&t, &t.ctx, &report, id_new(), "nobody's but the desk's", &sent, true), OK);
	log_in(&t, &puppet, &c);
	log_in(&t, desk, &desk_c);
	assert_int_equal(part_open(&desk_c, OPEN_DOSSIER, &sent, NULL), OK); /* a holder's request wraps nothing to him */
	assert_int_equal(part_open(&c, OPEN_DOSSIER, &sent, NULL), E_DENIED);
	/* Not his own word, not the officer's, not without the second factor, not for other roles. */
	step_up(&c, &puppet);
	assert_int_equal(act(&c, COLLEAGUE_VOUCH, puppet.user, PUPPET_ROLES), E_DENIED);
	assert_int_equal(act(&both_c, COLLEAGUE_VOUCH, puppet.user, PUPPET_ROLES), E_DENIED);
	assert_true(find(&desk_c, noor.id, "noor.puppet", &all)->word_asked);
	assert_int_equal(act(&desk_c, COLLEAGUE_VOUCH, puppet.user, PUPPET_ROLES), E_DENIED);
	assert_int_equal(vouch(&desk_c, desk, puppet.user, ROLE_BIT(ROLE_SUPERVISOR)), E_STATE);
	assert_int_equal(certify(puppet.user), E_STATE);
	assert_int_equal(act(&desk_c, COLLEAGUE_VOUCH, puppet.user, PUPPET_ROLES), OK);
	assert_false(find(&desk_c, noor.id, "noor.puppet", &all)->word_asked);
	assert_true(id_equal(find(&both_c, noor.id, "noor.puppet", &all)->word_by, desk->user));
	assert_int_equal(certify(puppet.user), OK);
	assert_int_equal(part_open(&desk_c, OPEN_DOSSIER, &sent, NULL), OK);
	ctx_close(&c);
	log_in(&t, &puppet, &c);
	assert_int_equal(part_open(&c, OPEN_DOSSIER, &sent, NULL), OK);
	ctx_close(&c);
	ctx_close(&desk_c);
	/* It served once: other roles ask again, fewer roles do not. */
	assert_int_equal(act(&both_c, COLLEAGUE_PROPOSE, puppet.user, ROLE_BIT(ROLE_CASE_MANAGER)), OK);
	assert_int_equal(certify(puppet.user), OK);
	assert_int_equal(act(&both_c, COLLEAGUE_PROPOSE, puppet.user, PUPPET_ROLES), OK);
	assert_int_equal(certify(puppet.user), E_STATE);
	assert_int_equal(act(&both_c, COLLEAGUE_END, puppet.user, 0), OK);
}

static void test_T_KEY_9_a_word_goes_with_who_gave_it(void **state)
{
	const uint32_t roles = ROLE_BIT(ROLE_DESK);
	struct test_person fresh;
	struct people all;

	bring(&t, &both_c, noor.id, "noor.fresh", roles, &fresh);
	assert_int_equal(vouch(&voucher_c, &voucher, fresh.user, roles), OK);
	/* Frozen and back: to be given again. */
	assert_int_equal(act(&both_c, COLLEAGUE_FREEZE, voucher.user, 0), OK);
	assert_int_equal(certify(fresh.user), E_STATE);
	assert_int_equal(act(&both_c, COLLEAGUE_THAW, voucher.user, 0), OK);
	assert_int_equal(act(&second_c, COLLEAGUE_THAW, voucher.user, 0), OK);
	assert_int_equal(certify(fresh.user), E_STATE);
	ctx_close(&voucher_c);
	log_in(&t, &voucher, &voucher_c);
	assert_int_equal(vouch(&voucher_c, &voucher, fresh.user, roles), OK);
	/* Frozen by the console: the same. */
	assert_int_equal(admin_freeze(&t.admin, sv_of(voucher.login), true), OK);
	assert_int_equal(act(&second_c, COLLEAGUE_THAW, voucher.user, 0), OK);
	assert_int_equal(act(&both_c, COLLEAGUE_THAW, voucher.user, 0), OK);
	assert_int_equal(certify(fresh.user), E_STATE);
	ctx_close(&voucher_c);
	log_in(&t, &voucher, &voucher_c);
	assert_int_equal(vouch(&voucher_c, &voucher, fresh.user, roles), OK);
	/* For these roles: proposed others, and back. */
	assert_int_equal(act(&both_c, COLLEAGUE_PROPOSE, fresh.user, PUPPET_ROLES), OK);
	assert_int_equal(certify(fresh.user), E_STATE);
	assert_int_equal(act(&both_c, COLLEAGUE_PROPOSE, fresh.user, roles), OK);
	assert_int_equal(certify(fresh.user), E_STATE);
	assert_int_equal(vouch(&voucher_c, &voucher, fresh.user, roles), OK);
	/* Who gave it holds nothing any more. */
	assert_int_equal(act(&both_c, COLLEAGUE_PROPOSE, voucher.user, ROLE_BIT(ROLE_INTERPRETER)), OK);
	assert_int_equal(certify(voucher.user), OK);
	assert_int_equal(certify(fresh.user), E_STATE);
	ctx_close(&voucher_c);
	log_in(&t, &voucher, &voucher_c);
	step_up(&voucher_c, &voucher);
	assert_int_equal(act(&voucher_c, COLLEAGUE_VOUCH, fresh.user, roles), E_DENIED);
	assert_int_equal(vouch(&second_c, &second, fresh.user, roles), OK);
	assert_int_equal(certify(fresh.user), OK);
	assert_true(find(&both_c, noor.id, "noor.fresh", &all)->certified);
	ctx_close(&voucher_c);
}

/* Who does not open anything but brings others in would be the next way around. */
static void test_T_KEY_9_an_administrator_of_his_own_takes_a_word_too(void **state)
{
	const uint32_t roles = ROLE_BIT(ROLE_ORG_ADMIN);
	struct test_person helper;

	bring(&t, &both_c, noor.id, "noor.helper", roles, &helper);
	assert_int_equal(certify(helper.user), E_STATE);
	assert_int_equal(vouch(&second_c, &second, helper.user, roles), OK);
	assert_int_equal(certify(helper.user), OK);
	assert_int_equal(act(&both_c, COLLEAGUE_END, helper.user, 0), OK);
}

/* Keys that nobody of the house has yet are not for the asking: who got them so would know the next puppet, who is to have more beside. */
static void test_T_KEY_9_no_puppet_answers_for_a_puppet(void **state)
{
	const uint32_t roles = ROLE_BIT(ROLE_ME);
	struct test_person one;

	bring(&t, &both_c, noor.id, "noor.one", roles, &one);
	assert_int_equal(certify(one.user), E_STATE);
	assert_int_equal(vouch(&second_c, &second, one.user, roles), OK);
	assert_int_equal(certify(one.user), OK);
	assert_int_equal(act(&both_c, COLLEAGUE_END, one.user, 0), OK);
}

/* Who proposes may propose something else while the officer reads. */
static void test_T_KEY_9_the_officer_certifies_what_he_read(void **state)
{
	struct test_person *p = &noor.people[OPERATOR];
	struct people all;
	uint32_t was = find(&both_c, noor.id, p->login, &all)->roles;

	assert_int_equal(act(&both_c, COLLEAGUE_PROPOSE, p->user, ROLE_BIT(ROLE_INTERPRETER)), OK);
	step_up(&both_c, &both);
	assert_int_equal(act(&both_c, COLLEAGUE_CERTIFY, p->user, ROLE_BIT(ROLE_TRAINER)), E_STATE);
	assert_int_equal(find(&both_c, noor.id, p->login, &all)->roles, was);
	assert_int_equal(act(&both_c, COLLEAGUE_CERTIFY, p->user, ROLE_BIT(ROLE_INTERPRETER)), OK);
	assert_int_equal(act(&both_c, COLLEAGUE_PROPOSE, p->user, was), OK);
	person_vouch(&t, &noor.people[SUPERVISOR], p->user, was);
	assert_int_equal(certify(p->user), OK);
}

static void test_T_KEY_9_who_knows_nobody_ends_it(void **state)
{
	struct test_person stranger, *desk = &noor.people[DESK];
	struct colleague *p;
	struct people all;
	struct token half;

	bring(&t, &both_c, noor.id, "noor.stranger", PUPPET_ROLES, &stranger);
	assert_int_equal(vouch(&second_c, &second, stranger.user, PUPPET_ROLES), OK);
	assert_int_equal(act(&both_c, COLLEAGUE_DOUBT, stranger.user, 0), E_DENIED);
	log_in(&t, desk, &voucher_c);
	assert_int_equal(act(&voucher_c, COLLEAGUE_DOUBT, stranger.user, 0), OK);
	assert_int_equal(keeper_login(&t.ctx, SV("noor.stranger"), SV(TEST_PASSWORD), NULL, &half), E_DENIED);
	forget(&t.ctx);
	p = find(&both_c, noor.id, "noor.stranger", &all);
	assert_int_equal(p->state, COLLEAGUE_FROZEN);
	assert_true(p->unknown != 0 && id_equal(p->unknown_by, desk->user));
	assert_int_equal(act(&both_c, COLLEAGUE_SEEN, stranger.user, 1), OK);
	assert_int_equal(act(&both_c, COLLEAGUE_SEEN, stranger.user, 1), E_NOTFOUND);
	assert_true(find(&both_c, noor.id, "noor.stranger", &all)->unknown == 0);
	/* Back by two people, the earlier word is not good any more. */
	assert_int_equal(act(&both_c, COLLEAGUE_THAW, stranger.user, 0), OK);
	assert_int_equal(act(&second_c, COLLEAGUE_THAW, stranger.user, 0), OK);
	assert_int_equal(certify(stranger.user), E_STATE);
	/* A colleague whose other roles nobody knows of keeps the ones he has. */
	assert_int_equal(act(&both_c, COLLEAGUE_PROPOSE, noor.people[OPERATOR].user, PUPPET_ROLES), OK);
	assert_int_equal(act(&voucher_c, COLLEAGUE_DOUBT, noor.people[OPERATOR].user, 0), E_DENIED); /* holds nothing of it */
	assert_int_equal(act(&second_c, COLLEAGUE_DOUBT, noor.people[OPERATOR].user, 0), OK);
	p = find(&both_c, noor.id, noor.people[OPERATOR].login, &all);
	assert_true(p->state == COLLEAGUE_ACTIVE && p->proposed == 0 && p->unknown != 0);
	ctx_close(&voucher_c);
}

static void test_T_KEY_9_the_console_is_no_colleague(void **state)
{
	struct new_member m = { .user = id_new(),
				.organisation = noor.id,
				.login = SV("noor.typed"),
				.password = SV(TEST_PASSWORD),
				.roles = ROLE_BIT(ROLE_DESK) };
	struct sv officer = sv_of(noor.people[OFFICER].login);
	struct test_person *answers = &noor.people[OPERATOR];
	struct people all;
	bool waits;

	assert_int_equal(admin_member(&t.admin, &m), OK);
	assert_int_equal(admin_certify(&t.admin, officer, SV(TEST_PASSWORD), m.user), E_STATE);
	forget(&t.admin);
	person_vouch(&t, &noor.people[SUPERVISOR], m.user, m.roles);
	assert_int_equal(admin_certify(&t.admin, officer, SV(TEST_PASSWORD), m.user), OK);
	assert_int_equal(admin_roles(&t.admin, officer, SV(TEST_PASSWORD), answers->user, PUPPET_ROLES, &waits), OK);
	assert_true(waits);
	assert_int_equal(find(&both_c, noor.id, answers->login, &all)->roles, ROLE_BIT(ROLE_OPERATOR));
	assert_int_equal(find(&both_c, noor.id, answers->login, &all)->proposed, PUPPET_ROLES);
	assert_int_equal(certify(answers->user), E_STATE);
	person_vouch(&t, &noor.people[SUPERVISOR], answers->user, PUPPET_ROLES);
	assert_int_equal(admin_roles(&t.admin, officer, SV(TEST_PASSWORD), answers->user, PUPPET_ROLES, &waits), OK);
	assert_false(waits);
	assert_int_equal(admin_roles(&t.admin, officer, SV(TEST_PASSWORD), answers->user, ROLE_BIT(ROLE_OPERATOR), &waits), OK);
	assert_false(waits);
	assert_int_equal(find(&both_c, noor.id, answers->login, &all)->roles, ROLE_BIT(ROLE_OPERATOR));
}

/* --- two for the end of a freeze ------------------------------------------------------------------------------------------------ */

static enum status unfreeze(const char *login)
{
	forget(&t.admin);
	return admin_freeze(&t.admin, sv_of(login), false);
}

static void test_the_console_alone_unfreezes_nobody(void **state)
{
	struct test_person *p = &noor.people[OPERATOR];

	assert_int_equal(act(&second_c, COLLEAGUE_FREEZE, p->user, 0), OK);
	assert_int_equal(unfreeze(p->login), E_STATE);
	assert_int_equal(act(&second_c, COLLEAGUE_THAW, p->user, 0), OK);
	assert_int_equal(unfreeze(p->login), E_STATE); /* a supervisor's wish, with officers at work */
	assert_int_equal(act(&both_c, COLLEAGUE_THAW, p->user, 0), OK);
	/* What was agreed to for one freeze is not for the next. */
	assert_int_equal(act(&both_c, COLLEAGUE_FREEZE, p->user, 0), OK);
	assert_int_equal(act(&both_c, COLLEAGUE_THAW, p->user, 0), OK);
	assert_int_equal(unfreeze(p->login), OK);
	assert_int_equal(act(&both_c, COLLEAGUE_FREEZE, p->user, 0), OK);
	assert_int_equal(unfreeze(p->login), E_STATE);
	assert_int_equal(act(&second_c, COLLEAGUE_THAW, p->user, 0), OK);
	assert_int_equal(act(&both_c, COLLEAGUE_THAW, p->user, 0), OK);
}

/* Whoever writes keeper.db keeps nobody at work. */
static void test_an_edited_row_holds_no_freeze_up(void **state)
{
	struct test_person *p = &noor.people[OPERATOR], *desk = &noor.people[DESK];
	const struct id object = row_object(ROW_PROPOSAL, desk->user, ID_ZERO, PROPOSAL_VOUCH);
	struct buf was = buf_new(t.arena, 1024, 8192);
	struct sv body;
	char hex[33];

	id_hex(object, hex);
	assert_int_equal(act(&both_c, COLLEAGUE_PROPOSE, desk->user, PUPPET_ROLES), OK);
	person_vouch(&t, &noor.people[SUPERVISOR], desk->user, PUPPET_ROLES);
	body = row_body(&t, ROW_PROPOSAL, object);
	for (size_t i = 0; i < body.n; i++)
		buf_format(&was, "%02x", (uint8_t)body.p[i]);
	db_do(&t, "keeper.db", arena_format(t.arena, "UPDATE row SET body = zeroblob(length(body)) WHERE object = x'%s'", hex).p);
	assert_int_equal(act(&second_c, COLLEAGUE_FREEZE, p->user, 0), OK);
	db_do(&t, "keeper.db",
	      arena_format(t.arena, "UPDATE row SET body = x'%.*s' WHERE object = x'%s'", (int)was.n, was.p, hex).p);
	assert_int_equal(act(&both_c, COLLEAGUE_PROPOSE, desk->user, ROLE_BIT(ROLE_DESK)), OK);
	assert_int_equal(act(&second_c, COLLEAGUE_THAW, p->user, 0), OK);
	assert_int_equal(act(&both_c, COLLEAGUE_THAW, p->user, 0), OK);
}

/* One colleague froze everybody: how the house comes back. */
static void test_a_house_all_frozen_comes_back(void **state)
{
	struct test_person *desk = &other.people[DESK], *supervisor = &other.people[SUPERVISOR], *officer = &other.people[OFFICER];
	struct ctx c, above;

	log_in(&t, desk, &c);
	for (int i = 0; i < PERSON_COUNT; i++)
		if (i != DESK)
			assert_int_equal(act(&c, COLLEAGUE_FREEZE, other.people[i].user, 0), OK);
	assert_int_equal(unfreeze(supervisor->login), E_STATE);
	assert_int_equal(unfreeze(officer->login),
			 OK); /* nobody is left who could agree: the officer comes back, and goes on from there */
	assert_int_equal(unfreeze(supervisor->login), E_STATE);
	ctx_close(&c);
	log_in(&t, officer, &c);
	assert_int_equal(act(&c, COLLEAGUE_THAW, supervisor->user, 0), OK);
	assert_int_equal(unfreeze(supervisor->login), OK);
	/* The only officer is frozen, a supervisor is at work. */
	log_in(&t, supervisor, &above);
	assert_int_equal(act(&above, COLLEAGUE_FREEZE, officer->user, 0), OK);
	assert_int_equal(unfreeze(officer->login), E_STATE);
	assert_int_equal(act(&above, COLLEAGUE_THAW, officer->user, 0), OK);
	assert_int_equal(unfreeze(officer->login), OK);
	ctx_close(&c);
	ctx_close(&above);
}

/* --- a day after a recovery ------------------------------------------------------------------------------------------------------ */

static void recover(struct test_person *p, int sheet)
{
	const struct recovery_try try = { sv_of(p->login), sv_of(p->recovery), sv_of(p->sheet[sheet]), SV(TEST_PASSWORD),
					  FACTOR_SHEET };
	char fresh[32];

	forget(&t.ctx);
	assert_int_equal(keeper_recover(&t.ctx, &try, fresh), OK);
	memcpy(p->recovery, fresh, sizeof(p->recovery));
}

/* In this process, so that the clock can be set. */
static void held_for_a_day(struct id user)
{
	static struct service s;
	int64_t until;

	instance_stop(&t, SIGTERM);
	assert_int_equal(service_open(&s, t.dir), OK);
	assert_int_equal(batch_begin(&s), OK);
	assert_int_equal(held_until(&s, user, &until), OK);
	assert_true(until > s.now + DAY_MS - HOUR_MS && until <= s.now + DAY_MS);
	assert_int_equal(rights_free(&s, user), E_STATE);
	s.now = until - 1;
	assert_int_equal(rights_free(&s, user), E_STATE);
	s.now = until;
	assert_int_equal(rights_free(&s, user), OK);
	assert_int_equal(batch_commit(&s), OK);
	service_close(&s);
	instance_start(&t);
}

static void log_in_all(void)
{
	ctx_close(&both_c);
	ctx_close(&second_c);
	log_in(&t, &both, &both_c);
	log_in(&t, &second, &second_c);
}

static void test_T_KEY_2_rights_are_held_for_a_day(void **state)
{
	const uint32_t roles = ROLE_BIT(ROLE_DESK);
	struct invitation i = invitation(noor.id, "noor.soon", roles);
	struct test_person fresh, *frozen = &noor.people[OPERATOR];
	struct sv officer = sv_of(both.login);
	const struct hosting h = { { noor.id, other.id, ROLE_BIT(ROLE_DPO), false }, officer, SV(TEST_PASSWORD) };
	struct join_ticket ticket;
	struct people all;
	struct ctx c;
	bool waits;

	bring(&t, &both_c, noor.id, "noor.held", roles, &fresh);
	assert_int_equal(vouch(&second_c, &second, fresh.user, roles), OK);
	assert_int_equal(both_c.who->held_until, 0);
	recover(&both, 0);
	ctx_close(&both_c);
	log_in(&t, &both, &both_c);
	assert_true(both_c.who->held_until > clock_now() + DAY_MS - HOUR_MS && both_c.who->held_until <= clock_now() + DAY_MS);
	for (int again = 0; again < 2; again++) { /* before and after the officer has seen it */
		assert_int_equal(keeper_invite(&both_c, &i, &ticket), E_STATE);
		forget(&both_c);
		assert_int_equal(act(&both_c, COLLEAGUE_SEEN, both.user, 0), E_STATE); /* others are to read it */
		assert_int_equal(certify(fresh.user), E_STATE);
		assert_int_equal(act(&both_c, COLLEAGUE_PROPOSE, fresh.user, PUPPET_ROLES), E_STATE);
		assert_int_equal(admin_certify(&t.admin, officer, SV(TEST_PASSWORD), fresh.user), E_STATE);
		assert_int_equal(admin_roles(&t.admin, officer, SV(TEST_PASSWORD), fresh.user, roles, &waits), E_STATE);
		assert_int_equal(admin_host(&t.admin, &h), E_STATE);
		forget(&t.admin);
		assert_int_equal(act(&second_c, COLLEAGUE_FREEZE, frozen->user, 0), again ? E_STATE : OK);
		assert_int_equal(act(&both_c, COLLEAGUE_THAW, frozen->user, 0), E_STATE);
		log_in(&t, &noor.people[OFFICER], &c);
		assert_true(again || find(&c, noor.id, both.login, &all)->recovered != 0);
		assert_int_equal(act(&c, COLLEAGUE_SEEN, both.user, 0), again ? E_NOTFOUND : OK);
		assert_int_equal(find(&c, noor.id, both.login, &all)->recovered, 0);
		ctx_close(&c);
	}
	held_for_a_day(both.user);
	log_in_all();
	/* Nor does he who recovered give his word. */
	recover(&second, 0);
	ctx_close(&second_c);
	log_in(&t, &second, &second_c);
	step_up(&second_c, &second);
	assert_int_equal(act(&second_c, COLLEAGUE_VOUCH, fresh.user, roles), E_STATE);
	/* An unseen recovery that is taken out of the keeper's rows is missed. */
	log_in(&t, &noor.people[OFFICER], &c);
	assert_true(find(&c, noor.id, second.login, &all)->recovered != 0);
	db_do(&t, "keeper.db", arena_format(t.arena, "DELETE FROM row WHERE kind = %d", ROW_NOTICE).p);
	assert_int_equal(keeper_people(&c, noor.id, &all), E_CRYPTO);
	assert_true(leaf_count(&t, EV_ALARM) > 0);
	ctx_close(&c);
}

/* --- not certified ---------------------------------------------------------------------------------------------------------------- */

static void test_who_is_not_certified_sees_no_house(void **state)
{
	const uint32_t roles = ROLE_BIT(ROLE_SECURITY_OFFICER) | ROLE_BIT(ROLE_ORG_ADMIN);
	struct public_report report = new_ticket();
	struct test_person puppet;
	struct stored_part sent;
	struct agreement *hosts;
	struct id dossier = id_new();
	struct member *list;
	struct people all;
	struct ctx c;
	bool keep = true;
	size_t n;

	bring(&t, &both_c, noor.id, "noor.nobody", roles, &puppet);
	assert_int_equal(report_send(&t, &t.ctx, &report, dossier, "not in his list", &sent, true), OK);
	log_in(&t, &puppet, &c);
	assert_int_equal(keeper_people(&c, noor.id, &all), E_DENIED);
	assert_int_equal(keeper_members(&c, noor.id, &list, &n), E_DENIED);
	assert_int_equal(keeper_members(&c, other.id, &list, &n), E_DENIED);
	assert_int_equal(keeper_hosts(&c, noor.id, &hosts, &n), E_DENIED);
	assert_int_equal(keeper_hosts(&c, other.id, &hosts, &n), E_DENIED);
	forget(&c);
	assert_int_equal(keeper_visible(&c, &dossier, 1, &keep), OK);
	assert_false(keep);
	ctx_close(&c);
}

/* --- tickets ------------------------------------------------------------------------------------------------------------------------ */

static int64_t rows_of_kind(enum row_kind kind)
{
	return db_number(&t, "keeper.db", arena_format(t.arena, "SELECT count(*) FROM row WHERE kind = %d", kind).p);
}

static void test_a_ticket_stands_with_who_made_it(void **state)
{
	struct invitation i = invitation(noor.id, "noor.orphan", ROLE_BIT(ROLE_DESK)), seen;
	struct test_person helper;
	struct join_ticket ticket;
	struct token half;
	char recovery[32], code[8];
	struct factors f;
	struct joined joined;
	int64_t slots, factors;
	struct ctx c;

	bring(&t, &both_c, noor.id, "noor.inviter", ROLE_BIT(ROLE_ORG_ADMIN), &helper);
	assert_int_equal(vouch(&second_c, &second, helper.user, ROLE_BIT(ROLE_ORG_ADMIN)), OK);
	assert_int_equal(certify(helper.user), OK);
	log_in(&t, &helper, &c);
	assert_int_equal(keeper_invite(&c, &i, &ticket), OK);
	assert_int_equal(keeper_join(&t.ctx, &ticket, SV(TEST_PASSWORD), &half, recovery), OK);
	slots = rows_of_kind(ROW_SLOT);
	factors = rows_of_kind(ROW_FACTOR);
	assert_int_equal(keeper_join(&t.ctx, &ticket, SV(TEST_PASSWORD), &half, recovery), OK);
	assert_int_equal(rows_of_kind(ROW_SLOT), slots); /* nothing of the first beginning is left */
	assert_int_equal(rows_of_kind(ROW_FACTOR), factors);
	assert_int_equal(keeper_join_factors(&t.ctx, &half, &f), OK);
	totp_of(f.totp, code);
	assert_int_equal(act(&both_c, COLLEAGUE_END, helper.user, 0), OK);
	assert_int_equal(keeper_join_prove(&t.ctx, &half, sv_of(recovery), FACTOR_TOTP, sv_of(code), &joined), E_STATE);
	assert_int_equal(keeper_join_look(&t.ctx, &ticket, &seen), OK);
	assert_int_equal(seen.state, INVITATION_OVER);
	assert_int_equal(keeper_join(&t.ctx, &ticket, SV(TEST_PASSWORD), &half, recovery), E_STATE);
	forget(&t.ctx);
	ctx_close(&c);
}

/* A row hung under another house behind the keeper shows nobody's invitations to that house. */
static void test_an_invitation_is_listed_by_its_own_house(void **state)
{
	struct invitation i = invitation(noor.id, "noor.moved", ROLE_BIT(ROLE_DESK));
	struct test_person *officer = &other.people[OFFICER];
	struct join_ticket ticket;
	struct people all;
	struct ctx c;

	assert_int_equal(keeper_invite(&both_c, &i, &ticket), OK);
	db_do(&t, "keeper.db",
	      arena_format(t.arena, "UPDATE row SET parent = x'%.*s' WHERE kind = %d", 32, hex(t.arena, id_view(&other.id)).p,
			   ROW_INVITE)
		      .p);
	log_in(&t, officer, &c);
	assert_int_equal(keeper_people(&c, other.id, &all), OK);
	assert_true(all.officer);
	assert_int_equal(all.invitation_count, 0);
	ctx_close(&c);
}

static int found(void **state)
{
	instance_make(&t);
	house_found(&t, &noor, "noor");
	house_found(&t, &other, "other");
	route_all(&t, noor.id, other.id);
	admit_member(&t, &noor, "noor.both", ROLE_BIT(ROLE_SECURITY_OFFICER) | ROLE_BIT(ROLE_ORG_ADMIN), &both);
	admit_member(&t, &noor, "noor.voucher", ROLE_BIT(ROLE_DESK), &voucher);
	admit_member(&t, &noor, "noor.second", ROLE_BIT(ROLE_SUPERVISOR), &second);
	assert_int_equal(admin_attend(&t.admin, sv_of(noor.people[OFFICER].login), SV(TEST_PASSWORD)), OK);
	log_in(&t, &both, &both_c);
	log_in(&t, &voucher, &voucher_c);
	log_in(&t, &second, &second_c);
	return 0;
}

static int gone(void **state)
{
	ctx_close(&both_c);
	ctx_close(&second_c);
	instance_end(&t);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_T_KEY_9_a_third_knows_whom_one_person_brings),
		cmocka_unit_test(test_T_KEY_9_a_word_goes_with_who_gave_it),
		cmocka_unit_test(test_T_KEY_9_an_administrator_of_his_own_takes_a_word_too),
		cmocka_unit_test(test_T_KEY_9_no_puppet_answers_for_a_puppet),
		cmocka_unit_test(test_T_KEY_9_the_officer_certifies_what_he_read),
		cmocka_unit_test(test_T_KEY_9_who_knows_nobody_ends_it),
		cmocka_unit_test(test_T_KEY_9_the_console_is_no_colleague),
		cmocka_unit_test(test_the_console_alone_unfreezes_nobody),
		cmocka_unit_test(test_an_edited_row_holds_no_freeze_up),
		cmocka_unit_test(test_a_house_all_frozen_comes_back),
		cmocka_unit_test(test_who_is_not_certified_sees_no_house),
		cmocka_unit_test(test_a_ticket_stands_with_who_made_it),
		cmocka_unit_test(test_an_invitation_is_listed_by_its_own_house),
		cmocka_unit_test(test_T_KEY_2_rights_are_held_for_a_day),
	};

	return cmocka_run_group_tests(tests, found, gone);
}
