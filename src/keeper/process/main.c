/* SPDX-License-Identifier: GPL-3.0-or-later */
/* amana-keeper DIR [--web-uid N] [--pepper FD] [--secret FD] [--quiet]: harden, helpers, open and check,
 * sockets, Landlock, seccomp, loop. It ends when its parent ends. */
#include "keeper/process/service.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include "base/log.h"
#include "base/sandbox.h"
#include "base/wipe.h"
#include "keeper/people/argon.h"
#include "keeper/ledger/directory.h"
#include "keeper/ledger/journal.h"
#include "keeper/slab.h"

#define EXIT_START 1
#define EXIT_SETTINGS 2
#define EXIT_LOCKED 75

/* As traced after start (measured §8), and what SQLite needs for files that grow, shrink and go. */
static const char *const calls[] = {
	"accept4",   "access",          "brk",        "clock_gettime", "clock_nanosleep", "close",       "epoll_create1",
	"epoll_ctl", "epoll_pwait",     "epoll_wait", "exit_group",    "fallocate",       "fchmod",      "fchown",
	"fcntl",     "fdatasync",       "fstat",      "ftruncate",     "futex",           "getcwd",      "geteuid",
	"getpid",    "getrandom",       "getsockopt", "gettid",        "gettimeofday",    "getuid",      "lseek",
	"lstat",     "madvise",         "mlock",      "mmap",          "mprotect",        "munlock",     "munmap",
	"nanosleep", "newfstatat",      "open",       "openat",        "pread64",         "prlimit64",   "pwrite64",
	"read",      "readlink",        "recvfrom",   "recvmsg",       "rt_sigreturn",    "sched_yield", "sendmsg",
	"sendto",    "set_robust_list", "stat",       "sysinfo",       "tgkill",          "unlink",      "write",
	"wait4",     "writev",
};
/* A helper of Argon2id: memory, and the byte that says "run". */
static const char *const helper_calls[] = { "close", "mmap", "mprotect", "recvfrom", "sendto", "write", "writev" };

static int listen_at(const char *dir, const char *name, mode_t mode)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int n = snprintf(at.sun_path, sizeof(at.sun_path), "%s/run/%s", dir, name);
	int fd;

	if (n < 0 || (size_t)n >= sizeof(at.sun_path))
		return -1;
	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	unlink(at.sun_path);
	if (fd < 0 || bind(fd, (const struct sockaddr *)&at, sizeof(at)) != 0 || chmod(at.sun_path, mode) != 0 ||
	    listen(fd, 128) != 0)
		return -1;
	return fd;
}

/* One keeper an instance: a second one ends here. */
static int lock_instance(const char *dir)
{
	char path[4096];
	int n = snprintf(path, sizeof(path), "%s/run/keeper.lock", dir), fd;

	if (n < 0 || (size_t)n >= sizeof(path))
		return -1;
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) != 0) {
		close(fd);
		return -1;
	}
	return fd;
}

static int end_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	signal(SIGPIPE, SIG_IGN);
	if (pthread_sigmask(SIG_BLOCK, &set, NULL) != 0)
		return -1;
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static enum status shut_in(const char *dir)
{
	char keeper[4096], run[4096];
	const char *const paths[2] = { keeper, run };

	if (snprintf(keeper, sizeof(keeper), "%s/keeper", dir) >= (int)sizeof(keeper) ||
	    snprintf(run, sizeof(run), "%s/run", dir) >= (int)sizeof(run))
		return E_IO;
	return sandbox_paths(paths, 2, NULL, 0);
}

static enum status helper_shut_in(void)
{
	TRY(sandbox_paths(NULL, 0, NULL, 0));
	return sandbox_calls(helper_calls, sizeof(helper_calls) / sizeof(helper_calls[0]));
}

static enum status start_leaf(struct service *s)
{
	struct act act = { .event = EV_START };

	TRY(batch_begin(s));
	TRY(leaf_add(s, &act, s->instance.id, NULL, 0, NULL));
	TRY(checkpoint_due(s, false));
	return batch_commit(s);
}

/* What happens before the programme can open events is in no figure, ever: said at each start, and by amana doctor. */
static void advise_programme(const struct service *s)
{
	if (!s->directory.has_programme)
		LOG_ADVICE(LOG_KEEPER, "no organisation is the programme: nothing is counted (amana organisation add --programme)");
	else if (programme_cert(s) == NULL)
		LOG_ADVICE(LOG_KEEPER,
			   "the programme's figures cannot be written yet: nothing is counted (amana doctor says what to do)");
}

static enum status serve(struct service *s, const char *dir, uint32_t web_uid, int argon_ready)
{
	int signals = end_signals(), web, admin;
	enum status status;

	TRY(service_open(s, dir));
	TRY(start_leaf(s));
	web = listen_at(dir, "keeper.sock", web_uid == geteuid() ? 0600 : 0666);
	admin = listen_at(dir, "admin.sock", 0600);
	if (signals < 0 || web < 0 || admin < 0)
		return E_IO;
	TRY(shut_in(dir));
	TRY(sandbox_calls(calls, sizeof(calls) / sizeof(calls[0])));
	log_event(LOG_READY, OK, (int64_t)s->journal.tree.size, s->pepper_on_disk, s->instance.demo, 0);
	advise_programme(s);
	status = loop_run(s, web, admin, argon_ready, signals, web_uid);
	log_event(LOG_STOP, status, 0, 0, 0, 0);
	return status;
}

/* The words behind DIR: a name and its number, but --quiet, which stands alone. */
static bool read_options(char **word, struct service *s, uint32_t *web_uid)
{
	while (*word != NULL) {
		const char *name = *word++;
		uint64_t n;

		if (strcmp(name, "--quiet") == 0) {
			log_quiet();
			continue;
		}
		if (*word == NULL || !sv_u64(sv_of(*word++), &n) || n > INT32_MAX)
			return false;
		if (strcmp(name, "--web-uid") == 0)
			*web_uid = (uint32_t)n;
		else if (strcmp(name, "--pepper") == 0)
			s->pepper_fd = (int)n;
		else if (strcmp(name, "--secret") == 0)
			s->secret_fd = (int)n;
		else
			return false;
	}
	return true;
}

int main(int argc, char **argv)
{
	static struct service service; /* large, and of this process's whole life */
	uint32_t web_uid = geteuid();
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	int argon_ready;
	enum status status;

	process_harden();
	log_open("keeper");
	umask(0077);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (argc < 2 || !read_options(argv + 2, &service, &web_uid))
		return EXIT_SETTINGS;
	status = argon_start(&service.argon, cores > 0 ? (size_t)cores : 1, helper_shut_in, &argon_ready);
	if (lock_instance(argv[1]) < 0)
		return EXIT_LOCKED;
	if (status == OK)
		status = serve(&service, argv[1], web_uid, argon_ready);
	argon_stop(service.argon);
	service_close(&service);
	return status == OK ? 0 : EXIT_START;
}
