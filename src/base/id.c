/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Random identifiers and the file number people read aloud. Both carry no meaning: no date, no counter, no place. */
#include "base/id.h"
#include "base/random.h"
#include "base/text.h"

#include <string.h>

struct id id_new(void)
{
	struct id a;

	random_fill(a.b, sizeof a.b);
	a.b[6] = (uint8_t)((a.b[6] & 0x0f) | 0x40);
	a.b[8] = (uint8_t)((a.b[8] & 0x3f) | 0x80);
	return a;
}

bool id_equal(struct id a, struct id b)
{
	return memcmp(a.b, b.b, sizeof a.b) == 0;
}

bool id_is_zero(struct id a)
{
	return id_equal(a, ID_ZERO);
}

struct sv id_view(const struct id *a)
{
	return sv_bytes(a->b, sizeof a->b);
}

bool id_from(struct sv raw16, struct id *out)
{
	if (raw16.n != sizeof out->b)
		return false;
	memcpy(out->b, raw16.p, sizeof out->b);
	return true;
}

bool id_parse(struct sv hex32, struct id *out)
{
	return hex_parse(hex32, out->b, sizeof out->b);
}

void id_hex(struct id a, char out[33])
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < sizeof a.b; i++) {
		out[2 * i] = digits[a.b[i] >> 4];
		out[2 * i + 1] = digits[a.b[i] & 15];
	}
	out[32] = 0;
}

void file_number_new(char out[ID_CODE_SIZE])
{
	static const char symbols[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

	for (size_t i = 0; i < ID_CODE_SIZE - 1; i++)
		out[i] = symbols[random_below(32)];
	out[ID_CODE_SIZE - 1] = 0;
}
