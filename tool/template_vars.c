/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The block {{# vars }} … {{/ vars }}: one variable a line, "name kind", and the fields of a list between { and }. */
#include "template.h"

#include <string.h>

#define DEPTH_MAX 6

struct block {
	struct set *s;
	struct template *m;
	struct fields *stack[DEPTH_MAX];
	size_t depth; /* innermost open struct */
	struct fields **tail;
	int line;
};

static const char *const c_words[] = { "auto",     "bool",   "break",    "case",   "char",   "class",    "const",    "continue",
				       "default",  "do",     "double",   "else",   "enum",   "extern",   "float",    "for",
				       "goto",     "if",     "inline",   "int",    "long",   "register", "restrict", "return",
				       "short",    "signed", "sizeof",   "static", "struct", "switch",   "typedef",  "union",
				       "unsigned", "void",   "volatile", "while",  "vars" };

bool name_is_plain(const char *name)
{
	if (name[0] < 'a' || name[0] > 'z' || strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") != strlen(name))
		return false;
	for (size_t i = 0; i < sizeof c_words / sizeof c_words[0]; i++)
		if (strcmp(name, c_words[i]) == 0)
			return false;
	return true;
}

static struct fields *fields_new(struct block *b, const char *row)
{
	struct fields *f = tool_memory(b->s->t, sizeof *f);
	struct text type = { .tool = b->s->t };

	text_format(&type, "tpl_%s_%s%s%s", b->m->subject, b->m->name, row != NULL ? "_" : "", row != NULL ? row : "");
	f->type = type.p;
	for (struct fields *o = b->m->fields; o != NULL; o = o->next)
		if (strcmp(o->type, f->type) == 0)
			tool_error(b->s->t, b->m->file, b->line, "two lists have rows named %s", row);
	*b->tail = f;
	b->tail = &f->next;
	return f;
}

static struct variable *variable_new(struct block *b, const char *name)
{
	struct fields *f = b->stack[b->depth];
	struct variable v = { .name = name, .line = b->line };

	if (!name_is_plain(name))
		tool_error(b->s->t, b->m->file, b->line, "a name is lower case letters, digits and _, and no word of C: %s", name);
	for (size_t i = 0; i < f->n; i++)
		if (strcmp(f->list[i].name, name) == 0)
			tool_error(b->s->t, b->m->file, b->line, "%s stands twice", name);
	f->list = tool_grow(b->s->t, f->list, f->n * sizeof v, (f->n + 1) * sizeof v);
	f->list[f->n] = v;
	return &f->list[f->n++];
}

static bool simple_kind(const char *word, enum kind *out)
{
	static const struct {
		const char *word;
		enum kind kind;
	} rows[] = {
		{ "text", KIND_TEXT }, { "number", KIND_NUMBER },   { "flag", KIND_FLAG },
		{ "path", KIND_PATH }, { "message", KIND_MESSAGE },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (strcmp(word, rows[i].word) == 0) {
			*out = rows[i].kind;
			return true;
		}
	return false;
}

static void open_list(struct block *b, struct variable *v, const char *row)
{
	v->kind = KIND_LIST;
	if (!name_is_plain(row) || b->depth + 1 == DEPTH_MAX) {
		tool_error(b->s->t, b->m->file, b->line, "a list is \"name list row {\", at most %d deep", DEPTH_MAX - 1);
		row = "row";
	}
	v->row = fields_new(b, row);
	if (b->depth + 1 < DEPTH_MAX)
		b->stack[++b->depth] = v->row;
}

static void one_line(struct block *b, char **word, size_t n)
{
	struct variable *v;
	enum kind kind;

	if (n == 1 && strcmp(word[0], "}") == 0) {
		if (b->depth == 0)
			tool_error(b->s->t, b->m->file, b->line, "} without a list");
		else
			b->depth--;
		return;
	}
	v = variable_new(b, word[0]);
	if (n == 2 && strcmp(word[1], "ours") == 0) {
		v->ours = true;
	} else if (n == 2 && simple_kind(word[1], &kind)) {
		v->kind = kind;
	} else if (n == 3 && strcmp(word[1], "use") == 0) {
		v->kind = KIND_USE;
		v->use = word[2];
	} else if (n == 4 && strcmp(word[1], "list") == 0 && strcmp(word[3], "{") == 0) {
		open_list(b, v, word[2]);
	} else {
		tool_error(
			b->s->t, b->m->file, b->line,
			"a line is \"name text|ours|number|flag|path|message\", \"name use subject/name\" or \"name list row {\"");
	}
}

void template_vars(struct set *s, struct template *m, struct view block, int line)
{
	struct block b = { .s = s, .m = m, .line = line };
	struct view row;
	char *word[4];

	m->fields = NULL;
	b.tail = &m->fields;
	b.stack[0] = fields_new(&b, NULL);
	for (; view_line(&block, &row); b.line++) {
		size_t n = view_words(s->t, row, word, 4);
		if (n > 0)
			one_line(&b, word, n);
	}
	if (b.depth > 0)
		tool_error(s->t, m->file, line, "a list of the variables is not closed with }");
	for (struct fields *f = m->fields->next; f != NULL; f = f->next)
		if (f->n == 0)
			tool_error(s->t, m->file, line, "the rows of a list have no fields");
}
