/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Work that waits for somebody's secrets (sealed design 3, admission): a supervisor's session makes the compartments that are missing,
 * the officer's session signs them, anybody's session wraps what he holds to newly certified members whose roles have it. Nothing is
 * wrapped to a certificate that does not chain to the pinned root. */
#include "keeper/people/admission.h"
#include "keeper/people/ceremony.h"

#include <string.h>
#include "base/clock.h"
#include "base/random.h"
#include "base/wipe.h"
#include "policy/policy.h"

#define COMPARTMENT_YEARS 1
#define RENEW_DAYS 90

static struct wrap_bind bind_of(struct id organisation)
{
	return (struct wrap_bind){ .organisation = organisation };
}

static enum status open_secret(struct service *s, const struct secret_row *row, const struct member_row *m, uint8_t secret[32])
{
	const struct wrap_bind bind = bind_of(m->organisation);

	return amw1_open(secret, 32, row->kind, s->bench->capsule.sk, &bind, sv_bytes(row->wrap, sizeof(row->wrap)));
}

static struct id secret_object(struct id wrapped, struct id recipient)
{
	return row_object(ROW_SECRET, wrapped, recipient, 0);
}

/* --- reading a member's secrets --------------------------------------------------------------------------------------- */

static enum status read_one(struct service *s, void *arg, enum row_kind kind, struct id object, struct sv body)
{
	const struct member_row *m = arg;
	struct capsule *c = &s->bench->capsule;
	struct held_secret *h = &c->held[c->count];
	const struct cert *cert;
	struct secret_row row;

	if (kind != ROW_SECRET)
		return OK;
	TRY(read_secret(body, &row));
	cert = genuine_cert(s, row.wrapped);
	if (row.kind != WRAP_COMPARTMENT_MEMBER || cert == NULL || c->count == HELD_MAX)
		return OK;
	if ((policy_compartments(m->roles) & (1u << row.compartment)) == 0 || cert->flags != row.compartment)
		return OK;
	TRY(open_secret(s, &row, m, h->sk));
	x25519_public(s->bench->room, h->sk);
	if (memcmp(s->bench->room, cert->x25519, 32) != 0)
		return E_CRYPTO;
	h->cert = row.wrapped;
	h->compartment = row.compartment;
	c->count++;
	return OK;
}

enum status secrets_read(struct service *s, const struct member_row *m)
{
	s->bench->capsule.count = 0;
	if (member_cert(s, m) == NULL)
		return OK;
	return rows_of(s, m->cert, read_one, (void *)(uintptr_t)m);
}

enum status identity_seed(struct service *s, const struct member_row *m, struct id cert, uint8_t seed[32])
{
	struct secret_row row;
	struct sv body;

	TRY(row_get(s, ROW_SECRET, secret_object(cert, m->cert), &body));
	TRY(read_secret(body, &row));
	return row.kind == WRAP_IDENTITY ? open_secret(s, &row, m, seed) : E_NOTFOUND;
}

/* --- wrapping to a member --------------------------------------------------------------------------------------------- */

static bool has_secret(struct service *s, struct id wrapped, const struct member_row *to)
{
	struct sv body;

	return row_get(s, ROW_SECRET, secret_object(wrapped, to->cert), &body) == OK;
}

enum status secret_wrap(struct service *s, uint8_t kind, uint8_t compartment, struct id wrapped, const struct member_row *to,
			const uint8_t secret[32])
{
	struct act act = { .event = EV_KEY, .organisation = to->organisation };
	struct secret_row row = { .kind = kind,
				  .compartment = compartment,
				  .wrapped = wrapped,
				  .recipient = to->cert,
				  .organisation = to->organisation };
	const struct wrap_bind bind = bind_of(to->organisation);
	uint8_t space[ROW_BODY_MAX];
	struct buf b = buf_over(space, sizeof(space));
	struct row put = { ROW_SECRET, secret_object(wrapped, to->cert), to->cert, SV_NONE };

	random_fill(s->bench->ephemeral, sizeof(s->bench->ephemeral));
	TRY(amw1_wrap(row.wrap, kind, wrapped, to->cert, to->x25519, s->bench->ephemeral, &bind, secret, 32));
	write_secret(&b, &row);
	put.body = buf_view(&b);
	return row_put(s, &act, &put);
}

struct dropping {
	const struct member_row *m;
	bool all;
};

static enum status drop_one(struct service *s, void *arg, enum row_kind kind, struct id object, struct sv body)
{
	const struct dropping *d = arg;
	struct act act = { .event = EV_KEY, .organisation = d->m->organisation };
	const struct row gone = { ROW_SECRET, object, d->m->cert, SV_NONE };
	struct secret_row row;

