/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The HTTP side on a real socket of this machine, with a table of pages made for it: framing, headers, limits, waiting lines, aborted
 * uploads, and what reaches the log. Pages that need a keeper are tested over the whole service in test/http. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#include "assets.h"
#include "base/random.h"
#include "base/text.h"
#include "base/wipe.h"
#include "web/server.h"

#define ANSWER_MAX (1024 * 1024)
#define FILE_MAX (64 * 1024)

static struct web web;
static struct worker workers[2];
static struct http *http;
static int port;
static char host[32], answer[ANSWER_MAX];
static size_t answer_n;
static atomic_int ran;
static sem_t hold, held;

/* --- pages ------------------------------------------------------------------------------------------------------------------- */

static enum status page(struct ctx *c, const struct request *r, struct response *out)
{
	(void)c, (void)r;
	atomic_fetch_add(&ran, 1);
	out->pad = true;
	buf_text(&out->body, "<!DOCTYPE html><p>page</p>");
	return OK;
}

static enum status wait_here(struct ctx *c, const struct request *r, struct response *out)
{
	(void)c, (void)r;
	sem_post(&held);
	sem_wait(&hold);
	buf_text(&out->body, "waited");
	return OK;
}

struct form_in {
	struct sv words;
	struct upload file;
};
static const struct param form_params[] = {
	PARAM(struct form_in, words, P_LONG, 10, .required = true),
	PARAM(struct form_in, file, P_FILE, FILE_MAX),
};

static enum status form_page(struct ctx *c, const struct request *r, struct response *out)
{
	const struct form_in *in = r->in;

	(void)c;
	atomic_fetch_add(&ran, 1);
	buf_format(&out->body, "got %zu %zu", in->words.n, in->file.content.n);
	return OK;
}

/* Shows what was typed beside what was wrong with it. */
static enum status showing_page(struct ctx *c, const struct request *r, struct response *out)
{
	for (size_t i = 0; i < c->input_count; i++)
		buf_format(&out->body, "%s %s %lld\n", c->inputs[i].field, c->inputs[i].key, (long long)c->inputs[i].limit);
	buf_text(&out->body, "typed ");
	buf_sv(&out->body, typed(c, r, "words"));
	buf_format(&out->body, "\nticket %d session %d", r->proof.ticket, r->proof.session);
	return OK;
}

static enum status fails(struct ctx *c, const struct request *r, struct response *out)
{
	(void)r;
	buf_text(&out->body, "thrown away");
	return ERR(c, E_STORE, "as if the disk were full");
}

static const struct route rows[] = {
	ROUTE0(GET, SITE_PUBLIC, "/page", page, PUBLIC),
	ROUTE0(GET, SITE_PUBLIC, "/fr", page, PUBLIC),
	ROUTE0(GET, SITE_PUBLIC, "/wait", wait_here, PUBLIC),
	ROUTE0(GET, SITE_PUBLIC, "/fails", fails, PUBLIC),
	ROUTE0(GET, SITE_STAFF, "/closed", page, SESSION),
	ROUTE(POST, SITE_PUBLIC, "/form", form_page, PUBLIC, form_params, struct form_in),
	ROUTE(POST, SITE_PUBLIC, "/file", showing_page, PUBLIC, form_params, struct form_in, .body_max = FILE_MAX + 4096,
	      .flags = ROUTE_FILE | ROUTE_SHOWS_INPUT_ERRORS),
	ROUTE(POST, SITE_PUBLIC, "/ticket", showing_page, PUBLIC, form_params, struct form_in,
	      .flags = ROUTE_TICKET | ROUTE_SHOWS_INPUT_ERRORS),
	ROUTE(POST, SITE_STAFF, "/closed", form_page, SESSION, form_params, struct form_in),
};
static const struct routes table = { rows, sizeof(rows) / sizeof(rows[0]) };

/* --- a client ------------------------------------------------------------------------------------------------------------------- */

