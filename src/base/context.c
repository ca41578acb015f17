/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Noting what went wrong: the first error of a request is kept, the wrong inputs of a form are all kept. */
#include "base/context.h"

enum status ctx_error(struct ctx *c, enum status s, const char *what, const char *file, int line)
{
	if (c->error.status == OK && s != OK) {
		c->error.status = s;
		c->error.what = what;
		c->error.file = file;
		c->error.line = line;
	}
	return s;
}

enum status ctx_input(struct ctx *c, const char *field, const char *key, int64_t limit)
{
	if (c->input_count < INPUT_ERRORS_MAX)
		c->inputs[c->input_count++] = (struct input_error){ field, key, limit };
	return ERR(c, E_INPUT, "wrong input");
}

bool ctx_can(const struct ctx *c, enum role role)
{
	return (unsigned)role < ROLE_COUNT && (c->who->roles & ROLE_BIT(role)) != 0;
}
