/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The data lie in ../data of the executables beside a build, in ../../share/amana/data beside PREFIX/lib/amana. */
#include "cli/place.h"

#include "cli/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
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

void place_no_instance(struct arena *a, const char *dir)
{
	if (access(arena_format(a, "%s/keeper", dir).p, F_OK) != 0 && errno == EACCES)
		tell(2, "amana: %s is closed to you: run this as root, or as the user the service runs as", dir);
	else
		tell(2, "amana: there is no instance in %s: make one with `amana init`", dir);
}

/* Where the file system has no such rename (network shares), as well as can be. */
enum status place_move(const char *from, const char *to)
{
	if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
		return OK;
	if (errno == EEXIST || (errno == EINVAL && access(to, F_OK) == 0))
		return E_CONFLICT;
	return errno == EINVAL && rename(from, to) == 0 ? OK : E_IO;
}

bool place_zone(const char *name)
{
	if (zone_open(name == NULL ? ZONE_DEFAULT : name) == OK)
		return true;
	tell(2, "amana: this machine knows no time zone of the name %s: install tzdata, or choose another with --zone",
	     name == NULL ? ZONE_DEFAULT : name);
	return false;
}
