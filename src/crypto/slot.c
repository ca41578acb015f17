/* SPDX-License-Identifier: GPL-3.0-or-later */
/* AMP1, the slot that holds a person's keys under a password, a recovery code or a PIN (sealed design 4.3). There is no other
 * password hash: to log in is to open the slot. The stretched secret passes through the pepper, which lies outside the databases. */
#include "crypto/bytes.h"
#include "crypto/seal.h"

#include "base/wipe.h"

#include <sodium.h>

#define COVERED 64
#define NONCE_AT 64
#define COMMITMENT_AT 88
#define BODY_AT 120
#define PAYLOAD 64

#define ARGON_T_MIN 3
#define ARGON_T_MAX 10
#define ARGON_M_MIN_KIB (64u * 1024)
#define ARGON_M_MAX_KIB (512u * 1024)

_Static_assert(AMP1_SIZE == BODY_AT + PAYLOAD + TAG, "AMP1");

enum status slot_stretch(uint8_t i[32], struct sv secret, const uint8_t salt[16], uint32_t t, uint32_t m_kib)
{
	_Static_assert(crypto_pwhash_SALTBYTES == 16, "Argon2id salt");
	if (t < ARGON_T_MIN || t > ARGON_T_MAX || m_kib < ARGON_M_MIN_KIB || m_kib > ARGON_M_MAX_KIB)
		return E_LIMIT;
	if (crypto_pwhash(i, 32, secret.n ? secret.p : "", secret.n, salt, t, (size_t)m_kib * 1024, crypto_pwhash_ALG_ARGON2ID13) !=
	    0)
		return E_CRYPTO;
	return OK;
}

void slot_stretch_recovery(uint8_t i[32], const uint8_t code16[16], struct id user)
{
	KDF(i, 32, "amana.reccode.01", code16, 16, user.b, 16);
}

static void derive(struct seal_keys *keys, const uint8_t *slot, const uint8_t i[32], const uint8_t pepper[32])
{
	uint8_t peppered[32], message[24 + 32], secret_and_user[48];

	memcpy(secret_and_user, i, 32);
	memcpy(secret_and_user + 32, slot + 8, 16);
	KDF(peppered, 32, "amana.pepper.001", pepper, 32, secret_and_user, sizeof secret_and_user);
	memcpy(message, slot + NONCE_AT, 24);
	hash32(message + 24, slot, COVERED);
	KDF(keys, sizeof *keys, "amana.slot.key.1", peppered, sizeof peppered, message, sizeof message);
	wipe(peppered, sizeof peppered);
	wipe(secret_and_user, sizeof secret_and_user);
}

/* A recovery code is random enough to need no salt. */
static bool head_good(const struct slot_head *head)
{
	struct sv salt = sv_bytes(head->salt, sizeof head->salt);

	if (head->kind == SLOT_RECOVERY)
		return all_zero(salt);
	return head->kind == SLOT_PASSWORD || head->kind == SLOT_PIN;
}

enum status amp1_seal(uint8_t out[AMP1_SIZE], const struct slot_head *head, const uint8_t nonce[24], const uint8_t i[32],
		      const uint8_t pepper[32], const uint8_t payload[64])
{
	struct buf b = buf_over(out, AMP1_SIZE);
	struct seal_keys keys;

	if (!head_good(head))
		return E_BUG;
	put_start(&b, "AMP1", head->kind, head->pepper_version);
	buf_put(&b, head->user.b, 16);
	buf_put(&b, head->key_id.b, 16);
	buf_u32(&b, head->argon_t);
	buf_u32(&b, head->argon_m_kib);
	buf_put(&b, head->salt, 16);
	buf_put(&b, nonce, 24);
	derive(&keys, out, i, pepper);
	buf_put(&b, keys.commitment, 32);
	aead_seal(out + BODY_AT, payload, PAYLOAD, sv_bytes(out, COVERED), nonce, keys.key);
	wipe(&keys, sizeof keys);
	return buf_ok(&b);
}

enum status amp1_head(struct sv slot, struct slot_head *head)
{
	struct reader r = reader_of(slot);

	if (slot.n != AMP1_SIZE || !get_start(&r, "AMP1", &head->kind, &head->pepper_version))
		return E_CRYPTO;
	get_bytes(&r, head->user.b, 16);
	get_bytes(&r, head->key_id.b, 16);
	head->argon_t = get_u32(&r);
	head->argon_m_kib = get_u32(&r);
	get_bytes(&r, head->salt, 16);
	return head_good(head) ? OK : E_CRYPTO;
}

enum status amp1_open(uint8_t payload[64], struct sv slot, const uint8_t i[32], const uint8_t pepper[32])
{
	const uint8_t *in = (const uint8_t *)slot.p;
	struct slot_head head;
	struct seal_keys keys;
	enum status s = OK;

	TRY(amp1_head(slot, &head));
	derive(&keys, in, i, pepper);
	if (!committed_open(payload, sv_bytes(in + BODY_AT, PAYLOAD + TAG), sv_bytes(in, COVERED), in + NONCE_AT, &keys,
			    in + COMMITMENT_AT))
		s = E_CRYPTO;
	wipe(&keys, sizeof keys);
	return s;
}
