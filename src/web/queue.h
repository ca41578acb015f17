/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEB_QUEUE_H
#define WEB_QUEUE_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

/* The bounded line in front of the workers. One thread puts, many take; only so many of them run at once. A worker that waits long for
 * another process says so, and one that was to spare runs meanwhile. */
struct queue;
/* A worker's place, his own for as long as he takes. Zeroed at first. */
struct queue_place {
	pthread_cond_t called;
	bool begun, runs, awake;
	struct queue_place *below; /* idle ones: who came last is called first, his memory is warm */
};
struct queue *queue_new(size_t size, size_t running);
void queue_free(struct queue *q);
bool queue_full(struct queue *q);                          /* stays false for the putting thread until it puts */
void queue_put(struct queue *q, void *job);                /* only after queue_full said no */
void *queue_take(struct queue *q, struct queue_place *p);  /* waits; NULL once stopped and empty */
void queue_pause(struct queue *q, struct queue_place *p);  /* he waits: somebody else may run */
void queue_resume(struct queue *q, struct queue_place *p); /* at once, beside him if need be */
void queue_stop(struct queue *q);

#endif
