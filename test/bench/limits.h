/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BENCH_LIMITS_H
#define BENCH_LIMITS_H

#include <stddef.h>
#include <stdint.h>

/* What this machine can do at all, measured beside the program in the same run. Rates are per second. */

/* Argon2id t=3 m=64 MiB, one thread a core. */
double limit_argon(double seconds);
double limit_chunks(double seconds);    /* MiB of a file sealed in chunks, one thread; opening costs the same */
double limit_decisions(double seconds); /* policy_decide over every role, class and op in turn */
/* Saves with nothing around them: `seals` records of `plain` bytes sealed and stored, `wraps` fresh data keys wrapped and stored, as many
 * leaves and further rows of 120 bytes (key random) as the real save has in the keeper's database and in the main one, each database
 * committed durably once every `batch` saves. Two fresh databases in dir. */
struct save_size {
	size_t seals, wraps, plain, leaves, keeper_rows, main_rows;
};
double limit_inserts(const char *dir, size_t batch, const struct save_size *size, double seconds);

#endif
