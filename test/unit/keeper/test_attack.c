/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a hostile reader of the keeper tried: rows moved behind its back, sets whose fates cross, calls that leave no leaf, tables filled by
 * strangers. Two houses, one living keeper. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "crypto/formats.h"
#include "tamper.h"

static struct test_instance t;
static struct test_house noor, bab;
static struct ctx desk, other, manager, supervisor;

static struct id new_report(struct stored_part *sent, struct public_report *p)
{
	struct id dossier = id_new();

	*p = new_ticket();
	t.ctx.error = (struct error){ 0 };
	assert_int_equal(report_send(&t, &t.ctx, p, dossier, "somebody is held", sent, true), OK);
	return dossier;
}

/* One right, sealed and not settled yet. */
static enum status begin_right(struct ctx *c, struct right_change change, uint64_t *first)
{
	struct seal_set set = { .event = EV_WRITE, .rights = &change, .right_count = 1 };

	c->error = (struct error){ 0 };
	TRY(keeper_seal(c, &set));
	*first = set.first_seq;
	return OK;
}

static void settle(struct ctx *c, uint64_t first, bool in_force)
{
	const struct settled s = { first, in_force };
	struct instance i;

	assert_int_equal(keeper_settle(c->keeper, &s, 1), OK);
	assert_int_equal(keeper_instance(c, &i), OK); /* one connection, in order: it is worked off */
}

static void right(struct ctx *c, struct right_change change)
{
	uint64_t first;

	assert_int_equal(begin_right(c, change, &first), OK);
	settle(c, first, true);
}

static void log_all_in(void)
{
	house_login(&t, &noor);
	house_login(&t, &bab);
	ctx_for(&t, &desk, &noor.people[DESK].actor);
	ctx_for(&t, &manager, &noor.people[CASE_MANAGER].actor);
	ctx_for(&t, &supervisor, &noor.people[SUPERVISOR].actor);
	ctx_for(&t, &other, &bab.people[DESK].actor);
}

static void hang_up(void)
{
	ctx_close(&desk);
	ctx_close(&manager);
	ctx_close(&supervisor);
	ctx_close(&other);
}

static void restart(const char *edit)
{
	hang_up();
	instance_stop(&t, SIGTERM);
	if (edit != NULL)
		db_do(&t, "keeper.db", edit);
	instance_start(&t);
	log_all_in();
}

/* --- rows --------------------------------------------------------------------------------------------------------------------------- */

/* A genuine assignment, hung under another dossier by whoever writes keeper.db. */
static void test_T_PRIV_4_row_moved_to_another_dossier(void **state)
{
	struct stored_part mine, foreign;
	struct public_report p;
	struct id given = new_report(&mine, &p), wanted = new_report(&foreign, &p);
	char a[33], b[33], edit[300];
	int64_t alarms;

	right(&supervisor, (struct right_change){ .what = RIGHT_ASSIGN, .dossier = given, .user = noor.people[CASE_MANAGER].user });
	assert_int_equal(part_open(&manager, OPEN_DOSSIER, &mine, NULL), OK);
	assert_int_equal(part_open(&manager, OPEN_DOSSIER, &foreign, NULL), E_DENIED);
	id_hex(given, a);
	id_hex(wanted, b);
	snprintf(edit, sizeof(edit), "UPDATE row SET parent=x'%s' WHERE parent=x'%s' AND kind=%d", b, a, ROW_ASSIGN);
	restart(edit);
	alarms = leaf_count(&t, EV_ALARM);
	assert_int_equal(part_open(&manager, OPEN_DOSSIER, &foreign, NULL), E_DENIED);
	assert_true(leaf_count(&t, EV_ALARM) > alarms);
	snprintf(edit, sizeof(edit), "UPDATE row SET parent=x'%s' WHERE parent=x'%s' AND kind=%d", a, b, ROW_ASSIGN);
	restart(edit);
	assert_int_equal(part_open(&manager, OPEN_DOSSIER, &mine, NULL), OK);
	assert_int_equal(part_open(&desk, OPEN_DOSSIER, &foreign, NULL), OK);
}

