/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Records over a living keeper and a real database: what is saved is read by who may, is stale for who saw it before, leaves its history, is
 * never saved twice by one form. */
#include "kit.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/random.h"

static struct kit kit, *k = &kit;

static int set_up(void **state)
{
	(void)state;
	kit_make(k);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	kit_end(k);
	return 0;
}

static struct record *loaded(struct ctx *c, struct id id)
{
	struct record *r = NULL;

	kit_clear(c);
	assert_int_equal(record_load(c, &note_type, id, &r), OK);
	return r;
}

static enum status load_fails(struct ctx *c, struct id id)
{
	struct record *r;
	enum status s;

	kit_clear(c);
	s = record_load(c, &note_type, id, &r);
	assert_int_equal(c->error.status, s);
	return s;
}

static void test_saved_and_read_back(void **state)
{
	struct id id, more;
	struct record *r, *all;
	size_t n;

	(void)state;
	assert_int_equal(note_new(&k->desk, "somebody is held", &id), OK);
	r = loaded(&k->desk, id);
	assert_true(sv_is(record_text(r, NOTE_text), "somebody is held"));
	assert_false(record_has(r, NOTE_count));
	assert_int_equal(r->version, 1);
	assert_true(id_equal(r->origin, k->noor.id));
	assert_int_equal(r->changed, 0);
	assert_int_equal(note_add(&k->desk, id, "second", &more), OK);
	assert_int_equal(note_add(&k->desk, id, "third", &more), OK);
	assert_int_equal(record_load_dossier(&k->desk, &note_type, id, &all, &n), OK);
	assert_int_equal(n, 3);
	assert_true(sv_is(record_text(&all[0], NOTE_text), "somebody is held"));
	assert_true(sv_is(record_text(&all[1], NOTE_text), "second"));
	assert_true(sv_is(record_text(&all[2], NOTE_text), "third"));
}

/* Another organisation, a role without the class, the public, an id that is nothing: the same answer. */
static void test_T_ACC_2_who_may_not_finds_nothing(void **state)
{
	struct ctx officer;
	struct id id;
	size_t n;
	struct record *all;

	(void)state;
	assert_int_equal(note_new(&k->desk, "x", &id), OK);
	kit_connect(k, &officer, &k->noor.people[OFFICER].actor);
	assert_int_equal(load_fails(&k->other, id), E_NOTFOUND);
	assert_int_equal(load_fails(&officer, id), E_NOTFOUND);
	assert_int_equal(load_fails(&k->nobody, id), E_NOTFOUND);
	assert_int_equal(load_fails(&k->desk, id_new()), E_NOTFOUND);
	assert_int_equal(record_load_dossier(&k->other, &note_type, id, &all, &n), OK);
	assert_int_equal(n, 0);
	assert_int_equal(note_edit(&k->other, &(struct edit){ .id = id }), E_NOTFOUND);
	kit_disconnect(&officer);
}

/* The bytes of what was written are in no file of the main database. */
static bool found_in(const char *file, const char *text)
{
	struct arena *a = arena_new(64u << 20);
	int fd = open(arena_format(a, "%s/%s", k->main_dir, file).p, O_RDONLY);
	ssize_t n;
	char *p = arena_alloc(a, 32u << 20);
	bool found;

	assert_true(fd >= 0);
	n = read(fd, p, 32u << 20);
	assert_true(n >= 0);
	found = memmem(p, (size_t)n, text, strlen(text)) != NULL;
	(void)close(fd);
	arena_free(a);
	return found;
}

static void test_T_MEM_1_nothing_in_clear(void **state)
{
	struct id id;

	(void)state;
	assert_int_equal(note_new(&k->desk, "PLANTED-7f3a-text", &id), OK);
	assert_int_equal(note_edit(&k->desk, &(struct edit){ .id = id, .text = "PLANTED-7f3a-after" }), OK);
	assert_false(found_in("main.db", "PLANTED-7f3a"));
	assert_false(found_in("main.db-wal", "PLANTED-7f3a"));
}

