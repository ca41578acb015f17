/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The road of a report through record: sent without a name, read by the desk, answered, read by code, passed on, given a new code; with a
 * file. And everything that can break on the way: each database call, a crash between sealing and committing, old and swapped rows. */
#include "kit.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
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

static enum status load(struct ctx *c, struct id id, struct record **r)
{
	kit_clear(c);
	return record_load(c, &note_type, id, r);
}

/* --- a report and its answer --------------------------------------------------------------------------------------------------------- */

struct sending {
	struct id dossier, statement;
	struct public_report *report;
};

static enum status send_in(struct ctx *c, const void *arg)
{
	const struct sending *in = arg;
	struct record *head = record_new(c, &note_type, ID_ZERO), *statement = record_new(c, &note_type, in->dossier);

	head->id = head->dossier = in->dossier;
	statement->id = in->statement;
	TRY(change_right(c, (struct right_change){ .what = RIGHT_CREATE, .kind = DOSSIER_REPORT, .dossier = in->dossier }));
	record_set_text(head, NOTE_text, SV("web"));
	record_set_text(statement, NOTE_text, SV("my passport was taken"));
	change_public(c, in->report);
	TRY(record_save(c, head));
	return record_save(c, statement);
}

struct saying {
	struct id dossier;
	const char *text;
	enum class class;
};

static enum status say_in(struct ctx *c, const void *arg)
{
	const struct saying *in = arg;
	struct record *r = record_new(c, &note_type, in->dossier);

	record_set_text(r, in->class == REPORT ? NOTE_text : NOTE_answer, sv_of(in->text));
	return record_save_fresh(c, r);
}

/* A session of the code. */
static void mailbox(struct ctx *c, struct actor *who, const char *code)
{
	struct token token;

	*who = (struct actor){ .kind = ACTOR_NONE };
	kit_connect(k, c, who);
	assert_int_equal(keeper_mailbox(c, sv_of(code), &token), OK);
	assert_int_equal(keeper_session(c, &token, who), OK);
	assert_int_equal(who->kind, ACTOR_REPORTER);
}

static void test_T_INT_6_a_report_is_sent_read_and_answered(void **state)
{
	struct public_report p = { .region = 1 }, again;
	struct sending in = { id_new(), id_new(), &p }, repeat = { id_new(), id_new(), &again };
	struct actor who;
	struct ctx mail;
	struct record *r, *all;
	size_t n;

	(void)state;
	random_fill(p.ticket, sizeof p.ticket);
	again = p;
	kit_clear(&k->nobody);
	assert_int_equal(record_run(&k->nobody, "report.new", send_in, &in), OK);
	assert_int_equal(strlen(p.code), 20);
	assert_true(id_equal(p.desk, k->noor.id));
	assert_int_equal(load(&k->nobody, in.dossier, &r), E_NOTFOUND);
	assert_int_equal(load(&k->desk, in.statement, &r), OK);
	assert_true(sv_is(record_text(r, NOTE_text), "my passport was taken"));

	/* T-INT-8: the last post repeated is one report and the same code */
	assert_int_equal(record_run(&k->nobody, "report.new", send_in, &repeat), OK);
	assert_true(again.repeated);
	assert_string_equal(again.code, p.code);
	assert_int_equal(load(&k->desk, repeat.statement, &r), E_NOTFOUND);

	/* the code opens the desk's last answer and nothing else */
	assert_int_equal(record_run(&k->desk, "answer", say_in, &(struct saying){ in.dossier, "are you safe?", DIALOG }), OK);
	mailbox(&mail, &who, p.code);
	assert_true(id_equal(who.dossier, in.dossier));
	assert_int_equal(record_load_dossier(&mail, &note_type, who.dossier, &all, &n), OK);
	assert_int_equal(n, 1);
	assert_true(sv_is(record_text(&all[0], NOTE_answer), "are you safe?"));
	assert_int_equal(record_run(&mail, "reply", say_in, &(struct saying){ who.dossier, "yes", REPORT }), OK);
	assert_int_equal(record_load_dossier(&mail, &note_type, who.dossier, &all, &n), OK);
	assert_int_equal(n, 1); /* not even what the reporter wrote */
	assert_int_equal(record_load_dossier(&k->desk, &note_type, who.dossier, &all, &n), OK);
	assert_int_equal(n, 4);
	assert_true(sv_is(record_text(&all[3], NOTE_text), "yes"));
	assert_int_equal(record_run(&k->desk, "answer", say_in, &(struct saying){ who.dossier, "somebody will call", DIALOG }), OK);
	assert_int_equal(record_load_dossier(&mail, &note_type, who.dossier, &all, &n), OK);
	assert_int_equal(n, 1);
	assert_true(sv_is(record_text(&all[0], NOTE_answer), "somebody will call"));
	kit_disconnect(&mail);
}

