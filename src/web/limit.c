/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One time per network and kind: when its allowance would be whole again (GCRA). A try moves it on by one interval; a try that would
 * move it further than the burst ahead of now is refused. 4 096 sets of 4 entries; a full set gives up the entry nearest to whole. An
 * attacker who owns very many networks can push others out, which loosens, never tightens: nobody is locked out by strangers. */
#include "web/limit.h"

#include <pthread.h>

#include "base/heap.h"
#include "base/random.h"

#define SETS 4096
#define WAYS 4

struct entry {
	uint64_t key;
	int64_t whole_at;
};
struct limits {
	pthread_mutex_t lock;
	unsigned factor;
	uint64_t seed[2];
	struct entry entries[SETS][WAYS];
};

/* Tries in a burst, and the time one takes to come back. Telephone networks put a town behind one address: public posts are generous. */
static const struct pace_row {
	int64_t burst, interval_ms;
} paces[PACE_COUNT] = {
	[PACE_LOGIN] = { 20, 6 * SECOND_MS },
	[PACE_MAILBOX] = { 20, 6 * SECOND_MS },
	[PACE_PUBLIC] = { 240, SECOND_MS / 2 },
};

struct limits *limits_new(unsigned factor)
{
	struct limits *l = heap_new(1, sizeof(*l));

	pthread_mutex_init(&l->lock, NULL);
	random_fill(l->seed, sizeof(l->seed));
	l->factor = factor;
	return l;
}

void limits_free(struct limits *l)
{
	pthread_mutex_destroy(&l->lock);
	heap_free(l);
}

static uint64_t mix(uint64_t x)
{
	x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
	return x ^ (x >> 31);
}

uint64_t limits_net(const struct limits *l, const uint8_t address[16])
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	bool v4 = true;
	uint64_t net = 0;

	for (size_t i = 0; i < sizeof(mapped); i++)
		v4 = v4 && address[i] == mapped[i];
	for (size_t i = 0; i < (v4 ? 3 : 6); i++)
		net = net << 8 | address[(v4 ? 12 : 0) + i];
	return mix(mix(net ^ l->seed[0]) ^ l->seed[1] ^ (v4 ? 1 : 0));
}

static struct entry *entry_of(struct limits *l, uint64_t key)
{
	struct entry *set = l->entries[key % SETS], *oldest = &set[0];

	for (size_t i = 0; i < WAYS; i++) {
		if (set[i].key == key)
			return &set[i];
		if (set[i].whole_at < oldest->whole_at)
			oldest = &set[i];
	}
	*oldest = (struct entry){ key, 0 };
	return oldest;
}

bool limits_take(struct limits *l, enum pace_kind kind, uint64_t net, int64_t now_ms, uint32_t *retry_s)
{
	const struct pace_row *row = &paces[kind];
	int64_t interval, ahead;
	struct entry *e;
	bool within;

	if (l->factor == 0)
		return true;
	interval = row->interval_ms * 100 / l->factor;
	pthread_mutex_lock(&l->lock);
	e = entry_of(l, mix(net + (uint64_t)kind + 1));
	if (e->whole_at < now_ms || e->whole_at > now_ms + 2 * row->burst * interval) /* the clock was set back */
		e->whole_at = now_ms;
	ahead = e->whole_at + interval - now_ms;
	within = ahead <= row->burst * interval;
	if (within)
		e->whole_at += interval;
	else
		*retry_s = (uint32_t)((ahead - row->burst * interval) / SECOND_MS + 1);
	pthread_mutex_unlock(&l->lock);
	return within;
}
