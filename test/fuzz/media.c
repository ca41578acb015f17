/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The type table with its two container readers, the EXIF orientation reader and file names: the bytes of a file reach these first. */
#include <stdlib.h>

#include "media/type.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sv s = sv_bytes(data, size);
	struct arena *a = arena_new((size_t)64 << 20);
	enum media_kind kind = media_kind_of(s);
	unsigned orientation = exif_orientation(s);
	struct sv name = media_name(a, s, kind);

	(void)mp4_is_sound(s);
	(void)webm_is_sound(s);
	if (orientation < 1 || orientation > 8 || name.n < 5)
		abort();
	for (size_t i = 0; i < name.n; i++)
		if (name.p[i] == '/' || name.p[i] == '\\' || name.p[i] == '"' || (uint8_t)name.p[i] < ' ')
			abort();
	arena_free(a);
	return 0;
}
