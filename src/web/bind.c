/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From fields as they came to the route's own struct. Here text enters the system: UTF-8 checked and normalised once (base/text.c). A
 * wrong field is noted with its name, a message key and the limit it broke, and left empty; all of a form are noted, not the first. */
#include <string.h>

#include "base/text.h"
#include "registry/registry.h"
#include "web/form.h"

#define CODE_MAX 64

struct binding {
	struct ctx *c;
	const struct form *form;
	void *in;
	bool *known; /* by field: a parameter has its name */
};

static void *member(const struct binding *b, const struct param *p)
{
	return (char *)b->in + p->offset;
}

static enum status wrong(const struct binding *b, const struct param *p, const char *key, int64_t limit)
{
	return ctx_input(b->c, p->name, key, limit);
}

static enum status bind_text(const struct binding *b, const struct param *p, const struct form_field *f)
{
	struct sv text;

	if (f->cut)
		return wrong(b, p, "error.too_long", p->max);
	if (text_enter(b->c->arena, f->value, &text) != OK)
		return wrong(b, p, "error.encoding", 0);
	text = sv_trim(text);
	if (text.n == 0)
		return p->required ? wrong(b, p, "error.required", 0) : OK;
	if (p->kind == P_TEXT && memchr(text.p, '\n', text.n) != NULL)
		return wrong(b, p, "error.one_line", 0);
	if (utf8_count(text) > p->max)
		return wrong(b, p, "error.too_long", p->max);
	*(struct sv *)member(b, p) = text;
	return OK;
}

static enum status bind_number(const struct binding *b, const struct param *p, struct sv typed)
{
	uint64_t n;

	if (!sv_u64(typed, &n) || n > p->max)
		return wrong(b, p, "error.number", p->max);
	*(uint32_t *)member(b, p) = (uint32_t)n;
	return OK;
}

static bool code_shaped(struct sv s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!((s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= 'A' && s.p[i] <= 'Z') || (s.p[i] >= '0' && s.p[i] <= '9') ||
		      s.p[i] == '_' || s.p[i] == '-' || s.p[i] == '.'))
			return false;
	return s.n > 0 && s.n <= CODE_MAX;
}

static bool code_known(const struct param *p, struct sv s)
{
	const struct code_list *list;

	if (!code_shaped(s))
		return false;
	if (p->codes == NULL)
		return true;
	list = codes_of(p->codes);
	return list != NULL && code_find(list, s) != NULL;
}

/* Several values: joined by | in the order of the list, each once. Without a list, in the order given. */
static enum status bind_codes(const struct binding *b, const struct param *p)
{
	const struct code_list *list = p->codes == NULL ? NULL : codes_of(p->codes);
	struct buf out = buf_new(b->c->arena, 128, FORM_FIELDS_MAX * (CODE_MAX + 1));
	bool chosen[FORM_FIELDS_MAX] = { false };
	size_t given = 0;

	for (size_t i = 0; i < b->form->n; i++) {
		if (!sv_is(b->form->fields[i].name, p->name) || b->form->fields[i].value.n == 0)
			continue;
		if (!code_known(p, b->form->fields[i].value))
			return wrong(b, p, "error.code", 0);
		chosen[i] = true;
		given++;
	}
	if (given == 0)
		return p->required ? wrong(b, p, "error.required", 0) : OK;
	for (size_t row = 0; row < (list == NULL ? b->form->n : list->n); row++)
		for (size_t i = 0; i < b->form->n; i++) {
			struct sv value = b->form->fields[i].value;

			if (!chosen[i] || (list == NULL ? i != row : !sv_is(value, list->codes[row].code)))
				continue;
			if (out.n > 0)
				buf_byte(&out, '|');
			buf_sv(&out, value);
			if (list != NULL)
				break;
		}
	*(struct sv *)member(b, p) = buf_view(&out);
	return OK;
}

static enum status bind_file(const struct binding *b, const struct param *p, const struct form_field *f)
{
	struct upload *to = member(b, p);
	struct sv name;

