/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parts of the keeper without its process: clocks of sessions, tickets and throttles, the frame parser, and that a right and a wrong
 * code take the same steps. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/heap.h"
#include "base/random.h"
#include "keeper/codec.h"
#include "keeper/people/argon.h"
#include "keeper/people/ceremony.h"
#include "keeper/sealed/data.h"
#include "keeper/process/loop.h"
#include "keeper/process/service.h"
#include "keeper/slab.h"
#include "keeper/wire.h"
#include "tamper.h"

#define NOW INT64_C(1800000000000)

static void test_sessions_end_by_idleness_and_age(void **state)
{
	struct sessions *l = sessions_new();
	struct id user = id_new();
	struct token t, half, reporter;
	struct session *x = session_begin(l, SESSION_STAFF, user, NOW, &t);

	assert_ptr_equal(session_find(l, &t, NOW + 15 * MINUTE_MS - 1), x);
	assert_null(session_find(l, &t, NOW + 15 * MINUTE_MS));
	assert_true(id_equal(session_ended(l, &t, NOW + 12 * HOUR_MS)->user, user));
	assert_null(session_ended(l, &t, NOW + 13 * HOUR_MS));
	x = session_begin(l, SESSION_STAFF, user, NOW, &t);
	for (int64_t at = NOW; at < NOW + 10 * HOUR_MS; at += 10 * MINUTE_MS) {
		assert_ptr_equal(session_find(l, &t, at), x);
		x->used = at;
	}
	assert_null(session_find(l, &t, NOW + 10 * HOUR_MS));
	session_begin(l, SESSION_HALF, user, NOW, &half);
	assert_non_null(session_find(l, &half, NOW + 5 * MINUTE_MS - 1));
	assert_null(session_find(l, &half, NOW + 5 * MINUTE_MS));
	assert_null(session_ended(l, &half, NOW + 5 * MINUTE_MS));
	x = session_begin(l, SESSION_REPORTER, ID_ZERO, NOW, &reporter);
	x->used = NOW + 59 * MINUTE_MS;
	assert_non_null(session_find(l, &reporter, NOW + 59 * MINUTE_MS));
	assert_null(session_find(l, &reporter, NOW + 60 * MINUTE_MS));
	assert_int_equal(sessions_count(l), 0);
	sessions_free(l);
}

static void test_tickets_forget_codes_and_serve_once(void **state)
{
	struct tickets *t = tickets_new();
	uint8_t one[16] = { 1 }, two[16] = { 2 };
	struct ticket_use *u = ticket_add(t, one, NOW);

	assert_int_equal(u->state, TICKET_WORKING);
	assert_null(ticket_find(t, two, NOW));
	ticket_pending(t, u, 7);
	memcpy(u->code, "12345678901234567891", 21);
	ticket_settle(t, 8, true);
	assert_int_equal(u->state, TICKET_PENDING);
	ticket_settle(t, 7, true);
	assert_int_equal(ticket_find(t, one, NOW + 14 * MINUTE_MS)->code[0], '1');
	assert_int_equal(ticket_find(t, one, NOW + 15 * MINUTE_MS)->code[0], 0);
	assert_non_null(ticket_find(t, one, NOW + 2 * HOUR_MS - 1));
	assert_null(ticket_find(t, one, NOW + 2 * HOUR_MS));
	u = ticket_add(t, two, NOW);
	ticket_pending(t, u, 9);
	ticket_settle(t, 9, false);
	assert_null(ticket_find(t, two, NOW));
	slab_free(t);
}

/* Whoever waited for a code went away: the same ticket serves the next who sends it, others keep their place. */
static void test_tickets_of_a_lost_connection_are_unused(void **state)
{
	struct tickets *t = tickets_new();
	uint8_t one[16] = { 1 }, two[16] = { 2 }, three[16] = { 3 };
	struct connection lost = { .fd = -1 }, other = { .fd = -1 };
	struct ticket_use *u;

	ticket_add(t, one, NOW)->by = &lost;
	ticket_add(t, two, NOW)->by = &other;
	u = ticket_add(t, three, NOW);
	u->by = &lost;
	u->state = TICKET_PENDING;
	tickets_abandon(t, &lost);
	assert_null(ticket_find(t, one, NOW));
	assert_non_null(ticket_find(t, two, NOW));
	assert_ptr_equal(ticket_find(t, three, NOW), u);
	slab_free(t);
}

