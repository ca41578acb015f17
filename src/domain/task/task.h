/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DOMAIN_TASK_TASK_H
#define DOMAIN_TASK_TASK_H

#include "record/record.h"

/* What is to be done on a file, by whom and by when: clear by design, so it says the kind of thing alone. The kinds are data
 * (task_types.csv: who does it, which row of deadlines.csv its delay is). Nothing of a person is in a task. */

/* --- inside a run that also writes a part or a right of the same dossier: that is what the keeper decides -------------------- */
struct task_new {
	const char *type; /* task_types */
	struct id dossier;
	struct id assignee;     /* zeros: the supervisors of the organisation */
	struct id organisation; /* zeros: the actor's own */
	int64_t due;            /* ms; 0 = from now by the type's row of deadlines.csv */
};
/* Adds it; an open task of the same type and dossier gets the new due time instead. E_BUG for an unknown type. */
enum status task_add(struct ctx *c, const struct task_new *t) MUST_CHECK;
/* All open tasks of this type of the dossier are done; there may be none. */
enum status task_done(struct ctx *c, struct id dossier, const char *type) MUST_CHECK;
/* All open tasks of the dossier are dropped: it was closed. */
enum status task_drop(struct ctx *c, struct id dossier) MUST_CHECK;
/* All open tasks of the dossier that are not the supervisors' go to somebody else. */
enum status task_pass_on(struct ctx *c, struct id dossier, struct id assignee) MUST_CHECK;

/* --- lists ------------------------------------------------------------------------------------------------------------------ */
struct task_row {
	struct id id, dossier, assignee;
	struct sv type; /* label: code_label("task_types", …) */
	int64_t due;    /* full hour */
	bool overdue;
};
/* Open tasks the actor is to do, by due time, at most 200: his own, and for a supervisor those of the supervisors. Dossiers that may
 * not be known to him are left out. */
enum status task_mine(struct ctx *c, struct task_row **out, size_t *n) MUST_CHECK;
/* Open tasks of a dossier, by due time. The caller has opened the dossier. */
enum status task_of(struct ctx *c, struct id dossier, struct task_row **out, size_t *n) MUST_CHECK;
/* May the actor tick this task off by hand (column by_hand), or does the act itself end it? */
bool task_by_hand(struct sv type);
/* The word on the button that leads to doing it, in c->language. */
struct sv task_action(const struct ctx *c, struct sv type);
/* When a task of this type that begins now is due: the delay of its row in deadlines.csv, on the full hour. */
int64_t task_due(const char *type, int64_t now);
/* A delay of deadlines.csv in milliseconds; E_BUG's stand-in for a list without the row: one hour, the strictest. */
int64_t deadline_ms(const char *code);

#endif
