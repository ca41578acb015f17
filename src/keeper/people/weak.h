/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef KEEPER_WEAK_H
#define KEEPER_WEAK_H

#include "base/view.h"

#define PASSWORD_MOST 1024u
struct words;
struct words *words_load(void);   /* before the sandbox; without a list on this machine a short one of our own is left */
void words_free(struct words *w); /* NULL allowed */
/* Shorter than 12 characters, longer than a password may be, or guessed soon. */
bool password_weak(const struct words *w, struct sv password, struct sv login);

#endif
