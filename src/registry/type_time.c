/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A moment, in milliseconds UTC. People type a day or a minute; what the machine noted is written down to the millisecond, so that the text
 * says exactly what is stored. */
#include "base/clock.h"
#include "registry/type.h"

#define MINUTE_CHARACTERS 16 /* "2026-11-21 14:05" */

static bool possible(int64_t ms)
{
	return ms >= date_ms(1, 1, 1, 0, 0) && ms < date_ms(9999, 12, 31, 0, 0) + DAY_MS;
}

/* ":SS" or ":SS.mmm" behind the minute, in ms. */
static bool seconds_parse(struct sv s, int64_t *ms)
{
	uint64_t seconds, thousandths = 0;

	if ((s.n != 3 && s.n != 7) || s.p[0] != ':' || !sv_u64((struct sv){ s.p + 1, 2 }, &seconds) || seconds > 59)
		return false;
	if (s.n == 7 && (s.p[3] != '.' || !sv_u64((struct sv){ s.p + 4, 3 }, &thousandths)))
		return false;
	*ms = (int64_t)(seconds * 1000 + thousandths);
	return true;
}

static enum status time_parse(struct ctx *c, const struct field *f, struct sv typed, struct field_value *out)
{
	struct sv text = ascii_digits(c->arena, typed), minute = text;
	int64_t ms, more = 0;

	if (text.n > MINUTE_CHARACTERS) {
		minute.n = MINUTE_CHARACTERS;
		if (!seconds_parse((struct sv){ text.p + MINUTE_CHARACTERS, text.n - MINUTE_CHARACTERS }, &more))
			return ctx_input(c, f->name, "error.date", 0);
	}
	if (!date_parse(minute, &ms) || !possible(ms))
		return ctx_input(c, f->name, "error.date", 0);
	*out = (struct field_value){ .set = true, .number = ms + more };
	return OK;
}

static struct sv time_format(struct arena *a, const struct field *f, const struct field_value *v)
{
	int64_t rest = ((v->number % MINUTE_MS) + MINUTE_MS) % MINUTE_MS;
	char minute[MINUTE_CHARACTERS + 1];

	(void)f;
	minute_text(v->number - rest, minute);
	if (!rest)
		return arena_copy(a, sv_of(minute));
	return arena_format(a, "%s:%02d.%03d", minute, (int)(rest / SECOND_MS), (int)(rest % SECOND_MS));
}

static bool time_encode(struct buf *b, const struct field *f, const struct field_value *v)
{
	(void)f;
	if (!possible(v->number))
		return false;
	item_put_int(b, v->number);
	return true;
}

static bool time_decode(struct arena *a, const struct field *f, const struct item *item, struct field_value *out)
{
	(void)a, (void)f;
	*out = (struct field_value){ .set = true };
	return item_int(item, &out->number) && possible(out->number);
}

const struct field_type_row type_time = { time_parse, time_format, time_encode, time_decode };
