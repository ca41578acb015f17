/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `amana verify`: the journal and all it stands for, read only, without any key that opens data. Leaves in order with their MACs, the
 * tree against the stored edge and every signed checkpoint, every row against its newest leaf, every part in force against what the
 * main database holds, every file against the hash of its sealed chunks. */
#include "keeper/admin.h"

#include <stdio.h>
#include <string.h>
#include "base/heap.h"
#include "keeper/sealed/data.h"
#include "keeper/process/service.h"
#include "keeper/slab.h"

/* Newest leaf of each row, and all writes of each part or file. */
struct entry {
	struct id object;
	uint16_t tag;    /* ROW_FLAG | kind, or the class of a part */
	bool used, seen; /* seen: the row, head or pending write was found */
	bool part;       /* begun by a create: not a file */
	bool erased;     /* by rule, and its leaf says so */
	uint64_t seq;    /* of a part: of its head, once that was seen */
	uint8_t hash[32];
	size_t newest; /* newest write of a part or file: its place in `writes` + 1 */
};
/* A leaf that says what a part or file is from then on. */
struct write {
	size_t before; /* the write before it, place + 1 */
	uint64_t seq;
	uint8_t hash[32];
	bool voided;
};
struct table {
	struct entry *entries;
	size_t room, n;
};

struct checking {
	struct ctx *c;
	struct service s;
	struct verify_report *out;
	struct table newest;
	struct write *writes;
	size_t write_n, write_room;
	struct tree tree;
	uint64_t start; /* newest leaf of event start: younger writes may be pending */
	uint64_t floor; /* the last checkpoint's leaf says that older ones are settled */
	verify_lookup *lookup;
	void *arg;
};

static void wrong(struct checking *v, const char *what, uint64_t at)
{
	v->out->wrong++;
	if (v->out->first_wrong == NULL)
		v->out->first_wrong = arena_format(v->c->arena, "%s (leaf or row %llu)", what, (unsigned long long)at).p;
}

/* --- table ------------------------------------------------------------------------------------------------------------------ */

static struct entry *place(struct table *t, struct id object, uint16_t tag)
{
	size_t at = ((size_t)object.b[0] | (size_t)object.b[1] << 8 | (size_t)object.b[2] << 16 | (size_t)object.b[3] << 24) +
		    tag * 7919u;

	for (at %= t->room; t->entries[at].used; at = (at + 1) % t->room)
		if (t->entries[at].tag == tag && id_equal(t->entries[at].object, object))
			break;
	return &t->entries[at];
}

static void grow(struct table *t)
{
	struct table bigger = { .room = t->room * 2 + 4096 };

	bigger.entries = heap_new(bigger.room, sizeof(*bigger.entries));
	for (size_t i = 0; i < t->room; i++)
		if (t->entries[i].used)
			*place(&bigger, t->entries[i].object, t->entries[i].tag) = t->entries[i];
	bigger.n = t->n;
	heap_free(t->entries);
	*t = bigger;
}

static struct entry *entry_of(struct table *t, struct id object, uint16_t tag)
{
	struct entry *e;

	if (t->n * 2 >= t->room)
		grow(t);
	e = place(t, object, tag);
	if (!e->used) {
		*e = (struct entry){ .object = object, .tag = tag, .used = true };
		t->n++;
	}
	return e;
}

/* --- leaves ------------------------------------------------------------------------------------------------------------------ */

static uint16_t class_of(uint32_t mask)
{
	uint16_t class = 0;

	while (mask > 1) {
		mask >>= 1;
		class ++;
	}
	return class;
}

static bool hash_zero(const uint8_t hash[32])
{
	static const uint8_t zeros[32];

	return memcmp(hash, zeros, sizeof(zeros)) == 0;
}

