/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tickets, hosting agreements, other roles and lost passwords at the terminal: what the screens do, for the first members of an
 * organisation and for the day the screens are away. Passwords and codes are asked for, never given as words. */
#include "cli/ceremony.h"

#include "cli/terminal.h"
#include "registry/registry.h"

#include <string.h>

#define HOSTED_ROLES "security_officer,org_admin,dpo"

static int say_wrong(const struct ctx *c, enum status s, const char *what, const char *input)
{
	if (s == E_INPUT)
		tell(2, "amana: %s: %s", what, input);
	else if (s == E_CONFLICT)
		tell(2, "amana: %s: this login is taken or invited already", what);
	else if (s == E_DENIED)
		tell(2, "amana: %s: wrong login, password or code, or not this officer's to do", what);
	else
		return tell_error(c, what);
	return 1;
}

enum status ticket_print(struct attached *x, const struct invited *i)
{
	struct invitation invitation = { .organisation = i->organisation, .roles = i->roles, .language = i->language };
	struct join_ticket ticket;
	struct sv text;

	if (i->login.n == 0 || i->login.n >= sizeof(invitation.login))
		return ERR(&x->admin, E_INPUT, "the login is not sound");
	memcpy(invitation.login, i->login.p, i->login.n);
	TRY(admin_invite(&x->admin, &invitation, &ticket));
	text = join_ticket_text(x->arena, &ticket);
	tell(1, "%-12s login %.*s", i->what, (int)i->login.n, i->login.p);
	tell(1, "             ticket %.*s", (int)text.n, text.p);
	tell(1, "             address /staff/join on the service, good for seven days, used once");
	return OK;
}

/* --- amana user invite ------------------------------------------------------------------------------------------------------ */

enum { I_ORGANISATION, I_LOGIN, I_ROLES, I_LANGUAGE };
static const struct argp_option invite_options[] = {
	{ "organisation", WORD_KEY(I_ORGANISATION), "CODE", 0, "where the member works", 0 },
	{ "login", WORD_KEY(I_LOGIN), "LOGIN", 0, "CODE. and small letters, digits, . - _; no real name", 0 },
	{ "roles", WORD_KEY(I_ROLES), "ROLES", 0, "joined by commas, as amana user add names them", 0 },
	{ "language", WORD_KEY(I_LANGUAGE), "TAG", 0, "fr, ar or en (default fr)", 0 },
	{ 0 },
};
static const struct words_form invite_form = {
	"amana user invite",
	invite_options,
	"DIR",
	"Prints the ticket of a new member.\vWho brings it chooses a password on the staff pages and waits for the officer's certificate.",
	1,
	1
};

static int invite(struct attached *x, const struct words *w)
{
	static const size_t needed[] = { I_ORGANISATION, I_LOGIN, I_ROLES };
	struct invited i = { .what = "member", .login = words_option(w, I_LOGIN), .language = LANG_FR };
	struct organisation o;
	enum status s;

	if (!words_given(&invite_form, w, needed, sizeof(needed) / sizeof(needed[0])))
		return 2;
	if (codes_load(&x->c, x->data) != OK || organisation_find(&x->c, words_option(w, I_ORGANISATION), &o) != OK)
		return tell_error(&x->c, "user");
	if (!roles_known(x->arena, words_option(w, I_ROLES), &i.roles) || !language_known(words_option(w, I_LANGUAGE), &i.language))
		return 1;
	i.organisation = o.id;
	s = ticket_print(x, &i);
	return s == OK ? 0
		       : say_wrong(
				 &x->admin, s, "user",
				 "the login is not sound (the organisation's code and a dot, then small letters, digits, . - _), or nobody may hold these roles together");
}

/* --- amana user roles ------------------------------------------------------------------------------------------------------- */

static const struct argp_option no_options[] = { { 0 } };
static const struct words_form roles_form = {
	"amana user roles",
	no_options,
	"DIR LOGIN ROLES OFFICER",
	"Gives a member other roles, certified by the OFFICER, whose password is asked for.\vThe member's sessions end; keys of new roles "
	"follow when somebody who holds them logs in. Roles that give keys of the house are proposed only: a colleague who holds them says on the "
	"members' page that he knows the person, then the officer certifies there.",
	4,
	4
};

