/* SPDX-License-Identifier: GPL-3.0-or-later */
/* History: with each save of a part that was there before, the difference is sealed as a row of its own: when, by whom, and for each field
 * that changed its text before and after. The form inside the seal is the map
 *   0: milliseconds UTC, 1: the user's id (absent when nobody was logged in), 2: map of field number to [before or null, after or null]
 * in deterministic encoding. */
#include "record/run.h"

#include "registry/item.h"

#include <string.h>

#define DIFFERENCE_MAX ((size_t)1 << 20)
#define HISTORY_TYPE 0x8000
#define ROWS_MAX 5000

enum { AT = 0, BY = 1, FIELDS = 2 };

static bool differs(const struct record *r, size_t i)
{
	const struct field_value *now = &r->values[i], *then = &loaded_values(r)[i];

	return now->set != then->set || now->number != then->number || !sv_equal(now->text, then->text);
}

static void put_value(struct buf *b, struct arena *a, const struct field *f, const struct field_value *v)
{
	if (v->set)
		item_put_text(b, field_format(a, f, v));
	else
		item_put_null(b);
}

/* The class's field of the smallest number above `after` that changed, or SIZE_MAX. */
static size_t next_change(const struct record *r, enum class class, uint16_t after)
{
	size_t best = SIZE_MAX;

	for (size_t i = 0; i < r->type->field_count; i++) {
		const struct field *f = &r->type->fields[i];

		if (f->class == class && f->number > after && differs(r, i) &&
		    (best == SIZE_MAX || f->number < r->type->fields[best].number))
			best = i;
	}
	return best;
}

enum status difference(struct ctx *c, const struct record *r, enum class class, struct sv *out)
{
	struct buf b = buf_new(c->arena, 256, DIFFERENCE_MAX);
	bool known = !id_is_zero(c->who->user);
	size_t n = 0;

	for (size_t i = 0; i < r->type->field_count; i++)
		n += r->type->fields[i].class == class && differs(r, i);
	item_put_map(&b, known ? 3 : 2);
	item_put_int(&b, AT);
	item_put_int(&b, c->now);
	if (known) {
		item_put_int(&b, BY);
		item_put_bytes(&b, id_view(&c->who->user));
	}
	item_put_int(&b, FIELDS);
	item_put_map(&b, n);
	for (size_t i = next_change(r, class, 0); i != SIZE_MAX; i = next_change(r, class, r->type->fields[i].number)) {
		const struct field *f = &r->type->fields[i];

		item_put_int(&b, f->number);
		item_put_array(&b, 2);
		put_value(&b, c->arena, f, &loaded_values(r)[i]);
		put_value(&b, c->arena, f, &r->values[i]);
	}
	if (buf_ok(&b) != OK)
		return ERR(c, E_LIMIT, "a change is too large to keep");
	*out = buf_view(&b);
	return OK;
}

/* --- reading ------------------------------------------------------------------------------------------------------------------------ */

struct list {
	struct arena *arena;
	struct change *items;
	size_t n, room;
};

static enum status get_int(struct sv *rest, int64_t *out)
{
	struct item item;

	TRY(item_get(rest, &item));
	return item_int(&item, out) ? OK : E_CRYPTO;
}

static enum status get_kind(struct sv *rest, enum item_kind kind, uint64_t *n)
{
	struct item item;

	TRY(item_get(rest, &item));
	*n = item.n;
	return item.kind == kind ? OK : E_CRYPTO;
}

static enum status get_text(struct sv *rest, struct sv *out)
{
	struct item item;

	TRY(item_get(rest, &item));
	*out = item.kind == ITEM_TEXT ? item.s : SV_NONE;
	return item.kind == ITEM_TEXT || item.kind == ITEM_NULL ? OK : E_CRYPTO;
}

/* One "number: [before, after]". */
static enum status get_change(struct sv *rest, struct list *list, const struct change *head)
{
	struct change one = *head;
	int64_t number;
	uint64_t two;

