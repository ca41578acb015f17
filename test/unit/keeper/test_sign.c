/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Signatures and reviews at the keeper (T-ACC-5): provisional acts, the second signature by another user over the same bytes, and the reviewer
 * of another organisation, who opens that one part and nothing else, for a day. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include "base/clock.h"
#include "keeper/sealed/data.h"
#include "keeper/process/service.h"
#include "coming.h"
#include "tamper.h"

static struct test_instance t;
static struct test_house noor, bab;
static struct test_person both; /* case manager and supervisor of noor in one */
static struct ctx desk, manager, supervisor, double_hat, reviewer, neighbour;

/* --- sets ---------------------------------------------------------------------------------------------------------------------- */

struct made {
	struct id dossier, record;
	struct stored_part part;
	struct held_key lent; /* to the reviewer */
};

static void keep(struct ctx *c, const struct seal_set *set, struct stored_part *out)
{
	const struct seal_part *p = &set->parts[0];

	*out = (struct stored_part){ .part = { .record = p->record,
					       .dossier = p->dossier,
					       .origin = p->origin,
					       .type = p->type,
					       .class = p->class,
					       .schema = p->schema,
					       .version = p->version,
					       .blob = arena_copy(c->arena, p->blob) },
				     .first_seq = set->first_seq };
	for (size_t i = 0; i < set->wrap_count && out->key_count < 8; i++)
		if (id_equal(set->wraps[i].key, p->key_id) && set->wraps[i].kind == WRAP_DEK_COMPARTMENT)
			out->keys[out->key_count++] = set->wraps[i];
}

static enum status settle(struct ctx *c, uint64_t first, bool in_force)
{
	const struct settled s = { first, in_force };

	return keeper_settle(c->keeper, &s, 1);
}

static struct seal_part exploit_part(struct id dossier, struct id record, const char *text)
{
	return (struct seal_part){ .record = record,
				   .dossier = dossier,
				   .type = 11,
				   .class = EXPLOIT,
				   .schema = 1,
				   .version = 1,
				   .first = true,
				   .fresh_key = true,
				   .plain = sv_of(text) };
}

/* A person's file of the case manager's own, with a part of ASSIST. */
static struct id new_file(struct ctx *c, struct stored_part *assist)
{
	struct id dossier = id_new();
	const struct right_change rights[] = { { .what = RIGHT_CREATE, .kind = DOSSIER_PERSON, .dossier = dossier },
					       { .what = RIGHT_ASSIGN, .dossier = dossier, .user = c->who->user } };
	struct seal_part part = exploit_part(dossier, dossier, "plan and needs");
	struct seal_set set = { .event = EV_CREATE, .parts = &part, .part_count = 1, .rights = rights, .right_count = 2 };

	part.class = ASSIST;
	part.fresh_key = false;
	assert_int_equal(keeper_seal(c, &set), OK);
	if (assist != NULL)
		keep(c, &set, assist);
	assert_int_equal(settle(c, set.first_seq, true), OK);
	return dossier;
}

static struct right_change signing(struct id dossier, struct id record, uint64_t version, uint32_t which)
{
	return (struct right_change){
		.what = RIGHT_SIGN, .dossier = dossier, .object = record, .class = EXPLOIT, .version = version, .amount = which
	};
}

static struct right_change reviewing(const struct made *m, struct id user, uint32_t hours)
{
	return (struct right_change){
		.what = RIGHT_REVIEW, .dossier = m->dossier, .object = m->record, .class = EXPLOIT, .user = user, .amount = hours
	};
}

/* A decision, signed by its author in the set that seals it; lent to the reviewer for `hours` unless 0. */
static struct made decide(struct ctx *c, struct id dossier, uint32_t hours)
{
	struct made m = { .dossier = dossier, .record = id_new() };
	struct seal_part part = exploit_part(dossier, m.record, "presumed, because");
	const struct right_change rights[] = { signing(dossier, m.record, 1, SIGN_FIRST),
					       reviewing(&m, reviewer.who->user, hours) };
	struct seal_set set = {
		.event = EV_SIGN, .parts = &part, .part_count = 1, .rights = rights, .right_count = hours > 0 ? 2 : 1
	};

	c->error = (struct error){ 0 };
	assert_int_equal(keeper_seal(c, &set), OK);
	keep(c, &set, &m.part);
	for (size_t i = 0; i < set.wrap_count; i++)
		if (set.wraps[i].kind == WRAP_DEK_PERSON)
			m.lent = set.wraps[i];
	m.lent.wrap = arena_copy(c->arena, m.lent.wrap);
	assert_int_equal(settle(c, set.first_seq, true), OK);
	return m;
}

/* One right by itself, settled when it was given. */
static enum status try_right(struct ctx *c, struct right_change change, bool in_force)
{
	struct seal_set set = { .event = EV_SIGN, .rights = &change, .right_count = 1 };

