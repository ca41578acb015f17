/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Strict UTF-8 (Unicode 15, table 3-7): no overlong forms, no surrogates, nothing past U+10FFFF. No ICU, so that every process may
 * use it. */
#include "base/text.h"

/* Length of the well-formed sequence at the start of p, 0 when there is none. */
static size_t sequence(const uint8_t *p, size_t n)
{
	uint8_t low = 0x80, high = 0xbf;
	size_t need;

	if (p[0] < 0x80)
		return 1;
	if (p[0] < 0xc2 || p[0] > 0xf4)
		return 0;
	need = p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
	if (p[0] == 0xe0)
		low = 0xa0;
	else if (p[0] == 0xed)
		high = 0x9f;
	else if (p[0] == 0xf0)
		low = 0x90;
	else if (p[0] == 0xf4)
		high = 0x8f;
	if (n < need || p[1] < low || p[1] > high)
		return 0;
	for (size_t i = 2; i < need; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	return need;
}

bool utf8_valid(struct sv s)
{
	const uint8_t *p = (const uint8_t *)s.p;
	size_t at = 0;

	while (at < s.n) {
		size_t n = sequence(p + at, s.n - at);

		if (!n)
			return false;
		at += n;
	}
	return true;
}

size_t utf8_count(struct sv s)
{
	size_t count = 0;

	for (size_t i = 0; i < s.n; i++)
		count += ((uint8_t)s.p[i] & 0xc0) != 0x80;
	return count;
}

struct sv utf8_first(struct sv s, size_t count)
{
	size_t at = 0;

	while (at < s.n) {
		if (((uint8_t)s.p[at] & 0xc0) != 0x80 && count-- == 0)
			break;
		at++;
	}
	return (struct sv){ s.p, at };
}
