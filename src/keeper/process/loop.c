/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one loop: take every message that is ready, work on them in one transaction, one commit, answer all. No lock, no waiting for
 * company: group commit falls out (measured §3, §5). Settle messages alone do not commit: they ride until the next one or the tick. */
#include "keeper/process/loop.h"

#include <errno.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/heap.h"
#include "base/log.h"
#include "base/wipe.h"
#include "keeper/sealed/data.h"
#include "keeper/slab.h"

#define EVENTS 64
#define CONNECTIONS_MAX 512
#define PATIENCE_MS (10 * SECOND_MS)
#define TICK_MS 1000

struct work {
	struct connection *c;
	struct request r;
	struct buf out;
	enum status status;
	bool later; /* waits for its job or is parked: no answer now */
};
struct loop {
	struct service *s;
	int epoll, listen_web, listen_admin, argon_ready, signals;
	uint32_t web_uid;
	struct connection *connections;
	size_t count;
	struct connection *ready[CONNECTIONS_MAX];
	size_t ready_n;
	struct work work[CONNECTIONS_MAX];
	int64_t swept;
	bool stop;
	uint8_t frame[WIRE_HEAD + WIRE_PAYLOAD + 1];
};

/* --- connections ----------------------------------------------------------------------------------------------------------- */

static void watch(struct loop *l, struct connection *c, uint32_t events)
{
	struct epoll_event e = { .events = events, .data.ptr = c };

	if (epoll_ctl(l->epoll, EPOLL_CTL_MOD, c->fd, &e) != 0)
		LOG_NOTE(LOG_KEEPER, "epoll refused a change");
	c->listening = events == EPOLLIN;
}

static void end_connection(struct loop *l, struct connection *c)
{
	struct connection **at = &l->connections;

	while (*at != NULL && *at != c)
		at = &(*at)->next;
	if (*at == c)
		*at = c->next;
	for (size_t i = 0; i < l->ready_n; i++)
		if (l->ready[i] == c)
			l->ready[i] = NULL;
	l->count--;
	if (c->job != NULL) {
		argon_abandon(l->s->argon, c->job);
		tickets_abandon(l->s->tickets, c);
		l->s->settled++; /* who waited for that code may try */
	}
	connection_free(c);
}

static void accept_one(struct loop *l, int listener)
{
	int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	struct epoll_event e = { .events = EPOLLIN };
	struct connection *c;

	if (fd < 0)
		return;
	if (l->count >= CONNECTIONS_MAX || !peer_allowed(fd, listener == l->listen_web ? l->web_uid : geteuid())) {
		log_event(LOG_REFUSED, E_DENIED, (int64_t)l->count, 0, 0, 0);
		close(fd);
		return;
	}
	c = heap_new(1, sizeof(*c));
	c->fd = fd;
	c->admin = listener == l->listen_admin;
	c->listening = true;
	e.data.ptr = c;
	if (epoll_ctl(l->epoll, EPOLL_CTL_ADD, fd, &e) != 0) {
		connection_free(c);
		return;
	}
	c->next = l->connections;
	l->connections = c;
	l->count++;
}

static void read_from(struct loop *l, struct connection *c)
{
	enum taken t;

	if (c->ready)
		return;
	do
		t = connection_take(c, l->frame);
	while (t == TAKEN_PART);
	if (t == TAKEN_END)
		end_connection(l, c);
	else if (t == TAKEN_WHOLE)
		l->ready[l->ready_n++] = c;
}

/* --- one batch --------------------------------------------------------------------------------------------------------------- */

static void build(struct loop *l, struct work *w, struct connection *c)
{
	struct reader body = reader_of(sv_bytes(c->message, c->in.head.total));

	*w = (struct work){ .c = c, .out = buf_new(l->s->arena, 4096, WIRE_MESSAGE_MAX) };
	w->r = (struct request){ .call = (enum call)c->in.head.code,
				 .admin = c->admin,
				 .number = c->in.head.number,
				 .out = &w->out,
				 .job = c->job,
				 .late = c->parked && l->s->now - c->since > PATIENCE_MS,
				 .from = c };
	get_bytes(&body, w->r.token.b, sizeof(w->r.token.b));
	w->r.body = body;
}

