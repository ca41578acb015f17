/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef KEEPER_CLIENT_H
#define KEEPER_CLIENT_H

#include "base/context.h"
#include "keeper/people.h"

/* All that other rooms may know of the keeper: a connection over SOCK_SEQPACKET and one function a call. Every call sends the
 * actor's session token (c->who->token); the keeper decides by its own rows, whatever the caller thinks. Answers lie in
 * c->arena. Errors common to all: E_DENIED (and for a dossier one may not know of the same as unknown), E_BUSY with
 * c->error.retry_s (queues full), E_IO (keeper gone: the process should end itself; the parent restarts it). */

struct keeper;
enum status keeper_connect(const char *socket_path, struct keeper **out) MUST_CHECK; /* E_IO */
void keeper_close(struct keeper *k);                                                 /* NULL allowed */
/* Called before and after the wait for an answer that takes Argon2id. k: NULL allowed. */
void keeper_on_wait(struct keeper *k, void (*waits)(void *arg, bool begins), void *arg);

/* --- login and sessions (security.md 5, 13) ---------------------------------------------------------------------- */
enum factor { FACTOR_TOTP = 1, FACTOR_SHEET = 2, FACTOR_DEMO = 3 /* demo instances only */ };
/* First step: password (NFC, at most 1 KiB). Gives a half session that can do nothing but the second step (5 minutes).
 * E_DENIED wrong name or password (same work and answer for both), E_BUSY when Argon2id is full or the account is slowed. */
/* device: of the browser's cookie, NULL none; a device known for this name is slowed by its own wrong tries alone. */
enum status keeper_login(struct ctx *c, struct sv login, struct sv password, const struct token *device,
			 struct token *half) MUST_CHECK;
/* Second step; a new token. E_DENIED wrong or used code; E_STATE a TOTP wrong only by the clock's drift. */
/* device: what the browser shall keep for 180 days; zeros: what it showed at login stays good. NULL: no browser. */
enum status keeper_second(struct ctx *c, const struct token *half, enum factor kind, struct sv code, struct token *full,
			  struct token *device) MUST_CHECK;
/* Who is this? Counts as use. E_DENIED when ended; E_STATE when ended less than 12 h ago and remembered: *out then holds user,
 * csrf and language only (a late post becomes a draft, 5.3). */
enum status keeper_session(struct ctx *c, const struct token *t, struct actor *out) MUST_CHECK;
enum status keeper_logout(struct ctx *c, const struct token *t) MUST_CHECK;
/* The member's session is at a desk several people use, or not any more: it ends after 10 minutes without use in place of 15. */
enum status keeper_shared_desk(struct ctx *c, const struct token *t, bool shared) MUST_CHECK;
/* Seal what a late post carried to its user (kind 13); kept in the keeper 7 days; `where` a route of ours. */
enum status keeper_draft_save(struct ctx *c, const struct token *t, struct sv where, struct sv body) MUST_CHECK;
struct draft {
	struct id id;
	struct sv where, body;
	int64_t at;
};
enum status keeper_drafts(struct ctx *c, struct draft **out, size_t *n) MUST_CHECK;
enum status keeper_draft_drop(struct ctx *c, struct id id) MUST_CHECK;
/* Does this instance allow FACTOR_DEMO? Instance facts for pages and start. */
struct instance {
	struct id id;
	bool demo;
	bool pepper_on_disk;
	uint64_t leaves;
	int64_t witnessed_at;
};
enum status keeper_instance(struct ctx *c, struct instance *out) MUST_CHECK;

