/* SPDX-License-Identifier: GPL-3.0-or-later */
/* AMC1, a certificate (sealed design 4.4): who holds which public keys, said by an issuer with Ed25519. Whether the issuer may say so
 * (chain, revocation, journal) is decided by the keeper; here are form, signature and validity. */
#include "crypto/bytes.h"

#include "base/wipe.h"

#include <sodium.h>

#define SIGNED 184
#define RESERVED 24
#define DOMAIN "amana/cert/1"
#define DOMAIN_SIZE sizeof DOMAIN /* the closing zero belongs to it */

_Static_assert(AMC1_SIZE == SIGNED + crypto_sign_BYTES, "AMC1");

static bool form_good(const struct cert *c)
{
	switch (c->type) {
	case CERT_ORGANISATION:
	case CERT_MEMBER:
	case CERT_CUSTODIAN:
	case CERT_WITNESS:
	case CERT_SERVICE:
	case CERT_DEVICE:
		if (c->flags)
			return false;
		break;
	case CERT_COMPARTMENT:
		if (c->flags == COMPARTMENT_NONE || c->flags >= COMPARTMENT_COUNT)
			return false;
		break;
	default:
		return false;
	}
	return c->roles >> ROLE_COUNT == 0;
}

static void put_cert(struct buf *b, const struct cert *c)
{
	put_start(b, "AMC1", c->type, c->flags);
	buf_put(b, c->id.b, 16);
	buf_put(b, c->subject.b, 16);
	buf_put(b, c->organisation.b, 16);
	buf_u32(b, c->epoch);
	buf_u32(b, c->roles);
	buf_put(b, c->x25519, 32);
	buf_put(b, c->ed25519, 32);
	buf_u64(b, c->not_before);
	buf_u64(b, c->not_after);
	buf_put(b, c->issuer.b, 16);
	buf_zeros(b, RESERVED);
}

static void to_sign(uint8_t message[DOMAIN_SIZE + SIGNED], const uint8_t *cert)
{
	memcpy(message, DOMAIN, DOMAIN_SIZE);
	memcpy(message + DOMAIN_SIZE, cert, SIGNED);
}

enum status amc1_sign(uint8_t out[AMC1_SIZE], const struct cert *cert, const uint8_t issuer_seed[32])
{
	struct buf b = buf_over(out, SIGNED);
	uint8_t message[DOMAIN_SIZE + SIGNED], pk[32], sk[64];

	if (!form_good(cert))
		return E_BUG;
	put_cert(&b, cert);
	to_sign(message, out);
	crypto_sign_seed_keypair(pk, sk, issuer_seed);
	crypto_sign_detached(out + SIGNED, NULL, message, sizeof message, sk);
	wipe(sk, sizeof sk);
	return buf_ok(&b);
}

enum status amc1_read(struct sv bytes, struct cert *out)
{
	struct reader r = reader_of(bytes);

	if (bytes.n != AMC1_SIZE || !get_start(&r, "AMC1", &out->type, &out->flags))
		return E_CRYPTO;
	get_bytes(&r, out->id.b, 16);
	get_bytes(&r, out->subject.b, 16);
	get_bytes(&r, out->organisation.b, 16);
	out->epoch = get_u32(&r);
	out->roles = get_u32(&r);
	get_bytes(&r, out->x25519, 32);
	get_bytes(&r, out->ed25519, 32);
	out->not_before = get_u64(&r);
	out->not_after = get_u64(&r);
	get_bytes(&r, out->issuer.b, 16);
	return all_zero(get_view(&r, RESERVED)) && form_good(out) ? OK : E_CRYPTO;
}

/* E_CRYPTO: malformed or not signed by this key. E_STATE: genuine, but not valid at now_s (first second included, last one not). */
enum status amc1_verify(struct sv bytes, const uint8_t issuer_pk[32], uint64_t now_s, struct cert *out)
{
	uint8_t message[DOMAIN_SIZE + SIGNED];

	TRY(amc1_read(bytes, out));
	to_sign(message, (const uint8_t *)bytes.p);
	if (crypto_sign_verify_detached((const uint8_t *)bytes.p + SIGNED, message, sizeof message, issuer_pk) != 0)
		return E_CRYPTO;
	return now_s >= out->not_before && now_s < out->not_after ? OK : E_STATE;
}

void ed25519_public(uint8_t pk[32], const uint8_t seed[32])
{
	uint8_t sk[64];

	crypto_sign_seed_keypair(pk, sk, seed);
	wipe(sk, sizeof sk);
}
