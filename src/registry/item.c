/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CBOR through libcbor's streaming half, which allocates nothing. Its decoder takes one item a call; whatever we do not use (floats, tags,
 * indefinite lengths, booleans) falls to a callback that marks the item as refused, and a head longer than it need be is found by
 * encoding it again. */
#include "base/text.h"
#include "registry/item.h"

#include <cbor.h>

#define HEAD_MAX 9

static void put(struct buf *b, const unsigned char *head, size_t n)
{
	buf_put(b, head, n);
}

void item_put_int(struct buf *b, int64_t v)
{
	unsigned char head[HEAD_MAX];

	if (v < 0)
		put(b, head, cbor_encode_negint((uint64_t)(-1 - v), head, sizeof head));
	else
		put(b, head, cbor_encode_uint((uint64_t)v, head, sizeof head));
}

void item_put_bytes(struct buf *b, struct sv s)
{
	unsigned char head[HEAD_MAX];

	put(b, head, cbor_encode_bytestring_start(s.n, head, sizeof head));
	buf_sv(b, s);
}

void item_put_text(struct buf *b, struct sv s)
{
	unsigned char head[HEAD_MAX];

	put(b, head, cbor_encode_string_start(s.n, head, sizeof head));
	buf_sv(b, s);
}

void item_put_array(struct buf *b, size_t n)
{
	unsigned char head[HEAD_MAX];

	put(b, head, cbor_encode_array_start(n, head, sizeof head));
}

void item_put_map(struct buf *b, size_t n)
{
	unsigned char head[HEAD_MAX];

	put(b, head, cbor_encode_map_start(n, head, sizeof head));
}

void item_put_null(struct buf *b)
{
	unsigned char head[HEAD_MAX];

	put(b, head, cbor_encode_null(head, sizeof head));
}

/* --- reading ------------------------------------------------------------------------------------------------------------------ */

struct reading {
	struct item *item;
	bool known;
};

static void know(void *arg, enum item_kind kind, uint64_t n, struct sv s)
{
	struct reading *r = arg;

	*r->item = (struct item){ kind, n, s };
	r->known = true;
}

static void on_uint8(void *r, uint8_t v)
{
	know(r, ITEM_UINT, v, SV_NONE);
}
static void on_uint16(void *r, uint16_t v)
{
	know(r, ITEM_UINT, v, SV_NONE);
}
static void on_uint32(void *r, uint32_t v)
{
	know(r, ITEM_UINT, v, SV_NONE);
}
static void on_uint64(void *r, uint64_t v)
{
	know(r, ITEM_UINT, v, SV_NONE);
}
static void on_negative8(void *r, uint8_t v)
{
	know(r, ITEM_NEGATIVE, v, SV_NONE);
}
static void on_negative16(void *r, uint16_t v)
{
	know(r, ITEM_NEGATIVE, v, SV_NONE);
}
static void on_negative32(void *r, uint32_t v)
{
	know(r, ITEM_NEGATIVE, v, SV_NONE);
}
static void on_negative64(void *r, uint64_t v)
{
	know(r, ITEM_NEGATIVE, v, SV_NONE);
}
static void on_bytes(void *r, cbor_data p, size_t n)
{
	know(r, ITEM_BYTES, n, (struct sv){ (const char *)p, n });
}
static void on_text(void *r, cbor_data p, size_t n)
{
	know(r, ITEM_TEXT, n, (struct sv){ (const char *)p, n });
}
static void on_array(void *r, size_t n)
{
	know(r, ITEM_ARRAY, n, SV_NONE);
}
static void on_map(void *r, size_t n)
{
	know(r, ITEM_MAP, n, SV_NONE);
}
static void on_null(void *r)
{
	know(r, ITEM_NULL, 0, SV_NONE);
}
static void on_simple(void *r)
{
	(void)r;
}
static void on_tag(void *r, uint64_t v)
{
	(void)r, (void)v;
}
static void on_float(void *r, float v)
{
	(void)r, (void)v;
}
static void on_double(void *r, double v)
{
	(void)r, (void)v;
}
static void on_boolean(void *r, bool v)
{
	(void)r, (void)v;
}

static const struct cbor_callbacks callbacks = {
	.uint8 = on_uint8,
	.uint16 = on_uint16,
	.uint32 = on_uint32,
	.uint64 = on_uint64,
	.negint8 = on_negative8,
	.negint16 = on_negative16,
	.negint32 = on_negative32,
	.negint64 = on_negative64,
	.byte_string = on_bytes,
	.byte_string_start = on_simple,
	.string = on_text,
	.string_start = on_simple,
	.array_start = on_array,
	.indef_array_start = on_simple,
	.map_start = on_map,
	.indef_map_start = on_simple,
	.tag = on_tag,
	.float2 = on_float,
	.float4 = on_float,
	.float8 = on_double,
	.undefined = on_simple,
	.null = on_null,
	.boolean = on_boolean,
	.indef_break = on_simple,
};

/* Bytes of the shortest head for a value, length or count. */
static size_t head_size(uint64_t n)
{
	return n < 24 ? 1 : n <= UINT8_MAX ? 2 : n <= UINT16_MAX ? 3 : n <= UINT32_MAX ? 5 : 9;
}

enum status item_get(struct sv *rest, struct item *out)
{
	struct reading r = { out, false };
	struct cbor_decoder_result got;
	size_t want;

	if (!rest->n)
		return E_CRYPTO;
	got = cbor_stream_decode((cbor_data)rest->p, rest->n, &callbacks, &r);
	if (got.status != CBOR_DECODER_FINISHED || !r.known)
		return E_CRYPTO;
	want = out->kind == ITEM_NULL ? 1 : head_size(out->n) + out->s.n;
	if (got.read != want || (out->kind == ITEM_TEXT && !utf8_valid(out->s)))
		return E_CRYPTO;
	rest->p += got.read;
	rest->n -= got.read;
	return OK;
}

bool item_int(const struct item *item, int64_t *out)
{
	if ((item->kind != ITEM_UINT && item->kind != ITEM_NEGATIVE) || item->n > INT64_MAX)
		return false;
	*out = item->kind == ITEM_UINT ? (int64_t)item->n : -1 - (int64_t)item->n;
	return true;
}
