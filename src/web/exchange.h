/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEB_EXCHANGE_H
#define WEB_EXCHANGE_H

#include "web/web.h"

/* One request and its answer as http.c and the frame pass them to each other. http.c knows sockets, the frame knows what a request
 * may do; neither knows the other's libraries. */

enum http_method { HTTP_GET, HTTP_HEAD, HTTP_POST, HTTP_OTHER };

/* Header fields we read. Each may stand once in a request. */
enum header {
	HEADER_HOST,
	HEADER_CONTENT_LENGTH,
	HEADER_TRANSFER_ENCODING,
	HEADER_CONTENT_TYPE,
	HEADER_COOKIE,
	HEADER_ORIGIN,
	HEADER_FETCH_SITE,
	HEADER_ACCEPT,
	HEADER_ACCEPT_LANGUAGE,
	HEADER_ACCEPT_ENCODING,
	HEADER_REFERER,
	HEADER_PART,
	HEADER_REAL_IP,
	HEADER_EXPECT,
	HEADER_COUNT
};

struct exchange {
	/* by http.c; views stay good until the answer is sent */
	enum http_method method;
	struct sv target;                /* path and query as sent */
	struct sv header[HEADER_COUNT];  /* p NULL = not given */
	size_t field_count, field_bytes; /* all header fields, known or not */
	bool bad_field;                  /* one of them could be read in two ways */
	bool version_1_1;
	uint8_t address[16]; /* of the peer; IPv4 mapped into IPv6 */
	int64_t started;     /* monotonic ms */
	struct sv body;
	bool cut; /* the body went on behind body_max and was not kept */

	/* by frame_head */
	unsigned refused;        /* HTTP code when the request is refused before its body is read, else 0 */
	const char *refused_key; /* message key for it */
	int64_t refused_limit;
	const struct route *route;
	size_t route_number;
	enum site site;
	const char *base;
	struct sv path, query;
	struct id path_id;
	struct sv path_word;
	size_t body_max;   /* bytes kept */
	size_t body_drain; /* bytes read in all before the connection is cut */
	bool upload;       /* may bring a file: few at a time */
};

#define ANSWER_HEADERS_MAX 32
struct reply {
	unsigned code;
	struct sv body;
	struct {
		const char *name, *value;
	} headers[ANSWER_HEADERS_MAX];
	size_t header_count;
	bool constant; /* body lies in constant memory: no copy needed */
	bool close;
	enum status status; /* of the handler, for the log */
	int line;           /* where our own code noted it */
};

#endif
