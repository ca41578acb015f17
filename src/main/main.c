/* SPDX-License-Identifier: GPL-3.0-or-later */
/* amana: one command, its first word says what to do. */
#include <stddef.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/terminal.h"
#include "main/serve.h"

static const struct command serve = { "serve", "serve an instance: --data DIR --listen HOST:PORT", serve_command };

static int help(int fd)
{
	tell(fd, "usage: amana COMMAND [OPTION...]");
	tell(fd, "  --help        this list; amana COMMAND --help says more");
	tell(fd, "  --version");
	tell(fd, "  %-12s  %s", serve.name, serve.summary);
	for (size_t i = 0; i < cli_command_count; i++)
		tell(fd, "  %-12s  %s", cli_commands[i].name, cli_commands[i].summary);
	return fd == 1 ? 0 : 2;
}

int main(int argc, char **argv)
{
	if (argc < 2)
		return help(2);
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0)
		return help(1);
	if (strcmp(argv[1], "--version") == 0) {
		tell(1, "amana %s", AMANA_VERSION);
		return 0;
	}
	if (strcmp(argv[1], serve.name) == 0)
		return serve.run(argc - 1, argv + 1);
	for (size_t i = 0; i < cli_command_count; i++)
		if (strcmp(argv[1], cli_commands[i].name) == 0)
			return cli_commands[i].run(argc - 1, argv + 1);
	tell(2, "amana: there is no command of this name: %s", argv[1]);
	return help(2);
}
