/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEB_PAGE_OUTSIDE_H
#define WEB_PAGE_OUTSIDE_H

#include "web/page/page.h"

/* Staff pages before anybody is logged in, and fields that hold secrets. A secret is never shown again, never kept as a draft, and its
 * blanks belong to it. */
struct tpl_shared_head *outside_head(const struct ctx *c, const struct request *r, enum message title);
const struct tpl_shared_foot *outside_foot(const struct request *r, struct arena *a);

struct tpl_shared_field *field_secret(const struct ctx *c, const struct request *r, const char *name, enum message label);
/* The two fields of a new password, `password` and `again`. E_INPUT with the field noted. */
enum status new_password(struct ctx *c, const struct request *r, struct sv *out) MUST_CHECK;

/* Second factor in a form: fields `kind` (P_CODE) and `code` (P_TEXT). */
bool factor_named(struct sv kind, uint8_t *out);
const struct tpl_shared_step *step_fields(const struct ctx *c, const struct request *r);
/* The factor again for an act that wants it; the answer carries the fresh token, and c->who goes on with it. E_INPUT: noted under `code`. */
enum status step_up(struct ctx *c, struct sv kind, struct sv code, struct response *out) MUST_CHECK;
struct sv page_groups(const struct ctx *c, const char *code); /* a recovery code in groups of five */
/* Languages by their own names, as radio buttons under `language`. */
struct tpl_shared_field *field_language(const struct ctx *c, const struct request *r, enum language now);

/* Labels of roles, joined. */
struct sv roles_label(const struct ctx *c, uint32_t roles);
/* Codes of roles, joined by |, and back. */
struct sv roles_codes(const struct ctx *c, uint32_t roles);
uint32_t roles_of_codes(struct sv codes);

#endif
