/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef KEEPER_SLAB_H
#define KEEPER_SLAB_H

#include <stddef.h>

/* Guarded pages for secrets: locked in memory where the limit allows, kept out of core dumps, no access while shut. A failed
 * allocation ends the process. */
void *slab_new(size_t n); /* open, zeroed */
void slab_open(void *p);
void slab_shut(void *p);
void slab_free(void *p); /* wiped; NULL allowed */

/* Shared with processes forked later, until it is kept from those; always open, whole pages. n is the same at all. */
void *slab_shared(size_t n);
void slab_shared_keep(void *p, size_t n);
void slab_shared_free(void *p, size_t n); /* wiped; NULL allowed */

#endif
