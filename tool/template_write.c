/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prints checked templates as C: one struct per template and row, one function each. Neighbouring literals become one call. */
#include "template.h"

#include <string.h>

struct writing {
	struct set *s;
	struct text *out;
	struct text pending; /* literal bytes not printed yet */
	unsigned indent;
};

static void nodes(struct writing *w, const struct node *n);

static void member(struct text *h, const struct variable *v)
{
	struct text path = { 0 };

	switch (v->kind) {
	case KIND_TEXT:
	case KIND_PATH:
		text_format(h, "\tstruct sv %s;\n", v->name);
		return;
	case KIND_NUMBER:
		text_format(h, "\tint64_t %s;\n", v->name);
		return;
	case KIND_FLAG:
		text_format(h, "\tbool %s;\n", v->name);
		return;
	case KIND_MESSAGE:
		text_format(h, "\tenum message %s;\n", v->name);
		return;
	case KIND_LIST:
		text_format(h, "\tconst struct %s *%s;\n\tsize_t %s_n;\n", v->row->type, v->name, v->name);
		return;
	case KIND_USE:
		path.tool = h->tool;
		for (const char *c = v->use; *c != 0; c++)
			text_put(&path, *c == '/' ? "_" : c, 1);
		text_format(h, "\tconst struct tpl_%s *%s;\n", path.p, v->name);
		return;
	}
}

static void structs(struct text *h, const struct template *m)
{
	for (const struct fields *f = m->fields; f != NULL; f = f->next) {
		text_format(h, "struct %s {\n", f->type);
		for (size_t i = 0; i < f->n; i++)
			member(h, &f->list[i]);
		text_add(h, f->n == 0 ? "\tchar none;\n};\n" : "};\n");
	}
	text_format(h, "void render_%s_%s(struct buf *b, enum language l, const struct tpl_%s_%s *v);\n\n", m->subject, m->name,
		    m->subject, m->name);
}

static void indent(struct writing *w)
{
	for (unsigned i = 0; i < w->indent; i++)
		text_add(w->out, "\t");
}

static void flush(struct writing *w)
{
	if (w->pending.n == 0)
		return;
	indent(w);
	text_add(w->out, "buf_known(b, ");
	text_literal(w->out, (struct view){ w->pending.p, w->pending.n });
	text_format(w->out, ", %zu);\n", w->pending.n);
	w->pending.n = 0;
}

static void line(struct writing *w, const char *text)
{
	flush(w);
	indent(w);
	text_add(w->out, text);
}

static void arguments(struct writing *w, const struct node *n)
{
	if (n->arg_count == 0) {
		text_add(w->out, "NULL, 0);\n");
		return;
	}
	text_add(w->out, "(const struct sv[]){ ");
	for (size_t i = 0; i < n->arg_count; i++) {
		const struct value *a = &n->args[i];
		const char *end = i + 1 < n->arg_count ? ", " : "";
		if (a->variable->kind == KIND_NUMBER)
			text_format(w->out, "html_digits((char[DIGITS_SIZE]){ 0 }, %s)%s", a->expression, end);
		else if (a->variable->kind == KIND_MESSAGE)
			text_format(w->out, "message_text(l, %s)%s", a->expression, end);
		else
			text_format(w->out, "%s%s", a->expression, end);
	}
	text_format(w->out, " }, %zu);\n", n->arg_count);
}

static void value(struct writing *w, const struct node *n)
{
	const char *e = n->value.expression;

	if (n->value.variable->kind == KIND_MESSAGE) {
		line(w, "html_message(b, l, ");
		text_format(w->out, "%s, ", e);
		arguments(w, n);
		return;
	}
	if (n->value.variable->kind == KIND_NUMBER)
		line(w, "html_number(b, ");
	else if (n->position == POSITION_PATH)
		line(w, "html_path(b, ");
	else
		line(w, n->position == POSITION_PART ? "html_url(b, "
			: n->value.variable->ours    ? "html_known(b, "
						     : "html_text(b, ");
	text_format(w->out, "%s);\n", e);
}

