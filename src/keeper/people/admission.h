/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef KEEPER_ADMISSION_H
#define KEEPER_ADMISSION_H

#include "keeper/people/login.h"

/* How people come, come back, change and go (sealed design 3): the pieces that the command line's ceremonies and the calls of sessions
 * share. */

/* members.c */
struct admission {
	struct id user, organisation;
	struct sv login, password;
	uint32_t roles;
};
/* What leaves the keeper once. Wiped by the caller. */
struct fresh {
	char recovery[32];
	uint8_t totp[20];
	char sheet[SHEET_CODES * SHEET_DIGITS];
};
bool login_sound(struct sv login);
bool roles_sound(uint32_t roles); /* staff roles, at least one, no pair nobody may hold */
/* A member's row, key pair, slots and factors; the secrets are in the bench's payload after it. Directory read again. */
enum status member_make(struct service *s, const struct job *j, const struct admission *a, enum member_state state,
			struct fresh *f) MUST_CHECK;
void answer_factors(struct buf *out, const uint8_t totp[20], const char *sheet);
/* An Argon2 job for a new password: r->job, r->wait. E_BUSY. */
enum status slot_queue(struct service *s, struct request *r, struct sv password) MUST_CHECK;
/* New slots around the secrets in the bench's payload. */
enum status slot_password(struct service *s, const struct job *j, const struct member_row *m) MUST_CHECK;
enum status slot_recovery(struct service *s, const struct member_row *m, char recovery[32]) MUST_CHECK;

/* hosting.c: may somebody of `home` with these roles act in a role for the organisation, at home or as its host? */
bool serves(const struct service *s, struct id home, uint32_t roles, struct id organisation, enum role role);
enum status call_hosts(struct service *s, struct request *r);
enum status call_admin_host(struct service *s, struct request *r);

/* admission.c: tickets */
void put_invitation(struct service *s, struct buf *b, const struct invite_row *i);
enum status call_invite(struct service *s, struct request *r);
enum status call_invite_end(struct service *s, struct request *r);
enum status call_admin_invite(struct service *s, struct request *r);
enum status call_join_look(struct service *s, struct request *r);
enum status call_join(struct service *s, struct request *r);
enum status call_join_factors(struct service *s, struct request *r);
enum status call_join_prove(struct service *s, struct request *r);

/* colleagues.c: the list, and what is done to a member */
void put_fingerprint(struct buf *b, const struct member_row *m); /* 16 bytes of the hash of both keys */
/* The officer's secrets in the bench: other roles (0 = as they are) under a new certificate. */
enum status roles_certify(struct service *s, const struct member_row *by, struct member_row *m, uint32_t roles) MUST_CHECK;
enum status call_people(struct service *s, struct request *r);
enum status call_identity(struct service *s, struct request *r);
enum status call_colleague_act(struct service *s, struct request *r);
enum status call_admin_roles(struct service *s, struct request *r);

/* recovery.c: the second factor again, new passwords and codes */
/* Try a factor and note that it is used; the member's key pair in the bench's capsule. As factor_check. */
enum status factor_spend(struct service *s, const struct member_row *m, enum factor kind, struct sv code) MUST_CHECK;
/* The recovery slot of a login: the member's secrets into the bench's payload. E_INPUT: not a code; E_DENIED. */
enum status recovery_open(struct service *s, struct sv login, struct sv typed) MUST_CHECK;
enum status call_step_up(struct service *s, struct request *r);
bool stepped_up(const struct service *s, const struct session *x);
enum status call_recover(struct service *s, struct request *r);
enum status call_new_password(struct service *s, struct request *r);
enum status call_new_recovery(struct service *s, struct request *r);

#endif
