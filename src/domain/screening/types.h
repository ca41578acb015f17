/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DOMAIN_SCREENING_TYPES_H
#define DOMAIN_SCREENING_TYPES_H

#include "registry/registry.h"

/* The record types of screening and their field numbers: SCREENING_answers, DECISION_reason … */

#define FIELD(number_, name_, ...) SCREENING_##name_ = (number_),
enum screening_field {
#include "domain/screening/screening.def"
};
#undef FIELD
#define FIELD(number_, name_, ...) DECISION_##name_ = (number_),
enum decision_field {
#include "domain/screening/decision.def"
};
#undef FIELD

extern const struct record_type screening_type, decision_type;

#endif
