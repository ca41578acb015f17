/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who can open a dossier now, and why (T-ACC-1): what the keeper says of every member of two houses is compared with what the keeper does when
 * that member opens every part, in every state of a file and of a report. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include "base/clock.h"
#include "policy/policy.h"
#include "coming.h"
#include "tamper.h"

#define PARTS_MAX 16
#define STAFF_MAX (2 * PERSON_COUNT + 1)
static struct test_instance t;
static struct test_house noor, bab;
static struct test_person both; /* case manager and supervisor of noor in one */
static struct ctx staff[STAFF_MAX];
static size_t staff_n;
#define NOOR(p) (&staff[p])
#define BAB(p) (&staff[PERSON_COUNT + (p)])

struct world {
	struct id dossier;
	struct stored_part parts[PARTS_MAX];
	size_t n;
};

static void settle(struct ctx *c, const struct seal_set *set)
{
	const struct settled s = { set->first_seq, true };

	assert_int_equal(keeper_settle(c->keeper, &s, 1), OK);
}

static void keep_parts(struct ctx *c, const struct seal_set *set, struct world *w)
{
	for (size_t i = 0; i < set->part_count; i++) {
		const struct seal_part *p = &set->parts[i];
		struct stored_part *to = &w->parts[w->n++];

		*to = (struct stored_part){ .part = { .record = p->record,
						      .dossier = p->dossier,
						      .origin = p->origin,
						      .type = p->type,
						      .class = p->class,
						      .schema = p->schema,
						      .version = p->version,
						      .blob = arena_copy(c->arena, p->blob) } };
		for (size_t k = 0; k < set->wrap_count; k++)
			if (id_equal(set->wraps[k].key, p->key_id)) {
				to->keys[to->key_count] = set->wraps[k];
				to->keys[to->key_count++].wrap = arena_copy(c->arena, set->wraps[k].wrap);
			}
	}
	settle(c, set);
}

static struct seal_part part_of(struct id dossier, struct id record, enum class class, bool fresh)
{
	return (struct seal_part){ .record = record,
				   .dossier = dossier,
				   .type = 11,
				   .class = class,
				   .schema = 1,
				   .version = 1,
				   .first = true,
				   .fresh_key = fresh,
				   .plain = SV("something") };
}

static void right(struct ctx *c, struct right_change change)
{
	struct seal_set set = { .event = EV_WRITE, .rights = &change, .right_count = 1 };

	c->error = (struct error){ 0 };
	assert_int_equal(keeper_seal(c, &set), OK);
	settle(c, &set);
}

/* A person's file with a part of each class its case manager writes. */
static struct world person_file(void)
{
	static const enum class classes[] = { IDENT, CONTACT, ASSIST, EXPLOIT, CONSENT, ALERT, THREAD };
	struct ctx *c = NOOR(CASE_MANAGER);
	struct world w = { .dossier = id_new() };
	const struct right_change rights[] = { { .what = RIGHT_CREATE, .kind = DOSSIER_PERSON, .dossier = w.dossier },
					       { .what = RIGHT_ASSIGN, .dossier = w.dossier, .user = c->who->user } };
	struct seal_part parts[7];
	struct seal_set set = { .event = EV_CREATE, .parts = parts, .part_count = 7, .rights = rights, .right_count = 2 };

	for (size_t i = 0; i < 7; i++)
		parts[i] = part_of(w.dossier, w.dossier, classes[i], false);
	c->error = (struct error){ 0 };
	assert_int_equal(keeper_seal(c, &set), OK);
	keep_parts(c, &set, &w);
	return w;
}

