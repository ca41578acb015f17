/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef KEEPER_CEREMONY_H
#define KEEPER_CEREMONY_H

#include "keeper/login.h"

/* The keeper's side of admin.h. */
enum status call_admin_organisation(struct service *s, struct request *r);
enum status call_admin_member(struct service *s, struct request *r);
enum status call_admin_identity_request(struct service *s, struct request *r);
enum status call_admin_identity_install(struct service *s, struct request *r);
enum status call_admin_certify(struct service *s, struct request *r);
enum status call_admin_attend(struct service *s, struct request *r);
enum status call_admin_route(struct service *s, struct request *r);
enum status call_admin_desk(struct service *s, struct request *r);
enum status call_admin_freeze(struct service *s, struct request *r);
enum status call_admin_hold(struct service *s, struct request *r);
enum status call_admin_restored(struct service *s, struct request *r);
enum status call_members(struct service *s, struct request *r);

/* members.c */
enum status member_put(struct service *s, enum event event, const struct member_row *m) MUST_CHECK;
#define SLOT_T 3u
#define SLOT_M_KIB (128u * 1024u)
#define SLOT_M_DEMO_KIB (64u * 1024u)

#endif
