/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From password to session: password (Argon2id beside the loop) gives a half session, the second factor a full one under a new token.
 * Here too: who stands behind a token, and its end. */
#include "keeper/people/admission.h"

#include <string.h>
#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "keeper/codec.h"

#define WRONG_SECONDS 5

static enum status login_failed(struct service *s, struct request *r, const struct act *act, struct id object)
{
	r->keep = true;
	TRY(leaf_add(s, act, object, NULL, 0, NULL));
	return E_DENIED;
}

/* Who tries: a known device, or a name. */
struct lane {
	struct sv login;
	bool member, device;
	struct id name; /* of the device */
};

/* The same steps for every name and every device. */
static enum status lane_of(struct service *s, struct sv login, const struct token *device, struct lane *l)
{
	const struct member_row *m = member_by_login(s, login);
	struct id user = m != NULL ? m->user : ID_ZERO;

	*l = (struct lane){ .login = login, .member = m != NULL, .name = device_name(device, user) };
	return device_known(s, l->name, user, &l->device);
}

static uint32_t lane_wait_s(const struct service *s, const struct lane *l)
{
	return l->device ? throttle_device_wait_s(s->throttle, l->name, s->now)
			 : throttle_wait_s(s->throttle, l->login, l->member, s->now);
}

static void lane_wrong(const struct service *s, const struct lane *l)
{
	if (l->device)
		throttle_device_wrong(s->throttle, l->name, s->now);
	else
		throttle_wrong(s->throttle, l->login, l->member, s->now);
}

static enum status check(struct service *s, struct request *r, struct sv login, struct sv password, const struct member_row **m)
{
	if (r->job != NULL && r->job->again)
		return slot_remade(s, r, login, m);
	TRY(password_check(s, r, login, password, m));
	return r->job != NULL && !r->wait ? slot_remake(s, r, *m) : OK;
}

enum status call_login(struct service *s, struct request *r)
{
	struct sv login = get_bytes_view(&r->body, 63), password = get_bytes_view(&r->body, PASSWORD_MAX);
	struct act failed = { .event = EV_LOGIN_FAIL };
	const struct member_row *m = NULL;
	struct token device, half;
	struct session *x;
	enum status status;
	struct lane lane;

	get_bytes(&r->body, device.b, sizeof(device.b));
	if (r->body.bad)
		return E_INPUT;
	TRY(lane_of(s, login, &device, &lane));
	r->stranger = !lane.device;
	if (r->job == NULL && (r->retry_s = lane_wait_s(s, &lane)) > 0)
		return E_BUSY;
	status = check(s, r, login, password, &m);
	if (r->wait || status == E_BUSY)
		return status;
	if (status != OK) {
		lane_wrong(s, &lane);
		m = member_by_login(s, login);
		return login_failed(s, r, &failed, m != NULL ? m->user : ID_ZERO);
	}
	x = session_begin(s->sessions, SESSION_HALF, m->user, s->now, &half);
	x->device = lane.device ? lane.name : ID_ZERO;
	TRY(capsule_seal(s, x, &half));
	buf_put(r->out, half.b, sizeof(half.b));
	return OK;
}

static enum status begin_staff(struct service *s, const struct member_row *row, struct token *full)
{
	const struct member_row m = *row;
	struct session *x;

	TRY(secrets_read(s, &m));
	TRY(work_off(s, &m));
	x = session_begin(s->sessions, SESSION_STAFF, m.user, s->now, full);
	x->secrets_epoch = x->work_epoch = s->directory.epoch;
	TRY(held_until(s, m.user, &x->held));
	return capsule_seal(s, x, full);
}

static enum status put_factor(struct service *s, const struct member_row *m, const struct factor_row *f)
{
	struct act act = { .event = EV_LOGIN, .actor = m->user, .organisation = m->organisation };
	struct row row = { ROW_FACTOR, row_object(ROW_FACTOR, m->user, ID_ZERO, 0), m->user, SV_NONE };
	uint8_t space[ROW_BODY_MAX];
	struct buf b = buf_over(space, sizeof(space));

