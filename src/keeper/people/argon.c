/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Threads for Argon2id. The loop reserves a job, fills it, submits it and takes it back when the eventfd says so; a thread touches the
 * one job it runs and nothing else of the keeper. */
#include "keeper/people/argon.h"

#include <pthread.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "base/heap.h"
#include "base/wipe.h"
#include "keeper/slab.h"

#define THREADS_MAX 16u
#define JOBS (2u * ARGON_QUEUE + THREADS_MAX)

struct line {
	struct job *jobs[ARGON_QUEUE];
	size_t first, n;
};
struct argon {
	pthread_mutex_t lock;
	pthread_cond_t work;
	pthread_t threads[THREADS_MAX];
	size_t thread_n, started;
	pthread_cond_t up;
	struct job *jobs;
	struct line lines[2];
	size_t reserved[2]; /* jobs of a queue that wait or are about to */
	int turn;
	bool stop;
	int ready;
};

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

static void *thread_main(void *arg)
{
	struct argon *a = arg;
	const uint64_t one = 1;

	/* Lower priority than the loop: of this thread alone, as Linux does it. */
	(void)setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), 5);
	pthread_mutex_lock(&a->lock);
	a->started++;
	pthread_cond_signal(&a->up);
	while (!a->stop) {
		struct job *j = take(a);

		if (j == NULL) {
			pthread_cond_wait(&a->work, &a->lock);
			continue;
		}
		pthread_mutex_unlock(&a->lock);
		run(j);
		wipe_stack();
		pthread_mutex_lock(&a->lock);
		j->state = JOB_DONE;
		if (write(a->ready, &one, sizeof(one)) != (ssize_t)sizeof(one))
			_exit(70);
	}
	pthread_mutex_unlock(&a->lock);
	return NULL;
}

enum status argon_start(struct argon **out, size_t threads, int *ready)
{
	struct argon *a = heap_new(1, sizeof(*a));

	pthread_mutex_init(&a->lock, NULL);
	pthread_cond_init(&a->work, NULL);
	pthread_cond_init(&a->up, NULL);
	a->jobs = slab_new(JOBS * sizeof(*a->jobs));
	a->ready = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	*ready = a->ready;
	*out = a;
	if (a->ready < 0)
		return E_IO;
	for (size_t i = 0; i < threads && i < THREADS_MAX; i++) {
		if (pthread_create(&a->threads[i], NULL, thread_main, a) != 0)
			return E_IO;
		a->thread_n++;
	}
	pthread_mutex_lock(&a->lock);
	while (a->started < a->thread_n) /* until each has lowered itself: the sandbox comes next */
		pthread_cond_wait(&a->up, &a->lock);
	pthread_mutex_unlock(&a->lock);
	return OK;
}

void argon_stop(struct argon *a)
{
	if (a == NULL)
		return;
	pthread_mutex_lock(&a->lock);
	a->stop = true;
	pthread_cond_broadcast(&a->work);
	pthread_mutex_unlock(&a->lock);
	for (size_t i = 0; i < a->thread_n; i++)
		pthread_join(a->threads[i], NULL);
	slab_free(a->jobs);
	if (a->ready >= 0)
		close(a->ready);
	pthread_cond_destroy(&a->work);
	pthread_cond_destroy(&a->up);
	pthread_mutex_destroy(&a->lock);
	heap_free(a);
}

struct job *argon_reserve(struct argon *a, enum argon_queue queue, size_t spare)
{
	struct job *j = NULL;

	pthread_mutex_lock(&a->lock);
	for (size_t i = 0; i < JOBS && j == NULL && a->reserved[queue] + spare < ARGON_QUEUE; i++)
		if (a->jobs[i].state == JOB_FREE)
			j = &a->jobs[i];
	if (j != NULL) {
		j->state = JOB_RESERVED;
		j->queue = queue;
		a->reserved[queue]++;
	}
	pthread_mutex_unlock(&a->lock);
	return j;
}

bool argon_again(struct argon *a, struct job *j)
{
	bool room;

	pthread_mutex_lock(&a->lock);
	room = a->reserved[j->queue] < ARGON_QUEUE;
	if (room) {
		j->state = JOB_RESERVED;
		a->reserved[j->queue]++;
	}
	pthread_mutex_unlock(&a->lock);
	return room;
}

void argon_submit(struct argon *a, struct job *j)
{
	struct line *l = &a->lines[j->queue];

	pthread_mutex_lock(&a->lock);
	j->state = JOB_QUEUED;
	l->jobs[(l->first + l->n) % ARGON_QUEUE] = j;
	l->n++;
	pthread_cond_signal(&a->work);
	pthread_mutex_unlock(&a->lock);
}

struct job *argon_done(struct argon *a)
{
	struct job *j = NULL;
	uint64_t count;

	(void)!read(a->ready, &count, sizeof(count));
	pthread_mutex_lock(&a->lock);
	for (size_t i = 0; i < JOBS && j == NULL; i++)
		if (a->jobs[i].state == JOB_DONE)
			j = &a->jobs[i];
	if (j != NULL)
		j->state = JOB_TAKEN;
	pthread_mutex_unlock(&a->lock);
	return j;
}

void argon_release(struct argon *a, struct job *j)
{
	if (j == NULL)
		return;
	pthread_mutex_lock(&a->lock);
	if (j->state == JOB_RESERVED) /* it never came to be submitted: its place in the queue is free again */
		a->reserved[j->queue]--;
	wipe(j, sizeof(*j));
	pthread_mutex_unlock(&a->lock);
}

void argon_abandon(struct argon *a, struct job *j)
{
	if (j == NULL)
		return;
	pthread_mutex_lock(&a->lock);
	j->owner = NULL;
	if (j->state == JOB_TAKEN)
		wipe(j, sizeof(*j));
	pthread_mutex_unlock(&a->lock);
}

size_t argon_waiting(struct argon *a, enum argon_queue queue)
{
	size_t n;

	pthread_mutex_lock(&a->lock);
	n = a->reserved[queue];
	pthread_mutex_unlock(&a->lock);
	return n;
}

uint32_t argon_wait_s(struct argon *a)
{
	size_t waiting;

	pthread_mutex_lock(&a->lock);
	waiting = a->lines[0].n + a->lines[1].n;
	pthread_mutex_unlock(&a->lock);
	return 1 + (uint32_t)(waiting / (5 * (a->thread_n > 0 ? a->thread_n : 1)));
}