static void test_throttle_slows_an_account_and_never_locks_it(void **state)
{
	struct throttle *t = throttle_new();
	struct sv login = SV("somebody");

	for (int i = 0; i < 5; i++)
		throttle_wrong(t, login, true, NOW);
	assert_int_equal(throttle_wait_s(t, login, true, NOW), 0);
	throttle_wrong(t, login, true, NOW);
	assert_true(throttle_wait_s(t, login, true, NOW) > 0);
	for (int i = 0; i < 100; i++)
		throttle_wrong(t, login, true, NOW);
	assert_true(throttle_wait_s(t, login, true, NOW) <= 60);
	assert_int_equal(throttle_wait_s(t, SV("another"), true, NOW), 0);
	throttle_right(t, login);
	assert_int_equal(throttle_wait_s(t, login, true, NOW), 0);
	for (int i = 0; i < 30; i++) {
		assert_true(throttle_code_allowed(t, NOW));
		throttle_code_wrong(t, NOW);
	}
	assert_false(throttle_code_allowed(t, NOW));
	assert_true(throttle_code_allowed(t, NOW + MINUTE_MS));
	heap_free(t);
}

/* The clock went back an hour: what was slowed waits no longer than before, a session does not live longer, a ticket's code not either. */
static void test_clock_set_back_moves_every_moment(void **state)
{
	static const uint8_t form[16] = { 1 };
	struct throttle *t = throttle_new();
	struct sessions *l = sessions_new();
	struct tickets *k = tickets_new();
	struct id user = { { 7 } };
	struct token staff, ended;
	struct session *x;

	for (int i = 0; i < 40; i++)
		throttle_wrong(t, SV("somebody"), true, NOW);
	throttle_set_back(t, HOUR_MS);
	assert_in_range(throttle_wait_s(t, SV("somebody"), true, NOW - HOUR_MS), 1, 60);
	assert_int_equal(throttle_wait_s(t, SV("somebody"), true, NOW - HOUR_MS + MINUTE_MS), 0);

	assert_non_null(session_begin(l, SESSION_STAFF, user, NOW, &staff));
	x = session_begin(l, SESSION_STAFF, user, NOW, &ended);
	session_end(l, x, true, NOW);
	sessions_set_back(l, HOUR_MS);
	assert_non_null(session_find(l, &staff, NOW - HOUR_MS));
	assert_non_null(session_find(l, &staff, NOW - HOUR_MS + 15 * MINUTE_MS - 1));
	assert_null(session_find(l, &staff, NOW - HOUR_MS + 15 * MINUTE_MS));
	assert_non_null(session_ended(l, &ended, NOW - HOUR_MS));
	assert_null(session_ended(l, &ended, NOW + 11 * HOUR_MS));

	ticket_add(k, form, NOW)->state = TICKET_USED;
	tickets_set_back(k, HOUR_MS);
	assert_non_null(ticket_find(k, form, NOW));
	assert_null(ticket_find(k, form, NOW + HOUR_MS));
	heap_free(t);
	sessions_free(l);
	slab_free(k);
}

/* However many names are tried, a member's own count stays, and other members are not slowed. */
static void test_throttle_is_not_washed_out_by_other_names(void **state)
{
	struct throttle *t = throttle_new();
	char name[32];

	for (int i = 0; i < 7; i++)
		throttle_wrong(t, SV("somebody"), true, NOW);
	for (int i = 0; i < 50000; i++)
		throttle_wrong(t, sv_bytes(name, (size_t)snprintf(name, sizeof(name), "nobody-%d", i)), false, NOW);
	for (int i = 0; i < 1000; i++)
		throttle_wrong(t, sv_bytes(name, (size_t)snprintf(name, sizeof(name), "member-%d", i)), true, NOW);
	assert_true(throttle_wait_s(t, SV("somebody"), true, NOW) > 0);
	assert_int_equal(throttle_wait_s(t, SV("another"), true, NOW), 0);
	heap_free(t);
}

