/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The people of an organisation as its members, its administrator and its officer see them: states, what waits for whom, the invitations that
 * are open. */
#include "keeper/people/admission.h"

#include <string.h>
#include "keeper/codec.h"
#include "keeper/people/ceremony.h"

void member_print(uint8_t out[16], const struct member_row *m)
{
	uint8_t keys[64], digest[32];

	memcpy(keys, m->x25519, 32);
	memcpy(keys + 32, m->ed25519, 32);
	hash32(digest, keys, sizeof(keys));
	memcpy(out, digest, 16);
}

/* Does a certificate wait for a colleague's word, and is it the viewer's to give? */
static enum status word_shown(struct service *s, const struct viewer *v, const struct member_row *m,
			      const struct proposal_row *roles, struct word *word, bool *asked)
{
	const struct proposal_row *proposed = roles->roles != 0 ? roles : NULL;
	struct admitting a = { m, proposed != NULL ? proposed->roles : m->roles, ID_ZERO, proposed };

	*word = (struct word){ .needed = false };
	*asked = false;
	if (m->state != MEMBER_ACTIVE || (proposed == NULL && member_cert(s, m) != NULL))
		return OK;
	if (v->officer) {
		a.by = v->m.user;
		return word_of(s, &a, word);
	}
	TRY(word_of_any(s, a, word));
	*asked = word->needed && id_is_zero(word->from) && may_vouch(s, &a, &v->m);
	return OK;
}

static enum status put_colleague(struct service *s, struct buf *b, const struct viewer *v, const struct member_row *m)
{
	struct notice_row recovered, unknown;
	struct proposal_row roles, thaw;
	struct word word;
	uint8_t print[16];
	bool asked;

	TRY(proposal_of(s, m->user, PROPOSAL_ROLES, &roles));
	TRY(proposal_of(s, m->user, PROPOSAL_THAW, &thaw));
	TRY(notice_of(s, m->user, NOTICE_RECOVERED, &recovered));
	TRY(notice_of(s, m->user, NOTICE_UNKNOWN, &unknown));
	TRY(word_shown(s, v, m, &roles, &word, &asked));
	member_print(print, m);
	put_id(b, m->user);
	put_id(b, m->organisation);
	buf_u32(b, m->roles);
	buf_u32(b, roles.roles);
	buf_byte(b, (uint8_t)m->state);
	buf_byte(b, (uint8_t)((member_cert(s, m) != NULL) | secrets_complete(s, m) << 1 | word.needed << 2 | asked << 3));
	put_id(b, word.from);
	put_id(b, thaw.by);
	buf_u64(b, recovered.seen ? 0 : (uint64_t)recovered.at);
	buf_u64(b, unknown.seen ? 0 : (uint64_t)unknown.at);
	put_id(b, unknown.by);
	buf_put(b, m->login, sizeof(m->login));
	buf_put(b, print, sizeof(print));
	return OK;
}

struct invitations {
	struct buf *out;
	struct id organisation;
	uint32_t n;
};

static enum status put_one_invitation(struct service *s, void *arg, enum row_kind kind, struct id object, struct sv body)
{
	struct invitations *list = arg;
	struct invite_row i;

	if (kind != ROW_INVITE)
		return OK;
	TRY(read_invite(body, &i));
	if (i.state > INVITE_BEGUN || !id_equal(i.organisation, list->organisation))
		return OK; /* what it is listed by is no part of what its leaf says */
	put_invitation(s, list->out, &i);
	list->n++;
	return OK;
}

static enum status put_invitations(struct service *s, struct request *r, struct id organisation)
{
	struct buf all = buf_new(s->arena, 1024, 1 << 20);
	struct invitations list = { &all, organisation, 0 };

	TRY(rows_of(s, organisation, put_one_invitation, &list));
	TRY(buf_ok(&all));
	buf_u32(r->out, list.n);
	buf_sv(r->out, buf_view(&all));
	return OK;
}

static enum status put_persons(struct service *s, struct request *r, const struct viewer *v, struct id organisation)
{
	uint32_t n = 0;

	for (size_t i = 0; i < s->directory.member_n; i++)
		n += id_equal(s->directory.members[i].organisation, organisation) && s->directory.members[i].state != MEMBER_NEW;
	buf_u32(r->out, n);
	for (size_t i = 0; i < s->directory.member_n; i++) {
		const struct member_row m = s->directory.members[i];

		if (id_equal(m.organisation, organisation) && m.state != MEMBER_NEW)
			TRY(put_colleague(s, r->out, v, &m));
	}
	return OK;
}

/* Nobody is anything before he is certified, but for the officer who founds a house. */
enum status viewer_of(struct service *s, struct request *r, struct id organisation, struct viewer *v)
{
	const struct member_row *m;

	*v = (struct viewer){ .admin = false };
	TRY(who_asks(s, r, &v->w));
	m = v->w.kind == ACTOR_STAFF ? member_by_user(s, v->w.user) : NULL;
	if (m == NULL)
		return E_DENIED;
	v->m = *m;
	v->officer = serves(s, m->organisation, m->roles, organisation, ROLE_SECURITY_OFFICER);
	v->admin = serves(s, m->organisation, m->roles, organisation, ROLE_ORG_ADMIN);
	if (!v->w.active && (!v->officer || !identity_held(s, &v->m, organisation)))
		return E_DENIED;
	return v->admin || v->officer || id_equal(v->m.organisation, organisation) ? OK : E_DENIED;
}

/* Colleagues see each other, so that anybody can freeze an account; invitations and the root's request are for those who act. */
enum status call_people(struct service *s, struct request *r)
{
	struct id organisation = get_id(&r->body);
	struct viewer v;

	if (r->body.bad)
		return E_INPUT;
	TRY(viewer_of(s, r, organisation, &v));
	buf_byte(r->out, (uint8_t)(v.admin | v.officer << 1 | stepped_up(s, v.w.session) << 2 |
				   (organisation_cert(s, organisation) != NULL) << 3));
	TRY(put_persons(s, r, &v, organisation));
	if (v.admin || v.officer)
		return put_invitations(s, r, organisation);
	buf_u32(r->out, 0);
	return OK;
}

enum status call_identity(struct service *s, struct request *r)
{
	struct id organisation = get_id(&r->body);
	struct viewer v;

	if (r->body.bad)
		return E_INPUT;
	TRY(viewer_of(s, r, organisation, &v));
	return v.officer ? identity_request(s, r, &v.m, organisation) : E_DENIED;
}
