/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The directory in RAM. Certificates are checked here once per load; who wraps or lets in asks good_cert and its kin and gets nothing
 * that is not chained to the pinned root, in time and not revoked. */
#include "keeper/ledger/directory.h"

#include <string.h>
#include "base/clock.h"
#include "base/heap.h"

static enum status add_member(struct service *s, void *arg, enum row_kind kind, struct id object, struct sv body)
{
	struct directory *d = &s->directory;

	d->members = heap_grow(d->members, d->member_n, d->member_n + 1, sizeof(*d->members));
	return read_member(body, &d->members[d->member_n++]);
}

static enum status add_cert(struct service *s, void *arg, enum row_kind kind, struct id object, struct sv body)
{
	struct directory *d = &s->directory;
	struct known_cert *c;

	d->certs = heap_grow(d->certs, d->cert_n, d->cert_n + 1, sizeof(*d->certs));
	c = &d->certs[d->cert_n++];
	TRY(read_cert(body, &c->row));
	return amc1_read(sv_bytes(c->row.bytes, sizeof(c->row.bytes)), &c->cert);
}

static enum status add_unsigned(struct service *s, void *arg, enum row_kind kind, struct id object, struct sv body)
{
	struct directory *d = &s->directory;

	d->waiting = heap_grow(d->waiting, d->waiting_n, d->waiting_n + 1, sizeof(*d->waiting));
	return read_unsigned(body, &d->waiting[d->waiting_n++]);
}

static enum status add_route(struct service *s, void *arg, enum row_kind kind, struct id object, struct sv body)
{
	struct directory *d = &s->directory;

	d->routes = heap_grow(d->routes, d->route_n, d->route_n + 1, sizeof(*d->routes));
	return read_route(body, &d->routes[d->route_n++]);
}

static enum status add_organisation(struct service *s, void *arg, enum row_kind kind, struct id object, struct sv body)
{
	struct directory *d = &s->directory;

	d->organisations = heap_grow(d->organisations, d->organisation_n, d->organisation_n + 1, sizeof(*d->organisations));
	return read_organisation(body, &d->organisations[d->organisation_n++]);
}

static enum status add_host(struct service *s, void *arg, enum row_kind kind, struct id object, struct sv body)
{
	struct directory *d = &s->directory;

	d->hosts = heap_grow(d->hosts, d->host_n, d->host_n + 1, sizeof(*d->hosts));
	return read_host(body, &d->hosts[d->host_n++]);
}

static enum status add_programme(struct service *s, void *arg, enum row_kind kind, struct id object, struct sv body)
{
	s->directory.has_programme = true;
	return read_programme(body, &s->directory.programme);
}

static enum status load_share(struct service *s)
{
	struct directory *d = &s->directory;
	struct statement *q;
	enum status status;

	if (!d->has_programme)
		return OK;
	q = db_statement(s->db, SQL_SHARE_GET);
	bind_id(q, 1, d->programme.set);
	while ((status = statement_step(q)) == OK) {
		struct sv share = column_bytes(q, 1);

		if (column_int(q, 0) != (int64_t)d->programme.share || share.n != sizeof(d->programme_share))
			continue;
		memcpy(d->programme_share, share.p, share.n);
		d->has_share = true;
	}
	statement_end(q);
	return status == E_NOTFOUND ? OK : status;
}

const struct cert *programme_cert(const struct service *s)
{
	return s->directory.has_share ? compartment_cert(s, s->directory.programme.organisation, C_STAT) : NULL;
}

static void verify_with(struct service *s, struct known_cert *c, const uint8_t issuer[32])
{
	struct cert checked;
	enum status status =
		amc1_verify(sv_bytes(c->row.bytes, sizeof(c->row.bytes)), issuer, (uint64_t)(s->now / SECOND_MS), &checked);

	c->good = !c->row.revoked && status == OK;
	c->genuine = !c->row.revoked && (status == OK || status == E_STATE);
}

static bool in_time(const struct service *s, const struct known_cert *c)
{
	return c->good && (uint64_t)(s->now / SECOND_MS) < c->cert.not_after;
}

/* First the organisations' identities under the root, then what they signed. */
static void verify_chains(struct service *s)
{
	struct directory *d = &s->directory;

	for (size_t i = 0; i < d->cert_n; i++)
		if (d->certs[i].cert.type == CERT_ORGANISATION)
			verify_with(s, &d->certs[i], s->instance.root_pk);
	for (size_t i = 0; i < d->cert_n; i++) {
		struct known_cert *c = &d->certs[i];
		const struct cert *issuer = c->cert.type != CERT_ORGANISATION ? genuine_cert(s, c->cert.issuer) : NULL;

		if (issuer != NULL && issuer->type == CERT_ORGANISATION && id_equal(issuer->organisation, c->cert.organisation))
			verify_with(s, c, issuer->ed25519);
		if (issuer != NULL && good_cert(s, c->cert.issuer) == NULL)
			c->good = false;
	}
}

void directory_free(struct service *s)
{
	struct directory *d = &s->directory;
	uint64_t epoch = d->epoch;
	bool touched = d->touched;

	heap_free(d->members);
	heap_free(d->certs);
	heap_free(d->waiting);
	heap_free(d->routes);
	heap_free(d->organisations);
	heap_free(d->hosts);
	*d = (struct directory){ .epoch = epoch, .touched = touched };
}

