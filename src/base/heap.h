/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_HEAP_H
#define BASE_HEAP_H

#include <stddef.h>

/* Zeroed memory for state that lives as long as its process (tables, connections). Never NULL: out of memory ends the process with a
 * plain message. Everything a request needs comes from its arena instead. */
void *heap_new(size_t count, size_t size);
void *heap_grow(void *p, size_t old_count, size_t new_count, size_t size); /* new memory zeroed, old wiped */
void heap_free(void *p);

#endif
