/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAIN_PLACE_H
#define MAIN_PLACE_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/status.h"

/* Where things lie, and whose they are. */
const char *program_directory(struct arena *a);             /* of this executable; NULL when it cannot be told */
const char *data_directory(struct arena *a, const char *programs); /* code lists: beside the build, or as installed */

/* The instance directory made ready: DIR/main, DIR/keeper there, DIR/run made, DIR/run/lock held until this process ends. E_NOTFOUND: no
 * instance here; E_STATE: somebody serves it already; E_IO. */
enum status instance_take(struct arena *a, const char *dir) MUST_CHECK;

/* The service's own users, all of one group `base`: base + 1 web, + 2 keeper, + 3 media. Hands the folders over. *closed names a folder
 * on the way that others may not pass; then nothing was changed (E_DENIED). */
struct owners {
	uid_t web, keeper, media;
	gid_t group;
};
enum status instance_hand_over(struct arena *a, const char *dir, unsigned base, struct owners *out, const char **closed) MUST_CHECK;

#endif
