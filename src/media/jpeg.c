/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JPEG through libjpeg-turbo. Its errors end the child. Data that stop early are an error too: half a picture must not pass for a whole
 * one. Bytes after the end of the picture are never looked at. */
#include <stdio.h> /* jpeglib.h needs FILE */

#include <jerror.h>
#include <jpeglib.h>

#include "base/heap.h"
#include "media/picture.h"
#include "media/type.h"

#define QUALITY 85
#define APP1_MAX 65533
#define SCANS_MAX 100 /* a progressive file may ask for the same work again and again */

static void on_exit(j_common_ptr j)
{
	picture_refuse(MEDIA_DAMAGED);
}

static void on_message(j_common_ptr j, int level)
{
	if (level < 0 && (j->err->msg_code == JWRN_JPEG_EOF || j->err->msg_code == JWRN_HIT_MARKER))
		picture_refuse(MEDIA_DAMAGED);
}

static void on_progress(j_common_ptr j)
{
	if (j->is_decompressor && ((j_decompress_ptr)j)->input_scan_number > SCANS_MAX)
		picture_refuse(MEDIA_EFFORT);
}

static void set_errors(struct jpeg_error_mgr *errors)
{
	jpeg_std_error(errors);
	errors->error_exit = on_exit;
	errors->emit_message = on_message;
}

static unsigned orientation_of(const struct jpeg_decompress_struct *j)
{
	for (const struct jpeg_marker_struct *m = j->marker_list; m; m = m->next) {
		unsigned orientation = exif_orientation(sv_bytes(m->data, m->data_length));

		if (orientation != 1)
			return orientation;
	}
	return 1;
}

/* The decoder itself can halve the size up to three times, at a fraction of the work. */
static unsigned first_reduction(uint32_t width, uint32_t height)
{
	uint32_t longest = width > height ? width : height;
	unsigned by = 1;

	while (by < 8 && longest / (by * 2) >= MEDIA_SIDE_MAX)
		by *= 2;
	return by;
}

/* Print files: inverted cyan, magenta, yellow, black, as Adobe writes them. */
static void from_cmyk(uint8_t *row, uint32_t width)
{
	for (uint32_t x = 0; x < width; x++) {
		const uint8_t *from = row + (size_t)4 * x;
		unsigned k = from[3];

		for (unsigned i = 0; i < 3; i++)
			row[(size_t)3 * x + i] = (uint8_t)(from[i] * k / 255);
	}
}

struct picture jpeg_decode(struct sv content)
{
	struct jpeg_decompress_struct j = { 0 };
	struct jpeg_error_mgr errors;
	struct jpeg_progress_mgr progress = { .progress_monitor = on_progress };
	struct shrink s;
	uint8_t *row;
	unsigned orientation;

	set_errors(&errors);
	j.err = &errors;
	jpeg_create_decompress(&j);
	j.progress = &progress;
	jpeg_mem_src(&j, (const unsigned char *)content.p, content.n);
	jpeg_save_markers(&j, JPEG_APP0 + 1, APP1_MAX);
	jpeg_read_header(&j, TRUE);
	picture_allowed(j.image_width, j.image_height);
	orientation = orientation_of(&j);
	j.out_color_space = j.num_components == 4 ? JCS_CMYK : JCS_RGB;
	j.scale_num = 1;
	j.scale_denom = first_reduction(j.image_width, j.image_height);
	jpeg_start_decompress(&j);
	s = shrink_new(j.output_width, j.output_height, 3);
	row = heap_new(j.output_width, (size_t)j.output_components);
	while (j.output_scanline < j.output_height) {
		jpeg_read_scanlines(&j, &row, 1);
		if (j.output_components == 4)
			from_cmyk(row, j.output_width);
		shrink_row(&s, row);
	}
	jpeg_finish_decompress(&j);
	return picture_turn(s.out, orientation);
}

static void sink_start(j_compress_ptr j) {}

/* Full: note it and let the rest run into a spill, so that the encoder ends in its own way and jpeg_encode answers 0. */
struct sink {
	struct jpeg_destination_mgr base;
	uint8_t spill[4096];
	bool overflow;
};

static boolean sink_full(j_compress_ptr j)
{
	struct sink *sink = (struct sink *)j->dest;

	sink->overflow = true;
	sink->base.next_output_byte = sink->spill;
	sink->base.free_in_buffer = sizeof(sink->spill);
	return TRUE;
}

static void sink_end(j_compress_ptr j) {}

size_t jpeg_encode(const struct picture *in, uint8_t *out, size_t max)
{
	struct jpeg_compress_struct j = { 0 };
	struct jpeg_error_mgr errors;
	struct sink sink = { .base = { .next_output_byte = out,
				       .free_in_buffer = max,
				       .init_destination = sink_start,
				       .empty_output_buffer = sink_full,
				       .term_destination = sink_end } };

	set_errors(&errors);
	j.err = &errors;
	jpeg_create_compress(&j);
	j.dest = &sink.base;
	j.image_width = in->width;
	j.image_height = in->height;
	j.input_components = 3;
	j.in_color_space = JCS_RGB;
	jpeg_set_defaults(&j);
	jpeg_set_quality(&j, QUALITY, TRUE);
	jpeg_start_compress(&j, TRUE);
	while (j.next_scanline < j.image_height) {
		JSAMPROW row = in->p + (size_t)j.next_scanline * in->width * 3;

		jpeg_write_scanlines(&j, &row, 1);
	}
	jpeg_finish_compress(&j);
	return sink.overflow ? 0 : max - sink.base.free_in_buffer;
}
