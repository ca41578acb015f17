/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recovery before listening: the keeper names every part whose newest write it has not seen confirmed; what the main database really holds
 * decides. Then the files of sets that never came to be go, and forms of earlier days are forgotten. */
#include "record/run.h"

#include "base/clock.h"

#include <string.h>

#define ROUNDS 1000 /* the keeper names a few thousand at a time */

static enum status look_up(struct ctx *c, struct pending_part *p)
{
	const struct value args[] = { v_id(&p->record), v_int(p->class) };
	struct rows rows;
	struct sv hash;

	TRY(db_query(c, QUERY_RECORD_PART_STATE, args, 2, 1, &rows));
	hash = rows.n ? row_text(&rows, 0, 2) : SV_NONE;
	p->stored = rows.n == 1 && row_int(&rows, 0, 0) == p->type && (uint64_t)row_int(&rows, 0, 1) == p->version &&
		    sv_equal(hash, sv_bytes(p->hash, sizeof p->hash));
	return OK;
}

static enum status reconcile(struct ctx *c)
{
	for (int round = 0; round < ROUNDS; round++) {
		struct pending_part *parts;
		size_t n;

		TRY(keeper_pending(c, &parts, &n));
		for (size_t i = 0; i < n; i++)
			TRY(look_up(c, &parts[i]));
		TRY(keeper_reconcile(c, parts, n));
		if (!n)
			return OK;
	}
	return ERR(c, E_IO, "the keeper's unconfirmed writes do not come to an end");
}

enum status record_start(struct ctx *c, const char *main_dir)
{
	const struct value before = v_int(c->now / DAY_MS - 1);
	const struct write sweep = { QUERY_RECORD_ONCE_SWEEP, &before, 1, -1, OK };
	struct write_set set = { .writes = &sweep, .n = 1 };

	TRY(reconcile(c));
	TRY(files_sweep(c, main_dir));
	return store_apply(c, &set);
}
