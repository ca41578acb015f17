/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The store and its one writer. Workers queue sets and wait; the writer takes all that wait, gives each a savepoint, ends them with one
 * COMMIT that is on disk when it answers, tells the settle hook, then wakes the workers. A set stands or falls alone; only a failure of
 * the database itself takes the others of its batch along. Sets lie in their workers' memory, which wait: nothing is copied. */
#include "base/heap.h"
#include "base/log.h"
#include "store/driver.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#define BATCH_MAX 256
#define WAL_ALARM ((off_t)64 << 20)
#define WAL_LOOK 256 /* batches between two looks */
#define SURE_TRIES 5
#define SURE_FIRST_NS 20000000 /* twice as long each time */

struct store {
	struct fault fault;
	char *dir, *path, *wal_path;
	struct connection *writer;
	settle_hook *hook;
	void *hook_arg;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t queued, settled;
	struct write_set *first, *last;
	bool closing;
	bool unsure; /* the fate of some set is not known: the writer's own */
	uint64_t batches;
};

/* --- the writer thread ------------------------------------------------------------------------------------------------------- */

/* All writes of a set inside its savepoint. */
static enum status write_all(struct connection *k, const struct write_set *set)
{
	for (size_t i = 0; i < set->n; i++) {
		const struct write *w = &set->writes[i];
		int64_t changes = 0;

		if (!args_fit(w->q, w->args, w->arg_count))
			return E_BUG;
		TRY(fake_driver.write(k, w->q, w->args, w->arg_count, &changes));
		if (w->changes >= 0 && changes != w->changes)
			return w->otherwise;
	}
	return OK;
}

/* E_STORE when the whole transaction is lost, else OK with the set's own fate in its result. */
static enum status one_set(struct connection *k, struct write_set *set)
{
	TRY(fake_driver.control(k, SAVEPOINT));
	set->result = write_all(k, set);
	if (!fake_driver.in_transaction(k))
		return E_STORE;
	if (set->result != OK)
		TRY(fake_driver.control(k, ROLLBACK_TO));
	return fake_driver.control(k, RELEASE);
}

static enum status write_batch(struct connection *k, struct write_set *batch)
{
	TRY(fake_driver.control(k, BEGIN_WRITE));
	for (struct write_set *set = batch; set; set = set->next)
		TRY(one_set(k, set));
	return fake_driver.control(k, COMMIT);
}

static void roll_back(struct connection *k)
{
	if (fake_driver.in_transaction(k))
		(void)fake_driver.control(k, ROLLBACK);
}

/* The writes of sets that seemed to stand once more, in a new transaction of the only writer. A set whose conditions do not hold any more
 * found its own first try: it is in force. */
static enum status write_again(struct connection *k, struct write_set *batch)
{
	roll_back(k);
	TRY(fake_driver.control(k, BEGIN_WRITE));
	for (struct write_set *set = batch; set; set = set->next) {
		enum status s;

		if (set->result != OK)
			continue;
		s = one_set(k, set);
		if (s == OK && (set->result == E_STORE || set->result == E_BUG))
			s = E_STORE;
		set->result = OK;
		TRY(s);
	}
	return fake_driver.control(k, COMMIT);
}

/* A COMMIT that may or may not have happened is made sure: what it left in the log is overwritten when another one succeeds, or it stood. */
static enum status make_sure(struct store *s, struct write_set *batch)
{
	struct timespec pause = { 0, SURE_FIRST_NS };

	for (int try = 0; try < (s->unsure ? 1 : SURE_TRIES); try++, pause.tv_nsec *= 2) {
		if (try > 0)
			(void)nanosleep(&pause, NULL);
		if (write_again(s->writer, batch) == OK)
			return OK;
	}
	s->unsure = true;
	return E_UNCERTAIN;
}

/* Give sets that seemed to stand the fate of their batch. */
static void fail_batch(struct connection *k, struct write_set *batch, enum status fate)
{
	roll_back(k);
	for (struct write_set *set = batch; set; set = set->next)
		if (set->result == OK)
			set->result = fate;
}

/* Tell the hook what is in force and what is void. Of an uncertain set nothing is said: once the disk takes writes again the hook hears of
 * nothing at all, and the start that follows looks it up. */
