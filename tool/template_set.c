/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The set of all templates and what they may name: messages of the catalogue and static files. */
#include "template.h"

#include <string.h>

/* The next word of a list file; false at the end of the line. */
static bool word(struct set *s, struct view *line, char **out)
{
	size_t n = 0;

	while (line->n > 0 && line->p[0] == ' ')
		*line = (struct view){ line->p + 1, line->n - 1 };
	while (n < line->n && line->p[n] != ' ')
		n++;
	*out = tool_copy(s->t, (struct view){ line->p, n });
	*line = (struct view){ line->p + n, line->n - n };
	return n > 0;
}

static bool next_line(struct view *list, struct view *line)
{
	size_t n = 0;

	if (list->n == 0)
		return false;
	while (n < list->n && list->p[n] != '\n')
		n++;
	*line = (struct view){ list->p, n };
	n += n < list->n;
	*list = (struct view){ list->p + n, list->n - n };
	return true;
}

void set_messages(struct set *s, struct view list)
{
	struct view line;
	char *key, *count, *plural;

	s->messages = tool_memory(s->t, (list.n + 1) * sizeof *s->messages / 4);
	while (next_line(&list, &line))
		if (word(s, &line, &key) && word(s, &line, &count) && word(s, &line, &plural))
			s->messages[s->message_count++] = (struct known_message){ key, (unsigned)(count[0] - '0'), plural[0] == '1' };
}

void set_assets(struct set *s, struct view list)
{
	struct view line;
	char *name, *address;

	s->assets = tool_memory(s->t, (list.n + 1) * sizeof *s->assets / 2);
	while (next_line(&list, &line))
		if (word(s, &line, &name) && word(s, &line, &address))
			s->assets[s->asset_count++] = (struct known_asset){ name, address };
}

void set_add(struct set *s, const char *file, const char *subject, const char *name, struct view source)
{
	s->list = tool_grow(s->t, s->list, s->n * sizeof *s->list, (s->n + 1) * sizeof *s->list);
	s->list[s->n++] = (struct template){ .file = file, .subject = subject, .name = name, .source = source };
}

struct template *set_find(const struct set *s, const char *path)
{
	for (size_t i = 0; i < s->n; i++) {
		size_t n = strlen(s->list[i].subject);
		if (strncmp(path, s->list[i].subject, n) == 0 && path[n] == '/' && strcmp(path + n + 1, s->list[i].name) == 0)
			return &s->list[i];
	}
	return NULL;
}

void set_compile(struct set *s, struct text *header, struct text *source)
{
	for (size_t i = 0; i < s->n; i++)
		template_read(s, &s->list[i]);
	for (size_t i = 0; i < s->n; i++)
		template_check(s, &s->list[i]);
	template_circles(s);
	if (s->t->error_count == 0)
		templates_write(s, header, source);
}