	TRY(get_int(rest, &number));
	if (number < 1 || number > UINT16_MAX)
		return E_CRYPTO;
	one.field = (uint16_t)number;
	TRY(get_kind(rest, ITEM_ARRAY, &two));
	if (two != 2)
		return E_CRYPTO;
	TRY(get_text(rest, &one.before));
	TRY(get_text(rest, &one.after));
	*(struct change *)ONE_MORE(list->arena, list->items, list->n, list->room) = one;
	return OK;
}

static enum status get_difference(struct sv rest, struct list *list, struct change head)
{
	struct item by;
	int64_t key;
	uint64_t pairs, fields;

	TRY(get_kind(&rest, ITEM_MAP, &pairs));
	TRY(get_int(&rest, &key));
	if (key != AT || pairs < 2 || pairs > 3)
		return E_CRYPTO;
	TRY(get_int(&rest, &head.at));
	TRY(get_int(&rest, &key));
	if (pairs == 3) {
		if (key != BY || item_get(&rest, &by) != OK || by.kind != ITEM_BYTES || !id_from(by.s, &head.by))
			return E_CRYPTO;
		TRY(get_int(&rest, &key));
	}
	TRY(get_kind(&rest, ITEM_MAP, &fields));
	if (key != FIELDS)
		return E_CRYPTO;
	for (uint64_t i = 0; i < fields; i++)
		TRY(get_change(&rest, list, &head));
	return rest.n ? E_CRYPTO : OK;
}

/* Columns of QUERY_RECORD_HISTORY. */
enum { H_VERSION, H_CLASS, H_TYPE, H_SCHEMA, H_KEY, H_BLOB };

/* The rows whose key this actor has and whose class was opened to him. */
static size_t openable(const struct record *r, const struct rows *rows, const struct keys *keys, struct sealed_part *parts)
{
	size_t n = 0;

	for (size_t i = 0; i < rows->n; i++) {
		int64_t class = row_int(rows, i, H_CLASS);
		const struct held_key *k = key_by_id(keys, row_id(rows, i, H_KEY));

		if (class < 0 || class >= CLASS_COUNT || !(r->opened >> class & 1) || !k)
			continue;
		parts[n++] = (struct sealed_part){ .record = r->id,
						   .dossier = r->dossier,
						   .origin = r->origin,
						   .type = (uint16_t)(row_int(rows, i, H_TYPE) | HISTORY_TYPE),
						   .class = (enum class) class,
						   .schema = (uint32_t)row_int(rows, i, H_SCHEMA),
						   .version = (uint64_t)row_int(rows, i, H_VERSION),
						   .blob = row_text(rows, i, H_BLOB),
						   .key = (size_t)(k - keys->items) };
	}
	return n;
}

enum status record_history(struct ctx *c, const struct record *r, struct change **out, size_t *n)
{
	const struct value key = v_id(&r->id);
	struct list list = { .arena = c->arena };
	struct dossier_row dossier;
	struct sealed_part *parts;
	struct keys keys;
	struct rows rows;
	size_t count;

	*n = 0;
	*out = NULL;
	TRY(db_query(c, QUERY_RECORD_HISTORY, &key, 1, ROWS_MAX, &rows));
	if (!rows.n)
		return OK;
	if (dossier_of(c, r->dossier, &dossier) != OK)
		return ERR(c, E_CRYPTO, "a record without its dossier");
	TRY(keys_of(c, r->dossier, dossier.number, &keys));
	parts = ARENA_ARRAY(c->arena, struct sealed_part, rows.n);
	count = openable(r, &rows, &keys, parts);
	TRY(open_parts(c, OPEN_DOSSIER, NULL, &keys, parts, count));
	for (size_t i = 0; i < count; i++) {
		const struct change head = { .version = parts[i].version, .class = parts[i].class };

		if (parts[i].status != OK)
			continue;
		if (get_difference(parts[i].plain, &list, head) != OK)
			return ERR(c, E_CRYPTO, "a sealed difference does not hold what it should");
	}
	*out = list.items;
	*n = list.n;
	return OK;
}
