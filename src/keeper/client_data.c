/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The caller's side of opening, sealing, recovery, files and lists. */
#include "keeper/client.h"

#include <string.h>
#include "keeper/call.h"

enum status keeper_open(struct ctx *c, enum open_how how, const struct held_key *keys, size_t key_count, struct sealed_part *parts,
			size_t part_count)
{
	return keeper_open_whole(c, how, NULL, keys, key_count, parts, part_count);
}

enum status keeper_open_whole(struct ctx *c, enum open_how how, const struct whole *whole, const struct held_key *keys,
			      size_t key_count, struct sealed_part *parts, size_t part_count)
{
	struct buf b = call_body(c, &c->who->token);
	struct reader r;

	if (part_count > WIRE_PARTS_MAX || key_count > WIRE_KEYS_MAX)
		return ERR(c, E_LIMIT, "more than 500 parts in one opening");
	if (whole != NULL && whole->record_count > WHOLE_MAX)
		return ERR(c, E_LIMIT, "more records than a dossier may have");
	put_open_request(&b, how, whole, keys, key_count, parts, part_count);
	TRY(call_keeper(c, CALL_OPEN, &b, &r));
	for (size_t i = 0; i < part_count; i++) {
		parts[i].status = (enum status)get_u8(&r);
		parts[i].plain = get_bytes_view(&r, WIRE_MESSAGE_MAX);
		if (parts[i].status >= STATUS_COUNT)
			r.bad = true;
	}
	return call_done(c, &r);
}

enum status keeper_seal(struct ctx *c, struct seal_set *set)
{
	struct token none = NO_TOKEN;
	struct buf b = call_body(c, set->report != NULL ? &none : &c->who->token);
	struct reader r;

	if (set->part_count > WIRE_PARTS_MAX || set->key_count > WIRE_KEYS_MAX || set->right_count > WIRE_RIGHTS_MAX ||
	    set->drop_count > WIRE_DROPS_MAX)
		return ERR(c, E_LIMIT, "a set is too large");
	if (set->report != NULL && set->report->excluded_count > WIRE_EXCLUDED_MAX)
		return ERR(c, E_LIMIT, "too many excluded organisations");
	put_seal_request(&b, set);
	TRY(call_keeper(c, CALL_SEAL, &b, &r));
	get_seal_answer(&r, c->arena, set);
	return call_done(c, &r);
}

enum status keeper_signatures(struct ctx *c, struct id dossier, struct signature **out, size_t *n)
{
	struct buf b = call_body(c, &c->who->token);
	struct reader r;

	put_id(&b, dossier);
	TRY(call_keeper(c, CALL_SIGNATURES, &b, &r));
	*n = get_count(&r, SIGNATURES_MAX);
	*out = ARENA_ARRAY(c->arena, struct signature, *n + 1);
	for (size_t i = 0; i < *n && !r.bad; i++) {
		struct signature *g = &(*out)[i];

		g->record = get_id(&r);
		g->class = (enum class)get_u8(&r);
		g->which = get_u8(&r);
		g->user = get_id(&r);
		g->organisation = get_id(&r);
		g->at = (int64_t)get_u64(&r);
		g->version = get_u64(&r);
		g->stands = get_u8(&r) != 0;
	}
	return call_done(c, &r);
}

enum status keeper_pending(struct ctx *c, struct pending_part **out, size_t *n)
{
	struct token none = NO_TOKEN;
	struct buf b = call_body(c, &none);
	struct reader r;

	TRY(call_keeper(c, CALL_PENDING, &b, &r));
	*out = get_pending(&r, c->arena, n);
	return call_done(c, &r);
}

enum status keeper_reconcile(struct ctx *c, const struct pending_part *parts, size_t n)
{
	struct token none = NO_TOKEN;
	struct buf b = call_body(c, &none);
	struct reader r;

	put_pending(&b, parts, n);
	TRY(call_keeper(c, CALL_RECONCILE, &b, &r));
	return call_done(c, &r);
}

static void put_optional_key(struct buf *b, const struct held_key *key)
{
	buf_byte(b, key != NULL);
	if (key != NULL)
		put_held_key(b, key);
}

enum status keeper_file_begin(struct ctx *c, const struct file_ref *f, const struct held_key *key, uint8_t head[68],
			      struct held_key **wraps, size_t *wrap_count)
{
	struct buf b = call_body(c, &c->who->token);
	struct reader r;

	put_file_ref(&b, f);
	put_optional_key(&b, key);
	TRY(call_keeper(c, CALL_FILE_BEGIN, &b, &r));
	get_bytes(&r, head, 68);
	*wraps = get_held_keys(&r, c->arena, wrap_count);
	return call_done(c, &r);
}

enum status keeper_file_seal(struct ctx *c, const struct file_ref *f, uint32_t index, bool last, struct sv plain, struct sv *sealed)
{
	struct buf b = call_body(c, &c->who->token);
	struct reader r;