/* --- opening ------------------------------------------------------------------------------------------------------ */
/* One wrap as it lies in the main database (columns of table wrap). */
struct held_key {
	struct id key; /* key id in the AMR1 header */
	struct id dossier;
	enum class class;
	struct id holder; /* zeros, or the person of a NOTES or PLACE key */
	uint32_t generation;
	uint8_t kind; /* enum wrap_kind */
	uint8_t purpose;
	struct id recipient;    /* certificate id, or a reporter's locator */
	struct id organisation; /* recipient's organisation; zeros for kind 5 */
	struct id grant;
	uint64_t not_after;
	struct sv wrap; /* AMW1 */
};
struct sealed_part {
	struct id record, dossier, origin;
	uint16_t type; /* of the registry */
	enum class class;
	uint32_t schema;
	uint64_t version;
	struct sv blob;     /* AMR1 */
	size_t key;         /* index into the keys given beside */
	enum status status; /* out: OK, E_DENIED, E_CRYPTO (bad seal, rollback, key swap: alarm), E_NOTFOUND */
	struct sv plain;    /* out */
};
enum open_how {
	OPEN_LIST,    /* one leaf with a count; a dossier of which it shows more than one record has a leaf of its own */
	OPEN_DOSSIER, /* a leaf for each dossier; parts the caller did not bring are an alarm */
	OPEN_CHECK    /* for a save that needs the values it changes: leaves as for a list */
};
/* That these are all records of a type which a dossier has: what the keeper knows in force beside them is an alarm. */
#define WHOLE_MAX 20000u
struct whole {
	struct id dossier;
	uint16_t type;
	const struct id *records;
	size_t record_count;
};
/* At most 500 parts and 1 MiB. whole: with OPEN_DOSSIER, or NULL; the parts may have come in requests before. The leaf is durable before any plaintext arrives. Per-part status; the call itself is OK when
 * at least the request was sound. */
enum status keeper_open_whole(struct ctx *c, enum open_how how, const struct whole *whole, const struct held_key *keys,
			      size_t key_count, struct sealed_part *parts, size_t part_count) MUST_CHECK;
enum status keeper_open(struct ctx *c, enum open_how how, const struct held_key *keys, size_t key_count, struct sealed_part *parts,
			size_t part_count) MUST_CHECK;

