/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_PLACE_H
#define CLI_PLACE_H

#include "base/arena.h"

/* Where the executables and the data lie: beside this one, or as installed. NULL when /proc does not say. */
const char *place_programs(struct arena *a);
const char *place_data(struct arena *a);

#endif
