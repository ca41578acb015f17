/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DOMAIN_INTAKE_ACT_H
#define DOMAIN_INTAKE_ACT_H

#include "domain/intake/intake.h"
#include "domain/intake/types.h"
#include "domain/statistics/statistics.h"
#include "record/once.h"
#include "record/record.h"

/* What the files of this room share; nobody else includes it. */

/* --- the clear row of a report (act.c) -------------------------------------------------------------------------------------- */
struct report_row {
	struct id id, organisation, fallback, assignee;
	enum report_state state;
	bool open, urgent, locked;
	int64_t due_hour, ring_at; /* 0 = NULL: no clock, no ring */
	uint32_t messages;
	uint64_t version;
};
enum status row_load(struct ctx *c, struct id id, struct report_row *out) MUST_CHECK; /* E_NOTFOUND */
void row_read(const struct rows *rows, size_t i, struct report_row *out);
/* Inside a run: write the row back; when it changed since it was loaded the run prepares again. */
enum status row_save(struct ctx *c, const struct report_row *r) MUST_CHECK;
/* Load for a decision on what was shown: E_STALE when the version is another one. */
enum status act_load(struct ctx *c, const struct report_act *act, struct report_row *row) MUST_CHECK;
/* A change of state the actor may make (states.c), or E_STATE / E_DENIED. */
enum status act_state(struct ctx *c, struct report_row *row, enum report_state to) MUST_CHECK;
/* Row and head for a decision on what was shown. head NULL: an author who may not write REPORT decides on the row alone. */
enum status act_begin(struct ctx *c, const struct report_act *act, struct report_row *row, struct record **head) MUST_CHECK;
enum status act_right(struct ctx *c, enum right_kind what, struct id dossier, struct id user, uint32_t amount) MUST_CHECK;
enum status act_event(struct ctx *c, struct id report, const char *step, struct sv text) MUST_CHECK;
bool may_write(const struct ctx *c, enum class class);

/* --- states.c --------------------------------------------------------------------------------------------------------------- */
/* Does transitions.csv let one of these roles change a report so? Making one: from STATE_NONE. */
bool state_may(enum report_state from, enum report_state to, uint32_t roles);
/* May anybody at all? Tells "not possible now" from "not by you". */
bool state_possible(enum report_state from, enum report_state to);

/* --- clock.c: the delays are data; results are what may lie in clear -------------------------------------------------------- */
int64_t clock_first_look(int64_t now, bool danger, bool child); /* full hour; danger: quarter */
int64_t clock_by_risk(int64_t now, struct sv risk, bool child);
int64_t clock_ring(int64_t now);       /* five-minute grid */
int64_t clock_taken(int64_t due_hour); /* nothing finer than the hour persists once somebody has it */

/* --- facts.c ---------------------------------------------------------------------------------------------------------------- */
/* Enter all facts into a head; every wrong one is noted (E_INPUT). */
enum status facts_enter(struct ctx *c, struct record *head, const struct report_facts *f) MUST_CHECK;
void facts_read(struct ctx *c, const struct record *head, struct report_facts *f);
/* The beginning of a text on one line: whole words, at most 60 signs with the … that stands for the rest. */
struct sv subject_of(struct ctx *c, struct sv text);
/* Ids joined by | that name organisations known here; E_INPUT under `field`. */
enum status ids_enter(struct ctx *c, const char *field, struct sv typed, struct id **out, size_t *n) MUST_CHECK;
struct sv ids_text(struct ctx *c, const struct id *ids, size_t n);
struct sv ids_add(struct ctx *c, struct sv before, struct id id); /* at most 20 are kept */
bool head_child(const struct record *head);
/* Row and opened record into what pages show. head NULL: the row alone. */
void head_read(struct ctx *c, const struct report_row *row, const struct record *record, struct report_head *out);

/* --- count.c ---------------------------------------------------------------------------------------------------------------- */
/* Inside a run: the event of a report that came, was closed (with its reason) or opened again. turn: the row's version. */
enum status report_counts(struct ctx *c, enum stat_code code, const struct record *head, uint64_t turn,
			  struct sv reason) MUST_CHECK;

/* --- strip.c ---------------------------------------------------------------------------------------------------------------- */
/* Inside a run, before anything is saved in the report: unset all but the coded facts, and have everything else erased. What the
 * mailbox showed as state stays unless `answered`: an answer of this set takes its place. */
enum status report_strip(struct ctx *c, struct record *head, bool answered) MUST_CHECK;

/* --- dialogue.c ------------------------------------------------------------------------------------------------------------- */
/* Inside a run: an answer with the state shown from now on. text empty: the state alone, as it was shown at that time. */
enum status answer_put(struct ctx *c, struct id report, struct sv text, struct sv shown_state) MUST_CHECK;

/* --- message.c -------------------------------------------------------------------------------------------------------------- */
struct said {
	enum message_kind kind;
	struct sv text, closure, risk;
	const char *step; /* events */
	struct id about;
};
/* Inside a run: one more message of the report, in the class its author may write. */
enum status message_put(struct ctx *c, struct id report, const struct said *m) MUST_CHECK;
/* Who will read what this actor writes: DESK, or TEAM for those who may not write REPORT. */
enum audience message_audience(const struct ctx *c);
struct sv message_kind_code(enum message_kind k);
enum message_kind message_kind_parse(struct sv code);

#endif