static void work_on(struct loop *l, struct work *w)
{
	enum status status = dispatch(l->s, &w->r);

	w->status = status;
	w->later = w->r.wait || w->r.park;
}

/* All of the batch in one transaction. A full disk: everything is undone, the reserve given back, and all is tried once more; then
 * readers get their answer and writers a refusal. */
static enum status work_on_all(struct loop *l, size_t n)
{
	struct service *s = l->s;
	enum status status = batch_begin(s);

	for (size_t i = 0; i < n && status == OK; i++) {
		build(l, &l->work[i], l->ready[i]);
		work_on(l, &l->work[i]);
		if (!db_in_transaction(s->db))
			status = E_STORE; /* nothing more may be written outside one */
	}
	if (status == OK && s->journal.must_commit)
		status = batch_commit(s);
	return status;
}

static void undo_all(struct service *s)
{
	uint64_t first = s->journal.batch.size;

	batch_rollback(s);
	tickets_void_from(s->tickets, first);
	dossiers_forget_all(s);
	if (directory_load(s) != OK)
		LOG_NOTE(LOG_DATABASE, "the directory cannot be read");
}

/* Nobody says a set's fate twice: what was settled and is undone is settled anew, and what this batch brought and did not come to. */
static void settle_anew(struct loop *l, size_t n)
{
	struct service *s = l->s;

	if (batch_begin(s) != OK || settle_again(s) != OK)
		LOG_NOTE(LOG_DATABASE, "settled sets wait for room");
	for (size_t i = 0; i < n && db_in_transaction(s->db); i++)
		if (l->ready[i]->in.head.code == CALL_SETTLE) {
			build(l, &l->work[i], l->ready[i]);
			work_on(l, &l->work[i]);
		}
	if (!db_in_transaction(s->db))
		batch_rollback(s);
}

static void release_new_jobs(struct loop *l, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (l->work[i].r.wait && l->work[i].c->job == NULL) {
			argon_release(l->s->argon, l->work[i].r.job);
			tickets_abandon(l->s->tickets, l->work[i].c);
		}
	wipe(l->work, n * sizeof(l->work[0]));
}

static void run_batch(struct loop *l, size_t n)
{
	struct service *s = l->s;
	enum status status = work_on_all(l, n);

	if (db_full(s->db) && !s->full) {
		log_event(LOG_DISK, E_STORE, 0, 0, 0, 0);
		release_new_jobs(l, n);
		undo_all(s);
		reserve_give_back(s->dir);
		s->full = true;
		settle_anew(l, 0);
		status = work_on_all(l, n);
	}
	if (status == OK)
		return;
	release_new_jobs(l, n);
	undo_all(s);
	settle_anew(l, n);
	for (size_t i = 0; i < n; i++) {
		l->work[i].c = l->ready[i];
		l->work[i].status = E_STORE;
		l->work[i].out.n = 0;
		l->work[i].r.wait = l->work[i].later = false;
		l->work[i].r.number = l->ready[i]->in.head.number;
	}
}

static void keep_for_later(struct loop *l, struct work *w)
{
	struct connection *c = w->c;

	if (c->listening)
		watch(l, c, 0);
	if (w->r.wait) {
		c->job = w->r.job;
		c->parked = false;
		if (c->job->typed.n > 0)
			wipe((void *)(uintptr_t)c->job->typed.p, c->job->typed.n);
		c->job->typed = SV_NONE;
		argon_submit(l->s->argon, c->job);
		return;
	}
	if (!c->parked)
		c->since = l->s->now;
	c->parked = true;
}

