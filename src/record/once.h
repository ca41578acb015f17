/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RECORD_ONCE_H
#define RECORD_ONCE_H

#include "record/record.h"

/* A run with the key of its form: a repeated submit is absorbed. */
struct once {
	const uint8_t *key; /* 16 bytes; zeros or NULL = no form */
	struct sv result;   /* in: what a repeat is answered with, may be set by fn. out: as stored the first time */
	bool repeated;      /* out: the form had been carried out before; nothing was done */
};
enum status once_run(struct ctx *c, const char *what, run_fn *fn, const void *arg, struct once *o) MUST_CHECK;
/* The same for an act that answers nothing. */
enum status once_do(struct ctx *c, const char *what, run_fn *fn, const void *arg, const uint8_t key[16]) MUST_CHECK;

#endif
