/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef KEEPER_DATA_H
#define KEEPER_DATA_H

#include "keeper/people/argon.h"
#include "keeper/ledger/directory.h"
#include "keeper/people/login.h"
#include "keeper/people/sessions.h"
#include "policy/policy.h"

/* decide.c: the question of sealed design 11, filled from the keeper's own rows. */
bool may(const struct service *s, const struct who *w, const struct dossier *d, enum op op, enum class class, bool creating);
/* The same for one part: what was lent to the actor of this very record counts too. */
bool may_part(const struct service *s, const struct who *w, const struct dossier *d, enum op op, enum class class, struct id record,
	      bool creating);
/* What an opening that is allowed rests on (enum opener_why), found by asking the same question with one of its facts at a time; *roles: the
 * roles that let him. */
uint32_t rests_on(const struct service *s, const struct who *w, const struct dossier *d, enum class class, struct id record,
		  uint32_t *roles);
bool grant_live(const struct service *s, const struct grant_row *g);
bool desk_of(const struct who *w, const struct dossier *d);
bool blocked_for(const struct dossier *d, struct id user, struct id organisation);
bool visible(const struct service *s, const struct who *w, const struct dossier *d);
/* The leaf of what was refused; the caller's failure stands. */
enum status denied_leaf(struct service *s, const struct who *w, struct id dossier, uint32_t class_mask) MUST_CHECK;
struct act act_of(const struct who *w, enum event event, struct id dossier);

/* keys.c: S of a wrap into *out. E_DENIED not the actor's or not in force, E_CRYPTO the wrap or the key id is not what it says (alarm
 * raised), E_NOTFOUND erased. */
enum status key_open(struct service *s, const struct who *w, const struct dossier *d, const struct held_key *k,
		     struct key *out) MUST_CHECK;
/* E_NOTFOUND: the share it was mixed with is destroyed. */
enum status key_mix(const struct dossier *d, const struct key_row *row, const struct key *s, struct key *k) MUST_CHECK;
/* A fresh generation of a class's key: its row and leaf, the wraps appended to *wraps. S in the bench. */
struct wrap_list {
	struct held_key *items;
	size_t n, room;
};
enum status key_make(struct service *s, const struct who *w, struct id dossier, enum class class, struct id holder, struct id only,
		     struct wrap_list *wraps, struct key_row *row) MUST_CHECK;
/* S wrapped to one recipient. */
enum status wrap_to_compartment(struct service *s, const struct key_row *row, struct id organisation, const struct key *secret,
				struct wrap_list *wraps) MUST_CHECK;
enum status wrap_to_reporter(struct service *s, const struct key_row *row, const struct receipt_row *receipt,
			     const struct key *secret, struct wrap_list *wraps) MUST_CHECK;

/* To one person, for the time of his grant. */
enum status wrap_to_reviewer(struct service *s, const struct key_row *row, const struct grant_row *grant, const struct key *secret,
			     struct wrap_list *wraps) MUST_CHECK;

/* open.c, openers.c, seal.c, rights.c, report.c, settle.c, files.c, lists.c, names.c */
enum status call_open(struct service *s, struct request *r);
enum status call_seal(struct service *s, struct request *r);
enum status call_settle(struct service *s, struct request *r);
enum status settle_again(struct service *s) MUST_CHECK;
enum status call_pending(struct service *s, struct request *r);
enum status call_reconcile(struct service *s, struct request *r);
enum status call_file_begin(struct service *s, struct request *r);
enum status call_file_seal(struct service *s, struct request *r);
enum status call_file_open(struct service *s, struct request *r);
enum status call_visible(struct service *s, struct request *r);
enum status call_openers(struct service *s, struct request *r);
enum status call_name_set(struct service *s, struct request *r);
enum status call_names(struct service *s, struct request *r);
enum status call_draft_save(struct service *s, struct request *r);
enum status call_drafts(struct service *s, struct request *r);
enum status call_draft_drop(struct service *s, struct request *r);
enum status call_instance(struct service *s, struct request *r);

/* One set being sealed. */
struct sealing {
	struct seal_set *set;
	struct who who;
	struct id created[8]; /* dossiers made in this set */
	size_t created_n;
	struct {
		struct id dossier, holder, key;
		enum class class;
		bool own; /* for one part alone: not for the next of its class */
	} made[32];       /* keys made in it */
	size_t made_n;
	struct id stripped[4]; /* dossiers given a new share in it */
	size_t stripped_n;
	struct wrap_list wraps;
	struct retired *retired;
	size_t retired_n, retired_room;
	size_t given_at; /* where the last key asked for lay among those given */
	struct id report_desk, report_fallback;
	const struct receipt *receipt; /* of the fresh code, if any */
};
enum status rights_apply(struct service *s, struct request *r, struct sealing *x, bool last) MUST_CHECK;
enum status retire(struct service *s, struct sealing *x, struct id key, struct id recipient) MUST_CHECK;
enum status receipt_put(struct service *s, const struct act *act, const struct receipt_row *row) MUST_CHECK;
enum status dossier_row_put(struct service *s, const struct act *act, const struct dossier_row *row) MUST_CHECK;
bool created_here(const struct sealing *x, struct id dossier);
bool seals(const struct key_row *key, struct id record); /* or is it another record's own? */
const struct held_key *given_key(struct sealing *x, struct id dossier, struct id key);

