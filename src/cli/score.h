/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_SCORE_H
#define CLI_SCORE_H

#include "base/context.h"
#include "domain/screening/score.h"

/* One answer sheet as JSON to one result as JSON. *why is a constant sentence when it is E_INPUT. */
enum status score_line(struct arena *a, const struct grid *g, struct sv json, struct sv *out, const char **why) MUST_CHECK;
int score_command(int argc, char **argv);

#endif
