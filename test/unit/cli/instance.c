/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands on a real instance: logs good and bad, what verify names, what doctor sees, keys in files. */
#include "intake_kit.h"

#include "base/text.h"
#include "cli/ceremony.h"
#include "cli/import.h"
#include "cli/keyfile.h"
#include "cli/verify.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define DESK_C (&kit.road.desk)

/* --- import --------------------------------------------------------------------------------------------------------------------- */

#define HEADER "reference,channel,received_at,text\n"

static const struct {
	const char *csv;
	size_t wrong;
} bad_logs[] = {
	{ "", 1 },
	{ "\n", 1 },
	{ "reference,channel,received_at\nA,hotline,2024-01-01\n", 1 },
	{ "reference,channel,received_at,text,colour\nA,hotline,2024-01-01,x,red\n", 1 },
	{ "reference,channel,received_at,text,text\nA,hotline,2024-01-01,x,y\n", 1 },
	{ "reference;channel;received_at;text;colour\nA;hotline;2024-01-01;x;red\n", 1 },
	{ "reference;channel;received_at,text\nA;hotline;2024-01-01,x\n", 1 },
	{ HEADER "A,hotline,2024-01-01\n", 1 },
	{ HEADER "A,hotline,2024-01-01,\"open quote\n", 1 },
	{ HEADER "A,hotline,2024-01-01,bad \xff byte\n", 1 },
	{ HEADER ",hotline,2024-01-01,x\n", 1 },
	{ HEADER "A,hotline,2024-01-01,x\nA,hotline,2024-01-02,y\n", 1 },
	{ HEADER "A,web,2024-01-01,x\n", 1 },
	{ HEADER "A,,2024-01-01,x\n", 1 },
	{ HEADER "A,hotline,,x\n", 1 },
	{ HEADER "A,hotline,01/02/2024,x\n", 1 },
	{ HEADER "A,hotline,2024-13-01,x\n", 1 },
	{ HEADER "A,hotline,2999-01-01,x\n", 1 },
	{ HEADER "A,hotline,2024-01-01,\n", 1 },
	{ HEADER "A,hotline,2024-01-01,x\nB,pigeon,yesterday,\n", 3 },
	{ "reference,channel,received_at,text,region,danger_now\nA,hotline,2024-01-01,x,Casablanca,maybe\n", 2 },
	{ "reference,channel,received_at,text,people_estimate,contact_phone\nA,hotline,2024-01-01,x,-3,none\n", 2 },
};

static size_t open_reports(void)
{
	struct queue_ask ask = { QUEUE_OPEN, 0 };
	struct queue q;

	assert_int_equal(queue_load(DESK_C, &ask, &q), OK);
	return q.count[QUEUE_OPEN];
}

static void test_bad_logs_are_named_and_nothing_is_written(void **state)
{
	size_t before = open_reports();

	for (size_t i = 0; i < sizeof(bad_logs) / sizeof(bad_logs[0]); i++) {
		struct import_log log;
		enum status s = import_read(DESK_C, sv_of(bad_logs[i].csv), &log);

		if (s != E_INPUT || log.wrong != bad_logs[i].wrong)
			fail_msg("log %zu: %s, %zu mistakes", i, status_name(s), log.wrong);
		FORGET(DESK_C);
	}
	assert_int_equal(open_reports(), before);
}

static void import_is(const char *csv, size_t lines, size_t new_ones)
{
	struct import_log log;
	size_t added;

	assert_int_equal(import_read(DESK_C, sv_of(csv), &log), OK);
	assert_int_equal(log.n, lines);
	assert_int_equal(import_write(DESK_C, &log, &added), OK);
	assert_int_equal(added, new_ones);
}

static void test_a_log_twice_is_a_log_once(void **state)
{
	static const char *const log = "reference,channel,received_at,text,danger_now,region,sectors\n"
				       "1,hotline,2024-01-01 10:00,\"Two\nlines, \"\"quoted\"\"\",no,MA-06,domestic_work|cleaning\n"
				       "2,letter,2024-01-02,رسالة,,,\r\n"
				       "3,hotline,2024-01-03,third,yes,,\n";
	static const char *const french = "\xef\xbb\xbfreference;channel;text;received_at\r\n"
					  "F1;hotline;one, two;2024-01-03\r\n";
	size_t before = open_reports();
	struct buf longer = buf_new(DESK_C->arena, 4096, 65536);
	struct queue_ask ask = { QUEUE_OPEN, 0 };
	struct report_view v;
	struct queue q;

	import_is(log, 3, 3);
	import_is(log, 3, 0);
	buf_text(&longer, log);
	for (int i = 4; i < 25; i++)
		buf_format(&longer, "%d,hotline,2024-01-04,line %d,,,\n", i, i);
	import_is(arena_text(DESK_C->arena, buf_view(&longer)), 24, 21);
	assert_int_equal(open_reports(), before + 24);
	import_is(french, 1, 1);
	assert_int_equal(queue_load(DESK_C, &ask, &q), OK);
	assert_true(q.rows[0].danger_now && sv_is(q.rows[0].subject, "third"));
	for (size_t i = 0; i < q.n; i++)
		if (sv_starts(q.rows[i].subject, SV("Two lines"))) {
			v = shown(DESK_C, q.rows[i].id);
			assert_true(sv_is(v.messages[0].text, "Two\nlines, \"quoted\""));
			assert_true(sv_is(v.head.facts.sectors, "domestic_work|cleaning"));
			return;
		}
	fail_msg("the first line is not in the queue");
}

