/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REGISTRY_TYPE_H
#define REGISTRY_TYPE_H

#include "registry/item.h"
#include "registry/registry.h"

/* What a field type can do: one small file each (type_*.c), one row in field.c. A new type is a value of enum field_type, a file, a row. */
struct field_type_row {
	/* What a person typed: NFC, trimmed, not empty. Notes what is wrong in c->inputs and gives E_INPUT. */
	enum status (*parse)(struct ctx *c, const struct field *f, struct sv typed, struct field_value *out);
	/* Canonical text of a set value. */
	struct sv (*format)(struct arena *a, const struct field *f, const struct field_value *v);
	/* Into a part. False: no possible value of this field (a mistake of ours: people's input went through parse). */
	bool (*encode)(struct buf *b, const struct field *f, const struct field_value *v);
	/* Out of a part. False: nothing encode could have written. Text points into the source where it can. */
	bool (*decode)(struct arena *a, const struct field *f, const struct item *item, struct field_value *out);
};

extern const struct field_type_row type_text, type_code, type_codes, type_yesno, type_integer, type_time, type_phone,
	type_reference, type_references, type_partial_date;

const struct field_type_row *field_type_of(const struct field *f);

/* --- shared by the types --------------------------------------------------------------------------------------------------------- */
#define CODE_MAX 64
bool code_shaped(struct sv s);                                 /* letters, digits, _ - . + and at most CODE_MAX of them */
uint32_t field_max(const struct field *f);                     /* the row's, or its type's own when the row says 0 */
struct sv ascii_digits(struct arena *a, struct sv s);          /* Arabic and Persian digits become 0-9 */
enum status set_text(struct field_value *out, struct sv text); /* always OK */
struct sv format_text(struct arena *a, const struct field *f, const struct field_value *v);

#endif