	write_factor(&b, f);
	row.body = buf_view(&b);
	return row_put(s, &act, &row);
}

static enum status second_wrong(struct service *s, struct request *r, struct session *half, const struct member_row *m,
				enum status why)
{
	struct act failed = { .event = EV_LOGIN_FAIL, .actor = m->user, .organisation = m->organisation };

	r->keep = true;
	if (id_is_zero(half->device)) /* counted, or a known password would give five more each time */
		throttle_wrong(s->throttle, sv_of(m->login), true, s->now);
	else
		throttle_device_wrong(s->throttle, half->device, s->now);
	if (++half->wrong >= WRONG_SECONDS)
		session_end(s->sessions, half, false, s->now);
	TRY(leaf_add(s, &failed, m->user, NULL, 0, NULL));
	return why;
}

/* The lane it came by is free again; a known device stays known, a browser that was none becomes one. */
static enum status right_from(struct service *s, const struct session *half, const struct member_row *m, bool wanted,
			      struct token *device)
{
	*device = (struct token){ { 0 } };
	if (id_is_zero(half->device)) {
		throttle_right(s->throttle, sv_of(m->login));
		return wanted && !s->full ? device_new(s, m->user, device) : OK;
	}
	throttle_device_right(s->throttle, half->device);
	return s->full ? OK : device_put(s, half->device, m->user);
}

enum status call_second(struct service *s, struct request *r)
{
	enum factor kind = (enum factor)get_u8(&r->body);
	struct sv code = get_bytes_view(&r->body, 64), body = SV_NONE;
	bool wanted = get_u8(&r->body) != 0;
	struct session *half = session_find(s->sessions, &r->token, s->now);
	const struct member_row *m = half != NULL ? member_by_user(s, half->user) : NULL;
	struct factor_row factor;
	struct token full, device;
	enum status status;

	if (r->body.bad || half == NULL || half->kind != SESSION_HALF || m == NULL || m->state != MEMBER_ACTIVE)
		return E_DENIED;
	TRY(capsule_open(s, half, &r->token));
	TRY(row_get(s, ROW_FACTOR, row_object(ROW_FACTOR, m->user, ID_ZERO, 0), &body));
	TRY(read_factor(body, &factor));
	status = factor_check(s, kind, code, &factor);
	if (status == E_DENIED || status == E_STATE)
		return second_wrong(s, r, half, m, status);
	TRY(status);
	TRY(put_factor(s, m, &factor));
	TRY(right_from(s, half, m, wanted, &device));
	TRY(begin_staff(s, m, &full));
	session_end(s->sessions, half, false, s->now);
	buf_put(r->out, full.b, sizeof(full.b));
	buf_put(r->out, device.b, sizeof(device.b));
	return OK;
}

/* --- who asks ------------------------------------------------------------------------------------------------------------- */

struct who who_member(const struct service *s, const struct member_row *m)
{
	return (struct who){ .kind = ACTOR_STAFF,
			     .user = m->user,
			     .organisation = m->organisation,
			     .cert = m->cert,
			     .roles = m->roles,
			     .active = m->state == MEMBER_ACTIVE && member_cert(s, m) != NULL };
}

struct who who_has_code(const struct dossier *d)
{
	return (struct who){ .kind = ACTOR_REPORTER,
			     .cert = d->receipt.locator,
			     .roles = ROLE_BIT(ROLE_REPORTER),
			     .active = true,
			     .own = d->row.id };
}

static enum status who_of(struct service *s, struct session *x, struct who *out)
{
	const struct member_row *m;
	const struct dossier *d;

