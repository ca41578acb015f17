/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A machine whose clock is set while the service runs: loaded before the programs of a test (LD_PRELOAD), never a part of them. The wall
 * clock is the machine's plus the milliseconds at the beginning of the file that CLOCK_SHIFT names; all other clocks are the machine's. The
 * file is mapped before main, so before any user is given up and any sandbox closes; who writes it moves the clock of all processes at once. */
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static const volatile int64_t *shift;

__attribute__((constructor)) static void map_shift(void)
{
	const char *path = getenv("CLOCK_SHIFT");
	int fd = path == NULL ? -1 : open(path, O_RDONLY | O_CLOEXEC);
	void *p = fd < 0 ? MAP_FAILED : mmap(NULL, sizeof(*shift), PROT_READ, MAP_SHARED, fd, 0);

	if (p == MAP_FAILED)
		_exit(125); /* a test with the true clock would prove nothing */
	shift = p;
	close(fd);
}

int clock_gettime(clockid_t which, struct timespec *t)
{
	int64_t ms = shift == NULL ? 0 : *shift; /* libraries ask before our turn */

	if (syscall(SYS_clock_gettime, which, t) != 0)
		return -1;
	if (which != CLOCK_REALTIME)
		return 0;
	t->tv_sec += ms / 1000; /* the tests move by whole seconds */
	return 0;
}
