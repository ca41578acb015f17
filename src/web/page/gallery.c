/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The style gallery: each component once, for eyes and for the accessibility checker. In demo instances only. */
#include "web/page/page.h"
#include "web/page/public.h"
#include "web/server.h"

static enum status gallery(struct ctx *c, const struct request *r, struct response *out)
{
	const struct tpl_shared_errors_row row = { SV("#wrong"), page_say(c, MSG_ERROR_REQUIRED) };
	const struct tpl_shared_errors errors = { &row, 1 };
	struct tpl_dev_gallery v = { .errors = &errors, .numbers = public_numbers(c), .self = page_path(c, r, "/dev/gallery") };
	struct tpl_shared_field *line = field_line(c, r, "line", MSG_FIELD_SUBJECT, SV_NONE);
	struct tpl_shared_field *wrong = field_line(c, r, "wrong", MSG_FIELD_CONTACT_HOURS, SV_NONE);
	struct tpl_shared_field *lines = field_lines(c, r, "lines", MSG_FIELD_TEXT, SV_NONE);

	if (!r->web->demo)
		return ERR(c, E_NOTFOUND, "the gallery exists in demo instances only");
	line->hint = page_say(c, MSG_GALLERY_WORDS);
	wrong->error = page_say(c, MSG_ERROR_REQUIRED);
	lines->audience = page_say(c, MSG_AUDIENCE_DESK);
	v.head = page_head(c, r, MSG_GALLERY_TITLE, MENU_NONE);
	v.foot = page_foot(c, r);
	v.line = line;
	v.wrong = wrong;
	v.lines = lines;
	v.choice = field_select(c, r, "choice", MSG_FIELD_REGION, "regions", SV_NONE);
	v.radios = field_radios(c, r, "radios", MSG_FIELD_RISK, "risk_levels", SV("high"));
	v.checks = field_checks(c, r, "checks", MSG_FIELD_FORMS, "accepted_profiles", SV("women|men"));
	render_dev_gallery(&out->body, c->language, &v);
	return OK;
}

static const struct route rows[] = {
	ROUTE0(GET, SITE_STAFF, "/dev/gallery", gallery, SESSION),
};
extern const struct routes page_gallery;
const struct routes page_gallery = { rows, sizeof(rows) / sizeof(rows[0]) };
