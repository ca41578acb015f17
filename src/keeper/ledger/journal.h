/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef KEEPER_JOURNAL_H
#define KEEPER_JOURNAL_H

#include "keeper/ledger/state.h"

/* Leaves, the transaction they share, checkpoints, and the rows that are true only with their leaf. */

/* count: how many parts a list showed (0 for single acts). blob may be NULL. */
enum status leaf_add(struct service *s, const struct act *act, struct id object, const uint8_t blob[32], uint16_t count,
		     uint64_t *seq) MUST_CHECK;
/* The two halves of it, for leaves with flags of their own. */
void leaf_from(struct service *s, const struct act *act, struct leaf *leaf);
enum status leaf_write(struct service *s, const struct leaf *leaf) MUST_CHECK;

/* Batch: one transaction over all messages taken together. begin is repeatable; commit writes the tree row and syncs. */
enum status batch_begin(struct service *s) MUST_CHECK;
enum status batch_commit(struct service *s) MUST_CHECK; /* on failure the batch is rolled back */
void batch_rollback(struct service *s);
/* One request inside it: undone alone when it fails. */
enum status request_begin(struct service *s) MUST_CHECK;
enum status request_end(struct service *s, bool keep) MUST_CHECK;

enum status checkpoint_due(struct service *s, bool force) MUST_CHECK;
enum status journal_start(struct service *s) MUST_CHECK; /* checks edge, last checkpoint and all MACs after it */

/* Put or drop (empty body) a row with its leaf. Inside a set the former body is kept for a void. */
struct row {
	enum row_kind kind;
	struct id object, parent;
	struct sv body;
};
enum status row_put(struct service *s, const struct act *act, const struct row *row) MUST_CHECK;
/* E_NOTFOUND; E_CRYPTO when the row is not what its newest leaf says (alarm). Body in the batch's arena. */
enum status row_get(struct service *s, enum row_kind kind, struct id object, struct sv *body) MUST_CHECK;
/* For a row of the instance whose absence would hide something: E_CRYPTO (alarm) also when it was taken away. */
enum status row_get_whole(struct service *s, enum row_kind kind, struct id object, struct sv *body) MUST_CHECK;
typedef enum status row_visit(struct service *s, void *arg, enum row_kind kind, struct id object, struct sv body);
/* Each row of the parent, or of the kind, against its own leaf; a row that was taken away is not missed. */
enum status rows_of(struct service *s, struct id parent, row_visit *visit, void *arg) MUST_CHECK;
enum status rows_kind(struct service *s, enum row_kind kind, row_visit *visit, void *arg) MUST_CHECK;
/* All rows of a dossier, or of a kind of the instance, against all their leaves: E_CRYPTO (alarm) also when one was taken away. */
enum status rows_of_dossier(struct service *s, struct id dossier, row_visit *visit, void *arg) MUST_CHECK;
enum status rows_kind_whole(struct service *s, enum row_kind kind, row_visit *visit, void *arg) MUST_CHECK;
/* Was there such a row of this dossier until it was erased? */
enum status row_erased(struct service *s, enum row_kind kind, struct id object, struct id dossier, bool *erased) MUST_CHECK;
#define ROW_FLAG 0x8000
/* Set a voided set's rows back to what they were, newest first, each with a void leaf. */
/* The table says what a row of a dossier was before the set; does the journal say the same, and that the set changed it? Else whoever writes
 * the table would have the keeper bring back what was ended. */
enum status undo_genuine(struct service *s, uint64_t first, const struct row *row, bool *genuine) MUST_CHECK;
enum status rows_undo(struct service *s, uint64_t first) MUST_CHECK;
/* A leaf of event alarm and a log line. */
enum alarm { ALARM_ROLLBACK = 1, ALARM_KEY_SWAP, ALARM_ROW, ALARM_MISSING };
void alarm_raise(struct service *s, enum alarm what, const struct act *by, struct id object);
void alarms_again(struct service *s); /* after the request that raised them was undone */

#endif
