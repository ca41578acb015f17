/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Web's side: put the content into sealed memory, send both descriptors, wait, read the result. What comes back is believed only as far
 * as it can be checked: bounds, and that a picture begins as one. System calls: memfd_create pwrite64 ftruncate fcntl sendmsg recvfrom
 * pread64 close. */
#include "media/client.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/heap.h"
#include "media/protocol.h"
#include "media/type.h"

struct media {
	int fd;
};

enum status media_connect(const char *socket_path, struct media **out)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	struct buf path = buf_over(to.sun_path, sizeof(to.sun_path) - 1);
	int fd;

	buf_text(&path, socket_path);
	if (buf_ok(&path) != OK)
		return E_IO;
	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return E_IO;
	if (connect(fd, (struct sockaddr *)&to, sizeof(to)) != 0) {
		close(fd);
		return E_IO;
	}
	*out = heap_new(1, sizeof(**out));
	(*out)->fd = fd;
	return OK;
}

void media_close(struct media *m)
{
	if (!m)
		return;
	close(m->fd);
	heap_free(m);
}

static bool fill(int fd, struct sv s)
{
	size_t done = 0;

	while (done < s.n) {
		ssize_t n = pwrite(fd, s.p + done, s.n - done, (off_t)done);

		if (n <= 0 && errno != EINTR)
			return false;
		done += n > 0 ? (size_t)n : 0;
	}
	return fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) == 0;
}

static bool make_result(int fd)
{
	return ftruncate(fd, (off_t)RESULT_SIZE) == 0 && fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) == 0;
}

static bool ask(int to, uint32_t size, const int fds[2], struct media_reply *reply)
{
	struct media_request q = { MEDIA_MAGIC, size };
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(2 * sizeof(int))];
	} control = { .bytes = { 0 } };
	struct iovec part = { &q, sizeof(q) };
	struct msghdr m = {
		.msg_iov = &part, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof(control.bytes)
	};
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);
	ssize_t n;

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(2 * sizeof(int));
	memcpy(CMSG_DATA(c), fds, 2 * sizeof(int));
	if (sendmsg(to, &m, MSG_NOSIGNAL) != (ssize_t)sizeof(q))
		return false;
	do
		n = recv(to, reply, sizeof(*reply), 0);
	while (n < 0 && errno == EINTR);
	return n == (ssize_t)sizeof(*reply) && reply->magic == MEDIA_MAGIC && reply->refusal < MEDIA_REFUSAL_COUNT;
}

static bool read_all(int fd, void *p, size_t n, size_t at)
{
	return pread(fd, p, n, (off_t)at) == (ssize_t)n;
}

static bool is_picture(enum media_kind kind)
{
	return kind == MEDIA_PNG || kind == MEDIA_JPEG || kind == MEDIA_WEBP;
}

static enum status take_result(struct ctx *c, int fd, struct media_answer *out)
{
	struct media_result r;

	if (!read_all(fd, &r, sizeof(r), 0) || r.magic != MEDIA_MAGIC || r.kind == MEDIA_NONE || r.kind >= MEDIA_KIND_COUNT)
		return ERR(c, E_IO, "media: result not understood");
	if (r.derived_size > MEDIA_DERIVED_MAX || (r.derived_size > 0) != is_picture(r.kind))
		return ERR(c, E_IO, "media: result out of bounds");
	out->kind = r.kind;
	out->voice = r.kind == MEDIA_OPUS || r.kind == MEDIA_MP4 || r.kind == MEDIA_WEBM;
	if (r.derived_size == 0)
		return OK;
	out->derived = (struct sv){ arena_alloc(c->arena, r.derived_size), r.derived_size };
	if (!read_all(fd, (char *)out->derived.p, r.derived_size, RESULT_HEAD))
		return ERR(c, E_IO, "media: result not read");
	out->derived_kind = media_kind_of(out->derived);
	if (out->derived_kind != r.derived_kind || !is_picture(out->derived_kind))
		return ERR(c, E_IO, "media: derived picture is none");
	out->width = r.width;
	out->height = r.height;
	return OK;
}

enum status media_look(struct ctx *c, struct media *m, struct sv content, struct media_answer *out)
{
	struct media_reply reply;
	int fds[2] = { -1, -1 };
	enum status status;

	*out = (struct media_answer){ 0 };
	if (content.n == 0)
		return ERR(c, E_INPUT, "media: empty file");
	if (content.n > MEDIA_INPUT_MAX)
		return ERR(c, E_LIMIT, "media: file too large");
	fds[0] = memfd_create("content", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	fds[1] = memfd_create("result", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (fds[0] < 0 || fds[1] < 0 || !fill(fds[0], content) || !make_result(fds[1])) {
		status = ERR(c, E_IO, "media: no memory file");
	} else if (!ask(m->fd, (uint32_t)content.n, fds, &reply)) {
		status = ERR(c, E_IO, "media: process gone");
	} else {
		out->refusal = reply.refusal;
		status = reply.refusal == MEDIA_ACCEPTED ? take_result(c, fds[1], out) : OK;
	}
	for (size_t i = 0; i < 2; i++)
		if (fds[i] >= 0)
			close(fds[i]);
	return status;
}
