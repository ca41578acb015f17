/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "samples.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>
#include <png.h>
#include <webp/encode.h>

#include "base/buf.h"

static uint8_t *pixels(struct arena *a, uint32_t width, uint32_t height)
{
	uint8_t *p = arena_array(a, (size_t)width * height, 3);

	for (uint32_t y = 0; y < height; y++)
		for (uint32_t x = 0; x < width; x++) {
			unsigned colour = x < width / 2 ? 0 : y < height / 2 ? 1 : 2;

			p[((size_t)y * width + x) * 3 + colour] = 230;
		}
	return p;
}

static void to_buf(png_structp png, png_bytep p, size_t n)
{
	buf_put(png_get_io_ptr(png), p, n);
}

static void flush(png_structp png) {}

struct sv sample_png(struct arena *a, uint32_t width, uint32_t height, bool interlaced)
{
	png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
	png_infop info = png_create_info_struct(png);
	struct buf out = buf_new(a, 1 << 16, 16 << 20);
	uint8_t *p = pixels(a, width, height);
	png_bytepp rows = arena_array(a, height, sizeof(*rows));
	png_text text = { .compression = PNG_TEXT_COMPRESSION_NONE,
			  .key = (char[]){ "Comment" },
			  .text = (char[]){ "<script>GPS" } };

	for (uint32_t y = 0; y < height; y++)
		rows[y] = p + (size_t)y * width * 3;
	png_set_write_fn(png, &out, to_buf, flush);
	png_set_IHDR(png, info, width, height, 8, PNG_COLOR_TYPE_RGB, interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE,
		     PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
	png_set_text(png, info, &text, 1);
	png_write_info(png, info);
	png_write_image(png, rows);
	png_write_end(png, info);
	png_destroy_write_struct(&png, &info);
	return buf_view(&out);
}

struct sv sample_bomb(struct arena *a, uint32_t side)
{
	png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
	png_infop info = png_create_info_struct(png);
	struct buf out = buf_new(a, 1 << 16, 16 << 20);
	uint8_t *row = arena_alloc(a, side / 8 + 1);

	png_set_write_fn(png, &out, to_buf, flush);
	png_set_IHDR(png, info, side, side, 1, PNG_COLOR_TYPE_GRAY, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
		     PNG_FILTER_TYPE_DEFAULT);
	png_set_filter(png, 0, PNG_FILTER_NONE);
	png_set_compression_level(png, 1);
	png_write_info(png, info);
	for (uint32_t y = 0; y < side; y++)
		png_write_row(png, row);
	png_write_end(png, info);
	png_destroy_write_struct(&png, &info);
	return buf_view(&out);
}

struct sv sample_jpeg(struct arena *a, uint32_t width, uint32_t height, struct sv app1, bool progressive)
{
	struct jpeg_compress_struct j = { 0 };
	struct jpeg_error_mgr errors;
	unsigned char *memory = NULL;
	unsigned long n = 0;
	uint8_t *p = pixels(a, width, height);
	struct sv out;

	j.err = jpeg_std_error(&errors);
	jpeg_create_compress(&j);
	jpeg_mem_dest(&j, &memory, &n);
	j.image_width = width;
	j.image_height = height;
	j.input_components = 3;
	j.in_color_space = JCS_RGB;
	jpeg_set_defaults(&j);
	if (progressive)
		jpeg_simple_progression(&j);
	jpeg_start_compress(&j, TRUE);
	if (app1.n)
		jpeg_write_marker(&j, JPEG_APP0 + 1, (const JOCTET *)app1.p, (unsigned)app1.n);
	jpeg_write_marker(&j, JPEG_COM, (const JOCTET *)"GPS comment", 11);
	while (j.next_scanline < height) {
		JSAMPROW row = p + (size_t)j.next_scanline * width * 3;

		jpeg_write_scanlines(&j, &row, 1);
	}
	jpeg_finish_compress(&j);
	out = arena_copy(a, sv_bytes(memory, n));
	jpeg_destroy_compress(&j);
	free(memory);
	return out;
}

struct sv sample_webp(struct arena *a, uint32_t width, uint32_t height)
{
	uint8_t *memory = NULL;
	size_t n = WebPEncodeRGB(pixels(a, width, height), (int)width, (int)height, (int)width * 3, 90, &memory);
	struct sv out = arena_copy(a, sv_bytes(memory, n));

