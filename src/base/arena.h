/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/view.h"

/* Memory that lives as long as one request, command or job. Allocation never returns NULL: past its cap the process ends
 * with a plain message (caps are set far above the largest accepted form). Blocks are zeroed, kept out of core dumps
 * (MADV_DONTDUMP) and wiped on rewind, reset and free. Not for keys: those stay in keeper/slab.c. One thread only. */
struct arena;

struct arena *arena_new(size_t cap);          /* cap in bytes over all blocks; 0 = 8 MiB */
void arena_reset(struct arena *a);            /* wipes; keeps the first block for re-use */
void arena_free(struct arena *a);             /* wipes and gives the memory back; NULL allowed */
void *arena_alloc(struct arena *a, size_t n); /* zeroed, aligned to 16 */
#define ARENA_NEW(a, type) ((type *)arena_alloc((a), sizeof(type)))
#define ARENA_ARRAY(a, type, n) ((type *)arena_array((a), (n), sizeof(type)))
void *arena_array(struct arena *a, size_t n, size_t size); /* overflow checked */
struct sv arena_copy(struct arena *a, struct sv s);        /* zero-terminated copy; .n without the zero */
char *arena_text(struct arena *a, struct sv s);            /* the same, as C string */
struct sv arena_format(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Scope for loops over many rows: what was taken since the mark is wiped and re-used. */
struct arena_mark {
	size_t block;
	size_t used;
};
struct arena_mark arena_mark(struct arena *a);
void arena_rewind(struct arena *a, struct arena_mark m);
size_t arena_used(const struct arena *a);

#endif
