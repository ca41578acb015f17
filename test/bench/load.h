/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BENCH_LOAD_H
#define BENCH_LOAD_H

#include <stdint.h>
#include "base/view.h"

/* A closed-loop HTTP/1.1 load on the loopback: `connections` keep-alive connections in one epoll thread, each sends its next request as
 * soon as it has its answer, for `seconds`. */
struct load {
	uint16_t port;
	int connections;
	double seconds;
	/* Writes the n-th request (head and body) into out; gives its length. */
	size_t (*request)(void *arg, uint64_t n, char *out, size_t room);
	/* Looks at an answer; false counts it as failed. NULL: any 2xx or 3xx is right. */
	bool (*answer)(void *arg, unsigned code, struct sv head, struct sv body);
	void *arg;
};
struct load_result {
	uint64_t answers, failed;
	double per_second;
	double p50_ms, p99_ms;
	uint64_t body_bytes; /* of the last answer */
};
void load_run(const struct load *l, struct load_result *out);

/* One request on a connection of its own; the whole answer in *answer (caller gives the room). The HTTP code, 0 when none came. */
unsigned load_once(uint16_t port, struct sv request, char *answer, size_t room, struct sv *head, struct sv *body);

#endif