/* --- verify --------------------------------------------------------------------------------------------------------------------- */

/* The command's exit code; what it said on stderr, cut. */
static int run_with(int (*command)(int, char **), char *dir, char said[512])
{
	char *words[] = { (char[]){ "amana" }, dir, NULL };
	int ends[2], before = dup(2), code;
	ssize_t n;

	assert_int_equal(pipe(ends), 0);
	(void)dup2(ends[1], 2);
	code = command(2, words);
	(void)dup2(before, 2);
	(void)close(before);
	(void)close(ends[1]);
	n = read(ends[0], said, 511);
	said[n > 0 ? n : 0] = 0;
	(void)close(ends[0]);
	return code;
}

static void tamper(const char *sql)
{
	char path[320];
	sqlite3 *db;

	(void)snprintf(path, sizeof(path), "%s/main/main.db", kit.road.instance.dir);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	(void)sqlite3_busy_timeout(db, 2000);
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	(void)sqlite3_close(db);
}

static void verify_says(int code, const char *part)
{
	char said[512];
	int got = run_with(verify_command, kit.road.instance.dir, said);

	if (got != code || (part != NULL && strstr(said, part) == NULL))
		fail_msg("verify gave %d and said: %s", got, said);
}

/* T-BIND-2, T-EVI-1: what the disk holds is compared with the journal; every change, loss and exchange is named. */
static void test_T_BIND_2_verify_names_what_was_changed(void **state)
{
	(void)typed_in(DESK_C, "first to be tampered with", "");
	(void)shown(DESK_C, typed_in(DESK_C, "second to be tampered with", "")); /* opened: its writes are settled */
	verify_says(0, NULL);

	tamper("CREATE TABLE kept AS SELECT * FROM part;"
	       "UPDATE part SET blob = CAST(substr(blob, 1, 150) || CASE hex(substr(blob, 151, 1)) WHEN '00' THEN x'ff' ELSE x'00' END || substr(blob, 152) AS BLOB) WHERE key = (SELECT max(key) FROM part);");
	verify_says(1, "a stored part is not the one in force");
	tamper("DELETE FROM part; INSERT INTO part SELECT * FROM kept;");
	verify_says(0, NULL);

	tamper("UPDATE part SET version = version + 1 WHERE key = (SELECT max(key) FROM part);");
	verify_says(1, "a stored part is not the one in force");
	tamper("DELETE FROM part; INSERT INTO part SELECT * FROM kept;");

	tamper("DELETE FROM part WHERE key = (SELECT min(key) FROM part);");
	verify_says(1, "a stored part is missing");
	tamper("DELETE FROM part; INSERT INTO part SELECT * FROM kept;");

	/* two reports' heads exchanged */
	tamper("UPDATE part SET blob = (SELECT k.blob FROM kept k WHERE k.type = part.type AND k.key <> part.key LIMIT 1) WHERE type = 1;");
	verify_says(1, "a stored part is not the one in force");
	tamper("DELETE FROM part; INSERT INTO part SELECT * FROM kept; DROP TABLE kept;");
	verify_says(0, NULL);
}

/* Also what was written a moment ago, whose confirmation is not on disk yet. */
static void test_T_BIND_2_the_newest_write_is_checked_too(void **state)
{
	(void)typed_in(DESK_C, "not settled yet", "");
	tamper("CREATE TABLE kept AS SELECT * FROM part WHERE key = (SELECT max(key) FROM part);"
	       "UPDATE part SET blob = CAST(substr(blob, 1, 150) || CASE hex(substr(blob, 151, 1)) WHEN '00' THEN x'ff' ELSE x'00' END || substr(blob, 152) AS BLOB) WHERE key = (SELECT key FROM kept);");
	verify_says(1, "a stored part is not the one in force");
	tamper("UPDATE part SET blob = (SELECT blob FROM kept) WHERE key = (SELECT key FROM kept); DROP TABLE kept;");
	verify_says(0, NULL);
}

