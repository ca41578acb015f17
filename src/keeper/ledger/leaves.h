/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef KEEPER_LEAVES_H
#define KEEPER_LEAVES_H

#include "keeper/ledger/state.h"

/* What the journal says something must be: by the leaves of one dossier (zeros: rows of the instance), each with its MAC. Whatever stands
 * in the keeper's tables is compared with this, what is missing there too. */

/* The row at which a query of seq, body, mac stands. E_CRYPTO not the keeper's. */
enum status leaf_take(struct service *s, struct statement *q, struct leaf *leaf) MUST_CHECK;
enum status leaf_at(struct service *s, uint64_t seq, struct leaf *leaf) MUST_CHECK; /* E_NOTFOUND, E_CRYPTO */
/* Rows that hang on a dossier have leaves that name it; those of the instance name none. */
bool row_in_dossier(enum row_kind kind);
/* The newest leaf of a row. E_NOTFOUND it never had one, E_CRYPTO not the keeper's. */
enum status leaf_newest(struct service *s, struct id dossier, enum row_kind kind, struct id object, struct leaf *leaf) MUST_CHECK;
/* The newest one that is older than leaf `seq`. */
enum status leaf_before(struct service *s, struct id dossier, enum row_kind kind, struct id object, uint64_t seq,
			struct leaf *leaf) MUST_CHECK;

/* The newest leaf that says what a part is. E_NOTFOUND, E_CRYPTO. */
enum status leaf_newest_part(struct service *s, struct id dossier, struct id object, struct leaf *leaf) MUST_CHECK;

/* Newest leaves in the order of kind and object. gone: the row went. */
struct newest {
	enum row_kind kind;
	struct id object;
	uint64_t seq;
	uint8_t hash[32];
	bool gone;
	struct newest *next;
};
enum status leaves_of_rows(struct service *s, struct id dossier, struct newest **out) MUST_CHECK;
enum status leaves_of_kind(struct service *s, enum row_kind kind, struct newest **out) MUST_CHECK;

#endif
