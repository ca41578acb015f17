/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Filling a change set. Nothing is written or sealed here: parts are encoded, values of statements copied into the arena, so that fn may
 * build them on its stack. A record keeps the version it will have, for a second save in the same run. */
#include "record/run.h"

#include "base/clock.h"

#include <string.h>

struct changes *preparing(const struct ctx *c)
{
	return c->changes && c->changes->active ? c->changes : NULL;
}

void *one_more(struct arena *a, void *array_pointer, size_t *count, size_t *room, size_t size)
{
	char *array;

	memcpy(&array, array_pointer, sizeof array);
	if (*count == *room) {
		size_t more = *room ? *room * 2 : 8;
		char *grown = arena_array(a, more, size);

		if (*count)
			memcpy(grown, array, *count * size);
		*room = more;
		array = grown;
		memcpy(array_pointer, &array, sizeof array);
	}
	return array + (*count)++ * size;
}

/* --- parts ----------------------------------------------------------------------------------------------------------------------- */

static enum status check_required(struct ctx *c, const struct record *r, enum class class)
{
	bool missing = false;

	for (size_t i = 0; i < r->type->field_count; i++) {
		const struct field *f = &r->type->fields[i];

		if (f->class != class || r->values[i].set || (f->flags & (FIELD_REQUIRED | FIELD_RETIRED)) != FIELD_REQUIRED)
			continue;
		(void)!ctx_input(c, f->name, "error.required", 0);
		missing = true;
	}
	return missing ? E_INPUT : OK;
}

static bool creates(const struct changes *s, struct id dossier)
{
	for (size_t i = 0; i < s->right_count; i++)
		if (s->rights[i].what == RIGHT_CREATE && id_equal(s->rights[i].dossier, dossier))
			return true;
	return false;
}

const struct strip_plan *strip_of(const struct changes *s, struct id dossier)
{
	for (size_t i = 0; i < s->strip_count; i++)
		if (id_equal(s->strips[i].dossier, dossier))
			return &s->strips[i];
	return NULL;
}

/* The key a part is sealed under: the one it has; for a first part the newest of the class that the actor holds; NULL = the keeper makes
 * one. A dossier made in this very set has none yet, one stripped in it none any more. */
static enum status choose_key(struct ctx *c, const struct changes *s, const struct record *r, enum class class, bool fresh,
			      const struct held_key **out)
{
	enum status found;

	*out = strip_of(s, r->dossier) ? NULL : r->keys[class];
	if (*out || creates(s, r->dossier) || strip_of(s, r->dossier))
		return OK;
	found = class_key(c, r->dossier, class, holder_of(c, class), out);
	if (found == E_NOTFOUND)
		return ERR(c, E_BUG, "a record is saved into a dossier that is not there");
	if (fresh)
		*out = NULL;
	return found;
}

/* How the parts of one save are sealed. */
struct manner {
	bool fresh, signature;
	struct id signs;
};

static enum status save_class(struct ctx *c, struct record *r, enum class class, const struct manner *how, uint64_t newest)
{
	struct changes *s = preparing(c);
	bool first = !(r->present >> class & 1);
	struct seal_part part = { .record = r->id,
				  .dossier = r->dossier,
				  .origin = r->origin,
				  .type = r->type->number,
				  .class = class,
				  .holder = holder_of(c, class),
				  .schema = r->type->schema,
				  .version = r->version,
				  .first = first,
				  .fresh_key = how->fresh,
				  .signature = how->signature,
				  .signs = how->signs };
	size_t plans = s->part_count, plan_room = s->part_room; /* plans and parts grow alike */

	if (!first && !(r->opened >> class & 1))
		return ERR(c, E_DENIED, "a part is written by somebody who cannot read it");
	if (s->part_count == PARTS_MAX)
		return ERR(c, E_LIMIT, "too many parts in one set");
	TRY(check_required(c, r, class));
	TRY(choose_key(c, s, r, class, how->fresh, &part.key));
	if (part_encode(c->arena, r->type, class, r->values, &part.plain) != OK)
		return ERR(c, E_BUG, "a value does not fit its field");
	if (!first && !strip_of(s, r->dossier))
		TRY(difference(c, r, class, &part.history));
	*(struct part_plan *)ONE_MORE(c->arena, s->plans, plans, plan_room) =
		(struct part_plan){ .before = first ? 0 : r->part_version[class], .newest = newest };
	*(struct seal_part *)ONE_MORE(c->arena, s->parts, s->part_count, s->part_room) = part;
	r->present |= UINT32_C(1) << class;
	r->part_version[class] = r->version;
	return OK;
}

static enum status save(struct ctx *c, struct record *r, const struct manner *how)
{
	uint32_t changed = r->changed;

