/* SPDX-License-Identifier: GPL-3.0-or-later */
/* T-JRN-3: roots and proofs of every size 1..130 against RFC 9162 written down a second time, recursively and word for word, over
 * plain arrays; and the two verifiers against every wrong root, place, size and hash. */
#include "sample.h"

#define LEAVES 130

typedef uint8_t hash_t[32];
static hash_t leaves[LEAVES];

/* --- RFC 9162 2.1.1 - 2.1.4 as it is written ------------------------------------------------------------------------------- */

static size_t rfc_k(size_t n)
{
	size_t k = 1;

	while (k * 2 < n)
		k *= 2;
	return k;
}

static void rfc_mth(hash_t out, const hash_t *d, size_t n)
{
	hash_t left, right;

	if (n == 1) {
		memcpy(out, d[0], 32);
		return;
	}
	rfc_mth(left, d, rfc_k(n));
	rfc_mth(right, d + rfc_k(n), n - rfc_k(n));
	node_hash(out, left, right);
}

static size_t rfc_path(hash_t *out, size_t m, const hash_t *d, size_t n)
{
	size_t k = rfc_k(n), used;

	if (n == 1)
		return 0;
	if (m < k) {
		used = rfc_path(out, m, d, k);
		rfc_mth(out[used], d + k, n - k);
	} else {
		used = rfc_path(out, m - k, d + k, n - k);
		rfc_mth(out[used], d, k);
	}
	return used + 1;
}

static size_t rfc_subproof(hash_t *out, size_t m, const hash_t *d, size_t n, bool b)
{
	size_t k = rfc_k(n), used;

	if (m == n) {
		if (b)
			return 0;
		rfc_mth(out[0], d, n);
		return 1;
	}
	if (m <= k) {
		used = rfc_subproof(out, m, d, k, b);
		rfc_mth(out[used], d + k, n - k);
	} else {
		used = rfc_subproof(out, m - k, d + k, n - k, false);
		rfc_mth(out[used], d, k);
	}
	return used + 1;
}

/* --------------------------------------------------------------------------------------------------------------------------- */

static enum status read_leaf(void *arg, uint64_t index, uint8_t out[32])
{
	assert_true(index < LEAVES);
	memcpy(out, leaves[index], 32);
	return OK;
}

static enum status read_broken(void *arg, uint64_t index, uint8_t out[32])
{
	return index == *(uint64_t *)arg ? E_IO : read_leaf(NULL, index, out);
}

static int setup(void **state)
{
	for (size_t i = 0; i < LEAVES; i++) {
		struct leaf leaf = sample_leaf(i);
		uint8_t bytes[AMJ1_SIZE];

		amj1_write(bytes, &leaf);
		leaf_hash(leaves[i], bytes);
	}
	return 0;
}

