/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The line in front of the workers: no more run at once than may, and who waits for another process holds nobody's place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <semaphore.h>

#include "web/queue.h"

#define WORKERS 3

static struct queue *q;
static sem_t taken, go, back, done;
static const char waits[] = "waits", plain[] = "plain";

static void *worker(void *arg)
{
	struct queue_place place = { .begun = false };
	const char *job;

	while ((job = queue_take(q, &place)) != NULL) {
		sem_post(&taken);
		sem_wait(&go);
		if (job == waits) {
			queue_pause(q, &place);
			sem_wait(&back);
			queue_resume(q, &place);
		}
		sem_post(&done);
	}
	return arg;
}

static void put(const char *job)
{
	assert_false(queue_full(q));
	queue_put(q, (void *)(uintptr_t)job);
}

static void test_T_PRIV_5_who_waits_holds_no_worker(void **state)
{
	pthread_t threads[WORKERS];

	(void)state;
	q = queue_new(8, 1);
	for (int i = 0; i < WORKERS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, worker, NULL), 0);
	put(waits);
	sem_wait(&taken);
	put(waits);
	put(plain);
	assert_int_equal(sem_trywait(&taken), -1); /* one at once */
	sem_post(&go);
	sem_wait(&taken); /* the first waits: the second runs */
	assert_int_equal(sem_trywait(&taken), -1);
	sem_post(&go);
	sem_wait(&taken); /* both wait: the third */
	sem_post(&go);
	sem_wait(&done);
	put(plain);
	sem_wait(&taken); /* he is free for the next */
	sem_post(&back);
	sem_post(&back); /* the two come back beside him */
	sem_wait(&done);
	sem_wait(&done);
	put(plain);
	assert_int_equal(sem_trywait(&taken), -1); /* and one at once runs again */
	sem_post(&go);
	sem_wait(&done);
	sem_wait(&taken);
	sem_post(&go);
	sem_wait(&done);
	queue_stop(q);
	for (int i = 0; i < WORKERS; i++)
		pthread_join(threads[i], NULL);
	queue_free(q);
}

static void test_what_waits_is_done_before_the_end(void **state)
{
	pthread_t thread;

	(void)state;
	q = queue_new(2, 1);
	put(plain);
	put(plain);
	assert_true(queue_full(q));
	queue_stop(q);
	sem_post(&go);
	sem_post(&go);
	assert_int_equal(pthread_create(&thread, NULL, worker, NULL), 0);
	pthread_join(thread, NULL);
	assert_int_equal(sem_trywait(&done), 0);
	assert_int_equal(sem_trywait(&done), 0);
	queue_free(q);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_T_PRIV_5_who_waits_holds_no_worker),
		cmocka_unit_test(test_what_waits_is_done_before_the_end),
	};

	sem_init(&taken, 0, 0);
	sem_init(&go, 0, 0);
	sem_init(&back, 0, 0);
	sem_init(&done, 0, 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
