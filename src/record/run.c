/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A save in three steps; none holds a lock while another process works. Prepare: fn reads and fills a change set. Seal: the keeper decides,
 * seals and writes its leaves. Apply: the one writer commits all statements of the set or none; the settle hook tells the keeper which.
 * When another save came between, the core's own conditions fail (E_BUSY) or the keeper finds the version taken (E_STALE from sealing):
 * then fn prepares anew on what is there now, and says itself whether the person must be asked. After three times it is stale. */
#include "record/run.h"

#include "base/clock.h"
#include "base/log.h"

#include <string.h>
#include <unistd.h>

#define RUN_TRIES 3
#define END_TO_RECOVER 4

/* Statements of a set in the order they run. */
struct script {
	struct arena *arena;
	struct write *writes;
	size_t n, room;
};

static void add(struct script *x, enum query q, const struct value *args, size_t n, int64_t changes, enum status otherwise)
{
	struct value *copies = ARENA_ARRAY(x->arena, struct value, n);

	memcpy(copies, args, n * sizeof *args);
	*(struct write *)ONE_MORE(x->arena, x->writes, x->n, x->room) = (struct write){ q, copies, n, changes, otherwise };
}

/* The form key comes first: a double submit must end with its own answer. Forms of the day before yesterday go on the way. */
static void add_once(struct script *x, const struct ctx *c, const struct changes *s)
{
	const int64_t today = c->now / DAY_MS;
	const struct value args[] = { v_id(&s->once), v_text(s->once_result), v_int(today) }, before = v_int(today - 1);

	if (!s->has_once)
		return;
	add(x, QUERY_RECORD_ONCE_ADD, args, 3, 1, E_CONFLICT);
	add(x, QUERY_RECORD_ONCE_SWEEP, &before, 1, -1, OK);
}

/* The organisation a dossier of this set is made in: the keeper said it with each of its parts. */
static const struct id *origin_of(const struct ctx *c, const struct changes *s, struct id dossier)
{
	for (size_t i = 0; i < s->part_count; i++)
		if (id_equal(s->parts[i].dossier, dossier))
			return &s->parts[i].origin;
	return &c->who->organisation;
}

static void add_dossiers(struct script *x, const struct ctx *c, const struct changes *s)
{
	for (size_t i = 0; i < s->right_count; i++) {
		const struct right_change *r = &s->rights[i];
		const struct value args[] = { v_id(&r->dossier), v_int(r->kind), v_id(origin_of(c, s, r->dossier)) };

		if (r->what == RIGHT_CREATE)
			add(x, QUERY_RECORD_DOSSIER_ADD, args, 3, 1, E_CONFLICT);
	}
}

/* Before the parts of the set: what they replace goes. A file that came after they were counted: prepare again. */
static void add_strips(struct script *x, const struct changes *s)
{
	for (size_t i = 0; i < s->strip_count; i++) {
		const struct strip_plan *p = &s->strips[i];
		const struct value args[] = { v_id(&p->dossier), v_id(&p->record) };

		add(x, QUERY_RECORD_STRIP_HISTORY, args, 1, -1, OK);
		add(x, QUERY_RECORD_STRIP_PART, args, 2, -1, OK);
		add(x, QUERY_RECORD_STRIP_WRAP, args, 1, -1, OK);
		add(x, QUERY_RECORD_STRIP_FILE, args, 1, (int64_t)p->file_count, E_BUSY);
	}
}

static void add_part(struct script *x, const struct seal_part *p, const struct part_plan *plan)
{
	const struct value hash = v_blob(sv_bytes(p->hash, sizeof p->hash)), blob = v_blob(p->blob);
	const struct value first[] = { v_id(&p->dossier),
				       v_id(&p->record),
				       v_int(p->class),
				       v_int(p->type),
				       v_int(p->schema),
				       v_int((int64_t)p->version),
				       v_id(&p->key_id),
				       hash,
				       blob,
				       v_int((int64_t)plan->newest) };
	const struct value later[] = { v_id(&p->record),
				       v_int(p->class),
				       v_int(p->schema),
				       v_int((int64_t)p->version),
				       v_id(&p->key_id),
				       hash,
				       blob,
				       v_int((int64_t)plan->before),
				       v_int((int64_t)plan->newest) };
	const struct value past[] = { v_id(&p->record), v_int((int64_t)p->version), v_int(p->class),   v_int(p->type),
				      v_int(p->schema), v_id(&p->key_id),           v_blob(p->history) };

	if (p->first)
		add(x, QUERY_RECORD_PART_ADD, first, 10, 1, E_BUSY);
	else
		add(x, QUERY_RECORD_PART_SET, later, 9, 1, E_BUSY);
	if (p->history.n)
		add(x, QUERY_RECORD_HISTORY_ADD, past, 7, 1, E_BUSY);
}

static void add_wraps(struct script *x, const struct held_key *wraps, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct held_key *k = &wraps[i];
		const struct value args[] = { v_id(&k->dossier),
					      v_int(k->class),
					      v_id(&k->key),
					      v_id(&k->recipient),
					      v_id(&k->holder),
					      v_int(k->generation),
					      v_int(k->kind),
					      v_int(k->purpose),
					      v_id(&k->organisation),
					      v_id(&k->grant),
					      v_int((int64_t)k->not_after),
					      v_blob(k->wrap) };

		add(x, QUERY_RECORD_WRAP_ADD, args, 12, 1, E_STATE);
	}
}

