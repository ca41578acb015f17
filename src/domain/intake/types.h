/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DOMAIN_INTAKE_TYPES_H
#define DOMAIN_INTAKE_TYPES_H

#include "registry/registry.h"

/* The record types of intake and their field numbers: REPORT_channel, MESSAGE_text, FILE_name, CONTACT_kind … */

#define FIELD(number_, name_, ...) REPORT_##name_ = (number_),
enum report_field {
#include "domain/intake/report.def"
};
#undef FIELD
#define FIELD(number_, name_, ...) MESSAGE_##name_ = (number_),
enum message_field {
#include "domain/intake/message.def"
};
#undef FIELD
#define FIELD(number_, name_, ...) FILE_##name_ = (number_),
enum file_field {
#include "domain/intake/file.def"
};
#undef FIELD
#define FIELD(number_, name_, ...) CONTACT_##name_ = (number_),
enum contact_field {
#include "domain/intake/contact.def"
};
#undef FIELD

extern const struct record_type report_type, message_type, file_type, contact_type;

#endif
