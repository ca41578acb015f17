/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows of transitions.csv about one entity. A change is allowed by a row, or not at all. */
#include "registry/transitions.h"

#include <string.h>

#include "registry/csv.h"
#include "registry/registry.h"

enum { COL_ENTITY, COL_FROM, COL_TO, COL_ACTOR, COL_COUNT };

static uint32_t role_bit(struct sv name)
{
	const struct code_list *roles = codes_of("access_matrix");
	const struct code *role = roles == NULL ? NULL : code_find(roles, name);

	return role == NULL ? 0 : ROLE_BIT(role->number - 1);
}

/* "desk|case_manager": one of them. "case_manager+supervisor": both. What is no member's role gives none. */
static void actors_read(struct sv actors, struct transition *t)
{
	struct sv word, first;

	while (actors.n > 0 && sv_cut(&actors, '|', &word)) {
		if (sv_cut(&word, '+', &first) && word.n > 0)
			t->second |= role_bit(word);
		t->roles |= role_bit(first);
		t->anybody = t->anybody || sv_is(first, "public");
	}
}

static bool state_take(struct sv code, const char *entity, char out[STATE_CODE_MAX])
{
	const struct code_list *l = codes_of(entity);

	if (code.n >= STATE_CODE_MAX || (code.n > 0 && !sv_is(code, "any") && (l == NULL || code_find(l, code) == NULL)))
		return false;
	memset(out, 0, STATE_CODE_MAX);
	if (code.n > 0)
		memcpy(out, code.p, code.n);
	return true;
}

static void final_take(struct transitions *out, const char *list)
{
	const struct code_list *l = codes_of(list);

	for (size_t i = 0; l != NULL && i < l->n; i++) {
		const char *final = code_extra(l, &l->codes[i], "final");

		if (final != NULL && sv_is(sv_of(final), "1"))
			(void)state_take(sv_of(l->codes[i].code), list, out->ended);
	}
}

enum status transitions_read(struct ctx *c, const char *data_dir, const char *entity, struct transitions *out)
{
	const char *path = arena_format(c->arena, "%s/codes/transitions.csv", data_dir).p;
	const char *list = arena_format(c->arena, "states.%s", entity).p;
	struct csv_row row = { .n = 0 };
	struct csv csv;
	struct sv text;
	bool end = false;

	*out = (struct transitions){ .n = 0 };
	final_take(out, list);
	TRY(csv_file(c->arena, path, &text));
	if (csv_open(&csv, c->arena, text, NULL) != OK || csv.columns < COL_COUNT)
		return ERR(c, E_INPUT, "transitions.csv cannot be read");
	for (;;) {
		struct transition t = { .roles = 0 };

		if (csv_next(&csv, c->arena, &row, &end) != OK)
			return ERR(c, E_INPUT, "transitions.csv has a broken row");
		if (end)
			return out->n > 0 ? OK : ERR(c, E_INPUT, "transitions.csv has no row about this");
		if (!sv_is(row.cells[COL_ENTITY], entity))
			continue;
		if (!state_take(row.cells[COL_FROM], list, t.from) || !state_take(row.cells[COL_TO], list, t.to))
			return ERR(c, E_INPUT, "transitions.csv names a state that there is not");
		if (out->n == TRANSITIONS_MAX)
			return ERR(c, E_LIMIT, "transitions.csv has too many rows");
		actors_read(row.cells[COL_ACTOR], &t);
		out->rows[out->n++] = t;
	}
}

static bool leads(const struct transitions *all, const struct transition *t, struct sv from, struct sv to)
{
	if (!sv_is(to, t->to) || sv_equal(from, to))
		return false;
	return sv_is(from, t->from) || (strcmp(t->from, "any") == 0 && from.n > 0 && !sv_is(from, all->ended));
}

bool transition_may(const struct transitions *t, struct sv from, struct sv to, uint32_t roles, bool two)
{
	for (size_t i = 0; i < t->n; i++) {
		const struct transition *row = &t->rows[i];

		if (leads(t, row, from, to) && (row->second != 0) == two &&
		    (((row->roles | row->second) & roles) != 0 || (row->anybody && roles == 0)))
			return true;
	}
	return false;
}

bool transition_possible(const struct transitions *t, struct sv from, struct sv to)
{
	for (size_t i = 0; i < t->n; i++)
		if (leads(t, &t->rows[i], from, to))
			return true;
	return false;
}
