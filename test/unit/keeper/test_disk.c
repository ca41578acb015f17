/* SPDX-License-Identifier: GPL-3.0-or-later */
/* T-JRN-4 on a small disk of our own (a tmpfs in a mount namespace): when it is full, reading goes on with its leaves and writing is
 * refused; when not even a leaf can be written, nothing is shown. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>
#include "tamper.h"

static struct test_instance t;
static struct test_house noor;
static char disk[] = "/tmp/amana-disk-XXXXXX";

static bool small_disk(void)
{
	char map[32];
	int fd, uid = (int)geteuid();

	if (unshare(CLONE_NEWNS) != 0) {
		if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0)
			return false;
		fd = open("/proc/self/uid_map", O_WRONLY);
		if (fd < 0 || dprintf(fd, "0 %d 1", uid) < 0)
			return false;
		close(fd);
	}
	snprintf(map, sizeof(map), "size=80m");
	if (mkdtemp(disk) == NULL || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0)
		return false;
	return mount("none", disk, "tmpfs", 0, map) == 0 && setenv("TMPDIR", disk, 1) == 0;
}

static void fill(void)
{
	static const char block[4096];
	char path[100];
	int fd;

	snprintf(path, sizeof(path), "%s/filler", disk);
	fd = open(path, O_WRONLY | O_CREAT | O_APPEND, 0600);
	assert_true(fd >= 0);
	while (write(fd, block, sizeof(block)) > 0)
		continue;
	assert_int_equal(errno, ENOSPC);
	close(fd);
}

static void empty(void)
{
	char path[100];

	snprintf(path, sizeof(path), "%s/filler", disk);
	unlink(path);
}

static void test_T_JRN_4_disk_full(void **state)
{
	struct public_report p = new_ticket();
	struct stored_part sent, more;
	enum status status = OK;
	struct ctx desk;
	int64_t opened;
	struct sv plain;
	int shown = 0, tries;

	route_all(&t, noor.id, ID_ZERO);
	assert_int_equal(report_send(&t, &t.ctx, &p, id_new(), "written in time", &sent, true), OK);
	person_login(&t, &noor.people[DESK]);
	ctx_for(&t, &desk, &noor.people[DESK].actor);
	assert_int_equal(part_open(&desk, OPEN_DOSSIER, &sent, NULL), OK);
	assert_int_equal(message_add(&desk, sent.part.dossier, REPORT, "just in time", &more), OK);
	fill(); /* while the fate of that set waits for the next commit */
	for (tries = 0; tries < 2000 && status == OK; tries++)
		status = message_add(&desk, sent.part.dossier, REPORT, "no room for this", &more);
	assert_int_equal(status, E_STORE);
	/* the reserve was given back: reading and its leaves go on, writing stays refused */
	opened = leaf_count(&t, EV_OPEN);
	assert_int_equal(part_open(&desk, OPEN_DOSSIER, &sent, &plain), OK);
	assert_true(sv_is(plain, "written in time"));
	assert_int_equal(leaf_count(&t, EV_OPEN), opened + 1);
	assert_int_equal(db_number(&t, "keeper.db", "SELECT count(*) FROM pending"), 0);
	assert_int_equal(message_add(&desk, sent.part.dossier, REPORT, "no room for this", &more), E_STORE);
	/* no room for a leaf either: nothing is shown any more, and every page shown has its leaf */
	fill();
	opened = leaf_count(&t, EV_OPEN);
	for (status = OK, tries = 0; tries < 20000 && status == OK; tries++) {
		plain = SV_NONE;
		desk.error = (struct error){ 0 };
		status = part_open(&desk, OPEN_DOSSIER, &sent, &plain);
		shown += status == OK;
	}
	assert_int_equal(status, E_STORE);
	assert_int_equal(plain.n, 0);
	assert_int_equal(leaf_count(&t, EV_OPEN), opened + shown);
	empty();
	assert_int_equal(part_open(&desk, OPEN_DOSSIER, &sent, NULL), OK);
	ctx_close(&desk);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_T_JRN_4_disk_full) };
	int failed;

	if (!small_disk()) {
		fprintf(stderr, "no right to make a small disk\n");
		return 77;
	}
	instance_make(&t);
	house_found(&t, &noor, "noor");
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	empty();
	instance_end(&t);
	umount(disk);
	rmdir(disk);
	return failed;
}
