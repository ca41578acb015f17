/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The physical limits the bench compares with: the same cryptography and the same durable commits, and nothing else. */
#include "test/bench/limits.h"

#include <pthread.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/heap.h"
#include "crypto/formats.h"
#include "policy/policy.h"

static double now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void need(bool ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "bench: %s failed\n", what);
	exit(1);
}

/* --- Argon2id ---------------------------------------------------------------------------------------------------------- */

struct stretch {
	double until;
	atomic_uint *done;
};

static void *stretch_main(void *arg)
{
	struct stretch *s = arg;
	uint8_t i[32], salt[16] = { 1 };

	while (now_s() < s->until) {
		need(slot_stretch(i, SV("12345678901234567891"), salt, 3, 65536) == OK, "Argon2id");
		atomic_fetch_add(s->done, 1);
	}
	return NULL;
}

double limit_argon(double seconds)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	pthread_t *threads = heap_new((size_t)cores, sizeof *threads);
	atomic_uint done = 0;
	double begin = now_s();
	struct stretch s = { begin + seconds, &done };

	for (long i = 0; i < cores; i++)
		need(pthread_create(&threads[i], NULL, stretch_main, &s) == 0, "thread");
	for (long i = 0; i < cores; i++)
		pthread_join(threads[i], NULL);
	heap_free(threads);
	return (double)atomic_load(&done) / (now_s() - begin);
}

/* --- group-committed inserts with their seals ----------------------------------------------------------------------------- */

static sqlite3 *make(const char *dir, const char *name)
{
	char path[4096];
	sqlite3 *db;

	snprintf(path, sizeof path, "%s/%s", dir, name);
	unlink(path);
	need(sqlite3_open(path, &db) == SQLITE_OK, "sqlite3_open");
	need(sqlite3_exec(db,
			  "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;"
			  "CREATE TABLE row(k BLOB PRIMARY KEY, v BLOB) WITHOUT ROWID, STRICT;"
			  "CREATE TABLE leaf(seq INTEGER PRIMARY KEY, v BLOB) STRICT",
			  NULL, NULL, NULL) == SQLITE_OK,
	     "schema");
	return db;
}

static void insert(sqlite3_stmt *s, const void *key, size_t key_n, const void *blob, size_t n)
{
	sqlite3_bind_blob(s, 1, key, (int)key_n, SQLITE_STATIC);
	sqlite3_bind_blob(s, 2, blob, (int)n, SQLITE_STATIC);
	need(sqlite3_step(s) == SQLITE_DONE, "insert");
	sqlite3_reset(s);
}

struct bench {
	sqlite3 *keeper, *main;
	sqlite3_stmt *leaf, *state, *row;
	uint8_t *plain, *blob;
	uint8_t pk[32];
	int64_t seq;
};

static void rows(sqlite3_stmt *into, size_t n)
{
	uint8_t id[16], bytes[120] = { 0 };

	for (size_t i = 0; i < n; i++) {
		randombytes_buf(id, sizeof id);
		insert(into, id, sizeof id, bytes, sizeof bytes);
	}
}

static void leaves(struct bench *b, size_t n)
{
	uint8_t leaf[AMJ1_SIZE] = { 0 }, hash[32], mac[16], key[32] = { 0 };

	for (size_t i = 0; i < n; i++) {
		leaf_hash(hash, leaf);
		leaf_mac(mac, key, leaf);
		sqlite3_bind_int64(b->leaf, 1, ++b->seq);
		sqlite3_bind_blob(b->leaf, 2, leaf, sizeof leaf, SQLITE_STATIC);
		need(sqlite3_step(b->leaf) == SQLITE_DONE, "leaf");
		sqlite3_reset(b->leaf);
	}
}

static void seals(struct bench *b, const struct save_size *size)
{
	struct record_bind bind = { .type = 1, .version = 1, .schema = 1 };
	uint8_t id[16], nonce[24], hash[32];
	struct key k;

	for (size_t i = 0; i < size->seals; i++) {
		randombytes_buf(id, sizeof id);
		randombytes_buf(nonce, sizeof nonce);
		randombytes_buf(&k, sizeof k);
		need(amr1_seal(b->blob, &k, 14, ID_ZERO, nonce, &bind, sv_bytes(b->plain, size->plain)) == OK, "seal");
		hash32(hash, b->blob, amr1_size(size->plain));
		insert(b->row, id, sizeof id, b->blob, amr1_size(size->plain));
	}
}

