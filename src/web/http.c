/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libmicrohttpd behind one door: no other file knows it, but for prepared.c, which makes its responses. One epoll thread reads and writes sockets and never waits; a complete request
 * is suspended, *then* queued, and a worker resumes its connection with the answer ready.
 *
 * A body is collected in blocks of our own, never realloc'ed (that leaves copies) and wiped at the end, also of an aborted upload. The
 * library's own memory is at most 64 KiB a connection: that makes it a mapping of its own, given back to the kernel at close.
 *
 * Of a client that sends its last bytes and its end at once the library (0.9.75, edge-triggered) misses the end: it takes a short read for
 * an empty socket. So after each part of a body the socket is asked whether anything can still come; an upload that cannot be completed
 * ends there, and its memory is wiped, instead of when the idle time is over.
 *
 * Framing: the library takes one of two Content-Length fields, or both a length and a transfer coding, without a word. So every header
 * field is walked here first, and the frame refuses what two readers could understand in two ways, before any byte of a body is read. */
#include <microhttpd.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "base/clock.h"
#include "base/heap.h"
#include "base/log.h"
#include "base/wipe.h"
#include "keeper/client.h"
#include "web/frame.h"
#include "web/guard.h"
#include "web/prepared.h"
#include "web/queue.h"

#define CONNECTION_MEMORY (64 * 1024)
#define CONNECTION_IDLE_S 30U
#define TARGET_MAX 2048
#define BODY_FIRST (16 * 1024)
#define FILES_MAX 4
#define FILE_ARENA (96 * 1024 * 1024)
#define SLOW_AFTER_MS (60 * SECOND_MS)
#define SLOW_BYTES_S 512 /* slower than this after a minute is nobody's telephone line */

struct job {
	struct http *http;
	struct MHD_Connection *connection;
	struct exchange x;
	char target[TARGET_MAX];
	bool headed, waiting;
	unsigned *slot; /* counted among the files on their way */
	char *body;
	size_t body_room, body_seen;
	struct MHD_Response *response;
	unsigned code;
};

struct http {
	const struct web *web;
	struct MHD_Daemon *daemon;
	struct queue *queue;
	struct prepared *prepared;
	struct arena *arena; /* of the HTTP thread: refusals only */
	pthread_t *threads;
	struct worker *workers;
	size_t worker_count;
	unsigned uploads, downloads; /* HTTP thread only */
	atomic_size_t active;
};

struct worker_start {
	struct http *http;
	struct worker *worker;
};

/* --- body ------------------------------------------------------------------------------------------------------------- */

static void body_room(struct job *j, size_t need)
{
	size_t room = j->body_room == 0 ? BODY_FIRST : j->body_room;

	while (room < need)
		room *= 2;
	if (room > j->x.body_max)
		room = j->x.body_max;
	if (room <= j->body_room)
		return;
	j->body = heap_grow(j->body, j->body_room, room, 1);
	j->body_room = room;
}

/* Keeps up to body_max and remembers that there was more. False when the connection should be cut: too much, or too slow to be real. */
static bool body_add(struct job *j, const char *data, size_t n)
{
	struct exchange *x = &j->x;
	size_t keep = n;
	int64_t elapsed = clock_monotonic() - x->started;

	j->body_seen += n;
	if (j->body_seen > x->body_drain)
		return false;
	if (elapsed > SLOW_AFTER_MS && (int64_t)j->body_seen < elapsed / SECOND_MS * SLOW_BYTES_S)
		return false;
	if (keep > x->body_max - x->body.n) {
		keep = x->body_max - x->body.n;
		x->cut = true;
	}
	if (keep == 0)
		return true;
	body_room(j, x->body.n + keep);
	memcpy(j->body + x->body.n, data, keep);
	x->body = (struct sv){ j->body, x->body.n + keep };
	return true;
}

/* Did the client end while part of the body it announced is missing? Asked when the library has handed over all it had read. A body
 * without announced length may be whole already: only the library knows. */
