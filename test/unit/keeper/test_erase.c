/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stripping and ending, at the keeper: what opens before, between and after, kills in between, old copies (T-ERA-1), and where an erasure
 * share lies (T-ERA-2). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include "base/clock.h"
#include "base/random.h"
#include "crypto/bytes.h"
#include "tamper.h"

static struct test_instance t;
static struct test_house noor;

static int setup(void **state)
{
	instance_make(&t);
	house_found(&t, &noor, "noor");
	route_all(&t, noor.id, ID_ZERO);
	house_login(&t, &noor);
	return 0;
}

static int teardown(void **state)
{
	instance_end(&t);
	return 0;
}

static struct ctx desk_ctx(void)
{
	struct ctx c;

	ctx_for(&t, &c, &noor.people[DESK].actor);
	return c;
}

static void keeper_again(void)
{
	if (t.pid != 0)
		instance_stop(&t, SIGKILL);
	instance_start(&t);
	house_login(&t, &noor);
}

/* --- shares ------------------------------------------------------------------------------------------------------------------ */

struct shares {
	uint8_t bytes[8][32];
	size_t n;
};

static void take_share(void *arg, struct sv value)
{
	struct shares *s = arg;

	assert_true(s->n < 8 && value.n == 32);
	memcpy(s->bytes[s->n++], value.p, 32);
}

static struct shares shares_of(struct id dossier)
{
	struct shares s = { .n = 0 };
	char hex[33], question[120];

	id_hex(dossier, hex);
	snprintf(question, sizeof(question), "SELECT share FROM share WHERE dossier=x'%s' ORDER BY number", hex);
	db_blobs(&t, "shred.db", question, take_share, &s);
	return s;
}

/* How many files of DIR/keeper hold these bytes; shred.db and its log count when `shred`. */
static int files_with(const uint8_t bytes[32], bool shred)
{
	char path[700];
	struct dirent *e;
	DIR *dir;
	int found = 0;

	snprintf(path, sizeof(path), "%s/keeper", t.dir);
	dir = opendir(path);
	assert_non_null(dir);
	while ((e = readdir(dir)) != NULL) {
		struct arena_mark mark = arena_mark(t.arena);
		struct sv content;

		if (e->d_name[0] == '.' || strcmp(e->d_name, "reserve") == 0 || (!shred && strncmp(e->d_name, "shred.db", 8) == 0))
			continue;
		snprintf(path, sizeof(path), "%s/keeper/%s", t.dir, e->d_name);
		content = file_bytes(&t, path);
		found += content.n >= 32 && memmem(content.p, content.n, bytes, 32) != NULL;
		arena_rewind(t.arena, mark);
	}
	closedir(dir);
	return found;
}

static struct verify_report verified(void)
{
	struct verify_report r;

	assert_int_equal(keeper_verify(&t.ctx, t.dir, NULL, NULL, &r), OK);
	if (r.wrong > 0)
		fail_msg("verify: %s", r.first_wrong);
	return r;
}

/* --- old copies ---------------------------------------------------------------------------------------------------------------- */

static struct sv copy_of_keeper_db(void)
{
	char path[300], statement[400];
	struct sv bytes;

	snprintf(path, sizeof(path), "%s/run/copy.db", t.dir);
	snprintf(statement, sizeof(statement), "VACUUM INTO '%s'", path);
	(void)db_number(&t, "keeper.db", statement);
	bytes = file_bytes(&t, path);
	assert_true(bytes.n > 0);
	assert_int_equal(remove(path), 0);
	return bytes;
}

/* Yesterday's keeper.db beside today's shred.db. */
static void put_back(struct sv copy)
{
	char path[300];

	if (t.pid != 0)
		instance_stop(&t, SIGTERM);
	snprintf(path, sizeof(path), "%s/keeper/keeper.db-wal", t.dir);
	(void)remove(path);
	snprintf(path, sizeof(path), "%s/keeper/keeper.db-shm", t.dir);
	(void)remove(path);
	snprintf(path, sizeof(path), "%s/keeper/keeper.db", t.dir);
	file_put(path, copy);
	keeper_again();
}

/* --- a report that is stripped ------------------------------------------------------------------------------------------------- */

