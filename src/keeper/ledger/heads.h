/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef KEEPER_HEADS_H
#define KEEPER_HEADS_H

#include "keeper/ledger/state.h"

/* heads.c: the parts of a dossier that are in force, as the journal has them, kept until one changes. */
struct head {
	struct id record;
	enum class class;
	uint16_t type; /* 0: its row is not what the journal says; it opens nothing */
	uint64_t version, leaf;
	uint8_t hash[32];
};
struct heads {
	struct id dossier;
	struct head *items; /* by record and class */
	size_t n, room;
};
/* Valid until the next heads_of or heads_forget. */
enum status heads_of(struct service *s, struct id dossier, const struct heads **out) MUST_CHECK;
const struct head *head_find(const struct heads *h, struct id record, enum class class); /* NULL: not in force */
void heads_put(struct service *s, struct id dossier, const struct head *h); /* in force from now on; kept when the rest is */
void heads_undo(struct service *s);                                         /* the request is undone */
void heads_forget(struct service *s, struct id dossier);
void heads_forget_all(struct service *s);

/* unsettled.c: sets sealed and not settled, by their leaves; in RAM, since whoever writes keeper.db must not say what is still open. */
void set_opened(struct service *s, uint64_t first, uint64_t end);
void set_closed(struct service *s, uint64_t first); /* settled; counts as open again when that is undone */
/* Where its leaves end at most, also of one settled in this batch; 0: it was settled before the last checkpoint. E_CRYPTO. */
enum status set_end(struct service *s, uint64_t first, uint64_t *end) MUST_CHECK;
bool leaf_unsettled(const struct service *s, uint64_t seq);
bool sets_open(const struct service *s);
uint64_t sets_oldest(const struct service *s); /* first leaf of the oldest open one; UINT64_MAX: none */
void sets_commit(struct service *s);
void sets_undo(struct service *s, uint64_t from,
	       bool all); /* leaves from `from` on are gone; all: of the batch, else of the request */
struct open_sets *open_sets_new(void);
void open_sets_free(struct open_sets *o); /* NULL allowed */
/* At start: what the table says is open must be younger than what the last checkpoint knew to be settled. E_CRYPTO. */
enum status sets_load(struct service *s) MUST_CHECK;

#endif
