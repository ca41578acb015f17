/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Layouts of signatures, grants and the programme, in the order of the structs in rows.h. */
#include "keeper/codec.h"
#include "keeper/ledger/rows.h"

void write_sign(struct buf *b, const struct sign_row *r)
{
	put_id(b, r->dossier);
	put_id(b, r->record);
	buf_byte(b, (uint8_t)r->class);
	buf_byte(b, r->which);
	put_id(b, r->user);
	put_id(b, r->organisation);
	buf_u64(b, r->version);
	buf_put(b, r->hash, sizeof(r->hash));
	buf_u64(b, (uint64_t)r->at);
}

enum status read_sign(struct sv body, struct sign_row *r)
{
	struct reader in = reader_of(body);

	r->dossier = get_id(&in);
	r->record = get_id(&in);
	r->class = (enum class)get_u8(&in);
	r->which = get_u8(&in);
	r->user = get_id(&in);
	r->organisation = get_id(&in);
	r->version = get_u64(&in);
	get_bytes(&in, r->hash, sizeof(r->hash));
	r->at = (int64_t)get_u64(&in);
	return !in.bad && in.n == 0 && r->class < CLASS_COUNT && (r->which == SIGN_FIRST || r->which == SIGN_SECOND) ? OK
														     : E_CRYPTO;
}

struct id sign_object(struct id record, enum class class, uint32_t which)
{
	return row_object(ROW_SIGN, record, ID_ZERO, (uint8_t)((unsigned)class << 2 | which));
}

void write_grant(struct buf *b, const struct grant_row *r)
{
	put_id(b, r->grant);
	put_id(b, r->dossier);
	put_id(b, r->record);
	buf_byte(b, (uint8_t)r->class);
	buf_byte(b, r->ops);
	buf_byte(b, r->purpose);
	put_id(b, r->key);
	put_id(b, r->user);
	put_id(b, r->organisation);
	buf_u64(b, r->not_after);
}

enum status read_grant(struct sv body, struct grant_row *r)
{
	struct reader in = reader_of(body);

	r->grant = get_id(&in);
	r->dossier = get_id(&in);
	r->record = get_id(&in);
	r->class = (enum class)get_u8(&in);
	r->ops = get_u8(&in);
	r->purpose = get_u8(&in);
	r->key = get_id(&in);
	r->user = get_id(&in);
	r->organisation = get_id(&in);
	r->not_after = get_u64(&in);
	return !in.bad && in.n == 0 && r->class < CLASS_COUNT ? OK : E_CRYPTO;
}

void write_programme(struct buf *b, const struct programme_row *r)
{
	put_id(b, r->organisation);
	put_id(b, r->set);
	buf_u32(b, r->share);
}

enum status read_programme(struct sv body, struct programme_row *r)
{
	struct reader in = reader_of(body);

	r->organisation = get_id(&in);
	r->set = get_id(&in);
	r->share = get_u32(&in);
	return !in.bad && in.n == 0 ? OK : E_CRYPTO;
}
