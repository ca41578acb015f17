/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A ring under one lock. Only the HTTP thread puts, so what it learnt from queue_full can only get better until it puts. */
#include "web/queue.h"

#include <pthread.h>

#include "base/heap.h"

struct queue {
	pthread_mutex_t lock;
	pthread_cond_t filled;
	void **ring;
	size_t size, first, n;
	bool stopped;
};

struct queue *queue_new(size_t size)
{
	struct queue *q = heap_new(1, sizeof(*q));

	q->ring = heap_new(size, sizeof(*q->ring));
	q->size = size;
	pthread_mutex_init(&q->lock, NULL);
	pthread_cond_init(&q->filled, NULL);
	return q;
}

void queue_free(struct queue *q)
{
	pthread_cond_destroy(&q->filled);
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

void queue_put(struct queue *q, void *job)
{
	pthread_mutex_lock(&q->lock);
	q->ring[(q->first + q->n) % q->size] = job;
	q->n++;
	pthread_cond_signal(&q->filled);
	pthread_mutex_unlock(&q->lock);
}

void *queue_take(struct queue *q)
{
	void *job = NULL;

	pthread_mutex_lock(&q->lock);
	while (q->n == 0 && !q->stopped)
		pthread_cond_wait(&q->filled, &q->lock);
	if (q->n > 0) {
		job = q->ring[q->first];
		q->first = (q->first + 1) % q->size;
		q->n--;
	}
	pthread_mutex_unlock(&q->lock);
	return job;
}

void queue_stop(struct queue *q)
{
	pthread_mutex_lock(&q->lock);
	q->stopped = true;
	pthread_cond_broadcast(&q->filled);
	pthread_mutex_unlock(&q->lock);
}
