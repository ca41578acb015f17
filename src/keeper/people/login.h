/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef KEEPER_LOGIN_H
#define KEEPER_LOGIN_H

#include "keeper/people/argon.h"
#include "keeper/ledger/directory.h"
#include "keeper/people/sessions.h"

/* Passwords. First call of a request: queue the stretch of the login's slot (or of the dummy slot: same work) and set r->wait. Second
 * call, with r->job: open the slot; OK with *out and the member's secrets in the bench's capsule (no compartments yet), or E_DENIED. */
enum status password_check(struct service *s, struct request *r, struct sv login, struct sv password,
			   const struct member_row **out) MUST_CHECK;
/* After it said OK at a login: is the member's slot weaker than slots are made now? Then its stretch under the present parameters is queued
 * (r->wait), and slot_remade is called when the job is done, in place of password_check. */
enum status slot_remake(struct service *s, struct request *r, const struct member_row *m) MUST_CHECK;
enum status slot_remade(struct service *s, struct request *r, struct sv login, const struct member_row **out) MUST_CHECK;

/* work.c: the secrets wrapped to a member, read into the bench's capsule beside its own keys. */
enum status secrets_read(struct service *s, const struct member_row *m) MUST_CHECK;
/* Work off what waits for this member (secrets in the bench): compartments to make, to sign, to wrap to newly certified members. */
enum status work_off(struct service *s, const struct member_row *m) MUST_CHECK;
/* Does the member have a wrap of every signed compartment its roles hold? */
bool secrets_complete(struct service *s, const struct member_row *m);
/* The seed of an organisation's identity certificate (or of one to be), if it is wrapped to this member. E_NOTFOUND. */
enum status identity_seed(struct service *s, const struct member_row *m, struct id cert, uint8_t seed[32]) MUST_CHECK;
/* Secrets of compartments a member's roles do not hold (all: of any) go. */
enum status secrets_drop(struct service *s, const struct member_row *m, bool all) MUST_CHECK;
enum status secret_wrap(struct service *s, uint8_t kind, uint8_t compartment, struct id wrapped, const struct member_row *to,
			const uint8_t secret[32]) MUST_CHECK;

/* Who stands behind the request's token, with the capsule open in the bench; a use of the session. E_DENIED. */
enum status who_asks(struct service *s, struct request *r, struct who *out) MUST_CHECK;
/* The same without secrets and for calls that journal nothing. */
enum status who_is(struct service *s, const struct token *t, struct who *out, bool use) MUST_CHECK;
/* A member, and whoever has a dossier's code, as the decision sees them, without a session. */
struct who who_member(const struct service *s, const struct member_row *m);
struct who who_has_code(const struct dossier *d);

/* Handlers. */
enum status call_login(struct service *s, struct request *r);
enum status call_second(struct service *s, struct request *r);
enum status call_session(struct service *s, struct request *r);
enum status call_logout(struct service *s, struct request *r);
enum status call_shared_desk(struct service *s, struct request *r);
enum status call_mailbox(struct service *s, struct request *r);

/* factor.c: E_DENIED wrong or used, E_STATE wrong by drift alone. Updates the row given. */
enum status factor_check(struct service *s, enum factor kind, struct sv code, struct factor_row *row) MUST_CHECK;
enum status factor_make(struct service *s, struct id user, const uint8_t sk[32], const uint8_t totp[20], const char *sheet,
			struct factor_row *out) MUST_CHECK;

/* Both secrets again, in the join session. */
enum status factor_read(struct service *s, const struct factor_row *row, uint8_t totp[20], char *sheet) MUST_CHECK;

/* device.c */
struct id device_name(const struct token *device, struct id user); /* the hash that is kept */
enum status device_known(struct service *s, struct id name, struct id user, bool *known) MUST_CHECK;
enum status device_put(struct service *s, struct id name, struct id user) MUST_CHECK; /* for 180 days from now */
enum status device_new(struct service *s, struct id user, struct token *out) MUST_CHECK;
enum status devices_expire(struct service *s) MUST_CHECK;

/* throttle.c: delay per account after wrong tries, and the pace of wrong codes for all together. */
struct throttle *throttle_new(void);
/* known: a member's name. Names of nobody are counted apart, so that inventing them does not make a member's count forgotten. */
uint32_t throttle_wait_s(struct throttle *t, struct sv login, bool known, int64_t now); /* 0 = go on */
void throttle_wrong(struct throttle *t, struct sv login, bool known, int64_t now);
void throttle_right(struct throttle *t, struct sv login);
/* The lane of a known device. */
uint32_t throttle_device_wait_s(struct throttle *t, struct id device, int64_t now);
void throttle_device_wrong(struct throttle *t, struct id device, int64_t now);
void throttle_device_right(struct throttle *t, struct id device);
void throttle_set_back(struct throttle *t, int64_t by); /* the clock went back so far */
bool throttle_code_allowed(struct throttle *t, int64_t now);
void throttle_code_wrong(struct throttle *t, int64_t now);

/* drafts.c: how many wait for this member. */
uint32_t drafts_count(struct service *s, struct id user);

#endif
