/* SPDX-License-Identifier: GPL-3.0-or-later */
/* amana backup: both databases as they are at one moment, then the sealed files, while the service goes on. The keeper holds sets back for
 * the milliseconds in which the snapshots are opened, so records and journal agree exactly. Shares never lie on the disk in between. */
#include "cli/backup.h"

#include "base/clock.h"
#include "base/random.h"
#include "base/zone.h"
#include "cli/attach.h"
#include "cli/container.h"
#include "cli/terminal.h"
#include "cli/words.h"
#include "crypto/formats.h"
#include "store/copy.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define HOLD_WITHIN (30 * SECOND_MS)
#define ASK_EVERY_NS 2000000L
#define READ_BYTES 65536u

enum { OPT_PRUNE };
static const struct argp_option options[] = {
	{ "prune", WORD_KEY(OPT_PRUNE), NULL, 0, "then delete the sets of shares beside FILE that are older than 30 days", 0 },
	{ 0 },
};
static const struct words_form form = {
	"amana backup",
	options,
	"DIR FILE",
	"Writes FILE (records, journal, files) and FILE" SHARES_NAME
	" (erasure shares), both sealed to the backup key, while the service "
	"runs.\vFILE may be kept for years, FILE" SHARES_NAME
	" for 30 days: what is erased must end in every copy. Pepper and secret are "
	"in neither; keep copies of them apart. Prove a backup with amana restore into a folder nobody serves.",
	2,
	2
};

void backup_key_make(uint8_t sk[32], uint8_t pk[32])
{
	random_fill(sk, 32);
	x25519_public(pk, sk);
}

struct sv manifest_write(struct arena *a, const struct manifest *m)
{
	struct buf b = buf_new(a, 256, 512);
	char instance[33];

	id_hex(m->instance, instance);
	buf_format(&b, "amana backup 1\nset %s\ninstance %s\nat %lld\nleaves %llu\nsecrets ", m->shares ? "shares" : "records",
		   instance, (long long)m->at, (unsigned long long)m->leaves);
	for (size_t i = 0; i < sizeof(m->secrets); i++)
		buf_format(&b, "%02x", m->secrets[i]);
	buf_text(&b, "\n");
	return buf_view(&b);
}

/* --- the moment ------------------------------------------------------------------------------------------------------------- */

struct backup {
	struct attached x;
	struct manifest m;
	uint8_t pk[32];
	struct copy *main, *keeper, *shares;
	struct sv *files; /* "ab/abcd…": all that are there at the moment */
	size_t file_n, file_room;
};

static const char *in_dir(struct backup *b, const char *name)
{
	return arena_format(b->x.arena, "%s/%s", b->x.dir, name).p;
}

static enum status hold(struct backup *b)
{
	const struct timespec moment = { 0, ASK_EVERY_NS };
	int64_t until = clock_monotonic() + HOLD_WITHIN;
	struct backup_moment at;
	enum status s;

	while ((s = admin_hold(&b->x.admin, &at)) == E_BUSY && clock_monotonic() < until) {
		b->x.admin.error = (struct error){ .status = OK };
		(void)nanosleep(&moment, NULL);
	}
	TRY(s);
	b->m.instance = at.instance;
	b->m.leaves = at.leaves;
	b->m.at = clock_now();
	memcpy(b->m.secrets, at.secrets, sizeof(b->m.secrets));
	memcpy(b->pk, at.backup_pk, sizeof(b->pk));
	return OK;
}

static void note_file(struct backup *b, struct sv name)
{
	if (b->file_n == b->file_room) {
		struct sv *more = ARENA_ARRAY(b->x.arena, struct sv, b->file_room * 2 + 256);

		if (b->file_n > 0)
			memcpy(more, b->files, b->file_n * sizeof(*more));
		b->files = more;
		b->file_room = b->file_room * 2 + 256;
	}
	b->files[b->file_n++] = name;
}

static bool hex_name(const char *name, size_t n)
{
	return strlen(name) == n && strspn(name, "0123456789abcdef") == n;
}

static enum status list_folder(struct backup *b, const char *folder)
{
	DIR *d = opendir(arena_format(b->x.arena, "%s/main/files/%s", b->x.dir, folder).p);
	const struct dirent *e;

