/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names of kinds, and file names made harmless. A sender's name is a label and never a path of ours; it still travels to the disks of
 * people who download, where separators, leading dots, reversed text and a false extension do harm. */
#include "media/client.h"

#include <string.h>

#include "base/text.h"

#define NAME_MAX_POINTS 80

static const struct kind_name {
	const char *type, *extension;
} kinds[MEDIA_KIND_COUNT] = {
	[MEDIA_NONE] = { "application/octet-stream", "bin" },
	[MEDIA_PNG] = { "image/png", "png" },
	[MEDIA_JPEG] = { "image/jpeg", "jpg" },
	[MEDIA_WEBP] = { "image/webp", "webp" },
	[MEDIA_PDF] = { "application/pdf", "pdf" },
	[MEDIA_OPUS] = { "audio/ogg", "ogg" },
	[MEDIA_MP4] = { "audio/mp4", "m4a" },
	[MEDIA_WEBM] = { "audio/webm", "webm" },
	[MEDIA_TEXT] = { "text/plain; charset=utf-8", "txt" },
};

static const struct kind_name *kind_row(enum media_kind kind)
{
	return &kinds[kind < MEDIA_KIND_COUNT ? kind : MEDIA_NONE];
}

const char *media_type(enum media_kind kind)
{
	return kind_row(kind)->type;
}

const char *media_extension(enum media_kind kind)
{
	return kind_row(kind)->extension;
}

static struct sv last_part(struct sv s)
{
	for (size_t i = s.n; i > 0; i--)
		if (s.p[i - 1] == '/' || s.p[i - 1] == '\\')
			return (struct sv){ s.p + i, s.n - i };
	return s;
}

/* Without its extension, when it has a short one. */
static struct sv stem(struct sv s)
{
	for (size_t i = s.n; i > 0 && s.n - i < 6; i--)
		if (s.p[i - 1] == '.')
			return (struct sv){ s.p, i - 1 };
	return s;
}

/* Bytes of the character at p to leave out, 0 to keep it: direction marks U+200E-F, U+202A-E, U+2066-9 (E2 80 8E …), U+061C, C1. */
static size_t unwanted(struct sv s)
{
	uint8_t a = (uint8_t)s.p[0], b = s.n > 1 ? (uint8_t)s.p[1] : 0, c = s.n > 2 ? (uint8_t)s.p[2] : 0;

	if (a < 0x20 || a == 0x7f || strchr("\"'<>|:*?;%&", a))
		return 1;
	if ((a == 0xc2 && b < 0xa0) || (a == 0xd8 && b == 0x9c))
		return 2;
	if (a == 0xe2 && b == 0x80 && (c == 0x8e || c == 0x8f || (c >= 0xa8 && c <= 0xae)))
		return 3;
	return a == 0xe2 && b == 0x81 && c >= 0xa6 && c <= 0xa9 ? 3 : 0;
}

struct sv media_name(struct arena *a, struct sv given, enum media_kind kind)
{
	struct sv rest = stem(last_part(given));
	struct buf out = buf_new(a, 128, given.n + 16);
	struct sv kept;

	if (!utf8_valid(rest))
		rest = SV_NONE;
	while (rest.n > 0) {
		size_t skip = unwanted(rest);

		if (skip == 0 && !(out.n == 0 && (*rest.p == '.' || *rest.p == ' ')))
			buf_byte(&out, (uint8_t)*rest.p);
		skip = skip ? skip : 1;
		rest.p += skip;
		rest.n -= skip;
	}
	kept = sv_trim(utf8_first(buf_view(&out), NAME_MAX_POINTS));
	return arena_format(a, "%.*s.%s", kept.n ? (int)kept.n : 4, kept.n ? kept.p : "file", media_extension(kind));
}
