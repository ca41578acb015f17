/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include <stddef.h>

/* Every command but serve. run gets the command's own words (argv[0] is its name) and gives the exit code: 0 done, 1 it failed
 * or found something wrong, 2 the words make no sense. */
struct command {
	const char *name;
	const char *summary;
	int (*run)(int argc, char **argv);
};
extern const struct command cli_commands[];
extern const size_t cli_command_count;

#endif
