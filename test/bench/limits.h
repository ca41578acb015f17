/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BENCH_LIMITS_H
#define BENCH_LIMITS_H

#include <stddef.h>
#include <stdint.h>

/* What this machine can do at all, measured beside the program in the same run. Rates are per second. */

/* Argon2id t=3 m=64 MiB, one thread a core. */
double limit_argon(double seconds);
/* Saves of the size of a contact or an imported report with nothing around them: `seals` records of `plain` bytes sealed, `wraps` fresh
 * data keys wrapped, the leaves inserted in one database and the rows in another, each committed durably once every `batch` saves.
 * Two fresh databases in dir. */
double limit_inserts(const char *dir, size_t batch, size_t seals, size_t wraps, size_t plain, double seconds);

#endif
