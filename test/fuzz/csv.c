/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as CSV: every row has the header's cells, all within the limits, or the error says where. */
#include <stdlib.h>

#include "registry/csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct csv_limits limits = { .rows = 1000, .cell = 256, .separator = size % 2 ? ';' : ',' };
	struct arena *a = arena_new(0);
	struct csv r;
	struct csv_row row;
	bool end = false;
	enum status s = csv_open(&r, a, sv_bytes(data, size), &limits);

	while (s == OK && !end) {
		s = csv_next(&r, a, &row, &end);
		if (s == OK && !end && (row.n != r.columns || r.rows > limits.rows))
			abort();
		for (size_t i = 0; s == OK && !end && i < row.n; i++)
			if (row.cells[i].n > limits.cell)
				abort();
	}
	if (s != OK && (!r.error || (s != E_INPUT && s != E_LIMIT)))
		abort();
	arena_free(a);
	return 0;
}
