/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a late post carried (sealed design 5.3): sealed to its user's public key, so that it can be kept when the session is over; read
 * again in the user's next session; gone after seven days. */
#include "keeper/sealed/data.h"

#include <string.h>
#include "base/clock.h"
#include "base/random.h"
#include "base/wipe.h"
#include "keeper/codec.h"
#include "keeper/people/login.h"

#define TYPE_DRAFT 32004
#define DRAFT_MS (7 * DAY_MS)
#define DRAFT_MAX (256u * 1024u)

static struct record_bind draft_bind(struct id draft, struct id organisation)
{
	return (struct record_bind){ .type = TYPE_DRAFT, .record = draft, .dossier = draft, .origin = organisation, .version = 1 };
}

static enum status store(struct service *s, struct id draft, struct id user, const uint8_t wrap[AMW1_DEK], struct sv blob)
{
	struct statement *q = db_statement(s->db, SQL_DRAFT_ADD);

	s->journal.must_commit = true;
	bind_id(q, 1, draft);
	bind_id(q, 2, user);
	bind_int(q, 3, s->now);
	bind_bytes(q, 4, wrap, AMW1_DEK);
	bind_bytes(q, 5, blob.p, blob.n);
	TRY(statement_run(q));
	q = db_statement(s->db, SQL_DRAFTS_KEEP); /* as many as are ever listed: nobody fills the disk with drafts */
	bind_id(q, 1, user);
	return statement_run(q);
}

static enum status seal_draft(struct service *s, const struct member_row *m, struct sv where, struct sv body)
{
	struct buf plain = buf_new(s->arena, where.n + body.n + 8, where.n + body.n + 8);
	struct id draft = id_new();
	const struct record_bind bind = draft_bind(draft, m->organisation);
	const struct wrap_bind to = { .dossier = draft, .organisation = m->organisation };
	uint8_t wrap[AMW1_DEK], nonce[24], *blob;
	size_t n;

	put_bytes(&plain, where);
	put_bytes(&plain, body);
	TRY(buf_ok(&plain));
	n = amr1_size(plain.n);
	blob = arena_alloc(s->arena, n);
	random_fill(s->bench->k.b, KEY_SIZE);
	random_fill(s->bench->ephemeral, sizeof(s->bench->ephemeral));
	random_fill(nonce, sizeof(nonce));
	TRY(amr1_seal(blob, &s->bench->k, CLASS_BOUND, draft, nonce, &bind, buf_view(&plain)));
	TRY(amw1_wrap(wrap, WRAP_DRAFT, draft, m->key, m->x25519, s->bench->ephemeral, &to, s->bench->k.b, KEY_SIZE));
	return store(s, draft, m->user, wrap, sv_bytes(blob, n));
}

enum status call_draft_save(struct service *s, struct request *r)
{
	struct sv where = get_bytes_view(&r->body, 1024), body = get_bytes_view(&r->body, DRAFT_MAX);
	const struct session *x = session_find(s->sessions, &r->token, s->now);
	const struct ended *e = x == NULL ? session_ended(s->sessions, &r->token, s->now) : NULL;
	const struct member_row *m = NULL;

	if (r->body.bad || r->body.n != 0)
		return E_INPUT;
	if (x != NULL && x->kind == SESSION_STAFF)
		m = member_by_user(s, x->user);
	else if (e != NULL)
		m = member_by_user(s, e->user);
	if (m == NULL)
		return E_DENIED;
	return s->full ? E_STORE : seal_draft(s, m, where, body);
}

static enum status put_draft(struct service *s, const struct member_row *m, struct statement *q, struct buf *out)
{
	struct id draft = column_id(q, 0);
	const struct record_bind bind = draft_bind(draft, m->organisation);
	const struct wrap_bind to = { .dossier = draft, .organisation = m->organisation };
	struct sv blob = column_bytes(q, 3);
	uint8_t *plain = arena_alloc(s->arena, blob.n);
	size_t n;

	TRY(amw1_open(s->bench->k.b, KEY_SIZE, WRAP_DRAFT, s->bench->capsule.sk, &to, column_bytes(q, 2)));
	TRY(amr1_open(plain, &n, &s->bench->k, &bind, blob));
	put_id(out, draft);
	buf_u64(out, (uint64_t)column_int(q, 1));
	buf_put(out, plain, n);
	return buf_ok(out);
}

enum status call_drafts(struct service *s, struct request *r)
{
	struct buf all = buf_new(s->arena, 1024, WIRE_MESSAGE_MAX - 4);
	const struct member_row *m;
	struct statement *q;
	enum status status;
	uint32_t n = 0;
	struct who w;

	TRY(who_asks(s, r, &w));
	m = member_by_user(s, w.user);
	if (m == NULL)
		return E_DENIED;
	q = db_statement(s->db, SQL_DRAFTS_OF);
	bind_id(q, 1, w.user);
	while ((status = statement_step(q)) == OK) {
		size_t at = all.n;

		status = put_draft(s, m, q, &all);
		if (status == OK)
			n++;
		else
			all.n = at;
	}
	statement_end(q);
	if (status != E_NOTFOUND)
		return status;
	buf_u32(r->out, n);
	buf_sv(r->out, buf_view(&all));
	return OK;
}

uint32_t drafts_count(struct service *s, struct id user)
{
	struct statement *q = db_statement(s->db, SQL_DRAFTS_COUNT);
	uint32_t n = 0;

	bind_id(q, 1, user);
	if (statement_step(q) == OK)
		n = (uint32_t)column_int(q, 0);
	statement_end(q);
	return n;
}

enum status call_draft_drop(struct service *s, struct request *r)
{
	struct id draft = get_id(&r->body);
	struct statement *q;
	struct who w;

	if (r->body.bad)
		return E_INPUT;
	TRY(who_is(s, &r->token, &w, true));
	q = db_statement(s->db, SQL_DRAFT_DROP);
	bind_id(q, 1, draft);
	bind_id(q, 2, w.user);
	s->journal.must_commit = true;
	return statement_run(q);
}
