/* SPDX-License-Identifier: GPL-3.0-or-later */
/* T-CRY-1: the vectors of the sealed design 4.6, byte for byte, and each sample opened again. */
#include "sample.h"

#define PK "4d27bcee3135c4944b28d27dd809b07be10c35160d20131caa7e85575498d07c"

static void test_T_CRY_1_record(void **state)
{
	struct key k = sample_key();
	struct record_bind bind = sample_bind(7, 3);
	uint8_t blob[512], plain[256];
	size_t n;

	(void)state;
	assert_int_equal(sample_amr1(blob), 352);
	assert_hex(blob + 48, 32, "13e48139831a4b556e8d31a10124adae9dead36fec89c3a7a7176aca4e0b213b");
	assert_sha256(blob, 352, "c434b5718cffb19c6cc9366fdf949d1a32d54d5202c387e813bb7bcd30f0dffc");
	assert_int_equal(amr1_open(plain, &n, &k, &bind, sv_bytes(blob, 352)), OK);
	assert_true(sv_equal(sv_bytes(plain, n), SV(SAMPLE_PLAIN)));
}

static void test_T_CRY_1_wrap(void **state)
{
	struct wrap_bind bind = sample_wrap_bind();
	uint8_t wrap[AMW1_DEK], sk[32], pk[32];
	struct key s = sample_key(), found;

	(void)state;
	counting(sk, 0x11, 32);
	x25519_public(pk, sk);
	assert_hex(pk, 32, PK);
	assert_int_equal(sample_amw1(wrap), 152);
	assert_hex(wrap + 72, 32, "af5fc6b449b4d6632d45f9caaa92b697774f3b60757e47acaed570cf8bcc2b21");
	assert_hex(wrap + 104, 48,
		   "09e82aa062c3a27c7a109739114f89c7c25aa29d616409418ec5e96aa9ab216b"
		   "218d129b7756e1737cfa44e85b716155");
	assert_int_equal(amw1_open(found.b, 32, WRAP_DEK_COMPARTMENT, sk, &bind, sv_bytes(wrap, sizeof wrap)), OK);
	assert_memory_equal(found.b, s.b, 32);
}

static void test_T_CRY_1_data_key(void **state)
{
	struct key s = sample_key(), k;
	uint8_t share[32];
	struct id id;

	(void)state;
	counting(share, 0x20, 32);
	dek_mix(&k, &s, share, counting_id(0x90), IDENT, 1, ID_ZERO);
	assert_hex(k.b, 32, "1d809283e1df2daebf91a18bb78832d5e3a07cac2ad5ad1612a4f2bba96a5b63");
	id = dek_id(&s, IDENT, counting_id(0x90), ID_ZERO);
	assert_hex(id.b, 16, "c94e11ec0221985728f577e63652347d");
}

static void test_T_CRY_1_slot(void **state)
{
	struct slot_head head = sample_slot(), found;
	uint8_t i[32], slot[AMP1_SIZE], pepper[32], payload[64], expected[64];

	(void)state;
	assert_int_equal(slot_stretch(i, SV("correct horse battery"), head.salt, head.argon_t, head.argon_m_kib), OK);
	assert_hex(i, 32, sample_stretched);
	sample_amp1(slot);
	assert_sha256(slot, sizeof slot, "cc715c8b925c5e40771805e2d9e6e9b307b7fecc5793de5c813d6d493d981ff6");
	assert_int_equal(amp1_head(sv_bytes(slot, sizeof slot), &found), OK);
	assert_int_equal(found.kind, SLOT_PASSWORD);
	assert_int_equal(found.pepper_version, 1);
	assert_true(id_equal(found.user, head.user) && id_equal(found.key_id, head.key_id));
	assert_int_equal(found.argon_t, 3);
	assert_int_equal(found.argon_m_kib, 65536);
	assert_memory_equal(found.salt, head.salt, 16);
	counting(pepper, 0xa0, 32);
	counting(expected, 0, 64);
	assert_int_equal(amp1_open(payload, sv_bytes(slot, sizeof slot), i, pepper), OK);
	assert_memory_equal(payload, expected, 64);
}

