/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bounded reading of what buf wrote. A get past the end gives zeros and sets `bad` for good, so a parser checks once at its end. */
#include "base/buf.h"

#include <string.h>

struct reader reader_of(struct sv s)
{
	return (struct reader){ .p = (const uint8_t *)s.p, .n = s.n };
}

/* n bytes of the source, or NULL after noting the failure. */
static const uint8_t *take(struct reader *r, size_t n)
{
	const uint8_t *p = r->p;

	if (r->bad || n > r->n) {
		r->bad = true;
		return NULL;
	}
	if (n)
		r->p += n;
	r->n -= n;
	return p;
}

static uint64_t get_integer(struct reader *r, size_t size)
{
	const uint8_t *p = take(r, size);
	uint64_t v = 0;

	for (size_t i = 0; p && i < size; i++)
		v |= (uint64_t)p[i] << (8 * i);
	return v;
}

uint8_t get_u8(struct reader *r)
{
	return (uint8_t)get_integer(r, 1);
}

uint16_t get_u16(struct reader *r)
{
	return (uint16_t)get_integer(r, 2);
}

uint32_t get_u32(struct reader *r)
{
	return (uint32_t)get_integer(r, 4);
}

uint64_t get_u64(struct reader *r)
{
	return get_integer(r, 8);
}

void get_bytes(struct reader *r, void *out, size_t n)
{
	const uint8_t *p = take(r, n);

	if (!n)
		return;
	if (p)
		memcpy(out, p, n);
	else
		memset(out, 0, n);
}

struct sv get_view(struct reader *r, size_t n)
{
	const uint8_t *p = take(r, n);

	return r->bad ? SV_NONE : (struct sv){ (const char *)p, n };
}