/* --- passed on, new code ---------------------------------------------------------------------------------------------------------------- */

static enum status redirect_in(struct ctx *c, const void *arg)
{
	const struct id *dossier = arg;

	TRY(change_keys(c, *dossier));
	return change_right(c, (struct right_change){ .what = RIGHT_REDIRECT, .dossier = *dossier, .organisation = k->dar.id });
}

static void test_passed_on_with_its_keys(void **state)
{
	struct public_report p = { .region = 1 };
	struct sending in = { id_new(), id_new(), &p };
	struct record *all, *r;
	size_t n;

	(void)state;
	random_fill(p.ticket, sizeof p.ticket);
	kit_clear(&k->nobody);
	assert_int_equal(record_run(&k->nobody, "report.new", send_in, &in), OK);
	assert_int_equal(record_run(&k->desk, "answer", say_in, &(struct saying){ in.dossier, "wait", DIALOG }), OK);
	assert_int_equal(load(&k->other, in.statement, &r), E_NOTFOUND);
	kit_clear(&k->desk);
	assert_int_equal(record_run(&k->desk, "redirect", redirect_in, &in.dossier), OK);
	assert_int_equal(record_load_dossier(&k->other, &note_type, in.dossier, &all, &n), OK);
	assert_int_equal(n, 3);
	assert_int_equal(load(&k->desk, in.statement, &r), E_NOTFOUND); /* not even a wrap is left */
	kit_clear(&k->other);
	assert_int_equal(record_run(&k->other, "note", say_in, &(struct saying){ in.dossier, "ours now", REPORT }), OK);
	assert_int_equal(record_load_dossier(&k->other, &note_type, in.dossier, &all, &n), OK);
	assert_int_equal(n, 4);
}

static enum status code_in(struct ctx *c, const void *arg)
{
	const struct id *dossier = arg;

	TRY(change_keys(c, *dossier));
	return change_right(c, (struct right_change){ .what = RIGHT_NEW_CODE, .dossier = *dossier });
}

static void test_new_code_for_a_report_typed_in(void **state)
{
	struct actor who;
	struct ctx mail;
	struct record *all;
	struct id id;
	size_t n;

	(void)state;
	assert_int_equal(note_new(&k->desk, "by telephone", &id), OK);
	assert_null(record_new_code(&k->desk));
	assert_int_equal(record_run(&k->desk, "code", code_in, &id), OK);
	assert_non_null(record_new_code(&k->desk));
	assert_int_equal(strlen(record_new_code(&k->desk)), 20);
	mailbox(&mail, &who, record_new_code(&k->desk));
	assert_int_equal(record_run(&k->desk, "answer", say_in, &(struct saying){ id, "here is your code", DIALOG }), OK);
	assert_null(record_new_code(&k->desk));
	assert_int_equal(record_load_dossier(&mail, &note_type, id, &all, &n), OK);
	assert_int_equal(n, 1);
	kit_disconnect(&mail);
}

/* --- files ------------------------------------------------------------------------------------------------------------------------------- */

struct uploading {
	struct file_ref ref;
	struct sv content;
	bool fail;
};

static enum status upload_in(struct ctx *c, const void *arg)
{
	const struct uploading *in = arg;
	struct record *r = record_new(c, &note_type, in->ref.dossier);

	r->id = in->ref.record;
	record_set_text(r, NOTE_text, SV("a file"));
	TRY(file_store(c, &in->ref, in->content));
	TRY(record_save(c, r));
	return in->fail ? ERR(c, E_STATE, "the run is given up") : OK;
}

static size_t count_files(const char *folder)
{
	struct arena *a = arena_new(0);
	DIR *dir = opendir(arena_format(a, "%s/files/%s", k->main_dir, folder).p);
	size_t n = 0;

	if (dir)
		for (const struct dirent *e; (e = readdir(dir)) != NULL;)
			n += e->d_name[0] != '.';
	if (dir)
		(void)closedir(dir);
	arena_free(a);
	return n;
}

static const char *path_of(struct ctx *c, struct id file)
{
	char hex[33];

	id_hex(file, hex);
	return arena_format(c->arena, "%s/files/%.2s/%s", k->main_dir, hex, hex).p;
}

