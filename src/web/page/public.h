/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEB_PAGE_PUBLIC_H
#define WEB_PAGE_PUBLIC_H

#include "web/page/page.h"

/* The public pages. One address a language; every step posts to it and carries the earlier answers (sealed design 7, interface design 5
 * P1-P3). public.c decides what comes next, public_form.c draws the form's pages, public_mailbox.c code, mailbox and files. */

#define TELL_MAX 4000
#define REPLY_MAX 4000

/* The steps in their order; names are the values of the field "step". */
enum step {
	STEP_START,
	STEP_WHERE,
	STEP_WHAT,
	STEP_DANGER,
	STEP_NUMBER,
	STEP_TELL,
	STEP_CONTACT,
	STEP_HOW,
	STEP_RELATION,
	STEP_EXCLUDE,
	STEP_CHECK,
	STEP_CODE,
	STEP_FILE,
	STEP_MAILBOX,
	STEP_COUNT
};
extern const char *const step_names[STEP_COUNT];

struct public_in {
	struct sv step, go, then;
	struct sv who, region, what, danger, tell, contact, channel, address, hours, word, relation, exclude;
	struct sv region_was, danger_was, contact_was, relation_was; /* the answer so far, on the page that asks it again */
	bool message_ok;
	struct sv code, reply;
	struct upload file;
	struct key16 once;
};

/* Drawing. wrong: c->inputs tells what; those of the step are shown beside their field. */
enum status public_start(struct ctx *c, const struct request *r, struct response *out) MUST_CHECK;
enum status public_step(struct ctx *c, const struct request *r, const struct public_in *in, enum step at,
			struct response *out) MUST_CHECK;
enum status public_wait(struct ctx *c, const struct request *r, const struct public_in *in, int64_t seconds,
			struct response *out) MUST_CHECK;

/* code: 20 digits. */
enum status public_code(struct ctx *c, const struct request *r, const char *code, bool danger, struct response *out) MUST_CHECK;
/* The page that asks for a code; wrong: what was wrong with the last one. reply: typed under a session that ended. */
enum status public_entry(struct ctx *c, const struct request *r, struct sv wrong, struct sv reply, struct response *out) MUST_CHECK;
enum status public_open(struct ctx *c, const struct request *r, const struct public_in *in,
			struct response *out) MUST_CHECK; /* a code was typed */
enum status public_mail(struct ctx *c, const struct request *r, const struct public_in *in,
			struct response *out) MUST_CHECK; /* from the mailbox */

struct tpl_shared_public_head *public_head(const struct ctx *c, bool start, bool wrong);
const struct tpl_shared_public_foot *public_foot(const struct ctx *c, const struct request *r, bool in_form);
const struct tpl_shared_numbers *public_numbers(const struct ctx *c); /* data/codes/emergency_numbers.csv; NULL when empty */
struct sv public_tiles(const struct ctx *c, struct sv what);          /* what the chosen pictures say, joined */
struct sv public_self(const struct ctx *c);                           /* "/fr" */

#endif
