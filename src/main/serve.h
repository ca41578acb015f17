/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAIN_SERVE_H
#define MAIN_SERVE_H

/* `amana serve`: argv[0] is the command's own name. Exit status. */
int serve_command(int argc, char **argv);

#endif
