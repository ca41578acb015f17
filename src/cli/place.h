/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_PLACE_H
#define CLI_PLACE_H

#include "base/arena.h"
#include "base/status.h"
#include "base/zone.h"

/* Where the executables and the data lie: beside this one, or as installed. NULL when /proc does not say. */
const char *place_programs(struct arena *a);
const char *place_data(struct arena *a);

/* Says why there is no instance to be seen in dir: none was made, or it is closed to this user. */
void place_no_instance(struct arena *a, const char *dir);

/* Gives a file or folder its name, never over another. E_CONFLICT: something has it; E_IO. */
enum status place_move(const char *from, const char *to) MUST_CHECK;

/* Opens the time zone people read and type in (base/zone.h); NULL = the default. Says on the terminal when there is none of this name. */
#define PLACE_ZONE "time zone of what is typed; default " ZONE_DEFAULT
bool place_zone(const char *name);

#endif
