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

#endif