static int dial(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
				 .sin_port = htons((uint16_t)port),
				 .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(connect(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	return fd;
}

static void give(int fd, const char *s, size_t n)
{
	while (n > 0) {
		ssize_t w = send(fd, s, n, MSG_NOSIGNAL);

		if (w <= 0)
			return;
		s += w;
		n -= (size_t)w;
	}
}

/* Reads until the other side closes, or `enough` stands in what came. */
static void take(int fd, const char *enough)
{
	answer_n = 0;
	for (;;) {
		struct pollfd p = { .fd = fd, .events = POLLIN };
		ssize_t n;

		answer[answer_n] = 0;
		if (enough != NULL && strstr(answer, enough) != NULL)
			return;
		assert_int_equal(poll(&p, 1, 60000), 1);
		n = recv(fd, answer + answer_n, ANSWER_MAX - 1 - answer_n, 0);
		if (n <= 0)
			break;
		answer_n += (size_t)n;
	}
	answer[answer_n] = 0;
}

static void ask(const char *s, size_t n)
{
	int fd = dial();

	give(fd, s, n);
	take(fd, NULL);
	close(fd);
}

static int code(void)
{
	return answer_n > 12 ? (answer[9] - '0') * 100 + (answer[10] - '0') * 10 + answer[11] - '0' : 0;
}

/* The library itself says "400" twice over some wrong lengths; what counts is that nothing else is ever said. */
static bool only(const char *status)
{
	for (const char *p = answer; (p = strstr(p, "HTTP/1.1 ")) != NULL; p++)
		if (strncmp(p + 9, status, 3) != 0)
			return false;
	return code() != 0;
}

static void get(const char *path, const char *more)
{
	char s[8192];
	int n = snprintf(s, sizeof(s), "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n%s\r\n", path, host, more);

	ask(s, (size_t)n);
}

static size_t post_text(char *out, size_t room, const char *path, const char *type, size_t n, const char *more)
{
	return (size_t)snprintf(out, room,
				"POST %s HTTP/1.1\r\nHost: %s\r\nOrigin: http://%s\r\nConnection: close\r\nContent-Type: %s\r\n"
				"Content-Length: %zu\r\n%s\r\n",
				path, host, host, type, n, more);
}

static void post(const char *path, const char *body, const char *more)
{
	char s[8192];
	size_t n = post_text(s, sizeof(s), path, "application/x-www-form-urlencoded", strlen(body), more);

	memcpy(s + n, body, strlen(body));
	ask(s, n + strlen(body));
}

static const char *header(const char *name)
{
	static char value[1024];
	char line[80];
	const char *p, *end;

	snprintf(line, sizeof(line), "\r\n%s: ", name);
	p = strstr(answer, line);

	if (p == NULL)
		return "";
	p += strlen(line);
	end = strstr(p, "\r\n");
	snprintf(value, sizeof(value), "%.*s", (int)(end - p), p);
	return value;
}

static const char *body(void)
{
	const char *p = strstr(answer, "\r\n\r\n");

	return p == NULL ? "" : p + 4;
}

static void until_quiet(void)
{
	const struct timespec step = { 0, 1000000 };

	for (int i = 0; http_active(http) > 0; i++) {
		assert_true(i < 60000);
		nanosleep(&step, NULL);
	}
}

/* --- tests ------------------------------------------------------------------------------------------------------------------------ */

static void test_T_WEB_1_headers(void **state)
{
	static const char *const paths[] = { "/page", "/fr", "/w", "/nowhere", "/fails", "/staff/closed", "/staff/login" };

	(void)state;
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		bool staff = strncmp(paths[i], "/staff", 6) == 0;
		char csp[600];

		get(paths[i], "");
		snprintf(
			csp, sizeof(csp),
			"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
			"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
			"trusted-types 'none'; media-src 'self'%s",
			staff ? "" : " blob:");
		assert_string_equal(header("Content-Security-Policy"), csp);
		assert_string_equal(header("Strict-Transport-Security"), "max-age=63072000");
		assert_string_equal(header("Referrer-Policy"), "same-origin");
		assert_string_equal(header("X-Content-Type-Options"), "nosniff");
		assert_string_equal(header("Cross-Origin-Opener-Policy"), "same-origin");
		assert_string_equal(header("Cross-Origin-Embedder-Policy"), "require-corp");
		assert_string_equal(header("Cross-Origin-Resource-Policy"), "same-origin");
		assert_non_null(strstr(header("Permissions-Policy"), "microphone=()"));
		assert_string_equal(header("Cache-Control"), "no-store");
		assert_string_equal(header("X-Robots-Tag"), strcmp(paths[i], "/fr") == 0 ? "" : "noindex, noarchive");
		assert_string_equal(header("Set-Cookie"), "");
		assert_string_equal(header("Server"), "");
	}
}

static void test_answers(void **state)
{
	(void)state;
	get("/page", "");
	assert_int_equal(code(), 200);
	assert_int_equal(strlen(body()) % 16384, 0);
	assert_true(strlen(body()) > 0);
	get("/nowhere", "");
	assert_int_equal(code(), 404);
	get("/staff/closed", "");
	assert_int_equal(code(), 303);
	assert_string_equal(header("Location"), "/staff/login");
	get("/staff/login", "Accept-Language: ar-MA,fr;q=0.5\r\n");
	assert_int_equal(code(), 200);
	assert_non_null(strstr(body(), "<html lang=\"ar\" dir=\"rtl\">"));
	get("/fails", "");
	assert_int_equal(code(), 503);
	assert_null(strstr(body(), "thrown away"));
	get("/nowhere", "Accept: application/json\r\n");
	assert_string_equal(header("Content-Type"), "application/problem+json");
	assert_non_null(strstr(body(), "\"status\":404,\"code\":\"error.notfound\""));
}

static void test_methods(void **state)
{
	static const char *const others[] = { "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "CONNECT", "X" };
	char s[256];

	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		ask(s,
		    (size_t)snprintf(s, sizeof(s), "%s /page HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n", others[i], host));
		assert_int_equal(code(), 405);
		assert_string_equal(header("Allow"), "GET, HEAD, POST");
	}
	post("/page", "", "");
	assert_int_equal(code(), 405);
	ask(s, (size_t)snprintf(s, sizeof(s), "HEAD /page HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n", host));
	assert_int_equal(code(), 200);
	assert_string_equal(body(), "");
	assert_string_equal(header("Content-Length"), "16384");
}

/* --- answers made at start ------------------------------------------------------------------------------------------------- */

static void head_of(const char *path, const char *more)
{
	char s[1024];

	ask(s, (size_t)snprintf(s, sizeof(s), "HEAD %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n%s\r\n", path, host, more));
}

/* Language by cookie, then by browser; HEAD says the same but for the page; a condition is met by the whole page, for none is kept; a
 * field the page does not have is refused as on any page. That all headers are there: test_T_WEB_1_headers. */
static void test_constant_page(void **state)
{
	char fields[4096];
	const char *date;

	(void)state;
	get("/w", "Accept-Language: en-GB,ar;q=0.5\r\n");
	assert_int_equal(code(), 200);
	assert_non_null(strstr(body(), "<html lang=\"en\" dir=\"ltr\">"));
	get("/w", "Accept-Language: en\r\nCookie: __Host-s=AAAA; __Host-l=ar\r\n");
	assert_non_null(strstr(body(), "<html lang=\"ar\" dir=\"rtl\">"));
	assert_int_equal(strlen(body()), 16384);
	snprintf(fields, sizeof(fields), "%.*s", (int)(body() - answer), answer);
	date = strstr(fields, "Date: ");
	assert_non_null(date);
	head_of("/w", "Accept-Language: ar\r\n");
	assert_string_equal(body(), "");
	assert_memory_equal(answer, fields, (size_t)(date - fields));
	assert_string_equal(strstr(strstr(answer, "Date: "), "\r\n"), strstr(date, "\r\n"));
	get("/w", "If-None-Match: *\r\nIf-Modified-Since: Fri, 31 Dec 2100 23:59:59 GMT\r\n");
	assert_int_equal(code(), 200);
	assert_int_equal(strlen(body()), 16384);
	assert_string_equal(header("ETag"), "");
	assert_string_equal(header("Last-Modified"), "");
	get("/w?words=1", "");
	assert_int_equal(code(), 400);
	post("/w", "", "");
	assert_int_equal(code(), 405);
}

static void check_asset(const char *path, const char *more, bool packed, const uint8_t *bytes, size_t n)
{
	get(path, more);
	assert_int_equal(code(), 200);
	assert_string_equal(header("Content-Encoding"), packed ? "gzip" : "");
	assert_string_equal(header("Vary"), "Accept-Encoding");
	assert_string_equal(header("Cache-Control"), "public, max-age=31536000, immutable");
	assert_string_equal(header("X-Content-Type-Options"), "nosniff");
	assert_string_equal(header("X-Robots-Tag"), "noindex, noarchive");
	assert_int_equal(answer_n - (size_t)(body() - answer), n);
	assert_memory_equal(body(), bytes, n);
}

static void test_T_WEB_1_static_files(void **state)
{
	static const char *const plain[] = { "", "Accept-Encoding: br, deflate\r\n", "Accept-Encoding: gzip;q=0\r\n",
					     "Accept-Encoding: br, gzip; q=0.000, *\r\n", "Accept-Encoding: notgzip\r\n" },
				 *const packed[] = { "Accept-Encoding: gzip\r\n", "Accept-Encoding: br;q=1,gzip;q=0.1\r\n" };
	char path[200];

	(void)state;
	for (size_t i = 0; i < ASSET_COUNT; i++) {
		const struct asset *a = &assets[i];

		snprintf(path, sizeof(path), "/s/%s", a->name);
		for (size_t k = 0; k < sizeof(plain) / sizeof(plain[0]); k++)
			check_asset(path, plain[k], false, a->bytes, a->n);
		for (size_t k = 0; k < sizeof(packed) / sizeof(packed[0]); k++)
			check_asset(path, packed[k], true, a->gzip, a->gzip_n);
		snprintf(path, sizeof(path), "/staff/s/%s", a->name);
		check_asset(path, "", false, a->bytes, a->n);
		assert_null(strstr(header("Content-Security-Policy"), "blob:"));
		snprintf(path, sizeof(path), "/s/%sx", a->name);
		get(path, "Accept-Encoding: gzip\r\n");
		assert_int_equal(code(), 404);
		assert_string_equal(header("Cache-Control"), "no-store");
		assert_string_equal(header("Content-Encoding"), "");
	}
}

static void test_keep_alive(void **state)
{
	int fd = dial();
	char s[256];

	(void)state;
	for (int i = 0; i < 4; i++) {
		int n = snprintf(s, sizeof(s), "GET %s HTTP/1.1\r\nHost: %s\r\n\r\n", i % 2 == 0 ? "/page" : "/w", host);

		give(fd, s, (size_t)n);
		take(fd, "</p>");
		while (strlen(body()) < 16384) {
			char rest[16384];
			ssize_t r = recv(fd, rest, 16384 - strlen(body()), 0);

			assert_true(r > 0);
			memcpy(answer + answer_n, rest, (size_t)r);
			answer_n += (size_t)r;
			answer[answer_n] = 0;
		}
		assert_int_equal(code(), 200);
	}
	close(fd);
}

/* Each could be read in two ways by two readers. One refusal, the connection ends, and what was hidden behind is never answered. */
static void test_T_WEB_4_ambiguous_framing(void **state)
{
#define HIDDEN "GET /page HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
	static const char *const requests[] = {
		"POST /form HTTP/1.1\r\nHost: %s\r\nContent-Length: 0\r\nContent-Length: 40\r\n\r\n" HIDDEN,
		"POST /form HTTP/1.1\r\nHost: %s\r\nContent-Length: 40\r\nContent-Length: 0\r\n\r\n" HIDDEN,
		"POST /form HTTP/1.1\r\nHost: %s\r\nContent-Length: 7\r\nContent-Length: 7\r\n\r\nwords=1" HIDDEN,
		"POST /form HTTP/1.1\r\nHost: %s\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" HIDDEN,
		"POST /form HTTP/1.1\r\nHost: %s\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" HIDDEN,
		"POST /form HTTP/1.1\r\nHost: %s\r\nTransfer-Encoding: identity\r\n\r\n" HIDDEN,
		"POST /form HTTP/1.1\r\nHost: %s\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n" HIDDEN,
		"POST /form HTTP/1.1\r\nHost: %s\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" HIDDEN,
		"POST /form HTTP/1.1\r\nHost: %s\r\nTransfer-Encoding:\r\n\r\n" HIDDEN,
		"POST /form HTTP/1.1\r\nHost: %s\r\nContent-Length: +5\r\n\r\n" HIDDEN,
		"POST /form HTTP/1.1\r\nHost: %s\r\nContent-Length: 0x5\r\n\r\n" HIDDEN,
		"POST /form HTTP/1.1\r\nHost: %s\r\nContent-Length: 5, 5\r\n\r\n" HIDDEN,
		"POST /form HTTP/1.1\r\nHost: %s\r\nContent-Length: -1\r\n\r\n" HIDDEN,
		"POST /form HTTP/1.1\r\nHost: %s\r\nContent-Length:\r\n\r\n" HIDDEN,
		"POST /form HTTP/1.1\r\nHost: %s\r\nContent-Length : 40\r\n\r\n" HIDDEN,
		"POST /form HTTP/1.1\r\nHost: %s\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n" HIDDEN,
		"POST /form HTTP/1.0\r\nHost: %s\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" HIDDEN,
		"GET /page HTTP/1.1\r\nHost: %s\r\nContent-Length: 40\r\n\r\n" HIDDEN,
		"GET /page HTTP/1.1\r\nHost: %s\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" HIDDEN,
		"HEAD /page HTTP/1.1\r\nHost: %s\r\nContent-Length: 40\r\n\r\n" HIDDEN,
		"GET /page HTTP/1.1\r\nHost: %s\r\nHost: 127.0.0.1\r\n\r\n" HIDDEN,
		"GET /page HTTP/1.1\r\nHost: %s\r\nhost: evil.example\r\n\r\n" HIDDEN,
		"GET /page HTTP/1.1\r\nHost: %s\r\nOrigin: a\r\nOrigin: b\r\n\r\n" HIDDEN,
		"GET /page HTTP/1.1\r\nHost: %s\r\nCookie: a=1\r\nCookie: b=1\r\n\r\n" HIDDEN,
		"GET /page HTTP/1.1\r\nHost: %s\r\nExpect: something\r\n\r\n" HIDDEN,
		"GET /page HTTP/1.1\r\nHost:\r\nX: %s\r\n\r\n" HIDDEN,
		"GET /page HTTP/1.1\r\nX: %s\r\n\r\n" HIDDEN,
		"GET http://%s/page HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" HIDDEN,
		"GET page HTTP/1.1\r\nHost: %s\r\n\r\n" HIDDEN,
		"GET /page\r HTTP/1.1\r\nHost: %s\r\n\r\n" HIDDEN,
		"GET /page\x01 HTTP/1.1\r\nHost: %s\r\n\r\n" HIDDEN,
		"GET /page?a=\xff HTTP/1.1\r\nHost: %s\r\n\r\n" HIDDEN,
		"GET /page HTTP/1.1\r\nHost: %s\r\nX: a\rY: b\r\n\r\n" HIDDEN,
		"GET /page HTTP/1.1\r\nX: a\rHost: %s\r\n\r\n" HIDDEN,
		"POST /form HTTP/1.1\r\nHost: %s\r\nContent-Length: 5\r\nX: a\rTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" HIDDEN,
		"POST /form HTTP/1.1\r\nHost: %s\r\nX: a\rContent-Length: 40\r\n\r\n" HIDDEN,
		"POST /form HTTP/1.1\r\nHost: %s\r\nContent-Length: 4\r\n 0\r\n\r\n" HIDDEN,
		"POST /form HTTP/1.1\r\nHost: %s\r\nContent-Length: 5\r\nTransfer-Encoding:\r\n\tchunked\r\n\r\n0\r\n\r\n" HIDDEN,
	};
	int before = atomic_load(&ran);
	char s[1024];

	(void)state;
	for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		ask(s, (size_t)snprintf(s, sizeof(s), requests[i], host));
#pragma GCC diagnostic pop
		if (!only("400"))
			print_error("request %zu: %s\nanswered: %.900s\n", i, s, answer);
		assert_true(only("400"));
	}
	assert_int_equal(atomic_load(&ran), before);
}

