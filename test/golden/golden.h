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
extern const struct golden golden_public[], golden_staff[];
extern const size_t golden_public_n, golden_staff_n;

struct sv say(enum language l, enum message m);
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#endif
