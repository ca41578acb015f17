/* SPDX-License-Identifier: GPL-3.0-or-later */
/* amana organisation and amana user: who takes part, and who works there. Passwords are asked for, never given as words: a
 * command line is seen by everybody on the machine and kept in its history. */
#include "cli/ceremony.h"

#include "base/text.h"
#include "base/wipe.h"
#include "cli/keyfile.h"
#include "cli/place.h"
#include "cli/terminal.h"
#include "cli/words.h"
#include "registry/registry.h"

#include <string.h>

#define CODE_MOST 32
#define OFFICER_ROLES (ROLE_BIT(ROLE_SECURITY_OFFICER) | ROLE_BIT(ROLE_ORG_ADMIN) | ROLE_BIT(ROLE_DPO))

/* --- what a new member takes home ------------------------------------------------------------------------------------------- */

static void say_member(struct arena *a, const struct new_member *m)
{
	struct sv secret = base32(a, sv_bytes(m->totp_secret, sizeof(m->totp_secret)));

	tell(1, "login          %.*s", (int)m->login.n, m->login.p);
	tell(1, "recovery code  %s", m->recovery);
	tell(1, "time codes     %.*s", (int)secret.n, secret.p);
	tell(1, "               otpauth://totp/amana:%.*s?secret=%.*s&issuer=amana", (int)m->login.n, m->login.p, (int)secret.n,
	     secret.p);
	tell(1, "one-time codes (cross out each when used):");
	for (size_t i = 0; i < SHEET_CODES; i += 8)
		tell(1, "  %s %s %s %s %s %s %s %s", m->sheet[i], m->sheet[i + 1], m->sheet[i + 2], m->sheet[i + 3],
		     m->sheet[i + 4], m->sheet[i + 5], m->sheet[i + 6], m->sheet[i + 7]);
	tell(1, "This is shown once. Print it for the member, or write it down, and clear the screen.");
}

static enum status ask_twice(struct arena *a, struct sv *password)
{
	struct sv again;

	TRY(ask_secret(a, "New member's password (12 characters or more): ", password));
	TRY(ask_secret(a, "Once more: ", &again));
	if (sv_equal(*password, again))
		return OK;
	tell(2, "amana: the two passwords differ");
	return E_INPUT;
}

static int refused(const struct ctx *c, enum status s, const char *what)
{
	if (s == E_INPUT)
		tell(2,
		     "amana: %s: the login or password is not sound (12 characters or more, not the login), or nobody may "
		     "hold these roles together",
		     what);
	else if (s == E_CONFLICT)
		tell(2, "amana: %s: this login is taken or invited already", what);
	else if (s == E_DENIED)
		tell(2, "amana: %s: wrong officer or password", what);
	else
		return tell_error(c, what);
	return 1;
}

/* --- organisation ----------------------------------------------------------------------------------------------------------- */

enum {
	O_CODE,
	O_FR,
	O_AR,
	O_EN,
	O_TYPE,
	O_REGION,
	O_PHONE,
	O_ACCEPTS,
	O_OFFICER,
	O_SUPERVISOR,
	O_REQUEST,
	O_NO_DESK,
	O_HOSTED,
	O_PASSWORD,
	O_PROGRAMME,
	O_ME
};
static const struct argp_option add_options[] = {
	{ "code", WORD_KEY(O_CODE), "CODE", 0, "short name: small letters, digits, -", 0 },
	{ "name-fr", WORD_KEY(O_FR), "NAME", 0, "name in French", 0 },
	{ "name-ar", WORD_KEY(O_AR), "NAME", 0, "name in Arabic", 0 },
	{ "name-en", WORD_KEY(O_EN), "NAME", 0, "name in English", 0 },
	{ "type", WORD_KEY(O_TYPE), "CODE", 0, "of organisation_types.csv (default association)", 0 },
	{ "region", WORD_KEY(O_REGION), "CODE", 0, "of regions.csv", 0 },
	{ "phone", WORD_KEY(O_PHONE), "NUMBER", 0, "public number of its desk", 0 },
	{ "accepts", WORD_KEY(O_ACCEPTS), "CODES", 0, "of accepted_profiles.csv, joined by |", 0 },
	{ "officer", WORD_KEY(O_OFFICER), "LOGIN", 0, "login of its security officer (default CODE.officer)", 0 },
	{ "supervisor", WORD_KEY(O_SUPERVISOR), "LOGIN", 0, "login of its first supervisor (default CODE.supervisor)", 0 },
	{ "hosted", WORD_KEY(O_HOSTED), NULL, 0, "has no officer of its own (then: amana organisation host)", 0 },
	{ "password", WORD_KEY(O_PASSWORD), NULL, 0, "no tickets: the officer chooses the password here, now", 0 },
	{ "request", WORD_KEY(O_REQUEST), "FILE", 0, "with --password: where the request for the root goes (default CODE.request)",
	  0 },
	{ "no-desk", WORD_KEY(O_NO_DESK), NULL, 0, "takes no reports", 0 },
	{ "programme", WORD_KEY(O_PROGRAMME), NULL, 0, "is the programme: has no desk, reads figures (one in an instance)", 0 },
	{ "me", WORD_KEY(O_ME), "LOGIN", 0, "with --programme: login of who reads figures (default CODE.me)", 0 },
	{ 0 },
};
static const struct words_form add_form = {
	"amana organisation add",
	add_options,
	"DIR",
	"Founds an organisation and prints two tickets: its security officer's and its first supervisor's.\vThe officer's first session "
	"makes the organisation's key and shows the request on the members' page; amana root sign signs it, amana organisation certify "
	"brings it back. The supervisor's first session makes the desk's keys. Then: amana organisation route.",
	1,
	1
};

