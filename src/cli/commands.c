/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/commands.h"

#include "cli/score.h"

const struct command cli_commands[] = {
	{ "score", "screening answers in, results out, one JSON object a line", score_command },
};
const size_t cli_command_count = sizeof(cli_commands) / sizeof(cli_commands[0]);
