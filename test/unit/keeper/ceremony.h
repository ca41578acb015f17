/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TEST_KEEPER_CEREMONY_H
#define TEST_KEEPER_CEREMONY_H

#include "keeper/admin.h"

/* A real instance in a temporary folder, a real amana-keeper on it, and organisations founded by the real ceremonies: root, identity,
 * certificates, compartments. Path of the keeper: AMANA_KEEPER in the environment (meson sets it). Every failure ends the test
 * program with a line on stderr. Link ceremony.c (ceremony_dep). */
enum person { OPERATOR, DESK, CASE_MANAGER, SUPERVISOR, OFFICER, PERSON_COUNT };

struct test_person {
	struct id user;
	char login[32];
	char recovery[32];
	uint8_t totp[20];
	char sheet[SHEET_CODES][SHEET_DIGITS + 1];
	struct token token; /* of a session of the instance's present keeper */
	struct actor actor; /* as keeper_session tells it; point ctx.who here */
};
struct test_house {
	struct id id;
	struct test_person people[PERSON_COUNT];
};
struct test_instance {
	char dir[256]; /* DIR; main, keeper and run below */
	uint8_t root_seed[32];
	int pid; /* of the keeper; 0 = not running */
	struct arena *arena;
	struct ctx ctx;   /* on the web socket, nobody logged in */
	struct ctx admin; /* on the admin socket */
};
#define TEST_PASSWORD "a long enough pass phrase"

void instance_make(struct test_instance *t);          /* init(demo) and start */
void instance_start(struct test_instance *t);         /* start amana-keeper and connect both */
int instance_start_fails(struct test_instance *t);    /* start, expect it to end by itself: its exit status */
void instance_stop(struct test_instance *t, int sig); /* SIGTERM or SIGKILL, wait */
/* Stop the keeper, let this time go by (its minute's work is done in this process), leave it stopped. */
void instance_later(struct test_instance *t, int64_t ms);
void instance_end(struct test_instance *t);                                        /* stop and remove the folder */
void house_found(struct test_instance *t, struct test_house *h, const char *name); /* members "name.desk" …, not logged in */
void route_all(struct test_instance *t, struct id desk, struct id fallback);
void person_login(struct test_instance *t, struct test_person *p); /* password and FACTOR_DEMO */
void house_login(struct test_instance *t, struct test_house *h);
/* A colleague who holds keys gives his word for somebody who is to have these roles, in a session of his own that ends. */
void person_vouch(struct test_instance *t, const struct test_person *by, struct id user, uint32_t roles);
/* The programme: an organisation of an officer and one who reads figures. Not logged in; events can be sealed to it. */
struct test_programme {
	struct id id;
	struct test_person officer, me;
};
void programme_found(struct test_instance *t, struct test_programme *p);
/* A context of its own connection for an actor; close with ctx_close. */
void ctx_for(struct test_instance *t, struct ctx *c, const struct actor *who);
void ctx_close(struct ctx *c);

/* --- sets ------------------------------------------------------------------------------------------------------------- */
/* One record of one part, sealed and settled; what a main database would hold is kept here. */
struct stored_part {
	struct sealed_part part;
	struct held_key keys[8];
	size_t key_count;
	uint64_t first_seq;
};
/* A public report with one REPORT part of the text; out->part opens with the desk's key. Not settled when settle is false. */
enum status report_send(struct test_instance *t, struct ctx *c, struct public_report *p, struct id dossier, const char *text,
			struct stored_part *out, bool settle);
/* A further part in a dossier under a fresh key (message, answer) by the ctx's actor. */
enum status message_add(struct ctx *c, struct id dossier, enum class class, const char *text, struct stored_part *out);
/* Open with the first of the keys the actor can use; the part's own status. */
enum status part_open(struct ctx *c, enum open_how how, const struct stored_part *s, struct sv *plain);

#endif
