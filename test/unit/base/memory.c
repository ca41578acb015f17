/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Arena, buffer, reader, heap and wiping: limits hold, nothing is left behind. */
#include "helper.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/heap.h"
#include "base/wipe.h"

#define CAP ((size_t)1 << 20)

/* --- arena ---------------------------------------------------------------------------------------------------------------- */

static void test_arena_gives_zeroed_aligned_memory(void **state)
{
	struct arena *a = arena_new(CAP);

	(void)state;
	for (size_t n = 0; n < 300; n++) {
		char *p = arena_alloc(a, n);

		assert_int_equal((uintptr_t)p % 16, 0);
		assert_zero(p, n);
		memset(p, 0xff, n);
	}
	arena_free(a);
	arena_free(NULL);
}

static void test_arena_wipes_on_rewind_and_reset(void **state)
{
	struct arena *a = arena_new(CAP);
	struct arena_mark start, inner;
	char *outer, *secret, *again;

	(void)state;
	start = arena_mark(a);
	outer = arena_text(a, SV("outer"));
	inner = arena_mark(a);
	secret = arena_alloc(a, 5000);
	memset(secret, 's', 5000);
	arena_rewind(a, inner);
	assert_zero(secret, 5000);
	assert_string_equal(outer, "outer");
	again = arena_alloc(a, 5000);
	assert_ptr_equal(again, secret);
	memset(again, 's', 5000);
	arena_rewind(a, start);
	assert_int_equal(arena_used(a), 0);
	assert_zero(outer, 5);
	memset(arena_alloc(a, CAP), 's', CAP);
	arena_reset(a);
	assert_zero(outer, CAP);
	assert_zero(arena_alloc(a, CAP), CAP);
	arena_free(a);
}

/* The whole cap can be had, in any pieces, and not a byte more. */
static void take_one_too_many(void)
{
	struct arena *a = arena_new(CAP);

	arena_alloc(a, CAP);
	arena_alloc(a, 1);
}

static void take_too_much(void)
{
	struct arena *a = arena_new(CAP);

	arena_alloc(a, CAP + 1);
}

static void take_impossible(void)
{
	arena_alloc(arena_new(CAP), SIZE_MAX);
}

static void array_overflows(void)
{
	arena_array(arena_new(CAP), SIZE_MAX / 2, 3);
}

static void text_overflows(void)
{
	arena_text(arena_new(CAP), (struct sv){ "x", SIZE_MAX });
}

static void rewind_forwards(void)
{
	struct arena *a = arena_new(CAP);
	struct arena_mark m;

	arena_alloc(a, 100);
	m = arena_mark(a);
	arena_reset(a);
	arena_rewind(a, m);
}

static void test_arena_ends_the_process_past_its_cap(void **state)
{
	struct arena *a = arena_new(CAP);

	(void)state;
	for (size_t n = 0; n < CAP / 16; n++)
		arena_alloc(a, 9);
	assert_int_equal(arena_used(a), CAP);
	arena_free(a);
	assert_ends(take_one_too_many, 70, "arena: cap reached\n");
	assert_ends(take_too_much, 70, "arena: cap reached\n");
	assert_ends(take_impossible, 70, "arena: cap reached\n");
	assert_ends(array_overflows, 70, "arena: array too large\n");
	assert_ends(text_overflows, 70, "arena: text too large\n");
	assert_ends(rewind_forwards, 70, "arena: rewind to a mark already taken back\n");
}

/* The kernel's own list of mappings says that this one stays out of core dumps ("dd"). */
static void test_arena_stays_out_of_dumps(void **state)
{
	struct arena *a = arena_new(CAP);
	uintptr_t place = (uintptr_t)arena_alloc(a, 16), from, to;
	FILE *maps = fopen("/proc/self/smaps", "r");
	bool here = false, found = false;
	char line[512];

	(void)state;
	assert_non_null(maps);
	while (fgets(line, sizeof line, maps)) {
		char *end;

		from = strtoull(line, &end, 16);
		if (*end == '-') {
			to = strtoull(end + 1, NULL, 16);
			here = place >= from && place < to;
		}
		if (here && strncmp(line, "VmFlags:", 8) == 0)
			found = strstr(line, " dd") != NULL;
	}
	fclose(maps);
	assert_true(found);
	arena_free(a);
}

