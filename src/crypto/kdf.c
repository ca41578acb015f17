/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Key derivation and hashing (sealed design 2) and the mixing of data keys (3). One function derives everything: BLAKE2b, keyed, with
 * the label as its personalisation, so that no two uses of a secret can meet. */
#include "crypto/formats.h"

#include "base/wipe.h"

#include <sodium.h>

_Static_assert(crypto_generichash_blake2b_PERSONALBYTES == 16, "a label is the personalisation");

void kdf_(void *out, size_t n, const char label[16], const void *key, size_t keylen, const void *msg, size_t msglen)
{
	static const uint8_t salt[crypto_generichash_blake2b_SALTBYTES] = { 0 };

	if (crypto_generichash_blake2b_salt_personal(out, n, msg, msglen, key, keylen, salt, (const uint8_t *)label) != 0)
		sodium_misuse(); /* a size no caller of ours gives: going on would hand out an unset key */
}

void hash32(uint8_t out[32], const void *p, size_t n)
{
	crypto_generichash(out, 32, p, n, NULL, 0);
}

bool equal_ct(const void *a, const void *b, size_t n)
{
	return sodium_memcmp(a, b, n) == 0;
}

void dek_mix(struct key *k, const struct key *s, const uint8_t share[32], struct id dossier, uint8_t class, uint32_t generation,
	     struct id holder)
{
	uint8_t message[69];
	struct buf b = buf_over(message, sizeof message);

	buf_put(&b, share, 32);
	buf_put(&b, dossier.b, 16);
	buf_byte(&b, class);
	buf_u32(&b, generation);
	buf_put(&b, holder.b, 16);
	KDF(k->b, KEY_SIZE, "amana.dek.mix.01", s->b, KEY_SIZE, message, sizeof message);
	wipe(message, sizeof message);
}

struct id dek_id(const struct key *s, uint8_t class, struct id dossier, struct id holder)
{
	uint8_t message[33];
	struct buf b = buf_over(message, sizeof message);
	struct id id;

	buf_byte(&b, class);
	buf_put(&b, dossier.b, 16);
	buf_put(&b, holder.b, 16);
	KDF(id.b, sizeof id.b, "amana.key.id.001", s->b, KEY_SIZE, message, sizeof message);
	return id;
}