static struct sv all_codes(struct arena *a, const struct code_list *l)
{
	struct buf all = buf_new(a, 512, 8192);

	for (size_t i = 0; l != NULL && i < l->n; i++)
		buf_format(&all, "%s%s", i == 0 ? "" : ", ", l->codes[i].code);
	return buf_view(&all);
}

static bool known_code(struct arena *a, const char *list, const char *what, struct sv code)
{
	const struct code_list *l = codes_of(list);
	struct sv all;

	if (l != NULL && code_find(l, code) != NULL)
		return true;
	all = all_codes(a, l);
	tell(2, "amana: organisation: there is no %s \"%.*s\"; there are: %.*s", what, (int)code.n, code.p, (int)all.n, all.p);
	return false;
}

/* It becomes the beginning of logins and the name of files. */
static bool short_name(struct sv code)
{
	bool sound = code.n >= 2 && code.n <= CODE_MOST;

	for (size_t i = 0; i < code.n; i++)
		sound = sound &&
			((code.p[i] >= 'a' && code.p[i] <= 'z') || (code.p[i] >= '0' && code.p[i] <= '9') || code.p[i] == '-');
	if (!sound)
		tell(2, "amana: organisation: \"%.*s\" is no short name: 2 to %d small letters, digits and -, such as dar-nour",
		     (int)code.n, code.p, CODE_MOST);
	return sound;
}

static bool code_free(struct attached *x, struct sv code)
{
	struct organisation taken;
	enum status s = organisation_find(&x->c, code, &taken);

	x->c.error = (struct error){ .status = OK };
	if (s == OK)
		tell(2, "amana: organisation: the name %.*s is taken (amana organisation list)", (int)code.n, code.p);
	return s != OK;
}

static bool entry_read(struct attached *x, const struct words *w, struct new_directory_entry *e)
{
	static const size_t needed[] = { O_CODE, O_FR, O_AR, O_EN, O_REGION };
	struct sv accepts = words_option(w, O_ACCEPTS), word;

	*e = (struct new_directory_entry){
		.id = id_new(),
		.code = words_option(w, O_CODE),
		.type = w->option[O_TYPE] == NULL ? SV("association") : words_option(w, O_TYPE),
		.region = words_option(w, O_REGION),
		.accepts = accepts,
		.phone = words_option(w, O_PHONE),
		.name = { [LANG_FR] = words_option(w, O_FR), [LANG_AR] = words_option(w, O_AR), [LANG_EN] = words_option(w, O_EN) },
		.desk = w->option[O_NO_DESK] == NULL && w->option[O_PROGRAMME] == NULL,
	};
	if (!words_given(&add_form, w, needed, sizeof(needed) / sizeof(needed[0])) || !short_name(e->code) ||
	    !known_code(x->arena, "organisation_types", "type", e->type) || !known_code(x->arena, "regions", "region", e->region))
		return false;
	while (accepts.n > 0 && sv_cut(&accepts, '|', &word))
		if (!known_code(x->arena, "accepted_profiles", "profile (joined by |)", word))
			return false;
	return code_free(x, e->code);
}

/* Asked before anything is made: one programme in an instance. */
static bool programme_free(struct attached *x, const struct words *w)
{
	struct id programme;
	bool ready;

	if (w->option[O_PROGRAMME] == NULL)
		return true;
	if (admin_statistics(&x->admin, &programme, &ready) == OK && id_is_zero(programme))
		return true;
	tell(2, "amana: organisation: there is a programme already, and one is all there can be (amana doctor says how it stands)");
	return false;
}

