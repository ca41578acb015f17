/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Escapers, one per position a value may stand in. Compiled templates choose by position, so no caller can forget one; each is safe on
 * any bytes whatever. Runs that need no escape are copied at once. */
#include "html/html.h"

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

void html_text(struct buf *b, struct sv s)
{
	size_t from = 0;

	for (size_t i = 0; i < s.n; i++) {
		const char *e = entity(s.p[i]);
		if (e == NULL)
			continue;
		buf_put(b, s.p + from, i - from);
		buf_text(b, e);
		from = i + 1;
	}
	if (s.n > from)
		buf_put(b, s.p + from, s.n - from);
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

void html_path(struct buf *b, struct sv s)
{
	if (path_is_ours(s))
		html_text(b, s);
	else
		buf_byte(b, '#');
}

void html_number(struct buf *b, int64_t n)
{
	buf_decimal(b, n);
}
