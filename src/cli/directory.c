/* SPDX-License-Identifier: GPL-3.0-or-later */
/* amana organisation list, amana user list, freeze, unfreeze: who is there, from the clear directory, and the keeper's bolt. */
#include "cli/ceremony.h"

#include "cli/terminal.h"
#include "registry/registry.h"

static const struct argp_option no_options[] = { { 0 } };
static const struct words_form organisations_form = {
	"amana organisation list",
	no_options,
	"DIR",
	"Lists the organisations: code, region, desk or none, number of its desk, name.",
	1,
	1
};
static const struct words_form members_form = { "amana user list",
						no_options,
						"DIR ORGANISATION",
						"Lists the members of an organisation (its code): login, language, roles.",
						2,
						2 };
static const struct words_form freeze_form = {
	"amana user freeze",
	no_options,
	"DIR LOGIN",
	"Ends a member's access: every session now, every login from now on.\vNothing is deleted; two people let the member in "
	"again. The journal keeps both.",
	2,
	2
};
static const struct words_form unfreeze_form = {
	"amana user unfreeze",
	no_options,
	"DIR LOGIN",
	"Lets a frozen member in again, as the second of the two it takes.\vThe first is a security officer, who has agreed on the members' page. "
	"Where no officer is left at work, an administrator or supervisor is enough; where nobody is left who could agree, this command lets an "
	"officer in, who goes on from there.",
	2,
	2
};

static int list_organisations(struct attached *x, const struct words *w)
{
	struct organisation *list;
	size_t n;

	(void)w;
	x->c.language = LANG_FR;
	if (organisation_list(&x->c, &list, &n) != OK)
		return tell_error(&x->c, "organisation");
	for (size_t i = 0; i < n; i++)
		tell(1, "%-20.*s %-8.*s %-8s %-16.*s %.*s", (int)list[i].code.n, list[i].code.p, (int)list[i].region.n,
		     list[i].region.p, list[i].desk ? "desk" : "no desk", (int)list[i].phone.n, list[i].phone.p,
		     (int)list[i].name.n, list[i].name.p);
	return 0;
}

struct sv role_names(struct arena *a, uint32_t roles)
{
	const struct code_list *l = codes_of("access_matrix");
	struct buf b = buf_new(a, 64, 4096);

	for (size_t i = 0; l != NULL && i < l->n; i++)
		if ((roles & ROLE_BIT(l->codes[i].number - 1)) != 0)
			buf_format(&b, "%s%s", b.n == 0 ? "" : ",", l->codes[i].code);
	return buf_view(&b);
}

static int list_members(struct attached *x, const struct words *w)
{
	struct organisation o;
	struct member_row *list;
	size_t n;

	if (codes_load(&x->c, x->data) != OK || organisation_find(&x->c, sv_of(w->arg[1]), &o) != OK ||
	    member_list(&x->c, o.id, &list, &n) != OK)
		return tell_error(&x->c, "user");
	for (size_t i = 0; i < n; i++) {
		struct sv roles = role_names(x->arena, list[i].roles);

		tell(1, "%-28.*s %s  %.*s", (int)list[i].login.n, list[i].login.p, languages[list[i].language].tag, (int)roles.n,
		     roles.p);
	}
	return 0;
}

static int bolt(struct attached *x, const struct words *w, bool frozen)
{
	enum status s = admin_freeze(&x->admin, sv_of(w->arg[1]), frozen);

	if (s == E_NOTFOUND)
		tell(2, "amana: user: there is no member \"%s\"", w->arg[1]);
	else if (s == E_STATE && frozen)
		tell(2, "amana: user: this account is frozen already, or nobody has access by it");
	else if (s == E_STATE)
		tell(2, "amana: user: not frozen, or nobody who may has agreed on the members' page that the freeze ends");
	else if (s != OK)
		(void)tell_error(&x->admin, "user");
	return s == OK ? 0 : 1;
}

static int freeze(struct attached *x, const struct words *w)
{
	return bolt(x, w, true);
}

static int unfreeze(struct attached *x, const struct words *w)
{
	return bolt(x, w, false);
}

int organisation_list_command(int argc, char **argv)
{
	return with_instance(&organisations_form, list_organisations, argc, argv);
}

int user_list_command(int argc, char **argv)
{
	return with_instance(&members_form, list_members, argc, argv);
}

int user_freeze_command(int argc, char **argv)
{
	return with_instance(&freeze_form, freeze, argc, argv);
}

int user_unfreeze_command(int argc, char **argv)
{
	return with_instance(&unfreeze_form, unfreeze, argc, argv);
}
