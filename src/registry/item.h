/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REGISTRY_ITEM_H
#define REGISTRY_ITEM_H

#include "base/buf.h"

/* Data items of CBOR (RFC 8949) in deterministic encoding: shortest lengths, definite sizes, and of all types only those a part needs.
 * For part_encode and the sealed differences of record. */

enum item_kind { ITEM_UINT, ITEM_NEGATIVE, ITEM_BYTES, ITEM_TEXT, ITEM_ARRAY, ITEM_MAP, ITEM_NULL };
struct item {
	enum item_kind kind;
	uint64_t n;  /* value; for NEGATIVE -1 - n; number of elements or pairs */
	struct sv s; /* bytes or text, pointing into the source; text is checked UTF-8 */
};

void item_put_int(struct buf *b, int64_t v);
void item_put_bytes(struct buf *b, struct sv s);
void item_put_text(struct buf *b, struct sv s);
void item_put_array(struct buf *b, size_t n);
void item_put_map(struct buf *b, size_t n);
void item_put_null(struct buf *b);

/* Cut the next item off *rest (of a container only its head). E_CRYPTO when it is cut short, not the shortest form or of another type. */
enum status item_get(struct sv *rest, struct item *out) MUST_CHECK;
/* The value of UINT and NEGATIVE; false when it is another kind or does not fit. */
bool item_int(const struct item *item, int64_t *out);

#endif
