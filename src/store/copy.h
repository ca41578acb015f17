/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef STORE_COPY_H
#define STORE_COPY_H

#include "base/arena.h"
#include "base/status.h"

/* A database file as it is at one moment, copied while others go on writing: for backups, of any of an instance's files. */

struct copy;
/* From now on the copy sees the file as it is at this moment. E_STORE. */
enum status copy_begin(const char *path, struct copy **out) MUST_CHECK;
/* Into a new file at `to`, readable by its owner alone; its name goes again at once, what is left is the open file, at its start, to be
 * closed by the caller. E_STORE: also when something of this name is there already or is put there meanwhile, or when the disk is full. */
enum status copy_to_file(struct copy *k, const char *to, int *fd) MUST_CHECK;
/* The bytes of a small one (at most 256 MiB), for what must not lie on a disk in between. E_LIMIT, E_STORE. Freed by copy_end. */
enum status copy_to_memory(struct copy *k, struct sv *bytes) MUST_CHECK;
void copy_end(struct copy *k); /* NULL allowed; what copy_to_memory gave is wiped */

#endif
