/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One row a kind: bytes that must stand at the very start (a file that begins otherwise and only contains them is something else), and
 * for containers a look inside. Eight kinds are few enough that no library is needed, and a table that lists what is let in cannot be
 * surprised by what it does not know. */
#include "media/type.h"

#include <string.h>

#include "base/text.h"

static bool has(struct sv s, size_t at, const char *bytes, size_t n)
{
	return s.n >= at + n && memcmp(s.p + at, bytes, n) == 0;
}

static bool png_inside(struct sv s)
{
	return has(s, 8, "\0\0\0\rIHDR", 8);
}

static bool webp_inside(struct sv s)
{
	return has(s, 8, "WEBPVP8", 7);
}

static bool pdf_inside(struct sv s)
{
	return s.n > 7 && s.p[5] >= '1' && s.p[5] <= '2' && s.p[6] == '.';
}

/* Ogg: the first page holds the first packet, which must be Opus's; a video or a mixed file begins with another. */
static bool opus_inside(struct sv s)
{
	return s.n > 28 && s.p[4] == 0 && has(s, 27 + (size_t)(uint8_t)s.p[26], "OpusHead", 8);
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static bool contains(struct sv s, const char *word)
{
	size_t n = strlen(word);

	for (size_t i = 0; i + n <= s.n; i++) {
		size_t same = 0;

		while (same < n && lower(s.p[i + same]) == word[same])
			same++;
		if (same == n)
			return true;
	}
	return false;
}

static bool plain_bytes(struct sv s)
{
	for (size_t i = 0; i < s.n; i++) {
		uint8_t c = (uint8_t)s.p[i];

		if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7f)
			return false;
	}
	return utf8_valid(s);
}

/* Text is what is UTF-8 without control characters and is no markup a browser could be talked into running. */
static bool is_text(struct sv s)
{
	static const char *const markup[] = { "<html", "<svg", "<script", "<!doctype", "<?xml", "<iframe", "<body" };
	struct sv start = has(s, 0, "\xef\xbb\xbf", 3) ? (struct sv){ s.p + 3, s.n - 3 } : s;

	start = sv_trim(start);
	if (start.n == 0 || start.p[0] == '<' || sv_starts(start, SV("%PDF")) || sv_starts(start, SV("%!")) ||
	    sv_starts(start, SV("{\\rtf")))
		return false;
	if (!plain_bytes(s))
		return false;
	for (size_t i = 0; i < sizeof(markup) / sizeof(markup[0]); i++)
		if (contains(s, markup[i]))
			return false;
	return true;
}

static const struct row {
	enum media_kind kind;
	uint8_t at, n;
	const char *magic;
	bool (*inside)(struct sv s);
} rows[] = {
	{ MEDIA_PNG, 0, 8, "\x89PNG\r\n\x1a\n", png_inside },
	{ MEDIA_JPEG, 0, 3, "\xff\xd8\xff", NULL },
	{ MEDIA_WEBP, 0, 4, "RIFF", webp_inside },
	{ MEDIA_PDF, 0, 5, "%PDF-", pdf_inside },
	{ MEDIA_OPUS, 0, 4, "OggS", opus_inside },
	{ MEDIA_MP4, 4, 4, "ftyp", mp4_is_sound },
	{ MEDIA_WEBM, 0, 4, "\x1a\x45\xdf\xa3", webm_is_sound },
};

enum media_kind media_kind_of(struct sv content)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (has(content, rows[i].at, rows[i].magic, rows[i].n))
			return !rows[i].inside || rows[i].inside(content) ? rows[i].kind : MEDIA_NONE;
	return is_text(content) ? MEDIA_TEXT : MEDIA_NONE;
}