	if (kind != ROW_SECRET)
		return OK;
	TRY(read_secret(body, &row));
	if (!d->all && row.kind == WRAP_COMPARTMENT_MEMBER && (policy_compartments(d->m->roles) & (1u << row.compartment)) != 0)
		return OK;
	if (!d->all && row.kind == WRAP_IDENTITY && (d->m->roles & ROLE_BIT(ROLE_SECURITY_OFFICER)) != 0)
		return OK;
	return row_put(s, &act, &gone);
}

enum status secrets_drop(struct service *s, const struct member_row *m, bool all)
{
	struct dropping d = { m, all };

	return rows_of(s, m->cert, drop_one, &d);
}

bool secrets_complete(struct service *s, const struct member_row *m)
{
	uint32_t mask = policy_compartments(m->roles);
	bool any = false;

	for (unsigned c = C_CORE; c < COMPARTMENT_COUNT; c++) {
		const struct cert *cert = (mask & (1u << c)) ? compartment_cert(s, m->organisation, (enum compartment)c) : NULL;

		if (cert != NULL && !has_secret(s, cert->id, m))
			return false;
		any = any || cert != NULL;
	}
	return any;
}

/* --- compartments ------------------------------------------------------------------------------------------------------- */

static bool entitled(struct service *s, const struct member_row *m, struct id organisation, unsigned compartment)
{
	return id_equal(m->organisation, organisation) && m->state == MEMBER_ACTIVE && member_cert(s, m) != NULL &&
	       (policy_compartments(m->roles) & (1u << compartment)) != 0;
}

static bool waits_for_signature(struct service *s, struct id organisation, unsigned compartment)
{
	for (size_t i = 0; i < s->directory.waiting_n; i++)
		if (s->directory.waiting[i].compartment == compartment &&
		    id_equal(s->directory.waiting[i].organisation, organisation))
			return true;
	return false;
}

/* Wrap a secret to every certified member whose role has the compartment and who does not have it yet. */
static enum status wrap_to_entitled(struct service *s, struct id organisation, unsigned compartment, struct id cert,
				    const uint8_t secret[32], size_t *n)
{
	for (size_t i = 0; i < s->directory.member_n; i++) {
		const struct member_row *m = &s->directory.members[i];

		if (!entitled(s, m, organisation, compartment))
			continue;
		(*n)++;
		if (!has_secret(s, cert, m))
			TRY(secret_wrap(s, WRAP_COMPARTMENT_MEMBER, (uint8_t)compartment, cert, m, secret));
	}
	return OK;
}

static enum status make_compartment(struct service *s, const struct member_row *m, unsigned compartment)
{
	struct unsigned_row row = { .organisation = m->organisation, .cert = id_new(), .compartment = (uint8_t)compartment };
	struct act act = { .event = EV_KEY, .actor = m->user, .organisation = m->organisation };
	uint8_t space[ROW_BODY_MAX];
	struct buf b = buf_over(space, sizeof(space));
	struct row put = { ROW_COMPARTMENT, row.cert, m->organisation, SV_NONE };
	size_t holders = 0;

	random_fill(s->bench->k.b, 32);
	x25519_public(row.pk, s->bench->k.b);
	TRY(wrap_to_entitled(s, m->organisation, compartment, row.cert, s->bench->k.b, &holders));
	if (holders == 0)
		return OK; /* nobody could open it: made when somebody can */
	write_unsigned(&b, &row);
	put.body = buf_view(&b);
	return row_put(s, &act, &put);
}

/* None, or one that soon runs out: the next is signed in good time, so that reports never find a desk without a key. */
static bool wanted(struct service *s, struct id organisation, unsigned compartment)
{
	const struct cert *cert = compartment_cert(s, organisation, (enum compartment)compartment);

	return cert == NULL || cert->not_after < (uint64_t)(s->now / SECOND_MS) + RENEW_DAYS * UINT64_C(86400);
}

/* A supervisor makes all of a house; the programme has none, its M&E people make the one they read. */
static enum status make_missing(struct service *s, const struct member_row *m)
{
	bool supervisor = (m->roles & ROLE_BIT(ROLE_SUPERVISOR)) != 0,
	     figures = (m->roles & ROLE_BIT(ROLE_ME)) != 0 && s->directory.has_programme &&
		       id_equal(m->organisation, s->directory.programme.organisation);

	for (unsigned c = C_CORE; c <= C_HOUSE; c++)
		if ((supervisor || (figures && c == C_STAT)) && wanted(s, m->organisation, c) &&
		    !waits_for_signature(s, m->organisation, c))
			TRY(make_compartment(s, m, c));
	return OK;
}