static void answer(struct loop *l, struct work *w)
{
	struct connection *c = w->c;
	const bool one_way = c->in.head.code == CALL_SETTLE;
	const struct frame_head head = {
		.number = w->r.number, .code = (uint16_t)w->status, .total = (uint32_t)w->out.n, .retry_s = w->r.retry_s
	};

	if (w->later) {
		keep_for_later(l, w);
		return;
	}
	argon_release(l->s->argon, c->job);
	c->job = NULL;
	c->parked = false;
	connection_forget_message(c);
	if (!one_way && !connection_answer(c, &head, buf_view(&w->out), l->s->now)) {
		end_connection(l, c);
		return;
	}
	if (c->answer != NULL)
		watch(l, c, EPOLLOUT);
	else if (!c->listening)
		watch(l, c, EPOLLIN);
}

/* After a commit: nothing stands open. */
static void shred(struct service *s)
{
	if (!s->journal.open && shares_shred(s) == E_STORE)
		LOG_NOTE(LOG_DATABASE, "an erasure share could not be destroyed: tried again");
}

static void run_ready(struct loop *l)
{
	size_t n = 0;

	for (size_t i = 0; i < l->ready_n; i++)
		if (l->ready[i] != NULL)
			l->ready[n++] = l->ready[i];
	l->ready_n = n;
	if (n == 0)
		return;
	run_batch(l, n);
	shred(l->s);
	for (size_t i = 0; i < n; i++)
		answer(l, &l->work[i]);
	wipe(l->work, n * sizeof(l->work[0]));
	l->ready_n = 0;
	arena_reset(l->s->arena);
	wipe_stack();
}

/* --- what else happens ---------------------------------------------------------------------------------------------------------- */

static void take_jobs(struct loop *l)
{
	struct job *j;

	while ((j = argon_done(l->s->argon)) != NULL) {
		if (j->owner == NULL)
			argon_release(l->s->argon, j);
		else
			l->ready[l->ready_n++] = j->owner;
	}
}

/* Repeats of a last post wait until the first one's fate is known. */
static void wake_parked(struct loop *l)
{
	bool settled = l->s->settled > 0;

	l->s->settled = 0;
	for (struct connection *c = l->connections; c != NULL; c = c->next)
		if (c->parked && (settled || l->s->now - c->since > PATIENCE_MS))
			l->ready[l->ready_n++] = c;
}

static void drop_slow(struct loop *l)
{
	for (struct connection *c = l->connections, *next; c != NULL; c = next) {
		next = c->next;
		if (c->answer != NULL && l->s->now - c->since > PATIENCE_MS)
			end_connection(l, c);
	}
}

static void drafts_expire(struct service *s)
{
	struct statement *q = db_statement(s->db, SQL_DRAFTS_EXPIRE);

	bind_int(q, 1, s->now - 7 * DAY_MS);
	if (batch_begin(s) != OK || statement_run(q) != OK || devices_expire(s) != OK)
		LOG_NOTE(LOG_DATABASE, "old drafts and devices could not be removed");
}

static void tick(struct loop *l)
{
	struct service *s = l->s;

	drop_slow(l);
	if (s->now - l->swept >= MINUTE_MS) {
		l->swept = s->now;
		sessions_expire(s->sessions, s->now);
		tickets_expire(s->tickets, s->now);
		uploads_expire(s->uploads, s->now);
		drafts_expire(s);
		if (dossiers_end(s) != OK) {
			LOG_NOTE(LOG_DATABASE, "what has come to its end could not be erased");
			undo_all(s);
		}
	}
	if (s->full && reserve_make(s->dir) == OK)
		s->full = false;
	if (checkpoint_due(s, false) != OK || batch_commit(s) != OK)
		undo_all(s);
	if (!s->journal.open && s->riding_n > 0)
		settle_anew(l, 0);
	shred(s);
	(void)db_full(s->db);
	arena_reset(s->arena);
}

