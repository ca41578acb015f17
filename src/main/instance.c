/* SPDX-License-Identifier: GPL-3.0-or-later */
/* DIR/main belongs to web, DIR/keeper to the keeper, each closed to the other. DIR/run holds their sockets: sticky and open to the group,
 * so that each makes and removes its own; who may talk is checked by the peer's user at each connection. */
#include "main/instance.h"

#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_folder(const char *path)
{
	struct stat s;

	return stat(path, &s) == 0 && S_ISDIR(s.st_mode);
}

static const char *in(struct arena *a, const char *dir, const char *name)
{
	return arena_format(a, "%s/%s", dir, name).p;
}

enum status instance_take(struct arena *a, const char *dir)
{
	int lock;

	if (!is_folder(in(a, dir, "main")) || !is_folder(in(a, dir, "keeper")))
		return E_NOTFOUND;
	if (mkdir(in(a, dir, "run"), 0700) != 0 && errno != EEXIST)
		return E_IO;
	lock = open(in(a, dir, "run/lock"), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (lock < 0)
		return E_IO;
	if (flock(lock, LOCK_EX | LOCK_NB) == 0)
		return OK; /* stays open: the lock lives as long as this process */
	close(lock);
	return E_STATE;
}

/* Every folder on the way must let others pass, or the service's users never reach their own. */
static const char *closed_above(struct arena *a, const char *dir)
{
	char path[PATH_MAX];
	char *slash;

	if (realpath(dir, path) == NULL)
		return dir;
	while ((slash = strrchr(path, '/')) != NULL && slash != path) {
		struct stat s;

		*slash = 0;
		if (stat(path, &s) != 0 || (s.st_mode & S_IXOTH) == 0)
			return arena_text(a, sv_of(path));
	}
	return NULL;
}

/* All below belongs to one user and to nobody else. Links are not followed. */
static enum status give(const char *path, uid_t uid, gid_t gid)
{
	char *const paths[] = { (char *)(uintptr_t)path, NULL };
	FTS *tree = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR | FTS_XDEV, NULL);
	enum status s = OK;
	FTSENT *e;

	if (tree == NULL)
		return E_IO;
	while (s == OK && (e = fts_read(tree)) != NULL) {
		if (e->fts_info == FTS_DP)
			continue;
		if (e->fts_info == FTS_DNR || e->fts_info == FTS_ERR || e->fts_info == FTS_NS || lchown(e->fts_path, uid, gid) != 0)
			s = E_IO;
		else if (e->fts_info == FTS_D && chmod(e->fts_path, 0700) != 0)
			s = E_IO;
	}
	fts_close(tree);
	return s;
}

/* What an earlier start under other users left in DIR/run. The lock stays ours. */
static enum status give_run(struct arena *a, const char *run, const struct owners *to)
{
	const struct {
		const char *name;
		uid_t uid;
	} left[] = { { "keeper.lock", to->keeper },
		     { "keeper.sock", to->keeper },
		     { "admin.sock", to->keeper },
		     { "media.sock", to->media },
		     { "media.sock.new", to->media } };

	for (size_t i = 0; i < sizeof(left) / sizeof(left[0]); i++)
		if (lchown(in(a, run, left[i].name), left[i].uid, to->group) != 0 && errno != ENOENT)
			return E_IO;
	if (chown(run, 0, to->group) != 0 || chmod(run, 01770) != 0)
		return E_IO;
	return OK;
}

enum status instance_hand_over(struct arena *a, const char *dir, unsigned base, struct owners *out, const char **closed)
{
	*closed = closed_above(a, dir);
	if (*closed != NULL)
		return E_DENIED;
	*out = (struct owners){ .web = base + 1, .keeper = base + 2, .media = base + 3, .group = base };
	TRY(give(in(a, dir, "main"), out->web, out->group));
	TRY(give(in(a, dir, "keeper"), out->keeper, out->group));
	if (chown(dir, 0, out->group) != 0 || chmod(dir, 0710) != 0)
		return E_IO;
	return give_run(a, in(a, dir, "run"), out);
}