	c->error = (struct error){ 0 };
	TRY(keeper_seal(c, &set));
	return settle(c, set.first_seq, in_force);
}

static enum status sign_as(struct ctx *c, const struct made *m, uint64_t version, uint32_t which)
{
	return try_right(c, signing(m->dossier, m->record, version, which), true);
}

static void denied_with_leaf(struct ctx *c, struct right_change change)
{
	int64_t before = leaf_count(&t, EV_DENIED);

	assert_int_equal(try_right(c, change, true), E_DENIED);
	assert_int_equal(leaf_count(&t, EV_DENIED), before + 1);
}

static enum status open_lent(struct ctx *c, const struct made *m, struct sv *plain)
{
	struct stored_part part = m->part;

	part.keys[0] = m->lent;
	part.key_count = 1;
	c->error = (struct error){ 0 };
	return part_open(c, OPEN_DOSSIER, &part, plain);
}

static enum status seal_one(struct ctx *c, struct seal_part *part)
{
	struct seal_set set = { .event = EV_WRITE, .parts = part, .part_count = 1 };

	c->error = (struct error){ 0 };
	TRY(keeper_seal(c, &set));
	return settle(c, set.first_seq, true);
}

static void verified(void)
{
	struct verify_report v;

	assert_int_equal(keeper_verify(&t.ctx, t.dir, NULL, NULL, &v), OK);
	if (v.wrong > 0)
		fail_msg("%s", v.first_wrong);
}

/* --- two signatures ------------------------------------------------------------------------------------------------------------ */

static void test_T_ACC_5_second_signature_is_another_users(void **state)
{
	struct made m = decide(&double_hat, new_file(&double_hat, NULL), 0);
	int64_t before = leaf_count(&t, EV_SIGN);

	denied_with_leaf(&double_hat, signing(m.dossier, m.record, 1, SIGN_SECOND)); /* his own */
	assert_int_equal(sign_as(&double_hat, &m, 1, SIGN_FIRST), E_STATE);          /* given already */
	assert_int_equal(leaf_count(&t, EV_SIGN), before);
	assert_int_equal(sign_as(&supervisor, &m, 1, SIGN_SECOND), OK);
	assert_int_equal(leaf_count(&t, EV_SIGN), before + 1);
	assert_int_equal(sign_as(&supervisor, &m, 1, SIGN_SECOND), E_STATE);
	verified();
}

/* A web that lies asks in the session of somebody who may write. */
static void not_changed(struct made *m, bool first)
{
	struct seal_part next = exploit_part(m->dossier, m->record, "presumed not, in the same name");
	int64_t before = leaf_count(&t, EV_DENIED);

	next.first = first;
	next.version = first ? 1 : 2;
	assert_int_equal(seal_one(&manager, &next), E_DENIED);
	next.fresh_key = false;
	next.key = &m->part.keys[0];
	assert_int_equal(seal_one(&manager, &next), E_DENIED);
	next.type = RECORD_SIGNATURE;
	next.signature = next.fresh_key = true;
	next.key = NULL;
	next.signs = id_new();
	assert_int_equal(seal_one(&supervisor, &next), E_DENIED);
	assert_int_equal(leaf_count(&t, EV_DENIED), before + 3);
}

static void test_T_ACC_5_signed_part_is_never_changed(void **state)
{
	struct made m = decide(&manager, new_file(&manager, NULL), 0);

	not_changed(&m, false);
	not_changed(&m, true);
	assert_int_equal(sign_as(&supervisor, &m, 2, SIGN_SECOND), E_STALE); /* there is no such version */
	assert_int_equal(sign_as(&supervisor, &m, 1, SIGN_SECOND), OK);
	not_changed(&m, false);
	{ /* not while its set is open either; and a void one binds nobody */
		struct made other = { .dossier = m.dossier, .record = id_new() };
		struct seal_part part = exploit_part(m.dossier, other.record, "under way");
		const struct right_change first = signing(m.dossier, other.record, 1, SIGN_FIRST);
		struct seal_set set = { .event = EV_SIGN, .parts = &part, .part_count = 1, .rights = &first, .right_count = 1 };

		assert_int_equal(keeper_seal(&manager, &set), OK);
		keep(&manager, &set, &other.part);
		not_changed(&other, true);
		assert_int_equal(settle(&manager, set.first_seq, false), OK);
		assert_int_equal(seal_one(&manager, &part), OK);
	}
	verified();
}

static void test_T_ACC_5_plans_are_not_signed(void **state)
{
	struct stored_part assist, now;
	struct id dossier = new_file(&manager, &assist);
	struct right_change change = signing(dossier, dossier, 1, SIGN_FIRST);

	change.class = ASSIST; /* it would be frozen for good */
	denied_with_leaf(&manager, change);
	assert_int_equal(part_update(&manager, &assist, "another plan", NULL, &now, NULL), OK);
}

