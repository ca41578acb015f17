/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_VIEW_H
#define BASE_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A view of bytes somebody else owns. Never owned, never freed, may hold any byte; `p` may be NULL only when n is 0. */
struct sv {
	const char *p;
	size_t n;
};

#define SV(literal) ((struct sv){ "" literal, sizeof(literal) - 1 })
#define SV_NONE ((struct sv){ NULL, 0 })

struct sv sv_of(const char *zero_terminated); /* NULL gives SV_NONE */
struct sv sv_bytes(const void *p, size_t n);
bool sv_equal(struct sv a, struct sv b);
bool sv_is(struct sv a, const char *literal);
bool sv_starts(struct sv a, struct sv prefix);
struct sv sv_trim(struct sv a);           /* ASCII white space at both ends */
int sv_compare(struct sv a, struct sv b); /* by bytes, as memcmp */
/* Cut `*rest` at the first `sep`: gives the part before, moves *rest behind it. False when *rest was SV_NONE (p NULL). */
bool sv_cut(struct sv *rest, char sep, struct sv *part);
/* Whole decimal number, no sign for u64; false when empty, not a number or out of range. */
bool sv_u64(struct sv a, uint64_t *out);
bool sv_i64(struct sv a, int64_t *out);

#endif
