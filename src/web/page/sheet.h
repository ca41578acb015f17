/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEB_PAGE_SHEET_H
#define WEB_PAGE_SHEET_H

#include "record/sheet.h"
#include "web/page/page.h"

/* Forms and facts drawn from a record type's field list: a new field of a type is on its pages without a line here. The label of a field is
 * the text "field.<name>", its hint, if there is one, "hint.<name>". */

struct sv field_label(const struct ctx *c, const char *name);
/* A value in words: labels of codes, yes and no, times, else as it is. */
struct sv field_words(const struct ctx *c, const struct field *f, struct sv value);
/* The box of one field with what was typed, else `now`. */
struct tpl_shared_field *field_box(const struct ctx *c, const struct request *r, const struct field *f, struct sv now);
/* The summary of what is wrong, with the labels of the fields. */
const struct tpl_shared_errors *field_errors(const struct ctx *c);

/* A form: sections of boxes, one page for all forms of a file. */
struct sheet_form {
	struct tpl_casefile_form *view;
	struct tpl_casefile_form_section *sections;
	struct tpl_casefile_form_cell *cells; /* of the last section */
	size_t room;
};
#define SHEET_SECTIONS 8
#define SHEET_CELLS 24
/* title and lead: of the page; back and action: addresses with base; save: on the button. */
struct sheet_form form_new(struct ctx *c, const struct request *r, enum message title, struct sv back, struct sv action);
void form_section(struct ctx *c, struct sheet_form *f, enum message title, enum message audience, bool folded);
/* Where the words "read by" of the last section lead. */
void form_readers(struct sheet_form *f, struct sv path);
void form_box(struct sheet_form *f, struct tpl_shared_field *box);
/* All fields of a type people type, of one class (0 = all); facts: its struct of texts. */
void form_fields(const struct ctx *c, const struct request *r, struct sheet_form *f, const struct record_type *t, uint32_t classes,
		 const void *facts);
/* Those of these names, joined by |, in this order. */
void form_some(const struct ctx *c, const struct request *r, struct sheet_form *f, const struct record_type *t, const char *names,
	       const void *facts);

/* Both versions of a form that came too late: how it stands now and what was typed. facts: as it is now. */
enum status sheet_stale(struct ctx *c, const struct request *r, const struct record_type *t, const void *facts, uint64_t version,
			struct sv back, struct response *out) MUST_CHECK;

#endif
