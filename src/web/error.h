/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEB_ERROR_H
#define WEB_ERROR_H

#include "web/exchange.h"

/* The one table: what each status is outside. */
struct error_row {
	unsigned code;
	const char *key; /* message */
	bool logged;     /* worth an operator's line of its own */
};
const struct error_row *error_row(enum status s);

struct error_says {
	unsigned code;
	const char *key;
	int64_t limit; /* {0} of the message, 0 = none */
	const char *exit_to;
	bool demo;
};
/* A page in the reader's language, or application/problem+json when that is what Accept asks for. */
void error_page(struct ctx *c, const struct exchange *x, const struct form *typed_form, const struct error_says *says,
		struct response *out);

#endif
