/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef KEEPER_CALL_H
#define KEEPER_CALL_H

#include "keeper/client.h"
#include "keeper/codec.h"
#include "keeper/wire.h"

/* The caller's half of a request, shared by client.c, client_data.c and admin_client.c. */
#define NO_TOKEN ((struct token){ { 0 } })

/* A message body that begins with a token (zeros: no session). */
struct buf call_body(struct ctx *c, const struct token *t);
/* Send, wait, read the answer into c->arena. A status of the keeper's other than OK is noted in c->error and given back; *answer holds
 * the payload either way. E_IO: the keeper is gone or spoke nonsense; the connection is closed. */
enum status call_keeper(struct ctx *c, enum call what, const struct buf *body, struct reader *answer) MUST_CHECK;
/* E_IO with the connection ended when the answer was shorter or longer than its layout. */
enum status call_done(struct ctx *c, const struct reader *answer) MUST_CHECK;

#endif
