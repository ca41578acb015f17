/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_VERIFY_H
#define CLI_VERIFY_H

int verify_command(int argc, char **argv);
int doctor_command(int argc, char **argv);

#endif
