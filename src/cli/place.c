/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Beside a build the data lie in ../data of the executables, else where the package puts them. */
#include "cli/place.h"

#include "cli/terminal.h"

#include <string.h>
#include <unistd.h>

#define INSTALLED_DATA "/usr/share/amana/data"

const char *place_programs(struct arena *a)
{
	char path[4096];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1);
	const char *slash;

	if (n <= 0)
		return NULL;
	slash = memrchr(path, '/', (size_t)n);
	return slash == NULL || slash == path ? NULL : arena_text(a, sv_bytes(path, (size_t)(slash - path)));
}

const char *place_data(struct arena *a)
{
	const char *programs = place_programs(a), *beside;

	if (programs == NULL)
		return INSTALLED_DATA;
	beside = arena_format(a, "%s/../data", programs).p;
	return access(arena_format(a, "%s/codes", beside).p, R_OK) == 0 ? beside : INSTALLED_DATA;
}

bool place_zone(const char *name)
{
	if (zone_open(name == NULL ? ZONE_DEFAULT : name) == OK)
		return true;
	tell(2, "amana: this machine knows no time zone of the name %s: install tzdata, or choose another with --zone",
	     name == NULL ? ZONE_DEFAULT : name);
	return false;
}
