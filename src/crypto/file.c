/* SPDX-License-Identifier: GPL-3.0-or-later */
/* AMF1, a sealed file (sealed design 4.5): a header of 68 bytes, then chunks of 64 KiB, each sealed by itself. The chunk's number and
 * whether it is the last stand in its nonce, so chunks can neither be moved nor the file cut short unseen. The header does not commit
 * to the key: the file id in the key derivation and the record that names the file do. */
#include "crypto/bytes.h"
#include "crypto/seal.h"

#define PREFIX_AT 44
#define PREFIX 19
#define RESERVED 5
#define AD_SIZE (13 + AMF1_HEAD + BIND_RECORD)

_Static_assert(AMF1_HEAD == PREFIX_AT + PREFIX + RESERVED, "AMF1 header");
_Static_assert(PREFIX + 5 == 24, "chunk nonce");
_Static_assert(AMF1_TAG == TAG, "AEAD tag");

enum status amf1_head(uint8_t out[AMF1_HEAD], uint8_t class, struct id key_id, struct id file, const uint8_t prefix[19])
{
	struct buf b = buf_over(out, AMF1_HEAD);

	if (!class_known(class))
		return E_BUG;
	put_start(&b, "AMF1", class, 0);
	buf_put(&b, key_id.b, 16);
	buf_put(&b, file.b, 16);
	buf_u32(&b, AMF1_CHUNK);
	buf_put(&b, prefix, PREFIX);
	buf_zeros(&b, RESERVED);
	return buf_ok(&b);
}

enum status amf1_head_read(struct sv head, uint8_t *class, struct id *key_id, struct id *file)
{
	struct reader r = reader_of(head);
	uint16_t reserved;

	if (head.n != AMF1_HEAD || !get_start(&r, "AMF1", class, &reserved) || reserved || !class_known(*class))
		return E_CRYPTO;
	get_bytes(&r, key_id->b, 16);
	get_bytes(&r, file->b, 16);
	if (get_u32(&r) != AMF1_CHUNK)
		return E_CRYPTO;
	(void)get_view(&r, PREFIX);
	return all_zero(get_view(&r, RESERVED)) ? OK : E_CRYPTO;
}

void amf1_key(struct key *out, const struct key *k, struct id file)
{
	KDF(out->b, KEY_SIZE, "amana.file.key.1", k->b, KEY_SIZE, file.b, 16);
}

/* What a chunk is sealed with: its nonce and its associated data. E_CRYPTO for a header or bind that cannot be one of ours. */
static enum status chunk_frame(uint8_t nonce[24], uint8_t ad[AD_SIZE], const uint8_t head[AMF1_HEAD],
			       const struct record_bind *bind, uint32_t index, bool last)
{
	struct buf n = buf_over(nonce, 24), b = buf_over(ad, AD_SIZE);
	struct id key_id, file;
	uint8_t class;

	TRY(amf1_head_read(sv_bytes(head, AMF1_HEAD), &class, &key_id, &file));
	if (bind->version != 1 || bind->schema != 0)
		return E_CRYPTO;
	buf_put(&n, head + PREFIX_AT, PREFIX);
	buf_u32(&n, index);
	buf_byte(&n, last);
	buf_put(&b, "amana/file/1", 13);
	buf_put(&b, head, AMF1_HEAD);
	put_bind(&b, bind);
	return OK;
}

static bool size_good(size_t plain, bool last)
{
	return last ? plain > 0 && plain <= AMF1_CHUNK : plain == AMF1_CHUNK;
}

enum status amf1_seal_chunk(uint8_t *out, const struct key *file_key, const uint8_t head[AMF1_HEAD], const struct record_bind *bind,
			    uint32_t index, bool last, struct sv plain)
{
	uint8_t nonce[24], ad[AD_SIZE];

	if (!size_good(plain.n, last))
		return E_BUG;
	TRY(chunk_frame(nonce, ad, head, bind, index, last));
	aead_seal(out, plain.p, plain.n, sv_bytes(ad, sizeof ad), nonce, file_key->b);
	return OK;
}

enum status amf1_open_chunk(uint8_t *out, const struct key *file_key, const uint8_t head[AMF1_HEAD], const struct record_bind *bind,
			    uint32_t index, bool last, struct sv sealed)
{
	uint8_t nonce[24], ad[AD_SIZE];

	if (sealed.n < TAG || !size_good(sealed.n - TAG, last))
		return E_CRYPTO;
	TRY(chunk_frame(nonce, ad, head, bind, index, last));
	return aead_open(out, sealed, sv_bytes(ad, sizeof ad), nonce, file_key->b) ? OK : E_CRYPTO;
}