	if (d == NULL)
		return E_IO;
	while ((e = readdir(d)) != NULL)
		if (hex_name(e->d_name, 32))
			note_file(b, arena_format(b->x.arena, "%s/%s", folder, e->d_name));
	return closedir(d) == 0 ? OK : E_IO;
}

static enum status list_files(struct backup *b)
{
	DIR *d = opendir(in_dir(b, "main/files"));
	const struct dirent *e;
	enum status s = OK;

	if (d == NULL)
		return errno == ENOENT ? OK : E_IO; /* none was ever added */
	while (s == OK && (e = readdir(d)) != NULL)
		if (hex_name(e->d_name, 2))
			s = list_folder(b, e->d_name);
	return closedir(d) == 0 ? s : E_IO;
}

static enum status begin_copies(struct backup *b)
{
	TRY(copy_begin(in_dir(b, "main/main.db"), &b->main));
	TRY(copy_begin(in_dir(b, "keeper/keeper.db"), &b->keeper));
	TRY(copy_begin(in_dir(b, "keeper/shred.db"), &b->shares));
	return list_files(b);
}

static enum status take_moment(struct backup *b)
{
	enum status s = hold(b);

	if (s == OK)
		s = begin_copies(b);
	b->x.admin.error = (struct error){ .status = OK };
	(void)!admin_release(&b->x.admin); /* if that is lost, the keeper lets go by itself */
	return s;
}

/* --- the sets --------------------------------------------------------------------------------------------------------------- */

static enum status put_all(struct container *k, int fd)
{
	char bytes[READ_BYTES];
	ssize_t n;

	while ((n = read(fd, bytes, sizeof(bytes))) > 0)
		TRY(container_put(k, sv_bytes(bytes, (size_t)n)));
	return n == 0 ? container_end_entry(k) : E_IO;
}

static enum status put_open(struct container *k, const char *name, int fd)
{
	TRY(container_entry(k, name));
	return put_all(k, fd);
}

/* E_NOTFOUND: the file is gone. */
static enum status put_file(struct container *k, const char *name, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	enum status s;

	if (fd < 0)
		return errno == ENOENT ? E_NOTFOUND : E_IO;
	s = put_open(k, name, fd);
	(void)close(fd);
	return s;
}

/* A snapshot on its way into the set lies beside it as a file, sealed as the database itself is, and without a name once it is whole. */
static enum status put_copy(struct container *k, const char *name, struct copy *copy, const char *beside)
{
	enum status s;
	int fd;

	(void)unlink(beside); /* of a backup that was cut off */
	TRY(copy_to_file(copy, beside, &fd));
	s = put_open(k, name, fd);
	(void)close(fd);
	return s;
}

static enum status put_manifest(struct backup *b, struct container *k, bool shares)
{
	b->m.shares = shares;
	TRY(container_entry(k, MANIFEST));
	TRY(container_put(k, manifest_write(b->x.arena, &b->m)));
	return container_end_entry(k);
}

static enum status put_records(struct backup *b, struct container *k, const char *beside)
{
	TRY(put_manifest(b, k, false));
	TRY(put_copy(k, "main/main.db", b->main, beside));
	TRY(put_copy(k, "keeper/keeper.db", b->keeper, beside));
	for (size_t i = 0; i < b->file_n; i++) {
		struct arena_mark mark = arena_mark(b->x.arena);
		const char *name = arena_format(b->x.arena, "main/files/%.*s", (int)b->files[i].n, b->files[i].p).p;

		TRY(put_file(k, name, in_dir(b, name)));
		arena_rewind(b->x.arena, mark);
	}
	return container_finish(k);
}

static enum status put_shares(struct backup *b, struct container *k)
{
	struct sv bytes;

	TRY(put_manifest(b, k, true));
	TRY(copy_to_memory(b->shares, &bytes));
	TRY(container_entry(k, "keeper/shred.db"));
	TRY(container_put(k, bytes));
	TRY(container_end_entry(k));
	return container_finish(k);
}

