/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whoever writes keeper.db takes a right away, or puts a part's state back with the main database: the opening notices, not only verify. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include "crypto/formats.h"
#include "tamper.h"

static struct test_instance t;
static struct test_house noor;
static struct ctx desk, manager, supervisor;

static struct id new_report(struct stored_part *sent)
{
	struct public_report p = new_ticket();
	struct id dossier = id_new();

	t.ctx.error = (struct error){ 0 };
	assert_int_equal(report_send(&t, &t.ctx, &p, dossier, "somebody is held", sent, true), OK);
	return dossier;
}

static void right(struct ctx *c, struct right_change change)
{
	struct seal_set set = { .event = EV_WRITE, .rights = &change, .right_count = 1 };
	struct settled s = { .in_force = true };

	c->error = (struct error){ 0 };
	assert_int_equal(keeper_seal(c, &set), OK);
	s.first_seq = set.first_seq;
	assert_int_equal(keeper_settle(c->keeper, &s, 1), OK);
}

static void log_all_in(void)
{
	house_login(&t, &noor);
	ctx_for(&t, &desk, &noor.people[DESK].actor);
	ctx_for(&t, &manager, &noor.people[CASE_MANAGER].actor);
	ctx_for(&t, &supervisor, &noor.people[SUPERVISOR].actor);
}

static void hang_up(void)
{
	ctx_close(&desk);
	ctx_close(&manager);
	ctx_close(&supervisor);
}

/* Nothing of a dossier is in the keeper's memory after it. */
static void restart(void)
{
	hang_up();
	instance_stop(&t, SIGTERM);
	instance_start(&t);
	log_all_in();
}

static enum status opens(struct ctx *c, enum open_how how, const struct stored_part *part)
{
	c->error = (struct error){ 0 };
	return part_open(c, how, part, NULL);
}

/* --- rows ------------------------------------------------------------------------------------------------------------------ */

static void take_row(enum row_kind kind, struct id dossier)
{
	char hex[33], edit[300];

	id_hex(dossier, hex);
	snprintf(
		edit, sizeof(edit),
		"CREATE TABLE was AS SELECT * FROM row WHERE kind=%d AND parent=x'%s'; DELETE FROM row WHERE kind=%d AND parent=x'%s'",
		(int)kind, hex, (int)kind, hex);
	db_do(&t, "keeper.db", edit);
}

static void put_rows_back(void)
{
	db_do(&t, "keeper.db", "INSERT INTO row SELECT * FROM was; DROP TABLE was");
}

/* A block that is not there any more does not let in whom it kept out. */
static void test_T_PRIV_4_block_taken_away_while_serving(void **state)
{
	const struct id who = noor.people[CASE_MANAGER].user;
	struct stored_part sent;
	struct id dossier = new_report(&sent);
	int64_t alarms;

	right(&supervisor, (struct right_change){ .what = RIGHT_ASSIGN, .dossier = dossier, .user = who });
	assert_int_equal(opens(&manager, OPEN_DOSSIER, &sent), OK);
	right(&supervisor, (struct right_change){ .what = RIGHT_BLOCK, .dossier = dossier, .user = who });
	assert_int_equal(opens(&manager, OPEN_DOSSIER, &sent), E_DENIED);
	restart();
	alarms = leaf_count(&t, EV_ALARM);
	take_row(ROW_BLOCK, dossier);
	assert_int_equal(opens(&manager, OPEN_DOSSIER, &sent), E_DENIED);
	assert_true(leaf_count(&t, EV_ALARM) > alarms);
	put_rows_back();
	assert_int_equal(opens(&manager, OPEN_DOSSIER, &sent), E_DENIED);
	assert_int_equal(opens(&desk, OPEN_DOSSIER, &sent), OK);
}

/* Every kind of row that hangs on a dossier: none can go unnoticed, the dossier's own included. */
static void test_T_PRIV_4_no_row_of_a_dossier_can_go(void **state)
{
	static const enum row_kind kinds[] = { ROW_DOSSIER, ROW_KEY, ROW_ASSIGN, ROW_NAMED, ROW_RECEIPT };
	struct stored_part sent;
	struct id dossier = new_report(&sent);

	right(&supervisor,
	      (struct right_change){ .what = RIGHT_ASSIGN, .dossier = dossier, .user = noor.people[CASE_MANAGER].user });
	right(&desk, (struct right_change){ .what = RIGHT_LOCK, .dossier = dossier, .user = noor.people[DESK].user });
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		int64_t alarms;

		restart();
		alarms = leaf_count(&t, EV_ALARM);
		take_row(kinds[i], dossier);
		assert_int_equal(opens(&desk, OPEN_DOSSIER, &sent), E_DENIED);
		assert_true(leaf_count(&t, EV_ALARM) > alarms);
		put_rows_back();
		assert_int_equal(opens(&desk, OPEN_DOSSIER, &sent), OK);
	}
}

