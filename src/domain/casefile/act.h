/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DOMAIN_CASEFILE_ACT_H
#define DOMAIN_CASEFILE_ACT_H

#include "domain/casefile/casefile.h"
#include "record/once.h"

/* What the files of this room share; nobody else includes it. */

/* A row of the queries that give rows of casefile. */
void case_row_read(const struct rows *rows, size_t i, struct case_row *out);
/* Inside a run: the day of the last change, when nothing else of the row changes. */
enum status case_touch(struct ctx *c, struct id file);
enum status case_row_add(struct ctx *c, const struct case_row *row) MUST_CHECK;
/* The head without its version being asked: for an act that adds. */
enum status head_load(struct ctx *c, struct id file, struct record **head) MUST_CHECK;
bool case_writes(const struct ctx *c, enum class class);
/* A review date as typed, or when empty the delay of deadlines.csv; in the future, within a year. E_INPUT on "review_at". */
enum status review_read(struct ctx *c, struct sv typed, const char *deadline, int64_t *out) MUST_CHECK;
/* Ids joined by |, as a REFERENCES field has them. */
void refs_read(struct ctx *c, struct sv text, struct id **out, size_t *n);
struct sv refs_add(struct ctx *c, struct sv before, struct id id);
/* The reason (basis) of a file, checked as a whole; inside a run. child: the person is one, or it is in doubt. assignee: who has the file. */
enum status basis_put(struct ctx *c, struct id file, struct id assignee, bool child, const struct basis_facts *f) MUST_CHECK;
/* Inside a run (second.c): sign what was written, and ask for the second signature; the record is saved here. */
enum status second_wanted(struct ctx *c, struct record *r, enum decision_kind kind, int64_t due, struct id assignee) MUST_CHECK;
enum status second_dropped(struct ctx *c, struct id record) MUST_CHECK; /* it is wanted no more */
/* row: as loaded, or version 0. version NULL: not asked. The row is saved. */
enum status second_say(struct ctx *c, struct case_row *row, struct id id, const uint32_t *version,
		       const struct second_said *said) MUST_CHECK;
enum status text_given(struct ctx *c, const char *field, struct sv text, size_t max) MUST_CHECK;

#endif