struct stripping {
	struct public_report ticket;
	struct stored_part head, old_message, new_head;
	uint64_t first;
};

static void report_with_a_message(struct ctx *desk, struct stripping *x)
{
	*x = (struct stripping){ .ticket = new_ticket() };
	assert_int_equal(report_send(&t, &t.ctx, &x->ticket, id_new(), "names and story", &x->head, true), OK);
	assert_int_equal(message_add(desk, x->head.part.dossier, DIALOG, "an answer with a name", &x->old_message), OK);
}

/* The set that strips: the head anew. Not settled. */
static enum status strip(struct ctx *c, struct stripping *x)
{
	const struct right_change right = { .what = RIGHT_STRIP, .dossier = x->head.part.dossier };
	struct seal_part part = { .record = x->head.part.record,
				  .dossier = x->head.part.dossier,
				  .type = x->head.part.type,
				  .class = REPORT,
				  .schema = 1,
				  .version = 2,
				  .plain = SV("coded remainder") };
	struct seal_set set = { .event = EV_WRITE, .parts = &part, .part_count = 1, .rights = &right, .right_count = 1 };

	TRY(keeper_seal(c, &set));
	x->new_head = x->head;
	x->new_head.part.version = 2;
	x->new_head.part.blob = arena_copy(c->arena, part.blob);
	x->new_head.key_count = 0;
	for (size_t i = 0; i < set.wrap_count; i++)
		x->new_head.keys[x->new_head.key_count++] = set.wraps[i];
	x->first = set.first_seq;
	return OK;
}

static void settle(struct ctx *c, uint64_t first, bool in_force)
{
	const struct settled s = { first, in_force };

	assert_int_equal(keeper_settle(c->keeper, &s, 1), OK);
}

static void opens(struct ctx *c, const struct stored_part *s, const char *text)
{
	struct sv plain;

	assert_int_equal(part_open(c, OPEN_DOSSIER, s, &plain), OK);
	assert_true(sv_is(plain, text));
}

static void refused(struct ctx *c, const struct stored_part *s)
{
	enum status status = part_open(c, OPEN_LIST, s, NULL);

	if (status != E_NOTFOUND && status != E_CRYPTO)
		fail_msg("an erased part gave %s", status_name(status));
}

static void test_T_ERA_1_stripped(void **state)
{
	struct ctx desk = desk_ctx();
	struct shares before, between, after;
	int64_t alarms = leaf_count(&t, EV_ALARM);
	uint64_t erased = verified().erased;
	struct stripping x;
	struct token mail;
	struct sv copy;

	report_with_a_message(&desk, &x);
	opens(&desk, &x.head, "names and story");
	before = shares_of(x.head.part.dossier);
	copy = copy_of_keeper_db();
	assert_int_equal(before.n, 1);
	assert_int_equal(strip(&desk, &x), OK);
	between = shares_of(x.head.part.dossier); /* both live until the set is settled, and only there (T-ERA-2) */
	assert_int_equal(between.n, 2);
	assert_memory_equal(between.bytes[0], before.bytes[0], 32);
	assert_int_equal(files_with(between.bytes[0], false) + files_with(between.bytes[1], false), 0);
	opens(&desk, &x.head, "names and story");
	opens(&desk, &x.new_head, "coded remainder");

	settle(&desk, x.first, true);
	opens(&desk, &x.new_head, "coded remainder");
	refused(&desk, &x.head);
	refused(&desk, &x.old_message);
	after = shares_of(x.head.part.dossier);
	assert_int_equal(after.n, 1);
	assert_memory_equal(after.bytes[0], between.bytes[1], 32);
	assert_int_equal(files_with(before.bytes[0], true), 0);
	assert_int_equal(verified().erased, erased + 1); /* the message; the head stayed */
	assert_int_equal(leaf_count(&t, EV_ALARM), alarms);
	assert_int_equal(keeper_mailbox(&t.ctx, sv_of(x.ticket.code), &mail), OK); /* the code still opens its box */
	ctx_close(&desk);

	put_back(copy);
	desk = desk_ctx();
	refused(&desk, &x.head);
	refused(&desk, &x.old_message);
	ctx_close(&desk);
}

