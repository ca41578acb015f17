/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hex and base64url (RFC 4648 section 5, without padding). Parsing is canonical: one text for each value, exactly the asked number
 * of bytes, lower-case hex. */
#include "base/buf.h"
#include "base/text.h"

static const char base64_symbols[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

struct sv base64url(struct arena *a, struct sv bytes)
{
	size_t max = bytes.n / 3 * 4 + (bytes.n % 3 ? bytes.n % 3 + 1 : 0);
	const uint8_t *in = (const uint8_t *)bytes.p;
	char *out = arena_alloc(a, max + 1);
	uint32_t bits = 0;
	unsigned held = 0;
	size_t n = 0;

	for (size_t i = 0; i < bytes.n; i++) {
		bits = bits << 8 | in[i];
		held += 8;
		while (held >= 6) {
			held -= 6;
			out[n++] = base64_symbols[bits >> held & 63];
		}
	}
	if (held)
		out[n++] = base64_symbols[bits << (6 - held) & 63];
	return (struct sv){ out, n };
}

static int base64_value(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '-')
		return 62;
	return c == '_' ? 63 : -1;
}

bool base64url_parse(struct sv text, void *out, size_t n)
{
	uint8_t *bytes = out;
	uint32_t bits = 0;
	unsigned held = 0;
	size_t at = 0;

	if (n > SIZE_MAX / 8 || text.n != n / 3 * 4 + (n % 3 ? n % 3 + 1 : 0))
		return false;
	for (size_t i = 0; i < text.n; i++) {
		int value = base64_value(text.p[i]);

		if (value < 0)
			return false;
		bits = bits << 6 | (uint32_t)value;
		held += 6;
		if (held >= 8) {
			held -= 8;
			bytes[at++] = (uint8_t)(bits >> held);
		}
	}
	return (bits & ((UINT32_C(1) << held) - 1)) == 0;
}

struct sv hex(struct arena *a, struct sv bytes)
{
	struct buf b = buf_new(a, 2 * bytes.n, 2 * bytes.n);

	buf_hex(&b, bytes.p, bytes.n);
	return buf_view(&b);
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool hex_parse(struct sv text, void *out, size_t n)
{
	uint8_t *bytes = out;

	if (n > SIZE_MAX / 2 || text.n != 2 * n)
		return false;
	for (size_t i = 0; i < n; i++) {
		int high = hex_value(text.p[2 * i]), low = hex_value(text.p[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		bytes[i] = (uint8_t)(high << 4 | low);
	}
	return true;
}

struct sv base32(struct arena *a, struct sv bytes)
{
	static const char symbols[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	struct buf b = buf_new(a, 64, 2 * bytes.n + 8);
	unsigned bits = 0, held = 0;

	for (size_t i = 0; i < bytes.n; i++) {
		held = held << 8 | (uint8_t)bytes.p[i];
		for (bits += 8; bits >= 5; bits -= 5)
			buf_byte(&b, (uint8_t)symbols[held >> (bits - 5) & 31]);
	}
	if (bits > 0)
		buf_byte(&b, (uint8_t)symbols[held << (5 - bits) & 31]);
	return buf_view(&b);
}
