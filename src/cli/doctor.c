/* SPDX-License-Identifier: GPL-3.0-or-later */
/* amana doctor: what around the instance would undo what the program does: where the pepper lies, who may enter, swap, room on
 * the disk. */
#include "cli/verify.h"
#include "cli/ceremony.h"

#include "base/buf.h"
#include "cli/place.h"
#include "cli/terminal.h"
#include "cli/words.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define ROOM_LEAST ((uint64_t)1 << 30)

static const struct argp_option no_options[] = { { 0 } };
static const struct words_form form = {
	"amana doctor",
	no_options,
	"DIR",
	"Looks at the machine and the instance's folder.\vExit code 1 when something should be mended; warnings alone give 0.",
	1,
	1
};

struct check {
	struct arena *arena;
	const char *dir;
	unsigned faults;
};

static void fine(const char *what)
{
	tell(1, "ok       %s", what);
}

static void warning(const char *what)
{
	tell(1, "warning  %s", what);
}

static void fault(struct check *k, const char *what)
{
	tell(1, "FAULT    %s", what);
	k->faults++;
}

static const char *in(const struct check *k, const char *name)
{
	return arena_format(k->arena, "%s/%s", k->dir, name).p;
}

static void check_folder(struct check *k, const char *name, mode_t others)
{
	struct stat s;

	if (stat(in(k, name), &s) != 0)
		fault(k, arena_format(k->arena, "%s is missing", name).p);
	else if ((s.st_mode & others) != 0)
		fault(k, arena_format(k->arena, "%s can be entered or read by others: chmod go= %s", name, in(k, name)).p);
	else
		fine(arena_format(k->arena, "%s is closed to others", name).p);
}

/* A file of the keeper that nobody else may read. */
static void check_secret(struct check *k, const char *name)
{
	struct stat s;

	if (stat(in(k, name), &s) != 0)
		return;
	if ((s.st_mode & (S_IRWXG | S_IRWXO)) != 0)
		fault(k, arena_format(k->arena, "%s is readable by others", name).p);
}

static void check_pepper(struct check *k)
{
	struct stat s;

	if (stat(in(k, "keeper/pepper"), &s) == 0)
		warning("the pepper lies on the disk: whoever steals disk and pepper can guess at passwords and codes");
	else
		fine("the pepper does not lie on the disk");
}

/* Without it the keeper still starts, and takes passwords that are guessed in an hour. */
static void check_words(void)
{
	struct stat s;

	if (access(KEEPER_WORDS, R_OK) != 0 || stat(KEEPER_WORDS, &s) != 0 || !S_ISREG(s.st_mode) || s.st_size == 0)
		warning("the list of weak passwords is not there (" KEEPER_WORDS "), so weak ones are taken: apt-get install "
			"cracklib-runtime, then start the service again");
	else
		fine("the list of weak passwords is there");
}

/* Lines after the first of /proc/swaps are swap devices. */
static void check_swap(struct check *k)
{
	char text[4096];
	int fd = open("/proc/swaps", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text));
	const char *newline = n <= 0 ? NULL : memchr(text, '\n', (size_t)n);

	if (fd >= 0)
		(void)close(fd);
	if (n < 0)
		warning("whether there is swap cannot be told");
	else if (newline != NULL && newline + 1 < text + n)
		warning("there is swap: memory with opened records may be written to it; encrypt it or switch it off");
	else
		fine("no swap");
	(void)k;
}

static void check_room(struct check *k)
{
	struct statvfs v;

	if (statvfs(k->dir, &v) != 0)
		fault(k, "the disk cannot be looked at");
	else if ((uint64_t)v.f_bavail * v.f_frsize < ROOM_LEAST)
		fault(k, "less than 1 GiB is left on the disk");
	else
		fine("room on the disk");
}

/* Desks that reports cannot be sealed to. Asks the keeper: of the service, or one started for the question. */
static enum status desks_asked(struct check *k, struct attached *x)
{
	struct organisation *list;
	size_t n, ready = 0;

	TRY(organisation_list(&x->c, &list, &n));
	for (size_t i = 0; i < n; i++) {
		const char *says = NULL;

		if (list[i].desk)
			TRY(desk_ready(x, &list[i], &says));
		if (says != NULL)
			warning(says);
		ready += list[i].desk && says == NULL;
	}
	if (ready > 0)
		fine(arena_format(k->arena, "desks that can be written to: %zu", ready).p);
	else
		warning("no desk can be written to: the public form takes no report");
	return OK;
}

/* Reports are taken without a programme; what they were is then in no figure. */
static enum status programme_asked(struct attached *x)
{
	struct id programme;
	bool ready;

	TRY(admin_statistics(&x->admin, &programme, &ready));
	if (id_is_zero(programme))
		warning("no organisation is the programme: no figures are counted (amana organisation add --programme)");
	else if (!ready)
		warning("the programme's figures cannot be written yet, what happens until then is not counted: who reads them must "
			"log in once, then the programme's security officer");
	else
		fine("figures can be written to the programme");
	return OK;
}

static void check_desks(struct check *k)
{
	struct attached x;

	if (attach(&x, k->dir, ATTACH_TABLES) != OK || desks_asked(k, &x) != OK || programme_asked(&x) != OK)
		warning("which desks and figures can be written to cannot be told");
	detach(&x);
}

static int examine(struct check *k)
{
	struct stat s;

	if (stat(in(k, "keeper"), &s) != 0) {
		place_no_instance(k->arena, k->dir);
		return 1;
	}
	check_folder(k, "main", S_IRWXG | S_IRWXO);
	check_folder(k, "keeper", S_IRWXG | S_IRWXO);
	check_secret(k, "keeper/pepper");
	check_secret(k, "keeper/secret");
	check_secret(k, "keeper/keeper.db");
	check_secret(k, "keeper/shred.db");
	check_pepper(k);
	check_words();
	check_swap(k);
	check_room(k);
	check_desks(k);
	return k->faults > 0;
}

int doctor_command(int argc, char **argv)
{
	struct check k = { .arena = arena_new(0) };
	struct words w;
	int end;

	words_parse(&form, argc, argv, &w);
	k.dir = w.arg[0];
	end = examine(&k);
	arena_free(k.arena);
	return end;
}