/* --- who signed ---------------------------------------------------------------------------------------------------------------- */

static size_t signatures(struct ctx *c, struct id dossier, struct signature **out)
{
	size_t n = 0;

	c->error = (struct error){ 0 };
	assert_int_equal(keeper_signatures(c, dossier, out, &n), OK);
	return n;
}

static void test_T_ACC_5_who_signed_is_said_by_the_keeper(void **state)
{
	struct id dossier = new_file(&manager, NULL);
	struct made m = decide(&manager, dossier, 24), other = decide(&manager, dossier, 0);
	struct signature *g;

	assert_int_equal(signatures(&supervisor, dossier, &g), 2);
	assert_int_equal(sign_as(&reviewer, &m, 1, SIGN_SECOND), OK);
	assert_int_equal(signatures(&manager, dossier, &g), 3);
	for (size_t i = 0; i < 3; i++) {
		bool second = g[i].which == SIGN_SECOND;

		assert_true(g[i].stands && g[i].version == 1 && g[i].class == EXPLOIT && g[i].at > 0);
		assert_true(id_equal(g[i].user, second ? reviewer.who->user : manager.who->user));
		assert_true(id_equal(g[i].organisation, second ? bab.id : noor.id));
		assert_true(id_equal(g[i].record, m.record) || (!second && id_equal(g[i].record, other.record)));
	}
	assert_int_equal(signatures(&reviewer, dossier, &g), 2); /* of what he was lent */
	assert_true(id_equal(g[0].record, m.record) && id_equal(g[1].record, m.record));
	assert_int_equal(signatures(&neighbour, dossier, &g), 0);
	assert_int_equal(signatures(&desk, dossier, &g), 0); /* of the house, and reads no facts */
	assert_int_equal(signatures(&manager, id_new(), &g), 0);
	{
		const struct actor nobody = { .kind = ACTOR_STAFF }, *who = manager.who;
		size_t n;

		manager.who = &nobody;
		assert_int_equal(keeper_signatures(&manager, dossier, &g, &n), E_DENIED);
		manager.who = who;
	}
	assert_int_equal(try_right(&supervisor, signing(dossier, other.record, 1, SIGN_SECOND), false), OK);
	assert_int_equal(signatures(&manager, dossier, &g), 3); /* void: it never was */
}

static void test_T_ACC_5_void_takes_the_signature_back(void **state)
{
	struct made m = decide(&manager, new_file(&manager, NULL), 0), other = { .dossier = m.dossier, .record = id_new() };
	struct seal_part part = exploit_part(m.dossier, other.record, "never came to be");
	const struct right_change first = signing(m.dossier, other.record, 1, SIGN_FIRST);
	struct seal_set set = { .event = EV_SIGN, .parts = &part, .part_count = 1, .rights = &first, .right_count = 1 };

	assert_int_equal(try_right(&supervisor, signing(m.dossier, m.record, 1, SIGN_SECOND), false), OK);
	assert_int_equal(sign_as(&supervisor, &m, 1, SIGN_SECOND), OK); /* free again */
	assert_int_equal(keeper_seal(&manager, &set), OK);
	assert_int_equal(settle(&manager, set.first_seq, false), OK);
	assert_int_equal(sign_as(&manager, &other, 1, SIGN_FIRST), E_STALE); /* no such part */
	assert_int_equal(sign_as(&supervisor, &other, 1, SIGN_SECOND), E_STALE);
	verified();
}

static void test_T_PRIV_3_lying_web_signs_nothing(void **state)
{
	struct stored_part assist;
	struct id dossier = new_file(&manager, &assist);
	struct made m = decide(&manager, dossier, 0);

	denied_with_leaf(&manager, signing(dossier, m.record, 1, SIGN_SECOND)); /* no s in this role */
	denied_with_leaf(&desk, signing(dossier, m.record, 1, SIGN_FIRST));
	denied_with_leaf(&supervisor, signing(dossier, m.record, 1, SIGN_FIRST)); /* no w */
	denied_with_leaf(&reviewer, signing(dossier, m.record, 1, SIGN_SECOND));  /* another organisation's */
	denied_with_leaf(&neighbour, signing(dossier, m.record, 1, SIGN_FIRST));
	denied_with_leaf(&supervisor, signing(dossier, m.record, 1, 3));
	assert_int_equal(try_right(&supervisor, signing(dossier, id_new(), 1, SIGN_SECOND), true), E_STALE);
	{ /* a part of another dossier under the name of this one */
		struct made foreign = decide(&manager, new_file(&manager, NULL), 0);

		assert_int_equal(try_right(&supervisor, signing(dossier, foreign.record, 1, SIGN_SECOND), true), E_STALE);
	}
	{ /* what is no signature of his is not written as one */
		struct seal_part part = exploit_part(dossier, id_new(), "I agree");
		int64_t before = leaf_count(&t, EV_DENIED);

		part.signs = m.record;
		part.type = RECORD_SIGNATURE;
		assert_int_equal(seal_one(&manager, &part), E_DENIED); /* nor by who may write: it would say that another agreed */
		part.signature = true;
		assert_int_equal(seal_one(&manager, &part), E_DENIED);
		assert_int_equal(seal_one(&desk, &part), E_DENIED);
		part.fresh_key = false;
		assert_int_equal(seal_one(&supervisor, &part), E_DENIED);
		part.fresh_key = true;
		part.class = ASSIST;
		assert_int_equal(seal_one(&supervisor, &part), E_DENIED);
		part.class = EXPLOIT;
		part.type = 11; /* a decision, which takes w */
		assert_int_equal(seal_one(&supervisor, &part), E_DENIED);
		part.type = RECORD_SIGNATURE;
		assert_int_equal(leaf_count(&t, EV_DENIED), before + 6);
		assert_int_equal(seal_one(&supervisor, &part), OK);
	}
	verified();
}

