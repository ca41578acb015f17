/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Furniture of the staff pages. The menu follows the member's roles; what a role cannot do is not there. */
#include "web/page/page.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/zone.h"
#include "domain/access/access.h"
#include "policy/policy.h"
#include "registry/registry.h"
#include "web/server.h"

#define PATH_MAX_BYTES 512
#define IDLE_MINUTES 15

struct sv page_say(const struct ctx *c, enum message m)
{
	return message_text(c->language, m);
}

struct sv page_path(const struct ctx *c, const struct request *r, const char *format, ...)
{
	char path[PATH_MAX_BYTES];
	struct buf b = buf_over(path, sizeof(path));
	va_list args;

	va_start(args, format);
	b.n = (size_t)vsnprintf(path, sizeof(path), format, args);
	va_end(args);
	if (b.n >= sizeof(path))
		return SV("/");
	return arena_format(c->arena, "%s%s", r->base, path);
}

struct sv page_id(const struct ctx *c, struct id id)
{
	char text[33];

	id_hex(id, text);
	return arena_copy(c->arena, sv_of(text));
}

struct sv page_mark(const struct ctx *c, struct id id)
{
	char text[33];

	id_hex(id, text);
	return arena_format(c->arena, "%.4s-%.4s", text, text + 4);
}

struct sv page_time(const struct ctx *c, int64_t ms)
{
	char text[17];

	if (ms == 0)
		return SV_NONE;
	zone_minute_text(ms, text);
	return arena_copy(c->arena, sv_of(text));
}

struct sv page_number(const struct ctx *c, int64_t n)
{
	return arena_format(c->arena, "%lld", (long long)n);
}

struct sv page_put(const struct ctx *c, struct sv text, const struct sv *args, size_t n)
{
	struct buf b = buf_new(c->arena, text.n + 64, 1 << 20);

	for (size_t i = 0; i < text.n; i++) {
		bool slot = i + 2 < text.n && text.p[i] == '{' && text.p[i + 2] == '}' && text.p[i + 1] >= '0' &&
			    text.p[i + 1] <= '9';
		size_t which = slot ? (size_t)(text.p[i + 1] - '0') : 0;

		if (!slot) {
			buf_byte(&b, (uint8_t)text.p[i]);
			continue;
		}
		if (which < n)
			buf_sv(&b, args[which]);
		i += 2;
	}
	return buf_view(&b);
}

struct sv page_apart(const struct ctx *c, struct sv words)
{
	if (c->language != LANG_AR || words.n == 0)
		return words;
	return arena_format(c->arena, "\u2068%.*s\u2069", (int)words.n, words.p);
}

struct sv page_fill(const struct ctx *c, enum message m, const struct sv *args, size_t n)
{
	return page_put(c, page_say(c, m), args, n);
}

struct sv page_label(const struct ctx *c, const char *list, struct sv code)
{
	return code.n == 0 ? SV_NONE : sv_of(code_label(list, code, c->language));
}

struct sv page_labels(const struct ctx *c, const char *list, struct sv codes)
{
	struct buf b = buf_new(c->arena, 128, 1 << 16);
	struct sv rest = codes, code;

	while (rest.n > 0 && sv_cut(&rest, '|', &code)) {
		if (b.n > 0)
			buf_text(&b, " · ");
		buf_sv(&b, page_label(c, list, code));
	}
	return buf_view(&b);
}

struct sv page_clock(const struct ctx *c, int64_t due_at)
{
	int64_t left = due_at > c->now ? due_at - c->now : c->now - due_at, minutes = left / MINUTE_MS;
	struct sv args[2], span;

	if (due_at == 0)
		return SV_NONE;
	if (minutes >= 48 * 60) {
		args[0] = page_number(c, minutes / (24 * 60));
		span = page_fill(c, MSG_DESK_CLOCK_DAYS, args, 1);
	} else if (minutes >= 60) {
		args[0] = page_number(c, minutes / 60);
		args[1] = arena_format(c->arena, "%02lld", (long long)(minutes % 60));
		span = page_fill(c, MSG_DESK_CLOCK_HOURS, args, 2);
	} else {
		args[0] = page_number(c, minutes);
		span = page_fill(c, MSG_DESK_CLOCK_MINUTES, args, 1);
	}
	return page_fill(c, due_at > c->now ? MSG_DESK_CLOCK_LEFT : MSG_DESK_CLOCK_LATE, &span, 1);
}

