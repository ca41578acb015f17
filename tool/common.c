/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory is a list of blocks freed at the end: a build program runs for milliseconds and never gives back earlier. */
#include "common.h"

#include <ctype.h>
#include <dirent.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct tool_block {
	struct tool_block *next;
	max_align_t data[];
};

void *tool_memory(struct tool *t, size_t n)
{
	struct tool_block *b = calloc(1, sizeof *b + n);

	if (b == NULL) {
		fputs("out of memory\n", stderr);
		exit(2);
	}
	b->next = t->blocks;
	t->blocks = b;
	return b->data;
}

void *tool_grow(struct tool *t, void *old, size_t old_size, size_t new_size)
{
	void *p = tool_memory(t, new_size);

	if (old_size > 0)
		memcpy(p, old, old_size);
	return p;
}

char *tool_copy(struct tool *t, struct view v)
{
	char *p = tool_memory(t, v.n + 1);

	if (v.n > 0)
		memcpy(p, v.p, v.n);
	return p;
}

void tool_error(struct tool *t, const char *file, int line, const char *format, ...)
{
	struct text e = { .tool = t };
	char message[512];
	va_list args;

	va_start(args, format);
	vsnprintf(message, sizeof message, format, args);
	va_end(args);
	if (line > 0)
		text_format(&e, "%s:%d: %s", file, line, message);
	else
		text_format(&e, "%s: %s", file, message);
	t->errors = tool_grow(t, t->errors, t->error_count * sizeof *t->errors, (t->error_count + 1) * sizeof *t->errors);
	t->errors[t->error_count++] = e.p;
}

int tool_end(struct tool *t)
{
	int code = t->error_count > 0 ? 1 : 0;

	for (size_t i = 0; i < t->error_count; i++)
		fprintf(stderr, "%s\n", t->errors[i]);
	while (t->blocks != NULL) {
		struct tool_block *next = t->blocks->next;
		free(t->blocks);
		t->blocks = next;
	}
	*t = (struct tool){ 0 };
	return code;
}

bool view_is(struct view v, const char *s)
{
	return view_equal(v, view_of(s));
}

bool view_equal(struct view a, struct view b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

struct view view_of(const char *s)
{
	return (struct view){ s, strlen(s) };
}

void text_put(struct text *t, const char *p, size_t n)
{
	if (t->n + n + 1 > t->room) {
		size_t room = (t->n + n + 1) * 2 + 256;
		t->p = tool_grow(t->tool, t->p, t->n, room);
		t->room = room;
	}
	if (n > 0)
		memcpy(t->p + t->n, p, n);
	t->n += n;
	t->p[t->n] = 0;
}

void text_add(struct text *t, const char *s)
{
	text_put(t, s, strlen(s));
}

void text_format(struct text *t, const char *format, ...)
{
	char small[1024];
	char *big;
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(small, sizeof small, format, args);
	va_end(args);
	if (n >= 0 && (size_t)n < sizeof small) {
		text_put(t, small, (size_t)n);
		return;
	}
	if (n < 0)
		return;
	big = tool_memory(t->tool, (size_t)n + 1);
	va_start(args, format);
	vsnprintf(big, (size_t)n + 1, format, args);
	va_end(args);
	text_put(t, big, (size_t)n);
}

void text_literal(struct text *t, struct view bytes)
{
	text_add(t, "\"");
	for (size_t i = 0; i < bytes.n; i++) {
		unsigned char c = (unsigned char)bytes.p[i];
		if (c == '"' || c == '\\' || c == '?')
			text_format(t, "\\%c", c);
		else if (c == '\n')
			text_add(t, "\\n");
		else if (c < 0x20 || c == 0x7f)
			text_format(t, "\\%03o", c);
		else
			text_put(t, (const char *)&c, 1);
	}
	text_add(t, "\"");
}

void text_message(struct text *t, const char *key)
{
	text_add(t, "MSG_");
	for (; *key != 0; key++) {
		char c = *key == '.' ? '_' : (char)toupper((unsigned char)*key);
		text_put(t, &c, 1);
	}
}

bool view_line(struct view *rest, struct view *line)
{
	const char *end = rest->n > 0 ? memchr(rest->p, '\n', rest->n) : NULL;
	size_t n = end != NULL ? (size_t)(end - rest->p) : rest->n;
	size_t skip = end != NULL ? n + 1 : n;

	if (rest->n == 0)
		return false;
	*line = (struct view){ rest->p, n };
	*rest = (struct view){ rest->p + skip, rest->n - skip };
	return true;
}

static bool space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

size_t view_words(struct tool *t, struct view v, char **word, size_t max)
{
	size_t count = 0, i = 0;

	for (;;) {
		size_t from;
		while (i < v.n && space(v.p[i]))
			i++;
		from = i;
		while (i < v.n && !space(v.p[i]))
			i++;
		if (i == from)
			return count;
		if (count == max)
			return max + 1;
		word[count++] = tool_copy(t, (struct view){ v.p + from, i - from });
	}
}

void names_add(struct names *l, const char *s)
{
	if (l->n == l->room) {
		size_t room = l->room * 2 + 16;
		l->list = tool_grow(l->tool, l->list, l->n * sizeof *l->list, room * sizeof *l->list);
		l->room = room;
	}
	l->list[l->n++] = tool_copy(l->tool, view_of(s));
}

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void names_sort(struct names *l)
{
	if (l->n > 1)
		qsort(l->list, l->n, sizeof *l->list, by_bytes);
}

bool file_read(struct tool *t, const char *path, struct view *out)
{
	struct text content = { .tool = t };
	char part[65536];
	FILE *f = fopen(path, "rb");
	size_t n;
	bool good;

	if (f == NULL)
		return false;
	while ((n = fread(part, 1, sizeof part, f)) > 0)
		text_put(&content, part, n);
	good = !ferror(f);
	fclose(f);
	text_put(&content, "", 0);
	*out = (struct view){ content.p, content.n };
	return good;
}

bool file_write(struct tool *t, const char *path, const struct text *content)
{
	struct view old;
	FILE *f;
	bool good;

	if (file_read(t, path, &old) && view_equal(old, (struct view){ content->p, content->n }))
		return true;
	f = fopen(path, "wb");
	if (f == NULL) {
		tool_error(t, path, 0, "cannot be written");
		return false;
	}
	good = fwrite(content->p, 1, content->n, f) == content->n;
	if (fclose(f) != 0 || !good) {
		tool_error(t, path, 0, "cannot be written");
		return false;
	}
	return true;
}

void folder_list(struct tool *t, const char *path, struct names *out)
{
	DIR *d = opendir(path);
	struct dirent *e;

	out->tool = t;
	if (d == NULL)
		return;
	while ((e = readdir(d)) != NULL)
		if (e->d_name[0] != '.')
			names_add(out, e->d_name);
	closedir(d);
	names_sort(out);
}

bool folder_is(const char *path)
{
	struct stat s;

	return stat(path, &s) == 0 && S_ISDIR(s.st_mode);
}

char *path_join(struct tool *t, const char *folder, const char *name)
{
	struct text p = { .tool = t };

	text_format(&p, "%s/%s", folder, name);
	return p.p;
}
