/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Field lists drawn as boxes and as words. What a box looks like follows from the field's type. */
#include "web/page/sheet.h"

#include <string.h>

#include "web/form.h"

/* MSG_NONE when the catalogue has no such text. */
static enum message found(enum message m)
{
	return m == MSG_ERROR_BUG ? MSG_NONE : m;
}

static enum message label_of(const struct ctx *c, const char *name)
{
	return found(message_find(arena_format(c->arena, "field.%s", name).p));
}

static enum message hint_of(const struct ctx *c, const char *name)
{
	return found(message_find(arena_format(c->arena, "hint.%s", name).p));
}

static struct sv say_or_nothing(const struct ctx *c, enum message m)
{
	return m == MSG_NONE ? SV_NONE : page_say(c, m);
}

struct sv field_label(const struct ctx *c, const char *name)
{
	return say_or_nothing(c, label_of(c, name));
}

/* --- words ------------------------------------------------------------------------------------------------------------------------- */

static struct sv yes_no(const struct ctx *c, struct sv value)
{
	if (sv_is(value, "yes"))
		return page_say(c, MSG_COMMON_YES);
	return sv_is(value, "no") ? page_say(c, MSG_COMMON_NO) : page_say(c, MSG_COMMON_NOT_KNOWN);
}

/* "~2000" reads "about 2000". */
static struct sv date_words(const struct ctx *c, struct sv value)
{
	struct sv rest;

	if (value.n == 0 || value.p[0] != '~')
		return value;
	rest = (struct sv){ value.p + 1, value.n - 1 };
	return page_fill(c, MSG_CASE_ABOUT_DATE, &rest, 1);
}

struct sv field_words(const struct ctx *c, const struct field *f, struct sv value)
{
	int64_t ms;

	if (value.n == 0)
		return SV_NONE;
	if (f->codes != NULL)
		return page_labels(c, f->codes, value);
	if (f->type == FIELD_YESNO)
		return yes_no(c, value);
	if (f->type == FIELD_PARTIAL_DATE)
		return date_words(c, value);
	return f->type == FIELD_TIME && sv_i64(value, &ms) ? page_time(c, ms) : value;
}

/* --- boxes ------------------------------------------------------------------------------------------------------------------------- */

static struct tpl_shared_field *box_of_type(const struct ctx *c, const struct request *r, const struct field *f, struct sv now)
{
	enum message label = label_of(c, f->name);

	if (f->type == FIELD_LONG_TEXT)
		return field_lines(c, r, f->name, label, now);
	if (f->type == FIELD_YESNO)
		return field_yes_no(c, r, f->name, label, now);
	if (f->type == FIELD_CODES)
		return field_checks(c, r, f->name, label, f->codes, now);
	if (f->type == FIELD_CODE)
		return codes_of(f->codes) != NULL && codes_of(f->codes)->n <= 6 ? field_radios(c, r, f->name, label, f->codes, now)
										: field_select(c, r, f->name, label, f->codes, now);
	return field_line(c, r, f->name, label, now);
}

struct tpl_shared_field *field_box(const struct ctx *c, const struct request *r, const struct field *f, struct sv now)
{
	struct tpl_shared_field *box = box_of_type(c, r, f, now);

	box->ltr = f->type == FIELD_PHONE || f->type == FIELD_PARTIAL_DATE;
	box->hint = say_or_nothing(c, hint_of(c, f->name));
	if (f->type == FIELD_PARTIAL_DATE && box->hint.n == 0)
		box->hint = page_say(c, MSG_CASE_DATE_HINT);
	return box;
}

const struct tpl_shared_errors *field_errors(const struct ctx *c)
{
	struct page_name *names = ARENA_ARRAY(c->arena, struct page_name, c->input_count + 1);

	for (size_t i = 0; i < c->input_count; i++)
		names[i] = (struct page_name){ c->inputs[i].field, label_of(c, c->inputs[i].field) };
	return page_errors(c, names, c->input_count);
}

/* --- a form ------------------------------------------------------------------------------------------------------------------------ */

struct sheet_form form_new(struct ctx *c, const struct request *r, enum message title, struct sv back, struct sv action)
{
	struct sheet_form f = { .view = ARENA_NEW(c->arena, struct tpl_casefile_form),
				.sections = ARENA_ARRAY(c->arena, struct tpl_casefile_form_section, SHEET_SECTIONS) };

	*f.view = (struct tpl_casefile_form){ .title = page_say(c, title),
					      .back = back,
					      .action = action,
					      .csrf = csrf_text(c),
					      .once = page_once(c, r),
					      .errors = field_errors(c),
					      .save = page_say(c, MSG_COMMON_SAVE),
					      .sections = f.sections };
	f.view->head = page_head(c, r, title, MENU_FILES);
	f.view->foot = page_foot(c, r);
	return f;
}

