/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Admission (sealed design 3): an administrator invites, a ticket of 128 bits serves once within seven days, its hash alone is kept. Who
 * brings it chooses a password and gets recovery code, time codes and sheet once; only when the recovery code and a factor came back does
 * the member exist and the ticket end. Cut off before, the ticket begins anew with other keys. The officer certifies later. */
#include "keeper/people/admission.h"

#include <string.h>
#include "base/clock.h"
#include "base/random.h"
#include "base/wipe.h"
#include "keeper/people/ceremony.h"
#include "keeper/codec.h"
#include "keeper/people/weak.h"

#define TICKET_BYTES 16
#define INVITE_MS (7 * DAY_MS)

/* Object and remainder of the hash of a ticket. */
static void ticket_hash(const uint8_t ticket[TICKET_BYTES], struct id *object, uint8_t rest[16])
{
	uint8_t message[5 + TICKET_BYTES] = "join\1", hash[32];

	memcpy(message + 5, ticket, TICKET_BYTES);
	hash32(hash, message, sizeof(message));
	memcpy(object->b, hash, 16);
	memcpy(rest, hash + 16, 16);
	wipe(message, sizeof(message));
}

static enum status invite_put(struct service *s, struct id actor, const struct invite_row *i)
{
	struct act act = { .event = EV_SLOT, .actor = actor, .organisation = i->organisation };
	struct row row = { ROW_INVITE, i->object, i->organisation, SV_NONE };
	uint8_t space[ROW_BODY_MAX];
	struct buf b = buf_over(space, sizeof(space));

	write_invite(&b, i);
	row.body = buf_view(&b);
	return row_put(s, &act, &row);
}

/* E_NOTFOUND: no ticket of ours. */
static enum status invite_of(struct service *s, struct reader *body, struct invite_row *out)
{
	uint8_t ticket[TICKET_BYTES], rest[16];
	struct id object;
	struct sv row;

	get_bytes(body, ticket, sizeof(ticket));
	if (body->bad)
		return E_INPUT;
	ticket_hash(ticket, &object, rest);
	wipe(ticket, sizeof(ticket));
	TRY(row_get(s, ROW_INVITE, object, &row));
	TRY(read_invite(row, out));
	return equal_ct(rest, out->hash, sizeof(rest)) ? OK : E_NOTFOUND;
}

/* It goes on as long as it is in time and who made it may still invite. */
static bool invite_stands(const struct service *s, const struct invite_row *i)
{
	const struct member_row *by = id_is_zero(i->by) ? NULL : member_by_user(s, i->by);

	if (i->state > INVITE_BEGUN || i->until <= s->now || !organisation_known(s, i->organisation))
		return false;
	return id_is_zero(i->by) || (by != NULL && by->state == MEMBER_ACTIVE && member_cert(s, by) != NULL &&
				     serves(s, by->organisation, by->roles, i->organisation, ROLE_ORG_ADMIN));
}

/* --- inviting -------------------------------------------------------------------------------------------------------------- */

struct name_search {
	struct sv login;
	bool taken;
};

static enum status same_name(struct service *s, void *arg, enum row_kind kind, struct id object, struct sv body)
{
	struct name_search *search = arg;
	struct invite_row i;

	TRY(read_invite(body, &i));
	search->taken = search->taken || (invite_stands(s, &i) && sv_equal(sv_of(i.login), search->login));
	return OK;
}

static enum status invite(struct service *s, struct request *r, struct id by, struct invite_row *i, struct sv login)
{
	struct name_search search = { login, false };
	uint8_t ticket[TICKET_BYTES];

	if (!organisation_known(s, i->organisation))
		return E_NOTFOUND;
	if (!login_sound(login) || !login_of(s, i->organisation, login) || !roles_sound(i->roles) || i->language >= LANGUAGE_COUNT)
		return E_INPUT;
	TRY(rows_kind(s, ROW_INVITE, same_name, &search));
	if (search.taken || member_by_login(s, login) != NULL)
		return E_CONFLICT;
	random_fill(ticket, sizeof(ticket));
	ticket_hash(ticket, &i->object, i->hash);
	memcpy(i->login, login.p, login.n);
	i->by = by;
	i->state = INVITE_OPEN;
	i->until = s->now + INVITE_MS;
	buf_put(r->out, ticket, sizeof(ticket));
	buf_u64(r->out, (uint64_t)i->until);
	wipe(ticket, sizeof(ticket));
	return invite_put(s, by, i);
}