static void test_T_WEB_4_too_long_and_unknown_host(void **state)
{
	char s[40000], name[20000];

	(void)state;
	memset(name, 'a', sizeof(name));
	ask(s, (size_t)snprintf(s, sizeof(s), "GET /page?%.3000s HTTP/1.1\r\nHost: %s\r\n\r\n" HIDDEN, name, host));
	assert_true(only("400"));
	ask(s, (size_t)snprintf(s, sizeof(s), "GET /page HTTP/1.1\r\nHost: %s\r\nX-A: %.20000s\r\n\r\n" HIDDEN, host, name));
	assert_true(only("400"));
	ask(s, (size_t)snprintf(s, sizeof(s), "GET /page HTTP/1.1\r\nHost: evil.example\r\n\r\n" HIDDEN));
	assert_true(only("421"));
}

static void test_chunked_body(void **state)
{
	char s[1024];

	(void)state;
	ask(s,
	    (size_t)snprintf(
		    s, sizeof(s),
		    "POST /form HTTP/1.1\r\nHost: %s\r\nOrigin: http://%s\r\nConnection: close\r\nContent-Type: "
		    "application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nwords\r\n4\r\n=abc\r\n0\r\n\r\n",
		    host, host));
	assert_int_equal(code(), 200);
	assert_string_equal(body(), "got 3 0");
}