/* --- head and foot ------------------------------------------------------------------------------------------------------------- */

static void menu_add(struct tpl_shared_head *h, struct tpl_shared_head_entry *list, struct sv href, enum message label,
		     bool current)
{
	list[h->nav_n++] = (struct tpl_shared_head_entry){ .href = href, .label = label, .current = current };
}

bool page_begins_today(const struct ctx *c)
{
	return ctx_can(c, ROLE_CASE_MANAGER) || ctx_can(c, ROLE_SUPERVISOR);
}

struct sv page_queue_path(const struct ctx *c, const struct request *r)
{
	return page_path(c, r, page_begins_today(c) ? "/reports" : "/");
}

static void fill_menu(struct ctx *c, const struct request *r, enum menu at, struct tpl_shared_head *h)
{
	struct tpl_shared_head_entry *list = ARENA_ARRAY(c->arena, struct tpl_shared_head_entry, 12);

	h->nav = list;
	if (page_begins_today(c))
		menu_add(h, list, page_path(c, r, "/"), MSG_NAV_TODAY, at == MENU_TODAY);
	if (policy_may(c->who->roles, REPORT, OP_READ))
		menu_add(h, list, page_queue_path(c, r), MSG_NAV_QUEUE, at == MENU_QUEUE);
	if (page_begins_today(c))
		menu_add(h, list, page_path(c, r, "/files"), MSG_NAV_FILES, at == MENU_FILES);
	if (ctx_can(c, ROLE_OPERATOR) || ctx_can(c, ROLE_DESK)) {
		menu_add(h, list, page_path(c, r, "/call"), MSG_NAV_CALL, at == MENU_CALL);
		menu_add(h, list, page_path(c, r, "/shift"), MSG_NAV_SHIFT, at == MENU_SHIFT);
	}
	if (ctx_can(c, ROLE_SECURITY_OFFICER))
		menu_add(h, list, page_path(c, r, "/locks"), MSG_NAV_LOCKS, at == MENU_LOCKS);
	if (policy_may(c->who->roles, EXPLOIT, OP_SIGN))
		menu_add(h, list, page_path(c, r, "/team"), MSG_NAV_TEAM, at == MENU_TEAM);
	if (policy_may(c->who->roles, STAT, OP_READ))
		menu_add(h, list, page_path(c, r, "/figures"), MSG_NAV_FIGURES, at == MENU_FIGURES);
	menu_add(h, list, page_path(c, r, "/people"), MSG_NAV_PEOPLE, at == MENU_PEOPLE);
	menu_add(h, list, page_path(c, r, "/drafts"), MSG_NAV_DRAFTS, at == MENU_DRAFTS);
	list[h->nav_n - 1].count = c->who->drafts;
	list[h->nav_n - 1].counted = c->who->drafts > 0;
}

/* The text of what was just done; an unknown name says nothing. */
static struct sv done_text(const struct ctx *c, const struct request *r)
{
	enum message m = r->done.n == 0 ? MSG_NONE : message_find(arena_text(c->arena, r->done));

	return m == MSG_NONE || m == MSG_ERROR_BUG ? SV_NONE : page_say(c, m);
}

bool page_held(const struct ctx *c)
{
	return c->now < c->who->held_until;
}

/* What is as everybody has it is not said. */
static void draw_settings(const struct ctx *c, const struct member_settings *own, struct tpl_shared_head *h)
{
	h->waiting = c->who->waiting && (c->who->roles & ROLE_BIT(ROLE_SECURITY_OFFICER)) == 0;
	h->waiting_officer = c->who->waiting && !h->waiting;
	if (page_held(c))
		h->held = page_time(c, c->who->held_until);
	h->size = own->text_size != 16 ? own->text_size : 0;
	h->theme = own->theme == THEME_AUTO ? SV_NONE : own->theme == THEME_LIGHT ? SV("light") : SV("dark");
	h->no_keys = !own->keys;
}