static void settle(struct store *s, struct write_set *batch)
{
	uint64_t tags[BATCH_MAX];
	bool in_force[BATCH_MAX];
	size_t n = 0;

	for (struct write_set *set = batch; set; set = set->next) {
		if (!set->tag || set->result == E_UNCERTAIN)
			continue;
		tags[n] = set->tag;
		in_force[n++] = set->result == OK;
	}
	if (n && s->hook)
		s->hook(s->hook_arg, tags, in_force, n);
}

/* A log that is not worked off means a reader that never ends: slow first, then a full disk. */
static void look_at_wal(struct store *s)
{
	struct stat st;

	if (s->batches++ % WAL_LOOK == 0 && stat(s->wal_path, &st) == 0 && st.st_size > WAL_ALARM)
		LOG_NOTE(LOG_ALARM, "the database's write-ahead log is over 64 MiB: some reader does not end");
}

static void sure_again(struct store *s)
{
	s->unsure = false;
	if (s->hook)
		s->hook(s->hook_arg, NULL, NULL, 0);
}

/* Does the disk take a write again? One that changes nothing: the schema's number as it is. */
static bool takes_writes(struct connection *k)
{
	int number;
	bool done = fake_driver.control(k, BEGIN_WRITE) == OK && fake_driver.version(k, &number) == OK &&
		    fake_driver.migrate(k, number, "") == OK && fake_driver.control(k, COMMIT) == OK;

	roll_back(k);
	return done;
}

static void run_batch(struct store *s, struct write_set *batch)
{
	enum status fate;

	for (struct write_set *set = batch; set; set = set->next)
		set->result = OK;
	fate = write_batch(s->writer, batch);
	if (fate == E_UNCERTAIN)
		fate = make_sure(s, batch);
	if (fate != OK)
		fail_batch(s->writer, batch, fate == E_UNCERTAIN ? E_UNCERTAIN : E_STORE);
	settle(s, batch);
	if (fate == OK && s->unsure)
		sure_again(s);
	look_at_wal(s);
}

/* Cut at most BATCH_MAX sets off the queue. The lock is held. */
static struct write_set *take_batch(struct store *s)
{
	struct write_set *batch = s->first, *last = batch;

	for (size_t n = 1; n < BATCH_MAX && last->next; n++)
		last = last->next;
	s->first = last->next;
	if (!s->first)
		s->last = NULL;
	last->next = NULL;
	return batch;
}

/* Until there is something to do; while a set's fate is not known the disk is asked each second. The lock is held. */
static void wait_for_work(struct store *s)
{
	struct timespec until;

	while (!s->first && !s->closing) {
		if (!s->unsure) {
			(void)pthread_cond_wait(&s->queued, &s->lock);
			continue;
		}
		(void)clock_gettime(CLOCK_REALTIME, &until);
		until.tv_sec++;
		if (pthread_cond_timedwait(&s->queued, &s->lock, &until) != ETIMEDOUT)
			continue;
		(void)pthread_mutex_unlock(&s->lock);
		if (takes_writes(s->writer))
			sure_again(s);
		(void)pthread_mutex_lock(&s->lock);
	}
}

static void *writer_main(void *arg)
{
	struct store *s = arg;

	(void)pthread_mutex_lock(&s->lock);
	for (;;) {
		struct write_set *batch;

		wait_for_work(s);
		if (!s->first)
			break;
		batch = take_batch(s);
		(void)pthread_mutex_unlock(&s->lock);
		run_batch(s, batch);
		(void)pthread_mutex_lock(&s->lock);
		while (batch) {
			struct write_set *next = batch->next; /* a set that is done may be gone the moment the lock is free */

			batch->done = true;
			batch = next;
		}
		(void)pthread_cond_broadcast(&s->settled);
	}
	(void)pthread_mutex_unlock(&s->lock);
	return NULL;
}

/* --- for workers ------------------------------------------------------------------------------------------------------------- */

static enum status say(struct ctx *c, enum status s)
{
	switch (s) {
	case OK:
		return OK;
	case E_STALE:
		return ERR(c, E_STALE, "record changed since it was shown");
	case E_CONFLICT:
		return ERR(c, E_CONFLICT, "something of this name or key exists already");
	case E_STATE:
		return ERR(c, E_STATE, "not possible in the present state");
	case E_BUSY:
		return E_BUSY; /* the runner prepares again; not an error yet */
	case E_UNCERTAIN:
		return ERR(c, E_UNCERTAIN, "the write may or may not have happened");
	case E_BUG:
		return ERR(c, E_BUG, "a write does not fit its statement or breaks a rule of the schema");
	case E_INPUT:
	case E_DENIED:
	case E_NOTFOUND:
	case E_LIMIT:
	case E_STORE:
	case E_CRYPTO:
	case E_IO:
	case STATUS_COUNT:
		break;
	}
	return ERR(c, s, "the database could not be written");
}

