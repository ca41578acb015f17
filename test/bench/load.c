/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The load side of the bench: small on purpose, so that both sides of a ratio pay the same for it. Answers are read whole by
 * Content-Length; a connection that closes is opened again and the request counted as failed. */
#include "test/bench/load.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/heap.h"

#define ROOM (512u * 1024u)
#define SAMPLES (1u << 20)

struct connection {
	int fd;
	char *out, *in;
	size_t out_n, sent, in_n;
	double started;
};

static double now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int dial(uint16_t port)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(port), .sin_addr = { htonl(INADDR_LOOPBACK) } };
	int one = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	if (connect(fd, (struct sockaddr *)&to, sizeof to) != 0) {
		close(fd);
		return -1;
	}
	return fd;
}

/* Whole answer there? Gives its length, 0 when more is needed. */
static size_t answer_length(const char *in, size_t n, struct sv *head, struct sv *body)
{
	const char *end = memmem(in, n, "\r\n\r\n", 4), *line;
	size_t head_n, length = 0;

	if (end == NULL)
		return 0;
	head_n = (size_t)(end - in) + 4;
	for (line = in; line < end; line = (const char *)memchr(line, '\n', head_n - (size_t)(line - in)) + 1)
		if (strncasecmp(line, "content-length:", 15) == 0)
			length = strtoul(line + 15, NULL, 10);
	if (n < head_n + length)
		return 0;
	*head = sv_bytes(in, head_n);
	*body = sv_bytes(in + head_n, length);
	return head_n + length;
}

static unsigned answer_code(struct sv head)
{
	return head.n > 12 ? (unsigned)strtoul(head.p + 9, NULL, 10) : 0;
}

unsigned load_once(uint16_t port, struct sv request, char *answer, size_t room, struct sv *head, struct sv *body)
{
	int fd = dial(port);
	size_t n = 0;
	ssize_t got;

	if (fd < 0)
		return 0;
	while (request.n > 0 && (got = write(fd, request.p, request.n)) > 0) {
		request.p += got;
		request.n -= (size_t)got;
	}
	while (n < room && (got = read(fd, answer + n, room - n)) > 0) {
		n += (size_t)got;
		if (answer_length(answer, n, head, body) > 0) {
			close(fd);
			return answer_code(*head);
		}
	}
	close(fd);
	return 0;
}

static void start(const struct load *l, struct connection *k, uint64_t n)
{
	k->out_n = l->request(l->arg, n, k->out, ROOM);
	k->sent = k->in_n = 0;
	k->started = now_s();
}

static bool push(struct connection *k)
{
	while (k->sent < k->out_n) {
		ssize_t n = send(k->fd, k->out + k->sent, k->out_n - k->sent, MSG_DONTWAIT | MSG_NOSIGNAL);

		if (n < 0)
			return errno == EAGAIN;
		k->sent += (size_t)n;
	}
	return true;
}

static int by_value(const void *a, const void *b)
{
	float x = *(const float *)a, y = *(const float *)b;

	return (x > y) - (x < y);
}

struct tally {
	float *ms;
	uint64_t n, failed;
};

/* Read what is there; true when an answer was completed and the next request may start. */
static int pull(const struct load *l, struct connection *k, struct tally *t, struct load_result *out)
{
	struct sv head, body;
	ssize_t n = recv(k->fd, k->in + k->in_n, ROOM - k->in_n, MSG_DONTWAIT);

	if (n <= 0)
		return n < 0 && errno == EAGAIN ? 0 : -1;
	k->in_n += (size_t)n;
	if (answer_length(k->in, k->in_n, &head, &body) == 0)
		return k->in_n == ROOM ? -1 : 0;
	unsigned code = answer_code(head);
	bool right = l->answer ? l->answer(l->arg, code, head, body) : code >= 200 && code < 400;

	if (!right)
		t->failed++;
	else if (t->n < SAMPLES)
		t->ms[t->n++] = (float)((now_s() - k->started) * 1000);
	out->body_bytes = body.n;
	return 1;
}

static void watch(int epoll, struct connection *k, int how)
{
	struct epoll_event e = { .events = EPOLLIN | (k->sent < k->out_n ? EPOLLOUT : 0u), .data = { .ptr = k } };

	epoll_ctl(epoll, how, k->fd, &e);
}

void load_run(const struct load *l, struct load_result *out)
{
	struct connection *all = heap_new((size_t)l->connections, sizeof *all);
	struct tally t = { .ms = heap_new(SAMPLES, sizeof(float)) };
	int epoll = epoll_create1(EPOLL_CLOEXEC);
	double begin = now_s(), end = begin + l->seconds;
	uint64_t sent = 0;

	memset(out, 0, sizeof *out);
	for (int i = 0; i < l->connections; i++) {
		struct connection *k = &all[i];

		k->out = heap_new(1, ROOM);
		k->in = heap_new(1, ROOM);
		k->fd = dial(l->port);
		start(l, k, sent++);
		push(k);
		watch(epoll, k, EPOLL_CTL_ADD);
	}
	while (now_s() < end) {
		struct epoll_event events[64];
		int n = epoll_wait(epoll, events, 64, 100);

		for (int i = 0; i < n; i++) {
			struct connection *k = events[i].data.ptr;
			int state = push(k) ? pull(l, k, &t, out) : -1;

			if (state < 0) {
				t.failed++;
				close(k->fd);
				k->fd = dial(l->port);
				start(l, k, sent++);
				push(k);
				watch(epoll, k, EPOLL_CTL_ADD);
			} else {
				if (state > 0) {
					start(l, k, sent++);
					push(k);
				}
				watch(epoll, k, EPOLL_CTL_MOD);
			}
		}
	}
	out->answers = t.n;
	out->failed = t.failed;
	out->per_second = (double)t.n / (now_s() - begin);
	qsort(t.ms, t.n, sizeof(float), by_value);
	out->p50_ms = t.n ? (double)t.ms[t.n / 2] : 0;
	out->p99_ms = t.n ? (double)t.ms[t.n - 1 - t.n / 100] : 0;
	for (int i = 0; i < l->connections; i++) {
		close(all[i].fd);
		heap_free(all[i].out);
		heap_free(all[i].in);
	}
	close(epoll);
	heap_free(t.ms);
	heap_free(all);
}
