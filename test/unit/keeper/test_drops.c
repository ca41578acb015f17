/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Events of the statistics at the keeper: who may write them, who opens them, and what a lying web or a changed table comes to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include "base/random.h"
#include "tamper.h"

static struct test_instance t;
static struct test_house noor;
static struct test_programme programme;
static struct ctx desk, officer, supervisor, me, nobody;
static const struct actor no_actor = { .kind = ACTOR_NONE };

#define EVENT_TYPE 14

static struct seal_drop drop_of(const char *text)
{
	return (struct seal_drop){ .id = id_new(), .type = EVENT_TYPE, .schema = 1, .plain = sv_of(text) };
}

static enum status settle(struct ctx *c, uint64_t first, bool in_force)
{
	const struct settled s = { first, in_force };
	struct instance i;

	TRY(keeper_settle(c->keeper, &s, 1));
	return keeper_instance(c, &i); /* it was worked on before this */
}

static void keep(struct seal_drop *d)
{
	d->wrap = arena_copy(t.arena, d->wrap);
	d->blob = arena_copy(t.arena, d->blob);
}

/* A public report with an event beside it. */
static enum status report_with(struct seal_drop *drops, size_t n, struct stored_part *sent, uint64_t *first)
{
	struct public_report p = new_ticket();
	struct id dossier = id_new();
	const struct right_change create = { .what = RIGHT_CREATE, .kind = DOSSIER_REPORT, .dossier = dossier };
	struct seal_part part = { .record = dossier,
				  .dossier = dossier,
				  .type = 1,
				  .class = REPORT,
				  .schema = 1,
				  .version = 1,
				  .first = true,
				  .plain = SV("somebody is held") };
	struct seal_set set = { .event = EV_CREATE,
				.parts = &part,
				.part_count = 1,
				.rights = &create,
				.right_count = 1,
				.drops = drops,
				.drop_count = n,
				.report = &p };

	nobody.error = (struct error){ 0 };
	TRY(keeper_seal(&nobody, &set));
	for (size_t i = 0; i < n; i++)
		keep(&drops[i]);
	*first = set.first_seq;
	*sent = (struct stored_part){ .part = { .record = dossier,
						.dossier = dossier,
						.origin = part.origin,
						.type = 1,
						.class = REPORT,
						.schema = 1,
						.version = 1,
						.blob = arena_copy(t.arena, part.blob) },
				      .key_count = 1 };
	sent->keys[0] = set.wraps[0];
	sent->keys[0].wrap = arena_copy(t.arena, set.wraps[0].wrap);
	return OK;
}

static enum status note_with(struct ctx *c, struct id dossier, struct seal_drop *d)
{
	struct seal_part part = { .record = id_new(),
				  .dossier = dossier,
				  .type = 2,
				  .class = REPORT,
				  .schema = 1,
				  .version = 1,
				  .first = true,
				  .fresh_key = true,
				  .plain = SV("a note") };
	struct seal_set set = { .event = EV_WRITE, .parts = &part, .part_count = 1, .drops = d, .drop_count = 1 };

	c->error = (struct error){ 0 };
	TRY(keeper_seal(c, &set));
	keep(d);
	return settle(c, set.first_seq, true);
}

static struct stored_drop stored(const struct seal_drop *d)
{
	return (struct stored_drop){ .id = d->id,
				     .organisation = d->organisation,
				     .recipient = d->recipient,
				     .key = d->key,
				     .type = d->type,
				     .schema = d->schema,
				     .wrap = d->wrap,
				     .blob = d->blob };
}

static enum status open_as(struct ctx *c, const struct stored_drop *d, struct sv *plain)
{
	struct stored_drop copy = *d;

	c->error = (struct error){ 0 };
	TRY(keeper_drops_open(c, &copy, 1));
	if (plain != NULL)
		*plain = copy.plain;
	return copy.status;
}

static uint64_t counted(void)
{
	uint64_t n = 0;

	me.error = (struct error){ 0 };
	assert_int_equal(keeper_drops_count(&me, &n), OK);
	return n;
}

static void verified(void)
{
	struct verify_report v;

	assert_int_equal(keeper_verify(&t.ctx, t.dir, NULL, NULL, &v), OK);
	if (v.wrong > 0)
		fail_msg("%s", v.first_wrong);
}