static enum status write_set(struct backup *b, const char *path, bool shares)
{
	struct container *k = NULL;
	enum status s = container_create(&b->x.c, path, b->m.instance, b->pk, &k);

	if (s == OK)
		s = shares ? put_shares(b, k) : put_records(b, k, arena_format(b->x.arena, "%s.copy", path).p);
	container_close(k);
	return s;
}

/* The shares first: FILE is there only when both are. */
static enum status write_both(struct backup *b, const char *path)
{
	const char *shares = arena_format(b->x.arena, "%s" SHARES_NAME, path).p;
	enum status s;

	if (access(path, F_OK) == 0)
		return E_CONFLICT;
	TRY(write_set(b, shares, true));
	s = write_set(b, path, false);
	if (s != OK)
		(void)unlink(shares);
	return s;
}

/* --- old shares -------------------------------------------------------------------------------------------------------------- */

static bool ends_with(const char *name, const char *ending)
{
	size_t n = strlen(name), tail = strlen(ending);

	return n > tail && strcmp(name + n - tail, ending) == 0;
}

/* Also what a backup that was cut off has left: it is shares all the same. */
static void prune(struct backup *b, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *folder = slash == NULL ? "." : arena_text(b->x.arena, sv_bytes(path, (size_t)(slash - path) + 1));
	DIR *d = opendir(folder);
	const struct dirent *e;
	struct stat st;

	while (d != NULL && (e = readdir(d)) != NULL) {
		const bool shares = ends_with(e->d_name, SHARES_NAME) || ends_with(e->d_name, SHARES_NAME ".part");
		bool old = shares && fstatat(dirfd(d), e->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode) &&
			   (int64_t)st.st_mtime * SECOND_MS < b->m.at - SHARES_DAYS * DAY_MS;

		if (old && unlinkat(dirfd(d), e->d_name, 0) == 0)
			tell(1, "deleted  %s: older than %d days", e->d_name, SHARES_DAYS);
	}
	if (d != NULL)
		(void)closedir(d);
}

/* Which of the two it is, so that nothing else is deleted. */
static void say_half(struct backup *b, const char *path)
{
	const char *half = arena_format(b->x.arena, "%s" SHARES_NAME ".part", path).p;
	struct stat st;

	if (lstat(half, &st) != 0)
		half = arena_format(b->x.arena, "%s.part", path).p;
	tell(2,
	     "amana: backup: %s is there: another backup is writing it, or one was cut off. When none is running, delete it and try again",
	     half);
}

static int say_failure(struct backup *b, enum status s, const char *path)
{
	if (s == E_STATE && b->x.admin.error.status == OK)
		say_half(b, path);
	else if (s == E_CONFLICT)
		tell(2, "amana: backup: %s or %s" SHARES_NAME " is there already and stays", path, path);
	else if (s == E_NOTFOUND)
		tell(2, "amana: backup: a file was erased while it was being copied: start the backup again");
	else if (s == E_BUSY)
		tell(2, "amana: backup: the service had no quiet moment: try again");
	else if (b->x.admin.error.status != OK)
		(void)tell_error(&b->x.admin, "backup");
	else
		tell(2, "amana: backup: %s cannot be written, or the instance cannot be read (%s); nothing was left behind", path,
		     status_name(s));
	return 1;
}

int backup_command(int argc, char **argv)
{
	struct backup b = { 0 };
	struct words w;
	int end = 1;

	words_parse(&form, argc, argv, &w);
	if (attach(&b.x, w.arg[0], ATTACH_KEEPER) == OK) {
		enum status s = take_moment(&b);

		if (s == OK)
			s = write_both(&b, w.arg[1]);
		if (s == OK) {
			tell(1, "%s and %s" SHARES_NAME ": %llu leaves, %zu files", w.arg[1], w.arg[1],
			     (unsigned long long)b.m.leaves, b.file_n);
			if (w.option[OPT_PRUNE] != NULL)
				prune(&b, w.arg[1]);
		}
		end = s == OK ? 0 : say_failure(&b, s, w.arg[1]);
	}
	copy_end(b.main);
	copy_end(b.keeper);
	copy_end(b.shares);
	detach(&b.x);
	return end;
}