static void test_void_restores_everything(void **state)
{
	struct ctx desk = desk_ctx();
	struct shares before, after;
	struct stripping x;

	report_with_a_message(&desk, &x);
	before = shares_of(x.head.part.dossier);
	assert_int_equal(strip(&desk, &x), OK);
	settle(&desk, x.first, false);
	opens(&desk, &x.head, "names and story");
	opens(&desk, &x.old_message, "an answer with a name");
	assert_int_not_equal(part_open(&desk, OPEN_LIST, &x.new_head, NULL), OK);
	after = shares_of(x.head.part.dossier);
	assert_int_equal(after.n, 1);
	assert_memory_equal(after.bytes[0], before.bytes[0], 32);
	(void)verified();
	assert_int_equal(strip(&desk, &x), OK); /* and once more, for good */
	settle(&desk, x.first, true);
	opens(&desk, &x.new_head, "coded remainder");
	refused(&desk, &x.old_message);
	(void)verified();
	ctx_close(&desk);
}

/* What the main database holds after a kill decides. */
static void killed(bool stored)
{
	struct ctx desk = desk_ctx();
	struct pending_part *parts;
	struct shares before;
	struct stripping x;
	size_t n;

	report_with_a_message(&desk, &x);
	opens(&desk, &x.old_message, "an answer with a name");
	before = shares_of(x.head.part.dossier);
	assert_int_equal(strip(&desk, &x), OK);
	ctx_close(&desk);
	keeper_again();
	assert_int_equal(shares_of(x.head.part.dossier).n, 2);
	assert_int_equal(keeper_pending(&t.ctx, &parts, &n), OK);
	for (size_t i = 0; i < n; i++) /* what was written before it was stored */
		parts[i].stored = !id_equal(parts[i].record, x.head.part.record) || parts[i].version == 1 || stored;
	assert_int_equal(keeper_reconcile(&t.ctx, parts, n), OK);
	desk = desk_ctx();
	assert_int_equal(shares_of(x.head.part.dossier).n, 1);
	assert_int_equal(files_with(before.bytes[0], true), stored ? 0 : 1);
	if (stored) {
		opens(&desk, &x.new_head, "coded remainder");
		refused(&desk, &x.head);
		refused(&desk, &x.old_message);
	} else {
		opens(&desk, &x.head, "names and story");
		opens(&desk, &x.old_message, "an answer with a name");
	}
	(void)verified();
	ctx_close(&desk);
}

static void test_killed_and_stored(void **state)
{
	killed(true);
}

static void test_killed_and_not_stored(void **state)
{
	killed(false);
}

struct writer {
	struct id dossier;
	struct stored_part part;
	enum status status;
};

static void *write_meanwhile(void *arg)
{
	struct writer *w = arg;
	struct ctx desk = desk_ctx();

	w->status = message_add(&desk, w->dossier, REPORT, "came meanwhile", &w->part);
	ctx_close(&desk);
	return NULL;
}

/* What is written while the set is open waits for its fate, and opens afterwards. */
static void test_nothing_is_sealed_under_the_share_that_goes(void **state)
{
	struct ctx desk = desk_ctx();
	struct stripping x;
	struct writer w;
	pthread_t thread;

	report_with_a_message(&desk, &x);
	assert_int_equal(strip(&desk, &x), OK);
	w = (struct writer){ .dossier = x.head.part.dossier };
	assert_int_equal(pthread_create(&thread, NULL, write_meanwhile, &w), 0);
	settle(&desk, x.first, true);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_int_equal(w.status, OK);
	opens(&desk, &w.part, "came meanwhile");
	(void)verified();
	ctx_close(&desk);
}

