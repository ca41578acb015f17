/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SQL and files behind the keeper's back. */
#include "tamper.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/random.h"
#include "crypto/formats.h"

static sqlite3 *open_db(const struct test_instance *t, const char *file)
{
	char path[400];
	sqlite3 *h;

	snprintf(path, sizeof(path), "%s/keeper/%s", t->dir, file);
	if (sqlite3_open_v2(path, &h, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK)
		abort();
	sqlite3_busy_timeout(h, 5000);
	return h;
}

void db_do(const struct test_instance *t, const char *file, const char *statements)
{
	sqlite3 *h = open_db(t, file);

	if (sqlite3_exec(h, statements, NULL, NULL, NULL) != SQLITE_OK || sqlite3_total_changes(h) == 0) {
		fprintf(stderr, "tamper: %s: %s\n", statements, sqlite3_errmsg(h));
		abort();
	}
	sqlite3_close(h);
}

void db_blobs(const struct test_instance *t, const char *file, const char *question, blob_visit *visit, void *arg)
{
	sqlite3 *h = open_db(t, file);
	sqlite3_stmt *s;

	if (sqlite3_prepare_v2(h, question, -1, &s, NULL) != SQLITE_OK)
		abort();
	while (sqlite3_step(s) == SQLITE_ROW)
		visit(arg, sv_bytes(sqlite3_column_blob(s, 0), (size_t)sqlite3_column_bytes(s, 0)));
	sqlite3_finalize(s);
	sqlite3_close(h);
}

int64_t db_number(const struct test_instance *t, const char *file, const char *question)
{
	sqlite3 *h = open_db(t, file);
	sqlite3_stmt *s;
	int64_t n = -1;

	if (sqlite3_prepare_v2(h, question, -1, &s, NULL) != SQLITE_OK)
		abort();
	if (sqlite3_step(s) == SQLITE_ROW)
		n = sqlite3_column_int64(s, 0);
	sqlite3_finalize(s);
	sqlite3_close(h);
	return n;
}

int64_t leaf_count(const struct test_instance *t, enum event event)
{
	char question[100];

	snprintf(question, sizeof(question), "SELECT count(*) FROM leaf WHERE substr(body,6,1)=x'%02x'", (unsigned)event);
	return db_number(t, "keeper.db", question);
}

struct kept {
	struct arena *a;
	struct sv value;
};

static void keep(void *arg, struct sv value)
{
	struct kept *k = arg;

	k->value = arena_copy(k->a, value);
}

void newest_leaf(const struct test_instance *t, enum event event, struct sv *body)
{
	struct kept k = { t->arena, SV_NONE };
	char question[150];

	snprintf(question, sizeof(question), "SELECT body FROM leaf WHERE substr(body,6,1)=x'%02x' ORDER BY seq DESC LIMIT 1",
		 (unsigned)event);
	db_blobs(t, "keeper.db", question, keep, &k);
	*body = k.value;
}

struct sv row_body(const struct test_instance *t, enum row_kind kind, struct id object)
{
	struct kept k = { t->arena, SV_NONE };
	char hex[33], question[200];

	id_hex(object, hex);
	snprintf(question, sizeof(question), "SELECT body FROM row WHERE kind=%d AND object=x'%s'", (int)kind, hex);
	db_blobs(t, "keeper.db", question, keep, &k);
	return k.value;
}

struct sv file_bytes(const struct test_instance *t, const char *path)
{
	struct stat st;
	int fd = open(path, O_RDONLY);
	char *p;

	if (fd < 0 || fstat(fd, &st) != 0)
		return SV_NONE;
	p = arena_alloc(t->arena, (size_t)st.st_size + 1);
	if (read(fd, p, (size_t)st.st_size) != st.st_size)
		abort();
	close(fd);
	return sv_bytes(p, (size_t)st.st_size);
}

void file_put(const char *path, struct sv bytes)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (fd < 0 || write(fd, bytes.p, bytes.n) != (ssize_t)bytes.n)
		abort();
	close(fd);
}

const char *head_back(const struct stored_part *part)
{
	static char edit[500];
	char record[33], hash_hex[65];
	uint8_t hash[32];

	hash32(hash, part->part.blob.p, part->part.blob.n);
	for (size_t i = 0; i < sizeof(hash); i++)
		snprintf(hash_hex + 2 * i, 3, "%02x", hash[i]);
	id_hex(part->part.record, record);
	snprintf(
		edit, sizeof(edit),
		"UPDATE head SET version=%d, hash=x'%s', leaf=(SELECT seq FROM leaf WHERE substr(body,129,32)=x'%s') WHERE record=x'%s'",
		(int)part->part.version, hash_hex, hash_hex, record);
	return edit;
}

struct public_report new_ticket(void)
{
	struct public_report p = { .region = 4 };

	random_fill(p.ticket, sizeof(p.ticket));
	return p;
}

enum status part_update(struct ctx *c, const struct stored_part *old, const char *text, const char *history,
			struct stored_part *out, struct sv *history_blob)
{
	struct seal_part part = { .record = old->part.record,
				  .dossier = old->part.dossier,
				  .type = old->part.type,
				  .class = old->part.class,
				  .schema = 1,
				  .version = old->part.version + 1,
				  .key = &old->keys[0],
				  .plain = sv_of(text),
				  .history = sv_of(history) };
	struct seal_set set = { .event = EV_WRITE, .parts = &part, .part_count = 1 };
	struct settled s = { .in_force = true };

	TRY(keeper_seal(c, &set));
	*out = *old;
	out->part.version++;
	out->part.blob = arena_copy(c->arena, part.blob);
	if (history_blob != NULL)
		*history_blob = arena_copy(c->arena, part.history);
	s.first_seq = out->first_seq = set.first_seq;
	return keeper_settle(c->keeper, &s, 1);
}
