/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef KEEPER_ADMIN_H
#define KEEPER_ADMIN_H

#include "crypto/formats.h"
#include "keeper/client.h"

/* Ceremonies of the command line (decisions.md 1): the same connection type over the owner-only socket DIR/run/admin.sock. Without
 * a running service the command starts amana-keeper itself under the lock DIR/run/lock (cli/service.c). No call gives content. */

/* Debian's list of words that make a password weak (package cracklib-runtime): read by the keeper when it starts (doc/adr/0011). */
#define KEEPER_WORDS "/usr/share/dict/cracklib-small"

/* Make an instance in an empty DIR/keeper: instance id and secret, pepper, receipt salt, dummy slot, empty journal, pinned root.
 * backup_pk: X25519 key that backups are sealed to. Runs in the command's own process before any keeper exists. E_CONFLICT when there is one already. */
enum status keeper_init(struct ctx *c, const char *dir, const uint8_t root_pk[32], const uint8_t backup_pk[32],
			bool demo) MUST_CHECK;

/* Founding: makes the organisation row and its officer's ticket (security.md 3). */
struct new_organisation {
	struct id id;
	const char *name;
};
/* code: small letters, digits, hyphens, at most 39; logins of its people begin with it and a dot. E_INPUT, E_CONFLICT: taken by one
 * that has people or agreements; an attempt that came to nothing gives its code back. */
enum status admin_organisation(struct ctx *c, struct id organisation, struct sv code) MUST_CHECK;
/* A new member: key pair, password slot, recovery slot. login unique in the instance, begins with the organisation's code and a dot. The recovery code comes back once. E_INPUT
 * (weak password, forbidden pair of roles), E_CONFLICT (login taken). */
#define SHEET_CODES 40
#define SHEET_DIGITS 8
struct new_member {
	struct id user, organisation;
	struct sv login, password;
	uint32_t roles;
	char recovery[32];                         /* out */
	uint8_t totp_secret[20];                   /* out: show once as base32 */
	char sheet[SHEET_CODES][SHEET_DIGITS + 1]; /* out: the printed sheet of one-time codes (FACTOR_SHEET), each used once */
};
enum status admin_member(struct ctx *c, struct new_member *m) MUST_CHECK;
/* The organisation's identity key is made in its officer's session; the request is signed by the root and given back. */
enum status admin_identity_request(struct ctx *c, struct sv officer_login, struct sv password, struct sv *request) MUST_CHECK;
/* The same for an organisation the officer's own hosts. */
enum status admin_identity_request_for(struct ctx *c, struct sv officer_login, struct sv password, struct id organisation,
				       struct sv *request) MUST_CHECK;
/* A ticket without an administrator: the first members of an organisation. As keeper_invite. */
enum status admin_invite(struct ctx *c, struct invitation *i, struct join_ticket *out) MUST_CHECK;
/* A hosting agreement, by an officer who answers for the organisation (before it is founded: the host's). No roles and no signing: it
 * ends. E_INPUT: a role that cannot be hosted; E_DENIED wrong officer or password. */
struct hosting {
	struct agreement agreement;
	struct sv officer, password;
};
enum status admin_host(struct ctx *c, const struct hosting *h) MUST_CHECK;
/* Other roles for a member, certified by the officer; or, when they take a colleague's word first, proposed: *waits. */
enum status admin_roles(struct ctx *c, struct sv officer_login, struct sv password, struct id user, uint32_t roles,
			bool *waits) MUST_CHECK;
/* Sign a request with the programme root (pure; the root never enters the keeper). */
enum status root_sign(struct arena *a, struct sv request, const uint8_t root_seed[32], int64_t now,
		      struct sv *certificate) MUST_CHECK;
enum status admin_identity_install(struct ctx *c, struct sv certificate) MUST_CHECK;
/* The officer certifies a member (E_STATE: not without a colleague's word, COLLEAGUE_VOUCH); the member's compartments follow in the next session of anybody who holds them (the
 * supervisor's first session makes them where none exist yet). */
enum status admin_certify(struct ctx *c, struct sv officer_login, struct sv password, struct id user) MUST_CHECK;
/* One attended session of a member, to work off what waits for it (compartments to make, wrap or certify). */
enum status admin_attend(struct ctx *c, struct sv login, struct sv password) MUST_CHECK;
/* Routing of web reports: region (0 = default) -> desk and fall-back desk. */
enum status admin_route(struct ctx *c, uint8_t region, struct id desk, struct id fallback) MUST_CHECK;
/* Can reports be sealed to this organisation's desk? Not before its supervisor and then its officer have had a session. E_NOTFOUND. */
enum status admin_desk(struct ctx *c, struct id organisation, bool *ready) MUST_CHECK;
/* This organisation is the programme: events of the statistics are sealed to it. Once and for all: E_CONFLICT another one is. E_NOTFOUND. */
enum status admin_programme(struct ctx *c, struct id organisation) MUST_CHECK;
/* Who is the programme (zeros: nobody), and can events be sealed to it? Not before one of its M&E people and then its officer have had a
 * session. */
enum status admin_statistics(struct ctx *c, struct id *programme, bool *ready) MUST_CHECK;
/* Backup: sets wait for seconds at most. E_BUSY: some are still on their way, ask again in a moment; OK: both databases agree, a leaf
 * marks it, and until admin_release (or ten seconds) nothing is written that belongs to both. */
struct backup_moment {
	struct id instance;
	uint8_t backup_pk[32];
	uint8_t secrets[32]; /* digest of pepper and secret */
	uint64_t leaves;
};
enum status admin_hold(struct ctx *c, struct backup_moment *out) MUST_CHECK;
enum status admin_release(struct ctx *c) MUST_CHECK;
/* After a restore. E_CRYPTO: pepper or secret are not those of the backup. */
enum status admin_restored(struct ctx *c, const uint8_t secrets[32]) MUST_CHECK;
/* The console alone ends no freeze: E_STATE without the wish of an officer who may (or, where none is left, of who is left). */
enum status admin_freeze(struct ctx *c, struct sv login, bool frozen) MUST_CHECK;

/* --- the journal for an operator (cli/export.c): every leaf in order, from DIR/keeper, read only --------------------- */
typedef enum status journal_row(void *arg, const struct leaf *leaf);
enum status keeper_journal(struct ctx *c, const char *dir, journal_row *row, void *arg) MUST_CHECK;

/* --- verify without keys (cli/verify.c): opens DIR/keeper read-only ------------------------------------------------- */
struct verify_report {
	uint64_t leaves, objects, pending, erased, wrong; /* erased: parts that are gone by rule, each with its leaf */
	const char *first_wrong;                          /* a sentence, arena */
};
/* Looks a stored blob up in the main database: sets *found and its H. With type VERIFY_FILE `record` is a file's id and the hash its
 * chain: keeper_file_chain over head and sealed chunks; version does not count. */
#define VERIFY_FILE 0xffff
void keeper_file_chain(uint8_t chain[32], bool first, struct sv head_or_chunk);
typedef enum status verify_lookup(void *arg, struct id record, uint16_t type, uint8_t class, bool *found, uint64_t *version,
				  uint8_t hash[32]);
enum status keeper_verify(struct ctx *c, const char *dir, verify_lookup *lookup, void *arg, struct verify_report *out) MUST_CHECK;

#endif