static void test_T_PRIV_4_edited_signature_is_found(void **state)
{
	struct made m = decide(&manager, new_file(&manager, NULL), 0);
	struct sv body = row_body(&t, ROW_SIGN, sign_object(m.record, EXPLOIT, SIGN_FIRST));
	struct verify_report v;
	char object[33], statement[200];

	assert_true(body.n > 0);
	id_hex(sign_object(m.record, EXPLOIT, SIGN_FIRST), object);
	snprintf(statement, sizeof(statement),
		 "UPDATE row SET body=CAST(substr(body,1,34)||zeroblob(16)||substr(body,51) AS BLOB) WHERE object=x'%s'", object);
	db_do(&t, "keeper.db", statement); /* as if somebody else had signed */
	assert_int_equal(keeper_verify(&t.ctx, t.dir, NULL, NULL, &v), OK);
	assert_int_equal(v.wrong, 1);
	assert_int_equal(sign_as(&supervisor, &m, 1, SIGN_SECOND), E_DENIED);
	snprintf(statement, sizeof(statement), "DELETE FROM row WHERE object=x'%s'", object);
	db_do(&t, "keeper.db", statement);
	assert_int_equal(keeper_verify(&t.ctx, t.dir, NULL, NULL, &v), OK);
	assert_int_equal(v.wrong, 1);
}

/* --- the reviewer -------------------------------------------------------------------------------------------------------------- */

static void test_T_ACC_5_reviewer_opens_that_part_and_nothing_else(void **state)
{
	struct stored_part assist;
	struct id dossier = new_file(&manager, &assist);
	struct made before = decide(&manager, dossier, 0), m = decide(&manager, dossier, 24), after = decide(&manager, dossier, 0);
	struct sv plain;
	bool keep;

	assert_int_equal(open_lent(&reviewer, &m, &plain), OK);
	assert_true(sv_is(plain, "presumed, because"));
	assert_int_equal(open_lent(&neighbour, &m, NULL), E_DENIED); /* same organisation, not him */
	assert_int_equal(open_lent(&desk, &m, NULL), E_DENIED);
	assert_int_equal(keeper_visible(&reviewer, &dossier, 1, &keep), OK);
	assert_false(keep);
	assist.keys[1] = m.lent;
	assist.key_count = 2;
	assert_int_equal(part_open(&reviewer, OPEN_LIST, &assist, NULL), E_DENIED);
	before.lent = after.lent = m.lent; /* the key he has, with other parts of the class */
	assert_int_equal(open_lent(&reviewer, &before, NULL), E_DENIED);
	assert_int_equal(open_lent(&reviewer, &after, NULL), E_DENIED);
	assert_int_equal(part_open(&reviewer, OPEN_LIST, &m.part, NULL), E_DENIED); /* by the owner's own wrap */
	denied_with_leaf(&reviewer, signing(dossier, before.record, 1, SIGN_SECOND));
	denied_with_leaf(&reviewer, signing(dossier, m.record, 1, SIGN_FIRST));
	denied_with_leaf(&reviewer, reviewing(&m, neighbour.who->user, 1));
	denied_with_leaf(&reviewer, (struct right_change){ .what = RIGHT_ASSIGN, .dossier = dossier, .user = reviewer.who->user });
	assert_int_equal(sign_as(&reviewer, &m, 1, SIGN_SECOND), OK);
	verified();
}

