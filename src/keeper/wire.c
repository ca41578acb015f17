/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The frame parser. One function takes frames of either direction; it knows sizes only, what a payload means stands in codec.c. */
#include "keeper/wire.h"

void frame_write(uint8_t out[WIRE_HEAD], const struct frame_head *head)
{
	struct buf b = buf_over(out, WIRE_HEAD);

	buf_u32(&b, head->number);
	buf_u16(&b, head->code);
	buf_u16(&b, head->flags);
	buf_u32(&b, head->total);
	buf_u32(&b, head->retry_s);
}

uint32_t frame_payload(uint32_t total, uint32_t at)
{
	uint32_t left = total - at;

	return left < WIRE_PAYLOAD ? left : WIRE_PAYLOAD;
}

static bool same_message(const struct frame_head *a, const struct frame_head *b)
{
	return a->number == b->number && a->code == b->code && a->total == b->total && a->retry_s == b->retry_s;
}

enum status frame_take(struct assembly *a, struct sv frame, struct sv *payload, uint32_t *at, bool *whole)
{
	struct reader r = reader_of(frame);
	struct frame_head h;

	h.number = get_u32(&r);
	h.code = get_u16(&r);
	h.flags = get_u16(&r);
	h.total = get_u32(&r);
	h.retry_s = get_u32(&r);
	if (r.bad || h.flags != 0 || h.total > WIRE_MESSAGE_MAX)
		return E_IO;
	if (a->begun && !same_message(&a->head, &h))
		return E_IO;
	if (!a->begun) {
		a->head = h;
		a->got = 0;
		a->begun = true;
	}
	if (frame.n - WIRE_HEAD != frame_payload(h.total, a->got))
		return E_IO;
	*payload = get_view(&r, frame.n - WIRE_HEAD);
	*at = a->got;
	a->got += (uint32_t)payload->n;
	*whole = a->got == h.total;
	if (*whole)
		a->begun = false;
	return OK;
}