static void test_only_staff_sessions_keep_a_cache(void **state)
{
	static struct service s;
	struct session staff = { .kind = SESSION_STAFF }, code = { .kind = SESSION_REPORTER };
	const struct held_key k = { .key = id_new() };
	struct key dek = { { 7 } }, back = { { 0 } };

	s.bench = slab_new(sizeof(*s.bench));
	cache_keep(&s, &staff, &k, &dek);
	assert_true(cache_find(&s, &staff, &k, &back));
	assert_memory_equal(back.b, dek.b, sizeof(dek.b));
	cache_keep(&s, &code, &k, &dek);
	assert_false(cache_find(&s, &code, &k, &back));
	assert_null(code.cache);
	heap_free(staff.cache);
	slab_free(s.bench);
}

static void test_frames_of_a_long_message(void **state)
{
	static uint8_t frame[WIRE_HEAD + WIRE_PAYLOAD];
	const struct frame_head h = { 5, CALL_SEAL, 0, WIRE_PAYLOAD + 10, 0 };
	struct frame_head lie = h;
	struct assembly a = { 0 };
	struct sv piece;
	uint32_t at;
	bool whole;

	frame_write(frame, &h);
	assert_int_equal(frame_take(&a, sv_bytes(frame, sizeof(frame)), &piece, &at, &whole), OK);
	assert_false(whole);
	lie.number = 6; /* another message in between */
	frame_write(frame, &lie);
	assert_int_equal(frame_take(&a, sv_bytes(frame, WIRE_HEAD + 10), &piece, &at, &whole), E_IO);
	frame_write(frame, &h);
	assert_int_equal(frame_take(&a, sv_bytes(frame, WIRE_HEAD + 9), &piece, &at, &whole), E_IO);
	assert_int_equal(frame_take(&a, sv_bytes(frame, WIRE_HEAD + 10), &piece, &at, &whole), OK);
	assert_true(whole);
	assert_int_equal(at, WIRE_PAYLOAD);
}

static void test_seal_request_survives_every_cut(void **state)
{
	struct arena *a = arena_new(0);
	struct seal_part part = { .record = id_new(),
				  .dossier = id_new(),
				  .type = 2,
				  .class = REPORT,
				  .version = 1,
				  .first = true,
				  .plain = SV("words"),
				  .history = SV("before") };
	const struct right_change right = { .what = RIGHT_CREATE, .kind = DOSSIER_REPORT, .dossier = id_new() };
	struct public_report p = { .region = 3 };
	struct seal_set set = { .event = EV_WRITE,
				.parts = &part,
				.part_count = 1,
				.rights = &right,
				.right_count = 1,
				.report = &p },
			back;
	struct buf b = buf_new(a, 64, WIRE_MESSAGE_MAX);

	put_seal_request(&b, &set);
	for (size_t n = 0; n <= b.n; n++) {
		struct reader r = reader_of(sv_bytes(b.p, n));

		back = (struct seal_set){ .part_count = 0 };
		get_seal_request(&r, a, &back);
		assert_int_equal(r.bad, n < b.n);
	}
	assert_true(sv_is(back.parts[0].plain, "words"));
	assert_true(sv_is(back.parts[0].history, "before"));
	assert_int_equal(back.report->region, 3);
	assert_true(id_equal(back.rights[0].dossier, right.dossier));
	arena_free(a);
}

/* --- T-INT-2 ---------------------------------------------------------------------------------------------------------------------- */

struct seen {
	uint64_t steps, leaves;
	size_t bytes;
	enum status status;
};

static struct seen ask(struct service *s, enum call call, struct sv body)
{
	struct buf out = buf_new(s->arena, 64, 1024);
	struct request r = { .call = call, .out = &out, .body = reader_of(body) };
	struct seen seen = { .steps = db_steps(s->db), .leaves = s->journal.tree.size };

	(void)dispatch(s, &r);
	assert_true(r.wait);
	argon_submit(s->argon, r.job);
	do
		r.job = argon_done(s->argon);
	while (r.job == NULL);
	r.wait = false;
	r.body = reader_of(body);
	seen.status = dispatch(s, &r);
	argon_release(s->argon, r.job);
	seen.bytes = out.n;
	seen.steps = db_steps(s->db) - seen.steps;
	seen.leaves = s->journal.tree.size - seen.leaves;
	return seen;
}

static struct seen ask_mailbox(struct service *s, const char *code)
{
	struct buf body = buf_new(s->arena, 64, 256);

	put_bytes(&body, sv_of(code));
	return ask(s, CALL_MAILBOX, buf_view(&body));
}

static struct seen ask_login(struct service *s, struct sv login)
{
	struct buf body = buf_new(s->arena, 64, 256);