static void test_T_ACC_5_reviewer_writes_his_signature_alone(void **state)
{
	struct id dossier = new_file(&manager, NULL);
	struct made m = decide(&manager, dossier, 24), other = decide(&manager, dossier, 0);
	struct seal_part part = exploit_part(dossier, id_new(), "I agree");
	struct stored_part out, mine = m.part;

	assert_int_equal(seal_one(&reviewer, &part), E_DENIED);
	part.signature = true;
	part.signs = m.record;
	assert_int_equal(seal_one(&reviewer, &part), E_DENIED); /* a decision of his own under that name */
	part.type = RECORD_SIGNATURE;
	part.signs = other.record;
	assert_int_equal(seal_one(&reviewer, &part), E_DENIED);
	part.signs = part.record;
	assert_int_equal(seal_one(&reviewer, &part), E_DENIED);
	part.signs = m.record;
	part.class = CONSENT;
	assert_int_equal(seal_one(&reviewer, &part), E_DENIED);
	part.class = EXPLOIT;
	assert_int_equal(seal_one(&reviewer, &part), OK);
	mine.keys[0] = m.lent;
	reviewer.error = (struct error){ 0 };
	assert_int_equal(part_update(&reviewer, &mine, "presumed not", NULL, &out, NULL), E_DENIED);
	assert_int_equal(message_add(&reviewer, dossier, ASSIST, "and a plan", &out), E_DENIED);
	verified();
}

static void test_T_ACC_5_lent_key_seals_one_record(void **state)
{
	struct id dossier = new_file(&manager, NULL);
	struct made m = decide(&manager, dossier, 24);
	struct seal_part next[2] = { exploit_part(dossier, id_new(), "facts that came later"),
				     exploit_part(dossier, id_new(), "more") };
	struct seal_set set = { .event = EV_WRITE, .parts = next, .part_count = 2 };
	struct stored_part now;

	for (int i = 0; i < 2; i++) {
		next[i].fresh_key = false;
		next[i].key = &m.part.keys[0]; /* the newest of the class a caller finds */
	}
	assert_int_equal(keeper_seal(&manager, &set), OK);
	assert_false(id_equal(next[0].key_id, m.lent.key));
	assert_true(id_equal(next[0].key_id, next[1].key_id));
	assert_int_equal(settle(&manager, set.first_seq, true), OK);
	{ /* its own, as long as nobody signed it */
		struct made draft = { .dossier = dossier, .record = id_new() };
		struct seal_part part = exploit_part(dossier, draft.record, "presumed");
		struct seal_set own = { .event = EV_WRITE, .parts = &part, .part_count = 1 };

		assert_int_equal(keeper_seal(&manager, &own), OK);
		keep(&manager, &own, &draft.part);
		assert_int_equal(settle(&manager, own.first_seq, true), OK);
		assert_int_equal(part_update(&manager, &draft.part, "presumed, in better words", NULL, &now, NULL), OK);
	}
	{
		struct file_ref f = { id_new(), id_new(), dossier, ID_ZERO, 3, EXPLOIT };
		struct held_key *wraps;
		uint8_t head[68];
		size_t n;

		assert_int_equal(keeper_file_begin(&manager, &f, &m.part.keys[0], head, &wraps, &n), OK);
		assert_int_equal(n, 1);
		assert_false(id_equal(wraps[0].key, m.lent.key));
	}
}

static void test_T_ACC_5_what_cannot_be_lent(void **state)
{
	struct stored_part assist;
	struct id dossier = new_file(&manager, &assist);
	struct made m = decide(&manager, dossier, 0), shared = { .dossier = dossier, .record = id_new() };
	struct seal_part part = exploit_part(dossier, shared.record, "facts");
	struct right_change lend = reviewing(&m, reviewer.who->user, 24);
	struct seal_set set = { .event = EV_GRANT, .rights = &lend, .right_count = 1, .keys = m.part.keys, .key_count = 1 };

	part.fresh_key = false;
	assert_int_equal(seal_one(&manager, &part), OK);
	assert_int_equal(try_right(&manager, reviewing(&shared, reviewer.who->user, 24), true), E_INPUT); /* its key seals more */
	assert_int_equal(try_right(&manager, reviewing(&m, reviewer.who->user, 24), true), E_INPUT);      /* key not brought */
	assert_int_equal(try_right(&manager, reviewing(&m, reviewer.who->user, 0), true), E_INPUT);
	assert_int_equal(try_right(&manager, reviewing(&m, reviewer.who->user, 25), true), E_INPUT);
	assert_int_equal(try_right(&manager, reviewing(&m, supervisor.who->user, 24), true), E_INPUT); /* his own people */
	{ /* the class's shared key, which seals no record alone, under the name of no record */
		struct stored_part facts;
		struct seal_part more = exploit_part(dossier, id_new(), "more facts");
		struct seal_set both_parts = { .event = EV_WRITE, .parts = &more, .part_count = 1 };
		struct right_change all = {
			.what = RIGHT_REVIEW, .dossier = dossier, .class = EXPLOIT, .user = reviewer.who->user, .amount = 24
		};
		struct seal_set give = { .event = EV_SIGN, .rights = &all, .right_count = 1, .key_count = 1 };

		more.fresh_key = false;
		manager.error = (struct error){ 0 };
		assert_int_equal(keeper_seal(&manager, &both_parts), OK);
		keep(&manager, &both_parts, &facts);
		assert_int_equal(settle(&manager, both_parts.first_seq, true), OK);
		assert_true(facts.key_count > 0);
		give.keys = facts.keys;
		assert_int_equal(keeper_seal(&manager, &give), E_INPUT);
	}
	assert_int_equal(try_right(&manager, reviewing(&m, neighbour.who->user, 24), true), E_STATE); /* cannot sign */
	denied_with_leaf(&desk, reviewing(&m, reviewer.who->user, 24));
	denied_with_leaf(&neighbour, reviewing(&m, neighbour.who->user, 24));
	set.event = EV_SIGN;
	manager.error = (struct error){ 0 };
	assert_int_equal(keeper_seal(&manager, &set), OK); /* later, with its key */
	assert_int_equal(set.wrap_count, 1);
	m.lent = set.wraps[0];
	m.lent.wrap = arena_copy(t.arena, m.lent.wrap);
	assert_int_equal(open_lent(&reviewer, &m, NULL), OK); /* provisional as every act: before it is settled too */
	assert_int_equal(settle(&manager, set.first_seq, false), OK);
	assert_int_equal(keeper_instance(&manager, &(struct instance){ .demo = false }), OK); /* the settle went before */
	assert_int_equal(open_lent(&reviewer, &m, NULL), E_DENIED);
	verified();
}

