/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEB_PAGE_PAGE_H
#define WEB_PAGE_PAGE_H

#include "templates.h"
#include "web/web.h"

/* What the pages of people at work share: the head with its menu, fields with what was typed and what is wrong with it, addresses,
 * words. Everything lies in the arena. */

enum menu {
	MENU_NONE,
	MENU_QUEUE,
	MENU_CALL,
	MENU_SHIFT,
	MENU_LOCKS,
	MENU_TEAM,
	MENU_FIGURES,
	MENU_TODAY,
	MENU_FILES,
	MENU_DRAFTS,
	MENU_PEOPLE,
	MENU_SETTINGS
};
/* Head and foot for the logged-in member; names his organisation. wrong: the title says that something is to be corrected. */
struct tpl_shared_head *page_head(struct ctx *c, const struct request *r, enum message title, enum menu at);
const struct tpl_shared_foot *page_foot(struct ctx *c, const struct request *r);

bool page_begins_today(const struct ctx *c); /* is what is due, and not the queue, where the actor begins? */
struct sv page_queue_path(const struct ctx *c, const struct request *r); /* the queue: where he lands, or a page of its own */
struct sv page_path(const struct ctx *c, const struct request *r, const char *format, ...)
	__attribute__((format(printf, 3, 4)));          /* base in front */
struct sv page_id(const struct ctx *c, struct id id);   /* 32 hex */
struct sv page_mark(const struct ctx *c, struct id id); /* short name of a report for people: first 8 hex as 4-4 */
bool page_held(const struct ctx *c);                    /* gives nobody rights: came in by recovery code a moment ago */
struct sv page_time(const struct ctx *c, int64_t ms);   /* "2024-02-06 21:40", empty for 0 */
struct sv page_number(const struct ctx *c, int64_t n);
struct sv page_say(const struct ctx *c, enum message m);
/* A name or a date for a place in a sentence: in Arabic it keeps its own direction. */
struct sv page_apart(const struct ctx *c, struct sv words);
struct sv page_fill(const struct ctx *c, enum message m, const struct sv *args, size_t n); /* {0} {1} … replaced; not escaped */
struct sv page_put(const struct ctx *c, struct sv text, const struct sv *args, size_t n);  /* the same, of a text */
struct sv page_label(const struct ctx *c, const char *list, struct sv code);               /* label of a code, empty for none */
struct sv page_labels(const struct ctx *c, const char *list, struct sv codes);             /* of codes joined by | */

/* The clock of a report: "5 h 20 left", "Overdue by 40 min"; empty without one. */
struct sv page_clock(const struct ctx *c, int64_t due_at);

/* What is wrong with a field, in words; empty when it is right. */
struct sv page_wrong(const struct ctx *c, const char *field);
/* The summary above a form: one line a wrong field, with its label. NULL when nothing is wrong. */
struct page_name {
	const char *field;
	enum message label;
};
const struct tpl_shared_errors *page_errors(const struct ctx *c, const struct page_name *names, size_t n);

/* The form's key: the one it came with when it comes back (it did nothing yet, and its draft is known by it), else a new one. */
struct sv page_once(const struct ctx *c, const struct request *r);

/* Fields. The value shown is what was typed, when the form came back, else `now`. */
struct tpl_shared_field *field_line(const struct ctx *c, const struct request *r, const char *name, enum message label,
				    struct sv now);
struct tpl_shared_field *field_lines(const struct ctx *c, const struct request *r, const char *name, enum message label,
				     struct sv now);
/* One of a code list: as a list to open, or all in sight. */
struct tpl_shared_field *field_select(const struct ctx *c, const struct request *r, const char *name, enum message label,
				      const char *list, struct sv now);
struct tpl_shared_field *field_radios(const struct ctx *c, const struct request *r, const char *name, enum message label,
				      const char *list, struct sv now);
/* Several of a code list; now: joined by |. */
struct tpl_shared_field *field_checks(const struct ctx *c, const struct request *r, const char *name, enum message label,
				      const char *list, struct sv now);
struct tpl_shared_field *field_yes_no(const struct ctx *c, const struct request *r, const char *name, enum message label,
				      struct sv now);
/* Options of a field made by hand; ends when values[n] is taken. */
struct tpl_shared_field *field_options(const struct ctx *c, const struct request *r, const char *name, enum message label,
				       struct tpl_shared_field_option *options, size_t n, struct sv now);
bool codes_hold(struct sv codes, struct sv code); /* is `code` among codes joined by |? */

/* Who can open a part of a file or report, by name and why: where the words "read by" of its boxes lead. */
enum readers_of { READERS_FILE, READERS_REPORT };
struct sv readers_path(const struct ctx *c, const struct request *r, enum readers_of what, struct id dossier, enum class class);

#endif
