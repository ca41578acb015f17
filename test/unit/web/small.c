/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Router, sites by host, tickets, pace, cookies, and the matrix of where a post may come from. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "web/guard.h"
#include "web/limit.h"
#include "web/route.h"

static enum status nothing(struct ctx *c, const struct request *r, struct response *out)
{
	(void)c, (void)r, (void)out;
	return OK;
}

static const struct route rows[] = {
	ROUTE0(GET, SITE_PUBLIC, "/", nothing, PUBLIC),
	ROUTE0(GET, SITE_PUBLIC, "/{word}", nothing, PUBLIC),
	ROUTE0(GET, SITE_PUBLIC, "/x", nothing, PUBLIC),
	ROUTE0(POST, SITE_PUBLIC, "/{word}", nothing, PUBLIC),
	ROUTE0(GET, SITE_STAFF, "/reports/{id}", nothing, MAY(REPORT, 1)),
	ROUTE0(POST, SITE_STAFF, "/reports/{id}/assign", nothing, MAY(REPORT, 2)),
	ROUTE0(GET, SITE_ANY, "/s/{word}", nothing, PUBLIC),
};
static const struct routes table = { rows, sizeof(rows) / sizeof(rows[0]) };
static const struct routes *const tables[] = { &table };

static struct web prefixes(void)
{
	return (struct web){ .tables = tables, .table_count = 1 };
}

static size_t found(enum site site, enum method m, const char *path)
{
	struct web w = prefixes();
	struct found f = route_find(&w, site, m, sv_of(path));

	return f.route == NULL ? (f.other_method ? 405 : 404) : f.number;
}

static void test_router(void **state)
{
	struct web w = prefixes();
	struct found f;

	(void)state;
	assert_int_equal(found(SITE_PUBLIC, M_GET, "/"), 0);
	assert_int_equal(found(SITE_PUBLIC, M_GET, "/fr"), 1);
	assert_int_equal(found(SITE_PUBLIC, M_GET, "/x"), 2);
	assert_int_equal(found(SITE_PUBLIC, M_POST, "/x"), 3);
	assert_int_equal(found(SITE_PUBLIC, M_POST, "/"), 405);
	assert_int_equal(found(SITE_STAFF, M_GET, "/"), 404);
	assert_int_equal(found(SITE_STAFF, M_GET, "/s/app.0011.css"), 6);
	assert_int_equal(found(SITE_PUBLIC, M_GET, "/s/app.0011.css"), 6);
	assert_int_equal(found(SITE_PUBLIC, M_GET, "/s/"), 404);
	assert_int_equal(found(SITE_PUBLIC, M_GET, "/s/a/b"), 404);
	assert_int_equal(found(SITE_PUBLIC, M_GET, "/a%2fb"), 404);
	assert_int_equal(found(SITE_STAFF, M_GET, "/reports/00112233445566778899aabbccddeef"), 404);
	assert_int_equal(found(SITE_STAFF, M_GET, "/reports/00112233445566778899AABBCCDDEEFF"), 404);
	assert_int_equal(found(SITE_STAFF, M_POST, "/reports/00112233445566778899aabbccddeeff"), 405);
	f = route_find(&w, SITE_STAFF, M_POST, SV("/reports/00112233445566778899aabbccddeeff/assign"));
	assert_int_equal(f.number, 5);
	assert_int_equal(f.id.b[1], 0x11);
}

static void assert_site(const struct web *w, const char *host, const char *path, int site, const char *base, const char *rest)
{
	struct sv p = sv_of(path);
	const char *got_base;
	enum site got;
	bool known = site_find(w, sv_of(host), &p, &got, &got_base);

	assert_int_equal(known, site >= 0);
	if (!known)
		return;
	assert_int_equal(got, site);
	assert_string_equal(got_base, base);
	assert_true(sv_is(p, rest));
}