static void add_write(struct checking *v, struct entry *e, const struct leaf *leaf)
{
	struct write *w;

	if (v->write_n == v->write_room) {
		size_t more = v->write_room * 2 + 1024;

		v->writes = heap_grow(v->writes, v->write_room, more, sizeof(*v->writes));
		v->write_room = more;
	}
	w = &v->writes[v->write_n++];
	*w = (struct write){ .before = e->newest, .seq = leaf->seq };
	memcpy(w->hash, leaf->blob, sizeof(w->hash));
	e->newest = v->write_n;
	e->part = e->part || leaf->event == EV_CREATE;
}

static struct write *write_at(struct checking *v, size_t place)
{
	return place > 0 ? &v->writes[place - 1] : NULL;
}

static struct write *write_of(struct checking *v, const struct entry *e, const uint8_t hash[32])
{
	struct write *w = write_at(v, e->newest);

	while (w != NULL && memcmp(w->hash, hash, sizeof(w->hash)) != 0)
		w = write_at(v, w->before);
	return w;
}

/* The newest write that stands, from the place given on. */
static struct write *standing(struct checking *v, size_t place)
{
	struct write *w = write_at(v, place);

	while (w != NULL && w->voided)
		w = write_at(v, w->before);
	return w;
}

/* The newest leaf of a row says what it is; the newest write of a part or file that no void took back says what that is. */
static void note_leaf(struct checking *v, const struct leaf *leaf)
{
	struct entry *e;

	if (leaf->event == EV_START)
		v->start = leaf->seq;
	if (leaf->event == EV_CHECKPOINT)
		v->floor = leaf->purpose <= leaf->seq ? leaf->seq - leaf->purpose : 0;
	if (leaf->flags & ROW_FLAG) {
		e = entry_of(&v->newest, leaf->object, leaf->flags);
		e->seq = leaf->seq;
		memcpy(e->hash, leaf->blob, sizeof(e->hash));
	} else if (leaf->event == EV_ERASE && leaf->class_mask != 0) {
		entry_of(&v->newest, leaf->object, class_of(leaf->class_mask))->erased = true;
	} else if (!hash_zero(leaf->blob) && leaf->class_mask != 0) {
		struct write *w;

		e = entry_of(&v->newest, leaf->object, class_of(leaf->class_mask));
		if (leaf->event != EV_VOID)
			add_write(v, e, leaf);
		else if ((w = write_of(v, e, leaf->blob)) != NULL)
			w->voided = true;
	}
}

static enum status check_leaf(struct checking *v, struct statement *q)
{
	struct sv body = column_bytes(q, 1), mac = column_bytes(q, 2);
	uint8_t right[16], hash[32];
	struct leaf leaf;

	if (amj1_read(body, &leaf) != OK || leaf.seq != v->tree.size || (uint64_t)column_int(q, 0) != leaf.seq) {
		wrong(v, "a journal leaf is missing, doubled or damaged", v->tree.size);
		return E_CRYPTO;
	}
	leaf_mac(right, v->s.vault->journal_key, (const uint8_t *)body.p);
	if (mac.n != sizeof(right) || !equal_ct(right, mac.p, sizeof(right)))
		wrong(v, "a journal leaf was not written by the keeper", leaf.seq);
	leaf_hash(hash, (const uint8_t *)body.p);
	tree_append(&v->tree, hash);
	note_leaf(v, &leaf);
	v->out->leaves++;
	return OK;
}

/* --- checkpoints: taken in the order of their sizes while the leaves go by ------------------------------------------------------ */

struct signed_root {
	uint64_t size;
	uint8_t root[32];
};

static enum status load_checkpoints(struct checking *v, struct signed_root **out, size_t *n)
{
	struct statement *q = db_statement(v->s.db, SQL_CHECKPOINTS);
	uint8_t pk[32];
	enum status status;

	*out = NULL;
	*n = 0;
	ed25519_public(pk, v->s.vault->checkpoint_seed);
	while ((status = statement_step(q)) == OK) {
		struct signed_root root;

		if (checkpoint_verify(column_bytes(q, 3), pk, &root.size, root.root) != OK ||
		    root.size != (uint64_t)column_int(q, 0)) {
			wrong(v, "a checkpoint's signature is wrong", (uint64_t)column_int(q, 0));
			continue;
		}
		*out = heap_grow(*out, *n, *n + 1, sizeof(**out));
		(*out)[(*n)++] = root;
	}
	statement_end(q);
	return status == E_NOTFOUND ? OK : status;
}

