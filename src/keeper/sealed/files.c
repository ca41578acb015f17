/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files, chunk by chunk (AMF1). Between begin and the last chunk the keeper keeps the file's key masked under the session's key, so
 * that it is of use only while a request carries the token. The last chunk writes a leaf with the chained hash of all sealed chunks. */
#include "keeper/sealed/data.h"

#include <string.h>
#include "base/clock.h"
#include "base/heap.h"
#include "base/random.h"
#include "base/wipe.h"
#include "keeper/codec.h"

#define UPLOADS 256u
#define UPLOADS_EACH 8u
#define UPLOAD_MS (2 * HOUR_MS)

struct upload {
	struct file_ref ref;
	struct id session;
	struct id key;
	uint8_t head[AMF1_HEAD], masked[KEY_SIZE], chain[32];
	uint32_t next;
	int64_t at;
	bool used, whole; /* whole: it has come; its record is not sealed yet */
};
struct uploads {
	struct upload list[UPLOADS];
};

struct uploads *uploads_new(void)
{
	return heap_new(1, sizeof(struct uploads));
}

void uploads_set_back(struct uploads *u, int64_t by)
{
	for (size_t i = 0; i < UPLOADS; i++)
		u->list[i].at -= by;
}

void uploads_expire(struct uploads *u, int64_t now)
{
	for (size_t i = 0; i < UPLOADS; i++)
		if (u->list[i].used && now - u->list[i].at > UPLOAD_MS)
			wipe(&u->list[i], sizeof(u->list[i]));
}

static struct record_bind file_bind(const struct file_ref *f, struct id origin)
{
	return (struct record_bind){ .type = f->type, .record = f->record, .dossier = f->dossier, .origin = origin, .version = 1 };
}

static void mask_key(struct service *s, const struct upload *u, const uint8_t in[KEY_SIZE], uint8_t out[KEY_SIZE])
{
	uint8_t stream[KEY_SIZE];

	KDF(stream, KEY_SIZE, "amana.sess.upl.1", s->bench->session_key, 32, u->ref.file.b, 16);
	for (size_t i = 0; i < KEY_SIZE; i++)
		out[i] = in[i] ^ stream[i];
	wipe(stream, sizeof(stream));
}

static struct upload *upload_find(struct service *s, const struct who *w, const struct file_ref *f)
{
	for (size_t i = 0; i < UPLOADS; i++) {
		struct upload *u = &s->uploads->list[i];

		if (u->used && id_equal(u->ref.file, f->file) && id_equal(u->session, w->session->sid))
			return u;
	}
	return NULL;
}

static struct upload *older(struct upload *a, struct upload *b)
{
	return a == NULL || b->at < a->at ? b : a;
}

/* A free place. A session that has enough of them gives up its own oldest; when all are taken, one nobody has written to for a minute
 * goes: what a stranger begins and leaves keeps nobody's file out. */
static struct upload *upload_new(struct service *s, const struct who *w)
{
	struct upload *oldest = NULL, *own = NULL, *unused = NULL;
	size_t n = 0;

	for (size_t i = 0; i < UPLOADS; i++) {
		struct upload *u = &s->uploads->list[i];
		bool mine = u->used && id_equal(u->session, w->session->sid);

		unused = u->used ? unused : u;
		oldest = u->used ? older(oldest, u) : oldest;
		own = mine ? older(own, u) : own;
		n += mine;
	}
	if (n >= UPLOADS_EACH)
		return own;
	if (unused == NULL && oldest != NULL && s->now - oldest->at > MINUTE_MS)
		return oldest;
	return unused;
}

/* A dossier made in the set that is still being prepared is not known yet: files come after it. */
static enum status file_key(struct service *s, const struct who *w, const struct file_ref *f, const struct held_key *key,
			    struct wrap_list *wraps, struct key_row *row, struct id *origin)
{
	const struct dossier *d;