static struct uploading an_upload(struct ctx *c, struct id dossier, size_t size)
{
	char *p = arena_alloc(c->arena, size);

	for (size_t i = 0; i < size; i++)
		p[i] = (char)(i * 7 + i / 65536);
	return (struct uploading){ { .file = id_new(), .record = id_new(), .dossier = dossier, .type = 77, .class = REPORT },
				   sv_bytes(p, size),
				   false };
}

static void test_files_of_all_sizes(void **state)
{
	static const size_t sizes[] = { 0, 1, 255, 256, 65535, 65536, 65537, 200000, 1000000 };
	struct id id;

	(void)state;
	assert_int_equal(note_new(&k->desk, "with files", &id), OK);
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		struct uploading in = an_upload(&k->desk, id, sizes[i]);
		struct sv content;

		assert_int_equal(record_run(&k->desk, "upload", upload_in, &in), OK);
		assert_int_equal(file_load(&k->desk, &in.ref, sizes[i], &content), OK);
		assert_true(sv_equal(content, in.content));
		assert_int_equal(file_load(&k->other, &in.ref, sizes[i], &content), E_NOTFOUND);
		assert_int_equal(file_load(&k->desk, &in.ref, sizes[i] + 1, &content), E_CRYPTO);
		arena_reset(k->desk.arena);
	}
	assert_int_equal(count_files("new"), 0);
}

static void test_T_EVI_1_a_changed_file_does_not_open(void **state)
{
	struct uploading in;
	struct sv content;
	struct id id;
	int fd;

	(void)state;
	assert_int_equal(note_new(&k->desk, "with a file", &id), OK);
	in = an_upload(&k->desk, id, 100000);
	assert_int_equal(record_run(&k->desk, "upload", upload_in, &in), OK);
	fd = open(path_of(&k->desk, in.ref.file), O_RDWR);
	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, "X", 1, 70000), 1);
	kit_clear(&k->desk);
	assert_int_equal(file_load(&k->desk, &in.ref, 100000, &content), E_CRYPTO);
	assert_int_equal(ftruncate(fd, 65536 + 16 + 68), 0); /* the last chunk cut off */
	kit_clear(&k->desk);
	assert_int_equal(file_load(&k->desk, &in.ref, 100000, &content), E_CRYPTO);
	assert_int_equal(close(fd), 0);
	assert_int_equal(unlink(path_of(&k->desk, in.ref.file)), 0);
	kit_clear(&k->desk);
	assert_int_equal(file_load(&k->desk, &in.ref, 100000, &content), E_CRYPTO);
}

/* The file of a set that never came to be is gone: at once, or at the next start. */
static void test_void_files_go(void **state)
{
	struct uploading in;
	struct id id;
	struct stat st;

	(void)state;
	assert_int_equal(note_new(&k->desk, "with a file", &id), OK);
	in = an_upload(&k->desk, id, 1000);
	in.fail = true;
	kit_clear(&k->desk);
	assert_int_equal(record_run(&k->desk, "upload", upload_in, &in), E_STATE);
	assert_int_not_equal(stat(path_of(&k->desk, in.ref.file), &st), 0);
	assert_int_equal(count_files("new"), 0);

	in = an_upload(&k->desk, id, 1000);
	store_fail_commits(k->store, true); /* nobody knows: the file stays until the next start */
	kit_clear(&k->desk);
	assert_int_equal(record_run(&k->desk, "upload", upload_in, &in), E_UNCERTAIN);
	assert_int_equal(count_files("new"), 1);
	assert_int_equal(stat(path_of(&k->desk, in.ref.file), &st), 0);
	store_fail_commits(k->store, false);
	kit_restart(k, false);
	assert_int_equal(count_files("new"), 0);
	assert_int_not_equal(stat(path_of(&k->desk, in.ref.file), &st), 0); /* its set was not committed */

	assert_int_equal(close(open(arena_format(k->desk.arena, "%s/files/new/%032d", k->main_dir, 7).p, O_WRONLY | O_CREAT, 0600)),
			 0);
	assert_true(mkdir(arena_format(k->desk.arena, "%s/files/00", k->main_dir).p, 0700) == 0 || count_files("00") < 1000);
	assert_int_equal(close(open(arena_format(k->desk.arena, "%s/files/00/%032d", k->main_dir, 7).p, O_WRONLY | O_CREAT, 0600)),
			 0);
	kit_restart(k, false);
	assert_int_equal(count_files("new"), 0);
	assert_int_not_equal(stat(arena_format(k->desk.arena, "%s/files/00/%032d", k->main_dir, 7).p, &st), 0);
}

