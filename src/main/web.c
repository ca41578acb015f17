/* SPDX-License-Identifier: GPL-3.0-or-later */
/* amana-web: the process that speaks HTTP. Wiring only: what is opened, in which order, and then the sandbox.
 *
 * Order (sealed design 5, measured 8): connections to keeper and media; Landlock, which binds only this thread and its later children,
 * so before any thread; database and its writer thread; recovery, before listening; workers and HTTP; seccomp over all threads.
 *
 * It ends itself the moment the keeper goes: a web that outlives its keeper could still commit what a new keeper has swept. */
#include <argp.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/heap.h"
#include "base/log.h"
#include "base/sandbox.h"
#include "base/wipe.h"
#include "base/zone.h"
#include "domain/casefile/casefile.h"
#include "domain/intake/intake.h"
#include "domain/screening/grid.h"
#include "keeper/client.h"
#include "media/client.h"
#include "record/record.h"
#include "registry/registry.h"
#include "store/store.h"
#include "web/server.h"

#define LISTEN_FD 3
#define TICKETS_FD 4
#define KEEPER_WAIT_MS (20 * SECOND_MS)
#define MEDIA_WAIT_MS (1 * SECOND_MS)
#define GRACE_MS (8 * SECOND_MS)
#define WORKERS_MAX 64
#define SPARE_WORKERS 24 /* run while others wait for Argon2id */
#define HOUSE_EVERY_MS (10 * 60 * 1000)

struct setup {
	const char *data, *codes, *exit_to, *zone;
	const char *host[SITE_ANY];
	unsigned pace, workers;
};

struct process {
	struct setup setup;
	struct web web;
	struct worker workers[WORKERS_MAX + SPARE_WORKERS];
	unsigned worker_count;
	struct store *store;
	struct keeper *writer; /* the database writer's own connection */
	struct http *http;
	struct arena *arena; /* start only */
	struct actor nobody;
	struct ctx c;
	int watch, signals;
};

/* --- options --------------------------------------------------------------------------------------------------------------- */

enum option_key { OPT_DATA = 1000, OPT_CODES, OPT_PUBLIC, OPT_STAFF, OPT_FILES, OPT_EXIT, OPT_PACE, OPT_WORKERS, OPT_ZONE };
static const struct argp_option options[] = {
	{ "data", OPT_DATA, "DIR", 0, "instance directory", 0 },
	{ "codes", OPT_CODES, "DIR", 0, "code lists", 0 },
	{ "public", OPT_PUBLIC, "HOST", 0, "host name of the public site", 0 },
	{ "staff", OPT_STAFF, "HOST", 0, "host name of the staff site", 0 },
	{ "files", OPT_FILES, "HOST", 0, "host name of the files site", 0 },
	{ "exit", OPT_EXIT, "ADDRESS", 0, "where the quick exit leads", 0 },
	{ "pace", OPT_PACE, "PERCENT", 0, "pace limits, 0 = none", 0 },
	{ "workers", OPT_WORKERS, "N", 0, "workers; default 4 for each core", 0 },
	{ "zone", OPT_ZONE, "NAME", 0, "time zone of what is shown and typed", 0 },
	{ 0 },
};

static error_t number_option(struct argp_state *state, const char *text, unsigned max, unsigned *out)
{
	uint64_t n;

	if (!sv_u64(sv_of(text), &n) || n > max)
		argp_error(state, "not a number up to %u: %s", max, text);
	*out = (unsigned)n;
	return 0;
}