static void test_T_CRY_1_recovery_code(void **state)
{
	uint8_t code[16], i[32];

	(void)state;
	assert_int_equal(recovery_read(SV("000G40R40M30E209185GR38E1Q"), code), OK);
	assert_hex(code, 16, "000102030405060708090a0b0c0d0e08");
	slot_stretch_recovery(i, code, counting_id(0x80));
	assert_hex(i, 32, "cec7b68ba6044425c773f90cb8e1075574b3abec8a0fdafaf5c627e26a984941");
}

static void test_T_CRY_1_certificate(void **state)
{
	struct cert c = sample_cert(), found;
	uint8_t cert[AMC1_SIZE], seed[32], pk[32];

	(void)state;
	sample_amc1(cert);
	assert_hex(cert + 184, 64,
		   "c4027b9a3d1cfcfbaa9fbf9faa34d528188b6830283f993fdce3708ab97a10b2"
		   "a9278e6c3a5f59f455e883eb285e33a754c070ab741306a3d0ae07db2969ea02");
	counting(seed, 0, 32);
	ed25519_public(pk, seed);
	assert_int_equal(amc1_verify(sv_bytes(cert, sizeof cert), pk, c.not_before, &found), OK);
	assert_int_equal(found.type, c.type);
	assert_int_equal(found.flags, c.flags);
	assert_true(id_equal(found.id, c.id) && id_equal(found.subject, c.subject) && id_equal(found.issuer, c.issuer) &&
		    id_equal(found.organisation, c.organisation));
	assert_int_equal(found.epoch, 1);
	assert_int_equal(found.roles, 0);
	assert_memory_equal(found.x25519, c.x25519, 32);
	assert_memory_equal(found.ed25519, c.ed25519, 32);
	assert_int_equal(found.not_before, c.not_before);
	assert_int_equal(found.not_after, c.not_after);
}

static void test_T_CRY_1_file(void **state)
{
	struct key k = sample_key(), file_key;
	struct record_bind bind = sample_bind(9, 0);
	struct id key_id, file;
	uint8_t sealed[512], plain[256], class;

	(void)state;
	amf1_key(&file_key, &k, counting_id(0xc0));
	assert_hex(file_key.b, 32, "9ff05cc811d3ecbd7604dd83ea67e82095d8223e7c42946cbfe420905b0e5e42");
	assert_int_equal(sample_amf1(sealed), 340);
	assert_sha256(sealed, 340, "abf86128b778dfabbbee027080908e65fa781207e9e0743af2a7d52790acc07f");
	assert_int_equal(amf1_head_read(sv_bytes(sealed, AMF1_HEAD), &class, &key_id, &file), OK);
	assert_int_equal(class, EVID);
	assert_true(id_equal(key_id, counting_id(0x40)) && id_equal(file, counting_id(0xc0)));
	assert_int_equal(amf1_open_chunk(plain, &file_key, sealed, &bind, 0, true, sv_bytes(sealed + AMF1_HEAD, 272)), OK);
	assert_memory_equal(plain, "evidence\x80", 10);
}

static void test_T_CRY_1_receipt(void **state)
{
	const char code[] = "12345678901234567891";
	uint8_t salt[16], pepper[32], pk[32];
	struct receipt r;

	(void)state;
	counting(salt, 0x50, 16);
	counting(pepper, 0xa0, 32);
	assert_int_equal(receipt_derive(&r, code, salt, pepper), OK);
	assert_hex(r.locator.b, 16, "b0c60f371347fb6ec99574b8bf807978");
	assert_hex(r.pk, 32, "f1bb48614608c3cba516011771239e1250279e0c2e20d3db5b8cf64e44166f1e");
	x25519_public(pk, r.sk);
	assert_memory_equal(pk, r.pk, 32);
	assert_int_equal(receipt_derive_pin(&r, code, SV("271828"), salt, pepper), OK);
	assert_hex(r.pk, 32, "8ecaad3aa4c1ab451c2424cd5be1dd3bd4cb2e927413f07196e36c16e660265b");
	assert_true(id_is_zero(r.locator));
	x25519_public(pk, r.sk);
	assert_memory_equal(pk, r.pk, 32);
}