static int change_roles(struct attached *x, const struct words *w)
{
	struct member_row m;
	struct sv password;
	enum status s;
	bool waits;

	if (codes_load(&x->c, x->data) != OK || member_find(&x->c, sv_of(w->arg[1]), &m) != OK)
		return tell_error(&x->c, "user");
	if (!roles_known(x->arena, sv_of(w->arg[2]), &m.roles))
		return 1;
	if (ask_secret(x->arena, "Officer's password: ", &password) != OK)
		return 1;
	s = admin_roles(&x->admin, sv_of(w->arg[3]), password, m.user, m.roles, &waits);
	if (s != OK)
		return say_wrong(&x->admin, s, "user", "nobody may hold these roles together");
	if (waits) {
		tell(1, "Proposed. " WAITS_FOR_COLLEAGUE);
		return 0;
	}
	return member_copy(&x->c, &m) == OK ? 0 : tell_error(&x->c, "user");
}

/* --- amana user password ---------------------------------------------------------------------------------------------------- */

static const struct words_form password_form = {
	"amana user password",
	no_options,
	"DIR LOGIN",
	"Gives a member a new password by the recovery code and a second factor, all asked for.\vA new recovery code is printed, the officer "
	"is told, all sessions end. For the member at the keyboard; nobody else has the code.",
	2,
	2
};

static int new_password(struct attached *x, const struct words *w)
{
	struct recovery_try t = { .login = sv_of(w->arg[1]) };
	struct sv again;
	char fresh[32];
	enum status s;

	if (ask_secret(x->arena, "Recovery code: ", &t.recovery) != OK ||
	    ask_secret(x->arena, "Code of the telephone (6 digits) or of the sheet (8): ", &t.code) != OK ||
	    ask_secret(x->arena, "New password (12 characters or more): ", &t.password) != OK ||
	    ask_secret(x->arena, "Once more: ", &again) != OK)
		return 1;
	if (!sv_equal(t.password, again)) {
		tell(2, "amana: user: the two passwords differ");
		return 1;
	}
	t.factor = t.code.n == SHEET_DIGITS ? FACTOR_SHEET : FACTOR_TOTP;
	s = keeper_recover(&x->admin, &t, fresh);
	if (s != OK)
		return say_wrong(&x->admin, s, "user", "the password is too weak");
	tell(1, "new recovery code  %s", fresh);
	tell(1, "This is shown once. Write it down and clear the screen.");
	return 0;
}

/* --- amana organisation host ------------------------------------------------------------------------------------------------ */

enum { H_ROLES, H_NO_SIGNING, H_END };
static const struct argp_option host_options[] = {
	{ "roles", WORD_KEY(H_ROLES), "ROLES", 0, "which the host holds (default " HOSTED_ROLES ")", 0 },
	{ "no-signing", WORD_KEY(H_NO_SIGNING), NULL, 0, "the host gives no second signatures", 0 },
	{ "end", WORD_KEY(H_END), NULL, 0, "the agreement ends", 0 },
	{ 0 },
};
static const struct words_form host_form = {
	"amana organisation host",
	host_options,
	"DIR ORGANISATION HOST OFFICER",
	"Notes that HOST holds officer, administrator and second signer for ORGANISATION.\vOFFICER answers for the organisation: its own "
	"security officer, or, before it is founded, the host's. The password is asked for. The next session of the host's officer makes the "
	"organisation's key, which the root signs. A host opens nothing.",
	4,
	4
};

static int host(struct attached *x, const struct words *w)
{
	struct hosting h = { .officer = sv_of(w->arg[3]) };
	struct organisation organisation, other;
	enum status s;

	if (codes_load(&x->c, x->data) != OK || organisation_find(&x->c, sv_of(w->arg[1]), &organisation) != OK ||
	    organisation_find(&x->c, sv_of(w->arg[2]), &other) != OK)
		return tell_error(&x->c, "organisation");
	h.agreement =
		(struct agreement){ organisation.id, other.id, 0, w->option[H_END] == NULL && w->option[H_NO_SIGNING] == NULL };
	if (w->option[H_END] == NULL &&
	    !roles_read(w->option[H_ROLES] == NULL ? SV(HOSTED_ROLES) : words_option(w, H_ROLES), &h.agreement.roles)) {
		tell(2, "amana: organisation: a role there is not");
		return 1;
	}
	if (ask_secret(x->arena, "Officer's password: ", &h.password) != OK)
		return 1;
	s = admin_host(&x->admin, &h);
	return s == OK ? 0 : say_wrong(&x->admin, s, "organisation", "only " HOSTED_ROLES " can be held by another organisation");
}

/* --- commands --------------------------------------------------------------------------------------------------------------- */

int user_invite_command(int argc, char **argv)
{
	return with_instance(&invite_form, invite, argc, argv);
}

int user_roles_command(int argc, char **argv)
{
	return with_instance(&roles_form, change_roles, argc, argv);
}

int user_password_command(int argc, char **argv)
{
	return with_instance(&password_form, new_password, argc, argv);
}

int organisation_host_command(int argc, char **argv)
{
	return with_instance(&host_form, host, argc, argv);
}