static void message(struct writing *w, const struct node *n)
{
	line(w, n->kind == NODE_PLURAL ? "html_plural(b, l, " : "html_message(b, l, ");
	text_message(w->out, n->word);
	if (n->kind == NODE_PLURAL)
		text_format(w->out, ", %s", n->args[0].expression);
	text_add(w->out, ", ");
	arguments(w, n);
}

static void condition(struct writing *w, const struct node *n)
{
	const char *e = n->value.expression;

	line(w, n->kind == NODE_UNLESS ? "if (!(" : "if (");
	switch (n->value.variable->kind) {
	case KIND_TEXT:
	case KIND_PATH:
		text_format(w->out, "%s.n > 0", e);
		break;
	case KIND_NUMBER:
		text_format(w->out, "%s != 0", e);
		break;
	case KIND_FLAG:
		text_add(w->out, e);
		break;
	case KIND_MESSAGE:
		text_format(w->out, "%s != MSG_NONE", e);
		break;
	case KIND_LIST:
		text_format(w->out, "%s_n > 0", e);
		break;
	case KIND_USE:
		text_format(w->out, "%s != NULL", e);
		break;
	}
	text_add(w->out, n->kind == NODE_UNLESS ? ")) {\n" : ") {\n");
}

static void section(struct writing *w, const struct node *n)
{
	if (n->kind == NODE_EACH) {
		const char *e = n->value.expression;
		unsigned d = n->depth;

		line(w, "for (");
		text_format(w->out, "size_t i%u = 0; i%u < %s_n; i%u++) {\n", d, d, e, d);
		w->indent++;
		indent(w);
		text_format(w->out, "const struct %s *r%u = &%s[i%u];\n", n->value.variable->row->type, d, e, d);
		indent(w);
		text_format(w->out, "(void)r%u;\n", d);
	} else {
		condition(w, n);
		w->indent++;
	}
	nodes(w, n->inner);
	flush(w);
	w->indent--;
	indent(w);
	text_add(w->out, "}\n");
}

static void include(struct writing *w, const struct node *n)
{
	line(w, "render_");
	for (const char *c = n->word; *c != 0; c++)
		text_put(w->out, *c == '/' ? "_" : c, 1);
	text_format(w->out, "(b, l, %s);\n", n->value.name != NULL ? n->value.expression : "NULL");
}

static void nodes(struct writing *w, const struct node *n)
{
	for (; n != NULL; n = n->next) {
		switch (n->kind) {
		case NODE_LITERAL:
			text_put(&w->pending, n->literal.p, n->literal.n);
			break;
		case NODE_ASSET:
			text_add(&w->pending, n->word);
			break;
		case NODE_VALUE:
			value(w, n);
			break;
		case NODE_MESSAGE:
		case NODE_PLURAL:
			message(w, n);
			break;
		case NODE_EACH:
		case NODE_IF:
		case NODE_UNLESS:
			section(w, n);
			break;
		case NODE_INCLUDE:
			include(w, n);
			break;
		}
	}
}

void templates_write(struct set *s, struct text *header, struct text *source)
{
	text_add(
		header,
		"/* Made by tool/template from template/. */\n#ifndef TEMPLATES_H\n#define TEMPLATES_H\n\n#include \"html/html.h\"\n\n");
	text_add(source, "/* Made by tool/template from template/. */\n#include \"templates.h\"\n");
	for (size_t i = 0; i < s->n; i++)
		structs(header, &s->list[i]);
	text_add(header, "#endif\n");
	for (size_t i = 0; i < s->n; i++) {
		const struct template *m = &s->list[i];
		struct writing w = { .s = s, .out = source, .pending = { .tool = s->t }, .indent = 1 };

		text_format(
			source,
			"\nvoid render_%s_%s(struct buf *b, enum language l, const struct tpl_%s_%s *v)\n{\n\t(void)l;\n\t(void)v;\n",
			m->subject, m->name, m->subject, m->name);
		nodes(&w, m->nodes);
		flush(&w);
		text_add(source, "}\n");
	}
}