static enum status sign_one(struct service *s, const struct member_row *m, const struct unsigned_row *u, const uint8_t seed[32],
			    struct id issuer)
{
	struct act act = { .event = EV_CERTIFY, .actor = m->user, .organisation = m->organisation };
	uint64_t second = (uint64_t)(s->now / SECOND_MS);
	struct cert cert = { .type = CERT_COMPARTMENT,
			     .flags = u->compartment,
			     .id = u->cert,
			     .organisation = u->organisation,
			     .subject = row_object(ROW_COMPARTMENT, u->organisation, ID_ZERO, u->compartment),
			     .epoch = compartment_epoch(s, u->organisation, (enum compartment)u->compartment) + 1,
			     .not_before = second,
			     .not_after = second + COMPARTMENT_YEARS * UINT64_C(366) * 86400,
			     .issuer = issuer };
	struct row gone = { ROW_COMPARTMENT, u->cert, u->organisation, SV_NONE },
		   put = { ROW_CERT, u->cert, u->organisation, SV_NONE };
	struct cert_row row = { .revoked = false };
	uint8_t space[ROW_BODY_MAX];
	struct buf b = buf_over(space, sizeof(space));

	memcpy(cert.x25519, u->pk, sizeof(cert.x25519));
	TRY(amc1_sign(row.bytes, &cert, seed));
	write_cert(&b, &row);
	put.body = buf_view(&b);
	TRY(row_put(s, &act, &put));
	return row_put(s, &act, &gone);
}

/* The officer's part for one organisation: sign what waits, and hand the identity to the other certified officers who serve it. */
static enum status officer_work(struct service *s, const struct member_row *m, struct id organisation)
{
	struct directory *d = &s->directory;
	const struct cert *identity = organisation_cert(s, organisation);
	uint8_t *seed = s->bench->file.b;
	struct id issuer;
	enum status status;

	if (identity == NULL)
		return OK;
	issuer = identity->id;
	status = identity_seed(s, m, issuer, seed);
	if (status != OK)
		return status == E_NOTFOUND ? OK : status;
	for (size_t i = 0; i < d->waiting_n; i++)
		if (d->waiting[i].compartment != COMPARTMENT_NONE && id_equal(d->waiting[i].organisation, organisation))
			TRY(sign_one(s, m, &d->waiting[i], seed, issuer));
	for (size_t i = 0; i < d->member_n; i++) {
		const struct member_row *other = &d->members[i];

		if (other->state == MEMBER_ACTIVE &&
		    serves(s, other->organisation, other->roles, organisation, ROLE_SECURITY_OFFICER) &&
		    member_cert(s, other) != NULL && !has_secret(s, issuer, other))
			TRY(secret_wrap(s, WRAP_IDENTITY, 0, issuer, other, seed));
	}
	return OK;
}

/* Founding: the officer's first session makes the identity key, which waits for the root. */
static enum status make_identities(struct service *s, const struct member_row *m)
{
	for (size_t i = 0; i < s->directory.organisation_n; i++) {
		struct id organisation = s->directory.organisations[i].id;

		if (serves(s, m->organisation, m->roles, organisation, ROLE_SECURITY_OFFICER) && !identity_known(s, organisation) &&
		    identity_waiting(s, organisation) == NULL)
			TRY(identity_make(s, m, organisation));
	}
	return OK;
}

/* Leaves were written since `before`: the directory may have changed. */
static enum status reload_after(struct service *s, const struct member_row *m, uint64_t before)
{
	if (s->journal.tree.size == before)
		return OK;
	TRY(directory_load(s));
	return secrets_read(s, m);
}

enum status work_off(struct service *s, const struct member_row *row)
{
	const struct member_row copy = *row, *m = &copy;
	uint64_t before = s->journal.tree.size;
	size_t holders = 0;

	if (m->state == MEMBER_ACTIVE)
		TRY(make_identities(s, m));
	if (member_cert(s, m) == NULL)
		return OK;
	TRY(make_missing(s, m));
	TRY(reload_after(s, m, before));
	before = s->journal.tree.size;
	for (size_t i = 0; i < s->directory.organisation_n; i++)
		if (serves(s, m->organisation, m->roles, s->directory.organisations[i].id, ROLE_SECURITY_OFFICER))
			TRY(officer_work(s, m, s->directory.organisations[i].id));
	TRY(reload_after(s, m, before));
	for (uint32_t i = 0; i < s->bench->capsule.count; i++) {
		const struct held_secret *h = &s->bench->capsule.held[i];

		TRY(wrap_to_entitled(s, m->organisation, h->compartment, h->cert, h->sk, &holders));
	}
	s->directory.epoch += s->journal.tree.size != before; /* others find their new secrets */
	return OK;
}