static void compare_root(struct checking *v, const struct signed_root *roots, size_t n, size_t *at)
{
	uint8_t root[32];

	if (*at >= n || roots[*at].size != v->tree.size)
		return;
	tree_root(root, &v->tree);
	if (!equal_ct(root, roots[*at].root, sizeof(root)))
		wrong(v, "the journal was rewritten: a signed checkpoint does not match", v->tree.size);
	(*at)++;
}

static enum status check_leaves(struct checking *v)
{
	struct statement *q;
	struct signed_root *roots;
	size_t n, at = 0;
	enum status status = load_checkpoints(v, &roots, &n);

	if (status != OK)
		return status;
	q = db_statement(v->s.db, SQL_LEAF_FROM);
	bind_int(q, 1, 0);
	while ((status = statement_step(q)) == OK && check_leaf(v, q) == OK)
		compare_root(v, roots, n, &at);
	statement_end(q);
	if (at < n)
		wrong(v, "the journal is shorter than a signed checkpoint", roots[at].size);
	heap_free(roots);
	return status == E_NOTFOUND || status == OK ? OK : status;
}

static enum status check_tree(struct checking *v)
{
	struct statement *q = db_statement(v->s.db, SQL_TREE_GET);
	enum status status = statement_step(q);
	struct sv edge = status == OK ? column_bytes(q, 1) : SV_NONE;
	uint8_t a[32], b[32];

	if (status == OK && edge.n == sizeof(v->s.journal.tree.edge)) {
		v->s.journal.tree.size = (uint64_t)column_int(q, 0);
		memcpy(v->s.journal.tree.edge, edge.p, edge.n);
	}
	statement_end(q);
	tree_root(a, &v->tree);
	tree_root(b, &v->s.journal.tree);
	if (v->s.journal.tree.size != v->tree.size || !equal_ct(a, b, sizeof(a)))
		wrong(v, "the journal's leaves and its tree do not match", v->tree.size);
	return status == E_NOTFOUND ? OK : status;
}

/* --- rows, parts ------------------------------------------------------------------------------------------------------------------ */

static enum status check_rows(struct checking *v)
{
	struct statement *q = db_statement(v->s.db, SQL_ROWS_ALL);
	enum status status;

	while ((status = statement_step(q)) == OK) {
		struct sv body = column_bytes(q, 2);
		struct entry *e = entry_of(&v->newest, column_id(q, 1), (uint16_t)(ROW_FLAG | (unsigned)column_int(q, 0)));
		uint8_t hash[32];

		hash32(hash, body.p, body.n);
		if (memcmp(hash, e->hash, sizeof(hash)) != 0 || e->seq != (uint64_t)column_int(q, 3))
			wrong(v, "a row of rights was changed behind the keeper", (uint64_t)column_int(q, 3));
		e->seen = true;
		v->out->objects++;
	}
	statement_end(q);
	return status == E_NOTFOUND ? OK : status;
}

static void check_gone(struct checking *v)
{
	for (size_t i = 0; i < v->newest.room; i++) {
		const struct entry *e = &v->newest.entries[i];

		if (e->used && (e->tag & ROW_FLAG) && !e->seen && !hash_zero(e->hash))
			wrong(v, "a row of rights was taken away behind the keeper", e->seq);
	}
}

struct part {
	struct id record;
	uint16_t type;
	uint8_t class;
	uint64_t version, seq;
	uint8_t hash[32];
};

static void read_part(struct statement *q, int first, struct part *p)
{
	struct sv hash = column_bytes(q, first + 4);

	*p = (struct part){ .record = column_id(q, first),
			    .type = (uint16_t)column_int(q, first + 1),
			    .class = (uint8_t)column_int(q, first + 2),
			    .version = (uint64_t)column_int(q, first + 3) };
	if (hash.n == sizeof(p->hash))
		memcpy(p->hash, hash.p, sizeof(p->hash));
}

