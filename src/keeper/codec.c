/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Encode and decode of the larger structures of client.h. Each put has its get beside it, in the same order of fields. */
#include "keeper/codec.h"

#include <string.h>
#include "keeper/wire.h"

void put_id(struct buf *b, struct id a)
{
	buf_put(b, a.b, sizeof(a.b));
}

struct id get_id(struct reader *r)
{
	struct id a;

	get_bytes(r, a.b, sizeof(a.b));
	return a;
}

void put_bytes(struct buf *b, struct sv s)
{
	buf_u32(b, (uint32_t)s.n);
	buf_sv(b, s);
}

struct sv get_bytes_view(struct reader *r, size_t max)
{
	size_t n = get_u32(r);

	if (n > max) {
		r->bad = true;
		return SV_NONE;
	}
	return get_view(r, n);
}

size_t get_count(struct reader *r, size_t max)
{
	size_t n = get_u32(r);

	if (n > max)
		r->bad = true;
	return r->bad ? 0 : n;
}

void put_held_key(struct buf *b, const struct held_key *k)
{
	put_id(b, k->key);
	put_id(b, k->dossier);
	buf_byte(b, (uint8_t)k->class);
	put_id(b, k->holder);
	buf_u32(b, k->generation);
	buf_byte(b, k->kind);
	buf_byte(b, k->purpose);
	put_id(b, k->recipient);
	put_id(b, k->organisation);
	put_id(b, k->grant);
	buf_u64(b, k->not_after);
	put_bytes(b, k->wrap);
}

void get_held_key(struct reader *r, struct held_key *k)
{
	k->key = get_id(r);
	k->dossier = get_id(r);
	k->class = (enum class)get_u8(r);
	k->holder = get_id(r);
	k->generation = get_u32(r);
	k->kind = get_u8(r);
	k->purpose = get_u8(r);
	k->recipient = get_id(r);
	k->organisation = get_id(r);
	k->grant = get_id(r);
	k->not_after = get_u64(r);
	k->wrap = get_bytes_view(r, 1024);
	if (k->class >= CLASS_COUNT)
		r->bad = true;
}

void put_held_keys(struct buf *b, const struct held_key *k, size_t n)
{
	buf_u32(b, (uint32_t)n);
	for (size_t i = 0; i < n; i++)
		put_held_key(b, &k[i]);
}

struct held_key *get_held_keys(struct reader *r, struct arena *a, size_t *n)
{
	struct held_key *k;

	*n = get_count(r, WIRE_KEYS_MAX);
	k = ARENA_ARRAY(a, struct held_key, *n + 1);
	for (size_t i = 0; i < *n && !r->bad; i++)
		get_held_key(r, &k[i]);
	return k;
}

void put_actor(struct buf *b, const struct actor *w)
{
	buf_byte(b, (uint8_t)w->kind);
	put_id(b, w->user);
	put_id(b, w->organisation);
	buf_u32(b, w->roles);
	buf_put(b, w->csrf, sizeof(w->csrf));
	put_id(b, w->dossier);
	put_id(b, w->recipient);
	buf_put(b, w->login, sizeof(w->login));
	buf_byte(b, (uint8_t)w->language);
	buf_byte(b, w->waiting);
	buf_u32(b, w->drafts);
	buf_u64(b, (uint64_t)w->idle_until);
	buf_u64(b, (uint64_t)w->until);
	buf_u64(b, (uint64_t)w->held_until);
}

void get_actor(struct reader *r, struct actor *w)
{
	w->kind = (enum actor_kind)get_u8(r);
	w->user = get_id(r);
	w->organisation = get_id(r);
	w->roles = get_u32(r);
	get_bytes(r, w->csrf, sizeof(w->csrf));
	w->dossier = get_id(r);
	w->recipient = get_id(r);
	get_bytes(r, w->login, sizeof(w->login));
	w->language = (enum language)get_u8(r);
	w->waiting = get_u8(r) != 0;
	w->drafts = get_u32(r);
	w->idle_until = (int64_t)get_u64(r);
	w->until = (int64_t)get_u64(r);
	w->held_until = (int64_t)get_u64(r);
	w->login[sizeof(w->login) - 1] = 0;
	if (w->language >= LANGUAGE_COUNT || w->kind > ACTOR_COMMAND)
		r->bad = true;
}