static bool body_broken(const struct job *j)
{
	struct sv length = j->x.header[HEADER_CONTENT_LENGTH];
	const union MHD_ConnectionInfo *info;
	uint64_t n = 0;
	char next;

	if (length.p == NULL || !sv_u64(length, &n) || j->body_seen >= n)
		return false;
	info = MHD_get_connection_info(j->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	return info != NULL && recv(info->connect_fd, &next, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

static void body_free(struct job *j)
{
	if (j->body == NULL)
		return;
	wipe(j->body, j->body_room);
	heap_free(j->body);
	j->body = NULL;
}

/* --- header ----------------------------------------------------------------------------------------------------------- */

static enum MHD_Result on_header(void *arg, enum MHD_ValueKind kind, const char *name, size_t name_n, const char *value,
				 size_t value_n)
{
	(void)kind;
	guard_field(arg, (struct sv){ name, name_n }, (struct sv){ value == NULL ? "" : value, value_n });
	return MHD_YES;
}

static void read_address(struct job *j)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(j->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	uint8_t *out = j->x.address;

	if (info == NULL || info->client_addr == NULL)
		return;
	if (info->client_addr->sa_family == AF_INET6) {
		memcpy(out, &((const struct sockaddr_in6 *)(const void *)info->client_addr)->sin6_addr, 16);
	} else if (info->client_addr->sa_family == AF_INET) {
		out[10] = out[11] = 0xff;
		memcpy(out + 12, &((const struct sockaddr_in *)(const void *)info->client_addr)->sin_addr, 4);
	}
}

static enum http_method method_of(const char *method)
{
	if (strcmp(method, "GET") == 0)
		return HTTP_GET;
	if (strcmp(method, "HEAD") == 0)
		return HTTP_HEAD;
	return strcmp(method, "POST") == 0 ? HTTP_POST : HTTP_OTHER;
}

static void refuse(struct exchange *x, unsigned code, const char *key)
{
	if (x->refused != 0)
		return;
	x->refused = code;
	x->refused_key = key;
}

/* Files pass through memory whole: few at a time, either way. */
static void take_slot(struct job *j)
{
	unsigned *slot = j->x.upload ? &j->http->uploads : &j->http->downloads;

	if (*slot >= FILES_MAX) {
		refuse(&j->x, 503, "error.busy");
		return;
	}
	++*slot;
	j->slot = slot;
}

static void read_head(struct job *j, const char *method, const char *version)
{
	struct exchange *x = &j->x;

	x->method = method_of(method);
	x->version_1_1 = strcmp(version, MHD_HTTP_VERSION_1_1) == 0;
	read_address(j);
	MHD_get_connection_values_n(j->connection, MHD_HEADER_KIND, on_header, x);
	if (x->target.n == 0)
		refuse(x, 400, "error.input");
	frame_head(j->http->web, x);
	if (x->refused == 0 && (x->route->flags & ROUTE_FILE) != 0 && (x->upload || x->method != HTTP_POST))
		take_slot(j);
}

/* --- answers ---------------------------------------------------------------------------------------------------------- */

static enum MHD_Result answer_now(struct job *j)
{
	enum MHD_Result result;

	if (j->response == NULL)
		return MHD_NO;
	result = MHD_queue_response(j->connection, j->code, j->response);
	MHD_destroy_response(j->response);
	j->response = NULL;
	return result;
}

static enum MHD_Result refuse_now(struct job *j)
{
	struct http *h = j->http;
	struct reply a = { 0 };

	frame_refuse(h->web, h->arena, &j->x, &a);
	j->code = a.code;
	j->response = prepared_response(&a);
	arena_reset(h->arena);
	log_event(LOG_REFUSED, OK, j->x.route == NULL ? -1 : (int64_t)j->x.route_number, a.code, 0, 0);
	return answer_now(j);
}

/* Power of two above the milliseconds it took: says slow or not, and no more. */
static int64_t duration_bucket(int64_t ms)
{
	int64_t bucket = 1;

	while (bucket <= ms && bucket < 65536)
		bucket *= 2;
	return bucket;
}

/* A file passes through memory whole, sealed and plain: such a request gets an arena of its own, given back at once. */
static void work(const struct worker *k, struct job *j)
{
	bool file = j->slot != NULL;
	struct worker own = *k;
	struct reply a = { 0 };

	if (file)
		own.arena = arena_new(FILE_ARENA);
	frame_run(&own, &j->x, &a);
	j->code = a.code;
	j->response = prepared_response(&a);
	log_event(LOG_REQUEST, a.status, (int64_t)j->x.route_number, a.code, duration_bucket(clock_monotonic() - j->x.started),
		  a.line);
	if (file)
		arena_free(own.arena);
	else
		arena_reset(own.arena);
}

/* A worker and the line he stands in. */
struct in_line {
	struct queue *queue;
	struct queue_place place;
};

/* He waits for a password to be stretched: nobody else shall. */
static void on_wait(void *arg, bool begins)
{
	struct in_line *l = arg;

	if (begins)
		queue_pause(l->queue, &l->place);
	else
		queue_resume(l->queue, &l->place);
}

static void *worker_main(void *arg)
{
	struct worker_start *start = arg;
	struct http *h = start->http;
	struct worker *k = start->worker;
	struct in_line line = { .queue = h->queue };
	struct job *j;

	heap_free(start);
	keeper_on_wait(k->keeper, on_wait, &line);
	while ((j = queue_take(h->queue, &line.place)) != NULL) {
		work(k, j);
		wipe_stack();
		MHD_resume_connection(j->connection); /* the job may be gone from here on */
	}
	return NULL;
}

/* --- the library's callbacks -------------------------------------------------------------------------------------------- */

/* Start of a request: the target as it came, before the library cuts it up. */
static void *on_target(void *arg, const char *target, struct MHD_Connection *connection)
{
	struct http *h = arg;
	struct job *j = heap_new(1, sizeof(*j));
	size_t n = strlen(target);

	j->http = h;
	j->connection = connection;
	j->x.started = clock_monotonic();
	if (n < sizeof(j->target)) {
		memcpy(j->target, target, n);
		j->x.target = (struct sv){ j->target, n };
	}
	atomic_fetch_add(&h->active, 1);
	return j;
}

static enum MHD_Result on_request(void *arg, struct MHD_Connection *connection, const char *url, const char *method,
				  const char *version, const char *data, size_t *data_n, void **state)
{
	struct http *h = arg;
	struct job *j = *state;
	struct MHD_Response *prepared;

	(void)url;
	if (j == NULL)
		return MHD_NO;
	if (!j->headed) {
		j->headed = true;
		read_head(j, method, version);
		return j->x.refused != 0 ? refuse_now(j) : MHD_YES;
	}
	if (*data_n > 0) {
		bool go_on = body_add(j, data, *data_n) && !body_broken(j);

		*data_n = 0;
		return go_on ? MHD_YES : MHD_NO;
	}
	if (j->waiting)
		return answer_now(j);
	prepared = prepared_find(h->prepared, &j->x);
	if (prepared != NULL)
		return MHD_queue_response(connection, MHD_HTTP_OK, prepared);
	if (queue_full(h->queue)) {
		refuse(&j->x, 503, "error.busy");
		return refuse_now(j);
	}
	j->waiting = true;
	MHD_suspend_connection(connection);
	queue_put(h->queue, j);
	return MHD_YES;
}

static void on_end(void *arg, struct MHD_Connection *connection, void **state, enum MHD_RequestTerminationCode how)
{
	struct http *h = arg;
	struct job *j = *state;

	(void)connection;
	(void)how;
	if (j == NULL)
		return;
	*state = NULL;
	if (j->slot != NULL)
		--*j->slot;
	if (j->response != NULL)
		MHD_destroy_response(j->response);
	body_free(j);
	wipe(j, sizeof(*j));
	heap_free(j);
	atomic_fetch_sub(&h->active, 1);
}

/* Addresses of ours hold nothing to unescape; the router refuses a percent sign. */
static size_t as_it_is(void *arg, struct MHD_Connection *connection, char *s)
{
	(void)arg;
	(void)connection;
	return strlen(s);
}

/* --- start and stop ------------------------------------------------------------------------------------------------------ */

static enum status workers_start(struct http *h)
{
	pthread_attr_t attr;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 1024 * 1024);
	for (size_t i = 0; i < h->worker_count; i++) {
		struct worker_start *start = heap_new(1, sizeof(*start));

		*start = (struct worker_start){ h, &h->workers[i] };
		if (pthread_create(&h->threads[i], &attr, worker_main, start) != 0)
			return E_IO;
	}
	pthread_attr_destroy(&attr);
	return OK;
}

/* On failure the process ends: nothing is taken apart again. */
enum status http_start(const struct web *w, struct worker *workers, size_t worker_count, const struct http_settings *s,
		       struct http **out)
{
	struct http *h = heap_new(1, sizeof(*h));

	h->web = w;
	h->workers = workers;
	h->worker_count = worker_count;
	h->queue = queue_new(s->queue == 0 ? 256 : s->queue, s->running == 0 ? worker_count : s->running);
	h->arena = arena_new(0);
	h->threads = heap_new(worker_count, sizeof(*h->threads));
	TRY(prepared_new(w, &h->prepared));
	TRY(workers_start(h));
	h->daemon = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, on_request, h,
				     MHD_OPTION_LISTEN_SOCKET, s->fd, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY,
				     MHD_OPTION_CONNECTION_LIMIT, s->connections == 0 ? 512U : s->connections,
				     MHD_OPTION_CONNECTION_TIMEOUT, s->idle_s == 0 ? CONNECTION_IDLE_S : s->idle_s,
				     MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_URI_LOG_CALLBACK, on_target, h,
				     MHD_OPTION_UNESCAPE_CALLBACK, as_it_is, NULL, MHD_OPTION_NOTIFY_COMPLETED, on_end, h,
				     MHD_OPTION_END);
	if (h->daemon == NULL)
		return E_IO;
	*out = h;
	return OK;
}

size_t http_active(struct http *h)
{
	return atomic_load(&h->active);
}

void http_stop(struct http *h, int64_t grace_ms)
{
	int64_t until = clock_monotonic() + grace_ms;
	const struct timespec step = { 0, 2000000 };

	(void)MHD_quiesce_daemon(h->daemon);
	while (http_active(h) > 0 && clock_monotonic() < until)
		nanosleep(&step, NULL);
	queue_stop(h->queue);
	for (size_t i = 0; i < h->worker_count; i++)
		pthread_join(h->threads[i], NULL);
	MHD_stop_daemon(h->daemon);
	prepared_free(h->prepared);
	queue_free(h->queue);
	arena_free(h->arena);
	heap_free(h->threads);
	heap_free(h);
}