enum status directory_load(struct service *s)
{
	directory_free(s);
	s->directory.epoch++;
	TRY(rows_kind_whole(s, ROW_ORGANISATION, add_organisation, NULL));
	TRY(rows_kind_whole(s, ROW_MEMBER, add_member, NULL));
	TRY(rows_kind_whole(s, ROW_CERT, add_cert, NULL));
	TRY(rows_kind_whole(s, ROW_IDENTITY, add_unsigned, NULL));
	TRY(rows_kind_whole(s, ROW_COMPARTMENT, add_unsigned, NULL));
	TRY(rows_kind_whole(s, ROW_ROUTE, add_route, NULL));
	TRY(rows_kind_whole(s, ROW_HOST, add_host, NULL));
	TRY(rows_kind_whole(s, ROW_PROGRAMME, add_programme, NULL)); /* taken away, events would be dropped in silence */
	TRY(load_share(s));
	verify_chains(s);
	return OK;
}

const struct member_row *member_by_login(const struct service *s, struct sv login)
{
	for (size_t i = 0; i < s->directory.member_n; i++)
		if (sv_equal(sv_of(s->directory.members[i].login), login))
			return &s->directory.members[i];
	return NULL;
}

const struct member_row *member_by_user(const struct service *s, struct id user)
{
	for (size_t i = 0; i < s->directory.member_n; i++)
		if (id_equal(s->directory.members[i].user, user))
			return &s->directory.members[i];
	return NULL;
}

static const struct known_cert *known(const struct service *s, struct id cert)
{
	for (size_t i = 0; i < s->directory.cert_n; i++)
		if (id_equal(s->directory.certs[i].cert.id, cert))
			return &s->directory.certs[i];
	return NULL;
}

const struct cert *good_cert(const struct service *s, struct id cert)
{
	const struct known_cert *c = known(s, cert);

	return c != NULL && in_time(s, c) ? &c->cert : NULL;
}

const struct cert *genuine_cert(const struct service *s, struct id cert)
{
	const struct known_cert *c = known(s, cert);

	return c != NULL && c->genuine ? &c->cert : NULL;
}

uint32_t compartment_epoch(const struct service *s, struct id organisation, enum compartment which)
{
	uint32_t newest = 0;

	for (size_t i = 0; i < s->directory.cert_n; i++) {
		const struct known_cert *c = &s->directory.certs[i];

		if (c->genuine && c->cert.type == CERT_COMPARTMENT && c->cert.flags == (uint16_t)which &&
		    id_equal(c->cert.organisation, organisation) && c->cert.epoch > newest)
			newest = c->cert.epoch;
	}
	return newest;
}

bool identity_known(const struct service *s, struct id organisation)
{
	for (size_t i = 0; i < s->directory.cert_n; i++)
		if (s->directory.certs[i].genuine && s->directory.certs[i].cert.type == CERT_ORGANISATION &&
		    id_equal(s->directory.certs[i].cert.organisation, organisation))
			return true;
	return false;
}

const struct cert *organisation_cert(const struct service *s, struct id organisation)
{
	for (size_t i = 0; i < s->directory.cert_n; i++) {
		const struct known_cert *c = &s->directory.certs[i];

		if (in_time(s, c) && c->cert.type == CERT_ORGANISATION && id_equal(c->cert.organisation, organisation))
			return &c->cert;
	}
	return NULL;
}

const struct cert *compartment_cert(const struct service *s, struct id organisation, enum compartment which)
{
	const struct cert *best = NULL;

	for (size_t i = 0; i < s->directory.cert_n; i++) {
		const struct known_cert *c = &s->directory.certs[i];

		if (in_time(s, c) && c->cert.type == CERT_COMPARTMENT && c->cert.flags == (uint16_t)which &&
		    id_equal(c->cert.organisation, organisation) && (best == NULL || c->cert.epoch > best->epoch))
			best = &c->cert;
	}
	return best;
}

/* The certificate must say what the member's row says: keys, organisation, roles. */
const struct cert *member_cert(const struct service *s, const struct member_row *m)
{
	const struct cert *c = good_cert(s, m->cert);

	if (c == NULL || c->type != CERT_MEMBER || !id_equal(c->subject, m->user) || !id_equal(c->organisation, m->organisation) ||
	    c->roles != m->roles || memcmp(c->x25519, m->x25519, sizeof(c->x25519)) != 0)
		return NULL;
	return c;
}

const struct route_row *route_of(const struct service *s, uint8_t region)
{
	const struct route_row *other = NULL;

	for (size_t i = 0; i < s->directory.route_n; i++) {
		if (s->directory.routes[i].region == region)
			return &s->directory.routes[i];
		if (s->directory.routes[i].region == 0)
			other = &s->directory.routes[i];
	}
	return other;
}

bool organisation_known(const struct service *s, struct id organisation)
{
	return organisation_row(s, organisation) != NULL;
}

const struct organisation_row *organisation_row(const struct service *s, struct id organisation)
{
	for (size_t i = 0; i < s->directory.organisation_n; i++)
		if (id_equal(s->directory.organisations[i].id, organisation))
			return &s->directory.organisations[i];
	return NULL;
}

bool login_of(const struct service *s, struct id organisation, struct sv login)
{
	const struct organisation_row *o = organisation_row(s, organisation);
	struct sv code = sv_of(o == NULL ? "" : o->code);

	return code.n > 0 && login.n > code.n + 1 && memcmp(login.p, code.p, code.n) == 0 && login.p[code.n] == '.';
}
