/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An arena is one reservation of address space of its whole cap, taken from the kernel page by page as it is used: allocation is an
 * addition, a mark is a number, and what lies past `used` is always zero. Taking back means wiping, so memory handed out again is
 * zeroed without a second pass. After a reset the pages past the first KEEP bytes go back to the kernel. A page without access
 * behind the end stops a run over it. With AddressSanitizer everything not handed out is poisoned. */
#include "base/arena.h"
#include "base/end.h"
#include "base/heap.h"
#include "base/wipe.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#define DEFAULT_CAP ((size_t)8 << 20)
#define KEEP ((size_t)1 << 20)
#define PAGE ((size_t)4096)
#define ALIGN ((size_t)16)

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WITH_ASAN 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define WITH_ASAN 1
#endif

#if defined(WITH_ASAN)
#include <sanitizer/asan_interface.h>
#define POISON(p, n) __asan_poison_memory_region((p), (n))
#define UNPOISON(p, n) __asan_unpoison_memory_region((p), (n))
#else
#define POISON(p, n) ((void)(p), (void)(n))
#define UNPOISON(p, n) ((void)(p), (void)(n))
#endif

struct arena {
	char *memory;
	size_t cap; /* multiple of a page */
	size_t used;
	size_t high; /* most used since pages were last given back */
};

struct arena *arena_new(size_t cap)
{
	struct arena *a = heap_new(1, sizeof *a);
	void *memory;

	if (!cap)
		cap = DEFAULT_CAP;
	if (cap > SIZE_MAX / 4)
		process_end("arena: cap is not a size");
	a->cap = (cap + PAGE - 1) & ~(PAGE - 1);
	memory = mmap(NULL, a->cap + PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (memory == MAP_FAILED || mprotect(memory, a->cap, PROT_READ | PROT_WRITE) != 0)
		process_end("out of memory");
	/* An old kernel without the advice only loses the exclusion from dumps, which RLIMIT_CORE forbids anyway. */
	(void)madvise(memory, a->cap, MADV_DONTDUMP);
	a->memory = memory;
	POISON(a->memory, a->cap);
	return a;
}

/* Wipe everything from `from` on and take it back. */
static void take_back(struct arena *a, size_t from)
{
	if (a->used > a->high)
		a->high = a->used;
	UNPOISON(a->memory + from, a->used - from);
	wipe(a->memory + from, a->used - from);
	POISON(a->memory + from, a->used - from);
	a->used = from;
}

void arena_reset(struct arena *a)
{
	take_back(a, 0);
	if (a->high > KEEP)
		(void)madvise(a->memory + KEEP, a->cap - KEEP, MADV_DONTNEED);
	a->high = 0;
}

void arena_free(struct arena *a)
{
	if (!a)
		return;
	take_back(a, 0);
	UNPOISON(a->memory, a->cap);
	(void)munmap(a->memory, a->cap + PAGE);
	heap_free(a);
}

void *arena_alloc(struct arena *a, size_t n)
{
	size_t taken = n ? n : 1;
	char *p = a->memory + a->used;

	if (taken > a->cap - a->used)
		process_end("arena: cap reached");
	taken = (taken + ALIGN - 1) & ~(ALIGN - 1);
	a->used += taken < a->cap - a->used ? taken : a->cap - a->used;
	UNPOISON(p, n);
	return p;
}

void *arena_array(struct arena *a, size_t n, size_t size)
{
	size_t total;

	if (__builtin_mul_overflow(n, size, &total))
		process_end("arena: array too large");
	return arena_alloc(a, total);
}

struct sv arena_copy(struct arena *a, struct sv s)
{
	return (struct sv){ arena_text(a, s), s.n };
}

char *arena_text(struct arena *a, struct sv s)
{
	char *p;

	if (s.n == SIZE_MAX)
		process_end("arena: text too large");
	p = arena_alloc(a, s.n + 1);
	if (s.n)
		memcpy(p, s.p, s.n);
	return p;
}

struct sv arena_format(struct arena *a, const char *format, ...)
{
	va_list args;
	int n;
	char *p;

	if (!format)
		process_end("arena: no format");
	va_start(args, format);
	n = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (n < 0)
		process_end("arena: format failed");
	p = arena_alloc(a, (size_t)n + 1);
	va_start(args, format);
	(void)vsnprintf(p, (size_t)n + 1, format, args);
	va_end(args);
	return (struct sv){ p, (size_t)n };
}

struct arena_mark arena_mark(struct arena *a)
{
	return (struct arena_mark){ 0, a->used };
}

void arena_rewind(struct arena *a, struct arena_mark m)
{
	if (m.used > a->used)
		process_end("arena: rewind to a mark already taken back");
	take_back(a, m.used);
}

size_t arena_used(const struct arena *a)
{
	return a->used;
}