void put_file_ref(struct buf *b, const struct file_ref *f)
{
	put_id(b, f->file);
	put_id(b, f->record);
	put_id(b, f->dossier);
	put_id(b, f->origin);
	buf_u16(b, f->type);
	buf_byte(b, (uint8_t)f->class);
}

void get_file_ref(struct reader *r, struct file_ref *f)
{
	f->file = get_id(r);
	f->record = get_id(r);
	f->dossier = get_id(r);
	f->origin = get_id(r);
	f->type = get_u16(r);
	f->class = (enum class)get_u8(r);
	if (f->class >= CLASS_COUNT)
		r->bad = true;
}

static void put_whole(struct buf *b, const struct whole *w)
{
	buf_byte(b, w != NULL);
	if (w == NULL)
		return;
	put_id(b, w->dossier);
	buf_u16(b, w->type);
	buf_u32(b, (uint32_t)w->record_count);
	for (size_t i = 0; i < w->record_count; i++)
		put_id(b, w->records[i]);
}

static bool get_whole(struct reader *r, struct arena *a, struct whole *w)
{
	struct id *records;

	*w = (struct whole){ .type = 0 };
	if (get_u8(r) == 0)
		return false;
	w->dossier = get_id(r);
	w->type = get_u16(r);
	w->record_count = get_count(r, WHOLE_MAX);
	records = ARENA_ARRAY(a, struct id, w->record_count + 1);
	for (size_t i = 0; i < w->record_count; i++)
		records[i] = get_id(r);
	w->records = records;
	return true;
}

void put_open_request(struct buf *b, enum open_how how, const struct whole *whole, const struct held_key *keys, size_t key_count,
		      const struct sealed_part *parts, size_t part_count)
{
	buf_byte(b, (uint8_t)how);
	put_whole(b, whole);
	put_held_keys(b, keys, key_count);
	buf_u32(b, (uint32_t)part_count);
	for (size_t i = 0; i < part_count; i++) {
		const struct sealed_part *p = &parts[i];

		put_id(b, p->record);
		put_id(b, p->dossier);
		buf_u16(b, p->type);
		buf_byte(b, (uint8_t)p->class);
		buf_u32(b, p->schema);
		buf_u64(b, p->version);
		buf_u32(b, (uint32_t)p->key);
		put_bytes(b, p->blob);
	}
}

void get_open_request(struct reader *r, struct arena *a, struct open_request *q)
{
	q->how = (enum open_how)get_u8(r);
	q->is_whole = get_whole(r, a, &q->whole);
	q->keys = get_held_keys(r, a, &q->key_count);
	q->part_count = get_count(r, WIRE_PARTS_MAX);
	q->parts = ARENA_ARRAY(a, struct sealed_part, q->part_count + 1);
	for (size_t i = 0; i < q->part_count && !r->bad; i++) {
		struct sealed_part *p = &q->parts[i];

		p->record = get_id(r);
		p->dossier = get_id(r);
		p->type = get_u16(r);
		p->class = (enum class)get_u8(r);
		p->schema = get_u32(r);
		p->version = get_u64(r);
		p->key = get_u32(r);
		p->blob = get_bytes_view(r, WIRE_MESSAGE_MAX);
		if (p->class >= CLASS_COUNT || p->key >= q->key_count)
			r->bad = true;
	}
	if (q->how > OPEN_CHECK || (q->is_whole && q->how != OPEN_DOSSIER))
		r->bad = true;
}

static void put_report(struct buf *b, const struct public_report *p)
{
	buf_put(b, p->ticket, sizeof(p->ticket));
	buf_byte(b, p->region);
	buf_byte(b, p->danger);
	buf_u32(b, (uint32_t)p->excluded_count);
	for (size_t i = 0; i < p->excluded_count; i++)
		put_id(b, p->excluded[i]);
}

static struct public_report *get_report(struct reader *r, struct arena *a)
{
	struct public_report *p = ARENA_NEW(a, struct public_report);
	struct id *excluded;

