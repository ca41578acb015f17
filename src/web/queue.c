/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A ring under one lock. Only the HTTP thread puts, so what it learnt from queue_full can only get better until it puts. */
#include "web/queue.h"

#include "base/heap.h"

struct queue {
	pthread_mutex_t lock;
	struct queue_place *idle;
	void **ring;
	size_t size, first, n;
	size_t most, running; /* those called and not awake yet are running */
	bool stopped;
};

struct queue *queue_new(size_t size, size_t running)
{
	struct queue *q = heap_new(1, sizeof(*q));

	q->ring = heap_new(size, sizeof(*q->ring));
	q->size = size;
	q->most = running;
	pthread_mutex_init(&q->lock, NULL);
	return q;
}

void queue_free(struct queue *q)
{
	pthread_mutex_destroy(&q->lock);
	heap_free(q->ring);
	heap_free(q);
}

bool queue_full(struct queue *q)
{
	bool full;

	pthread_mutex_lock(&q->lock);
	full = q->n == q->size;
	pthread_mutex_unlock(&q->lock);
	return full;
}

/* As many as there are jobs for and may run. Under the lock. */
static void call_idle(struct queue *q, size_t jobs)
{
	for (; jobs > 0 && q->running < q->most && q->idle != NULL; jobs--) {
		struct queue_place *p = q->idle;

		q->idle = p->below;
		p->awake = p->runs = true;
		q->running++;
		pthread_cond_signal(&p->called);
	}
}

void queue_put(struct queue *q, void *job)
{
	pthread_mutex_lock(&q->lock);
	q->ring[(q->first + q->n) % q->size] = job;
	q->n++;
	call_idle(q, 1);
	pthread_mutex_unlock(&q->lock);
}

static void stands_still(struct queue *q, struct queue_place *p)
{
	if (p->runs)
		q->running--;
	p->runs = false;
}

/* Until somebody calls. */
static void lie_idle(struct queue *q, struct queue_place *p)
{
	stands_still(q, p);
	p->awake = false;
	p->below = q->idle;
	q->idle = p;
	while (!p->awake)
		pthread_cond_wait(&p->called, &q->lock);
}

void *queue_take(struct queue *q, struct queue_place *p)
{
	void *job = NULL;

	pthread_mutex_lock(&q->lock);
	if (!p->begun)
		pthread_cond_init(&p->called, NULL);
	p->begun = true;
	stands_still(q, p);
	while (!q->stopped && (q->n == 0 || (!p->runs && q->running >= q->most)))
		lie_idle(q, p);
	if (q->n > 0) {
		job = q->ring[q->first];
		q->first = (q->first + 1) % q->size;
		q->n--;
		q->running += !p->runs;
		p->runs = true;
	}
	pthread_mutex_unlock(&q->lock);
	return job;
}

void queue_pause(struct queue *q, struct queue_place *p)
{
	pthread_mutex_lock(&q->lock);
	stands_still(q, p);
	call_idle(q, q->n);
	pthread_mutex_unlock(&q->lock);
}

void queue_resume(struct queue *q, struct queue_place *p)
{
	pthread_mutex_lock(&q->lock);
	q->running++;
	p->runs = true;
	pthread_mutex_unlock(&q->lock);
}

void queue_stop(struct queue *q)
{
	pthread_mutex_lock(&q->lock);
	q->stopped = true;
	for (; q->idle != NULL; q->idle = q->idle->below) {
		q->idle->awake = true;
		pthread_cond_signal(&q->idle->called);
	}
	pthread_mutex_unlock(&q->lock);
}