/* A decision in it, lent to the supervisor of the other house. */
static void lend(struct world *w, uint32_t hours)
{
	struct ctx *c = NOOR(CASE_MANAGER);
	struct seal_part part = part_of(w->dossier, id_new(), EXPLOIT, true);
	const struct right_change rights[] = { { .what = RIGHT_SIGN,
						 .dossier = w->dossier,
						 .object = part.record,
						 .class = EXPLOIT,
						 .version = 1,
						 .amount = SIGN_FIRST },
					       { .what = RIGHT_REVIEW,
						 .dossier = w->dossier,
						 .object = part.record,
						 .class = EXPLOIT,
						 .user = BAB(SUPERVISOR)->who->user,
						 .amount = hours } };
	struct seal_set set = { .event = EV_SIGN, .parts = &part, .part_count = 1, .rights = rights, .right_count = 2 };

	c->error = (struct error){ 0 };
	assert_int_equal(keeper_seal(c, &set), OK);
	keep_parts(c, &set, w);
}

static struct world report(bool danger, const struct id *excluded, size_t excluded_n)
{
	struct world w = { .dossier = id_new() };
	struct public_report p = new_ticket();

	p.danger = danger;
	p.excluded = excluded;
	p.excluded_count = excluded_n;
	assert_int_equal(report_send(&t, &t.ctx, &p, w.dossier, "what was seen", &w.parts[w.n++], true), OK);
	return w;
}

/* --- told and done ---------------------------------------------------------------------------------------------------------------- */

static const struct opener *told(const struct openers *list, struct id user, const struct sealed_part *p)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->items[i].class == p->class && id_equal(list->items[i].user, user) &&
		    (id_is_zero(list->items[i].record) || id_equal(list->items[i].record, p->record)))
			return &list->items[i];
	return NULL;
}

static struct openers ask(struct ctx *by, struct id dossier)
{
	struct openers list;
	int64_t before = leaf_count(&t, EV_SEARCH);

	by->error = (struct error){ 0 };
	assert_int_equal(keeper_openers(by, dossier, &list), OK);
	assert_int_equal(leaf_count(&t, EV_SEARCH), before + 1);
	assert_false(list.cut);
	return list;
}

/* Every part, every member: said to open it is the same as opening it. */
static void agrees(struct ctx *by, const struct world *w)
{
	const struct openers list = ask(by, w->dossier);
	size_t opened = 0, refused = 0;

	for (size_t p = 0; p < w->n; p++)
		for (size_t i = 0; i < staff_n && (list.classes >> w->parts[p].part.class & 1) != 0; i++) {
			const struct opener *o = told(&list, staff[i].who->user, &w->parts[p].part);
			bool opens;

			staff[i].error = (struct error){ 0 };
			opens = part_open(&staff[i], OPEN_CHECK, &w->parts[p], NULL) == OK;
			if (opens != (o != NULL))
				fail_msg("%s, class %d: %s, but %s", staff[i].who->login, (int)w->parts[p].part.class,
					 o != NULL ? "told" : "not told", opens ? "opens" : "does not open");
			if (o != NULL) {
				assert_int_not_equal(o->why & ~(unsigned)WHY_NAMED, 0);
				assert_int_not_equal(o->roles, 0);
				assert_int_equal(o->roles & ~staff[i].who->roles, 0);
				assert_true(o->keys);
			}
			opened += opens;
			refused += !opens;
		}
	assert_true(opened > 0);
	assert_true(refused > 0);
}

static uint32_t why(struct ctx *by, const struct world *w, const struct ctx *of, enum class class)
{
	const struct openers list = ask(by, w->dossier);
	const struct sealed_part p = { .class = class };
	const struct opener *o = told(&list, of->who->user, &p);

	return o == NULL ? 0 : o->why;
}

static void test_T_ACC_1_told_is_what_opens_a_file(void **state)
{
	struct world w = person_file();

	agrees(NOOR(CASE_MANAGER), &w);
	agrees(NOOR(SUPERVISOR), &w);
	assert_int_equal(why(NOOR(SUPERVISOR), &w, NOOR(CASE_MANAGER), IDENT), WHY_ASSIGNED);
	assert_int_equal(why(NOOR(CASE_MANAGER), &w, NOOR(SUPERVISOR), IDENT), WHY_TEAM);
	right(NOOR(SUPERVISOR), (struct right_change){ .what = RIGHT_ASSIGN, .dossier = w.dossier, .user = both.user });
	assert_int_equal(why(NOOR(SUPERVISOR), &w, &staff[staff_n - 1], IDENT), WHY_TEAM | WHY_ASSIGNED);
	right(NOOR(SUPERVISOR),
	      (struct right_change){ .what = RIGHT_UNASSIGN, .dossier = w.dossier, .user = NOOR(CASE_MANAGER)->who->user });
	agrees(NOOR(SUPERVISOR), &w);
	assert_int_equal(why(NOOR(SUPERVISOR), &w, NOOR(CASE_MANAGER), IDENT), 0);
}

