/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The database failing under the store: every call in turn, a full disk, a write error, a kill. Never half a set, always a clean answer,
 * and reading goes on. */
#include "kit.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static struct id id_of(uint32_t n)
{
	struct id id = ID_ZERO;

	memcpy(id.b, &n, sizeof n);
	id.b[15] = 1;
	return id;
}

static enum status save_one(struct ctx *c, uint32_t n, struct sv blob)
{
	struct save s;
	struct write_set set = { .writes = s.writes, .n = SAVE_WRITES, .tag = n };

	save_make(&s, id_of(n), blob);
	c->error = (struct error){ 0 };
	return store_apply(c, &set);
}

/* The whole set or nothing, as its answer says; an uncertain one may be either. */
static void check_whole(struct ctx *c, uint32_t n, enum status answer)
{
	size_t found = save_found(c, id_of(n));

	if (answer == OK)
		assert_int_equal(found, SAVE_WRITES);
	else if (answer == E_UNCERTAIN)
		assert_true(found == 0 || found == SAVE_WRITES);
	else
		assert_int_equal(found, 0);
}

/* Also the COMMIT, which is done while its answer is lost: asked again, the store finds its own writes. */
static void test_each_call_failing(void **state)
{
	struct kit k;
	uint64_t before, n = 0;

	(void)state;
	kit_open(&k);
	do {
		size_t heard = k.heard;
		enum status s;

		before = store_calls(k.store);
		store_fail_at(k.store, ++n);
		s = save_one(&k.c, (uint32_t)n, SV("x"));
		store_fail_at(k.store, 0);
		check_whole(&k.c, (uint32_t)n, s);
		assert_int_equal(k.heard - heard, 1);
		assert_int_equal(k.in_force[heard], s == OK);
		assert_true(s == OK || s == E_STORE);
		assert_true(k.c.error.status == s);
		before = store_calls(k.store) - before;
	} while (before >= n && n < 100);
	assert_true(n > 1 + 1 + SAVE_WRITES + 1 + 1); /* begin, savepoint, writes, release, commit */
	assert_int_equal(k.sure_again, 0);
	kit_close(&k);
}

/* COMMITs failing for longer: nobody knows, nothing is said, reading goes on; when they succeed again the hook hears of it. */
static void test_commits_failing_for_long(void **state)
{
	struct kit k;

	(void)state;
	kit_open(&k);
	assert_int_equal(save_one(&k.c, 1, SV("x")), OK);
	store_fail_commits(k.store, true);
	for (uint32_t n = 2; n < 5; n++)
		assert_int_equal(save_one(&k.c, n, SV("x")), E_UNCERTAIN);
	assert_int_equal(k.heard, 1);
	assert_int_equal(save_found(&k.c, id_of(1)), SAVE_WRITES);
	assert_int_equal(save_found(&k.c, id_of(2)), 0);
	assert_int_equal(k.sure_again, 0);
	store_fail_commits(k.store, false);
	assert_int_equal(save_one(&k.c, 2, SV("x")), OK);
	assert_int_equal(k.sure_again, 1);
	assert_int_equal(save_found(&k.c, id_of(2)), SAVE_WRITES);
	assert_int_equal(save_found(&k.c, id_of(3)), 0);
	/* nobody sends anything: the store asks by itself */
	store_fail_commits(k.store, true);
	assert_int_equal(save_one(&k.c, 5, SV("x")), E_UNCERTAIN);
	store_fail_commits(k.store, false);
	while (k.sure_again < 2)
		(void)usleep(1000);
	assert_int_equal(save_found(&k.c, id_of(5)), 0);
	assert_int_equal(save_one(&k.c, 5, SV("x")), OK);
	assert_int_equal(k.sure_again, 2);
	kit_close(&k);
}

