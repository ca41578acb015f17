/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The key of a form lies in the same set as what the form does: either both stand or neither. */
#include "record/once.h"

#include <string.h>

struct keyed {
	run_fn *fn;
	const void *arg;
	const struct once *once;
};

static bool given(const struct once *o)
{
	static const uint8_t zeros[16];

	return o->key != NULL && memcmp(o->key, zeros, sizeof(zeros)) != 0;
}

static enum status with_key(struct ctx *c, const void *arg)
{
	const struct keyed *k = arg;

	TRY(k->fn(c, k->arg));
	return given(k->once) ? change_once(c, k->once->key, k->once->result) : OK;
}

/* Was this form carried out already? Forgets the error of asking. */
static bool absorbed(struct ctx *c, struct once *o)
{
	struct error before = c->error;
	struct sv result;

	if (!given(o) || once_result(c, o->key, &result) != OK) {
		c->error = before;
		return false;
	}
	c->error = (struct error){ .status = OK };
	o->repeated = true;
	o->result = result;
	return true;
}

enum status once_run(struct ctx *c, const char *what, run_fn *fn, const void *arg, struct once *o)
{
	struct keyed k = { fn, arg, o };
	enum status s;

	o->repeated = false;
	if (absorbed(c, o))
		return OK;
	s = record_run(c, what, with_key, &k);
	return s == E_CONFLICT && absorbed(c, o) ? OK : s;
}

enum status once_do(struct ctx *c, const char *what, run_fn *fn, const void *arg, const uint8_t key[16])
{
	struct once o = { .key = key, .result = SV("done") };

	return once_run(c, what, fn, arg, &o);
}
