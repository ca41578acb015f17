/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each rule is tried in a forked child, since a sandbox cannot be taken off: the child's exit code or killing signal is the answer. */
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/sandbox.h"

enum { YES = 40, NO = 41, SETUP_FAILED = 42 };
static char inside[] = "/tmp/amana-sandbox-XXXXXX";
static char other[] = "/tmp/amana-sandbox-XXXXXX";
static const char *const calls[] = { "openat", "read", "write", "close", "mmap", "mprotect", "newfstatat" };

static int run(int (*child)(void))
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0)
		_exit(child());
	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static void expect_exit(int (*child)(void), int code)
{
	int status = run(child);

	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), code);
}

static void expect_sigsys(int (*child)(void))
{
	int status = run(child);

	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGSYS);
}

static int shut_paths(void)
{
	const char *rw[] = { inside };
	const char *ro[] = { "/usr" };

	return sandbox_paths(rw, 1, ro, 1) == OK;
}

static int try_open(const char *directory, const char *name, int flags)
{
	int at = open(directory, O_PATH | O_DIRECTORY);
	int fd = at < 0 ? -1 : openat(at, name, flags, 0600);

	return fd >= 0 ? YES : NO;
}

static int write_inside(void)
{
	return shut_paths() ? try_open(inside, "new", O_CREAT | O_RDWR) : SETUP_FAILED;
}
static int write_other(void)
{
	return shut_paths() ? try_open(other, "new", O_CREAT | O_RDWR) : SETUP_FAILED;
}
static int read_other(void)
{
	return shut_paths() ? try_open(other, "old", O_RDONLY) : SETUP_FAILED;
}
static int read_only_read(void)
{
	return shut_paths() ? try_open("/usr/bin", "env", O_RDONLY) : SETUP_FAILED;
}
static int read_only_write(void)
{
	return shut_paths() ? try_open("/usr", "amana-sandbox-test", O_CREAT | O_RDWR) : SETUP_FAILED;
}

static int list_other(void)
{
	if (!shut_paths())
		return SETUP_FAILED;
	return open(other, O_RDONLY | O_DIRECTORY) >= 0 ? YES : NO;
}

static int nothing_at_all(void)
{
	if (sandbox_paths(NULL, 0, NULL, 0) != OK)
		return SETUP_FAILED;
	return try_open(inside, "kept", O_RDONLY);
}

static int missing_path(void)
{
	const char *rw[] = { "/nowhere-at-all" };

	return sandbox_paths(rw, 1, NULL, 0) == E_IO ? YES : NO;
}

static bool have_landlock(void)
{
	return syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION) >= 1;
}

static void test_T_HOST_1_paths_elsewhere_are_refused(void **state)
{
	if (!have_landlock())
		skip();
	expect_exit(write_inside, YES);
	expect_exit(read_only_read, YES);
	expect_exit(write_other, NO);
	expect_exit(read_other, NO);
	expect_exit(list_other, NO);
	expect_exit(read_only_write, NO);
	expect_exit(nothing_at_all, NO);
	expect_exit(missing_path, YES);
}

static int shut_calls(void)
{
	return sandbox_calls(calls, sizeof(calls) / sizeof(calls[0])) == OK;
}

static int call_socket(void)
{
	return shut_calls() ? socket(AF_INET, SOCK_STREAM, 0) : SETUP_FAILED;
}
static int call_connect(void)
{
	return shut_calls() ? (int)syscall(SYS_connect, 0, NULL, 0) : SETUP_FAILED;
}
static int call_fork(void)
{
	return shut_calls() ? fork() : SETUP_FAILED;
}
static int call_clone(void)
{
	return shut_calls() ? (int)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0) : SETUP_FAILED;
}
static int call_vfork(void)
{
	return shut_calls() ? (int)syscall(SYS_vfork) : SETUP_FAILED;
}
static int call_ptrace(void)
{
	return shut_calls() ? (int)syscall(SYS_ptrace, 0, 0, 0, 0) : SETUP_FAILED;
}
static int call_uring(void)
{
	return shut_calls() ? (int)syscall(SYS_io_uring_setup, 1, NULL) : SETUP_FAILED;
}
static int call_kill(void)
{
	return shut_calls() ? kill(getppid(), 0) : SETUP_FAILED;
}

static int call_execve(void)
{
	char *const nothing[] = { NULL };

	return shut_calls() ? execve("/usr/bin/env", nothing, nothing) : SETUP_FAILED;
}

/* clone3 could make a process a filter cannot tell from a thread: refused without a kill, so that libc falls back to clone. */
static int call_clone3(void)
{
	uint64_t arguments[11] = { [4] = SIGCHLD };

	if (!shut_calls())
		return SETUP_FAILED;
	return syscall(SYS_clone3, arguments, sizeof(arguments)) == -1 && errno == ENOSYS ? YES : NO;
}

