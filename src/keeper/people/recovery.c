/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The second factor again (sealed design 5.1, step-up), and new secrets around a member's keys: a lost password comes back with the
 * recovery code and a second factor (sealed design 3, recovery a), which ends all sessions, makes a new code and is told to the officer;
 * a member at work changes password or code after a step-up. Keys never change here: nothing has to be wrapped anew. */
#include "keeper/people/admission.h"

#include <string.h>
#include "base/clock.h"
#include "base/random.h"
#include "base/wipe.h"
#include "keeper/people/ceremony.h"
#include "keeper/codec.h"
#include "keeper/people/weak.h"

#define STEP_UP_MS (5 * MINUTE_MS)
#define WRONG_STEPS 5

/* --- factors --------------------------------------------------------------------------------------------------------------- */

static enum status factor_of(struct service *s, struct id user, struct factor_row *out)
{
	struct sv body;

	TRY(row_get(s, ROW_FACTOR, row_object(ROW_FACTOR, user, ID_ZERO, 0), &body));
	return read_factor(body, out);
}

enum status factor_spend(struct service *s, const struct member_row *m, enum factor kind, struct sv code)
{
	struct act act = { .event = EV_SLOT, .actor = m->user, .organisation = m->organisation };
	struct row row = { ROW_FACTOR, row_object(ROW_FACTOR, m->user, ID_ZERO, 0), m->user, SV_NONE };
	uint8_t space[ROW_BODY_MAX];
	struct buf b = buf_over(space, sizeof(space));
	struct factor_row factor;

	TRY(factor_of(s, m->user, &factor));
	TRY(factor_check(s, kind, code, &factor));
	write_factor(&b, &factor);
	row.body = buf_view(&b);
	return row_put(s, &act, &row);
}

bool stepped_up(const struct service *s, const struct session *x)
{
	return x != NULL && x->kind == SESSION_STAFF && x->stepped != 0 && s->now - x->stepped < STEP_UP_MS;
}

/* A wrong factor within a session counts; too many end it. */
static enum status step_wrong(struct service *s, struct request *r, const struct who *w, enum status why)
{
	struct act failed = { .event = EV_LOGIN_FAIL, .actor = w->user, .organisation = w->organisation };

	r->keep = true;
	if (++w->session->wrong >= WRONG_STEPS)
		session_end(s->sessions, w->session, true, s->now);
	TRY(leaf_add(s, &failed, w->user, NULL, 0, NULL));
	return why;
}

enum status call_step_up(struct service *s, struct request *r)
{
	enum factor kind = (enum factor)get_u8(&r->body);
	struct sv code = get_bytes_view(&r->body, 64);
	const struct member_row *m;
	struct member_row copy;
	struct token fresh;
	enum status status;
	struct who w;

	if (r->body.bad)
		return E_INPUT;
	TRY(who_asks(s, r, &w));
	m = w.kind == ACTOR_STAFF ? member_by_user(s, w.user) : NULL;
	if (m == NULL)
		return E_DENIED;
	copy = *m;
	status = factor_spend(s, &copy, kind, code);
	if (status == E_DENIED || status == E_STATE)
		return step_wrong(s, r, &w, status);
	TRY(status);
	w.session->wrong = 0;
	w.session->stepped = s->now;
	session_renew(s->sessions, w.session, &fresh);
	TRY(capsule_seal(s, w.session, &fresh));
	buf_put(r->out, fresh.b, sizeof(fresh.b));
	return OK;
}

/* --- a lost password ------------------------------------------------------------------------------------------------------- */

/* The slot of a name, or the dummy, so that a name of nobody takes the same steps. */
static enum status recovery_slot(struct service *s, const struct member_row *m, uint8_t slot[AMP1_SIZE])
{
	struct sv body = SV_NONE;
	enum status status = m != NULL ? row_get(s, ROW_SLOT, row_object(ROW_SLOT, m->user, ID_ZERO, SLOT_RECOVERY), &body)
				       : row_get(s, ROW_INSTANCE, ID_ZERO, &body);

