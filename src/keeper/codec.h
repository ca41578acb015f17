/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef KEEPER_CODEC_H
#define KEEPER_CODEC_H

#include "keeper/client.h"

/* Fixed layouts of what travels in the frames; client and keeper use the same pair of functions. Readers check every count and
 * length against what is there; after a failure the reader is bad and the caller refuses the whole message. Views point into the
 * message. */
#define WIRE_PARTS_MAX 500u
#define WIRE_KEYS_MAX 4096u /* 267 bytes each there, 299 back: a message holds them and the parts of a set beside */
#define WIRE_RIGHTS_MAX 64u
#define WIRE_EXCLUDED_MAX 32u
#define WIRE_DROPS_MAX 512u
#define WIRE_DROP_MAX 4096u

void put_id(struct buf *b, struct id a);
struct id get_id(struct reader *r);
void put_bytes(struct buf *b, struct sv s); /* u32 length and bytes */
struct sv get_bytes_view(struct reader *r, size_t max);
/* Arrays of a message: how many, at most max; bad when more. */
size_t get_count(struct reader *r, size_t max);

void put_held_key(struct buf *b, const struct held_key *k);
void get_held_key(struct reader *r, struct held_key *k);
void put_held_keys(struct buf *b, const struct held_key *k, size_t n);
struct held_key *get_held_keys(struct reader *r, struct arena *a, size_t *n);
void put_actor(struct buf *b, const struct actor *w);
void get_actor(struct reader *r, struct actor *w);
void put_file_ref(struct buf *b, const struct file_ref *f);
void get_file_ref(struct reader *r, struct file_ref *f);

/* CALL_OPEN */
struct open_request {
	enum open_how how;
	bool is_whole;
	struct whole whole;
	struct held_key *keys;
	size_t key_count;
	struct sealed_part *parts;
	size_t part_count;
};
void put_open_request(struct buf *b, enum open_how how, const struct whole *whole, const struct held_key *keys, size_t key_count,
		      const struct sealed_part *parts, size_t part_count);
void get_open_request(struct reader *r, struct arena *a, struct open_request *q);

/* CALL_SEAL: the set's in-fields, and its out-fields. A key of a part travels inline. */
void put_seal_request(struct buf *b, const struct seal_set *set);
void get_seal_request(struct reader *r, struct arena *a, struct seal_set *set);
void put_seal_answer_tail(struct buf *b, const struct seal_set *set); /* after the parts, which the keeper writes in place */
void get_seal_answer(struct reader *r, struct arena *a, struct seal_set *set);

/* CALL_DROPS */
void put_drops(struct buf *b, const struct stored_drop *drops, size_t n);
struct stored_drop *get_drops(struct reader *r, struct arena *a, size_t *n);

void put_pending(struct buf *b, const struct pending_part *p, size_t n);
struct pending_part *get_pending(struct reader *r, struct arena *a, size_t *n);

#endif
