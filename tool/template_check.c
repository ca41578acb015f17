/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Walks a template's tree with the HTML tokenizer beside it: every name is bound to a declared variable (fields of the innermost row first,
 * then outwards), every value to the escape of its position, every message and asset to one that exists. */
#include "template.h"

#include <string.h>

#include "template_place.h"

struct scope {
	struct fields *fields;
	const char *expression; /* C name of the struct pointer */
	const struct scope *outer;
};

struct check {
	struct set *s;
	struct template *m;
	struct place place;
	unsigned loops;
	bool lost; /* after an error of position the rest says nothing */
};

static void walk(struct check *k, struct node *n, const struct scope *s);

static void fail(struct check *k, const struct node *n, const char *why)
{
	tool_error(k->s->t, k->m->file, n->line, "%s", why);
	k->lost = true;
}

static bool bind(struct check *k, const struct node *n, struct value *v, const struct scope *s)
{
	struct text e = { .tool = k->s->t };

	for (; s != NULL; s = s->outer)
		for (size_t i = 0; i < s->fields->n; i++)
			if (strcmp(s->fields->list[i].name, v->name) == 0) {
				s->fields->list[i].used = true;
				v->variable = &s->fields->list[i];
				text_format(&e, "%s->%s", s->expression, v->name);
				v->expression = e.p;
				return true;
			}
	tool_error(k->s->t, k->m->file, n->line, "%s is not a variable of this template", v->name);
	return false;
}

static void literal(struct check *k, struct node *n)
{
	struct text out = { .tool = k->s->t };
	const char *why;
	size_t at = 0;
	int line = n->line;

	if (!place_literal(&k->place, n->literal, &out, &why, &at)) {
		for (size_t i = 0; i < at; i++)
			line += n->literal.p[i] == '\n';
		tool_error(k->s->t, k->m->file, line, "%s", why);
		k->lost = true;
	}
	n->literal = (struct view){ out.p, out.n };
}

static bool bind_args(struct check *k, struct node *n, const struct scope *s)
{
	for (size_t i = 0; i < n->arg_count; i++) {
		if (!bind(k, n, &n->args[i], s))
			return false;
		switch (n->args[i].variable->kind) {
		case KIND_TEXT:
		case KIND_NUMBER:
		case KIND_MESSAGE:
			break;
		case KIND_FLAG:
		case KIND_PATH:
		case KIND_LIST:
		case KIND_USE:
			tool_error(k->s->t, k->m->file, n->line, "%s cannot stand in a text: only text, number and message can",
				   n->args[i].name);
			return false;
		}
	}
	return true;
}

static void value(struct check *k, struct node *n, const struct scope *s)
{
	const char *why;
	enum kind kind;

	if (!bind(k, n, &n->value, s) || !bind_args(k, n, s))
		return;
	kind = n->value.variable->kind;
	if (kind == KIND_FLAG || kind == KIND_LIST || kind == KIND_USE)
		tool_error(k->s->t, k->m->file, n->line, "%s is no value to write: it opens a section or an include",
			   n->value.name);
	else if (n->arg_count > 0 && kind != KIND_MESSAGE)
		tool_error(k->s->t, k->m->file, n->line, "%s is no message, so nothing can follow it", n->value.name);
	else if (!place_value(&k->place, kind, &n->position, &why))
		fail(k, n, why);
}

static const struct known_message *message_of(const struct set *s, const char *key)
{
	for (size_t i = 0; i < s->message_count; i++)
		if (strcmp(s->messages[i].key, key) == 0)
			return &s->messages[i];
	return NULL;
}

static void message(struct check *k, struct node *n, const struct scope *s)
{
	const struct known_message *m = message_of(k->s, n->word);
	bool plural = n->kind == NODE_PLURAL;
	const char *why;
	unsigned wanted;

	if (m == NULL) {
		tool_error(k->s->t, k->m->file, n->line, "%s is not in the catalogue (language/*.po)", n->word);
		return;
	}
	wanted = plural && m->placeholders == 0 ? 1 : m->placeholders;
	if (m->plural != plural)
		tool_error(k->s->t, k->m->file, n->line, "%s %s", n->word,
			   plural ? "has no plural forms: use t" : "has plural forms: use tn");
	else if (n->arg_count != wanted)
		tool_error(k->s->t, k->m->file, n->line, "%s takes %u arguments, not %zu", n->word, wanted, n->arg_count);
	else if (bind_args(k, n, s) && plural && n->args[0].variable->kind != KIND_NUMBER)
		tool_error(k->s->t, k->m->file, n->line, "%s is counted by a number, %s is none", n->word, n->args[0].name);
	else if (!place_value(&k->place, KIND_MESSAGE, &n->position, &why))
		fail(k, n, why);
}

static void asset(struct check *k, struct node *n)
{
	const char *why;

	for (size_t i = 0; i < k->s->asset_count; i++)
		if (strcmp(k->s->assets[i].name, n->word) == 0) {
			n->word = k->s->assets[i].address;
			if (!place_asset(&k->place, &why))
				fail(k, n, why);
			return;
		}
	tool_error(k->s->t, k->m->file, n->line, "there is no static/%s", n->word);
}

