/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Founding and certifying (sealed design 3): organisation, its identity key, the root's certificate over it, members' certificates,
 * routes, freeze. Each password here goes the way of a login; each change is a row with its leaf. */
#include "keeper/people/admission.h"
#include "keeper/people/ceremony.h"

#include <string.h>
#include "base/clock.h"
#include "base/random.h"
#include "base/wipe.h"
#include "keeper/codec.h"

#define MEMBER_YEARS 2

static enum status put_small(struct service *s, const struct act *act, enum row_kind kind, struct id object, struct id parent,
			     struct sv body)
{
	const struct row row = { kind, object, parent, body };

	TRY(row_put(s, act, &row));
	return directory_load(s);
}

static bool code_sound(struct sv code)
{
	for (size_t i = 0; i < code.n; i++)
		if (!((code.p[i] >= 'a' && code.p[i] <= 'z') || (code.p[i] >= '0' && code.p[i] <= '9') || code.p[i] == '-'))
			return false;
	return code.n > 0 && code.n < ORGANISATION_CODE;
}

/* Anything that hangs on the organisation? A founding that was cut off leaves its row and perhaps tickets, which die with it. */
static bool in_use(const struct service *s, struct id organisation)
{
	const struct directory *d = &s->directory;

	for (size_t i = 0; i < d->member_n; i++)
		if (id_equal(d->members[i].organisation, organisation))
			return true;
	for (size_t i = 0; i < d->host_n; i++)
		if (id_equal(d->hosts[i].organisation, organisation) || id_equal(d->hosts[i].host, organisation))
			return true;
	for (size_t i = 0; i < d->waiting_n; i++)
		if (id_equal(d->waiting[i].organisation, organisation))
			return true;
	return identity_known(s, organisation) || (d->has_programme && id_equal(d->programme.organisation, organisation));
}

static enum status code_take(struct service *s, struct sv code)
{
	struct act act = { .event = EV_VOID };

	for (size_t i = 0; i < s->directory.organisation_n; i++) {
		const struct organisation_row o = s->directory.organisations[i];
		const struct row gone = { ROW_ORGANISATION, o.id, o.id, SV_NONE };

		if (sv_equal(sv_of(o.code), code))
			return in_use(s, o.id) ? E_CONFLICT : row_put(s, &act, &gone);
	}
	return OK;
}

enum status call_admin_organisation(struct service *s, struct request *r)
{
	struct organisation_row row = { .id = get_id(&r->body) };
	struct sv code = get_bytes_view(&r->body, ORGANISATION_CODE);
	struct act act = { .event = EV_CONFIGURATION, .organisation = row.id };
	uint8_t space[ROW_BODY_MAX];
	struct buf b = buf_over(space, sizeof(space));

	if (r->body.bad || id_is_zero(row.id) || !code_sound(code))
		return E_INPUT;
	if (organisation_known(s, row.id))
		return E_CONFLICT;
	TRY(code_take(s, code));
	memcpy(row.code, code.p, code.n);
	write_organisation(&b, &row);
	return put_small(s, &act, ROW_ORGANISATION, row.id, row.id, buf_view(&b));
}

/* --- the organisation's identity ----------------------------------------------------------------------------------------- */

/* The request: a certificate of type 1 under its own key, the same whenever it is asked for, so that its fingerprint is the one that was read
 * out. It counts at no time; the root gives the certificate its own. */
static enum status write_request(struct request *r, const struct unsigned_row *u, const uint8_t seed[32])
{
	struct cert cert = { .type = CERT_ORGANISATION,
			     .id = u->cert,
			     .subject = u->organisation,
			     .organisation = u->organisation,
			     .epoch = 1,
			     .not_before = 0,
			     .not_after = 1 };
	uint8_t bytes[AMC1_SIZE];

	memcpy(cert.ed25519, u->pk, sizeof(cert.ed25519));
	TRY(amc1_sign(bytes, &cert, seed));
	buf_put(r->out, bytes, sizeof(bytes));
	return OK;
}