/* What a set found before it is kept in a table until its fate is known. Whoever writes that table has the keeper bring back what was ended. */
static void test_T_PRIV_4_what_a_void_brings_back_is_in_the_journal(void **state)
{
	const struct test_person *p = &bab.people[CASE_MANAGER];
	struct stored_part sent;
	struct public_report r;
	struct id held = new_report(&sent, &r), free = new_report(&sent, &r);
	struct right_change give = { .what = RIGHT_ASSIGN, .dossier = held, .user = noor.people[CASE_MANAGER].user };
	struct sv member = row_body(&t, ROW_MEMBER, p->user);
	char edit[1500], body[1000], user[33], object[33], dossier[33];
	int64_t alarms;
	uint64_t first = 0;

	id_hex(free, dossier);
	/* A report called one that the void set made: its share would be destroyed. */
	assert_int_equal(begin_right(&supervisor, give, &first), OK);
	snprintf(edit, sizeof(edit), "INSERT INTO undo VALUES(%llu, -1, %d, x'%s', x'%s', NULL, x'%s')", (unsigned long long)first,
		 ROW_DOSSIER, dossier, dossier, dossier);
	db_do(&t, "keeper.db", edit);
	settle(&supervisor, first, false);
	restart(NULL);
	assert_int_equal(part_open(&desk, OPEN_DOSSIER, &sent, NULL), OK);
	/* A member frozen meanwhile. */
	assert_int_equal(begin_right(&supervisor, give, &first), OK);
	assert_int_equal(admin_freeze(&t.admin, sv_of(p->login), true), OK);
	for (size_t i = 0; i < member.n; i++)
		snprintf(body + 2 * i, 3, "%02x", (uint8_t)member.p[i]);
	id_hex(p->user, user);
	snprintf(edit, sizeof(edit),
		 "INSERT INTO undo SELECT %llu, 900, kind, object, parent, x'%s', zeroblob(16) FROM row WHERE kind=%d"
		 " AND object=x'%s'",
		 (unsigned long long)first, body, ROW_MEMBER, user);
	db_do(&t, "keeper.db", edit);
	alarms = leaf_count(&t, EV_ALARM);
	settle(&supervisor, first, false);
	assert_true(leaf_count(&t, EV_ALARM) > alarms);
	assert_int_equal(admin_freeze(&t.admin, sv_of(p->login), true), E_STATE); /* frozen as before */
	/* An assignment nobody ever made, in a dossier the set does not touch. */
	give.user = noor.people[DESK].user;
	right(&supervisor, give);
	assert_int_equal(begin_right(&supervisor,
				     (struct right_change){ .what = RIGHT_UNASSIGN, .dossier = held, .user = give.user }, &first),
			 OK);
	snprintf(edit, sizeof(edit),
		 "INSERT INTO undo SELECT %llu, 900, kind, x'%s', x'%s', body, x'%s' FROM undo WHERE first=%llu",
		 (unsigned long long)first, dossier, dossier, dossier, (unsigned long long)first);
	db_do(&t, "keeper.db", edit);
	settle(&supervisor, first, false);
	snprintf(edit, sizeof(edit), "SELECT count(*) FROM row WHERE kind=%d AND parent=x'%s'", ROW_ASSIGN, dossier);
	assert_int_equal(db_number(&t, "keeper.db", edit), 0);
	id_hex(held, object); /* what it did change comes back */
	snprintf(edit, sizeof(edit), "SELECT count(*) FROM row WHERE kind=%d AND parent=x'%s'", ROW_ASSIGN, object);
	assert_int_equal(db_number(&t, "keeper.db", edit), 1);
}

/* A write that stands, called the write of a set that is void. */
static void test_T_BIND_2_what_a_void_takes_back_is_in_the_journal(void **state)
{
	struct stored_part sent;
	struct public_report r;
	struct id dossier = new_report(&sent, &r);
	char edit[400], object[33];
	uint64_t first = 0;

	assert_int_equal(part_open(&desk, OPEN_DOSSIER, &sent, NULL), OK);
	assert_int_equal(begin_right(&desk, (struct right_change){ .what = RIGHT_LOCK, .dossier = dossier, .user = desk.who->user },
				     &first),
			 OK);
	id_hex(dossier, object);
	snprintf(edit, sizeof(edit),
		 "INSERT INTO pending SELECT leaf, %llu, record, type, class, dossier, version, hash FROM head"
		 " WHERE dossier=x'%s'",
		 (unsigned long long)first, object);
	db_do(&t, "keeper.db", edit);
	settle(&desk, first, false);
	assert_int_equal(part_open(&desk, OPEN_DOSSIER, &sent, NULL), OK);
}