static void test_T_CRY_1_leaf_and_tree(void **state)
{
	struct leaf leaf = sample_leaf(0), found;
	uint8_t bytes[AMJ1_SIZE], again[AMJ1_SIZE], key[32], mac[16], hash[32], root[32];
	struct tree t = { 0 };

	(void)state;
	counting(key, 0, 32);
	amj1_write(bytes, &leaf);
	assert_int_equal(amj1_read(sv_bytes(bytes, sizeof bytes), &found), OK);
	amj1_write(again, &found);
	assert_memory_equal(again, bytes, sizeof bytes);
	assert_int_equal(found.time_ms, 1767225600000);
	assert_true(id_equal(found.object, leaf.object));
	leaf_mac(mac, key, bytes);
	assert_hex(mac, 16, "7e595e605a8793c909f4247b4a2f23fc");
	leaf_hash(hash, bytes);
	assert_hex(hash, 32, "b4495c9c12ea5847106b5fcdfd9fb9e96d59bbe3d728c65d692bd4eeb3fbcfc7");
	tree_append(&t, hash);
	leaf = sample_leaf(1);
	amj1_write(bytes, &leaf);
	leaf_hash(hash, bytes);
	tree_append(&t, hash);
	tree_root(root, &t);
	assert_hex(root, 32, "57db5cee5d0e9577c6a334fb59e14526edf06dbb64ef78b9b18e4049a98317c3");
}

static void test_T_CRY_1_checkpoint(void **state)
{
	struct arena *a = arena_new(0);
	uint8_t seed[32], pk[32], root[32], found_root[32];
	uint64_t size;
	struct sv text;

	(void)state;
	counting(seed, 0, 32);
	ed25519_public(pk, seed);
	from_hex(root, 32, "57db5cee5d0e9577c6a334fb59e14526edf06dbb64ef78b9b18e4049a98317c3");
	text = checkpoint_write(a, SV("amana/test"), 2, root, seed);
	assert_true(sv_equal(
		text,
		SV("amana/test\n2\nV9tc7l0OlXfGozT7WeFFJu3wbbtk73i5sY5ASamDF8M=\n"
		   "\xe2\x80\x94 amana/test Xv8JbGASResAE3bPA82l4Um+JlJukbg7XaubQPvZF3n+je1/b1nrg/KvvoRqG790YjHeVNh94627ZNdw9lx/7oEUjQo=\n")));
	assert_int_equal(checkpoint_verify(text, pk, &size, found_root), OK);
	assert_int_equal(size, 2);
	assert_memory_equal(found_root, root, 32);
	arena_free(a);
}

static void test_T_CRY_1_duplicate_token(void **state)
{
	uint8_t key[32], token[16], joined[1 + 13] = "\x03+212600000000", again[16];

	(void)state;
	counting(key, 0, 32);
	duplicate_token(token, key, 3, SV("+212600000000"));
	assert_hex(token, 16, "07401557dc09124a5353eec903f9d749");
	KDF(again, 16, "amana.dup.tok.01", key, 32, joined, sizeof joined);
	assert_memory_equal(token, again, 16);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_T_CRY_1_record),
		cmocka_unit_test(test_T_CRY_1_wrap),
		cmocka_unit_test(test_T_CRY_1_data_key),
		cmocka_unit_test(test_T_CRY_1_slot),
		cmocka_unit_test(test_T_CRY_1_recovery_code),
		cmocka_unit_test(test_T_CRY_1_certificate),
		cmocka_unit_test(test_T_CRY_1_file),
		cmocka_unit_test(test_T_CRY_1_receipt),
		cmocka_unit_test(test_T_CRY_1_leaf_and_tree),
		cmocka_unit_test(test_T_CRY_1_checkpoint),
		cmocka_unit_test(test_T_CRY_1_duplicate_token),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
