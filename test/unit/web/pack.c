/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Packed pages: what comes out is what went in (read by zlib), and their length says nothing of what people wrote. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <zlib.h>
#include <cmocka.h>

#include "templates.h"
#include "web/pack.h"

#define PAGE_MAX (1024 * 1024)

static struct buf page_new(struct arena *a)
{
	struct buf b = buf_new(a, 64, PAGE_MAX);

	b.known = ARENA_NEW(a, struct buf_known);
	return b;
}

static void assert_round(struct arena *a, const struct buf *b, struct sv packed)
{
	uint8_t *out = arena_alloc(a, b->n + 1);
	z_stream z = { .next_in = (uint8_t *)(uintptr_t)packed.p,
		       .avail_in = (unsigned)packed.n,
		       .next_out = out,
		       .avail_out = (unsigned)b->n + 1 };

	assert_int_equal(inflateInit2(&z, 15 + 16), Z_OK);
	assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
	assert_int_equal(z.avail_in, 0);
	assert_int_equal(z.total_out, b->n);
	if (b->n > 0)
		assert_memory_equal(out, b->p, b->n);
	inflateEnd(&z);
}

static uint32_t next(uint32_t *state)
{
	return *state = *state * 1664525U + 1013904223U;
}

/* Ours and others' words in turn, drawn from few so that much stands twice; every byte, every length. */
static void test_round(void **state)
{
	(void)state;
	for (uint32_t seed = 0; seed < 300; seed++) {
		struct arena *a = arena_new(0);
		struct buf b = page_new(a);
		uint32_t r = seed;

		for (uint32_t pieces = next(&r) >> 24; pieces > 0; pieces--) {
			uint8_t words[600];
			size_t n = (next(&r) >> 16) % sizeof(words);

			for (size_t i = 0; i < n; i++)
				words[i] = seed % 3 == 0 ? (uint8_t)(next(&r) >> 24) : (uint8_t) "<p>abc "[i % (2 + pieces % 5)];
			(next(&r) >> 31 ? buf_known : buf_put)(&b, words, n);
		}
		assert_round(a, &b, pack_gzip(a, &b));
		arena_free(a);
	}
}

static void test_far_and_long(void **state)
{
	struct arena *a = arena_new(0);
	struct buf b = page_new(a);
	struct sv packed;

	(void)state;
	buf_known(&b, "the same words", 14);
	for (int i = 0; i < 4000; i++)
		buf_known(&b, &(uint32_t){ (uint32_t)i * 2654435761U }, 4);
	for (size_t far = 0; far < 4; far++) {
		buf_known(&b, "the same words", 14);
		for (int i = 0; i < 40000; i++)
			buf_known(&b, far == 0 ? "x" : "y", 1);
	}
	packed = pack_gzip(a, &b);
	assert_round(a, &b, packed);
	assert_true(packed.n < 30000);
	b.n = 0;
	assert_round(a, &b, pack_gzip(a, &b));
	arena_free(a);
}

static const char secret[] = "Fatima Zahra, 12 rue des Orangers", mixed[] = "sregnarO sed eur 21 ,arhaZ amitaF", place[] = "Settat";

/* A queue of two reports: one of the writer's choice, one of somebody else. ordinary: as if every word were ours. */
static size_t queue_length(const char *guess, const char *other, const char *where, bool ordinary)
{
	struct arena *a = arena_new(0);
	const struct tpl_desk_queue_row rows[2] = { { .subject = sv_of(guess), .place = SV("Settat") },
						    { .subject = sv_of(other), .place = sv_of(where) } };
	const struct tpl_shared_head head = { .lang = SV("fr"), .dir = SV("ltr") };
	const struct tpl_shared_foot foot = { .demo = false };
	const struct tpl_desk_queue queue = { .head = &head, .foot = &foot, .rows = rows, .rows_n = 2 };
	struct buf b = page_new(a);
	struct buf_span all = { 0, 0 };
	struct sv packed;
	size_t n;

	render_desk_queue(&b, LANG_FR, &queue);
	all.to = b.n;
	if (ordinary)
		*b.known = (struct buf_known){ &all, 1, 1 };
	packed = pack_gzip(a, &b);
	assert_round(a, &b, packed);
	n = packed.n;
	assert_true(n < b.n * 2 / 3);
	arena_free(a);
	return n;
}

/* The same letters in another order cost the same, whether what they say stands on the page already or not. */
static void test_length_says_nothing(void **state)
{
	static const char *const guesses[] = { secret, mixed, "12 rue des Orangers, Fatima Zahra", "des Orangers", "" };

	(void)state;
	for (size_t i = 0; i < sizeof(guesses) / sizeof(guesses[0]); i++) {
		size_t n = queue_length(guesses[i], secret, place, false);

		assert_int_equal(n, queue_length(guesses[i], mixed, place, false));
		assert_int_equal(n, queue_length(guesses[i], secret, "tatteS", false));
	}
	assert_true(queue_length(secret, secret, place, true) + 10 < queue_length(secret, mixed, place, true));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round),
		cmocka_unit_test(test_far_and_long),
		cmocka_unit_test(test_length_says_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
