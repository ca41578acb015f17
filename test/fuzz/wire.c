/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What comes over the keeper's sockets: frames, then each layout of the codec over the payload. */
#include "keeper/codec.h"
#include "keeper/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_all(struct sv payload)
{
	struct arena *a = arena_new(64u << 20);
	struct reader r = reader_of(payload);
	struct seal_set set = { .part_count = 0 };
	struct open_request open = { .part_count = 0 };
	struct actor who;
	struct file_ref file;
	size_t n;

	get_seal_request(&r, a, &set);
	r = reader_of(payload);
	get_open_request(&r, a, &open);
	r = reader_of(payload);
	get_seal_answer(&r, a, &set);
	r = reader_of(payload);
	get_pending(&r, a, &n);
	r = reader_of(payload);
	get_actor(&r, &who);
	get_file_ref(&r, &file);
	get_held_keys(&r, a, &n);
	arena_free(a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct assembly message = { 0 };
	struct sv payload = SV_NONE;
	uint32_t at;
	bool whole;

	if (frame_take(&message, sv_bytes(data, size), &payload, &at, &whole) == OK)
		read_all(payload);
	if (size > 0)
		read_all(sv_bytes(data, size));
	return 0;
}
