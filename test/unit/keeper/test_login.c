/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Factors, sessions, late posts, keys of members, and that waiting passwords hold nobody up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <liboath/oath.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/random.h"
#include "keeper/codec.h"
#include "keeper/process/service.h"
#include "keeper/people/sessions.h"
#include "keeper/wire.h"
#include "tamper.h"

static struct test_instance t;
static struct test_house noor;

static enum status second(struct test_person *p, enum factor kind, const char *code, struct token *full)
{
	struct token half;

	t.ctx.error = (struct error){ 0 };
	assert_int_equal(keeper_login(&t.ctx, sv_of(p->login), SV(TEST_PASSWORD), NULL, &half), OK);
	return keeper_second(&t.ctx, &half, kind, sv_of(code), full, NULL);
}

static void totp_at(const struct test_person *p, int64_t ms, char code[8])
{
	assert_int_equal(oath_totp_generate((const char *)p->totp, 20, (time_t)(ms / 1000), 30, 0, 6, code), OATH_OK);
}

static void test_T_FAC_1_totp_once_and_drift(void **state)
{
	struct test_person *p = &noor.people[OPERATOR];
	struct token full;
	char code[8];

	totp_at(p, clock_now() + 10 * 30 * SECOND_MS, code);
	assert_int_equal(second(p, FACTOR_TOTP, code, &full), E_STATE);
	totp_at(p, clock_now(), code);
	assert_int_equal(second(p, FACTOR_TOTP, code, &full), OK);
	assert_int_equal(second(p, FACTOR_TOTP, code, &full), E_DENIED);
	assert_int_equal(second(p, FACTOR_TOTP, "12345", &full), E_DENIED);
	assert_int_equal(second(p, FACTOR_TOTP, "", &full), E_DENIED);
}

static void test_T_FAC_1_sheet_codes_once(void **state)
{
	struct test_person *p = &noor.people[OPERATOR];
	struct token full;

	assert_int_equal(second(p, FACTOR_SHEET, p->sheet[7], &full), OK);
	assert_int_equal(second(p, FACTOR_SHEET, p->sheet[7], &full), E_DENIED);
	assert_int_equal(second(p, FACTOR_SHEET, p->sheet[39], &full), OK);
}

static void test_T_FAC_1_half_session_can_do_nothing_else(void **state)
{
	struct test_person *p = &noor.people[DESK];
	struct token half, full;
	struct actor who;
	int i;

	assert_int_equal(keeper_login(&t.ctx, sv_of(p->login), SV(TEST_PASSWORD), NULL, &half), OK);
	assert_int_equal(keeper_session(&t.ctx, &half, &who), E_DENIED);
	for (i = 0; i < 5; i++)
		assert_int_equal(keeper_second(&t.ctx, &half, FACTOR_TOTP, SV("000000"), &full, NULL), E_DENIED);
	assert_int_equal(keeper_second(&t.ctx, &half, FACTOR_DEMO, SV(""), &full, NULL), E_DENIED); /* five wrong ones ended it */
	assert_int_equal(keeper_login(&t.ctx, sv_of(p->login), SV("another pass phrase"), NULL, &half), E_DENIED);
	assert_int_equal(keeper_login(&t.ctx, SV("nobody-of-this-name"), SV(TEST_PASSWORD), NULL, &half), E_DENIED);
}

/* Somebody has the password and guesses the second factor: new half sessions do not give him new tries for ever. */
static void test_T_FAC_1_guessing_the_second_factor_slows_the_account(void **state)
{
	struct test_person *p = &noor.people[CASE_MANAGER];
	struct token half, full;

	for (int i = 0; i < 2; i++) {
		t.ctx.error = (struct error){ 0 };
		assert_int_equal(keeper_login(&t.ctx, sv_of(p->login), SV(TEST_PASSWORD), NULL, &half), OK);
		for (int k = 0; k < 3; k++)
			assert_int_equal(keeper_second(&t.ctx, &half, FACTOR_TOTP, SV("000000"), &full, NULL), E_DENIED);
	}
	t.ctx.error = (struct error){ 0 };
	assert_int_equal(keeper_login(&t.ctx, sv_of(p->login), SV(TEST_PASSWORD), NULL, &half), E_BUSY);
	assert_true(t.ctx.error.retry_s > 0);
	t.ctx.error = (struct error){ 0 };
	instance_stop(&t, SIGTERM); /* what slows lies in memory */
	instance_start(&t);
}