struct tpl_shared_head *page_head(struct ctx *c, const struct request *r, enum message title, enum menu at)
{
	struct tpl_shared_head *h = ARENA_NEW(c->arena, struct tpl_shared_head);
	struct organisation mine = { .code = SV_NONE };
	struct member_settings own = { .text_size = 16, .keys = true };
	int64_t end = c->who->idle_until < c->who->until ? c->who->idle_until : c->who->until;

	if (organisation_load(c, c->who->organisation, &mine) != OK)
		mine.name = SV_NONE;
	if (settings_load(c, &own) != OK)
		own = (struct member_settings){ .text_size = 16, .keys = true };
	*h = (struct tpl_shared_head){
		.lang = sv_of(languages[c->language].tag),
		.dir = languages[c->language].rtl ? SV("rtl") : SV("ltr"),
		.title = page_say(c, title),
		.wrong = c->input_count > 0,
		.logged = true,
		.base = sv_of(r->base),
		.csrf = csrf_text(c),
		.idle = end > c->now ? (end - c->now) / MINUTE_MS : IDLE_MINUTES,
		.help = page_path(c, r, "/help"),
		.language = page_path(c, r, "/language"),
		.lock = page_path(c, r, "/logout"),
		.here = arena_format(c->arena, "%s%.*s", r->base, (int)r->path.n, r->path.p),
		.fr = c->language == LANG_FR,
		.ar = c->language == LANG_AR,
		.en = c->language == LANG_EN,
		.organisation = mine.name,
		.flash = done_text(c, r),
	};
	draw_settings(c, &own, h);
	if (h->idle < 1)
		h->idle = 1;
	fill_menu(c, r, at, h);
	return h;
}

const struct tpl_shared_foot *page_foot(struct ctx *c, const struct request *r)
{
	struct tpl_shared_foot *f = ARENA_NEW(c->arena, struct tpl_shared_foot);

	f->login = arena_copy(c->arena, sv_of(c->who->login));
	f->settings = page_path(c, r, "/settings");
	f->demo = r->web->demo;
	return f;
}

/* --- what is wrong -------------------------------------------------------------------------------------------------------------- */

static struct sv wrong_text(const struct ctx *c, const struct input_error *e)
{
	struct sv limit = page_number(c, e->limit);

	return page_fill(c, message_find(e->key), &limit, 1);
}

struct sv page_wrong(const struct ctx *c, const char *field)
{
	const struct input_error *e = input_wrong(c, field);

	return e == NULL ? SV_NONE : wrong_text(c, e);
}

static enum message name_of(const struct page_name *names, size_t n, const char *field)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(names[i].field, field) == 0)
			return names[i].label;
	return MSG_NONE;
}

const struct tpl_shared_errors *page_errors(const struct ctx *c, const struct page_name *names, size_t n)
{
	struct tpl_shared_errors *e = ARENA_NEW(c->arena, struct tpl_shared_errors);
	struct tpl_shared_errors_row *rows = ARENA_ARRAY(c->arena, struct tpl_shared_errors_row, c->input_count + 1);

	if (c->input_count == 0)
		return NULL;
	for (size_t i = 0; i < c->input_count; i++) {
		enum message label = name_of(names, n, c->inputs[i].field);
		struct sv says = wrong_text(c, &c->inputs[i]);

		if (label != MSG_NONE)
			says = page_fill(c, MSG_COMMON_FIELD_WRONG, (struct sv[]){ page_say(c, label), says }, 2);
		rows[i] = (struct tpl_shared_errors_row){ arena_format(c->arena, "#%s", c->inputs[i].field), says };
	}
	e->rows = rows;
	e->rows_n = c->input_count;
	return e;
}

struct sv page_once(const struct ctx *c, const struct request *r)
{
	struct sv came = r->method == M_POST ? typed(c, r, "once") : SV_NONE;

	return came.n == 32 ? came : once_text(c);
}

/* --- fields -------------------------------------------------------------------------------------------------------------------- */

