/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Real names of members (sealed design 6): sealed to the own organisation. Who holds a key there reads them, who opens nothing or works elsewhere
 * does not, and the disk has none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include "tamper.h"

#define NAME "Salma Ouazzani-Tazi"
static struct test_instance t;
static struct test_house noor, bab;
static struct test_person trainer;

static struct sv name_for(const struct test_person *reader, struct id of)
{
	struct member_name *list;
	struct sv found = SV_NONE;
	struct ctx c;
	size_t n;

	ctx_for(&t, &c, &reader->actor);
	assert_int_equal(keeper_names(&c, &list, &n), OK);
	for (size_t i = 0; i < n; i++)
		if (id_equal(list[i].user, of))
			found = list[i].name;
	ctx_close(&c);
	return found;
}

static enum status say(const struct test_person *who, const char *name)
{
	struct ctx c;
	enum status s;

	ctx_for(&t, &c, &who->actor);
	s = keeper_name_set(&c, sv_of(name));
	ctx_close(&c);
	return s;
}

static void test_T_MEM_1_own_people_read_a_name_and_the_disk_does_not(void **state)
{
	const struct test_person *manager = &noor.people[CASE_MANAGER];
	struct sv file;

	assert_int_equal(say(manager, NAME), OK);
	for (int i = 0; i < PERSON_COUNT; i++) {
		assert_true(sv_is(name_for(&noor.people[i], manager->user), NAME));
		assert_int_equal(name_for(&bab.people[i], manager->user).n, 0);
	}
	assert_int_equal(name_for(&trainer, manager->user).n, 0); /* his role opens nothing */
	instance_stop(&t, 15);
	file = file_bytes(&t, arena_format(t.arena, "%s/keeper/keeper.db", t.dir).p);
	assert_non_null(file.p);
	assert_null(memmem(file.p, file.n, NAME, strlen(NAME)));
	assert_null(memmem(file.p, file.n, "Ouazzani", 8));
	instance_start(&t);
	house_login(&t, &noor);
	house_login(&t, &bab);
	person_login(&t, &trainer);
	assert_true(sv_is(name_for(&noor.people[DESK], manager->user), NAME));
}

static void test_each_writes_his_own(void **state)
{
	struct ctx nobody;

	assert_int_equal(say(&trainer, "Driss A."), OK);
	assert_true(sv_is(name_for(&trainer, trainer.user), "Driss A.")); /* his own, though he holds no key of the house */
	assert_true(sv_is(name_for(&noor.people[OFFICER], trainer.user), "Driss A."));
	assert_int_equal(say(&trainer, ""), OK);
	assert_int_equal(say(&trainer, ""), OK);
	assert_int_equal(name_for(&noor.people[OFFICER], trainer.user).n, 0);
	ctx_for(&t, &nobody, t.ctx.who);
	assert_int_equal(keeper_name_set(&nobody, SV("x")), E_DENIED);
	ctx_close(&nobody);
}

static void test_T_JRN_4_names_shown_are_a_leaf(void **state)
{
	int64_t before = leaf_count(&t, EV_SEARCH);

	assert_int_equal(say(&noor.people[DESK], "Hind"), OK);
	assert_true(sv_is(name_for(&noor.people[SUPERVISOR], noor.people[DESK].user), "Hind"));
	assert_int_equal(leaf_count(&t, EV_SEARCH), before + 1);
	(void)name_for(&bab.people[DESK], noor.people[DESK].user); /* nothing shown */
	assert_int_equal(leaf_count(&t, EV_SEARCH), before + 1);
}

/* A name of one put under another member is not the other's. */
static void test_T_BIND_1_a_name_stays_with_its_member(void **state)
{
	struct verify_report v;

	assert_int_equal(say(&noor.people[OPERATOR], "Operator"), OK);
	assert_int_equal(say(&noor.people[SUPERVISOR], "Supervisor"), OK);
	db_do(&t, "keeper.db",
	      "UPDATE row SET body=(SELECT r.body FROM row r WHERE r.kind=36 AND r.object<>row.object LIMIT 1) WHERE kind=36 AND object="
	      "(SELECT min(object) FROM row WHERE kind=36)");
	assert_int_equal(keeper_verify(&t.ctx, t.dir, NULL, NULL, &v), OK);
	assert_int_equal(v.wrong, 1);
}

static void admit_trainer(void)
{
	struct new_member m = { .user = id_new(),
				.organisation = noor.id,
				.login = SV("noor.trainer"),
				.password = SV(TEST_PASSWORD),
				.roles = ROLE_BIT(ROLE_TRAINER) };

	assert_int_equal(admin_member(&t.admin, &m), OK);
	assert_int_equal(admin_certify(&t.admin, sv_of(noor.people[OFFICER].login), SV(TEST_PASSWORD), m.user), OK);
	trainer.user = m.user;
	memcpy(trainer.login, "noor.trainer", sizeof("noor-trainer"));
	person_login(&t, &trainer);
}

static int setup(void **state)
{
	instance_make(&t);
	house_found(&t, &noor, "noor");
	house_found(&t, &bab, "bab");
	admit_trainer();
	house_login(&t, &noor);
	house_login(&t, &bab);
	return 0;
}

static int teardown(void **state)
{
	instance_end(&t);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_T_MEM_1_own_people_read_a_name_and_the_disk_does_not),
		cmocka_unit_test(test_each_writes_his_own),
		cmocka_unit_test(test_T_JRN_4_names_shown_are_a_leaf),
		cmocka_unit_test(test_T_BIND_1_a_name_stays_with_its_member),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