static void test_T_FAC_1_demo_factor_in_demo_only(void **state)
{
	struct test_instance real = { .pid = 0 };
	struct new_member m = { .user = id_new(),
				.organisation = id_new(),
				.login = SV("real.somebody"),
				.password = SV(TEST_PASSWORD),
				.roles = ROLE_BIT(ROLE_DESK) };
	struct token half, full;
	uint8_t root[32];

	random_fill(root, sizeof(root));
	snprintf(real.dir, sizeof(real.dir), "%s/amana-test-XXXXXX", "/tmp");
	assert_non_null(mkdtemp(real.dir));
	real.arena = arena_new(64u << 20);
	assert_int_equal(keeper_init(&t.ctx, real.dir, root, root, false), OK);
	assert_int_equal(keeper_init(&t.ctx, real.dir, root, root, true), E_CONFLICT);
	instance_start(&real);
	assert_int_equal(admin_organisation(&real.admin, m.organisation, SV("real")), OK);
	assert_int_equal(admin_member(&real.admin, &m), OK);
	assert_int_equal(keeper_login(&real.ctx, m.login, m.password, NULL, &half), OK);
	assert_int_equal(keeper_second(&real.ctx, &half, FACTOR_DEMO, SV(""), &full, NULL), E_DENIED);
	assert_int_equal(keeper_second(&real.ctx, &half, FACTOR_SHEET, sv_of(m.sheet[0]), &full, NULL), OK);
	instance_end(&real);
}

static void test_T_SES_2_ended_sessions_are_refused(void **state)
{
	struct test_person *p = &noor.people[SUPERVISOR];
	struct token one, two, three;
	struct actor who;
	struct ctx c;

	assert_int_equal(second(p, FACTOR_DEMO, "", &one), OK);
	assert_int_equal(second(p, FACTOR_DEMO, "", &two), OK);
	assert_int_equal(keeper_session(&t.ctx, &one, &who), OK);
	assert_int_equal(second(p, FACTOR_DEMO, "", &three), OK); /* two side by side: the oldest ends */
	assert_int_equal(keeper_session(&t.ctx, &one, &who), E_STATE);
	assert_int_equal(keeper_session(&t.ctx, &two, &who), OK);
	assert_int_equal(keeper_logout(&t.ctx, &two), OK);
	assert_int_equal(keeper_session(&t.ctx, &two, &who), E_STATE);
	assert_int_equal(who.kind, ACTOR_NONE);
	assert_int_equal(admin_freeze(&t.admin, sv_of(p->login), true), OK);
	assert_int_equal(keeper_session(&t.ctx, &three, &who), E_DENIED);
	t.ctx.error = (struct error){ 0 };
	assert_int_equal(keeper_login(&t.ctx, sv_of(p->login), SV(TEST_PASSWORD), NULL, &one), E_DENIED);
	person_login(&t, &noor.people[OFFICER]);
	ctx_for(&t, &c, &noor.people[OFFICER].actor);
	assert_int_equal(keeper_colleague_act(&c, COLLEAGUE_THAW, p->user, 0), OK);
	ctx_close(&c);
	assert_int_equal(admin_freeze(&t.admin, sv_of(p->login), false), OK);
	assert_int_equal(second(p, FACTOR_DEMO, "", &three), OK);
}

