/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DOMAIN_PERSON_PERSON_H
#define DOMAIN_PERSON_PERSON_H

#include "record/record.h"
#include "record/sheet.h"

/* The person of a file: names, age, safe contact, what was done to her. One dossier is one person; she has one record of type person
 * and as many of type exploitation as there were periods. Each sharing class is a part of its own and is opened only where it is
 * shown. Who may is decided by the keeper. Results lie in c->arena.
 *
 * The facts of a type are one text a field, in the order of its .def and under its names; see record/sheet.h. */

#define FIELD(number_, name_, ...) struct sv name_;
struct person_facts {
#include "domain/person/person.def"
};
struct exploitation_facts {
#include "domain/person/exploitation.def"
};
#undef FIELD
#define FIELD(number_, name_, ...) PERSON_##name_ = (number_),
enum person_field {
#include "domain/person/person.def"
};
#undef FIELD
#define FIELD(number_, name_, ...) EXPLOITATION_##name_ = (number_),
enum exploitation_field {
#include "domain/person/exploitation.def"
};
#undef FIELD
extern const struct record_type person_type, exploitation_type;

/* --- reading ---------------------------------------------------------------------------------------------------------------- */
/* The record of the person, of which only these classes (bits) are opened. version: carry it in an edit. E_NOTFOUND when none of
 * them may be opened; a file whose person is not known yet gives zeros. */
struct person_view {
	struct id id; /* zeros: nothing is known of her yet */
	uint64_t version;
	uint32_t opened; /* of the classes asked for */
	struct person_facts facts;
};
enum status person_load(struct ctx *c, struct id dossier, uint32_t classes, struct person_view *out) MUST_CHECK;
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
void person_contact(const struct person_facts *f, struct person_contact *out);

/* --- age -------------------------------------------------------------------------------------------------------------------- */
/* The bracket (age_brackets) a birth date falls into on a day; the younger one when the date is not exact. Empty when unknown. */
struct sv age_bracket_of(struct sv birth_date, int64_t now);
/* Under 18, or it is not known, or it is in doubt: doubt = child. */
bool age_is_child(struct sv bracket, struct sv doubt);

/* --- inside a run (record.h) ------------------------------------------------------------------------------------------------ */
/* The first facts of the person of a dossier made in this very set; nothing given = no record. All wrong fields are noted. */
enum status person_put(struct ctx *c, struct id dossier, const struct person_facts *f) MUST_CHECK;
/* Replace the facts of one class. version: of the person as she was shown, 0 = nothing was known. */
enum status person_set(struct ctx *c, struct id dossier, enum class class, uint64_t version,
		       const struct person_facts *f) MUST_CHECK;
/* One more period (row zeros) or a changed one; at least something must be said. */
enum status exploitation_put(struct ctx *c, struct id dossier, struct id row, uint64_t version,
			     const struct exploitation_facts *f) MUST_CHECK;

#endif