	put_file_ref(&b, f);
	buf_u32(&b, index);
	buf_byte(&b, last);
	put_bytes(&b, plain);
	TRY(call_keeper(c, CALL_FILE_SEAL, &b, &r));
	*sealed = get_bytes_view(&r, plain.n + 16);
	return call_done(c, &r);
}

enum status keeper_file_open(struct ctx *c, const struct file_ref *f, const struct held_key *key, const uint8_t head[68],
			     uint32_t index, bool last, struct sv sealed, struct sv *plain)
{
	struct buf b = call_body(c, &c->who->token);
	struct reader r;

	put_file_ref(&b, f);
	put_held_key(&b, key);
	buf_put(&b, head, 68);
	buf_u32(&b, index);
	buf_byte(&b, last);
	put_bytes(&b, sealed);
	TRY(call_keeper(c, CALL_FILE_OPEN, &b, &r));
	*plain = get_bytes_view(&r, sealed.n);
	return call_done(c, &r);
}

#define MEMBERS_MAX 5000u

enum status keeper_members(struct ctx *c, struct id organisation, struct member **out, size_t *n)
{
	struct buf b = call_body(c, &c->who->token);
	struct reader r;

	put_id(&b, organisation);
	TRY(call_keeper(c, CALL_MEMBERS, &b, &r));
	*n = get_count(&r, MEMBERS_MAX);
	*out = ARENA_ARRAY(c->arena, struct member, *n + 1);
	for (size_t i = 0; i < *n && !r.bad; i++) {
		struct member *m = &(*out)[i];
		uint8_t flags;

		m->user = get_id(&r);
		m->organisation = get_id(&r);
		m->roles = get_u32(&r);
		flags = get_u8(&r);
		m->active = flags & 1;
		m->certified = flags & 2;
		m->holds_keys = flags & 4;
		get_bytes(&r, m->login, sizeof(m->login));
		m->login[sizeof(m->login) - 1] = 0;
	}
	return call_done(c, &r);
}

#define VISIBLE_MAX 65536u

enum status keeper_visible(struct ctx *c, const struct id *ids, size_t n, bool *keep)
{
	struct buf b = call_body(c, &c->who->token);
	struct reader r;

	if (n > VISIBLE_MAX)
		return ERR(c, E_LIMIT, "too many dossiers asked for at once");
	buf_u32(&b, (uint32_t)n);
	for (size_t i = 0; i < n; i++)
		put_id(&b, ids[i]);
	TRY(call_keeper(c, CALL_VISIBLE, &b, &r));
	for (size_t i = 0; i < n; i++)
		keep[i] = get_u8(&r) != 0;
	return call_done(c, &r);
}

static void get_opener(struct reader *r, struct opener *o)
{
	uint8_t flags;

	o->user = get_id(r);
	o->organisation = get_id(r);
	o->class = (enum class)get_u8(r);
	o->roles = get_u32(r);
	o->why = get_u32(r);
	flags = get_u8(r);
	o->writes = flags & 1;
	o->signs = flags & 2;
	o->keys = flags & 4;
	o->record = get_id(r);
	o->until = (int64_t)get_u64(r);
	get_bytes(r, o->login, sizeof(o->login));
	o->login[sizeof(o->login) - 1] = 0;
}

enum status keeper_openers(struct ctx *c, struct id dossier, struct openers *out)
{
	struct buf b = call_body(c, &c->who->token);
	struct reader r;
	uint8_t flags;

	put_id(&b, dossier);
	TRY(call_keeper(c, CALL_OPENERS, &b, &r));
	flags = get_u8(&r);
	*out = (struct openers){ .locked = flags & 1, .cut = flags & 2, .classes = get_u32(&r) };
	out->n = get_count(&r, OPENERS_MAX);
	out->items = ARENA_ARRAY(c->arena, struct opener, out->n + 1);
	for (size_t i = 0; i < out->n && !r.bad; i++)
		get_opener(&r, &out->items[i]);
	return call_done(c, &r);
}

enum status keeper_drops_open(struct ctx *c, struct stored_drop *drops, size_t n)
{
	struct buf b = call_body(c, &c->who->token);
	struct reader r;

	if (n > DROPS_MAX)
		return ERR(c, E_LIMIT, "too many events in one opening");
	put_drops(&b, drops, n);
	TRY(call_keeper(c, CALL_DROPS, &b, &r));
	for (size_t i = 0; i < n; i++) {
		drops[i].status = (enum status)get_u8(&r);
		drops[i].plain = get_bytes_view(&r, WIRE_MESSAGE_MAX);
		if (drops[i].status >= STATUS_COUNT)
			r.bad = true;
	}
	return call_done(c, &r);
}

enum status keeper_drops_count(struct ctx *c, uint64_t *n)
{
	struct buf b = call_body(c, &c->who->token);
	struct reader r;

	TRY(call_keeper(c, CALL_DROPS_COUNT, &b, &r));
	*n = get_u64(&r);
	return call_done(c, &r);
}
