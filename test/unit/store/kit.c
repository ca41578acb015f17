/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kit.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const struct actor nobody = { .kind = ACTOR_NONE };

static void hear(void *arg, const uint64_t *tags, const bool *in_force, size_t n)
{
	struct kit *k = arg;

	if (k->wait_for) {
		k->held = true;
		while (store_queued(k->store) < k->wait_for)
			(void)usleep(100);
		k->wait_for = 0;
		k->calls_when_freed = store_calls(k->store);
	}
	k->sure_again += n == 0;
	for (size_t i = 0; i < n; i++, k->heard++)
		if (k->heard < HEARD_MAX) {
			k->tags[k->heard] = tags[i];
			k->in_force[k->heard] = in_force[i];
		}
}

static void connect_all(struct kit *k)
{
	assert_int_equal(store_open(&k->c, k->dir, hear, k, &k->store), OK);
	assert_int_equal(store_connect(&k->c, k->store, &k->db), OK);
	k->c.db = k->db;
}

void kit_open(struct kit *k)
{
	*k = (struct kit){ .dir = "/tmp/amana-store-XXXXXX", .c = { .who = &nobody } };
	assert_non_null(mkdtemp(k->dir));
	k->c.arena = arena_new(32u << 20);
	connect_all(k);
}

void kit_reopen(struct kit *k)
{
	db_close(k->db);
	store_close(k->store);
	connect_all(k);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st, (void)type, (void)ftw;
	return remove(path);
}

void kit_close(struct kit *k)
{
	db_close(k->db);
	store_close(k->store);
	arena_free(k->c.arena);
	assert_int_equal(nftw(k->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
}

void kit_thread(struct kit *k, struct ctx *c)
{
	*c = (struct ctx){ .arena = arena_new(0), .who = &nobody };
	assert_int_equal(store_connect(c, k->store, &c->db), OK);
}

void kit_thread_end(struct ctx *c)
{
	db_close(c->db);
	arena_free(c->arena);
}

void save_make(struct save *s, struct id id, struct sv blob)
{
	struct value *dossier = s->values[0], *part = s->values[1], *once = s->values[2];

	*s = (struct save){ .id = id };
	memset(s->origin.b, 0xaa, 16);
	memset(s->hash, 0x11, 32);
	dossier[0] = v_id(&s->id);
	dossier[1] = v_int(DOSSIER_REPORT);
	dossier[2] = v_id(&s->origin);
	part[0] = part[1] = part[6] = v_id(&s->id);
	part[2] = v_int(REPORT);
	part[3] = part[4] = part[5] = v_int(1);
	part[7] = v_blob(sv_bytes(s->hash, 32));
	part[8] = v_blob(blob);
	part[9] = v_int(0);
	once[0] = v_id(&s->id);
	once[1] = v_text(SV("/staff/queue"));
	once[2] = v_int(20000);
	s->writes[0] = (struct write){ QUERY_RECORD_DOSSIER_ADD, dossier, 3, 1, E_BUG };
	s->writes[1] = (struct write){ QUERY_RECORD_PART_ADD, part, 10, 1, E_STALE };
	s->writes[2] = (struct write){ QUERY_RECORD_ONCE_ADD, once, 3, 1, E_BUG };
}

size_t save_found(struct ctx *c, struct id id)
{
	const enum query where[] = { QUERY_RECORD_DOSSIER, QUERY_RECORD_PARTS_OF_RECORD, QUERY_RECORD_ONCE };
	const struct value key = v_id(&id);
	size_t found = 0;

	for (size_t i = 0; i < 3; i++) {
		struct rows rows;

		assert_int_equal(db_query(c, where[i], &key, 1, 0, &rows), OK);
		found += rows.n;
	}
	return found;
}
