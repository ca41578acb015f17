/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The set of all templates and what they may name: messages of the catalogue and static files. */
#include "template.h"

#include <string.h>

void set_messages(struct set *s, struct view list)
{
	struct view line;
	char *word[3];

	s->messages = tool_memory(s->t, (list.n + 1) * sizeof *s->messages / 4);
	while (view_line(&list, &line))
		if (view_words(s->t, line, word, 3) == 3)
			s->messages[s->message_count++] =
				(struct known_message){ word[0], (unsigned)(word[1][0] - '0'), word[2][0] == '1' };
}

void set_assets(struct set *s, struct view list)
{
	struct view line;
	char *word[2];

	s->assets = tool_memory(s->t, (list.n + 1) * sizeof *s->assets / 2);
	while (view_line(&list, &line))
		if (view_words(s->t, line, word, 2) == 2)
			s->assets[s->asset_count++] = (struct known_asset){ word[0], word[1] };
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
