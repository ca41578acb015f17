/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DOMAIN_PERSON_TYPES_H
#define DOMAIN_PERSON_TYPES_H

#include "registry/registry.h"

/* The record types of this room: of each the facts as people type and read them, one text a field in the order of its .def (record/sheet.h),
 * and the numbers of its fields. */

#define FIELD(number_, name_, ...) struct sv name_;
struct person_facts {
#include "domain/person/person.def"
};
struct reach_facts {
#include "domain/person/reach.def"
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
#define FIELD(number_, name_, ...) REACH_##name_ = (number_),
enum reach_field {
#include "domain/person/reach.def"
};
#undef FIELD
#define FIELD(number_, name_, ...) EXPLOITATION_##name_ = (number_),
enum exploitation_field {
#include "domain/person/exploitation.def"
};
#undef FIELD
extern const struct record_type person_type, reach_type, exploitation_type;

#endif
