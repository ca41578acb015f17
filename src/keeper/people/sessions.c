/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list of sessions: hash buckets by session id, and a ring of ended ones that are remembered for 12 h (a late post becomes a
 * draft). Tokens themselves are never kept. */
#include "keeper/people/sessions.h"

#include <string.h>
#include "base/clock.h"
#include "base/heap.h"
#include "base/random.h"
#include "base/wipe.h"

#define BUCKETS 1024u
#define ENDED_MAX 4096u
#define PARALLEL 2
#define REMEMBER_MS (12 * HOUR_MS)
#define SHARED_IDLE (10 * MINUTE_MS) /* sealed design 5.1 */

struct limits {
	int64_t idle, whole;
};
static const struct limits limits[] = {
	[SESSION_HALF] = { 5 * MINUTE_MS, 5 * MINUTE_MS },
	[SESSION_STAFF] = { 15 * MINUTE_MS, 10 * HOUR_MS },
	[SESSION_REPORTER] = { 15 * MINUTE_MS, HOUR_MS },
	[SESSION_JOIN] = { 30 * MINUTE_MS, 30 * MINUTE_MS },
};

struct sessions {
	struct session *buckets[BUCKETS];
	struct ended ended[ENDED_MAX];
	size_t ended_at, count;
};

struct sessions *sessions_new(void)
{
	return heap_new(1, sizeof(struct sessions));
}

static size_t bucket_of(struct id sid)
{
	return ((size_t)sid.b[0] | (size_t)sid.b[1] << 8) % BUCKETS;
}

void session_id(struct id *out, const struct token *t)
{
	KDF(out->b, 16, "amana.sess.id.01", t->b, sizeof(t->b), NULL, 0);
}

int64_t session_idle_until(const struct session *x)
{
	return x->used + (x->shared ? SHARED_IDLE : limits[x->kind].idle);
}

int64_t session_until(const struct session *x)
{
	return x->begun + limits[x->kind].whole;
}

static bool live(const struct session *x, int64_t now)
{
	return now < session_idle_until(x) && now < session_until(x);
}

static void take_out(struct sessions *l, struct session *x)
{
	struct session **at = &l->buckets[bucket_of(x->sid)];

	while (*at != NULL && *at != x)
		at = &(*at)->next;
	if (*at == x)
		*at = x->next;
}

static void put_in(struct sessions *l, struct session *x, struct token *out)
{
	random_fill(out->b, sizeof(out->b));
	session_id(&x->sid, out);
	x->next = l->buckets[bucket_of(x->sid)];
	l->buckets[bucket_of(x->sid)] = x;
}

void session_renew(struct sessions *l, struct session *x, struct token *out)
{
	take_out(l, x);
	put_in(l, x, out);
}

static void forget(struct sessions *l, struct session *x)
{
	take_out(l, x);
	heap_free(x->cache);
	wipe(x, sizeof(*x));
	heap_free(x);
	l->count--;
}

void session_end(struct sessions *l, struct session *x, bool remember, int64_t now)
{
	if (remember && x->kind == SESSION_STAFF) {
		struct ended *e = &l->ended[l->ended_at++ % ENDED_MAX];

		e->sid = x->sid;
		e->user = x->user;
		memcpy(e->csrf, x->csrf, sizeof(e->csrf));
		e->until = now + REMEMBER_MS;
	}
	forget(l, x);
}

void sessions_free(struct sessions *l)
{
	if (l == NULL)
		return;
	for (size_t i = 0; i < BUCKETS; i++)
		while (l->buckets[i] != NULL)
			forget(l, l->buckets[i]);
	heap_free(l);
}

struct session *session_find(struct sessions *l, const struct token *t, int64_t now)
{
	struct session *x;
	struct id sid;

	session_id(&sid, t);
	for (x = l->buckets[bucket_of(sid)]; x != NULL; x = x->next)
		if (equal_ct(x->sid.b, sid.b, sizeof(sid.b)))
			break;
	if (x == NULL || live(x, now))
		return x;
	session_end(l, x, true, now);
	return NULL;
}

const struct ended *session_ended(struct sessions *l, const struct token *t, int64_t now)
{
	struct id sid;

	session_id(&sid, t);
	for (size_t i = 0; i < ENDED_MAX; i++)
		if (now < l->ended[i].until && equal_ct(l->ended[i].sid.b, sid.b, sizeof(sid.b)))
			return &l->ended[i];
	return NULL;
}

/* The oldest session of a user, or of a code, once there are as many as may run side by side. */
static struct session *one_too_many(struct sessions *l, enum session_kind kind, struct id whose)
{
	struct session *oldest = NULL;
	int n = 0;

	for (size_t i = 0; i < BUCKETS; i++)
		for (struct session *x = l->buckets[i]; x != NULL; x = x->next)
			if (x->kind == kind && id_equal(kind == SESSION_STAFF ? x->user : x->locator, whose)) {
				n++;
				if (oldest == NULL || x->begun < oldest->begun)
					oldest = x;
			}
	return n >= PARALLEL ? oldest : NULL;
}

void sessions_make_room(struct sessions *l, struct id locator, int64_t now)
{
	struct session *old = one_too_many(l, SESSION_REPORTER, locator);

	if (old != NULL)
		session_end(l, old, false, now);
}

struct session *session_begin(struct sessions *l, enum session_kind kind, struct id user, int64_t now, struct token *out)
{
	struct session *x, *old = kind == SESSION_STAFF ? one_too_many(l, kind, user) : NULL;

	if (old != NULL)
		session_end(l, old, true, now);
	x = heap_new(1, sizeof(*x));
	put_in(l, x, out);
	random_fill(x->csrf, sizeof(x->csrf));
	x->kind = kind;
	x->user = user;
	x->begun = x->used = now;
	l->count++;
	return x;
}

static void end_where(struct sessions *l, const struct id *user, int64_t now)
{
	for (size_t i = 0; i < BUCKETS; i++)
		for (struct session *x = l->buckets[i], *next; x != NULL; x = next) {
			next = x->next;
			if (user != NULL ? id_equal(x->user, *user) && x->kind != SESSION_REPORTER : !live(x, now))
				session_end(l, x, user == NULL, now);
		}
}

void sessions_end_user(struct sessions *l, struct id user, int64_t now)
{
	end_where(l, &user, now);
}

void sessions_end_others(struct sessions *l, const struct session *own, int64_t now)
{
	for (size_t i = 0; i < BUCKETS; i++)
		for (struct session *x = l->buckets[i], *next; x != NULL; x = next) {
			next = x->next;
			if (x != own && x->kind != SESSION_REPORTER && id_equal(x->user, own->user))
				session_end(l, x, true, now);
		}
}

void sessions_expire(struct sessions *l, int64_t now)
{
	end_where(l, NULL, now);
}

void sessions_set_back(struct sessions *l, int64_t by)
{
	for (size_t i = 0; i < BUCKETS; i++)
		for (struct session *x = l->buckets[i]; x != NULL; x = x->next) {
			x->begun -= by;
			x->used -= by;
			if (x->stepped != 0)
				x->stepped -= by;
		}
	for (size_t i = 0; i < ENDED_MAX; i++)
		l->ended[i].until -= by;
}

size_t sessions_count(const struct sessions *l)
{
	return l->count;
}
