/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A date of which a part may be unknown: "2012", "2012-05", "2012-05-03", each with ~ in front when it is about then. Typed also with the day
 * first, as people here write it: 3/5/2012, 05.2012. Only days that exist. */
#include "registry/type.h"

#define YEAR_MIN 1850
#define YEAR_MAX 2200

struct parts {
	unsigned number[3];
	size_t digits[3], n;
};

/* Digits between separators of one kind. */
static bool split(struct sv s, struct parts *p)
{
	char between = 0;

	*p = (struct parts){ .n = 1 };
	for (size_t i = 0; i < s.n; i++) {
		char ch = s.p[i];

		if (ch >= '0' && ch <= '9') {
			if (++p->digits[p->n - 1] > 4)
				return false;
			p->number[p->n - 1] = p->number[p->n - 1] * 10 + (unsigned)(ch - '0');
		} else if ((ch == '-' || ch == '/' || ch == '.') && (between == 0 || ch == between) && p->n < 3) {
			between = ch;
			p->n++;
		} else {
			return false;
		}
	}
	return p->digits[p->n - 1] > 0 && p->digits[0] > 0;
}

static void turn(struct parts *p)
{
	unsigned first = p->number[0];

	p->number[0] = p->number[p->n - 1];
	p->number[p->n - 1] = first;
}

static unsigned days_of(unsigned year, unsigned month)
{
	static const unsigned days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return month == 2 && leap ? 29 : days[month - 1];
}

/* Year first after this; false for a day that never was. */
static bool read_date(struct sv s, struct parts *p)
{
	if (!split(s, p))
		return false;
	if (p->digits[0] != 4) {
		if (p->n == 1 || p->digits[p->n - 1] != 4)
			return false;
		turn(p);
	}
	return p->number[0] >= YEAR_MIN && p->number[0] <= YEAR_MAX && (p->n < 2 || (p->number[1] >= 1 && p->number[1] <= 12)) &&
	       (p->n < 3 || (p->number[2] >= 1 && p->number[2] <= days_of(p->number[0], p->number[1])));
}

static struct sv canonical(struct arena *a, bool about, const struct parts *p)
{
	const char *mark = about ? "~" : "";

	if (p->n == 1)
		return arena_format(a, "%s%04u", mark, p->number[0]);
	if (p->n == 2)
		return arena_format(a, "%s%04u-%02u", mark, p->number[0], p->number[1]);
	return arena_format(a, "%s%04u-%02u-%02u", mark, p->number[0], p->number[1], p->number[2]);
}

static bool about_cut(struct sv *s)
{
	if (s->n == 0 || s->p[0] != '~')
		return false;
	*s = sv_trim((struct sv){ s->p + 1, s->n - 1 });
	return true;
}

static enum status date_parse(struct ctx *c, const struct field *f, struct sv typed, struct field_value *out)
{
	struct sv s = ascii_digits(c->arena, typed);
	bool about = about_cut(&s);
	struct parts p;

	if (!read_date(s, &p))
		return ctx_input(c, f->name, "error.partial_date", 0);
	return set_text(out, canonical(c->arena, about, &p));
}

/* Exactly what parsing leaves. */
static bool possible(struct arena *a, struct sv text)
{
	struct sv s = text;
	bool about = about_cut(&s);
	struct parts p;

	return read_date(s, &p) && sv_equal(canonical(a, about, &p), text);
}

static bool date_encode(struct buf *b, const struct field *f, const struct field_value *v)
{
	struct sv s = v->text;
	struct parts p;

	(void)f;
	(void)about_cut(&s);
	if (s.p == NULL || s.n < 4 || !read_date(s, &p))
		return false;
	item_put_text(b, v->text);
	return true;
}

static bool date_decode(struct arena *a, const struct field *f, const struct item *item, struct field_value *out)
{
	(void)f;
	return item->kind == ITEM_TEXT && possible(a, item->s) && set_text(out, item->s) == OK;
}

const struct field_type_row type_partial_date = { date_parse, format_text, date_encode, date_decode };
