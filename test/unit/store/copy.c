/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A copy of a database goes into the file that was made for it, whatever somebody else who may write in the folder does meanwhile. */
#include "store/copy.h"

#include "kit.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct room {
	char dir[64], from[96], to[96], bait[96];
	struct copy *copy;
};
static struct room room;

static int set_up(void **state)
{
	sqlite3 *lite;

	(void)strncpy(room.dir, "/tmp/amana-copy-XXXXXX", sizeof(room.dir));
	assert_non_null(mkdtemp(room.dir));
	(void)snprintf(room.from, sizeof(room.from), "%s/from.db", room.dir);
	(void)snprintf(room.to, sizeof(room.to), "%s/to", room.dir);
	(void)snprintf(room.bait, sizeof(room.bait), "%s/bait", room.dir);
	assert_int_equal(sqlite3_open(room.from, &lite), SQLITE_OK);
	assert_int_equal(sqlite3_exec(lite, "PRAGMA journal_mode=WAL; CREATE TABLE t(a); INSERT INTO t VALUES('held');", NULL, NULL,
				      NULL),
			 SQLITE_OK);
	assert_int_equal(sqlite3_close(lite), SQLITE_OK);
	assert_int_equal(copy_begin(room.from, &room.copy), OK);
	return 0;
}

static int tear_down(void **state)
{
	static const char *const names[] = { "from.db", "from.db-wal", "from.db-shm", "to", "to-journal", "bait" };
	char path[128];

	copy_end(room.copy);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", room.dir, names[i]);
		(void)unlink(path);
	}
	assert_int_equal(rmdir(room.dir), 0);
	return 0;
}

static void put_bait(void)
{
	int fd = open(room.bait, O_WRONLY | O_CREAT | O_EXCL, 0644);

	assert_true(fd >= 0);
	assert_int_equal(close(fd), 0);
}

static void test_a_copy_is_whole_and_has_no_name(void **state)
{
	char head[16];
	int fd;

	assert_int_equal(copy_to_file(room.copy, room.to, &fd), OK);
	assert_int_equal(pread(fd, head, sizeof(head), 0), (ssize_t)sizeof(head));
	assert_memory_equal(head, "SQLite format 3", sizeof(head));
	assert_int_equal(lseek(fd, 0, SEEK_CUR), 0);
	assert_int_not_equal(access(room.to, F_OK), 0);
	assert_int_equal(close(fd), 0);
}

static void test_what_lies_there_is_not_written(void **state)
{
	struct stat s;
	int fd;

	put_bait();
	assert_int_equal(symlink(room.bait, room.to), 0);
	assert_int_equal(copy_to_file(room.copy, room.to, &fd), E_STORE);
	assert_int_equal(stat(room.bait, &s), 0);
	assert_int_equal(s.st_size, 0);
	assert_int_equal(lstat(room.to, &s), 0); /* somebody else's, and still there */
}

/* The moment SQLite opens the name, another file bears it. */
static int (*real_open)(const char *, int, int);

static int open_swapped(const char *path, int flags, int mode)
{
	if (strcmp(path, room.to) == 0)
		assert_int_equal(rename(room.bait, room.to), 0);
	return real_open(path, flags, mode);
}

static void test_a_name_given_to_another_file_is_noticed(void **state)
{
	sqlite3_vfs *vfs = sqlite3_vfs_find(NULL);
	struct stat s;
	int fd;

	put_bait();
	real_open = (int (*)(const char *, int, int))vfs->xGetSystemCall(vfs, "open");
	assert_int_equal(vfs->xSetSystemCall(vfs, "open", (sqlite3_syscall_ptr)open_swapped), SQLITE_OK);
	assert_int_equal(copy_to_file(room.copy, room.to, &fd), E_STORE);
	assert_int_equal(vfs->xSetSystemCall(vfs, "open", NULL), SQLITE_OK);
	assert_int_equal(stat(room.to, &s), 0);
	assert_int_equal(s.st_size, 0); /* not a byte of the database */
}

int main(void)
{
#define TEST(t) cmocka_unit_test_setup_teardown(t, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_a_copy_is_whole_and_has_no_name),
		TEST(test_what_lies_there_is_not_written),
		TEST(test_a_name_given_to_another_file_is_noticed),
	};
#undef TEST

	return cmocka_run_group_tests(tests, NULL, NULL);
}