static void test_T_WEB_2_posts_from_elsewhere(void **state)
{
	int before = atomic_load(&ran);
	char s[1024];

	(void)state;
	ask(s, (size_t)snprintf(s, sizeof(s),
				"POST /form HTTP/1.1\r\nHost: %s\r\nConnection: close\r\nContent-Type: "
				"application/x-www-form-urlencoded\r\nContent-Length: 7\r\n\r\nwords=1",
				host));
	assert_int_equal(code(), 403);
	ask(s, (size_t)snprintf(
		       s, sizeof(s),
		       "POST /form HTTP/1.1\r\nHost: %s\r\nOrigin: null\r\nSec-Fetch-Site: cross-site\r\nConnection: close\r\n"
		       "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 7\r\n\r\nwords=1",
		       host));
	assert_int_equal(code(), 403);
	post("/form", "words=1", "Sec-Fetch-Site: same-site\r\n");
	assert_int_equal(code(), 403);
	assert_int_equal(atomic_load(&ran), before);
	post("/form", "words=1", "Sec-Fetch-Site: same-origin\r\n");
	assert_int_equal(code(), 200);
	assert_int_equal(atomic_load(&ran), before + 1);
	post("/staff/closed", "words=typed", "");
	assert_int_equal(code(), 401);
	assert_non_null(strstr(body(), "name=\"late_body\" value=\"words=typed\""));
	assert_int_equal(atomic_load(&ran), before + 1);
}