static enum status enrol(struct attached *x, const struct words *w, const struct new_directory_entry *e)
{
	TRY(admin_organisation(&x->admin, e->id, e->code));
	return w->option[O_PROGRAMME] == NULL ? OK : admin_programme(&x->admin, e->id);
}

static enum status found(struct attached *x, const struct words *w, const struct new_directory_entry *e, struct new_member *officer,
			 struct sv *request)
{
	TRY(enrol(x, w, e));
	TRY(member_admit(x, officer, LANG_FR));
	TRY(admin_identity_request(&x->admin, officer->login, officer->password, request));
	return organisation_add(&x->c, e); /* last: a refused password leaves no name behind */
}

/* The first member's login, as asked for or by the organisation's code. */
static struct sv first_login(struct attached *x, const struct words *w, size_t n, struct sv code, const char *post)
{
	return w->option[n] != NULL ? words_option(w, n) : arena_format(x->arena, "%.*s.%s", (int)code.n, code.p, post);
}

/* Both tickets, then the directory: a refused login leaves no name behind. */
static enum status found_by_tickets(struct attached *x, const struct words *w, const struct new_directory_entry *e)
{
	struct invited i = { .organisation = e->id, .language = LANG_FR };
	TRY(enrol(x, w, e));
	if (w->option[O_HOSTED] == NULL) {
		i.what = "officer";
		i.roles = OFFICER_ROLES;
		i.login = first_login(x, w, O_OFFICER, e->code, "officer");
		TRY(ticket_print(x, &i));
	}
	i.what = w->option[O_PROGRAMME] == NULL ? "supervisor" : "reader of figures";
	i.roles = w->option[O_PROGRAMME] == NULL ? ROLE_BIT(ROLE_SUPERVISOR) : ROLE_BIT(ROLE_ME);
	i.login = w->option[O_PROGRAMME] == NULL ? first_login(x, w, O_SUPERVISOR, e->code, "supervisor")
						 : first_login(x, w, O_ME, e->code, "me");
	TRY(ticket_print(x, &i));
	return organisation_add(&x->c, e);
}

static int login_unsound(void)
{
	tell(2,
	     "amana: organisation: a login is not sound: the code of the organisation and a dot, then small letters, digits, . - and _");
	return 1;
}

static int add_by_tickets(struct attached *x, const struct words *w)
{
	struct new_directory_entry e;
	enum status s;

	if (!entry_read(x, w, &e) || !programme_free(x, w))
		return 1;
	s = found_by_tickets(x, w, &e);
	if (s != OK)
		return s == E_INPUT ? login_unsound() : refused(x->admin.error.status != OK ? &x->admin : &x->c, s, "organisation");
	tell(1, "Hand each ticket to its person, not by e-mail. They are not shown again.");
	return 0;
}

static int add_organisation(struct attached *x, const struct words *w)
{
	struct new_directory_entry e;
	struct new_member officer = { .user = id_new(), .roles = OFFICER_ROLES };
	const char *file;
	struct sv request, print;
	enum status s;

	if (codes_load(&x->c, x->data) != OK)
		return tell_error(&x->c, "organisation");
	if (w->option[O_PASSWORD] == NULL)
		return add_by_tickets(x, w);
	if (!entry_read(x, w, &e) || !programme_free(x, w) || ask_twice(x->arena, &officer.password) != OK)
		return 1;
	officer.organisation = e.id;
	officer.login = w->option[O_OFFICER] != NULL ? words_option(w, O_OFFICER)
						     : arena_format(x->arena, "%.*s.officer", (int)e.code.n, e.code.p);
	s = found(x, w, &e, &officer, &request);
	if (s != OK)
		return refused(x->admin.error.status != OK ? &x->admin : &x->c, s, "organisation");
	file = w->option[O_REQUEST] != NULL ? w->option[O_REQUEST]
					    : arena_format(x->arena, "%.*s.request", (int)e.code.n, e.code.p).p;
	say_member(x->arena, &officer);
	if (fingerprint(x->arena, request, &print) == OK)
		tell(1, "The request is in %s. Its fingerprint, to be compared by voice before it is signed:\n%.*s", file,
		     (int)print.n, print.p);
	return keyfile_write(x->arena, file, 0644, "request of an organisation for the programme root", request) == OK ? 0 : 1;
}

