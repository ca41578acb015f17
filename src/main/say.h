/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAIN_SAY_H
#define MAIN_SAY_H

/* A line to the operator: fd 1 for what was asked for, 2 for what went wrong. */
void say(int fd, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
