/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fixed layouts of the keeper's rows: integers little-endian, ids and keys raw, in the order of the structs in rows.h. */
#include "keeper/ledger/rows.h"

#include <string.h>
#include "keeper/codec.h"

static enum status whole(const struct reader *r, bool sound)
{
	return !r->bad && r->n == 0 && sound ? OK : E_CRYPTO;
}

void write_instance(struct buf *b, const struct instance_row *r)
{
	put_id(b, r->id);
	buf_byte(b, r->demo);
	buf_put(b, r->root_pk, sizeof(r->root_pk));
	buf_put(b, r->salt, sizeof(r->salt));
	buf_put(b, r->dummy, sizeof(r->dummy));
	buf_put(b, r->backup_pk, sizeof(r->backup_pk));
}

enum status read_instance(struct sv body, struct instance_row *r)
{
	struct reader in = reader_of(body);

	r->id = get_id(&in);
	r->demo = get_u8(&in) != 0;
	get_bytes(&in, r->root_pk, sizeof(r->root_pk));
	get_bytes(&in, r->salt, sizeof(r->salt));
	get_bytes(&in, r->dummy, sizeof(r->dummy));
	get_bytes(&in, r->backup_pk, sizeof(r->backup_pk));
	return whole(&in, true);
}

void write_member(struct buf *b, const struct member_row *r)
{
	put_id(b, r->user);
	put_id(b, r->organisation);
	put_id(b, r->cert);
	put_id(b, r->key);
	buf_u32(b, r->roles);
	buf_byte(b, (uint8_t)r->state);
	put_id(b, r->by);
	buf_put(b, r->x25519, sizeof(r->x25519));
	buf_put(b, r->ed25519, sizeof(r->ed25519));
	buf_put(b, r->login, sizeof(r->login));
}

enum status read_member(struct sv body, struct member_row *r)
{
	struct reader in = reader_of(body);

	r->user = get_id(&in);
	r->organisation = get_id(&in);
	r->cert = get_id(&in);
	r->key = get_id(&in);
	r->roles = get_u32(&in);
	r->state = (enum member_state)get_u8(&in);
	r->by = get_id(&in);
	get_bytes(&in, r->x25519, sizeof(r->x25519));
	get_bytes(&in, r->ed25519, sizeof(r->ed25519));
	get_bytes(&in, r->login, sizeof(r->login));
	return whole(&in, r->login[sizeof(r->login) - 1] == 0 && r->state >= MEMBER_ACTIVE && r->state <= MEMBER_LEFT);
}

void write_factor(struct buf *b, const struct factor_row *r)
{
	put_id(b, r->user);
	buf_u64(b, r->last_step);
	buf_u64(b, r->sheet_used);
	buf_put(b, r->totp, sizeof(r->totp));
	buf_put(b, r->sheet, sizeof(r->sheet));
}

enum status read_factor(struct sv body, struct factor_row *r)
{
	struct reader in = reader_of(body);

	r->user = get_id(&in);
	r->last_step = get_u64(&in);
	r->sheet_used = get_u64(&in);
	get_bytes(&in, r->totp, sizeof(r->totp));
	get_bytes(&in, r->sheet, sizeof(r->sheet));
	return whole(&in, true);
}

void write_cert(struct buf *b, const struct cert_row *r)
{
	buf_put(b, r->bytes, sizeof(r->bytes));
	buf_byte(b, r->revoked);
}

enum status read_cert(struct sv body, struct cert_row *r)
{
	struct reader in = reader_of(body);

	get_bytes(&in, r->bytes, sizeof(r->bytes));
	r->revoked = get_u8(&in) != 0;
	return whole(&in, true);
}

void write_unsigned(struct buf *b, const struct unsigned_row *r)
{
	put_id(b, r->organisation);
	put_id(b, r->cert);
	buf_byte(b, r->compartment);
	buf_put(b, r->pk, sizeof(r->pk));
}

enum status read_unsigned(struct sv body, struct unsigned_row *r)
{
	struct reader in = reader_of(body);

	r->organisation = get_id(&in);
	r->cert = get_id(&in);
	r->compartment = get_u8(&in);
	get_bytes(&in, r->pk, sizeof(r->pk));
	return whole(&in, r->compartment < COMPARTMENT_COUNT);
}

void write_secret(struct buf *b, const struct secret_row *r)
{
	buf_byte(b, r->kind);
	buf_byte(b, r->compartment);
	put_id(b, r->wrapped);
	put_id(b, r->recipient);
	put_id(b, r->organisation);
	buf_put(b, r->wrap, sizeof(r->wrap));
}