static void test_list_in_the_order_asked(void **state)
{
	struct id ids[64];
	struct record *list;
	size_t n, hidden;

	(void)state;
	for (size_t i = 0; i < 60; i++) {
		char text[16];

		(void)snprintf(text, sizeof text, "report %zu", i);
		assert_int_equal(note_new(&k->desk, text, &ids[59 - i]), OK);
	}
	ids[60] = id_new();
	assert_int_equal(note_new(&k->other, "theirs", &ids[61]), OK);
	assert_int_equal(record_load_many(&k->desk, &note_type, ids, 62, 0, OPEN_LIST, &list, &n, &hidden), OK);
	assert_int_equal(n, 60);
	assert_int_equal(hidden, 2);
	assert_true(id_equal(list[0].id, ids[0]));
	assert_true(sv_is(record_text(&list[0], NOTE_text), "report 59"));
	assert_true(sv_is(record_text(&list[59], NOTE_text), "report 0"));
	assert_int_equal(record_load_many(&k->desk, &note_type, ids, 62, UINT32_C(1) << DIALOG, OPEN_LIST, &list, &n, &hidden), OK);
	assert_int_equal(n, 0);
	kit_clear(&k->desk);
	assert_int_equal(record_load_many(&k->desk, &note_type, ids, 501, 0, OPEN_LIST, &list, &n, &hidden), E_LIMIT);
}

struct large {
	struct id dossier;
	size_t size;
};

static enum status large_in(struct ctx *c, const void *arg)
{
	const struct large *in = arg;
	struct record *r = record_new(c, &note_type, in->dossier);
	char *p = arena_alloc(c->arena, in->size);

	memset(p, 'x', in->size);
	record_set_text(r, NOTE_text, SV("long"));
	record_set_text(r, NOTE_long, sv_bytes(p, in->size));
	return record_save(c, r);
}

/* More than a request to the keeper can hold goes in several. */
static void test_a_dossier_larger_than_one_request(void **state)
{
	struct large in = { .size = 190000 };
	struct record *all;
	struct id first;
	size_t n;

	(void)state;
	assert_int_equal(note_new(&k->desk, "first", &first), OK);
	in.dossier = first;
	for (int i = 0; i < 12; i++)
		assert_int_equal(record_run(&k->desk, "note.large", large_in, &in), OK);
	assert_int_equal(record_load_dossier(&k->desk, &note_type, first, &all, &n), OK);
	assert_int_equal(n, 13);
	for (size_t i = 1; i < n; i++)
		assert_int_equal(record_text(&all[i], NOTE_long).n, in.size);
	arena_reset(k->desk.arena);
}

/* --- stale ------------------------------------------------------------------------------------------------------------------------------ */

static void test_stale_for_who_saw_it_before(void **state)
{
	struct record *mine, *theirs;
	struct id id;

	(void)state;
	assert_int_equal(note_new(&k->desk, "first", &id), OK);
	mine = loaded(&k->desk, id);
	theirs = loaded(&k->desk, id);
	assert_int_equal(note_edit(&k->desk, &(struct edit){ .id = id, .shown = mine->version, .text = "second" }), OK);
	assert_int_equal(note_edit(&k->desk, &(struct edit){ .id = id, .shown = theirs->version, .text = "third" }), E_STALE);
	assert_int_equal(k->desk.error.status, E_STALE);
	assert_true(sv_is(record_text(loaded(&k->desk, id), NOTE_text), "second")); /* both versions can be shown */
	assert_int_equal(note_edit(&k->desk, &(struct edit){ .id = id, .shown = 2, .text = "third" }), OK);
	assert_int_equal(note_edit(&k->desk, &(struct edit){ .id = id, .shown = 9, .text = "fourth" }), E_STALE);
	assert_int_equal(loaded(&k->desk, id)->version, 3);
}