	get_bytes(r, p->ticket, sizeof(p->ticket));
	p->region = get_u8(r);
	p->danger = get_u8(r) != 0;
	p->excluded_count = get_count(r, WIRE_EXCLUDED_MAX);
	excluded = ARENA_ARRAY(a, struct id, p->excluded_count + 1);
	for (size_t i = 0; i < p->excluded_count; i++)
		excluded[i] = get_id(r);
	p->excluded = excluded;
	return p;
}

static void put_right(struct buf *b, const struct right_change *c)
{
	buf_byte(b, (uint8_t)c->what);
	buf_byte(b, (uint8_t)c->kind);
	put_id(b, c->dossier);
	put_id(b, c->user);
	put_id(b, c->organisation);
	buf_u32(b, c->amount);
	if (c->what != RIGHT_SIGN && c->what != RIGHT_REVIEW)
		return;
	put_id(b, c->object);
	buf_byte(b, (uint8_t)c->class);
	buf_u64(b, c->version);
}

static void get_right(struct reader *r, struct right_change *c)
{
	c->what = (enum right_kind)get_u8(r);
	c->kind = (enum dossier_kind)get_u8(r);
	c->dossier = get_id(r);
	c->user = get_id(r);
	c->organisation = get_id(r);
	c->amount = get_u32(r);
	if (c->what < RIGHT_CREATE || c->what > RIGHT_REVIEW)
		r->bad = true;
	if (c->what != RIGHT_SIGN && c->what != RIGHT_REVIEW)
		return;
	c->object = get_id(r);
	c->class = (enum class)get_u8(r);
	c->version = get_u64(r);
	if (c->class >= CLASS_COUNT)
		r->bad = true;
}

static void put_seal_part(struct buf *b, const struct seal_part *p)
{
	put_id(b, p->record);
	put_id(b, p->dossier);
	buf_u16(b, p->type);
	buf_byte(b, (uint8_t)p->class);
	put_id(b, p->holder);
	buf_u32(b, p->schema);
	buf_u64(b, p->version);
	buf_byte(b, (uint8_t)((p->first ? 1 : 0) | (p->fresh_key ? 2 : 0) | (p->key != NULL ? 4 : 0) |
			      (p->history.p != NULL ? 8 : 0) | (p->signature ? 16 : 0)));
	if (p->key != NULL)
		put_held_key(b, p->key);
	if (p->signature)
		put_id(b, p->signs);
	put_bytes(b, p->plain);
	if (p->history.p != NULL)
		put_bytes(b, p->history);
}

static void get_seal_part(struct reader *r, struct arena *a, struct seal_part *p)
{
	uint8_t flags;

	p->record = get_id(r);
	p->dossier = get_id(r);
	p->type = get_u16(r);
	p->class = (enum class)get_u8(r);
	p->holder = get_id(r);
	p->schema = get_u32(r);
	p->version = get_u64(r);
	flags = get_u8(r);
	p->first = flags & 1;
	p->fresh_key = flags & 2;
	if (flags & 4) {
		struct held_key *k = ARENA_NEW(a, struct held_key);

		get_held_key(r, k);
		p->key = k;
	}
	p->signature = flags & 16;
	if (p->signature)
		p->signs = get_id(r);
	p->plain = get_bytes_view(r, WIRE_MESSAGE_MAX);
	if (flags & 8)
		p->history = get_bytes_view(r, WIRE_MESSAGE_MAX);
	if (flags > 31 || p->class >= CLASS_COUNT || (p->type & 0x8000))
		r->bad = true;
}

static void put_seal_drops(struct buf *b, const struct seal_set *set)
{
	buf_u32(b, (uint32_t)set->drop_count);
	for (size_t i = 0; i < set->drop_count; i++) {
		put_id(b, set->drops[i].id);
		buf_u16(b, set->drops[i].type);
		buf_u32(b, set->drops[i].schema);
		put_bytes(b, set->drops[i].plain);
	}
}

