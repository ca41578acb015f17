/* SPDX-License-Identifier: GPL-3.0-or-later */
/* amana init, and what founding and admission share. */
#include "cli/ceremony.h"

#include "base/clock.h"
#include "base/wipe.h"
#include "cli/backup.h"
#include "cli/keyfile.h"
#include "cli/place.h"
#include "cli/terminal.h"
#include "cli/words.h"
#include "crypto/formats.h"
#include "registry/registry.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* --- shared ----------------------------------------------------------------------------------------------------------------- */

int run_act(const char *name, const struct command *acts, size_t n, int argc, char **argv)
{
	int fd = argc > 1 && strcmp(argv[1], "--help") == 0 ? 1 : 2;

	for (size_t i = 0; argc > 1 && i < n; i++)
		if (strcmp(argv[1], acts[i].name) == 0)
			return acts[i].run(argc - 1, argv + 1);
	tell(fd, "usage: amana %s ACT [OPTION...]", name);
	for (size_t i = 0; i < n; i++)
		tell(fd, "  %-10s  %s", acts[i].name, acts[i].summary);
	return fd == 1 ? 0 : 2;
}

bool roles_read(struct sv names, uint32_t *roles)
{
	const struct code_list *l = codes_of("access_matrix");
	struct sv name;

	*roles = 0;
	while (l != NULL && names.n > 0 && sv_cut(&names, ',', &name)) {
		const struct code *role = code_find(l, name);

		if (role == NULL)
			return false;
		*roles |= ROLE_BIT(role->number - 1);
	}
	return *roles != 0;
}

enum status desk_ready(struct attached *x, const struct organisation *o, const char **says)
{
	bool ready = false;

	TRY(admin_desk(&x->admin, o->id, &ready));
	*says = ready ? NULL
		      : arena_format(
				x->arena,
				"the desk of %.*s cannot be written to yet, reports for it are refused: its supervisor must log "
				"in once, then its security officer",
				(int)o->code.n, o->code.p)
				.p;
	return OK;
}

enum status member_admit(struct attached *x, struct new_member *m, enum language l)
{
	struct member_row row = { .user = m->user,
				  .organisation = m->organisation,
				  .login = m->login,
				  .roles = m->roles,
				  .language = l,
				  .active = true };

	TRY(admin_member(&x->admin, m));
	return member_add(&x->c, &row);
}

/* --- an instance ------------------------------------------------------------------------------------------------------------ */

static enum status folder(struct ctx *c, const char *dir, const char *name)
{
	const char *path = *name == 0 ? dir : arena_format(c->arena, "%s/%s", dir, name).p;

	if (mkdir(path, 0700) == 0 || errno == EEXIST)
		return OK;
	tell(2, "amana: the folder %s cannot be made: does the one above it exist, and may you write there?", path);
	return E_IO;
}

#define UNFINISHED "unfinished"

/* The folders of an instance; the keeper's comes to its place last: where that is, there is an instance. */
static const char *const folders[] = { "run", "main", "keeper" };

/* What lies where an instance would go. An attempt that was killed leaves what it had, pepper and secret too: named one by one, never
 * deleted for somebody. */
static enum status in_the_way(struct ctx *c, const char *dir, bool cut_off)
{
	bool any = cut_off;

	if (cut_off)
		tell(2,
		     "amana: an earlier attempt was cut off in %s. What it left is no instance, but pepper and secret may lie in it. "
		     "Delete:\n  %s/" UNFINISHED,
		     dir, dir);
	for (size_t i = 0; i + 1 < sizeof(folders) / sizeof(folders[0]); i++) {
		const char *path = arena_format(c->arena, "%s/%s", dir, folders[i]).p;

		if (access(path, F_OK) != 0)
			continue;
		tell(2, cut_off ? "  %s" : "amana: %s is in the way: choose another folder, or move it away", path);
		any = true;
	}
	if (cut_off)
		tell(2, "Then try again.");
	return any ? E_STATE : OK;
}

enum status instance_begin(struct ctx *c, const char *dir, const char **at)
{
	TRY(folder(c, dir, ""));
	if (access(arena_format(c->arena, "%s/keeper", dir).p, F_OK) == 0)
		return ERR(c, E_CONFLICT, "there is an instance in this folder already; it stays as it is");
	*at = arena_format(c->arena, "%s/" UNFINISHED, dir).p;
	TRY(in_the_way(c, dir, access(*at, F_OK) == 0));
	return folder(c, *at, "");
}

static int remove_one(const char *path, const struct stat *s, int kind, struct FTW *where)
{
	(void)s;
	(void)kind;
	(void)where;
	return remove(path);
}

void instance_abandon(const char *dir, const char *at)
{
	(void)nftw(at, remove_one, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
	(void)rmdir(dir); /* unless other things lie in it */
}

enum status instance_fill(struct ctx *c, const char *at, const char *root_public, const uint8_t backup_pk[32], bool demo)
{
	uint8_t pk[32];

	TRY(keyfile_read(c->arena, root_public, KEY_ROOT_PUBLIC, pk, sizeof(pk)));
	TRY(folder(c, at, "main"));
	TRY(folder(c, at, "run"));
	return keeper_init(c, at, pk, backup_pk, demo);
}

static enum status settle_folder(struct ctx *c, const char *dir)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool settled = fd >= 0 && fsync(fd) == 0;

	if (fd >= 0)
		(void)close(fd);
	return settled ? OK : ERR(c, E_IO, "the folder cannot be written to disk");
}

