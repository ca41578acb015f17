/* SPDX-License-Identifier: GPL-3.0-or-later */
/* amana restore: both sets into a new folder. Every missing piece is named before anything is made; what is made is checked whole, key by
 * key and leaf by leaf, in a folder nothing serves, and takes its place only when all of it stands. */
#include "cli/backup.h"

#include "base/clock.h"
#include "base/wipe.h"
#include "base/zone.h"
#include "cli/ceremony.h"
#include "cli/container.h"
#include "cli/keyfile.h"
#include "cli/place.h"
#include "cli/terminal.h"
#include "cli/verify.h"
#include "crypto/formats.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SECRET_MOST 256

enum { OPT_KEY, OPT_SECRETS, OPT_SHARES };
static const struct argp_option options[] = {
	{ "key", WORD_KEY(OPT_KEY), "FILE", 0, "the backup key in a file; without it the key is asked for", 0 },
	{ "secrets", WORD_KEY(OPT_SECRETS), "FOLDER", 0, "where the kept copies of pepper and secret lie (needed)", 0 },
	{ "shares", WORD_KEY(OPT_SHARES), "FILE", 0, "the set of shares; default FILE" SHARES_NAME, 0 },
	{ 0 },
};
static const struct words_form form = {
	"amana restore",
	options,
	"FILE DIR",
	"Makes the instance of a backup in DIR.\vDIR must not hold an instance. Nothing is left in it when a piece is missing or wrong. "
	"Then amana verify DIR, and amana serve. What came in after the backup is lost, and what was erased after it must be erased again.",
	2,
	2
};

/* --- manifest --------------------------------------------------------------------------------------------------------------- */

static bool line_of(struct sv *text, const char *name, struct sv *value)
{
	struct sv line;
	size_t n = strlen(name);

	if (!sv_cut(text, '\n', &line) || line.n <= n || memcmp(line.p, name, n) != 0 || line.p[n] != ' ')
		return false;
	*value = sv_bytes(line.p + n + 1, line.n - n - 1);
	return true;
}

static bool number_of(struct sv digits, uint64_t *out)
{
	*out = 0;
	for (size_t i = 0; i < digits.n; i++) {
		if (digits.p[i] < '0' || digits.p[i] > '9' || *out > UINT64_MAX / 16)
			return false;
		*out = *out * 10 + (uint64_t)(digits.p[i] - '0');
	}
	return digits.n > 0;
}

static bool digest_of(struct sv hex, uint8_t out[32])
{
	struct id half[2];

	if (hex.n != 64 || !id_parse(sv_bytes(hex.p, 32), &half[0]) || !id_parse(sv_bytes(hex.p + 32, 32), &half[1]))
		return false;
	memcpy(out, half[0].b, 16);
	memcpy(out + 16, half[1].b, 16);
	return true;
}

enum status manifest_read(struct sv text, struct manifest *out)
{
	struct sv version, set, instance, at, leaves, secrets;
	uint64_t ms;

	if (!line_of(&text, "amana backup", &version) || !sv_is(version, "1") || !line_of(&text, "set", &set) ||
	    !line_of(&text, "instance", &instance) || !line_of(&text, "at", &at) || !line_of(&text, "leaves", &leaves) ||
	    !line_of(&text, "secrets", &secrets) || !id_parse(instance, &out->instance) || !number_of(at, &ms) ||
	    !number_of(leaves, &out->leaves) || !digest_of(secrets, out->secrets) || ms > INT64_MAX)
		return E_CRYPTO;
	out->at = (int64_t)ms;
	out->shares = sv_is(set, "shares");
	return OK;
}

/* --- the pieces ------------------------------------------------------------------------------------------------------------- */

struct restore {
	struct ctx *c;
	const char *file, *shares, *secrets, *dir, *at;
	uint8_t key[32];
	struct manifest records_m, shares_m;
};

static bool there(const char *path)
{
	return access(path, R_OK) == 0;
}

static const char *beside(struct restore *r, const char *folder, const char *name)
{
	return arena_format(r->c->arena, "%s/%s", folder, name).p;
}

/* All that is missing, each in a sentence. */
static bool pieces_there(struct restore *r, const char *key_file)
{
	unsigned missing = 0;

	if (!there(r->file) && ++missing)
		tell(2, "amana: restore: the records are missing: %s cannot be read", r->file);
	if (!there(r->shares) && ++missing)
		tell(2, "amana: restore: the erasure shares are missing: %s cannot be read; without them nothing opens", r->shares);
	if (key_file != NULL && !there(key_file) && ++missing)
		tell(2, "amana: restore: the backup key is missing: %s cannot be read; it stands on the recovery sheet", key_file);
	if (r->secrets == NULL && ++missing)
		tell(2, "amana: restore: --secrets FOLDER is missing: the copies of pepper and secret that are kept apart");
	for (int i = 0; r->secrets != NULL && i < 2; i++)
		if (!there(beside(r, r->secrets, i == 0 ? "pepper" : "secret")) && ++missing)
			tell(2, "amana: restore: %s/%s is missing: %s", r->secrets, i == 0 ? "pepper" : "secret",
			     i == 0 ? "without it no password and no code works" : "without it the journal cannot be checked");
	if (there(beside(r, r->dir, "keeper")) && ++missing)
		tell(2, "amana: restore: there is an instance in %s already; it stays as it is", r->dir);
	return missing == 0;
}

