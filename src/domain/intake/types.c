/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The field tables, made from the same lines as the enums of types.h. A schema number goes up when a field is added. */
#include "domain/intake/types.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define FIELD(number_, name_, type_, class_, ...) \
	{ .name = #name_, .number = (number_), .type = FIELD_##type_, .class = class_, __VA_ARGS__ },
static const struct field report_fields[] = {
#include "domain/intake/report.def"
};
static const struct field message_fields[] = {
#include "domain/intake/message.def"
};
static const struct field file_fields[] = {
#include "domain/intake/file.def"
};
static const struct field contact_fields[] = {
#include "domain/intake/contact.def"
};
#undef FIELD

const struct record_type report_type = { "report", 1, 3, DOSSIER_REPORT, report_fields, COUNT(report_fields) };
const struct record_type message_type = { "message", 2, 2, DOSSIER_REPORT, message_fields, COUNT(message_fields) };
const struct record_type file_type = { "file", 3, 1, DOSSIER_REPORT, file_fields, COUNT(file_fields) };
const struct record_type contact_type = { "contact", 4, 1, DOSSIER_REPORT, contact_fields, COUNT(contact_fields) };
