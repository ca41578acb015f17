/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a token opens: the session's capsule, and the DEK cache inside its reach (measured §4).
 *
 * Capsule: AMR1 under KDF("amana.sess.key.1", T, node secret), bound to the session id. Cache entry: name = keyed BLAKE2b-128 over the
 * whole wrap and its whole bind; value = S masked by KDF("amana.sess.dek.1", cache key, name) with a check of KDF("amana.sess.chk.1").
 * A name stands for one S for ever, so a mask never covers two different values. */
#include "keeper/people/sessions.h"

#include <string.h>
#include "base/heap.h"
#include "base/random.h"
#include "base/wipe.h"
#include "keeper/codec.h"

#define CAPSULE_TYPE 32001
#define CACHE_ENTRIES 4096u
#define NEIGHBOURS 4u

struct dek_entry {
	uint8_t name[16], value[32], check[16];
};
_Static_assert(sizeof(struct dek_entry) == 64, "a cache entry is 64 bytes");

static void session_key(struct service *s, const struct token *t)
{
	KDF(s->bench->session_key, 32, "amana.sess.key.1", t->b, sizeof(t->b), s->vault->node, sizeof(s->vault->node));
}

static struct record_bind capsule_bind(const struct session *x)
{
	return (struct record_bind){ .type = CAPSULE_TYPE, .record = x->sid, .dossier = x->user, .version = 1 };
}

static size_t used_bytes(const struct capsule *c)
{
	return offsetof(struct capsule, held) + c->count * sizeof(c->held[0]);
}

enum status capsule_seal(struct service *s, struct session *x, const struct token *t)
{
	const struct capsule *c = &s->bench->capsule;
	const struct record_bind bind = capsule_bind(x);
	struct key key;
	uint8_t nonce[24];
	enum status status;

	x->capsule_n = amr1_size(used_bytes(c));
	if (x->capsule_n > sizeof(x->capsule))
		return E_BUG;
	session_key(s, t);
	memcpy(key.b, s->bench->session_key, sizeof(key.b));
	random_fill(nonce, sizeof(nonce));
	status = amr1_seal(x->capsule, &key, CLASS_BOUND, x->sid, nonce, &bind, sv_bytes(c, used_bytes(c)));
	wipe(&key, sizeof(key));
	return status;
}

enum status capsule_open(struct service *s, const struct session *x, const struct token *t)
{
	const struct record_bind bind = capsule_bind(x);
	struct key key;
	enum status status;
	size_t n;

	if (x->capsule_n > sizeof(s->bench->room))
		return E_BUG;
	session_key(s, t);
	memcpy(key.b, s->bench->session_key, sizeof(key.b));
	status = amr1_open(s->bench->room, &n, &key, &bind, sv_bytes(x->capsule, x->capsule_n));
	wipe(&key, sizeof(key));
	if (status != OK)
		return status;
	s->bench->capsule = (struct capsule){ 0 };
	memcpy(&s->bench->capsule, s->bench->room, n < sizeof(struct capsule) ? n : sizeof(struct capsule));
	return s->bench->capsule.count <= HELD_MAX ? OK : E_BUG;
}

const struct held_secret *capsule_secret(const struct capsule *c, struct id cert)
{
	for (uint32_t i = 0; i < c->count; i++)
		if (id_equal(c->held[i].cert, cert))
			return &c->held[i];
	return NULL;
}

/* --- cache ----------------------------------------------------------------------------------------------------------------- */

static void entry_name(struct service *s, const struct held_key *k, uint8_t name[16])
{
	uint8_t space[2048];
	struct buf b = buf_over(space, sizeof(space));

	put_held_key(&b, k);
	KDF(name, 16, "amana.sess.nam.1", s->bench->capsule.cache_key, 32, space, b.n);
}

static void mask(struct service *s, uint8_t value[32], const uint8_t name[16])
{
	uint8_t stream[32];

	KDF(stream, 32, "amana.sess.dek.1", s->bench->capsule.cache_key, 32, name, 16);
	for (size_t i = 0; i < sizeof(stream); i++)
		value[i] ^= stream[i];
	wipe(stream, sizeof(stream));
}

static void check_of(struct service *s, uint8_t check[16], const struct dek_entry *e)
{
	uint8_t both[48];

	memcpy(both, e->name, 16);
	memcpy(both + 16, e->value, 32);
	KDF(check, 16, "amana.sess.chk.1", s->bench->capsule.cache_key, 32, both, sizeof(both));
}

static struct dek_entry *neighbourhood(struct session *x, const uint8_t name[16])
{
	size_t at = ((size_t)name[0] | (size_t)name[1] << 8) % CACHE_ENTRIES;

	if (x->cache == NULL)
		x->cache = heap_new(CACHE_ENTRIES, sizeof(*x->cache));
	return &x->cache[at - at % NEIGHBOURS];
}

/* A code opens one key; strangers with codes of their own must not cost a quarter of a megabyte each. */
static bool worth_a_cache(const struct session *x)
{
	return x->kind != SESSION_REPORTER;
}

bool cache_find(struct service *s, struct session *x, const struct held_key *k, struct key *out)
{
	uint8_t name[16], check[16];
	struct dek_entry *e;

	if (!worth_a_cache(x))
		return false;
	entry_name(s, k, name);
	e = neighbourhood(x, name);
	for (size_t i = 0; i < NEIGHBOURS; i++, e++) {
		if (!equal_ct(e->name, name, sizeof(name)))
			continue;
		check_of(s, check, e);
		if (!equal_ct(check, e->check, sizeof(check)))
			return false;
		memcpy(out->b, e->value, sizeof(out->b));
		mask(s, out->b, name);
		return true;
	}
	return false;
}

/* The newest stands first, the oldest of four falls out. */
void cache_keep(struct service *s, struct session *x, const struct held_key *k, const struct key *dek)
{
	struct dek_entry fresh, *e;

	if (!worth_a_cache(x))
		return;
	entry_name(s, k, fresh.name);
	memcpy(fresh.value, dek->b, sizeof(fresh.value));
	mask(s, fresh.value, fresh.name);
	check_of(s, fresh.check, &fresh);
	e = neighbourhood(x, fresh.name);
	memmove(e + 1, e, (NEIGHBOURS - 1) * sizeof(*e));
	*e = fresh;
}