static void on_event(struct loop *l, const struct epoll_event *e)
{
	struct connection *c = e->data.ptr;

	if (e->data.ptr == &l->listen_web || e->data.ptr == &l->listen_admin)
		accept_one(l, *(int *)e->data.ptr);
	else if (e->data.ptr == &l->argon_ready)
		take_jobs(l);
	else if (e->data.ptr == &l->signals)
		l->stop = true;
	else if ((e->events & EPOLLIN) && c->listening)
		read_from(l, c); /* also what a peer that is gone by now has sent */
	else if (e->events & (EPOLLHUP | EPOLLERR))
		end_connection(l, c);
	else if ((e->events & EPOLLOUT) && c->answer != NULL && !connection_continue(c))
		end_connection(l, c);
	else if ((e->events & EPOLLOUT) && c->answer == NULL)
		watch(l, c, EPOLLIN);
}

static enum status add_fixed(struct loop *l, int *fd)
{
	struct epoll_event e = { .events = EPOLLIN, .data.ptr = fd };

	return epoll_ctl(l->epoll, EPOLL_CTL_ADD, *fd, &e) == 0 ? OK : E_IO;
}

/* An orderly end leaves nothing unsigned. */
static enum status last_checkpoint(struct service *s)
{
	if (s->journal.tree.size - s->journal.checkpoint_size > 1)
		TRY(checkpoint_due(s, true));
	return batch_commit(s);
}

/* The machine's clock went back: what counts from a moment of before counts on from there, so that no session lives longer, no slowed
 * account or held set waits for longer, and nothing due is put off. Stored times stay as they were written. */
static void set_back(struct loop *l, int64_t by)
{
	struct service *s = l->s;

	sessions_set_back(s->sessions, by);
	tickets_set_back(s->tickets, by);
	uploads_set_back(s->uploads, by);
	throttle_set_back(s->throttle, by);
	for (size_t i = 0; i < sizeof(s->recent) / sizeof(s->recent[0]); i++)
		s->recent[i].at -= by;
	for (struct connection *c = l->connections; c != NULL; c = c->next)
		c->since -= by;
	if (s->hold_until != 0)
		s->hold_until -= by;
	s->journal.checkpoint_at -= by;
	l->swept -= by;
}

static void read_clock(struct loop *l)
{
	int64_t before = l->s->now;

	l->s->now = clock_now();
	if (l->s->now < before)
		set_back(l, before - l->s->now);
}

static enum status run(struct loop *l)
{
	struct epoll_event events[EVENTS];
	int64_t ticked = 0;

	while (!l->stop) {
		int n = epoll_wait(l->epoll, events, EVENTS, TICK_MS);

		if (n < 0 && errno != EINTR)
			return E_IO;
		slab_open(l->s->bench);
		slab_open(l->s->vault);
		read_clock(l);
		for (int i = 0; i < n; i++)
			on_event(l, &events[i]);
		wake_parked(l);
		run_ready(l);
		if (clock_monotonic() - ticked >= TICK_MS) {
			ticked = clock_monotonic();
			tick(l);
		}
		slab_shut(l->s->bench);
		slab_shut(l->s->vault);
	}
	slab_open(l->s->vault);
	tick(l);
	return last_checkpoint(l->s);
}

enum status loop_run(struct service *s, int listen_web, int listen_admin, int argon_ready, int signals, uint32_t web_uid)
{
	struct loop *l = heap_new(1, sizeof(*l));
	enum status status = OK;

	l->s = s;
	l->listen_web = listen_web;
	l->listen_admin = listen_admin;
	l->argon_ready = argon_ready;
	l->signals = signals;
	l->web_uid = web_uid;
	l->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (l->epoll < 0 || add_fixed(l, &l->listen_web) != OK || add_fixed(l, &l->listen_admin) != OK ||
	    add_fixed(l, &l->argon_ready) != OK || add_fixed(l, &l->signals) != OK)
		status = E_IO;
	if (status == OK)
		status = run(l);
	while (l->connections != NULL)
		end_connection(l, l->connections);
	if (l->epoll >= 0)
		close(l->epoll);
	heap_free(l);
	return status;
}
