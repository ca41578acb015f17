/* SPDX-License-Identifier: GPL-3.0-or-later */
/* T-CRY-2: every single bit of every format, flipped, is refused; so is every other size, binding, kind, key, class and purpose. */
#include "sample.h"

#include <stdlib.h>

/* Opens one candidate; OK or why not. */
typedef enum status opener(struct sv bytes);

/* The sample opens; no copy of it with one bit flipped does; no shorter or longer one does. Copies lie in exact heap blocks, so a
 * sanitizer build sees every read past the end. */
static void assert_every_flip_refused(const uint8_t *sample, size_t n, opener *open)
{
	assert_int_equal(open(sv_bytes(sample, n)), OK);
	for (size_t bit = 0; bit < n * 8; bit++) {
		uint8_t *copy = malloc(n);

		assert_non_null(copy);
		memcpy(copy, sample, n);
		copy[bit / 8] ^= (uint8_t)(1u << bit % 8);
		assert_int_equal(open(sv_bytes(copy, n)), E_CRYPTO);
		free(copy);
	}
	for (size_t size = 0; size < n + 40; size++) {
		uint8_t *copy = calloc(1, size ? size : 1);

		assert_non_null(copy);
		memcpy(copy, sample, size < n ? size : n);
		if (size != n)
			assert_int_equal(open(sv_bytes(copy, size)), E_CRYPTO);
		free(copy);
	}
}

/* --- record --------------------------------------------------------------------------------------------------------------- */

static enum status open_record(const struct key *k, const struct record_bind *bind, struct sv blob)
{
	static const uint8_t zeros[512];
	uint8_t plain[512];
	size_t n = 77;
	enum status s;

	memset(plain, 0xee, sizeof plain);
	s = amr1_open(plain, &n, k, bind, blob);
	if (s != OK) {
		assert_int_equal(n, 0);
		assert_true(plain[0] == 0xee || memcmp(plain, zeros, blob.n - AMR1_HEAD - 16) == 0);
	}
	return s;
}

static enum status open_sample_record(struct sv blob)
{
	struct key k = sample_key();
	struct record_bind bind = sample_bind(7, 3);

	return open_record(&k, &bind, blob);
}

static void test_T_CRY_2_record_flips(void **state)
{
	uint8_t blob[512];
	size_t n = sample_amr1(blob);

	(void)state;
	assert_every_flip_refused(blob, n, open_sample_record);
}

static void test_T_CRY_2_record_bound(void **state)
{
	uint8_t blob[512];
	struct sv sealed = sv_bytes(blob, sample_amr1(blob));
	struct key k = sample_key(), other = sample_key();
	struct record_bind good = sample_bind(7, 3), b;

	(void)state;
	other.b[31] ^= 1;
	assert_int_equal(open_record(&other, &good, sealed), E_CRYPTO);
	for (unsigned bit = 0; bit < 16; bit++) {
		b = good, b.type ^= (uint16_t)(1u << bit);
		assert_int_equal(open_record(&k, &b, sealed), E_CRYPTO);
	}
	for (unsigned bit = 0; bit < 128; bit++) {
		uint8_t flip = (uint8_t)(1u << bit % 8);

		b = good, b.record.b[bit / 8] ^= flip;
		assert_int_equal(open_record(&k, &b, sealed), E_CRYPTO);
		b = good, b.dossier.b[bit / 8] ^= flip;
		assert_int_equal(open_record(&k, &b, sealed), E_CRYPTO);
		b = good, b.origin.b[bit / 8] ^= flip;
		assert_int_equal(open_record(&k, &b, sealed), E_CRYPTO);
	}
	for (unsigned bit = 0; bit < 64; bit++) {
		b = good, b.version ^= UINT64_C(1) << bit;
		assert_int_equal(open_record(&k, &b, sealed), E_CRYPTO);
		b = good, b.schema ^= UINT32_C(1) << bit % 32;
		assert_int_equal(open_record(&k, &b, sealed), E_CRYPTO);
	}
}