/* A certificate of the instance is gone: not started. */
static void test_T_PRIV_4_certificate_taken_away(void **state)
{
	hang_up();
	instance_stop(&t, SIGTERM);
	db_do(&t, "keeper.db",
	      "CREATE TABLE was AS SELECT * FROM row WHERE kind=6 LIMIT 1; DELETE FROM row WHERE kind=6 AND object=(SELECT object FROM was)");
	assert_int_equal(instance_start_fails(&t), 1);
	put_rows_back();
	instance_start(&t);
	log_all_in();
}

/* --- parts ----------------------------------------------------------------------------------------------------------------- */

/* The keeper's head and the main database put back together to a state that was true once. */
static void test_T_BIND_2_head_put_back_is_refused_at_opening(void **state)
{
	static const enum open_how ways[] = { OPEN_LIST, OPEN_DOSSIER, OPEN_CHECK };
	struct stored_part sent, now;
	int64_t alarms;

	new_report(&sent);
	assert_int_equal(part_update(&desk, &sent, "second words", NULL, &now, NULL), OK);
	assert_int_equal(opens(&desk, OPEN_DOSSIER, &now), OK);
	restart();
	alarms = leaf_count(&t, EV_ALARM);
	db_do(&t, "keeper.db", head_back(&sent));
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
		assert_int_equal(opens(&desk, ways[i], &sent), E_CRYPTO);
	assert_true(leaf_count(&t, EV_ALARM) > alarms);
	db_do(&t, "keeper.db", head_back(&now));
	restart();
	assert_int_equal(opens(&desk, OPEN_DOSSIER, &now), OK);
	assert_int_equal(opens(&desk, OPEN_DOSSIER, &sent), E_CRYPTO);
}

/* The same, and the newest write said to be still on its way: what is open the keeper knows by itself. */
static void test_T_BIND_2_settled_write_called_unsettled(void **state)
{
	struct stored_part sent, now;
	char forged[600], record[33];

	new_report(&sent);
	assert_int_equal(part_update(&desk, &sent, "second words", NULL, &now, NULL), OK);
	assert_int_equal(opens(&desk, OPEN_DOSSIER, &now), OK);
	id_hex(now.part.record, record);
	snprintf(forged, sizeof(forged),
		 "INSERT INTO pending(seq, first, record, type, class, dossier, version, hash)"
		 " SELECT leaf, leaf, record, type, class, dossier, version, hash FROM head WHERE record=x'%s'",
		 record);
	restart();
	db_do(&t, "keeper.db", forged);
	db_do(&t, "keeper.db", head_back(&sent));
	assert_int_equal(opens(&desk, OPEN_DOSSIER, &sent), E_CRYPTO);
	hang_up();
	instance_stop(&t, SIGTERM);
	assert_int_equal(instance_start_fails(&t), 1); /* and not over a restart either */
	db_do(&t, "keeper.db", "DELETE FROM pending");
	db_do(&t, "keeper.db", head_back(&now));
	instance_start(&t);
	log_all_in();
	assert_int_equal(opens(&desk, OPEN_DOSSIER, &now), OK);
}

/* Parts beside each other in one request, each under its own key. */
static enum status open_together(struct ctx *c, enum open_how how, const struct whole *w, const struct stored_part *const *list,
				 size_t n)
{
	struct sealed_part parts[4];
	struct held_key keys[4] = { { .kind = 0 } };
	enum status status;

	for (size_t i = 0; i < n; i++) {
		parts[i] = list[i]->part;
		parts[i].key = i;
		keys[i] = list[i]->keys[0];
	}
	c->error = (struct error){ 0 };
	status = keeper_open_whole(c, how, w, keys, n, parts, n);
	for (size_t i = 0; i < n && status == OK; i++)
		status = parts[i].status;
	return status;
}

