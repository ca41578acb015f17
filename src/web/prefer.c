/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the header says of the reader's wishes. Order is enough for languages; for gzip a plain no is heeded. */
#include "web/prefer.h"

#include <string.h>

#include "web/guard.h"

/* First language of Accept-Language that we speak. Order is enough: browsers write it by preference. */
static bool language_asked(struct sv header, enum language *out)
{
	struct sv rest = header, part;

	while (sv_cut(&rest, ',', &part)) {
		struct sv tag, tail = part;

		if (!sv_cut(&tail, ';', &tag))
			continue;
		tag = sv_trim(tag);
		if (tag.n > 2 && tag.p[2] == '-')
			tag.n = 2;
		if (language_parse(tag, out))
			return true;
	}
	return false;
}

enum language prefer_language(const struct exchange *x, const struct actor *who)
{
	struct sv cookie = cookie_value(x->header[HEADER_COOKIE], "__Host-l");
	enum language l = LANG_FR;

	if (x->site == SITE_PUBLIC && x->path.n > 1 && language_parse((struct sv){ x->path.p + 1, x->path.n - 1 }, &l))
		return l;
	if (cookie.n > 0 && language_parse(cookie, &l))
		return l;
	if (who->kind != ACTOR_NONE && (unsigned)who->language < LANGUAGE_COUNT)
		return who->language;
	(void)language_asked(x->header[HEADER_ACCEPT_LANGUAGE], &l);
	return l;
}

/* "q=0", "q=0.", "q=0.000": not at all. */
static bool refused(struct sv weight)
{
	weight = sv_trim(weight);
	if (weight.n < 3 || (weight.p[0] | 32) != 'q' || weight.p[1] != '=' || weight.p[2] != '0')
		return false;
	for (size_t i = 3; i < weight.n; i++)
		if (weight.p[i] != '.' && weight.p[i] != '0')
			return false;
	return true;
}

bool prefer_gzip(const struct exchange *x)
{
	struct sv rest = x->header[HEADER_ACCEPT_ENCODING], part;

	while (sv_cut(&rest, ',', &part)) {
		struct sv weight = part, name;

		if (sv_cut(&weight, ';', &name) && sv_is(sv_trim(name), "gzip"))
			return !refused(weight);
	}
	return false;
}