static void include(struct check *k, struct node *n, const struct scope *s)
{
	const struct template *other = set_find(k->s, n->word);

	if (k->place.state != PLACE_TEXT || k->place.keep || k->place.script)
		fail(k, n, "an include stands in text");
	k->place.breaks = false;
	if (other == NULL) {
		tool_error(k->s->t, k->m->file, n->line, "there is no template/%s.html", n->word);
	} else if (n->value.name == NULL) {
		if (other->fields->n > 0)
			tool_error(k->s->t, k->m->file, n->line, "%s has variables: {{> %s variable}}", n->word, n->word);
	} else if (bind(k, n, &n->value, s) &&
		   (n->value.variable->kind != KIND_USE || strcmp(n->value.variable->use, n->word) != 0)) {
		tool_error(k->s->t, k->m->file, n->line, "%s is not declared as \"use %s\"", n->value.name, n->word);
	}
}

static void section(struct check *k, struct node *n, const struct scope *s)
{
	struct place before;
	bool each;

	if (!bind(k, n, &n->value, s))
		return;
	each = n->kind == NODE_EACH && n->value.variable->kind == KIND_LIST;
	if (n->kind == NODE_EACH && !each)
		n->kind = NODE_IF;
	before = k->place;
	if (each) {
		struct text name = { .tool = k->s->t };
		struct scope row = { .fields = n->value.variable->row, .outer = s };

		n->depth = ++k->loops;
		text_format(&name, "r%u", n->depth);
		row.expression = name.p;
		k->place.breaks = false;
		walk(k, n->inner, &row);
		k->loops--;
	} else {
		walk(k, n->inner, s);
	}
	if (!k->lost && (!place_tag(&k->place, &(const char *){ NULL }) || !place_join(&k->place, &before)))
		tool_error(k->s->t, k->m->file, n->line,
			   "section %s begins and ends in different places (text, tag, attribute or address)", n->value.name);
}

static void one(struct check *k, struct node *n, const struct scope *s)
{
	const char *why;

	if (n->kind == NODE_LITERAL) {
		literal(k, n);
		return;
	}
	if (!place_tag(&k->place, &why)) {
		fail(k, n, why);
		return;
	}
	switch (n->kind) {
	case NODE_LITERAL:
		break;
	case NODE_VALUE:
		value(k, n, s);
		break;
	case NODE_MESSAGE:
	case NODE_PLURAL:
		message(k, n, s);
		break;
	case NODE_ASSET:
		asset(k, n);
		break;
	case NODE_EACH:
	case NODE_IF:
	case NODE_UNLESS:
		section(k, n, s);
		break;
	case NODE_INCLUDE:
		include(k, n, s);
		break;
	}
}

static void walk(struct check *k, struct node *n, const struct scope *s)
{
	for (; n != NULL && !k->lost; n = n->next)
		one(k, n, s);
}

/* Every declared variable must be used, and every template used as one must exist. */
static void leftovers(struct check *k)
{
	for (const struct fields *f = k->m->fields; f != NULL; f = f->next)
		for (size_t i = 0; i < f->n; i++) {
			const struct variable *v = &f->list[i];
			if (v->kind == KIND_USE && set_find(k->s, v->use) == NULL)
				tool_error(k->s->t, k->m->file, v->line, "there is no template/%s.html", v->use);
			else if (!v->used)
				tool_error(k->s->t, k->m->file, v->line, "%s is never used", v->name);
		}
}

void template_check(struct set *s, struct template *m)
{
	struct check k = { .s = s, .m = m, .place = { .breaks = true } };
	struct scope top = { .fields = m->fields, .expression = "v" };
	size_t errors = s->t->error_count;

	walk(&k, m->nodes, &top);
	if (s->t->error_count == errors && (k.place.state != PLACE_TEXT || k.place.keep || k.place.script))
		tool_error(s->t, m->file, 1, "the template ends inside of a tag, textarea, pre or script");
	if (s->t->error_count == errors)
		leftovers(&k);
}

/* --- a template that includes itself, over others or not, would never end ------------------------------------------------------ */

static void visit(struct set *s, struct template *m);

static void visit_nodes(struct set *s, const struct node *n)
{
	for (; n != NULL; n = n->next) {
		if (n->kind == NODE_INCLUDE)
			visit(s, set_find(s, n->word));
		visit_nodes(s, n->inner);
	}
}

static void visit(struct set *s, struct template *m)
{
	if (m == NULL || m->state == 2)
		return;
	if (m->state == 1) {
		tool_error(s->t, m->file, 1, "this template includes itself");
		return;
	}
	m->state = 1;
	visit_nodes(s, m->nodes);
	m->state = 2;
}

void template_circles(struct set *s)
{
	for (size_t i = 0; i < s->n; i++)
		visit(s, &s->list[i]);
}
