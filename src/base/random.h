/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* Random bytes of the kernel through libsodium. */
void random_fill(void *p, size_t n);
uint32_t random_below(uint32_t limit); /* uniform in 0..limit-1 */

#endif