static struct sv ticket_issued(struct arena *a, int64_t at)
{
	uint8_t t[TICKET_SIZE];

	ticket_make(&web.tickets, at, t);
	return base64url(a, sv_bytes(t, sizeof(t)));
}

static void test_T_WEB_2_form_tickets(void **state)
{
	struct arena *a = arena_new(0);
	int64_t now = clock_now();
	char s[256];

	(void)state;
	post("/ticket", "words=1", "");
	assert_non_null(strstr(body(), "ticket error.ticket 0\ntyped 1\nticket 0"));
	snprintf(s, sizeof(s), "words=1&ticket=%s", arena_text(a, ticket_issued(a, now)));
	post("/ticket", s, "");
	assert_string_equal(body(), "typed 1\nticket 1 session 0");
	snprintf(s, sizeof(s), "words=1&ticket=%s", arena_text(a, ticket_issued(a, now - TICKET_MAX_MS - MINUTE_MS)));
	post("/ticket", s, "");
	assert_non_null(strstr(body(), "ticket error.ticket 0"));
	s[9 + 7 + 3] ^= 1;
	post("/ticket", s, "");
	assert_non_null(strstr(body(), "ticket error.ticket 0"));
	arena_free(a);
}

static void test_each_limit_is_answered_with_field_and_limit(void **state)
{
	(void)state;
	post("/form", "words=12345678901", "Accept: application/json\r\n");
	assert_int_equal(code(), 400);
	assert_non_null(strstr(body(), "{\"field\":\"words\",\"code\":\"error.too_long\",\"limit\":10}"));
	post("/form", "words=1&other=2", "Accept: application/json\r\n");
	assert_non_null(strstr(body(), "error.unknown_field"));
	post("/form", "words=%FF%FE", "Accept: application/json\r\n");
	assert_non_null(strstr(body(), "{\"field\":\"words\",\"code\":\"error.encoding\",\"limit\":0}"));
	post("/form", "%%%", "");
	assert_int_equal(code(), 400);
	post("/ticket", "words=12345678901%FF", "");
	assert_non_null(strstr(body(), "typed 12345678901?"));
}

