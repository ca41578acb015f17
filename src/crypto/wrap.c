/* SPDX-License-Identifier: GPL-3.0-or-later */
/* AMW1, a secret wrapped to an X25519 key (sealed design 4.2): a fresh ephemeral key agrees with the recipient's, and key and
 * commitment come from one derivation over both public keys and everything the wrap is bound to. The bind is never stored: who opens
 * builds it from the rights as they stand, so an edited purpose, organisation or end breaks the wrap. */
#include "crypto/bytes.h"
#include "crypto/seal.h"

#include "base/wipe.h"

#define COVERED 40 /* header bytes the associated data covers */
#define BIND_WRAP 58
#define AD_SIZE (13 + COVERED + BIND_WRAP)
#define PK_AT COVERED
#define COMMITMENT_AT 72

_Static_assert(AMW1_HEAD == COMMITMENT_AT + 32, "AMW1 header");
_Static_assert(AMW1_SIZE(32) == AMW1_DEK, "a wrapped data key is 152 bytes");

static const uint8_t nonce_zero[24]; /* the key is fresh for every wrap */

static bool kind_known(uint8_t kind)
{
	return kind >= WRAP_COMPARTMENT_MEMBER && kind <= WRAP_CUSTODY && kind != 9;
}

static void associated(uint8_t ad[AD_SIZE], const uint8_t *head, const struct wrap_bind *bind)
{
	struct buf b = buf_over(ad, AD_SIZE);

	buf_put(&b, "amana/wrap/1", 13);
	buf_put(&b, head, COVERED);
	buf_put(&b, bind->dossier.b, 16);
	buf_byte(&b, bind->class);
	buf_byte(&b, bind->purpose);
	buf_put(&b, bind->grant.b, 16);
	buf_put(&b, bind->organisation.b, 16);
	buf_u64(&b, bind->not_after);
}

/* Agree between `secret` and `other`; epk and recipient_pk are the two public keys in their fixed order. */
static enum status derive(struct seal_keys *keys, const uint8_t secret[32], const uint8_t other[32], const uint8_t epk[32],
			  const uint8_t recipient_pk[32], const uint8_t ad[AD_SIZE])
{
	uint8_t shared[32], message[96];

	if (!agree(shared, secret, other))
		return E_CRYPTO;
	memcpy(message, epk, 32);
	memcpy(message + 32, recipient_pk, 32);
	hash32(message + 64, ad, AD_SIZE);
	KDF(keys, sizeof *keys, "amana.wrap.key.1", shared, sizeof shared, message, sizeof message);
	wipe(shared, sizeof shared);
	return OK;
}

enum status amw1_wrap(uint8_t *out, uint8_t kind, struct id wrapped_key, struct id recipient, const uint8_t recipient_pk[32],
		      const uint8_t ephemeral[32], const struct wrap_bind *bind, const void *payload, size_t n)
{
	struct buf head = buf_over(out, AMW1_HEAD);
	uint8_t ad[AD_SIZE], epk[32];
	struct seal_keys keys;

	if (!kind_known(kind) || !n || n > UINT16_MAX)
		return E_BUG;
	put_start(&head, "AMW1", kind, (uint16_t)n);
	buf_put(&head, wrapped_key.b, 16);
	buf_put(&head, recipient.b, 16);
	associated(ad, out, bind);
	x25519_public(epk, ephemeral);
	TRY(derive(&keys, ephemeral, recipient_pk, epk, recipient_pk, ad));
	buf_put(&head, epk, 32);
	buf_put(&head, keys.commitment, 32);
	aead_seal(out + AMW1_HEAD, payload, n, sv_bytes(ad, sizeof ad), nonce_zero, keys.key);
	wipe(&keys, sizeof keys);
	return buf_ok(&head);
}

enum status amw1_peek(struct sv wrap, uint8_t *kind, struct id *wrapped_key, struct id *recipient, size_t *payload)
{
	struct reader r = reader_of(wrap);
	uint16_t n;

	if (!get_start(&r, "AMW1", kind, &n) || !kind_known(*kind) || !n || wrap.n != AMW1_SIZE((size_t)n))
		return E_CRYPTO;
	get_bytes(&r, wrapped_key->b, 16);
	get_bytes(&r, recipient->b, 16);
	*payload = n;
	return r.bad ? E_CRYPTO : OK;
}

enum status amw1_open(void *payload, size_t n, uint8_t kind, const uint8_t recipient_sk[32], const struct wrap_bind *bind,
		      struct sv wrap)
{
	const uint8_t *in = (const uint8_t *)wrap.p;
	uint8_t ad[AD_SIZE], pk[32], found_kind;
	struct id wrapped_key, recipient;
	struct seal_keys keys;
	size_t found;
	enum status s = OK;

	TRY(amw1_peek(wrap, &found_kind, &wrapped_key, &recipient, &found));
	if (found_kind != kind || found != n)
		return E_CRYPTO;
	associated(ad, in, bind);
	x25519_public(pk, recipient_sk);
	TRY(derive(&keys, recipient_sk, in + PK_AT, in + PK_AT, pk, ad));
	if (!committed_open(payload, sv_bytes(in + AMW1_HEAD, n + TAG), sv_bytes(ad, sizeof ad), nonce_zero, &keys,
			    in + COMMITMENT_AT))
		s = E_CRYPTO;
	wipe(&keys, sizeof keys);
	return s;
}
