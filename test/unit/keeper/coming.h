/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TEST_KEEPER_COMING_H
#define TEST_KEEPER_COMING_H

#include "ceremony.h"

/* People who come and who act on one another, for the tests of admission. Each asserts. */
void forget(struct ctx *c);
void totp_of(const uint8_t secret[20], char code[8]);
void log_in(struct test_instance *t, struct test_person *p, struct ctx *c);
/* The second factor again; the actor goes on with the fresh token. */
void step_up(struct ctx *c, struct test_person *p);
/* NULL: not on the list. */
struct colleague *find(struct ctx *c, struct id organisation, const char *login, struct people *all);
struct invitation invitation(struct id organisation, const char *login, uint32_t roles);
/* From ticket to member waiting for the officer. */
void join(struct test_instance *t, const struct join_ticket *ticket, struct test_person *p, const char *login);
/* Invited by the actor, and here. */
void bring(struct test_instance *t, struct ctx *by, struct id organisation, const char *login, uint32_t roles,
	   struct test_person *p);
/* Admitted and certified by the command line; a colleague's word first when one is needed. */
void admit_member(struct test_instance *t, struct test_house *h, const char *login, uint32_t roles, struct test_person *p);

#endif