/* --- uploads ------------------------------------------------------------------------------------------------------------------------ */

static char upload[4 * FILE_MAX];

static size_t make_upload(size_t file_n)
{
	static const char head[] =
		"--B\r\nContent-Disposition: form-data; name=\"words\"\r\n\r\nkept\r\n--B\r\nContent-Disposition: form-data; "
		"name=\"file\"; filename=\"a.jpg\"\r\n\r\n",
			  tail[] = "\r\n--B--\r\n";
	size_t n = sizeof(head) - 1;

	memcpy(upload, head, n);
	memset(upload + n, 'J', file_n);
	memcpy(upload + n + file_n, tail, sizeof(tail) - 1);
	return n + file_n + sizeof(tail) - 1;
}

static int begin_upload(const char *path, size_t n, size_t sent)
{
	char s[1024];
	size_t head = post_text(s, sizeof(s), path, "multipart/form-data; boundary=B", n, "");
	int fd = dial();

	give(fd, s, head);
	give(fd, upload, sent);
	return fd;
}

static void test_upload_over_its_limit_names_the_file_and_keeps_what_was_typed(void **state)
{
	size_t n = make_upload(FILE_MAX);
	int fd = begin_upload("/file", n, n);

	(void)state;
	take(fd, NULL);
	close(fd);
	assert_non_null(strstr(body(), "\r\n\r\ntyped kept") == NULL ? strstr(body(), "typed kept") : body());
	assert_null(strstr(body(), "error"));
	n = make_upload(FILE_MAX + 1);
	fd = begin_upload("/file", n, n);
	take(fd, NULL);
	close(fd);
	assert_non_null(strstr(body(), "file error.file_too_large 65536\ntyped kept"));
	n = make_upload(3 * FILE_MAX);
	fd = begin_upload("/file", n, n);
	take(fd, NULL);
	close(fd);
	assert_non_null(strstr(body(), "file error.file_too_large 65536\ntyped kept"));
	fd = begin_upload("/file", (size_t)1 << 30, 100);
	take(fd, NULL);
	close(fd);
	assert_int_equal(code(), 413);
}

