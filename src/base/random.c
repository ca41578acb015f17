/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The only source of randomness: libsodium, which asks the kernel. */
#include "base/random.h"

#include <sodium.h>

void random_fill(void *p, size_t n)
{
	randombytes_buf(p, n);
}

uint32_t random_below(uint32_t limit)
{
	return randombytes_uniform(limit);
}
