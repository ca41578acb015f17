/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What people copy by hand: Crockford base32 (no I L O U) with a check symbol, the value mod 37. Recovery codes are 125 random bits;
 * groups carry any bytes (tickets, certificate requests, paper shares) in groups of five. Reading is kind to hands: case, spaces,
 * hyphens, O for 0, I and L for 1; and strict in value: the unused low bits are zero. */
#include "crypto/bytes.h"

#include "base/random.h"
#include "base/wipe.h"

static const char symbols[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U";

#define CHECK_MODULUS 37

char symbol_of(unsigned value)
{
	return symbols[value];
}

unsigned symbols_check(unsigned check, unsigned value)
{
	return (check * 32 + value) % CHECK_MODULUS;
}

int symbol_value(char c, bool check)
{
	const char *at;

	if (c >= 'a' && c <= 'z')
		c = (char)(c - 'a' + 'A');
	if (c == 'O')
		c = '0';
	if (c == 'I' || c == 'L')
		c = '1';
	at = c ? memchr(symbols, c, check ? CHECK_MODULUS : 32) : NULL;
	return at ? (int)(at - symbols) : -1;
}

/* The code point at the start of s; an ill-formed byte counts as one of no meaning. */
static uint32_t first_point(struct sv s, size_t *size)
{
	const uint8_t *p = (const uint8_t *)s.p;

	*size = 1;
	if (p[0] < 0x80)
		return p[0];
	if (s.n >= 2 && (p[0] & 0xe0) == 0xc0 && (p[1] & 0xc0) == 0x80) {
		*size = 2;
		return (uint32_t)(p[0] & 0x1f) << 6 | (p[1] & 0x3f);
	}
	if (s.n >= 3 && (p[0] & 0xf0) == 0xe0 && (p[1] & 0xc0) == 0x80 && (p[2] & 0xc0) == 0x80) {
		*size = 3;
		return (uint32_t)(p[0] & 0x0f) << 12 | (uint32_t)(p[1] & 0x3f) << 6 | (p[2] & 0x3f);
	}
	return 0xfffd;
}

/* Spaces, dashes, and the marks a right-to-left page adds when something is copied from it. */
static bool is_filler(uint32_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || c == '-' || c == 0xa0 || (c >= 0x200b && c <= 0x200f) ||
	       (c >= 0x2010 && c <= 0x2015) || (c >= 0x202a && c <= 0x202f) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

bool next_typed(struct sv *typed, char *c)
{
	while (typed->n) {
		size_t size;
		uint32_t point = first_point(*typed, &size);

		typed->p += size;
		typed->n -= size;
		if (is_filler(point))
			continue;
		if (point >= 0x660 && point <= 0x669) /* Arabic digits */
			point = point - 0x660 + '0';
		else if (point >= 0x6f0 && point <= 0x6f9) /* Persian */
			point = point - 0x6f0 + '0';
		*c = point < 0x80 ? (char)point : 0;
		return true;
	}
	return false;
}

/* --- bytes and symbols: 5 bits a symbol, big-endian, low bits of the last one zero ---------------------------------------- */

static unsigned bits_at(const uint8_t *bytes, size_t n, size_t symbol)
{
	size_t bit = symbol * 5, byte = bit / 8;
	unsigned two = (unsigned)bytes[byte] << 8 | (byte + 1 < n ? bytes[byte + 1] : 0u);

	return two >> (11 - bit % 8) & 31;
}

static void put_bits(uint8_t *bytes, size_t n, size_t symbol, unsigned value)
{
	size_t bit = symbol * 5, byte = bit / 8;
	unsigned two = value << (11 - bit % 8);

	bytes[byte] = (uint8_t)(bytes[byte] | two >> 8);
	if (byte + 1 < n)
		bytes[byte + 1] = (uint8_t)(bytes[byte + 1] | (two & 0xff));
}

void recovery_new(uint8_t code16[16], char text[RECOVERY_SYMBOLS + 2])
{
	unsigned check = 0;

	random_fill(code16, 16);
	code16[15] &= 0xf8;
	for (size_t i = 0; i < RECOVERY_SYMBOLS; i++) {
		unsigned value = bits_at(code16, 16, i);

		text[i] = symbol_of(value);
		check = symbols_check(check, value);
	}
	text[RECOVERY_SYMBOLS] = symbol_of(check);
	text[RECOVERY_SYMBOLS + 1] = 0;
}

/* `count` symbols and their check symbol into n zeroed bytes, nothing more being typed. */
static enum status read_symbols(struct sv typed, size_t count, uint8_t *bytes, size_t n)
{
	unsigned check = 0;
	char c;

	for (size_t i = 0; i < count; i++) {
		int value = next_typed(&typed, &c) ? symbol_value(c, false) : -1;

		if (value < 0)
			return E_INPUT;
		if (i * 5 + 5 > n * 8 && ((unsigned)value & ((1u << (i * 5 + 5 - n * 8)) - 1)))
			return E_INPUT;
		put_bits(bytes, n, i, (unsigned)value);
		check = symbols_check(check, (unsigned)value);
	}
	if (!next_typed(&typed, &c) || symbol_value(c, true) != (int)check)
		return E_INPUT;
	return next_typed(&typed, &c) ? E_INPUT : OK;
}

enum status recovery_read(struct sv typed, uint8_t code16[16])
{
	enum status s;

	memset(code16, 0, 16);
	s = read_symbols(typed, RECOVERY_SYMBOLS, code16, 16);
	if (s != OK)
		wipe(code16, 16);
	return s;
}

struct sv groups_write(struct arena *a, struct sv bytes)
{
	size_t count = (bytes.n * 8 + 4) / 5, size = count + 1 + count / 5;
	struct buf b = buf_new(a, size, size);
	unsigned check = 0;

	for (size_t i = 0; i < count; i++) {
		unsigned value = bits_at((const uint8_t *)bytes.p, bytes.n, i);

		if (i && i % 5 == 0)
			buf_byte(&b, '-');
		buf_byte(&b, (uint8_t)symbol_of(value));
		check = symbols_check(check, value);
	}
	if (count && count % 5 == 0)
		buf_byte(&b, '-');
	buf_byte(&b, (uint8_t)symbol_of(check));
	return buf_view(&b);
}

/* The number of symbols says the number of bytes; numbers no bytes give are refused. */
enum status groups_read(struct arena *a, struct sv typed, struct sv *out)
{
	struct sv counting = typed;
	size_t count = 0, n;
	uint8_t *bytes;
	char c;

	while (next_typed(&counting, &c))
		count++;
	if (!count)
		return E_INPUT;
	count--;
	n = count * 5 / 8;
	if ((n * 8 + 4) / 5 != count)
		return E_INPUT;
	bytes = arena_alloc(a, n);
	TRY(read_symbols(typed, count, bytes, n));
	*out = sv_bytes(bytes, n);
	return OK;
}
