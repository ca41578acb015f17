/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_VERIFY_H
#define CLI_VERIFY_H

#include "base/context.h"

/* Checks an instance nobody need serve, and says what it found. True: everything is as the journal says. */
bool verify_instance(struct ctx *c, const char *dir);

int verify_command(int argc, char **argv);
int doctor_command(int argc, char **argv);

#endif
