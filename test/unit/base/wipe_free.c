/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The interposed free and realloc: what a library, libc included, gives back is overwritten; contents survive growing and shrinking;
 * threads do not disturb each other. This program links wipe_dep as every executable of ours does. */
#include "helper.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#define LINKS 16 /* glibc's list of free blocks is kept in the first bytes of a free block */

/* The compiler must not follow a pointer past its free. */
static void *volatile hidden;

static char *secret_block(size_t n)
{
	char *p = malloc(n);

	assert_non_null(p);
	memset(p, 's', n);
	hidden = p;
	return p;
}

static void test_free_wipes(void **state)
{
	(void)state;
	for (size_t n = 32; n <= 65536; n *= 2) {
		void *hold; /* keeps the freed block from melting into the unused rest of the heap */

		free(secret_block(n));
		assert_zero((char *)hidden + LINKS, n - LINKS < 1024 ? n - LINKS : 16);
		hold = malloc(n);
		assert_non_null(hold);
		free(hold);
	}
	free(NULL);
}

static void test_realloc_wipes_the_old_block(void **state)
{
	char *grown, *wall;

	(void)state;
	grown = secret_block(1000);
	wall = malloc(64); /* stops growing in place */
	grown = realloc(grown, 5000);
	assert_non_null(grown);
	assert_ptr_not_equal(grown, hidden);
	assert_zero((char *)hidden + LINKS, 1000 - LINKS);
	for (size_t i = 0; i < 1000; i++)
		assert_int_equal(grown[i], 's');
	free(grown);
	free(wall);
}

static void test_realloc_shrinks(void **state)
{
	char *p = secret_block(1000), *same;

	(void)state;
	same = realloc(p, 900);
	assert_ptr_equal(same, hidden);
	assert_zero(same + 900, 100);
	same = realloc(same, 100);
	assert_non_null(same);
	for (size_t i = 0; i < 100; i++)
		assert_int_equal(same[i], 's');
	assert_zero((char *)hidden + LINKS, 900 - LINKS);
	free(same);
	p = realloc(NULL, 10);
	assert_non_null(p);
	hidden = realloc(p, 0);
	assert_null(hidden);
}

static void test_reallocarray_is_checked(void **state)
{
	volatile size_t too_many = SIZE_MAX / 2;
	char *grown;

	(void)state;
	assert_null(reallocarray(secret_block(64), too_many, 3));
	grown = reallocarray(hidden, 100, 10); /* the block is still ours */
	assert_non_null(grown);
	assert_int_equal(grown[63], 's');
	assert_zero((char *)hidden + LINKS, 64 - LINKS);
	free(grown);
}

/* libc grows the caller's block for a long line: its own call comes here too. */
static void test_libc_comes_here_too(void **state)
{
	char *line = secret_block(120), *wall = malloc(64);
	size_t size = 120;
	FILE *f = tmpfile();

	(void)state;
	assert_non_null(f);
	for (unsigned i = 0; i < 3000; i++)
		fputc('x', f);
	fputc('\n', f);
	rewind(f);
	assert_int_equal(getline(&line, &size, f), 3001);
	assert_ptr_not_equal(line, hidden);
	assert_zero((char *)hidden + LINKS, 120 - LINKS);
	fclose(f);
	free(line);
	free(wall);
}

static void *churn(void *arg)
{
	unsigned seed = (unsigned)(uintptr_t)arg;
	unsigned char *block[64] = { 0 };
	size_t size[64] = { 0 };

	for (unsigned i = 0; i < 20000; i++) {
		size_t at, n;
		void *grown;

		seed = seed * 1103515245u + 12345u;
		at = seed >> 16 & 63;
		n = 1 + (seed >> 8 & 0xfff);
		for (size_t k = 0; k < size[at]; k += 97)
			if (block[at][k] != (unsigned char)at)
				return "changed";
		grown = seed & 0x80 ? realloc(block[at], n) : (free(block[at]), malloc(n));
		if (!grown)
			return "no memory";
		block[at] = grown;
		size[at] = n;
		memset(grown, (int)at, n);
	}
	for (size_t at = 0; at < 64; at++)
		free(block[at]);
	return NULL;
}

static void test_threads(void **state)
{
	pthread_t threads[4];

	(void)state;
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, churn, (void *)(uintptr_t)(i + 1)), 0);
	for (size_t i = 0; i < 4; i++) {
		void *said;

		assert_int_equal(pthread_join(threads[i], &said), 0);
		assert_null(said);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_free_wipes),          cmocka_unit_test(test_realloc_wipes_the_old_block),
		cmocka_unit_test(test_realloc_shrinks),     cmocka_unit_test(test_reallocarray_is_checked),
		cmocka_unit_test(test_libc_comes_here_too), cmocka_unit_test(test_threads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
