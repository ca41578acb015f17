/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEB_FORM_H
#define WEB_FORM_H

#include "web/web.h"

/* Bodies of forms, both kinds, over the whole body; and query strings. Everything is bounded, nothing is interpreted twice. */
#define FORM_FIELDS_MAX 200
#define FORM_FILES_MAX 32
#define FORM_NAME_MAX 64

struct form_field {
	struct sv name, value; /* value: bytes as sent, decoded; not yet text */
	struct sv file_name;   /* of a file part */
	bool file;
	bool cut; /* the body went on behind its limit within this field */
};
struct form {
	struct form_field fields[FORM_FIELDS_MAX];
	size_t n;
	bool cut;
};

/* cut: the body is only the beginning of what was sent; its last field is then marked. Views point into the body (files, multipart
 * values) or the arena (decoded values). E_INPUT: not a form of these kinds, or malformed; E_LIMIT: too many fields or files. */
enum status form_parse(struct arena *a, struct sv content_type, struct sv body, bool cut, struct form *out) MUST_CHECK;
enum status form_parse_query(struct arena *a, struct sv query, struct form *out) MUST_CHECK;
const struct form_field *form_find(const struct form *f, const char *name); /* the first; NULL when there is none */
/* application/x-www-form-urlencoded of all fields but files and those the frame itself owns: what a draft keeps. */
struct sv form_text(struct arena *a, const struct form *f);
/* The key under which an act is carried out once: the form's own, the act, and what it takes of the form (own: names joined by |; NULL = all of
 * it; files by their bytes). Sent again as it was it is the same act, with other words another. Zeros when the form brought none. */
void form_key(struct arena *a, const struct form *f, const struct key16 *once, const char *act, const char *own, uint8_t key[16]);

/* Fill the route's struct (zeroed, params' kinds and limits); every wrong field is noted in c->inputs and left empty. Fields that are
 * in neither list are noted too. `own`: names the frame uses itself. E_INPUT when anything was noted. */
enum status form_bind(struct ctx *c, const struct form *f, const struct param *params, size_t n, const char *const *own,
		      size_t own_n, void *in) MUST_CHECK;

#endif
