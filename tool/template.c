/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Template compiler: template OUT_H OUT_C OUT_DEPENDENCIES MESSAGES_LIST ASSETS_LIST FOLDER.
 * Reads FOLDER/<subject>/<name>.html, all of them, and writes one header and one source. The dependency file names the folders too, so a new
 * template is seen by ninja. */
#include "template.h"

#include <stdio.h>
#include <string.h>

struct command {
	struct tool t;
	struct set set;
	struct text depends;
};

static void one_file(struct command *c, const char *folder, const char *subject, const char *file)
{
	char *path = path_join(&c->t, folder, file);
	const char *dot = strrchr(file, '.');
	char *name;
	struct view source;

	if (dot == NULL || strcmp(dot, ".html") != 0)
		return;
	name = tool_copy(&c->t, (struct view){ file, (size_t)(dot - file) });
	if (!name_is_plain(name) || !name_is_plain(subject))
		tool_error(&c->t, path, 0, "names of templates are lower case letters, digits and _");
	else if (!file_read(&c->t, path, &source))
		tool_error(&c->t, path, 0, "cannot be read");
	else
		set_add(&c->set, path, subject, name, source);
	text_format(&c->depends, " %s", path);
}

static void all_files(struct command *c, const char *folder)
{
	struct names subjects = { .tool = &c->t };

	text_format(&c->depends, " %s", folder);
	folder_list(&c->t, folder, &subjects);
	for (size_t i = 0; i < subjects.n; i++) {
		char *path = path_join(&c->t, folder, subjects.list[i]);
		struct names files = { .tool = &c->t };

		if (!folder_is(path))
			continue;
		text_format(&c->depends, " %s", path);
		folder_list(&c->t, path, &files);
		for (size_t f = 0; f < files.n; f++)
			one_file(c, path, subjects.list[i], files.list[f]);
	}
	text_add(&c->depends, "\n");
}

int main(int argc, char **argv)
{
	struct command c = { 0 };
	struct text header = { .tool = &c.t }, source = { .tool = &c.t };
	struct view messages = { "", 0 }, assets = { "", 0 };

	if (argc != 7) {
		fputs("usage: template OUT_H OUT_C OUT_DEPENDENCIES MESSAGES_LIST ASSETS_LIST FOLDER\n", stderr);
		return 2;
	}
	c.set.t = c.depends.tool = &c.t;
	text_format(&c.depends, "%s %s:", argv[1], argv[2]);
	if (!file_read(&c.t, argv[4], &messages) || !file_read(&c.t, argv[5], &assets))
		tool_error(&c.t, argv[4], 0, "or %s cannot be read", argv[5]);
	set_messages(&c.set, messages);
	set_assets(&c.set, assets);
	all_files(&c, argv[6]);
	set_compile(&c.set, &header, &source);
	if (c.t.error_count == 0) {
		file_write(&c.t, argv[1], &header);
		file_write(&c.t, argv[2], &source);
		file_write(&c.t, argv[3], &c.depends);
	}
	return tool_end(&c.t);
}
