/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A PO file is read line by line: comment, keyword with a quoted text, or a quoted text that continues the last one. What the catalogue
 * does not use (msgctxt, obsolete entries) is an error or skipped, never guessed. */
#include "po.h"

#include <stdlib.h>
#include <string.h>

enum part { PART_NONE, PART_ID, PART_PLURAL, PART_FORM };

struct reading {
	struct tool *t;
	struct po *po;
	int line;
	enum part part;
	unsigned index;
	bool fuzzy, open;
	int opened; /* line of its msgid */
	struct text id, plural, form[PO_FORMS_MAX];
	unsigned form_seen; /* bit n: msgstr[n] stood there */
	size_t room;
};

static void clear(struct reading *r)
{
	r->id = (struct text){ .tool = r->t };
	r->plural = (struct text){ .tool = r->t };
	for (unsigned i = 0; i < PO_FORMS_MAX; i++)
		r->form[i] = (struct text){ .tool = r->t };
	r->form_seen = 0;
	r->part = PART_NONE;
	r->open = false;
}

static bool rule_is_plain(const char *rule)
{
	return *rule != 0 && strspn(rule, "n0123456789 ?:()%&|=<>!") == strlen(rule);
}

static void header(struct reading *r)
{
	const char *line = r->form[0].p != NULL ? strstr(r->form[0].p, "Plural-Forms:") : NULL;
	const char *count = line != NULL ? strstr(line, "nplurals=") : NULL;
	const char *rule = line != NULL ? strstr(line, "plural=") : NULL;
	size_t n;
	char *copy;

	if (count == NULL || rule == NULL) {
		tool_error(r->t, r->po->file, r->opened, "the header has no Plural-Forms");
		return;
	}
	r->po->forms = (unsigned)strtoul(count + 9, NULL, 10);
	rule += strlen("plural=");
	n = strcspn(rule, ";\n");
	copy = tool_copy(r->t, (struct view){ rule, n });
	if (r->po->forms < 1 || r->po->forms > PO_FORMS_MAX || !rule_is_plain(copy))
		tool_error(r->t, r->po->file, r->opened, "Plural-Forms is not a number of 1 to 6 forms and a rule of n");
	else
		r->po->rule = copy;
}

static unsigned placeholders(struct view text)
{
	unsigned mask = 0;

	for (size_t i = 0; i + 2 < text.n; i++)
		if (text.p[i] == '{' && text.p[i + 1] >= '0' && text.p[i + 1] <= '9' && text.p[i + 2] == '}')
			mask |= 1U << (text.p[i + 1] - '0');
	return mask;
}

static bool key_is_plain(const char *key)
{
	return key[0] >= 'a' && key[0] <= 'z' && strchr(key, '.') != NULL && strstr(key, "..") == NULL &&
	       strspn(key, "abcdefghijklmnopqrstuvwxyz0123456789._") == strlen(key) && key[strlen(key) - 1] != '.';
}

static void add(struct reading *r, const struct po_entry *e)
{
	struct po *po = r->po;

	if (po->n == r->room) {
		size_t room = r->room * 2 + 64;
		po->entries = tool_grow(r->t, po->entries, po->n * sizeof *e, room * sizeof *e);
		r->room = room;
	}
	po->entries[po->n++] = *e;
}

static void check_forms(struct reading *r, struct po_entry *e)
{
	unsigned wanted = e->plural ? r->po->forms : 1;

	for (unsigned i = 0; i < PO_FORMS_MAX; i++) {
		e->form[i] = (struct view){ r->form[i].p, r->form[i].n };
		e->placeholders |= placeholders(e->form[i]);
		if (i < wanted && e->form[i].n == 0)
			tool_error(r->t, r->po->file, e->line, "%s is not translated (form %u of %u)", e->key, i, wanted);
		else if (i >= wanted && (r->form_seen >> i & 1) != 0)
			tool_error(r->t, r->po->file, e->line, "%s has more forms than the %u it needs", e->key, wanted);
	}
	if (e->fuzzy)
		tool_error(r->t, r->po->file, e->line, "%s is marked fuzzy", e->key);
}

static void finish(struct reading *r)
{
	struct po_entry e = { .line = r->opened, .fuzzy = r->fuzzy };

	if (!r->open)
		return;
	r->fuzzy = false;
	if (r->id.n == 0) {
		header(r);
		clear(r);
		return;
	}
	e.key = r->id.p;
	e.plural = r->plural.n > 0;
	if (!key_is_plain(e.key) || strlen(e.key) != r->id.n)
		tool_error(r->t, r->po->file, e.line, "a key is lower case words with dots: %s", e.key);
	check_forms(r, &e);
	add(r, &e);
	clear(r);
}

