/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one thing read from a photograph's metadata before all of it is dropped: which way is up. The payload of APP1 is "Exif", two
 * zeros, then a TIFF file: byte order, 42, offset of the first directory; its entries are 12 bytes: tag, type, count, value. */
#include <string.h>

#include "media/type.h"

#define TAG_ORIENTATION 0x0112
#define TYPE_SHORT 3

static uint32_t integer(struct sv s, size_t at, size_t n, bool little)
{
	uint32_t v = 0;

	for (size_t i = 0; i < n; i++)
		v = v << 8 | (uint8_t)s.p[at + (little ? n - 1 - i : i)];
	return v;
}

unsigned exif_orientation(struct sv app1)
{
	struct sv t;
	bool little;
	size_t directory, entries;

	if (app1.n < 6 + 8 || memcmp(app1.p, "Exif\0", 6) != 0)
		return 1;
	t = (struct sv){ app1.p + 6, app1.n - 6 };
	little = t.p[0] == 'I' && t.p[1] == 'I';
	if ((!little && (t.p[0] != 'M' || t.p[1] != 'M')) || integer(t, 2, 2, little) != 42)
		return 1;
	directory = integer(t, 4, 4, little);
	if (directory > t.n - 2)
		return 1;
	entries = integer(t, directory, 2, little);
	for (size_t at = directory + 2; entries > 0 && at <= t.n && t.n - at >= 12; entries--, at += 12) {
		uint32_t value = integer(t, at + 8, 2, little);

		if (integer(t, at, 2, little) != TAG_ORIENTATION)
			continue;
		return integer(t, at + 2, 2, little) == TYPE_SHORT && value >= 1 && value <= 8 ? value : 1;
	}
	return 1;
}
