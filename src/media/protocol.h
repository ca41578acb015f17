/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MEDIA_PROTOCOL_H
#define MEDIA_PROTOCOL_H

#include "media/client.h"

/* Between client and media process: SOCK_SEQPACKET, one request at a time on a connection. A request carries two memory files: the
 * content, sealed against any change, and the result, of RESULT_SIZE bytes, which the child fills. The answer comes from the media
 * parent alone, when the child has ended. Both sides are of one build: native integers. */
#define MEDIA_MAGIC UINT32_C(0x31444d41) /* "AMD1" */

struct media_request {
	uint32_t magic;
	uint32_t size; /* of the content, 1 .. MEDIA_INPUT_MAX */
};
struct media_reply {
	uint32_t magic;
	uint32_t refusal; /* enum media_refusal */
};
/* At the start of the result; the derived picture follows at RESULT_HEAD. */
struct media_result {
	uint32_t magic;
	uint32_t kind;
	uint32_t derived_kind;
	uint32_t derived_size;
	uint32_t width, height;
};
#define RESULT_HEAD 64
#define RESULT_SIZE (RESULT_HEAD + (size_t)MEDIA_DERIVED_MAX)

#endif