static struct tpl_shared_field *field_new(const struct ctx *c, const struct request *r, const char *name, enum message label,
					  struct sv now)
{
	struct tpl_shared_field *f = ARENA_NEW(c->arena, struct tpl_shared_field);
	struct sv came = r->method == M_POST ? typed(c, r, name) : SV_NONE;

	f->id = f->name = sv_of(name);
	f->label = page_say(c, label);
	f->value = came.p != NULL ? came : now;
	f->error = page_wrong(c, name);
	return f;
}

struct tpl_shared_field *field_line(const struct ctx *c, const struct request *r, const char *name, enum message label,
				    struct sv now)
{
	struct tpl_shared_field *f = field_new(c, r, name, label, now);

	f->is_input = true;
	f->type = SV("text");
	return f;
}

struct tpl_shared_field *field_lines(const struct ctx *c, const struct request *r, const char *name, enum message label,
				     struct sv now)
{
	struct tpl_shared_field *f = field_new(c, r, name, label, now);

	f->is_long = true;
	f->rows = 5;
	return f;
}

bool codes_hold(struct sv codes, struct sv code)
{
	struct sv rest = codes, one;

	while (rest.n > 0 && sv_cut(&rest, '|', &one))
		if (sv_equal(one, code))
			return true;
	return false;
}

struct tpl_shared_field *field_options(const struct ctx *c, const struct request *r, const char *name, enum message label,
				       struct tpl_shared_field_option *options, size_t n, struct sv now)
{
	struct tpl_shared_field *f = field_new(c, r, name, label, now);
	struct sv chosen = r->method == M_POST && typed(c, r, name).p != NULL ? typed_all(c, r, name) : now;

	for (size_t i = 0; i < n; i++)
		options[i].on = codes_hold(chosen, options[i].value);
	f->options = options;
	f->options_n = n;
	return f;
}

static struct tpl_shared_field *field_list(const struct ctx *c, const struct request *r, const char *name, enum message label,
					   const char *list, struct sv now)
{
	const struct code_list *codes = codes_of(list);
	size_t n = codes == NULL ? 0 : codes->n;
	struct tpl_shared_field_option *options = ARENA_ARRAY(c->arena, struct tpl_shared_field_option, n + 1);

	for (size_t i = 0; i < n; i++)
		options[i] = (struct tpl_shared_field_option){ .value = sv_of(codes->codes[i].code),
							       .label = sv_of(codes->codes[i].label[c->language]) };
	return field_options(c, r, name, label, options, n, now);
}

struct tpl_shared_field *field_select(const struct ctx *c, const struct request *r, const char *name, enum message label,
				      const char *list, struct sv now)
{
	struct tpl_shared_field *f = field_list(c, r, name, label, list, now);

	f->is_select = true;
	return f;
}

struct tpl_shared_field *field_radios(const struct ctx *c, const struct request *r, const char *name, enum message label,
				      const char *list, struct sv now)
{
	struct tpl_shared_field *f = field_list(c, r, name, label, list, now);

	f->is_radio = true;
	return f;
}

struct tpl_shared_field *field_checks(const struct ctx *c, const struct request *r, const char *name, enum message label,
				      const char *list, struct sv now)
{
	bool came = r->method == M_POST; /* a form that came without the name came with nothing ticked */
	struct tpl_shared_field *f = field_list(c, r, name, label, list, came ? SV_NONE : now);

	f->is_check = true;
	return f;
}

struct tpl_shared_field *field_yes_no(const struct ctx *c, const struct request *r, const char *name, enum message label,
				      struct sv now)
{
	struct tpl_shared_field_option *o = ARENA_ARRAY(c->arena, struct tpl_shared_field_option, 3);
	struct tpl_shared_field *f;

	o[0] = (struct tpl_shared_field_option){ .value = SV("yes"), .label = page_say(c, MSG_COMMON_YES) };
	o[1] = (struct tpl_shared_field_option){ .value = SV("no"), .label = page_say(c, MSG_COMMON_NO) };
	o[2] = (struct tpl_shared_field_option){ .value = SV("unknown"), .label = page_say(c, MSG_COMMON_NOT_KNOWN) };
	f = field_options(c, r, name, label, o, 3, now);
	f->is_select = true;
	return f;
}
