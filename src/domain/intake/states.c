/* SPDX-License-Identifier: GPL-3.0-or-later */
/* States of a report and who may change them: read from states.csv and transitions.csv, nothing of it is written here twice.
 * The table of changes is read once at start and never changed after. A change that needs two people ("a+b") is none of a
 * report's. */
#include "domain/intake/act.h"

#include "registry/transitions.h"

static const struct {
	enum report_state state;
	const char *code;
} codes[] = {
	{ STATE_NEW, "new" },         { STATE_TRIAGE, "triage" }, { STATE_ASSIGNED, "assigned" },
	{ STATE_WAITING, "waiting" }, { STATE_LINKED, "linked" }, { STATE_REDIRECTED, "redirected" },
	{ STATE_CLOSED, "closed" },
};

static struct transitions transitions;

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
	return transition_may(&transitions, state_code(from), state_code(to), roles, false);
}

bool state_possible(enum report_state from, enum report_state to)
{
	return transition_possible(&transitions, state_code(from), state_code(to));
}

enum status intake_start(struct ctx *c, const char *data_dir)
{
	return transitions_read(c, data_dir, "report", &transitions);
}
