/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command line's side of the ceremonies, and the root's signature, which needs no keeper at all. */
#include "keeper/admin.h"

#include <string.h>
#include "base/wipe.h"
#include "crypto/formats.h"
#include "keeper/call.h"

static struct buf plain_body(struct ctx *c)
{
	struct token none = NO_TOKEN;

	return call_body(c, &none);
}

static enum status ask(struct ctx *c, enum call what, const struct buf *b)
{
	struct reader r;

	TRY(call_keeper(c, what, b, &r));
	return call_done(c, &r);
}

void keeper_file_chain(uint8_t chain[32], bool first, struct sv head_or_chunk)
{
	uint8_t both[64];

	if (first) {
		hash32(chain, head_or_chunk.p, head_or_chunk.n);
		return;
	}
	memcpy(both, chain, 32);
	hash32(both + 32, head_or_chunk.p, head_or_chunk.n);
	hash32(chain, both, sizeof(both));
}

enum status admin_organisation(struct ctx *c, struct id organisation, struct sv code)
{
	struct buf b = plain_body(c);

	put_id(&b, organisation);
	put_bytes(&b, code);
	return ask(c, CALL_ADMIN_ORGANISATION, &b);
}

enum status admin_member(struct ctx *c, struct new_member *m)
{
	struct buf b = plain_body(c);
	struct reader r;

	put_id(&b, m->user);
	put_id(&b, m->organisation);
	put_bytes(&b, m->login);
	put_bytes(&b, m->password);
	buf_u32(&b, m->roles);
	TRY(call_keeper(c, CALL_ADMIN_MEMBER, &b, &r));
	get_bytes(&r, m->recovery, sizeof(m->recovery));
	m->recovery[sizeof(m->recovery) - 1] = 0;
	get_bytes(&r, m->totp_secret, sizeof(m->totp_secret));
	get_bytes(&r, m->sheet, sizeof(m->sheet));
	for (size_t i = 0; i < SHEET_CODES; i++)
		m->sheet[i][SHEET_DIGITS] = 0;
	return call_done(c, &r);
}

enum status admin_identity_request(struct ctx *c, struct sv officer_login, struct sv password, struct sv *request)
{
	return admin_identity_request_for(c, officer_login, password, ID_ZERO, request);
}

enum status admin_identity_request_for(struct ctx *c, struct sv officer_login, struct sv password, struct id organisation,
				       struct sv *request)
{
	struct buf b = plain_body(c);
	struct reader r;
	struct sv unsigned_certificate;

	put_bytes(&b, officer_login);
	put_bytes(&b, password);
	put_id(&b, organisation);
	TRY(call_keeper(c, CALL_ADMIN_IDENTITY_REQUEST, &b, &r));
	unsigned_certificate = get_view(&r, AMC1_SIZE);
	TRY(call_done(c, &r));
	*request = groups_write(c->arena, unsigned_certificate);
	return OK;
}

/* A request is a certificate of type 1 signed by the identity key itself, which proves that the asker holds it. */
enum status root_sign(struct arena *a, struct sv request, const uint8_t root_seed[32], int64_t now, struct sv *certificate)
{
	const uint64_t second = (uint64_t)(now / 1000), five_years = UINT64_C(5) * 366 * 86400;
	uint8_t root_pk[32], digest[32], out[AMC1_SIZE];
	struct sv bytes;
	struct cert cert;

	TRY(groups_read(a, request, &bytes));
	TRY(amc1_read(bytes, &cert));
	if (cert.type != CERT_ORGANISATION)
		return E_INPUT;
	TRY(amc1_verify(bytes, cert.ed25519, cert.not_before, &cert));
	ed25519_public(root_pk, root_seed);
	hash32(digest, root_pk, sizeof(root_pk));
	memcpy(cert.issuer.b, digest, sizeof(cert.issuer.b));
	cert.not_before = second;
	cert.not_after = second + five_years;
	TRY(amc1_sign(out, &cert, root_seed));
	*certificate = groups_write(a, sv_bytes(out, sizeof(out)));
	return OK;
}

enum status admin_identity_install(struct ctx *c, struct sv certificate)
{
	struct buf b = plain_body(c);
	struct sv bytes;

	if (groups_read(c->arena, certificate, &bytes) != OK || bytes.n != AMC1_SIZE)
		return ERR(c, E_INPUT, "this is not a certificate");
	put_bytes(&b, bytes);
	return ask(c, CALL_ADMIN_IDENTITY_INSTALL, &b);
}

enum status admin_certify(struct ctx *c, struct sv officer_login, struct sv password, struct id user)
{
	struct buf b = plain_body(c);

	put_bytes(&b, officer_login);
	put_bytes(&b, password);
	put_id(&b, user);
	return ask(c, CALL_ADMIN_CERTIFY, &b);
}

enum status admin_attend(struct ctx *c, struct sv login, struct sv password)
{
	struct buf b = plain_body(c);

	put_bytes(&b, login);
	put_bytes(&b, password);
	return ask(c, CALL_ADMIN_ATTEND, &b);
}

enum status admin_route(struct ctx *c, uint8_t region, struct id desk, struct id fallback)
{
	struct buf b = plain_body(c);

	buf_byte(&b, region);
	put_id(&b, desk);
	put_id(&b, fallback);
	return ask(c, CALL_ADMIN_ROUTE, &b);
}

enum status admin_desk(struct ctx *c, struct id organisation, bool *ready)
{
	struct buf b = plain_body(c);
	struct reader r;

	put_id(&b, organisation);
	TRY(call_keeper(c, CALL_ADMIN_DESK, &b, &r));
	*ready = get_u8(&r) != 0;
	return call_done(c, &r);
}

enum status admin_programme(struct ctx *c, struct id organisation)
{
	struct buf b = plain_body(c);

	put_id(&b, organisation);
	return ask(c, CALL_ADMIN_PROGRAMME, &b);
}

enum status admin_statistics(struct ctx *c, struct id *programme, bool *ready)
{
	struct buf b = plain_body(c);
	struct reader r;

	TRY(call_keeper(c, CALL_ADMIN_STATISTICS, &b, &r));
	*programme = get_id(&r);
	*ready = get_u8(&r) != 0;
	return call_done(c, &r);
}

enum status admin_freeze(struct ctx *c, struct sv login, bool frozen)
{
	struct buf b = plain_body(c);

	put_bytes(&b, login);
	buf_byte(&b, frozen);
	return ask(c, CALL_ADMIN_FREEZE, &b);
}

static struct buf hold_body(struct ctx *c, bool hold)
{
	struct buf b = plain_body(c);

	buf_byte(&b, hold);
	return b;
}

enum status admin_hold(struct ctx *c, struct backup_moment *out)
{
	struct buf b = hold_body(c, true);
	struct reader r;

	TRY(call_keeper(c, CALL_ADMIN_HOLD, &b, &r));
	out->instance = get_id(&r);
	get_bytes(&r, out->backup_pk, sizeof(out->backup_pk));
	get_bytes(&r, out->secrets, sizeof(out->secrets));
	out->leaves = get_u64(&r);
	return call_done(c, &r);
}

enum status admin_release(struct ctx *c)
{
	struct buf b = hold_body(c, false);

	return ask(c, CALL_ADMIN_HOLD, &b);
}

enum status admin_restored(struct ctx *c, const uint8_t secrets[32])
{
	struct buf b = plain_body(c);

	buf_put(&b, secrets, 32);
	return ask(c, CALL_ADMIN_RESTORED, &b);
}
