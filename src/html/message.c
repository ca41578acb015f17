/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Texts of the catalogue by language. The tables are constants made at build (tool/catalogue.c); a number out of range gives the empty
 * text, never another one. */
#include "html/html.h"

#include <string.h>

static bool known(enum language l, enum message m)
{
	return (unsigned)l < LANGUAGE_COUNT && (unsigned)m < MESSAGE_COUNT;
}

struct sv message_text(enum language l, enum message m)
{
	return known(l, m) ? message_catalogue[l].text[m] : SV_NONE;
}

struct sv message_plural(enum language l, enum message m, int64_t n)
{
	const struct sv *forms = known(l, m) ? message_catalogue[l].forms[m] : NULL;
	uint64_t size = n < 0 ? (uint64_t)0 - (uint64_t)n : (uint64_t)n;

	return forms == NULL ? message_text(l, m) : forms[message_catalogue[l].form(size)];
}

/* {N} at i of the text: its number, or -1. */
static int placeholder(struct sv text, size_t i)
{
	if (text.n - i < 3 || text.p[i] != '{' || text.p[i + 1] < '0' || text.p[i + 1] > '9' || text.p[i + 2] != '}')
		return -1;
	return text.p[i + 1] - '0';
}

static void write_text(struct buf *b, struct sv text, const struct sv *args, size_t n)
{
	size_t from = 0;

	for (size_t i = 0; i < text.n; i++) {
		int which = placeholder(text, i);
		if (which < 0)
			continue;
		html_known(b, sv_bytes(text.p + from, i - from));
		if ((size_t)which < n)
			html_text(b, args[which]);
		i += 2;
		from = i + 1;
	}
	html_known(b, sv_bytes(text.p + from, text.n - from));
}

void html_message(struct buf *b, enum language l, enum message m, const struct sv *args, size_t n)
{
	write_text(b, message_text(l, m), args, n);
}

void html_plural(struct buf *b, enum language l, enum message m, int64_t n, const struct sv *args, size_t count)
{
	write_text(b, message_plural(l, m, n), args, count);
}

struct sv html_digits(char room[DIGITS_SIZE], int64_t n)
{
	struct buf b = buf_over(room, DIGITS_SIZE);

	buf_decimal(&b, n);
	return buf_view(&b);
}

enum message message_find(const char *key)
{
	unsigned low = MSG_NONE + 1, high = MESSAGE_COUNT;

	while (key != NULL && low < high) {
		unsigned middle = low + (high - low) / 2;
		int order = strcmp(key, message_keys[middle]);
		if (order == 0)
			return (enum message)middle;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return MSG_ERROR_BUG;
}