static enum status read_key(struct restore *r, const char *file)
{
	struct sv typed, bytes;

	if (file != NULL)
		return keyfile_read(r->c->arena, file, KEY_BACKUP, r->key, sizeof(r->key));
	TRY(ask_secret(r->c->arena, "Backup key, as on the recovery sheet: ", &typed));
	if (groups_read(r->c->arena, typed, &bytes) != OK || bytes.n != sizeof(r->key)) {
		tell(2, "amana: restore: that is not a backup key: a group was mistyped");
		return E_INPUT;
	}
	memcpy(r->key, bytes.p, sizeof(r->key));
	return OK;
}

/* --- taking out ------------------------------------------------------------------------------------------------------------- */

static bool hex_at(const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((p[i] < '0' || p[i] > '9') && (p[i] < 'a' || p[i] > 'f'))
			return false;
	return true;
}

/* The only names there are. A file lies in the folder of its first byte. */
static bool good_name(const char *name, bool shares)
{
	static const char files[] = "main/files/";
	size_t n = strlen(name), head = sizeof(files) - 1;

	if (shares)
		return strcmp(name, "keeper/shred.db") == 0;
	if (strcmp(name, "main/main.db") == 0 || strcmp(name, "keeper/keeper.db") == 0)
		return true;
	return n == head + 35 && memcmp(name, files, head) == 0 && hex_at(name + head, 2) && name[head + 2] == '/' &&
	       hex_at(name + head + 3, 32);
}

static enum status write_entry(struct container *k, const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	enum status s = fd < 0 ? E_IO : OK;
	struct sv some;

	while (s == OK && (s = container_take(k, &some)) == OK && some.n > 0)
		if (write(fd, some.p, some.n) != (ssize_t)some.n)
			s = E_IO;
	if (s == OK && fsync(fd) != 0)
		s = E_IO;
	if (fd >= 0)
		(void)close(fd);
	return s;
}

static enum status make_folder(struct restore *r, const char *name)
{
	return mkdir(beside(r, r->at, name), 0700) == 0 || errno == EEXIST ? OK : E_IO;
}

static enum status take_entry(struct restore *r, struct container *k, const char *name, bool shares)
{
	if (!good_name(name, shares))
		return E_CRYPTO;
	if (strncmp(name, "main/files/", 11) == 0) {
		TRY(make_folder(r, "main/files"));
		TRY(make_folder(r, arena_format(r->c->arena, "%.13s", name).p));
	}
	return write_entry(k, beside(r, r->at, name));
}

/* The first entry, which says what the set is. */
static enum status take_manifest(struct restore *r, struct container *k, struct manifest *m)
{
	struct buf text = buf_new(r->c->arena, 512, 4096);
	char name[ENTRY_NAME_MAX + 1];
	struct sv some;
	bool end;

	TRY(container_next(k, name, &end));
	if (end || strcmp(name, MANIFEST) != 0)
		return E_CRYPTO;
	do {
		TRY(container_take(k, &some));
		buf_sv(&text, some);
	} while (some.n > 0);
	TRY(buf_ok(&text));
	return manifest_read(buf_view(&text), m);
}

static enum status take_all(struct restore *r, struct container *k, bool shares)
{
	char name[ENTRY_NAME_MAX + 1];
	bool end;

	for (;;) {
		struct arena_mark mark = arena_mark(r->c->arena);

		TRY(container_next(k, name, &end));
		if (end)
			return OK;
		TRY(take_entry(r, k, name, shares));
		arena_rewind(r->c->arena, mark);
	}
}

static enum status look(struct restore *r, const char *path, struct manifest *m)
{
	struct container *k = NULL;
	enum status s = container_open(r->c, path, r->key, &k);

	if (s == OK)
		s = take_manifest(r, k, m);
	container_close(k);
	if (s != OK)
		tell(2,
		     s == E_IO ? "amana: restore: %s cannot be read"
			       : "amana: restore: %s is no backup, was changed, or is sealed to another key",
		     path);
	return s;
}

/* Do the two sets belong together, and may the shares still be used? */
static enum status sets_fit(struct restore *r)
{
	const struct manifest *a = &r->records_m, *b = &r->shares_m;

	TRY(look(r, r->file, &r->records_m));
	TRY(look(r, r->shares, &r->shares_m));
	if (a->shares || !b->shares || !id_equal(a->instance, b->instance) || a->leaves != b->leaves || a->at != b->at) {
		tell(2, "amana: restore: %s and %s are not of one backup", r->file, r->shares);
		return E_INPUT;
	}
	if (r->c->now - b->at > SHARES_DAYS * DAY_MS) {
		tell(2, "amana: restore: the shares are older than %d days: what was erased since would come back", SHARES_DAYS);
		return E_STATE;
	}
	return OK;
}

