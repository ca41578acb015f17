/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Loading: parts and wraps are read in one short snapshot, which ends before the keeper is asked; the keeper decides and opens; each part it
 * gave is decoded into its record. A part that was saved by somebody else between the two steps does not fit what the keeper knows any
 * more: then everything is read once more. Damage that is really there stays E_CRYPTO. */
#include "policy/policy.h"
#include "record/run.h"

#define READ_TRIES 5
#define REQUEST_BYTES ((size_t)900 << 10) /* blobs and keys of one request to the keeper */
#define HELD_KEY_BYTES 280
#define DOSSIER_ROWS 20000

/* Columns of parts_of_record and parts_of_dossier. */
enum { P_RECORD, P_DOSSIER, P_ORIGIN, P_NUMBER, P_CLASS, P_TYPE, P_SCHEMA, P_VERSION, P_KEY, P_BLOB };

struct loading {
	struct ctx *c;
	const struct record_type *type;
	uint32_t classes;
	struct record **records; /* in order; NULL where none was found */
	size_t record_count;
	struct sealed_part *parts; /* those asked for */
	struct record **owners;    /* the record of each */
	size_t part_count, part_room, owner_room, owner_count;
	struct keys keys; /* those of all dossiers concerned */
	size_t key_room;
	struct id last_dossier; /* whose keys are the newest in `keys` */
	size_t last_first;
	const struct id *whole; /* the dossier all records of which are loaded; NULL: single ones */
};

/* --- which parts --------------------------------------------------------------------------------------------------------------- */

/* Asking for what a role can never read would only fill the journal with refusals. Who comes by a code is known by the wrap alone. */
static bool worth_asking(const struct loading *l, enum class class)
{
	if (l->classes && !(l->classes >> class & 1))
		return false;
	return l->c->who->kind != ACTOR_STAFF || policy_may(l->c->who->roles, class, OP_READ);
}

/* The class, when one alone is asked for or the type has but one; else CLASS_COUNT. */
static unsigned only_class(const struct loading *l)
{
	uint32_t classes = l->classes;
	unsigned only = 0;

	for (size_t i = 0; l->classes == 0 && i < l->type->field_count; i++)
		classes |= UINT32_C(1) << l->type->fields[i].class;
	while (only < CLASS_COUNT && classes != UINT32_C(1) << only)
		only++;
	return only;
}

/* Keys of a dossier once for all its parts that follow each other. */
static enum status dossier_keys(struct loading *l, struct id dossier, int64_t number)
{
	unsigned only;
	struct keys found;

	if (l->keys.n && id_equal(l->last_dossier, dossier))
		return OK;
	l->last_dossier = dossier;
	l->last_first = l->keys.n;
	only = only_class(l);
	if (only == CLASS_COUNT)
		TRY(keys_of(l->c, dossier, number, &found));
	else
		TRY(keys_of_class(l->c, dossier, number, (enum class)only, &found));
	for (size_t i = 0; i < found.n; i++) {
		struct held_key *k = ONE_MORE(l->c->arena, l->keys.items, l->keys.n, l->key_room);

		*k = found.items[i];
	}
	return OK;
}

/* Among the keys of the dossier read last. */
static size_t key_index(const struct loading *l, struct id key)
{
	for (size_t i = l->last_first; i < l->keys.n; i++)
		if (id_equal(l->keys.items[i].key, key))
			return i;
	return SIZE_MAX;
}

/* Note one row: its version for the record, and the part itself when this actor could open it. */
static enum status take_part(struct loading *l, struct record *r, const struct rows *rows, size_t i)
{
	enum class class = (enum class)row_int(rows, i, P_CLASS);
	struct sealed_part *p;
	size_t key;

	if ((unsigned)class >= CLASS_COUNT)
		return ERR(l->c, E_CRYPTO, "a stored part has no known class");
	r->present |= UINT32_C(1) << class;
	r->part_version[class] = (uint64_t)row_int(rows, i, P_VERSION);
	if (r->part_version[class] > r->version)
		r->version = r->part_version[class];
	if (!worth_asking(l, class))
		return OK;
	TRY(dossier_keys(l, r->dossier, row_int(rows, i, P_NUMBER)));
	key = key_index(l, row_id(rows, i, P_KEY));
	if (key == SIZE_MAX)
		return OK;
	p = ONE_MORE(l->c->arena, l->parts, l->part_count, l->part_room);
	*p = (struct sealed_part){ .record = r->id,
				   .dossier = r->dossier,
				   .origin = r->origin,
				   .type = l->type->number,
				   .class = class,
				   .schema = (uint32_t)row_int(rows, i, P_SCHEMA),
				   .version = r->part_version[class],
				   .blob = row_text(rows, i, P_BLOB),
				   .key = key };
	*(struct record **)ONE_MORE(l->c->arena, l->owners, l->owner_count, l->owner_room) = r;
	return OK;
}

static struct record *from_row(struct loading *l, const struct rows *rows, size_t i)
{
	struct record *r = record_blank(l->c->arena, l->type);