	TRY(dossier_load(s, f->dossier, &d));
	if (key != NULL && key->class != f->class)
		return E_DENIED;
	if (key != NULL) {
		TRY(key_open(s, w, d, key, &s->bench->s));
		*row = *dossier_key(d, key->key);
	}
	if (key == NULL || !seals(row, f->record)) {
		TRY(key_make(s, w, f->dossier, f->class, ID_ZERO, ID_ZERO, wraps, row));
		TRY(dossier_load(s, f->dossier, &d));
	}
	TRY(key_mix(d, row, &s->bench->s, &s->bench->k));
	amf1_key(&s->bench->file, &s->bench->k, f->file);
	*origin = d->row.origin;
	return OK;
}

static enum status may_write(struct service *s, struct request *r, const struct who *w, const struct file_ref *f)
{
	const struct dossier *d;

	r->denied = f->dossier;
	r->denied_mask = UINT32_C(1) << f->class;
	if (dossier_load(s, f->dossier, &d) != OK || !may(s, w, d, OP_WRITE, f->class, false))
		return E_DENIED;
	return strip_apart(s, NULL, d);
}

enum status call_file_begin(struct service *s, struct request *r)
{
	struct wrap_list wraps = { .n = 0 };
	struct held_key key = { .kind = 0 };
	uint8_t prefix[19];
	struct file_ref f;
	struct key_row row;
	struct upload *u;
	bool with_key;
	struct who w;

	get_file_ref(&r->body, &f);
	with_key = get_u8(&r->body) != 0;
	if (with_key)
		get_held_key(&r->body, &key);
	if (r->body.bad || r->body.n != 0)
		return E_INPUT;
	if (s->full)
		return E_STORE;
	TRY(who_asks(s, r, &w));
	TRY(may_write(s, r, &w, &f));
	if (upload_find(s, &w, &f) != NULL)
		return E_CONFLICT;
	u = upload_new(s, &w);
	if (u == NULL)
		return E_BUSY;
	wipe(u, sizeof(*u));
	*u = (struct upload){ .ref = f, .session = w.session->sid, .at = s->now };
	TRY(file_key(s, &w, &f, with_key ? &key : NULL, &wraps, &row, &u->ref.origin));
	u->key = row.key;
	random_fill(prefix, sizeof(prefix));
	TRY(amf1_head(u->head, (uint8_t)f.class, row.key, f.file, prefix));
	mask_key(s, u, s->bench->file.b, u->masked);
	keeper_file_chain(u->chain, true, sv_bytes(u->head, sizeof(u->head)));
	u->used = true;
	buf_put(r->out, u->head, sizeof(u->head));
	put_held_keys(r->out, wraps.items, wraps.n);
	return OK;
}

static enum status file_leaf(struct service *s, const struct who *w, const struct upload *u)
{
	struct act act = act_of(w, EV_WRITE, u->ref.dossier);

	act.class_mask = UINT32_C(1) << u->ref.class;
	return leaf_add(s, &act, u->ref.file, u->chain, 0, NULL);
}

/* E_STALE: the dossier was stripped since, and the file's key went with the share it was mixed with. */
static enum status key_stands(struct service *s, const struct upload *u)
{
	const struct dossier *d;

	TRY(dossier_load(s, u->ref.dossier, &d));
	return dossier_key(d, u->key) != NULL ? OK : E_STALE;
}

enum status upload_recorded(struct service *s, const struct who *w, const struct seal_part *p)
{
	enum status status = OK;

	for (size_t i = 0; i < UPLOADS && w->session != NULL; i++) {
		struct upload *u = &s->uploads->list[i];

		if (!u->used || !u->whole || !id_equal(u->ref.record, p->record) || !id_equal(u->session, w->session->sid))
			continue;
		if (key_stands(s, u) != OK)
			status = E_STALE;
		wipe(u, sizeof(*u));
	}
	return status;
}

enum status call_file_seal(struct service *s, struct request *r)
{
	struct record_bind bind;
	struct file_ref f;
	struct upload *u;
	struct sv plain;
	struct who w;
	uint32_t index;
	bool last;
	size_t at;

