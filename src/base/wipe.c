/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Overwriting memory and shutting the process against being looked into (sealed design 5.2). The interposed free and realloc lie in
 * wipe_free.c, which only executables link. */
#include "base/end.h"
#include "base/wipe.h"

#include <sodium.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#define STACK_WIPED 65536

void wipe(void *p, size_t n)
{
	if (n)
		sodium_memzero(p, n);
}

__attribute__((noinline)) void wipe_stack(void)
{
	unsigned char below[STACK_WIPED] __attribute__((uninitialized));

	sodium_memzero(below, sizeof below);
}

/* Sanitizer builds stay dumpable: the leak check traces its own process. Also makes libsodium choose its fast code paths, once,
 * before there are threads and before a sandbox. */
void process_harden(void)
{
	const struct rlimit none = { 0, 0 };

	if (setrlimit(RLIMIT_CORE, &none) != 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		process_end("process: the kernel refused to forbid core dumps or new privileges");
#if !defined(AMANA_SANITIZE)
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
		process_end("process: the kernel refused to make the process undumpable");
#endif
	if (sodium_init() < 0)
		process_end("process: libsodium did not start");
}
