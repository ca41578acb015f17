/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RECORD_RECORD_H
#define RECORD_RECORD_H

#include "keeper/client.h"
#include "registry/registry.h"
#include "store/store.h"

/* The only way to a person's data: load, save, list, history. A record is a row of the main database (its clear columns, table of its
 * own room) and one sealed part per sharing class it has fields in. */

struct record {
	const struct record_type *type;
	struct id id, dossier, origin;
	uint64_t version;                   /* of the row the actor was shown; 0 = new */
	struct field_value *values;         /* by index in type->fields */
	uint32_t opened;                    /* bit n: class n is readable by this actor and loaded */
	uint32_t changed;                   /* bit n: class n will be sealed anew */
	uint32_t present;                   /* bit n: a part of class n is stored */
	struct held_key *keys[CLASS_COUNT]; /* key each present part was sealed under */
	uint64_t part_version[CLASS_COUNT];
};

/* A new record in the arena. dossier: ID_ZERO = a dossier of its own with the record's id. Nothing is written. */
struct record *record_new(struct ctx *c, const struct record_type *t, struct id dossier);
/* Load one with every part the actor may open; the reading is journalled. E_NOTFOUND also when no class of it may be opened. */
enum status record_load(struct ctx *c, const struct record_type *t, struct id id, struct record **out) MUST_CHECK;
/* Load many of one type for a list (OPEN_LIST) or all of a dossier (OPEN_DOSSIER, which brings every class): only the given classes (mask,
 * 0 = all). *out: an array in the arena. Records the actor may not open, and those that are damaged (the keeper alarms), are left out,
 * their number in *hidden. Order as ids. At most 500. */
enum status record_load_many(struct ctx *c, const struct record_type *t, const struct id *ids, size_t n, uint32_t classes,
			     enum open_how how, struct record **out, size_t *out_n, size_t *hidden) MUST_CHECK;
/* All records of a type in a dossier, oldest first: an array in the arena. What may not be opened is left out. */
enum status record_load_dossier(struct ctx *c, const struct record_type *t, struct id dossier, struct record **out,
				size_t *n) MUST_CHECK;

size_t field_index(const struct record_type *t, uint16_t number);
struct sv record_text(const struct record *r, uint16_t number); /* SV_NONE when unset or not opened */
int64_t record_number(const struct record *r, uint16_t number);
bool record_has(const struct record *r, uint16_t number);
void record_set_text(struct record *r, uint16_t number, struct sv v); /* SV_NONE unsets; marks the class changed when it differs */
void record_set_number(struct record *r, uint16_t number, int64_t v);
/* Set from typed text through field_parse. E_BUG for a FIELD_MACHINE one. */
enum status record_enter(struct ctx *c, struct record *r, uint16_t number, struct sv typed) MUST_CHECK;
/* E_STALE when a part this actor can read was saved after `shown`: others may have changed what he was not shown. */
enum status record_same_version(struct ctx *c, const struct record *r, uint64_t shown) MUST_CHECK;

/* Who signed this part as it was loaded, by the keeper's rows (keeper_signatures), never by what a text says. *changed: somebody did, and the
 * text is another one now. NULL: nobody. */
const struct signature *record_signed(const struct signature *all, size_t n, const struct record *r, enum class class,
				      uint32_t which, bool *changed);

/* --- inside a run (prepare): fill the change set ------------------------------------------------------------------------------ */
/* Seal every changed class and put parts, wraps and history rows into the set, conditional on r->version; the record's own row
 * (clear columns) is written by the room's statements through change_write. Bumps r->version. Nothing changed = nothing done. E_INPUT
 * a required field is empty, E_DENIED a stored part that was not opened would be replaced. A first part seals no history. */
enum status record_save(struct ctx *c, struct record *r) MUST_CHECK;
/* Same, under a fresh key generation of the class (a message of the dialogue; an author who may write and not read). */
enum status record_save_fresh(struct ctx *c, struct record *r) MUST_CHECK;
/* Strip a dossier: of all that is in it, what this run saves stays and nothing else. Under a new erasure share, with fresh keys, without
 * differences: `keep` (loaded; saved by the caller after he unset what goes) and what is new. Once the set is in force every other part,
 * all history, wraps and files are gone, here and in the keeper; void, nothing is. E_BUSY inside the run when a file came meanwhile. */