static void test_sites(void **state)
{
	struct web w = prefixes();

	(void)state;
	assert_site(&w, "127.0.0.1:8080", "/staff/queue", SITE_STAFF, "/staff", "/queue");
	assert_site(&w, "localhost", "/staff", SITE_STAFF, "/staff", "/");
	assert_site(&w, "[::1]:80", "/staffroom", SITE_PUBLIC, "", "/staffroom");
	assert_site(&w, "127.0.0.1", "/files/x", SITE_FILES, "/files", "/x");
	assert_site(&w, "evil.example", "/", -1, "", "");
	w.host[SITE_PUBLIC] = "a.example";
	w.host[SITE_STAFF] = "b.example";
	assert_site(&w, "A.example:443", "/staff/x", SITE_PUBLIC, "", "/staff/x");
	assert_site(&w, "b.example", "/x", SITE_STAFF, "", "/x");
	assert_site(&w, "127.0.0.1", "/x", -1, "", "");
}

static void test_T_WEB_2_origin_matrix(void **state)
{
	static const struct {
		const char *host, *origin, *site;
		bool named, ok;
	} rows_of[] = {
		{ "127.0.0.1:81", "http://127.0.0.1:81", NULL, false, true },
		{ "127.0.0.1:81", "http://127.0.0.1:81", "same-origin", false, true },
		{ "127.0.0.1:81", NULL, "same-origin", false, true },
		{ "127.0.0.1:81", NULL, NULL, false, false },
		{ "127.0.0.1:81", "null", NULL, false, false },
		{ "127.0.0.1:81", "null", "same-origin", false, false },
		{ "127.0.0.1:81", "http://127.0.0.1:82", NULL, false, false },
		{ "127.0.0.1:81", "http://127.0.0.1:811", NULL, false, false },
		{ "127.0.0.1:81", "https://127.0.0.1:81", NULL, false, false },
		{ "127.0.0.1:81", "http://127.0.0.1:81", "cross-site", false, false },
		{ "127.0.0.1:81", "http://127.0.0.1:81", "same-site", false, false },
		{ "127.0.0.1:81", "http://127.0.0.1:81", "none", false, false },
		{ "127.0.0.1:81", "", NULL, false, false },
		{ "b.example", "https://b.example", NULL, true, true },
		{ "b.example", "http://b.example", NULL, true, false },
		{ "b.example", "https://a.example", NULL, true, false },
		{ "b.example", "https://b.example.evil", NULL, true, false },
		{ "b.example", "https://b.example", "cross-site", true, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows_of) / sizeof(rows_of[0]); i++) {
		struct web w = prefixes();
		struct exchange x = { .method = HTTP_POST };

		if (rows_of[i].named)
			w.host[SITE_STAFF] = "b.example";
		x.header[HEADER_HOST] = sv_of(rows_of[i].host);
		x.header[HEADER_ORIGIN] = sv_of(rows_of[i].origin);
		x.header[HEADER_FETCH_SITE] = sv_of(rows_of[i].site);
		assert_int_equal(guard_origin(&w, &x), rows_of[i].ok);
	}
}

static void test_cookies(void **state)
{
	(void)state;
	assert_true(sv_is(cookie_value(SV("a=1; __Host-s=abc; b=2"), "__Host-s"), "abc"));
	assert_true(sv_is(cookie_value(SV("__Host-s=abc"), "__Host-s"), "abc"));
	assert_int_equal(cookie_value(SV("x__Host-s=abc"), "__Host-s").n, 0);
	assert_int_equal(cookie_value(SV("__Host-s=a; __Host-s=b"), "__Host-s").n, 0);
	assert_int_equal(cookie_value(SV("__Host-s"), "__Host-s").n, 0);
	assert_int_equal(cookie_value(SV_NONE, "__Host-s").n, 0);
}

static void test_tickets(void **state)
{
	struct ticket_key key = { { 1 } }, other = { { 2 } };
	uint8_t t[TICKET_SIZE], u[TICKET_SIZE];
	struct ticket got;

	(void)state;
	ticket_make(&key, 1234567890123, t);
	ticket_make(&key, 1234567890123, u);
	assert_memory_not_equal(t, u, sizeof(t));
	assert_true(ticket_read(&key, t, &got));
	assert_int_equal(got.issued, 1234567890123);
	assert_memory_equal(got.id, t + 8, 16);
	assert_false(ticket_read(&other, t, &got));
	for (size_t i = 0; i < sizeof(t); i++) {
		t[i] ^= 1;
		assert_false(ticket_read(&key, t, &got));
		t[i] ^= 1;
	}
}

