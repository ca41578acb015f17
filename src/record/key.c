/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wraps as they lie in the main database: which of a dossier's keys this actor could open, and which one a new part is sealed under. Whether
 * he may is the keeper's to say. */
#include "record/run.h"

#define WRAPS_MAX 20000

static void read_key(const struct rows *rows, size_t i, struct id dossier, struct held_key *k)
{
	*k = (struct held_key){
		.class = (enum class)row_int(rows, i, 0),
		.key = row_id(rows, i, 1),
		.dossier = dossier,
		.recipient = row_id(rows, i, 2),
		.holder = row_id(rows, i, 3),
		.generation = (uint32_t)row_int(rows, i, 4),
		.kind = (uint8_t)row_int(rows, i, 5),
		.purpose = (uint8_t)row_int(rows, i, 6),
		.organisation = row_id(rows, i, 7),
		.grant = row_id(rows, i, 8),
		.not_after = (uint64_t)row_int(rows, i, 9),
		.wrap = row_text(rows, i, 10),
	};
}

/* class CLASS_COUNT: of all. */
static enum status keys_read(struct ctx *c, struct id dossier, int64_t number, enum class class, struct keys *out)
{
	const struct actor *who = c->who;
	const struct value args[] = { v_int(number), id_is_zero(who->organisation) ? v_null() : v_id(&who->organisation),
				      id_is_zero(who->recipient) ? v_null() : v_id(&who->recipient), v_int(class) };
	struct rows rows;

	if (class == CLASS_COUNT)
		TRY(db_query(c, QUERY_RECORD_WRAPS, args, 3, WRAPS_MAX, &rows));
	else
		TRY(db_query(c, QUERY_RECORD_WRAPS_OF_CLASS, args, 4, WRAPS_MAX, &rows));
	*out = (struct keys){ ARENA_ARRAY(c->arena, struct held_key, rows.n), rows.n };
	for (size_t i = 0; i < rows.n; i++)
		read_key(&rows, i, dossier, &out->items[i]);
	return OK;
}

enum status keys_of(struct ctx *c, struct id dossier, int64_t number, struct keys *out)
{
	return keys_read(c, dossier, number, CLASS_COUNT, out);
}

enum status keys_of_class(struct ctx *c, struct id dossier, int64_t number, enum class class, struct keys *out)
{
	return keys_read(c, dossier, number, class, out);
}

const struct held_key *key_by_id(const struct keys *k, struct id key)
{
	for (size_t i = 0; i < k->n; i++)
		if (id_equal(k->items[i].key, key))
			return &k->items[i];
	return NULL;
}

enum status dossier_of(struct ctx *c, struct id dossier, struct dossier_row *out)
{
	const struct value key = v_id(&dossier);
	struct rows rows;

	TRY(db_query(c, QUERY_RECORD_DOSSIER, &key, 1, 1, &rows));
	if (!rows.n)
		return E_NOTFOUND;
	*out = (struct dossier_row){ row_int(&rows, 0, 0), (enum dossier_kind)row_int(&rows, 0, 1), row_id(&rows, 0, 2) };
	return OK;
}

struct id holder_of(const struct ctx *c, enum class class)
{
	return class == NOTES || class == PLACE ? c->who->user : ID_ZERO;
}

enum status class_key(struct ctx *c, struct id dossier, enum class class, struct id holder, const struct held_key **out)
{
	struct dossier_row row;
	struct keys keys;

	*out = NULL;
	TRY(dossier_of(c, dossier, &row));
	TRY(keys_of(c, dossier, row.number, &keys));
	for (size_t i = 0; i < keys.n; i++) {
		const struct held_key *k = &keys.items[i];

		if (k->class == class && id_equal(k->holder, holder) && (!*out || k->generation > (*out)->generation))
			*out = k;
	}
	return OK;
}