static void test_T_HOST_1_calls_not_listed_kill(void **state)
{
	expect_sigsys(call_socket);
	expect_sigsys(call_connect);
	expect_sigsys(call_execve);
	expect_sigsys(call_fork);
	expect_sigsys(call_clone);
	expect_sigsys(call_vfork);
	expect_sigsys(call_ptrace);
	expect_sigsys(call_uring);
	expect_sigsys(call_kill);
	expect_exit(call_clone3, YES);
}

static void *allocate(void *arg)
{
	void *volatile p = malloc(3 << 20);
	int *done = arg;

	*done = p != NULL;
	free(p);
	return NULL;
}

static int by_value(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

/* What libc does late: a thread, its first arena, large memory, a long list sorted, files. */
static int use_what_is_listed(void)
{
	int done = 0, many[2000];
	pthread_t thread;

	if (!shut_calls())
		return SETUP_FAILED;
	if (pthread_create(&thread, NULL, allocate, &done) != 0 || pthread_join(thread, NULL) != 0 || !done)
		return NO;
	for (int i = 0; i < 2000; i++)
		many[i] = (i * 7919) % 2000;
	qsort(many, 2000, sizeof(many[0]), by_value);
	if (many[0] != 0 || many[1999] != 1999)
		return NO;
	return try_open(inside, "kept", O_RDONLY);
}

static void test_T_HOST_1_listed_and_rare_calls_pass(void **state)
{
	expect_exit(use_what_is_listed, YES);
}

static void *open_a_socket(void *arg)
{
	int *go = arg;
	char c;

	if (read(go[0], &c, 1) == 1)
		syscall(SYS_socket, AF_INET, SOCK_STREAM, 0);
	return NULL;
}

/* TSYNC: a thread started before the filter is under it too. */
static int thread_from_before(void)
{
	int go[2];
	pthread_t thread;

	if (pipe(go) != 0 || pthread_create(&thread, NULL, open_a_socket, go) != 0 || !shut_calls() || write(go[1], "x", 1) != 1)
		return SETUP_FAILED;
	pthread_join(thread, NULL);
	return YES;
}

static void test_T_HOST_1_threads_started_before_are_bound(void **state)
{
	expect_sigsys(thread_from_before);
}

static int memory_over_limit(void)
{
	if (sandbox_limits(UINT64_C(64) << 20, 1 << 20, 5) != OK)
		return SETUP_FAILED;
#ifdef AMANA_SANITIZE
	return YES;
#else
	return mmap(NULL, (size_t)128 << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? YES : NO;
#endif
}

static int open_over_limit(void)
{
	return sandbox_limits(UINT64_C(1) << 40, 1 << 20, 5) == OK ? try_open(inside, "kept", O_RDONLY) : SETUP_FAILED;
}

static void test_T_UPL_2_limits_hold(void **state)
{
	expect_exit(memory_over_limit, YES);
	expect_exit(open_over_limit, NO);
}

static int unknown_name(void)
{
	const char *names[] = { "no_such_call" };

	return sandbox_calls(names, 1) == E_BUG ? YES : NO;
}

static void test_unknown_call_name_is_our_mistake(void **state)
{
	expect_exit(unknown_name, YES);
}

static int make_directories(void **state)
{
	int a, b;

	if (mkdtemp(inside) == NULL || mkdtemp(other) == NULL)
		return -1;
	a = open(inside, O_PATH);
	b = open(other, O_PATH);
	return close(openat(a, "kept", O_CREAT | O_RDWR, 0600)) + close(openat(b, "old", O_CREAT | O_RDWR, 0600)) + close(a) +
	       close(b);
}

static int remove_directories(void **state)
{
	int a = open(inside, O_PATH), b = open(other, O_PATH);

	unlinkat(a, "kept", 0);
	unlinkat(a, "new", 0);
	unlinkat(b, "old", 0);
	close(a);
	close(b);
	return rmdir(inside) + rmdir(other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_T_HOST_1_paths_elsewhere_are_refused),
		cmocka_unit_test(test_T_HOST_1_calls_not_listed_kill),
		cmocka_unit_test(test_T_HOST_1_listed_and_rare_calls_pass),
		cmocka_unit_test(test_T_HOST_1_threads_started_before_are_bound),
		cmocka_unit_test(test_T_UPL_2_limits_hold),
		cmocka_unit_test(test_unknown_call_name_is_our_mistake),
	};

	return cmocka_run_group_tests_name("sandbox", tests, make_directories, remove_directories);
}
