/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The field tables, made from the same lines as the structs and enums of types.h. A schema number goes up when a field is added. */
#include "domain/person/types.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define FIELD(number_, name_, type_, class_, ...) \
	{ .name = #name_, .number = (number_), .type = FIELD_##type_, .class = class_, __VA_ARGS__ },
static const struct field person_fields[] = {
#include "domain/person/person.def"
};
static const struct field reach_fields[] = {
#include "domain/person/reach.def"
};
static const struct field exploitation_fields[] = {
#include "domain/person/exploitation.def"
};
#undef FIELD

const struct record_type person_type = { "person", 7, 1, DOSSIER_PERSON, person_fields, COUNT(person_fields) };
const struct record_type exploitation_type = {
	"exploitation", 8, 1, DOSSIER_PERSON, exploitation_fields, COUNT(exploitation_fields)
};
const struct record_type reach_type = { "reach", 13, 1, DOSSIER_PERSON, reach_fields, COUNT(reach_fields) };
