/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The road of a report with the first, second, n-th call of the database failing: always a clean error, never half of anything, and the
 * same form sent again brings it to its end. */
#include "intake_kit.h"

#include "base/random.h"

#define DESK_C (&kit.road.desk)
#define NOBODY (&kit.road.nobody)

static bool clean(enum status s)
{
	return s == OK || s == E_STORE || s == E_UNCERTAIN;
}

static void fail_at(uint64_t n)
{
	store_fail_at(kit.road.store, n);
}

static size_t open_count(void)
{
	struct queue_ask ask = { QUEUE_OPEN, 0 };
	struct queue q;

	assert_int_equal(queue_load(DESK_C, &ask, &q), OK);
	assert_int_equal(q.hidden, 0); /* a row whose head does not open would be half a report */
	return q.count[QUEUE_OPEN];
}

static void test_staff_report_under_faults(void **state)
{
	bool failed = true;

	for (uint64_t n = 1; failed; n++) {
		struct staff_form in = { .channel = SV("hotline"), .text = SV("written while the disk fails") };
		size_t before;
		struct id id, again;
		enum status s;

		(void)intake_between(NULL);
		before = open_count();
		random_fill(in.key, sizeof(in.key));
		fail_at(n);
		s = report_new_staff(DESK_C, &in, &id);
		failed = s != OK;
		fail_at(0);
		if (!clean(s))
			fail_msg("call %d: %s", (int)n, status_name(s));
		FORGET(DESK_C);
		assert_int_equal(report_new_staff(DESK_C, &in, &again), OK); /* whatever had happened: once */
		assert_int_equal(open_count(), before + 1);
		assert_int_equal(shown(DESK_C, again).messages_n, 1);
		if (s == OK)
			assert_true(id_equal(id, again));
		assert_true(n < 200);
	}
}

static void test_decisions_under_faults(void **state)
{
	bool failed = true;

	for (uint64_t n = 1; failed; n++) {
		struct report_close in = { .closure = SV("out_of_scope"), .text = SV("why") };
		struct report_view v;
		enum status s;
		struct id id;

		(void)intake_between(NULL);
		id = typed_in(DESK_C, "to be closed while the disk fails", "low");
		in.act = act_on(DESK_C, id);
		random_fill(in.act.key, sizeof(in.act.key));
		fail_at(n);
		s = report_close(DESK_C, &in);
		failed = s != OK;
		fail_at(0);
		if (!clean(s))
			fail_msg("call %d: %s", (int)n, status_name(s));
		FORGET(DESK_C);
		v = shown(DESK_C, id);
		assert_int_equal(v.head.state == STATE_CLOSED, v.head.closure.n > 0); /* row and sealed head agree */
		assert_int_equal(v.head.state == STATE_CLOSED, v.messages_n == 2);
		assert_int_equal(report_close(DESK_C, &in), OK);
		v = shown(DESK_C, id);
		assert_true(v.head.state == STATE_CLOSED && v.messages_n == 2);
		assert_true(n < 200);
	}
}

static void test_public_report_under_faults(void **state)
{
	bool failed = true;

	for (uint64_t n = 1; failed; n++) {
		struct public_form in = { .text = SV("sent while the disk fails") };
		struct public_receipt receipt;
		size_t before, after;
		enum status s;

		(void)intake_between(NULL);
		before = open_count();
		random_fill(in.ticket, sizeof(in.ticket));
		fail_at(n);
		s = report_new_public(NOBODY, &in, &receipt);
		failed = s != OK;
		fail_at(0);
		if (!clean(s))
			fail_msg("call %d: %s", (int)n, status_name(s));
		FORGET(NOBODY);
		after = open_count();
		assert_true(after == before || after == before + 1);
		if (s == OK)
			assert_int_equal(after, before + 1);
		assert_true(n < 200);
	}
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup(f, intake_between)
	const struct CMUnitTest tests[] = {
		TEST(test_staff_report_under_faults),
		TEST(test_decisions_under_faults),
		TEST(test_public_report_under_faults),
	};
#undef TEST

	return cmocka_run_group_tests(tests, intake_setup, intake_teardown);
}
