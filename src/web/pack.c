/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pages packed without telling what stands in them (doc/adr/0008-packed-pages.md). An ordinary packer writes "as 200 bytes before" for
 * whatever stands twice, so a page with the words of two people is shorter when they are alike; who may write one of them (anybody may
 * report) and sees how long the page is guesses the other. Here only our own words (buf_known) are found again, and the code of every byte
 * is constant, so the words of people cost the same whatever stands beside them.
 *
 * The format is deflate (RFC 1951) in gzip (RFC 1952): one block with code lengths of its own, always the same ones. */
#include "web/pack.h"

#include <string.h>

#define LITERALS 286
#define DISTANCES 30
#define BLOCK_END 256
#define MATCH_MIN 4
#define MATCH_MAX 258
#define WINDOW 32768
#define HASH_BITS 12
#define TRIES 12 /* older places looked at for a longer match */
#define LONG 32  /* good enough to look no further */

/* A Huffman code over the demo's staff pages and texts in three languages. Any complete code would do. */
static const uint8_t literal_bits[286] = {
	12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 8,  12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12,
	12, 12, 12, 4,  11, 6,  11, 12, 12, 12, 12, 11, 11, 12, 11, 9,  8,  7,  7,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,
	9,  11, 7,  8,  7,  10, 12, 9,  10, 9,  9,  9,  9,  10, 10, 10, 10, 10, 9,  9,  9,  9,  9,  10, 9,  9,  9,  10, 9,
	10, 10, 9,  10, 12, 12, 12, 12, 10, 12, 5,  7,  6,  6,  5,  7,  7,  7,  6,  9,  8,  6,  7,  6,  6,  7,  9,  5,  5,
	5,  6,  7,  8,  9,  8,  9,  10, 12, 10, 12, 12, 9,  8,  8,  8,  6,  7,  8,  8,  8,  9,  7,  12, 10, 12, 11, 11, 12,
	11, 12, 12, 12, 12, 11, 11, 11, 9,  11, 11, 11, 11, 11, 10, 9,  10, 10, 8,  11, 9,  10, 6,  8,  7,  7,  10, 9,  8,
	9,  8,  9,  7,  10, 8,  9,  9,  10, 9,  10, 8,  9,  10, 11, 11, 11, 11, 11, 11, 9,  8,  11, 11, 11, 11, 11, 11, 11,
	11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 4,  4,  11, 11, 11, 11, 11, 11, 11, 11, 9,  11, 11, 11, 11, 11,
	11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 5,  6,  6,
	7,  7,  8,  8,  8,  8,  9,  9,  8,  9,  9,  10, 9,  10, 10, 10, 11, 11, 11, 11, 11, 11, 11, 11, 11,
};
static const uint8_t distance_bits[30] = {
	9, 9, 9, 9, 9, 7, 6, 6, 5, 5, 5, 5, 4, 5, 5, 4, 4, 4, 3, 4, 3, 4, 4, 5, 6, 6, 7, 9, 9, 9,
};
static const uint16_t length_from[29] = { 3,  4,  5,  6,  7,  8,  9,  10, 11,  13,  15,  17,  19,  23, 27,
					  31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258 };
static const uint16_t distance_from[DISTANCES] = { 1,    2,    3,    4,    5,    7,    9,    13,    17,    25,
						   33,   49,   65,   97,   129,  193,  257,  385,   513,   769,
						   1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577 };

struct packer {
	uint8_t *out; /* room for all: no code is longer than 12 bits */
	size_t out_n;
	uint64_t bits; /* not written yet, the first lowest */
	unsigned bit_count;
	uint16_t literal[LITERALS], distance[DISTANCES]; /* codes, first bit lowest */
	const uint8_t *page;
	uint8_t *known; /* by place on the page: 1 = a word of ours */
	size_t n;
	uint32_t head[1 << HASH_BITS]; /* newest place + 1 of words that begin so */
	uint32_t *older;               /* by place: the one before it, + 1 */
};

static void put_bits(struct packer *p, uint32_t bits, unsigned count)
{
	p->bits |= (uint64_t)bits << p->bit_count;
	for (p->bit_count += count; p->bit_count >= 8; p->bit_count -= 8) {
		p->out[p->out_n++] = (uint8_t)p->bits;
		p->bits >>= 8;
	}
}

static uint16_t mirrored(unsigned code, unsigned bits)
{
	unsigned out = 0;

	for (unsigned i = 0; i < bits; i++)
		out |= (code >> i & 1) << (bits - 1 - i);
	return (uint16_t)out;
}

/* RFC 1951 3.2.2: shorter codes first, equal ones by symbol. */
static void codes(const uint8_t *bits, size_t n, uint16_t *out)
{
	unsigned code = 0;

	for (unsigned length = 1; length <= 15; length++) {
		for (size_t i = 0; i < n; i++)
			if (bits[i] == length)
				out[i] = mirrored(code++, length);
		code <<= 1;
	}
}