void form_section(struct ctx *c, struct sheet_form *f, enum message title, enum message audience, bool folded)
{
	if (f->view->sections_n == SHEET_SECTIONS)
		return;
	f->cells = ARENA_ARRAY(c->arena, struct tpl_casefile_form_cell, SHEET_CELLS);
	f->sections[f->view->sections_n++] = (struct tpl_casefile_form_section){
		.heading = say_or_nothing(c, title), .audience = say_or_nothing(c, audience), .folded = folded, .cells = f->cells
	};
}

void form_readers(struct sheet_form *f, struct sv path)
{
	f->sections[f->view->sections_n - 1].readers = path;
}

void form_box(struct sheet_form *f, struct tpl_shared_field *box)
{
	struct tpl_casefile_form_section *s = &f->sections[f->view->sections_n - 1];

	if (s->cells_n < SHEET_CELLS)
		f->cells[s->cells_n++] =
			(struct tpl_casefile_form_cell){ .wide = box->is_long || box->is_check || box->is_radio, .field = box };
	s->folded = s->folded && box->error.n == 0; /* what is wrong stands open */
}

static void add_field(const struct ctx *c, const struct request *r, struct sheet_form *f, const struct field *field, struct sv now)
{
	form_box(f, field_box(c, r, field, now));
}

void form_fields(const struct ctx *c, const struct request *r, struct sheet_form *f, const struct record_type *t, uint32_t classes,
		 const void *facts)
{
	for (size_t i = 0; i < t->field_count; i++)
		if ((t->fields[i].flags & (FIELD_MACHINE | FIELD_RETIRED)) == 0 &&
		    (classes == 0 || (classes >> t->fields[i].class & 1) != 0))
			add_field(c, r, f, &t->fields[i], *sheet_of(facts, i));
}

void form_some(const struct ctx *c, const struct request *r, struct sheet_form *f, const struct record_type *t, const char *names,
	       const void *facts)
{
	struct sv rest = sv_of(names), name;

	while (rest.n > 0 && sv_cut(&rest, '|', &name))
		for (size_t i = 0; i < t->field_count; i++)
			if (sv_is(name, t->fields[i].name))
				add_field(c, r, f, &t->fields[i], *sheet_of(facts, i));
}

/* --- two versions ------------------------------------------------------------------------------------------------------------------ */

#define HIDDEN_MAX 128

/* What was typed rides along, safe to show, so that the act can be sent once more. */
static void carry(const struct ctx *c, const struct request *r, struct tpl_desk_stale *v)
{
	struct tpl_desk_stale_pair *pairs = ARENA_ARRAY(c->arena, struct tpl_desk_stale_pair, HIDDEN_MAX);

	for (size_t i = 0; i < r->form->n && v->hidden_n < HIDDEN_MAX; i++) {
		struct sv name = r->form->fields[i].name;
		size_t nth = 0;

		for (size_t k = 0; k < i; k++)
			nth += sv_equal(r->form->fields[k].name, name);
		if (!sv_is(name, "csrf") && !sv_is(name, "once") && !sv_is(name, "version"))
			pairs[v->hidden_n++] =
				(struct tpl_desk_stale_pair){ name, typed_at(c, r, arena_text(c->arena, name), nth) };
	}
	v->hidden = pairs;
}

enum status sheet_stale(struct ctx *c, const struct request *r, const struct record_type *t, const void *facts, uint64_t version,
			struct sv back, struct response *out)
{
	struct tpl_desk_stale_row *rows = ARENA_ARRAY(c->arena, struct tpl_desk_stale_row, t->field_count + 1);
	struct sv here = arena_format(c->arena, "%s%.*s", r->base, (int)r->path.n, r->path.p);
	struct tpl_desk_stale v = { .back = back,
				    .action = here,
				    .draft = here,
				    .csrf = csrf_text(c),
				    .once = page_once(c, r),
				    .version = (int64_t)version,
				    .can_again = true,
				    .rows = rows };

	c->error = (struct error){ .status = OK };
	for (size_t i = 0; i < t->field_count; i++) {
		const struct field *f = &t->fields[i];
		struct sv now = *sheet_of(facts, i), yours = typed_all(c, r, f->name);

		if (typed(c, r, f->name).p == NULL || (now.n == 0 && yours.n == 0))
			continue;
		rows[v.rows_n++] = (struct tpl_desk_stale_row){ field_label(c, f->name), field_words(c, f, now),
								field_words(c, f, yours), !sv_equal(now, yours) };
	}
	carry(c, r, &v);
	v.head = page_head(c, r, MSG_DESK_STALE_TITLE, MENU_FILES);
	v.foot = page_foot(c, r);
	out->code = 409;
	render_desk_stale(&out->body, c->language, &v);
	return OK;
}
