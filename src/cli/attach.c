/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands talk to the running service's keeper over its owner-only socket. Without a service the command takes the instance's
 * lock, starts amana-keeper itself and ends it again: there is never a second keeper on one instance. */
#include "cli/attach.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/wipe.h"
#include "cli/place.h"
#include "cli/terminal.h"
#include "domain/casefile/casefile.h"
#include "domain/intake/intake.h"
#include "domain/screening/grid.h"
#include "record/record.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define ARENA_CAP ((size_t)64 << 20)
#define START_WITHIN (20 * SECOND_MS)
#define LOOK_EVERY_NS 5000000L

static const char *in_dir(const struct attached *x, const char *name)
{
	return arena_format(x->arena, "%s/%s", x->dir, name).p;
}

/* --- the keeper ------------------------------------------------------------------------------------------------------------- */

static enum status take_lock(struct attached *x)
{
	struct stat s;

	if (stat(in_dir(x, "keeper"), &s) != 0) {
		place_no_instance(x->arena, x->dir);
		return E_NOTFOUND;
	}
	(void)mkdir(in_dir(x, "run"), 0700);
	x->lock = open(in_dir(x, "run/lock"), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (x->lock < 0) {
		tell(2, "amana: %s/run cannot be used", x->dir);
		return E_IO;
	}
	x->own = flock(x->lock, LOCK_EX | LOCK_NB) == 0;
	return OK;
}

static _Noreturn void be_keeper(const struct attached *x, const char *path, pid_t parent)
{
	char *args[] = { (char[]){ "amana-keeper" }, (char *)(uintptr_t)x->dir, (char[]){ "--quiet" }, NULL };

	if (prctl(PR_SET_PDEATHSIG, SIGTERM) != 0 || getppid() != parent)
		_exit(126);
	execv(path, args);
	_exit(127);
}

static enum status start_keeper(struct attached *x)
{
	const char *programs = place_programs(x->arena);
	const char *path = programs == NULL ? "" : arena_format(x->arena, "%s/amana-keeper", programs).p;
	pid_t parent = getpid();

	if (access(path, X_OK) != 0) {
		tell(2, "amana: amana-keeper must lie beside this program");
		return E_IO;
	}
	x->pid = fork();
	if (x->pid == 0)
		be_keeper(x, path, parent);
	return x->pid > 0 ? OK : E_IO;
}

static bool keeper_ended(struct attached *x)
{
	if (!x->own || waitpid(x->pid, NULL, WNOHANG) != x->pid)
		return false;
	x->pid = 0;
	return true;
}

/* A keeper that is starting answers after a moment; one that ended never will. */
static enum status reach(struct attached *x, const char *socket, struct keeper **out)
{
	int64_t until = clock_monotonic() + START_WITHIN;
	const struct timespec moment = { 0, LOOK_EVERY_NS };

	while (keeper_connect(in_dir(x, socket), out) != OK) {
		if (!x->own || keeper_ended(x) || clock_monotonic() > until) {
			tell(2, x->own ? "amana: the keeper does not start"
				       : "amana: the running service does not answer: stop it, or run as its user");
			return x->own ? E_IO : E_BUSY;
		}
		(void)nanosleep(&moment, NULL);
	}
	return OK;
}

/* --- attaching -------------------------------------------------------------------------------------------------------------- */

static struct ctx new_ctx(struct attached *x, struct keeper *keeper)
{
	return (struct ctx){ .arena = x->arena, .keeper = keeper, .db = x->db, .who = &x->actor, .now = clock_now() };
}

static enum status open_tables(struct attached *x, settle_hook *hook)
{
	x->c = new_ctx(x, x->line);
	if (store_open(&x->c, in_dir(x, "main"), hook, x->settler, &x->store) != OK ||
	    store_connect(&x->c, x->store, &x->db) != OK) {
		(void)tell_error(&x->c, "the database");
		return E_STORE;
	}
	x->c.db = x->db;
	return OK;
}

static enum status open_records(struct attached *x)
{
	TRY(reach(x, "run/keeper.sock", &x->line));
	TRY(reach(x, "run/keeper.sock", &x->settler));
	TRY(open_tables(x, record_settle));
	if (codes_load(&x->c, x->data) != OK || intake_start(&x->c, x->data) != OK || casefile_start(&x->c, x->data) != OK ||
	    grids_start(&x->c, x->data) != OK) {
		(void)tell_error(&x->c, "code lists");
		return E_INPUT;
	}
	/* Only with a keeper of our own: what a running service has not settled is its business. */
	if (x->own && record_start(&x->c, in_dir(x, "main")) != OK) {
		(void)tell_error(&x->c, "recovery");
		return E_STORE;
	}
	return OK;
}

enum status attach(struct attached *x, const char *dir, enum attach_what what)
{
	process_harden();
	log_quiet(); /* its lines would land among questions and answers */
	(void)umask(S_IRWXG | S_IRWXO);
	*x = (struct attached){ .arena = arena_new(ARENA_CAP), .lock = -1 };
	x->dir = arena_text(x->arena, sv_of(dir));
	x->data = place_data(x->arena);
	TRY(take_lock(x));
	if (x->own)
		TRY(start_keeper(x));
	TRY(reach(x, "run/admin.sock", &x->admin_line));
	x->admin = new_ctx(x, x->admin_line);
	x->c = new_ctx(x, NULL);
	if (what == ATTACH_TABLES)
		return open_tables(x, NULL);
	return what == ATTACH_RECORDS ? open_records(x) : OK;
}

void detach(struct attached *x)
{
	db_close(x->db);
	store_close(x->store);
	keeper_close(x->settler);
	keeper_close(x->line);
	keeper_close(x->admin_line);
	if (x->pid > 0) {
		(void)kill(x->pid, SIGTERM);
		(void)waitpid(x->pid, NULL, 0);
	}
	if (x->lock >= 0)
		(void)close(x->lock);
	arena_free(x->arena);
	*x = (struct attached){ .lock = -1 };
}

/* --- acting ----------------------------------------------------------------------------------------------------------------- */

void attach_nobody(struct attached *x)
{
	x->actor = (struct actor){ .kind = ACTOR_NONE };
}

enum status attach_login(struct attached *x, struct sv login, struct sv password, enum factor factor, struct sv code)
{
	struct token half, full;

	if (x->actor.kind == ACTOR_STAFF)
		(void)!keeper_logout(&x->c, &x->actor.token);
	attach_nobody(x);
	TRY(keeper_login(&x->c, login, password, NULL, &half));
	TRY(keeper_second(&x->c, &half, factor, code, &full, NULL));
	TRY(keeper_session(&x->c, &full, &x->actor));
	x->actor.token = full;
	return OK;
}

void attach_step(struct attached *x, struct arena_mark m)
{
	arena_rewind(x->arena, m);
	x->c.error = x->admin.error = (struct error){ .status = OK };
	x->c.input_count = x->admin.input_count = 0;
	x->c.now = x->admin.now = clock_now();
}