	put_bytes(&body, login);
	put_bytes(&body, SV("not the pass phrase"));
	buf_zeros(&body, 32); /* no device */
	return ask(s, CALL_LOGIN, buf_view(&body));
}

/* In a helper: does it see any page but the one of its own job? */
static enum status sees_one_page(void)
{
	char line[512], *end;
	unsigned long long from, bytes = 0;
	FILE *maps = fopen("/proc/self/maps", "r");

	if (maps == NULL)
		return E_IO;
	while (fgets(line, sizeof(line), maps) != NULL)
		if (strstr(line, " rw-s ") != NULL) {
			from = strtoull(line, &end, 16);
			bytes += strtoull(end + 1, NULL, 16) - from;
		}
	fclose(maps);
	return bytes > 0 && bytes < sizeof(struct job) + 4096 ? OK : E_STATE;
}

/* A helper that is not shut in ends, and this program with it. */
static void test_a_helper_sees_its_own_job_alone(void **state)
{
	struct argon *a;
	struct job *jobs[3];
	size_t done = 0;
	int ready;

	assert_int_equal(argon_start(&a, 3, sees_one_page, &ready), OK);
	for (size_t i = 0; i < 3; i++) {
		jobs[i] = argon_reserve(a, QUEUE_LOGIN, 0);
		assert_non_null(jobs[i]);
		jobs[i]->kind = JOB_STRETCH;
		jobs[i]->secret_n = i + 1;
		jobs[i]->t = SLOT_T;
		jobs[i]->m_kib = SLOT_M_DEMO_KIB;
		argon_submit(a, jobs[i]);
	}
	while (done < 3) {
		struct pollfd p = { .fd = ready, .events = POLLIN };
		struct job *j;

		assert_int_equal(poll(&p, 1, 60000), 1);
		while ((j = argon_done(a)) != NULL) {
			assert_int_equal(j->status, OK);
			argon_release(a, j);
			done++;
		}
	}
	argon_stop(a);
}

static void test_T_INT_2_right_and_wrong_code_take_the_same_steps(void **state)
{
	static struct test_instance t;
	static struct test_house h;
	static struct service s;
	struct public_report p = new_ticket();
	struct stored_part sent;
	struct seen right, wrong;
	char other[21];
	int ready;

	instance_make(&t);
	house_found(&t, &h, "noor");
	route_all(&t, h.id, ID_ZERO);
	assert_int_equal(report_send(&t, &t.ctx, &p, id_new(), "words", &sent, true), OK);
	instance_stop(&t, SIGTERM);
	assert_int_equal(argon_start(&s.argon, 1, NULL, &ready), OK);
	assert_int_equal(service_open(&s, t.dir), OK);
	assert_int_equal(batch_begin(&s), OK);
	code_new(other);
	right = ask_mailbox(&s, p.code);
	wrong = ask_mailbox(&s, other);
	assert_int_equal(right.status, OK);
	assert_int_equal(wrong.status, E_DENIED);
	assert_int_equal(right.steps, wrong.steps);
	assert_int_equal(right.leaves, wrong.leaves);
	assert_int_equal(right.bytes, wrong.bytes);
	right = ask_login(&s, sv_of(h.people[DESK].login)); /* a wrong password of a member, and a name of nobody */
	wrong = ask_login(&s, SV("nobody-of-this-name"));
	assert_int_equal(right.status, E_DENIED);
	assert_int_equal(wrong.status, E_DENIED);
	assert_int_equal(right.steps, wrong.steps);
	assert_int_equal(right.leaves, wrong.leaves);
	argon_stop(s.argon);
	service_close(&s);
	instance_end(&t);
}

/* --- T-ACC-1 ---------------------------------------------------------------------------------------------------------------------- */

/* How an actor stands to a dossier, as rows say it. */
enum { R_OWNER = 1, R_DESK = 2, R_FALLBACK = 4, R_DANGER = 8, R_ASSIGNED = 16, R_QUEUE = 32, R_MADE = 64, R_ALL = 128 };
enum gate { GATE_NONE, GATE_USER_BLOCKED, GATE_HOUSE_BLOCKED, GATE_LOCKED, GATE_NAMED, GATE_INACTIVE, GATE_COUNT };

struct standing {
	struct who who;
	struct dossier d;
	struct id blocked;
};

