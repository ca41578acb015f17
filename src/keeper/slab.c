/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sodium_malloc and its page protection. Nothing else of libsodium is used in this room: cryptography stands in crypto/. */
#include "keeper/slab.h"

#include <sodium.h>
#include <unistd.h>
#include "base/log.h"

void *slab_new(size_t n)
{
	void *p = sodium_init() < 0 ? NULL : sodium_malloc(n);

	if (p == NULL) {
		LOG_NOTE(LOG_KEEPER, "no guarded memory to be had");
		_exit(70);
	}
	sodium_memzero(p, n);
	return p;
}

void slab_open(void *p)
{
	if (sodium_mprotect_readwrite(p) != 0)
		_exit(70);
}

void slab_shut(void *p)
{
	if (sodium_mprotect_noaccess(p) != 0)
		_exit(70);
}

void slab_free(void *p)
{
	sodium_free(p);
}
