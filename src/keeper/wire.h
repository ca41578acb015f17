/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef KEEPER_WIRE_H
#define KEEPER_WIRE_H

#include "base/buf.h"

/* Frames between the keeper and its callers over SOCK_SEQPACKET: a head of 16 bytes and at most 64 KiB of payload. A message larger
 * than one frame follows in full frames of 64 KiB, the last one shorter. All integers little-endian. Pure functions: no socket
 * here, so that the parser can be fuzzed. */
#define WIRE_HEAD 16u
#define WIRE_PAYLOAD 65536u
#define WIRE_MESSAGE_MAX (1280u * 1024u)

enum call {
	CALL_LOGIN = 1,
	CALL_SECOND,
	CALL_SESSION,
	CALL_LOGOUT,
	CALL_DRAFT_SAVE,
	CALL_DRAFTS,
	CALL_DRAFT_DROP,
	CALL_INSTANCE,
	CALL_OPEN,
	CALL_SEAL,
	CALL_SETTLE,
	CALL_PENDING,
	CALL_RECONCILE,
	CALL_FILE_BEGIN,
	CALL_FILE_SEAL,
	CALL_FILE_OPEN,
	CALL_MAILBOX,
	CALL_MEMBERS,
	CALL_VISIBLE,
	CALL_DROPS,
	CALL_DROPS_COUNT,
	CALL_INVITE,
	CALL_INVITE_END,
	CALL_JOIN_LOOK,
	CALL_JOIN,
	CALL_JOIN_FACTORS,
	CALL_JOIN_PROVE,
	CALL_PEOPLE,
	CALL_HOSTS,
	CALL_IDENTITY,
	CALL_COLLEAGUE_ACT,
	CALL_STEP_UP,
	CALL_RECOVER,
	CALL_NEW_PASSWORD,
	CALL_NEW_RECOVERY,
	CALL_OPENERS,
	CALL_NAME_SET,
	CALL_NAMES,
	CALL_SIGNATURES,
	CALL_SHARED_DESK,
	/* over DIR/run/admin.sock alone */
	CALL_ADMIN_FIRST,
	CALL_ADMIN_ORGANISATION = CALL_ADMIN_FIRST,
	CALL_ADMIN_MEMBER,
	CALL_ADMIN_IDENTITY_REQUEST,
	CALL_ADMIN_IDENTITY_INSTALL,
	CALL_ADMIN_CERTIFY,
	CALL_ADMIN_ATTEND,
	CALL_ADMIN_ROUTE,
	CALL_ADMIN_FREEZE,
	CALL_ADMIN_DESK,
	CALL_ADMIN_PROGRAMME,
	CALL_ADMIN_STATISTICS,
	CALL_ADMIN_HOLD,
	CALL_ADMIN_RESTORED,
	CALL_ADMIN_INVITE,
	CALL_ADMIN_HOST,
	CALL_ADMIN_ROLES,
	CALL_COUNT
};

struct frame_head {
	uint32_t number;  /* of the request; an answer repeats it */
	uint16_t code;    /* enum call in a request, enum status in an answer */
	uint16_t flags;   /* 0 */
	uint32_t total;   /* payload bytes of the whole message */
	uint32_t retry_s; /* answers with E_BUSY */
};

/* What has come of a message so far. Zeroed between messages. */
struct assembly {
	struct frame_head head;
	uint32_t got;
	bool begun;
};

void frame_write(uint8_t out[WIRE_HEAD], const struct frame_head *head);
/* Take one frame: checks head, size and that it continues the message begun. *payload points into the frame and belongs at
 * `at`; *whole says that the message is complete. E_IO: the peer does not speak this language, end the connection. */
enum status frame_take(struct assembly *a, struct sv frame, struct sv *payload, uint32_t *at, bool *whole) MUST_CHECK;
/* Bytes of the frame that begins at `at` of a message of `total` bytes. */
uint32_t frame_payload(uint32_t total, uint32_t at);

#endif
