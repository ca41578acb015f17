/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Admission: a new member's key pair, password slot (Argon2id beside the loop), recovery slot and second factors. The recovery code,
 * the TOTP secret and the sheet leave the keeper once, in the answer. */
#include "keeper/people/admission.h"
#include "keeper/people/ceremony.h"

#include <string.h>
#include "base/random.h"
#include "base/text.h"
#include "base/wipe.h"
#include "keeper/codec.h"
#include "keeper/people/weak.h"
#include "policy/policy.h"

enum status member_put(struct service *s, enum event event, const struct member_row *m)
{
	struct act act = { .event = event, .organisation = m->organisation };
	struct row row = { ROW_MEMBER, m->user, m->organisation, SV_NONE };
	uint8_t space[ROW_BODY_MAX];
	struct buf b = buf_over(space, sizeof(space));

	write_member(&b, m);
	row.body = buf_view(&b);
	return row_put(s, &act, &row);
}

bool login_sound(struct sv login)
{
	for (size_t i = 0; i < login.n; i++) {
		char c = login.p[i];

		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_'))
			return false;
	}
	return login.n > 0 && login.n < 64;
}

bool roles_sound(uint32_t roles)
{
	return roles != 0 && roles < ROLE_BIT(ROLE_PERSON) && policy_roles_together(roles);
}

static enum status check_admission(struct service *s, const struct admission *a)
{
	if (!organisation_known(s, a->organisation))
		return E_NOTFOUND;
	if (!login_sound(a->login) || !login_of(s, a->organisation, a->login) || !roles_sound(a->roles))
		return E_INPUT;
	if (member_by_login(s, a->login) != NULL || member_by_user(s, a->user) != NULL)
		return E_CONFLICT;
	return OK;
}

enum status slot_queue(struct service *s, struct request *r, struct sv password)
{
	struct job *j = argon_reserve(s->argon, QUEUE_LOGIN, 0);

	if (j == NULL) {
		r->retry_s = argon_wait_s(s->argon);
		return E_BUSY;
	}
	j->kind = JOB_STRETCH;
	j->owner = r->from;
	memcpy(j->secret, password.p, password.n);
	j->secret_n = password.n;
	j->typed = password; /* gone when the request comes back: it is judged before */
	random_fill(j->salt, sizeof(j->salt));
	j->t = SLOT_T;
	j->m_kib = s->instance.demo ? SLOT_M_DEMO_KIB : SLOT_M_KIB;
	r->job = j;
	r->wait = true;
	return OK;
}

static enum status put_slot(struct service *s, const struct slot_head *head, const uint8_t stretched[32], const uint8_t payload[64])
{
	struct act act = { .event = EV_SLOT, .actor = head->user };
	struct row row = { ROW_SLOT, row_object(ROW_SLOT, head->user, ID_ZERO, head->kind), head->user, SV_NONE };
	uint8_t nonce[24], slot[AMP1_SIZE];

	random_fill(nonce, sizeof(nonce));
	TRY(amp1_seal(slot, head, nonce, stretched, s->vault->pepper[s->vault->pepper_count - 1], payload));
	row.body = sv_bytes(slot, sizeof(slot));
	return row_put(s, &act, &row);
}

static struct slot_head head_of(const struct service *s, const struct member_row *m, const struct job *j)
{
	return (struct slot_head){ .pepper_version = (uint16_t)s->vault->pepper_count,
				   .user = m->user,
				   .key_id = m->key,
				   .argon_t = SLOT_T,
				   .argon_m_kib = j != NULL ? j->m_kib : SLOT_M_KIB };
}

enum status slot_password(struct service *s, const struct job *j, const struct member_row *m)
{
	struct slot_head head = head_of(s, m, j);

	TRY(j->status);
	head.kind = SLOT_PASSWORD;
	head.argon_t = j->t;
	memcpy(head.salt, j->salt, sizeof(head.salt));
	return put_slot(s, &head, j->stretched, s->bench->payload);
}

enum status slot_recovery(struct service *s, const struct member_row *m, char recovery[32])
{
	struct slot_head head = head_of(s, m, NULL);
	uint8_t code[16], stretched[32];
	enum status status;

	head.kind = SLOT_RECOVERY;
	recovery_new(code, recovery);
	slot_stretch_recovery(stretched, code, m->user);
	status = put_slot(s, &head, stretched, s->bench->payload);
	wipe(code, sizeof(code));
	wipe(stretched, sizeof(stretched));
	return status;
}

