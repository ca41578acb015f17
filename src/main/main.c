/* SPDX-License-Identifier: GPL-3.0-or-later */
/* amana: one command, its first word says what to do. */
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "main/say.h"
#include "main/serve.h"

struct command {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *help;
};
static const struct command commands[] = {
	{ "serve", serve_command, "serve an instance: --data DIR --listen HOST:PORT" },
};

static int help(int fd)
{
	say(fd, "usage: amana COMMAND [OPTION...]");
	say(fd, "  --help      this list; amana COMMAND --help says more");
	say(fd, "  --version");
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		say(fd, "  %-10s  %s", commands[i].name, commands[i].help);
	return fd == 1 ? 0 : 2;
}

int main(int argc, char **argv)
{
	if (argc < 2)
		return help(2);
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0)
		return help(1);
	if (strcmp(argv[1], "--version") == 0) {
		say(1, "amana %s", AMANA_VERSION);
		return 0;
	}
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (strcmp(argv[1], commands[i].name) == 0)
			return commands[i].run(argc - 1, argv + 1);
	say(2, "amana: there is no command of this name: %s", argv[1]);
	return help(2);
}
