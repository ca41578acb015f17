/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The field tables, made from the same lines as the structs and enums of types.h. A schema number goes up when a field is added. */
#include "domain/casefile/types.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define FIELD(number_, name_, type_, class_, ...) \
	{ .name = #name_, .number = (number_), .type = FIELD_##type_, .class = class_, __VA_ARGS__ },
static const struct field casefile_fields[] = {
#include "domain/casefile/casefile.def"
};
static const struct field basis_fields[] = {
#include "domain/casefile/basis.def"
};
static const struct field closing_fields[] = {
#include "domain/casefile/closing.def"
};
static const struct field note_fields[] = {
#include "domain/casefile/note.def"
};
#undef FIELD

const struct record_type casefile_type = { "casefile", 5, 2, DOSSIER_PERSON, casefile_fields, COUNT(casefile_fields) };
const struct record_type basis_type = { "basis", 6, 1, DOSSIER_PERSON, basis_fields, COUNT(basis_fields) };
const struct record_type casenote_type = { "note", 9, 1, DOSSIER_PERSON, note_fields, COUNT(note_fields) };
const struct record_type closing_type = { "closing", 15, 1, DOSSIER_PERSON, closing_fields, COUNT(closing_fields) };