static void test_arena_texts(void **state)
{
	struct arena *a = arena_new(0);
	struct sv s = arena_copy(a, SV("abc"));

	(void)state;
	assert_true(sv_is(s, "abc"));
	assert_int_equal(s.p[3], 0);
	assert_int_equal(arena_copy(a, SV_NONE).n, 0);
	assert_string_equal(arena_text(a, SV_NONE), "");
	assert_true(sv_is(arena_format(a, "%d-%s", 42, "x"), "42-x"));
	assert_int_equal(ARENA_ARRAY(a, uint64_t, 3)[2], 0);
	arena_free(a);
}

/* --- buffer and reader ---------------------------------------------------------------------------------------------------- */

static void test_buf_grows_and_overflows(void **state)
{
	struct arena *a = arena_new(CAP);
	struct buf b = buf_new(a, 0, 1000);

	(void)state;
	for (unsigned i = 0; i < 1000; i++)
		buf_byte(&b, (uint8_t)i);
	assert_int_equal(buf_ok(&b), OK);
	assert_int_equal(b.n, 1000);
	for (unsigned i = 0; i < 1000; i++)
		assert_int_equal((uint8_t)b.p[i], (uint8_t)i);
	buf_byte(&b, 1);
	assert_int_equal(buf_ok(&b), E_LIMIT);
	assert_int_equal(b.n, 1000);
	buf_text(&b, "");
	buf_put(&b, "x", 1);
	assert_int_equal(buf_ok(&b), E_LIMIT);
	arena_free(a);
}

static void test_buf_over_never_leaves_its_memory(void **state)
{
	char memory[16 + 1] = "................#";
	struct buf b = buf_over(memory, 16);

	(void)state;
	buf_text(&b, "0123456789");
	buf_format(&b, "%s", "abcdef"); /* the closing zero has no room */
	assert_int_equal(buf_ok(&b), E_LIMIT);
	assert_memory_equal(memory, "0123456789......#", 17);
	b = buf_over(memory, 16);
	buf_text(&b, "0123456789");
	buf_format(&b, "%s", "abcde");
	assert_int_equal(buf_ok(&b), OK);
	assert_true(sv_is(buf_view(&b), "0123456789abcde"));
	buf_byte(&b, 'f');
	assert_int_equal(buf_ok(&b), OK);
	buf_hex(&b, "x", 1);
	assert_int_equal(buf_ok(&b), E_LIMIT);
	b = buf_over(memory, 16);
	buf_zeros(&b, SIZE_MAX);
	assert_int_equal(buf_ok(&b), E_LIMIT);
	b = buf_over(memory, 16);
	buf_hex(&b, memory, SIZE_MAX);
	assert_int_equal(buf_ok(&b), E_LIMIT);
	assert_int_equal(memory[16], '#');
}

static void test_buf_writes_numbers(void **state)
{
	struct arena *a = arena_new(0);
	struct buf b = buf_new(a, 16, 4096);

	(void)state;
	buf_decimal(&b, 0);
	buf_byte(&b, ' ');
	buf_decimal(&b, INT64_MIN);
	buf_byte(&b, ' ');
	buf_decimal(&b, INT64_MAX);
	buf_byte(&b, ' ');
	buf_hex(&b, "\x00\x9f\xff", 3);
	assert_true(sv_is(buf_view(&b), "0 -9223372036854775808 9223372036854775807 009fff"));
	b = buf_new(a, 16, 4096);
	buf_u16(&b, 0x0102);
	buf_u32(&b, 0x03040506);
	buf_u64(&b, UINT64_C(0x0708090a0b0c0d0e));
	assert_memory_equal(b.p, "\x02\x01\x06\x05\x04\x03\x0e\x0d\x0c\x0b\x0a\x09\x08\x07", 14);
	arena_free(a);
}

