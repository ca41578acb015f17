/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Layout: issue time as u64 little-endian, 16 random bytes, 16 bytes keyed BLAKE2b over both with its own personal string, so that
 * the key could not be taken for another use. */
#include "base/ticket.h"

#include <sodium.h>
#include <string.h>

#include "base/random.h"

#define SIGNED_SIZE 24
static const unsigned char personal[crypto_generichash_blake2b_PERSONALBYTES + 1] = "amana.form.tkt.1";

static void mac_of(const struct ticket_key *k, const uint8_t *in, uint8_t out[16])
{
	const unsigned char salt[crypto_generichash_blake2b_SALTBYTES] = { 0 };

	(void)crypto_generichash_blake2b_salt_personal(out, 16, in, SIGNED_SIZE, k->b, sizeof(k->b), salt, personal);
}

void ticket_make(const struct ticket_key *k, int64_t now, uint8_t out[TICKET_SIZE])
{
	for (unsigned i = 0; i < 8; i++)
		out[i] = (uint8_t)((uint64_t)now >> (8 * i));
	random_fill(out + 8, 16);
	mac_of(k, out, out + SIGNED_SIZE);
}

bool ticket_read(const struct ticket_key *k, const uint8_t in[TICKET_SIZE], struct ticket *out)
{
	uint8_t mac[16];
	uint64_t issued = 0;

	mac_of(k, in, mac);
	if (sodium_memcmp(mac, in + SIGNED_SIZE, sizeof(mac)) != 0)
		return false;
	for (unsigned i = 0; i < 8; i++)
		issued |= (uint64_t)in[i] << (8 * i);
	out->issued = (int64_t)issued;
	memcpy(out->id, in + 8, sizeof(out->id));
	return true;
}

bool equal_secret(const void *a, const void *b, size_t n)
{
	return sodium_memcmp(a, b, n) == 0;
}

void sha256_of(const void *p, size_t n, uint8_t out[32])
{
	crypto_hash_sha256(out, p, n);
}
