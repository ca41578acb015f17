/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files chunk by chunk: by the desk, by a reporter who cannot read them back, and what does not open. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include "crypto/formats.h"
#include "tamper.h"

static struct test_instance t;
static struct test_house noor;
static char plain[AMF1_CHUNK];

struct file {
	struct file_ref ref;
	uint8_t head[68], chain[32];
	struct held_key key;
	struct sv chunks[2];
};

static enum status store(struct ctx *c, struct id dossier, struct file *f)
{
	struct held_key *wraps;
	size_t n;

	f->ref = (struct file_ref){ .file = id_new(), .record = id_new(), .dossier = dossier, .type = 3, .class = REPORT };
	TRY(keeper_file_begin(c, &f->ref, NULL, f->head, &wraps, &n));
	assert_true(n >= 1);
	f->key = wraps[0];
	keeper_file_chain(f->chain, true, sv_bytes(f->head, 68));
	for (uint32_t i = 0; i < 2; i++) {
		memset(plain, 'a' + (int)i, sizeof(plain));
		TRY(keeper_file_seal(c, &f->ref, i, i == 1, sv_bytes(plain, i == 1 ? 256 : sizeof(plain)), &f->chunks[i]));
		keeper_file_chain(f->chain, false, f->chunks[i]);
	}
	return OK;
}

static enum status open_chunk(struct ctx *c, const struct file *f, uint32_t i, struct sv sealed, struct sv *out)
{
	c->error = (struct error){ 0 };
	return keeper_file_open(c, &f->ref, &f->key, f->head, i, i == 1, sealed, out);
}

static enum status look_up(void *arg, struct id record, uint16_t type, uint8_t class, bool *found, uint64_t *version,
			   uint8_t hash[32])
{
	const struct file *f = arg;

	*found = type == VERIFY_FILE && id_equal(record, f->ref.file);
	*version = 1;
	memcpy(hash, f->chain, 32);
	return OK;
}

static void test_files_seal_and_open(void **state)
{
	struct public_report p = new_ticket();
	struct actor reporter = { .kind = ACTOR_REPORTER };
	struct id dossier = id_new();
	struct verify_report v;
	struct stored_part sent;
	struct file f, mine;
	struct ctx desk, mail;
	struct sv out;
	char *flipped;

	route_all(&t, noor.id, ID_ZERO);
	assert_int_equal(report_send(&t, &t.ctx, &p, dossier, "a file follows", &sent, false), OK);
	person_login(&t, &noor.people[DESK]);
	ctx_for(&t, &desk, &noor.people[DESK].actor);
	assert_int_equal(store(&desk, dossier, &f), OK);
	assert_int_equal(open_chunk(&desk, &f, 0, f.chunks[0], &out), OK);
	assert_int_equal(out.n, AMF1_CHUNK);
	assert_int_equal(out.p[0], 'a');
	assert_int_equal(open_chunk(&desk, &f, 1, f.chunks[1], &out), OK);
	assert_int_equal(out.p[255], 'b');
	flipped = arena_text(t.arena, f.chunks[1]);
	flipped[17] ^= 1;
	assert_int_equal(open_chunk(&desk, &f, 1, sv_bytes(flipped, f.chunks[1].n), &out), E_CRYPTO);
	assert_int_equal(open_chunk(&desk, &f, 0, f.chunks[1], &out), E_CRYPTO);
	desk.error = (struct error){ 0 };
	assert_int_equal(keeper_file_seal(&desk, &f.ref, 2, true, sv_bytes(plain, 256), &out), E_STATE); /* after the last chunk */

	ctx_for(&t, &mail, &reporter);
	assert_int_equal(keeper_mailbox(&mail, sv_of(p.code), &reporter.token), OK);
	assert_int_equal(store(&mail, dossier, &mine), OK);
	assert_int_equal(open_chunk(&mail, &mine, 0, mine.chunks[0], &out), E_DENIED);
	assert_int_equal(open_chunk(&desk, &mine, 0, mine.chunks[0], &out), OK);
	assert_int_equal(store(&mail, id_new(), &mine), E_DENIED);

	assert_int_equal(keeper_verify(&t.ctx, t.dir, look_up, &f, &v), OK);
	assert_int_equal(v.wrong, 0);
	f.chain[0] ^= 1; /* T-EVI-1: what is stored is not what came */
	assert_int_equal(keeper_verify(&t.ctx, t.dir, look_up, &f, &v), OK);
	assert_int_equal(v.wrong, 1);
	ctx_close(&mail);
	ctx_close(&desk);
}

/* The number of the chunk is the caller's word: one who never asks for the first has opened the file all the same. */
static void test_T_JRN_4_no_chunk_without_a_leaf(void **state)
{
	struct public_report p = new_ticket();
	struct id dossier = id_new();
	struct stored_part sent;
	struct file f;
	struct ctx desk;
	int64_t before;
	struct sv out;

	assert_int_equal(report_send(&t, &t.ctx, &p, dossier, "a file follows", &sent, true), OK);
	person_login(&t, &noor.people[DESK]);
	ctx_for(&t, &desk, &noor.people[DESK].actor);
	assert_int_equal(store(&desk, dossier, &f), OK);
	before = leaf_count(&t, EV_OPEN);
	assert_int_equal(open_chunk(&desk, &f, 1, f.chunks[1], &out), OK);
	assert_int_equal(leaf_count(&t, EV_OPEN), before + 1);
	assert_int_equal(open_chunk(&desk, &f, 0, f.chunks[0], &out), OK);
	assert_int_equal(open_chunk(&desk, &f, 1, f.chunks[1], &out), OK);
	assert_int_equal(leaf_count(&t, EV_OPEN), before + 2); /* a reading from the beginning is one */
	person_login(&t, &noor.people[DESK]);
	assert_int_equal(open_chunk(&desk, &f, 1, f.chunks[1], &out), OK); /* another session is another reader */
	assert_int_equal(leaf_count(&t, EV_OPEN), before + 3);
	ctx_close(&desk);
}

/* A visitor with one report begins file after file and finishes none. */
static void test_files_begun_and_left_keep_nobody_out(void **state)
{
	struct public_report p = new_ticket();
	struct actor reporter = { .kind = ACTOR_REPORTER };
	struct id dossier = id_new();
	struct stored_part sent;
	struct held_key *wraps;
	struct file f;
	struct ctx desk, mail;
	uint8_t head[68];
	size_t n;

	assert_int_equal(report_send(&t, &t.ctx, &p, dossier, "files follow", &sent, true), OK);
	ctx_for(&t, &mail, &reporter);
	assert_int_equal(keeper_mailbox(&mail, sv_of(p.code), &reporter.token), OK);
	for (int i = 0; i < 260; i++) {
		struct file_ref ref = { .file = id_new(), .record = id_new(), .dossier = dossier, .type = 3, .class = REPORT };

		assert_int_equal(keeper_file_begin(&mail, &ref, NULL, head, &wraps, &n), OK);
	}
	person_login(&t, &noor.people[DESK]);
	ctx_for(&t, &desk, &noor.people[DESK].actor);
	assert_int_equal(store(&desk, dossier, &f), OK);
	ctx_close(&desk);
	ctx_close(&mail);
}

static int begin(void **state)
{
	instance_make(&t);
	house_found(&t, &noor, "noor");
	return 0;
}

static int end(void **state)
{
	instance_end(&t);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_files_seal_and_open),
		cmocka_unit_test(test_T_JRN_4_no_chunk_without_a_leaf),
		cmocka_unit_test(test_files_begun_and_left_keep_nobody_out),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
