/* SPDX-License-Identifier: GPL-3.0-or-later */
/* AMR1, the sealed record (sealed design 4.1): 80 bytes of header, then ciphertext and tag of the padded plaintext. The key actually
 * used and the commitment come from one derivation over everything the record is bound to, so another key, row, version or class
 * fails before any byte is decrypted. The plaintext is padded in the output and encrypted in place: no copy is left. */
#include "crypto/bytes.h"
#include "crypto/seal.h"

#include "base/wipe.h"

#define COMMITTED 48 /* header bytes before the commitment */

_Static_assert(AMR1_HEAD == COMMITTED + 32, "AMR1 header");

void put_bind(struct buf *b, const struct record_bind *bind)
{
	buf_u16(b, bind->type);
	buf_put(b, bind->record.b, 16);
	buf_put(b, bind->dossier.b, 16);
	buf_put(b, bind->origin.b, 16);
	buf_u64(b, bind->version);
	buf_u32(b, bind->schema);
}

size_t padded_size(size_t plain)
{
	size_t length = plain + 1, step;
	unsigned e, s;

	if (length <= 256)
		return 256;
	e = 63 - (unsigned)__builtin_clzll(length);
	s = 31 - (unsigned)__builtin_clz(e) + 1;
	step = (size_t)1 << (e - s);
	return (length + step - 1) & ~(step - 1);
}

size_t amr1_size(size_t plain)
{
	return AMR1_HEAD + padded_size(plain) + TAG;
}

#define AD_SIZE (12 + COMMITTED + BIND_RECORD)
static void associated(uint8_t ad[AD_SIZE], const uint8_t *head, const struct record_bind *bind)
{
	struct buf b = buf_over(ad, AD_SIZE);

	buf_put(&b, "amana/rec/1", 12);
	buf_put(&b, head, COMMITTED);
	put_bind(&b, bind);
}

static void derive(struct seal_keys *keys, const struct key *k, const uint8_t *nonce, const uint8_t ad[AD_SIZE])
{
	uint8_t message[24 + 32];

	memcpy(message, nonce, 24);
	hash32(message + 24, ad, AD_SIZE);
	KDF(keys, sizeof *keys, "amana.rec.key.01", k->b, KEY_SIZE, message, sizeof message);
}

enum status amr1_seal(uint8_t *out, const struct key *k, uint8_t class, struct id key_id, const uint8_t nonce[24],
		      const struct record_bind *bind, struct sv plain)
{
	struct buf head = buf_over(out, AMR1_HEAD);
	uint8_t ad[AD_SIZE], *body;
	struct seal_keys keys;
	size_t padded;

	if (plain.n > AMR1_MAX_PLAIN)
		return E_LIMIT;
	if (!class_known(class))
		return E_BUG;
	body = out + AMR1_HEAD;
	padded = padded_size(plain.n);
	put_start(&head, "AMR1", class, 0);
	buf_put(&head, key_id.b, 16);
	buf_put(&head, nonce, 24);
	associated(ad, out, bind);
	derive(&keys, k, nonce, ad);
	buf_put(&head, keys.commitment, 32);
	if (plain.n)
		memmove(body, plain.p, plain.n);
	body[plain.n] = 0x80;
	memset(body + plain.n + 1, 0, padded - plain.n - 1);
	aead_seal(body, body, padded, sv_bytes(ad, sizeof ad), nonce, keys.key);
	wipe(&keys, sizeof keys);
	return buf_ok(&head);
}

enum status amr1_peek(struct sv blob, uint8_t *class, struct id *key_id)
{
	struct reader r = reader_of(blob);
	uint16_t reserved;

	if (!get_start(&r, "AMR1", class, &reserved) || reserved || !class_known(*class))
		return E_CRYPTO;
	if (blob.n < AMR1_HEAD + 256 + TAG || blob.n > amr1_size(AMR1_MAX_PLAIN))
		return E_CRYPTO;
	get_bytes(&r, key_id->b, 16);
	return r.bad ? E_CRYPTO : OK;
}

/* Find the end mark behind the plaintext; the padding must be the one padded_size gives. */
static enum status unpad(const uint8_t *p, size_t padded, size_t *plain)
{
	size_t n = padded;

	while (n && p[n - 1] == 0)
		n--;
	if (!n || p[n - 1] != 0x80 || padded_size(n - 1) != padded)
		return E_CRYPTO;
	*plain = n - 1;
	return OK;
}

enum status amr1_open(uint8_t *plain_out, size_t *plain_n, const struct key *k, const struct record_bind *bind, struct sv blob)
{
	const uint8_t *in = (const uint8_t *)blob.p;
	uint8_t class, ad[AD_SIZE];
	struct seal_keys keys;
	struct id key_id;
	size_t padded;
	enum status s = E_CRYPTO;

	*plain_n = 0;
	TRY(amr1_peek(blob, &class, &key_id));
	padded = blob.n - AMR1_HEAD - TAG;
	associated(ad, in, bind);
	derive(&keys, k, in + 24, ad);
	if (committed_open(plain_out, sv_bytes(in + AMR1_HEAD, padded + TAG), sv_bytes(ad, sizeof ad), in + 24, &keys,
			   in + COMMITTED))
		s = unpad(plain_out, padded, plain_n);
	wipe(&keys, sizeof keys);
	if (s != OK)
		wipe(plain_out, padded);
	else
		plain_out[*plain_n] = 0; /* the end mark; zeros follow it */
	return s;
}