static void test_who_may_strip_and_with_what(void **state)
{
	struct ctx desk = desk_ctx(), other;
	const struct right_change right = { .what = RIGHT_STRIP };
	struct right_change mine = right;
	struct stripping x;
	struct seal_set set = { .event = EV_WRITE, .rights = &mine, .right_count = 1 };

	report_with_a_message(&desk, &x);
	ctx_for(&t, &other, &noor.people[OPERATOR].actor);
	assert_int_equal(strip(&other, &x), E_DENIED);
	ctx_close(&other);
	ctx_for(&t, &other, &noor.people[SUPERVISOR].actor);
	assert_int_equal(strip(&other, &x), E_DENIED);
	mine.dossier = x.head.part.dossier;
	assert_int_equal(keeper_seal(&desk, &set), E_INPUT); /* no part: recovery could not tell its fate */
	opens(&desk, &x.head, "names and story");
	assert_int_equal(shares_of(x.head.part.dossier).n, 1);
	ctx_close(&desk);
	ctx_close(&other);
}

/* The reporter sends a file while the desk strips the report: a file whose key went is not said to be there. */
static void test_a_file_of_before_is_no_part_of_what_stays(void **state)
{
	struct ctx desk = desk_ctx(), mail;
	struct actor reporter = { .kind = ACTOR_REPORTER };
	struct file_ref whole = { .file = id_new(), .record = id_new(), .type = 3, .class = REPORT }, half = whole;
	struct seal_part part = { .record = whole.record,
				  .type = 3,
				  .class = REPORT,
				  .schema = 1,
				  .version = 1,
				  .first = true,
				  .fresh_key = true,
				  .plain = SV("scan.png") };
	struct seal_set set = { .event = EV_WRITE, .parts = &part, .part_count = 1 };
	static char chunk[65536];
	struct held_key *wraps;
	struct stripping x;
	struct sv sealed;
	uint8_t head[68];
	size_t n;

	report_with_a_message(&desk, &x);
	ctx_for(&t, &mail, &reporter);
	assert_int_equal(keeper_mailbox(&mail, sv_of(x.ticket.code), &reporter.token), OK);
	half.file = id_new();
	half.record = id_new();
	whole.dossier = half.dossier = part.dossier = x.head.part.dossier;
	assert_int_equal(keeper_file_begin(&mail, &whole, NULL, head, &wraps, &n), OK);
	assert_int_equal(keeper_file_seal(&mail, &whole, 0, true, SV("all of it"), &sealed), OK);
	assert_int_equal(keeper_file_begin(&mail, &half, NULL, head, &wraps, &n), OK);
	assert_int_equal(keeper_file_seal(&mail, &half, 0, false, sv_bytes(chunk, sizeof(chunk)), &sealed), OK);
	assert_int_equal(strip(&desk, &x), OK);
	settle(&desk, x.first, true);
	assert_int_equal(keeper_file_seal(&mail, &half, 1, true, SV("the rest"), &sealed), E_STALE);
	mail.error = (struct error){ 0 };
	assert_int_equal(keeper_seal(&mail, &set), E_STALE);
	mail.error = (struct error){ 0 };
	whole.file = id_new(); /* sent again it is */
	assert_int_equal(keeper_file_begin(&mail, &whole, NULL, head, &wraps, &n), OK);
	assert_int_equal(keeper_file_seal(&mail, &whole, 0, true, SV("all of it"), &sealed), OK);
	assert_int_equal(keeper_seal(&mail, &set), OK);
	settle(&mail, set.first_seq, true);
	(void)verified();
	ctx_close(&mail);
	ctx_close(&desk);
}

/* --- a call that is no report -------------------------------------------------------------------------------------------------- */

static struct stored_part contact_begun(struct ctx *c, uint32_t hours, uint64_t *first)
{
	const struct right_change create = { .what = RIGHT_CREATE, .kind = DOSSIER_REPORT, .dossier = id_new(), .amount = hours };
	struct stored_part out = { .key_count = 0 };
	struct seal_part part = { .record = create.dossier,
				  .dossier = create.dossier,
				  .type = 4,
				  .class = REPORT,
				  .schema = 1,
				  .version = 1,
				  .first = true,
				  .plain = SV("breathing, then hung up") };
	struct seal_set set = { .event = EV_WRITE, .parts = &part, .part_count = 1, .rights = &create, .right_count = 1 };

	assert_int_equal(keeper_seal(c, &set), OK);
	out.part = (struct sealed_part){ .record = part.record,
					 .dossier = part.dossier,
					 .origin = part.origin,
					 .type = 4,
					 .class = REPORT,
					 .schema = 1,
					 .version = 1,
					 .blob = arena_copy(c->arena, part.blob) };
	out.keys[out.key_count++] = set.wraps[0];
	*first = set.first_seq;
	return out;
}

