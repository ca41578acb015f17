/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The store over a real SQLite: what a set promises alone, together with others, and when the database fails under it. */
#include "kit.h"

#include <pthread.h>
#include <sched.h>
#include <string.h>

static int set_up(void **state)
{
	static struct kit kit;

	kit_open(&kit);
	*state = &kit;
	return 0;
}

static int tear_down(void **state)
{
	kit_close(*state);
	return 0;
}

static enum status apply(struct ctx *c, const struct write *writes, size_t n, uint64_t tag)
{
	struct write_set set = { .writes = writes, .n = n, .tag = tag };

	c->error = (struct error){ 0 };
	return store_apply(c, &set);
}

static struct id id_of(uint8_t n)
{
	struct id id = ID_ZERO;

	memset(id.b, n, 16);
	return id;
}

static void test_save_is_read_back(void **state)
{
	struct kit *k = *state;
	struct save s;
	struct rows rows;
	struct value args[2];

	save_make(&s, id_of(1), SV("sealed"));
	assert_int_equal(apply(&k->c, s.writes, SAVE_WRITES, 7), OK);
	assert_int_equal(k->heard, 1);
	assert_int_equal(k->tags[0], 7);
	assert_true(k->in_force[0]);
	args[0] = v_id(&s.id);
	args[1] = v_int(1);
	assert_int_equal(db_query(&k->c, QUERY_RECORD_PARTS_OF_DOSSIER, args, 2, 0, &rows), OK);
	assert_int_equal(rows.n, 1);
	assert_int_equal(rows.columns, 10);
	assert_true(id_equal(row_id(&rows, 0, 0), s.id));
	assert_int_equal(row_int(&rows, 0, 4), REPORT);
	assert_true(sv_is(row_text(&rows, 0, 9), "sealed"));
	kit_reopen(k);
	assert_int_equal(save_found(&k->c, s.id), 3);
}

static void test_set_without_tag_is_not_told(void **state)
{
	struct kit *k = *state;
	struct save s;

	save_make(&s, id_of(1), SV("x"));
	assert_int_equal(apply(&k->c, s.writes, SAVE_WRITES, 0), OK);
	assert_int_equal(k->heard, 0);
}

/* The n-th statement failing takes the earlier ones of its set back. */
static void test_stale_rolls_the_set_back(void **state)
{
	struct kit *k = *state;
	struct save s;

	save_make(&s, id_of(1), SV("x"));
	s.values[1][9] = v_int(5); /* expects a record at version 5 */
	assert_int_equal(apply(&k->c, s.writes, SAVE_WRITES, 9), E_STALE);
	assert_int_equal(k->c.error.status, E_STALE);
	assert_int_equal(save_found(&k->c, s.id), 0);
	assert_int_equal(k->heard, 1);
	assert_false(k->in_force[0]);
}

static void test_conflict_on_a_unique_key(void **state)
{
	struct kit *k = *state;
	struct save first, second;

	save_make(&first, id_of(1), SV("x"));
	assert_int_equal(apply(&k->c, first.writes, SAVE_WRITES, 0), OK);
	save_make(&second, id_of(2), SV("y"));
	second.values[2][0] = v_id(&first.id); /* the same form again */
	assert_int_equal(apply(&k->c, second.writes, SAVE_WRITES, 0), E_CONFLICT);
	assert_int_equal(save_found(&k->c, second.id), 0);
	assert_int_equal(save_found(&k->c, first.id), 3);
}

static void test_wish_for_another_try_is_no_error(void **state)
{
	struct kit *k = *state;
	struct save s;

	save_make(&s, id_of(1), SV("x"));
	s.values[1][9] = v_int(5);
	s.writes[1].otherwise = E_BUSY;
	assert_int_equal(apply(&k->c, s.writes, SAVE_WRITES, 0), E_BUSY);
	assert_int_equal(k->c.error.status, OK);
}

static void test_broken_rule_is_our_mistake(void **state)
{
	struct kit *k = *state;
	struct save s;

	save_make(&s, id_of(1), SV("x"));
	s.values[1][7] = v_blob(SV("short hash"));
	assert_int_equal(apply(&k->c, s.writes, SAVE_WRITES, 0), E_BUG);
	s.values[1][7] = v_int(3);
	assert_int_equal(apply(&k->c, s.writes, SAVE_WRITES, 0), E_BUG);
	s.writes[0].arg_count = 2;
	assert_int_equal(apply(&k->c, s.writes, SAVE_WRITES, 0), E_BUG);
	assert_int_equal(save_found(&k->c, s.id), 0);
}

/* A reading connection cannot write, the writer runs no reading statement. */
static void test_reader_and_writer_are_apart(void **state)
{
	struct kit *k = *state;
	const struct value day = v_int(1);
	struct rows rows;
	const struct write read = { QUERY_STORE_COLUMNS, NULL, 0, -1, OK };

	assert_int_equal(db_query(&k->c, QUERY_RECORD_ONCE_SWEEP, &day, 1, 0, &rows), E_BUG);
	assert_int_equal(apply(&k->c, &read, 1, 0), E_BUG);
}