static void test_reader_is_bounded(void **state)
{
	struct reader r = reader_of(SV("\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10"));
	uint8_t out[4] = { 9, 9, 9, 9 };

	(void)state;
	assert_int_equal(get_u8(&r), 1);
	assert_int_equal(get_u16(&r), 0x0302);
	assert_int_equal(get_u32(&r), 0x07060504);
	assert_int_equal(get_u64(&r), UINT64_C(0x0f0e0d0c0b0a0908));
	assert_int_equal(get_view(&r, 0).n, 0);
	assert_false(r.bad);
	assert_int_equal(get_u16(&r), 0);
	assert_true(r.bad);
	assert_int_equal(get_u8(&r), 0); /* one byte is left, but a failed reader stays failed */
	get_bytes(&r, out, 4);
	assert_memory_equal(out, "\0\0\0\0", 4);
	assert_null(get_view(&r, 1).p);
	r = reader_of(SV_NONE);
	assert_int_equal(get_u64(&r), 0);
	assert_true(r.bad);
	r = reader_of(SV("abc"));
	assert_int_equal(get_view(&r, SIZE_MAX).n, 0);
	assert_true(r.bad);
}

/* --- heap and wiping ------------------------------------------------------------------------------------------------------ */

static void heap_too_much(void)
{
	heap_new(SIZE_MAX / 2, 3);
}

static void test_heap(void **state)
{
	uint32_t *p = heap_new(4, sizeof *p), *grown;

	(void)state;
	assert_zero(p, 16);
	p[3] = 7;
	grown = heap_grow(p, 4, 400, sizeof *p);
	assert_int_equal(grown[3], 7);
	assert_zero(grown + 4, 396 * sizeof *p);
	grown = heap_grow(grown, 400, 2, sizeof *p);
	heap_free(grown);
	heap_free(heap_grow(NULL, 0, 5, 8));
	heap_free(heap_new(0, 0));
	assert_ends(heap_too_much, 70, "out of memory\n");
}

static void test_wipe(void **state)
{
	char secret[64];

	(void)state;
	memset(secret, 's', sizeof secret);
	wipe(secret + 1, 62);
	assert_zero(secret + 1, 62);
	assert_int_equal(secret[0], 's');
	assert_int_equal(secret[63], 's');
	wipe(NULL, 0);
}

/* A worker leaves a secret deep in its stack and returns. */
static volatile uintptr_t left;

__attribute__((noinline)) static void leave_behind(void)
{
	volatile char deep[16384];

	for (size_t i = 0; i < sizeof deep; i++)
		deep[i] = 's';
	left = (uintptr_t)&deep[2048];
}

static void test_wipe_stack(void **state)
{
	char seen[64];

	(void)state;
	leave_behind();
	assert_true(peek((const void *)left, seen, sizeof seen));
	assert_int_equal(seen[0], 's');
	wipe_stack();
	assert_zero((const void *)left, sizeof seen);
}

static void hardened(void)
{
	struct rlimit core;

	process_harden();
	if (getrlimit(RLIMIT_CORE, &core) != 0 || core.rlim_cur != 0 || core.rlim_max != 0 ||
	    prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)
		fputs("not hardened", stderr);
	if (prctl(PR_GET_DUMPABLE) != 0)
		fputs("dumpable", stderr);
}

static void test_process_harden(void **state)
{
	(void)state;
	assert_ends(hardened, 0, DUMPABLE_WORDS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_arena_gives_zeroed_aligned_memory),
		cmocka_unit_test(test_arena_wipes_on_rewind_and_reset),
		cmocka_unit_test(test_arena_ends_the_process_past_its_cap),
		cmocka_unit_test(test_arena_stays_out_of_dumps),
		cmocka_unit_test(test_arena_texts),
		cmocka_unit_test(test_buf_grows_and_overflows),
		cmocka_unit_test(test_buf_over_never_leaves_its_memory),
		cmocka_unit_test(test_buf_writes_numbers),
		cmocka_unit_test(test_reader_is_bounded),
		cmocka_unit_test(test_heap),
		cmocka_unit_test(test_wipe),
		cmocka_unit_test(test_wipe_stack),
		cmocka_unit_test(test_process_harden),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
