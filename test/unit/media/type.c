/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pure part: what is let in, which way is up, what a name becomes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "media/type.h"
#include "samples.h"

#define BYTES(literal)                          \
	{                                       \
		"" literal, sizeof(literal) - 1 \
	}

static struct arena *a;

static void expect(struct sv s, enum media_kind kind)
{
	assert_int_equal(media_kind_of(s), kind);
}

static void test_T_UPL_1_kinds_let_in(void **state)
{
	expect(sample_png(a, 32, 32, false), MEDIA_PNG);
	expect(sample_jpeg(a, 32, 32, SV_NONE, false), MEDIA_JPEG);
	expect(sample_webp(a, 32, 32), MEDIA_WEBP);
	expect(SV("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), MEDIA_PDF);
	expect(sample_ogg(a, "OpusHead"), MEDIA_OPUS);
	expect(sample_m4a(a, "soun", "mp4a"), MEDIA_MP4);
	expect(sample_webm(a, "A_OPUS", 2), MEDIA_WEBM);
	expect(SV("Bonjour, chez mes voisins…\r\n\tعندي خبر\n"), MEDIA_TEXT);
	expect(SV("\xef\xbb\xbfpassport < 3 months > 2, she <3 him"), MEDIA_TEXT);
}

static void test_T_UPL_1_kinds_refused(void **state)
{
	static const struct sv refused[] = {
		BYTES(""),
		BYTES("   \n"),
		BYTES("PK\x03\x04 zip, docx, apk, odt"),
		BYTES("\x1f\x8b\x08 gzip"),
		BYTES("Rar!\x1a\x07\x01\x00"),
		BYTES("7z\xbc\xaf\x27\x1c"),
		BYTES("GIF89a\x01\x00\x01\x00"),
		BYTES("BM\x46\x00\x00\x00"),
		BYTES("\x7f"
		      "ELF\x02\x01\x01"),
		BYTES("MZ\x90\x00"),
		BYTES("{\\rtf1\\ansi}"),
		BYTES("%!PS-Adobe-3.0"),
		BYTES("%PDF-x.4"),
		BYTES("%PDF-"),
		BYTES("\x89PNG\r\n\x1a\n\0\0\0\x0dJUNK"),
		BYTES("\x89PNG"),
		BYTES("RIFF\0\0\0\0WAVEfmt "),
		BYTES("RIFF\0\0\0\0WEBP"),
		BYTES("a\0b"),
		BYTES("\xff\xfe"
		      "h\0i\0"),
		BYTES("caf\xe9"),
		BYTES("\xc0\xaf"),
		BYTES("\x1b[2J"),
	};
	static const char *const markup[] = {
		"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>",
		"  \n<!DOCTYPE html><p>x",
		"<html>",
		"\xef\xbb\xbf<p>x",
		"<?xml version='1.0'?>",
		"text first <ScRiPt>alert(1)</script>",
		"hello <SVG onload=x>",
		"x <iframe src=y>",
		"From: a\n\n<HTML><body>",
	};

	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		expect(refused[i], MEDIA_NONE);
	for (size_t i = 0; i < sizeof(markup) / sizeof(markup[0]); i++)
		expect(sv_of(markup[i]), MEDIA_NONE);
}

static void test_T_UPL_1_containers_with_pictures_are_refused(void **state)
{
	expect(sample_ogg(a, "\x80theora"), MEDIA_NONE);
	expect(sample_ogg(a, "fishead\0"), MEDIA_NONE);
	expect(sample_m4a(a, "vide", "avc1"), MEDIA_NONE);
	expect(sample_m4a(a, "soun", "samr"), MEDIA_NONE);
	expect(sample_webm(a, "V_VP8", 1), MEDIA_NONE);
	expect(sample_webm(a, "A_OPUS", 1), MEDIA_NONE);
	expect(sample_webm(a, "A_VORBIS", 2), MEDIA_NONE);
	expect(SV("\0\0\0\x18"
		  "ftypheic\0\0\0\0mif1heic"),
	       MEDIA_NONE);
}

/* What begins as one thing and goes on as another is judged by its beginning alone; magic that comes later counts for nothing. */
static void test_T_UPL_1_polyglot_is_its_beginning(void **state)
{
	struct sv jpeg = sample_jpeg(a, 32, 32, SV_NONE, false);

	expect(joined(a, jpeg, SV("PK\x03\x04<html><script>")), MEDIA_JPEG);
	expect(joined(a, SV("PK\x03\x04"), jpeg), MEDIA_NONE);
	expect(joined(a, SV("<html>"), jpeg), MEDIA_NONE);
	expect(joined(a, SV("GIF89a"), jpeg), MEDIA_NONE);
	expect(joined(a, SV("\n"), sample_png(a, 32, 32, false)), MEDIA_NONE);
	expect(SV("#!/bin/sh\n%PDF-1.4"), MEDIA_TEXT);
}

static void test_T_UPL_1_cut_containers_are_refused_or_whole(void **state)
{
	struct sv all[] = { sample_m4a(a, "soun", "mp4a"), sample_webm(a, "A_OPUS", 2), sample_ogg(a, "OpusHead") };

	for (size_t i = 0; i < 3; i++)
		for (size_t n = 4; n < all[i].n; n++) {
			/* a copy of exactly this length, so that a sanitizer sees any step beyond it */
			enum media_kind kind = media_kind_of(arena_copy(a, (struct sv){ all[i].p, n }));

			assert_true(kind == MEDIA_NONE || kind == media_kind_of(all[i]));
		}
}

static void test_orientation_is_read_in_both_byte_orders(void **state)
{
	for (unsigned o = 1; o <= 8; o++) {
		assert_int_equal(exif_orientation(sample_exif(a, o, true)), o);
		assert_int_equal(exif_orientation(sample_exif(a, o, false)), o);
	}
}

static void test_orientation_without_sense_is_upright(void **state)
{
	struct sv exif = sample_exif(a, 6, false);

	assert_int_equal(exif_orientation(sample_exif(a, 0, true)), 1);
	assert_int_equal(exif_orientation(sample_exif(a, 9, true)), 1);
	assert_int_equal(exif_orientation(SV_NONE), 1);
	assert_int_equal(exif_orientation(SV("http://ns.adobe.com/xap/1.0/")), 1);
	for (size_t n = 0; n < 40; n++)
		assert_in_range(exif_orientation(arena_copy(a, (struct sv){ exif.p, n })), 1, 6);
	/* a directory far outside */
	exif = arena_copy(a, exif);
	memcpy((char *)exif.p + 10, "\xff\xff\xff\xff", 4);
	assert_int_equal(exif_orientation(exif), 1);
}

static void expect_name(const char *given, enum media_kind kind, const char *want)
{
	assert_string_equal(media_name(a, sv_of(given), kind).p, want);
}

static void test_T_UPL_1_names_are_harmless(void **state)
{
	expect_name("../../../../etc/passwd", MEDIA_TEXT, "passwd.txt");
	expect_name("C:\\Windows\\system32\\evil.exe", MEDIA_JPEG, "evil.jpg");
	expect_name("photo.jpg", MEDIA_JPEG, "photo.jpg");
	expect_name("صورة البيت.jpeg", MEDIA_JPEG, "صورة البيت.jpg");
	expect_name("annexe 2024.01.15", MEDIA_PDF, "annexe 2024.01.pdf");
	expect_name("..", MEDIA_PNG, "file.png");
	expect_name("", MEDIA_PNG, "file.png");
	expect_name("/", MEDIA_PNG, "file.png");
	expect_name(".htaccess", MEDIA_TEXT, "htaccess.txt");
	expect_name("x\"; filename=\"y.html", MEDIA_PDF, "x filename=y.pdf");
	expect_name("a\r\nSet-Cookie: s=1.png", MEDIA_PNG, "aSet-Cookie s=1.png");
	expect_name("photo_\xe2\x80\xae"
		    "gpj.exe",
		    MEDIA_PDF, "photo_gpj.pdf");
	expect_name("\xff\xfe.png", MEDIA_PNG, "file.png");
	expect_name("<script>alert(1)</script>.png", MEDIA_PNG, "script.png");
	expect_name("/srv/x.c", MEDIA_NONE, "x.bin");
}

static void test_T_UPL_1_long_name_is_cut_at_a_character(void **state)
{
	struct buf b = buf_new(a, 600, 600);
	struct sv name;

	for (int i = 0; i < 200; i++)
		buf_text(&b, "ع");
	name = media_name(a, buf_view(&b), MEDIA_PNG);
	assert_int_equal(name.n, 2 * 80 + 4);
}

static int setup(void **state)
{
	a = arena_new((size_t)256 << 20);
	return 0;
}

static int teardown(void **state)
{
	arena_free(a);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_T_UPL_1_kinds_let_in),
		cmocka_unit_test(test_T_UPL_1_kinds_refused),
		cmocka_unit_test(test_T_UPL_1_containers_with_pictures_are_refused),
		cmocka_unit_test(test_T_UPL_1_polyglot_is_its_beginning),
		cmocka_unit_test(test_T_UPL_1_cut_containers_are_refused_or_whole),
		cmocka_unit_test(test_orientation_is_read_in_both_byte_orders),
		cmocka_unit_test(test_orientation_without_sense_is_upright),
		cmocka_unit_test(test_T_UPL_1_names_are_harmless),
		cmocka_unit_test(test_T_UPL_1_long_name_is_cut_at_a_character),
	};

	return cmocka_run_group_tests_name("media type", tests, setup, teardown);
}
