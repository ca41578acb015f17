/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The physical limit of serving: libmicrohttpd as web configures it (one epoll thread), answering every request with the same bytes.
 * bare PORT BYTES; ends when its standard input closes. */
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/heap.h"

static enum MHD_Result answer(void *arg, struct MHD_Connection *connection, const char *url, const char *method,
			      const char *version, const char *data, size_t *size, void **state)
{
	static int seen;

	(void)url, (void)method, (void)version, (void)data;
	if (*state == NULL) {
		*state = &seen;
		return MHD_YES;
	}
	if (*size > 0) {
		*size = 0;
		return MHD_YES;
	}
	return MHD_queue_response(connection, 200, arg);
}

int main(int argc, char **argv)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
	size_t n = argc > 2 ? strtoul(argv[2], NULL, 10) : 0;
	char *body = heap_new(n + 1, 1), byte;
	struct MHD_Response *response;
	struct MHD_Daemon *daemon;

	if (argc < 3)
		return 2;
	at.sin_port = htons((uint16_t)strtoul(argv[1], NULL, 10));
	memset(body, 'a', n);
	response = MHD_create_response_from_buffer(n, body, MHD_RESPMEM_PERSISTENT);
	daemon = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL, answer, response, MHD_OPTION_SOCK_ADDR, &at,
				  MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)65536, MHD_OPTION_END);
	if (daemon == NULL)
		return 1;
	while (read(0, &byte, 1) > 0)
		continue;
	MHD_stop_daemon(daemon);
	MHD_destroy_response(response);
	heap_free(body);
	return 0;
}