static void test_each_call_failing_while_reading(void **state)
{
	struct kit k;
	const struct id id = id_of(1);
	const struct value key = v_id(&id);
	struct rows rows;

	(void)state;
	kit_open(&k);
	assert_int_equal(save_one(&k.c, 1, SV("x")), OK);
	for (uint64_t n = 1; n <= 2; n++) {
		store_fail_at(k.store, n);
		if (db_begin_read(&k.c) == OK)
			assert_int_equal(db_query(&k.c, QUERY_RECORD_ONCE, &key, 1, 0, &rows), E_STORE);
		else
			assert_int_equal(n, 1);
		db_end_read(&k.c);
		store_fail_at(k.store, 0);
		assert_int_equal(save_found(&k.c, id_of(1)), SAVE_WRITES);
	}
	kit_close(&k);
}

/* Opening and migrating with each call failing: refused cleanly, and the next start succeeds. */
static void test_each_call_failing_at_start(void **state)
{
	struct kit k;
	struct fault fault = { .real = &sqlite_driver };
	char path[96];

	(void)state;
	kit_open(&k);
	(void)snprintf(path, sizeof path, "%s/other.db", k.dir);
	for (uint64_t n = 1;; n++) {
		struct connection *w = NULL;
		enum status s;

		fault.calls = 0;
		fault.fail_at = n;
		s = fake_driver.open(&fault, path, CONNECTION_WRITE, &w);
		if (s == OK)
			s = migrate(&k.c, &fake_driver, w, &migrations_sqlite);
		fake_driver.close(w);
		if (s == OK && fault.calls < n)
			break;
		assert_true(s == E_STORE || n > 1);
		assert_true(n < 100);
	}
	kit_close(&k);
}

/* --- several at once ------------------------------------------------------------------------------------------------------------ */

struct worker {
	struct kit *kit;
	pthread_barrier_t *connected;
	pthread_t thread;
	uint32_t from;
	enum status got[40];
};

static void *work(void *arg)
{
	struct worker *w = arg;
	struct ctx c;

	kit_thread(w->kit, &c);
	(void)pthread_barrier_wait(w->connected); /* calls fail only once all are there */
	for (uint32_t i = 0; i < 40; i++) {
		if (i % 3 == 0)
			store_fail_at(w->kit->store, 1 + (w->from + i) % 9);
		w->got[i] = save_one(&c, w->from + i, SV("x"));
	}
	kit_thread_end(&c);
	return NULL;
}

static void quiet(void *arg, const uint64_t *tags, const bool *in_force, size_t n)
{
	(void)arg, (void)tags, (void)in_force, (void)n;
}

/* Four threads saving while calls fail now and then: each answer is the truth. */
static void test_faults_under_company(void **state)
{
	struct kit k;
	struct worker workers[4];
	pthread_barrier_t connected;

	(void)state;
	assert_int_equal(pthread_barrier_init(&connected, NULL, 4), 0);
	kit_open(&k);
	db_close(k.db);
	store_close(k.store);
	assert_int_equal(store_open(&k.c, k.dir, quiet, NULL, &k.store), OK);
	assert_int_equal(store_connect(&k.c, k.store, &k.db), OK);
	k.c.db = k.db;
	for (uint32_t i = 0; i < 4; i++) {
		workers[i] = (struct worker){ .kit = &k, .connected = &connected, .from = 1 + 1000 * i };
		assert_int_equal(pthread_create(&workers[i].thread, NULL, work, &workers[i]), 0);
	}
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(pthread_join(workers[i].thread, NULL), 0);
	(void)pthread_barrier_destroy(&connected);
	store_fail_at(k.store, 0);
	for (size_t i = 0; i < 4; i++)
		for (uint32_t j = 0; j < 40; j++)
			check_whole(&k.c, workers[i].from + j, workers[i].got[j]);
	assert_int_equal(save_one(&k.c, 9999, SV("x")), OK);
	kit_close(&k);
}

/* --- a real disk that fails ------------------------------------------------------------------------------------------------------ */

static char large[60000];

/* Save until the store refuses, look at all of it, free nothing, read on. Ends the child with 0 when all was right. */
static void save_until_refused(struct kit *k, enum status *refusal)
{
	uint32_t n = 1;
	enum status s;

	while ((s = save_one(&k->c, n, sv_bytes(large, sizeof large))) == OK && n < 500)
		n++;
	*refusal = s;
	check_whole(&k->c, n, s);
	for (uint32_t i = 1; i < n; i++) {
		check_whole(&k->c, i, OK);
		arena_reset(k->c.arena);
	}
}

