/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sealed files of backups in their folder: written beside their place, into nothing that lies there, and settled before they count. */
#include "cli/container.h"

#include "cli/backup.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static char dir[64], path[96], part[96];
static struct ctx c;
static const struct id instance = { { 1 } };
static uint8_t sk[32], pk[32];
static bool folder_settled, folder_fails;

/* Takes the C library's place in this program: was the folder itself brought to the disk? */
int fsync(int fd)
{
	struct stat s;

	if (fstat(fd, &s) == 0 && S_ISDIR(s.st_mode)) {
		folder_settled = true;
		if (folder_fails)
			return -1;
	}
	return (int)syscall(SYS_fsync, fd);
}

static int set_up(void **state)
{
	(void)strncpy(dir, "/tmp/amana-container-XXXXXX", sizeof(dir));
	assert_non_null(mkdtemp(dir));
	(void)snprintf(path, sizeof(path), "%s/one", dir);
	(void)snprintf(part, sizeof(part), "%s/one.part", dir);
	c = (struct ctx){ .arena = arena_new(0) };
	backup_key_make(sk, pk);
	folder_settled = folder_fails = false;
	return 0;
}

static int tear_down(void **state)
{
	(void)unlink(path);
	(void)unlink(part);
	assert_int_equal(rmdir(dir), 0);
	arena_free(c.arena);
	return 0;
}

static void put_file(const char *name, const char *text)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_EXCL, 0600);

	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	assert_int_equal(close(fd), 0);
}

static void file_is(const char *name, const char *text)
{
	char bytes[64] = { 0 };
	int fd = open(name, O_RDONLY);

	assert_int_equal(read(fd, bytes, sizeof(bytes) - 1), (ssize_t)strlen(text));
	assert_string_equal(bytes, text);
	assert_int_equal(close(fd), 0);
}

static enum status write_one(struct container **k)
{
	enum status s = container_create(&c, path, instance, pk, k);

	if (s == OK)
		s = container_entry(*k, "word");
	if (s == OK)
		s = container_put(*k, SV("held"));
	return s == OK ? container_end_entry(*k) : s;
}

static void test_a_file_counts_when_its_folder_is_settled(void **state)
{
	char name[ENTRY_NAME_MAX + 1];
	struct container *k = NULL;
	struct sv bytes;
	bool end;

	assert_int_equal(write_one(&k), OK);
	assert_int_equal(access(path, F_OK), -1);
	assert_false(folder_settled);
	assert_int_equal(container_finish(k), OK);
	assert_true(folder_settled);
	container_close(k);
	assert_int_equal(access(part, F_OK), -1);
	assert_int_equal(container_open(&c, path, sk, &k), OK);
	assert_int_equal(container_next(k, name, &end), OK);
	assert_int_equal(container_take(k, &bytes), OK);
	assert_true(sv_is(bytes, "held"));
	container_close(k);
}

static void test_what_cannot_be_settled_is_not_left(void **state)
{
	struct container *k = NULL;

	folder_fails = true;
	assert_int_equal(write_one(&k), OK);
	assert_int_equal(container_finish(k), E_IO);
	container_close(k);
	assert_int_equal(access(path, F_OK), -1);
	assert_int_equal(access(part, F_OK), -1);
}

static void test_the_half_of_another_writer_stays(void **state)
{
	struct container *k = NULL;

	put_file(part, "somebody's");
	assert_int_equal(write_one(&k), E_STATE);
	container_close(k);
	file_is(part, "somebody's");
}

static void test_no_link_is_followed(void **state)
{
	struct container *k = NULL;

	assert_int_equal(symlink(path, part), 0);
	assert_int_equal(write_one(&k), E_STATE);
	container_close(k);
	assert_int_equal(access(path, F_OK), -1);
}

static void test_a_file_that_came_meanwhile_stays(void **state)
{
	struct container *k = NULL;

	assert_int_equal(write_one(&k), OK);
	put_file(path, "somebody's");
	assert_int_equal(container_finish(k), E_CONFLICT);
	container_close(k);
	file_is(path, "somebody's");
	assert_int_equal(access(part, F_OK), -1);
}

int main(void)
{
#define TEST(t) cmocka_unit_test_setup_teardown(t, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_a_file_counts_when_its_folder_is_settled), TEST(test_what_cannot_be_settled_is_not_left),
		TEST(test_the_half_of_another_writer_stays),         TEST(test_no_link_is_followed),
		TEST(test_a_file_that_came_meanwhile_stays),
	};
#undef TEST

	return cmocka_run_group_tests(tests, NULL, NULL);
}