static void get_seal_drops(struct reader *r, struct arena *a, struct seal_set *set)
{
	set->drop_count = get_count(r, WIRE_DROPS_MAX);
	set->drops = ARENA_ARRAY(a, struct seal_drop, set->drop_count + 1);
	for (size_t i = 0; i < set->drop_count && !r->bad; i++) {
		set->drops[i].id = get_id(r);
		set->drops[i].type = get_u16(r);
		set->drops[i].schema = get_u32(r);
		set->drops[i].plain = get_bytes_view(r, WIRE_DROP_MAX);
		if ((set->drops[i].type & 0x8000) || id_is_zero(set->drops[i].id))
			r->bad = true;
	}
}

void put_seal_request(struct buf *b, const struct seal_set *set)
{
	buf_byte(b, (uint8_t)set->event);
	buf_byte(b, set->purpose);
	buf_byte(b, set->report != NULL);
	if (set->report != NULL)
		put_report(b, set->report);
	buf_u32(b, (uint32_t)set->right_count);
	for (size_t i = 0; i < set->right_count; i++)
		put_right(b, &set->rights[i]);
	put_held_keys(b, set->keys, set->key_count);
	buf_u32(b, (uint32_t)set->part_count);
	for (size_t i = 0; i < set->part_count; i++)
		put_seal_part(b, &set->parts[i]);
	put_seal_drops(b, set);
}

void get_seal_request(struct reader *r, struct arena *a, struct seal_set *set)
{
	struct right_change *rights;

	set->event = (enum event)get_u8(r);
	set->purpose = get_u8(r);
	if (get_u8(r) != 0)
		set->report = get_report(r, a);
	set->right_count = get_count(r, WIRE_RIGHTS_MAX);
	rights = ARENA_ARRAY(a, struct right_change, set->right_count + 1);
	for (size_t i = 0; i < set->right_count; i++)
		get_right(r, &rights[i]);
	set->rights = rights;
	set->keys = get_held_keys(r, a, &set->key_count);
	set->part_count = get_count(r, WIRE_PARTS_MAX);
	set->parts = ARENA_ARRAY(a, struct seal_part, set->part_count + 1);
	for (size_t i = 0; i < set->part_count && !r->bad; i++)
		get_seal_part(r, a, &set->parts[i]);
	get_seal_drops(r, a, set);
}

static void put_sealed_drops(struct buf *b, const struct seal_set *set)
{
	buf_u32(b, (uint32_t)set->drop_count);
	for (size_t i = 0; i < set->drop_count; i++) {
		const struct seal_drop *d = &set->drops[i];

		buf_byte(b, d->sealed);
		if (!d->sealed)
			continue;
		put_id(b, d->organisation);
		put_id(b, d->recipient);
		put_id(b, d->key);
		buf_put(b, d->hash, sizeof(d->hash));
		buf_u64(b, d->seq);
		put_bytes(b, d->wrap);
		put_bytes(b, d->blob);
	}
}

static void get_sealed_drops(struct reader *r, struct seal_set *set)
{
	if (get_count(r, WIRE_DROPS_MAX) != set->drop_count)
		r->bad = true;
	for (size_t i = 0; i < set->drop_count && !r->bad; i++) {
		struct seal_drop *d = &set->drops[i];

		d->sealed = get_u8(r) != 0;
		if (!d->sealed)
			continue;
		d->organisation = get_id(r);
		d->recipient = get_id(r);
		d->key = get_id(r);
		get_bytes(r, d->hash, sizeof(d->hash));
		d->seq = get_u64(r);
		d->wrap = get_bytes_view(r, 1024);
		d->blob = get_bytes_view(r, WIRE_MESSAGE_MAX);
	}
}

void put_seal_answer_tail(struct buf *b, const struct seal_set *set)
{
	put_held_keys(b, set->wraps, set->wrap_count);
	buf_u32(b, (uint32_t)set->retired_count);
	for (size_t i = 0; i < set->retired_count; i++) {
		put_id(b, set->retired[i].key);
		put_id(b, set->retired[i].recipient);
	}
	buf_put(b, set->new_code, sizeof(set->new_code));
	buf_u64(b, set->first_seq);
	buf_u32(b, set->seq_count);
	put_sealed_drops(b, set);
	if (set->report == NULL)
		return;
	put_id(b, set->report->desk);
	put_id(b, set->report->fallback);
	buf_put(b, set->report->code, sizeof(set->report->code));
	buf_byte(b, set->report->repeated);
}