/* In a child, because limits and mounts are its own. */
static int in_child(void (*body)(void))
{
	int status = 0;
	pid_t child;

	(void)fflush(NULL);
	child = fork();
	if (child == 0) {
		body();
		(void)fflush(NULL);
		_exit(0);
	}
	assert_true(child > 0 && waitpid(child, &status, 0) == child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

#define NO_MOUNT 77

static void body_full_disk(void)
{
	struct kit k;
	char inside[96];
	enum status refusal;

	kit_open(&k);
	db_close(k.db);
	store_close(k.store);
	if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 || mount("tmpfs", k.dir, "tmpfs", 0, "size=1m") != 0)
		_exit(NO_MOUNT);
	(void)snprintf(inside, sizeof inside, "%s/main", k.dir);
	assert_int_equal(store_open(&k.c, inside, NULL, NULL, &k.store), OK);
	assert_int_equal(store_connect(&k.c, k.store, &k.c.db), OK);
	save_until_refused(&k, &refusal);
	assert_int_equal(refusal, E_STORE);
	assert_int_equal(save_one(&k.c, 4000, sv_bytes(large, sizeof large)), E_STORE); /* and again */
	assert_int_equal(mount("tmpfs", k.dir, "tmpfs", MS_REMOUNT, "size=4m"), 0);
	assert_int_equal(save_one(&k.c, 4001, sv_bytes(large, sizeof large)), OK); /* room again: writing goes on */
	check_whole(&k.c, 4001, OK);
	db_close(k.c.db);
	store_close(k.store);
	assert_int_equal(umount(k.dir), 0);
	k.db = NULL;
	k.store = NULL;
	kit_close(&k);
}

static void child_full_disk(void)
{
	if (unshare(CLONE_NEWNS) != 0 && unshare(CLONE_NEWNS | CLONE_NEWUSER) != 0)
		_exit(NO_MOUNT);
	body_full_disk();
}

static void child_write_error(void)
{
	struct kit k;
	enum status refusal;

	(void)signal(SIGXFSZ, SIG_IGN);
	kit_open(&k);
	assert_int_equal(save_one(&k.c, 3000, SV("x")), OK);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &(struct rlimit){ 1u << 20, RLIM_INFINITY }), 0);
	save_until_refused(&k, &refusal);
	assert_true(refusal == E_STORE || refusal == E_UNCERTAIN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &(struct rlimit){ RLIM_INFINITY, RLIM_INFINITY }), 0);
	assert_int_equal(save_one(&k.c, 3001, SV("x")), OK);
	kit_close(&k);
}

static void test_full_disk(void **state)
{
	int code;

	(void)state;
	code = in_child(child_full_disk);
	if (code == NO_MOUNT)
		print_message("no right to mount a small disk here: only the write error is tried\n");
	else
		assert_int_equal(code, 0);
	assert_int_equal(in_child(child_write_error), 0);
}

/* --- kill -9 --------------------------------------------------------------------------------------------------------------------- */

/* A child saves and names each acknowledged save in a pipe; it is killed after so many. Every one of them is there afterwards. */
static uint32_t killed_after(const char *dir, uint32_t from, uint32_t acknowledged)
{
	int ends[2], status;
	uint32_t n, last = 0;
	pid_t child;

	assert_int_equal(pipe(ends), 0);
	(void)fflush(NULL);
	child = fork();
	if (child == 0) {
		struct ctx c = { .arena = arena_new(0), .who = &nobody };
		struct store *store;

		if (store_open(&c, dir, NULL, NULL, &store) != OK || store_connect(&c, store, &c.db) != OK)
			_exit(1);
		for (n = from;; n++)
			if (save_one(&c, n, SV("x")) != OK || write(ends[1], &n, sizeof n) != sizeof n)
				_exit(1);
	}
	(void)close(ends[1]);
	while (last < from + acknowledged && read(ends[0], &n, sizeof n) == sizeof n)
		last = n;
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	while (read(ends[0], &n, sizeof n) == sizeof n)
		last = n;
	(void)close(ends[0]);
	return last;
}

