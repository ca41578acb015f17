/* SPDX-License-Identifier: GPL-3.0-or-later */
/* calloc that ends the process instead of answering NULL. Only for state that lives as long as its process; request memory comes
 * from an arena. Growing copies into new memory and wipes the old block, so nothing is left behind even where free is not
 * interposed. */
#include "base/end.h"
#include "base/heap.h"
#include "base/wipe.h"

#include <stdlib.h>
#include <string.h>

void *heap_new(size_t count, size_t size)
{
	size_t total;
	void *p = NULL;

	if (!__builtin_mul_overflow(count, size, &total))
		p = calloc(total ? total : 1, 1);
	if (!p)
		process_end("out of memory");
	return p;
}

void *heap_grow(void *p, size_t old_count, size_t new_count, size_t size)
{
	void *grown = heap_new(new_count, size);

	if (p) {
		size_t kept = old_count < new_count ? old_count : new_count;

		if (kept)
			memcpy(grown, p, kept * size);
		wipe(p, old_count * size);
		heap_free(p);
	}
	return grown;
}

void heap_free(void *p)
{
	free(p);
}
