/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_DEMO_FILE_H
#define CLI_DEMO_FILE_H

#include "base/context.h"
#include "cli/demo.h"

/* Steps of the demo's stories on a person's file, by the actor of the context. */
enum status demo_file_open(struct ctx *c, const struct demo_step *step, struct id report, struct id *file) MUST_CHECK;
enum status demo_screen(struct ctx *c, const struct demo_step *step, struct id dossier, bool report) MUST_CHECK;
enum status demo_presume(struct ctx *c, const struct demo_step *step, struct id file) MUST_CHECK;
enum status demo_sign(struct ctx *c, const struct demo_step *step, struct id file) MUST_CHECK;

#endif
