/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_CONTAINER_H
#define CLI_CONTAINER_H

#include "base/context.h"

/* A sealed file of named entries, for backups: a fresh key wrapped to the backup key (kind 12), then chunks as in AMF1 (sealed design 4.5,
 * decision 6). Inside: for each entry 1, u16 length and name, blocks of u32 length and bytes, 0; after the last entry 0. Lengths are
 * little-endian. Entries are written and read in order, whole files never lie in memory. */

#define ENTRY_NAME_MAX 255
struct container;

/* Writes beside `path`, in PATH.part, until container_finish moves it there. E_CONFLICT: there is a file already; E_STATE: PATH.part is
 * there already, of a writer that was cut off or is at work; E_IO. */
enum status container_create(struct ctx *c, const char *path, struct id instance, const uint8_t backup_pk[32],
			     struct container **out) MUST_CHECK;
enum status container_entry(struct container *k, const char *name) MUST_CHECK;
enum status container_put(struct container *k, struct sv bytes) MUST_CHECK;
enum status container_end_entry(struct container *k) MUST_CHECK;
enum status container_finish(struct container *k)
	MUST_CHECK; /* sealed to its end, on the disk, in its place; E_CONFLICT: taken meanwhile */

/* E_CRYPTO: not such a file, or not sealed to this key, or changed. */
enum status container_open(struct ctx *c, const char *path, const uint8_t backup_sk[32], struct container **out) MUST_CHECK;
enum status container_next(struct container *k, char name[ENTRY_NAME_MAX + 1], bool *end) MUST_CHECK;
/* The next bytes of the entry, good until the next call; none: it ended. */
enum status container_take(struct container *k, struct sv *bytes) MUST_CHECK;

void container_close(struct container *k); /* NULL allowed; what was not finished is removed */

#endif
