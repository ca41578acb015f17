/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The caller's side of people.h. */
#include "keeper/people.h"

#include "base/wipe.h"
#include "crypto/formats.h"
#include "keeper/admin.h"
#include "keeper/call.h"

#define PEOPLE_MAX 1000

static enum status ask(struct ctx *c, enum call what, const struct buf *b)
{
	struct reader r;

	TRY(call_keeper(c, what, b, &r));
	return call_done(c, &r);
}

static struct buf own_body(struct ctx *c)
{
	return call_body(c, &c->who->token);
}

static void get_name(struct reader *r, char name[64])
{
	get_bytes(r, name, 64);
	name[63] = 0;
}

static void get_fingerprint(struct reader *r, char text[40])
{
	static const char digits[] = "0123456789abcdef";
	uint8_t bytes[16];
	size_t at = 0;

	get_bytes(r, bytes, sizeof(bytes));
	for (size_t i = 0; i < sizeof(bytes); i++) {
		if (i > 0 && i % 2 == 0)
			text[at++] = ' ';
		text[at++] = digits[bytes[i] >> 4];
		text[at++] = digits[bytes[i] & 15];
	}
	text[at] = 0;
}

static enum language get_language(struct reader *r)
{
	uint8_t l = get_u8(r);

	if (l < LANGUAGE_COUNT)
		return (enum language)l;
	r->bad = true;
	return LANG_FR;
}

/* --- coming ---------------------------------------------------------------------------------------------------------------- */

struct sv join_ticket_text(struct arena *a, const struct join_ticket *t)
{
	return groups_write(a, sv_bytes(t->b, sizeof(t->b)));
}

bool join_ticket_read(struct arena *a, struct sv typed, struct join_ticket *out)
{
	struct sv bytes;

	if (typed.n > 100 || groups_read(a, typed, &bytes) != OK || bytes.n != sizeof(out->b))
		return false;
	for (size_t i = 0; i < sizeof(out->b); i++)
		out->b[i] = (uint8_t)bytes.p[i];
	return true;
}

static enum status invite(struct ctx *c, enum call what, struct buf *b, struct invitation *i, struct join_ticket *out)
{
	struct reader r;

	put_id(b, i->organisation);
	put_bytes(b, sv_of(i->login));
	buf_u32(b, i->roles);
	buf_byte(b, (uint8_t)i->language);
	TRY(call_keeper(c, what, b, &r));
	get_bytes(&r, out->b, sizeof(out->b));
	i->until = (int64_t)get_u64(&r);
	return call_done(c, &r);
}

enum status keeper_invite(struct ctx *c, struct invitation *i, struct join_ticket *out)
{
	struct buf b = own_body(c);

	return invite(c, CALL_INVITE, &b, i, out);
}

enum status admin_invite(struct ctx *c, struct invitation *i, struct join_ticket *out)
{
	struct buf b = call_body(c, &NO_TOKEN);

	return invite(c, CALL_ADMIN_INVITE, &b, i, out);
}

enum status keeper_invite_end(struct ctx *c, struct id invitation)
{
	struct buf b = own_body(c);

	put_id(&b, invitation);
	return ask(c, CALL_INVITE_END, &b);
}

static void get_invitation(struct reader *r, struct invitation *i)
{
	i->id = get_id(r);
	i->organisation = get_id(r);
	get_name(r, i->by);
	i->roles = get_u32(r);
	i->state = (enum invitation_state)get_u8(r);
	i->language = get_language(r);
	i->until = (int64_t)get_u64(r);
	get_name(r, i->login);
}

enum status keeper_join_look(struct ctx *c, const struct join_ticket *t, struct invitation *out)
{
	struct buf b = call_body(c, &NO_TOKEN);
	struct reader r;

	buf_put(&b, t->b, sizeof(t->b));
	TRY(call_keeper(c, CALL_JOIN_LOOK, &b, &r));
	get_invitation(&r, out);
	return call_done(c, &r);
}

enum status keeper_join(struct ctx *c, const struct join_ticket *t, struct sv password, struct token *half, char recovery[32])
{
	struct buf b = call_body(c, &NO_TOKEN);
	struct reader r;

	buf_put(&b, t->b, sizeof(t->b));
	put_bytes(&b, password);
	TRY(call_keeper(c, CALL_JOIN, &b, &r));
	get_bytes(&r, half->b, sizeof(half->b));
	get_bytes(&r, recovery, 32);
	recovery[31] = 0;
	return call_done(c, &r);
}