static size_t taken(struct limits *l, enum pace_kind kind, uint64_t net, int64_t now)
{
	uint32_t retry = 0;
	size_t n = 0;

	while (n < 1000 && limits_take(l, kind, net, now, &retry))
		n++;
	assert_true(n == 1000 || retry > 0);
	return n;
}

static void test_pace(void **state)
{
	struct limits *l = limits_new(100), *none = limits_new(0);
	const uint8_t a[16] = { [10] = 0xff, [11] = 0xff, [12] = 10, 1, 2, 3 },
		      b[16] = { [10] = 0xff, [11] = 0xff, [12] = 10, 1, 2, 99 };
	const uint8_t c[16] = { [10] = 0xff, [11] = 0xff, [12] = 10, 1, 3, 3 }, d[16] = { 0x20, 1, 2, 3, 4, 5, 6 },
		      e[16] = { 0x20, 1, 2, 3, 4, 5, 7 };
	uint64_t net = limits_net(l, a);

	(void)state;
	assert_true(net == limits_net(l, b));
	assert_true(net != limits_net(l, c));
	assert_true(limits_net(l, d) == limits_net(l, e));
	assert_int_equal(taken(l, PACE_LOGIN, net, 1000000), 20);
	assert_int_equal(taken(l, PACE_LOGIN, limits_net(l, c), 1000000), 20);
	assert_int_equal(taken(l, PACE_MAILBOX, net, 1000000), 20);
	assert_int_equal(taken(l, PACE_LOGIN, net, 1000000 + 12000), 2);
	assert_int_equal(taken(l, PACE_LOGIN, net, 500000), 20); /* the clock was set back: never locked out by it */
	assert_int_equal(taken(none, PACE_LOGIN, net, 0), 1000);
	limits_free(l);
	limits_free(none);
}

/* Every table of the product: a need written out, paths that can be matched, no two rows for one request, posts guarded. */
static void test_T_WEB_1_route_tables_are_sound(void **state)
{
	(void)state;
	for (size_t t = 0; t < web_table_count; t++)
		for (size_t i = 0; i < web_tables[t]->n; i++) {
			const struct route *r = &web_tables[t]->rows[i];

			assert_true(r->need.kind >= NEED_PUBLIC && r->need.kind <= NEED_CLASS);
			assert_true(r->need.kind != NEED_CLASS || r->need.op != 0);
			assert_true(r->path[0] == '/' && r->run != NULL);
			assert_true(r->method == M_GET || r->method == M_POST);
			assert_true((r->flags & ROUTE_TICKET) == 0 || (r->site == SITE_PUBLIC && r->need.kind == NEED_PUBLIC));
			assert_true((r->flags & ROUTE_KEPT) == 0 || r->method == M_GET);
			assert_true(r->body_max <= ((r->flags & ROUTE_FILE) != 0 ? 12U << 20 : 1U << 20));
			for (size_t p = 0; p < r->param_count; p++)
				assert_true(r->params[p].offset < r->in_size);
			for (size_t u = 0; u < web_table_count; u++)
				for (size_t k = 0; k < web_tables[u]->n; k++) {
					const struct route *o = &web_tables[u]->rows[k];

					assert_true(o == r || o->method != r->method || strcmp(o->path, r->path) != 0 ||
						    (o->site != r->site && o->site != SITE_ANY && r->site != SITE_ANY));
				}
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_router),
		cmocka_unit_test(test_sites),
		cmocka_unit_test(test_T_WEB_2_origin_matrix),
		cmocka_unit_test(test_cookies),
		cmocka_unit_test(test_tickets),
		cmocka_unit_test(test_pace),
		cmocka_unit_test(test_T_WEB_1_route_tables_are_sound),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