enum status identity_make(struct service *s, const struct member_row *m, struct id organisation)
{
	struct unsigned_row u = { .organisation = organisation, .cert = id_new() };
	struct act act = { .event = EV_KEY, .actor = m->user, .organisation = organisation };
	uint8_t *seed = s->bench->file.b, space[ROW_BODY_MAX];
	struct buf b = buf_over(space, sizeof(space));

	random_fill(seed, 32);
	ed25519_public(u.pk, seed);
	TRY(secret_wrap(s, WRAP_IDENTITY, 0, u.cert, m, seed));
	write_unsigned(&b, &u);
	return put_small(s, &act, ROW_IDENTITY, u.cert, organisation, buf_view(&b));
}

bool identity_held(struct service *s, const struct member_row *m, struct id organisation)
{
	const struct cert *cert = organisation_cert(s, organisation);
	const struct unsigned_row *waiting = identity_waiting(s, organisation);
	struct id key = cert != NULL ? cert->id : waiting != NULL ? waiting->cert : ID_ZERO;
	struct sv body;

	return row_get(s, ROW_SECRET, row_object(ROW_SECRET, key, m->cert, 0), &body) == OK;
}

const struct unsigned_row *identity_waiting(const struct service *s, struct id organisation)
{
	for (size_t i = 0; i < s->directory.waiting_n; i++)
		if (s->directory.waiting[i].compartment == COMPARTMENT_NONE &&
		    id_equal(s->directory.waiting[i].organisation, organisation))
			return &s->directory.waiting[i];
	return NULL;
}

enum status identity_request(struct service *s, struct request *r, const struct member_row *m, struct id organisation)
{
	const struct unsigned_row *waiting = identity_waiting(s, organisation);
	uint8_t *seed = s->bench->file.b;
	struct unsigned_row u;

	if (waiting == NULL)
		return E_NOTFOUND;
	u = *waiting;
	TRY(identity_seed(s, m, u.cert, seed));
	return write_request(r, &u, seed);
}

enum status call_admin_identity_request(struct service *s, struct request *r)
{
	struct sv login = get_bytes_view(&r->body, 63), password = get_bytes_view(&r->body, PASSWORD_MAX);
	struct id organisation = get_id(&r->body);
	const struct member_row *m;
	struct member_row copy;

	if (r->body.bad)
		return E_INPUT;
	TRY(password_check(s, r, login, password, &m));
	if (r->wait)
		return OK;
	copy = *m;
	if (id_is_zero(organisation))
		organisation = m->organisation;
	if (!serves(s, m->organisation, m->roles, organisation, ROLE_SECURITY_OFFICER))
		return E_DENIED;
	if (organisation_cert(s, organisation) != NULL)
		return E_STATE;
	if (identity_waiting(s, organisation) == NULL)
		TRY(identity_make(s, &copy, organisation));
	return identity_request(s, r, &copy, organisation);
}

static const struct unsigned_row *waiting_for(const struct service *s, struct id cert)
{
	for (size_t i = 0; i < s->directory.waiting_n; i++)
		if (id_equal(s->directory.waiting[i].cert, cert))
			return &s->directory.waiting[i];
	return NULL;
}

enum status call_admin_identity_install(struct service *s, struct request *r)
{
	struct sv bytes = get_bytes_view(&r->body, AMC1_SIZE);
	struct act act = { .event = EV_CERTIFY };
	const struct unsigned_row *u;
	struct cert_row row = { .revoked = false };
	uint8_t space[ROW_BODY_MAX];
	struct buf b = buf_over(space, sizeof(space));
	struct row gone = { .kind = ROW_IDENTITY };
	struct cert cert;

