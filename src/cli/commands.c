/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/commands.h"

#include "cli/backup.h"
#include "cli/ceremony.h"
#include "cli/export.h"
#include "cli/import.h"
#include "cli/score.h"
#include "cli/verify.h"

const struct command cli_commands[] = {
	{ "init", "make an instance: DIR", init_command },
	{ "root", "the programme's root key: new, show, sign", root_command },
	{ "organisation", "who takes part: add, certify, route, host, list", organisation_command },
	{ "user", "who works there: add, invite, roles, password, list, freeze, unfreeze", user_command },
	{ "import", "reports from a hotline log", import_command },
	{ "backup", "two sealed sets of a running instance: DIR FILE", backup_command },
	{ "restore", "an instance out of its backup: FILE DIR", restore_command },
	{ "export", "directory, code lists or journal as CSV: DIR WHAT", export_command },
	{ "bench", "what this machine can do: FOLDER", bench_command },
	{ "score", "screening answers in, results out, one JSON object a line", score_command },
	{ "verify", "check journal and stored parts without any key: DIR", verify_command },
	{ "doctor", "look for what should be mended around an instance: DIR", doctor_command },
};
const size_t cli_command_count = sizeof(cli_commands) / sizeof(cli_commands[0]);
