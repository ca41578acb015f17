/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef HTML_HTML_H
#define HTML_HTML_H

#include "base/buf.h"
#include "base/context.h"
#include "messages.h" /* made at build from language/: enum message, MSG_REPORT_SAVED */

/* What compiled templates call. A template (template/<subject>/<name>.html) becomes a struct with its variables and a function
 * render_<subject>_<name>(); tool/template.c says how. Every value is escaped by the position it stands in; there is no raw form. */

void html_text(struct buf *b, struct sv s);  /* element content and quoted attribute: & < > " ' */
void html_known(struct buf *b, struct sv s); /* the same for a text of ours that holds nothing of a person (buf_known) */
void html_url(struct buf *b, struct sv s);   /* one component of an address, percent-encoded, then as attribute */
void html_path(struct buf *b, struct sv s);  /* a path of ours in href/action: /… or #…, else "#" is written */
void html_number(struct buf *b, int64_t n);  /* digits 0-9 in every language */
/* A text of the catalogue. {0} {1} … are replaced by escaped arguments; numbers come as text. */
void html_message(struct buf *b, enum language l, enum message m, const struct sv *args, size_t n);
/* The same with the form for n; {0} is the first of args, by custom n itself. */
void html_plural(struct buf *b, enum language l, enum message m, int64_t n, const struct sv *args, size_t count);
#define DIGITS_SIZE 21
struct sv html_digits(char room[DIGITS_SIZE], int64_t n);             /* a number as an argument; points into room */
struct sv message_text(enum language l, enum message m);              /* as it stands in the catalogue, unescaped */
struct sv message_plural(enum language l, enum message m, int64_t n); /* the form for n by the language's rule */
/* Find a message by its key at run time: only for keys of code ("error.too_long"); an unknown or empty key gives MSG_ERROR_BUG. */
enum message message_find(const char *key);

#endif