static void test_T_BIND_3_edited_wrap_row_is_refused(void **state)
{
	struct made m = decide(&manager, new_file(&manager, NULL), 1), x = m;
	int64_t alarms = leaf_count(&t, EV_ALARM);
	char bytes[AMW1_DEK];

	x.lent.not_after += 3600 * UINT64_C(24);
	assert_int_equal(open_lent(&reviewer, &x, NULL), E_CRYPTO);
	x = m;
	x.lent.purpose = 2;
	assert_int_equal(open_lent(&reviewer, &x, NULL), E_CRYPTO);
	x = m;
	x.lent.organisation = noor.id;
	assert_int_equal(open_lent(&reviewer, &x, NULL), E_CRYPTO);
	assert_int_equal(leaf_count(&t, EV_ALARM), alarms + 3);
	x = m;
	x.lent.grant = id_new(); /* of no grant the keeper knows */
	assert_int_equal(open_lent(&reviewer, &x, NULL), E_DENIED);
	x.lent.grant = ID_ZERO;
	assert_int_equal(open_lent(&reviewer, &x, NULL), E_DENIED);
	x.lent.not_after = 0;
	x.lent.purpose = 0;
	assert_int_equal(open_lent(&reviewer, &x, NULL), E_CRYPTO); /* the wrap is bound to its grant */
	x = m;
	memcpy(bytes, m.lent.wrap.p, sizeof(bytes));
	bytes[120] ^= 1;
	x.lent.wrap = sv_bytes(bytes, sizeof(bytes));
	assert_int_equal(open_lent(&reviewer, &x, NULL), E_CRYPTO);
	assert_int_equal(open_lent(&reviewer, &m, NULL), OK);
}

/* The reviewer's own key into the bench, as his login does. */
static void secret_of(struct service *s, const struct test_person *p)
{
	struct sv slot = SV_NONE;
	uint8_t stretched[32];
	struct slot_head head;

	assert_int_equal(row_get(s, ROW_SLOT, row_object(ROW_SLOT, p->user, ID_ZERO, SLOT_PASSWORD), &slot), OK);
	assert_int_equal(amp1_head(slot, &head), OK);
	assert_int_equal(slot_stretch(stretched, SV(TEST_PASSWORD), head.salt, head.argon_t, head.argon_m_kib), OK);
	assert_int_equal(amp1_open(s->bench->payload, slot, stretched, s->vault->pepper[0]), OK);
	memcpy(s->bench->capsule.sk, s->bench->payload, 32);
}