/* Is what is stored one of the writes not settled yet? */
static enum status unsettled(struct checking *v, const struct part *p, const uint8_t stored[32], bool *fits)
{
	struct statement *q = db_statement(v->s.db, SQL_PENDING_OF_PART);
	enum status status;

	*fits = false;
	bind_id(q, 1, p->record);
	bind_int(q, 2, p->class);
	while ((status = statement_step(q)) == OK) {
		struct sv hash = column_bytes(q, 1);

		*fits = *fits || (hash.n == 32 && memcmp(hash.p, stored, 32) == 0);
	}
	statement_end(q);
	return status == E_NOTFOUND ? OK : status;
}

/* The head must be the newest standing write; only writes not settled yet may be newer. */
static enum status check_head(struct checking *v, const struct entry *e, const struct part *p)
{
	const struct write *w = standing(v, e->newest);
	bool pending = true;

	while (w != NULL && w->seq > p->seq) {
		TRY(unsettled(v, p, w->hash, &pending));
		if (!pending)
			break;
		w = standing(v, w->before);
	}
	if (w == NULL || w->seq != p->seq || memcmp(w->hash, p->hash, sizeof(w->hash)) != 0)
		wrong(v, "the state of a part is not the one of its newest leaf", p->seq);
	return OK;
}

static enum status check_part(struct checking *v, const struct part *p)
{
	struct entry *e = entry_of(&v->newest, p->record, p->class);
	bool found = false, fits = false;
	uint64_t version = 0;
	uint8_t hash[32];

	e->seen = true;
	e->seq = p->seq;
	v->out->objects++;
	if (e->erased)
		wrong(v, "an erased part was put back", p->seq);
	TRY(check_head(v, e, p));
	if (v->lookup == NULL)
		return OK;
	TRY(v->lookup(v->arg, p->record, p->type, p->class, &found, &version, hash));
	if (found && version == p->version && memcmp(hash, p->hash, sizeof(hash)) == 0)
		return OK;
	if (found)
		TRY(unsettled(v, p, hash, &fits));
	if (fits)
		v->out->pending++;
	else
		wrong(v, found ? "a stored part is not the one in force" : "a stored part is missing", p->seq);
	return OK;
}

static enum status check_parts(struct checking *v)
{
	struct statement *q = db_statement(v->s.db, SQL_HEADS_ALL);
	enum status status, part = OK;
	struct part p;

	while ((status = statement_step(q)) == OK && part == OK) {
		read_part(q, 0, &p);
		p.seq = (uint64_t)column_int(q, 5);
		part = check_part(v, &p);
	}
	statement_end(q);
	TRY(part);
	return status == E_NOTFOUND || status == OK ? OK : status;
}

static enum status has_head(struct checking *v, const struct part *p, bool *there)
{
	struct statement *q = db_statement(v->s.db, SQL_HEAD_GET);
	enum status status;

	bind_id(q, 1, p->record);
	bind_int(q, 2, p->class);
	status = statement_step(q);
	statement_end(q);
	*there = status == OK;
	return status == E_NOTFOUND ? OK : status;
}

/* A part whose only write is unsettled has no head to be compared with: what is stored must be one of its pending writes, or nothing. */
static enum status check_first_write(struct checking *v, const struct part *p)
{
	bool head = false, found = false, fits = false;
	uint64_t version = 0;
	uint8_t hash[32];

	TRY(has_head(v, p, &head));
	if (head || v->lookup == NULL)
		return OK;
	TRY(v->lookup(v->arg, p->record, p->type, p->class, &found, &version, hash));
	if (!found)
		return OK;
	TRY(unsettled(v, p, hash, &fits));
	if (!fits)
		wrong(v, "a stored part is not the one in force", p->seq);
	return OK;
}

static void seen_pending(struct checking *v, const struct part *p)
{
	struct entry *e = entry_of(&v->newest, p->record, p->class);
	const struct write *w = write_of(v, e, p->hash);

	e->seen = true;
	v->out->pending++;
	if (w == NULL || w->voided || w->seq != p->seq || p->seq <= e->seq || p->seq < v->floor)
		wrong(v, "a write is said to be unsettled and is not", p->seq);
	if (p->seq < v->start)
		wrong(v, "a write before the last start was never settled", p->seq);
}

