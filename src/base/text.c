/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The edge where text of people enters: strict UTF-8, no control characters, one normal form (NFC). The only file of base that uses
 * ICU, and therefore a library of its own (text_dep). Text whose code points all lie below U+0300 is in NFC already, which spares
 * ICU for French and English. */
#include "base/heap.h"
#include "base/text.h"
#include "base/wipe.h"

#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#define TEXT_MAX ((size_t)64 << 20)

struct scan {
	bool refused; /* a control character that no text needs */
	bool has_cr;
	bool simple; /* every code point below U+0300 */
};

static struct scan look(struct sv in)
{
	const uint8_t *p = (const uint8_t *)in.p;
	struct scan s = { .simple = true };

	for (size_t i = 0; i < in.n; i++) {
		if (p[i] == '\r') {
			s.has_cr = true;
			s.refused |= i + 1 == in.n || p[i + 1] != '\n';
		} else if ((p[i] < 0x20 && p[i] != '\t' && p[i] != '\n') || p[i] == 0x7f) {
			s.refused = true;
		} else if (p[i] == 0xc2 && p[i + 1] < 0xa0) { /* U+0080..U+009F; well-formed, so a byte follows */
			s.refused = true;
		}
		s.simple &= p[i] < 0xcc;
	}
	return s;
}

static struct sv without_cr(struct arena *a, struct sv in)
{
	char *out = arena_alloc(a, in.n);
	size_t n = 0;

	for (size_t i = 0; i < in.n; i++)
		if (in.p[i] != '\r')
			out[n++] = in.p[i];
	return (struct sv){ out, n };
}

/* UTF-16 of well-formed UTF-8, which has at most as many units as bytes. The caller wipes and frees. */
static UChar *to_utf16(struct sv in, int32_t *n, UErrorCode *error)
{
	UChar *wide = heap_new(in.n + 1, sizeof *wide);

	u_strFromUTF8(wide, (int32_t)in.n + 1, n, in.p, (int32_t)in.n, error);
	return wide;
}

static struct sv to_utf8(struct arena *a, const UChar *wide, int32_t n, UErrorCode *error)
{
	int32_t room = 3 * n + 1, used = 0; /* a unit is at most three bytes */
	char *bytes = arena_alloc(a, (size_t)room);

	u_strToUTF8(bytes, room, &used, wide, n, error);
	return (struct sv){ bytes, (size_t)used };
}

/* NFC of well-formed UTF-8. The wide copies are short-lived and stay out of the arena, which is sized for the text itself. */
static enum status to_nfc(struct arena *a, struct sv in, struct sv *out)
{
	UErrorCode error = U_ZERO_ERROR, sizing = U_ZERO_ERROR;
	const UNormalizer2 *nfc = unorm2_getNFCInstance(&error);
	int32_t n = 0, room;
	UChar *wide = to_utf16(in, &n, &error), *done;

	*out = in;
	if (!unorm2_isNormalized(nfc, wide, n, &error) && U_SUCCESS(error)) {
		room = unorm2_normalize(nfc, wide, n, NULL, 0, &sizing) + 1;
		done = heap_new((size_t)room, sizeof *done);
		*out = to_utf8(a, done, unorm2_normalize(nfc, wide, n, done, room, &error), &error);
		wipe(done, (size_t)room * sizeof *done);
		heap_free(done);
	}
	wipe(wide, (in.n + 1) * sizeof *wide);
	heap_free(wide);
	return U_FAILURE(error) ? E_INPUT : OK;
}

enum status text_enter(struct arena *a, struct sv in, struct sv *out)
{
	struct scan s;

	if (in.n > TEXT_MAX || !utf8_valid(in))
		return E_INPUT;
	s = look(in);
	if (s.refused)
		return E_INPUT;
	if (s.has_cr)
		in = without_cr(a, in);
	if (!s.simple)
		return to_nfc(a, in, out);
	*out = in;
	return OK;
}
