/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEB_PAGE_PEOPLE_H
#define WEB_PAGE_PEOPLE_H

#include "domain/access/access.h"
#include "keeper/client.h"
#include "web/page/outside.h"

/* What the list of members and the page of one share. */
struct sv people_login(const struct ctx *c, const char *login);
bool people_waits(const struct colleague *p); /* for the officer's certificate */
enum message people_state(const struct colleague *p);
/* The list of an organisation: as a link, and without the base, for response_go. */
struct sv people_path(const struct ctx *c, const struct request *r, struct id organisation);
const char *people_place(const struct ctx *c, struct id organisation);
/* The roles people hold, not those of sessions by code or of the machine. */
struct tpl_shared_field *field_roles(const struct ctx *c, const struct request *r, uint32_t now);

#endif