/* The keeper names key and recipient; the dossier is one of those the set is about. */
static void add_retired(struct script *x, const struct changes *s, const struct seal_set *set)
{
	for (size_t i = 0; i < set->retired_count; i++)
		for (size_t k = 0; k < s->part_count + s->right_count; k++) {
			const struct id *dossier = k < s->part_count ? &s->parts[k].dossier : &s->rights[k - s->part_count].dossier;
			const struct value args[] = { v_id(dossier), v_id(&set->retired[i].key), v_id(&set->retired[i].recipient) };
			bool seen = false;

			for (size_t before = 0; before < k && !seen; before++)
				seen = id_equal(*dossier, before < s->part_count ? s->parts[before].dossier
										 : s->rights[before - s->part_count].dossier);
			if (!seen)
				add(x, QUERY_RECORD_WRAP_DROP, args, 3, -1, OK);
		}
}

static void add_files(struct script *x, const struct changes *s)
{
	for (size_t i = 0; i < s->file_count; i++) {
		const struct file_ref *f = &s->files[i].ref;
		const struct value args[] = { v_id(&f->file),
					      v_id(&f->dossier),
					      v_id(&f->record),
					      v_int(f->class),
					      v_int((int64_t)s->files[i].size),
					      v_id(&s->files[i].witness) };

		add(x, QUERY_RECORD_FILE_ADD, args, 6, 1, E_BUSY);
	}
}

/* Those nobody could open yet the keeper did not seal. */
static void add_drops(struct script *x, const struct seal_set *set)
{
	for (size_t i = 0; i < set->drop_count; i++) {
		const struct seal_drop *d = &set->drops[i];
		const struct value args[] = { v_id(&d->id),
					      v_int(d->type),
					      v_int(d->schema),
					      v_id(&d->organisation),
					      v_id(&d->recipient),
					      v_id(&d->key),
					      v_blob(sv_bytes(d->hash, sizeof d->hash)),
					      v_blob(d->wrap),
					      v_blob(d->blob) };

		if (d->sealed)
			add(x, QUERY_RECORD_DROP_ADD, args, 9, 1, E_STATE);
	}
}

static enum status apply(struct ctx *c, const struct changes *s, const struct seal_set *set)
{
	struct script x = { .arena = c->arena };
	struct write_set writes;

	add_once(&x, c, s);
	add_dossiers(&x, c, s);
	add_strips(&x, s);
	for (size_t i = 0; i < s->part_count; i++)
		add_part(&x, &s->parts[i], &s->plans[i]);
	add_wraps(&x, s->wraps, s->wrap_count);
	add_wraps(&x, set->wraps, set->wrap_count);
	add_retired(&x, s, set);
	add_files(&x, s);
	add_drops(&x, set);
	for (size_t i = 0; i < s->write_count; i++)
		*(struct write *)ONE_MORE(c->arena, x.writes, x.n, x.room) = s->writes[i];
	writes = (struct write_set){ .writes = x.writes, .n = x.n, .tag = set->seq_count ? set->first_seq : 0 };
	return store_apply(c, &writes);
}

/* Seal and apply what fn prepared. E_BUSY without an error noted: prepare again. */
static enum status carry_out(struct ctx *c, struct changes *s)
{
	struct seal_set set = { .event = s->event,
				.purpose = s->purpose,
				.parts = s->parts,
				.part_count = s->part_count,
				.rights = s->rights,
				.right_count = s->right_count,
				.keys = s->keys,
				.key_count = s->key_count,
				.drops = s->drops,
				.drop_count = s->drop_count,
				.report = s->report };

	if (s->part_count || s->right_count || s->report) {
		enum status sealed = keeper_seal(c, &set);

		if (sealed == E_STALE) {
			c->error = (struct error){ 0 };
			return E_BUSY;
		}
		TRY(sealed);
	}
	if (s->report && s->report->repeated)
		return OK;
	memcpy(s->new_code, set.new_code, sizeof s->new_code);
	return apply(c, s, &set);
}

static enum status once_through(struct ctx *c, run_fn *fn, const void *arg, bool *again)
{
	struct changes *s = ARENA_NEW(c->arena, struct changes);
	enum status status;

	*again = false;
	s->active = true;
	s->event = EV_WRITE;
	c->changes = s;
	status = fn(c, arg);
	s->active = false;
	if (status == OK) {
		status = carry_out(c, s);
		*again = status == E_BUSY && c->error.status == OK;
	}
	if (status != E_UNCERTAIN)
		files_settled(c, s, status == OK);
	if (status != OK || !s->new_code[0])
		c->changes = NULL;
	return status;
}

enum status record_run(struct ctx *c, const char *what, run_fn *fn, const void *arg)
{
	bool again = true;
	enum status s = E_BUSY;

	if (preparing(c))
		return ERR(c, E_BUG, "a run inside a run");
	for (int try = 0; try < RUN_TRIES && again; try++)
		s = once_through(c, fn, arg, &again);
	if (again)
		return ERR(c, E_STALE, "others kept changing the record");
	if (s == E_STORE || s == E_UNCERTAIN || s == E_BUG || s == E_CRYPTO)
		log_note(LOG_DATABASE, what);
	return s;
}

const char *record_new_code(const struct ctx *c)
{
	return c->changes && c->changes->new_code[0] ? c->changes->new_code : NULL;
}

void record_settle(void *arg, const uint64_t *tags, const bool *in_force, size_t n)
{
	struct settled sets[64];
	enum status s = OK;

	if (n == 0) {
		LOG_NOTE(LOG_RECOVERY,
			 "the disk takes writes again: ended, so that the start looks up what became of the last ones");
		_exit(END_TO_RECOVER);
	}
	for (size_t at = 0; at < n && s == OK; at += 64) {
		size_t some = n - at < 64 ? n - at : 64;

		for (size_t i = 0; i < some; i++)
			sets[i] = (struct settled){ tags[at + i], in_force[at + i] };
		s = keeper_settle(arg, sets, some);
	}
	if (s != OK)
		log_event(LOG_KEEPER, s, (int64_t)n, 0, 0, 0);
}
