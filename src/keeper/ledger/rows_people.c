/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fixed layouts of the rows about people who come, serve elsewhere, change and go; as rows.c. */
#include "keeper/ledger/rows.h"

#include "keeper/codec.h"

static enum status whole(const struct reader *r, bool sound)
{
	return !r->bad && r->n == 0 && sound ? OK : E_CRYPTO;
}

void write_organisation(struct buf *b, const struct organisation_row *r)
{
	put_id(b, r->id);
	buf_put(b, r->code, sizeof(r->code));
}

enum status read_organisation(struct sv body, struct organisation_row *r)
{
	struct reader in = reader_of(body);

	r->id = get_id(&in);
	get_bytes(&in, r->code, sizeof(r->code));
	return whole(&in, r->code[sizeof(r->code) - 1] == 0 && r->code[0] != 0);
}

void write_invite(struct buf *b, const struct invite_row *r)
{
	put_id(b, r->object);
	put_id(b, r->organisation);
	put_id(b, r->by);
	put_id(b, r->user);
	buf_u32(b, r->roles);
	buf_byte(b, (uint8_t)r->state);
	buf_byte(b, r->language);
	buf_u64(b, (uint64_t)r->until);
	buf_put(b, r->hash, sizeof(r->hash));
	buf_put(b, r->login, sizeof(r->login));
}

enum status read_invite(struct sv body, struct invite_row *r)
{
	struct reader in = reader_of(body);

	r->object = get_id(&in);
	r->organisation = get_id(&in);
	r->by = get_id(&in);
	r->user = get_id(&in);
	r->roles = get_u32(&in);
	r->state = (enum invite_state)get_u8(&in);
	r->language = get_u8(&in);
	r->until = (int64_t)get_u64(&in);
	get_bytes(&in, r->hash, sizeof(r->hash));
	get_bytes(&in, r->login, sizeof(r->login));
	return whole(&in, r->login[sizeof(r->login) - 1] == 0 && r->state >= INVITE_OPEN && r->state <= INVITE_ENDED &&
				  r->language < LANGUAGE_COUNT);
}

void write_host(struct buf *b, const struct host_row *r)
{
	put_id(b, r->organisation);
	put_id(b, r->host);
	buf_u32(b, r->roles);
	buf_byte(b, r->signs);
}

enum status read_host(struct sv body, struct host_row *r)
{
	struct reader in = reader_of(body);

	r->organisation = get_id(&in);
	r->host = get_id(&in);
	r->roles = get_u32(&in);
	r->signs = get_u8(&in) != 0;
	return whole(&in, true);
}

void write_proposal(struct buf *b, const struct proposal_row *r)
{
	put_id(b, r->user);
	put_id(b, r->organisation);
	put_id(b, r->by);
	buf_byte(b, r->what);
	buf_u32(b, r->roles);
	buf_put(b, r->keys, sizeof(r->keys));
}

enum status read_proposal(struct sv body, struct proposal_row *r)
{
	struct reader in = reader_of(body);

	r->user = get_id(&in);
	r->organisation = get_id(&in);
	r->by = get_id(&in);
	r->what = get_u8(&in);
	r->roles = get_u32(&in);
	get_bytes(&in, r->keys, sizeof(r->keys));
	return whole(&in, r->what >= PROPOSAL_ROLES && r->what <= PROPOSAL_VOUCH);
}

void write_notice(struct buf *b, const struct notice_row *r)
{
	put_id(b, r->user);
	put_id(b, r->organisation);
	buf_u64(b, (uint64_t)r->at);
	buf_byte(b, r->what);
	buf_byte(b, r->seen);
	put_id(b, r->by);
}

enum status read_notice(struct sv body, struct notice_row *r)
{
	struct reader in = reader_of(body);

	r->user = get_id(&in);
	r->organisation = get_id(&in);
	r->at = (int64_t)get_u64(&in);
	r->what = get_u8(&in);
	r->seen = get_u8(&in) != 0;
	r->by = get_id(&in);
	return whole(&in, r->what <= NOTICE_UNKNOWN);
}

void write_name(struct buf *b, const struct name_row *r)
{
	put_id(b, r->user);
	put_id(b, r->organisation);
	buf_byte(b, r->n);
	for (size_t i = 0; i < NAME_WRAPS; i++) {
		put_id(b, r->to[i].recipient);
		buf_put(b, r->to[i].wrap, sizeof(r->to[i].wrap));
	}
	buf_put(b, r->blob, sizeof(r->blob));
}

enum status read_name(struct sv body, struct name_row *r)
{
	struct reader in = reader_of(body);

	r->user = get_id(&in);
	r->organisation = get_id(&in);
	r->n = get_u8(&in);
	for (size_t i = 0; i < NAME_WRAPS; i++) {
		r->to[i].recipient = get_id(&in);
		get_bytes(&in, r->to[i].wrap, sizeof(r->to[i].wrap));
	}
	get_bytes(&in, r->blob, sizeof(r->blob));
	return whole(&in, r->n <= NAME_WRAPS);
}
