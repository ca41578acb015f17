/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MEDIA_PICTURE_H
#define MEDIA_PICTURE_H

#include "media/client.h"

/* Pictures inside the child. Every function here runs in a process of its own that lives for one file: what cannot go on ends the
 * process with picture_refuse, so no decoder is ever used again after an error, and nothing is given back. */

#define REFUSED_EXIT 10 /* exit status of a child = REFUSED_EXIT + enum media_refusal; 0 = the result is written */
_Noreturn void picture_refuse(enum media_refusal why);

struct picture {
	uint32_t width, height;
	unsigned channels; /* 3 RGB, 4 RGBA; 8 bits each, rows without gaps */
	uint8_t *p;
};

/* Decode, reduced to at most MEDIA_SIDE_MAX a side. */
struct picture png_decode(struct sv content);
struct picture jpeg_decode(struct sv content); /* turned upright by its EXIF orientation */
struct picture webp_decode(struct sv content);
/* Bytes written, or 0 when they do not fit into max. */
size_t png_encode(const struct picture *in, uint8_t *out, size_t max);
size_t jpeg_encode(const struct picture *in, uint8_t *out, size_t max); /* 3 channels only */

/* More than MEDIA_PIXELS_MAX or no pixel at all: refused. */
void picture_allowed(uint32_t width, uint32_t height);
struct picture picture_turn(struct picture in, unsigned exif_orientation);
struct picture picture_on_white(struct picture in); /* 3 channels */

/* Row by row to the final size, so that a large picture never lies in memory whole: each final pixel is the mean of the source pixels
 * that fall on it, weighted by their opacity. */
struct shrink {
	uint32_t width, height; /* of the source */
	uint32_t row;           /* next source row */
	uint32_t *sums, *counts;
	struct picture out;
};
struct shrink shrink_new(uint32_t width, uint32_t height, unsigned channels);
void shrink_row(struct shrink *s, const uint8_t *row);

#endif