static void test_T_CRY_2_record_kinds(void **state)
{
	struct key k = sample_key();
	struct record_bind bind = sample_bind(7, 3);
	uint8_t nonce[24] = { 0 }, out[512], class;
	struct id key_id;

	(void)state;
	assert_int_equal(amr1_seal(out, &k, 13, ID_ZERO, nonce, &bind, SV("x")), E_BUG);
	assert_int_equal(amr1_seal(out, &k, CLASS_COUNT, ID_ZERO, nonce, &bind, SV("x")), E_BUG);
	for (unsigned c = 0; c < 256; c++) {
		sample_amr1(out);
		out[5] = (uint8_t)c;
		assert_int_equal(amr1_peek(sv_bytes(out, 352), &class, &key_id), c < CLASS_COUNT && c != 13 ? OK : E_CRYPTO);
	}
}

/* Sizes around every step of the padding, opened to the same bytes. */
static void test_record_sizes(void **state)
{
	static const size_t sizes[] = { 0, 1, 254, 255, 256, 271, 272, 4000, 4095, 4096, 65535, AMR1_MAX_PLAIN };
	struct key k = sample_key();
	struct record_bind bind = sample_bind(7, 3);
	uint8_t nonce[24] = { 1 }, small[AMR1_HEAD];

	(void)state;
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		size_t n = sizes[i], found;
		uint8_t *plain = malloc(n + 1), *blob = malloc(amr1_size(n)), *back = malloc(padded_size(n));

		assert_true(plain && blob && back);
		memset(plain, 0x80, n);
		assert_int_equal(amr1_seal(blob, &k, IDENT, ID_ZERO, nonce, &bind, sv_bytes(plain, n)), OK);
		assert_int_equal(amr1_open(back, &found, &k, &bind, sv_bytes(blob, amr1_size(n))), OK);
		assert_int_equal(found, n);
		assert_memory_equal(back, plain, n);
		free(plain);
		free(blob);
		free(back);
	}
	assert_int_equal(amr1_seal(small, &k, IDENT, ID_ZERO, nonce, &bind, sv_bytes("", AMR1_MAX_PLAIN + 1)), E_LIMIT);
}

/* --- wrap ----------------------------------------------------------------------------------------------------------------- */

static enum status open_wrap(uint8_t kind, uint8_t sk_first, const struct wrap_bind *bind, struct sv wrap)
{
	uint8_t sk[32], payload[32];

	counting(sk, sk_first, 32);
	return amw1_open(payload, 32, kind, sk, bind, wrap);
}

static enum status open_sample_wrap(struct sv wrap)
{
	struct wrap_bind bind = sample_wrap_bind();

	return open_wrap(WRAP_DEK_COMPARTMENT, 0x11, &bind, wrap);
}

static void test_T_CRY_2_wrap_flips(void **state)
{
	uint8_t wrap[AMW1_DEK];

	(void)state;
	assert_every_flip_refused(wrap, sample_amw1(wrap), open_sample_wrap);
}

static void test_T_CRY_2_wrap_bound(void **state)
{
	uint8_t bytes[AMW1_DEK];
	struct sv wrap = sv_bytes(bytes, sample_amw1(bytes));
	struct wrap_bind good = sample_wrap_bind(), b;

	(void)state;
	assert_int_equal(open_wrap(WRAP_DEK_PERSON, 0x11, &good, wrap), E_CRYPTO);
	assert_int_equal(open_wrap(WRAP_DEK_COMPARTMENT, 0x12, &good, wrap), E_CRYPTO);
	for (unsigned bit = 0; bit < 128; bit++) {
		uint8_t flip = (uint8_t)(1u << bit % 8);

		b = good, b.dossier.b[bit / 8] ^= flip;
		assert_int_equal(open_wrap(WRAP_DEK_COMPARTMENT, 0x11, &b, wrap), E_CRYPTO);
		b = good, b.grant.b[bit / 8] ^= flip;
		assert_int_equal(open_wrap(WRAP_DEK_COMPARTMENT, 0x11, &b, wrap), E_CRYPTO);
		b = good, b.organisation.b[bit / 8] ^= flip;
		assert_int_equal(open_wrap(WRAP_DEK_COMPARTMENT, 0x11, &b, wrap), E_CRYPTO);
	}
	for (unsigned bit = 0; bit < 64; bit++) {
		b = good, b.not_after ^= UINT64_C(1) << bit;
		assert_int_equal(open_wrap(WRAP_DEK_COMPARTMENT, 0x11, &b, wrap), E_CRYPTO);
		b = good, b.class ^= (uint8_t)(1u << bit % 8);
		assert_int_equal(open_wrap(WRAP_DEK_COMPARTMENT, 0x11, &b, wrap), E_CRYPTO);
		b = good, b.purpose ^= (uint8_t)(1u << bit % 8);
		assert_int_equal(open_wrap(WRAP_DEK_COMPARTMENT, 0x11, &b, wrap), E_CRYPTO);
	}
}

