/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The connection to the keeper: one request at a time, numbered; an answer with another number ends the connection. Login, sessions
 * and drafts stand here, sealed data in client_data.c, ceremonies in admin_client.c. */
#include "keeper/client.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include "base/heap.h"
#include "base/wipe.h"
#include "keeper/call.h"

struct keeper {
	int fd;
	uint32_t number;
	void (*waits)(void *arg, bool begins);
	void *waits_arg;
};

enum status keeper_connect(const char *socket_path, struct keeper **out)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	size_t n = strlen(socket_path);
	int fd;

	if (n >= sizeof(at.sun_path))
		return E_IO;
	memcpy(at.sun_path, socket_path, n);
	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return E_IO;
	if (connect(fd, (const struct sockaddr *)&at, sizeof(at)) != 0) {
		close(fd);
		return E_IO;
	}
	*out = heap_new(1, sizeof(**out));
	(*out)->fd = fd;
	return OK;
}

void keeper_close(struct keeper *k)
{
	if (k == NULL)
		return;
	if (k->fd >= 0)
		close(k->fd);
	heap_free(k);
}

void keeper_on_wait(struct keeper *k, void (*waits)(void *arg, bool begins), void *arg)
{
	if (k == NULL)
		return;
	k->waits = waits;
	k->waits_arg = arg;
}

/* A set may bring a new code; most do not, and asking costs little. */
static bool takes_argon(enum call what)
{
	return what == CALL_LOGIN || what == CALL_MAILBOX || what == CALL_SEAL || what == CALL_JOIN || what == CALL_RECOVER ||
	       what == CALL_NEW_PASSWORD || what == CALL_STEP_UP || what == CALL_NEW_RECOVERY;
}

static enum status broken(struct keeper *k)
{
	close(k->fd);
	k->fd = -1;
	return E_IO;
}

static enum status send_message(struct keeper *k, enum call what, struct sv payload)
{
	struct frame_head h = { .number = ++k->number, .code = (uint16_t)what, .total = (uint32_t)payload.n };
	uint8_t head[WIRE_HEAD];
	uint32_t at = 0;

	frame_write(head, &h);
	do {
		uint32_t n = frame_payload(h.total, at);
		struct iovec v[2] = { { head, sizeof(head) }, { (char *)(uintptr_t)(payload.p + at), n } };
		struct msghdr m = { .msg_iov = v, .msg_iovlen = 2 };
		ssize_t sent;

		do
			sent = sendmsg(k->fd, &m, MSG_NOSIGNAL);
		while (sent < 0 && errno == EINTR);
		if (sent != (ssize_t)(WIRE_HEAD + n))
			return broken(k);
		at += n;
	} while (at < h.total);
	return OK;
}

/* One frame into memory of the arena: 64 KiB, given back when the message was shorter. */
static enum status receive_frame(struct keeper *k, struct arena *a, struct sv *frame)
{
	char *p = arena_alloc(a, WIRE_HEAD + WIRE_PAYLOAD + 1);
	ssize_t n;

	do
		n = recv(k->fd, p, WIRE_HEAD + WIRE_PAYLOAD + 1, 0);
	while (n < 0 && errno == EINTR);
	if (n < (ssize_t)WIRE_HEAD)
		return broken(k);
	*frame = sv_bytes(p, (size_t)n);
	return OK;
}

static enum status receive_message(struct keeper *k, struct arena *a, struct frame_head *head, struct sv *payload)
{
	struct assembly message = { 0 };
	char *whole = NULL;
	bool complete = false;

	while (!complete) {
		struct arena_mark mark = arena_mark(a);
		struct sv frame, piece;
		uint32_t at;

		TRY(receive_frame(k, a, &frame));
		if (frame_take(&message, frame, &piece, &at, &complete) != OK || message.head.number != k->number)
			return broken(k);
		if (at == 0 && complete) {
			*payload = piece;
			break;
		}
		if (whole == NULL) {
			whole = arena_alloc(a, message.head.total);
			mark = arena_mark(a);
		}
		memcpy(whole + at, piece.p, piece.n);
		arena_rewind(a, mark);
		*payload = sv_bytes(whole, message.head.total);
	}
	*head = message.head;
	return OK;
}

static enum status wait_for(struct keeper *k, enum call what, struct arena *a, struct frame_head *head, struct sv *payload)
{
	const bool long_wait = k->waits != NULL && takes_argon(what);
	enum status s;

	if (long_wait)
		k->waits(k->waits_arg, true);
	s = receive_message(k, a, head, payload);
	if (long_wait)
		k->waits(k->waits_arg, false);
	return s;
}

struct buf call_body(struct ctx *c, const struct token *t)
{
	struct buf b = buf_new(c->arena, 512, WIRE_MESSAGE_MAX);

	buf_put(&b, t->b, sizeof(t->b));
	return b;
}

enum status call_keeper(struct ctx *c, enum call what, const struct buf *body, struct reader *answer)
{
	struct keeper *k = c->keeper;
	struct frame_head head;
	struct sv payload = SV_NONE;

	if (k == NULL || k->fd < 0)
		return ERR(c, E_IO, "no connection to the keeper");
	if (buf_ok(body) != OK)
		return ERR(c, E_LIMIT, "a message to the keeper is too large");
	if (send_message(k, what, buf_view(body)) != OK || wait_for(k, what, c->arena, &head, &payload) != OK)
		return ERR(c, E_IO, "the keeper is gone");
	*answer = reader_of(payload);
	if (head.code == OK)
		return OK;
	if (head.code >= STATUS_COUNT)
		return ERR(c, E_IO, "the keeper answered nonsense");
	c->error.retry_s = head.retry_s;
	return ERR(c, (enum status)head.code, "the keeper refused");
}