static void test_nothing_is_sealed_before_the_programme_is_founded(void **state)
{
	struct seal_drop d = drop_of("too early");
	struct stored_part sent;
	uint64_t first;
	struct id who;
	bool ready;

	assert_int_equal(report_with(&d, 1, &sent, &first), OK);
	assert_int_equal(settle(&nobody, first, true), OK);
	assert_false(d.sealed);
	assert_int_equal(part_open(&desk, OPEN_LIST, &sent, NULL), OK);
	assert_int_equal(admin_statistics(&t.admin, &who, &ready), OK);
	assert_true(id_is_zero(who));
	assert_false(ready);
	programme_found(&t, &programme);
	assert_int_equal(admin_statistics(&t.admin, &who, &ready), OK);
	assert_true(id_equal(who, programme.id));
	assert_true(ready);
	assert_int_equal(admin_programme(&t.admin, programme.id), OK); /* once more changes nothing */
	assert_int_equal(admin_programme(&t.admin, noor.id), E_CONFLICT);
	t.admin.error = (struct error){ 0 };
	assert_int_equal(admin_programme(&t.admin, id_new()), E_NOTFOUND);
	t.admin.error = (struct error){ 0 };
	assert_int_equal(db_number(&t, "shred.db", "SELECT count(*) FROM share"), 2); /* the report's and the set's */
	person_login(&t, &programme.officer);
	person_login(&t, &programme.me);
	ctx_for(&t, &me, &programme.me.actor);
	ctx_for(&t, &officer, &programme.officer.actor);
	verified();
}

static void test_an_event_is_read_by_the_programme_alone(void **state)
{
	struct seal_drop two[2] = { drop_of("report"), drop_of("and another thing") };
	struct stored_drop a, b;
	struct stored_part sent;
	uint64_t first, before = counted();
	int64_t opened = leaf_count(&t, EV_OPEN), refused = leaf_count(&t, EV_DENIED);
	struct sv plain;

	assert_int_equal(report_with(two, 2, &sent, &first), OK);
	assert_true(two[0].sealed && two[1].sealed);
	assert_int_equal(settle(&nobody, first, true), OK);
	a = stored(&two[0]);
	b = stored(&two[1]);
	assert_false(id_equal(a.key, b.key));
	assert_int_equal(open_as(&me, &a, &plain), OK);
	assert_true(sv_is(plain, "report"));
	assert_int_equal(counted(), before + 2);
	assert_int_equal(open_as(&me, &b, &plain), OK);
	assert_true(sv_is(plain, "and another thing"));
	assert_int_equal(leaf_count(&t, EV_OPEN), opened + 2);
	assert_int_equal(open_as(&desk, &a, NULL), E_DENIED);
	assert_int_equal(open_as(&supervisor, &a, NULL), E_DENIED);
	assert_int_equal(open_as(&officer, &a, NULL), E_DENIED);
	assert_int_equal(open_as(&nobody, &a, NULL), E_DENIED);
	assert_int_equal(leaf_count(&t, EV_DENIED), refused + 4);
	assert_int_equal(part_open(&me, OPEN_LIST, &sent, NULL), E_DENIED); /* she opens no dossier */
	{
		struct stored_drop both[2] = { a, b };

		opened = leaf_count(&t, EV_OPEN);
		assert_int_equal(keeper_drops_open(&me, both, 2), OK); /* one leaf for all of them */
		assert_int_equal(leaf_count(&t, EV_OPEN), opened + 1);
	}
	verified();
}

static void test_T_PRIV_3_an_event_needs_an_act_and_a_role(void **state)
{
	struct seal_drop d = drop_of("alone");
	struct seal_set set = { .event = EV_WRITE, .drops = &d, .drop_count = 1 };
	struct stored_part sent;
	uint64_t first, before = counted();
	int64_t refused = leaf_count(&t, EV_DENIED);

	desk.error = (struct error){ 0 };
	assert_int_equal(keeper_seal(&desk, &set), E_DENIED);
	me.error = (struct error){ 0 };
	assert_int_equal(keeper_seal(&me, &set), E_DENIED);
	assert_int_equal(leaf_count(&t, EV_DENIED), refused + 2);
	assert_int_equal(report_with(&d, 1, &sent, &first), OK);
	assert_int_equal(settle(&nobody, first, true), OK);
	assert_int_equal(counted(), before + 1);
	{ /* one event twice */
		struct seal_drop again = d;

		assert_int_equal(note_with(&desk, sent.part.dossier, &again), E_CONFLICT);
		again.id = id_new();
		assert_int_equal(note_with(&desk, sent.part.dossier, &again), OK);
	}
	{ /* a code writes words; it counts nothing */
		struct public_report p = new_ticket();
		struct actor reporter = { .kind = ACTOR_REPORTER };
		struct seal_drop more = drop_of("by the code");
		struct stored_part mine;
		struct ctx mail;

		assert_int_equal(report_send(&t, &nobody, &p, id_new(), "words", &mine, true), OK);
		ctx_for(&t, &mail, &reporter);
		assert_int_equal(keeper_mailbox(&mail, sv_of(p.code), &reporter.token), OK);
		assert_int_equal(keeper_session(&mail, &reporter.token, &reporter), OK);
		assert_int_equal(note_with(&mail, mine.part.dossier, &more), E_DENIED);
		ctx_close(&mail);
	}
	assert_int_equal(counted(), before + 2);
	verified();
}