/* --- failures ------------------------------------------------------------------------------------------------------------------------------ */

/* Each call to the database in turn fails under a save: afterwards the note is as before or as after, it opens, and its history fits. */
static void test_T_PRIV_2_each_database_call_failing(void **state)
{
	struct record *r;
	struct id id;
	int64_t count = 0;
	uint64_t n;

	(void)state;
	assert_int_equal(note_new(&k->desk, "first", &id), OK);
	for (n = 1; n < 200; n++) {
		struct change *changes;
		uint64_t before = store_calls(k->store), calls;
		size_t change_count;
		enum status s;

		store_fail_at(k->store, n);
		s = note_edit(&k->desk, &(struct edit){ .id = id });
		calls = store_calls(k->store) - before;
		store_fail_at(k->store, 0);
		assert_true(s == OK || s == E_STORE);
		assert_int_equal(load(&k->desk, id, &r), OK);
		assert_int_equal(record_number(r, NOTE_count), count + (s == OK));
		count = record_number(r, NOTE_count);
		assert_int_equal(r->version, 1 + count);
		assert_int_equal(record_history(&k->desk, r, &changes, &change_count), OK);
		assert_int_equal(change_count, count);
		if (calls < n)
			break; /* none was left to fail */
	}
	assert_true(n > 8 && n < 200);
	kit_restart(k, true);
	assert_int_equal(load(&k->desk, id, &r), OK);
	assert_int_equal(record_number(r, NOTE_count), count);
	assert_int_equal(note_edit(&k->desk, &(struct edit){ .id = id }), OK);
}

/* COMMITs failing for longer: the record stays as it was, and can be saved again after the start that looked it up. */
static void test_T_PRIV_2_an_uncertain_commit_is_looked_up(void **state)
{
	struct record *r;
	struct id id;

	(void)state;
	assert_int_equal(note_new(&k->desk, "first", &id), OK);
	store_fail_commits(k->store, true);
	assert_int_equal(note_edit(&k->desk, &(struct edit){ .id = id, .text = "nobody knows" }), E_UNCERTAIN);
	store_fail_commits(k->store, false);
	assert_int_equal(load(&k->desk, id, &r), OK);
	assert_true(sv_is(record_text(r, NOTE_text), "first"));
	kit_restart(k, true);
	assert_int_equal(note_edit(&k->desk, &(struct edit){ .id = id, .shown = 1, .text = "second" }), OK);
	assert_int_equal(load(&k->desk, id, &r), OK);
	assert_true(sv_is(record_text(r, NOTE_text), "second"));
	assert_int_equal(r->version, 2);
}

/* Everything dies between the seal and the commit: after the start the save never was, and the next one goes through. */
static void test_T_PRIV_2_a_crash_before_the_commit_is_void(void **state)
{
	struct record *r;
	struct id id, lost;

	(void)state;
	assert_int_equal(note_new(&k->desk, "first", &id), OK);
	kit_deaf(k);
	store_fail_at(k->store, 6); /* three readings, begin, savepoint, then the first statement */
	assert_int_equal(note_edit(&k->desk, &(struct edit){ .id = id, .text = "never" }), E_STORE);
	store_fail_at(k->store, 2);
	assert_int_equal(note_new(&k->desk, "never either", &lost), E_STORE);
	kit_restart(k, true);
	assert_int_equal(load(&k->desk, id, &r), OK);
	assert_true(sv_is(record_text(r, NOTE_text), "first"));
	assert_int_equal(r->version, 1);
	assert_int_equal(load(&k->desk, lost, &r), E_NOTFOUND);
	assert_int_equal(note_edit(&k->desk, &(struct edit){ .id = id, .shown = 1, .text = "second" }), OK);
	assert_int_equal(load(&k->desk, id, &r), OK);
	assert_int_equal(r->version, 2);
}