static void test_swept_contacts_are_no_fault(void **state)
{
	struct contact_form call = { .kind = SV("wrong_number"), .text = SV("sorry") };
	size_t gone;

	assert_int_equal(contact_new(&kit.hotline, &call), OK);
	(void)shown(DESK_C,
		    typed_in(DESK_C, "after it", "")); /* more leaves: the contact's write is settled, and that is on disk */
	verify_says(0, NULL);
	intake_away();
	instance_later(&kit.road.instance, DAY_MS); /* a day goes by in the keeper: it erases, whatever web does */
	intake_back();
	verify_says(0, NULL); /* also while the rows lie there still */
	kit.road.nobody.now = clock_now() + DAY_MS;
	assert_int_equal(contact_sweep(&kit.road.nobody, &gone), OK);
	assert_int_equal(gone, 1);
	verify_says(0, NULL);

	/* rows gone before their time are lost */
	assert_int_equal(contact_new(&kit.hotline, &(struct contact_form){ .kind = SV("wrong_number"), .text = SV("sorry again") }),
			 OK);
	(void)shown(DESK_C, typed_in(DESK_C, "after that one", ""));
	tamper("CREATE TABLE kept AS SELECT * FROM part;");
	assert_int_equal(contact_sweep(&kit.road.nobody, &gone), OK);
	assert_int_equal(gone, 1);
	verify_says(1, "a stored part is missing");
	tamper("DELETE FROM part; INSERT INTO part SELECT * FROM kept; DROP TABLE kept;");
	verify_says(0, NULL);
}

/* A stripped report's parts are gone by rule; one more that is gone is lost. */
static void test_stripped_is_not_lost(void **state)
{
	struct id id = typed_in(DESK_C, "a false alarm", "low"), other = typed_in(DESK_C, "another report", "low");
	struct report_close in = { .act = act_on(DESK_C, id), .closure = SV("false_alarm") };

	assert_int_equal(report_close(DESK_C, &in), OK);
	(void)shown(DESK_C, other);
	verify_says(0, NULL);
	tamper("CREATE TABLE kept AS SELECT * FROM part; DELETE FROM part WHERE key = (SELECT max(key) FROM part);");
	verify_says(1, "a stored part is missing");
	tamper("DELETE FROM part; INSERT INTO part SELECT * FROM kept; DROP TABLE kept;");
	verify_says(0, NULL);
}

static void test_T_EVI_1_a_flipped_bit_of_a_file_is_named(void **state)
{
	struct id id = typed_in(DESK_C, "with evidence", "");
	struct file_form in = { .act = act_on(DESK_C, id), .name = SV("x"), .mime = SV("text/plain"), .content = SV("proof") };
	char path[512], moved[520], byte;
	sqlite3_stmt *q;
	sqlite3 *db;
	int fd;

	assert_int_equal(file_add(DESK_C, &in), OK);
	(void)snprintf(path, sizeof(path), "%s/main/main.db", kit.road.instance.dir);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, "SELECT lower(hex(id)) FROM file", -1, &q, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(q), SQLITE_ROW);
	(void)snprintf(path, sizeof(path), "%s/main/files/%.2s/%s", kit.road.instance.dir, (const char *)sqlite3_column_text(q, 0),
		       (const char *)sqlite3_column_text(q, 0));
	(void)sqlite3_finalize(q);
	(void)sqlite3_close(db);
	fd = open(path, O_RDWR);
	assert_true(fd >= 0);
	assert_int_equal(pread(fd, &byte, 1, 100), 1);
	byte = (char)(byte ^ 4);
	assert_int_equal(pwrite(fd, &byte, 1, 100), 1);
	verify_says(1, "a stored file is not the one that came");
	byte = (char)(byte ^ 4);
	assert_int_equal(pwrite(fd, &byte, 1, 100), 1);
	(void)close(fd);
	(void)snprintf(moved, sizeof(moved), "%s.moved", path);
	assert_int_equal(rename(path, moved), 0);
	verify_says(1, "a stored file is not the one that came");
	assert_int_equal(rename(moved, path), 0);
}

static void test_verify_without_an_instance(void **state)
{
	char said[512], nowhere[] = "/nowhere";

	assert_int_equal(run_with(verify_command, nowhere, said), 1);
	assert_non_null(strstr(said, "no instance"));
}

/* --- the rest -------------------------------------------------------------------------------------------------------------------- */

static void close_to_others(const char *name)
{
	char path[320];

	(void)snprintf(path, sizeof(path), "%s/%s", kit.road.instance.dir, name);
	assert_int_equal(chmod(path, 0700), 0);
}

