/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is done to pixels between decoder and encoder: reduce, turn, put on white. */
#include "media/picture.h"

#include <unistd.h>

#include "base/heap.h"

#define OPAQUE 255

_Noreturn void picture_refuse(enum media_refusal why)
{
	_exit(REFUSED_EXIT + (int)why);
}

void picture_allowed(uint32_t width, uint32_t height)
{
	if (width == 0 || height == 0)
		picture_refuse(MEDIA_DAMAGED);
	if ((uint64_t)width * height > MEDIA_PIXELS_MAX)
		picture_refuse(MEDIA_PIXELS);
}

static struct picture picture_new(uint32_t width, uint32_t height, unsigned channels)
{
	return (struct picture){ width, height, channels, heap_new((size_t)width * height, channels) };
}

/* One side in proportion to the longest, at least 1. */
static uint32_t reduced(uint32_t side, uint32_t longest)
{
	uint64_t n = longest <= MEDIA_SIDE_MAX ? side : (uint64_t)side * MEDIA_SIDE_MAX / longest;

	return n > 0 ? (uint32_t)n : 1;
}

struct shrink shrink_new(uint32_t width, uint32_t height, unsigned channels)
{
	uint32_t longest = width > height ? width : height;
	struct shrink s = { .width = width, .height = height };

	s.out = picture_new(reduced(width, longest), reduced(height, longest), channels);
	s.sums = heap_new((size_t)s.out.width * channels, sizeof(*s.sums));
	s.counts = heap_new(s.out.width, sizeof(*s.counts));
	return s;
}

/* Add one source pixel to the sums of its final pixel: colours weighted by opacity, the opacity itself, and how many there were. */
static void add(struct shrink *s, uint32_t x, const uint8_t *pixel)
{
	unsigned n = s->out.channels;
	uint32_t *sum = s->sums + (size_t)x * n;
	uint32_t weight = n == 4 ? pixel[3] : 1;

	for (unsigned i = 0; i < 3; i++)
		sum[i] += pixel[i] * weight;
	if (n == 4)
		sum[3] += weight;
	s->counts[x]++;
}

static void finish_pixel(struct shrink *s, uint32_t x, uint8_t *pixel)
{
	unsigned n = s->out.channels;
	uint32_t *sum = s->sums + (size_t)x * n;
	uint32_t weight = n == 4 ? sum[3] : s->counts[x];

	for (unsigned i = 0; i < 3; i++)
		pixel[i] = weight ? (uint8_t)((sum[i] + weight / 2) / weight) : 0;
	if (n == 4)
		pixel[3] = (uint8_t)(sum[3] / s->counts[x]);
	for (unsigned i = 0; i < n; i++)
		sum[i] = 0;
	s->counts[x] = 0;
}

void shrink_row(struct shrink *s, const uint8_t *row)
{
	uint32_t y = (uint32_t)((uint64_t)s->row * s->out.height / s->height);
	uint32_t next = (uint32_t)((uint64_t)(s->row + 1) * s->out.height / s->height);

	for (uint32_t x = 0; x < s->width; x++)
		add(s, (uint32_t)((uint64_t)x * s->out.width / s->width), row + (size_t)x * s->out.channels);
	s->row++;
	if (next == y)
		return;
	for (uint32_t x = 0; x < s->out.width; x++)
		finish_pixel(s, x, s->out.p + ((size_t)y * s->out.width + x) * s->out.channels);
}

/* EXIF: 1 upright, 2 mirrored, 3 upside down, 4 both, 5-8 the same four with rows and columns exchanged. */
struct picture picture_turn(struct picture in, unsigned orientation)
{
	bool swap = orientation >= 5, flip_x, flip_y;
	struct picture out;

	if (orientation <= 1)
		return in;
	flip_x = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
	flip_y = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
	out = picture_new(swap ? in.height : in.width, swap ? in.width : in.height, in.channels);
	for (uint32_t y = 0; y < out.height; y++)
		for (uint32_t x = 0; x < out.width; x++) {
			uint32_t from_x = swap ? y : x, from_y = swap ? x : y;

			from_x = flip_x ? in.width - 1 - from_x : from_x;
			from_y = flip_y ? in.height - 1 - from_y : from_y;
			for (unsigned i = 0; i < in.channels; i++)
				out.p[((size_t)y * out.width + x) * in.channels + i] =
					in.p[((size_t)from_y * in.width + from_x) * in.channels + i];
		}
	heap_free(in.p);
	return out;
}

struct picture picture_on_white(struct picture in)
{
	struct picture out;

	if (in.channels == 3)
		return in;
	out = picture_new(in.width, in.height, 3);
	for (size_t i = 0; i < (size_t)in.width * in.height; i++) {
		const uint8_t *from = in.p + 4 * i;

		for (unsigned c = 0; c < 3; c++)
			out.p[3 * i + c] = (uint8_t)((from[c] * from[3] + 255u * (OPAQUE - from[3])) / OPAQUE);
	}
	return out;
}