static void stand(struct standing *x, enum role role, unsigned relation, enum gate gate)
{
	*x = (struct standing){ .who = { .kind = ACTOR_STAFF,
					 .user = { { 1 } },
					 .organisation = { { 2 } },
					 .roles = ROLE_BIT(role),
					 .active = gate != GATE_INACTIVE },
				.d = { .row = { .id = { { 3 } },
						.owner = { { relation & R_OWNER ? 2 : 9 } },
						.desk = { { relation & R_DESK ? 2 : 9 } },
						.fallback = { { relation & R_FALLBACK ? 2 : 0 } },
						.creator = { { relation & R_MADE ? 1 : 9 } },
						.kind = DOSSIER_REPORT,
						.stage = relation & R_QUEUE ? STAGE_QUEUE : STAGE_ASSIGNED,
						.locked = gate == GATE_LOCKED || gate == GATE_NAMED,
						.danger = (relation & R_DANGER) != 0,
						.day = NOW } },
				.blocked = { { gate == GATE_USER_BLOCKED ? 1 : 2 } } };
	x->d.assigned = &x->who.user;
	x->d.assigned_n = (relation & R_ASSIGNED) != 0;
	x->d.named = &x->who.user;
	x->d.named_n = gate == GATE_NAMED;
	x->d.blocked = &x->blocked;
	x->d.blocked_n = gate == GATE_USER_BLOCKED || gate == GATE_HOUSE_BLOCKED;
}

/* What the matrix and sealed design 11 say of it, thought out again: grants, rosters, reasons and bound wraps are not there yet. */
static bool should(enum role role, enum class class, enum op op, unsigned relation, enum gate gate)
{
	const struct cell cell = policy_cell(role, class);
	const bool desk = (relation & R_DESK) || ((relation & R_FALLBACK) && (relation & R_DANGER));
	const bool ours = desk || (relation & R_OWNER);
	bool near;

	if (!(cell.ops & (unsigned)op) || !ours || role >= ROLE_PERSON)
		return false;
	if (gate != GATE_NONE && gate != GATE_NAMED)
		return false;
	if (cell.conditions & ~(unsigned)COND_QUEUE)
		return false;
	if (cell.conditions & COND_QUEUE)
		return (desk && (relation & R_QUEUE)) || (relation & R_MADE);
	near = (relation & R_ASSIGNED) || role == ROLE_SUPERVISOR;
	return near || (role == ROLE_DESK && desk && (class == REPORT || class == DIALOG));
}

static void test_T_ACC_1_rows_make_the_question(void **state)
{
	static struct service s = { .now = NOW };
	static const enum op ops[] = { OP_READ, OP_WRITE, OP_SIGN };
	size_t allowed = 0;

	for (unsigned role = 0; role < ROLE_COUNT; role++)
		for (unsigned relation = 0; relation < R_ALL; relation++)
			for (unsigned gate = 0; gate < GATE_COUNT; gate++) {
				struct standing x;

				stand(&x, (enum role)role, relation, (enum gate)gate);
				for (unsigned class = 1; class < CLASS_COUNT; class ++)
					for (size_t o = 0; o < sizeof(ops) / sizeof(ops[0]); o++) {
						bool yes = may(&s, &x.who, &x.d, ops[o], (enum class) class, false);

						assert_int_equal(yes, should((enum role)role, (enum class) class, ops[o], relation,
									     (enum gate)gate));
						allowed += yes;
					}
			}
	assert_true(allowed > 1000);
}

/* A code: its own dossier, REPORT to write and DIALOG to read, and nothing of anybody else's whatever the rows say. */
static void test_T_ACC_1_a_code_and_its_dossier(void **state)
{
	static struct service s = { .now = NOW };

	for (unsigned relation = 0; relation < R_ALL; relation++)
		for (unsigned own = 0; own < 2; own++)
			for (unsigned class = 1; class < CLASS_COUNT; class ++) {
				struct standing x;

				stand(&x, ROLE_REPORTER, relation, GATE_NONE);
				x.who.kind = ACTOR_REPORTER;
				x.who.own = own ? x.d.row.id : (struct id){ { 8 } };
				assert_int_equal(may(&s, &x.who, &x.d, OP_READ, (enum class) class, false), own && class == DIALOG);
				assert_int_equal(may(&s, &x.who, &x.d, OP_WRITE, (enum class) class, false),
						 own && class == REPORT);
			}
}