static void test_doctor_sees_open_folders(void **state)
{
	char said[512], main_dir[320];

	(void)snprintf(main_dir, sizeof(main_dir), "%s/main", kit.road.instance.dir);
	close_to_others("main");
	close_to_others("keeper/keeper.db");
	close_to_others("keeper/shred.db");
	assert_int_equal(run_with(doctor_command, kit.road.instance.dir, said), 0);
	assert_int_equal(chmod(main_dir, 0755), 0);
	assert_int_equal(run_with(doctor_command, kit.road.instance.dir, said), 1);
	assert_int_equal(chmod(main_dir, 0700), 0);
}

/* Founded and not yet attended: nothing can be sealed to it. */
static void test_a_desk_without_a_key_is_named(void **state)
{
	struct ctx *admin = &kit.road.instance.admin;
	struct id young = id_new();
	bool ready = true;

	assert_int_equal(admin_organisation(admin, young, SV("young")), OK);
	assert_int_equal(admin_desk(admin, young, &ready), OK);
	assert_false(ready);
	assert_int_equal(admin_desk(admin, kit.road.noor.id, &ready), OK);
	assert_true(ready);
	assert_int_equal(admin_desk(admin, id_new(), &ready), E_NOTFOUND);
	FORGET(admin);
}

static void test_base32_and_roles(void **state)
{
	uint32_t roles;

	assert_true(sv_is(base32(DESK_C->arena, SV("foobar")), "MZXW6YTBOI"));
	assert_true(sv_is(base32(DESK_C->arena, SV("fooba")), "MZXW6YTB"));
	assert_true(sv_is(base32(DESK_C->arena, SV("")), ""));
	assert_true(roles_read(SV("desk,case_manager"), &roles));
	assert_int_equal(roles, ROLE_BIT(ROLE_DESK) | ROLE_BIT(ROLE_CASE_MANAGER));
	assert_false(roles_read(SV("desk,king"), &roles));
	assert_false(roles_read(SV(""), &roles));
}

static void test_root_in_a_file(void **state)
{
	struct arena *a = DESK_C->arena;
	const char *path = arena_format(a, "%s/run/root", kit.road.instance.dir).p;
	uint8_t seed[32], pk[32];
	struct sv groups;
	struct stat s;

	assert_int_equal(root_make(a, path), OK);
	assert_int_equal(root_make(a, path), E_CONFLICT);
	assert_int_equal(keyfile_read(a, path, KEY_ROOT, seed, sizeof(seed)), OK);
	assert_int_equal(keyfile_read(a, arena_format(a, "%s.public", path).p, KEY_ROOT_PUBLIC, pk, sizeof(pk)), OK);
	assert_int_equal(keyfile_read(a, path, KEY_ROOT_PUBLIC, pk, sizeof(pk)), E_INPUT); /* as long, and the wrong half */
	assert_int_equal(keyfile_read(a, path, KEY_BACKUP, pk, sizeof(pk)), E_INPUT);
	assert_int_equal(keyfile_read(a, path, KEY_ROOT, seed, 31), E_INPUT);
	assert_int_equal(stat(path, &s), 0);
	assert_int_equal(s.st_mode & 0777, 0400);
	assert_int_equal(keyfile_text(a, path, &groups), OK);
	((char *)(uintptr_t)groups.p)[3] = groups.p[3] == 'A' ? 'B' : 'A'; /* mistyped */
	assert_int_equal(unlink(path), 0);
	assert_int_equal(keyfile_write(a, path, 0600, "mistyped", groups), OK);
	assert_int_equal(keyfile_read(a, path, KEY_ROOT, seed, sizeof(seed)), E_INPUT);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(unlink(arena_format(a, "%s.public", path).p), 0);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup(f, intake_between)
	const struct CMUnitTest tests[] = {
		TEST(test_bad_logs_are_named_and_nothing_is_written),
		TEST(test_a_log_twice_is_a_log_once),
		TEST(test_T_BIND_2_verify_names_what_was_changed),
		TEST(test_T_EVI_1_a_flipped_bit_of_a_file_is_named),
		TEST(test_T_BIND_2_the_newest_write_is_checked_too),
		TEST(test_swept_contacts_are_no_fault),
		TEST(test_stripped_is_not_lost),
		TEST(test_verify_without_an_instance),
		TEST(test_doctor_sees_open_folders),
		TEST(test_a_desk_without_a_key_is_named),
		TEST(test_base32_and_roles),
		TEST(test_root_in_a_file),
	};
#undef TEST

	return cmocka_run_group_tests(tests, intake_setup, intake_teardown);
}