	if (r->body.bad || bytes.n != AMC1_SIZE)
		return E_INPUT;
	if (amc1_verify(bytes, s->instance.root_pk, (uint64_t)(s->now / SECOND_MS), &cert) != OK || cert.type != CERT_ORGANISATION)
		return E_CRYPTO;
	u = waiting_for(s, cert.id);
	if (u == NULL || u->compartment != COMPARTMENT_NONE || !id_equal(u->organisation, cert.organisation) ||
	    memcmp(u->pk, cert.ed25519, sizeof(u->pk)) != 0)
		return E_CRYPTO;
	act.organisation = cert.organisation;
	gone.object = cert.id;
	gone.parent = cert.organisation;
	TRY(row_put(s, &act, &gone));
	memcpy(row.bytes, bytes.p, sizeof(row.bytes));
	write_cert(&b, &row);
	return put_small(s, &act, ROW_CERT, cert.id, cert.organisation, buf_view(&b));
}

/* --- members' certificates ------------------------------------------------------------------------------------------------ */

/* Nobody makes a holder of the house's keys alone. Everybody wraps to certified members unseen, so what is not right gets no certificate. */
static enum status certifiable(struct service *s, const struct member_row *by, const struct member_row *m,
			       const struct proposal_row *proposed)
{
	const struct admitting a = { m, m->roles, by->user, proposed };
	struct word word;

	TRY(rights_free(s, by->user));
	TRY(word_of(s, &a, &word));
	return word.needed && id_is_zero(word.from) ? E_STATE : OK;
}

enum status member_certify(struct service *s, const struct member_row *by, const struct member_row *m,
			   const struct proposal_row *proposed)
{
	const struct cert *before = genuine_cert(s, m->cert), *issuer = organisation_cert(s, m->organisation);
	struct act act = { .event = EV_CERTIFY, .actor = by->user, .organisation = m->organisation };
	uint64_t second = (uint64_t)(s->now / SECOND_MS);
	struct cert cert = { .type = CERT_MEMBER,
			     .id = m->cert,
			     .subject = m->user,
			     .organisation = m->organisation,
			     .epoch = before != NULL ? before->epoch + 1 : 1,
			     .roles = m->roles,
			     .not_before = second,
			     .not_after = second + MEMBER_YEARS * UINT64_C(366) * 86400 };
	struct cert_row row = { .revoked = false };
	uint8_t space[ROW_BODY_MAX], *seed = s->bench->file.b;
	struct buf b = buf_over(space, sizeof(space));
	enum status status;

	if (issuer == NULL)
		return E_STATE; /* the root has not signed this organisation yet */
	TRY(certifiable(s, by, m, proposed));
	cert.issuer = issuer->id;
	status = identity_seed(s, by, cert.issuer, seed);
	if (status != OK)
		return status == E_NOTFOUND ? E_STATE : status;
	memcpy(cert.x25519, m->x25519, sizeof(cert.x25519));
	memcpy(cert.ed25519, m->ed25519, sizeof(cert.ed25519));
	TRY(amc1_sign(row.bytes, &cert, seed));
	write_cert(&b, &row);
	return put_small(s, &act, ROW_CERT, m->cert, m->organisation, buf_view(&b));
}

enum status call_admin_certify(struct service *s, struct request *r)
{
	struct sv login = get_bytes_view(&r->body, 63), password = get_bytes_view(&r->body, PASSWORD_MAX);
	struct id user = get_id(&r->body);
	const struct member_row *by, *m;
	struct member_row by_copy, copy;

	if (r->body.bad)
		return E_INPUT;
	TRY(password_check(s, r, login, password, &by));
	if (r->wait)
		return OK;
	m = member_by_user(s, user);
	if (m == NULL || !serves(s, by->organisation, by->roles, m->organisation, ROLE_SECURITY_OFFICER))
		return E_DENIED;
	if (m->state != MEMBER_ACTIVE)
		return E_STATE;
	by_copy = *by;
	copy = *m;
	return roles_certify(s, &by_copy, &copy, NULL);
}

