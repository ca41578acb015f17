/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One thread, no callbacks from signals: they are blocked and waited for. A child that ends comes back after 10 ms, then 20, up to
 * 10 s; one that lived for 30 s counts as well again. Children die with this process (PDEATHSIG). */
#include "main/family.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/wipe.h"

#define DELAY_FIRST 10
#define DELAY_MOST (10 * SECOND_MS)
#define WELL_AFTER (30 * SECOND_MS)
#define SETTLED_AFTER SECOND_MS
#define END_WITHIN (10 * SECOND_MS)
#define MOVED_FD 64 /* descriptors are moved up here first, so that none is overwritten while they are put in their places */

/* --- in the child ------------------------------------------------------------------------------------------------------------ */

static bool place_fds(const struct child *c, int secret)
{
	int all[CHILD_FDS_MAX + 1], n = 0;

	for (size_t i = 0; i < CHILD_FDS_MAX && c->fds[i] > 0; i++)
		all[n++] = c->fds[i];
	if (secret >= 0)
		all[n++] = secret;
	for (int i = 0; i < n; i++)
		if ((all[i] = fcntl(all[i], F_DUPFD, MOVED_FD)) < 0)
			return false;
	for (int i = 0; i < n; i++)
		if (dup2(all[i], FIRST_FD + i) < 0)
			return false;
	return close_range((unsigned)(FIRST_FD + n), ~0U, 0) == 0;
}

static bool become(const struct child *c)
{
	if (c->uid == 0)
		return true;
	return setgroups(1, &c->gid) == 0 && setresgid(c->gid, c->gid, c->gid) == 0 && setresuid(c->uid, c->uid, c->uid) == 0;
}

static _Noreturn void be_child(const char *path, const struct child *c, pid_t parent, int secret)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (!place_fds(c, secret) || !become(c) || prctl(PR_SET_PDEATHSIG, SIGTERM) != 0 || getppid() != parent)
		_exit(126);
	execv(path, c->args);
	_exit(127);
}

/* --- starting ------------------------------------------------------------------------------------------------------------------ */

/* 32 bytes fit into a pipe without a reader. */
static int secret_pipe(const struct child *c)
{
	int ends[2];

	if (!c->has_secret || pipe2(ends, O_CLOEXEC) != 0)
		return -1;
	if (write(ends[1], c->secret, sizeof(c->secret)) != (ssize_t)sizeof(c->secret)) {
		close(ends[0]);
		ends[0] = -1;
	}
	close(ends[1]);
	return ends[0];
}

static void start(struct family *f, struct child *c)
{
	char memory[4096];
	struct buf path = buf_over(memory, sizeof(memory));
	pid_t parent = getpid();
	int secret = secret_pipe(c);

	buf_text(&path, f->directory);
	buf_byte(&path, '/');
	buf_text(&path, c->program);
	buf_byte(&path, 0);
	c->started = clock_monotonic();
	c->pid = buf_ok(&path) == OK ? fork() : -1;
	if (c->pid == 0)
		be_child(path.p, c, parent, secret);
	if (secret >= 0)
		close(secret);
	if (c->pid < 0) {
		c->pid = 0;
		c->delay = DELAY_MOST;
		c->due = c->started + DELAY_MOST;
		return;
	}
	log_event(LOG_CHILD_STARTED, OK, c - f->children, c->pid, 0, 0);
	c->settled = false;
}

/* What a child waits for next: its start, or to have lived for a while; INT64_MAX = nothing. */
static int64_t next_moment(const struct child *c)
{
	if (c->pid == 0)
		return c->due;
	return c->settled ? INT64_MAX : c->started + SETTLED_AFTER;
}

/* Does what is due; ms until the next moment, -1 = none. */
static int64_t do_due(struct family *f)
{
	int64_t next = INT64_MAX, now;

	for (size_t i = 0; i < f->n; i++) {
		struct child *c = &f->children[i];

		if (next_moment(c) > clock_monotonic())
			continue;
		if (c->pid == 0) {
			start(f, c);
			continue;
		}
		c->settled = true;
		if (f->settled != NULL)
			f->settled(f, c);
	}
	for (size_t i = 0; i < f->n; i++)
		next = next_moment(&f->children[i]) < next ? next_moment(&f->children[i]) : next;
	now = clock_monotonic();
	if (next == INT64_MAX)
		return -1;
	return next > now ? next - now : 0;
}

/* --- ending -------------------------------------------------------------------------------------------------------------------- */

static void note_end(struct family *f, struct child *c, int how)
{
	int64_t lived = clock_monotonic() - c->started;
	int by = WIFSIGNALED(how) ? WTERMSIG(how) : 0;

	if (by == SIGSYS)
		LOG_NOTE(LOG_SANDBOX, "a child made a system call that is not on its list (signal 31) and was killed");
	if (lived >= WELL_AFTER || c->delay < 0)
		c->delay = 0;
	c->delay = c->delay == 0 ? DELAY_FIRST : c->delay * 2;
	if (c->delay > DELAY_MOST)
		c->delay = DELAY_MOST;
	c->due = clock_monotonic() + c->delay;
	c->pid = 0;
	log_event(LOG_CHILD_ENDED, OK, c - f->children, WIFEXITED(how) ? WEXITSTATUS(how) : -1, by, c->delay);
}

static void reap(struct family *f)
{
	pid_t pid;
	int how;

	while ((pid = waitpid(-1, &how, WNOHANG)) > 0)
		for (size_t i = 0; i < f->n; i++)
			if (f->children[i].pid == pid)
				note_end(f, &f->children[i], how);
}

void family_renew(struct child *c)
{
	if (c->pid == 0)
		return;
	c->delay = -1;
	kill(c->pid, SIGTERM);
}

static void end_child(struct child *c)
{
	int64_t until = clock_monotonic() + END_WITHIN;
	const struct timespec step = { 0, 5000000 };
	int how;

	if (c->pid == 0)
		return;
	kill(c->pid, SIGTERM);
	while (waitpid(c->pid, &how, WNOHANG) == 0) {
		if (clock_monotonic() > until) {
			kill(c->pid, SIGKILL);
			until = INT64_MAX;
		}
		nanosleep(&step, NULL);
	}
	c->pid = 0;
}

static bool programs_there(const struct family *f)
{
	char memory[4096];

	for (size_t i = 0; i < f->n; i++) {
		struct buf path = buf_over(memory, sizeof(memory));

		buf_format(&path, "%s/%s", f->directory, f->children[i].program);
		buf_byte(&path, 0);
		if (buf_ok(&path) != OK || access(path.p, X_OK) != 0)
			return false;
	}
	return true;
}

enum status family_run(struct family *f)
{
	sigset_t signals;
	int got = 0;

	if (!programs_there(f))
		return E_IO;
	sigemptyset(&signals);
	sigaddset(&signals, SIGCHLD);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	while (got != SIGTERM && got != SIGINT) {
		int64_t wait_ms = do_due(f);
		const struct timespec limit = { wait_ms / 1000, wait_ms % 1000 * 1000000 };

		got = wait_ms < 0 ? sigwaitinfo(&signals, NULL) : sigtimedwait(&signals, NULL, &limit);
		reap(f);
	}
	for (size_t i = f->n; i-- > 0;)
		end_child(&f->children[i]);
	for (size_t i = 0; i < f->n; i++)
		wipe(f->children[i].secret, sizeof(f->children[i].secret));
	return OK;
}