enum status read_secret(struct sv body, struct secret_row *r)
{
	struct reader in = reader_of(body);

	r->kind = get_u8(&in);
	r->compartment = get_u8(&in);
	r->wrapped = get_id(&in);
	r->recipient = get_id(&in);
	r->organisation = get_id(&in);
	get_bytes(&in, r->wrap, sizeof(r->wrap));
	return whole(&in, r->compartment < COMPARTMENT_COUNT);
}

void write_route(struct buf *b, const struct route_row *r)
{
	buf_byte(b, r->region);
	put_id(b, r->desk);
	put_id(b, r->fallback);
}

enum status read_route(struct sv body, struct route_row *r)
{
	struct reader in = reader_of(body);

	r->region = get_u8(&in);
	r->desk = get_id(&in);
	r->fallback = get_id(&in);
	return whole(&in, true);
}

void write_dossier(struct buf *b, const struct dossier_row *r)
{
	put_id(b, r->id);
	put_id(b, r->origin);
	put_id(b, r->owner);
	put_id(b, r->desk);
	put_id(b, r->fallback);
	put_id(b, r->creator);
	buf_byte(b, (uint8_t)r->kind);
	buf_byte(b, (uint8_t)r->stage);
	buf_byte(b, r->locked);
	buf_byte(b, r->danger);
	buf_u64(b, (uint64_t)r->day);
	buf_u64(b, (uint64_t)r->ends);
	buf_u32(b, r->share);
}

enum status read_dossier(struct sv body, struct dossier_row *r)
{
	struct reader in = reader_of(body);

	r->id = get_id(&in);
	r->origin = get_id(&in);
	r->owner = get_id(&in);
	r->desk = get_id(&in);
	r->fallback = get_id(&in);
	r->creator = get_id(&in);
	r->kind = (enum dossier_kind)get_u8(&in);
	r->stage = (enum report_stage)get_u8(&in);
	r->locked = get_u8(&in) != 0;
	r->danger = get_u8(&in) != 0;
	r->day = (int64_t)get_u64(&in);
	r->ends = (int64_t)get_u64(&in);
	r->share = get_u32(&in);
	return whole(&in, r->kind >= DOSSIER_PERSON && r->kind <= DOSSIER_GROUP && r->stage <= STAGE_ENDED);
}

void write_key(struct buf *b, const struct key_row *r)
{
	put_id(b, r->key);
	put_id(b, r->dossier);
	put_id(b, r->holder);
	buf_byte(b, (uint8_t)r->class);
	buf_u32(b, r->generation);
	buf_u32(b, r->share);
	put_id(b, r->only);
}

enum status read_key(struct sv body, struct key_row *r)
{
	struct reader in = reader_of(body);

	r->key = get_id(&in);
	r->dossier = get_id(&in);
	r->holder = get_id(&in);
	r->class = (enum class)get_u8(&in);
	r->generation = get_u32(&in);
	r->share = get_u32(&in);
	r->only = get_id(&in);
	return whole(&in, r->class < CLASS_COUNT);
}

void write_link(struct buf *b, const struct link_row *r)
{
	put_id(b, r->dossier);
	put_id(b, r->other);
}

enum status read_link(struct sv body, struct link_row *r)
{
	struct reader in = reader_of(body);

	r->dossier = get_id(&in);
	r->other = get_id(&in);
	return whole(&in, true);
}

void write_receipt(struct buf *b, const struct receipt_row *r)
{
	put_id(b, r->locator);
	put_id(b, r->dossier);
	put_id(b, r->last_key);
	buf_u16(b, r->pepper);
	buf_put(b, r->pk, sizeof(r->pk));
}

enum status read_receipt(struct sv body, struct receipt_row *r)
{
	struct reader in = reader_of(body);

	r->locator = get_id(&in);
	r->dossier = get_id(&in);
	r->last_key = get_id(&in);
	r->pepper = get_u16(&in);
	get_bytes(&in, r->pk, sizeof(r->pk));
	return whole(&in, true);
}

struct id row_object(enum row_kind kind, struct id a, struct id b, uint8_t n)
{
	uint8_t message[34], digest[32];
	struct id object;

	message[0] = (uint8_t)kind;
	message[1] = n;
	memcpy(message + 2, a.b, 16);
	memcpy(message + 18, b.b, 16);
	hash32(digest, message, sizeof(message));
	memcpy(object.b, digest, sizeof(object.b));
	return object;
}