static void test_T_SES_3_late_post_becomes_a_draft(void **state)
{
	struct test_person *p = &noor.people[CASE_MANAGER];
	const struct right_change take = { .what = RIGHT_CREATE, .kind = DOSSIER_PERSON, .dossier = id_new() };
	struct seal_set set = { .event = EV_WRITE, .rights = &take, .right_count = 1 };
	struct actor late;
	struct draft *drafts;
	struct token old;
	struct ctx c;
	size_t n;

	person_login(&t, p);
	old = p->token;
	assert_int_equal(keeper_logout(&t.ctx, &old), OK);
	assert_int_equal(keeper_session(&t.ctx, &old, &late), E_STATE);
	assert_true(id_equal(late.user, p->user));
	assert_memory_equal(late.csrf, p->actor.csrf, sizeof(late.csrf));
	assert_int_equal(keeper_draft_save(&t.ctx, &old, SV("/staff/contact"), SV("what was typed for an hour")), OK);
	ctx_for(&t, &c, &p->actor);
	assert_int_equal(keeper_seal(&c, &set), E_DENIED); /* nothing is executed */
	person_login(&t, p);
	assert_int_equal(keeper_drafts(&c, &drafts, &n), OK);
	assert_int_equal(n, 1);
	assert_true(sv_is(drafts[0].where, "/staff/contact"));
	assert_true(sv_is(drafts[0].body, "what was typed for an hour"));
	assert_int_equal(keeper_draft_drop(&c, drafts[0].id), OK);
	assert_int_equal(keeper_drafts(&c, &drafts, &n), OK);
	assert_int_equal(n, 0);
	random_fill(old.b, sizeof(old.b));
	assert_int_equal(keeper_draft_save(&t.ctx, &old, SV("/"), SV("of nobody")), E_DENIED);
	ctx_close(&c);
}

/* The page saves every half minute: what is kept of it is what the list can show. */
static void test_drafts_do_not_pile_up(void **state)
{
	struct test_person *p = &noor.people[CASE_MANAGER];
	struct draft *drafts;
	struct ctx c;
	size_t n;

	person_login(&t, p);
	ctx_for(&t, &c, &p->actor);
	for (int i = 0; i < 45; i++)
		assert_int_equal(keeper_draft_save(&t.ctx, &p->token, SV("/staff/contact"), SV("typed")), OK);
	assert_int_equal(keeper_draft_save(&t.ctx, &p->token, SV("/staff/last"), SV("the newest")), OK);
	assert_int_equal(db_number(&t, "keeper.db", "SELECT count(*) FROM draft"), 20);
	assert_int_equal(keeper_drafts(&c, &drafts, &n), OK);
	assert_int_equal(n, 20);
	assert_true(sv_is(drafts[n - 1].body, "the newest"));
	for (size_t i = 0; i < n; i++)
		assert_int_equal(keeper_draft_drop(&c, drafts[i].id), OK);
	ctx_close(&c);
}

/* The slot of a member opened outside the keeper: pepper and database in hand, and the right secret. */
static void open_slot(const struct test_person *p, uint8_t kind, const uint8_t stretched[32], uint8_t payload[64])
{
	struct sv slot = row_body(&t, ROW_SLOT, row_object(ROW_SLOT, p->user, ID_ZERO, kind));
	char path[400];
	struct sv pepper;

	snprintf(path, sizeof(path), "%s/keeper/pepper", t.dir);
	pepper = file_bytes(&t, path);
	assert_int_equal(pepper.n, 32);
	assert_int_equal(amp1_open(payload, slot, stretched, (const uint8_t *)pepper.p), OK);
}

static void test_T_KEY_2_recovery_code_gives_the_same_keys(void **state)
{
	const struct test_person *p = &noor.people[DESK];
	struct sv slot = row_body(&t, ROW_SLOT, row_object(ROW_SLOT, p->user, ID_ZERO, SLOT_PASSWORD));
	uint8_t code[16], stretched[32], by_password[64], by_code[64];
	struct slot_head head;

	assert_int_equal(amp1_head(slot, &head), OK);
	assert_int_equal(slot_stretch(stretched, SV(TEST_PASSWORD), head.salt, head.argon_t, head.argon_m_kib), OK);
	open_slot(p, SLOT_PASSWORD, stretched, by_password);
	assert_int_equal(recovery_read(sv_of(p->recovery), code), OK);
	slot_stretch_recovery(stretched, code, p->user);
	open_slot(p, SLOT_RECOVERY, stretched, by_code);
	assert_memory_equal(by_password, by_code, sizeof(by_code));
}

