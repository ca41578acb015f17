/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a part: refused, or a part that we would write in exactly these bytes. The first byte chooses the class. */
#include <stdlib.h>

#include "domain/casefile/types.h"
#include "domain/intake/types.h"
#include "domain/person/types.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct actor nobody = { .kind = ACTOR_NONE };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct record_type *const types[] = { &report_type, &message_type, &file_type,        &casefile_type,
							   &basis_type,  &person_type,  &exploitation_type };
	static const enum class classes[] = { REPORT, DIALOG, THREAD, IDENT, ASSIST, EXPLOIT, CONSENT, ALERT };
	struct ctx c = { .arena = arena_new(0), .who = &nobody };
	const struct record_type *t;
	struct field_value values[64] = { 0 };
	struct sv part, again;
	enum class class;

	if (size) {
		t = types[data[0] % (sizeof types / sizeof *types)];
		class = classes[data[0] / 8 % (sizeof classes / sizeof *classes)];
		part = sv_bytes(data + 1, size - 1);
		if (part_decode(&c, t, class, part, values) == OK &&
		    (part_encode(c.arena, t, class, values, &again) != OK || !sv_equal(part, again)))
			abort();
	}
	arena_free(c.arena);
	return 0;
}