static void get_sealed(struct reader *r, struct seal_part *p)
{
	p->origin = get_id(r);
	p->key_id = get_id(r);
	get_bytes(r, p->hash, sizeof(p->hash));
	p->seq = get_u64(r);
	p->blob = get_bytes_view(r, WIRE_MESSAGE_MAX);
	p->history = get_bytes_view(r, WIRE_MESSAGE_MAX);
}

void get_seal_answer(struct reader *r, struct arena *a, struct seal_set *set)
{
	size_t sealed = get_count(r, set->part_count);

	for (size_t i = 0; i < sealed; i++)
		get_sealed(r, &set->parts[i]);
	set->wraps = get_held_keys(r, a, &set->wrap_count);
	set->retired_count = get_count(r, WIRE_KEYS_MAX);
	set->retired = arena_array(a, set->retired_count + 1, sizeof(*set->retired));
	for (size_t i = 0; i < set->retired_count; i++) {
		set->retired[i].key = get_id(r);
		set->retired[i].recipient = get_id(r);
	}
	get_bytes(r, set->new_code, sizeof(set->new_code));
	set->new_code[sizeof(set->new_code) - 1] = 0;
	set->first_seq = get_u64(r);
	set->seq_count = get_u32(r);
	get_sealed_drops(r, set);
	if (set->report == NULL)
		return;
	set->report->desk = get_id(r);
	set->report->fallback = get_id(r);
	get_bytes(r, set->report->code, sizeof(set->report->code));
	set->report->code[sizeof(set->report->code) - 1] = 0;
	set->report->repeated = get_u8(r) != 0;
	if (sealed != set->part_count && !set->report->repeated)
		r->bad = true;
}

void put_drops(struct buf *b, const struct stored_drop *drops, size_t n)
{
	buf_u32(b, (uint32_t)n);
	for (size_t i = 0; i < n; i++) {
		put_id(b, drops[i].id);
		put_id(b, drops[i].organisation);
		put_id(b, drops[i].recipient);
		put_id(b, drops[i].key);
		buf_u16(b, drops[i].type);
		buf_u32(b, drops[i].schema);
		put_bytes(b, drops[i].wrap);
		put_bytes(b, drops[i].blob);
	}
}

struct stored_drop *get_drops(struct reader *r, struct arena *a, size_t *n)
{
	struct stored_drop *drops;

	*n = get_count(r, DROPS_MAX);
	drops = ARENA_ARRAY(a, struct stored_drop, *n + 1);
	for (size_t i = 0; i < *n && !r->bad; i++) {
		drops[i].id = get_id(r);
		drops[i].organisation = get_id(r);
		drops[i].recipient = get_id(r);
		drops[i].key = get_id(r);
		drops[i].type = get_u16(r);
		drops[i].schema = get_u32(r);
		drops[i].wrap = get_bytes_view(r, 1024);
		drops[i].blob = get_bytes_view(r, WIRE_MESSAGE_MAX);
	}
	return drops;
}

#define PENDING_MAX 10000u

void put_pending(struct buf *b, const struct pending_part *p, size_t n)
{
	buf_u32(b, (uint32_t)n);
	for (size_t i = 0; i < n; i++) {
		put_id(b, p[i].record);
		buf_u16(b, p[i].type);
		buf_byte(b, (uint8_t)p[i].class);
		buf_u64(b, p[i].version);
		buf_put(b, p[i].hash, sizeof(p[i].hash));
		buf_u64(b, p[i].seq);
		buf_byte(b, p[i].stored);
	}
}

struct pending_part *get_pending(struct reader *r, struct arena *a, size_t *n)
{
	struct pending_part *p;

	*n = get_count(r, PENDING_MAX);
	p = ARENA_ARRAY(a, struct pending_part, *n + 1);
	for (size_t i = 0; i < *n && !r->bad; i++) {
		p[i].record = get_id(r);
		p[i].type = get_u16(r);
		p[i].class = (enum class)get_u8(r);
		p[i].version = get_u64(r);
		get_bytes(r, p[i].hash, sizeof(p[i].hash));
		p[i].seq = get_u64(r);
		p[i].stored = get_u8(r) != 0;
	}
	return p;
}
