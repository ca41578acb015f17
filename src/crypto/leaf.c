/* SPDX-License-Identifier: GPL-3.0-or-later */
/* AMJ1, a journal leaf (sealed design 8): 192 bytes of numbers, ids and hashes, no text. Beside it lies a MAC under the journal key;
 * its hash goes into the tree. The one flag says that the leaf speaks of a row of the keeper, with the row's kind in the low byte. */
#include "crypto/bytes.h"

#define RESERVED 32
#define ROW_LEAF 0x8000u
#define ROW_KIND 0x00ffu
#define VERSION 1

_Static_assert(VERSION == SUITE, "the leaf opens like the other formats");
_Static_assert(AMJ1_SIZE == 160 + RESERVED, "AMJ1");

void amj1_write(uint8_t out[AMJ1_SIZE], const struct leaf *leaf)
{
	struct buf b = buf_over(out, AMJ1_SIZE);

	put_start(&b, "AMJ1", leaf->event, leaf->flags);
	buf_u64(&b, leaf->seq);
	buf_u64(&b, leaf->time_ms);
	buf_put(&b, leaf->actor.b, 16);
	buf_put(&b, leaf->organisation.b, 16);
	buf_put(&b, leaf->dossier.b, 16);
	buf_put(&b, leaf->object.b, 16);
	buf_u32(&b, leaf->class_mask);
	buf_u32(&b, leaf->purpose);
	buf_put(&b, leaf->detail, 32);
	buf_put(&b, leaf->blob, 32);
	buf_zeros(&b, RESERVED);
}

static bool flags_known(unsigned flags)
{
	return flags == 0 || ((flags & ~ROW_KIND) == ROW_LEAF && (flags & ROW_KIND) != 0);
}

enum status amj1_read(struct sv bytes, struct leaf *out)
{
	struct reader r = reader_of(bytes);

	if (bytes.n != AMJ1_SIZE || !get_start(&r, "AMJ1", &out->event, &out->flags))
		return E_CRYPTO;
	out->seq = get_u64(&r);
	out->time_ms = get_u64(&r);
	get_bytes(&r, out->actor.b, 16);
	get_bytes(&r, out->organisation.b, 16);
	get_bytes(&r, out->dossier.b, 16);
	get_bytes(&r, out->object.b, 16);
	out->class_mask = get_u32(&r);
	out->purpose = get_u32(&r);
	get_bytes(&r, out->detail, 32);
	get_bytes(&r, out->blob, 32);
	if (!all_zero(get_view(&r, RESERVED)) || !flags_known(out->flags))
		return E_CRYPTO;
	return out->event >= EV_LOGIN && out->event < EVENT_COUNT && out->class_mask >> CLASS_COUNT == 0 ? OK : E_CRYPTO;
}

void leaf_mac(uint8_t out[16], const uint8_t journal_key[32], const uint8_t leaf[AMJ1_SIZE])
{
	KDF(out, 16, "amana.leaf.mac.1", journal_key, 32, leaf, AMJ1_SIZE);
}
