/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Logins beside each other: the known device's own lane, a weak slot made anew, where a waiting password lies. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include "base/random.h"
#include "keeper/people/admission.h"
#include "keeper/people/ceremony.h"
#include "keeper/codec.h"
#include "keeper/process/service.h"
#include "keeper/wire.h"
#include "tamper.h"

static struct test_instance t;
static struct test_house noor;

static enum status try(const struct test_person *p, const char *password, const struct token *device, struct token *half)
{
	t.ctx.error = (struct error){ 0 };
	return keeper_login(&t.ctx, sv_of(p->login), sv_of(password), device, half);
}

static struct token enter(const struct test_person *p, const struct token *device)
{
	struct token half, full, fresh;

	assert_int_equal(try(p, TEST_PASSWORD, device, &half), OK);
	assert_int_equal(keeper_second(&t.ctx, &half, FACTOR_DEMO, SV(""), &full, &fresh), OK);
	return fresh;
}

static void slow_down(const struct test_person *p, const struct token *device)
{
	struct token half;

	for (int i = 0; i < 6; i++)
		assert_int_equal(try(p, "a guess at a password", device, &half), E_DENIED);
	assert_int_equal(try(p, TEST_PASSWORD, device, &half), E_BUSY);
	assert_true(t.ctx.error.retry_s > 0);
}

static bool zero(const struct token *token)
{
	static const struct token none;

	return memcmp(token, &none, sizeof(none)) == 0;
}

/* Strangers try a name as long as they like: its owner comes in from the browser he came in from before, and from it alone. */
static void test_T_FAC_1_known_device_keeps_its_own_lane(void **state)
{
	const struct test_person *p = &noor.people[DESK], *other = &noor.people[OPERATOR];
	struct token mine = enter(p, NULL), foreign = enter(other, NULL), again, half, unknown;

	assert_false(zero(&mine));
	random_fill(unknown.b, sizeof(unknown.b));
	slow_down(p, NULL);
	assert_int_equal(try(p, TEST_PASSWORD, &unknown, &half), E_BUSY);
	assert_int_equal(try(p, TEST_PASSWORD, &foreign, &half), E_BUSY); /* known, of somebody else */
	again = enter(p, &mine);
	assert_true(zero(&again));                                    /* the one it has stays good */
	assert_int_equal(try(p, TEST_PASSWORD, NULL, &half), E_BUSY); /* and opens no way for strangers */
	slow_down(p, &mine);                                          /* it is slowed by its own wrong tries */
	instance_stop(&t, SIGTERM);                                   /* what slows lies in memory, what is known does not */
	instance_start(&t);
	slow_down(p, NULL);
	again = enter(p, &mine);
	assert_true(zero(&again));
	assert_int_equal(db_number(&t, "keeper.db", "SELECT count(*) FROM device WHERE length(hash)=16"), 2);
}

/* Wrong second factors from a known device count in its lane. */
static void test_T_FAC_1_wrong_codes_count_in_the_lane_they_came_by(void **state)
{
	const struct test_person *p = &noor.people[CASE_MANAGER];
	struct token mine = enter(p, NULL), half, full;

	for (int i = 0; i < 2; i++) {
		assert_int_equal(try(p, TEST_PASSWORD, &mine, &half), OK);
		for (int k = 0; k < 3; k++)
			assert_int_equal(keeper_second(&t.ctx, &half, FACTOR_TOTP, SV("000000"), &full, NULL), E_DENIED);
	}
	assert_int_equal(try(p, TEST_PASSWORD, &mine, &half), E_BUSY);
	assert_int_equal(try(p, TEST_PASSWORD, NULL, &half), OK);
}

/* A browser that is made known eight times over: the oldest of them are forgotten. */
static void test_devices_of_a_member_are_few(void **state)
{
	const struct test_person *p = &noor.people[SUPERVISOR];
	char hex[33], question[200];

	for (int i = 0; i < 10; i++)
		(void)enter(p, NULL);
	id_hex(p->user, hex);
	snprintf(question, sizeof(question), "SELECT count(*) FROM device WHERE user=x'%s'", hex);
	assert_int_equal(db_number(&t, "keeper.db", question), 8);
}

/* --- where a password waits ------------------------------------------------------------------------------------------------- */

#define WAITING 24
#define WAITING_PASSWORD "kashkaval viola 7313 lantern"