/* --- shares ----------------------------------------------------------------------------------------------------------------------- */

/* A new share of a number whose last one is still to be destroyed (a set was void, and is tried again at once): it is made, and outlives
 * the destruction of the other. One that lives is never written over. */
static void test_a_share_made_anew_outlives_the_note_of_the_old_one(void **state)
{
	static struct test_instance t;
	static struct service s;
	struct id dossier = id_new();

	instance_make(&t);
	instance_stop(&t, SIGTERM);
	assert_int_equal(service_open(&s, t.dir), OK);
	assert_int_equal(batch_begin(&s), OK);
	assert_int_equal(share_add(&s, dossier, 1), OK);
	assert_int_equal(share_due(&s, dossier, 1), OK);
	assert_int_equal(share_add(&s, dossier, 1), OK);
	assert_int_equal(share_add(&s, dossier, 1), E_STORE);
	assert_int_equal(batch_commit(&s), OK);
	assert_int_equal(shares_shred(&s), OK);
	service_close(&s);
	assert_int_equal(db_number(&t, "shred.db", "SELECT count(*) FROM share"), 1);
	assert_int_equal(db_number(&t, "keeper.db", "SELECT count(*) FROM due"), 0);
	instance_end(&t);
}

/* --- a year later --------------------------------------------------------------------------------------------------------------------- */

/* The member's own keys into the bench, as a login does. */
static void secrets_of(struct service *s, const struct test_person *p)
{
	struct sv slot = SV_NONE;
	uint8_t stretched[32];
	struct slot_head head;

	assert_int_equal(row_get(s, ROW_SLOT, row_object(ROW_SLOT, p->user, ID_ZERO, SLOT_PASSWORD), &slot), OK);
	assert_int_equal(amp1_head(slot, &head), OK);
	assert_int_equal(slot_stretch(stretched, SV(TEST_PASSWORD), head.salt, head.argon_t, head.argon_m_kib), OK);
	assert_int_equal(amp1_open(s->bench->payload, slot, stretched, s->vault->pepper[0]), OK);
	s->bench->capsule = (struct capsule){ .count = 0 };
	memcpy(s->bench->capsule.sk, s->bench->payload, 32);
	assert_int_equal(secrets_read(s, member_by_user(s, p->user)), OK);
}

static void a_login(struct service *s, const struct test_person *p)
{
	secrets_of(s, p);
	assert_int_equal(work_off(s, member_by_user(s, p->user)), OK);
}

/* Keys of compartments run for a year. The next one is there before, and what was sealed to the old one is read for ever. */
/* A compartment certificate of the thief's own in the keeper's rows, newer than the real one and with a leaf as any row has it. */
static void forge(struct service *s, struct id organisation, struct id issuer, const uint8_t seed[32])
{
	struct act act = { .event = EV_CERTIFY, .organisation = organisation };
	struct cert cert = { .type = CERT_COMPARTMENT,
			     .flags = C_DESK,
			     .id = id_new(),
			     .subject = id_new(),
			     .organisation = organisation,
			     .epoch = 99,
			     .not_before = (uint64_t)(s->now / SECOND_MS) - 10,
			     .not_after = (uint64_t)(s->now / SECOND_MS) + 1000000,
			     .issuer = issuer };
	struct row row = { ROW_CERT, cert.id, organisation, SV_NONE };
	struct cert_row body = { .revoked = false };
	uint8_t sk[32], space[ROW_BODY_MAX];
	struct buf b = buf_over(space, sizeof(space));

	random_fill(sk, sizeof(sk));
	x25519_public(cert.x25519, sk);
	assert_int_equal(amc1_sign(body.bytes, &cert, seed), OK);
	write_cert(&b, &body);
	row.body = buf_view(&b);
	assert_int_equal(row_put(s, &act, &row), OK);
}

