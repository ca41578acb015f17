/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef KEEPER_PEOPLE_H
#define KEEPER_PEOPLE_H

#include "base/context.h"

/* How people come, come back, change and go; part of client.h. An organisation's officer and administrator may work in another
 * organisation that hosts it. Acts that give rights or end them for good want a session that stepped up within five minutes. */

/* --- coming ---------------------------------------------------------------------------------------------------------------- */
#define JOIN_TICKET 16
struct join_ticket {
	uint8_t b[JOIN_TICKET];
};
struct sv join_ticket_text(struct arena *a, const struct join_ticket *t); /* groups of five with a check symbol, for paper */
bool join_ticket_read(struct arena *a, struct sv typed, struct join_ticket *out);

enum invitation_state { INVITATION_OVER = 0, INVITATION_OPEN = 1, INVITATION_BEGUN = 2, INVITATION_USED = 3, INVITATION_ENDED = 4 };
struct invitation {
	struct id id, organisation;
	char by[64]; /* login of who invites; empty = the machine's operator, at a founding */
	uint32_t roles;
	enum invitation_state state;
	enum language language;
	int64_t until;
	char login[64];
};
/* By an administrator. E_INPUT: login or roles not sound, or the login does not begin with the organisation's code and a dot; E_CONFLICT: the login is taken. in: organisation, login, roles, language. */
enum status keeper_invite(struct ctx *c, struct invitation *i, struct join_ticket *out) MUST_CHECK;
enum status keeper_invite_end(struct ctx *c, struct id invitation) MUST_CHECK;
/* What a ticket says. E_NOTFOUND: none of ours. */
enum status keeper_join_look(struct ctx *c, const struct join_ticket *t, struct invitation *out) MUST_CHECK;
/* The password is chosen: a session that can do nothing but the two calls below (30 minutes), and the recovery code, once. E_INPUT weak;
 * E_STATE the ticket is used or over; E_CONFLICT the login was taken meanwhile; E_BUSY. */
enum status keeper_join(struct ctx *c, const struct join_ticket *t, struct sv password, struct token *half,
			char recovery[32]) MUST_CHECK;
#define FACTOR_SHEET_CODES 40
struct factors {
	uint8_t totp[20];
	char sheet[FACTOR_SHEET_CODES][9];
	char login[64];
};
enum status keeper_join_factors(struct ctx *c, const struct token *half, struct factors *out) MUST_CHECK;
struct joined {
	struct id user, organisation;
	uint32_t roles;
	enum language language;
	char fingerprint[40]; /* eight groups of four */
};
/* The recovery code typed back and a factor. E_INPUT: the code is not the one given; E_DENIED, E_STATE: the factor (drift). */
enum status keeper_join_prove(struct ctx *c, const struct token *half, struct sv recovery, uint8_t factor, struct sv code,
			      struct joined *out) MUST_CHECK;

/* --- the list and its acts --------------------------------------------------------------------------------------------------- */
enum colleague_state { COLLEAGUE_ACTIVE = 1, COLLEAGUE_FROZEN = 2, COLLEAGUE_LEFT = 4 };
struct colleague {
	struct id user, organisation;
	uint32_t roles, proposed; /* proposed: asked for by an administrator, 0 = nothing */
	enum colleague_state state;
	bool certified, holds_keys;
	bool word_needed;  /* to be certified takes the word of a third colleague (doc/adr/0018) */
	bool word_asked;   /* of the actor */
	struct id word_by; /* has given it; zeros = nobody yet */
	struct id thaw_by; /* has agreed to the end of the freeze; zeros = nobody yet */
	int64_t recovered; /* came in by recovery code then, and the officer has not seen it; 0 = no */
	int64_t unknown;   /* a colleague said then that he does not know the person, and the officer has not seen it; 0 = no */
	struct id unknown_by;
	char login[64], fingerprint[40];
};
struct people {
	bool admin, officer; /* what the actor is to this organisation */
	bool stepped_up, founded;
	struct colleague *colleagues;
	size_t colleague_count;
	struct invitation *invitations; /* open ones, for administrators and officers */
	size_t invitation_count;
};
/* Of the actor's organisation or one it serves. E_DENIED. */
enum status keeper_people(struct ctx *c, struct id organisation, struct people *out) MUST_CHECK;
struct agreement {
	struct id organisation, host;
	uint32_t roles; /* which the host's members hold for the organisation */
	bool signs;     /* second signatures too */
};
enum status keeper_hosts(struct ctx *c, struct id organisation, struct agreement **out, size_t *n) MUST_CHECK;
/* What the programme's root has to sign for the organisation, in groups, and what both sides read to each other. E_NOTFOUND: nothing
 * waits, or not in this officer's hands. */
