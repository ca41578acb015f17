/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Views of bytes: comparing, cutting, and reading whole numbers. Nothing here allocates or writes. */
#include "base/view.h"

#include <string.h>

struct sv sv_of(const char *zero_terminated)
{
	if (!zero_terminated)
		return SV_NONE;
	return (struct sv){ zero_terminated, strlen(zero_terminated) };
}

struct sv sv_bytes(const void *p, size_t n)
{
	return (struct sv){ p, n };
}

bool sv_equal(struct sv a, struct sv b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

bool sv_is(struct sv a, const char *literal)
{
	return sv_equal(a, sv_of(literal));
}

bool sv_starts(struct sv a, struct sv prefix)
{
	return a.n >= prefix.n && sv_equal((struct sv){ a.p, prefix.n }, prefix);
}

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

struct sv sv_trim(struct sv a)
{
	while (a.n && is_space(a.p[0])) {
		a.p++;
		a.n--;
	}
	while (a.n && is_space(a.p[a.n - 1]))
		a.n--;
	return a;
}

int sv_compare(struct sv a, struct sv b)
{
	size_t shorter = a.n < b.n ? a.n : b.n;
	int order = shorter ? memcmp(a.p, b.p, shorter) : 0;

	if (order)
		return order;
	return (a.n > b.n) - (a.n < b.n);
}

bool sv_cut(struct sv *rest, char sep, struct sv *part)
{
	const char *at;

	if (!rest->p)
		return false;
	at = rest->n ? memchr(rest->p, sep, rest->n) : NULL;
	if (!at) {
		*part = *rest;
		*rest = SV_NONE;
		return true;
	}
	*part = (struct sv){ rest->p, (size_t)(at - rest->p) };
	*rest = (struct sv){ at + 1, rest->n - part->n - 1 };
	return true;
}

bool sv_u64(struct sv a, uint64_t *out)
{
	uint64_t v = 0;

	if (!a.n)
		return false;
	for (size_t i = 0; i < a.n; i++) {
		if (a.p[i] < '0' || a.p[i] > '9')
			return false;
		if (__builtin_mul_overflow(v, UINT64_C(10), &v) || __builtin_add_overflow(v, (uint64_t)(a.p[i] - '0'), &v))
			return false;
	}
	*out = v;
	return true;
}

bool sv_i64(struct sv a, int64_t *out)
{
	bool negative = a.n && a.p[0] == '-';
	uint64_t v;

	if (negative) {
		a.p++;
		a.n--;
	}
	if (!sv_u64(a, &v) || v > (uint64_t)INT64_MAX + negative)
		return false;
	if (negative)
		*out = v ? -(int64_t)(v - 1) - 1 : 0;
	else
		*out = (int64_t)v;
	return true;
}