static struct stored_part contact_of(struct ctx *c, uint32_t hours)
{
	uint64_t first;
	struct stored_part out = contact_begun(c, hours, &first);

	settle(c, first, true);
	return out;
}

/* A hundred that cannot end yet are the oldest: the one after them ends all the same. */
static void test_endings_that_stay_open_hold_nobody_up(void **state)
{
	struct ctx desk = desk_ctx();
	struct stored_part call;
	struct pending_part *parts;
	uint64_t first;
	size_t n;

	for (int i = 0; i < 100; i++)
		(void)contact_begun(&desk, 1, &first);
	call = contact_of(&desk, 2);
	ctx_close(&desk);
	instance_later(&t, 4 * HOUR_MS);
	instance_start(&t);
	assert_int_equal(shares_of(call.part.dossier).n, 0);
	assert_int_equal(keeper_pending(&t.ctx, &parts, &n), OK);
	assert_int_equal(n, 100);
	assert_int_equal(keeper_reconcile(&t.ctx, parts, n), OK);
}

static void test_T_ERA_1_contact_after_its_shift(void **state)
{
	struct ctx desk = desk_ctx();
	struct stored_part call = contact_of(&desk, 12), staying = contact_of(&desk, 0);
	struct shares share = shares_of(call.part.dossier);
	uint64_t erased = verified().erased;
	int64_t leaves = leaf_count(&t, EV_ERASE);
	struct sv copy;

	opens(&desk, &call, "breathing, then hung up");
	copy = copy_of_keeper_db();
	ctx_close(&desk);
	instance_later(&t, 11 * HOUR_MS);
	assert_int_equal(shares_of(call.part.dossier).n, 1);
	instance_later(&t, 13 * HOUR_MS);
	assert_int_equal(shares_of(call.part.dossier).n, 0);
	assert_int_equal(shares_of(staying.part.dossier).n, 1);
	assert_int_equal(files_with(share.bytes[0], true), 0);
	assert_int_equal(leaf_count(&t, EV_ERASE), leaves + 3); /* dossier, key, part */
	assert_int_equal(verified().erased, erased + 1);
	keeper_again();
	desk = desk_ctx();
	assert_int_equal(part_open(&desk, OPEN_LIST, &call, NULL), E_NOTFOUND); /* no alarm: rows not swept yet are no attack */
	opens(&desk, &staying, "breathing, then hung up");
	ctx_close(&desk);

	put_back(copy);
	desk = desk_ctx();
	assert_int_equal(part_open(&desk, OPEN_LIST, &call, NULL), E_NOTFOUND);
	ctx_close(&desk);
}

static void test_T_ERA_2_no_share_outside_of_its_file(void **state)
{
	struct ctx desk = desk_ctx();
	struct stripping x;
	struct shares all = { .n = 0 };

	report_with_a_message(&desk, &x);
	db_blobs(&t, "shred.db", "SELECT share FROM share ORDER BY random() LIMIT 8", take_share, &all);
	assert_true(all.n > 0);
	for (size_t i = 0; i < all.n; i++) {
		assert_int_equal(files_with(all.bytes[i], false), 0);
		assert_true(files_with(all.bytes[i], true) > 0); /* the search finds what is there */
	}
	ctx_close(&desk);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_T_ERA_2_no_share_outside_of_its_file),
		cmocka_unit_test(test_void_restores_everything),
		cmocka_unit_test(test_killed_and_stored),
		cmocka_unit_test(test_killed_and_not_stored),
		cmocka_unit_test(test_nothing_is_sealed_under_the_share_that_goes),
		cmocka_unit_test(test_who_may_strip_and_with_what),
		cmocka_unit_test(test_T_ERA_1_contact_after_its_shift),
		cmocka_unit_test(test_T_ERA_1_stripped),
		cmocka_unit_test(test_a_file_of_before_is_no_part_of_what_stays),
		cmocka_unit_test(test_endings_that_stay_open_hold_nobody_up),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
