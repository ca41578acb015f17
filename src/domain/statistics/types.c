/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The field table of an event, made from the same lines as the enum of types.h. An event lies in no dossier. */
#include "domain/statistics/types.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define FIELD(number_, name_, type_, class_, ...) \
	{ .name = #name_, .number = (number_), .type = FIELD_##type_, .class = class_, __VA_ARGS__ },
static const struct field event_fields[] = {
#include "domain/statistics/event.def"
};
#undef FIELD

const struct record_type event_type = { "event", 14, 1, (enum dossier_kind)0, event_fields, COUNT(event_fields) };
