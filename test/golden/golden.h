/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TEST_GOLDEN_H
#define TEST_GOLDEN_H

#include "templates.h"

/* One page with invented content, drawn in a language. Content stands in the page's language where a person would have typed it. */
typedef void draw_page(struct arena *a, struct buf *b, enum language l);
struct golden {
	const char *name;
	draw_page *draw;
};
extern const struct golden golden_public[], golden_staff[], golden_screening[];
extern const struct golden golden_casefile[], golden_people[];
extern const size_t golden_public_n, golden_staff_n, golden_screening_n;
extern const size_t golden_casefile_n, golden_people_n;

struct sv say(enum language l, enum message m);
/* Furniture of staff pages (staff.c). */
struct sv fr_ar(enum language l, const char *fr, const char *ar);
const struct tpl_shared_head *staff_head(struct arena *a, enum language l, struct sv title);
const struct tpl_shared_foot *staff_foot(struct arena *a);
const struct tpl_shared_field *staff_field(struct arena *a, enum language l, const char *name, enum message label,
					   struct tpl_shared_field f);
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#endif
