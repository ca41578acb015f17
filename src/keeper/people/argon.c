/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Helpers for Argon2id. The loop reserves a job, fills it, submits it and takes it back when the descriptor says so.
 *
 * A helper is a process, not a thread: each job maps and gives back 64 or 128 MiB, and while the kernel does that to an address space nobody
 * can open or shut a slab of it; the loop does so twelve times for a page and waited up to 25 ms (doc/adr/0017). Forked first of all, a helper
 * has never had a key, a file or a socket of the keeper. It shares with the loop, and with no other helper, the page where the one job it runs
 * lies; a byte each way says "run" and "done". When a helper ends the keeper ends, as it did with its threads; when the keeper ends its helpers are killed. */
#include "keeper/people/argon.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/heap.h"
#include "base/log.h"
#include "base/wipe.h"
#include "keeper/slab.h"

#define HELPERS_MAX 16u
#define JOBS (2u * ARGON_QUEUE + HELPERS_MAX)
#define EXIT_HELPER 70
#define HELPER_FD 3
#define HELPER_NICE 5

struct line {
	struct job *jobs[ARGON_QUEUE];
	size_t first, n;
};
struct helper {
	int fd;
	pid_t pid;
	struct job *job;  /* the loop's; NULL: idle */
	struct job *room; /* shared: the job it runs */
};
struct argon {
	struct helper helpers[HELPERS_MAX];
	size_t helper_n;
	struct job *jobs;
	struct line lines[2];
	size_t reserved[2]; /* jobs of a queue that wait or are about to */
	int turn;
	int ready;
};

/* --- the helper's side ----------------------------------------------------------------------------------------------------- */

static void run(struct job *j)
{
	if (j->kind == JOB_STRETCH) {
		j->status = slot_stretch(j->stretched, sv_bytes(j->secret, j->secret_n), j->salt, j->t, j->m_kib);
		return;
	}
	j->status = OK;
	for (size_t i = 0; i < j->pepper_count && j->status == OK; i++)
		j->status = receipt_derive(&j->receipts[i], j->secret, j->salt, j->pepper[i]);
}

/* A terminal's signals go to all processes: the keeper ends in order, and then its helpers. */
static void helper_alone(int fd, pid_t keeper, enum status (*shut_in)(void))
{
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != keeper)
		_exit(EXIT_HELPER);
	if (getpriority(PRIO_PROCESS, 0) < HELPER_NICE && setpriority(PRIO_PROCESS, 0, HELPER_NICE) != 0)
		_exit(EXIT_HELPER); /* a service that is nicer already stays so: going back is not for it to do */
	if (dup2(fd, HELPER_FD) != HELPER_FD || close_range(HELPER_FD + 1, ~0U, 0) != 0)
		_exit(EXIT_HELPER);
	if (shut_in != NULL && shut_in() != OK)
		_exit(EXIT_HELPER);
}

static _Noreturn void helper_main(int fd, pid_t keeper, enum status (*shut_in)(void), struct job *room)
{
	char byte;

	helper_alone(fd, keeper, shut_in);
	while (recv(HELPER_FD, &byte, 1, 0) == 1) {
		run(room);
		wipe_stack();
		if (send(HELPER_FD, &byte, 1, MSG_NOSIGNAL) != 1)
			break;
	}
	_exit(0);
}

/* --- start and stop -------------------------------------------------------------------------------------------------------- */

static enum status helper_start(struct argon *a, enum status (*shut_in)(void))
{
	struct helper *h = &a->helpers[a->helper_n];
	struct epoll_event e = { .events = EPOLLIN };
	pid_t keeper = getpid();
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
		return E_IO;
	h->room = slab_shared(sizeof(*h->room));
	h->pid = fork();
	if (h->pid == 0)
		helper_main(ends[1], keeper, shut_in, h->room);
	slab_shared_keep(h->room, sizeof(*h->room));
	close(ends[1]);
	h->fd = ends[0];
	if (h->pid < 0) {
		close(h->fd);
		slab_shared_free(h->room, sizeof(*h->room));
		return E_IO;
	}
	a->helper_n++;
	return epoll_ctl(a->ready, EPOLL_CTL_ADD, h->fd, &e) == 0 ? OK : E_IO;
}

enum status argon_start(struct argon **out, size_t helpers, enum status (*shut_in)(void), int *ready)
{
	struct argon *a = heap_new(1, sizeof(*a));

	*out = a;
	a->ready = *ready = epoll_create1(EPOLL_CLOEXEC);
	if (a->ready < 0)
		return E_IO;
	for (size_t i = 0; i < helpers && i < HELPERS_MAX; i++)
		TRY(helper_start(a, shut_in));
	a->jobs = slab_new(JOBS * sizeof(*a->jobs));
	return OK;
}

