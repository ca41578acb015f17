/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The primitives every format is built of (sealed design 2): sealing with associated data, agreement, key pairs. No other file of the
 * tree calls them, so what is sealed with what can be read off a few callers. */
#include "crypto/seal.h"

#include "base/wipe.h"

#include <sodium.h>

_Static_assert(crypto_aead_xchacha20poly1305_ietf_ABYTES == 16, "tag");
_Static_assert(crypto_aead_xchacha20poly1305_ietf_NPUBBYTES == 24, "nonce");
_Static_assert(crypto_box_SEEDBYTES == 32 && crypto_box_SECRETKEYBYTES == 32 && crypto_box_PUBLICKEYBYTES == 32, "X25519");

#define TAG_SIZE 16

void aead_seal(uint8_t *out, const void *plain, size_t n, struct sv ad, const uint8_t nonce[24], const uint8_t key[32])
{
	crypto_aead_xchacha20poly1305_ietf_encrypt(out, NULL, plain, n, (const uint8_t *)ad.p, ad.n, NULL, nonce, key);
}

bool aead_open(void *out, struct sv sealed, struct sv ad, const uint8_t nonce[24], const uint8_t key[32])
{
	if (sealed.n < TAG_SIZE)
		return false;
	if (crypto_aead_xchacha20poly1305_ietf_decrypt(out, NULL, NULL, (const uint8_t *)sealed.p, sealed.n, (const uint8_t *)ad.p,
						       ad.n, nonce, key) == 0)
		return true;
	wipe(out, sealed.n - TAG_SIZE);
	return false;
}

bool committed_open(void *out, struct sv sealed, struct sv ad, const uint8_t nonce[24], const struct seal_keys *keys,
		    const uint8_t commitment[32])
{
	if (!equal_ct(keys->commitment, commitment, 32)) {
		wipe(out, sealed.n < TAG_SIZE ? 0 : sealed.n - TAG_SIZE);
		return false;
	}
	return aead_open(out, sealed, ad, nonce, keys->key);
}

bool agree(uint8_t shared[32], const uint8_t sk[32], const uint8_t pk[32])
{
	return crypto_scalarmult(shared, sk, pk) == 0;
}

void x25519_public(uint8_t pk[32], const uint8_t sk[32])
{
	crypto_scalarmult_base(pk, sk);
}

void pair_of_seed(uint8_t pk[32], uint8_t sk[32], const uint8_t seed[32])
{
	crypto_box_seed_keypair(pk, sk, seed);
}