/* In this process, by its own clock: the last millisecond opens, the next does not. */
static void test_T_BIND_3_ended_grant_is_refused(void **state)
{
	struct made m = decide(&manager, new_file(&manager, NULL), 1);
	static struct session session = { .kind = SESSION_REPORTER }; /* without a cache */
	static struct service s;
	struct who w = { .kind = ACTOR_STAFF,
			 .user = reviewer.who->user,
			 .organisation = bab.id,
			 .cert = reviewer.who->recipient,
			 .roles = ROLE_BIT(ROLE_SUPERVISOR),
			 .active = true,
			 .session = &session };
	const struct dossier *d;
	struct key out;

	instance_stop(&t, SIGTERM);
	s = (struct service){ .now = 0 };
	assert_int_equal(service_open(&s, t.dir), OK);
	assert_int_equal(batch_begin(&s), OK);
	secret_of(&s, &bab.people[SUPERVISOR]);
	assert_int_equal(dossier_load(&s, m.dossier, &d), OK);
	assert_int_equal(d->grant_n, 1);
	s.now = (int64_t)m.lent.not_after * SECOND_MS - 1;
	assert_true(may_part(&s, &w, d, OP_READ, EXPLOIT, m.record, false));
	assert_true(may_part(&s, &w, d, OP_SIGN, EXPLOIT, m.record, false));
	assert_int_equal(key_open(&s, &w, d, &m.lent, &out), OK);
	s.now++;
	assert_false(may_part(&s, &w, d, OP_READ, EXPLOIT, m.record, false));
	assert_false(may_part(&s, &w, d, OP_SIGN, EXPLOIT, m.record, false));
	assert_int_equal(key_open(&s, &w, d, &m.lent, &out), E_DENIED);
	batch_rollback(&s);
	service_close(&s);
	instance_start(&t);
}

/* T-ACC-1 where the keeper fills the question: relation × assigned × role × class × op, against the letters of the matrix alone. */
enum relation { OWNER, LENT, ENDED, LENT_TO_ANOTHER, LENT_ANOTHER_PART, LENT_ANOTHER_CLASS, NONE, RELATIONS };

static struct grant_row grant_for(enum relation r, const struct who *w, enum class class, struct id record)
{
	return (struct grant_row){ .grant = id_new(),
				   .record = r == LENT_ANOTHER_PART ? id_new() : record,
				   .user = r == LENT_TO_ANOTHER ? id_new() : w->user,
				   .organisation = w->organisation,
				   .class = r == LENT_ANOTHER_CLASS ? (class == EXPLOIT ? CONSENT : EXPLOIT) : class,
				   .ops = OP_READ | OP_SIGN,
				   .not_after = r == ENDED ? 1000 : 1001 };
}

static bool expected(enum relation r, bool assigned, enum role role, enum class class, enum op op)
{
	struct cell cell = policy_cell(role, class);
	bool lent = r == LENT && op != OP_WRITE, own = r == OWNER;

	if ((cell.ops & (unsigned)op) == 0 || role == ROLE_PERSON || role == ROLE_REPORTER || (!own && !lent))
		return false;
	if (cell.conditions == 0)
		return assigned || lent || role == ROLE_SUPERVISOR;
	return lent && (cell.conditions == COND_GRANT || cell.conditions == COND_BOUND);
}

static void test_T_ACC_1_grants_at_the_keeper(void **state)
{
	static struct service s;
	static const enum op ops[] = { OP_READ, OP_WRITE, OP_SIGN };
	struct who w = { .kind = ACTOR_STAFF, .user = id_new(), .organisation = id_new(), .active = true };
	struct id record = id_new();
	unsigned yes = 0;

	s = (struct service){ .now = 1000 * SECOND_MS };
	for (unsigned i = 0; i < RELATIONS * 2 * ROLE_COUNT * CLASS_COUNT * 3; i++) {
		enum relation relation = (enum relation)(i % RELATIONS);
		bool assigned = i / RELATIONS % 2 != 0, allowed;
		enum op op = ops[i / RELATIONS / 2 % 3];
		enum class class = (enum class)(i / RELATIONS / 6 % CLASS_COUNT);
		enum role role = (enum role)(i / RELATIONS / 6 / CLASS_COUNT);
		struct grant_row grant = grant_for(relation, &w, class, record);
		struct dossier d = {
			.row = { .id = id_new(), .kind = DOSSIER_PERSON, .owner = relation == OWNER ? w.organisation : id_new() },
			.assigned = &w.user,
			.assigned_n = assigned,
			.grants = &grant,
			.grant_n = relation != OWNER && relation != NONE
		};

		w.roles = ROLE_BIT(role);
		allowed = may_part(&s, &w, &d, op, class, record, false);
		yes += allowed;
		if (allowed != expected(relation, assigned, role, class, op))
			fail_msg("relation %d assigned %d role %d class %d op %d: decided %d", (int)relation, assigned, (int)role,
				 (int)class, (int)op, allowed);
		if (may(&s, &w, &d, op, class, false) != (relation == OWNER && allowed))
			fail_msg("a grant of one part counts for all: role %d class %d op %d", (int)role, (int)class, (int)op);
	}
	assert_true(yes > 100);
}

/* --- recovery ------------------------------------------------------------------------------------------------------------------ */