static bool same_set(const struct manifest *a, const struct manifest *b)
{
	return a->shares == b->shares && id_equal(a->instance, b->instance) && a->leaves == b->leaves && a->at == b->at &&
	       memcmp(a->secrets, b->secrets, sizeof(a->secrets)) == 0;
}

static enum status take_set(struct restore *r, const char *path, bool shares)
{
	struct container *k = NULL;
	struct manifest again;
	enum status s = container_open(r->c, path, r->key, &k);

	if (s == OK)
		s = take_manifest(r, k, &again);
	if (s == OK && !same_set(&again, shares ? &r->shares_m : &r->records_m))
		s = E_CRYPTO; /* another file than the one looked at */
	if (s == OK)
		s = take_all(r, k, shares);
	container_close(k);
	if (s != OK)
		tell(2,
		     s == E_CRYPTO ? "amana: restore: %s was changed or cut short"
				   : "amana: restore: what is in %s cannot be written: is there room for it on the disk?",
		     path);
	return s;
}

static enum status copy_secret(struct restore *r, const char *name)
{
	uint8_t bytes[SECRET_MOST];
	int from = open(beside(r, r->secrets, name), O_RDONLY | O_CLOEXEC);
	int to = open(beside(r, r->at, arena_format(r->c->arena, "keeper/%s", name).p), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
		      0600);
	ssize_t n = from < 0 ? -1 : read(from, bytes, sizeof(bytes));
	bool done = n > 0 && to >= 0 && write(to, bytes, (size_t)n) == n && fsync(to) == 0;

	wipe(bytes, sizeof(bytes));
	if (from >= 0)
		(void)close(from);
	if (to >= 0)
		(void)close(to);
	if (!done)
		tell(2, "amana: restore: %s/%s cannot be copied", r->secrets, name);
	return done ? OK : E_IO;
}

/* --- checking, and the leaf ------------------------------------------------------------------------------------------------- */

static enum status mark_restored(struct restore *r)
{
	struct attached x;
	enum status s = attach(&x, r->at, ATTACH_RECORDS);

	if (s == OK)
		s = admin_restored(&x.admin, r->records_m.secrets);
	if (s != OK)
		tell(2, s == E_CRYPTO ? "amana: restore: pepper or secret are not those of this backup"
				      : "amana: restore: what was restored does not start: is the secret the right one?");
	detach(&x);
	return s;
}

static enum status fill(struct restore *r)
{
	static const char *const folders[] = { "main", "keeper", "run" };

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		TRY(make_folder(r, folders[i]));
	TRY(take_set(r, r->file, false));
	TRY(take_set(r, r->shares, true));
	TRY(copy_secret(r, "pepper"));
	TRY(copy_secret(r, "secret"));
	TRY(mark_restored(r));
	return verify_instance(r->c, r->at) ? OK : E_CRYPTO;
}

static void say_done(const struct restore *r)
{
	char at[17];

	zone_minute_text(r->records_m.at, at);
	tell(1, "%s is as it was on %s (leaf %llu).", r->dir, at, (unsigned long long)r->records_m.leaves);
	tell(1,
	     "Lost: everything that came in or was decided after that minute. Reports sent since then must be told again; their codes");
	tell(1, "do not open. What was erased since then is there again and must be erased again. Tell the organisations both.");
}

static int said(const struct ctx *c)
{
	return c->error.status == OK ? 1 : tell_error(c, "restore");
}

static int restore(struct restore *r, const char *key_file)
{
	enum status s;

	if (!pieces_there(r, key_file) || read_key(r, key_file) != OK || sets_fit(r) != OK)
		return 1;
	s = instance_begin(r->c, r->dir, &r->at);
	if (s != OK)
		return said(r->c);
	s = fill(r);
	if (s != OK) {
		instance_abandon(r->dir, r->at);
		tell(2, "amana: restore: nothing was restored");
		return 1;
	}
	if (instance_finish(r->c, r->dir) != OK)
		return said(r->c);
	say_done(r);
	return 0;
}

int restore_command(int argc, char **argv)
{
	static const struct actor nobody;
	struct ctx c = { .arena = arena_new((size_t)64 << 20), .who = &nobody, .now = clock_now() };
	struct restore r = { .c = &c };
	struct words w;
	int end = 2;

	words_parse(&form, argc, argv, &w);
	(void)umask(S_IRWXG | S_IRWXO);
	r.file = w.arg[0];
	r.dir = w.arg[1];
	r.secrets = w.option[OPT_SECRETS];
	r.shares = w.option[OPT_SHARES] != NULL ? w.option[OPT_SHARES] : arena_format(c.arena, "%s" SHARES_NAME, r.file).p;
	if (place_zone(NULL))
		end = restore(&r, w.option[OPT_KEY]);
	wipe(r.key, sizeof(r.key));
	arena_free(c.arena);
	return end;
}
