/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOL_PO_H
#define TOOL_PO_H

#include "common.h"

/* A PO file as the catalogue uses it: msgid is a key ("queue.title"), msgstr the text, msgid_plural repeats the key where a text has
 * one form per count. The header entry's Plural-Forms gives the number of forms and the rule. */
#define PO_FORMS_MAX 6

struct po_entry {
	const char *key;
	int line;
	bool fuzzy, plural;
	struct view form[PO_FORMS_MAX]; /* [0] alone when not plural */
	unsigned placeholders;          /* bit n: {n} stands in some form */
};

struct po {
	const char *file;
	struct po_entry *entries; /* sorted by key, without the header */
	size_t n;
	unsigned forms;
	const char *rule; /* C expression of n, checked to hold only numbers, n and operators */
};

/* Read one file. Errors are noted in the tool; the result holds what could be read. */
void po_parse(struct tool *t, const char *file, struct view bytes, struct po *out);
const struct po_entry *po_find(const struct po *p, const char *key);

#endif