	if (m != NULL && status == OK && body.n == AMP1_SIZE)
		memcpy(slot, body.p, AMP1_SIZE);
	else
		memcpy(slot, s->instance.dummy, AMP1_SIZE);
	return status == E_NOTFOUND ? OK : status;
}

enum status recovery_open(struct service *s, struct sv login, struct sv typed)
{
	const struct member_row *m = member_by_login(s, login);
	uint8_t slot[AMP1_SIZE], code[16], stretched[32];
	struct slot_head head;
	enum status status;

	if (recovery_read(typed, code) != OK)
		return E_INPUT;
	TRY(recovery_slot(s, m, slot));
	TRY(amp1_head(sv_bytes(slot, sizeof(slot)), &head));
	slot_stretch_recovery(stretched, code, m != NULL ? m->user : head.user);
	status = E_DENIED;
	if (head.pepper_version > 0 && head.pepper_version <= s->vault->pepper_count)
		status = amp1_open(s->bench->payload, sv_bytes(slot, sizeof(slot)), stretched,
				   s->vault->pepper[head.pepper_version - 1]);
	wipe(code, sizeof(code));
	wipe(stretched, sizeof(stretched));
	return status == OK && m != NULL ? OK : E_DENIED;
}

/* --- what the officer is told ---------------------------------------------------------------------------------------------- */

enum status notice_put(struct service *s, struct id actor, const struct notice_row *n)
{
	struct act act = { .event = EV_CONFIGURATION, .actor = actor, .organisation = n->organisation };
	struct row row = { ROW_NOTICE, row_object(ROW_NOTICE, n->user, ID_ZERO, n->what), n->organisation, SV_NONE };
	uint8_t space[ROW_BODY_MAX];
	struct buf b = buf_over(space, sizeof(space));

	write_notice(&b, n);
	row.body = buf_view(&b);
	return row_put(s, &act, &row);
}

/* Taken away behind the keeper it would hide a recovery: then nothing more is said of this member at all. */
enum status notice_of(struct service *s, struct id user, enum notice what, struct notice_row *out)
{
	struct sv body;
	enum status status = row_get_whole(s, ROW_NOTICE, row_object(ROW_NOTICE, user, ID_ZERO, (uint8_t)what), &body);

	if (status == OK)
		return read_notice(body, out);
	*out = (struct notice_row){ .user = ID_ZERO };
	return status == E_NOTFOUND ? OK : status;
}

/* A recovery holds rights to give to others back for a day (sealed design 3): time to be found out when it was somebody else. */
enum status held_until(struct service *s, struct id user, int64_t *until)
{
	struct notice_row n;

	*until = 0;
	TRY(notice_of(s, user, NOTICE_RECOVERED, &n));
	if (!id_is_zero(n.user) && s->now < n.at + DAY_MS)
		*until = n.at + DAY_MS;
	return OK;
}

enum status rights_free(struct service *s, struct id user)
{
	int64_t until;

	TRY(held_until(s, user, &until));
	return until == 0 ? OK : E_STATE;
}

/* --- the way back ---------------------------------------------------------------------------------------------------------- */

struct recovering {
	struct sv login, recovery, code, password;
	enum factor kind;
};

/* Both secrets together: nobody learns which of them was wrong. */
static enum status prove_both(struct service *s, const struct recovering *q, struct member_row *out)
{
	const struct member_row *m;

	if (recovery_open(s, q->login, q->recovery) != OK)
		return E_DENIED;
	m = member_by_login(s, q->login);
	if (m == NULL || m->state != MEMBER_ACTIVE)
		return E_DENIED;
	*out = *m;
	memcpy(s->bench->capsule.sk, s->bench->payload, 32);
	return OK;
}

static enum status recovery_wrong(struct service *s, struct request *r, const struct recovering *q, enum status why)
{
	const struct member_row *m = member_by_login(s, q->login);
	struct act failed = { .event = EV_LOGIN_FAIL };

	r->keep = true;
	throttle_wrong(s->throttle, q->login, m != NULL, s->now);
	TRY(leaf_add(s, &failed, m != NULL ? m->user : ID_ZERO, NULL, 0, NULL));
	return why;
}