static enum status put_factors(struct service *s, const struct member_row *m, struct fresh *f)
{
	struct act act = { .event = EV_SLOT, .actor = m->user, .organisation = m->organisation };
	struct row row = { ROW_FACTOR, row_object(ROW_FACTOR, m->user, ID_ZERO, 0), m->user, SV_NONE };
	uint8_t space[ROW_BODY_MAX];
	struct buf b = buf_over(space, sizeof(space));
	struct factor_row factor;

	random_fill(f->totp, sizeof(f->totp));
	for (size_t i = 0; i < sizeof(f->sheet); i++)
		f->sheet[i] = (char)('0' + random_below(10));
	TRY(factor_make(s, m->user, s->bench->payload, f->totp, f->sheet, &factor));
	write_factor(&b, &factor);
	row.body = buf_view(&b);
	return row_put(s, &act, &row);
}

void answer_factors(struct buf *out, const uint8_t totp[20], const char *sheet)
{
	buf_put(out, totp, 20);
	for (size_t i = 0; i < SHEET_CODES; i++) {
		buf_put(out, sheet + i * SHEET_DIGITS, SHEET_DIGITS);
		buf_byte(out, 0);
	}
}

enum status member_make(struct service *s, const struct job *j, const struct admission *a, enum member_state state, struct fresh *f)
{
	struct member_row m = { .user = a->user,
				.organisation = a->organisation,
				.cert = id_new(),
				.key = id_new(),
				.roles = a->roles,
				.state = state,
				.by = a->by };

	memcpy(m.login, a->login.p, a->login.n);
	random_fill(s->bench->payload, sizeof(s->bench->payload));
	x25519_public(m.x25519, s->bench->payload);
	ed25519_public(m.ed25519, s->bench->payload + 32);
	TRY(member_put(s, EV_SLOT, &m));
	TRY(slot_password(s, j, &m));
	TRY(slot_recovery(s, &m, f->recovery));
	TRY(put_factors(s, &m, f));
	return directory_load(s);
}

static enum status admit(struct service *s, struct request *r, const struct admission *a)
{
	struct fresh f = { .recovery = { 0 } };
	enum status status = member_make(s, r->job, a, MEMBER_ACTIVE, &f);

	if (status == OK) {
		buf_put(r->out, f.recovery, sizeof(f.recovery));
		answer_factors(r->out, f.totp, f.sheet);
	}
	wipe(&f, sizeof(f));
	return status;
}

enum status call_admin_member(struct service *s, struct request *r)
{
	struct admission a = { .user = get_id(&r->body), .organisation = ID_ZERO };

	a.organisation = get_id(&r->body);
	a.login = get_bytes_view(&r->body, 63);
	a.password = get_bytes_view(&r->body, PASSWORD_MAX);
	a.roles = get_u32(&r->body);
	if (r->body.bad || id_is_zero(a.user))
		return E_INPUT;
	TRY(check_admission(s, &a));
	if (r->job == NULL && password_weak(s->words, a.password, a.login))
		return E_INPUT;
	return r->job == NULL ? slot_queue(s, r, a.password) : admit(s, r, &a);
}

enum status call_members(struct service *s, struct request *r)
{
	struct id organisation = get_id(&r->body);
	uint32_t n = 0;
	struct who w;

	if (r->body.bad)
		return E_INPUT;
	if (!r->admin)
		TRY(who_is(s, &r->token, &w, true));
	if (!r->admin && (w.kind != ACTOR_STAFF || !w.active))
		return E_DENIED;
	for (size_t i = 0; i < s->directory.member_n; i++)
		n += id_equal(s->directory.members[i].organisation, organisation);
	buf_u32(r->out, n);
	for (size_t i = 0; i < s->directory.member_n; i++) {
		const struct member_row *m = &s->directory.members[i];
		bool certified = member_cert(s, m) != NULL;

		if (!id_equal(m->organisation, organisation))
			continue;
		put_id(r->out, m->user);
		put_id(r->out, m->organisation);
		buf_u32(r->out, m->roles);
		buf_byte(r->out, (uint8_t)((m->state == MEMBER_ACTIVE) | certified << 1 | secrets_complete(s, m) << 2));
		buf_put(r->out, m->login, sizeof(m->login));
	}
	return OK;
}