/* The block's head: code lengths 0 to 15 as four bits each, the marks for repeated lengths not used. */
static void put_head(struct packer *p)
{
	static const uint8_t gzip[10] = { 0x1f, 0x8b, 8, [9] = 255 };

	memcpy(p->out, gzip, sizeof(gzip));
	p->out_n = sizeof(gzip);
	put_bits(p, 1 | 2 << 1, 3); /* the last block, with codes of its own */
	put_bits(p, LITERALS - 257, 5);
	put_bits(p, DISTANCES - 1, 5);
	put_bits(p, 19 - 4, 4);
	for (int i = 0; i < 19; i++)
		put_bits(p, i < 3 ? 0 : 4, 3);
	for (size_t i = 0; i < LITERALS; i++)
		put_bits(p, mirrored(literal_bits[i], 4), 4);
	for (size_t i = 0; i < DISTANCES; i++)
		put_bits(p, mirrored(distance_bits[i], 4), 4);
}

static void put_literal(struct packer *p, unsigned symbol)
{
	put_bits(p, p->literal[symbol], literal_bits[symbol]);
}

/* The row of a table that a number falls into, then how far behind its start it is. */
static unsigned row_of(const uint16_t *from, unsigned n, size_t value)
{
	unsigned row = n - 1;

	while (from[row] > value)
		row--;
	return row;
}

static unsigned extra_bits(const uint16_t *from, unsigned n, unsigned row)
{
	unsigned room = row + 1 < n ? (unsigned)(from[row + 1] - from[row]) : 1U, bits = 0;

	while (1U << (bits + 1) <= room)
		bits++;
	return bits;
}

static void put_match(struct packer *p, size_t length, size_t distance)
{
	unsigned row = row_of(length_from, 29, length);

	put_literal(p, 257 + row);
	put_bits(p, (uint32_t)(length - length_from[row]), row >= 27 ? (row == 27 ? 5 : 0) : extra_bits(length_from, 29, row));
	row = row_of(distance_from, DISTANCES, distance);
	put_bits(p, p->distance[row], distance_bits[row]);
	put_bits(p, (uint32_t)(distance - distance_from[row]),
		 row == DISTANCES - 1 ? 13 : extra_bits(distance_from, DISTANCES, row));
}

/* --- finding words of ours again ---------------------------------------------------------------------------------------------- */

static bool all_known(const struct packer *p, size_t at)
{
	return at + MATCH_MIN <= p->n && p->known[at] && p->known[at + 1] && p->known[at + 2] && p->known[at + 3];
}

static uint32_t *slot(struct packer *p, size_t at)
{
	uint32_t word;

	memcpy(&word, p->page + at, sizeof(word));
	return &p->head[(word * 2654435761U) >> (32 - HASH_BITS)];
}

static void remember(struct packer *p, size_t at)
{
	uint32_t *newest;

	if (!all_known(p, at))
		return;
	newest = slot(p, at);
	p->older[at] = *newest;
	*newest = (uint32_t)at + 1;
}

static size_t alike(const struct packer *p, size_t old, size_t at)
{
	size_t n = 0;

	while (n < MATCH_MAX && at + n < p->n && p->known[old + n] && p->known[at + n] && p->page[old + n] == p->page[at + n])
		n++;
	return n;
}

static size_t find(struct packer *p, size_t at, size_t *distance)
{
	size_t best = 0;
	uint32_t next = all_known(p, at) ? *slot(p, at) : 0;

	for (int tries = 0; next > 0 && best < LONG && tries < TRIES; tries++) {
		size_t old = next - 1, n;

		if (at - old > WINDOW)
			break;
		n = alike(p, old, at);
		if (n > best) {
			best = n;
			*distance = at - old;
		}
		next = p->older[old];
	}
	return best < MATCH_MIN ? 0 : best;
}

static void put_page(struct packer *p)
{
	for (size_t at = 0; at < p->n;) {
		size_t distance = 0, n = find(p, at, &distance);

		if (n > 0) {
			put_match(p, n, distance);
		} else {
			put_literal(p, p->page[at]);
			n = 1;
		}
		for (; n > 0; n--)
			remember(p, at++);
	}
	put_literal(p, BLOCK_END);
	put_bits(p, 0, (8 - p->bit_count) % 8); /* to the end of the byte */
}

static uint32_t checksum(const uint8_t *bytes, size_t n)
{
	uint32_t table[256], sum = ~0U;

	for (uint32_t i = 0; i < 256; i++) {
		table[i] = i;
		for (int bit = 0; bit < 8; bit++)
			table[i] = table[i] >> 1 ^ (table[i] & 1 ? 0xedb88320U : 0);
	}
	for (size_t i = 0; i < n; i++)
		sum = sum >> 8 ^ table[(sum ^ bytes[i]) & 255];
	return ~sum;
}

struct sv pack_gzip(struct arena *a, const struct buf *page)
{
	struct packer *p = ARENA_NEW(a, struct packer);

	p->page = (const uint8_t *)page->p;
	p->n = page->n;
	p->known = arena_alloc(a, p->n + 1);
	p->older = ARENA_ARRAY(a, uint32_t, p->n + 1);
	p->out = arena_alloc(a, 2 * p->n + 1024);
	for (size_t i = 0; page->known != NULL && i < page->known->n; i++) {
		const struct buf_span *s = &page->known->list[i];

		if (s->to <= p->n)
			memset(p->known + s->from, 1, s->to - s->from);
	}
	codes(literal_bits, LITERALS, p->literal);
	codes(distance_bits, DISTANCES, p->distance);
	put_head(p);
	put_page(p);
	put_bits(p, checksum(p->page, p->n), 32);
	put_bits(p, (uint32_t)p->n, 32);
	return (struct sv){ (const char *)p->out, p->out_n };
}
