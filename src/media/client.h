/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MEDIA_CLIENT_H
#define MEDIA_CLIENT_H

#include "base/context.h"

/* All that other rooms may know of the media process: one connection, one call. The file goes over in sealed shared memory; a child
 * that can do nothing but compute looks at it and dies. Links no image library. */

/* Numbers are stored with files: never renumbered. */
enum media_kind {
	MEDIA_NONE = 0,
	MEDIA_PNG = 1,
	MEDIA_JPEG = 2,
	MEDIA_WEBP = 3,
	MEDIA_PDF = 4,
	MEDIA_OPUS = 5,
	MEDIA_MP4 = 6,
	MEDIA_WEBM = 7,
	MEDIA_TEXT = 8,
	MEDIA_KIND_COUNT = 9
};
enum media_refusal {
	MEDIA_ACCEPTED = 0,
	MEDIA_UNKNOWN_TYPE = 1, /* none of the kinds above: archives, SVG, HTML, programs, video, office files */
	MEDIA_DAMAGED = 2,      /* cut short or not decodable */
	MEDIA_PIXELS = 3,       /* more than MEDIA_PIXELS_MAX */
	MEDIA_EFFORT = 4,       /* the child met a limit of time or memory */
	MEDIA_REFUSAL_COUNT = 5
};
#define MEDIA_INPUT_MAX (UINT32_C(16) << 20)
#define MEDIA_DERIVED_MAX (UINT32_C(4) << 20)
#define MEDIA_PIXELS_MAX UINT32_C(50000000)
#define MEDIA_SIDE_MAX 2048

struct media_answer {
	enum media_refusal refusal;
	enum media_kind kind;         /* MEDIA_NONE when refused for its type */
	bool voice;                   /* kept as sent; pages mark it "may identify the speaker" */
	enum media_kind derived_kind; /* MEDIA_PNG, MEDIA_JPEG, or MEDIA_NONE: then derived is empty */
	struct sv derived;      /* in the arena: re-encoded, turned upright, no metadata; the only picture a browser may get */
	uint32_t width, height; /* of derived */
};

struct media;
/* Before the sandbox, since a process under it opens no socket; one a worker. E_IO. */
enum status media_connect(const char *socket_path, struct media **out) MUST_CHECK;
void media_close(struct media *m); /* NULL allowed */
/* Which kind is this, and a harmless picture of it. OK also for a refusal: read out->refusal. E_LIMIT content over MEDIA_INPUT_MAX;
 * E_INPUT empty; E_IO the media process is gone: the connection is of no more use. Takes at most MEDIA_DERIVED_MAX from the arena. */
enum status media_look(struct ctx *c, struct media *m, struct sv content, struct media_answer *out) MUST_CHECK;

const char *media_type(enum media_kind kind);      /* "image/png"; "application/octet-stream" for MEDIA_NONE */
const char *media_extension(enum media_kind kind); /* "png"; "bin" for MEDIA_NONE */
/* A name as a sender gave it, made harmless for showing and for Content-Disposition: the part after the last / or \, without
 * control, quoting and direction characters and leading dots, at most 80 code points, ending in the extension of its true kind. */
struct sv media_name(struct arena *a, struct sv given, enum media_kind kind);

#endif
