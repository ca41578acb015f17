/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REGISTRY_REGISTRY_H
#define REGISTRY_REGISTRY_H

#include "base/access.h"
#include "base/context.h"

/* One line per field. A row describes, it never computes (architecture.md 4). Field numbers and names are for ever: retired by
 * FIELD_RETIRED, never renamed, retyped or reused; test/golden/fields.txt fails on anything else. */

enum field_type {
	FIELD_TEXT,      /* one line, NFC */
	FIELD_LONG_TEXT, /* lines */
	FIELD_CODE,      /* one code of a list of data/ */
	FIELD_CODES,     /* several, joined by | in list order */
	FIELD_YESNO,     /* yes | no | unknown */
	FIELD_INTEGER,
	FIELD_TIME,         /* ms UTC */
	FIELD_PHONE,        /* as typed, digits + and separators, at most 40 */
	FIELD_REFERENCE,    /* an id, 32 hex */
	FIELD_REFERENCES,   /* ids joined by | */
	FIELD_PARTIAL_DATE, /* 2012, 2012-05, 2012-05-03, with ~ in front: about */
	FIELD_TYPE_COUNT
};
enum field_flags { FIELD_REQUIRED = 1, FIELD_LISTED = 2, FIELD_MACHINE = 4 /* only named functions set it */, FIELD_RETIRED = 8 };

struct field {
	const char *name;
	uint16_t number; /* CBOR key inside the part; unique in its record type, 1..23 cheapest */
	enum field_type type;
	enum class class;
	const char *codes; /* name of the list: "risk_levels" */
	uint32_t max;      /* longest value in code points (text) or greatest number */
	uint32_t flags;
};
struct record_type {
	const char *name;
	uint16_t number; /* in the bind of every blob; never reused */
	uint32_t schema; /* version of the field list */
	enum dossier_kind dossier;
	const struct field *fields;
	size_t field_count;
};
/* Fields of a type are written once, in domain/<room>/<type>.def, as FIELD(number, name, TYPE, CLASS, .codes = …, .max = …, .flags = …),
 * and become enum (REPORT_channel) and table by including the file twice: see domain/intake/types.c. */

/* A typed value. text also carries codes, phones and references. */
struct field_value {
	bool set;
	struct sv text;
	int64_t number;
};

/* Parse what a person typed for this field. Adds to c->inputs (field name, message key, limit) and gives E_INPUT. Empty = unset, or
 * E_INPUT for a required one. Codes must stand in their list; CODES come out in list order. YESNO is kept as its word. */
enum status field_parse(struct ctx *c, const struct field *f, struct sv typed, struct field_value *out) MUST_CHECK;
struct sv field_format(struct arena *a, const struct field *f,
		       const struct field_value *v); /* canonical text; parse is its inverse */

/* Deterministic CBOR of the fields of one class: map of number -> value, ascending, unset left out. Encoding a value its field cannot
 * have is E_BUG. Decoding: E_CRYPTO on bytes that are not exactly such a map with known types (unknown numbers are an error: a newer
 * schema); values point into the bytes; those of other classes stay. */
enum status part_encode(struct arena *a, const struct record_type *t, enum class class, const struct field_value *values,
			struct sv *out) MUST_CHECK;
enum status part_decode(struct ctx *c, const struct record_type *t, enum class class, struct sv cbor,
			struct field_value *values) MUST_CHECK;

/* --- code lists: data/codes/<name>.csv, loaded once at start (before the sandbox), read-only after ---------------------------- */
struct code {
	const char *code;
	const char *label[LANGUAGE_COUNT];
	const char *const *extra; /* the other columns by the header's order */
	uint16_t number;          /* row, from 1: stable because rows are never deleted or reordered */
};
struct code_list {
	const char *name;
	const struct code *codes;
	size_t n;
	const char *const *columns;
	size_t column_count;
};
/* Once, before threads start (again in tests: the lists of before are gone). E_INPUT names file and line through LOG; E_IO. A file with a
 * column of groups gives several lists: "states.report", "publication_groups.zone". Memory lives as long as the process. */
enum status codes_load(struct ctx *c, const char *data_dir) MUST_CHECK;
const struct code_list *codes_of(const char *name); /* NULL when there is no such list */
const struct code_list *codes_at(size_t i);         /* every list by its place; NULL after the last */
const struct code *code_find(const struct code_list *l, struct sv code);
const char *code_label(const char *list, struct sv code, enum language l); /* "?" when unknown */
const char *code_extra(const struct code_list *l, const struct code *code, const char *column);

#endif