static void test_another_class_is_not_stale(void **state)
{
	struct record *seen;
	struct id id;

	(void)state;
	assert_int_equal(note_new(&k->desk, "first", &id), OK);
	assert_int_equal(note_edit(&k->desk, &(struct edit){ .id = id, .answer = "hello" }), OK);
	seen = loaded(&k->desk, id);
	assert_int_equal(seen->version, 2);
	assert_int_equal(seen->part_version[DIALOG], 2);
	assert_int_equal(seen->present, UINT32_C(1) << REPORT | UINT32_C(1) << DIALOG);
	seen->opened = UINT32_C(1) << REPORT; /* somebody who was shown REPORT alone … */
	seen->part_version[DIALOG] = 5;
	seen->version = 5; /* … while DIALOG moved on */
	kit_clear(&k->desk);
	assert_int_equal(record_same_version(&k->desk, seen, 2), OK);
	seen->opened |= UINT32_C(1) << DIALOG;
	assert_int_equal(record_same_version(&k->desk, seen, 2), E_STALE);
}

/* Somebody saves between the load and the save of a run: it prepares again, on what is there now. */
struct racing {
	struct id id;
	struct ctx *rival;
	int *calls;
	bool always;
	uint64_t shown;
};

static enum status racing_in(struct ctx *c, const void *arg)
{
	const struct racing *in = arg;
	struct record *r;

	TRY(record_load(c, &note_type, in->id, &r));
	if (in->shown)
		TRY(record_same_version(c, r, in->shown));
	if (++*in->calls == 1 || in->always)
		assert_int_equal(note_edit(in->rival, &(struct edit){ .id = in->id }), OK);
	record_set_number(r, NOTE_count, record_number(r, NOTE_count) + 1);
	return record_save(c, r);
}

static void test_prepared_again_when_another_save_came_between(void **state)
{
	struct ctx rival;
	struct id id;
	int calls = 0;

	(void)state;
	kit_connect(k, &rival, &k->noor.people[DESK].actor);
	assert_int_equal(note_new(&k->desk, "first", &id), OK);
	assert_int_equal(record_run(&k->desk, "race", racing_in, &(struct racing){ .id = id, .rival = &rival, .calls = &calls }),
			 OK);
	assert_int_equal(calls, 2);
	assert_int_equal(record_number(loaded(&k->desk, id), NOTE_count), 2); /* no update lost */
	calls = 0;
	assert_int_equal(record_run(&k->desk, "race", racing_in,
				    &(struct racing){ .id = id, .rival = &rival, .calls = &calls, .shown = 3 }),
			 E_STALE); /* shown to a person: the person is asked */
	assert_int_equal(calls, 1);
	calls = 0;
	kit_clear(&k->desk);
	assert_int_equal(record_run(&k->desk, "race", racing_in,
				    &(struct racing){ .id = id, .rival = &rival, .calls = &calls, .always = true }),
			 E_STALE);
	assert_int_equal(calls, 3);
	assert_int_equal(k->desk.error.status, E_STALE);
	assert_int_equal(record_number(loaded(&k->desk, id), NOTE_count), 2 + 1 + 3);
	kit_disconnect(&rival);
}

struct crowd {
	pthread_t thread;
	struct ctx c;
	struct id id;
	int saved;
};

static void *crowd_main(void *arg)
{
	struct crowd *w = arg;

	for (int i = 0; i < 15; i++) {
		enum status s = note_edit(&w->c, &(struct edit){ .id = w->id });

		w->saved += s == OK;
		if (s != OK && s != E_STALE)
			w->saved = -1000;
	}
	return NULL;
}

/* Four people count the same thing at once: what was acknowledged was counted. */
static void test_no_update_is_lost_in_a_crowd(void **state)
{
	struct crowd crowd[4];
	struct id id;
	int saved = 0;

	(void)state;
	assert_int_equal(note_new(&k->desk, "first", &id), OK);
	for (size_t i = 0; i < 4; i++) {
		crowd[i] = (struct crowd){ .id = id };
		kit_connect(k, &crowd[i].c, &k->noor.people[DESK].actor);
	}
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&crowd[i].thread, NULL, crowd_main, &crowd[i]), 0);
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(pthread_join(crowd[i].thread, NULL), 0);
		assert_true(crowd[i].saved >= 0);
		saved += crowd[i].saved;
		kit_disconnect(&crowd[i].c);
	}
	assert_true(saved > 0);
	assert_int_equal(record_number(loaded(&k->desk, id), NOTE_count), saved);
}

