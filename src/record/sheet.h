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

/* --- records of a type in a dossier -------------------------------------------------------------------------------------------- */
struct sheet {
	struct id id;
	uint64_t version;
	const struct record *record;
	void *facts;
};
/* All of a type, oldest first; opened and journalled one by one. What may not be opened is left out. */
enum status sheet_list(struct ctx *c, const struct record_type *t, struct id dossier, struct sheet **out, size_t *n) MUST_CHECK;
/* Inside a run: one more (id zeros) or a changed one, which must be as it was shown (E_STALE). Machine fields `at` and `author` of a new one
 * are set. An empty one is not made. E_INPUT: all wrong fields are noted. */
enum status sheet_put(struct ctx *c, const struct record_type *t, struct id dossier, struct id id, uint64_t shown,
		      const void *facts) MUST_CHECK;
/* The same for a type of which a dossier has one: the first, or a new one. shown 0: there was none. */
enum status sheet_put_only(struct ctx *c, const struct record_type *t, struct id dossier, uint64_t shown,
			   const void *facts) MUST_CHECK;
/* Machine fields `at` and `author`, if the type has them: now and the actor. */
void sheet_stamp(struct ctx *c, struct record *r);
/* The actor's id as a REFERENCE has it. */
struct sv sheet_actor(const struct ctx *c);

#endif
