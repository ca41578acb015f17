/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sodium_malloc and its page protection. Nothing else of libsodium is used in this room: cryptography stands in crypto/. */
#include "keeper/slab.h"

#include <sodium.h>
#include <sys/mman.h>
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

void *slab_shared(size_t n)
{
	void *p = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED) {
		LOG_NOTE(LOG_KEEPER, "no guarded memory to be had");
		_exit(70);
	}
	(void)sodium_mlock(p, n); /* and out of dumps; as far as the limit allows */
	return p;
}

void slab_shared_keep(void *p, size_t n)
{
	if (madvise(p, n, MADV_DONTFORK) != 0)
		_exit(70);
}

void slab_shared_free(void *p, size_t n)
{
	if (p == NULL)
		return;
	(void)sodium_munlock(p, n); /* which wipes it */
	(void)munmap(p, n);
}
