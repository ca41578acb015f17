/* SPDX-License-Identifier: GPL-3.0-or-later */
/* States of a report and who may change them: read from states.csv and transitions.csv, nothing of it is written here twice.
 * The table of changes is read once at start and never changed after. A change that needs two people ("a+b") is none of a
 * report's. */
#include "domain/intake/act.h"

#include "registry/csv.h"

#define TRANSITIONS_MAX 64

static const struct {
	enum report_state state;
	const char *code;
} codes[] = {
	{ STATE_NEW, "new" },         { STATE_TRIAGE, "triage" }, { STATE_ASSIGNED, "assigned" },
	{ STATE_WAITING, "waiting" }, { STATE_LINKED, "linked" }, { STATE_REDIRECTED, "redirected" },
	{ STATE_CLOSED, "closed" },
};

struct transition {
	enum report_state from, to;
	uint32_t roles;
	bool anybody; /* the public form */
};
static struct transition transitions[TRANSITIONS_MAX];
static size_t transition_count;

struct sv state_code(enum report_state s)
{
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (codes[i].state == s)
			return sv_of(codes[i].code);
	return SV_NONE;
}

enum report_state state_parse(struct sv code)
{
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (sv_is(code, codes[i].code))
			return codes[i].state;
	return STATE_NONE;
}

static const struct code *state_row(enum report_state s)
{
	const struct code_list *l = codes_of("states.report");

	return l == NULL || s == STATE_NONE ? NULL : code_find(l, state_code(s));
}

const char *state_label(enum report_state s, enum language l)
{
	const struct code *row = state_row(s);

	return row == NULL ? "" : row->label[l];
}

bool state_ended(enum report_state s)
{
	const struct code *row = state_row(s);
	const char *final = row == NULL ? NULL : code_extra(codes_of("states.report"), row, "final");

	return final != NULL && sv_is(sv_of(final), "1");
}

bool state_may(enum report_state from, enum report_state to, uint32_t roles)
{
	for (size_t i = 0; i < transition_count; i++)
		if (transitions[i].from == from && transitions[i].to == to &&
		    ((transitions[i].roles & roles) != 0 || (transitions[i].anybody && roles == 0)))
			return true;
	return false;
}

bool state_possible(enum report_state from, enum report_state to)
{
	for (size_t i = 0; i < transition_count; i++)
		if (transitions[i].from == from && transitions[i].to == to)
			return true;
	return false;
}

/* --- reading the table ------------------------------------------------------------------------------------------------------ */

enum { COL_ENTITY, COL_FROM, COL_TO, COL_ACTOR, COL_COUNT };

/* The roles of "desk|case_manager"; what is no member's role (partner, system, a+b) gives none. */
static void actors_read(struct sv actors, struct transition *t)
{
	const struct code_list *roles = codes_of("access_matrix");
	struct sv name;

	while (actors.n > 0 && sv_cut(&actors, '|', &name)) {
		const struct code *role = roles == NULL ? NULL : code_find(roles, name);

		if (role != NULL)
			t->roles |= ROLE_BIT(role->number - 1);
		t->anybody = t->anybody || sv_is(name, "public");
	}
}

/* A row about reports between two states. `any` and `restricted` speak of the lock, which is none (report_lock). */
static enum status row_take(struct ctx *c, const struct sv *cells)
{
	struct transition t = { .from = state_parse(cells[COL_FROM]), .to = state_parse(cells[COL_TO]) };
	bool lock = sv_is(cells[COL_TO], "restricted") || sv_is(cells[COL_FROM], "restricted");

	if (!sv_is(cells[COL_ENTITY], "report") || lock)
		return OK;
	if (t.to == STATE_NONE || (t.from == STATE_NONE && cells[COL_FROM].n > 0))
		return ERR(c, E_INPUT, "transitions.csv names a state that no report has");
	if (transition_count == TRANSITIONS_MAX)
		return ERR(c, E_LIMIT, "transitions.csv has too many rows");
	actors_read(cells[COL_ACTOR], &t);
	transitions[transition_count++] = t;
	return OK;
}

enum status intake_start(struct ctx *c, const char *data_dir)
{
	static const char *const names[COL_COUNT] = { "entity", "from", "to", "actor" };
	const char *path = arena_format(c->arena, "%s/codes/transitions.csv", data_dir).p;
	struct csv_row row = { .n = 0 };
	struct csv csv;
	struct sv text;
	bool end = false;

	transition_count = 0;
	TRY(csv_file(c->arena, path, &text));
	if (csv_open(&csv, c->arena, text, NULL) != OK || csv.columns < COL_COUNT)
		return ERR(c, E_INPUT, "transitions.csv cannot be read");
	for (size_t i = 0; i < COL_COUNT; i++)
		if (!sv_is(csv.header[i], names[i]))
			return ERR(c, E_INPUT, "transitions.csv has other columns");
	for (;;) {
		if (csv_next(&csv, c->arena, &row, &end) != OK)
			return ERR(c, E_INPUT, "transitions.csv has a broken row");
		if (end)
			return transition_count > 0 ? OK : ERR(c, E_INPUT, "transitions.csv has no row about reports");
		TRY(row_take(c, row.cells));
	}
}
