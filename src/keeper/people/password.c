/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A password is right when its slot opens; there is no other hash. An unknown name costs the same: the dummy slot, which nobody can
 * open, goes the same way. */
#include "keeper/people/login.h"

#include <string.h>
#include "base/random.h"
#include "base/wipe.h"
#include "keeper/people/admission.h"
#include "keeper/people/ceremony.h"

#define KEPT_PLACES 16u

/* The slot of a login, or the dummy; *m is NULL for the dummy. */
static enum status slot_of(struct service *s, struct sv login, const struct member_row **m, uint8_t slot[AMP1_SIZE])
{
	struct sv body = SV_NONE;
	enum status status;

	*m = member_by_login(s, login);
	if (*m != NULL)
		status = row_get(s, ROW_SLOT, row_object(ROW_SLOT, (*m)->user, ID_ZERO, SLOT_PASSWORD), &body);
	else
		status = row_get(s, ROW_INSTANCE, ID_ZERO, &body); /* the same steps for a name of nobody */
	if (*m != NULL && status == OK && body.n == AMP1_SIZE) {
		memcpy(slot, body.p, AMP1_SIZE);
		return OK;
	}
	*m = NULL;
	memcpy(slot, s->instance.dummy, AMP1_SIZE);
	return status == E_NOTFOUND ? OK : status;
}

static enum status queue_stretch(struct service *s, struct request *r, struct sv slot, struct sv password)
{
	struct slot_head head;
	struct job *j;

	TRY(amp1_head(slot, &head));
	j = argon_reserve(s->argon, QUEUE_LOGIN, r->stranger ? KEPT_PLACES : 0);
	if (j == NULL) {
		r->retry_s = argon_wait_s(s->argon);
		return E_BUSY;
	}
	j->kind = JOB_STRETCH;
	j->owner = r->from;
	memcpy(j->secret, password.p, password.n);
	j->secret_n = password.n;
	j->typed = password;
	memcpy(j->salt, head.salt, sizeof(j->salt));
	j->t = head.argon_t;
	j->m_kib = head.argon_m_kib;
	r->job = j;
	r->wait = true;
	return OK;
}

static enum status open_slot(struct service *s, const struct job *j, struct sv slot)
{
	struct slot_head head;

	TRY(amp1_head(slot, &head));
	if (j->status != OK)
		return j->status;
	if (head.pepper_version == 0 || head.pepper_version > s->vault->pepper_count)
		return E_DENIED;
	return amp1_open(s->bench->payload, slot, j->stretched, s->vault->pepper[head.pepper_version - 1]);
}

/* What the slot held, into the capsule. */
static enum status take_secrets(struct service *s, const struct member_row *m, const struct member_row **out)
{
	struct capsule *c = &s->bench->capsule;

	*c = (struct capsule){ 0 };
	memcpy(c->sk, s->bench->payload, 32);
	memcpy(c->seed, s->bench->payload + 32, 32);
	random_fill(c->cache_key, sizeof(c->cache_key));
	x25519_public(s->bench->room, c->sk);
	if (memcmp(s->bench->room, m->x25519, 32) != 0)
		return E_DENIED;
	*out = m;
	return OK;
}

enum status password_check(struct service *s, struct request *r, struct sv login, struct sv password, const struct member_row **out)
{
	const struct member_row *m;
	uint8_t slot[AMP1_SIZE];

	if (password.n == 0 || password.n > PASSWORD_MAX || login.n == 0 || login.n > 63)
		return E_DENIED;
	TRY(slot_of(s, login, &m, slot));
	if (r->job == NULL)
		return queue_stretch(s, r, sv_bytes(slot, sizeof(slot)), password);
	if (open_slot(s, r->job, sv_bytes(slot, sizeof(slot))) != OK || m == NULL || m->state != MEMBER_ACTIVE)
		return E_DENIED;
	return take_secrets(s, m, out);
}

/* --- a slot made anew -------------------------------------------------------------------------------------------------------- */

/* Parameters were raised since it was made (sealed design 2). The password is here now, and only now. */
enum status slot_remake(struct service *s, struct request *r, const struct member_row *m)
{
	const uint32_t m_kib = s->instance.demo ? SLOT_M_DEMO_KIB : SLOT_M_KIB;
	struct job *j = r->job;

	if (s->full || (j->t >= SLOT_T && j->m_kib >= m_kib) || !argon_again(s->argon, j))
		return OK;
	memcpy(j->payload, s->bench->payload, sizeof(j->payload));
	random_fill(j->salt, sizeof(j->salt));
	j->t = SLOT_T;
	j->m_kib = m_kib;
	j->again = true;
	r->wait = true;
	return OK;
}

enum status slot_remade(struct service *s, struct request *r, struct sv login, const struct member_row **out)
{
	const struct member_row *m = member_by_login(s, login);

	if (r->job->state == JOB_RESERVED) { /* the batch is worked on once more: it waits still */
		r->wait = true;
		return OK;
	}
	if (m == NULL || m->state != MEMBER_ACTIVE)
		return E_DENIED;
	memcpy(s->bench->payload, r->job->payload, sizeof(r->job->payload));
	TRY(take_secrets(s, m, out));
	return r->job->status == OK ? slot_password(s, r->job, m) : OK; /* a login does not fail by it */
}