	if (!f->file)
		return wrong(b, p, "error.file_missing", 0);
	if (f->file_name.n == 0 && f->value.n == 0)
		return p->required ? wrong(b, p, "error.required", 0) : OK;
	if (f->cut || f->value.n > p->max)
		return wrong(b, p, "error.file_too_large", p->max);
	if (f->value.n == 0)
		return wrong(b, p, "error.file_empty", 0);
	if (text_enter(b->c->arena, f->file_name, &name) != OK)
		return wrong(b, p, "error.encoding", 0);
	*to = (struct upload){ .name = utf8_first(name, 200), .content = f->value, .given = true };
	return OK;
}

static enum status bind_field(const struct binding *b, const struct param *p, const struct form_field *f)
{
	struct sv typed = sv_trim(f->value);
	struct key16 *key;

	if (p->kind == P_FILE)
		return bind_file(b, p, f);
	if (f->file)
		return wrong(b, p, "error.encoding", 0);
	if (p->kind == P_TEXT || p->kind == P_LONG)
		return bind_text(b, p, f);
	if (typed.n == 0)
		return p->required ? wrong(b, p, "error.required", 0) : OK;
	switch (p->kind) {
	case P_U32:
		return bind_number(b, p, typed);
	case P_ID:
		return id_parse(typed, member(b, p)) ? OK : wrong(b, p, "error.code", 0);
	case P_KEY16:
		key = member(b, p);
		key->given = hex_parse(typed, key->b, sizeof(key->b));
		return key->given ? OK : wrong(b, p, "error.code", 0);
	case P_CODE:
		if (!code_known(p, typed))
			return wrong(b, p, "error.code", 0);
		*(struct sv *)member(b, p) = typed;
		return OK;
	case P_FLAG:
		if (!sv_is(typed, "1") && !sv_is(typed, "on") && !sv_is(typed, "yes"))
			return wrong(b, p, "error.code", 0);
		*(bool *)member(b, p) = true;
		return OK;
	case P_TEXT:
	case P_LONG:
	case P_CODES:
	case P_FILE:
		break;
	}
	return ERR(b->c, E_BUG, "a parameter of no known kind");
}

/* From the end, where names of a grid's fields (answer[12]) differ. */
static bool same_name(struct sv a, struct sv b)
{
	size_t i = a.n;

	if (a.n != b.n)
		return false;
	while (i > 0 && a.p[i - 1] == b.p[i - 1])
		i--;
	return i == 0;
}

/* The first field of this name and how many there are. A grid has hundreds of parameters and fields. */
static const struct form_field *fields_of(const struct binding *b, const char *name, size_t *n)
{
	const struct form_field *first = NULL;
	const struct sv wanted = sv_of(name);

	*n = 0;
	for (size_t i = 0; i < b->form->n; i++) {
		const struct form_field *f = &b->form->fields[i];

		if (!same_name(f->name, wanted))
			continue;
		b->known[i] = true;
		first = first == NULL ? f : first;
		++*n;
	}
	return first;
}

static enum status bind_param(const struct binding *b, const struct param *p)
{
	size_t n;
	const struct form_field *f = fields_of(b, p->name, &n);

	if (p->kind == P_CODES)
		return bind_codes(b, p);
	if (f == NULL)
		return p->required ? wrong(b, p, "error.required", 0) : OK;
	return n > 1 ? wrong(b, p, "error.repeated", 0) : bind_field(b, p, f);
}

static bool named(struct sv name, const char *const *own, size_t own_n)
{
	for (size_t i = 0; i < own_n; i++)
		if (sv_is(name, own[i]))
			return true;
	return false;
}

enum status form_bind(struct ctx *c, const struct form *f, const struct param *params, size_t n, const char *const *own,
		      size_t own_n, void *in)
{
	bool known[FORM_FIELDS_MAX] = { false };
	const struct binding b = { c, f, in, known };
	size_t before = c->input_count;

	for (size_t i = 0; i < n; i++) {
		enum status s = bind_param(&b, &params[i]);

		if (s != OK && s != E_INPUT)
			return s;
	}
	for (size_t i = 0; i < f->n; i++)
		if (!known[i] && !named(f->fields[i].name, own, own_n)) {
			(void)!ctx_input(c, "form", "error.unknown_field", 0);
			break;
		}
	if (f->cut && c->input_count == before)
		(void)!ctx_input(c, "form", "error.too_large", 0);
	return c->input_count == before ? OK : E_INPUT;
}
