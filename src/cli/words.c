/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/words.h"

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
		argp_error(state, "not enough words");
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
