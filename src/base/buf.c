/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The growing byte buffer. It doubles inside its arena (the old copy is wiped with the arena) and stops at its maximum: from then on
 * appends do nothing and buf_ok says so. A buffer over caller's memory has no arena and never grows. All integers are little-endian,
 * as in the sealed formats. */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define SMALLEST 64

struct buf buf_new(struct arena *a, size_t first, size_t max)
{
	size_t room = first < SMALLEST ? SMALLEST : first;

	if (room > max)
		room = max;
	return (struct buf){ .arena = a, .p = arena_alloc(a, room), .room = room, .max = max };
}

struct buf buf_over(void *memory, size_t size)
{
	return (struct buf){ .p = memory, .room = size, .max = size };
}

/* Make room for n more bytes, or note the overflow. */
static bool reserve(struct buf *b, size_t n)
{
	size_t need, room;
	char *grown;

	if (b->overflow)
		return false;
	if (n <= b->room - b->n)
		return true;
	if (!b->arena || n > b->max - b->n) {
		b->overflow = true;
		return false;
	}
	need = b->n + n;
	room = b->room > b->max / 2 ? b->max : b->room * 2;
	if (room < need)
		room = need;
	grown = arena_alloc(b->arena, room);
	if (b->n)
		memcpy(grown, b->p, b->n);
	b->p = grown;
	b->room = room;
	return true;
}

void buf_put(struct buf *b, const void *p, size_t n)
{
	if (!n || !reserve(b, n))
		return;
	memcpy(b->p + b->n, p, n);
	b->n += n;
}

/* Spans behind the end belong to text that was thrown away. */
static void note(struct buf *b, size_t from)
{
	struct buf_known *k = b->known;

	while (k->n > 0 && k->list[k->n - 1].to > from)
		k->n--;
	if (k->n > 0 && k->list[k->n - 1].to == from) {
		k->list[k->n - 1].to = b->n;
		return;
	}
	if (k->n == k->room) {
		struct buf_span *list;

		k->room = k->room == 0 ? 256 : 2 * k->room;
		list = arena_alloc(b->arena, k->room * sizeof(*list));
		if (k->n > 0)
			memcpy(list, k->list, k->n * sizeof(*list));
		k->list = list;
	}
	k->list[k->n++] = (struct buf_span){ from, b->n };
}

void buf_known(struct buf *b, const void *p, size_t n)
{
	size_t from = b->n;

	buf_put(b, p, n);
	if (b->known != NULL && b->n > from)
		note(b, from);
}

void buf_sv(struct buf *b, struct sv s)
{
	buf_put(b, s.p, s.n);
}

void buf_text(struct buf *b, const char *zero_terminated)
{
	buf_put(b, zero_terminated, strlen(zero_terminated));
}

void buf_byte(struct buf *b, uint8_t c)
{
	buf_put(b, &c, 1);
}

static void put_integer(struct buf *b, uint64_t v, size_t size)
{
	uint8_t bytes[8];

	for (size_t i = 0; i < size; i++)
		bytes[i] = (uint8_t)(v >> (8 * i));
	buf_put(b, bytes, size);
}

void buf_u16(struct buf *b, uint16_t v)
{
	put_integer(b, v, 2);
}

void buf_u32(struct buf *b, uint32_t v)
{
	put_integer(b, v, 4);
}

void buf_u64(struct buf *b, uint64_t v)
{
	put_integer(b, v, 8);
}

void buf_zeros(struct buf *b, size_t n)
{
	if (!n || !reserve(b, n))
		return;
	memset(b->p + b->n, 0, n);
	b->n += n;
}

void buf_decimal(struct buf *b, int64_t v)
{
	char digits[20];
	size_t at = sizeof digits;
	uint64_t left = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;

	do {
		digits[--at] = (char)('0' + left % 10);
		left /= 10;
	} while (left);
	if (v < 0)
		digits[--at] = '-';
	buf_put(b, digits + at, sizeof digits - at);
}

void buf_hex(struct buf *b, const void *p, size_t n)
{
	static const char digits[] = "0123456789abcdef";
	const uint8_t *bytes = p;

	if (n > SIZE_MAX / 2) {
		b->overflow = true;
		return;
	}
	if (!reserve(b, 2 * n))
		return;
	for (size_t i = 0; i < n; i++) {
		b->p[b->n++] = digits[bytes[i] >> 4];
		b->p[b->n++] = digits[bytes[i] & 15];
	}
}

/* The text and the zero printf ends it with must both fit; the zero is not counted. */
void buf_format(struct buf *b, const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (n < 0) {
		b->overflow = true;
		return;
	}
	if (!reserve(b, (size_t)n + 1))
		return;
	va_start(args, format);
	(void)vsnprintf(b->p + b->n, (size_t)n + 1, format, args);
	va_end(args);
	b->n += (size_t)n;
}

enum status buf_ok(const struct buf *b)
{
	return b->overflow ? E_LIMIT : OK;
}
