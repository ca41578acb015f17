/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The samples every test of this room starts from. */
#include "sample.h"

#include <sodium.h>

const char sample_stretched[] = "e33015f5f5c25199367ce4358a21a7c961bda985961e8f40601834df5a99d5d2";

void counting(void *out, uint8_t first, size_t n)
{
	uint8_t *p = out;

	for (size_t i = 0; i < n; i++)
		p[i] = (uint8_t)(first + i);
}

struct id counting_id(uint8_t first)
{
	struct id id;

	counting(id.b, first, 16);
	return id;
}

struct key sample_key(void)
{
	struct key k;

	counting(k.b, 0, 32);
	return k;
}

struct record_bind sample_bind(uint16_t type, uint32_t schema)
{
	return (struct record_bind){ .type = type,
				     .record = counting_id(0x80),
				     .dossier = counting_id(0x90),
				     .origin = counting_id(0xa0),
				     .version = 1,
				     .schema = schema };
}

struct wrap_bind sample_wrap_bind(void)
{
	return (struct wrap_bind){ .dossier = counting_id(0x90),
				   .class = IDENT,
				   .purpose = 2,
				   .grant = counting_id(0xb0),
				   .organisation = counting_id(0xa0),
				   .not_after = 0 };
}

struct slot_head sample_slot(void)
{
	struct slot_head head = { .kind = SLOT_PASSWORD,
				  .pepper_version = 1,
				  .user = counting_id(0x80),
				  .key_id = counting_id(0x40),
				  .argon_t = 3,
				  .argon_m_kib = 65536 };

	counting(head.salt, 0x50, 16);
	return head;
}

struct cert sample_cert(void)
{
	struct cert c = { .type = CERT_COMPARTMENT,
			  .flags = C_IDENTITY,
			  .id = counting_id(0x40),
			  .subject = counting_id(0xb0),
			  .organisation = counting_id(0xa0),
			  .epoch = 1,
			  .not_before = 1767225600,
			  .not_after = 1798761600,
			  .issuer = counting_id(0x30) };
	uint8_t sk[32];

	counting(sk, 0x11, 32);
	x25519_public(c.x25519, sk);
	return c;
}

struct leaf sample_leaf(uint64_t seq)
{
	struct leaf leaf = { .event = EV_OPEN,
			     .seq = seq,
			     .time_ms = 1767225600000,
			     .actor = counting_id(0x80),
			     .organisation = counting_id(0xa0),
			     .dossier = counting_id(0x90),
			     .object = counting_id(0x40),
			     .class_mask = 2,
			     .purpose = 1 };

	counting(leaf.blob, 0xc0, 32);
	return leaf;
}

size_t sample_amr1(uint8_t *out)
{
	struct key k = sample_key();
	struct record_bind bind = sample_bind(7, 3);
	uint8_t nonce[24];

	counting(nonce, 0x60, 24);
	assert_int_equal(amr1_seal(out, &k, IDENT, counting_id(0x40), nonce, &bind, SV(SAMPLE_PLAIN)), OK);
	return amr1_size(sizeof SAMPLE_PLAIN - 1);
}

size_t sample_amw1(uint8_t *out)
{
	struct key s = sample_key();
	struct wrap_bind bind = sample_wrap_bind();
	uint8_t sk[32], pk[32], ephemeral[32];

	counting(sk, 0x11, 32);
	x25519_public(pk, sk);
	counting(ephemeral, 0x21, 32);
	assert_int_equal(amw1_wrap(out, WRAP_DEK_COMPARTMENT, counting_id(0x40), counting_id(0x40), pk, ephemeral, &bind, s.b, 32),
			 OK);
	return AMW1_DEK;
}

void sample_amp1(uint8_t out[AMP1_SIZE])
{
	struct slot_head head = sample_slot();
	uint8_t nonce[24], i[32], pepper[32], payload[64];

	counting(nonce, 0x60, 24);
	counting(pepper, 0xa0, 32);
	counting(payload, 0, 64);
	from_hex(i, 32, sample_stretched);
	assert_int_equal(amp1_seal(out, &head, nonce, i, pepper, payload), OK);
}

void sample_amc1(uint8_t out[AMC1_SIZE])
{
	struct cert c = sample_cert();
	uint8_t seed[32];

	counting(seed, 0, 32);
	assert_int_equal(amc1_sign(out, &c, seed), OK);
}

size_t sample_amf1(uint8_t *out)
{
	struct key k = sample_key(), file_key;
	struct record_bind bind = sample_bind(9, 0);
	uint8_t prefix[19], plain[256] = "evidence\x80";

	counting(prefix, 0x60, 19);
	amf1_key(&file_key, &k, counting_id(0xc0));
	assert_int_equal(amf1_head(out, EVID, counting_id(0x40), counting_id(0xc0), prefix), OK);
	assert_int_equal(amf1_seal_chunk(out + AMF1_HEAD, &file_key, out, &bind, 0, true, sv_bytes(plain, sizeof plain)), OK);
	return AMF1_HEAD + sizeof plain + AMF1_TAG;
}

void from_hex(void *out, size_t n, const char *text)
{
	assert_true(hex_parse(sv_of(text), out, n));
}

void assert_hex(const void *p, size_t n, const char *text)
{
	uint8_t expected[256];

	assert_true(n <= sizeof expected);
	from_hex(expected, n, text);
	assert_memory_equal(p, expected, n);
}

void assert_sha256(const void *p, size_t n, const char *text)
{
	uint8_t hash[32];

	crypto_hash_sha256(hash, p, n);
	assert_hex(hash, 32, text);
}
