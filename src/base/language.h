/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_LANGUAGE_H
#define BASE_LANGUAGE_H

#include "base/view.h"

/* Languages of the interface. qps and qpr are the long and the mirrored pseudo-language of the test build. */
enum language { LANG_FR, LANG_AR, LANG_EN, LANGUAGE_COUNT };

struct language_row {
	const char *tag;  /* BCP 47, in addresses and `lang` */
	const char *name; /* in its own words and script */
	bool rtl;
};
extern const struct language_row languages[LANGUAGE_COUNT];
bool language_parse(struct sv tag, enum language *out);

#endif