static void test_four_uploads_at_a_time_and_aborted_ones_leave_nothing(void **state)
{
	size_t n = make_upload(1000);
	int fds[4], fd;

	(void)state;
	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < 4; i++)
			fds[i] = begin_upload("/file", n, n / 2);
		while (http_active(http) < 4)
			usleep(1000);
		usleep(20000);
		fd = begin_upload("/file", n, n);
		take(fd, NULL);
		close(fd);
		assert_int_equal(code(), 503);
		assert_true(strlen(header("Retry-After")) > 0);
		post("/form", "words=1", "");
		assert_int_equal(code(), 200);
		for (int i = 0; i < 4; i++)
			close(fds[i]);
		until_quiet();
	}
	fd = begin_upload("/file", n, n);
	take(fd, NULL);
	close(fd);
	assert_int_equal(code(), 200);
	fd = begin_upload("/form", n, n / 2);
	close(fd);
	until_quiet();
}

/* --- the line ---------------------------------------------------------------------------------------------------------------------------- */

/* Two workers held, a line of two: the fifth is told to come again, and the four are all answered. */
static void test_full_queue_says_503(void **state)
{
	char s[256];
	int n = snprintf(s, sizeof(s), "GET /wait HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n", host), fds[4];

	(void)state;
	for (int i = 0; i < 4; i++) {
		fds[i] = dial();
		give(fds[i], s, (size_t)n);
		if (i < 2)
			sem_wait(&held);
	}
	while (http_active(http) < 4)
		usleep(1000);
	usleep(20000);
	get("/page", "");
	assert_int_equal(code(), 503);
	assert_true(strlen(header("Retry-After")) > 0);
	get("/w", ""); /* needs no worker */
	assert_int_equal(code(), 200);
	for (int i = 0; i < 4; i++)
		sem_post(&hold);
	for (int i = 0; i < 4; i++) {
		take(fds[i], NULL);
		assert_int_equal(code(), 200);
		assert_string_equal(body(), "waited");
		close(fds[i]);
	}
	while (sem_trywait(&held) == 0)
		continue;
	get("/page", "");
	assert_int_equal(code(), 200);
}