	r->id = row_id(rows, i, P_RECORD);
	r->dossier = row_id(rows, i, P_DOSSIER);
	r->origin = row_id(rows, i, P_ORIGIN);
	return r;
}

static enum status read_one(struct loading *l, struct id id, struct record **out)
{
	const struct value key = v_id(&id);
	struct rows rows;

	TRY(db_query(l->c, QUERY_RECORD_PARTS_OF_RECORD, &key, 1, 0, &rows));
	if (!rows.n || row_int(&rows, 0, P_TYPE) != l->type->number)
		return OK;
	*out = from_row(l, &rows, 0);
	for (size_t i = 0; i < rows.n; i++)
		TRY(take_part(l, *out, &rows, i));
	return OK;
}

static struct record *known(const struct loading *l, struct id id)
{
	for (size_t i = l->record_count; i > 0; i--)
		if (id_equal(l->records[i - 1]->id, id))
			return l->records[i - 1];
	return NULL;
}

/* Records of the type in the order their first parts came. */
static enum status read_dossier(struct loading *l, struct id dossier)
{
	const struct value args[] = { v_id(&dossier), v_int(l->type->number) };
	struct rows rows;
	size_t room = 0;

	TRY(db_query(l->c, QUERY_RECORD_PARTS_OF_DOSSIER, args, 2, DOSSIER_ROWS, &rows));
	for (size_t i = 0; i < rows.n; i++) {
		struct record *r = known(l, row_id(&rows, i, P_RECORD));

		if (!r) {
			r = from_row(l, &rows, i);
			*(struct record **)ONE_MORE(l->c->arena, l->records, l->record_count, room) = r;
		}
		TRY(take_part(l, r, &rows, i));
	}
	return OK;
}

/* --- opening --------------------------------------------------------------------------------------------------------------------- */

/* How many of the parts fit one request. A record is not torn apart: the keeper would miss its other parts. */
static size_t fitting(const struct sealed_part *parts, size_t n)
{
	size_t bytes = 0, i = 0, whole = 0;

	while (i < n && i < PARTS_MAX && (i == 0 || bytes + parts[i].blob.n + HELD_KEY_BYTES <= REQUEST_BYTES)) {
		bytes += parts[i++].blob.n + HELD_KEY_BYTES;
		if (i == n || !id_equal(parts[i].record, parts[i - 1].record))
			whole = i;
	}
	return whole > 0 ? whole : i;
}

/* One request, with the keys its parts need and no others. */
static enum status open_some(struct ctx *c, enum open_how how, const struct whole *whole, const struct keys *k,
			     struct sealed_part *parts, size_t n)
{
	struct held_key *needed = ARENA_ARRAY(c->arena, struct held_key, n);
	size_t count = 0;

	for (size_t i = 0; i < n; i++) {
		const struct held_key *key = &k->items[parts[i].key];
		size_t at = 0;

		while (at < count && !(id_equal(needed[at].key, key->key) && id_equal(needed[at].recipient, key->recipient)))
			at++;
		if (at == count)
			needed[count++] = *key;
		parts[i].key = at;
	}
	return keeper_open_whole(c, how, whole, needed, count, parts, n);
}

enum status open_parts(struct ctx *c, enum open_how how, const struct whole *whole, const struct keys *k, struct sealed_part *parts,
		       size_t n)
{
	if (n == 0)
		return whole != NULL ? open_some(c, how, whole, k, parts, 0) : OK;
	for (size_t at = 0, some; at < n; at += some) { /* the last request says what all of them brought */
		some = fitting(parts + at, n - at);
		TRY(open_some(c, how, at + some == n ? whole : NULL, k, parts + at, some));
	}
	return OK;
}

/* Was a part that did not fit saved anew meanwhile? */
static enum status moved_on(struct ctx *c, const struct sealed_part *p, bool *moved)
{
	const struct value args[] = { v_id(&p->record), v_int(p->class) };
	struct rows rows;

	TRY(db_query(c, QUERY_RECORD_PART_STATE, args, 2, 1, &rows));
	*moved = rows.n == 0 || (uint64_t)row_int(&rows, 0, 1) != p->version;
	return OK;
}

static void remember_loaded(struct record *r)
{
	for (size_t i = 0; i < r->type->field_count; i++)
		loaded_values(r)[i] = r->values[i];
}

/* Put what was opened into the records. E_BUSY: read again. What is damaged is said through `damaged`, not as an error: the caller knows
 * whether the rest is worth showing. */
static enum status take_opened(struct loading *l, const struct keys *keys, const size_t *key_of, bool *damaged, bool last_try)
{
	for (size_t i = 0; i < l->part_count; i++) {
		const struct sealed_part *p = &l->parts[i];
		struct record *r = l->owners[i];
		const struct error before = l->c->error;
		bool moved = false;

		if (p->status == E_LIMIT)
			return ERR(l->c, E_LIMIT, "more than one request may show");
		if (p->status == E_CRYPTO || p->status == E_NOTFOUND) { /* not found: erased, here too by now */
			TRY(moved_on(l->c, p, &moved));
			if (moved && !last_try)
				return E_BUSY;
			*damaged = *damaged || p->status == E_CRYPTO;
			continue;
		}
		if (p->status != OK)
			continue;
		if (part_decode(l->c, l->type, p->class, p->plain, r->values) != OK) {
			l->c->error = before;
			*damaged = true;
			continue;
		}
		r->opened |= UINT32_C(1) << p->class;
		r->keys[p->class] = &keys->items[key_of[i]];
	}
	return OK;
}