static enum status read_invitation(struct request *r, struct invite_row *i, struct sv *login)
{
	i->organisation = get_id(&r->body);
	*login = get_bytes_view(&r->body, 63);
	i->roles = get_u32(&r->body);
	i->language = get_u8(&r->body);
	return r->body.bad ? E_INPUT : OK;
}

enum status call_invite(struct service *s, struct request *r)
{
	struct invite_row i = { .state = INVITE_OPEN };
	struct sv login;
	struct who w;

	TRY(who_asks(s, r, &w));
	TRY(read_invitation(r, &i, &login));
	if (!w.active || !serves(s, w.organisation, w.roles, i.organisation, ROLE_ORG_ADMIN))
		return E_DENIED;
	TRY(rights_free(s, w.user));
	return invite(s, r, w.user, &i, login);
}

enum status call_admin_invite(struct service *s, struct request *r)
{
	struct invite_row i = { .state = INVITE_OPEN };
	struct sv login;

	TRY(read_invitation(r, &i, &login));
	return invite(s, r, ID_ZERO, &i, login);
}

static enum status drop_row(struct service *s, enum row_kind kind, struct id object, struct id parent)
{
	struct act act = { .event = EV_VOID };
	const struct row gone = { kind, object, parent, SV_NONE };
	struct sv body;
	enum status status = row_get(s, kind, object, &body);

	return status == OK ? row_put(s, &act, &gone) : status == E_NOTFOUND ? OK : status;
}

/* What an unfinished beginning left goes: member, slots, factors. */
static enum status forget_beginning(struct service *s, const struct invite_row *i)
{
	const struct member_row *m = member_by_user(s, i->user);

	if (m == NULL || m->state != MEMBER_NEW)
		return OK;
	sessions_end_user(s->sessions, i->user, s->now);
	TRY(drop_row(s, ROW_SLOT, row_object(ROW_SLOT, i->user, ID_ZERO, SLOT_PASSWORD), i->user));
	TRY(drop_row(s, ROW_SLOT, row_object(ROW_SLOT, i->user, ID_ZERO, SLOT_RECOVERY), i->user));
	TRY(drop_row(s, ROW_FACTOR, row_object(ROW_FACTOR, i->user, ID_ZERO, 0), i->user));
	TRY(drop_row(s, ROW_MEMBER, i->user, i->organisation));
	return directory_load(s);
}

enum status call_invite_end(struct service *s, struct request *r)
{
	struct id object = get_id(&r->body);
	struct invite_row i;
	struct sv body;
	struct who w;

	if (r->body.bad)
		return E_INPUT;
	TRY(who_asks(s, r, &w));
	TRY(row_get(s, ROW_INVITE, object, &body));
	TRY(read_invite(body, &i));
	if (!w.active || !serves(s, w.organisation, w.roles, i.organisation, ROLE_ORG_ADMIN))
		return E_NOTFOUND;
	if (i.state > INVITE_BEGUN)
		return E_STATE;
	TRY(forget_beginning(s, &i));
	i.state = INVITE_ENDED;
	return invite_put(s, w.user, &i);
}

/* --- coming ---------------------------------------------------------------------------------------------------------------- */

void put_invitation(struct service *s, struct buf *b, const struct invite_row *i)
{
	const struct member_row *by = member_by_user(s, i->by);
	char name[64] = { 0 };

	if (by != NULL)
		memcpy(name, by->login, sizeof(name));
	put_id(b, i->object);
	put_id(b, i->organisation);
	buf_put(b, name, sizeof(name));
	buf_u32(b, i->roles);
	buf_byte(b, (uint8_t)(i->state > INVITE_BEGUN || invite_stands(s, i) ? i->state : 0));
	buf_byte(b, i->language);
	buf_u64(b, (uint64_t)i->until);
	buf_put(b, i->login, sizeof(i->login));
}

enum status call_join_look(struct service *s, struct request *r)
{
	struct invite_row i;

	TRY(invite_of(s, &r->body, &i));
	put_invitation(s, r->out, &i);
	return OK;
}

static enum status begin(struct service *s, struct request *r, struct invite_row *i, struct sv password)
{
	struct admission a = { .user = id_new(),
			       .organisation = i->organisation,
			       .login = sv_of(i->login),
			       .password = password,
			       .roles = i->roles,
			       .by = i->by };
	struct fresh f = { .recovery = { 0 } };
	struct token token;
	struct session *x;
	enum status status;

