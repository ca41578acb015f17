/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_CONTEXT_H
#define BASE_CONTEXT_H

#include "base/access.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/id.h"
#include "base/language.h"
#include "base/status.h"

struct db;      /* store/store.h */
struct keeper;  /* keeper/client.h */
struct changes; /* record/run.h */

/* A session token: 32 random bytes; in a cookie as base64url. */
struct token {
	uint8_t b[32];
};

enum actor_kind { ACTOR_NONE, ACTOR_STAFF, ACTOR_REPORTER, ACTOR_COMMAND };

/* Who acts. Filled from the keeper's answer to a token, never from a request. */
struct actor {
	enum actor_kind kind;
	struct id user;
	struct id organisation;
	uint32_t roles; /* ROLE_BIT */
	struct token token;
	uint8_t csrf[16];
	struct id dossier;   /* ACTOR_REPORTER: the one dossier the code opens */
	struct id recipient; /* certificate id wraps to this person are made for; a reporter's locator */
	char login[64];      /* zero-terminated; login name, no real name */
	enum language language;
	bool waiting;              /* a member whom the officer has not certified yet: opens nothing */
	uint32_t drafts;           /* texts kept for a member, to be resumed or erased */
	int64_t idle_until, until; /* when the session ends without use, and in any case (ms) */
	int64_t held_until;        /* came in by recovery code: gives nobody rights until then (ms); 0 = free */
};

/* The first error of a request wins. `what` is a literal of ours, never text of a person. */
struct error {
	enum status status;
	const char *what;
	const char *file;
	int line;
	uint32_t retry_s; /* E_BUSY: seconds to wait */
};

/* One wrong input: field is the parameter's constant name, key a message key, limit its number (0 = none). */
struct input_error {
	const char *field;
	const char *key;
	int64_t limit;
};
#define INPUT_ERRORS_MAX 32

/* One context a request, command or job. No globals but constant tables and the log sink. */
struct ctx {
	struct arena *arena;
	struct db *db;           /* this worker's read connection */
	struct keeper *keeper;   /* this worker's keeper connection */
	struct changes *changes; /* while record_run prepares; else NULL */
	const struct actor *who; /* never NULL: an ACTOR_NONE when nobody is logged in */
	int64_t now;             /* one clock reading a request; tests set it */
	enum language language;
	struct error error;
	struct input_error inputs[INPUT_ERRORS_MAX];
	size_t input_count;
};

/* Note the first error and give the status back: return ERR(c, E_STALE, "record changed since it was shown"). */
#define ERR(c, status, literal) ctx_error((c), (status), "" literal, __FILE__, __LINE__)
enum status ctx_error(struct ctx *c, enum status s, const char *what, const char *file, int line);
/* Note a wrong input; all of a form are shown at once. Always gives E_INPUT. Both texts must be constants. */
enum status ctx_input(struct ctx *c, const char *field, const char *key, int64_t limit);
bool ctx_can(const struct ctx *c, enum role role);

#endif