enum status record_strip(struct ctx *c, struct record *keep) MUST_CHECK;
/* Sign the part of `class` as it was loaded, or as it was saved in this run before. which: SIGN_FIRST (the act itself, takes OP_WRITE) or
 * SIGN_SECOND (another user, takes OP_SIGN; E_DENIED the first signer himself, E_STALE changed since the first signed, E_STATE nobody signed
 * first or it is signed twice already). */
enum status record_sign(struct ctx *c, const struct record *r, enum class class, uint32_t which) MUST_CHECK;
/* `user` of another organisation may read that one part and sign it for so many hours (1 to REVIEW_HOURS_MAX), and nothing else. The part must
 * have a key of its own: saved by record_save_fresh, in this run or before. */
enum status record_review(struct ctx *c, const struct record *r, enum class class, struct id user, uint32_t hours) MUST_CHECK;
/* Save a new record that is the actor's own signature over another one of its dossier: who may sign that needs no right to write. One class
 * (EXPLOIT or CONSENT), always under a key of its own. */
enum status record_save_signature(struct ctx *c, struct record *r, struct id over) MUST_CHECK;
/* An event of the statistics, of class STAT: sealed in this set, stored with it. Rooms use stat_emit. */
enum status change_drop(struct ctx *c, const struct record_type *t, const struct field_value *values) MUST_CHECK;
enum status change_write(struct ctx *c, enum query q, const struct value *args, size_t n, int64_t changes,
			 enum status otherwise) MUST_CHECK;
enum status change_right(struct ctx *c, struct right_change r) MUST_CHECK;
enum status change_keys(struct ctx *c,
			struct id dossier) MUST_CHECK; /* bring all keys of the dossier the actor holds (redirect, new code) */
void change_event(struct ctx *c, enum event e, uint8_t purpose);
/* The public report: out-fields are filled when record_run returns. */
void change_public(struct ctx *c, struct public_report *report);
/* A double submit is absorbed: the key (16 bytes of the form; zeros = no form) with the route it led to; a repeat gives E_CONFLICT, then
 * once_result says where the first one led. Forgotten after two days. */
enum status change_once(struct ctx *c, const uint8_t key[16], struct sv result) MUST_CHECK;
enum status once_result(struct ctx *c, const uint8_t key[16], struct sv *result) MUST_CHECK; /* E_NOTFOUND */

/* Run a save in three steps (architecture.md 5): prepare (fn loads, decides, fills the set; called again, up to 3 times, when another save
 * came between: its own record_same_version says whether a person must be asked; then E_STALE), seal (keeper), apply (writer). A
 * write with `otherwise` E_BUSY asks for that too. fn must not keep anything from one call to the next. what: constant name for logs. */
typedef enum status run_fn(struct ctx *c, const void *arg);
enum status record_run(struct ctx *c, const char *what, run_fn *fn, const void *arg) MUST_CHECK;
const char *record_new_code(const struct ctx *c); /* after a run with RIGHT_NEW_CODE: 20 digits in the arena, else NULL */

/* --- history ------------------------------------------------------------------------------------------------------------------- */
struct change {
	int64_t at;
	struct id by;
	uint64_t version;
	enum class class;
	uint16_t field;
	struct sv before, after;
};
enum status record_history(struct ctx *c, const struct record *r, struct change **out, size_t *n) MUST_CHECK;

/* --- files ---------------------------------------------------------------------------------------------------------------------- */
/* Seal a whole file held in memory (at most 16 MiB) chunk by chunk into DIR/main/files; the ref's record is the file's record; its dossier
 * must be there already. Called inside a run's prepare: unlinked again if the set is void. Loading gives exactly the true size and
 * takes about three times as much of the arena; E_NOTFOUND, E_CRYPTO. */
enum status file_store(struct ctx *c, const struct file_ref *f, struct sv content) MUST_CHECK;
enum status file_load(struct ctx *c, const struct file_ref *f, size_t true_size, struct sv *content) MUST_CHECK;

/* Connect settle hook, recovery at start: between keeper_connect and listening. */
enum status record_start(struct ctx *c, const char *main_dir) MUST_CHECK;
settle_hook record_settle; /* arg: struct keeper * of the writer's own */

#endif
