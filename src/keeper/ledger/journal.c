/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The journal: leaves with their MACs, the tree's right edge, one transaction a batch, signed checkpoints, and the check at start.
 *
 * The tree lives in RAM and is written as one row in the transaction of its leaves. A request that fails is undone to its savepoint
 * and the tree to the copy made there. */
#include "keeper/ledger/journal.h"

#include <string.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/log.h"
#include "keeper/ledger/heads.h"

#define CHECKPOINT_LEAVES 1000u
#define CHECKPOINT_MS (5 * MINUTE_MS)

enum status leaf_write(struct service *s, const struct leaf *leaf)
{
	struct statement *q = db_statement(s->db, SQL_LEAF_ADD);
	uint8_t body[AMJ1_SIZE], mac[16], hash[32];

	amj1_write(body, leaf);
	leaf_mac(mac, s->vault->journal_key, body);
	bind_int(q, 1, (int64_t)leaf->seq);
	bind_bytes(q, 2, body, sizeof(body));
	bind_bytes(q, 3, mac, sizeof(mac));
	TRY(statement_run(q));
	leaf_hash(hash, body);
	tree_append(&s->journal.tree, hash);
	s->journal.must_commit = true;
	return OK;
}

void leaf_from(struct service *s, const struct act *act, struct leaf *leaf)
{
	*leaf = (struct leaf){ .event = (uint8_t)act->event,
			       .seq = s->journal.tree.size,
			       .actor = act->actor,
			       .organisation = act->organisation,
			       .dossier = act->dossier,
			       .class_mask = act->class_mask,
			       .purpose = act->purpose };
	leaf->time_ms = (uint64_t)(act->hour ? s->now - s->now % HOUR_MS : s->now);
}

enum status leaf_add(struct service *s, const struct act *act, struct id object, const uint8_t blob[32], uint16_t count,
		     uint64_t *seq)
{
	struct leaf leaf;

	leaf_from(s, act, &leaf);
	leaf.object = object;
	leaf.purpose |= (uint32_t)count << 16;
	if (blob != NULL)
		memcpy(leaf.blob, blob, sizeof(leaf.blob));
	if (seq != NULL)
		*seq = leaf.seq;
	return leaf_write(s, &leaf);
}

void alarm_raise(struct service *s, enum alarm what, const struct act *by, struct id object)
{
	struct act act = *by;

	act.event = EV_ALARM;
	act.purpose = (uint32_t)what;
	log_event(LOG_ALARM, E_CRYPTO, (int64_t)what, (int64_t)s->journal.tree.size, 0, 0);
	if (s->alarm_n < sizeof(s->alarms) / sizeof(s->alarms[0]))
		s->alarms[s->alarm_n++] = (struct raised){ act, object };
	if (leaf_add(s, &act, object, NULL, 0, NULL) != OK)
		LOG_NOTE(LOG_ALARM, "an alarm could not be written to the journal");
}

void alarms_again(struct service *s)
{
	for (size_t i = 0; i < s->alarm_n; i++)
		if (leaf_add(s, &s->alarms[i].act, s->alarms[i].object, NULL, 0, NULL) != OK)
			LOG_NOTE(LOG_ALARM, "an alarm could not be written to the journal");
}

/* --- transaction -------------------------------------------------------------------------------------------------------- */

enum status batch_begin(struct service *s)
{
	if (s->journal.open)
		return OK;
	TRY(db_simple(s->db, SQL_BEGIN));
	s->journal.open = true;
	s->journal.batch = s->journal.tree;
	return OK;
}

void batch_rollback(struct service *s)
{
	if (!s->journal.open)
		return;
	if (db_in_transaction(s->db) && db_simple(s->db, SQL_ROLLBACK) != OK)
		LOG_NOTE(LOG_DATABASE, "rollback failed");
	s->journal.tree = s->journal.batch;
	sets_undo(s, s->journal.batch.size, true);
	s->journal.undone++;
	s->journal.open = false;
	s->journal.must_commit = false;
}

static enum status put_tree(struct service *s)
{
	struct statement *q = db_statement(s->db, SQL_TREE_PUT);

	bind_int(q, 1, (int64_t)s->journal.tree.size);
	bind_bytes(q, 2, s->journal.tree.edge, sizeof(s->journal.tree.edge));
	return statement_run(q);
}

static enum status load_tree(struct service *s, enum sql which, int edge_at, struct tree *tree, int64_t *at, struct sv *text)
{
	struct statement *q = db_statement(s->db, which);
	enum status status = statement_step(q);

	*tree = (struct tree){ 0 };
	if (status == OK) {
		struct sv edge = column_bytes(q, edge_at);

		tree->size = (uint64_t)column_int(q, 0);
		if (edge.n == sizeof(tree->edge))
			memcpy(tree->edge, edge.p, edge.n);
		if (text != NULL) {
			*at = column_int(q, 1);
			*text = arena_copy(s->arena, column_bytes(q, 3));
		}
	}
	statement_end(q);
	return status;
}

/* keeper.db and shred.db are committed one after the other: the first may stand when the second failed. Then memory is behind what is stored, and
 * the start is what brings it there. */
static void end_when_it_stands(struct service *s)
{
	struct tree stored;
	enum status status = load_tree(s, SQL_TREE_GET, 1, &stored, NULL, NULL);

	if ((status == OK || status == E_NOTFOUND) && stored.size == s->journal.tree.size)
		return;
	LOG_NOTE(LOG_DATABASE, "a commit failed half way: ended, so that the start looks up what stands");
	_exit(70);
}