/* Killed before it was settled: the signature goes with its set, and stands with it. */
static void test_signatures_share_the_fate_of_their_set(void **state)
{
	for (int stored = 0; stored < 2; stored++) {
		struct id dossier = new_file(&manager, NULL);
		struct made m = { .dossier = dossier, .record = id_new() };
		struct seal_part part = exploit_part(dossier, m.record, "decided in a storm");
		const struct right_change first = signing(dossier, m.record, 1, SIGN_FIRST);
		struct seal_set set = { .event = EV_SIGN, .parts = &part, .part_count = 1, .rights = &first, .right_count = 1 };
		struct pending_part *parts;
		size_t n;

		manager.error = (struct error){ 0 };
		assert_int_equal(keeper_seal(&manager, &set), OK);
		instance_stop(&t, SIGKILL);
		instance_start(&t);
		assert_int_equal(keeper_pending(&t.ctx, &parts, &n), OK);
		assert_true(n >= 1);
		for (size_t i = 0; i < n; i++)
			parts[i].stored = stored;
		assert_int_equal(keeper_reconcile(&t.ctx, parts, n), OK);
		person_login(&t, &noor.people[SUPERVISOR]);
		ctx_close(&supervisor);
		ctx_for(&t, &supervisor, &noor.people[SUPERVISOR].actor);
		assert_int_equal(sign_as(&supervisor, &m, 1, SIGN_SECOND), stored ? OK : E_STALE);
		person_login(&t, &noor.people[CASE_MANAGER]);
		ctx_close(&manager);
		ctx_for(&t, &manager, &noor.people[CASE_MANAGER].actor);
		verified();
	}
}

/* Whoever came in by recovery code lends nothing for a day, whatever was read about it since; he works on. */
static void test_T_KEY_2_nothing_is_lent_a_day_after_a_recovery(void **state)
{
	struct test_person *p = &noor.people[CASE_MANAGER];
	const struct recovery_try try = { sv_of(p->login), sv_of(p->recovery), sv_of(p->sheet[0]), SV(TEST_PASSWORD),
					  FACTOR_SHEET };
	struct made m, after;
	char fresh[32];

	person_login(&t, p);
	person_login(&t, &noor.people[SUPERVISOR]);
	ctx_close(&manager);
	ctx_close(&supervisor);
	ctx_for(&t, &manager, &p->actor);
	ctx_for(&t, &supervisor, &noor.people[SUPERVISOR].actor);
	m = decide(&manager, new_file(&manager, NULL), 0);
	t.ctx.error = (struct error){ 0 };
	assert_int_equal(keeper_recover(&t.ctx, &try, fresh), OK);
	person_login(&t, p);
	ctx_close(&manager);
	ctx_for(&t, &manager, &p->actor);
	after = decide(&manager, new_file(&manager, NULL), 0);
	assert_int_equal(try_right(&manager, reviewing(&m, reviewer.who->user, 24), true), E_STATE);
	assert_int_equal(try_right(&manager, reviewing(&after, reviewer.who->user, 24), true), E_STATE);
	assert_int_equal(sign_as(&supervisor, &after, 1, SIGN_SECOND), OK);
}

/* --- all ----------------------------------------------------------------------------------------------------------------------- */

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
	ctx_for(&t, &desk, &noor.people[DESK].actor);
	ctx_for(&t, &manager, &noor.people[CASE_MANAGER].actor);
	ctx_for(&t, &supervisor, &noor.people[SUPERVISOR].actor);
	ctx_for(&t, &double_hat, &both.actor);
	ctx_for(&t, &reviewer, &bab.people[SUPERVISOR].actor);
	ctx_for(&t, &neighbour, &bab.people[CASE_MANAGER].actor);
	return 0;
}

static int teardown(void **state)
{
	struct ctx *const all[] = { &desk, &manager, &supervisor, &double_hat, &reviewer, &neighbour };

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		ctx_close(all[i]);
	instance_end(&t);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_T_ACC_1_grants_at_the_keeper),
		cmocka_unit_test(test_T_ACC_5_second_signature_is_another_users),
		cmocka_unit_test(test_T_ACC_5_signed_part_is_never_changed),
		cmocka_unit_test(test_T_ACC_5_plans_are_not_signed),
		cmocka_unit_test(test_T_ACC_5_who_signed_is_said_by_the_keeper),
		cmocka_unit_test(test_T_ACC_5_void_takes_the_signature_back),
		cmocka_unit_test(test_T_PRIV_3_lying_web_signs_nothing),
		cmocka_unit_test(test_T_ACC_5_reviewer_opens_that_part_and_nothing_else),
		cmocka_unit_test(test_T_ACC_5_reviewer_writes_his_signature_alone),
		cmocka_unit_test(test_T_ACC_5_lent_key_seals_one_record),
		cmocka_unit_test(test_T_ACC_5_what_cannot_be_lent),
		cmocka_unit_test(test_T_BIND_3_edited_wrap_row_is_refused),
		cmocka_unit_test(test_signatures_share_the_fate_of_their_set),
		cmocka_unit_test(test_T_PRIV_4_edited_signature_is_found),
		cmocka_unit_test(test_T_BIND_3_ended_grant_is_refused),
		cmocka_unit_test(test_T_KEY_2_nothing_is_lent_a_day_after_a_recovery),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