/* A whole record is gone from the main database, then all of them: who opens the dossier says what he has, and it is missed. A restart lies
 * before, since a part of ten seconds ago may be missing to who read just before. */
static void test_T_BIND_2_whole_record_missing(void **state)
{
	struct stored_part sent, note;
	const struct stored_part *both[2] = { &sent, &note };
	struct id ids[2];
	struct whole w = { .records = ids, .record_count = 2 };
	int64_t alarms;

	w.dossier = new_report(&sent);
	w.type = sent.part.type;
	assert_int_equal(message_add(&desk, w.dossier, REPORT, "a note", &note), OK);
	ids[0] = sent.part.record;
	ids[1] = note.part.record;
	assert_int_equal(open_together(&desk, OPEN_DOSSIER, &w, both, 2), OK);
	restart();
	alarms = leaf_count(&t, EV_ALARM);
	assert_int_equal(open_together(&desk, OPEN_DOSSIER, &w, both, 2), OK);
	assert_int_equal(leaf_count(&t, EV_ALARM), alarms);
	w.record_count = 1;
	assert_int_equal(open_together(&desk, OPEN_DOSSIER, &w, both, 1), OK);
	assert_int_equal(leaf_count(&t, EV_ALARM), alarms + 1);
	w.record_count = 0;
	assert_int_equal(open_together(&desk, OPEN_DOSSIER, &w, both, 0), OK);
	assert_int_equal(leaf_count(&t, EV_ALARM), alarms + 2);
	assert_int_equal(open_together(&manager, OPEN_DOSSIER, &w, both, 0), OK); /* not assigned: it is not his to miss */
	assert_int_equal(leaf_count(&t, EV_ALARM), alarms + 2);
}

/* --- what a list says of itself ------------------------------------------------------------------------------------------------ */

static void last_opening(struct leaf *leaf)
{
	struct sv body = SV_NONE;

	newest_leaf(&t, EV_OPEN, &body);
	assert_int_equal(amj1_read(body, leaf), OK);
}

/* A list names its dossiers; and a dossier opened under the name of a list has its leaf like any other. */
static void test_T_JRN_4_a_list_says_which_dossiers(void **state)
{
	struct stored_part a, b, note;
	const struct stored_part *two[2] = { &a, &b }, *opened[3] = { &a, &b, &note };
	struct id first = new_report(&a), second = new_report(&b);
	uint8_t ids[32], hash[32];
	struct leaf leaf;
	int64_t leaves;

	assert_int_equal(message_add(&desk, second, REPORT, "a note", &note), OK);
	assert_int_equal(open_together(&desk, OPEN_LIST, NULL, two, 1), OK);
	last_opening(&leaf);
	assert_true(id_equal(leaf.dossier, first));
	leaves = leaf_count(&t, EV_OPEN);
	assert_int_equal(open_together(&desk, OPEN_LIST, NULL, two, 2), OK);
	assert_int_equal(leaf_count(&t, EV_OPEN), leaves + 1);
	last_opening(&leaf);
	assert_true(id_is_zero(leaf.dossier));
	assert_int_equal(leaf.purpose >> 16, 2);
	memcpy(ids, first.b, 16);
	memcpy(ids + 16, second.b, 16);
	hash32(hash, ids, sizeof(ids));
	assert_memory_equal(leaf.detail, hash, sizeof(hash));
	assert_int_equal(open_together(&desk, OPEN_LIST, NULL, opened, 3), OK);
	assert_int_equal(leaf_count(&t, EV_OPEN), leaves + 3);
	last_opening(&leaf);
	assert_true(id_equal(leaf.dossier, first));
}

static int begin(void **state)
{
	instance_make(&t);
	house_found(&t, &noor, "noor");
	route_all(&t, noor.id, ID_ZERO);
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
		cmocka_unit_test(test_T_PRIV_4_block_taken_away_while_serving),
		cmocka_unit_test(test_T_PRIV_4_no_row_of_a_dossier_can_go),
		cmocka_unit_test(test_T_PRIV_4_certificate_taken_away),
		cmocka_unit_test(test_T_BIND_2_head_put_back_is_refused_at_opening),
		cmocka_unit_test(test_T_BIND_2_settled_write_called_unsettled),
		cmocka_unit_test(test_T_BIND_2_whole_record_missing),
		cmocka_unit_test(test_T_JRN_4_a_list_says_which_dossiers),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