	*out = (struct who){ .session = x, .user = x->user };
	if (x->kind == SESSION_REPORTER) {
		/* The code may have been replaced since. */
		if (dossier_load(s, x->dossier, &d) != OK || !d->has_receipt || !id_equal(d->receipt.locator, x->locator))
			return E_DENIED;
		*out = who_has_code(d);
		out->session = x;
		out->user = x->user;
		return OK;
	}
	m = member_by_user(s, x->user);
	if (m == NULL || m->state != MEMBER_ACTIVE || x->kind != SESSION_STAFF)
		return E_DENIED;
	*out = who_member(s, m);
	out->session = x;
	return OK;
}

enum status who_is(struct service *s, const struct token *t, struct who *out, bool use)
{
	struct session *x = session_find(s->sessions, t, s->now);

	if (x == NULL)
		return E_DENIED;
	if (use)
		x->used = s->now;
	return who_of(s, x, out);
}

/* Somebody was certified, a key was signed: read secrets again, see whether work waits. Rare. */
static enum status catch_up(struct service *s, struct request *r, struct session *x)
{
	const struct member_row *m = member_by_user(s, x->user);
	struct member_row copy;

	if (m == NULL)
		return E_DENIED;
	copy = *m;
	TRY(secrets_read(s, &copy));
	TRY(work_off(s, &copy));
	x->secrets_epoch = x->work_epoch = s->directory.epoch;
	return capsule_seal(s, x, &r->token);
}

enum status who_asks(struct service *s, struct request *r, struct who *out)
{
	TRY(who_is(s, &r->token, out, true));
	r->asked = *out;
	TRY(capsule_open(s, out->session, &r->token));
	if (out->kind == ACTOR_STAFF && out->session->secrets_epoch != s->directory.epoch)
		TRY(catch_up(s, r, out->session));
	return OK;
}

/* --- session and its end --------------------------------------------------------------------------------------------------- */

static void describe(struct service *s, const struct who *w, struct actor *a)
{
	const struct session *x = w->session;
	const struct member_row *m = member_by_user(s, w->user);

	*a = (struct actor){ .kind = w->kind,
			     .user = w->user,
			     .organisation = w->organisation,
			     .roles = w->roles,
			     .dossier = w->own,
			     .recipient = w->cert,
			     .language = LANG_FR,
			     .waiting = w->kind == ACTOR_STAFF && !w->active,
			     .idle_until = session_idle_until(x),
			     .until = session_until(x),
			     .held_until = x->held };
	memcpy(a->csrf, x->csrf, sizeof(a->csrf));
	if (m != NULL) {
		memcpy(a->login, m->login, sizeof(a->login));
		a->drafts = drafts_count(s, w->user);
	}
}

enum status call_session(struct service *s, struct request *r)
{
	struct actor a = { .kind = ACTOR_NONE };
	const struct ended *e;
	struct who w;

	if (who_is(s, &r->token, &w, true) == OK) {
		describe(s, &w, &a);
		put_actor(r->out, &a);
		return OK;
	}
	e = session_ended(s->sessions, &r->token, s->now);
	if (e == NULL)
		return E_DENIED;
	a.user = e->user;
	memcpy(a.csrf, e->csrf, sizeof(a.csrf));
	put_actor(r->out, &a);
	r->keep = true;
	return E_STATE;
}

/* A desk several people use: without use the session ends sooner, whatever becomes of the page on its screen. */
enum status call_shared_desk(struct service *s, struct request *r)
{
	bool shared = get_u8(&r->body) != 0;
	struct who w;

	if (r->body.bad)
		return E_INPUT;
	TRY(who_is(s, &r->token, &w, true));
	if (w.kind != ACTOR_STAFF)
		return E_DENIED;
	w.session->shared = shared;
	return OK;
}

enum status call_logout(struct service *s, struct request *r)
{
	struct session *x = session_find(s->sessions, &r->token, s->now);

	if (x != NULL)
		session_end(s->sessions, x, true, s->now);
	return OK;
}
