/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libc holds the zone: TZ names the file by its full path and tzset reads it at once. localtime_r, unlike localtime, never looks at TZ
 * or the file again, so it works behind the sandbox; only the offset is taken from it, the calendar is clock.c's own. Whether a zone was
 * opened is state of the process, set once at start: without it the machine's own zone would show through. */
#include "base/zone.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define ZONES "/usr/share/zoneinfo/"
#define NAME_MAX_BYTES 64

static bool opened;

/* Letters, digits and - + _ /: never a way out of the folder. */
static bool name_sound(const char *name)
{
	size_t n = strlen(name);

	return n > 0 && n <= NAME_MAX_BYTES && name[0] != '/' &&
	       strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-+_/") == n;
}

static bool is_zone(const char *path)
{
	char first[4];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool is = fd >= 0 && read(fd, first, sizeof(first)) == (ssize_t)sizeof(first) && memcmp(first, "TZif", sizeof(first)) == 0;

	if (fd >= 0)
		(void)close(fd);
	return is;
}

enum status zone_open(const char *name)
{
	char path[sizeof(":" ZONES) + NAME_MAX_BYTES];

	opened = false;
	if (strcmp(name, "UTC") == 0)
		return OK;
	if (!name_sound(name))
		return E_NOTFOUND;
	(void)snprintf(path, sizeof(path), ":%s%s", ZONES, name);
	if (!is_zone(path + 1) || setenv("TZ", path, 1) != 0)
		return E_NOTFOUND;
	tzset();
	opened = true;
	return OK;
}

/* How far the wall is ahead of UTC, in ms. */
static int64_t ahead(int64_t ms)
{
	time_t second = (time_t)((ms - (ms % SECOND_MS + SECOND_MS) % SECOND_MS) / SECOND_MS);
	struct tm tm;

	if (!opened || localtime_r(&second, &tm) == NULL)
		return 0;
	return (int64_t)tm.tm_gmtoff * SECOND_MS;
}

int64_t zone_local(int64_t ms)
{
	return ms + ahead(ms);
}

int64_t zone_utc(int64_t local)
{
	int64_t before = ahead(local - DAY_MS), after = ahead(local + DAY_MS);

	if (ahead(local - before) == before || ahead(local - after) != after)
		return local - before;
	return local - after;
}

void zone_day_text(int64_t ms, char out[11])
{
	day_text(zone_local(ms), out);
}

void zone_minute_text(int64_t ms, char out[17])
{
	minute_text(zone_local(ms), out);
}

bool zone_date_parse(struct sv s, int64_t *ms)
{
	int64_t local;

	if (!date_parse(s, &local))
		return false;
	*ms = zone_utc(local);
	return true;
}