static int send_login(int i)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	uint8_t frame[300] = { 0 };
	struct buf b = buf_over(frame + WIRE_HEAD, sizeof(frame) - WIRE_HEAD);
	struct frame_head h = { .number = 1, .code = CALL_LOGIN };
	int fd = socket(AF_UNIX, SOCK_SEQPACKET, 0);
	char name[32];

	snprintf(at.sun_path, sizeof(at.sun_path), "%.80s/run/keeper.sock", t.dir);
	assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	buf_zeros(&b, 32);
	put_bytes(&b, sv_bytes(name, (size_t)snprintf(name, sizeof(name), "nobody-%d", i)));
	put_bytes(&b, SV(WAITING_PASSWORD));
	buf_zeros(&b, 32);
	h.total = (uint32_t)b.n;
	frame_write(frame, &h);
	assert_int_equal(send(fd, frame, WIRE_HEAD + b.n, 0), WIRE_HEAD + b.n);
	return fd;
}

static size_t times_in(int memory, unsigned long from, unsigned long to)
{
	static char block[1 << 20];
	const size_t n = strlen(WAITING_PASSWORD);
	size_t hits = 0;

	for (unsigned long at = from; at < to && to - from <= 1ul << 30;
	     at += sizeof(block) - n) { /* more is a sanitizer's shadow */
		ssize_t got = pread(memory, block, to - at < sizeof(block) ? to - at : sizeof(block), (off_t)at);

		for (const char *p = block; got > 0 && (p = memmem(p, (size_t)(block + got - p), WAITING_PASSWORD, n)) != NULL;
		     p += n)
			hits++;
	}
	return hits;
}

/* How often the password lies in the keeper's memory, in pages that never go to swap and in others. False: may not look. */
static bool look(size_t *locked, size_t *others)
{
	char path[64], line[512];
	unsigned long from = 0, to = 0;
	FILE *maps;
	int memory;

	snprintf(path, sizeof(path), "/proc/%d/mem", t.pid);
	memory = open(path, O_RDONLY);
	snprintf(path, sizeof(path), "/proc/%d/smaps", t.pid);
	maps = fopen(path, "r");
	*locked = *others = 0;
	if (memory < 0 || maps == NULL)
		return false;
	while (fgets(line, sizeof(line), maps) != NULL) {
		const bool flags = strncmp(line, "VmFlags:", 8) == 0;
		char *end;
		unsigned long at = strtoul(line, &end, 16);

		if (*end == '-') {
			from = strstr(line, " rw-p ") != NULL ? at : 0;
			to = strtoul(end + 1, NULL, 16);
		} else if (flags && from != 0) {
			*(strstr(line, " lo") != NULL ? locked : others) += times_in(memory, from, to);
		}
	}
	fclose(maps);
	close(memory);
	return true;
}

#ifdef AMANA_SANITIZE
#define LOCKS false /* the sanitizer locks no page: that it waits somewhere is all there is to see */
#else
#define LOCKS true
#endif

/* While it waits for its turn a password lies in locked pages alone, not in the message it came with. */
static void test_T_MEM_2_waiting_password_in_locked_memory_alone(void **state)
{
	size_t locked = 0, others = 0;
	int fds[WAITING];

	if (!look(&locked, &others)) {
		print_message("only root may look into another process: not tried\n");
		skip();
	}
	for (int i = 0; i < WAITING; i++)
		fds[i] = send_login(i);
	for (int i = 0; i < 50 && (LOCKS ? locked : locked + others) == 0; i++) {
		assert_true(look(&locked, &others));
		if (others > 0) /* on its way from the message to the job just now: the next look decides */
			assert_true(look(&locked, &others));
	}
	for (int i = 0; i < WAITING; i++)
		close(fds[i]);
	assert_true(locked + others > 0); /* the control: it is there */
	if (LOCKS)
		assert_int_equal(others, 0);
}

/* --- a slot made anew ---------------------------------------------------------------------------------------------------------- */

static void slot_head_of(const struct test_instance *i, struct id user, struct slot_head *head)
{
	struct sv slot = row_body(i, ROW_SLOT, row_object(ROW_SLOT, user, ID_ZERO, SLOT_PASSWORD));

	assert_int_equal(amp1_head(slot, head), OK);
}