void argon_stop(struct argon *a)
{
	if (a == NULL)
		return;
	for (size_t i = 0; i < a->helper_n; i++)
		close(a->helpers[i].fd);
	for (size_t i = 0; i < a->helper_n; i++)
		(void)waitpid(a->helpers[i].pid, NULL, 0);
	slab_free(a->jobs);
	for (size_t i = 0; i < a->helper_n; i++)
		slab_shared_free(a->helpers[i].room, sizeof(*a->helpers[i].room));
	if (a->ready >= 0)
		close(a->ready);
	heap_free(a);
}

/* --- jobs ------------------------------------------------------------------------------------------------------------------ */

static _Noreturn void helper_gone(const struct helper *h)
{
	int how = 0;

	if (waitpid(h->pid, &how, 0) == h->pid && WIFSIGNALED(how) && WTERMSIG(how) == SIGSYS)
		LOG_NOTE(LOG_SANDBOX, "an Argon2id helper was ended for a forbidden system call");
	LOG_NOTE(LOG_KEEPER, "an Argon2id helper ended, and the keeper with it");
	_exit(EXIT_HELPER);
}

static struct job *take(struct argon *a)
{
	for (int i = 0; i < 2; i++) {
		struct line *l = &a->lines[(a->turn + i) & 1];

		if (l->n > 0) {
			struct job *j = l->jobs[l->first];

			l->first = (l->first + 1) % ARGON_QUEUE;
			l->n--;
			a->reserved[j->queue]--;
			a->turn = ((int)j->queue + 1) & 1;
			j->state = JOB_RUNNING;
			return j;
		}
	}
	return NULL;
}

static void give_out(struct argon *a)
{
	const char byte = 1;

	for (size_t i = 0; i < a->helper_n; i++) {
		struct helper *h = &a->helpers[i];

		if (h->job != NULL || (h->job = take(a)) == NULL)
			continue;
		*h->room = *h->job;
		wipe(h->room->payload, sizeof(h->room->payload));
		if (send(h->fd, &byte, 1, MSG_NOSIGNAL) != 1)
			helper_gone(h);
	}
}

static void take_back(struct argon *a, size_t i)
{
	struct job *j = a->helpers[i].job, *room = a->helpers[i].room;

	j->status = room->status;
	memcpy(j->stretched, room->stretched, sizeof(j->stretched));
	memcpy(j->receipts, room->receipts, sizeof(j->receipts));
	wipe(room, sizeof(*room));
	j->state = JOB_DONE;
	a->helpers[i].job = NULL;
}

struct job *argon_reserve(struct argon *a, enum argon_queue queue, size_t spare)
{
	struct job *j = NULL;

	for (size_t i = 0; i < JOBS && j == NULL && a->reserved[queue] + spare < ARGON_QUEUE; i++)
		if (a->jobs[i].state == JOB_FREE)
			j = &a->jobs[i];
	if (j != NULL) {
		j->state = JOB_RESERVED;
		j->queue = queue;
		a->reserved[queue]++;
	}
	return j;
}

bool argon_again(struct argon *a, struct job *j)
{
	if (a->reserved[j->queue] >= ARGON_QUEUE)
		return false;
	j->state = JOB_RESERVED;
	a->reserved[j->queue]++;
	return true;
}

void argon_submit(struct argon *a, struct job *j)
{
	struct line *l = &a->lines[j->queue];

	j->state = JOB_QUEUED;
	l->jobs[(l->first + l->n) % ARGON_QUEUE] = j;
	l->n++;
	give_out(a);
}

struct job *argon_done(struct argon *a)
{
	for (size_t i = 0; i < a->helper_n; i++) {
		char byte;
		ssize_t n = recv(a->helpers[i].fd, &byte, 1, MSG_DONTWAIT);

		if (n == 1 && a->helpers[i].job != NULL)
			take_back(a, i);
		else if (n >= 0 || (errno != EAGAIN && errno != EINTR))
			helper_gone(&a->helpers[i]);
	}
	give_out(a);
	for (size_t i = 0; i < JOBS; i++)
		if (a->jobs[i].state == JOB_DONE) {
			a->jobs[i].state = JOB_TAKEN;
			return &a->jobs[i];
		}
	return NULL;
}

void argon_release(struct argon *a, struct job *j)
{
	if (j == NULL)
		return;
	if (j->state == JOB_RESERVED) /* it never came to be submitted: its place in the queue is free again */
		a->reserved[j->queue]--;
	wipe(j, sizeof(*j));
}

void argon_abandon(struct argon *a, struct job *j)
{
	if (j == NULL)
		return;
	j->owner = NULL;
	if (j->state == JOB_TAKEN)
		wipe(j, sizeof(*j));
}

size_t argon_waiting(const struct argon *a, enum argon_queue queue)
{
	return a->reserved[queue];
}

uint32_t argon_wait_s(const struct argon *a)
{
	size_t waiting = a->lines[0].n + a->lines[1].n;

	return 1 + (uint32_t)(waiting / (5 * (a->helper_n > 0 ? a->helper_n : 1)));
}
