/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The keyed token of one fact about a person (sealed design 9.3): equal facts give equal tokens under one key and mean nothing under
 * another. The same derivation as KDF, fed in pieces because a value has any length. */
#include "crypto/formats.h"

#include "base/wipe.h"

#include <sodium.h>

#define LABEL "amana.dup.tok.01"
_Static_assert(sizeof LABEL == 17, "KDF label must be 16 bytes");

void duplicate_token(uint8_t out[16], const uint8_t key[32], uint8_t type, struct sv value)
{
	static const uint8_t salt[crypto_generichash_blake2b_SALTBYTES] = { 0 };
	crypto_generichash_blake2b_state state;

	crypto_generichash_blake2b_init_salt_personal(&state, key, 32, 16, salt, (const uint8_t *)LABEL);
	crypto_generichash_blake2b_update(&state, &type, 1);
	crypto_generichash_blake2b_update(&state, (const uint8_t *)value.p, value.n);
	crypto_generichash_blake2b_final(&state, out, 16);
	wipe(&state, sizeof state);
}
