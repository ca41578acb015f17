/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DOMAIN_CASEFILE_TYPES_H
#define DOMAIN_CASEFILE_TYPES_H

#include "registry/registry.h"

/* The record types of this room: of each the facts as people type and read them, one text a field in the order of its .def (record/sheet.h),
 * and the numbers of its fields. */

#define FIELD(number_, name_, ...) struct sv name_;
struct casefile_facts {
#include "domain/casefile/casefile.def"
};
struct basis_facts {
#include "domain/casefile/basis.def"
};
struct note_facts {
#include "domain/casefile/note.def"
};
#undef FIELD
#define FIELD(number_, name_, ...) CASEFILE_##name_ = (number_),
enum casefile_field {
#include "domain/casefile/casefile.def"
};
#undef FIELD
#define FIELD(number_, name_, ...) BASIS_##name_ = (number_),
enum basis_field {
#include "domain/casefile/basis.def"
};
#undef FIELD
#define FIELD(number_, name_, ...) CLOSING_##name_ = (number_),
enum closing_field {
#include "domain/casefile/closing.def"
};
#undef FIELD
#define FIELD(number_, name_, ...) CASENOTE_##name_ = (number_),
enum note_field {
#include "domain/casefile/note.def"
};
#undef FIELD
extern const struct record_type casefile_type, basis_type, casenote_type, closing_type;

#endif