static void wraps(struct bench *b, size_t n)
{
	struct wrap_bind bind = { .class = 14 };
	uint8_t id[16], ephemeral[32], wrap[AMW1_DEK];
	struct key k = { { 1 } };

	for (size_t i = 0; i < n; i++) {
		randombytes_buf(id, sizeof id);
		randombytes_buf(ephemeral, sizeof ephemeral);
		need(amw1_wrap(wrap, WRAP_DEK_COMPARTMENT, ID_ZERO, ID_ZERO, b->pk, ephemeral, &bind, &k, sizeof k) == OK, "wrap");
		insert(b->row, id, sizeof id, wrap, sizeof wrap);
	}
}

static void one_save(struct bench *b, const struct save_size *size)
{
	seals(b, size);
	wraps(b, size->wraps);
	leaves(b, size->leaves);
	rows(b->state, size->keeper_rows);
	rows(b->row, size->main_rows);
}

static void start(struct bench *b, const char *dir, size_t plain)
{
	uint8_t sk[32];

	*b = (struct bench){ .keeper = make(dir, "limit-keeper.db"),
			     .main = make(dir, "limit-main.db"),
			     .plain = heap_new(plain + 1, 1),
			     .blob = heap_new(amr1_size(plain), 1) };
	randombytes_buf(sk, sizeof sk);
	x25519_public(b->pk, sk);
	need(sqlite3_prepare_v2(b->keeper, "INSERT INTO leaf VALUES(?,?)", -1, &b->leaf, NULL) == SQLITE_OK, "prepare");
	need(sqlite3_prepare_v2(b->keeper, "INSERT INTO row VALUES(?,?)", -1, &b->state, NULL) == SQLITE_OK, "prepare");
	need(sqlite3_prepare_v2(b->main, "INSERT INTO row VALUES(?,?)", -1, &b->row, NULL) == SQLITE_OK, "prepare");
}

double limit_inserts(const char *dir, size_t batch, const struct save_size *size, double seconds)
{
	struct bench b;
	size_t saves = 0;
	double begin, end;

	start(&b, dir, size->plain);
	for (begin = end = now_s(); end < begin + seconds; end = now_s()) {
		sqlite3_exec(b.keeper, "BEGIN", NULL, NULL, NULL);
		sqlite3_exec(b.main, "BEGIN", NULL, NULL, NULL);
		for (size_t i = 0; i < batch; i++)
			one_save(&b, size);
		need(sqlite3_exec(b.keeper, "COMMIT", NULL, NULL, NULL) == SQLITE_OK, "commit");
		need(sqlite3_exec(b.main, "COMMIT", NULL, NULL, NULL) == SQLITE_OK, "commit");
		saves += batch;
	}
	sqlite3_finalize(b.leaf);
	sqlite3_finalize(b.state);
	sqlite3_finalize(b.row);
	sqlite3_close(b.keeper);
	sqlite3_close(b.main);
	heap_free(b.plain);
	heap_free(b.blob);
	return (double)saves / (end - begin);
}

/* --- sealed files ---------------------------------------------------------------------------------------------------------- */

double limit_chunks(double seconds)
{
	struct record_bind bind = { .type = 1, .version = 1 };
	uint8_t *plain = heap_new(AMF1_CHUNK, 1), *sealed = heap_new(AMF1_CHUNK + AMF1_TAG, 1), head[AMF1_HEAD], prefix[19] = { 1 };
	struct key key = { { 1 } };
	double begin, end;
	uint32_t n = 0;

	need(amf1_head(head, 14, ID_ZERO, ID_ZERO, prefix) == OK, "head");
	for (begin = end = now_s(); end < begin + seconds; end = now_s())
		need(amf1_seal_chunk(sealed, &key, head, &bind, n++, false, sv_bytes((const char *)plain, AMF1_CHUNK)) == OK,
		     "chunk");
	heap_free(plain);
	heap_free(sealed);
	return n * (AMF1_CHUNK / 1048576.0) / (end - begin);
}

/* --- decisions --------------------------------------------------------------------------------------------------------- */

double limit_decisions(double seconds)
{
	static const enum op ops[] = { OP_READ, OP_WRITE, OP_SIGN };
	double begin = now_s(), end = begin;
	uint64_t n = 0, allowed = 0;

	for (; end - begin < seconds; end = now_s())
		for (unsigned i = 0; i < 10000; i++, n++) {
			const struct question q = { .op = ops[n % 3],
						    .class = (enum class)(n / 3 % CLASS_COUNT),
						    .roles = ROLE_BIT(n / 7 % ROLE_COUNT),
						    .active = true,
						    .owner = n % 5 != 0,
						    .assigned = n % 11 != 0,
						    .pace_left = true };

			allowed += policy_decide(&q) == ALLOW;
		}
	need(allowed > 0, "decisions");
	return (double)n / (end - begin);
}
