/* SPDX-License-Identifier: GPL-3.0-or-later */
/* load PORT CONNECTIONS SECONDS < request: the request from standard input again and again, each run of the letters ONCEKEY…(32) in it
 * replaced by 32 fresh hex digits, and COUNT(10 digits) by those digits counted up by one each time; prints one line of JSON. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/heap.h"
#include "base/id.h"
#include "test/bench/load.h"

#define COUNT "COUNT"
#define COUNT_DIGITS 10
#define KEY "ONCEKEYONCEKEYONCEKEYONCEKEYONCE"
#define ROOM (256u * 1024u)

/* As many characters as there were. */
static void count(char *at, uint64_t n)
{
	char digits[sizeof COUNT + COUNT_DIGITS];

	snprintf(digits, sizeof digits, "%0*llu", (int)(sizeof COUNT - 1 + COUNT_DIGITS),
		 strtoull(at + sizeof COUNT - 1, NULL, 10) + (unsigned long long)n);
	memcpy(at, digits, sizeof digits - 1);
}

static size_t request(void *arg, uint64_t n, char *out, size_t room)
{
	const struct sv *text = arg;
	char hex[33], *at;

	if (text->n + 1 > room)
		return 0;
	memcpy(out, text->p, text->n);
	out[text->n] = '\0';
	for (at = out; (at = memmem(at, text->n - (size_t)(at - out), KEY, sizeof KEY - 1)) != NULL; at += sizeof KEY - 1) {
		id_hex(id_new(), hex);
		memcpy(at, hex, 32);
	}
	at = memmem(out, text->n, COUNT, sizeof COUNT - 1);
	if (at != NULL)
		count(at, n);
	return text->n;
}

/* A page is a page; a post may lead on, but not to the login: a session that ended answers quickly and is no figure. */
static bool right(void *arg, unsigned code, struct sv head, struct sv body)
{
	const struct sv *text = arg;

	(void)body;
	if (code == 200 || (code > 200 && code < 300))
		return true;
	return code == 303 && memcmp(text->p, "POST", 4) == 0 && memmem(head.p, head.n, "/login", 6) == NULL;
}

int main(int argc, char **argv)
{
	char *text = heap_new(ROOM, 1);
	struct sv view = { text, 0 };
	struct load l = { .request = request, .answer = right, .arg = &view };
	struct load_result r;
	ssize_t n;

	if (argc != 4)
		return 2;
	while (view.n < ROOM && (n = read(0, text + view.n, ROOM - view.n)) > 0)
		view.n += (size_t)n;
	l.port = (uint16_t)strtoul(argv[1], NULL, 10);
	l.connections = (int)strtol(argv[2], NULL, 10);
	l.seconds = strtod(argv[3], NULL);
	load_run(&l, &r);
	printf("{\"per_second\":%.1f,\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"answers\":%llu,\"failed\":%llu,\"bytes\":%llu}\n",
	       r.per_second, r.p50_ms, r.p99_ms, (unsigned long long)r.answers, (unsigned long long)r.failed,
	       (unsigned long long)r.body_bytes);
	heap_free(text);
	return 0;
}