/* Unknown kinds and public keys that agree with everybody are refused in both directions; other payload sizes pass. */
static void test_T_CRY_2_wrap_kinds_and_keys(void **state)
{
	struct wrap_bind bind = sample_wrap_bind();
	uint8_t sk[32], pk[32], zero_pk[32] = { 0 }, out[AMW1_SIZE(AMW1_DEK)], inner[AMW1_DEK], back[AMW1_DEK], kind;
	struct id key, recipient;
	size_t n;

	(void)state;
	counting(sk, 0x11, 32);
	x25519_public(pk, sk);
	sample_amw1(inner);
	for (unsigned k = 0; k < 256; k++) {
		enum status s = amw1_wrap(out, (uint8_t)k, ID_ZERO, ID_ZERO, pk, sk, &bind, sk, 32);

		assert_int_equal(s, k >= 1 && k <= 15 && k != 9 ? OK : E_BUG);
	}
	assert_int_equal(amw1_wrap(out, WRAP_DEK_PERSON, ID_ZERO, ID_ZERO, pk, sk, &bind, sk, 0), E_BUG);
	assert_int_equal(amw1_wrap(out, WRAP_DEK_PERSON, ID_ZERO, ID_ZERO, pk, sk, &bind, sk, 65536), E_BUG);
	assert_int_equal(amw1_wrap(out, WRAP_DEK_PERSON, ID_ZERO, ID_ZERO, zero_pk, sk, &bind, sk, 32), E_CRYPTO);
	assert_int_equal(amw1_wrap(out, WRAP_PAIR_OUTER, counting_id(1), counting_id(2), pk, sk, &bind, inner, sizeof inner), OK);
	assert_int_equal(amw1_peek(sv_bytes(out, sizeof out), &kind, &key, &recipient, &n), OK);
	assert_int_equal(kind, WRAP_PAIR_OUTER);
	assert_int_equal(n, AMW1_DEK);
	assert_true(id_equal(key, counting_id(1)) && id_equal(recipient, counting_id(2)));
	assert_int_equal(amw1_open(back, 32, WRAP_PAIR_OUTER, sk, &bind, sv_bytes(out, sizeof out)), E_CRYPTO);
	assert_int_equal(amw1_open(back, sizeof back, WRAP_PAIR_OUTER, sk, &bind, sv_bytes(out, sizeof out)), OK);
	assert_memory_equal(back, inner, sizeof inner);
}

/* --- slot ----------------------------------------------------------------------------------------------------------------- */

static enum status open_slot(struct sv slot, uint8_t i_flip, uint8_t pepper_flip)
{
	uint8_t payload[64], i[32], pepper[32];

	from_hex(i, 32, sample_stretched);
	counting(pepper, 0xa0, 32);
	i[0] ^= i_flip;
	pepper[31] ^= pepper_flip;
	return amp1_open(payload, slot, i, pepper);
}

static enum status open_sample_slot(struct sv slot)
{
	return open_slot(slot, 0, 0);
}

static void test_T_CRY_2_slot_flips(void **state)
{
	uint8_t slot[AMP1_SIZE];

	(void)state;
	sample_amp1(slot);
	assert_every_flip_refused(slot, sizeof slot, open_sample_slot);
}