static error_t on_option(int key, char *text, struct argp_state *state)
{
	struct setup *s = state->input;

	switch (key) {
	case OPT_DATA:
		s->data = text;
		return 0;
	case OPT_CODES:
		s->codes = text;
		return 0;
	case OPT_PUBLIC:
	case OPT_STAFF:
	case OPT_FILES:
		s->host[key - OPT_PUBLIC] = text;
		return 0;
	case OPT_EXIT:
		s->exit_to = text;
		return 0;
	case OPT_PACE:
		return number_option(state, text, 10000, &s->pace);
	case OPT_WORKERS:
		return number_option(state, text, WORKERS_MAX, &s->workers);
	case OPT_ZONE:
		s->zone = text;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static unsigned default_workers(void)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	long n = cores < 1 ? 4 : 4 * cores;

	return (unsigned)(n > WORKERS_MAX ? WORKERS_MAX : n);
}

/* --- connections ------------------------------------------------------------------------------------------------------------- */

static const char *path_in(struct process *p, const char *name)
{
	return arena_format(p->arena, "%s/%s", p->setup.data, name).p;
}

/* The keeper is started beside us: its socket may not be there yet. */
static enum status keeper_wait(const char *path, struct keeper **out)
{
	int64_t until = clock_monotonic() + KEEPER_WAIT_MS;
	const struct timespec step = { 0, 2000000 };

	while (keeper_connect(path, out) != OK) {
		if (clock_monotonic() > until)
			return E_IO;
		nanosleep(&step, NULL);
	}
	return OK;
}

/* A connection nothing is ever said on: its end is the keeper's end. */
static enum status watch_keeper(struct process *p, const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	if (strlen(path) >= sizeof(address.sun_path))
		return E_IO;
	memcpy(address.sun_path, path, strlen(path));
	p->watch = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (p->watch < 0 || connect(p->watch, (struct sockaddr *)&address, sizeof(address)) != 0)
		return E_IO;
	return OK;
}

static enum status connect_keeper(struct process *p)
{
	const char *path = path_in(p, "run/keeper.sock");

	TRY(keeper_wait(path, &p->writer));
	TRY(watch_keeper(p, path));
	TRY(keeper_connect(path, &p->c.keeper));
	for (unsigned i = 0; i < p->worker_count; i++)
		TRY(keeper_connect(path, &p->workers[i].keeper));
	return OK;
}

/* Without it files cannot be taken in; all else works. The parent renews this process when media comes back. */
static void connect_media(struct process *p)
{
	const char *path = path_in(p, "run/media.sock");
	int64_t until = clock_monotonic() + MEDIA_WAIT_MS;
	const struct timespec step = { 0, 2000000 };

	for (unsigned i = 0; i < p->worker_count; i++)
		while (media_connect(path, &p->workers[i].media) != OK) {
			p->workers[i].media = NULL;
			if (clock_monotonic() > until) {
				LOG_NOTE(LOG_START, "no media process: files cannot be taken in");
				return;
			}
			nanosleep(&step, NULL);
		}
}

static enum status open_store(struct process *p)
{
	const char *main_dir = path_in(p, "main");
	const char *const writable[] = { main_dir };

	TRY(sandbox_paths(writable, 1, NULL, 0));
	TRY(store_open(&p->c, main_dir, record_settle, p->writer, &p->store));
	TRY(store_connect(&p->c, p->store, &p->c.db));
	TRY(record_start(&p->c, main_dir));
	for (unsigned i = 0; i < p->worker_count; i++)
		TRY(store_connect(&p->c, p->store, &p->workers[i].db));
	return OK;
}

/* --- sandbox ---------------------------------------------------------------------------------------------------------------------- */

static const char *const calls[] = {
	/* sockets and the HTTP thread */
	"accept4",
	"epoll_create1",
	"epoll_ctl",
	"epoll_pwait",
	"epoll_wait",
	"eventfd2",
	"getpeername",
	"getsockname",
	"getsockopt",
	"poll",
	"ppoll",
	"recvfrom",
	"recvmsg",
	"sendmsg",
	"sendto",
	"setsockopt",
	"shutdown",
	"writev",
	/* database and sealed files */
	"access",
	"close",
	"faccessat",
	"fchmod",
	"fchown",
	"fcntl",
	"fdatasync",
	"fstat",
	"fsync",
	"ftruncate",
	"getdents64",
	"geteuid",
	"getpid",
	"ioctl",
	"lseek",
	"lstat",
	"memfd_create",
	"mkdir",
	"mkdirat",
	"newfstatat",
	"open",
	"openat",
	"pread64",
	"pwrite64",
	"read",
	"readlink",
	"rename",
	"renameat",
	"renameat2",
	"rmdir",
	"stat",
	"statx",
	"unlink",
	"unlinkat",
	"write",
	/* threads, memory, waiting */
	"clock_nanosleep",
	"mmap",
	"mprotect",
	"nanosleep",
	"pause",
	"prctl",
	"tgkill",
};

/* --- all of it --------------------------------------------------------------------------------------------------------------------- */

static enum status read_tickets(struct process *p)
{
	struct ticket_key *k = &p->web.tickets;
	ssize_t n = read(TICKETS_FD, k->b, sizeof(k->b));

	close(TICKETS_FD);
	return n == (ssize_t)sizeof(k->b) ? OK : E_IO;
}

static enum status fill_web(struct process *p)
{
	struct setup *s = &p->setup;
	struct instance instance;

	memcpy(p->web.host, s->host, sizeof(p->web.host));
	p->web.exit_to = s->exit_to;
	TRY(keeper_instance(&p->c, &instance));
	p->web.demo = instance.demo;
	p->web.limits = limits_new(s->pace);
	p->web.tables = web_tables;
	p->web.table_count = web_table_count;
	for (unsigned i = 0; i < p->worker_count; i++) {
		p->workers[i].web = &p->web;
		p->workers[i].arena = arena_new(0);
	}
	return OK;
}

/* Signals are read from a descriptor: blocked before any thread starts. */
static enum status take_signals(struct process *p)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	if (pthread_sigmask(SIG_BLOCK, &set, NULL) != 0)
		return E_IO;
	p->signals = signalfd(-1, &set, SFD_CLOEXEC);
	return p->signals < 0 ? E_IO : OK;
}

