/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who opens what, and who does not: a lying web, foreign keys and certificates, swapped and old rows, the code's reach. Two houses, one
 * keeper, all calls over its real socket. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/random.h"
#include "keeper/wire.h"
#include "policy/policy.h"
#include "tamper.h"

static struct test_instance t;
static struct test_house noor, bab;
static struct ctx desk, other, manager, supervisor;

static struct id new_report(const char *text, struct stored_part *sent, struct public_report *p)
{
	struct id dossier = id_new();

	*p = new_ticket();
	assert_int_equal(report_send(&t, &t.ctx, p, dossier, text, sent, true), OK);
	return dossier;
}

static struct ctx mailbox_of(struct actor *who, const char *code)
{
	struct ctx c;

	*who = (struct actor){ .kind = ACTOR_REPORTER };
	ctx_for(&t, &c, who);
	assert_int_equal(keeper_mailbox(&c, sv_of(code), &who->token), OK);
	assert_int_equal(keeper_session(&c, &who->token, who), OK);
	return c;
}

static void refused(struct ctx *c, const struct stored_part *s)
{
	int64_t before = leaf_count(&t, EV_DENIED);
	struct sealed_part part = s->part;
	enum status status = keeper_open(c, OPEN_DOSSIER, s->keys, 1, &part, 1);

	assert_true(status == E_DENIED || (status == OK && part.status == E_DENIED));
	assert_int_equal(part.plain.n, 0);
	assert_int_equal(leaf_count(&t, EV_DENIED), before + 1);
}

static void test_T_PRIV_3_lying_web(void **state)
{
	struct actor nobody = { .kind = ACTOR_STAFF }, guess = nobody, reporter;
	struct public_report p, p2;
	struct stored_part sent, mine;
	struct ctx c, mail;
	struct id dossier = new_report("somebody is held", &sent, &p);

	new_report("another one", &mine, &p2);
	random_fill(guess.token.b, sizeof(guess.token.b));
	ctx_for(&t, &c, &nobody);
	refused(&c, &sent);
	c.who = &guess;
	refused(&c, &sent);
	ctx_close(&c);
	refused(&other, &sent);
	refused(&manager, &sent); /* not assigned */
	mail = mailbox_of(&reporter, p2.code);
	refused(&mail, &sent);
	refused(&mail, &mine); /* not even her own words */
	assert_int_equal(message_add(&mail, dossier, REPORT, "into a foreign report", &mine), E_DENIED);
	assert_int_equal(message_add(&other, dossier, REPORT, "foreign desk", &mine), E_DENIED);
	ctx_close(&mail);
	assert_int_equal(part_open(&desk, OPEN_DOSSIER, &sent, NULL), OK);
}

static int raw_socket(void)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_SEQPACKET, 0);

	snprintf(at.sun_path, sizeof(at.sun_path), "%.80s/run/keeper.sock", t.dir);
	assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	return fd;
}

static void test_T_PRIV_3_nonsense_ends_the_connection(void **state)
{
	const struct frame_head lies[] = { { 1, CALL_OPEN, 0, 100, 0 },
					   { 1, CALL_OPEN, 7, 4, 0 },
					   { 1, CALL_SEAL, 0, UINT32_MAX, 0 } };
	struct instance i;

	for (size_t n = 0; n < sizeof(lies) / sizeof(lies[0]); n++) {
		uint8_t frame[WIRE_HEAD + 4] = { 0 };
		int fd = raw_socket();

		frame_write(frame, &lies[n]);
		assert_int_equal(send(fd, frame, sizeof(frame), 0), sizeof(frame));
		assert_int_equal(recv(fd, frame, sizeof(frame), 0), 0);
		close(fd);
	}
	assert_int_equal(keeper_instance(&t.ctx, &i), OK);
	t.ctx.error = (struct error){ 0 };
	assert_int_equal(admin_freeze(&t.ctx, SV("noor.desk"), true), E_DENIED); /* not over the web's socket */
}

