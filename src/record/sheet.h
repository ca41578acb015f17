/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RECORD_SHEET_H
#define RECORD_SHEET_H

#include "record/record.h"

/* The facts of a record type as people type and read them: a struct of nothing but struct sv, one a field in the order of the type's
 * table, made from the same .def file:
 *
 *	#define FIELD(number_, name_, ...) struct sv name_;
 *	struct person_facts {
 *	#include "domain/person/person.def"
 *	};
 *
 * So a new type needs no code to go from a form to a record and back. Machine fields are read into it and never entered from it. */

/* Enter what was typed for these classes (bits; 0 = all). Every wrong field is noted: E_INPUT at the end. */
enum status sheet_enter(struct ctx *c, struct record *r, uint32_t classes, const void *facts) MUST_CHECK;
/* Canonical texts of all fields; those that are unset or were not opened are empty. */
void sheet_read(struct ctx *c, const struct record *r, void *facts);
/* Is nothing typed for these classes (0 = all)? */
bool sheet_empty(const struct record_type *t, uint32_t classes, const void *facts);
/* The text of the i-th field of the table. */
struct sv *sheet_at(void *facts, size_t i);
const struct sv *sheet_of(const void *facts, size_t i);

#endif
