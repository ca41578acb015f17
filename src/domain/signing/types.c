/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The field table, made from the same lines as the enum of types.h. The schema number goes up when a field is added. */
#include "domain/signing/types.h"

#include "keeper/client.h"

#define FIELD(number_, name_, type_, class_, ...) \
	{ .name = #name_, .number = (number_), .type = FIELD_##type_, .class = class_, __VA_ARGS__ },
static const struct field fields[] = {
#include "domain/signing/signature.def"
};
#undef FIELD

const struct record_type signature_type = { "signature",    RECORD_SIGNATURE, 2,
					    DOSSIER_PERSON, fields,           sizeof(fields) / sizeof(fields[0]) };