static void test_T_KEY_3_no_wrap_to_a_forged_certificate(void **state)
{
	static struct test_instance t;
	static struct test_house h, foreign;
	static struct service s;
	uint8_t thief[32], seed[32];
	struct id real, issuer, other;

	instance_make(&t);
	house_found(&t, &h, "noor");
	house_found(&t, &foreign, "bab");
	instance_stop(&t, SIGTERM);
	assert_int_equal(service_open(&s, t.dir), OK);
	assert_int_equal(batch_begin(&s), OK);
	random_fill(thief, sizeof(thief));
	real = compartment_cert(&s, h.id, C_DESK)->id;
	issuer = organisation_cert(&s, h.id)->id;
	secrets_of(&s, &foreign.people[OFFICER]);
	other = organisation_cert(&s, foreign.id)->id;
	assert_int_equal(identity_seed(&s, member_by_user(&s, foreign.people[OFFICER].user), other, seed), OK);
	forge(&s, h.id, issuer, thief);   /* signed by nobody we know, said to be ours */
	forge(&s, h.id, id_new(), thief); /* of an issuer nobody knows */
	forge(&s, h.id, other, seed);     /* signed well, by another house */
	forge(&s, h.id, real, thief);     /* of an issuer that signs nothing */
	assert_int_equal(directory_load(&s), OK);
	assert_true(id_equal(compartment_cert(&s, h.id, C_DESK)->id, real));
	forge(&s, foreign.id, other, seed); /* the control: what the house itself signed counts */
	assert_int_equal(directory_load(&s), OK);
	assert_int_equal(compartment_cert(&s, foreign.id, C_DESK)->epoch, 99);
	service_close(&s);
	instance_end(&t);
}

static void test_compartments_outlive_their_certificates(void **state)
{
	static struct test_instance t;
	static struct test_house h;
	static struct service s;
	uint32_t held;
	struct id first;

	instance_make(&t);
	house_found(&t, &h, "noor");
	instance_stop(&t, SIGTERM);
	assert_int_equal(service_open(&s, t.dir), OK);
	assert_int_equal(batch_begin(&s), OK);
	secrets_of(&s, &h.people[DESK]);
	held = s.bench->capsule.count;
	assert_true(held > 0);
	first = compartment_cert(&s, h.id, C_DESK)->id;
	a_login(&s, &h.people[SUPERVISOR]);
	assert_int_equal(s.directory.waiting_n, 0); /* nothing to renew yet */
	s.now += INT64_C(400) * DAY_MS;
	assert_null(
		compartment_cert(&s, h.id, C_DESK)); /* nothing new to a key out of time, even before the directory is read again */
	assert_int_equal(directory_load(&s), OK);
	assert_null(compartment_cert(&s, h.id, C_DESK));
	secrets_of(&s, &h.people[DESK]);
	assert_int_equal(s.bench->capsule.count, held);
	s.now -= INT64_C(100) * DAY_MS;
	assert_int_equal(directory_load(&s), OK);
	assert_true(id_equal(compartment_cert(&s, h.id, C_DESK)->id, first));
	a_login(&s, &h.people[SUPERVISOR]);
	a_login(&s, &h.people[OFFICER]);
	assert_int_equal(compartment_cert(&s, h.id, C_DESK)->epoch, 2);
	assert_false(id_equal(compartment_cert(&s, h.id, C_DESK)->id, first));
	secrets_of(&s, &h.people[DESK]);
	assert_int_equal(s.bench->capsule.count, 2 * held);
	assert_non_null(capsule_secret(&s.bench->capsule, first));
	service_close(&s);
	instance_end(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sessions_end_by_idleness_and_age),
		cmocka_unit_test(test_tickets_forget_codes_and_serve_once),
		cmocka_unit_test(test_tickets_of_a_lost_connection_are_unused),
		cmocka_unit_test(test_throttle_slows_an_account_and_never_locks_it),
		cmocka_unit_test(test_clock_set_back_moves_every_moment),
		cmocka_unit_test(test_throttle_is_not_washed_out_by_other_names),
		cmocka_unit_test(test_only_staff_sessions_keep_a_cache),
		cmocka_unit_test(test_frames_of_a_long_message),
		cmocka_unit_test(test_seal_request_survives_every_cut),
		cmocka_unit_test(test_a_helper_sees_its_own_job_alone),
		cmocka_unit_test(test_T_INT_2_right_and_wrong_code_take_the_same_steps),
		cmocka_unit_test(test_a_share_made_anew_outlives_the_note_of_the_old_one),
		cmocka_unit_test(test_T_ACC_1_rows_make_the_question),
		cmocka_unit_test(test_T_ACC_1_a_code_and_its_dossier),
		cmocka_unit_test(test_T_KEY_3_no_wrap_to_a_forged_certificate),
		cmocka_unit_test(test_compartments_outlive_their_certificates),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
