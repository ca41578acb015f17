/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEB_PAGE_TODAY_H
#define WEB_PAGE_TODAY_H

#include "web/page/page.h"

/* What is due (interface design C1). */
enum status today_page(struct ctx *c, const struct request *r, struct response *out) MUST_CHECK;

#endif