enum status store_apply(struct ctx *c, struct write_set *set)
{
	struct store *s = c->db->store;

	set->next = NULL;
	set->done = false;
	(void)pthread_mutex_lock(&s->lock);
	if (s->last)
		s->last->next = set;
	else
		s->first = set;
	s->last = set;
	(void)pthread_cond_signal(&s->queued);
	while (!set->done)
		(void)pthread_cond_wait(&s->settled, &s->lock);
	(void)pthread_mutex_unlock(&s->lock);
	return say(c, set->result);
}

/* --- opening and closing ----------------------------------------------------------------------------------------------------- */

static char *joined(const char *a, const char *b)
{
	size_t an = strlen(a), bn = strlen(b);
	char *p = heap_new(an + bn + 1, 1);

	memcpy(p, a, an);
	memcpy(p + an, b, bn);
	return p;
}

static void release(struct store *s)
{
	fake_driver.close(s->writer);
	(void)pthread_cond_destroy(&s->queued);
	(void)pthread_cond_destroy(&s->settled);
	(void)pthread_mutex_destroy(&s->lock);
	heap_free(s->wal_path);
	heap_free(s->path);
	heap_free(s->dir);
	heap_free(s);
}

static enum status open_writer(struct ctx *c, struct store *s)
{
	if (mkdir(s->dir, 0700) != 0 && errno != EEXIST)
		return ERR(c, E_STORE, "the database folder cannot be made");
	if (fake_driver.open(&s->fault, s->path, CONNECTION_WRITE, &s->writer) != OK)
		return ERR(c, E_STORE, "the database cannot be opened");
	TRY(migrate(c, &fake_driver, s->writer, &migrations_sqlite));
	if (pthread_create(&s->thread, NULL, writer_main, s) != 0)
		return ERR(c, E_STORE, "the writer thread cannot be started");
	return OK;
}

enum status store_open(struct ctx *c, const char *dir, settle_hook *hook, void *arg, struct store **out)
{
	struct store *s = heap_new(1, sizeof *s);
	enum status status;

	s->fault.real = &sqlite_driver;
	s->hook = hook;
	s->hook_arg = arg;
	s->dir = joined(dir, "");
	s->path = joined(dir, "/main.db");
	s->wal_path = joined(dir, "/main.db-wal");
	(void)pthread_mutex_init(&s->lock, NULL);
	(void)pthread_cond_init(&s->queued, NULL);
	(void)pthread_cond_init(&s->settled, NULL);
	status = open_writer(c, s);
	if (status == OK)
		*out = s;
	else
		release(s);
	return status;
}

void store_close(struct store *s)
{
	if (!s)
		return;
	(void)pthread_mutex_lock(&s->lock);
	s->closing = true;
	(void)pthread_cond_signal(&s->queued);
	(void)pthread_mutex_unlock(&s->lock);
	(void)pthread_join(s->thread, NULL);
	release(s);
}

enum status store_connect(struct ctx *c, struct store *s, struct db **out)
{
	struct connection *k;
	struct db *d;

	if (fake_driver.open(&s->fault, s->path, CONNECTION_READ, &k) != OK)
		return ERR(c, E_STORE, "the database cannot be opened");
	d = heap_new(1, sizeof *d);
	*d = (struct db){ s, &fake_driver, k };
	*out = d;
	return OK;
}

size_t store_queued(struct store *s)
{
	size_t n = 0;

	(void)pthread_mutex_lock(&s->lock);
	for (const struct write_set *set = s->first; set; set = set->next)
		n++;
	(void)pthread_mutex_unlock(&s->lock);
	return n;
}

const char *store_dir(const struct store *s)
{
	return s->dir;
}

void store_fail_at(struct store *s, uint64_t n)
{
	s->fault.fail_at = n ? s->fault.calls + n : 0;
}

void store_fail_commits(struct store *s, bool fail)
{
	s->fault.fail_commits = fail;
}

uint64_t store_calls(const struct store *s)
{
	return s->fault.calls;
}
