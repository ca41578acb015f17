/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef KEEPER_CEREMONY_H
#define KEEPER_CEREMONY_H

#include "keeper/people/login.h"

/* The keeper's side of admin.h. */
enum status call_admin_organisation(struct service *s, struct request *r);
enum status call_admin_member(struct service *s, struct request *r);
enum status call_admin_identity_request(struct service *s, struct request *r);
enum status call_admin_identity_install(struct service *s, struct request *r);
enum status call_admin_certify(struct service *s, struct request *r);
enum status call_admin_attend(struct service *s, struct request *r);
enum status call_admin_route(struct service *s, struct request *r);
enum status call_admin_programme(struct service *s, struct request *r);
enum status call_admin_statistics(struct service *s, struct request *r);
enum status call_admin_desk(struct service *s, struct request *r);
enum status call_admin_freeze(struct service *s, struct request *r);
enum status call_admin_hold(struct service *s, struct request *r);
enum status call_admin_restored(struct service *s, struct request *r);
enum status call_members(struct service *s, struct request *r);

/* ceremony.c: with the officer's secrets in the bench. */
/* The organisation's identity key, wrapped to the officer who makes it. */
enum status identity_make(struct service *s, const struct member_row *m, struct id organisation) MUST_CHECK;
/* Is the organisation's identity key, signed or still to be, in this member's hands? */
bool identity_held(struct service *s, const struct member_row *m, struct id organisation);
const struct unsigned_row *identity_waiting(const struct service *s, struct id organisation);
/* What the root has to sign, to r->out. E_NOTFOUND nothing waits, or the key is another officer's. */
enum status identity_request(struct service *s, struct request *r, const struct member_row *m, struct id organisation) MUST_CHECK;
/* A certificate over the member's row as it stands, or with the proposed roles (NULL: as admitted). The one place where a member's
 * certificate is written, so the rules stand here: E_STATE when the organisation's identity is not signed or not the officer's, a
 * colleague's word is missing (vouch.c), or the officer's rights are held back after a recovery. */
enum status member_certify(struct service *s, const struct member_row *by, const struct member_row *m,
			   const struct proposal_row *proposed) MUST_CHECK;

/* members.c */
enum status member_put(struct service *s, enum event event, const struct member_row *m) MUST_CHECK;
#define SLOT_T 3u
#define SLOT_M_KIB (128u * 1024u)
#define SLOT_M_DEMO_KIB (64u * 1024u)

#endif
