/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <liboath/oath.h>
#include <string.h>
#include "base/clock.h"
#include "coming.h"

void forget(struct ctx *c)
{
	c->error = (struct error){ 0 };
}

void totp_of(const uint8_t secret[20], char code[8])
{
	assert_int_equal(oath_totp_generate((const char *)secret, 20, (time_t)(clock_now() / 1000), 30, 0, 6, code), OATH_OK);
}

void log_in(struct test_instance *t, struct test_person *p, struct ctx *c)
{
	person_login(t, p);
	ctx_for(t, c, &p->actor);
}

void step_up(struct ctx *c, struct test_person *p)
{
	struct token fresh, old = p->token;
	struct actor who;

	assert_int_equal(keeper_step_up(c, FACTOR_DEMO, SV(""), &fresh), OK);
	assert_int_equal(keeper_session(c, &old, &who), E_DENIED);
	assert_int_equal(keeper_session(c, &fresh, &p->actor), OK);
	p->token = fresh;
	forget(c);
}

struct colleague *find(struct ctx *c, struct id organisation, const char *login, struct people *all)
{
	assert_int_equal(keeper_people(c, organisation, all), OK);
	for (size_t i = 0; i < all->colleague_count; i++)
		if (strcmp(all->colleagues[i].login, login) == 0)
			return &all->colleagues[i];
	return NULL;
}

struct invitation invitation(struct id organisation, const char *login, uint32_t roles)
{
	struct invitation i = { .organisation = organisation, .roles = roles, .language = LANG_AR };

	memcpy(i.login, login, strlen(login));
	return i;
}

void join(struct test_instance *t, const struct join_ticket *ticket, struct test_person *p, const char *login)
{
	struct factors f;
	struct joined joined;
	struct token half;
	char code[8];

	memset(p, 0, sizeof(*p));
	memcpy(p->login, login, strlen(login));
	assert_int_equal(keeper_join(&t->ctx, ticket, SV(TEST_PASSWORD), &half, p->recovery), OK);
	assert_int_equal(keeper_join_factors(&t->ctx, &half, &f), OK);
	assert_string_equal(f.login, login);
	memcpy(p->totp, f.totp, sizeof(p->totp));
	memcpy(p->sheet, f.sheet, sizeof(p->sheet));
	totp_of(p->totp, code);
	assert_int_equal(keeper_join_prove(&t->ctx, &half, sv_of(p->recovery), FACTOR_TOTP, sv_of(code), &joined), OK);
	p->user = joined.user;
}

void bring(struct test_instance *t, struct ctx *by, struct id organisation, const char *login, uint32_t roles,
	   struct test_person *p)
{
	struct invitation i = invitation(organisation, login, roles);
	struct join_ticket ticket;

	assert_int_equal(keeper_invite(by, &i, &ticket), OK);
	join(t, &ticket, p, login);
}

void admit_member(struct test_instance *t, struct test_house *h, const char *login, uint32_t roles, struct test_person *p)
{
	struct new_member m = {
		.user = id_new(), .organisation = h->id, .login = sv_of(login), .password = SV(TEST_PASSWORD), .roles = roles
	};

	assert_int_equal(admin_member(&t->admin, &m), OK);
	memset(p, 0, sizeof(*p));
	p->user = m.user;
	memcpy(p->login, login, strlen(login));
	memcpy(p->recovery, m.recovery, sizeof(p->recovery));
	memcpy(p->sheet, m.sheet, sizeof(p->sheet));
	person_vouch(t, &h->people[SUPERVISOR], m.user, roles);
	assert_int_equal(admin_certify(&t->admin, sv_of(h->people[OFFICER].login), SV(TEST_PASSWORD), m.user), OK);
}