enum status keeper_join_factors(struct ctx *c, const struct token *half, struct factors *out)
{
	struct buf b = call_body(c, half);
	struct reader r;

	TRY(call_keeper(c, CALL_JOIN_FACTORS, &b, &r));
	get_bytes(&r, out->totp, sizeof(out->totp));
	get_bytes(&r, out->sheet, sizeof(out->sheet));
	for (size_t i = 0; i < FACTOR_SHEET_CODES; i++)
		out->sheet[i][8] = 0;
	get_name(&r, out->login);
	return call_done(c, &r);
}

enum status keeper_join_prove(struct ctx *c, const struct token *half, struct sv recovery, uint8_t factor, struct sv code,
			      struct joined *out)
{
	struct buf b = call_body(c, half);
	struct reader r;

	put_bytes(&b, recovery);
	buf_byte(&b, factor);
	put_bytes(&b, code);
	TRY(call_keeper(c, CALL_JOIN_PROVE, &b, &r));
	out->user = get_id(&r);
	out->organisation = get_id(&r);
	out->roles = get_u32(&r);
	out->language = get_language(&r);
	get_fingerprint(&r, out->fingerprint);
	return call_done(c, &r);
}

/* --- the list and its acts --------------------------------------------------------------------------------------------------- */

static void get_colleague(struct reader *r, struct colleague *p)
{
	uint8_t flags;

	p->user = get_id(r);
	p->organisation = get_id(r);
	p->roles = get_u32(r);
	p->proposed = get_u32(r);
	p->state = (enum colleague_state)get_u8(r);
	flags = get_u8(r);
	p->certified = flags & 1;
	p->holds_keys = flags & 2;
	p->word_needed = flags & 4;
	p->word_asked = flags & 8;
	p->word_by = get_id(r);
	p->thaw_by = get_id(r);
	p->recovered = (int64_t)get_u64(r);
	p->unknown = (int64_t)get_u64(r);
	p->unknown_by = get_id(r);
	get_name(r, p->login);
	get_fingerprint(r, p->fingerprint);
}

enum status keeper_people(struct ctx *c, struct id organisation, struct people *out)
{
	struct buf b = own_body(c);
	struct reader r;
	uint8_t flags;

	put_id(&b, organisation);
	TRY(call_keeper(c, CALL_PEOPLE, &b, &r));
	flags = get_u8(&r);
	*out = (struct people){
		.admin = flags & 1, .officer = flags & 2, .stepped_up = flags & 4, .founded = flags & 8, .colleagues = NULL
	};
	out->colleague_count = get_count(&r, PEOPLE_MAX);
	out->colleagues = ARENA_ARRAY(c->arena, struct colleague, out->colleague_count + 1);
	for (size_t i = 0; i < out->colleague_count && !r.bad; i++)
		get_colleague(&r, &out->colleagues[i]);
	out->invitation_count = get_count(&r, PEOPLE_MAX);
	out->invitations = ARENA_ARRAY(c->arena, struct invitation, out->invitation_count + 1);
	for (size_t i = 0; i < out->invitation_count && !r.bad; i++)
		get_invitation(&r, &out->invitations[i]);
	return call_done(c, &r);
}

enum status keeper_hosts(struct ctx *c, struct id organisation, struct agreement **out, size_t *n)
{
	struct buf b = own_body(c);
	struct reader r;

	put_id(&b, organisation);
	TRY(call_keeper(c, CALL_HOSTS, &b, &r));
	*n = get_count(&r, PEOPLE_MAX);
	*out = ARENA_ARRAY(c->arena, struct agreement, *n + 1);
	for (size_t i = 0; i < *n && !r.bad; i++) {
		struct agreement *a = &(*out)[i];

		a->organisation = get_id(&r);
		a->host = get_id(&r);
		a->roles = get_u32(&r);
		a->signs = get_u8(&r) != 0;
	}
	return call_done(c, &r);
}

enum status keeper_identity(struct ctx *c, struct id organisation, struct sv *request, char fingerprint[40])
{
	uint8_t digest[32];
	struct buf b = own_body(c);
	struct sv bytes;
	struct reader r;