static void test_T_PRIV_2_killed_while_saving(void **state)
{
	struct kit k;
	uint32_t last = 0;

	(void)state;
	kit_open(&k);
	for (uint32_t round = 0; round < 5; round++) {
		uint32_t from = last + 2;

		db_close(k.db);
		store_close(k.store);
		last = killed_after(k.dir, from, 3 + 5 * round);
		assert_int_equal(store_open(&k.c, k.dir, NULL, NULL, &k.store), OK);
		assert_int_equal(store_connect(&k.c, k.store, &k.db), OK);
		k.c.db = k.db;
		for (uint32_t n = from; n <= last; n++)
			check_whole(&k.c, n, OK);
		check_whole(&k.c, last + 1, E_UNCERTAIN); /* under way when the kill came */
	}
	kit_close(&k);
}

/* --- schema ---------------------------------------------------------------------------------------------------------------------- */

static void test_migrations(void **state)
{
	static const struct migration rows[] = {
		{ 1, "0001-one.sql", "CREATE TABLE one (a INTEGER PRIMARY KEY) STRICT;" },
		{ 2, "0002-two.sql", "CREATE TABLE two (a INTEGER PRIMARY KEY) STRICT; INSERT INTO two VALUES (1);" },
		{ 3, "0003-bad.sql", "CREATE TABLE three (a INTEGER PRIMARY KEY) STRICT; CREATE TABLE one (a INTEGER) STRICT;" },
	};
	const struct migration_set first = { rows, 1 }, second = { rows, 2 }, bad = { rows, 3 };
	struct kit k;
	struct connection *w;
	struct stat st;
	char path[96];
	int number;

	(void)state;
	kit_open(&k);
	(void)snprintf(path, sizeof path, "%s/other.db", k.dir);
	assert_int_equal(sqlite_driver.open(NULL, path, CONNECTION_WRITE, &w), OK);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(migrate(&k.c, &sqlite_driver, w, &first), OK);
	assert_int_equal(migrate(&k.c, &sqlite_driver, w, &first), OK); /* not twice */
	assert_int_equal(migrate(&k.c, &sqlite_driver, w, &second), OK);
	assert_int_equal(migrate(&k.c, &sqlite_driver, w, &first), E_STORE); /* made by a newer program */
	assert_int_equal(sqlite_driver.version(w, &number), OK);
	assert_int_equal(number, 2);
	assert_int_equal(migrate(&k.c, &sqlite_driver, w, &bad), E_STORE); /* as a whole or not at all */
	assert_int_equal(sqlite_driver.version(w, &number), OK);
	assert_int_equal(number, 2);
	assert_false(sqlite_driver.in_transaction(w));
	sqlite_driver.close(w);
	kit_close(&k);
}

/* A folder that cannot be made or a file that is no database: E_STORE, no end of the process. */
static void test_nothing_to_open(void **state)
{
	struct kit k;
	struct store *store;
	char path[96];
	FILE *f;

	(void)state;
	kit_open(&k);
	assert_int_equal(store_open(&k.c, "/nowhere/at/all", NULL, NULL, &store), E_STORE);
	(void)snprintf(path, sizeof path, "%s/x", k.dir);
	assert_int_equal(mkdir(path, 0700), 0);
	(void)snprintf(path, sizeof path, "%s/x/main.db", k.dir);
	f = fopen(path, "w");
	assert_non_null(f);
	for (int i = 0; i < 1000; i++)
		(void)fputs("this is no database ", f);
	assert_int_equal(fclose(f), 0);
	(void)snprintf(path, sizeof path, "%s/x", k.dir);
	assert_int_equal(store_open(&k.c, path, NULL, NULL, &store), E_STORE);
	kit_close(&k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_call_failing),
		cmocka_unit_test(test_commits_failing_for_long),
		cmocka_unit_test(test_each_call_failing_while_reading),
		cmocka_unit_test(test_each_call_failing_at_start),
		cmocka_unit_test(test_faults_under_company),
		cmocka_unit_test(test_full_disk),
		cmocka_unit_test(test_T_PRIV_2_killed_while_saving),
		cmocka_unit_test(test_migrations),
		cmocka_unit_test(test_nothing_to_open),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
