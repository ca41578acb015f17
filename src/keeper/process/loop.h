/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef KEEPER_LOOP_H
#define KEEPER_LOOP_H

#include "keeper/people/argon.h"
#include "keeper/sealed/data.h"
#include "keeper/process/service.h"

/* connection.c: one peer. It has one request at a time: read whole, worked on, answered; only then is the next one read. A peer that
 * does not take its answer does not stop the loop: what is left is sent when its socket has room, and ten seconds later it is dropped. */
struct connection {
	int fd;
	bool admin, listening; /* listening: epoll tells of its messages */
	struct assembly in;
	uint8_t *message;
	size_t room;
	bool ready;      /* a whole message lies in `message` */
	struct job *job; /* submitted and not done; done when ready for its second call */
	bool parked;
	int64_t since;   /* parked, or sending since */
	uint8_t *answer; /* rest of an answer */
	size_t answer_n, answer_at;
	struct frame_head head;
	struct connection *next;
};

enum taken { TAKEN_NOTHING, TAKEN_PART, TAKEN_WHOLE, TAKEN_END };
enum taken connection_take(struct connection *c, uint8_t *frame); /* frame: room for one, wiped by the caller */
/* False: end the connection. */
bool connection_answer(struct connection *c, const struct frame_head *head, struct sv payload, int64_t now);
bool connection_continue(struct connection *c); /* the socket has room again */
void connection_forget_message(struct connection *c);
void connection_free(struct connection *c);
bool peer_allowed(int fd, uint32_t web_uid);

#endif
