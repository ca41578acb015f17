/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOL_TEMPLATE_PLACE_H
#define TOOL_TEMPLATE_PLACE_H

#include "template.h"

/* Where in HTML the next byte stands: a small tokenizer that knows only what our own templates may hold and refuses the rest. */
enum place_state {
	PLACE_TEXT,
	PLACE_TAG_START, /* behind < */
	PLACE_TAG_NAME,
	PLACE_INSIDE, /* behind white space in a tag: an attribute may begin */
	PLACE_AFTER,  /* behind a name or value in a tag: white space, / or > must follow */
	PLACE_NAME,   /* in the name of an attribute */
	PLACE_EQUALS, /* behind = */
	PLACE_VALUE,  /* in a quoted value */
	PLACE_MARKUP  /* in a doctype */
};
enum url_state {
	URL_NONE,   /* not an address */
	URL_START,  /* nothing written yet */
	URL_SLASH,  /* one / */
	URL_SCHEME, /* in a word that must become tel: or https: */
	URL_OPEN,   /* parts may be filled in */
	URL_PATH,   /* a whole path variable stands there; ? # or & may follow */
	URL_FIXED   /* may not be filled in */
};
#define PLACE_NAME_MAX 24
struct place {
	enum place_state state;
	enum url_state url;
	char tag[PLACE_NAME_MAX], attribute[PLACE_NAME_MAX], scheme[PLACE_NAME_MAX];
	char quote;
	bool closing;    /* in </… */
	bool keep;       /* inside pre or textarea: white space stays */
	bool script;     /* inside <script src=…>: only its end may follow */
	bool has_source; /* the tag had src */
	bool breaks;     /* what was written last is a line end; not part of a comparison */
};

/* Walk over a literal; *out gets what is to be written (comments out, white space with a line end as one line end). False and *why on what
 * a template may not hold; *at is then the offset. */
bool place_literal(struct place *p, struct view literal, struct text *out, const char **why, size_t *at);
/* A tag {{…}} comes: ends a name. False where none may stand. */
bool place_tag(struct place *p, const char **why);
/* A value of this kind comes: how it is to be written. */
bool place_value(struct place *p, enum kind kind, enum position *out, const char **why);
bool place_asset(struct place *p, const char **why);
/* The place behind a section that may be left out or repeated; false when its two ways end in different places. */
bool place_join(struct place *p, const struct place *before);

#endif
