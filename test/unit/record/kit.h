/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TEST_RECORD_KIT_H
#define TEST_RECORD_KIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "ceremony.h"
#include "record/record.h"

/* A living keeper with two founded organisations, a main database beside it, and its people at work. */
struct kit {
	struct test_instance instance;
	struct test_house noor, dar;
	char main_dir[280];
	struct keeper *writer; /* the settle hook's own connection */
	struct store *store;
	struct ctx desk, second, other, nobody; /* desk and case manager of noor, desk of dar, the public */
};
void kit_make(struct kit *k);
void kit_end(struct kit *k);
/* The web process dies and comes back: store and connections anew, recovery, keeper too when `keeper` (kill -9). */
void kit_restart(struct kit *k, bool keeper);
/* Both end (kill -9); both come back. In between the files are anybody's. */
void kit_away(struct kit *k);
void kit_back(struct kit *k);
/* A store that tells the keeper nothing: what a crash right after apply looks like. */
void kit_deaf(struct kit *k);
void kit_connect(struct kit *k, struct ctx *c, const struct actor *who);
void kit_disconnect(struct ctx *c);
void kit_clear(struct ctx *c); /* errors of before */

/* A note in a dossier: REPORT text, count, risk and DIALOG answer. */
extern const struct record_type note_type;
enum { NOTE_text = 1, NOTE_count = 2, NOTE_at = 3, NOTE_answer = 4, NOTE_long = 5 };

/* Saves, as runs. */
struct made {
	struct id id;
};
enum status note_new(struct ctx *c, const char *text, struct id *out); /* in a dossier of its own */
enum status note_add(struct ctx *c, struct id dossier, const char *text, struct id *out);
struct edit {
	struct id id;
	uint64_t shown;
	const char *text;
	const char *answer;
	uint8_t key[16];
};
enum status note_edit(struct ctx *c, const struct edit *in); /* shown 0 = not shown to anybody */

#endif
