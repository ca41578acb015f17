/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cuts a template into literals and tags and builds the tree of its sections. A line that holds nothing but a section tag, an include or
 * a comment disappears with its line end, so templates can be laid out freely. */
#include "template.h"

#include <string.h>

#define DEPTH_MAX 32

struct reading {
	struct set *s;
	struct template *m;
	struct view source;
	size_t at;
	int line;
	struct node **tail[DEPTH_MAX]; /* where the next node of each open section goes */
	struct node *open[DEPTH_MAX];
	size_t depth;
	bool vars;
};

static void fail(struct reading *r, const char *message)
{
	tool_error(r->s->t, r->m->file, r->line, "%s", message);
}

static struct node *node_add(struct reading *r, enum node_kind kind)
{
	struct node *n = tool_memory(r->s->t, sizeof *n);

	n->kind = kind;
	n->line = r->line;
	*r->tail[r->depth] = n;
	r->tail[r->depth] = &n->next;
	return n;
}

static void literal(struct reading *r, size_t from, size_t to)
{
	if (to > from)
		node_add(r, NODE_LITERAL)->literal = (struct view){ r->source.p + from, to - from };
	for (size_t i = from; i < to; i++)
		if (r->source.p[i] == '\n')
			r->line++;
}

static bool blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* When the tag from..to stands alone on its line: widen it over the blanks before it and the line end behind it. */
static void widen(const struct reading *r, size_t *from, size_t *to)
{
	size_t a = *from, b = *to;

	while (a > 0 && blank(r->source.p[a - 1]))
		a--;
	while (b < r->source.n && blank(r->source.p[b]))
		b++;
	if ((a == 0 || r->source.p[a - 1] == '\n') && (b == r->source.n || r->source.p[b] == '\n')) {
		*from = a > r->at ? a : r->at;
		*to = b < r->source.n ? b + 1 : b;
		while (*to < r->source.n && blank(r->source.p[*to]))
			(*to)++; /* the indent of the next line */
	}
}

static void args(struct reading *r, struct node *n, char **word, size_t count)
{
	n->args = tool_memory(r->s->t, (count + 1) * sizeof *n->args);
	n->arg_count = count;
	for (size_t i = 0; i < count; i++)
		n->args[i].name = word[i];
}

static void section_open(struct reading *r, enum node_kind kind, char **word, size_t n)
{
	struct node *s;

	if (n != 1) {
		fail(r, "a section names one variable");
		return;
	}
	if (r->depth + 1 == DEPTH_MAX) {
		fail(r, "sections stand too deep in each other");
		return;
	}
	s = node_add(r, kind);
	s->value.name = word[0];
	r->depth++;
	r->open[r->depth] = s;
	r->tail[r->depth] = &s->inner;
}

static void section_close(struct reading *r, char **word, size_t n)
{
	if (r->depth == 0 || n != 1) {
		fail(r, "a section is closed that is not open");
		return;
	}
	if (strcmp(r->open[r->depth]->value.name, word[0]) != 0)
		tool_error(r->s->t, r->m->file, r->line, "{{/%s}} closes {{#%s}} of line %d", word[0],
			   r->open[r->depth]->value.name, r->open[r->depth]->line);
	r->depth--;
}

static void include(struct reading *r, char **word, size_t n)
{
	struct node *i;

	if (n != 1 && n != 2) {
		fail(r, "an include is {{> subject/name variable}}");
		return;
	}
	i = node_add(r, NODE_INCLUDE);
	i->word = word[0];
	i->value.name = n == 2 ? word[1] : NULL;
}

/* {{name}}, {{name args}}, {{t key args}}, {{tn key count args}}, {{asset file}} */
static void value(struct reading *r, char **word, size_t n)
{
	struct node *v;

	if (n == 0) {
		fail(r, "an empty tag");
	} else if (n >= 2 && (strcmp(word[0], "t") == 0 || strcmp(word[0], "tn") == 0)) {
		v = node_add(r, word[0][1] == 'n' ? NODE_PLURAL : NODE_MESSAGE);
		v->word = word[1];
		args(r, v, word + 2, n - 2);
	} else if (n == 2 && strcmp(word[0], "asset") == 0) {
		node_add(r, NODE_ASSET)->word = word[1];
	} else {
		v = node_add(r, NODE_VALUE);
		v->value.name = word[0];
		args(r, v, word + 1, n - 1);
	}
}

