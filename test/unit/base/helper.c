/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looking at memory and at dying children. */
#include "helper.h"

#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

bool peek(const void *p, void *out, size_t n)
{
	volatile uintptr_t address = (uintptr_t)p;
	struct iovec here = { out, n }, there = { (void *)address, n };

	return syscall(SYS_process_vm_readv, (long)getpid(), &here, 1UL, &there, 1UL, 0UL) == (ssize_t)n;
}

void assert_zero(const void *p, size_t n)
{
	static uint8_t copy[1 << 20];
	static const uint8_t zeros[1 << 20];

	assert_true(n <= sizeof copy);
	assert_true(peek(p, copy, n));
	assert_memory_equal(copy, zeros, n);
}

void assert_ends(void (*f)(void), int status, const char *words)
{
	char said[512] = { 0 };
	int ends[2], found;
	size_t n = 0;
	ssize_t got;
	pid_t child;

	assert_int_equal(pipe(ends), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		dup2(ends[1], STDERR_FILENO);
		close(ends[0]);
		f();
		_exit(0);
	}
	close(ends[1]);
	while ((got = read(ends[0], said + n, sizeof said - 1 - n)) > 0)
		n += (size_t)got;
	close(ends[0]);
	assert_int_equal(waitpid(child, &found, 0), child);
	assert_true(WIFEXITED(found));
	assert_int_equal(WEXITSTATUS(found), status);
	assert_string_equal(said, words);
}
