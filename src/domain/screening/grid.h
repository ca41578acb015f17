/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DOMAIN_SCREENING_GRID_H
#define DOMAIN_SCREENING_GRID_H

#include "base/context.h"
#include "domain/screening/score.h"

/* Reads a grid of data_dir/screening/grids.csv by its code, with the grid its items refer to. In the arena. E_NOTFOUND: no such
 * code; E_INPUT: a file of the grid is wrong (c->error says which rule it breaks). */
enum status grid_load(struct ctx *c, const char *data_dir, struct sv code, const struct grid **out) MUST_CHECK;

/* All grids of grids.csv, once at start before threads and sandbox; they lie in the arena of this context, which must stay. */
#define GRIDS_MAX 8
enum status grids_start(struct ctx *c, const char *data_dir) MUST_CHECK;
size_t grid_count(void);
const struct grid *grid_at(size_t i);       /* in the order of grids.csv; NULL past the end */
const struct grid *grid_of(struct sv code); /* NULL when there is no such grid */

#endif