enum status keeper_identity(struct ctx *c, struct id organisation, struct sv *request, char fingerprint[40]) MUST_CHECK;

enum colleague_act {
	/* officer, stepped up: as admitted, or with the proposed roles; amount = the roles he read (0: not compared). E_STATE: others meanwhile,
	 * the root has not signed yet, or a colleague's word is missing */
	COLLEAGUE_CERTIFY = 1,
	COLLEAGUE_PROPOSE, /* administrator: amount = roles; those of now = the proposal goes */
	COLLEAGUE_END,     /* officer, stepped up: for ever */
	COLLEAGUE_FREEZE,  /* any colleague */
	COLLEAGUE_THAW,    /* two people, one of them an officer: the first asks, the second does it */
	COLLEAGUE_SEEN, /* officer: the news was read; amount = 0 of a recovery code, 1 of a colleague who does not know the person */
	COLLEAGUE_VOUCH, /* a colleague who is asked, stepped up: knows the person who is to have these roles; amount = roles */
	COLLEAGUE_DOUBT  /* a colleague who is asked: does not know him */
};
/* For a day after somebody came in by recovery code he gives nobody rights: E_STATE of certifying, proposing, vouching, unfreezing, inviting
 * (actor.held_until). */
/* E_DENIED not this actor's to do, E_STATE not as things stand, E_CONFLICT done already. */
enum status keeper_colleague_act(struct ctx *c, enum colleague_act what, struct id user, uint32_t amount) MUST_CHECK;

/* Real names, sealed to the organisation: whoever holds a key of it reads them (not who only administers), nobody else. Each member
 * writes his own; an empty one takes it back. E_STATE: the organisation has no keys yet. */
#define MEMBER_NAME_MAX 200u
#define MEMBER_NAMES_MAX 1000u
struct member_name {
	struct id user;
	struct sv name;
};
enum status keeper_name_set(struct ctx *c, struct sv name) MUST_CHECK;
enum status keeper_names(struct ctx *c, struct member_name **out, size_t *n) MUST_CHECK; /* of the actor's organisation */

/* --- secrets of one's own ------------------------------------------------------------------------------------------------------ */
/* The second factor again: a new token in place of the actor's (who->token stays as it was). E_DENIED, E_STATE as keeper_second. */
enum status keeper_step_up(struct ctx *c, uint8_t factor, struct sv code, struct token *fresh) MUST_CHECK;
enum status keeper_new_password(struct ctx *c, struct sv password) MUST_CHECK; /* stepped up; E_INPUT weak, E_BUSY */
enum status keeper_new_recovery(struct ctx *c, char recovery[32]) MUST_CHECK;  /* stepped up; the old one is dead */
/* Has what was typed the form of a recovery code, its check symbol included? */
bool recovery_sound(struct sv typed);
/* Without the password. E_DENIED: name, code or factor wrong, nobody learns which; E_STATE the factor by drift; E_INPUT weak password. */
struct recovery_try {
	struct sv login, recovery, code, password;
	uint8_t factor;
};
enum status keeper_recover(struct ctx *c, const struct recovery_try *t, char recovery[32]) MUST_CHECK;

#endif