/* --- history, rules of a save ----------------------------------------------------------------------------------------------------------- */

static void test_history_says_who_changed_what(void **state)
{
	struct change *changes;
	struct id id;
	size_t n;

	(void)state;
	assert_int_equal(note_new(&k->desk, "before", &id), OK);
	assert_int_equal(record_history(&k->desk, loaded(&k->desk, id), &changes, &n), OK);
	assert_int_equal(n, 0);
	k->desk.now = 1700000000000;
	assert_int_equal(note_edit(&k->desk, &(struct edit){ .id = id, .text = "after", .answer = "hello" }), OK);
	assert_int_equal(note_edit(&k->desk, &(struct edit){ .id = id, .answer = "again" }), OK);
	assert_int_equal(record_history(&k->desk, loaded(&k->desk, id), &changes, &n), OK);
	assert_int_equal(n, 4); /* text and count; then count, and answer, whose first part had nothing before it */
	assert_int_equal(changes[0].field, NOTE_text);
	assert_true(sv_is(changes[0].before, "before") && sv_is(changes[0].after, "after"));
	assert_int_equal(changes[0].at, 1700000000000);
	assert_true(id_equal(changes[0].by, k->noor.people[DESK].user));
	assert_int_equal(changes[0].version, 2);
	assert_int_equal(changes[1].field, NOTE_count);
	assert_null(changes[1].before.p);
	assert_true(sv_is(changes[1].after, "1"));
	assert_int_equal(changes[2].version, 3);
	assert_true(sv_is(changes[2].before, "1") && sv_is(changes[2].after, "2"));
	assert_int_equal(changes[3].class, DIALOG);
	assert_true(sv_is(changes[3].before, "hello") && sv_is(changes[3].after, "again"));
}

static enum status nothing_in(struct ctx *c, const void *arg)
{
	struct record *r;

	TRY(record_load(c, &note_type, *(const struct id *)arg, &r));
	record_set_text(r, NOTE_text, record_text(r, NOTE_text));
	assert_int_equal(r->changed, 0);
	return record_save(c, r);
}

static enum status required_in(struct ctx *c, const void *arg)
{
	struct record *r;

	TRY(record_load(c, &note_type, *(const struct id *)arg, &r));
	record_set_text(r, NOTE_text, SV_NONE);
	return record_save(c, r);
}

static enum status impossible_in(struct ctx *c, const void *arg)
{
	struct record *r;

	TRY(record_load(c, &note_type, *(const struct id *)arg, &r));
	record_set_number(r, NOTE_count, -1);
	return record_save(c, r);
}

static enum status unread_in(struct ctx *c, const void *arg)
{
	struct record *r;

	TRY(record_load(c, &note_type, *(const struct id *)arg, &r));
	r->opened &= ~(UINT32_C(1) << REPORT); /* as for somebody who may write and not read */
	record_set_text(r, NOTE_text, SV("over it"));
	return record_save(c, r);
}

static enum status homeless_in(struct ctx *c, const void *arg)
{
	struct record *r = record_new(c, &note_type, id_new());

	(void)arg;
	record_set_text(r, NOTE_text, SV("x"));
	return record_save(c, r);
}

static enum status nested_in(struct ctx *c, const void *arg)
{
	return record_run(c, "nested", nothing_in, arg);
}

