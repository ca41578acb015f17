/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The first road through a living keeper: found, report, open, answer, read by code. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <signal.h>
#include "base/random.h"
#include "ceremony.h"

static struct public_report ticket(void)
{
	struct public_report p = { .region = 4 };

	random_fill(p.ticket, sizeof(p.ticket));
	return p;
}

static void test_report_reaches_desk_and_is_answered(void **state)
{
	struct test_instance *t = *state;
	struct test_house h;
	struct stored_part sent, answered;
	struct public_report p = ticket();
	struct actor reporter = { .kind = ACTOR_REPORTER };
	struct ctx desk, mail;
	struct id dossier = id_new();
	struct sv plain;

	house_found(t, &h, "noor");
	route_all(t, h.id, ID_ZERO);
	house_login(t, &h);
	assert_int_equal(report_send(t, &t->ctx, &p, dossier, "somebody is held", &sent, true), OK);
	ctx_for(t, &desk, &h.people[DESK].actor);
	assert_int_equal(part_open(&desk, OPEN_DOSSIER, &sent, &plain), OK);
	assert_true(sv_is(plain, "somebody is held"));
	assert_int_equal(message_add(&desk, dossier, DIALOG, "we are here", &answered), OK);
	ctx_for(t, &mail, &reporter);
	assert_int_equal(keeper_mailbox(&mail, sv_of(p.code), &reporter.token), OK);
	assert_int_equal(part_open(&mail, OPEN_DOSSIER, &answered, &plain), OK);
	assert_true(sv_is(plain, "we are here"));
	assert_int_equal(part_open(&mail, OPEN_DOSSIER, &sent, &plain), E_DENIED);
	ctx_close(&mail);
	ctx_close(&desk);
}

static int begin(void **state)
{
	static struct test_instance t;

	instance_make(&t);
	*state = &t;
	return 0;
}

static int end(void **state)
{
	instance_end(*state);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_report_reaches_desk_and_is_answered) };

	return cmocka_run_group_tests(tests, begin, end);
}