static const struct argp_option certify_options[] = { { 0 } };
static const struct words_form certify_form = {
	"amana organisation certify",
	certify_options,
	"DIR CERTIFICATE [OFFICER]",
	"Takes an organisation's certificate from the root, and certifies its OFFICER when one is named.\vThe officer's password is asked "
	"for. An officer who came by a ticket certifies on the members' page.",
	2,
	3
};

static int certify_organisation(struct attached *x, const struct words *w)
{
	const bool officer_too = w->arg_count == 3;
	struct sv certificate, password, login = officer_too ? sv_of(w->arg[2]) : SV("");
	struct member_row officer;
	enum status s;

	if (keyfile_text(x->arena, w->arg[1], &certificate) != OK ||
	    (officer_too && ask_secret(x->arena, "Officer's password: ", &password) != OK))
		return 1;
	s = admin_identity_install(&x->admin, certificate);
	if (s == OK && officer_too)
		s = member_find(&x->c, login, &officer);
	if (s == OK && officer_too)
		s = admin_certify(&x->admin, login, password, officer.user);
	if (s == E_INPUT || s == E_CRYPTO) {
		tell(2, "amana: organisation: %s is not the certificate of an organisation here, signed by this programme's root",
		     w->arg[1]);
		return 1;
	}
	return s == OK ? 0 : refused(&x->admin, s, "organisation");
}

static const struct words_form route_form = {
	"amana organisation route",
	certify_options,
	"DIR REGION DESK [FALLBACK]",
	"Says which desk receives web reports of a REGION (a code of regions.csv, or default for reports without one).\vDESK "
	"and FALLBACK are codes of "
	"organisations; the fall-back also receives reports of danger. Warns when one of them cannot be written to yet: its "
	"supervisor must log in once, then its security officer.",
	3,
	4
};

/* A route to a desk that has no key yet is kept, but what comes there before is refused: said, for nothing else would say it. */
static enum status warn_unready(struct attached *x, const struct organisation *o)
{
	const char *says;

	TRY(desk_ready(x, o, &says));
	if (says != NULL)
		tell(2, "amana: organisation: warning: %s", says);
	return OK;
}

static int route_region(struct attached *x, const struct words *w)
{
	struct organisation desk, fallback = { .id = ID_ZERO };
	const struct code *region = NULL;

	if (codes_load(&x->c, x->data) != OK)
		return tell_error(&x->c, "organisation");
	if (strcmp(w->arg[1], "default") != 0 && !known_code(x->arena, "regions", "region", sv_of(w->arg[1])))
		return 1;
	region = code_find(codes_of("regions"), sv_of(w->arg[1]));
	if (organisation_find(&x->c, sv_of(w->arg[2]), &desk) != OK ||
	    (w->arg_count == 4 && organisation_find(&x->c, sv_of(w->arg[3]), &fallback) != OK))
		return tell_error(&x->c, "organisation");
	if (admin_route(&x->admin, region == NULL ? 0 : (uint8_t)region->number, desk.id, fallback.id) != OK)
		return tell_error(&x->admin, "organisation");
	if (warn_unready(x, &desk) != OK || (w->arg_count == 4 && warn_unready(x, &fallback) != OK))
		return tell_error(&x->admin, "organisation");
	return 0;
}

/* --- user ------------------------------------------------------------------------------------------------------------------- */

enum { U_ORGANISATION, U_LOGIN, U_ROLES, U_LANGUAGE, U_OFFICER };
static const struct argp_option user_options[] = {
	{ "organisation", WORD_KEY(U_ORGANISATION), "CODE", 0, "where the member works", 0 },
	{ "login", WORD_KEY(U_LOGIN), "LOGIN", 0, "CODE. and small letters, digits, . - _; no real name", 0 },
	{ "roles", WORD_KEY(U_ROLES), "ROLES", 0, "joined by commas; their names below", 0 },
	{ "language", WORD_KEY(U_LANGUAGE), "TAG", 0, "fr, ar or en (default fr)", 0 },
	{ "officer", WORD_KEY(U_OFFICER), "LOGIN", 0, "security officer who certifies", 0 },
	{ 0 },
};
static const struct words_form user_form = {
	"amana user add",
	user_options,
	"DIR",
	"Admits a member and has the organisation's officer certify him or her.\vIn a house where others hold keys already, one of them says "
	"first on the members' page that he knows the person; the officer then certifies there. The member's keys follow when somebody who "
	"holds them logs in next; the "
	"first supervisor makes them.\n\n"
	"Roles: operator, desk, case_manager, supervisor, health, shelter, guard, lawyer, child_protection, health_body, return_body, "
	"consulate, police, justice, labour_inspection, outreach, interpreter, coordinator, commission, me, trainer, finance, donor, "
	"org_admin, security_officer, dpo, system_operator. Nobody is officer or administrator and opens files as well.",
	1,
	1
};

