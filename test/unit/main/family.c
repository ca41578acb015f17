/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parent with real children: shell scripts in a folder of their own. What is looked at is what they write and the parent's log. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/log.h"
#include "main/family.h"

static char folder[64] = "/tmp/amana-family-XXXXXX", text[65536];
static int log_file;

static void script(const char *name, const char *lines)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	f = fopen(path, "w");
	assert_non_null(f);
	fprintf(f, "#!/bin/sh\ncd %s\n%s\n", folder, lines);
	fclose(f);
	chmod(path, 0700);
}

static const char *content(const char *name)
{
	char path[128];
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? 0 : read(fd, text, sizeof(text) - 1);
	if (fd >= 0)
		close(fd);
	text[n < 0 ? 0 : n] = 0;
	return text;
}

static const char *log_text(void)
{
	ssize_t n = pread(log_file, text, sizeof(text) - 1, 0);

	text[n < 0 ? 0 : n] = 0;
	return text;
}

static pid_t begin(struct child *children, size_t n)
{
	pid_t pid;

	log_file = memfd_create("log", MFD_CLOEXEC);
	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		struct family f = { .children = children, .n = n, .directory = folder };

		dup2(log_file, STDERR_FILENO);
		log_open("serve");
		_exit(family_run(&f) == OK ? 0 : 1);
	}
	return pid;
}

static int end(pid_t pid)
{
	int how;

	kill(pid, SIGTERM);
	waitpid(pid, &how, 0);
	return how;
}

static void until(const char *(*look)(const char *), const char *name, const char *what)
{
	for (int i = 0; strstr(look(name), what) == NULL; i++) {
		assert_true(i < 60000);
		usleep(1000);
	}
}

static const char *in_log(const char *name)
{
	(void)name;
	return log_text();
}

static void test_comes_back_slower_each_time(void **state)
{
	struct child c[] = { { .program = "dies", .args = { "dies" } } };
	pid_t pid;

	(void)state;
	script("dies", "exit 7");
	pid = begin(c, 1);
	until(in_log, NULL, "child_ended ok 0 7 0 10\n");
	until(in_log, NULL, "child_ended ok 0 7 0 20\n");
	until(in_log, NULL, "child_ended ok 0 7 0 40\n");
	until(in_log, NULL, "child_ended ok 0 7 0 80\n");
	assert_int_equal(end(pid), 0);
	close(log_file);
}

static void test_forbidden_call_is_reported(void **state)
{
	struct child c[] = { { .program = "forbidden", .args = { "forbidden" } } };
	pid_t pid;

	(void)state;
	script("forbidden", "kill -31 $$");
	pid = begin(c, 1);
	until(in_log, NULL, "sandbox: a child made a system call");
	until(in_log, NULL, "child_ended ok 0 -1 31 10");
	assert_int_equal(end(pid), 0);
	close(log_file);
}

static void test_children_get_their_descriptors_and_secret(void **state)
{
	struct child c[] = {
		{ .program = "reads", .args = { "reads", "word" }, .has_secret = true, .secret = "0123456789abcdef0123456789abcde" }
	};
	char path[128];
	pid_t pid;

	(void)state;
	script("reads", "head -c 4 <&3 > from3; head -c 31 <&4 > from4; ls /proc/$$/fd > open; echo $1 > arg; echo > done; "
			"exec sleep 100");
	snprintf(path, sizeof(path), "%s/given", folder);
	c[0].fds[0] = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	assert_int_equal(pwrite(c[0].fds[0], "file", 4, 0), 4);
	pid = begin(c, 1);
	until(content, "done", "\n");
	assert_string_equal(content("from3"), "file");
	assert_string_equal(content("from4"), "0123456789abcdef0123456789abcde");
	assert_string_equal(content("arg"), "word\n");
	assert_non_null(strstr(content("open"), "\n4\n"));
	assert_null(strstr(content("open"), "\n5\n"));
	assert_int_equal(end(pid), 0);
	close(c[0].fds[0]);
	close(log_file);
}

/* The last started ends first, and whoever does not listen is killed in the end. */
static void test_ends_in_order(void **state)
{
	struct child c[] = { { .program = "first", .args = { "first" } }, { .program = "second", .args = { "second" } } };
	pid_t pid;

	(void)state;
	script("first", "trap 'echo first >> order; exit 0' TERM; echo > first.up; while :; do sleep 0.01; done");
	script("second", "trap 'echo second >> order; exit 0' TERM; echo > second.up; while :; do sleep 0.01; done");
	pid = begin(c, 2);
	until(content, "first.up", "\n");
	until(content, "second.up", "\n");
	assert_int_equal(end(pid), 0);
	assert_string_equal(content("order"), "second\nfirst\n");
	close(log_file);
}

static void test_children_die_with_their_parent(void **state)
{
	struct child c[] = { { .program = "orphan", .args = { "orphan" } } };
	pid_t pid;
	int how;

	(void)state;
	script("orphan", "trap 'echo told > told; exit 0' TERM; echo > orphan.up; while :; do sleep 0.01; done");
	pid = begin(c, 1);
	until(content, "orphan.up", "\n");
	kill(pid, SIGKILL);
	waitpid(pid, &how, 0);
	until(content, "told", "told");
	close(log_file);
}

static void test_missing_program_is_said(void **state)
{
	struct child c[] = { { .program = "nowhere", .args = { "nowhere" } } };
	pid_t pid = begin(c, 1);
	int how;

	(void)state;
	waitpid(pid, &how, 0);
	assert_int_equal(WEXITSTATUS(how), 1);
	close(log_file);
}

static int remove_one(const char *path, const struct stat *s, int kind, struct FTW *where)
{
	(void)s, (void)kind, (void)where;
	return remove(path);
}

static int clean(void **state)
{
	(void)state;
	return nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_comes_back_slower_each_time),
		cmocka_unit_test(test_forbidden_call_is_reported),
		cmocka_unit_test(test_children_get_their_descriptors_and_secret),
		cmocka_unit_test(test_ends_in_order),
		cmocka_unit_test(test_children_die_with_their_parent),
		cmocka_unit_test(test_missing_program_is_said),
	};

	if (mkdtemp(folder) == NULL)
		return 1;
	return cmocka_run_group_tests(tests, NULL, clean);
}