static enum status check_pending(struct checking *v)
{
	struct statement *q = db_statement(v->s.db, SQL_PENDING_ALL);
	enum status status, part = OK;
	struct part p;

	bind_int(q, 1, INT64_MAX);
	while ((status = statement_step(q)) == OK && part == OK) {
		read_part(q, 2, &p);
		p.seq = (uint64_t)column_int(q, 0);
		seen_pending(v, &p);
		part = check_first_write(v, &p);
	}
	statement_end(q);
	TRY(part);
	return status == E_NOTFOUND || status == OK ? OK : status;
}

/* Writes that no head and no pending row speaks of: a part was taken away, or it is a file, whose hash is the chain of its sealed chunks. */
static enum status check_file(struct checking *v, const struct entry *e)
{
	const struct write *w = standing(v, e->newest);
	bool found = false;
	uint64_t version = 0;
	uint8_t hash[32];

	if (w == NULL)
		return OK;
	if (e->erased) {
		v->out->erased++;
		return OK;
	}
	if (e->part) {
		wrong(v, "a part in force was taken away behind the keeper", w->seq);
		return OK;
	}
	if (v->lookup == NULL)
		return OK;
	TRY(v->lookup(v->arg, e->object, VERIFY_FILE, (uint8_t)e->tag, &found, &version, hash));
	if (found && memcmp(hash, w->hash, sizeof(hash)) != 0)
		wrong(v, "a stored file is not the one that came", w->seq);
	v->out->objects += found;
	return OK;
}

static enum status check_files(struct checking *v)
{
	for (size_t i = 0; i < v->newest.room; i++) {
		const struct entry *e = &v->newest.entries[i];

		if (e->used && (e->tag & ROW_FLAG) == 0 && !e->seen)
			TRY(check_file(v, e));
	}
	return OK;
}

/* --- all ------------------------------------------------------------------------------------------------------------------------------ */

static enum status open_for_reading(struct checking *v)
{
	struct statement *q;
	enum status status;

	TRY(secrets_load(&v->s));
	TRY(db_file_open(v->s.dir, DB_READ_ONLY, &v->s.db));
	TRY(db_integrity(v->s.db));
	TRY(db_simple(v->s.db, SQL_BEGIN_READ));
	q = db_statement(v->s.db, SQL_ROW_GET);
	bind_int(q, 1, ROW_INSTANCE);
	bind_id(q, 2, ID_ZERO);
	status = statement_step(q);
	if (status == OK)
		status = read_instance(column_bytes(q, 0), &v->s.instance);
	statement_end(q);
	derive_secrets(&v->s);
	return status;
}

static enum status check_all(struct checking *v)
{
	TRY(open_for_reading(v));
	TRY(check_leaves(v));
	TRY(check_tree(v));
	TRY(check_rows(v));
	check_gone(v);
	TRY(check_parts(v));
	TRY(check_pending(v));
	return check_files(v);
}

enum status keeper_verify(struct ctx *c, const char *dir, verify_lookup *lookup, void *arg, struct verify_report *out)
{
	struct checking *v = heap_new(1, sizeof(*v));
	enum status status = E_IO;

	*out = (struct verify_report){ 0 };
	*v = (struct checking){ .c = c, .out = out, .lookup = lookup, .arg = arg };
	v->s.arena = c->arena;
	v->s.vault = slab_new(sizeof(*v->s.vault));
	if (snprintf(v->s.dir, sizeof(v->s.dir), "%s/keeper", dir) < (int)sizeof(v->s.dir))
		status = check_all(v);
	db_file_close(v->s.db);
	slab_free(v->s.vault);
	heap_free(v->newest.entries);
	heap_free(v->writes);
	heap_free(v);
	return status == OK ? OK : ERR(c, status, "the keeper's files cannot be read");
}