static void test_rules_of_a_save(void **state)
{
	const struct {
		run_fn *fn;
		enum status want;
	} cases[] = { { nothing_in, OK },      { required_in, E_INPUT }, { impossible_in, E_BUG },
		      { unread_in, E_DENIED }, { homeless_in, E_BUG },   { nested_in, E_BUG } };
	struct record *r;
	struct id id;

	(void)state;
	assert_int_equal(note_new(&k->desk, "first", &id), OK);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		kit_clear(&k->desk);
		assert_int_equal(record_run(&k->desk, "rule", cases[i].fn, &id), cases[i].want);
		assert_null(k->desk.changes);
		if (cases[i].want == E_INPUT)
			assert_string_equal(k->desk.inputs[0].field, "text");
		assert_int_equal(loaded(&k->desk, id)->version, 1);
	}
	r = loaded(&k->desk, id);
	kit_clear(&k->desk);
	assert_int_equal(record_save(&k->desk, r), E_BUG); /* outside of a run */
	kit_clear(&k->desk);
	assert_int_equal(record_enter(&k->desk, r, NOTE_at, SV("2024-02-06")), E_BUG);
	kit_clear(&k->desk);
	assert_int_equal(record_enter(&k->desk, r, NOTE_count, SV("many")), E_INPUT);
	assert_int_equal(record_enter(&k->desk, r, NOTE_count, SV("12")), OK);
	assert_int_equal(record_number(r, NOTE_count), 12);
	assert_int_equal(r->changed, UINT32_C(1) << REPORT);
}

/* --- once ----------------------------------------------------------------------------------------------------------------------------- */

static void test_a_form_is_carried_out_once(void **state)
{
	struct edit in = { .text = "by the form" };
	struct sv where;
	struct id id;

	(void)state;
	assert_int_equal(note_new(&k->desk, "first", &id), OK);
	in.id = id;
	random_fill(in.key, sizeof in.key);
	assert_int_equal(once_result(&k->desk, in.key, &where), E_NOTFOUND);
	assert_int_equal(note_edit(&k->desk, &in), OK);
	assert_int_equal(note_edit(&k->desk, &in), E_CONFLICT);
	assert_int_equal(once_result(&k->desk, in.key, &where), OK);
	assert_true(sv_is(where, "/notes"));
	assert_int_equal(loaded(&k->desk, id)->version, 2);
	k->desk.now += 3 * INT64_C(86400000);
	assert_int_equal(note_edit(&k->desk, &(struct edit){ .id = id, .key = { 1 } }), OK); /* two days on it is forgotten */
	assert_int_equal(once_result(&k->desk, in.key, &where), E_NOTFOUND);
}

/* The same form twice at the same time: one wins, whoever. */
static enum status once_race_in(struct ctx *c, const void *arg)
{
	const struct racing *in = arg;
	const uint8_t key[16] = { 9, 9 };
	struct record *r;

	TRY(change_once(c, key, SV("/notes")));
	if (++*in->calls == 1)
		assert_int_equal(note_edit(in->rival, &(struct edit){ .id = in->id, .key = { 9, 9 } }), OK);
	TRY(record_load(c, &note_type, in->id, &r));
	record_set_number(r, NOTE_count, 77);
	return record_save(c, r);
}

static void test_a_form_sent_twice_at_once(void **state)
{
	struct ctx rival;
	struct id id;
	int calls = 0;

	(void)state;
	kit_connect(k, &rival, &k->noor.people[DESK].actor);
	assert_int_equal(note_new(&k->desk, "first", &id), OK);
	assert_int_equal(record_run(&k->desk, "race", once_race_in, &(struct racing){ .id = id, .rival = &rival, .calls = &calls }),
			 E_CONFLICT);
	assert_int_equal(calls, 1);
	assert_int_equal(record_number(loaded(&k->desk, id), NOTE_count), 1);
	kit_disconnect(&rival);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_saved_and_read_back),
		cmocka_unit_test(test_T_ACC_2_who_may_not_finds_nothing),
		cmocka_unit_test(test_T_MEM_1_nothing_in_clear),
		cmocka_unit_test(test_list_in_the_order_asked),
		cmocka_unit_test(test_a_dossier_larger_than_one_request),
		cmocka_unit_test(test_stale_for_who_saw_it_before),
		cmocka_unit_test(test_another_class_is_not_stale),
		cmocka_unit_test(test_prepared_again_when_another_save_came_between),
		cmocka_unit_test(test_no_update_is_lost_in_a_crowd),
		cmocka_unit_test(test_history_says_who_changed_what),
		cmocka_unit_test(test_rules_of_a_save),
		cmocka_unit_test(test_a_form_is_carried_out_once),
		cmocka_unit_test(test_a_form_sent_twice_at_once),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
