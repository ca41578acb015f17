/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading and answering on one socket, never blocking. */
#include "keeper/process/loop.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "base/heap.h"
#include "base/wipe.h"

#define KEEP_ROOM (128u * 1024u)

bool peer_allowed(int fd, uint32_t web_uid)
{
	struct ucred peer;
	socklen_t n = sizeof(peer);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &n) != 0)
		return false;
	return peer.uid == geteuid() || peer.uid == 0 || peer.uid == web_uid;
}

static void make_room(struct connection *c, size_t n)
{
	if (n <= c->room)
		return;
	c->message = heap_grow(c->message, c->room, n, 1);
	c->room = n;
}

enum taken connection_take(struct connection *c, uint8_t *frame)
{
	ssize_t n = recv(c->fd, frame, WIRE_HEAD + WIRE_PAYLOAD + 1, MSG_DONTWAIT);
	struct sv piece;
	uint32_t at;
	bool whole;

	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? TAKEN_NOTHING : TAKEN_END;
	if (n == 0 || frame_take(&c->in, sv_bytes(frame, (size_t)n), &piece, &at, &whole) != OK)
		return TAKEN_END;
	make_room(c, c->in.head.total);
	if (piece.n > 0)
		memcpy(c->message + at, piece.p, piece.n);
	wipe(frame, (size_t)n);
	c->ready = whole;
	return whole ? TAKEN_WHOLE : TAKEN_PART;
}

void connection_forget_message(struct connection *c)
{
	if (c->message != NULL)
		wipe(c->message, c->in.head.total < c->room ? c->in.head.total : c->room);
	if (c->room > KEEP_ROOM) {
		heap_free(c->message);
		c->message = NULL;
		c->room = 0;
	}
	c->ready = false;
}

/* 1 sent, 0 no room now, -1 the peer is gone. */
static int send_frame(const struct connection *c, const struct frame_head *head, const uint8_t *payload, size_t n)
{
	uint8_t space[WIRE_HEAD];
	struct iovec v[2] = { { space, sizeof(space) }, { (void *)(uintptr_t)payload, n } };
	struct msghdr m = { .msg_iov = v, .msg_iovlen = 2 };
	ssize_t sent;

	frame_write(space, head);
	sent = sendmsg(c->fd, &m, MSG_DONTWAIT | MSG_NOSIGNAL);
	if (sent == (ssize_t)(n + WIRE_HEAD))
		return 1;
	return sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) ? 0 : -1;
}

static int send_from(const struct connection *c, const struct frame_head *head, const uint8_t *payload, size_t *at)
{
	do {
		size_t n = frame_payload(head->total, (uint32_t)*at);
		int sent = send_frame(c, head, payload + *at, n);

		if (sent != 1)
			return sent;
		*at += n;
	} while (*at < head->total);
	return 1;
}

bool connection_answer(struct connection *c, const struct frame_head *head, struct sv payload, int64_t now)
{
	size_t at = 0;
	int sent = send_from(c, head, (const uint8_t *)(payload.p != NULL ? payload.p : ""), &at);

	if (sent != 0)
		return sent > 0;
	c->head = *head;
	c->answer_n = payload.n;
	c->answer_at = at;
	c->answer = heap_new(payload.n, 1);
	memcpy(c->answer, payload.p, payload.n);
	c->since = now;
	return true;
}

static void answer_free(struct connection *c)
{
	if (c->answer == NULL)
		return;
	wipe(c->answer, c->answer_n);
	heap_free(c->answer);
	c->answer = NULL;
}

bool connection_continue(struct connection *c)
{
	int sent = send_from(c, &c->head, c->answer, &c->answer_at);

	if (sent == 0)
		return true;
	answer_free(c);
	return sent > 0;
}

void connection_free(struct connection *c)
{
	answer_free(c);
	connection_forget_message(c);
	heap_free(c->message);
	close(c->fd);
	heap_free(c);
}