static void test_T_KEY_3_foreign_certificates(void **state)
{
	uint8_t foreign_root[32];
	struct new_member m = { .user = id_new(),
				.organisation = id_new(),
				.login = SV("lone.officer"),
				.password = SV(TEST_PASSWORD),
				.roles = ROLE_BIT(ROLE_SECURITY_OFFICER) };
	struct sv request, again, certificate, bytes;
	struct cert cert;

	random_fill(foreign_root, sizeof(foreign_root));
	assert_int_equal(admin_organisation(&t.admin, m.organisation, SV("lone")), OK);
	assert_int_equal(admin_member(&t.admin, &m), OK);
	assert_int_equal(admin_identity_request(&t.admin, m.login, m.password, &request), OK);
	assert_int_equal(admin_identity_request(&t.admin, m.login, m.password, &again), OK);
	assert_true(sv_equal(request, again)); /* one fingerprint, on whatever day it is read out */
	assert_int_equal(groups_read(t.arena, request, &bytes), OK);
	assert_int_equal(amc1_read(bytes, &cert), OK);
	assert_true(cert.not_before == 0 && cert.not_after == 1);
	assert_int_equal(root_sign(t.arena, request, foreign_root, clock_now(), &certificate), OK);
	assert_int_equal(admin_identity_install(&t.admin, certificate), E_CRYPTO);
	assert_int_equal(admin_certify(&t.admin, m.login, m.password, m.user), E_STATE);
	assert_int_equal(admin_certify(&t.admin, sv_of(noor.people[OFFICER].login), SV(TEST_PASSWORD), m.user), E_DENIED);
	assert_int_equal(admin_certify(&t.admin, sv_of(noor.people[DESK].login), SV(TEST_PASSWORD), noor.people[DESK].user),
			 E_DENIED);
}

/* A key of the thief's own, correctly wrapped to the desk's public key, under its own right name or under the name of the real one. */
static struct held_key planted_key(const struct stored_part *s, bool own_name, uint8_t wrap[AMW1_DEK])
{
	struct held_key k = s->keys[0];
	struct sv body = row_body(&t, ROW_CERT, k.recipient);
	struct wrap_bind bind = { .dossier = k.dossier, .class = (uint8_t)k.class, .organisation = k.organisation };
	struct cert cert;
	struct key secret;
	uint8_t ephemeral[32];

	assert_int_equal(amc1_read(sv_bytes(body.p, AMC1_SIZE), &cert), OK);
	random_fill(secret.b, sizeof(secret.b));
	random_fill(ephemeral, sizeof(ephemeral));
	if (own_name)
		k.key = dek_id(&secret, (uint8_t)k.class, k.dossier, k.holder);
	assert_int_equal(amw1_wrap(wrap, k.kind, k.key, k.recipient, cert.x25519, ephemeral, &bind, secret.b, 32), OK);
	k.wrap = sv_bytes(wrap, AMW1_DEK);
	return k;
}

static void test_T_KEY_6_planted_wrap(void **state)
{
	struct public_report p;
	struct stored_part sent, updated;
	uint8_t wrap[AMW1_DEK];
	int64_t before;

	new_report("to be kept from the thief", &sent, &p);
	sent.keys[1] = sent.keys[0];
	for (int own_name = 0; own_name < 2; own_name++) {
		before = leaf_count(&t, EV_ALARM);
		sent.keys[0] = sent.keys[1];
		sent.keys[0] = planted_key(&sent, own_name, wrap);
		desk.error = (struct error){ 0 };
		assert_int_equal(part_update(&desk, &sent, "new words", NULL, &updated, NULL), E_CRYPTO);
		assert_int_equal(leaf_count(&t, EV_ALARM), before + 1);
		assert_int_equal(part_open(&desk, OPEN_DOSSIER, &sent, NULL), E_CRYPTO);
		assert_int_equal(leaf_count(&t, EV_ALARM), before + 2);
	}
	sent.keys[0] = sent.keys[1];
	assert_int_equal(part_update(&desk, &sent, "new words", NULL, &updated, NULL), OK);
}

static void note_secret(void *arg, struct sv body)
{
	struct secret_row row;

	assert_int_equal(read_secret(body, &row), OK);
	if (row.kind == WRAP_COMPARTMENT_MEMBER)
		*(uint32_t *)arg |= UINT32_C(1) << row.compartment;
}

