/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The field tables, made from the same lines as the enums of types.h. A schema number goes up when a field is added. */
#include "domain/screening/types.h"

#include "keeper/client.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define FIELD(number_, name_, type_, class_, ...) \
	{ .name = #name_, .number = (number_), .type = FIELD_##type_, .class = class_, __VA_ARGS__ },
static const struct field screening_fields[] = {
#include "domain/screening/screening.def"
};
static const struct field decision_fields[] = {
#include "domain/screening/decision.def"
};
#undef FIELD

/* A screening may lie in a report too: then it goes with it. */
const struct record_type screening_type = { "screening", 10, 1, DOSSIER_PERSON, screening_fields, COUNT(screening_fields) };
const struct record_type decision_type = { "decision", 11, 1, DOSSIER_PERSON, decision_fields, COUNT(decision_fields) };
