/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PNG through libpng. Its errors end the child, which is why no long jump is needed. */
#include <png.h>
#include <string.h>

#include "base/heap.h"
#include "media/picture.h"

#define CHUNK_MEMORY_MAX (8u << 20) /* of one unpacked text or colour chunk */
#define CHUNKS_KEPT 16

static void on_error(png_structp png, png_const_charp what)
{
	picture_refuse(MEDIA_DAMAGED);
}

static void on_warning(png_structp png, png_const_charp what) {}

static void take(png_structp png, png_bytep out, size_t n)
{
	struct sv *rest = png_get_io_ptr(png);

	if (n > rest->n)
		picture_refuse(MEDIA_DAMAGED);
	memcpy(out, rest->p, n);
	rest->p += n;
	rest->n -= n;
}

static uint32_t head_number(struct sv s, size_t at)
{
	const uint8_t *p = (const uint8_t *)s.p + at;

	return s.n < at + 4 ? 0 : (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* Every colour type and depth becomes 8-bit RGB, or RGBA when there is any transparency. */
static void to_plain(png_structp png, png_infop info)
{
	png_set_expand(png);
	png_set_scale_16(png);
	png_set_gray_to_rgb(png);
	png_set_interlace_handling(png);
	png_read_update_info(png, info);
}

static void read_interlaced(png_structp png, struct shrink *s, size_t row_size)
{
	png_bytep all = heap_new(s->height, row_size);
	png_bytepp rows = heap_new(s->height, sizeof(*rows));

	for (uint32_t y = 0; y < s->height; y++)
		rows[y] = all + y * row_size;
	png_read_image(png, rows);
	for (uint32_t y = 0; y < s->height; y++)
		shrink_row(s, rows[y]);
}

static void read_rows(png_structp png, struct shrink *s, size_t row_size)
{
	png_bytep row = heap_new(1, row_size);

	for (uint32_t y = 0; y < s->height; y++) {
		png_read_row(png, row, NULL);
		shrink_row(s, row);
	}
}

struct picture png_decode(struct sv content)
{
	png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, NULL, on_error, on_warning);
	png_infop info = png ? png_create_info_struct(png) : NULL;
	struct shrink s;

	picture_allowed(head_number(content, 16), head_number(content, 20));
	if (!info)
		picture_refuse(MEDIA_EFFORT);
	png_set_user_limits(png, MEDIA_PIXELS_MAX, MEDIA_PIXELS_MAX);
	png_set_chunk_malloc_max(png, CHUNK_MEMORY_MAX);
	png_set_chunk_cache_max(png, CHUNKS_KEPT);
	png_set_read_fn(png, &content, take);
	png_read_info(png, info);
	to_plain(png, info);
	s = shrink_new(png_get_image_width(png, info), png_get_image_height(png, info), png_get_channels(png, info));
	if (png_get_interlace_type(png, info) == PNG_INTERLACE_NONE)
		read_rows(png, &s, png_get_rowbytes(png, info));
	else
		read_interlaced(png, &s, png_get_rowbytes(png, info));
	png_read_end(png, NULL);
	return s.out;
}

struct sink {
	uint8_t *p;
	size_t n, max;
	bool overflow;
};

static void put(png_structp png, png_bytep bytes, size_t n)
{
	struct sink *sink = png_get_io_ptr(png);

	sink->overflow = sink->overflow || n > sink->max - sink->n;
	if (sink->overflow)
		return;
	memcpy(sink->p + sink->n, bytes, n);
	sink->n += n;
}

static void flush(png_structp png) {}

size_t png_encode(const struct picture *in, uint8_t *out, size_t max)
{
	png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, on_error, on_warning);
	png_infop info = png ? png_create_info_struct(png) : NULL;
	struct sink sink = { .p = out, .max = max };

	if (!info)
		picture_refuse(MEDIA_EFFORT);
	png_set_write_fn(png, &sink, put, flush);
	png_set_IHDR(png, info, in->width, in->height, 8, in->channels == 4 ? PNG_COLOR_TYPE_RGB_ALPHA : PNG_COLOR_TYPE_RGB,
		     PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
	png_write_info(png, info);
	for (uint32_t y = 0; y < in->height && !sink.overflow; y++)
		png_write_row(png, in->p + (size_t)y * in->width * in->channels);
	if (sink.overflow)
		return 0;
	png_write_end(png, info);
	return sink.overflow ? 0 : sink.n;
}
