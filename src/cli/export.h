/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_EXPORT_H
#define CLI_EXPORT_H

int export_command(int argc, char **argv);
int bench_command(int argc, char **argv);

#endif
