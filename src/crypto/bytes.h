/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CRYPTO_BYTES_H
#define CRYPTO_BYTES_H

#include "crypto/formats.h"

#include <string.h>

/* Shared by the files of this room alone: the common start of every format, domain strings and the symbols of base32. */
#define SUITE 1
#define TAG 16
#define BIND_RECORD 62

/* Magic, suite, a byte of kind or class, and a u16: the eight bytes every format opens with. */
static inline void put_start(struct buf *b, const char magic[4], uint8_t kind, uint16_t rest)
{
	buf_put(b, magic, 4);
	buf_byte(b, SUITE);
	buf_byte(b, kind);
	buf_u16(b, rest);
}

/* False when magic or suite are not ours. */
static inline bool get_start(struct reader *r, const char magic[4], uint8_t *kind, uint16_t *rest)
{
	uint8_t found[4], suite;

	get_bytes(r, found, 4);
	suite = get_u8(r);
	*kind = get_u8(r);
	*rest = get_u16(r);
	return !r->bad && memcmp(found, magic, 4) == 0 && suite == SUITE;
}

/* Class 13 is reserved, the numbers past the last class are unknown. */
static inline bool class_known(uint8_t class)
{
	return class < CLASS_COUNT && class != 13;
}

static inline bool all_zero(struct sv s)
{
	uint8_t any = 0;

	for (size_t i = 0; i < s.n; i++)
		any |= (uint8_t)s.p[i];
	return any == 0;
}

/* The 62 bytes that tie a sealed record to its row; never stored. */
void put_bind(struct buf *b, const struct record_bind *bind);

/* Crockford base32: value of a typed symbol (either case, O I L read as digits), -1 when it is none. The five extra check symbols
 * have the values 32..36 and count only where `check` is set. */
int symbol_value(char c, bool check);
char symbol_of(unsigned value);
unsigned symbols_check(unsigned check, unsigned value); /* running value mod 37 */

/* Next typed character as ASCII: spaces, hyphens and direction marks are skipped, Arabic and Persian digits become ASCII. False at
 * the end; *c is 0 for anything else that is not ASCII. */
bool next_typed(struct sv *typed, char *c);

#endif
