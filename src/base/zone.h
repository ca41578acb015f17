/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_ZONE_H
#define BASE_ZONE_H

#include "base/clock.h"
#include "base/status.h"

/* The time zone the people of this deployment read and type times in. What is stored, counted and rounded stays UTC; these functions
 * stand at the edge alone, where a time is shown or typed. Until a zone is opened it is UTC. */
#define ZONE_DEFAULT "Africa/Casablanca"

/* Reads the zone of this name ("Africa/Casablanca", "UTC") from the machine's time zone data. Once a process, before its threads and its
 * sandbox: nothing is read later. E_NOTFOUND: no such zone here. */
enum status zone_open(const char *name) MUST_CHECK;

int64_t zone_local(int64_t ms); /* the clock on the wall at this moment, as if it showed UTC */
/* The moment at which the clock on the wall shows this. An hour that comes twice is taken the first time; one that is left out counts on
 * from before. */
int64_t zone_utc(int64_t local);

/* day_text, minute_text and date_parse of clock.h, on the wall. */
void zone_day_text(int64_t ms, char out[11]);
void zone_minute_text(int64_t ms, char out[17]);
bool zone_date_parse(struct sv s, int64_t *ms);

#endif
