/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DOMAIN_SCREENING_ROOM_H
#define DOMAIN_SCREENING_ROOM_H

#include "domain/screening/screening.h"

/* What the files of this room share; nobody else includes it. */

struct sv screening_hex(struct ctx *c, struct id id); /* SV_NONE for zeros */
struct id screening_id(struct sv text);               /* zeros when it is none */
void screening_view_of(const struct record *r, struct screening_view *out);
/* The newest finished one of a file, or E_STATE. */
enum status screening_newest(struct ctx *c, struct id dossier, struct screening_view *out) MUST_CHECK;

enum status decision_row_load(struct ctx *c, struct id decision, struct decision_row *out) MUST_CHECK; /* E_NOTFOUND */
enum status decision_rows(struct ctx *c, enum query q, const struct value *args, size_t n, struct decision_row **out,
			  size_t *count) MUST_CHECK;
/* Inside a run. */
enum status decision_row_add(struct ctx *c, const struct decision_row *row) MUST_CHECK;
enum status decision_row_save(struct ctx *c, const struct decision_row *row) MUST_CHECK;

#endif
