/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/arena.h"
#include "base/status.h"

/* A byte buffer that grows in an arena up to a maximum given at creation, and remembers that it overflowed: appends need no
 * check each, one buf_ok at the end is enough. After overflow appends do nothing. */
struct buf {
	struct arena *arena;
	char *p;
	size_t n, room, max;
	bool overflow;
	struct buf_known *known; /* where buf_known put text, in order; NULL = not noted */
};
/* The places of a page that hold our own words alone, never what a person wrote (web/pack.c packs no others). */
struct buf_known {
	struct buf_span {
		size_t from, to;
	} * list;
	size_t n, room;
};

struct buf buf_new(struct arena *a, size_t first, size_t max);
/* A buffer over caller's memory: never grows. */
struct buf buf_over(void *memory, size_t size);
void buf_put(struct buf *b, const void *p, size_t n);
void buf_known(struct buf *b, const void *p, size_t n); /* put, and note where, when the buffer notes */
void buf_sv(struct buf *b, struct sv s);
void buf_text(struct buf *b, const char *zero_terminated);
void buf_byte(struct buf *b, uint8_t c);
void buf_u16(struct buf *b, uint16_t v); /* little-endian, as all integers of the formats */
void buf_u32(struct buf *b, uint32_t v);
void buf_u64(struct buf *b, uint64_t v);
void buf_zeros(struct buf *b, size_t n);
void buf_decimal(struct buf *b, int64_t v);
void buf_hex(struct buf *b, const void *p, size_t n);
void buf_format(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
static inline struct sv buf_view(const struct buf *b)
{
	return (struct sv){ b->p, b->n };
}
enum status buf_ok(const struct buf *b) MUST_CHECK; /* E_LIMIT after overflow */

/* Reading back, bounded: every get checks; after the first failure `bad` stays set and gets give zeros. */
struct reader {
	const uint8_t *p;
	size_t n;
	bool bad;
};
struct reader reader_of(struct sv s);
uint8_t get_u8(struct reader *r);
uint16_t get_u16(struct reader *r);
uint32_t get_u32(struct reader *r);
uint64_t get_u64(struct reader *r);
void get_bytes(struct reader *r, void *out, size_t n);
struct sv get_view(struct reader *r, size_t n); /* points into the source */

#endif
