/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEB_QUEUE_H
#define WEB_QUEUE_H

#include <stdbool.h>
#include <stddef.h>

/* The bounded line in front of the workers. One thread puts, many take. */
struct queue;
struct queue *queue_new(size_t size);
void queue_free(struct queue *q);
bool queue_full(struct queue *q);           /* stays false for the putting thread until it puts */
void queue_put(struct queue *q, void *job); /* only after queue_full said no */
void *queue_take(struct queue *q);          /* waits; NULL once stopped and empty */
void queue_stop(struct queue *q);

#endif