	WebPFree(memory);
	return out;
}

static void number(struct buf *b, bool little, uint32_t v, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		buf_byte(b, (uint8_t)(v >> 8 * (little ? i : n - 1 - i)));
}

struct sv sample_exif(struct arena *a, unsigned orientation, bool little)
{
	struct buf b = buf_new(a, 256, 256);

	buf_put(&b, "Exif\0", 6);
	buf_text(&b, little ? "II" : "MM");
	number(&b, little, 42, 2);
	number(&b, little, 8, 4);
	number(&b, little, 2, 2); /* two entries: camera, orientation */
	number(&b, little, 0x0110, 2);
	number(&b, little, 2, 2);
	number(&b, little, 40, 4);
	number(&b, little, 38, 4);
	number(&b, little, 0x0112, 2);
	number(&b, little, 3, 2);
	number(&b, little, 1, 4);
	number(&b, little, orientation, 2);
	number(&b, little, 0, 2);
	number(&b, little, 0, 4);
	buf_text(&b, "Camera of R. GPS 33.5731 N 7.5898 W      ");
	return buf_view(&b);
}

static void box(struct buf *out, const char *name, struct sv content)
{
	number(out, false, (uint32_t)content.n + 8, 4);
	buf_put(out, name, 4);
	buf_sv(out, content);
}

static struct sv boxed(struct arena *a, const char *name, struct sv content)
{
	struct buf b = buf_new(a, 64, 4096);

	box(&b, name, content);
	return buf_view(&b);
}

struct sv sample_m4a(struct arena *a, const char *handler, const char *codec)
{
	struct buf stsd = buf_new(a, 64, 4096), hdlr = buf_new(a, 64, 4096);
	struct sv media;

	buf_zeros(&stsd, 4);
	number(&stsd, false, 1, 4);
	box(&stsd, codec, SV("00000000000000000000"));
	buf_zeros(&hdlr, 8);
	buf_put(&hdlr, handler, 4);
	buf_zeros(&hdlr, 12);
	media = joined(a, boxed(a, "hdlr", buf_view(&hdlr)), boxed(a, "minf", boxed(a, "stbl", boxed(a, "stsd", buf_view(&stsd)))));
	return joined(a, boxed(a, "ftyp", SV("M4A \0\0\0\0M4A mp42")),
		      joined(a,
			     boxed(a, "moov", joined(a, boxed(a, "mvhd", SV("0000")), boxed(a, "trak", boxed(a, "mdia", media)))),
			     boxed(a, "mdat", SV("sound sound sound"))));
}

static struct sv element(struct arena *a, struct sv id, struct sv content)
{
	struct buf b = buf_new(a, 64, 4096);

	buf_sv(&b, id);
	buf_byte(&b, 0x40 | (uint8_t)(content.n >> 8)); /* length in two bytes */
	buf_byte(&b, (uint8_t)content.n);
	buf_sv(&b, content);
	return buf_view(&b);
}

struct sv sample_webm(struct arena *a, const char *codec, uint8_t track_type)
{
	struct sv head = element(a, SV("\x1a\x45\xdf\xa3"), element(a, SV("\x42\x82"), SV("webm")));
	struct sv track = joined(a, element(a, SV("\x83"), sv_bytes(&track_type, 1)), element(a, SV("\x86"), sv_of(codec)));
	struct sv tracks = element(a, SV("\x16\x54\xae\x6b"), element(a, SV("\xae"), track));

	/* a segment of unknown length, as recorders of browsers write it */
	return joined(a, joined(a, head, SV("\x18\x53\x80\x67\x01\xff\xff\xff\xff\xff\xff\xff")), tracks);
}

struct sv sample_ogg(struct arena *a, const char *first_packet)
{
	struct buf b = buf_new(a, 64, 4096);

	buf_text(&b, "OggS");
	buf_byte(&b, 0);
	buf_byte(&b, 2);
	buf_zeros(&b, 20);
	buf_byte(&b, 1);
	buf_byte(&b, 19);
	buf_text(&b, first_packet);
	buf_text(&b, "\x01\x01rest of the packet");
	return buf_view(&b);
}

struct sv joined(struct arena *a, struct sv first, struct sv second)
{
	struct buf b = buf_new(a, first.n + second.n + 1, first.n + second.n + 1);

	buf_sv(&b, first);
	buf_sv(&b, second);
	return buf_view(&b);
}

bool holds(struct sv s, const char *word)
{
	return memmem(s.p, s.n, word, strlen(word)) != NULL;
}