	if (!preparing(c))
		return ERR(c, E_BUG, "a record is saved outside of a run");
	if (!changed)
		return OK;
	r->version++;
	for (size_t class = 0; class < CLASS_COUNT; class ++) {
		if (!(changed >> class & 1))
			continue;
		TRY(save_class(c, r, (enum class) class, how, r->changed == changed ? r->version - 1 : r->version));
		r->changed &= ~(UINT32_C(1) << class);
	}
	for (size_t i = 0; i < r->type->field_count; i++)
		loaded_values(r)[i] = r->values[i];
	return OK;
}

enum status record_save(struct ctx *c, struct record *r)
{
	return save(c, r, &(struct manner){ .fresh = false });
}

enum status record_save_fresh(struct ctx *c, struct record *r)
{
	return save(c, r, &(struct manner){ .fresh = true });
}

enum status record_save_signature(struct ctx *c, struct record *r, struct id over)
{
	if (r->present)
		return ERR(c, E_BUG, "a signature is saved a second time");
	return save(c, r, &(struct manner){ .fresh = true, .signature = true, .signs = over });
}

enum status record_strip(struct ctx *c, struct record *keep)
{
	struct changes *s = preparing(c);
	struct strip_plan *plan;

	if (!s)
		return ERR(c, E_BUG, "a dossier is stripped outside of a run");
	if (strip_of(s, keep->dossier))
		return ERR(c, E_BUG, "a dossier is stripped twice in one set");
	TRY(change_right(c, (struct right_change){ .what = RIGHT_STRIP, .dossier = keep->dossier }));
	keep->changed |= keep->present; /* sealed anew, whether a value of it goes or not */
	plan = ONE_MORE(c->arena, s->strips, s->strip_count, s->strip_room);
	*plan = (struct strip_plan){ .dossier = keep->dossier, .record = keep->id };
	return files_going(c, plan);
}

/* --- everything else of a set ------------------------------------------------------------------------------------------------------ */

enum status change_write(struct ctx *c, enum query q, const struct value *args, size_t n, int64_t changes, enum status otherwise)
{
	struct changes *s = preparing(c);
	struct value *copies = ARENA_ARRAY(c->arena, struct value, n);

	if (!s)
		return ERR(c, E_BUG, "a row is written outside of a run");
	for (size_t i = 0; i < n; i++) {
		copies[i] = args[i];
		if (args[i].s.p)
			copies[i].s = arena_copy(c->arena, args[i].s);
	}
	*(struct write *)ONE_MORE(c->arena, s->writes, s->write_count, s->write_room) =
		(struct write){ q, copies, n, changes, otherwise };
	return OK;
}

enum status change_right(struct ctx *c, struct right_change r)
{
	struct changes *s = preparing(c);

	if (!s)
		return ERR(c, E_BUG, "a right is changed outside of a run");
	*(struct right_change *)ONE_MORE(c->arena, s->rights, s->right_count, s->right_room) = r;
	return OK;
}

enum status change_keys(struct ctx *c, struct id dossier)
{
	struct changes *s = preparing(c);
	struct dossier_row row;
	struct keys keys;
	enum status found;

	if (!s)
		return ERR(c, E_BUG, "keys are brought outside of a run");
	found = dossier_of(c, dossier, &row);
	if (found == E_NOTFOUND)
		return ERR(c, E_NOTFOUND, "no such dossier");
	TRY(found);
	TRY(keys_of(c, dossier, row.number, &keys));
	for (size_t i = 0; i < keys.n; i++)
		*(struct held_key *)ONE_MORE(c->arena, s->keys, s->key_count, s->key_room) = keys.items[i];
	return OK;
}

void change_event(struct ctx *c, enum event e, uint8_t purpose)
{
	struct changes *s = preparing(c);

	if (!s)
		return;
	s->event = e;
	s->purpose = purpose;
}

void change_public(struct ctx *c, struct public_report *report)
{
	struct changes *s = preparing(c);

	if (s)
		s->report = report;
}

/* --- once -------------------------------------------------------------------------------------------------------------------------- */

enum status once_result(struct ctx *c, const uint8_t key[16], struct sv *result)
{
	struct id id;
	struct value arg = v_id(&id);
	struct rows rows;

	memcpy(id.b, key, sizeof id.b);
	TRY(db_query(c, QUERY_RECORD_ONCE, &arg, 1, 1, &rows));
	if (!rows.n)
		return E_NOTFOUND;
	*result = row_text(&rows, 0, 0);
	return OK;
}

/* Its row is the set's first: there a form that was carried out already is found. */
enum status change_once(struct ctx *c, const uint8_t key[16], struct sv result)
{
	struct changes *s = preparing(c);
	struct id id;

	memcpy(id.b, key, sizeof id.b);
	if (!s)
		return ERR(c, E_BUG, "a form is absorbed outside of a run");
	if (id_is_zero(id))
		return OK; /* no form: tests, imports */
	s->has_once = true;
	s->once = id;
	s->once_result = arena_copy(c->arena, result);
	return OK;
}