/* --- fates that cross ------------------------------------------------------------------------------------------------------------------ */

struct second {
	struct ctx c;
	struct right_change change;
	uint64_t first;
	enum status status;
};

static void *seal_second(void *arg)
{
	struct second *s = arg;

	s->status = begin_right(&s->c, s->change, &s->first);
	return NULL;
}

/* A stage is changed and not settled; meanwhile the report is locked. The lock waits; then the stage is void, and the lock stands. */
static void test_void_of_the_older_set_leaves_the_newer_one(void **state)
{
	struct stored_part sent;
	struct public_report p;
	struct id dossier = new_report(&sent, &p);
	struct second lock = { .change = { .what = RIGHT_LOCK, .dossier = dossier, .user = noor.people[SUPERVISOR].user } };
	struct verify_report v;
	pthread_t thread;
	uint64_t first;

	ctx_for(&t, &lock.c, &noor.people[SUPERVISOR].actor);
	lock.c.arena = arena_new(0);
	assert_int_equal(begin_right(&desk, (struct right_change){ .what = RIGHT_STAGE, .dossier = dossier, .amount = STAGE_ENDED },
				     &first),
			 OK);
	assert_int_equal(pthread_create(&thread, NULL, seal_second, &lock), 0);
	usleep(100000); /* most likely it waits by now; if not, it comes after in any case */
	settle(&desk, first, false);
	pthread_join(thread, NULL);
	assert_int_equal(lock.status, OK);
	settle(&lock.c, lock.first, true);
	assert_int_equal(part_open(&desk, OPEN_DOSSIER, &sent, NULL), E_DENIED);
	assert_int_equal(part_open(&supervisor, OPEN_DOSSIER, &sent, NULL), OK);
	assert_int_equal(keeper_verify(&t.ctx, t.dir, NULL, NULL, &v), OK);
	assert_int_equal(v.wrong, 0);
	ctx_close(&lock.c);
	arena_free(lock.c.arena);
}

/* Nobody settles the first one: the second is told to come back, and its connection lives. */
static void test_waiting_for_a_set_ends_with_busy(void **state)
{
	struct stored_part sent;
	struct public_report p;
	struct right_change end = { .what = RIGHT_STAGE, .dossier = new_report(&sent, &p), .amount = STAGE_ENDED };
	struct instance i;
	uint64_t first = 0, second = 0;

	assert_int_equal(begin_right(&desk, end, &first), OK);
	assert_int_equal(begin_right(&supervisor, end, &second), E_BUSY);
	supervisor.error = (struct error){ 0 };
	assert_int_equal(keeper_instance(&supervisor, &i), OK);
	settle(&desk, first, true);
	assert_int_equal(begin_right(&supervisor, end, &second), OK);
	settle(&supervisor, second, true);
}

/* A set of new versions of parts, not settled. */
static void seal_versions(struct ctx *c, const struct stored_part *const *old, size_t n, const char *text, uint64_t version,
			  struct stored_part *out)
{
	struct seal_part parts[2];
	struct seal_set set = { .event = EV_WRITE, .parts = parts, .part_count = n };

	for (size_t i = 0; i < n; i++)
		parts[i] = (struct seal_part){ .record = old[i]->part.record,
					       .dossier = old[i]->part.dossier,
					       .type = old[i]->part.type,
					       .class = old[i]->part.class,
					       .schema = 1,
					       .version = version,
					       .key = &old[i]->keys[0],
					       .plain = sv_of(text) };
	assert_int_equal(keeper_seal(c, &set), OK);
	for (size_t i = 0; i < n; i++) {
		out[i] = *old[i];
		out[i].part.version = version;
		out[i].part.blob = arena_copy(c->arena, parts[i].blob);
	}
}