static bool is_vars(struct view tag)
{
	const char *w = "vars";
	size_t i = 1;

	while (i < tag.n && blank(tag.p[i]))
		i++;
	if (tag.n - i < 4 || memcmp(tag.p + i, w, 4) != 0)
		return false;
	for (i += 4; i < tag.n; i++)
		if (!blank(tag.p[i]))
			return false;
	return true;
}

static bool find(const struct reading *r, size_t from, const char *what, size_t *at)
{
	const char *p = from <= r->source.n ? memmem(r->source.p + from, r->source.n - from, what, strlen(what)) : NULL;

	if (p == NULL)
		return false;
	*at = (size_t)(p - r->source.p);
	return true;
}

/* The block of variables begins at `from`; gives the end of its closing tag. */
static size_t vars(struct reading *r, size_t from)
{
	size_t close = from, end;

	for (; find(r, close, "{{/", &close); close += 3) {
		if (!find(r, close, "}}", &end))
			break;
		if (!is_vars((struct view){ r->source.p + close + 2, end - close - 2 }))
			continue;
		if (r->vars || r->depth > 0)
			fail(r, "the variables stand once, outside of sections");
		else
			template_vars(r->s, r->m, (struct view){ r->source.p + from, close - from }, r->line);
		r->vars = true;
		return end + 2;
	}
	fail(r, "{{# vars }} is not closed with {{/ vars }}");
	return r->source.n;
}

static void tag(struct reading *r, struct view t)
{
	char *word[8];
	size_t skip = t.n > 0 && strchr("#^?/>", t.p[0]) != NULL && t.p[0] != 0 ? 1 : 0;
	size_t n = view_words(r->s->t, (struct view){ t.p + skip, t.n - skip }, word, 8);

	if (n > 8) {
		fail(r, "a tag has too many words");
		return;
	}
	switch (skip == 1 ? t.p[0] : 0) {
	case '#':
		section_open(r, NODE_EACH, word, n);
		break;
	case '?':
		section_open(r, NODE_IF, word, n);
		break;
	case '^':
		section_open(r, NODE_UNLESS, word, n);
		break;
	case '/':
		section_close(r, word, n);
		break;
	case '>':
		include(r, word, n);
		break;
	default:
		value(r, word, n);
	}
}

/* One literal and the tag behind it. */
static void step(struct reading *r, size_t open, size_t close)
{
	struct view t = { r->source.p + open + 2, close - open - 2 };
	size_t from = open, to = close + 2;
	bool block = t.n > 0 && strchr("#^?/>!", t.p[0]) != NULL && t.p[0] != 0;

	if (t.n > 0 && t.p[0] == '#' && is_vars(t)) {
		widen(r, &from, &to);
		literal(r, r->at, from);
		to = vars(r, close + 2);
	} else {
		if (block)
			widen(r, &from, &to);
		literal(r, r->at, from);
		if (t.n == 0 || t.p[0] != '!')
			tag(r, t);
	}
	for (size_t i = from > r->at ? from : r->at; i < to; i++)
		if (r->source.p[i] == '\n')
			r->line++;
	r->at = to;
}

void template_read(struct set *s, struct template *m)
{
	struct reading r = { .s = s, .m = m, .source = m->source, .line = 1 };
	size_t open, close;

	r.tail[0] = &m->nodes;
	while (find(&r, r.at, "{{", &open)) {
		if (!find(&r, open + 2, "}}", &close)) {
			fail(&r, "{{ without }}");
			break;
		}
		step(&r, open, close);
	}
	literal(&r, r.at, r.source.n);
	if (r.depth > 0)
		tool_error(s->t, m->file, r.open[r.depth]->line, "section %s is not closed", r.open[r.depth]->value.name);
	if (m->fields == NULL)
		template_vars(s, m, (struct view){ "", 0 }, 1);
}