static void test_T_KEY_7_compartments_are_the_matrix(void **state)
{
	static const enum role roles[] = { ROLE_OPERATOR, ROLE_DESK, ROLE_CASE_MANAGER, ROLE_SUPERVISOR, ROLE_SECURITY_OFFICER };
	uint32_t all = 0;

	for (int i = 0; i < PERSON_COUNT; i++) {
		char hex[33], question[200];
		uint32_t held = 0;

		id_hex(noor.people[i].actor.recipient, hex);
		snprintf(question, sizeof(question), "SELECT body FROM row WHERE kind=%d AND parent=x'%s'", ROW_SECRET, hex);
		db_blobs(&t, "keeper.db", question, note_secret, &held);
		assert_int_equal(held, policy_compartments(ROLE_BIT(roles[i])));
		all |= held;
	}
	assert_true(all & (1u << C_DESK));
	assert_true(all & (1u << C_OFFICER));
}

static void test_T_BIND_1_swapped_blobs(void **state)
{
	struct stored_part a, b, a2, b2, x;
	struct sv first, second;
	struct public_report p;

	new_report("first dossier", &a, &p);
	new_report("second dossier", &b, &p);
	x = a;
	x.part.blob = b.part.blob;
	assert_int_equal(part_open(&desk, OPEN_LIST, &x, NULL), E_CRYPTO);
	x = a;
	x.keys[0] = b.keys[0];
	assert_int_not_equal(part_open(&desk, OPEN_LIST, &x, NULL), OK);
	assert_int_equal(part_update(&desk, &a, "first, changed", "was first", &a2, &first), OK);
	assert_int_equal(part_update(&desk, &b, "second, changed", "was second", &b2, &second), OK);
	x = a2;
	x.part.type |= 0x8000;
	x.part.blob = first;
	assert_int_equal(part_open(&desk, OPEN_DOSSIER, &x, &first), OK);
	assert_true(sv_is(first, "was first"));
	x.part.blob = second;
	assert_int_equal(part_open(&desk, OPEN_DOSSIER, &x, NULL), E_CRYPTO);
	x.part.blob = a2.part.blob;
	assert_int_equal(part_open(&desk, OPEN_DOSSIER, &x, NULL), E_CRYPTO);
}

/* Two records of one dossier, sealed under one key in one version: a list compares versions alone, so the seal must tell them apart. */
static void test_T_BIND_1_records_of_one_dossier_swapped(void **state)
{
	struct stored_part one, two, x;
	struct public_report p;
	struct id dossier = new_report("the first record", &one, &p);
	struct seal_part part = { .record = id_new(),
				  .dossier = dossier,
				  .type = one.part.type,
				  .class = REPORT,
				  .schema = 1,
				  .version = one.part.version,
				  .first = true,
				  .key = &one.keys[0],
				  .plain = SV("the second one") };
	struct seal_set set = { .event = EV_WRITE, .parts = &part, .part_count = 1 };
	struct settled s = { .in_force = true };

	assert_int_equal(keeper_seal(&desk, &set), OK);
	s.first_seq = set.first_seq;
	two = one;
	two.part.record = part.record;
	two.part.blob = arena_copy(t.arena, part.blob);
	assert_int_equal(keeper_settle(desk.keeper, &s, 1), OK);
	assert_int_equal(part_open(&desk, OPEN_LIST, &two, NULL), OK);
	x = one;
	x.part.blob = two.part.blob;
	assert_int_equal(part_open(&desk, OPEN_LIST, &x, NULL), E_CRYPTO);
	x = two;
	x.part.blob = one.part.blob;
	assert_int_equal(part_open(&desk, OPEN_LIST, &x, NULL), E_CRYPTO);
}

