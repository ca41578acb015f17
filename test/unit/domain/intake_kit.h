/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TEST_DOMAIN_INTAKE_KIT_H
#define TEST_DOMAIN_INTAKE_KIT_H

#include <string.h>
#include "base/clock.h"
#include "domain/intake/intake.h"
#include "kit.h"

/* The road's people with their organisations in the directory, code lists loaded: everything domain needs to be called as web
 * calls it. */
struct intake_kit {
	struct kit road;
	struct ctx hotline, supervisor, officer; /* operator, supervisor and security officer of noor */
	struct arena_mark marks[8];
};
extern struct intake_kit kit;
int intake_setup(void **state); /* once a program: two organisations, real keeper, real store */
int intake_teardown(void **state);
/* Web and keeper end, and come back: all contexts anew. In between the files are anybody's. */
void intake_away(void);
void intake_back(void);
int intake_between(void **state); /* before each test: memory of the one before is given back, errors are forgotten */

/* A report by the public form with this text; its code. */
struct id came_by_web(const char *text, bool danger, struct public_receipt *receipt);
struct id typed_in(struct ctx *c, const char *text, const char *risk);
/* The report as this actor is shown it now. */
struct report_view shown(struct ctx *c, struct id report);
struct report_act act_on(struct ctx *c, struct id report); /* with the version shown now, no form key */
/* A context of the reporter who has the code. */
void mailbox_open(struct ctx *c, const char *code);
void has_input(const struct ctx *c, const char *field, const char *key);
#define FORGET(c) kit_clear(c)

#endif