static void test_T_ACC_5_told_is_what_is_lent(void **state)
{
	struct world w = person_file();
	struct openers list;

	lend(&w, 1);
	agrees(NOOR(CASE_MANAGER), &w);
	list = ask(NOOR(SUPERVISOR), w.dossier);
	for (size_t i = 0; i < list.n; i++)
		if (id_equal(list.items[i].organisation, bab.id)) {
			assert_int_equal(list.items[i].why, WHY_LENT);
			assert_true(id_equal(list.items[i].record, w.parts[w.n - 1].part.record));
			assert_true(list.items[i].signs);
			assert_false(list.items[i].writes);
			assert_true(list.items[i].until > clock_now());
			assert_true(list.items[i].until <= clock_now() + HOUR_MS);
			return;
		}
	fail_msg("the reviewer is not told");
}

static void test_T_ACC_1_told_is_what_opens_a_locked_file(void **state)
{
	struct world w = person_file();
	struct openers list;

	right(NOOR(CASE_MANAGER),
	      (struct right_change){ .what = RIGHT_LOCK, .dossier = w.dossier, .user = NOOR(CASE_MANAGER)->who->user });
	list = ask(NOOR(CASE_MANAGER), w.dossier);
	assert_true(list.locked);
	agrees(NOOR(CASE_MANAGER), &w);
	assert_int_equal(why(NOOR(CASE_MANAGER), &w, NOOR(CASE_MANAGER), IDENT), WHY_ASSIGNED | WHY_NAMED);
	assert_int_equal(keeper_openers(NOOR(SUPERVISOR), w.dossier, &list), E_DENIED);
	assert_int_equal(keeper_openers(NOOR(OFFICER), w.dossier, &list), E_DENIED); /* who lifts it opens nothing */
}

static void test_T_ACC_1_told_is_what_opens_a_report(void **state)
{
	struct world w = report(false, NULL, 0), danger = report(true, NULL, 0), not_noor = report(false, &noor.id, 1);

	agrees(NOOR(DESK), &w);
	assert_int_equal(why(NOOR(DESK), &w, NOOR(DESK), REPORT), WHY_DESK);
	assert_int_equal(why(NOOR(DESK), &w, NOOR(OPERATOR), REPORT), WHY_QUEUE);
	agrees(NOOR(DESK), &danger);
	assert_int_equal(why(NOOR(DESK), &danger, BAB(DESK), REPORT), WHY_DESK);
	assert_int_equal(why(BAB(DESK), &not_noor, NOOR(DESK), REPORT), 0);
	agrees(BAB(DESK), &not_noor);
	right(NOOR(DESK), (struct right_change){ .what = RIGHT_STAGE, .dossier = w.dossier, .amount = STAGE_ASSIGNED });
	right(NOOR(DESK),
	      (struct right_change){ .what = RIGHT_ASSIGN, .dossier = w.dossier, .user = NOOR(CASE_MANAGER)->who->user });
	agrees(NOOR(DESK), &w);
	assert_int_equal(why(NOOR(DESK), &w, NOOR(OPERATOR), REPORT), 0);
	assert_int_equal(why(NOOR(DESK), &w, NOOR(CASE_MANAGER), REPORT), WHY_ASSIGNED);
}

