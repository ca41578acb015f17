/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Escapers, one per position a value may stand in. Compiled templates choose by position, so no caller can forget one; each is safe on
 * any bytes whatever. Runs that need no escape are copied at once. */
#include "html/html.h"

#include <string.h>

static const char *entity(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&#34;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

typedef void put_fn(struct buf *b, const void *p, size_t n);

static void escape(struct buf *b, struct sv s, put_fn *put)
{
	size_t from = 0;

	for (size_t i = 0; i < s.n; i++) {
		const char *e = entity(s.p[i]);
		if (e == NULL)
			continue;
		put(b, s.p + from, i - from);
		put(b, e, strlen(e));
		from = i + 1;
	}
	if (s.n > from)
		put(b, s.p + from, s.n - from);
}

void html_text(struct buf *b, struct sv s)
{
	escape(b, s, buf_put);
}

void html_known(struct buf *b, struct sv s)
{
	escape(b, s, buf_known);
}

static bool unreserved(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' ||
	       c == '~';
}

/* After percent-encoding no byte is left that an attribute would need escaped. */
void html_url(struct buf *b, struct sv s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (unreserved(s.p[i])) {
			buf_put(b, s.p + i, 1);
		} else {
			buf_byte(b, '%');
			buf_hex(b, s.p + i, 1);
		}
	}
}

/* Browsers drop tabs and line ends inside an address and read \ as /, so "/\t/host" would leave our site: refused with //. */
static bool path_is_ours(struct sv s)
{
	if (s.n == 0 || (s.p[0] != '/' && s.p[0] != '#'))
		return false;
	if (s.n > 1 && s.p[0] == '/' && s.p[1] == '/')
		return false;
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] <= 0x20 || s.p[i] == 0x7f || s.p[i] == '\\')
			return false;
	return true;
}

/* Before a question mark stand our own words and numbers of records, behind it perhaps what somebody looks for. */
void html_path(struct buf *b, struct sv s)
{
	const char *query = s.n == 0 ? NULL : memchr(s.p, '?', s.n);
	size_t own = query == NULL ? s.n : (size_t)(query - s.p);

	if (!path_is_ours(s)) {
		buf_byte(b, '#');
		return;
	}
	html_known(b, (struct sv){ s.p, own });
	html_text(b, (struct sv){ s.p + own, s.n - own });
}

void html_number(struct buf *b, int64_t n)
{
	buf_decimal(b, n);
}