/* A client that leaves while its request is worked on harms nobody. */
static void test_client_gone_while_worked_on(void **state)
{
	char s[256];
	int n = snprintf(s, sizeof(s), "GET /wait HTTP/1.1\r\nHost: %s\r\n\r\n", host), fd = dial();

	(void)state;
	give(fd, s, (size_t)n);
	sem_wait(&held);
	close(fd);
	sem_post(&hold);
	until_quiet();
	get("/page", "");
	assert_int_equal(code(), 200);
}

/* --- the log ----------------------------------------------------------------------------------------------------------------------------- */

static void test_T_LOG_1_nothing_of_a_request(void **state)
{
	static char log[65536];
	int real = dup(STDERR_FILENO), file = memfd_create("log", 0);
	ssize_t n;

	(void)state;
	dup2(file, STDERR_FILENO);
	get("/w", ""); /* the same for everybody: not a line */
	until_quiet();
	n = pread(file, log, sizeof(log) - 1, 0);
	if (n != 0)
		dup2(real, STDERR_FILENO);
	assert_int_equal(n, 0);
	get("/page?planted=1", "X-Planted: planted\r\nCookie: __Host-l=planted\r\n");
	get("/planted", "");
	post("/form", "words=planted", "");
	post("/form", "planted=planted", "User-Agent: planted\r\n");
	post("/staff/closed", "words=planted", "Referer: http://planted/\r\n");
	ask("planted planted planted\r\n\r\n", 27);
	until_quiet();
	dup2(real, STDERR_FILENO);
	n = pread(file, log, sizeof(log) - 1, 0);
	assert_true(n > 0);
	log[n] = 0;
	assert_non_null(strstr(log, "request"));
	assert_null(strstr(log, "planted"));
	assert_null(strstr(log, "127.0.0.1"));
	close(file);
	close(real);
}

/* --- start --------------------------------------------------------------------------------------------------------------------------------- */

static int start(void **state)
{
	static const struct routes *const tables[] = { NULL, NULL, &table };
	static const struct routes *all[3];
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct http_settings settings = { .queue = 2, .idle_s = 60 };
	socklen_t n = sizeof(a);

	(void)state;
	all[0] = web_tables[0];
	all[1] = web_tables[1];
	all[2] = tables[2];
	settings.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (bind(settings.fd, (struct sockaddr *)&a, sizeof(a)) != 0 || listen(settings.fd, 64) != 0 ||
	    getsockname(settings.fd, (struct sockaddr *)&a, &n) != 0)
		return 1;
	port = ntohs(a.sin_port);
	snprintf(host, sizeof(host), "127.0.0.1:%d", port);
	sem_init(&hold, 0, 0);
	sem_init(&held, 0, 0);
	web = (struct web){ .exit_to = "/w", .limits = limits_new(0), .tables = all, .table_count = 3 };
	random_fill(&web.tickets, sizeof(web.tickets));
	for (size_t i = 0; i < 2; i++)
		workers[i] = (struct worker){ .web = &web, .arena = arena_new(0) };
	return http_start(&web, workers, 2, &settings, &http) == OK ? 0 : 1;
}

static int stop(void **state)
{
	(void)state;
	http_stop(http, 5000);
	limits_free(web.limits);
	for (size_t i = 0; i < 2; i++)
		arena_free(workers[i].arena);
	return 0;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_T_WEB_1_headers),
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_methods),
		cmocka_unit_test(test_constant_page),
		cmocka_unit_test(test_T_WEB_1_static_files),
		cmocka_unit_test(test_keep_alive),
		cmocka_unit_test(test_T_WEB_4_ambiguous_framing),
		cmocka_unit_test(test_T_WEB_4_too_long_and_unknown_host),
		cmocka_unit_test(test_chunked_body),
		cmocka_unit_test(test_T_WEB_2_posts_from_elsewhere),
		cmocka_unit_test(test_T_WEB_2_form_tickets),
		cmocka_unit_test(test_each_limit_is_answered_with_field_and_limit),
		cmocka_unit_test(test_upload_over_its_limit_names_the_file_and_keeps_what_was_typed),
		cmocka_unit_test(test_four_uploads_at_a_time_and_aborted_ones_leave_nothing),
		cmocka_unit_test(test_full_queue_says_503),
		cmocka_unit_test(test_client_gone_while_worked_on),
		cmocka_unit_test(test_T_LOG_1_nothing_of_a_request),
	};

	process_harden();
	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests_name("web_http", tests, start, stop);
}
