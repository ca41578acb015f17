/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef KEEPER_SESSIONS_H
#define KEEPER_SESSIONS_H

#include "keeper/ledger/state.h"

/* Sessions in RAM. A session is found by an id derived from its token; its secrets are sealed under a key derived from the token, so
 * without a request at hand the keeper's memory opens nothing. Times: idle 15 min (at a shared desk 10), 10 h in all; reporters 15 min and 1 h; the half
 * session between password and second factor 5 min, of somebody who joins 30 min. */
#define CAPSULE_ROOM 2048u
#define FILES_KNOWN 4u
enum session_kind { SESSION_HALF, SESSION_STAFF, SESSION_REPORTER, SESSION_JOIN };
struct session {
	struct session *next; /* in its bucket */
	struct id sid;
	enum session_kind kind;
	struct id user, dossier, locator;
	uint8_t csrf[16];
	int64_t begun, used;
	bool shared;                  /* at a desk several people use */
	int64_t stepped;              /* when the second factor was given again; 0 = not */
	int64_t held;                 /* rights to give are held back until then; 0 = no (a recovery ends all sessions) */
	struct id device;             /* half: the known device it came from; zeros: none */
	uint32_t wrong;               /* wrong second factors */
	uint64_t secrets_epoch;       /* directory epoch at which compartments were read last */
	uint64_t work_epoch;          /* and at which waiting work was looked for */
	struct id files[FILES_KNOWN]; /* opened last: their leaves are written */
	uint64_t files_undone;        /* how often something had been undone when they were */
	size_t files_at;
	size_t capsule_n;
	uint8_t capsule[CAPSULE_ROOM]; /* AMR1 */
	struct dek_entry *cache;
};
struct ended {
	struct id sid, user;
	uint8_t csrf[16];
	int64_t until;
};

struct sessions *sessions_new(void);
void sessions_free(struct sessions *l);
void session_id(struct id *out, const struct token *t);
/* NULL: none, or it has run out (then it is ended and remembered). Does not count as use. */
struct session *session_find(struct sessions *l, const struct token *t, int64_t now);
const struct ended *session_ended(struct sessions *l, const struct token *t, int64_t now);
/* A new session with a fresh token. A third of one user ends the oldest. */
struct session *session_begin(struct sessions *l, enum session_kind kind, struct id user, int64_t now, struct token *out);
/* The same session under a fresh token; its capsule has to be sealed again. */
void session_renew(struct sessions *l, struct session *x, struct token *out);
/* Before one more session of a code: the oldest ends once two are there. */
void sessions_make_room(struct sessions *l, struct id locator, int64_t now);
void session_end(struct sessions *l, struct session *x, bool remember, int64_t now);
void sessions_end_user(struct sessions *l, struct id user, int64_t now);
void sessions_end_others(struct sessions *l, const struct session *own, int64_t now); /* all but this one of its user */
void sessions_expire(struct sessions *l, int64_t now);
/* The machine's clock went back so far: all moments go with it, so that nobody stays logged in for longer. */
void sessions_set_back(struct sessions *l, int64_t by);
size_t sessions_count(const struct sessions *l);
int64_t session_idle_until(const struct session *x);
int64_t session_until(const struct session *x);

/* The capsule, in the bench: open with a token, seal again after it changed. E_CRYPTO. */
enum status capsule_open(struct service *s, const struct session *x, const struct token *t) MUST_CHECK;
enum status capsule_seal(struct service *s, struct session *x, const struct token *t) MUST_CHECK;
const struct held_secret *capsule_secret(const struct capsule *c, struct id cert);

/* DEK cache (measured §4): S of a wrap, sealed under the cache key of the open capsule; named by wrap and whole bind. */
bool cache_find(struct service *s, struct session *x, const struct held_key *k, struct key *out);
void cache_keep(struct service *s, struct session *x, const struct held_key *k, const struct key *dek);

#endif
