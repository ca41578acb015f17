/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The data lie in ../data of the executables beside a build, in ../../share/amana/data beside PREFIX/lib/amana. */
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
	static const char *const beside[] = { "../data", "../../share/amana/data" };
	const char *programs = place_programs(a);

	for (size_t i = 0; programs != NULL && i < sizeof(beside) / sizeof(beside[0]); i++) {
		const char *data = arena_format(a, "%s/%s", programs, beside[i]).p;

		if (access(arena_format(a, "%s/codes", data).p, R_OK) == 0)
			return data;
	}
	return INSTALLED_DATA;
}

bool place_zone(const char *name)
{
	if (zone_open(name == NULL ? ZONE_DEFAULT : name) == OK)
		return true;
	tell(2, "amana: this machine knows no time zone of the name %s: install tzdata, or choose another with --zone",
	     name == NULL ? ZONE_DEFAULT : name);
	return false;
}
