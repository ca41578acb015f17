/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_KEYFILE_H
#define CLI_KEYFILE_H

#include "base/context.h"

/* Text files of base32 groups with a check symbol: the programme root, its public key, requests, certificates. Lines that start
 * with # are for people. */
/* The groups of a file (for groups_read and the functions that take them). Tells what hinders. E_IO, E_INPUT, E_LIMIT. */
enum status keyfile_text(struct arena *a, const char *path, struct sv *groups) MUST_CHECK;
/* Exactly n bytes out of a file. kind: how its line for people begins, if it has one. */
#define KEY_ROOT "programme root, SECRET"
#define KEY_ROOT_PUBLIC "programme root, public half"
#define KEY_BACKUP "backup key"
enum status keyfile_read(struct arena *a, const char *path, const char *kind, void *out, size_t n) MUST_CHECK;
/* A new file, mode as given; E_CONFLICT when there is one already. note: a line for people, without the #. */
enum status keyfile_write(struct arena *a, const char *path, unsigned mode, const char *note, struct sv groups) MUST_CHECK;

#endif