enum status call_done(struct ctx *c, const struct reader *answer)
{
	if (!answer->bad && answer->n == 0)
		return OK;
	if (c->keeper->fd >= 0)
		close(c->keeper->fd);
	c->keeper->fd = -1;
	return ERR(c, E_IO, "the keeper answered nonsense");
}

/* --- login and sessions ---------------------------------------------------------------------------------------------- */

static enum status get_token(struct ctx *c, struct reader *r, struct token *out)
{
	get_bytes(r, out->b, sizeof(out->b));
	return call_done(c, r);
}

enum status keeper_login(struct ctx *c, struct sv login, struct sv password, const struct token *device, struct token *half)
{
	struct buf b = call_body(c, &NO_TOKEN);
	struct reader r;

	put_bytes(&b, login);
	put_bytes(&b, password);
	buf_put(&b, device != NULL ? device->b : NO_TOKEN.b, sizeof(device->b));
	TRY(call_keeper(c, CALL_LOGIN, &b, &r));
	return get_token(c, &r, half);
}

enum status keeper_second(struct ctx *c, const struct token *half, enum factor kind, struct sv code, struct token *full,
			  struct token *device)
{
	struct token none;
	struct buf b = call_body(c, half);
	struct reader r;

	buf_byte(&b, (uint8_t)kind);
	put_bytes(&b, code);
	buf_byte(&b, device != NULL);
	TRY(call_keeper(c, CALL_SECOND, &b, &r));
	get_bytes(&r, full->b, sizeof(full->b));
	return get_token(c, &r, device != NULL ? device : &none);
}

enum status keeper_session(struct ctx *c, const struct token *t, struct actor *out)
{
	const struct token token = *t; /* t may lie in *out */
	struct buf b = call_body(c, t);
	struct reader r;
	enum status s = call_keeper(c, CALL_SESSION, &b, &r);

	if (s != OK && s != E_STATE)
		return s;
	*out = (struct actor){ 0 };
	get_actor(&r, out);
	out->token = token;
	TRY(call_done(c, &r));
	return s;
}

enum status keeper_shared_desk(struct ctx *c, const struct token *t, bool shared)
{
	struct buf b = call_body(c, t);
	struct reader r;

	buf_byte(&b, shared);
	TRY(call_keeper(c, CALL_SHARED_DESK, &b, &r));
	return call_done(c, &r);
}

enum status keeper_logout(struct ctx *c, const struct token *t)
{
	struct buf b = call_body(c, t);
	struct reader r;

	TRY(call_keeper(c, CALL_LOGOUT, &b, &r));
	return call_done(c, &r);
}

enum status keeper_draft_save(struct ctx *c, const struct token *t, struct sv where, struct sv body)
{
	struct buf b = call_body(c, t);
	struct reader r;

	put_bytes(&b, where);
	put_bytes(&b, body);
	TRY(call_keeper(c, CALL_DRAFT_SAVE, &b, &r));
	return call_done(c, &r);
}

enum status keeper_drafts(struct ctx *c, struct draft **out, size_t *n)
{
	struct buf b = call_body(c, &c->who->token);
	struct reader r;

	TRY(call_keeper(c, CALL_DRAFTS, &b, &r));
	*n = get_count(&r, 1000);
	*out = ARENA_ARRAY(c->arena, struct draft, *n + 1);
	for (size_t i = 0; i < *n; i++) {
		struct draft *d = &(*out)[i];

		d->id = get_id(&r);
		d->at = (int64_t)get_u64(&r);
		d->where = get_bytes_view(&r, WIRE_MESSAGE_MAX);
		d->body = get_bytes_view(&r, WIRE_MESSAGE_MAX);
	}
	return call_done(c, &r);
}

enum status keeper_draft_drop(struct ctx *c, struct id id)
{
	struct buf b = call_body(c, &c->who->token);
	struct reader r;

	put_id(&b, id);
	TRY(call_keeper(c, CALL_DRAFT_DROP, &b, &r));
	return call_done(c, &r);
}

enum status keeper_instance(struct ctx *c, struct instance *out)
{
	struct buf b = call_body(c, &NO_TOKEN);
	struct reader r;

	TRY(call_keeper(c, CALL_INSTANCE, &b, &r));
	out->id = get_id(&r);
	out->demo = get_u8(&r) != 0;
	out->pepper_on_disk = get_u8(&r) != 0;
	out->leaves = get_u64(&r);
	out->witnessed_at = (int64_t)get_u64(&r);
	return call_done(c, &r);
}

enum status keeper_mailbox(struct ctx *c, struct sv code20, struct token *out)
{
	struct buf b = call_body(c, &NO_TOKEN);
	struct reader r;

	put_bytes(&b, code20);
	TRY(call_keeper(c, CALL_MAILBOX, &b, &r));
	return get_token(c, &r, out);
}

enum status keeper_settle(struct keeper *k, const struct settled *sets, size_t n)
{
	uint8_t space[sizeof(struct token) + 4 + 512 * 9];

	while (n > 0) {
		size_t now = n < 512 ? n : 512;
		struct buf b = buf_over(space, sizeof(space));

		if (k->fd < 0)
			return E_IO;
		buf_zeros(&b, sizeof(struct token));
		buf_u32(&b, (uint32_t)now);
		for (size_t i = 0; i < now; i++) {
			buf_u64(&b, sets[i].first_seq);
			buf_byte(&b, sets[i].in_force);
		}
		TRY(send_message(k, CALL_SETTLE, buf_view(&b)));
		sets += now;
		n -= now;
	}
	return OK;
}
