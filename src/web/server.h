/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEB_SERVER_H
#define WEB_SERVER_H

#include "web/exchange.h"
#include "web/limit.h"

/* State of the web process. Made by main before any thread, read-only after, but for what limit.c guards with its own lock. */
struct web {
	/* Host names without port; NULL = not served by name. All NULL: one host, sites by path prefix, loopback names only. */
	const char *host[SITE_ANY];
	const char *exit_to;       /* where the quick exit leads: an address, or "/w" */
	bool demo;                 /* pages say that everybody in them is invented */
	struct ticket_key tickets; /* given by the parent, so that open forms outlive a restart of this process */
	struct limits *limits;
	const struct routes *const *tables;
	size_t table_count;
};

/* What one worker owns and shares with nobody. */
struct worker {
	const struct web *web;
	struct arena *arena;
	struct db *db;
	struct keeper *keeper;
	struct media *media;
};

extern const struct routes *const web_tables[]; /* web/routes.c: every page table */
extern const size_t web_table_count;

/* The HTTP side (web/http.c). fd: a listening socket, taken over. */
struct http;
struct http_settings {
	int fd;
	unsigned connections; /* at most, 0 = 512 */
	size_t queue;         /* requests waiting for a worker, 0 = 256 */
	size_t running;       /* workers at once, but for those who wait for Argon2id; 0 = all */
	unsigned idle_s;      /* a connection that says nothing for so long is closed, 0 = 30 */
};
enum status http_start(const struct web *w, struct worker *workers, size_t worker_count, const struct http_settings *s,
		       struct http **out) MUST_CHECK;
/* Takes no new request, lets those begun end (at most grace_ms), ends all threads. */
void http_stop(struct http *h, int64_t grace_ms);
/* Requests begun and not ended; for stopping and tests. */
size_t http_active(struct http *h);

#endif