static void test_T_BIND_2_old_rows(void **state)
{
	struct stored_part old, now, lie;
	struct public_report p;
	int64_t alarms;

	new_report("as it was", &old, &p);
	assert_int_equal(part_update(&desk, &old, "as it is", NULL, &now, NULL), OK);
	assert_int_equal(part_open(&desk, OPEN_LIST, &now, NULL), OK);
	assert_int_equal(part_open(&desk, OPEN_LIST, &old, NULL), E_CRYPTO);
	assert_int_equal(part_open(&desk, OPEN_DOSSIER, &old, NULL), E_CRYPTO);
	lie = old;
	lie.part.version = now.part.version; /* the old blob under the new number */
	assert_int_equal(part_open(&desk, OPEN_LIST, &lie, NULL), E_CRYPTO);
	assert_int_equal(part_open(&desk, OPEN_DOSSIER, &lie, NULL), E_CRYPTO);
	lie = now;
	lie.part.record = id_new(); /* a part without a creation */
	alarms = leaf_count(&t, EV_ALARM);
	assert_int_equal(part_open(&desk, OPEN_DOSSIER, &lie, NULL), E_CRYPTO);
	assert_int_equal(leaf_count(&t, EV_ALARM), alarms + 1);
	assert_int_equal(part_update(&desk, &old, "a stale save", NULL, &lie, NULL), E_STALE);
}

static void right(struct ctx *c, enum right_kind what, struct id dossier, struct id user, uint32_t amount, enum status expected)
{
	const struct right_change change = { .what = what, .dossier = dossier, .user = user, .amount = amount };
	struct seal_set set = { .event = EV_WRITE, .rights = &change, .right_count = 1 };
	struct settled s = { .in_force = true };

	c->error = (struct error){ 0 };
	assert_int_equal(keeper_seal(c, &set), expected);
	s.first_seq = set.first_seq;
	if (expected == OK)
		assert_int_equal(keeper_settle(c->keeper, &s, 1), OK);
}

static void test_T_INT_6_code_opens_last_answer_only(void **state)
{
	struct stored_part sent, first, last;
	struct public_report p;
	struct actor reporter;
	struct ctx mail;
	struct sv plain;
	struct id dossier = new_report("please", &sent, &p);

	assert_int_equal(message_add(&desk, dossier, DIALOG, "first answer", &first), OK);
	assert_int_equal(message_add(&desk, dossier, DIALOG, "last answer", &last), OK);
	mail = mailbox_of(&reporter, p.code);
	assert_int_equal(part_open(&mail, OPEN_DOSSIER, &first, NULL), E_DENIED);
	assert_int_equal(part_open(&mail, OPEN_DOSSIER, &sent, NULL), E_DENIED);
	assert_int_equal(part_open(&mail, OPEN_DOSSIER, &last, &plain), OK);
	right(&desk, RIGHT_ASSIGN, dossier, noor.people[CASE_MANAGER].user, 0, OK);
	assert_int_equal(part_open(&mail, OPEN_DOSSIER, &last, &plain), OK);
	right(&desk, RIGHT_STAGE, dossier, ID_ZERO, STAGE_ENDED, OK);
	assert_int_equal(part_open(&mail, OPEN_DOSSIER, &last, &plain), OK);
	assert_true(sv_is(plain, "last answer"));
	assert_int_equal(message_add(&mail, dossier, DIALOG, "not hers to write", &first), E_DENIED);
	assert_int_equal(message_add(&mail, dossier, REPORT, "one thing more", &first), OK);
	assert_int_equal(part_open(&mail, OPEN_DOSSIER, &first, NULL), E_DENIED);
	assert_int_equal(part_open(&desk, OPEN_DOSSIER, &first, &plain), OK);
	assert_true(sv_is(plain, "one thing more"));
	ctx_close(&mail);
}

static void test_T_INT_7_excluded_organisation(void **state)
{
	struct public_report p = new_ticket();
	struct stored_part sent;
	struct id dossier = id_new();
	bool keep;

	p.excluded = &noor.id;
	p.excluded_count = 1;
	p.danger = true;
	assert_int_equal(report_send(&t, &t.ctx, &p, dossier, "not them", &sent, true), OK);
	assert_true(id_equal(p.desk, bab.id));
	assert_true(id_is_zero(p.fallback));
	for (size_t i = 0; i < sent.key_count; i++)
		assert_false(id_equal(sent.keys[i].organisation, noor.id));
	assert_int_equal(keeper_visible(&desk, &dossier, 1, &keep), OK);
	assert_false(keep);
	assert_int_equal(keeper_visible(&other, &dossier, 1, &keep), OK);
	assert_true(keep);
	refused(&desk, &sent);
	assert_int_equal(part_open(&other, OPEN_LIST, &sent, NULL), OK);
	{ /* nor does the desk that has it pass it on to them, knowing or not */
		const struct right_change change = { .what = RIGHT_REDIRECT, .dossier = dossier, .organisation = noor.id };
		struct seal_set set = {
			.event = EV_WRITE, .rights = &change, .right_count = 1, .keys = sent.keys, .key_count = sent.key_count
		};

		assert_int_equal(keeper_seal(&other, &set), E_STATE);
	}
	other.error = (struct error){ 0 };
	refused(&desk, &sent);
}

