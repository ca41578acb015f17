/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The edge where text of people enters: strict UTF-8, no control characters, one normal form (NFC). The only file of base that uses
 * ICU, and therefore a library of its own (text_dep). Text whose code points all lie below U+0300 is in NFC already, which spares
 * ICU for French and English. */
#include "base/text.h"

#include <string.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#define TEXT_MAX ((size_t)64 << 20)

struct scan {
	bool refused;  /* a control character that no text needs */
	bool has_cr;
	bool simple;   /* every code point below U+0300 */
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

/* NFC of well-formed UTF-8. One code point becomes at most three UTF-16 units under NFC, and a unit at most three bytes. */
static enum status to_nfc(struct arena *a, struct sv in, struct sv *out)
{
	UErrorCode error = U_ZERO_ERROR;
	const UNormalizer2 *nfc = unorm2_getNFCInstance(&error);
	int32_t n = (int32_t)in.n, wide_n = 0, done_n, out_n = 0;
	UChar *wide = ARENA_ARRAY(a, UChar, in.n + 1), *done;
	char *bytes;
	UBool same;

	u_strFromUTF8(wide, n + 1, &wide_n, in.p, n, &error);
	same = unorm2_isNormalized(nfc, wide, wide_n, &error);
	if (U_FAILURE(error))
		return E_INPUT;
	if (same) {
		*out = in;
		return OK;
	}
	done = ARENA_ARRAY(a, UChar, 3 * (size_t)wide_n + 1);
	done_n = unorm2_normalize(nfc, wide, wide_n, done, 3 * wide_n + 1, &error);
	bytes = arena_alloc(a, 3 * (size_t)(done_n < 0 ? 0 : done_n) + 1);
	u_strToUTF8(bytes, 3 * done_n + 1, &out_n, done, done_n, &error);
	if (U_FAILURE(error))
		return E_INPUT;
	*out = (struct sv){ bytes, (size_t)out_n };
	return OK;
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
