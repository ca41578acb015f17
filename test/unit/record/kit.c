/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kit.h"

#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct actor public_actor = { .kind = ACTOR_NONE };

static const struct field note_fields[] = {
	{ .name = "text", .number = NOTE_text, .type = FIELD_TEXT, .class = REPORT, .max = 200, .flags = FIELD_REQUIRED },
	{ .name = "count", .number = NOTE_count, .type = FIELD_INTEGER, .class = REPORT },
	{ .name = "at", .number = NOTE_at, .type = FIELD_TIME, .class = REPORT, .flags = FIELD_MACHINE },
	{ .name = "answer", .number = NOTE_answer, .type = FIELD_TEXT, .class = DIALOG, .max = 200 },
	{ .name = "long", .number = NOTE_long, .type = FIELD_LONG_TEXT, .class = REPORT, .max = 200000 },
};
const struct record_type note_type = { "note", 77, 1, DOSSIER_REPORT, note_fields, sizeof note_fields / sizeof *note_fields };

/* --- the instance ------------------------------------------------------------------------------------------------------------------ */

void kit_connect(struct kit *k, struct ctx *c, const struct actor *who)
{
	ctx_for(&k->instance, c, who);
	c->arena = arena_new(64u << 20);
	assert_int_equal(store_connect(c, k->store, &c->db), OK);
}

void kit_disconnect(struct ctx *c)
{
	db_close(c->db);
	ctx_close(c);
	arena_free(c->arena);
}

void kit_clear(struct ctx *c)
{
	c->error = (struct error){ 0 };
	c->input_count = 0;
}

static void open_all(struct kit *k, settle_hook *hook)
{
	char socket[300];

	(void)snprintf(socket, sizeof socket, "%s/run/keeper.sock", k->instance.dir);
	assert_int_equal(keeper_connect(socket, &k->writer), OK);
	assert_int_equal(store_open(&k->instance.ctx, k->main_dir, hook, k->writer, &k->store), OK);
	kit_connect(k, &k->nobody, &public_actor);
	kit_connect(k, &k->desk, &k->noor.people[DESK].actor);
	kit_connect(k, &k->second, &k->noor.people[CASE_MANAGER].actor);
	kit_connect(k, &k->other, &k->dar.people[DESK].actor);
	assert_int_equal(record_start(&k->nobody, k->main_dir), OK);
}

static void close_all(struct kit *k)
{
	kit_disconnect(&k->nobody);
	kit_disconnect(&k->desk);
	kit_disconnect(&k->second);
	kit_disconnect(&k->other);
	store_close(k->store);
	keeper_close(k->writer);
}

static void log_in(struct kit *k)
{
	house_login(&k->instance, &k->noor);
	house_login(&k->instance, &k->dar);
}

void kit_make(struct kit *k)
{
	*k = (struct kit){ .store = NULL };
	instance_make(&k->instance);
	house_found(&k->instance, &k->noor, "noor");
	house_found(&k->instance, &k->dar, "dar");
	route_all(&k->instance, k->noor.id, ID_ZERO);
	log_in(k);
	(void)snprintf(k->main_dir, sizeof k->main_dir, "%s/main", k->instance.dir);
	open_all(k, record_settle);
}

void kit_away(struct kit *k)
{
	close_all(k);
	instance_stop(&k->instance, SIGKILL);
}

void kit_back(struct kit *k)
{
	instance_start(&k->instance);
	log_in(k);
	open_all(k, record_settle);
}

void kit_restart(struct kit *k, bool keeper)
{
	if (keeper) {
		kit_away(k);
		kit_back(k);
		return;
	}
	close_all(k);
	open_all(k, record_settle);
}

void kit_deaf(struct kit *k)
{
	close_all(k);
	open_all(k, NULL);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st, (void)type, (void)ftw;
	return remove(path);
}

void kit_end(struct kit *k)
{
	close_all(k);
	assert_int_equal(nftw(k->main_dir, remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
	instance_end(&k->instance);
}

/* --- saves --------------------------------------------------------------------------------------------------------------------------- */

struct adding {
	struct id id, dossier;
	const char *text;
};

static enum status add_in(struct ctx *c, const void *arg)
{
	const struct adding *in = arg;
	struct record *r = record_new(c, &note_type, in->dossier);

	r->id = in->id;
	if (id_is_zero(in->dossier)) {
		r->dossier = r->id;
		TRY(change_right(c, (struct right_change){ .what = RIGHT_CREATE, .kind = DOSSIER_REPORT, .dossier = r->dossier }));
	}
	record_set_text(r, NOTE_text, sv_of(in->text));
	return record_save(c, r);
}

enum status note_add(struct ctx *c, struct id dossier, const char *text, struct id *out)
{
	const struct adding in = { id_new(), dossier, text };

	kit_clear(c);
	*out = in.id;
	return record_run(c, "note.add", add_in, &in);
}

enum status note_new(struct ctx *c, const char *text, struct id *out)
{
	return note_add(c, ID_ZERO, text, out);
}

static enum status edit_in(struct ctx *c, const void *arg)
{
	const struct edit *in = arg;
	struct record *r;

	TRY(change_once(c, in->key, SV("/notes")));
	TRY(record_load(c, &note_type, in->id, &r));
	if (in->shown)
		TRY(record_same_version(c, r, in->shown));
	record_set_number(r, NOTE_count, record_number(r, NOTE_count) + 1);
	if (in->text)
		record_set_text(r, NOTE_text, sv_of(in->text));
	if (in->answer)
		record_set_text(r, NOTE_answer, sv_of(in->answer));
	return record_save(c, r);
}

enum status note_edit(struct ctx *c, const struct edit *in)
{
	kit_clear(c);
	return record_run(c, "note.edit", edit_in, in);
}