enum status call_admin_attend(struct service *s, struct request *r)
{
	struct sv login = get_bytes_view(&r->body, 63), password = get_bytes_view(&r->body, PASSWORD_MAX);
	const struct member_row *m;
	struct member_row copy;

	if (r->body.bad)
		return E_INPUT;
	TRY(password_check(s, r, login, password, &m));
	if (r->wait)
		return OK;
	copy = *m;
	TRY(secrets_read(s, &copy));
	return work_off(s, &copy);
}

/* --- routes and freeze ------------------------------------------------------------------------------------------------------ */

enum status call_admin_route(struct service *s, struct request *r)
{
	struct route_row route = { .region = get_u8(&r->body) };
	struct act act = { .event = EV_CONFIGURATION };
	uint8_t space[ROW_BODY_MAX];
	struct buf b = buf_over(space, sizeof(space));

	route.desk = get_id(&r->body);
	route.fallback = get_id(&r->body);
	if (r->body.bad)
		return E_INPUT;
	if (!organisation_known(s, route.desk) || (!id_is_zero(route.fallback) && !organisation_known(s, route.fallback)))
		return E_NOTFOUND;
	act.organisation = route.desk;
	write_route(&b, &route);
	return put_small(s, &act, ROW_ROUTE, row_object(ROW_ROUTE, ID_ZERO, ID_ZERO, route.region), s->instance.id, buf_view(&b));
}

/* A desk can be written to when its compartment has a key that its officer certified. */
enum status call_admin_desk(struct service *s, struct request *r)
{
	struct id organisation = get_id(&r->body);

	if (r->body.bad)
		return E_INPUT;
	if (!organisation_known(s, organisation))
		return E_NOTFOUND;
	buf_byte(r->out, compartment_cert(s, organisation, C_DESK) != NULL);
	return OK;
}

/* Is anybody left, beside this member, who may ask for the end of a freeze? */
static bool left_to_thaw(const struct service *s, const struct member_row *m, bool officer)
{
	for (size_t i = 0; i < s->directory.member_n; i++) {
		const struct member_row *o = &s->directory.members[i];

		if (!id_equal(o->user, m->user) && may_thaw(s, o, m->organisation) &&
		    (!officer || serves(s, o->organisation, o->roles, m->organisation, ROLE_SECURITY_OFFICER)))
			return true;
	}
	return false;
}

/* The machine's console is one of the two who end a freeze, never both. The other is an officer; where none is left at work, whoever may ask;
 * where nobody at all is left, it lets an officer in again, who goes on from there. */
static enum status console_thaws(struct service *s, const struct member_row *m)
{
	const struct member_row *asked;
	struct proposal_row p;

	TRY(proposal_of(s, m->user, PROPOSAL_THAW, &p));
	asked = member_by_user(s, p.by);
	if (asked == NULL || id_equal(asked->user, m->user) || !may_thaw(s, asked, m->organisation))
		return (m->roles & ROLE_BIT(ROLE_SECURITY_OFFICER)) != 0 && !left_to_thaw(s, m, false) ? OK : E_STATE;
	if (serves(s, asked->organisation, asked->roles, m->organisation, ROLE_SECURITY_OFFICER))
		return OK;
	return left_to_thaw(s, m, true) ? E_STATE : OK;
}

enum status call_admin_freeze(struct service *s, struct request *r)
{
	struct sv login = get_bytes_view(&r->body, 63);
	bool frozen = get_u8(&r->body) != 0;
	const struct member_row *m = member_by_login(s, login);
	struct member_row copy;

	if (r->body.bad || m == NULL)
		return E_NOTFOUND;
	if (m->state != (frozen ? MEMBER_ACTIVE : MEMBER_FROZEN))
		return E_STATE; /* who left, or never proved his codes, does not come in by this door */
	copy = *m;
	if (!frozen)
		TRY(console_thaws(s, &copy));
	TRY(member_freeze(s, ID_ZERO, &copy, frozen));
	return directory_load(s);
}
