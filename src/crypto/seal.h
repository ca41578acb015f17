/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CRYPTO_SEAL_H
#define CRYPTO_SEAL_H

#include "crypto/formats.h"

/* For this room alone: the one file that calls AEAD and box functions (T-CRY-3). XChaCha20-Poly1305-IETF. */

/* What the formats with a commitment derive at once. */
struct seal_keys {
	uint8_t key[32], commitment[32];
};
_Static_assert(sizeof(struct seal_keys) == 64, "key and commitment from one derivation");

/* out has n + 16 bytes; plain may be out itself. */
void aead_seal(uint8_t *out, const void *plain, size_t n, struct sv ad, const uint8_t nonce[24], const uint8_t key[32]);
/* out has sealed.n - 16 bytes and is zero when this is false. */
bool aead_open(void *out, struct sv sealed, struct sv ad, const uint8_t nonce[24], const uint8_t key[32]);
/* The same, after comparing the commitment in constant time. */
bool committed_open(void *out, struct sv sealed, struct sv ad, const uint8_t nonce[24], const struct seal_keys *keys,
		    const uint8_t commitment[32]);
/* X25519; false for a public key that agrees with everybody on the same. */
bool agree(uint8_t shared[32], const uint8_t sk[32], const uint8_t pk[32]);
/* The key pair of 32 random bytes. */
void pair_of_seed(uint8_t pk[32], uint8_t sk[32], const uint8_t seed[32]);

#endif
