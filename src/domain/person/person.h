/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DOMAIN_PERSON_PERSON_H
#define DOMAIN_PERSON_PERSON_H

#include "domain/person/types.h"
#include "record/record.h"
#include "record/sheet.h"

/* The person of a file: who she is, how to reach her, what was done to her. One dossier is one person: one record of type person (IDENT),
 * one of type reach (CONTACT), one of type exploitation (EXPLOIT) for each period. Each is opened only where it is shown, and its
 * opening journalled by itself. Who may is decided by the keeper. Results lie in c->arena.
 *
 * The facts of a type are one text a field, in the order of its .def and under its names; see record/sheet.h. */

/* --- reading: nothing known yet gives zeros; a type that may not be opened is the same ----------------------------------------- */
struct person_view {
	struct id id;
	uint64_t version; /* carry it in an edit */
	struct person_facts facts;
};
enum status person_load(struct ctx *c, struct id dossier, struct person_view *out) MUST_CHECK;
struct reach_view {
	struct id id;
	uint64_t version;
	struct reach_facts facts;
};
enum status reach_load(struct ctx *c, struct id dossier, struct reach_view *out) MUST_CHECK;
struct exploitation_row {
	struct id id;
	uint64_t version;
	struct exploitation_facts facts;
};
enum status exploitation_list(struct ctx *c, struct id dossier, struct exploitation_row **out, size_t *n) MUST_CHECK;

/* --- safe contact ----------------------------------------------------------------------------------------------------------- */
/* May somebody call her? An act that breaks her wish is absent, and the page says why; silence is not consent. */
enum person_call { PERSON_CALL_YES, PERSON_CALL_NOT_ASKED, PERSON_CALL_NO, PERSON_CALL_OTHER_WAY, PERSON_CALL_NO_NUMBER };
struct person_contact {
	enum person_call call;
	bool may_call, may_leave_message;
	struct sv way, hours, word, never;
	struct sv phone;   /* empty unless she may be called or written to */
	struct sv details; /* e-mail, or through whom; empty when the way is another one */
};
void person_contact(const struct reach_facts *f, struct person_contact *out);

/* --- age -------------------------------------------------------------------------------------------------------------------- */
/* The bracket (age_brackets) a birth date falls into on a day; the younger one when the date is not exact. Empty when unknown. */
struct sv age_bracket_of(struct sv birth_date, int64_t now);
/* Under 18, or it is not known, or it is in doubt: doubt = child. */
bool age_is_child(struct sv bracket, struct sv doubt);

/* --- inside a run (record.h); version: of the record as it was shown, 0 = there was none. All wrong fields are noted -------------- */
enum status person_put(struct ctx *c, struct id dossier, uint64_t version, const struct person_facts *f) MUST_CHECK;
enum status reach_put(struct ctx *c, struct id dossier, uint64_t version, const struct reach_facts *f) MUST_CHECK;
/* One more period (row zeros) or a changed one; something must be said. */
enum status exploitation_put(struct ctx *c, struct id dossier, struct id row, uint64_t version,
			     const struct exploitation_facts *f) MUST_CHECK;

#endif
