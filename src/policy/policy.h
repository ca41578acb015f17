/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef POLICY_POLICY_H
#define POLICY_POLICY_H

#include "base/access.h"
#include "base/view.h"

/* The one decision function and its matrix (security.md 11): pure, no memory, no database. The matrix is compiled from
 * data/access_matrix.csv, the program's only source of rights. Unknown = deny. */

enum op { OP_READ = 1, OP_WRITE = 2, OP_SIGN = 4 };
enum condition {                  /* bits of a cell beside its ops */
		 COND_OPEN = 1,   /* o: in the act that opens the file, no read back */
		 COND_QUEUE = 2,  /* q: own queue */
		 COND_DUTY = 4,   /* d: on the duty roster (denied until rosters exist) */
		 COND_REASON = 8, /* x: with a stated reason */
		 COND_GRANT = 16, /* g: by grant only */
		 COND_BOUND = 32, /* b: by a person-bound wrap only */
		 COND_AGREED = 64 /* c: the person agreed, by a person-bound wrap */
};
struct cell {
	uint8_t ops, conditions;
};
/* The cell of the shipped matrix; {0,0} for a class or role that is not in it. Classes include PROGRAMME and MONEY. */
struct cell policy_cell(enum role role, enum class class);
/* Does any role of the mask have `op` in the class, whatever its condition? For routes and menus; the keeper decides. */
bool policy_may(uint32_t roles, enum class class, enum op op);
/* Compartments a member with these roles holds: exactly those in which a cell has an r that is not b or c (security.md 3).
 * Bit n = compartment n. */
uint32_t policy_compartments(uint32_t roles);
/* The compartment a class's DEK is wrapped to; COMPARTMENT_NONE when person-bound. */
enum compartment policy_compartment_of(enum class class);
/* May one human hold these roles together? (officer or admin) with any role that opens: no. */
bool policy_roles_together(uint32_t roles);

/* What the keeper knows, as plain values, at the moment of asking. */
struct question {
	enum op op;
	enum class class;
	uint32_t roles;
	bool active;        /* member certified, not frozen, session live */
	bool owner;         /* the actor's organisation owns the dossier (or it lies in its desk's hands) */
	bool granted;       /* live grant: organisation or user, this dossier and class, this purpose, not ended */
	bool assigned;      /* named user, team, today's task; reports: see in_queue */
	bool in_queue;      /* a report in the open queue of the actor's own desk */
	bool desk_of;       /* a report routed to the actor's organisation, whatever its stage */
	bool creating;      /* the dossier is created in this very set by this actor */
	bool blocked;       /* organisation or user on the dossier's block list */
	bool locked, named; /* dossier restricted or frozen; actor among its named users */
	bool bound_wrap;    /* the presented wrap is bound to the actor in person */
	bool on_duty, reason_given, agreed;
	bool pace_left, stepped_up, needs_step_up;
	bool own_dossier; /* reporter or person: the one dossier their code opens */
};
enum verdict { ALLOW, DENY_ROLE, DENY_CONDITION, DENY_OWNER, DENY_BLOCKED, DENY_LOCKED, DENY_PACE, DENY_STEP_UP, DENY_INACTIVE };
enum verdict policy_decide(const struct question *q);

#endif
