/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hosting (sealed design 3): an organisation of two people has its officer, its administrator or its data protection officer in another
 * one. The agreement is a row with its leaf; it is made with the password of an officer who answers for the hosted organisation, or,
 * before it has an identity at all, of the host's officer, whose request the root compares by voice. The agreement opens nothing: no role
 * that holds a compartment can be hosted. */
#include "keeper/people/admission.h"

#include <string.h>
#include "keeper/people/ceremony.h"
#include "keeper/codec.h"

#define HOSTED_ROLES (ROLE_BIT(ROLE_SECURITY_OFFICER) | ROLE_BIT(ROLE_ORG_ADMIN) | ROLE_BIT(ROLE_DPO))
#define HOSTS_MAX 64u

bool serves(const struct service *s, struct id home, uint32_t roles, struct id organisation, enum role role)
{
	if ((roles & ROLE_BIT(role)) == 0 || id_is_zero(home))
		return false;
	if (id_equal(home, organisation))
		return true;
	for (size_t i = 0; i < s->directory.host_n; i++) {
		const struct host_row *h = &s->directory.hosts[i];

		if (id_equal(h->organisation, organisation) && id_equal(h->host, home) && (h->roles & ROLE_BIT(role)) != 0)
			return true;
	}
	return false;
}

/* May this officer bind the organisation to a host? */
static bool answers_for(const struct service *s, const struct member_row *by, const struct host_row *h)
{
	if (identity_known(s, h->organisation))
		return serves(s, by->organisation, by->roles, h->organisation, ROLE_SECURITY_OFFICER);
	return serves(s, by->organisation, by->roles, h->host, ROLE_SECURITY_OFFICER);
}

static enum status host_put(struct service *s, const struct member_row *by, const struct host_row *h)
{
	struct act act = { .event = EV_CONFIGURATION, .actor = by->user, .organisation = h->organisation };
	struct row row = { ROW_HOST, row_object(ROW_HOST, h->organisation, h->host, 0), h->organisation, SV_NONE };
	uint8_t space[ROW_BODY_MAX];
	struct buf b = buf_over(space, sizeof(space));

	if (h->roles != 0 || h->signs) {
		write_host(&b, h);
		row.body = buf_view(&b);
	}
	TRY(row_put(s, &act, &row));
	return directory_load(s);
}

enum status call_admin_host(struct service *s, struct request *r)
{
	struct sv login = get_bytes_view(&r->body, 63), password = get_bytes_view(&r->body, PASSWORD_MAX);
	struct host_row h = { .organisation = get_id(&r->body) };
	const struct member_row *by;
	struct member_row copy;

	h.host = get_id(&r->body);
	h.roles = get_u32(&r->body);
	h.signs = get_u8(&r->body) != 0;
	if (r->body.bad || (h.roles & ~HOSTED_ROLES) != 0 || id_equal(h.organisation, h.host))
		return E_INPUT;
	if (!organisation_known(s, h.organisation) || !organisation_known(s, h.host) || s->directory.host_n >= HOSTS_MAX)
		return E_NOTFOUND;
	TRY(password_check(s, r, login, password, &by));
	if (r->wait)
		return OK;
	if (!answers_for(s, by, &h))
		return E_DENIED;
	copy = *by;
	TRY(rights_free(s, copy.user));
	TRY(host_put(s, &copy, &h));
	TRY(secrets_read(s, &copy));
	return work_off(s, &copy);
}

static bool agreement_of(const struct host_row *h, struct id organisation)
{
	return id_equal(h->organisation, organisation) || id_equal(h->host, organisation);
}

/* Before he is certified an officer sees the agreements of the house he founds. */
static enum status asks_of_hosts(struct service *s, struct request *r, struct id organisation)
{
	const struct member_row *m;
	struct member_row copy;
	struct who w;

	TRY(who_is(s, &r->token, &w, true));
	m = w.kind == ACTOR_STAFF ? member_by_user(s, w.user) : NULL;
	if (m == NULL)
		return E_DENIED;
	copy = *m;
	return w.active || (id_equal(copy.organisation, organisation) && identity_held(s, &copy, organisation)) ? OK : E_DENIED;
}

/* Every agreement the organisation is part of, on either side. */
enum status call_hosts(struct service *s, struct request *r)
{
	struct id organisation = get_id(&r->body);
	uint32_t n = 0;

	if (r->body.bad)
		return E_INPUT;
	if (!r->admin)
		TRY(asks_of_hosts(s, r, organisation));
	for (size_t i = 0; i < s->directory.host_n; i++)
		n += agreement_of(&s->directory.hosts[i], organisation);
	buf_u32(r->out, n);
	for (size_t i = 0; i < s->directory.host_n; i++)
		if (agreement_of(&s->directory.hosts[i], organisation))
			write_host(r->out, &s->directory.hosts[i]);
	return OK;
}
