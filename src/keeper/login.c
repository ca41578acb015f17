/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From password to session: password (Argon2id beside the loop) gives a half session, the second factor a full one under a new token.
 * Here too: who stands behind a token, and its end. */
#include "keeper/login.h"

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

enum status call_login(struct service *s, struct request *r)
{
	struct sv login = get_bytes_view(&r->body, 63), password = get_bytes_view(&r->body, PASSWORD_MAX);
	const bool known = !r->body.bad && member_by_login(s, login) != NULL;
	struct act failed = { .event = EV_LOGIN_FAIL };
	const struct member_row *m = NULL;
	struct session *x;
	struct token half;
	enum status status;

	if (r->body.bad)
		return E_INPUT;
	if (r->job == NULL && (r->retry_s = throttle_wait_s(s->throttle, login, known, s->now)) > 0)
		return E_BUSY;
	status = password_check(s, r, login, password, &m);
	if (r->wait || status == E_BUSY)
		return status;
	if (status != OK) {
		throttle_wrong(s->throttle, login, known, s->now);
		m = member_by_login(s, login);
		return login_failed(s, r, &failed, m != NULL ? m->user : ID_ZERO);
	}
	x = session_begin(s->sessions, SESSION_HALF, m->user, s->now, &half);
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
	if (++half->wrong >= WRONG_SECONDS)
		session_end(s->sessions, half, false, s->now);
	throttle_wrong(s->throttle, sv_of(m->login), true, s->now); /* or a known password would give five more each time */
	TRY(leaf_add(s, &failed, m->user, NULL, 0, NULL));
	return why;
}

enum status call_second(struct service *s, struct request *r)
{
	enum factor kind = (enum factor)get_u8(&r->body);
	struct sv code = get_bytes_view(&r->body, 64), body = SV_NONE;
	struct session *half = session_find(s->sessions, &r->token, s->now);
	const struct member_row *m = half != NULL ? member_by_user(s, half->user) : NULL;
	struct factor_row factor;
	struct token full;
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
	throttle_right(s->throttle, sv_of(m->login));
	TRY(begin_staff(s, m, &full));
	session_end(s->sessions, half, false, s->now);
	buf_put(r->out, full.b, sizeof(full.b));
	return OK;
}

/* --- who asks ------------------------------------------------------------------------------------------------------------- */

static enum status who_of(struct service *s, struct session *x, struct who *out)
{
	const struct member_row *m;
	const struct dossier *d;

	*out = (struct who){ .session = x, .user = x->user };
	if (x->kind == SESSION_REPORTER) {
		/* The code may have been replaced since. */
		if (dossier_load(s, x->dossier, &d) != OK || !d->has_receipt || !id_equal(d->receipt.locator, x->locator))
			return E_DENIED;
		out->kind = ACTOR_REPORTER;
		out->roles = ROLE_BIT(ROLE_REPORTER);
		out->own = x->dossier;
		out->cert = x->locator;
		out->active = true;
		return OK;
	}
	m = member_by_user(s, x->user);
	if (m == NULL || m->state != MEMBER_ACTIVE || x->kind != SESSION_STAFF)
		return E_DENIED;
	out->kind = ACTOR_STAFF;
	out->organisation = m->organisation;
	out->roles = m->roles;
	out->cert = m->cert;
	out->active = member_cert(s, m) != NULL;
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
			     .idle_until = session_idle_until(x),
			     .until = session_until(x) };
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

enum status call_logout(struct service *s, struct request *r)
{
	struct session *x = session_find(s->sessions, &r->token, s->now);

	if (x != NULL)
		session_end(s->sessions, x, true, s->now);
	return OK;
}
