/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEB_PAGE_CALL_H
#define WEB_PAGE_CALL_H

#include "web/page/page.h"

/* The telephone console with what the form holds, or blank (GET). */
enum status call_page(struct ctx *c, const struct request *r, struct response *out) MUST_CHECK;

#endif
