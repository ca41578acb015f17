/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The child of one file. Content and result are mapped before the sandbox closes; from then on there is no descriptor left to use and no
 * call to get one, so that a decoder taken over by a file can write a wrong picture and nothing else. */
#include "media/worker.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/sandbox.h"
#include "media/picture.h"
#include "media/type.h"

#define MEMORY_MAX (UINT64_C(768) << 20) /* the greatest interlaced or progressive picture allowed, and the codec beside it */
#define SECONDS_MAX 10

enum status worker_shut(void)
{
	static const char *const calls[] = { "mmap" };

	TRY(sandbox_limits(MEMORY_MAX, 0, SECONDS_MAX));
	return sandbox_calls(calls, sizeof(calls) / sizeof(calls[0]));
}

static struct picture decode(struct sv content, enum media_kind kind)
{
	if (kind == MEDIA_PNG)
		return png_decode(content);
	return kind == MEDIA_JPEG ? jpeg_decode(content) : webp_decode(content);
}

/* A PNG stays one while it fits; a photograph saved as PNG does not and becomes a JPEG. */
static void encode(struct picture in, struct media_result *head, uint8_t *out)
{
	size_t n = 0;

	if (head->kind == MEDIA_PNG)
		n = png_encode(&in, out, MEDIA_DERIVED_MAX);
	head->derived_kind = n ? MEDIA_PNG : MEDIA_JPEG;
	if (!n) {
		in = picture_on_white(in);
		n = jpeg_encode(&in, out, MEDIA_DERIVED_MAX);
	}
	if (!n)
		picture_refuse(MEDIA_EFFORT);
	head->derived_size = (uint32_t)n;
	head->width = in.width;
	head->height = in.height;
}

void worker_look(struct sv content, uint8_t *result)
{
	struct media_result head = { .magic = MEDIA_MAGIC, .kind = media_kind_of(content) };

	if (head.kind == MEDIA_NONE)
		picture_refuse(MEDIA_UNKNOWN_TYPE);
	if (head.kind == MEDIA_PNG || head.kind == MEDIA_JPEG || head.kind == MEDIA_WEBP)
		encode(decode(content, head.kind), &head, result + RESULT_HEAD);
	memcpy(result, &head, sizeof(head));
}

/* Memory of exactly this size that its sender can no longer shorten (nor change, where it is the content). */
static void *map(int fd, size_t size, int seals, int protection)
{
	struct stat s;

	if (fstat(fd, &s) != 0 || s.st_size != (off_t)size || (fcntl(fd, F_GET_SEALS) & seals) != seals)
		return MAP_FAILED;
	return mmap(NULL, size, protection, MAP_SHARED, fd, 0);
}

_Noreturn void worker_run(int content_fd, uint32_t size, int result_fd)
{
	void *content = map(content_fd, size, F_SEAL_SHRINK | F_SEAL_WRITE, PROT_READ);
	void *result = map(result_fd, RESULT_SIZE, F_SEAL_SHRINK, PROT_READ | PROT_WRITE);

	if (content == MAP_FAILED || result == MAP_FAILED || prctl(PR_SET_PDEATHSIG, SIGKILL) != 0)
		_exit(REFUSED_EXIT + MEDIA_REFUSAL_COUNT);
	if (close_range(STDERR_FILENO + 1, ~0U, 0) != 0 || worker_shut() != OK)
		_exit(REFUSED_EXIT + MEDIA_REFUSAL_COUNT);
	worker_look(sv_bytes(content, size), result);
	_exit(0);
}