static enum status to_its_place(struct ctx *c, const char *dir, const char *name)
{
	const char *from = arena_format(c->arena, "%s/" UNFINISHED "/%s", dir, name).p;
	const char *to = arena_format(c->arena, "%s/%s", dir, name).p;

	if (access(from, F_OK) != 0)
		return OK; /* a file of demos alone */
	if (place_move(from, to) == OK)
		return OK;
	tell(2, "amana: %s cannot be moved to %s: does something of that name lie there?", from, to);
	return E_IO;
}

enum status instance_finish(struct ctx *c, const char *dir)
{
	static const char *const loose[] = { "root", "root.public", "backup-key", "demo.txt" };

	TRY(settle_folder(c, arena_format(c->arena, "%s/" UNFINISHED, dir).p));
	for (size_t i = 0; i < sizeof(loose) / sizeof(loose[0]); i++)
		TRY(to_its_place(c, dir, loose[i]));
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		TRY(to_its_place(c, dir, folders[i]));
	(void)rmdir(arena_format(c->arena, "%s/" UNFINISHED, dir).p);
	return settle_folder(c, dir);
}

enum { OPT_DEMO, OPT_ROOT, OPT_ZONE };
static const struct argp_option options[] = {
	{ "demo", WORD_KEY(OPT_DEMO), NULL, 0,
	  "with invented organisations, people and reports; keys and passwords are left in DIR", 0 },
	{ "root", WORD_KEY(OPT_ROOT), "FILE", 0, "public half of the programme's root (amana root new)", 0 },
	{ "zone", WORD_KEY(OPT_ZONE), "NAME", 0, "with --demo: " PLACE_ZONE, 0 },
	{ 0 },
};
static const struct words_form form = {
	"amana init",
	options,
	"DIR",
	"Makes an empty instance in DIR.\vBeside the disk itself a thief needs DIR/keeper/pepper to guess passwords: keep it "
	"elsewhere (see amana "
	"doctor).",
	1,
	1
};

static void say_pieces(struct arena *a, const char *dir, const uint8_t backup_sk[32])
{
	struct sv key = groups_write(a, sv_bytes((const char *)backup_sk, 32));

	tell(1, "The instance in %s consists of these pieces. Note where a copy of each is kept, and who keeps it:", dir);
	tell(1, "  main/            records, sealed");
	tell(1, "  keeper/keeper.db rights and journal");
	tell(1, "  keeper/shred.db  erasure shares: what is deleted here is gone for ever");
	tell(1, "  keeper/pepper    without it no password and no code works; with it and the disk both can be guessed at");
	tell(1, "  keeper/secret    the journal's key");
	tell(1, "  the programme's root, off line");
	tell_bytes(1, SV("\n"));
	tell(1, "BACKUP KEY, shown this once: write it on the recovery sheet, keep it away from this machine:");
	tell(1, "  %.*s", (int)key.n, key.p);
	tell(1, "A backup (amana backup) opens with it and with copies of pepper and secret, with nothing less.");
	wipe((void *)(uintptr_t)key.p, key.n);
}

static enum status make_plain(struct ctx *c, const char *dir, const char *root, const uint8_t backup_pk[32])
{
	const char *at;
	uint8_t pk[32];

	TRY(keyfile_read(c->arena, root, KEY_ROOT_PUBLIC, pk, sizeof(pk))); /* before anything is made */
	TRY(instance_begin(c, dir, &at));
	if (instance_fill(c, at, root, backup_pk, false) == OK)
		return instance_finish(c, dir);
	instance_abandon(dir, at);
	tell(2, "amana: init: nothing was left behind; is there room on the disk, some 100 MiB?");
	return E_IO;
}

static int init_plain(const char *dir, const char *root)
{
	static const struct actor nobody;
	struct ctx c = { .arena = arena_new(0), .who = &nobody, .now = clock_now() };
	uint8_t backup_sk[32], backup_pk[32];
	int end = 0;

	backup_key_make(backup_sk, backup_pk);
	if (root == NULL) {
		tell(2, "amana: init: --root FILE.public is needed: make a root with `amana root new FILE` on a machine that is "
			"off line");
		end = 2;
	} else if (make_plain(&c, dir, root, backup_pk) != OK) {
		end = c.error.status == OK ? 1 : tell_error(&c, "init"); /* a file that cannot be read was named already */
	} else {
		say_pieces(c.arena, dir, backup_sk);
	}
	wipe(backup_sk, sizeof(backup_sk));
	arena_free(c.arena);
	return end;
}

int init_command(int argc, char **argv)
{
	struct arena *a;
	struct words w;
	int end;

	words_parse(&form, argc, argv, &w);
	process_harden();
	(void)umask(S_IRWXG | S_IRWXO); /* what is made from here on is its owner's alone */
	if (w.option[OPT_DEMO] == NULL)
		return init_plain(w.arg[0], w.option[OPT_ROOT]);
	if (!place_zone(w.option[OPT_ZONE]))
		return 2;
	a = arena_new(0);
	end = demo_make(a, w.arg[0]) == OK ? 0 : 1;
	arena_free(a);
	return end;
}
