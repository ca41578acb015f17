/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A read transaction held open is the moment; SQLite's own backup reads through it, so the write-ahead log of the source is in the copy and
 * nothing later is. The copy is one file without a log of its own. */
#include "store/copy.h"

#include "base/buf.h"
#include "base/heap.h"
#include "base/view.h"
#include "base/wipe.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MEMORY_MAX (256ll << 20)
#define BUSY_MS 5000

struct copy {
	sqlite3 *from;
	unsigned char *bytes;
	size_t n;
};

static bool run(sqlite3 *lite, const char *sql)
{
	return sqlite3_exec(lite, sql, NULL, NULL, NULL) == SQLITE_OK;
}

/* The file itself is no link; the way to it may lead over some. */
static bool straight(const char *path, char to[PATH_MAX + NAME_MAX + 2])
{
	const char *slash = strrchr(path, '/');
	struct sv name = sv_of(slash == NULL ? path : slash + 1);
	struct buf folder, whole = buf_over(to, PATH_MAX + NAME_MAX + 1);
	char given[PATH_MAX], real[PATH_MAX];

	folder = buf_over(given, sizeof(given) - 1);
	if (slash == NULL)
		buf_text(&folder, ".");
	else
		buf_put(&folder, path, (size_t)(slash - path) + 1);
	buf_byte(&folder, 0);
	if (buf_ok(&folder) != OK || realpath(given, real) == NULL)
		return false;
	buf_format(&whole, "%s/%.*s", real, (int)name.n, name.p);
	buf_byte(&whole, 0);
	return buf_ok(&whole) == OK;
}

enum status copy_begin(const char *path, struct copy **out)
{
	struct copy *k = heap_new(1, sizeof(*k));
	char real[PATH_MAX + NAME_MAX + 2];

	if (straight(path, real) &&
	    sqlite3_open_v2(real, &k->from, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW, NULL) ==
		    SQLITE_OK &&
	    sqlite3_busy_timeout(k->from, BUSY_MS) == SQLITE_OK &&
	    run(k->from, "PRAGMA trusted_schema=OFF; PRAGMA query_only=ON; PRAGMA temp_store=MEMORY;") &&
	    run(k->from, "BEGIN; SELECT count(*) FROM sqlite_schema;")) {
		*out = k;
		return OK;
	}
	copy_end(k);
	return E_STORE;
}

static bool backup(sqlite3 *from, sqlite3 *to)
{
	sqlite3_backup *b = sqlite3_backup_init(to, "main", from, "main");

	if (b == NULL)
		return false;
	(void)sqlite3_backup_step(b, -1);
	return sqlite3_backup_finish(b) == SQLITE_OK;
}

/* SQLite opens by name, and who may write in the folder may have put another file there since ours was made: is what it has open now the
 * file behind fd? No other descriptor of this process leads to that file. */
static bool opened_again(int fd)
{
	struct stat ours, other;
	const struct dirent *e;
	uint64_t number;
	bool found = false;
	DIR *d = opendir("/proc/self/fd");

	if (d == NULL)
		return false;
	while (fstat(fd, &ours) == 0 && !found && (e = readdir(d)) != NULL)
		found = sv_u64(sv_of(e->d_name), &number) && (int)number != fd && fstat((int)number, &other) == 0 &&
			other.st_dev == ours.st_dev && other.st_ino == ours.st_ino;
	(void)closedir(d);
	return found;
}

/* Nobody else's file of that name is removed. */
static void take_name(const char *to, int fd)
{
	struct stat ours, named;

	if (fstat(fd, &ours) == 0 && lstat(to, &named) == 0 && ours.st_dev == named.st_dev && ours.st_ino == named.st_ino)
		(void)unlink(to);
}

enum status copy_to_file(struct copy *k, const char *to, int *fd)
{
	sqlite3 *lite = NULL;
	bool done;

	*fd = open(to, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (*fd < 0)
		return E_STORE;
	done = sqlite3_open_v2(to, &lite, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK && opened_again(*fd) &&
	       backup(k->from, lite);
	done = sqlite3_close(lite) == SQLITE_OK && done;
	take_name(to, *fd);
	if (done)
		return OK;
	(void)close(*fd);
	*fd = -1;
	return E_STORE;
}

enum status copy_to_memory(struct copy *k, struct sv *bytes)
{
	sqlite3_int64 n = 0;

	k->bytes = sqlite3_serialize(k->from, "main", &n, 0);
	if (k->bytes == NULL)
		return E_STORE;
	k->n = (size_t)n;
	*bytes = sv_bytes((const char *)k->bytes, k->n);
	return n <= MEMORY_MAX ? OK : E_LIMIT;
}

void copy_end(struct copy *k)
{
	if (k == NULL)
		return;
	if (k->bytes != NULL)
		wipe(k->bytes, k->n);
	sqlite3_free(k->bytes);
	(void)sqlite3_close(k->from);
	heap_free(k);
}