static void test_T_JRN_3_roots(void **state)
{
	struct tree t = { 0 };
	hash_t root, expected;

	(void)state;
	tree_root(root, &t);
	assert_hex(root, 32, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	for (size_t n = 1; n <= LEAVES; n++) {
		tree_append(&t, leaves[n - 1]);
		tree_root(root, &t);
		rfc_mth(expected, (const hash_t *)leaves, n);
		assert_int_equal(t.size, n);
		assert_memory_equal(root, expected, 32);
	}
}

static void check_inclusion(size_t index, size_t size, const hash_t root)
{
	hash_t proof[64], expected[64];
	size_t n, expected_n = rfc_path(expected, index, (const hash_t *)leaves, size);

	assert_int_equal(tree_inclusion(read_leaf, NULL, index, size, proof, &n), OK);
	assert_int_equal(n, expected_n);
	if (n)
		assert_memory_equal(proof, expected, n * 32);
	assert_true(tree_verify_inclusion(leaves[index], index, size, (const hash_t *)proof, n, root));
	assert_false(tree_verify_inclusion(leaves[(index + 1) % LEAVES], index, size, (const hash_t *)proof, n, root));
	assert_false(tree_verify_inclusion(leaves[index], index ^ 1, size, (const hash_t *)proof, n, root) && size > 1);
	assert_false(tree_verify_inclusion(leaves[index], index, size, (const hash_t *)proof, n, leaves[LEAVES - 1]) && size > 1);
	assert_false(tree_verify_inclusion(leaves[index], index, size, (const hash_t *)proof, n + 1, root));
	if (n) {
		assert_false(tree_verify_inclusion(leaves[index], index, size, (const hash_t *)proof, n - 1, root));
		proof[n / 2][7] ^= 1;
		assert_false(tree_verify_inclusion(leaves[index], index, size, (const hash_t *)proof, n, root));
	}
}

static void test_T_JRN_3_inclusion(void **state)
{
	hash_t root, proof[64];
	size_t n;

	(void)state;
	for (size_t size = 1; size <= LEAVES; size++) {
		rfc_mth(root, (const hash_t *)leaves, size);
		for (size_t index = 0; index < size; index++)
			check_inclusion(index, size, root);
		assert_int_equal(tree_inclusion(read_leaf, NULL, size, size, proof, &n), E_INPUT);
		assert_false(tree_verify_inclusion(leaves[0], size, size, (const hash_t *)proof, 0, root));
	}
}

static void check_consistency(size_t from, size_t to, const hash_t first, const hash_t second)
{
	hash_t proof[64], expected[64];
	const hash_t *p = (const hash_t *)proof;
	size_t n, expected_n = rfc_subproof(expected, from, (const hash_t *)leaves, to, true);

	assert_int_equal(tree_consistency(read_leaf, NULL, from, to, proof, &n), OK);
	assert_int_equal(n, expected_n);
	if (n)
		assert_memory_equal(proof, expected, n * 32);
	assert_true(tree_verify_consistency(from, to, p, n, first, second));
	assert_false(tree_verify_consistency(from, to, p, n + 1, first, second));
	if (from == to) {
		assert_false(tree_verify_consistency(from, to, p, n, first, leaves[from % LEAVES]) && from > 1);
		return;
	}
	assert_false(tree_verify_consistency(from, to, p, n, second, first));
	assert_false(tree_verify_consistency(from, to, p, n, second, second));
	assert_false(tree_verify_consistency(from, to, p, n, first, first));
	assert_false(tree_verify_consistency(from, to, p, n - 1, first, second));
	assert_false(tree_verify_consistency(to, from, p, n, first, second));
	proof[n / 2][31] ^= 0x80;
	assert_false(tree_verify_consistency(from, to, p, n, first, second));
}

static void test_T_JRN_3_consistency(void **state)
{
	hash_t first, second, empty, proof[64];
	struct tree none = { 0 };
	size_t n;

	(void)state;
	tree_root(empty, &none);
	for (size_t to = 1; to <= LEAVES; to++) {
		rfc_mth(second, (const hash_t *)leaves, to);
		for (size_t from = 1; from <= to; from++) {
			rfc_mth(first, (const hash_t *)leaves, from);
			check_consistency(from, to, first, second);
		}
		assert_int_equal(tree_consistency(read_leaf, NULL, 0, to, proof, &n), OK);
		assert_int_equal(n, 0);
		assert_true(tree_verify_consistency(0, to, (const hash_t *)proof, 0, empty, second));
		assert_false(tree_verify_consistency(0, to, (const hash_t *)proof, 0, second, second));
		assert_int_equal(tree_consistency(read_leaf, NULL, to + 1, to, proof, &n), E_INPUT);
	}
}

static void test_proofs_pass_on_read_errors(void **state)
{
	hash_t proof[64];
	uint64_t broken = 99;
	size_t n;

	(void)state;
	assert_int_equal(tree_inclusion(read_broken, &broken, 3, LEAVES, proof, &n), E_IO);
	assert_int_equal(tree_consistency(read_broken, &broken, 64, LEAVES, proof, &n), E_IO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_T_JRN_3_roots),
		cmocka_unit_test(test_T_JRN_3_inclusion),
		cmocka_unit_test(test_T_JRN_3_consistency),
		cmocka_unit_test(test_proofs_pass_on_read_errors),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
