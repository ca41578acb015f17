/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Preloaded into the processes of a service under test: every call that changes a file is counted, and one of them, or all from one on, fail
 * with an error of the test's choice, or end the process before they are done. What to do stands in a file all processes map, made by
 * the test (AMANA_FAULT): one row for each program, found by its name. Nothing here needs a system call after the start, so that the
 * sandbox of each process stays as it is. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

struct row {
	_Atomic uint64_t calls; /* so far */
	_Atomic uint64_t from;  /* number of the first call that fails; 0 = none */
	_Atomic uint64_t to;    /* and of the last */
	_Atomic uint64_t error; /* errno; 0 = the process ends */
};
static const char *const programs[] = { "amana-web", "amana-keeper", "amana-media", "amana" };
#define PROGRAMS (sizeof(programs) / sizeof(programs[0]))

static struct row *mine;

__attribute__((constructor)) static void find_row(void)
{
	const char *path = getenv("AMANA_FAULT");
	char exe[4096];
	ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	int fd = path == NULL ? -1 : open(path, O_RDWR | O_CLOEXEC);
	void *rows = MAP_FAILED;

	if (fd >= 0) {
		rows = mmap(NULL, PROGRAMS * sizeof(struct row), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
		(void)close(fd);
	}
	if (n <= 0 || rows == MAP_FAILED)
		return;
	exe[n] = '\0';
	for (size_t i = 0; i < PROGRAMS; i++)
		if (strcmp(strrchr(exe, '/') + 1, programs[i]) == 0)
			mine = (struct row *)rows + i;
}

/* Is this call to fail? errno is set then. */
static int fails(void)
{
	uint64_t n, from;

	if (mine == NULL)
		return 0;
	n = ++mine->calls;
	from = mine->from;
	if (from == 0 || n < from || n > mine->to)
		return 0;
	if (mine->error == 0)
		__builtin_trap();
	errno = (int)mine->error;
	return 1;
}

static int is_file(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
}

/* The function of this name that would have been called without us. */
#define REAL(type, name, ...)                                                         \
	static type (*real)(__VA_ARGS__);                                             \
	if (real == NULL) {                                                           \
		void *found = dlsym(RTLD_NEXT, name);                                 \
		memcpy(&real, &found, sizeof(real)); /* ISO C has no cast for this */ \
	}

ssize_t write(int fd, const void *p, size_t n)
{
	REAL(ssize_t, "write", int, const void *, size_t)
	return mine != NULL && is_file(fd) && fails() ? -1 : real(fd, p, n);
}

ssize_t pwrite64(int fd, const void *p, size_t n, off64_t at)
{
	REAL(ssize_t, "pwrite64", int, const void *, size_t, off64_t)
	return fails() ? -1 : real(fd, p, n, at);
}

int fsync(int fd)
{
	REAL(int, "fsync", int)
	return fails() ? -1 : real(fd);
}

int fdatasync(int fd)
{
	REAL(int, "fdatasync", int)
	return fails() ? -1 : real(fd);
}

int ftruncate64(int fd, off64_t n)
{
	REAL(int, "ftruncate64", int, off64_t)
	return fails() ? -1 : real(fd, n);
}

int unlink(const char *path)
{
	REAL(int, "unlink", const char *)
	return fails() ? -1 : real(path);
}

int mkdir(const char *path, mode_t mode)
{
	REAL(int, "mkdir", const char *, mode_t)
	return fails() ? -1 : real(path, mode);
}

int open64(const char *path, int flags, ...)
{
	REAL(int, "open64", const char *, int, ...)
	mode_t mode = 0;
	va_list args;

	if (flags & O_CREAT) {
		va_start(args, flags);
		mode = va_arg(args, mode_t);
		va_end(args);
	}
	return (flags & O_CREAT) != 0 && fails() ? -1 : real(path, flags, mode);
}