static void test_T_INT_8_last_post_repeated(void **state)
{
	struct public_report p = new_ticket(), again = p;
	int64_t before;
	struct stored_part sent;

	assert_int_equal(report_send(&t, &t.ctx, &p, id_new(), "once", &sent, true), OK);
	before = db_number(&t, "keeper.db", "SELECT count(*) FROM row WHERE kind=11");
	assert_int_equal(report_send(&t, &t.ctx, &again, id_new(), "once", &sent, true), OK);
	assert_true(again.repeated);
	assert_string_equal(again.code, p.code);
	assert_int_equal(db_number(&t, "keeper.db", "SELECT count(*) FROM row WHERE kind=11"), before);
}

static void test_danger_reaches_both_desks_and_redirect_moves_it(void **state)
{
	struct public_report p = new_ticket();
	struct stored_part sent, moved;
	struct id dossier = id_new();
	struct sv plain;

	p.danger = true;
	assert_int_equal(report_send(&t, &t.ctx, &p, dossier, "now", &sent, true), OK);
	assert_int_equal(part_open(&desk, OPEN_LIST, &sent, NULL), OK);
	sent.keys[0] = sent.keys[sent.key_count - 1];
	assert_int_equal(part_open(&other, OPEN_LIST, &sent, &plain), OK);

	p = new_ticket();
	dossier = id_new();
	assert_int_equal(report_send(&t, &t.ctx, &p, dossier, "to be passed on", &moved, true), OK);
	{
		const struct right_change change = { .what = RIGHT_REDIRECT, .dossier = dossier, .organisation = bab.id };
		struct seal_set set = {
			.event = EV_WRITE, .rights = &change, .right_count = 1, .keys = moved.keys, .key_count = 1
		};
		struct settled s = { .in_force = true };

		assert_int_equal(keeper_seal(&desk, &set), OK);
		assert_int_equal(set.wrap_count, 1);
		assert_int_equal(set.retired_count, 1);
		s.first_seq = set.first_seq;
		assert_int_equal(keeper_settle(desk.keeper, &s, 1), OK);
		refused(&desk, &moved);
		moved.keys[0] = set.wraps[0];
	}
	assert_int_equal(part_open(&other, OPEN_DOSSIER, &moved, &plain), OK);
	assert_true(sv_is(plain, "to be passed on"));
}

static void test_assigned_case_manager_reads_and_lock_narrows(void **state)
{
	struct public_report p;
	struct stored_part sent;
	struct id dossier = new_report("for the case manager", &sent, &p);

	refused(&manager, &sent);
	right(&manager, RIGHT_ASSIGN, dossier, noor.people[CASE_MANAGER].user, 0, E_DENIED);
	right(&supervisor, RIGHT_ASSIGN, dossier, noor.people[CASE_MANAGER].user, 0, OK);
	assert_int_equal(part_open(&manager, OPEN_DOSSIER, &sent, NULL), OK);
	right(&manager, RIGHT_LOCK, dossier, noor.people[CASE_MANAGER].user, 0, OK);
	assert_int_equal(part_open(&manager, OPEN_DOSSIER, &sent, NULL), OK);
	refused(&desk, &sent);
	right(&desk, RIGHT_UNLOCK, dossier, ID_ZERO, 0, E_DENIED);
}

