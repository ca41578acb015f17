/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The real names of members, sealed to their own organisation (sealed design 6). A member writes his own; the key is fresh and wrapped to the
 * compartments that between them all hold who work with persons or answer for the house's security (HOUSE, OFFICER), and to himself. Who
 * administers members and opens nothing sees logins alone. What was shown is one leaf with its count. */
#include "keeper/sealed/data.h"

#include <string.h>
#include "base/random.h"
#include "base/wipe.h"
#include "keeper/codec.h"

#define TYPE_NAME 32005

static const enum compartment readers[] = { C_HOUSE, C_OFFICER };

static struct record_bind bind_of(const struct name_row *row)
{
	return (struct record_bind){
		.type = TYPE_NAME, .record = row->user, .dossier = row->user, .origin = row->organisation, .version = 1
	};
}

static struct id object_of(struct id user)
{
	return row_object(ROW_NAME, user, ID_ZERO, 0);
}

static enum status wrap_name(struct service *s, struct name_row *row, uint8_t kind, struct id recipient, const uint8_t pk[32])
{
	const struct wrap_bind bind = { .dossier = row->user, .organisation = row->organisation };
	struct name_wrap *to = &row->to[row->n++];

	to->recipient = recipient;
	random_fill(s->bench->ephemeral, sizeof(s->bench->ephemeral));
	return amw1_wrap(to->wrap, kind, row->user, recipient, pk, s->bench->ephemeral, &bind, s->bench->k.b, KEY_SIZE);
}

static enum status seal_name(struct service *s, const struct member_row *m, struct sv name, struct name_row *row)
{
	uint8_t nonce[24];
	struct record_bind bind;

	if (amr1_size(name.n) != sizeof(row->blob))
		return E_BUG;
	*row = (struct name_row){ .user = m->user, .organisation = m->organisation };
	bind = bind_of(row);
	random_fill(s->bench->k.b, KEY_SIZE);
	random_fill(nonce, sizeof(nonce));
	TRY(amr1_seal(row->blob, &s->bench->k, CLASS_BOUND, m->user, nonce, &bind, name));
	for (size_t i = 0; i < sizeof(readers) / sizeof(readers[0]); i++) {
		const struct cert *cert = compartment_cert(s, m->organisation, readers[i]);

		if (cert != NULL)
			TRY(wrap_name(s, row, WRAP_DROP, cert->id, cert->x25519));
	}
	return row->n == 0 ? E_STATE : wrap_name(s, row, WRAP_DRAFT, m->key, m->x25519);
}

static enum status name_put(struct service *s, const struct who *w, struct sv body)
{
	struct act act = act_of(w, EV_CONFIGURATION, ID_ZERO);
	const struct row put = { ROW_NAME, object_of(w->user), w->organisation, body };
	struct sv before;

	return body.n == 0 && row_get(s, ROW_NAME, put.object, &before) == E_NOTFOUND ? OK : row_put(s, &act, &put);
}

/* An empty one takes it back. */
enum status call_name_set(struct service *s, struct request *r)
{
	struct sv name = get_bytes_view(&r->body, MEMBER_NAME_MAX);
	uint8_t space[ROW_BODY_MAX];
	struct buf b = buf_over(space, sizeof(space));
	const struct member_row *m;
	struct name_row row;
	struct who w;

	if (r->body.bad || r->body.n != 0)
		return E_INPUT;
	TRY(who_asks(s, r, &w));
	m = w.kind == ACTOR_STAFF ? member_by_user(s, w.user) : NULL;
	if (m == NULL || !w.active)
		return E_DENIED;
	if (name.n == 0)
		return name_put(s, &w, SV_NONE);
	TRY(seal_name(s, m, name, &row));
	write_name(&b, &row);
	return name_put(s, &w, buf_view(&b));
}

static enum status open_name(struct service *s, const struct name_row *row, const struct member_row *me, struct buf *out)
{
	const struct wrap_bind to = { .dossier = row->user, .organisation = row->organisation };
	const struct record_bind bind = bind_of(row);
	uint8_t plain[sizeof(row->blob)];
	enum status status = E_DENIED;
	size_t n = 0;

	for (size_t i = 0; i < row->n && status != OK; i++) {
		const struct held_secret *h = capsule_secret(&s->bench->capsule, row->to[i].recipient);
		const struct sv wrap = sv_bytes(row->to[i].wrap, sizeof(row->to[i].wrap));

		if (h != NULL)
			status = amw1_open(s->bench->k.b, KEY_SIZE, WRAP_DROP, h->sk, &to, wrap);
		else if (id_equal(row->to[i].recipient, me->key))
			status = amw1_open(s->bench->k.b, KEY_SIZE, WRAP_DRAFT, s->bench->capsule.sk, &to, wrap);
	}
	if (status == OK)
		status = amr1_open(plain, &n, &s->bench->k, &bind, sv_bytes(row->blob, sizeof(row->blob)));
	if (status == OK) {
		put_id(out, row->user);
		put_bytes(out, sv_bytes(plain, n));
	}
	wipe(plain, sizeof(plain));
	return status;
}

static enum status names_leaf(struct service *s, const struct who *w, uint32_t n)
{
	struct act act = act_of(w, EV_SEARCH, ID_ZERO);

	return n == 0 ? OK : leaf_add(s, &act, w->organisation, NULL, (uint16_t)n, NULL);
}

/* Of the actor's own organisation, those he can open. */
enum status call_names(struct service *s, struct request *r)
{
	struct buf all = buf_new(s->arena, 4096, 1 << 20);
	const struct member_row *me;
	uint32_t n = 0;
	struct who w;

	if (r->body.bad || r->body.n != 0)
		return E_INPUT;
	TRY(who_asks(s, r, &w));
	me = w.kind == ACTOR_STAFF ? member_by_user(s, w.user) : NULL;
	if (me == NULL || !w.active)
		return E_DENIED;
	for (size_t i = 0; i < s->directory.member_n && n < MEMBER_NAMES_MAX; i++) {
		const struct member_row *m = &s->directory.members[i];
		struct name_row row;
		struct sv body;

		if (!id_equal(m->organisation, w.organisation) || row_get(s, ROW_NAME, object_of(m->user), &body) != OK)
			continue;
		TRY(read_name(body, &row));
		n += id_equal(row.user, m->user) && id_equal(row.organisation, w.organisation) &&
		     open_name(s, &row, me, &all) == OK;
	}
	TRY(buf_ok(&all));
	buf_u32(r->out, n);
	buf_sv(r->out, buf_view(&all));
	return names_leaf(s, &w, n);
}
