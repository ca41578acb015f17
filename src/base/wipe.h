/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_WIPE_H
#define BASE_WIPE_H

#include <stddef.h>

/* Overwrite memory so that the compiler cannot leave it out. base/wipe.c also interposes free and the old block of realloc
 * for the whole process (security.md 5.2); sanitizer builds leave the interposition out. */
void wipe(void *p, size_t n);
/* Overwrite the next `n` bytes of unused stack below the caller (workers: 64 KiB after each request). */
void wipe_stack(void);
/* Process hardening common to all: RLIMIT_CORE 0, PR_SET_DUMPABLE 0, PR_SET_NO_NEW_PRIVS. Call first in main. */
void process_harden(void);

#endif
