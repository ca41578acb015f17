/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The hash tree over the journal, in the shape of RFC 9162 section 2.1: a leaf is SHA-256(0x00 | bytes), a node SHA-256(0x01 | left |
 * right), and the left subtree is always the largest perfect one. Growing keeps only the right edge: the roots of the perfect
 * subtrees the size is the sum of. Proofs read leaf hashes again; one proof reads each leaf at most once. */
#include "crypto/formats.h"

#include <sodium.h>
#include <string.h>

void leaf_hash(uint8_t out[32], const uint8_t leaf[AMJ1_SIZE])
{
	uint8_t message[1 + AMJ1_SIZE];

	message[0] = 0;
	memcpy(message + 1, leaf, AMJ1_SIZE);
	crypto_hash_sha256(out, message, sizeof message);
}

void node_hash(uint8_t out[32], const uint8_t left[32], const uint8_t right[32])
{
	uint8_t message[65];

	message[0] = 1;
	memcpy(message + 1, left, 32);
	memcpy(message + 33, right, 32);
	crypto_hash_sha256(out, message, sizeof message);
}

/* A tree of size n has as many edge hashes as n has one bits; 2^48 leaves are never reached. */
void tree_append(struct tree *t, const uint8_t leaf_hash[32])
{
	size_t top = (size_t)__builtin_popcountll(t->size);

	memcpy(t->edge[top], leaf_hash, 32);
	for (uint64_t bits = t->size; bits & 1; bits >>= 1, top--)
		node_hash(t->edge[top - 1], t->edge[top - 1], t->edge[top]);
	t->size++;
}

void tree_root(uint8_t out[32], const struct tree *t)
{
	size_t n = (size_t)__builtin_popcountll(t->size);

	if (!n) {
		crypto_hash_sha256(out, NULL, 0);
		return;
	}
	memcpy(out, t->edge[n - 1], 32);
	while (--n > 0)
		node_hash(out, t->edge[n - 1], out);
}

/* Root over the leaves from..to-1. */
static enum status range_root(leaf_reader *read, void *arg, uint64_t from, uint64_t to, uint8_t out[32])
{
	struct tree t = { 0 };
	uint8_t leaf[32];

	for (uint64_t i = from; i < to; i++) {
		TRY(read(arg, i, leaf));
		tree_append(&t, leaf);
	}
	tree_root(out, &t);
	return OK;
}

/* Largest power of two smaller than n; n > 1. */
static uint64_t split(uint64_t n)
{
	return UINT64_C(1) << (63 - __builtin_clzll(n - 1));
}

static void reverse(uint8_t (*hashes)[32], size_t n)
{
	for (size_t i = 0; i < n / 2; i++) {
		uint8_t held[32];

		memcpy(held, hashes[i], 32);
		memcpy(hashes[i], hashes[n - 1 - i], 32);
		memcpy(hashes[n - 1 - i], held, 32);
	}
}

/* Walks from the root down to the leaf, noting the sibling at each fork; the proof runs upwards. E_INPUT: no such leaf. */
enum status tree_inclusion(leaf_reader *read, void *arg, uint64_t index, uint64_t size, uint8_t (*out)[32], size_t *n)
{
	uint64_t low = 0, high = size;

	*n = 0;
	if (index >= size || size >> TREE_LEVELS)
		return E_INPUT;
	while (high - low > 1) {
		uint64_t middle = low + split(high - low);

		if (index < middle) {
			TRY(range_root(read, arg, middle, high, out[(*n)++]));
			high = middle;
		} else {
			TRY(range_root(read, arg, low, middle, out[(*n)++]));
			low = middle;
		}
	}
	reverse(out, *n);
	return OK;
}

/* Walks towards the point where the older tree ended. The subtree that ends there is named only when it is not the whole older tree,
 * which the verifier knows already. From 0, or to the same size: an empty proof. */
enum status tree_consistency(leaf_reader *read, void *arg, uint64_t from, uint64_t to, uint8_t (*out)[32], size_t *n)
{
	uint64_t low = 0, high = to;

	*n = 0;
	if (from > to || to >> TREE_LEVELS)
		return E_INPUT;
	if (!from || from == to)
		return OK;
	while (high != from) {
		uint64_t middle = low + split(high - low);

		if (from <= middle) {
			TRY(range_root(read, arg, middle, high, out[(*n)++]));
			high = middle;
		} else {
			TRY(range_root(read, arg, low, middle, out[(*n)++]));
			low = middle;
		}
	}
	if (low)
		TRY(range_root(read, arg, low, high, out[(*n)++]));
	reverse(out, *n);
	return OK;
}

/* RFC 9162 2.1.3.2. fn is the place on the level reached, sn the last place there. */
bool tree_verify_inclusion(const uint8_t leaf[32], uint64_t index, uint64_t size, const uint8_t (*proof)[32], size_t n,
			   const uint8_t root[32])
{
	uint64_t fn = index, sn = size - 1;
	uint8_t hash[32];

	if (index >= size)
		return false;
	memcpy(hash, leaf, 32);
	for (size_t i = 0; i < n; i++) {
		if (!sn)
			return false;
		if ((fn & 1) || fn == sn) {
			node_hash(hash, proof[i], hash);
			while (!(fn & 1) && fn) {
				fn >>= 1;
				sn >>= 1;
			}
		} else {
			node_hash(hash, hash, proof[i]);
		}
		fn >>= 1;
		sn >>= 1;
	}
	return !sn && memcmp(hash, root, 32) == 0;
}

/* RFC 9162 2.1.4.2, steps 4 to 7, from the hash both trees start with. */
static bool walk_consistency(uint64_t from, uint64_t to, const uint8_t (*proof)[32], size_t n, const uint8_t start[32],
			     const uint8_t first[32], const uint8_t second[32])
{
	uint64_t fn = from - 1, sn = to - 1;
	uint8_t old[32], new[32];

	while (fn & 1) {
		fn >>= 1;
		sn >>= 1;
	}
	memcpy(old, start, 32);
	memcpy(new, start, 32);
	for (size_t i = 0; i < n; i++) {
		if (!sn)
			return false;
		if ((fn & 1) || fn == sn) {
			node_hash(old, proof[i], old);
			node_hash(new, proof[i], new);
			while (!(fn & 1) && fn) {
				fn >>= 1;
				sn >>= 1;
			}
		} else {
			node_hash(new, new, proof[i]);
		}
		fn >>= 1;
		sn >>= 1;
	}
	return !sn && memcmp(old, first, 32) == 0 && memcmp(new, second, 32) == 0;
}

bool tree_verify_consistency(uint64_t from, uint64_t to, const uint8_t (*proof)[32], size_t n, const uint8_t first[32],
			     const uint8_t second[32])
{
	static const struct tree empty;
	uint8_t root[32];

	if (from > to)
		return false;
	if (from == to)
		return n == 0 && memcmp(first, second, 32) == 0;
	if (from == 0) {
		tree_root(root, &empty);
		return n == 0 && memcmp(first, root, 32) == 0;
	}
	if ((from & (from - 1)) == 0) /* a perfect tree is itself the start */
		return walk_consistency(from, to, proof, n, first, first, second);
	return n > 0 && walk_consistency(from, to, proof + 1, n - 1, proof[0], first, second);
}