	get_file_ref(&r->body, &f);
	index = get_u32(&r->body);
	last = get_u8(&r->body) != 0;
	plain = get_bytes_view(&r->body, AMF1_CHUNK);
	if (r->body.bad || r->body.n != 0 || plain.n == 0 || (!last && plain.n != AMF1_CHUNK))
		return E_INPUT;
	TRY(who_asks(s, r, &w));
	u = upload_find(s, &w, &f);
	if (u == NULL || u->whole || index != u->next || !id_equal(u->ref.dossier, f.dossier) ||
	    !id_equal(u->ref.record, f.record) || u->ref.type != f.type || u->ref.class != f.class)
		return E_STATE;
	TRY(key_stands(s, u));
	mask_key(s, u, u->masked, s->bench->file.b);
	bind = file_bind(&u->ref, u->ref.origin);
	buf_u32(r->out, (uint32_t)plain.n + AMF1_TAG);
	at = r->out->n;
	buf_zeros(r->out, plain.n + AMF1_TAG);
	TRY(buf_ok(r->out));
	TRY(amf1_seal_chunk((uint8_t *)r->out->p + at, &s->bench->file, u->head, &bind, index, last, plain));
	keeper_file_chain(u->chain, false, sv_bytes(r->out->p + at, plain.n + AMF1_TAG));
	u->next++;
	u->at = s->now;
	if (!last)
		return OK;
	TRY(file_leaf(s, &w, u));
	wipe(u->masked, sizeof(u->masked));
	u->whole = true;
	return OK;
}

/* One leaf for a file read from its beginning; a chunk from further on is covered by it only while this session is known to have it. */
static enum status open_leaf(struct service *s, const struct who *w, const struct file_ref *f, uint32_t index)
{
	struct act act = act_of(w, EV_OPEN, f->dossier);
	struct session *x = w->session;

	if (x->files_undone != s->journal.undone)
		memset(x->files, 0, sizeof(x->files));
	x->files_undone = s->journal.undone;
	if (index != 0 && id_among(x->files, FILES_KNOWN, f->file))
		return OK;
	x->files[x->files_at++ % FILES_KNOWN] = f->file;
	act.class_mask = UINT32_C(1) << f->class;
	return leaf_add(s, &act, f->file, NULL, 1, NULL);
}

static enum status head_fits(const uint8_t head[AMF1_HEAD], const struct file_ref *f, const struct held_key *k)
{
	struct id key, file;
	uint8_t class;

	TRY(amf1_head_read(sv_bytes(head, AMF1_HEAD), &class, &key, &file));
	return class == f->class && id_equal(key, k->key) && id_equal(file, f->file) ? OK : E_CRYPTO;
}

enum status call_file_open(struct service *s, struct request *r)
{
	uint8_t head[AMF1_HEAD];
	struct record_bind bind;
	const struct dossier *d;
	struct file_ref f;
	struct held_key k;
	struct key_row row;
	struct sv sealed;
	struct id origin;
	uint32_t index;
	struct who w;
	bool last;
	size_t at;

	get_file_ref(&r->body, &f);
	get_held_key(&r->body, &k);
	get_bytes(&r->body, head, sizeof(head));
	index = get_u32(&r->body);
	last = get_u8(&r->body) != 0;
	sealed = get_bytes_view(&r->body, AMF1_CHUNK + AMF1_TAG);
	if (r->body.bad || r->body.n != 0 || sealed.n <= AMF1_TAG)
		return E_INPUT;
	TRY(who_asks(s, r, &w));
	r->denied = f.dossier;
	r->denied_mask = UINT32_C(1) << f.class;
	if (dossier_load(s, f.dossier, &d) != OK || !may(s, &w, d, OP_READ, f.class, false))
		return E_DENIED;
	TRY(head_fits(head, &f, &k));
	TRY(file_key(s, &w, &f, &k, NULL, &row, &origin));
	bind = file_bind(&f, origin);
	buf_u32(r->out, (uint32_t)(sealed.n - AMF1_TAG));
	at = r->out->n;
	buf_zeros(r->out, sealed.n - AMF1_TAG);
	TRY(buf_ok(r->out));
	TRY(amf1_open_chunk((uint8_t *)r->out->p + at, &s->bench->file, head, &bind, index, last, sealed));
	return open_leaf(s, &w, &f, index);
}
