/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef KEEPER_STATE_H
#define KEEPER_STATE_H

#include "base/arena.h"
#include "keeper/admin.h"
#include "keeper/ledger/db.h"
#include "keeper/ledger/rows.h"
#include "keeper/wire.h"

/* The keeper process's state, owned by main.c and handed to every function. The process has one thread; Argon2id runs in
 * helpers, processes that see their job and nothing else. */

#define PEPPERS_MAX 4
/* Guarded pages, open while a batch is worked on. */
struct vault {
	uint8_t pepper[PEPPERS_MAX][32];
	size_t pepper_count; /* version n = index n - 1; the last is used for what is made now */
	uint8_t instance_secret[32], journal_key[32], checkpoint_seed[32], node[32];
};
/* What a session's token opens: the actor's secrets. Plain only in guarded pages and only while its request is worked on. */
#define HELD_MAX 24
struct held_secret {
	struct id cert;
	uint8_t compartment, sk[32];
};
struct capsule {
	uint8_t sk[32], seed[32], cache_key[32];
	uint32_t count;
	struct held_secret held[HELD_MAX];
};
/* Scratch for keys, wiped after each request. */
struct bench {
	uint8_t session_key[32];
	struct capsule capsule;
	struct key s, k, file;
	struct key made[32]; /* keys made in the set at work */
	uint8_t payload[64], ephemeral[32], room[2048];
};

struct journal {
	struct tree tree;           /* with all leaves of the open transaction */
	struct tree batch, request; /* as it was when the batch, the request began */
	bool open;                  /* a transaction is open */
	bool must_commit;           /* an answer waits for it */
	uint64_t checkpoint_size;
	int64_t checkpoint_at;
	bool in_set; /* a sealed set runs: rows keep what they were (undo) */
	uint64_t first;
	int64_t undo_n;
	uint64_t requests;      /* grows with each request */
	uint64_t heads_changed; /* the last one that put a part in force */
	uint64_t undone;        /* grows when leaves are taken back */
	bool clash;             /* the set changes a row whose last change is not settled: it comes after that one */
};

/* A dossier as the decision needs it, built from the rows and kept in RAM until one of them changes. */
struct dossier {
	struct dossier_row row;
	struct share {
		uint32_t number;
		uint8_t bytes[32];
	} shares[2]; /* two only while a set that strips the dossier is not settled */
	size_t share_n;
	struct id *assigned, *blocked, *named;
	size_t assigned_n, blocked_n, named_n;
	struct key_row *keys;
	size_t key_n;
	struct grant_row *grants;
	struct sign_row *signs;
	size_t grant_n, sign_n;
	struct receipt_row receipt;
	bool has_receipt;
};
#define DOSSIER_CACHE 8192u
#define DOSSIER_PLACES 4u /* of one dossier */

/* Members, certificates and unsigned keys, few and always in RAM; read again when one changes. */
struct known_cert {
	struct cert cert;
	struct cert_row row;
	bool genuine; /* chained to the root, not revoked; perhaps out of time */
	bool good;    /* and in time when the directory was read */
};
struct directory {
	struct member_row *members;
	size_t member_n;
	struct known_cert *certs;
	size_t cert_n;
	struct unsigned_row *waiting;
	size_t waiting_n;
	struct route_row *routes;
	size_t route_n;
	struct organisation_row *organisations;
	size_t organisation_n;
	struct programme_row programme;
	uint8_t programme_share[32]; /* erasure share of its events */
	bool has_programme, has_share;
	struct host_row *hosts;
	size_t host_n;
	bool touched;   /* by the request at work: read again when it is undone */
	uint64_t epoch; /* grows with every change: sessions look whether something waits for them */
};

struct sessions; /* sessions.c */
struct session;
struct argon; /* argon.c */
struct job;
struct heads;      /* heads.c */
struct open_sets;  /* unsettled.c */
struct words;      /* weak.c */
struct tickets;    /* sealed/ticket.c */
struct uploads;    /* files.c */
struct throttle;   /* throttle.c */
struct connection; /* loop.c */

/* Parts whose write came in force a moment ago: a reader may still bring what it read just before. */
#define RECENT 1024u
#define RECENT_MS 10000
struct recent {
	struct id record;
	enum class class;
	int64_t at;
};

/* What a leaf says; seq and time are the journal's. Leaves of reporters carry the hour only. */
struct act {
	enum event event;
	struct id actor, organisation, dossier;
	uint32_t class_mask, purpose;
	bool hour;
};

struct service {
	char dir[3072];
	struct db_file *db;
	struct arena *arena; /* of the batch */
	struct vault *vault;
	struct bench *bench;
	struct instance_row instance;
	int pepper_fd, secret_fd; /* opened by the parent, who may read what our user may not; 0 = none */
	bool pepper_on_disk;
	bool full;          /* the disk is full: reading goes on, writing is refused */
	int64_t hold_until; /* a backup begins: sets wait until then at most (hold.c) */
	bool shredding;     /* shares wait to be destroyed (erase.c) */
	struct journal journal;
	struct directory directory;
	struct dossier **dossiers;
	struct heads **heads;
	struct open_sets *open_sets;
	struct words *words;
	struct sessions *sessions;
	struct argon *argon;
	struct tickets *tickets;
	struct uploads *uploads;
	struct throttle *throttle;
	int64_t now; /* of the batch; tests set it */
	struct recent recent[RECENT];
	size_t recent_at;
	struct raised {
		struct act act;
		struct id object;
	} alarms[8]; /* of the request at work: they stand when it is undone */
	size_t alarm_n;
	struct settled riding[1024]; /* settled and not committed yet: done again when that is undone */
	size_t riding_n;
	uint32_t settled; /* messages of settle in this batch: waiting repeats are tried again */
};

/* Who asks, after the token was looked up. */
struct who {
	enum actor_kind kind;
	struct id user, organisation, cert; /* cert: own certificate, or a reporter's locator */
	uint32_t roles;
	bool active;
	struct id own;           /* reporter: the one dossier */
	struct session *session; /* NULL: none (public report, admin) */
};

/* One request at work. */
struct request {
	enum call call;
	bool admin;
	uint32_t number;
	struct token token;
	struct reader body;
	struct buf *out;
	struct job *job; /* its finished Argon2 job when called the second time */
	struct connection *from;
	bool wait;        /* out: a job was queued, no answer yet */
	bool park;        /* out: try again after the next settle */
	bool late;        /* was parked long enough: answered now, whatever comes */
	bool stranger;    /* a login from a device nobody knows: places in the queue are kept for others */
	bool keep;        /* out: the failure stands with its leaf and answer, nothing is undone */
	struct who asked; /* out: for the leaf of a refusal */
	struct id denied; /* out: dossier and classes refused */
	uint32_t denied_mask;
	uint32_t retry_s; /* out */
};

/* main.c and init.c: open, check, close. */
enum status service_open(struct service *s, const char *data_dir) MUST_CHECK; /* databases, secrets, start checks; no threads */
void service_close(struct service *s);
enum status secrets_load(struct service *s) MUST_CHECK;
/* dispatch.c: one request inside the open transaction. What it changed is undone when it fails. */
enum status dispatch(struct service *s, struct request *r);

#endif