static void test_changed_events_are_refused(void **state)
{
	struct seal_drop two[2] = { drop_of("first"), drop_of("second") };
	struct stored_drop a, b, x;
	struct stored_part sent;
	uint64_t first;
	int64_t alarms;
	char bytes[AMW1_DEK];

	assert_int_equal(report_with(two, 2, &sent, &first), OK);
	a = stored(&two[0]);
	b = stored(&two[1]);
	assert_int_equal(open_as(&me, &a, NULL), OK); /* not settled yet: as any write it counts until it is void */
	assert_int_equal(settle(&nobody, first, true), OK);
	alarms = leaf_count(&t, EV_ALARM);
	x = a;
	x.blob = b.blob;
	assert_int_equal(open_as(&me, &x, NULL), E_CRYPTO);
	x = a;
	x.id = id_new(); /* one more than there are */
	assert_int_equal(open_as(&me, &x, NULL), E_CRYPTO);
	assert_int_equal(leaf_count(&t, EV_ALARM), alarms + 2);
	x = a;
	x.type = 2;
	assert_int_equal(open_as(&me, &x, NULL), E_CRYPTO);
	x = a;
	x.schema = 2;
	assert_int_equal(open_as(&me, &x, NULL), E_CRYPTO);
	x = a;
	x.wrap = b.wrap;
	assert_int_equal(open_as(&me, &x, NULL), E_CRYPTO);
	x.key = b.key;
	assert_int_equal(open_as(&me, &x, NULL), E_CRYPTO);
	x = a;
	x.organisation = noor.id;
	assert_int_equal(open_as(&me, &x, NULL), E_CRYPTO);
	x = a;
	memcpy(bytes, a.wrap.p, sizeof(bytes));
	bytes[140] ^= 1;
	x.wrap = sv_bytes(bytes, sizeof(bytes));
	assert_int_equal(open_as(&me, &x, NULL), E_CRYPTO);
	assert_int_equal(open_as(&me, &a, NULL), OK);
}

static void test_a_void_set_counts_nothing(void **state)
{
	struct seal_drop d = drop_of("in vain");
	struct stored_part sent;
	struct stored_drop s;
	uint64_t first, before = counted();

	assert_int_equal(report_with(&d, 1, &sent, &first), OK);
	assert_int_equal(settle(&nobody, first, false), OK);
	s = stored(&d);
	assert_int_equal(open_as(&me, &s, NULL), E_CRYPTO);
	assert_int_equal(counted(), before);
	verified();
}

static void again(void)
{
	ctx_close(&me);
	ctx_close(&desk);
	ctx_close(&nobody);
	instance_start(&t);
	house_login(&t, &noor);
	person_login(&t, &programme.me);
	ctx_for(&t, &me, &programme.me.actor);
	ctx_for(&t, &desk, &noor.people[DESK].actor);
	ctx_for(&t, &nobody, &no_actor);
}

static void test_events_share_the_fate_of_their_set(void **state)
{
	for (int is_stored = 0; is_stored < 2; is_stored++) {
		struct seal_drop d = drop_of("in a storm");
		struct stored_part sent;
		struct stored_drop s;
		struct pending_part *parts;
		uint64_t first, before = counted();
		size_t n, events = 0;

		assert_int_equal(report_with(&d, 1, &sent, &first), OK);
		s = stored(&d);
		instance_stop(&t, SIGKILL);
		again();
		assert_int_equal(keeper_pending(&t.ctx, &parts, &n), OK);
		for (size_t i = 0; i < n; i++) {
			events += parts[i].class == STAT && id_equal(parts[i].record, d.id) && parts[i].version == 1;
			parts[i].stored = is_stored;
		}
		assert_int_equal(events, 1);
		assert_int_equal(keeper_reconcile(&t.ctx, parts, n), OK);
		assert_int_equal(open_as(&me, &s, NULL), is_stored ? OK : E_CRYPTO);
		assert_int_equal(counted(), before + (uint64_t)is_stored);
		verified();
	}
}

