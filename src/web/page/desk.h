/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEB_PAGE_DESK_H
#define WEB_PAGE_DESK_H

#include "domain/intake/intake.h"
#include "web/page/page.h"

/* Pages of the intake desk (interface design I1, I2): queue.c the list, desk.c one report, desk_form.c the pages that ask before an act, desk_act.c the
 * acts. What a member may not do has no address on his page: its path is empty. */

/* One struct for all acts; each route takes the fields its own table names. */
struct desk_in {
	uint32_t version;
	struct key16 once;
	struct sv risk;
	bool danger_now;
	struct id user, organisation;
	struct sv note, wait_reason, review_at, answer, shown_state, text, why, closure;
};

/* The report's page. code: a code just made, shown this once, or NULL. warning: MSG_NONE or what did not work. */
enum status desk_report(struct ctx *c, const struct request *r, struct id report, const char *code, enum message warning,
			struct response *out) MUST_CHECK;

/* The pages before an act; after wrong input they show what was typed. Called by GET and by the act. */
enum status desk_assign_form(struct ctx *c, const struct request *r, struct response *out) MUST_CHECK;
enum status desk_redirect_form(struct ctx *c, const struct request *r, struct response *out) MUST_CHECK;
enum status desk_wait_form(struct ctx *c, const struct request *r, struct response *out) MUST_CHECK;
enum status desk_close_form(struct ctx *c, const struct request *r, struct response *out) MUST_CHECK;
enum status desk_edit_form(struct ctx *c, const struct request *r, struct response *out) MUST_CHECK;
/* Both versions: how the report stands now and what this act was about to write. act: last part of its address; own: its fields, joined
 * by |, or NULL for a form of its own. What else was typed rides along, whichever version is kept. */
enum status desk_stale(struct ctx *c, const struct request *r, const char *act, const char *own, struct response *out) MUST_CHECK;
/* Is anything typed in a box of the report's page that this request did not send? */
bool desk_words_left(const struct ctx *c, const struct request *r);

/* The summary of what is wrong; own: what this page calls its fields where it is not the usual name. */
const struct tpl_shared_errors *desk_errors(const struct ctx *c, const struct page_name *own, size_t own_n);
/* What was sent with this form's key is no draft any more. Called when an act is done. */
void desk_sent(struct ctx *c, const struct request *r);

struct sv desk_clock(const struct ctx *c, const struct report_head *h); /* "due now" where the minutes are not known */
struct sv desk_readers(const struct ctx *c, const struct request *r, struct id report, enum audience a); /* of its boxes, by name */
struct sv desk_state(const struct ctx *c, const struct report_head *h);                                  /* label */
struct sv desk_risk(const struct report_head *h);                                     /* code; "unknown" before the first look */
struct tpl_shared_field *desk_closures(const struct ctx *c, const struct request *r); /* reasons that apply to reports */
/* Who the report is about: options of the field, and what a value says. */
struct tpl_shared_field *desk_about(const struct ctx *c, const struct request *r, struct sv now);
struct sv desk_about_text(const struct ctx *c, struct sv value);
extern const struct page_name desk_names[];
extern const size_t desk_names_n;

#endif
