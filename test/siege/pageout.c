/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pageout PID: what pressure on memory does in the end, at once and without any pressure on the machine. The kernel is asked to write out every
 * page of the process, and for the control a buffer of our own. Prints two numbers of KiB that are in swap then: of the process, of ours.
 * Locked pages are not written out whoever asks. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/heap.h"

#define OWN ((size_t)32 << 20)

static unsigned long in_swap(long pid)
{
	char path[64], line[256];
	unsigned long kib = 0;
	FILE *f;

	snprintf(path, sizeof path, "/proc/%ld/status", pid);
	f = fopen(path, "r");
	while (f != NULL && fgets(line, sizeof line, f) != NULL)
		if (strncmp(line, "VmSwap:", 7) == 0)
			kib = strtoul(line + 7, NULL, 10);
	if (f != NULL)
		fclose(f);
	return kib;
}

/* Every mapping of its own; a refused one (guard pages, the kernel's) is passed over. */
static int write_out(long pid)
{
	int process = (int)syscall(SYS_pidfd_open, pid, 0);
	char path[64], line[512];
	FILE *maps;

	snprintf(path, sizeof path, "/proc/%ld/maps", pid);
	maps = fopen(path, "r");
	if (process < 0 || maps == NULL)
		return -1;
	while (fgets(line, sizeof line, maps) != NULL) {
		char *end;
		unsigned long from = strtoul(line, &end, 16), to = strtoul(end + 1, NULL, 16);
		struct iovec all = { (void *)from, to - from };

		if (syscall(SYS_process_madvise, process, &all, 1ul, MADV_PAGEOUT, 0u) < 0 && errno == EPERM)
			return -1;
	}
	fclose(maps);
	close(process);
	return 0;
}

int main(int argc, char **argv)
{
	char *own = heap_new(OWN, 1);

	if (argc != 2)
		return 2;
	memset(own, 0x5a, OWN);
	if (write_out(strtol(argv[1], NULL, 10)) != 0 || write_out(getpid()) != 0)
		return 1;
	printf("%lu %lu\n", in_swap(strtol(argv[1], NULL, 10)), in_swap(getpid()));
	heap_free(own);
	return 0;
}