static enum status recovered(struct service *s, struct request *r, const struct member_row *m)
{
	const struct notice_row told = { m->user, m->organisation, s->now, NOTICE_RECOVERED, false, ID_ZERO };
	char fresh[32] = { 0 };

	TRY(slot_password(s, r->job, m));
	TRY(slot_recovery(s, m, fresh));
	TRY(notice_put(s, m->user, &told));
	sessions_end_user(s->sessions, m->user, s->now);
	throttle_right(s->throttle, sv_of(m->login));
	buf_put(r->out, fresh, sizeof(fresh));
	wipe(fresh, sizeof(fresh));
	return OK;
}

/* Factor and code are tried before the password is stretched, and spent when it is. */
enum status call_recover(struct service *s, struct request *r)
{
	struct recovering q = { .login = get_bytes_view(&r->body, 63), .recovery = get_bytes_view(&r->body, 128) };
	struct factor_row factor;
	struct member_row m;
	enum status status;

	q.kind = (enum factor)get_u8(&r->body);
	q.code = get_bytes_view(&r->body, 64);
	q.password = get_bytes_view(&r->body, PASSWORD_MAX);
	if (r->body.bad)
		return E_INPUT;
	if (r->job == NULL && password_weak(s->words, q.password, q.login))
		return E_INPUT;
	if (r->job == NULL && (r->retry_s = throttle_wait_s(s->throttle, q.login, member_by_login(s, q.login) != NULL, s->now)) > 0)
		return E_BUSY;
	status = prove_both(s, &q, &m);
	if (status == OK && r->job == NULL)
		status = factor_of(s, m.user, &factor);
	if (status == OK)
		status = r->job == NULL ? factor_check(s, q.kind, q.code, &factor) : factor_spend(s, &m, q.kind, q.code);
	if (status == E_DENIED || status == E_STATE)
		return recovery_wrong(s, r, &q, status);
	TRY(status);
	return r->job == NULL ? slot_queue(s, r, q.password) : recovered(s, r, &m);
}

/* --- changed at work --------------------------------------------------------------------------------------------------------- */

/* The member whose session stepped up a moment ago, with the secrets in the bench's payload. */
static enum status changing(struct service *s, struct request *r, struct member_row *out)
{
	const struct member_row *m;
	struct who w;

	TRY(who_asks(s, r, &w));
	m = w.kind == ACTOR_STAFF ? member_by_user(s, w.user) : NULL;
	if (m == NULL || !stepped_up(s, w.session))
		return E_DENIED;
	*out = *m;
	memcpy(s->bench->payload, s->bench->capsule.sk, 32);
	memcpy(s->bench->payload + 32, s->bench->capsule.seed, 32);
	return OK;
}

/* Who changes it may fear that somebody else has it: no other session goes on. */
static enum status password_changed(struct service *s, struct request *r, const struct member_row *m)
{
	const struct session *own = session_find(s->sessions, &r->token, s->now);

	TRY(slot_password(s, r->job, m));
	if (own != NULL)
		sessions_end_others(s->sessions, own, s->now);
	return OK;
}

enum status call_new_password(struct service *s, struct request *r)
{
	struct sv password = get_bytes_view(&r->body, PASSWORD_MAX);
	struct member_row m;

	if (r->body.bad)
		return E_INPUT;
	TRY(changing(s, r, &m));
	if (r->job == NULL && password_weak(s->words, password, sv_of(m.login)))
		return E_INPUT;
	return r->job == NULL ? slot_queue(s, r, password) : password_changed(s, r, &m);
}

enum status call_new_recovery(struct service *s, struct request *r)
{
	char fresh[32] = { 0 };
	struct member_row m;
	enum status status;

	TRY(changing(s, r, &m));
	status = slot_recovery(s, &m, fresh);
	if (status == OK)
		buf_put(r->out, fresh, sizeof(fresh));
	wipe(fresh, sizeof(fresh));
	return status;
}
