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

	right(&supervisor,
	      (struct right_change){ .what = RIGHT_ASSIGN, .dossier = given, .user = noor.people[CASE_MANAGER].user });
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
	assert_int_equal(
		begin_right(&desk, (struct right_change){ .what = RIGHT_STAGE, .dossier = dossier, .amount = STAGE_ENDED }, &first), OK);
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
	};

	return cmocka_run_group_tests(tests, begin, end);
}
