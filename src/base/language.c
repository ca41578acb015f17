/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The languages of the interface. A language more is a row here and a catalogue. */
#include "base/language.h"

const struct language_row languages[LANGUAGE_COUNT] = {
	[LANG_FR] = { "fr", "Français", false },
	[LANG_AR] = { "ar", "العربية", true },
	[LANG_EN] = { "en", "English", false },
};

bool language_parse(struct sv tag, enum language *out)
{
	for (unsigned i = 0; i < LANGUAGE_COUNT; i++)
		if (sv_is(tag, languages[i].tag)) {
			*out = (enum language)i;
			return true;
		}
	return false;
}