static void test_a_megabyte_travels_in_frames(void **state)
{
	static char text[1000 * 1000 + 1];
	struct stored_part big;
	struct public_report p;
	struct stored_part sent;
	struct sv plain;
	struct id dossier = new_report("much follows", &sent, &p);

	for (size_t i = 0; i < sizeof(text) - 1; i++)
		text[i] = (char)('a' + i % 23);
	assert_int_equal(message_add(&desk, dossier, REPORT, text, &big), OK);
	assert_int_equal(part_open(&desk, OPEN_DOSSIER, &big, &plain), OK);
	assert_int_equal(plain.n, sizeof(text) - 1);
	assert_memory_equal(plain.p, text, plain.n);
}

struct again {
	struct ctx c;
	struct public_report p;
	enum status status;
};

static void *post_again(void *arg)
{
	struct again *a = arg;
	struct stored_part none;

	a->status = report_send(&t, &a->c, &a->p, id_new(), "once", &none, false);
	return NULL;
}

/* The second click comes before the first report is in force: it waits, and gets the same code. */
static void test_T_INT_8_second_click_waits_for_the_first(void **state)
{
	const struct actor nobody = { .kind = ACTOR_NONE };
	struct again a = { .p = new_ticket() };
	struct public_report p = a.p;
	struct settled s = { .in_force = true };
	struct stored_part sent;
	pthread_t thread;

	ctx_for(&t, &a.c, &nobody);
	a.c.arena = arena_new(0);
	assert_int_equal(report_send(&t, &t.ctx, &p, id_new(), "once", &sent, false), OK);
	assert_int_equal(pthread_create(&thread, NULL, post_again, &a), 0);
	usleep(100000); /* most likely it waits by now; if not, it is answered all the same */
	s.first_seq = sent.first_seq;
	assert_int_equal(keeper_settle(t.ctx.keeper, &s, 1), OK);
	pthread_join(thread, NULL);
	assert_int_equal(a.status, OK);
	assert_true(a.p.repeated);
	assert_string_equal(a.p.code, p.code);
	ctx_close(&a.c);
	arena_free(a.c.arena);
}

static void test_T_KEY_9_who_certifies_does_not_open(void **state)
{
	static const enum role opening[] = { ROLE_DESK, ROLE_OPERATOR, ROLE_CASE_MANAGER, ROLE_SUPERVISOR, ROLE_LAWYER };

	for (size_t i = 0; i < sizeof(opening) / sizeof(opening[0]); i++) {
		struct new_member m = { .user = id_new(),
					.organisation = noor.id,
					.login = SV("noor.x"),
					.password = SV(TEST_PASSWORD),
					.roles = ROLE_BIT(ROLE_SECURITY_OFFICER) | ROLE_BIT(opening[i]) };

		t.admin.error = (struct error){ 0 };
		assert_int_equal(admin_member(&t.admin, &m), E_INPUT);
	}
}

static void test_void_assignment_is_undone(void **state)
{
	struct public_report p;
	struct stored_part sent;
	struct id dossier = new_report("assigned in vain", &sent, &p);
	const struct right_change change = { .what = RIGHT_ASSIGN, .dossier = dossier, .user = noor.people[CASE_MANAGER].user };
	struct seal_set set = { .event = EV_WRITE, .rights = &change, .right_count = 1 };
	struct settled s = { .in_force = false };
	struct verify_report v;

	assert_int_equal(keeper_seal(&desk, &set), OK);
	assert_int_equal(part_open(&manager, OPEN_DOSSIER, &sent, NULL), OK);
	s.first_seq = set.first_seq;
	assert_int_equal(keeper_settle(desk.keeper, &s, 1), OK);
	assert_int_equal(part_open(&desk, OPEN_DOSSIER, &sent, NULL), OK); /* settle went before on this connection */
	refused(&manager, &sent);
	assert_int_equal(keeper_verify(&t.ctx, t.dir, NULL, NULL, &v), OK);
	assert_int_equal(v.wrong, 0);
}