/* --- sealing: step two of a save ----------------------------------------------------------------------------------- */
struct seal_part {
	struct id record, dossier, origin; /* origin: out for a dossier created in this set, else as stored */
	uint16_t type;
	enum class class;
	struct id holder;
	uint32_t schema;
	uint64_t version; /* the new version */
	bool first;       /* this (record, class) has no part yet: event create, else write */
	bool fresh_key;   /* make a new generation of the class's key for this part (messages, write-only authors) */
	bool signature; /* the actor's own signature over `signs`: OP_SIGN decides in place of OP_WRITE; first, with fresh_key. All parts
			     of type RECORD_SIGNATURE and no others */
	struct id signs;            /* the record (of this dossier, in this class) it is a signature over */
	const struct held_key *key; /* the class's present key; NULL = make one (first part of the class, or fresh_key) */
	struct sv plain;
	struct sv blob;    /* out: AMR1 */
	struct sv history; /* in: sealed difference's plaintext, or SV_NONE; out: AMR1 with type | 0x8000 */
	struct id key_id;  /* out */
	uint8_t hash[32];  /* out: H(blob) */
	uint64_t seq;      /* out: its leaf */
};
/* Changes of the keeper's own rows that belong to the same act; each is decided and has its leaf; undone by a void. */
enum right_kind {
	RIGHT_CREATE =
		1, /* dossier of `kind`, owned by the actor's organisation (public report: by the routed desk); amount = hours until
			     the keeper erases it by itself, 0 = no end of its own */
	RIGHT_STAGE,  /* reports: amount = enum report_stage */
	RIGHT_ASSIGN, /* dossier to `user` (same organisation; E_STATE when blocked) */
	RIGHT_UNASSIGN,
	RIGHT_REDIRECT, /* report to the desk of `organisation`: wraps made for it from the keys given, own wraps retired */
	RIGHT_TAKE,     /* "I have it": leaf `taken` */
	RIGHT_BLOCK,    /* organisation (or user) must not read the dossier; no row of it is ever listed to them */
	RIGHT_LOCK,     /* restricted: only users named; lifting takes the security officer */
	RIGHT_UNLOCK,
	RIGHT_NEW_CODE, /* report typed by staff: make a receipt code for its dialogue */
	RIGHT_STRIP, /* report: a new erasure share for what this set seals, under fresh keys; once the set is in force all else of the
			   dossier is erased. E_BUSY while another of its sets is not settled; a part must be in the set */
	RIGHT_SIGN, /* the actor signs `object`'s part of `class`, as it is in force or sealed in this set at `version`; amount = 1 the
			   first signature (OP_WRITE), 2 the second (OP_SIGN, by another
			   user: E_DENIED; over what the first signed: E_STALE; none yet, or given already: E_STATE) */
	RIGHT_REVIEW /* `user` of another organisation reads that part and signs it for `amount` hours (1 to 24) and nothing else: the
			   part is sealed in this set, or its key is among the set's keys. E_INPUT the part has no key of its own;
			   E_STATE the user cannot sign such a part, or is blocked */
};
/* A part that is signed is not changed any more: another version of it is E_DENIED, whoever asks. Only parts of EXPLOIT and CONSENT are. */
#define RECORD_SIGNATURE 12u /* the type of a part that is a signature */
#define SIGN_FIRST 1u
#define SIGN_SECOND 2u
#define REVIEW_HOURS_MAX 24u
enum report_stage { STAGE_QUEUE = 0, STAGE_ASSIGNED = 1, STAGE_ENDED = 2 };
struct right_change {
	enum right_kind what;
	enum dossier_kind kind;
	struct id dossier, user, organisation;
	uint32_t amount;
	struct id object; /* sign, review: the record */
	enum class class; /* and the class of its part */
	uint64_t version; /* sign: of the part the actor was shown, or seals in this set; another one is E_STALE */
};
/* An event of the statistics: written by who cannot read it, sealed to the programme under a key of its own. */
struct seal_drop {
	struct id id; /* of its row: random */
	uint16_t type;
	uint32_t schema;
	struct sv plain;
	/* out */
	bool sealed; /* false: nobody could open it yet, there is nothing to store */
	struct id organisation, recipient, key;
	struct sv wrap, blob; /* AMW1 kind 11, AMR1 of class STAT */
	uint8_t hash[32];     /* H(blob) */
	uint64_t seq;
};
/* The public report's own needs; set->report != NULL only without a session. */
struct public_report {
	uint8_t ticket[16];        /* of the form; a repeat within 15 minutes answers with the same code */
	uint8_t region;            /* number of regions.csv row, 0 = unknown: desk = row of desk_route */
	bool danger;               /* wrap to the fall-back desk too */
	const struct id *excluded; /* organisations that must not read it */
	size_t excluded_count;
	struct id desk, fallback; /* out */
	char code[21];            /* out; wiped by the caller after the page is made */
	bool repeated;            /* out: nothing was sealed; code is that of the first time */
};
struct seal_set {
	enum event event; /* EV_WRITE mostly; what the leaves of rights carry is the keeper's */
	uint8_t purpose;  /* consent_purposes number; 0 own work */
	struct seal_part *parts;
	size_t part_count;
	const struct right_change *rights;
	size_t right_count;
	const struct held_key *keys; /* all keys of dossiers to be re-wrapped (RIGHT_REDIRECT, RIGHT_NEW_CODE) */
	size_t key_count;
	struct seal_drop *drops;
	size_t drop_count;
	struct public_report *report;
	/* out */
	struct held_key *wraps; /* new wraps to store */
	size_t wrap_count;
	struct retired {
		struct id key, recipient;
	} * retired; /* wraps to delete in the same transaction */
	size_t retired_count;
	char new_code[21];  /* RIGHT_NEW_CODE */
	uint64_t first_seq; /* the set's leaves: first_seq .. first_seq + seq_count - 1; settled as one */
	uint32_t seq_count;
};
enum status keeper_seal(struct ctx *c, struct seal_set *set) MUST_CHECK;
/* Who signed what in a dossier, as the keeper has it: of the parts the actor may read, in no order; none for a dossier he may not know of. */
struct signature {
	struct id record, user, organisation;
	enum class class;
	uint8_t which; /* SIGN_FIRST, SIGN_SECOND */
	bool stands;   /* the part it names is what was signed */
	uint64_t version;
	int64_t at;
};
#define SIGNATURES_MAX 4096u
enum status keeper_signatures(struct ctx *c, struct id dossier, struct signature **out, size_t *n) MUST_CHECK;
/* After the main commit (or its failure): these sets are in force / void. One way, no answer, cheap. */
struct settled {
	uint64_t first_seq;
	bool in_force;
};
enum status keeper_settle(struct keeper *k, const struct settled *sets, size_t n) MUST_CHECK;
/* Start of web, before listening: the keeper names every part whose newest write is unconfirmed; web looks each up and says
 * what is stored; the keeper confirms matches, drops the rest and writes one leaf. */
struct pending_part {
	struct id record;
	uint16_t type;
	enum class class;
	uint64_t version;
	uint8_t hash[32];
	uint64_t seq;
	bool stored;
};
enum status keeper_pending(struct ctx *c, struct pending_part **out, size_t *n) MUST_CHECK;
enum status keeper_reconcile(struct ctx *c, const struct pending_part *parts, size_t n) MUST_CHECK;