static enum status begin(struct process *p)
{
	const struct http_settings http = { .fd = LISTEN_FD, .running = p->setup.workers };

	TRY(take_signals(p));
	TRY(zone_open(p->setup.zone));
	TRY(read_tickets(p));
	TRY(codes_load(&p->c, p->setup.codes));
	TRY(intake_start(&p->c, p->setup.codes));
	TRY(casefile_start(&p->c, p->setup.codes));
	TRY(grids_start(&p->c, p->setup.codes));
	TRY(connect_keeper(p));
	connect_media(p);
	TRY(open_store(p));
	TRY(fill_web(p));
	TRY(http_start(&p->web, p->workers, p->worker_count, &http, &p->http));
	return sandbox_calls(calls, sizeof(calls) / sizeof(calls[0]));
}

/* What needs no key and nobody's session: texts of calls whose shift is over are deleted. */
static void keep_house(struct process *p)
{
	struct arena_mark mark = arena_mark(p->arena);
	enum status s;
	size_t gone;

	p->c.now = clock_now();
	p->c.error = (struct error){ .status = OK };
	s = contact_sweep(&p->c, &gone);
	if (s != OK || gone > 0)
		log_event(LOG_DATABASE, s, (int64_t)gone, 0, 0, 0);
	arena_rewind(p->arena, mark);
}

/* Until a signal, or the keeper's end. */
static bool wait_for_end(struct process *p)
{
	struct pollfd fds[] = { { .fd = p->signals, .events = POLLIN }, { .fd = p->watch, .events = POLLIN } };
	int ready;

	do {
		keep_house(p);
		ready = poll(fds, 2, HOUSE_EVERY_MS);
	} while (ready == 0 || (ready < 0 && errno == EINTR));
	return fds[1].revents == 0;
}

int main(int argc, char **argv)
{
	static const struct argp argp = { options, on_option, NULL, "Serves HTTP on descriptor 3. Started by `amana serve`.",
					  NULL,    NULL,      NULL };
	struct process *p;
	enum status s;

	process_harden();
	log_open("web");
	p = heap_new(1, sizeof(*p));
	p->arena = arena_new(0);
	p->c = (struct ctx){ .arena = p->arena, .who = &p->nobody, .now = clock_now() };
	p->setup = (struct setup){ .exit_to = "/w", .zone = ZONE_DEFAULT, .pace = 100, .workers = default_workers() };
	argp_parse(&argp, argc, argv, 0, NULL, &p->setup);
	if (p->setup.data == NULL || p->setup.codes == NULL || p->setup.workers == 0) {
		LOG_NOTE(LOG_START, "--data, --codes and at least one worker are needed");
		return 2;
	}
	p->worker_count = p->setup.workers + SPARE_WORKERS;
	s = begin(p);
	if (s != OK) {
		log_event(LOG_START, s, p->c.error.line, 0, 0, 0);
		return 1;
	}
	log_event(LOG_READY, OK, p->setup.workers, 0, 0, 0);
	if (!wait_for_end(p)) {
		LOG_NOTE(LOG_KEEPER, "the keeper is gone: ending");
		_exit(3);
	}
	http_stop(p->http, GRACE_MS);
	store_close(p->store);
	log_event(LOG_STOP, OK, 0, 0, 0, 0);
	return 0;
}