/* What verify asks the main database for. */
struct looked {
	struct id id;
	bool found, asked;
	uint8_t hash[32];
};

static enum status look_up(void *arg, struct id record, uint16_t type, uint8_t class, bool *found, uint64_t *version,
			   uint8_t hash[32])
{
	struct looked *l = arg;

	*found = class == STAT && id_equal(record, l->id) && l->found;
	if (class == STAT && id_equal(record, l->id)) {
		l->asked = true;
		assert_int_equal(type, EVENT_TYPE);
	}
	*version = 1;
	memcpy(hash, l->hash, 32);
	return OK;
}

static uint64_t wrong_with(struct looked *l)
{
	struct verify_report v;

	assert_int_equal(keeper_verify(&t.ctx, t.dir, look_up, l, &v), OK);
	assert_true(l->asked);
	return v.wrong;
}

static void test_verify_knows_events(void **state)
{
	struct seal_drop d = drop_of("to be looked for");
	struct looked l = { .found = true };
	struct stored_part sent;
	uint64_t first, with;

	assert_int_equal(report_with(&d, 1, &sent, &first), OK);
	assert_int_equal(settle(&nobody, first, true), OK);
	assert_int_equal(part_open(&desk, OPEN_LIST, &sent, NULL), OK); /* its leaf brings the settle to the disk */
	l.id = d.id;
	memcpy(l.hash, d.hash, sizeof(l.hash));
	with = wrong_with(&l); /* all the others are missing in this main database */
	l.found = false;
	assert_int_equal(wrong_with(&l), with + 1);
	l.found = true;
	l.hash[3] ^= 1;
	assert_int_equal(wrong_with(&l), with + 1);
	verified();
}

/* With the set's share destroyed no event opens, whatever else is kept. */
static void test_T_ERA_1_the_share_of_the_set_is_needed(void **state)
{
	struct seal_drop d = drop_of("until the set is made anew");
	struct stored_part sent;
	struct stored_drop s;
	uint64_t first;

	assert_int_equal(report_with(&d, 1, &sent, &first), OK);
	assert_int_equal(settle(&nobody, first, true), OK);
	s = stored(&d);
	assert_int_equal(open_as(&me, &s, NULL), OK);
	instance_stop(&t, SIGTERM);
	db_do(&t, "shred.db", "UPDATE share SET share=zeroblob(32)");
	again();
	assert_int_equal(open_as(&me, &s, NULL), E_CRYPTO);
	instance_stop(&t, SIGTERM);
	db_do(&t, "shred.db", "DELETE FROM share");
	again();
	assert_int_equal(open_as(&me, &s, NULL), E_DENIED);
}

/* Without its row no event would be sealed and nobody would know: not started. */
static void test_T_PRIV_4_programme_taken_away(void **state)
{
	char take[200];

	snprintf(take, sizeof(take), "CREATE TABLE was AS SELECT * FROM row WHERE kind=%d; DELETE FROM row WHERE kind=%d",
		 (int)ROW_PROGRAMME, (int)ROW_PROGRAMME);
	instance_stop(&t, SIGTERM);
	db_do(&t, "keeper.db", take);
	assert_int_equal(instance_start_fails(&t), 1);
	db_do(&t, "keeper.db", "INSERT INTO row SELECT * FROM was; DROP TABLE was");
	instance_start(&t);
}

static int setup(void **state)
{
	instance_make(&t);
	house_found(&t, &noor, "noor");
	route_all(&t, noor.id, ID_ZERO);
	house_login(&t, &noor);
	ctx_for(&t, &desk, &noor.people[DESK].actor);
	ctx_for(&t, &supervisor, &noor.people[SUPERVISOR].actor);
	ctx_for(&t, &nobody, &no_actor);
	return 0;
}

static int teardown(void **state)
{
	struct ctx *const all[] = { &desk, &officer, &supervisor, &me, &nobody };

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		ctx_close(all[i]);
	instance_end(&t);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_is_sealed_before_the_programme_is_founded),
		cmocka_unit_test(test_an_event_is_read_by_the_programme_alone),
		cmocka_unit_test(test_T_PRIV_3_an_event_needs_an_act_and_a_role),
		cmocka_unit_test(test_changed_events_are_refused),
		cmocka_unit_test(test_a_void_set_counts_nothing),
		cmocka_unit_test(test_events_share_the_fate_of_their_set),
		cmocka_unit_test(test_verify_knows_events),
		cmocka_unit_test(test_T_ERA_1_the_share_of_the_set_is_needed),
		cmocka_unit_test(test_T_PRIV_4_programme_taken_away),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