static void test_T_KEY_4_no_pepper(void **state)
{
	struct test_person *p = &noor.people[DESK];
	struct token half;
	uint8_t other[32];
	struct sv pepper;
	char path[400];

	snprintf(path, sizeof(path), "%s/keeper/pepper", t.dir);
	pepper = file_bytes(&t, path);
	random_fill(other, sizeof(other));
	instance_stop(&t, SIGTERM);
	file_put(path, sv_bytes(other, sizeof(other)));
	instance_start(&t);
	assert_int_equal(keeper_login(&t.ctx, sv_of(p->login), SV(TEST_PASSWORD), NULL, &half), E_DENIED);
	instance_stop(&t, SIGTERM);
	file_put(path, pepper);
	instance_start(&t);
	assert_int_equal(keeper_login(&t.ctx, sv_of(p->login), SV(TEST_PASSWORD), NULL, &half), OK);
}

/* Sessions lie in RAM: a keeper started on a copy of every file knows none, whatever cookie is brought. */
static void test_T_SES_1_files_and_live_cookie_elsewhere(void **state)
{
	static const char *const names[] = { "keeper.db", "keeper.db-wal", "shred.db", "shred.db-wal", "pepper", "secret" };
	struct test_instance thief = { .pid = 0 };
	struct actor who;

	person_login(&t, &noor.people[DESK]);
	snprintf(thief.dir, sizeof(thief.dir), "/tmp/amana-test-XXXXXX");
	assert_non_null(mkdtemp(thief.dir));
	thief.arena = arena_new(64u << 20);
	{
		uint8_t root[32] = { 1 };

		assert_int_equal(keeper_init(&t.ctx, thief.dir, root, root, true), OK); /* the folders */
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char from[400], to[400];

		snprintf(from, sizeof(from), "%s/keeper/%s", t.dir, names[i]);
		snprintf(to, sizeof(to), "%s/keeper/%s", thief.dir, names[i]);
		unlink(to);
		file_put(to, file_bytes(&t, from));
	}
	instance_start(&thief);
	assert_int_equal(keeper_session(&t.ctx, &noor.people[DESK].token, &who), OK);
	assert_int_equal(keeper_session(&thief.ctx, &noor.people[DESK].token, &who), E_DENIED);
	instance_end(&thief);
}

/* What a token opens in the keeper's memory is sealed under the secret of this start as well: the memory and the token, without it, are
 * nothing. Any other start has another one. */
static void test_T_SES_1_capsule_opens_under_this_starts_secret_alone(void **state)
{
	static struct service s;
	uint8_t node[32], sk[32];
	struct token token;
	struct session *x;

	instance_stop(&t, SIGTERM);
	s = (struct service){ .now = 0 };
	assert_int_equal(service_open(&s, t.dir), OK);
	random_fill(sk, sizeof(sk));
	memcpy(s.bench->capsule.sk, sk, sizeof(sk));
	x = session_begin(s.sessions, SESSION_STAFF, noor.people[DESK].user, s.now, &token);
	assert_int_equal(capsule_seal(&s, x, &token), OK);
	memset(&s.bench->capsule, 0, sizeof(s.bench->capsule));
	memcpy(node, s.vault->node, sizeof(node));
	random_fill(s.vault->node, sizeof(s.vault->node));
	assert_int_equal(capsule_open(&s, x, &token), E_CRYPTO);
	memcpy(s.vault->node, node, sizeof(node));
	assert_int_equal(capsule_open(&s, x, &token), OK);
	assert_memory_equal(s.bench->capsule.sk, sk, sizeof(sk));
	service_close(&s);
	assert_int_equal(service_open(&s, t.dir), OK);
	assert_memory_not_equal(s.vault->node, node, sizeof(node));
	service_close(&s);
	instance_start(&t);
}