/* --- statistics --------------------------------------------------------------------------------------------------------- */
/* An event as it is stored: columns of table stat_event. */
struct stored_drop {
	struct id id, organisation, recipient, key;
	uint16_t type;
	uint32_t schema;
	struct sv wrap, blob;
	enum status status; /* out: OK, E_DENIED, E_CRYPTO (bad seal, or never written by the keeper: alarm) */
	struct sv plain;    /* out */
};
#define DROPS_MAX 100u /* each costs the keeper 50 µs, and everybody waits as long */
/* Open events, at most DROPS_MAX; one leaf with their count. E_DENIED without a role of the programme that reads STAT. */
enum status keeper_drops_open(struct ctx *c, struct stored_drop *drops, size_t n) MUST_CHECK;
/* How many there are, as the journal has it: sealed and not void. */
enum status keeper_drops_count(struct ctx *c, uint64_t *n) MUST_CHECK;

/* --- files (AMF1), chunk by chunk ---------------------------------------------------------------------------------- */
struct file_ref {
	struct id file, record, dossier, origin;
	uint16_t type;
	enum class class;
};
/* Begin: head of 68 bytes for a new file under `key` (or a fresh generation when key NULL: wraps come back). */
enum status keeper_file_begin(struct ctx *c, const struct file_ref *f, const struct held_key *key, uint8_t head[68],
			      struct held_key **wraps, size_t *wrap_count) MUST_CHECK;
/* plain: exactly 65536 bytes, the last one padded by the caller; sealed = plain.n + 16. Only between begin and the last chunk. */
enum status keeper_file_seal(struct ctx *c, const struct file_ref *f, uint32_t index, bool last, struct sv plain,
			     struct sv *sealed) MUST_CHECK;
enum status keeper_file_open(struct ctx *c, const struct file_ref *f, const struct held_key *key, const uint8_t head[68],
			     uint32_t index, bool last, struct sv sealed, struct sv *plain) MUST_CHECK;

/* --- reporter ------------------------------------------------------------------------------------------------------ */
/* Open the mailbox of a code (Argon2id; E_BUSY; E_DENIED wrong code, E_LIMIT too many wrong ones: a ticket per try). The
 * session that comes is bound to its one dossier; idle 15 min, 1 h in all. Right and wrong cost the same. */
enum status keeper_mailbox(struct ctx *c, struct sv code20, struct token *out) MUST_CHECK;

/* --- lists of the keeper's rows, for copies and choice lists -------------------------------------------------------- */
struct member {
	struct id user, organisation;
	uint32_t roles;
	bool active, certified, holds_keys;
	char login[64];
};
enum status keeper_members(struct ctx *c, struct id organisation, struct member **out, size_t *n) MUST_CHECK;
/* Dossiers of a kind the actor may see in lists, newest first: those not blocked for it. The main database's own columns
 * choose and sort; this filters. `ids` in, `keep` out. */
enum status keeper_visible(struct ctx *c, const struct id *ids, size_t n, bool *keep) MUST_CHECK;

/* --- who can open it ---------------------------------------------------------------------------------------------------- */
/* What an opening rests on: each of these is enough by itself. */
enum opener_why {
	WHY_TEAM = 1,     /* by the role, in the organisation the dossier is with */
	WHY_ASSIGNED = 2, /* follows it */
	WHY_LENT = 4,     /* one part, until a moment */
	WHY_DESK = 8,     /* of the desk the report lies with */
	WHY_QUEUE = 16,   /* while the report waits in that desk's queue */
	WHY_TODAY = 32,   /* made it today */
	WHY_NAMED = 64,   /* beside the others: the dossier is locked, and he is among those named */
	WHY_CODE = 128    /* has the report's code */
};
struct opener {
	struct id user, organisation; /* zeros: who has the code */
	enum class class;
	uint32_t roles; /* those of his roles that let him */
	uint32_t why;   /* enum opener_why */
	bool writes, signs;
	bool keys;        /* false: his organisation's keys are not wrapped to him yet; at a colleague's next request */
	struct id record; /* lent: this one alone */
	int64_t until;    /* lent: ms */
	char login[64];
};
#define OPENERS_MAX 1024u
struct openers {
	bool locked;
	bool cut;         /* there are more */
	uint32_t classes; /* asked about: those the actor reads or writes himself, bit n = class n */
	struct opener *items;
	size_t n;
};
/* Every active member by the decision that also decides an opening, for the classes the actor reads or writes. One leaf. E_DENIED: none of the
 * dossier is his to know of. */
enum status keeper_openers(struct ctx *c, struct id dossier, struct openers *out) MUST_CHECK;

#endif
