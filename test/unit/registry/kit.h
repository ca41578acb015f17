/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TEST_REGISTRY_KIT_H
#define TEST_REGISTRY_KIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "registry/registry.h"

/* A context with the shipped code lists. */
void kit_open(struct ctx *c);
void kit_close(struct ctx *c);
void kit_clear(struct ctx *c); /* errors of before */

/* For one field: every value at and around its limits goes text -> value -> text -> value and value -> part -> value unchanged, and what
 * lies over its limits is refused under its name. */
void check_field(struct ctx *c, const struct record_type *t, const struct field *f);
bool same_value(const struct field_value *a, const struct field_value *b);

/* A record type with a field of every type, for the registry's own tests. */
extern const struct record_type sample_type;

#endif