enum status batch_commit(struct service *s)
{
	enum status status = OK;

	if (!s->journal.open)
		return OK;
	if (s->journal.tree.size != s->journal.batch.size)
		status = put_tree(s);
	if (status == OK)
		status = db_simple(s->db, SQL_COMMIT);
	if (status != OK) {
		batch_rollback(s);
		end_when_it_stands(s);
		return status;
	}
	s->journal.open = false;
	s->journal.must_commit = false;
	s->riding_n = 0;
	sets_commit(s);
	return OK;
}

enum status request_begin(struct service *s)
{
	TRY(batch_begin(s));
	s->journal.request = s->journal.tree;
	s->journal.requests++;
	return db_simple(s->db, SQL_SAVEPOINT);
}

enum status request_end(struct service *s, bool keep)
{
	if (!keep) {
		TRY(db_simple(s->db, SQL_ROLLBACK_TO));
		s->journal.tree = s->journal.request;
		sets_undo(s, s->journal.request.size, false);
		heads_undo(s);
		s->journal.undone++;
	}
	return db_simple(s->db, SQL_RELEASE);
}

/* --- checkpoints -------------------------------------------------------------------------------------------------------- */

static struct sv checkpoint_name(struct service *s)
{
	char name[33];

	id_hex(s->instance.id, name);
	return arena_format(s->arena, "amana/%s", name);
}

/* How many leaves back the oldest set lies that is not settled: what is older is, and nobody says otherwise after a restart. */
static uint32_t open_back(const struct service *s)
{
	uint64_t oldest = sets_oldest(s), size = s->journal.tree.size;

	if (oldest >= size)
		return 0;
	return size - oldest < UINT32_MAX ? (uint32_t)(size - oldest) : UINT32_MAX;
}

static enum status checkpoint_add(struct service *s)
{
	struct journal *j = &s->journal;
	struct statement *q = db_statement(s->db, SQL_CHECKPOINT_ADD);
	struct act act = { .event = EV_CHECKPOINT, .purpose = open_back(s) };
	uint8_t root[32], hash[32];
	struct sv text;

	tree_root(root, &j->tree);
	text = checkpoint_write(s->arena, checkpoint_name(s), j->tree.size, root, s->vault->checkpoint_seed);
	bind_int(q, 1, (int64_t)j->tree.size);
	bind_int(q, 2, s->now);
	bind_bytes(q, 3, j->tree.edge, sizeof(j->tree.edge));
	bind_bytes(q, 4, text.p, text.n);
	TRY(statement_run(q));
	j->checkpoint_size = j->tree.size;
	j->checkpoint_at = s->now;
	hash32(hash, text.p, text.n);
	return leaf_add(s, &act, s->instance.id, hash, 0, NULL);
}

enum status checkpoint_due(struct service *s, bool force)
{
	uint64_t since = s->journal.tree.size - s->journal.checkpoint_size;
	bool due = since >= CHECKPOINT_LEAVES || (since > 1 && s->now - s->journal.checkpoint_at >= CHECKPOINT_MS);

	if (!due && !force)
		return OK;
	TRY(batch_begin(s));
	return checkpoint_add(s);
}

/* --- start -------------------------------------------------------------------------------------------------------------- */

/* The last checkpoint must be signed by our key and its edge give the signed root. */
static enum status last_checkpoint(struct service *s, struct tree *tree)
{
	uint8_t pk[32], root[32], signed_root[32];
	uint64_t size;
	struct sv text = SV_NONE;
	enum status status = load_tree(s, SQL_CHECKPOINT_LAST, 2, tree, &s->journal.checkpoint_at, &text);

	if (status != OK)
		return status == E_NOTFOUND ? OK : status;
	ed25519_public(pk, s->vault->checkpoint_seed);
	TRY(checkpoint_verify(text, pk, &size, signed_root));
	tree_root(root, tree);
	s->journal.checkpoint_size = size;
	return size == tree->size && equal_ct(root, signed_root, sizeof(root)) ? OK : E_CRYPTO;
}

/* Every leaf since the checkpoint: in order, with its MAC; the tree they give must be the stored one. */
static enum status check_leaves(struct service *s, struct tree *tree)
{
	struct statement *q = db_statement(s->db, SQL_LEAF_FROM);
	enum status status;

	bind_int(q, 1, (int64_t)tree->size);
	while ((status = statement_step(q)) == OK) {
		struct sv body = column_bytes(q, 1), mac = column_bytes(q, 2);
		uint8_t right[16], hash[32];
		struct leaf leaf;

		if (amj1_read(body, &leaf) != OK || leaf.seq != tree->size || column_int(q, 0) != (int64_t)tree->size ||
		    mac.n != 16)
			break;
		leaf_mac(right, s->vault->journal_key, (const uint8_t *)body.p);
		if (!equal_ct(right, mac.p, sizeof(right)))
			break;
		leaf_hash(hash, (const uint8_t *)body.p);
		tree_append(tree, hash);
	}
	statement_end(q);
	return status == E_NOTFOUND ? OK : status == OK ? E_CRYPTO : status;
}

enum status journal_start(struct service *s)
{
	struct tree since;
	uint8_t a[32], b[32];

	TRY(load_tree(s, SQL_TREE_GET, 1, &s->journal.tree, NULL, NULL));
	TRY(last_checkpoint(s, &since));
	TRY(check_leaves(s, &since));
	tree_root(a, &since);
	tree_root(b, &s->journal.tree);
	return since.size == s->journal.tree.size && equal_ct(a, b, sizeof(a)) ? OK : E_CRYPTO;
}