/* At the start of web: of the pending parts those whose blob is among `held` are stored. */
static void recover(const struct stored_part *held, size_t n)
{
	struct pending_part *parts;
	size_t pending;

	assert_int_equal(keeper_pending(&t.ctx, &parts, &pending), OK);
	for (size_t i = 0; i < pending; i++)
		for (size_t k = 0; k < n; k++) {
			uint8_t hash[32];

			hash32(hash, held[k].part.blob.p, held[k].part.blob.n);
			parts[i].stored = parts[i].stored || memcmp(hash, parts[i].hash, sizeof(hash)) == 0;
		}
	assert_int_equal(keeper_reconcile(&t.ctx, parts, pending), OK);
}

/* Two saves began on the same state; one of two records, the other of one. A kill before either is settled: whichever was committed, all
 * that the main database holds opens afterwards. */
static void test_recovery_tells_saves_side_by_side_apart(void **state)
{
	for (int committed = 0; committed < 3; committed++) {
		struct stored_part one, two, both[2], late;
		const struct stored_part *pair[2] = { &one, &two }, *single = &one;
		struct public_report p;
		struct id dossier = new_report(&one, &p);

		assert_int_equal(message_add(&desk, dossier, REPORT, "a second record", &two), OK);
		seal_versions(&desk, pair, 2, "both at once", 2, both);
		if (committed == 2) {
			pair[0] = &both[0];
			single = &both[0];
		}
		seal_versions(&desk, &single, 1, "one alone", committed == 2 ? 3 : 2, &late);
		restart(NULL);
		if (committed == 0) { /* the set of two, and not the other */
			recover(both, 2);
			one = both[0];
			two = both[1];
		} else if (committed == 1) { /* the one alone */
			recover(&late, 1);
			one = late;
		} else { /* both, one after the other */
			const struct stored_part held[2] = { late, both[1] };

			recover(held, 2);
			one = late;
			two = both[1];
		}
		assert_int_equal(part_open(&desk, OPEN_DOSSIER, &one, NULL), OK);
		assert_int_equal(part_open(&desk, OPEN_DOSSIER, &two, NULL), OK);
	}
}

/* --- codes ------------------------------------------------------------------------------------------------------------------------------ */

static struct ctx mailbox_of(struct actor *who, const char *code)
{
	struct ctx c;

	*who = (struct actor){ .kind = ACTOR_REPORTER };
	ctx_for(&t, &c, who);
	assert_int_equal(keeper_mailbox(&c, sv_of(code), &who->token), OK);
	return c;
}

/* A code writes words into its report. It neither ends nor blocks nor makes anything, whatever web says for it. */
static void test_T_PRIV_3_a_code_steers_nothing(void **state)
{
	struct stored_part sent;
	struct public_report p;
	struct actor reporter;
	struct id dossier = new_report(&sent, &p);
	const struct right_change lies[] = {
		{ .what = RIGHT_STAGE, .dossier = dossier, .amount = STAGE_ENDED },
		{ .what = RIGHT_BLOCK, .dossier = dossier, .organisation = bab.id },
		{ .what = RIGHT_UNASSIGN, .dossier = dossier, .user = noor.people[CASE_MANAGER].user },
		{ .what = RIGHT_ASSIGN, .dossier = dossier, .user = noor.people[CASE_MANAGER].user },
		{ .what = RIGHT_LOCK, .dossier = dossier },
		{ .what = RIGHT_TAKE, .dossier = dossier },
		{ .what = RIGHT_REDIRECT, .dossier = dossier, .organisation = bab.id },
		{ .what = RIGHT_NEW_CODE, .dossier = dossier },
		{ .what = RIGHT_CREATE, .dossier = id_new(), .kind = DOSSIER_REPORT },
		{ .what = RIGHT_CREATE, .dossier = id_new(), .kind = DOSSIER_PERSON },
	};
	struct ctx mail = mailbox_of(&reporter, p.code);
	uint64_t first;

	right(&supervisor,
	      (struct right_change){ .what = RIGHT_ASSIGN, .dossier = dossier, .user = noor.people[CASE_MANAGER].user });
	for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
		int64_t denied = leaf_count(&t, EV_DENIED);

		assert_int_equal(begin_right(&mail, lies[i], &first), E_DENIED);
		assert_int_equal(leaf_count(&t, EV_DENIED), denied + 1);
	}
	assert_int_equal(part_open(&manager, OPEN_DOSSIER, &sent, NULL), OK);
	ctx_close(&mail);
}