static void test_T_CRY_2_slot_secrets_and_kinds(void **state)
{
	struct slot_head head = sample_slot();
	uint8_t bytes[AMP1_SIZE] = { 0 }, zeros[64] = { 0 };
	struct sv slot = sv_bytes(bytes, sizeof bytes);

	(void)state;
	sample_amp1(bytes);
	assert_int_equal(open_slot(slot, 1, 0), E_CRYPTO);
	assert_int_equal(open_slot(slot, 0, 1), E_CRYPTO);
	for (unsigned kind = 0; kind < 256; kind++) {
		head = sample_slot();
		head.kind = (uint8_t)kind;
		if (kind == SLOT_RECOVERY)
			memset(head.salt, 0, 16);
		assert_int_equal(amp1_seal(bytes, &head, zeros, zeros, zeros, zeros),
				 kind == SLOT_PASSWORD || kind == SLOT_RECOVERY || kind == SLOT_PIN ? OK : E_BUG);
	}
	head.kind = SLOT_RECOVERY;
	head.salt[3] = 1;
	assert_int_equal(amp1_seal(bytes, &head, zeros, zeros, zeros, zeros), E_BUG);
}

static void test_slot_stretch_limits(void **state)
{
	uint8_t i[32], salt[16] = { 0 };

	(void)state;
	assert_int_equal(slot_stretch(i, SV("x"), salt, 2, 65536), E_LIMIT);
	assert_int_equal(slot_stretch(i, SV("x"), salt, 3, 65535), E_LIMIT);
	assert_int_equal(slot_stretch(i, SV("x"), salt, 11, 65536), E_LIMIT);
	assert_int_equal(slot_stretch(i, SV("x"), salt, 3, 524289), E_LIMIT);
}

/* --- certificate ---------------------------------------------------------------------------------------------------------- */

static enum status verify_cert(struct sv cert, uint8_t seed_first, uint64_t now)
{
	uint8_t seed[32], pk[32];
	struct cert c;

	counting(seed, seed_first, 32);
	ed25519_public(pk, seed);
	return amc1_verify(cert, pk, now, &c);
}

static enum status verify_sample_cert(struct sv cert)
{
	return verify_cert(cert, 0, 1767225600);
}

static void test_T_CRY_2_certificate_flips(void **state)
{
	uint8_t cert[AMC1_SIZE];

	(void)state;
	sample_amc1(cert);
	assert_every_flip_refused(cert, sizeof cert, verify_sample_cert);
	assert_int_equal(verify_cert(sv_bytes(cert, sizeof cert), 1, 1767225600), E_CRYPTO);
}

static void test_certificate_validity(void **state)
{
	uint8_t bytes[AMC1_SIZE] = { 0 };
	struct sv cert = sv_bytes(bytes, sizeof bytes);

	(void)state;
	sample_amc1(bytes);
	assert_int_equal(verify_cert(cert, 0, 1767225599), E_STATE);
	assert_int_equal(verify_cert(cert, 0, 1767225600), OK);
	assert_int_equal(verify_cert(cert, 0, 1798761599), OK);
	assert_int_equal(verify_cert(cert, 0, 1798761600), E_STATE);
}

static void test_T_CRY_2_certificate_kinds(void **state)
{
	uint8_t out[AMC1_SIZE], seed[32] = { 0 };

	(void)state;
	for (unsigned type = 0; type < 256; type++) {
		struct cert c = sample_cert();
		bool plain = type == 1 || type == 2 || type == 4 || type == 5 || type == 7 || type == 9;

		c.type = (uint8_t)type;
		assert_int_equal(amc1_sign(out, &c, seed), type == 8 ? OK : E_BUG); /* flags 2 belong to compartments alone */
		c.flags = 0;
		assert_int_equal(amc1_sign(out, &c, seed), plain ? OK : E_BUG);
	}
	for (unsigned flags = 0; flags < 70; flags++) {
		struct cert c = sample_cert();

		c.flags = (uint16_t)flags;
		assert_int_equal(amc1_sign(out, &c, seed), flags >= 1 && flags < COMPARTMENT_COUNT ? OK : E_BUG);
	}
	for (unsigned bit = 0; bit < 32; bit++) {
		struct cert c = sample_cert();

		c.roles = UINT32_C(1) << bit;
		assert_int_equal(amc1_sign(out, &c, seed), bit < ROLE_COUNT ? OK : E_BUG);
	}
}

