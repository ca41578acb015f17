/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEB_CSRF_H
#define WEB_CSRF_H

#include "base/context.h"

/* Is this the csrf token of the actor's session, under whatever mask? Constant time. csrf_text (web.h) writes it. */
bool csrf_right(const struct actor *who, struct sv given);

#endif