#define FLOOD 72

static int send_login(int i)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	uint8_t frame[300] = { 0 };
	struct buf b = buf_over(frame + WIRE_HEAD, sizeof(frame) - WIRE_HEAD);
	struct frame_head h = { .number = 1, .code = CALL_LOGIN };
	int fd = socket(AF_UNIX, SOCK_SEQPACKET, 0);
	char name[32];

	snprintf(at.sun_path, sizeof(at.sun_path), "%.80s/run/keeper.sock", t.dir);
	assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	buf_zeros(&b, 32);
	put_bytes(&b, sv_bytes(name, (size_t)snprintf(name, sizeof(name), "nobody-%d", i)));
	put_bytes(&b, SV("a guess at a password"));
	buf_zeros(&b, 32); /* no device */
	h.total = (uint32_t)b.n;
	frame_write(frame, &h);
	assert_int_equal(send(fd, frame, WIRE_HEAD + b.n, 0), WIRE_HEAD + b.n);
	return fd;
}

static enum status answer_of(int fd)
{
	struct assembly a = { 0 };
	uint8_t frame[400];
	ssize_t n = recv(fd, frame, sizeof(frame), 0);
	struct sv payload;
	uint32_t at;
	bool whole;

	assert_true(n > 0);
	assert_int_equal(frame_take(&a, sv_bytes(frame, (size_t)n), &payload, &at, &whole), OK);
	return (enum status)a.head.code;
}

/* Both Argon2id threads busy, their queue full, somebody turned away: opening goes on, and is done before the queue is. */
static void test_T_PRIV_5_argon_full_and_pages_served(void **state)
{
	struct public_report p = new_ticket();
	struct stored_part sent;
	int fds[FLOOD], busy = 0, denied = 0;
	char peek;
	struct ctx desk;

	route_all(&t, noor.id, ID_ZERO);
	assert_int_equal(report_send(&t, &t.ctx, &p, id_new(), "open me meanwhile", &sent, true), OK);
	ctx_for(&t, &desk, &noor.people[DESK].actor);
	for (int i = 0; i < FLOOD; i++)
		fds[i] = send_login(i);
	for (int i = 0; i < 20; i++)
		assert_int_equal(part_open(&desk, OPEN_DOSSIER, &sent, NULL), OK);
	assert_int_equal(recv(fds[40], &peek, 1, MSG_DONTWAIT | MSG_PEEK), -1); /* still waiting for its turn */
	for (int i = 0; i < FLOOD; i++) {
		enum status s = answer_of(fds[i]);

		busy += s == E_BUSY;
		denied += s == E_DENIED;
		close(fds[i]);
	}
	assert_true(busy > 0);
	assert_int_equal(busy + denied, FLOOD);
	ctx_close(&desk);
}

static int begin(void **state)
{
	instance_make(&t);
	house_found(&t, &noor, "noor");
	return 0;
}

static int end(void **state)
{
	instance_end(&t);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_T_FAC_1_totp_once_and_drift),
		cmocka_unit_test(test_T_FAC_1_sheet_codes_once),
		cmocka_unit_test(test_T_FAC_1_half_session_can_do_nothing_else),
		cmocka_unit_test(test_T_FAC_1_guessing_the_second_factor_slows_the_account),
		cmocka_unit_test(test_T_FAC_1_demo_factor_in_demo_only),
		cmocka_unit_test(test_T_SES_2_ended_sessions_are_refused),
		cmocka_unit_test(test_T_SES_3_late_post_becomes_a_draft),
		cmocka_unit_test(test_drafts_do_not_pile_up),
		cmocka_unit_test(test_T_KEY_2_recovery_code_gives_the_same_keys),
		cmocka_unit_test(test_T_KEY_4_no_pepper),
		cmocka_unit_test(test_T_SES_1_files_and_live_cookie_elsewhere),
		cmocka_unit_test(test_T_PRIV_5_argon_full_and_pages_served),
		cmocka_unit_test(test_T_SES_1_capsule_opens_under_this_starts_secret_alone),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