/* A quoted text at p up to the end of the line, with its escapes undone. */
static void quoted(struct reading *r, struct view v, struct text *to)
{
	size_t i = 1;

	if (v.n < 2 || v.p[0] != '"' || v.p[v.n - 1] != '"') {
		tool_error(r->t, r->po->file, r->line, "a text in quotes is expected");
		return;
	}
	for (; i < v.n - 1; i++) {
		char c = v.p[i];
		if (c == '\\' && i + 1 < v.n - 1) {
			c = v.p[++i];
			c = c == 'n' ? '\n' : c == 't' ? '\t' : c;
		}
		text_put(to, &c, 1);
	}
}

static struct view trim(struct view v)
{
	while (v.n > 0 && strchr(" \t\r", v.p[0]) != NULL && v.p[0] != 0)
		v = (struct view){ v.p + 1, v.n - 1 };
	while (v.n > 0 && strchr(" \t\r", v.p[v.n - 1]) != NULL && v.p[v.n - 1] != 0)
		v.n--;
	return v;
}

static bool word(struct view *v, const char *w)
{
	size_t n = strlen(w);

	if (v->n <= n || memcmp(v->p, w, n) != 0 || (v->p[n] != ' ' && v->p[n] != '"'))
		return false;
	*v = trim((struct view){ v->p + n, v->n - n });
	return true;
}

static struct text *target(struct reading *r)
{
	switch (r->part) {
	case PART_ID:
		return &r->id;
	case PART_PLURAL:
		return &r->plural;
	case PART_FORM:
		return &r->form[r->index];
	case PART_NONE:
		break;
	}
	return NULL;
}

/* msgstr "…" or msgstr[2] "…" */
static bool form_word(struct reading *r, struct view *v)
{
	unsigned index = 0;

	if (v->n > 10 && memcmp(v->p, "msgstr[", 7) == 0 && v->p[7] >= '0' && v->p[7] < '0' + PO_FORMS_MAX && v->p[8] == ']') {
		index = (unsigned)(v->p[7] - '0');
		*v = trim((struct view){ v->p + 9, v->n - 9 });
	} else if (!word(v, "msgstr")) {
		return false;
	}
	r->index = index;
	r->form_seen |= 1U << index;
	return true;
}

static void one_line(struct reading *r, struct view v)
{
	struct text *to;

	v = trim(v);
	if (v.n == 0)
		return;
	if (v.p[0] == '#') {
		finish(r);
		if (v.n > 2 && v.p[1] == ',' && strstr(tool_copy(r->t, v), "fuzzy") != NULL)
			r->fuzzy = true;
		return;
	}
	if (word(&v, "msgid_plural")) {
		r->part = PART_PLURAL;
	} else if (word(&v, "msgid")) {
		finish(r);
		r->open = true;
		r->opened = r->line;
		r->part = PART_ID;
	} else if (form_word(r, &v)) {
		r->part = PART_FORM;
	} else if (v.p[0] != '"') {
		tool_error(r->t, r->po->file, r->line, "not a line of a catalogue (msgid, msgid_plural, msgstr)");
		return;
	}
	to = target(r);
	if (to == NULL || !r->open)
		tool_error(r->t, r->po->file, r->line, "a text without its msgid");
	else
		quoted(r, v, to);
}

static int by_key(const void *a, const void *b)
{
	return strcmp(((const struct po_entry *)a)->key, ((const struct po_entry *)b)->key);
}

void po_parse(struct tool *t, const char *file, struct view bytes, struct po *out)
{
	struct reading r = { .t = t, .po = out };
	size_t from = 0;

	*out = (struct po){ .file = file, .forms = 1 };
	clear(&r);
	for (size_t i = 0; i <= bytes.n; i++) {
		if (i < bytes.n && bytes.p[i] != '\n')
			continue;
		r.line++;
		one_line(&r, (struct view){ bytes.p + from, i - from });
		from = i + 1;
	}
	finish(&r);
	if (out->rule == NULL)
		tool_error(t, file, 1, "no header with Plural-Forms");
	if (out->n > 1)
		qsort(out->entries, out->n, sizeof *out->entries, by_key);
	for (size_t i = 1; i < out->n; i++)
		if (strcmp(out->entries[i - 1].key, out->entries[i].key) == 0)
			tool_error(t, file, out->entries[i].line, "%s stands twice", out->entries[i].key);
}

const struct po_entry *po_find(const struct po *p, const char *key)
{
	struct po_entry wanted = { .key = key };

	return p->n == 0 ? NULL : bsearch(&wanted, p->entries, p->n, sizeof *p->entries, by_key);
}
