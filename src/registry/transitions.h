/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REGISTRY_TRANSITIONS_H
#define REGISTRY_TRANSITIONS_H

#include "base/context.h"

/* Who may change the state of what: the rows of data/codes/transitions.csv about one entity. Read once at start into memory of the room
 * that asks; read-only after. */
#define TRANSITIONS_MAX 64
#define STATE_CODE_MAX 24
struct transition {
	char from[STATE_CODE_MAX], to[STATE_CODE_MAX]; /* from "": it is made; "any": from every state but the last ones */
	bool anybody;                                  /* "public": who has no role at all */
	uint32_t roles, second; /* second: of another person whose signature it takes too ("case_manager+supervisor") */
};
struct transitions {
	struct transition rows[TRANSITIONS_MAX];
	size_t n;
	char ended[STATE_CODE_MAX]; /* the final state: `any` does not lead from it */
};
/* E_INPUT: the file cannot be read, or names a state that states.csv does not give the entity; E_LIMIT. */
enum status transitions_read(struct ctx *c, const char *data_dir, const char *entity, struct transitions *out) MUST_CHECK;
/* May these roles make the change, alone (two false), or as one of two people? */
bool transition_may(const struct transitions *t, struct sv from, struct sv to, uint32_t roles, bool two);
/* May anybody at all? Tells "not possible now" from "not by you". */
bool transition_possible(const struct transitions *t, struct sv from, struct sv to);

#endif
