/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/words.h"

#include "cli/terminal.h"

#include <stdint.h>

struct parsing {
	const struct words_form *form;
	struct words *out;
};

static error_t on_argument(struct parsing *p, char *text, struct argp_state *state)
{
	if (p->out->arg_count == p->form->most)
		argp_error(state, "one word too many: %s", text);
	p->out->arg[p->out->arg_count++] = text;
	return 0;
}

static error_t on_word(int key, char *text, struct argp_state *state)
{
	struct parsing *p = state->input;

	if (key >= WORD_KEY(0) && key < WORD_KEY(WORDS_MAX)) {
		p->out->option[key - WORD_KEY(0)] = text == NULL ? "" : text;
		return 0;
	}
	if (key == ARGP_KEY_ARG)
		return on_argument(p, text, state);
	if (key == ARGP_KEY_END && p->out->arg_count < p->form->least)
		argp_error(state, "a word is missing, it needs: %s", p->form->args);
	return key == ARGP_KEY_END ? 0 : ARGP_ERR_UNKNOWN;
}

void words_parse(const struct words_form *form, int argc, char **argv, struct words *out)
{
	struct parsing p = { form, out };
	const struct argp argp = { form->options, on_word, form->args, form->doc, NULL, NULL, NULL };

	*out = (struct words){ .arg_count = 0 };
	argp_err_exit_status = 2;
	argv[0] = (char *)(uintptr_t)form->name; /* what help and mistakes are headed with */
	argp_parse(&argp, argc, argv, 0, NULL, &p);
}

struct sv words_option(const struct words *w, size_t n)
{
	return w->option[n] == NULL ? SV("") : sv_of(w->option[n]);
}

static const char *name_of(const struct words_form *form, size_t n)
{
	for (const struct argp_option *o = form->options; o->name != NULL; o++)
		if (o->key == WORD_KEY((int)n))
			return o->name;
	return "";
}

bool words_given(const struct words_form *form, const struct words *w, const size_t *needed, size_t n)
{
	bool all = true;

	for (size_t i = 0; i < n; i++)
		if (words_option(w, needed[i]).n == 0) {
			tell(2, "%s: --%s is missing", form->name, name_of(form, needed[i]));
			all = false;
		}
	return all;
}
