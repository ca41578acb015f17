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
	struct id by; /* who invited; zeros: the machine's console */
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

/* vouch.c: proposals, and the word of a third colleague */
enum status proposal_of(struct service *s, struct id user, enum proposal what,
			struct proposal_row *out) MUST_CHECK; /* user zeros: none */
enum status proposal_put(struct service *s, struct id actor, const struct proposal_row *p, bool there) MUST_CHECK;
enum status proposal_drop(struct service *s, struct id actor, const struct member_row *m, enum proposal what) MUST_CHECK;
/* A certificate that is to be: over which member and roles, who would sign it, and the proposal the roles come from (NULL: as admitted). */
struct admitting {
	const struct member_row *m;
	uint32_t roles;
	struct id by;
	const struct proposal_row *proposed;
};
struct word {
	bool needed;
	struct id from; /* who has given it; zeros: nobody yet */
};
enum status word_of(struct service *s, const struct admitting *a, struct word *out) MUST_CHECK;
/* As the first of the officers who would need one; `by` is not looked at. */
enum status word_of_any(struct service *s, struct admitting a, struct word *out) MUST_CHECK;
/* May this colleague give it? */
bool may_vouch(const struct service *s, const struct admitting *a, const struct member_row *who);
enum status vouch_put(struct service *s, const struct member_row *by, const struct member_row *m, uint32_t roles) MUST_CHECK;
/* All that this member has given: he left, is frozen or has other roles. */
enum status vouches_drop(struct service *s, const struct member_row *by) MUST_CHECK;

/* members_list.c */
struct viewer {
	struct who w;
	struct member_row m;
	bool admin, officer; /* of the organisation */
};
void member_print(uint8_t out[16], const struct member_row *m); /* of both keys */
/* Who asks, and what he is to the organisation. E_DENIED. */
enum status viewer_of(struct service *s, struct request *r, struct id organisation, struct viewer *v) MUST_CHECK;
enum status call_people(struct service *s, struct request *r);
enum status call_identity(struct service *s, struct request *r);

/* colleagues.c: what is done to a member */
/* The officer's secrets in the bench: the proposed roles (NULL = as they are) under a new certificate. E_STATE: a colleague's word is needed
 * first. */
enum status roles_certify(struct service *s, const struct member_row *by, struct member_row *m,
			  const struct proposal_row *proposed) MUST_CHECK;
/* Frozen, or at work again: what was agreed to for an earlier end goes; sessions end, words given to others go. */
enum status member_freeze(struct service *s, struct id actor, struct member_row *m, bool frozen) MUST_CHECK;
/* Officer or administrator of the organisation, or its supervisor; at work. */
bool may_thaw(const struct service *s, const struct member_row *m, struct id organisation);
enum status call_colleague_act(struct service *s, struct request *r);
enum status call_admin_roles(struct service *s, struct request *r);

/* recovery.c: the second factor again, new passwords and codes */
/* Try a factor and note that it is used; the member's key pair in the bench's capsule. As factor_check. */
enum status factor_spend(struct service *s, const struct member_row *m, enum factor kind, struct sv code) MUST_CHECK;
/* The recovery slot of a login: the member's secrets into the bench's payload. E_INPUT: not a code; E_DENIED. */
enum status recovery_open(struct service *s, struct sv login, struct sv typed) MUST_CHECK;
/* E_STATE: the member came in by recovery code less than a day ago and gives nobody rights. *until: 0, or when that ends. */
enum status held_until(struct service *s, struct id user, int64_t *until) MUST_CHECK;
enum status rights_free(struct service *s, struct id user) MUST_CHECK;
enum status notice_put(struct service *s, struct id actor, const struct notice_row *n) MUST_CHECK;
enum status notice_of(struct service *s, struct id user, enum notice what,
		      struct notice_row *out) MUST_CHECK; /* user zeros: none */
enum status call_step_up(struct service *s, struct request *r);
bool stepped_up(const struct service *s, const struct session *x);
enum status call_recover(struct service *s, struct request *r);
enum status call_new_password(struct service *s, struct request *r);
enum status call_new_recovery(struct service *s, struct request *r);

#endif
