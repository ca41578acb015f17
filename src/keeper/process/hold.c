/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Backup and restore: the moment both databases agree on. While a backup holds, sets wait (for seconds at most); once none is between the
 * keeper and the main database, a leaf marks the moment and the command opens its two snapshots. Whoever dies holding is forgotten. */
#include "keeper/people/ceremony.h"

#include <string.h>
#include "crypto/formats.h"
#include "keeper/codec.h"
#include "keeper/sealed/data.h"
#include "keeper/process/service.h"

#define HOLD_MS 10000

bool held(const struct service *s)
{
	return s->now < s->hold_until;
}

/* Digest of the secrets that lie outside of the databases: a restore tells by it that it was given the right ones. */
static void secrets_digest(const struct service *s, uint8_t out[32])
{
	uint8_t *all = s->bench->room;
	size_t n = sizeof(s->instance.id.b);

	_Static_assert(sizeof(s->bench->room) >= 16 + 32 + 32 * PEPPERS_MAX, "room for all");
	memcpy(all, s->instance.id.b, n);
	memcpy(all + n, s->vault->instance_secret, 32);
	n += 32;
	memcpy(all + n, s->vault->pepper, 32 * s->vault->pepper_count);
	hash32(out, all, n + 32 * s->vault->pepper_count);
}

static enum status unsettled(struct service *s)
{
	struct statement *q = db_statement(s->db, SQL_UNSETTLED);
	enum status status = statement_step(q);

	statement_end(q);
	return status;
}

static enum status instance_leaf(struct service *s, enum event event)
{
	struct act act = { .event = event };

	return leaf_add(s, &act, s->instance.id, NULL, 0, NULL);
}

/* E_BUSY: sets are still on their way; ask again in a moment. */
enum status call_admin_hold(struct service *s, struct request *r)
{
	bool hold = get_u8(&r->body) != 0;
	uint8_t digest[32];
	enum status status;

	if (r->body.bad || r->body.n != 0)
		return E_INPUT;
	s->hold_until = hold ? s->now + HOLD_MS : 0;
	if (!hold) {
		s->settled++; /* who waits is tried again */
		return OK;
	}
	status = unsettled(s);
	if (status != E_NOTFOUND)
		return status == OK ? E_BUSY : status;
	TRY(instance_leaf(s, EV_BACKUP));
	secrets_digest(s, digest);
	put_id(r->out, s->instance.id);
	buf_put(r->out, s->instance.backup_pk, sizeof(s->instance.backup_pk));
	buf_put(r->out, digest, sizeof(digest));
	buf_u64(r->out, s->journal.tree.size);
	return OK;
}

/* After a restore, before anybody is served: the leaf says that what came after the one before it is lost. */
enum status call_admin_restored(struct service *s, struct request *r)
{
	uint8_t expected[32], digest[32];

	get_bytes(&r->body, expected, sizeof(expected));
	if (r->body.bad || r->body.n != 0)
		return E_INPUT;
	secrets_digest(s, digest);
	if (memcmp(expected, digest, sizeof(digest)) != 0)
		return E_CRYPTO;
	return instance_leaf(s, EV_RESTORE);
}