typedef enum status read_fn(struct loading *l, const void *arg);

/* Who opens all of a dossier tells the keeper what all is, so that a record taken away whole is missed. */
static const struct whole *whole_of(const struct loading *l, const struct id *dossier, enum open_how how, struct whole *w)
{
	struct id *ids;

	if (!dossier || how != OPEN_DOSSIER)
		return NULL;
	ids = ARENA_ARRAY(l->c->arena, struct id, l->record_count + 1);
	for (size_t i = 0; i < l->record_count; i++)
		ids[i] = l->records[i]->id;
	*w = (struct whole){ *dossier, l->type->number, ids, l->record_count };
	return w;
}

/* Read, open, decode; again when somebody saved in between. */
static enum status load(struct loading *l, read_fn *read, const void *arg, enum open_how how, bool *damaged)
{
	const struct loading fresh = *l;
	enum status s = E_BUSY;
	struct whole w;

	for (int try = 1; try <= READ_TRIES && s == E_BUSY; try++) {
		size_t *key_of;

		*l = fresh;
		*damaged = false;
		TRY(db_begin_read(l->c));
		s = read(l, arg);
		db_end_read(l->c);
		TRY(s);
		key_of = ARENA_ARRAY(l->c->arena, size_t, l->part_count);
		for (size_t i = 0; i < l->part_count; i++)
			key_of[i] = l->parts[i].key;
		TRY(open_parts(l->c, how, whole_of(l, l->whole, how, &w), &l->keys, l->parts, l->part_count));
		s = take_opened(l, &l->keys, key_of, damaged, try == READ_TRIES);
	}
	for (size_t i = 0; s == OK && i < l->record_count; i++)
		if (l->records[i])
			remember_loaded(l->records[i]);
	return s;
}

/* --- the three ways ---------------------------------------------------------------------------------------------------------------- */

/* While preparing a save nothing is shown to anybody. */
static enum open_how usual_how(const struct ctx *c)
{
	return preparing(c) ? OPEN_CHECK : OPEN_DOSSIER;
}

static enum status read_ids(struct loading *l, const void *arg)
{
	const struct id *ids = arg;

	for (size_t i = 0; i < l->record_count; i++) {
		l->records[i] = NULL;
		TRY(read_one(l, ids[i], &l->records[i]));
	}
	return OK;
}

static enum status read_whole(struct loading *l, const void *arg)
{
	return read_dossier(l, *(const struct id *)arg);
}

enum status record_load(struct ctx *c, const struct record_type *t, struct id id, struct record **out)
{
	struct record *one = NULL;
	struct loading l = { .c = c, .type = t, .records = &one, .record_count = 1 };
	bool damaged;

	TRY(load(&l, read_ids, &id, usual_how(c), &damaged));
	if (damaged)
		return ERR(c, E_CRYPTO, "a sealed part does not open");
	if (!one || !one->opened)
		return ERR(c, E_NOTFOUND, "no such record, or none of it may be opened");
	*out = one;
	return OK;
}

/* Those with a class opened, side by side. */
static size_t pack(const struct loading *l, struct record **out)
{
	size_t kept = 0;

	*out = ARENA_ARRAY(l->c->arena, struct record, l->record_count);
	for (size_t i = 0; i < l->record_count; i++)
		if (l->records[i] && l->records[i]->opened)
			(*out)[kept++] = *l->records[i];
	return kept;
}

enum status record_load_many(struct ctx *c, const struct record_type *t, const struct id *ids, size_t n, uint32_t classes,
			     enum open_how how, struct record **out, size_t *out_n, size_t *hidden)
{
	struct loading l = {
		.c = c, .type = t, .classes = classes, .records = ARENA_ARRAY(c->arena, struct record *, n), .record_count = n
	};
	bool damaged;

	if (n > PARTS_MAX)
		return ERR(c, E_LIMIT, "a list opens at most 500 records");
	if (classes && how == OPEN_DOSSIER)
		return ERR(c, E_BUG, "opening a dossier brings every class");
	TRY(load(&l, read_ids, ids, how, &damaged));
	*out_n = pack(&l, out);
	*hidden = n - *out_n;
	return OK;
}

/* What is damaged is left out and was alarmed about by the keeper; the rest of a dossier must stay readable. */
enum status record_load_dossier(struct ctx *c, const struct record_type *t, struct id dossier, struct record **out, size_t *n)
{
	struct loading l = { .c = c, .type = t, .whole = &dossier };
	bool damaged;

	TRY(load(&l, read_whole, &dossier, usual_how(c), &damaged));
	*n = pack(&l, out);
	return OK;
}
