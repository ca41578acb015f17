/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DOMAIN_ACCESS_ACCESS_H
#define DOMAIN_ACCESS_ACCESS_H

#include "base/context.h"

/* Organisations and the people who work there: the directory, clear. Rights are the keeper's; the copies here are for lists and
 * choices only. All results lie in c->arena; names are in c->language. */

struct organisation {
	struct id id;
	struct sv code;    /* "dar-tadamoun": first half of its people's logins */
	struct sv name;    /* in c->language */
	struct sv type;    /* organisation_types */
	struct sv region;  /* regions; its seat */
	struct sv accepts; /* accepted_profiles, joined by | */
	struct sv phone;   /* public number of the desk; may be none */
	bool desk;         /* takes reports */
};
enum status organisation_list(struct ctx *c, struct organisation **out, size_t *n) MUST_CHECK;   /* by name */
enum status organisation_load(struct ctx *c, struct id id, struct organisation *out) MUST_CHECK; /* E_NOTFOUND */

struct member_row {
	struct id user, organisation;
	struct sv login;
	uint32_t roles;
	enum language language;
	bool active;
};
/* Of one organisation (ID_ZERO: the actor's own), by login. */
enum status member_list(struct ctx *c, struct id organisation, struct member_row **out, size_t *n) MUST_CHECK;
enum status member_load(struct ctx *c, struct id user, struct member_row *out) MUST_CHECK;  /* E_NOTFOUND */
enum status member_find(struct ctx *c, struct sv login, struct member_row *out) MUST_CHECK; /* E_NOTFOUND */
/* The login behind a user id, for "by whom"; an empty text for a user not known here (a reporter, an import). Never fails. */
struct sv member_login(struct ctx *c, struct id user);
/* Real names of the own organisation's people, where the actor may read them (the keeper decides; each asking is journalled): once a page. A
 * name that is not known, or of another organisation, is empty. Never fails. */
struct member_name;
struct real_names {
	struct member_name *items;
	size_t n;
};
void real_names_load(struct ctx *c, struct real_names *out);
struct sv real_name_of(const struct real_names *all, struct id user);
/* "Amina Berrada (dar.desk)", or the login alone; for somebody unknown an empty text. */
struct sv real_name_signed(struct ctx *c, const struct real_names *all, struct id user);
#define NAME_SIGNS 60
/* The actor's own; empty takes it back. E_INPUT under "name"; E_STATE: the organisation has no keys yet. */
enum status name_set(struct ctx *c, struct sv name) MUST_CHECK;
enum status member_set_language(struct ctx *c, enum language l) MUST_CHECK; /* the actor's own */

/* How the actor wants the screen (U3). For somebody who is not in the directory: as nobody has chosen anything. */
enum theme { THEME_AUTO, THEME_LIGHT, THEME_DARK };
struct member_settings {
	uint32_t text_size; /* 14, 16, 18, 20 */
	enum theme theme;
	bool keys;   /* shortcut keys */
	bool shared; /* a desk several people use: locks after 10 minutes */
};
enum status settings_load(struct ctx *c, struct member_settings *out) MUST_CHECK;
enum status settings_save(struct ctx *c, const struct member_settings *m) MUST_CHECK; /* E_INPUT */
/* What a new session has to know of them: the keeper ends one at a shared desk sooner. */
enum status settings_begin(struct ctx *c) MUST_CHECK;
/* Bring the directory's copy of a member up to what the keeper says. */
enum status member_copy(struct ctx *c, const struct member_row *m) MUST_CHECK;
/* Who may give the second signature for an organisation: its own members who may sign facts, but for one; where it has none, those of
 * the organisations that sign for it by agreement. By login; *n 0 = nobody. */
enum status second_signers(struct ctx *c, struct id organisation, struct id exclude_user, struct member_row **out,
			   size_t *n) MUST_CHECK;

/* --- ceremonies of the command line (no web route leads here) --------------------------------------------------------------- */
struct new_directory_entry {
	struct id id;
	struct sv code, type, region, accepts, phone;
	struct sv name[LANGUAGE_COUNT];
	bool desk;
};
enum status organisation_add(struct ctx *c, const struct new_directory_entry *e) MUST_CHECK;       /* E_CONFLICT: code taken */
enum status member_add(struct ctx *c, const struct member_row *m) MUST_CHECK;                      /* E_CONFLICT: login taken */
enum status organisation_find(struct ctx *c, struct sv code, struct organisation *out) MUST_CHECK; /* E_NOTFOUND */

#endif
