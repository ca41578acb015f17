/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Slowing down guessers. An account is never locked: after five wrong tries in a row each further one waits longer, at most a minute.
 * A known device has a count of its own: strangers who try a member's name all day slow each other and new devices, not his own.
 * Wrong codes count for all callers together, 30 a minute; a code itself is never locked. RAM only. */
#include "keeper/people/login.h"

#include <string.h>
#include "base/clock.h"
#include "base/heap.h"
#include "base/random.h"

#define ACCOUNTS 4096u
#define FREE_TRIES 5u
#define CODES_A_MINUTE 30u

struct account {
	struct id name;
	uint32_t wrong;
	int64_t next;
};
struct throttle {
	uint8_t seed[32]; /* nobody works out which names share a place: who pushes one out would learn whether it is a member's */
	struct account members[ACCOUNTS], others[ACCOUNTS], devices[ACCOUNTS];
	int64_t minute;
	uint32_t wrong_codes;
};

struct throttle *throttle_new(void)
{
	struct throttle *t = heap_new(1, sizeof(struct throttle));

	random_fill(t->seed, sizeof(t->seed));
	return t;
}

static struct id name_of(const struct throttle *t, struct sv login)
{
	struct id name;

	KDF(name.b, sizeof(name.b), "amana.lane.id.01", t->seed, sizeof(t->seed), login.p, login.n);
	return name;
}

static size_t place_of(struct id name)
{
	return ((size_t)name.b[0] | (size_t)name.b[1] << 8) % ACCOUNTS;
}

/* Names of nobody share places: the newest takes it. A member's or a device's is never taken by another's, but when all are; of the first
 * one then. */
static struct account *account_of(struct account *table, struct id name, bool own)
{
	const size_t first = place_of(name);

	for (size_t i = 0; own && i < ACCOUNTS; i++) {
		struct account *a = &table[(first + i) % ACCOUNTS];

		if (id_is_zero(a->name) || id_equal(a->name, name))
			return a;
	}
	return &table[first];
}

static uint32_t wait_s(const struct account *a, struct id name, int64_t now)
{
	if (!id_equal(a->name, name) || now >= a->next)
		return 0;
	return (uint32_t)((a->next - now + SECOND_MS - 1) / SECOND_MS);
}

static void wrong(struct account *a, struct id name, int64_t now)
{
	uint32_t over;

	if (!id_equal(a->name, name))
		*a = (struct account){ .name = name };
	a->wrong++;
	over = a->wrong > FREE_TRIES ? a->wrong - FREE_TRIES : 0;
	a->next = over == 0 ? 0 : now + (over < 6 ? SECOND_MS << over : MINUTE_MS);
}

/* The place stays the name's own. */
static void right(struct account *a, struct id name)
{
	if (id_equal(a->name, name))
		*a = (struct account){ .name = name };
}

static struct account *by_login(struct throttle *t, struct id name, bool known)
{
	return account_of(known ? t->members : t->others, name, known);
}

uint32_t throttle_wait_s(struct throttle *t, struct sv login, bool known, int64_t now)
{
	struct id name = name_of(t, login);

	return wait_s(by_login(t, name, known), name, now);
}

void throttle_wrong(struct throttle *t, struct sv login, bool known, int64_t now)
{
	struct id name = name_of(t, login);

	wrong(by_login(t, name, known), name, now);
}

void throttle_right(struct throttle *t, struct sv login)
{
	struct id name = name_of(t, login);

	right(by_login(t, name, true), name);
}

uint32_t throttle_device_wait_s(struct throttle *t, struct id device, int64_t now)
{
	return wait_s(account_of(t->devices, device, true), device, now);
}

void throttle_device_wrong(struct throttle *t, struct id device, int64_t now)
{
	wrong(account_of(t->devices, device, true), device, now);
}

void throttle_device_right(struct throttle *t, struct id device)
{
	right(account_of(t->devices, device, true), device);
}

void throttle_set_back(struct throttle *t, int64_t by)
{
	struct account *tables[] = { t->members, t->others, t->devices };

	for (size_t k = 0; k < sizeof(tables) / sizeof(tables[0]); k++)
		for (size_t i = 0; i < ACCOUNTS; i++)
			tables[k][i].next -= by;
}

bool throttle_code_allowed(struct throttle *t, int64_t now)
{
	if (t->minute != now / MINUTE_MS) {
		t->minute = now / MINUTE_MS;
		t->wrong_codes = 0;
	}
	return t->wrong_codes < CODES_A_MINUTE;
}

void throttle_code_wrong(struct throttle *t, int64_t now)
{
	t->wrong_codes++;
}