	put_id(&b, organisation);
	TRY(call_keeper(c, CALL_IDENTITY, &b, &r));
	bytes = get_view(&r, AMC1_SIZE);
	TRY(call_done(c, &r));
	*request = groups_write(c->arena, bytes);
	hash32(digest, bytes.p, bytes.n);
	r = reader_of(sv_bytes(digest, 16));
	get_fingerprint(&r, fingerprint);
	return OK;
}

enum status keeper_colleague_act(struct ctx *c, enum colleague_act what, struct id user, uint32_t amount)
{
	struct buf b = own_body(c);

	buf_byte(&b, (uint8_t)what);
	put_id(&b, user);
	buf_u32(&b, amount);
	return ask(c, CALL_COLLEAGUE_ACT, &b);
}

/* --- secrets of one's own ---------------------------------------------------------------------------------------------------- */

enum status keeper_step_up(struct ctx *c, uint8_t factor, struct sv code, struct token *fresh)
{
	struct buf b = own_body(c);
	struct reader r;

	buf_byte(&b, factor);
	put_bytes(&b, code);
	TRY(call_keeper(c, CALL_STEP_UP, &b, &r));
	get_bytes(&r, fresh->b, sizeof(fresh->b));
	return call_done(c, &r);
}

enum status keeper_new_password(struct ctx *c, struct sv password)
{
	struct buf b = own_body(c);

	put_bytes(&b, password);
	return ask(c, CALL_NEW_PASSWORD, &b);
}

static enum status get_recovery(struct ctx *c, enum call what, const struct buf *b, char recovery[32])
{
	struct reader r;

	TRY(call_keeper(c, what, b, &r));
	get_bytes(&r, recovery, 32);
	recovery[31] = 0;
	return call_done(c, &r);
}

enum status keeper_new_recovery(struct ctx *c, char recovery[32])
{
	struct buf b = own_body(c);

	return get_recovery(c, CALL_NEW_RECOVERY, &b, recovery);
}

bool recovery_sound(struct sv typed)
{
	uint8_t code[16];
	bool sound = recovery_read(typed, code) == OK;

	wipe(code, sizeof(code));
	return sound;
}

enum status keeper_recover(struct ctx *c, const struct recovery_try *t, char recovery[32])
{
	struct buf b = call_body(c, &NO_TOKEN);

	put_bytes(&b, t->login);
	put_bytes(&b, t->recovery);
	buf_byte(&b, t->factor);
	put_bytes(&b, t->code);
	put_bytes(&b, t->password);
	return get_recovery(c, CALL_RECOVER, &b, recovery);
}

/* --- the command line ---------------------------------------------------------------------------------------------------------- */

enum status admin_host(struct ctx *c, const struct hosting *h)
{
	struct buf b = call_body(c, &NO_TOKEN);

	put_bytes(&b, h->officer);
	put_bytes(&b, h->password);
	put_id(&b, h->agreement.organisation);
	put_id(&b, h->agreement.host);
	buf_u32(&b, h->agreement.roles);
	buf_byte(&b, h->agreement.signs);
	return ask(c, CALL_ADMIN_HOST, &b);
}

enum status admin_roles(struct ctx *c, struct sv officer_login, struct sv password, struct id user, uint32_t roles, bool *waits)
{
	struct buf b = call_body(c, &NO_TOKEN);
	struct reader r;

	put_bytes(&b, officer_login);
	put_bytes(&b, password);
	put_id(&b, user);
	buf_u32(&b, roles);
	TRY(call_keeper(c, CALL_ADMIN_ROLES, &b, &r));
	*waits = get_u8(&r) != 0;
	return call_done(c, &r);
}

/* --- names ------------------------------------------------------------------------------------------------------------------------ */

enum status keeper_name_set(struct ctx *c, struct sv name)
{
	struct buf b = own_body(c);

	put_bytes(&b, name);
	return ask(c, CALL_NAME_SET, &b);
}

enum status keeper_names(struct ctx *c, struct member_name **out, size_t *n)
{
	struct buf b = own_body(c);
	struct reader r;

	TRY(call_keeper(c, CALL_NAMES, &b, &r));
	*n = get_count(&r, MEMBER_NAMES_MAX);
	*out = ARENA_ARRAY(c->arena, struct member_name, *n + 1);
	for (size_t i = 0; i < *n && !r.bad; i++) {
		(*out)[i].user = get_id(&r);
		(*out)[i].name = arena_copy(c->arena, get_bytes_view(&r, MEMBER_NAME_MAX));
	}
	return call_done(c, &r);
}