	TRY(forget_beginning(s, i));
	if (member_by_login(s, a.login) != NULL)
		return E_CONFLICT;
	status = member_make(s, r->job, &a, MEMBER_NEW, &f);
	if (status == OK) {
		s->bench->capsule = (struct capsule){ .count = 0 };
		memcpy(s->bench->capsule.sk, s->bench->payload, 32);
		memcpy(s->bench->capsule.seed, s->bench->payload + 32, 32);
		x = session_begin(s->sessions, SESSION_JOIN, a.user, s->now, &token);
		status = capsule_seal(s, x, &token);
	}
	if (status == OK) {
		buf_put(r->out, token.b, sizeof(token.b));
		buf_put(r->out, f.recovery, sizeof(f.recovery));
	}
	wipe(&f, sizeof(f));
	TRY(status);
	i->user = a.user;
	i->state = INVITE_BEGUN;
	return invite_put(s, a.user, i);
}

enum status call_join(struct service *s, struct request *r)
{
	struct invite_row i;
	struct sv password;

	TRY(invite_of(s, &r->body, &i));
	password = get_bytes_view(&r->body, PASSWORD_MAX);
	if (r->body.bad)
		return E_INPUT;
	if (!invite_stands(s, &i))
		return E_STATE;
	if (r->job == NULL && password_weak(s->words, password, sv_of(i.login)))
		return E_INPUT;
	return r->job == NULL ? slot_queue(s, r, password) : begin(s, r, &i, password);
}

/* The session between beginning and proof, its capsule open. */
static enum status joining(struct service *s, struct request *r, struct session **x, struct member_row *m)
{
	const struct member_row *known;

	*x = session_find(s->sessions, &r->token, s->now);
	if (*x == NULL || (*x)->kind != SESSION_JOIN)
		return E_DENIED;
	known = member_by_user(s, (*x)->user);
	if (known == NULL || known->state != MEMBER_NEW)
		return E_DENIED;
	*m = *known;
	return capsule_open(s, *x, &r->token);
}

enum status call_join_factors(struct service *s, struct request *r)
{
	char sheet[SHEET_CODES * SHEET_DIGITS];
	struct factor_row factor;
	struct member_row m;
	uint8_t totp[20];
	struct session *x;
	struct sv body;

	TRY(joining(s, r, &x, &m));
	TRY(row_get(s, ROW_FACTOR, row_object(ROW_FACTOR, m.user, ID_ZERO, 0), &body));
	TRY(read_factor(body, &factor));
	TRY(factor_read(s, &factor, totp, sheet));
	answer_factors(r->out, totp, sheet);
	buf_put(r->out, m.login, sizeof(m.login));
	wipe(totp, sizeof(totp));
	wipe(sheet, sizeof(sheet));
	return OK;
}

struct used_search {
	struct id user;
	struct invite_row found;
};

static enum status made_by(struct service *s, void *arg, enum row_kind kind, struct id object, struct sv body)
{
	struct used_search *search = arg;
	struct invite_row i;

	TRY(read_invite(body, &i));
	if (id_equal(i.user, search->user))
		search->found = i;
	return OK;
}

/* The ticket is used, the member waits for the officer. */
static enum status finish(struct service *s, struct request *r, struct session *x, struct member_row *m)
{
	struct used_search search = { .user = m->user };
	uint8_t print[16];

	TRY(rows_kind(s, ROW_INVITE, made_by, &search));
	if (search.found.state != INVITE_BEGUN || !invite_stands(s, &search.found))
		return E_STATE;
	m->state = MEMBER_ACTIVE;
	TRY(member_put(s, EV_SLOT, m));
	search.found.state = INVITE_USED;
	TRY(invite_put(s, m->user, &search.found));
	session_end(s->sessions, x, false, s->now);
	put_id(r->out, m->user);
	put_id(r->out, m->organisation);
	buf_u32(r->out, m->roles);
	buf_byte(r->out, search.found.language);
	member_print(print, m);
	buf_put(r->out, print, sizeof(print));
	return directory_load(s);
}

enum status call_join_prove(struct service *s, struct request *r)
{
	struct sv recovery = get_bytes_view(&r->body, 128);
	enum factor kind = (enum factor)get_u8(&r->body);
	struct sv code = get_bytes_view(&r->body, 64);
	struct member_row m;
	struct session *x;

	if (r->body.bad)
		return E_INPUT;
	TRY(joining(s, r, &x, &m));
	if (recovery_open(s, sv_of(m.login), recovery) != OK)
		return E_INPUT;
	TRY(factor_spend(s, &m, kind, code));
	return finish(s, r, x, &m);
}
