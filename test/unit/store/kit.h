/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TEST_STORE_KIT_H
#define TEST_STORE_KIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "store/driver.h"

#define HEARD_MAX 64
/* A store in a folder of its own, with one read connection, and what its hook heard. */
struct kit {
	char dir[64];
	struct ctx c;
	struct store *store;
	struct db *db;
	uint64_t tags[HEARD_MAX];
	bool in_force[HEARD_MAX];
	size_t heard;              /* in all; the first HEARD_MAX are kept */
	_Atomic size_t sure_again; /* times the hook heard of nothing */
	/* Once: the hook says that it holds the writer, and waits until so many sets are queued behind the batch. */
	_Atomic size_t wait_for;
	_Atomic bool held;
	uint64_t calls_when_freed;
};
void kit_open(struct kit *k);
void kit_reopen(struct kit *k); /* closes and opens the same folder */
void kit_close(struct kit *k);  /* and removes the folder */
/* A context of another thread on the same store, with its own arena and connection. */
void kit_thread(struct kit *k, struct ctx *c);
void kit_thread_end(struct ctx *c);
extern const struct actor nobody;

/* One save as record makes it: a dossier, its first part, its form key. `id` names all three. */
#define SAVE_WRITES 3
struct save {
	struct id id, origin;
	uint8_t hash[32];
	struct value values[SAVE_WRITES][10];
	struct write writes[SAVE_WRITES];
};
void save_make(struct save *s, struct id id, struct sv blob);
size_t save_found(struct ctx *c, struct id id); /* how many of its three rows are there */

#endif