static void test_T_INT_6_code_is_told_for_answers_alone(void **state)
{
	struct world w = report(false, NULL, 0);
	const struct openers list = ask(NOOR(DESK), w.dossier);
	const struct sealed_part dialog = { .class = DIALOG }, words = { .class = REPORT };
	const struct opener *o = told(&list, ID_ZERO, &dialog);

	assert_non_null(o);
	assert_int_equal(o->why, WHY_CODE);
	assert_int_equal(o->roles, ROLE_BIT(ROLE_REPORTER));
	assert_null(told(&list, ID_ZERO, &words));
}

/* Who opens nothing of it is told nothing, and that he asked is a leaf. */
static void test_T_ACC_2_told_to_nobody_else(void **state)
{
	struct world file = person_file(), sent = report(false, NULL, 0);
	struct ctx *const strangers[] = { NOOR(DESK), NOOR(OPERATOR), NOOR(OFFICER), BAB(SUPERVISOR), BAB(CASE_MANAGER) };
	struct openers list;
	const size_t n = sizeof(strangers) / sizeof(strangers[0]);

	for (size_t i = 0; i < n; i++) {
		int64_t before = leaf_count(&t, EV_DENIED);

		strangers[i]->error = (struct error){ 0 };
		assert_int_equal(keeper_openers(strangers[i], file.dossier, &list), E_DENIED);
		assert_int_equal(keeper_openers(strangers[i], id_new(), &list), E_DENIED);
		assert_int_equal(leaf_count(&t, EV_DENIED), before + 2);
	}
	assert_int_equal(keeper_openers(NOOR(CASE_MANAGER), sent.dossier, &list), E_DENIED);
	assert_int_equal(keeper_openers(&t.ctx, sent.dossier, &list), E_DENIED); /* nobody logged in */
}

/* The classes told are the asker's own: a shelter would not learn who reads the names. */
static void test_T_ACC_1_classes_are_the_askers(void **state)
{
	struct world w = report(false, NULL, 0);
	const struct openers list = ask(NOOR(OPERATOR), w.dossier);

	assert_int_equal(list.classes, (UINT32_C(1) << REPORT) | (UINT32_C(1) << DIALOG));
	for (size_t i = 0; i < list.n; i++)
		assert_true(list.items[i].class == REPORT || list.items[i].class == DIALOG);
}

/* --- the world --------------------------------------------------------------------------------------------------------------------- */

static void admit_both(void)
{
	admit_member(&t, &noor, "noor.both", ROLE_BIT(ROLE_CASE_MANAGER) | ROLE_BIT(ROLE_SUPERVISOR), &both);
	assert_int_equal(admin_attend(&t.admin, sv_of(noor.people[SUPERVISOR].login), SV(TEST_PASSWORD)), OK);
	person_login(&t, &both);
}

static int setup(void **state)
{
	instance_make(&t);
	house_found(&t, &noor, "noor");
	house_found(&t, &bab, "bab");
	route_all(&t, noor.id, bab.id);
	admit_both();
	house_login(&t, &noor);
	house_login(&t, &bab);
	for (int i = 0; i < PERSON_COUNT; i++)
		ctx_for(&t, &staff[staff_n++], &noor.people[i].actor);
	for (int i = 0; i < PERSON_COUNT; i++)
		ctx_for(&t, &staff[staff_n++], &bab.people[i].actor);
	ctx_for(&t, &staff[staff_n++], &both.actor);
	return 0;
}

static int teardown(void **state)
{
	for (size_t i = 0; i < staff_n; i++)
		ctx_close(&staff[i]);
	instance_end(&t);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_T_ACC_1_told_is_what_opens_a_file),
		cmocka_unit_test(test_T_ACC_5_told_is_what_is_lent),
		cmocka_unit_test(test_T_ACC_1_told_is_what_opens_a_locked_file),
		cmocka_unit_test(test_T_ACC_1_told_is_what_opens_a_report),
		cmocka_unit_test(test_T_INT_6_code_is_told_for_answers_alone),
		cmocka_unit_test(test_T_ACC_2_told_to_nobody_else),
		cmocka_unit_test(test_T_ACC_1_classes_are_the_askers),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