/* seal.c */
enum status pending_add(struct service *s, const struct seal_part *p, const uint8_t hash[32], uint64_t seq) MUST_CHECK;
/* drops.c: the events of a set, when all else of it is decided. */
enum status drops_seal(struct service *s, const struct sealing *x) MUST_CHECK;
enum status call_drops(struct service *s, struct request *r);
enum status call_drops_count(struct service *s, struct request *r);

/* sign.c */
struct seal_part *part_here(const struct sealing *x, struct id record, enum class class); /* NULL: not in this set */
bool sign_allowed(const struct service *s, const struct sealing *x, const struct dossier *d, const struct right_change *c);
bool signature_allowed(const struct service *s, const struct sealing *x, const struct dossier *d, const struct seal_part *p);
bool review_allowed(const struct service *s, const struct sealing *x, const struct dossier *d, const struct right_change *c);
/* Signed parts stay as they are, whoever writes in their class. */
static inline bool people_sign(enum class class)
{
	return class == EXPLOIT || class == CONSENT;
}
bool is_signed(const struct dossier *d, struct id record, enum class class);
enum status call_signatures(struct service *s, struct request *r);
enum status sign(struct service *s, const struct sealing *x, const struct dossier *d, const struct right_change *c) MUST_CHECK;
enum status review(struct service *s, struct sealing *x, const struct dossier *d, const struct right_change *c) MUST_CHECK;

/* hold.c: a backup is being begun, sets wait. */
bool held(const struct service *s);

/* erase.c */
enum status share_due(struct service *s, struct id dossier, uint32_t number) MUST_CHECK; /* to be destroyed */
/* Destroy what is due: outside of a transaction, at start and each second. E_BUSY somebody reads shred.db: again later. */
enum status shares_shred(struct service *s) MUST_CHECK;
bool strip_allowed(const struct service *s, const struct sealing *x, const struct dossier *d);
enum status strip(struct service *s, struct sealing *x, const struct dossier *d) MUST_CHECK;
bool stripped_here(const struct sealing *x, struct id dossier);
/* E_BUSY (clash): another set that strips this dossier is not settled. x may be NULL. */
enum status strip_apart(struct service *s, const struct sealing *x, const struct dossier *d) MUST_CHECK;
enum status strips_whole(const struct sealing *x) MUST_CHECK; /* E_INPUT */
/* The part of a set's fate that concerns shares; before its undo rows go. */
enum status erase_in_force(struct service *s, uint64_t first) MUST_CHECK;
enum status erase_void(struct service *s, uint64_t first) MUST_CHECK;
enum status ending_add(struct service *s, const struct dossier_row *row) MUST_CHECK;
/* Erase what has come to its end: every minute. */
enum status dossiers_end(struct service *s) MUST_CHECK;

/* ticket.c: form tickets that led to a report, with the code for 15 minutes (locked memory). */
struct ticket_use {
	uint8_t ticket[16];
	int64_t at;
	uint64_t first;
	uint8_t state;
	char code[21];
	const struct connection *by; /* working: who waits for its code */
};
enum ticket_state { TICKET_FREE, TICKET_WORKING, TICKET_PENDING, TICKET_USED };
struct tickets *tickets_new(void);
struct ticket_use *ticket_find(struct tickets *t, const uint8_t ticket[16], int64_t now);
struct ticket_use *ticket_add(struct tickets *t, const uint8_t ticket[16], int64_t now);
void ticket_pending(struct tickets *t, struct ticket_use *u, uint64_t first); /* its report is sealed in that set */
void ticket_settle(struct tickets *t, uint64_t first, bool in_force);
void ticket_drop(struct ticket_use *u);
void tickets_void_from(struct tickets *t, uint64_t first); /* sets that were rolled back with their batch */
/* Nobody waits for the codes of this connection any more: its tickets are unused. */
void tickets_abandon(struct tickets *t, const struct connection *by);
void tickets_expire(struct tickets *t, int64_t now);
void tickets_set_back(struct tickets *t, int64_t by); /* the clock went back so far */

struct uploads *uploads_new(void);
/* The record of a file that came in this session is sealed. E_STALE: the file cannot be opened any more. */
enum status upload_recorded(struct service *s, const struct who *w, const struct seal_part *p) MUST_CHECK;
void uploads_expire(struct uploads *u, int64_t now);
void uploads_set_back(struct uploads *u, int64_t by);

#endif
