/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading the journal by what it speaks of. The index holds leaves of one dossier side by side, by kind and object, oldest first: one walk
 * finds the newest of each. Only that one is checked: an older one decides nothing. */
#include "keeper/ledger/leaves.h"

#include <string.h>
#include "keeper/ledger/journal.h"

enum status leaf_take(struct service *s, struct statement *q, struct leaf *leaf)
{
	struct sv bytes = column_bytes(q, 1), stored = column_bytes(q, 2);
	uint8_t mac[16];

	if (amj1_read(bytes, leaf) != OK || stored.n != sizeof(mac) || column_int(q, 0) != (int64_t)leaf->seq)
		return E_CRYPTO;
	leaf_mac(mac, s->vault->journal_key, (const uint8_t *)bytes.p);
	return equal_ct(mac, stored.p, sizeof(mac)) ? OK : E_CRYPTO;
}

enum status leaf_at(struct service *s, uint64_t seq, struct leaf *leaf)
{
	struct statement *q = db_statement(s->db, SQL_LEAF_GET);
	enum status status;

	bind_int(q, 1, (int64_t)seq);
	status = statement_step(q);
	if (status == OK)
		status = leaf_take(s, q, leaf);
	statement_end(q);
	return status;
}

bool row_in_dossier(enum row_kind kind)
{
	return kind == ROW_DOSSIER || kind == ROW_KEY || kind == ROW_ASSIGN || kind == ROW_BLOCK || kind == ROW_NAMED ||
	       kind == ROW_RECEIPT || kind == ROW_SIGN || kind == ROW_GRANT;
}

static void bind_flags(struct statement *q, int at, enum row_kind kind)
{
	const uint8_t flags[2] = { (uint8_t)kind, ROW_FLAG >> 8 };

	bind_bytes(q, at, flags, sizeof(flags));
}

enum status leaf_newest(struct service *s, struct id dossier, enum row_kind kind, struct id object, struct leaf *leaf)
{
	struct statement *q = db_statement(s->db, SQL_LEAF_NEWEST_ROW);
	enum status status;

	bind_id(q, 1, dossier);
	bind_flags(q, 2, kind);
	bind_id(q, 3, object);
	status = statement_step(q);
	if (status == OK)
		status = leaf_take(s, q, leaf);
	statement_end(q);
	return status;
}

enum status leaf_before(struct service *s, struct id dossier, enum row_kind kind, struct id object, uint64_t seq, struct leaf *leaf)
{
	struct statement *q = db_statement(s->db, SQL_LEAF_BEFORE);
	enum status status;

	bind_id(q, 1, dossier);
	bind_flags(q, 2, kind);
	bind_id(q, 3, object);
	bind_int(q, 4, (int64_t)seq);
	status = statement_step(q);
	if (status == OK)
		status = leaf_take(s, q, leaf);
	statement_end(q);
	return status;
}

enum status leaf_newest_part(struct service *s, struct id dossier, struct id object, struct leaf *leaf)
{
	static const uint8_t no_row[2];
	struct statement *q = db_statement(s->db, SQL_LEAF_NEWEST_ROW);
	enum status status;

	bind_id(q, 1, dossier);
	bind_bytes(q, 2, no_row, sizeof(no_row));
	bind_id(q, 3, object);
	status = statement_step(q);
	if (status == OK)
		status = leaf_take(s, q, leaf);
	statement_end(q);
	return status;
}

/* A leaf as it lies there, until it is known to be the newest of its row. */
struct candidate {
	int64_t seq;
	size_t n;
	uint8_t body[AMJ1_SIZE], mac[16];
};

static bool same_row(const struct candidate *a, struct sv body)
{
	return body.n == AMJ1_SIZE && memcmp(a->body + 6, body.p + 6, 2) == 0 && memcmp(a->body + 72, body.p + 72, 16) == 0;
}

static enum status candidate_read(struct statement *q, struct candidate *c)
{
	struct sv body = column_bytes(q, 1), mac = column_bytes(q, 2);

	if (body.n != sizeof(c->body) || mac.n != sizeof(c->mac))
		return E_CRYPTO;
	c->seq = column_int(q, 0);
	c->n = body.n;
	memcpy(c->body, body.p, body.n);
	memcpy(c->mac, mac.p, mac.n);
	return OK;
}

static enum status candidate_take(struct service *s, const struct candidate *c, struct newest ***last)
{
	static const uint8_t zeros[32];
	struct newest *n = ARENA_NEW(s->arena, struct newest);
	struct leaf leaf;
	uint8_t mac[16];

	if (amj1_read(sv_bytes(c->body, sizeof(c->body)), &leaf) != OK || c->seq != (int64_t)leaf.seq)
		return E_CRYPTO;
	leaf_mac(mac, s->vault->journal_key, c->body);
	if (!equal_ct(mac, c->mac, sizeof(mac)))
		return E_CRYPTO;
	*n = (struct newest){ .kind = (enum row_kind)(leaf.flags & 0xff), .object = leaf.object, .seq = leaf.seq };
	memcpy(n->hash, leaf.blob, sizeof(n->hash));
	n->gone = memcmp(n->hash, zeros, sizeof(zeros)) == 0;
	**last = n;
	*last = &n->next;
	return OK;
}

static enum status walk(struct service *s, struct statement *q, struct newest **out)
{
	struct candidate c = { .n = 0 };
	struct newest **last = out;
	enum status status, taken = OK;

	*out = NULL;
	while ((status = statement_step(q)) == OK && taken == OK) {
		if (c.n > 0 && !same_row(&c, column_bytes(q, 1)))
			taken = candidate_take(s, &c, &last);
		if (taken == OK)
			taken = candidate_read(q, &c);
	}
	statement_end(q);
	TRY(taken);
	if (status != E_NOTFOUND)
		return status;
	return c.n > 0 ? candidate_take(s, &c, &last) : OK;
}

enum status leaves_of_rows(struct service *s, struct id dossier, struct newest **out)
{
	struct statement *q = db_statement(s->db, SQL_LEAVES_ROWS);

	bind_id(q, 1, dossier);
	return walk(s, q, out);
}

enum status leaves_of_kind(struct service *s, enum row_kind kind, struct newest **out)
{
	struct statement *q = db_statement(s->db, SQL_LEAVES_KIND);

	bind_id(q, 1, ID_ZERO);
	bind_flags(q, 2, kind);
	return walk(s, q, out);
}
