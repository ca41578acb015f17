/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAIN_INSTANCE_H
#define MAIN_INSTANCE_H

#include <sys/types.h>

#include "base/arena.h"
#include "base/status.h"

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