/* Everything dies after the commit, before the keeper was told: after the start the save stands. */
static void test_T_PRIV_2_a_crash_after_the_commit_stands(void **state)
{
	struct record *r;
	struct id id, fresh;

	(void)state;
	assert_int_equal(note_new(&k->desk, "first", &id), OK);
	kit_deaf(k);
	assert_int_equal(note_edit(&k->desk, &(struct edit){ .id = id, .text = "second" }), OK);
	assert_int_equal(note_new(&k->desk, "made", &fresh), OK);
	kit_restart(k, true);
	assert_int_equal(load(&k->desk, id, &r), OK);
	assert_true(sv_is(record_text(r, NOTE_text), "second"));
	assert_int_equal(load(&k->desk, fresh, &r), OK);
	assert_int_equal(note_edit(&k->desk, &(struct edit){ .id = id, .shown = 2 }), OK);
}

/* --- edited rows --------------------------------------------------------------------------------------------------------------------------- */

struct row {
	int64_t version;
	struct sv key_id, hash, blob;
};

static struct row row_of(struct id id)
{
	const struct value arg = v_id(&id), state[] = { v_id(&id), v_int(REPORT) };
	struct rows parts, hashes;

	assert_int_equal(db_query(&k->desk, QUERY_RECORD_PARTS_OF_RECORD, &arg, 1, 0, &parts), OK);
	assert_int_equal(db_query(&k->desk, QUERY_RECORD_PART_STATE, state, 2, 0, &hashes), OK);
	return (struct row){ row_int(&parts, 0, 7), row_text(&parts, 0, 8), row_text(&hashes, 0, 2), row_text(&parts, 0, 9) };
}

static void put_row(struct id id, int64_t present, struct row row)
{
	const struct value args[] = { v_id(&id),        v_int(REPORT),    v_int(1),       v_int(row.version), v_blob(row.key_id),
				      v_blob(row.hash), v_blob(row.blob), v_int(present), v_int(present) };
	const struct write write = { QUERY_RECORD_PART_SET, args, 9, 1, E_STATE };
	struct write_set set = { .writes = &write, .n = 1 };

	assert_int_equal(store_apply(&k->desk, &set), OK);
}

static void test_T_BIND_2_an_old_row_is_found(void **state)
{
	struct record *r, *list;
	struct id id;
	struct row old, present;
	size_t n, hidden;

	(void)state;
	assert_int_equal(note_new(&k->desk, "first", &id), OK);
	old = row_of(id);
	assert_int_equal(note_edit(&k->desk, &(struct edit){ .id = id, .text = "second" }), OK);
	present = row_of(id);
	put_row(id, 2, old);
	assert_int_equal(load(&k->desk, id, &r), E_CRYPTO);
	assert_int_equal(record_load_many(&k->desk, &note_type, &id, 1, 0, OPEN_LIST, &list, &n, &hidden), OK);
	assert_int_equal(hidden, 1); /* a list goes on without it */
	old.version = 2;             /* the old seal under the new number */
	put_row(id, 1, old);
	assert_int_equal(load(&k->desk, id, &r), E_CRYPTO);
	put_row(id, 2, present);
	assert_int_equal(load(&k->desk, id, &r), OK);
}

static void test_T_BIND_1_swapped_rows_are_found(void **state)
{
	struct record *r;
	struct id one, two;
	struct row first, second;

	(void)state;
	assert_int_equal(note_new(&k->desk, "one", &one), OK);
	assert_int_equal(note_add(&k->desk, one, "two", &two), OK);
	first = row_of(one);
	second = row_of(two);
	put_row(one, 1, second);
	put_row(two, 1, first);
	assert_int_equal(load(&k->desk, one, &r), E_CRYPTO);
	assert_int_equal(load(&k->desk, two, &r), E_CRYPTO);
	put_row(one, 1, first);
	put_row(two, 1, second);
	assert_int_equal(load(&k->desk, one, &r), OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_T_INT_6_a_report_is_sent_read_and_answered),
		cmocka_unit_test(test_passed_on_with_its_keys),
		cmocka_unit_test(test_new_code_for_a_report_typed_in),
		cmocka_unit_test(test_files_of_all_sizes),
		cmocka_unit_test(test_T_EVI_1_a_changed_file_does_not_open),
		cmocka_unit_test(test_void_files_go),
		cmocka_unit_test(test_T_PRIV_2_each_database_call_failing),
		cmocka_unit_test(test_T_PRIV_2_an_uncertain_commit_is_looked_up),
		cmocka_unit_test(test_T_PRIV_2_a_crash_before_the_commit_is_void),
		cmocka_unit_test(test_T_PRIV_2_a_crash_after_the_commit_stands),
		cmocka_unit_test(test_T_BIND_2_an_old_row_is_found),
		cmocka_unit_test(test_T_BIND_1_swapped_rows_are_found),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