bool roles_known(struct arena *a, struct sv names, uint32_t *roles)
{
	const struct code_list *l = codes_of("access_matrix");
	struct sv name = SV_NONE, all = all_codes(a, l);

	if (roles_read(names, roles))
		return true;
	while (sv_cut(&names, ',', &name) && l != NULL && code_find(l, name) != NULL)
		;
	tell(2, "amana: user: there is no role \"%.*s\"; there are: %.*s", (int)name.n, name.p, (int)all.n, all.p);
	return false;
}

bool language_known(struct sv tag, enum language *l)
{
	if (tag.n == 0 || language_parse(tag, l))
		return true;
	tell(2, "amana: user: there is no language \"%.*s\"; there are: fr, ar, en", (int)tag.n, tag.p);
	return false;
}

static int add_user(struct attached *x, const struct words *w)
{
	static const size_t needed[] = { U_ORGANISATION, U_LOGIN, U_ROLES, U_OFFICER };
	struct new_member m = { .user = id_new(), .login = words_option(w, U_LOGIN) };
	struct sv officer_password;
	struct organisation o;
	enum language l = LANG_FR;
	enum status s;

	if (codes_load(&x->c, x->data) != OK)
		return tell_error(&x->c, "user");
	if (!words_given(&user_form, w, needed, sizeof(needed) / sizeof(needed[0])))
		return 2;
	if (!roles_known(x->arena, words_option(w, U_ROLES), &m.roles) || !language_known(words_option(w, U_LANGUAGE), &l))
		return 1;
	if (organisation_find(&x->c, words_option(w, U_ORGANISATION), &o) != OK)
		return tell_error(&x->c, "user");
	if (ask_twice(x->arena, &m.password) != OK || ask_secret(x->arena, "Officer's password: ", &officer_password) != OK)
		return 1;
	m.organisation = o.id;
	s = member_admit(x, &m, l);
	if (s != OK)
		return refused(x->admin.error.status != OK ? &x->admin : &x->c, s, "user");
	s = admin_certify(&x->admin, words_option(w, U_OFFICER), officer_password, m.user);
	if (s != OK && s != E_STATE)
		return refused(&x->admin, s, "user");
	say_member(x->arena, &m);
	if (s == E_STATE)
		tell(1, "Admitted, not certified yet. " WAITS_FOR_COLLEAGUE);
	return 0;
}

/* --- commands --------------------------------------------------------------------------------------------------------------- */

int with_instance(const struct words_form *form, act_fn *act, int argc, char **argv)
{
	struct attached x;
	struct words w;
	int end = 1;

	words_parse(form, argc, argv, &w);
	if (attach(&x, w.arg[0], ATTACH_TABLES) == OK)
		end = act(&x, &w);
	detach(&x);
	return end;
}

static int add_command(int argc, char **argv)
{
	return with_instance(&add_form, add_organisation, argc, argv);
}

static int certify_command(int argc, char **argv)
{
	return with_instance(&certify_form, certify_organisation, argc, argv);
}

static int route_command(int argc, char **argv)
{
	return with_instance(&route_form, route_region, argc, argv);
}

static int user_add_command(int argc, char **argv)
{
	return with_instance(&user_form, add_user, argc, argv);
}

int organisation_command(int argc, char **argv)
{
	static const struct command acts[] = {
		{ "add", "found an organisation: tickets of its officer and supervisor", add_command },
		{ "certify", "take its certificate from the root", certify_command },
		{ "route", "say which desk receives the web reports of a region", route_command },
		{ "host", "who holds officer and second signer for it", organisation_host_command },
		{ "list", "codes, desks and names", organisation_list_command },
	};

	return run_act("organisation", acts, sizeof(acts) / sizeof(acts[0]), argc, argv);
}

int user_command(int argc, char **argv)
{
	static const struct command acts[] = {
		{ "add", "admit a member", user_add_command },
		{ "invite", "print a new member's ticket", user_invite_command },
		{ "roles", "give a member other roles", user_roles_command },
		{ "password", "a new password by the recovery code", user_password_command },
		{ "list", "logins and roles of an organisation", user_list_command },
		{ "freeze", "end a member's access, until unfreeze", user_freeze_command },
		{ "unfreeze", "let a member in again", user_unfreeze_command },
	};

	return run_act("user", acts, sizeof(acts) / sizeof(acts[0]), argc, argv);
}