/* A call: the operator opens the report, writes it, and gives the caller a code; later a new one, and the old code dies. */
static void test_T_INT_9_new_code_kills_the_old(void **state)
{
	struct test_person *p = &noor.people[OPERATOR];
	struct id dossier = id_new();
	const struct right_change made[2] = { { .what = RIGHT_CREATE, .kind = DOSSIER_REPORT, .dossier = dossier },
					      { .what = RIGHT_NEW_CODE, .dossier = dossier } };
	struct seal_part part = { .record = dossier,
				  .dossier = dossier,
				  .type = 2,
				  .class = REPORT,
				  .schema = 1,
				  .version = 1,
				  .first = true,
				  .plain = SV("a call in the night") };
	struct seal_set set = { .event = EV_CREATE, .parts = &part, .part_count = 1, .rights = made, .right_count = 2 };
	struct settled s = { .in_force = true };
	struct stored_part answer;
	struct actor reporter;
	struct token none;
	struct ctx c, mail;
	char first[21];
	struct sv plain;

	ctx_for(&t, &c, &p->actor);
	assert_int_equal(keeper_seal(&c, &set), OK);
	memcpy(first, set.new_code, sizeof(first));
	s.first_seq = set.first_seq;
	assert_int_equal(keeper_settle(c.keeper, &s, 1), OK);
	assert_int_equal(message_add(&c, dossier, DIALOG, "call again tomorrow", &answer), OK);
	set = (struct seal_set){ .event = EV_WRITE, .rights = &made[1], .right_count = 1, .keys = answer.keys, .key_count = 1 };
	assert_int_equal(keeper_seal(&desk, &set), OK);
	assert_int_equal(set.wrap_count, 1);
	assert_int_equal(set.retired_count, 1);
	assert_string_not_equal(first, set.new_code);
	s.first_seq = set.first_seq;
	assert_int_equal(keeper_settle(desk.keeper, &s, 1), OK);
	assert_int_equal(keeper_mailbox(&t.ctx, sv_of(first), &none), E_DENIED);
	mail = mailbox_of(&reporter, set.new_code);
	assert_int_equal(part_open(&mail, OPEN_DOSSIER, &answer, NULL), E_DENIED); /* the old code's wrap */
	answer.keys[0] = set.wraps[0];
	assert_int_equal(part_open(&mail, OPEN_DOSSIER, &answer, &plain), OK);
	assert_true(sv_is(plain, "call again tomorrow"));
	ctx_close(&mail);
	ctx_close(&c);
}

static int begin(void **state)
{
	instance_make(&t);
	house_found(&t, &noor, "noor");
	house_found(&t, &bab, "bab");
	route_all(&t, noor.id, bab.id);
	house_login(&t, &noor);
	house_login(&t, &bab);
	ctx_for(&t, &desk, &noor.people[DESK].actor);
	ctx_for(&t, &manager, &noor.people[CASE_MANAGER].actor);
	ctx_for(&t, &supervisor, &noor.people[SUPERVISOR].actor);
	ctx_for(&t, &other, &bab.people[DESK].actor);
	return 0;
}

static int end(void **state)
{
	ctx_close(&desk);
	ctx_close(&manager);
	ctx_close(&supervisor);
	ctx_close(&other);
	instance_end(&t);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_T_PRIV_3_lying_web),
		cmocka_unit_test(test_T_PRIV_3_nonsense_ends_the_connection),
		cmocka_unit_test(test_T_KEY_3_foreign_certificates),
		cmocka_unit_test(test_T_KEY_6_planted_wrap),
		cmocka_unit_test(test_T_KEY_7_compartments_are_the_matrix),
		cmocka_unit_test(test_T_BIND_1_swapped_blobs),
		cmocka_unit_test(test_T_BIND_1_records_of_one_dossier_swapped),
		cmocka_unit_test(test_T_BIND_2_old_rows),
		cmocka_unit_test(test_T_INT_6_code_opens_last_answer_only),
		cmocka_unit_test(test_T_INT_7_excluded_organisation),
		cmocka_unit_test(test_T_INT_8_last_post_repeated),
		cmocka_unit_test(test_danger_reaches_both_desks_and_redirect_moves_it),
		cmocka_unit_test(test_assigned_case_manager_reads_and_lock_narrows),
		cmocka_unit_test(test_a_megabyte_travels_in_frames),
		cmocka_unit_test(test_T_INT_8_second_click_waits_for_the_first),
		cmocka_unit_test(test_T_KEY_9_who_certifies_does_not_open),
		cmocka_unit_test(test_void_assignment_is_undone),
		cmocka_unit_test(test_T_INT_9_new_code_kills_the_old),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
