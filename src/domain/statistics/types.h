/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DOMAIN_STATISTICS_TYPES_H
#define DOMAIN_STATISTICS_TYPES_H

#include "registry/registry.h"

/* The record type of an event and its field numbers. */
#define FIELD(number_, name_, ...) EVENT_##name_ = (number_),
enum event_field {
#include "domain/statistics/event.def"
};
#undef FIELD
extern const struct record_type event_type;

#endif