/* Somebody sits in the mailbox with the old code when the desk gives the reporter a new one. */
static void test_T_INT_9_session_of_the_old_code_ends_with_it(void **state)
{
	struct stored_part sent, answer, more;
	struct public_report p;
	struct actor reporter;
	struct id dossier = new_report(&sent, &p);
	const struct right_change fresh = { .what = RIGHT_NEW_CODE, .dossier = dossier };
	struct ctx mail = mailbox_of(&reporter, p.code);
	struct seal_set set = { .event = EV_WRITE, .rights = &fresh, .right_count = 1, .keys = answer.keys };
	struct actor me;

	assert_int_equal(message_add(&desk, dossier, DIALOG, "we are here", &answer), OK);
	assert_int_equal(message_add(&mail, dossier, REPORT, "still mine", &more), OK);
	set.key_count = answer.key_count;
	assert_int_equal(keeper_seal(&desk, &set), OK);
	settle(&desk, set.first_seq, true);
	assert_int_equal(message_add(&mail, dossier, REPORT, "not the reporter's words", &more), E_DENIED);
	mail.error = (struct error){ 0 };
	assert_int_equal(keeper_session(&mail, &reporter.token, &me), E_DENIED);
	ctx_close(&mail);
}

/* A file of the reporter's that was begun and did not come has left a key behind that lies nowhere: the report still moves on. */
static void test_a_key_of_no_file_does_not_hold_a_report(void **state)
{
	struct stored_part sent;
	struct public_report p;
	struct actor reporter;
	struct id dossier = new_report(&sent, &p);
	const struct right_change move = { .what = RIGHT_REDIRECT, .dossier = dossier, .organisation = bab.id };
	struct seal_set set = { .event = EV_WRITE, .rights = &move, .right_count = 1 };
	struct file_ref file = { .file = id_new(), .record = id_new(), .dossier = dossier, .type = 3, .class = REPORT };
	struct ctx mail = mailbox_of(&reporter, p.code);
	struct held_key *wraps;
	uint8_t head[68];
	size_t n;

	assert_int_equal(keeper_file_begin(&mail, &file, NULL, head, &wraps, &n), OK);
	ctx_close(&mail);
	desk.error = (struct error){ 0 };
	assert_int_equal(keeper_seal(&desk, &set), E_INPUT); /* without the key of what is written: refused */
	set.keys = sent.keys;
	set.key_count = sent.key_count;
	desk.error = (struct error){ 0 };
	assert_int_equal(keeper_seal(&desk, &set), OK);
	settle(&desk, set.first_seq, true);
	sent.keys[0] = set.wraps[0];
	assert_int_equal(part_open(&other, OPEN_DOSSIER, &sent, NULL), OK);
}

