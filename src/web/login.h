/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEB_LOGIN_H
#define WEB_LOGIN_H

#include "web/web.h"

/* The login page in place of what was asked for. where and body: a late post the keeper could not keep; they ride along as hidden fields
 * and become a draft of whoever logs in. kept: the keeper sealed it already. */
struct late {
	struct sv where, body;
	bool kept;
};
enum status login_instead(struct ctx *c, const struct request *r, const struct late *late, struct response *out) MUST_CHECK;

#endif
