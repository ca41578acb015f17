/* SPDX-License-Identifier: GPL-3.0-or-later */
/* free and realloc for the whole process: what libraries copied is overwritten before the allocator gets it back (sealed design 5.2).
 * Linked into executables alone (wipe_dep), whose definitions the dynamic linker prefers over libc's for every library, libc's own
 * calls included. The memory still is glibc's: its entry points __libc_* are called directly, because a lookup by dlsym allocates
 * itself. No state, so threads and fork need no care. Compiled without builtins: the compiler must not reason about functions of
 * these names. */
#include <errno.h>
#include <malloc.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

extern void __libc_free(void *p);
extern void *__libc_malloc(size_t n);

void free(void *p)
{
	if (!p)
		return;
	explicit_bzero(p, malloc_usable_size(p));
	__libc_free(p);
}

/* Always a new block: growing in place could not be told from moving, and moving leaves the old bytes behind. A block that stays
 * within what it holds, and does not waste half of it, stays where it is; the rest behind it is overwritten. */
void *realloc(void *p, size_t n)
{
	size_t held;
	void *moved;

	if (!p)
		return __libc_malloc(n);
	if (!n) {
		free(p);
		return NULL;
	}
	held = malloc_usable_size(p);
	if (n <= held && n >= held / 2) {
		explicit_bzero((char *)p + n, held - n);
		return p;
	}
	moved = __libc_malloc(n);
	if (!moved)
		return NULL;
	memcpy(moved, p, n < held ? n : held);
	free(p);
	return moved;
}

/* libc's own would do, as it calls realloc; it is here so that no version of it goes another way. */
void *reallocarray(void *p, size_t count, size_t size)
{
	size_t n;

	if (__builtin_mul_overflow(count, size, &n)) {
		errno = ENOMEM;
		return NULL;
	}
	return realloc(p, n);
}
