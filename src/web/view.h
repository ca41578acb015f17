/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEB_VIEW_H
#define WEB_VIEW_H

#include "web/web.h"

/* The frame's own pages, through the compiled templates. */
struct pair {
	struct sv name, value;
};
struct view_error {
	enum site site;
	const char *base;
	struct sv says, detail;
	const char *back, *again;  /* paths with base; NULL = none */
	const struct pair *hidden; /* public form: what was typed, carried on */
	size_t hidden_n;
	const char *exit_to;
	bool demo;
};
void view_error(const struct ctx *c, const struct view_error *e, struct buf *b);

struct view_login {
	struct sv wrong; /* what was wrong with the last try; empty = nothing */
	struct sv login;
	bool drafted; /* typed work was sealed and waits */
	bool locked;  /* the session ended */
	bool demo;
	const struct pair *hidden;
	size_t hidden_n;
};
void view_login(const struct ctx *c, const struct request *r, const struct view_login *v, struct buf *b);
void view_second(const struct ctx *c, const struct request *r, const struct view_login *v, struct buf *b);
void view_neutral(const struct ctx *c, struct buf *b);

#endif