static void test_limits_of_a_result(void **state)
{
	struct kit *k = *state;
	static char large[1100000];
	const struct id first = id_of(1);
	const struct value args[] = { v_id(&first), v_int(1) };
	struct rows rows;

	for (uint8_t i = 1; i <= 4; i++) {
		struct save s;

		save_make(&s, id_of(i), sv_bytes(large, sizeof large));
		s.values[1][0] = args[0]; /* all parts in the first dossier */
		assert_int_equal(apply(&k->c, s.writes, SAVE_WRITES, 0), OK);
	}
	assert_int_equal(db_query(&k->c, QUERY_RECORD_PARTS_OF_DOSSIER, args, 2, 3, &rows), OK);
	assert_int_equal(rows.n, 3);
	assert_int_equal(db_query(&k->c, QUERY_RECORD_PARTS_OF_DOSSIER, args, 2, 4, &rows), E_LIMIT);
	assert_int_equal(db_query(&k->c, QUERY_RECORD_PARTS_OF_DOSSIER, args, 2, 100001, &rows), E_BUG);
	assert_int_equal(db_query(&k->c, QUERY_COUNT, args, 1, 0, &rows), E_BUG);
}

/* A snapshot does not see what was written since; afterwards it is there. */
static void test_snapshot(void **state)
{
	struct kit *k = *state;
	struct save s;

	save_make(&s, id_of(1), SV("x"));
	assert_int_equal(db_begin_read(&k->c), OK);
	assert_int_equal(save_found(&k->c, s.id), 0);
	assert_int_equal(apply(&k->c, s.writes, SAVE_WRITES, 0), OK);
	assert_int_equal(save_found(&k->c, s.id), 0);
	db_end_read(&k->c);
	assert_int_equal(save_found(&k->c, s.id), 3);
	db_end_read(&k->c); /* once more does no harm */
}

/* Empty is not absent. */
static void test_empty_and_absent(void **state)
{
	struct kit *k = *state;
	struct save s;
	struct rows rows;
	struct value key;

	save_make(&s, id_of(1), SV(""));
	assert_int_equal(apply(&k->c, s.writes, SAVE_WRITES, 0), OK);
	key = v_id(&s.id);
	assert_int_equal(db_query(&k->c, QUERY_RECORD_PARTS_OF_RECORD, &key, 1, 0, &rows), OK);
	assert_false(row_null(&rows, 0, 9));
	assert_int_equal(row_text(&rows, 0, 9).n, 0);
	assert_true(id_is_zero(row_id(&rows, 0, 9)));
	save_make(&s, id_of(2), SV_NONE);
	assert_int_equal(apply(&k->c, s.writes, SAVE_WRITES, 0), E_BUG);
}

/* --- together ---------------------------------------------------------------------------------------------------------------- */

struct worker {
	struct kit *kit;
	pthread_t thread;
	struct save save;
	enum status want, got;
};

static void *work(void *arg)
{
	struct worker *w = arg;
	struct ctx c;

	kit_thread(w->kit, &c);
	w->got = apply(&c, w->save.writes, SAVE_WRITES, 100u + w->save.id.b[0]);
	kit_thread_end(&c);
	return NULL;
}

#define WORKERS 6
/* While the writer is held in its hook, six sets queue; they share one COMMIT, and the two that fail take no other along. */
static void test_group_commit_with_a_savepoint_each(void **state)
{
	struct kit *k = *state;
	struct worker first = { .kit = k }, workers[WORKERS];

	save_make(&first.save, id_of(200), SV("x"));
	for (uint8_t i = 0; i < WORKERS; i++) {
		workers[i] = (struct worker){ .kit = k, .want = OK };
		save_make(&workers[i].save, id_of((uint8_t)(i + 1)), SV("x"));
	}
	workers[1].save.values[1][9] = v_int(3);
	workers[1].want = E_STALE;
	workers[4].save.values[2][0] = v_id(&first.save.id);
	workers[4].want = E_CONFLICT;
	k->wait_for = WORKERS;
	assert_int_equal(pthread_create(&first.thread, NULL, work, &first), 0);
	while (!k->held)
		(void)sched_yield();
	for (size_t i = 0; i < WORKERS; i++)
		assert_int_equal(pthread_create(&workers[i].thread, NULL, work, &workers[i]), 0);
	assert_int_equal(pthread_join(first.thread, NULL), 0);
	assert_int_equal(first.got, OK);
	for (size_t i = 0; i < WORKERS; i++)
		assert_int_equal(pthread_join(workers[i].thread, NULL), 0);
	/* BEGIN and COMMIT once; savepoint, three writes and release for four; the stale one stops at its second write, the other after
	 * its third, and both roll back. */
	assert_int_equal(store_calls(k->store) - k->calls_when_freed, 2 + 4 * 5 + 5 + 6);
	for (size_t i = 0; i < WORKERS; i++) {
		assert_int_equal(workers[i].got, workers[i].want);
		assert_int_equal(save_found(&k->c, workers[i].save.id), workers[i].want == OK ? SAVE_WRITES : 0);
	}
	assert_int_equal(k->heard, 1 + WORKERS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_save_is_read_back, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_set_without_tag_is_not_told, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_stale_rolls_the_set_back, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_conflict_on_a_unique_key, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_wish_for_another_try_is_no_error, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_broken_rule_is_our_mistake, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_reader_and_writer_are_apart, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_limits_of_a_result, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_snapshot, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_empty_and_absent, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_group_commit_with_a_savepoint_each, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