/* A code with which more than a thousand messages were written: the report still goes to another desk, and to a new code. */
static void test_a_full_mailbox_moves_on_and_gets_a_new_code(void **state)
{
	enum { MESSAGES = 1100 };
	static struct stored_part message;
	struct stored_part sent, answer;
	struct public_report p;
	struct actor reporter;
	struct id dossier = new_report(&sent, &p);
	const struct right_change move = { .what = RIGHT_REDIRECT, .dossier = dossier, .organisation = bab.id },
				  fresh = { .what = RIGHT_NEW_CODE, .dossier = dossier };
	struct seal_set set = { .event = EV_WRITE, .rights = &fresh, .right_count = 1 };
	struct held_key *keys = ARENA_ARRAY(t.arena, struct held_key, MESSAGES + 2);
	struct ctx mail = mailbox_of(&reporter, p.code);

	for (size_t i = 0; i < MESSAGES; i++) {
		assert_int_equal(message_add(&mail, dossier, REPORT, "more", &message), OK);
		keys[i] = message.keys[0];
	}
	assert_int_equal(message_add(&desk, dossier, DIALOG, "we read it", &answer), OK);
	keys[MESSAGES] = sent.keys[0];
	keys[MESSAGES + 1] = answer.keys[0];
	set.keys = keys;
	set.key_count = MESSAGES + 2;
	desk.error = (struct error){ 0 };
	assert_int_equal(keeper_seal(&desk, &set), OK);
	settle(&desk, set.first_seq, true);
	ctx_close(&mail);
	mail = mailbox_of(&reporter, set.new_code);
	ctx_close(&mail);
	set = (struct seal_set){ .event = EV_WRITE, .rights = &move, .right_count = 1, .keys = keys, .key_count = MESSAGES + 2 };
	assert_int_equal(keeper_seal(&desk, &set), OK);
	assert_int_equal(set.wrap_count, MESSAGES + 2);
	assert_int_equal(set.retired_count, MESSAGES + 2);
	settle(&desk, set.first_seq, true);
	for (size_t i = 0; i < set.wrap_count; i++)
		if (id_equal(set.wraps[i].key, message.keys[0].key))
			message.keys[0] = set.wraps[i];
	assert_int_equal(part_open(&other, OPEN_DOSSIER, &message, NULL), OK);
}

/* One code opened again and again: the sessions of the times before end. */
static void test_sessions_of_one_code_are_few(void **state)
{
	struct stored_part sent;
	struct public_report p;
	struct actor me, reporters[3];
	struct ctx mail[3];

	new_report(&sent, &p);
	for (int i = 0; i < 3; i++)
		mail[i] = mailbox_of(&reporters[i], p.code);
	assert_int_equal(keeper_session(&mail[0], &reporters[0].token, &me), E_DENIED);
	assert_int_equal(keeper_session(&mail[1], &reporters[1].token, &me), OK);
	assert_int_equal(keeper_session(&mail[2], &reporters[2].token, &me), OK);
	for (int i = 0; i < 3; i++)
		ctx_close(&mail[i]);
}

/* A stranger types wrong codes all day: who has the right one still comes in. */
static void test_T_INT_9_wrong_codes_lock_nobody_out(void **state)
{
	struct stored_part sent;
	struct public_report p;
	struct actor reporter;
	struct ctx mail;
	char wrong[21];
	struct token none;

	new_report(&sent, &p);
	for (int i = 0; i < 40; i++) {
		code_new(wrong);
		t.ctx.error = (struct error){ 0 };
		assert_int_equal(keeper_mailbox(&t.ctx, sv_of(wrong), &none), E_DENIED);
	}
	mail = mailbox_of(&reporter, p.code);
	ctx_close(&mail);
}

static int begin(void **state)
{
	instance_make(&t);
	house_found(&t, &noor, "noor");
	house_found(&t, &bab, "bab");
	route_all(&t, noor.id, bab.id);
	log_all_in();
	return 0;
}

static int end(void **state)
{
	hang_up();
	instance_end(&t);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_T_PRIV_4_row_moved_to_another_dossier),
		cmocka_unit_test(test_void_of_the_older_set_leaves_the_newer_one),
		cmocka_unit_test(test_waiting_for_a_set_ends_with_busy),
		cmocka_unit_test(test_recovery_tells_saves_side_by_side_apart),
		cmocka_unit_test(test_T_PRIV_3_a_code_steers_nothing),
		cmocka_unit_test(test_T_INT_9_session_of_the_old_code_ends_with_it),
		cmocka_unit_test(test_a_key_of_no_file_does_not_hold_a_report),
		cmocka_unit_test(test_a_full_mailbox_moves_on_and_gets_a_new_code),
		cmocka_unit_test(test_sessions_of_one_code_are_few),
		cmocka_unit_test(test_T_INT_9_wrong_codes_lock_nobody_out),
		cmocka_unit_test(test_T_PRIV_4_what_a_void_brings_back_is_in_the_journal),
		cmocka_unit_test(test_T_BIND_2_what_a_void_takes_back_is_in_the_journal),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