/* --- file ----------------------------------------------------------------------------------------------------------------- */

static enum status open_sample_file(struct sv bytes)
{
	struct key k = sample_key(), file_key;
	struct record_bind bind = sample_bind(9, 0);
	uint8_t plain[512];

	if (bytes.n < AMF1_HEAD || bytes.n - AMF1_HEAD - AMF1_TAG > sizeof plain)
		return E_CRYPTO;
	amf1_key(&file_key, &k, counting_id(0xc0));
	return amf1_open_chunk(plain, &file_key, (const uint8_t *)bytes.p, &bind, 0, true,
			       (struct sv){ bytes.p + AMF1_HEAD, bytes.n - AMF1_HEAD });
}

static void test_T_CRY_2_file_flips(void **state)
{
	uint8_t sealed[512];

	(void)state;
	assert_every_flip_refused(sealed, sample_amf1(sealed), open_sample_file);
}

/* A file of three chunks: each opens at its own place only. */
static void test_T_CRY_2_file_chunks_keep_their_place(void **state)
{
	const size_t whole = AMF1_CHUNK + AMF1_TAG;
	struct key k = sample_key(), file_key, other;
	struct record_bind bind = sample_bind(9, 0), other_bind;
	uint8_t head[AMF1_HEAD], sealed[512], *plain = calloc(1, AMF1_CHUNK), *chunk = malloc(whole), *back = malloc(AMF1_CHUNK);
	struct sv c = sv_bytes(chunk, whole);

	(void)state;
	assert_true(plain && chunk && back);
	sample_amf1(sealed);
	memcpy(head, sealed, AMF1_HEAD);
	amf1_key(&file_key, &k, counting_id(0xc0));
	amf1_key(&other, &k, counting_id(0xc1));
	plain[5] = 9;
	assert_int_equal(amf1_seal_chunk(chunk, &file_key, head, &bind, 1, false, sv_bytes(plain, AMF1_CHUNK)), OK);
	assert_int_equal(amf1_open_chunk(back, &file_key, head, &bind, 1, false, c), OK);
	assert_memory_equal(back, plain, AMF1_CHUNK);
	assert_int_equal(amf1_open_chunk(back, &file_key, head, &bind, 1, true, c), E_CRYPTO);
	assert_int_equal(amf1_open_chunk(back, &file_key, head, &bind, 0, false, c), E_CRYPTO);
	assert_int_equal(amf1_open_chunk(back, &file_key, head, &bind, 257, false, c), E_CRYPTO);
	assert_int_equal(amf1_open_chunk(back, &other, head, &bind, 1, false, c), E_CRYPTO);
	other_bind = bind, other_bind.record.b[0] ^= 1;
	assert_int_equal(amf1_open_chunk(back, &file_key, head, &other_bind, 1, false, c), E_CRYPTO);
	other_bind = bind, other_bind.version = 2;
	assert_int_equal(amf1_open_chunk(back, &file_key, head, &other_bind, 1, false, c), E_CRYPTO);
	assert_int_equal(amf1_seal_chunk(chunk, &file_key, head, &other_bind, 1, false, sv_bytes(plain, AMF1_CHUNK)), E_CRYPTO);
	assert_int_equal(amf1_seal_chunk(chunk, &file_key, head, &bind, 1, false, sv_bytes(plain, 100)), E_BUG);
	assert_int_equal(amf1_seal_chunk(chunk, &file_key, head, &bind, 1, true, sv_bytes(plain, 0)), E_BUG);
	free(plain);
	free(chunk);
	free(back);
}

/* --- leaf ----------------------------------------------------------------------------------------------------------------- */

/* A leaf is accepted by its form and its MAC together; reserved bytes by the form alone. */
static enum status read_sample_leaf(struct sv bytes)
{
	static const char mac[] = "7e595e605a8793c909f4247b4a2f23fc";
	uint8_t key[32], expected[16], found[16];
	struct leaf leaf;

