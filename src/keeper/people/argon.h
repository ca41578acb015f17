/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef KEEPER_ARGON_H
#define KEEPER_ARGON_H

#include "keeper/ledger/state.h"
#include "keeper/people/weak.h"

/* Argon2id beside the loop: as many helpers as cores, two queues of 64 (logins, codes) taken in turn. A job and all it holds lie in
 * locked memory and are wiped when it is given back. */
#define ARGON_QUEUE 64u
#define PASSWORD_MAX PASSWORD_MOST
enum argon_queue { QUEUE_LOGIN, QUEUE_CODE };
enum job_kind { JOB_STRETCH, JOB_RECEIPT };
enum job_state { JOB_FREE, JOB_RESERVED, JOB_QUEUED, JOB_RUNNING, JOB_DONE, JOB_TAKEN };

struct job {
	enum job_kind kind;
	enum argon_queue queue;
	enum job_state state;
	struct connection *owner; /* NULL: its connection went away */
	/* in */
	char secret[PASSWORD_MAX];
	size_t secret_n;
	uint8_t salt[16];
	uint32_t t, m_kib;
	uint8_t pepper[PEPPERS_MAX][32];
	size_t pepper_count;
	struct sv typed;     /* the same secret in the message of its request: wiped when the job is submitted */
	bool again;          /* the second stretch of one login: a weak slot is made anew */
	uint8_t payload[64]; /* what its slot held */
	/* out */
	enum status status;
	uint8_t stretched[32];
	struct receipt receipts[PEPPERS_MAX]; /* newest pepper last, as in the vault */
};

/* Before anything a helper must not have is opened or read. shut_in: called in each helper (NULL: none). ready: becomes readable when a job is
 * done. E_IO. */
enum status argon_start(struct argon **out, size_t helpers, enum status (*shut_in)(void), int *ready) MUST_CHECK;
void argon_stop(struct argon *a); /* waits for running jobs; NULL allowed */
/* NULL: the queue is full. spare: places to leave free for others. */
struct job *argon_reserve(struct argon *a, enum argon_queue queue, size_t spare);
/* A place for a job that is done. false: the queue is full. */
bool argon_again(struct argon *a, struct job *j);
void argon_submit(struct argon *a, struct job *j);
struct job *argon_done(struct argon *a);            /* the next finished job, now the caller's; NULL when none */
void argon_release(struct argon *a, struct job *j); /* NULL allowed */
/* Its connection is gone: given back at once when it was taken by argon_done, else when it is done. NULL allowed. */
void argon_abandon(struct argon *a, struct job *j);
size_t argon_waiting(const struct argon *a, enum argon_queue queue);
uint32_t argon_wait_s(const struct argon *a); /* what to tell somebody who has to come back */

#endif
