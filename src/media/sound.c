/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A look into the two containers that may hold pictures as well as sound. Only the way to the list of tracks is read, bounded at every
 * step; what cannot be followed is refused. Both formats nest boxes of (name, length, content), so each reader is a walk. */
#include <string.h>

#include "base/buf.h"
#include "media/type.h"

/* --- MP4 (ISO 14496-12): big-endian length with the head, four letters ----------------------------------------------------------- */

struct box {
	char name[4];
	struct sv content;
};

static uint64_t big(const char *p, size_t n)
{
	uint64_t v = 0;

	for (size_t i = 0; i < n; i++)
		v = v << 8 | (uint8_t)p[i];
	return v;
}

/* Take the next box off *rest. False at the end or when it does not fit. */
static bool next_box(struct sv *rest, struct box *out)
{
	uint64_t size;
	size_t head = 8;

	if (rest->n < head)
		return false;
	size = big(rest->p, 4);
	memcpy(out->name, rest->p + 4, 4);
	if (size == 1 && rest->n >= 16) {
		size = big(rest->p + 8, 8);
		head = 16;
	} else if (size == 0) {
		size = rest->n;
	}
	if (size < head || size > rest->n)
		return false;
	out->content = (struct sv){ rest->p + head, (size_t)size - head };
	rest->p += size;
	rest->n -= (size_t)size;
	return true;
}

static bool find_box(struct sv in, const char name[static 4], struct sv *out)
{
	struct box b;

	while (next_box(&in, &b))
		if (memcmp(b.name, name, 4) == 0) {
			*out = b.content;
			return true;
		}
	return false;
}

/* One track: its handler is "soun" and the first (and only) description of its samples is AAC. */
static bool track_is_aac(struct sv track)
{
	struct sv media, handler, info, table, descriptions;

	if (!find_box(track, "mdia", &media) || !find_box(media, "hdlr", &handler) || !find_box(media, "minf", &info))
		return false;
	if (!find_box(info, "stbl", &table) || !find_box(table, "stsd", &descriptions))
		return false;
	if (handler.n < 12 || memcmp(handler.p + 8, "soun", 4) != 0)
		return false;
	return descriptions.n >= 16 && big(descriptions.p + 4, 4) == 1 && memcmp(descriptions.p + 12, "mp4a", 4) == 0;
}

bool mp4_is_sound(struct sv content)
{
	struct sv movie;
	struct box b;
	size_t tracks = 0;

	if (!find_box(content, "moov", &movie))
		return false;
	while (next_box(&movie, &b)) {
		if (memcmp(b.name, "trak", 4) != 0)
			continue;
		if (!track_is_aac(b.content))
			return false;
		tracks++;
	}
	return tracks > 0;
}

/* --- WebM (EBML): id and length are numbers whose own length stands in their leading zeros --------------------------------------- */

#define EBML_HEAD 0x1a45dfa3
#define EBML_DOCTYPE 0x4282
#define EBML_SEGMENT 0x18538067
#define EBML_TRACKS 0x1654ae6b
#define EBML_TRACK 0xae
#define EBML_CODEC 0x86
#define EBML_TRACK_TYPE 0x83

struct element {
	uint64_t id;
	struct sv content;
};

/* keep: the length marker stays part of the value (ids). All ones means "until the end of what encloses it". */
static bool number(struct sv *rest, bool keep, uint64_t *out, bool *open)
{
	size_t n = 1;
	uint8_t first, mask = 0x80;

	if (rest->n == 0 || rest->p[0] == 0)
		return false;
	first = (uint8_t)rest->p[0];
	while (!(first & mask)) {
		mask >>= 1;
		n++;
	}
	if (rest->n < n)
		return false;
	*out = big(rest->p, n);
	if (!keep)
		*out &= (UINT64_C(1) << (7 * n)) - 1;
	*open = !keep && *out == (UINT64_C(1) << (7 * n)) - 1;
	rest->p += n;
	rest->n -= n;
	return true;
}

static bool next_element(struct sv *rest, struct element *out)
{
	uint64_t size;
	bool open = false;

	if (!number(rest, true, &out->id, &open) || !number(rest, false, &size, &open))
		return false;
	if (open)
		size = rest->n;
	if (size > rest->n)
		return false;
	out->content = (struct sv){ rest->p, (size_t)size };
	rest->p += size;
	rest->n -= (size_t)size;
	return true;
}

static bool find_element(struct sv in, uint64_t id, struct sv *out)
{
	struct element e;

	while (next_element(&in, &e))
		if (e.id == id) {
			*out = e.content;
			return true;
		}
	return false;
}

static bool track_is_opus(struct sv track)
{
	struct sv codec, type;

	if (!find_element(track, EBML_CODEC, &codec) || !find_element(track, EBML_TRACK_TYPE, &type))
		return false;
	return sv_is(codec, "A_OPUS") && type.n == 1 && type.p[0] == 2;
}

bool webm_is_sound(struct sv content)
{
	struct sv head, doctype, segment, tracks;
	struct element e;
	size_t count = 0;

	if (!find_element(content, EBML_HEAD, &head) || !find_element(head, EBML_DOCTYPE, &doctype) || !sv_is(doctype, "webm"))
		return false;
	if (!find_element(content, EBML_SEGMENT, &segment) || !find_element(segment, EBML_TRACKS, &tracks))
		return false;
	while (next_element(&tracks, &e)) {
		if (e.id != EBML_TRACK)
			continue;
		if (!track_is_opus(e.content))
			return false;
		count++;
	}
	return count > 0;
}