	TRY(amj1_read(bytes, &leaf));
	counting(key, 0, 32);
	from_hex(expected, 16, mac);
	leaf_mac(found, key, (const uint8_t *)bytes.p);
	return equal_ct(expected, found, 16) ? OK : E_CRYPTO;
}

static void test_T_CRY_2_leaf_flips(void **state)
{
	struct leaf leaf = sample_leaf(0);
	uint8_t bytes[AMJ1_SIZE];

	(void)state;
	amj1_write(bytes, &leaf);
	assert_every_flip_refused(bytes, sizeof bytes, read_sample_leaf);
}

static void test_T_CRY_2_leaf_form(void **state)
{
	struct leaf leaf = sample_leaf(0), found;
	uint8_t bytes[AMJ1_SIZE] = { 0 };
	struct sv view = sv_bytes(bytes, sizeof bytes);

	(void)state;
	for (size_t i = 0; i < AMJ1_SIZE; i++) {
		bool fixed = i < 5 || i == 6 || i == 7 || i >= 160;

		amj1_write(bytes, &leaf);
		bytes[i] ^= 0x01;
		if (fixed)
			assert_int_equal(amj1_read(view, &found), E_CRYPTO);
	}
	for (unsigned event = 0; event < 256; event++) {
		amj1_write(bytes, &leaf);
		bytes[5] = (uint8_t)event;
		assert_int_equal(amj1_read(view, &found), event >= 1 && event <= 44 ? OK : E_CRYPTO);
	}
	for (unsigned bit = 0; bit < 32; bit++) {
		leaf.class_mask = UINT32_C(1) << bit;
		amj1_write(bytes, &leaf);
		assert_int_equal(amj1_read(view, &found), bit < CLASS_COUNT ? OK : E_CRYPTO);
	}
}

/* --- checkpoint ----------------------------------------------------------------------------------------------------------- */

static enum status verify_sample_checkpoint(struct sv text)
{
	uint8_t seed[32], pk[32], root[32];
	uint64_t size;

	counting(seed, 0, 32);
	ed25519_public(pk, seed);
	return checkpoint_verify(text, pk, &size, root);
}

static void test_T_CRY_2_checkpoint_flips(void **state)
{
	struct arena *a = arena_new(0);
	uint8_t seed[32], root[32] = { 7 };
	struct sv text;

	(void)state;
	counting(seed, 0, 32);
	text = checkpoint_write(a, SV("amana/00112233445566778899aabbccddeeff"), 1234567, root, seed);
	assert_every_flip_refused((const uint8_t *)text.p, text.n, verify_sample_checkpoint);
	seed[0] ^= 1;
	text = checkpoint_write(a, SV("amana/test"), 2, root, seed);
	assert_int_equal(verify_sample_checkpoint(text), E_CRYPTO);
	assert_true(checkpoint_write(a, SV("two\nlines"), 2, root, seed).p == NULL);
	assert_true(checkpoint_write(a, SV(""), 2, root, seed).p == NULL);
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_T_CRY_2_record_flips),
		cmocka_unit_test(test_T_CRY_2_record_bound),
		cmocka_unit_test(test_T_CRY_2_record_kinds),
		cmocka_unit_test(test_record_sizes),
		cmocka_unit_test(test_T_CRY_2_wrap_flips),
		cmocka_unit_test(test_T_CRY_2_wrap_bound),
		cmocka_unit_test(test_T_CRY_2_wrap_kinds_and_keys),
		cmocka_unit_test(test_T_CRY_2_slot_flips),
		cmocka_unit_test(test_T_CRY_2_slot_secrets_and_kinds),
		cmocka_unit_test(test_slot_stretch_limits),
		cmocka_unit_test(test_T_CRY_2_certificate_flips),
		cmocka_unit_test(test_certificate_validity),
		cmocka_unit_test(test_T_CRY_2_certificate_kinds),
		cmocka_unit_test(test_T_CRY_2_file_flips),
		cmocka_unit_test(test_T_CRY_2_file_chunks_keep_their_place),
		cmocka_unit_test(test_T_CRY_2_leaf_flips),
		cmocka_unit_test(test_T_CRY_2_leaf_form),
		cmocka_unit_test(test_T_CRY_2_checkpoint_flips),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
