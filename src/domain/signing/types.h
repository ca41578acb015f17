/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DOMAIN_SIGNING_TYPES_H
#define DOMAIN_SIGNING_TYPES_H

#include "registry/registry.h"

/* The record type of a second reader's word and its field numbers: SIGNATURE_verdict … */
#define FIELD(number_, name_, ...) SIGNATURE_##name_ = (number_),
enum signature_field {
#include "domain/signing/signature.def"
};
#undef FIELD

extern const struct record_type signature_type;

#endif
