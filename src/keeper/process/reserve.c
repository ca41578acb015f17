/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The reserve: a file of 64 MiB that is worth its room on the day the disk is full. */
#include "keeper/process/service.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define RESERVE_BYTES (64 * 1024 * 1024)

static bool path_of(const char *dir, char *out, size_t room)
{
	int n = snprintf(out, room, "%s/reserve", dir);

	return n > 0 && (size_t)n < room;
}

enum status reserve_make(const char *keeper_dir)
{
	char path[4096];
	int fd, failed;

	if (!path_of(keeper_dir, path, sizeof(path)))
		return E_STORE;
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return E_STORE;
	failed = posix_fallocate(fd, 0, RESERVE_BYTES);
	close(fd);
	if (failed == 0)
		return OK;
	reserve_give_back(keeper_dir);
	return E_STORE;
}

bool reserve_there(const char *keeper_dir)
{
	char path[4096];
	struct stat st;

	return path_of(keeper_dir, path, sizeof(path)) && stat(path, &st) == 0 && st.st_size == RESERVE_BYTES;
}

void reserve_give_back(const char *keeper_dir)
{
	char path[4096];

	if (path_of(keeper_dir, path, sizeof(path)))
		unlink(path);
}
