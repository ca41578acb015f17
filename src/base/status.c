/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The names of the status values, and the one way a process of ours gives up. Names are constants: they stand in logs and JSON, so
 * they never change. */
#include "base/end.h"
#include "base/status.h"

#include <string.h>
#include <unistd.h>

static const char *const names[STATUS_COUNT] = {
	[OK] = "ok",
	[E_INPUT] = "input",
	[E_DENIED] = "denied",
	[E_NOTFOUND] = "notfound",
	[E_STALE] = "stale",
	[E_STATE] = "state",
	[E_CONFLICT] = "conflict",
	[E_LIMIT] = "limit",
	[E_BUSY] = "busy",
	[E_UNCERTAIN] = "uncertain",
	[E_STORE] = "store",
	[E_CRYPTO] = "crypto",
	[E_IO] = "io",
	[E_BUG] = "bug",
};

const char *status_name(enum status s)
{
	if ((unsigned)s >= STATUS_COUNT)
		return "unknown";
	return names[s];
}

_Noreturn void process_end(const char *literal)
{
	ssize_t written = write(STDERR_FILENO, literal, strlen(literal));

	if (written >= 0)
		written = write(STDERR_FILENO, "\n", 1);
	(void)written;
	_exit(PROCESS_END_STATUS);
}