static void same_slot(const struct slot_head *a, const struct slot_head *b)
{
	assert_int_equal(a->argon_t, b->argon_t);
	assert_int_equal(a->argon_m_kib, b->argon_m_kib);
	assert_memory_equal(a->salt, b->salt, sizeof(a->salt));
}

/* The member's slot as it was made when Argon2id's memory was half of today's. */
static void weaken(struct test_instance *i, struct id user)
{
	static struct service s;
	struct job j = { .t = 3, .m_kib = 64 * 1024 };
	struct slot_head head;
	uint8_t stretched[32];
	struct sv slot;

	s = (struct service){ .now = 0 };
	assert_int_equal(service_open(&s, i->dir), OK);
	assert_int_equal(batch_begin(&s), OK);
	assert_int_equal(row_get(&s, ROW_SLOT, row_object(ROW_SLOT, user, ID_ZERO, SLOT_PASSWORD), &slot), OK);
	assert_int_equal(amp1_head(slot, &head), OK);
	assert_int_equal(slot_stretch(stretched, SV(TEST_PASSWORD), head.salt, head.argon_t, head.argon_m_kib), OK);
	assert_int_equal(amp1_open(s.bench->payload, slot, stretched, s.vault->pepper[0]), OK);
	random_fill(j.salt, sizeof(j.salt));
	assert_int_equal(slot_stretch(j.stretched, SV(TEST_PASSWORD), j.salt, j.t, j.m_kib), OK);
	assert_int_equal(slot_password(&s, &j, member_by_user(&s, user)), OK);
	assert_int_equal(batch_commit(&s), OK);
	service_close(&s);
}

static void test_weak_slot_is_made_anew_at_login(void **state)
{
	struct test_instance real = { .pid = 0 };
	struct new_member m = { .user = id_new(),
				.organisation = id_new(),
				.login = SV("real.somebody"),
				.password = SV(TEST_PASSWORD),
				.roles = ROLE_BIT(ROLE_DESK) };
	struct slot_head before, weak, after;
	uint8_t root[32] = { 7 }, backup[32] = { 9 };
	struct token half;

	snprintf(real.dir, sizeof(real.dir), "%s/amana-test-XXXXXX", "/tmp");
	assert_non_null(mkdtemp(real.dir));
	real.arena = arena_new(64u << 20);
	assert_int_equal(keeper_init(&t.ctx, real.dir, root, backup, false), OK);
	instance_start(&real);
	assert_int_equal(admin_organisation(&real.admin, m.organisation, SV("real")), OK);
	assert_int_equal(admin_member(&real.admin, &m), OK);
	slot_head_of(&real, m.user, &before);
	instance_stop(&real, SIGTERM);
	weaken(&real, m.user);
	slot_head_of(&real, m.user, &weak);
	assert_int_equal(weak.argon_m_kib, 64 * 1024);
	instance_start(&real);
	assert_int_equal(keeper_login(&real.ctx, m.login, SV("a guess at a password"), NULL, &half), E_DENIED);
	slot_head_of(&real, m.user, &after);
	same_slot(&after, &weak); /* not by who does not know it */
	real.ctx.error = (struct error){ 0 };
	assert_int_equal(keeper_login(&real.ctx, m.login, m.password, NULL, &half), OK);
	slot_head_of(&real, m.user, &after);
	assert_int_equal(after.argon_t, before.argon_t);
	assert_int_equal(after.argon_m_kib, before.argon_m_kib);
	assert_memory_not_equal(after.salt, weak.salt, sizeof(after.salt));
	assert_int_equal(keeper_login(&real.ctx, m.login, m.password, NULL, &half), OK);
	slot_head_of(&real, m.user, &weak);
	same_slot(&after, &weak); /* once is enough */
	instance_end(&real);
}

static int begin(void **state)
{
	instance_make(&t);
	house_found(&t, &noor, "noor");
	return 0;
}

static int end(void **state)
{
	instance_end(&t);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_T_FAC_1_known_device_keeps_its_own_lane),
		cmocka_unit_test(test_T_FAC_1_wrong_codes_count_in_the_lane_they_came_by),
		cmocka_unit_test(test_devices_of_a_member_are_few),
		cmocka_unit_test(test_T_MEM_2_waiting_password_in_locked_memory_alone),
		cmocka_unit_test(test_weak_slot_is_made_anew_at_login),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
