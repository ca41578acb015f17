/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Signatures, reviews and events of the statistics: what a set asks of the keeper beside parts. The keeper takes the hash of the part
 * itself; here only record, class and the version that was shown are named. */
#include "record/run.h"

static enum status stored_part(struct ctx *c, const struct record *r, enum class class)
{
	if ((unsigned)class >= CLASS_COUNT || !(r->present >> class & 1))
		return ERR(c, E_BUG, "a part that is not there is signed");
	return OK;
}

enum status record_sign(struct ctx *c, const struct record *r, enum class class, uint32_t which)
{
	TRY(stored_part(c, r, class));
	return change_right(c, (struct right_change){ .what = RIGHT_SIGN,
						      .dossier = r->dossier,
						      .object = r->id,
						      .class = class,
						      .version = r->part_version[class],
						      .amount = which });
}

const struct signature *record_signed(const struct signature *all, size_t n, const struct record *r, enum class class,
				      uint32_t which, bool *changed)
{
	*changed = false;
	for (size_t i = 0; i < n; i++) {
		const struct signature *g = &all[i];

		if (g->which != which || g->class != class || !id_equal(g->record, r->id))
			continue;
		*changed = !g->stands || g->version != r->part_version[class];
		return *changed ? NULL : g;
	}
	return NULL;
}

/* The key of a part saved before is brought; that of one saved in this run the keeper has at hand. */
enum status record_review(struct ctx *c, const struct record *r, enum class class, struct id user, uint32_t hours)
{
	struct changes *s = preparing(c);

	TRY(stored_part(c, r, class));
	TRY(change_right(c, (struct right_change){ .what = RIGHT_REVIEW,
						   .dossier = r->dossier,
						   .object = r->id,
						   .class = class,
						   .user = user,
						   .amount = hours }));
	if (r->keys[class])
		*(struct held_key *)ONE_MORE(c->arena, s->keys, s->key_count, s->key_room) = *r->keys[class];
	return OK;
}

enum status change_drop(struct ctx *c, const struct record_type *t, const struct field_value *values)
{
	struct changes *s = preparing(c);
	struct seal_drop drop = { .id = id_new(), .type = t->number, .schema = t->schema };

	if (!s)
		return ERR(c, E_BUG, "an event is written outside of a run");
	if (part_encode(c->arena, t, STAT, values, &drop.plain) != OK)
		return ERR(c, E_BUG, "a value does not fit its field");
	*(struct seal_drop *)ONE_MORE(c->arena, s->drops, s->drop_count, s->drop_room) = drop;
	return OK;
}
