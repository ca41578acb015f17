/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The real amana-media, started by its path, asked through the real client. */
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "media/client.h"
#include "media/picture.h"
#include "media/worker.h"
#include "samples.h"

static const char *program;
static char directory[] = "/tmp/amana-media-XXXXXX";
static char address[64];
static pid_t service;
static struct arena *a;
static struct media *media;
static const struct actor nobody;

static struct ctx context(struct arena *arena)
{
	return (struct ctx){ .arena = arena, .who = &nobody };
}

static struct media_answer look(struct sv content)
{
	struct ctx c = context(a);
	struct media_answer out;

	assert_int_equal(media_look(&c, media, content, &out), OK);
	return out;
}

static void expect_refused(struct sv content, enum media_refusal why)
{
	struct media_answer out = look(content);

	assert_int_equal(out.refusal, why);
	assert_int_equal(out.derived.n, 0);
}

static struct picture decoded(struct media_answer out)
{
	assert_int_equal(out.refusal, MEDIA_ACCEPTED);
	return out.derived_kind == MEDIA_PNG ? png_decode(out.derived) : jpeg_decode(out.derived);
}

/* Which of red, green, blue is strongest at this place, given in parts of eight of the sides. */
static int colour_at(const struct picture *p, unsigned x8, unsigned y8)
{
	const uint8_t *pixel = p->p + ((size_t)(p->height * y8 / 8) * p->width + p->width * x8 / 8) * p->channels;
	int best = 0;

	for (int i = 1; i < 3; i++)
		best = pixel[i] > pixel[best] ? i : best;
	assert_true(pixel[best] > 150);
	return best;
}

static void expect_corners(const struct picture *p, int top_left, int top_right, int bottom_left, int bottom_right)
{
	assert_int_equal(colour_at(p, 1, 1), top_left);
	assert_int_equal(colour_at(p, 6, 1), top_right);
	assert_int_equal(colour_at(p, 1, 6), bottom_left);
	assert_int_equal(colour_at(p, 6, 6), bottom_right);
}

static void test_pictures_are_written_anew(void **state)
{
	struct media_answer png = look(sample_png(a, 320, 160, false)), interlaced = look(sample_png(a, 320, 160, true));
	struct media_answer jpeg = look(sample_jpeg(a, 320, 160, SV_NONE, false)),
			    progressive = look(sample_jpeg(a, 320, 160, SV_NONE, true));
	struct media_answer webp = look(sample_webp(a, 320, 160));
	struct media_answer *all[] = { &png, &interlaced, &jpeg, &progressive, &webp };

	for (size_t i = 0; i < 5; i++) {
		struct picture p = decoded(*all[i]);

		assert_int_equal(all[i]->kind, i < 2 ? MEDIA_PNG : i < 4 ? MEDIA_JPEG : MEDIA_WEBP);
		assert_int_equal(all[i]->derived_kind, i < 2 ? MEDIA_PNG : MEDIA_JPEG);
		assert_int_equal(all[i]->width, 320);
		assert_int_equal(p.width, 320);
		assert_int_equal(p.height, 160);
		assert_false(all[i]->voice);
		expect_corners(&p, 0, 1, 0, 2);
	}
}

static void test_large_picture_is_reduced(void **state)
{
	struct media_answer all[] = { look(sample_png(a, 4096, 1024, false)), look(sample_jpeg(a, 6144, 2048, SV_NONE, false)),
				      look(sample_webp(a, 4096, 512)) };
	uint32_t heights[] = { 512, 682, 256 };

	for (size_t i = 0; i < 3; i++) {
		struct picture p = decoded(all[i]);

		assert_int_equal(p.width, MEDIA_SIDE_MAX);
		assert_in_range(p.height, heights[i], heights[i] + 1);
		expect_corners(&p, 0, 1, 0, 2);
	}
}

static void test_T_UPL_1_gps_exif_jpeg_holds_no_metadata(void **state)
{
	/* where green (top right), blue (bottom right) and red (left) go, for each orientation */
	static const int corners[9][4] = {
		[1] = { 0, 1, 0, 2 }, [2] = { 1, 0, 2, 0 }, [3] = { 2, 0, 1, 0 }, [4] = { 0, 2, 0, 1 },
		[5] = { 0, 0, 1, 2 }, [6] = { 0, 0, 2, 1 }, [7] = { 2, 1, 0, 0 }, [8] = { 1, 2, 0, 0 },
	};

	for (unsigned o = 1; o <= 8; o++) {
		struct sv original = sample_jpeg(a, 320, 160, sample_exif(a, o, o & 1), false);
		struct media_answer out = look(original);
		struct picture p = decoded(out);

		assert_true(holds(original, "GPS") && holds(original, "Exif"));
		assert_false(holds(out.derived, "GPS") || holds(out.derived, "Exif") || holds(out.derived, "Camera"));
		assert_int_equal(p.width, o < 5 ? 320 : 160);
		expect_corners(&p, corners[o][0], corners[o][1], corners[o][2], corners[o][3]);
	}
}

static void test_T_UPL_1_png_text_is_dropped(void **state)
{
	struct sv original = sample_png(a, 64, 64, false);

	assert_true(holds(original, "<script>GPS"));
	assert_false(holds(look(original).derived, "GPS"));
}

static void test_T_UPL_1_polyglot_loses_its_tail(void **state)
{
	struct sv tail = SV("<html><script>alert(1)</script>PK\x03\x04"), all[] = {
		joined(a, sample_jpeg(a, 64, 64, SV_NONE, false), tail),
		joined(a, sample_png(a, 64, 64, false), tail),
		joined(a, sample_webp(a, 64, 64), tail),
	};

	for (size_t i = 0; i < 3; i++) {
		struct media_answer out = look(all[i]);

		assert_int_equal(out.refusal, MEDIA_ACCEPTED);
		assert_true(out.derived.n > 0);
		assert_false(holds(out.derived, "<html>") || holds(out.derived, "PK\x03"));
	}
}

static void test_T_UPL_1_bomb_is_refused_and_service_lives(void **state)
{
	struct sv bomb = sample_bomb(a, 30000);

	assert_true(bomb.n < 4 << 20);
	expect_refused(bomb, MEDIA_PIXELS);
	assert_int_equal(look(sample_png(a, 32, 32, false)).refusal, MEDIA_ACCEPTED);
}

static void test_T_UPL_1_svg_html_archive_are_refused(void **state)
{
	expect_refused(SV("<svg xmlns='http://www.w3.org/2000/svg'><script>x()</script></svg>"), MEDIA_UNKNOWN_TYPE);
	expect_refused(SV("<!doctype html><script>x()</script>"), MEDIA_UNKNOWN_TYPE);
	expect_refused(SV("PK\x03\x04"), MEDIA_UNKNOWN_TYPE);
	expect_refused(sample_m4a(a, "vide", "avc1"), MEDIA_UNKNOWN_TYPE);
}

static void test_T_UPL_1_cut_picture_is_refused(void **state)
{
	struct sv all[] = { sample_png(a, 128, 128, false), sample_png(a, 128, 128, true), sample_jpeg(a, 128, 128, SV_NONE, false),
			    sample_jpeg(a, 128, 128, SV_NONE, true), sample_webp(a, 128, 128) };

	for (size_t i = 0; i < 5; i++)
		for (size_t part = 1; part < 10; part++) {
			struct media_answer out = look((struct sv){ all[i].p, all[i].n * part / 10 });

			assert_true(out.refusal == MEDIA_DAMAGED || out.refusal == MEDIA_UNKNOWN_TYPE);
			assert_int_equal(out.derived.n, 0);
		}
}

/* Any byte may be changed: an answer comes every time, and never from a dead service. */
static void test_T_UPL_1_changed_bytes_always_have_an_answer(void **state)
{
	struct sv all[] = { sample_png(a, 64, 64, true), sample_jpeg(a, 64, 64, sample_exif(a, 6, true), true),
			    sample_webp(a, 64, 64) };
	uint32_t random = 20240206;

	for (size_t i = 0; i < 3; i++)
		for (int round = 0; round < 60; round++) {
			struct sv changed = arena_copy(a, all[i]);

			for (int n = 0; n < 3; n++) {
				random = random * 1664525 + 1013904223;
				((char *)changed.p)[(random >> 8) % changed.n] ^= (char)(1 << (random >> 5 & 7));
			}
			assert_in_range(look(changed).refusal, 0, MEDIA_REFUSAL_COUNT - 1);
		}
}

static void test_voice_is_kept_and_marked(void **state)
{
	struct {
		struct sv file;
		enum media_kind kind;
	} all[] = {
		{ sample_ogg(a, "OpusHead"), MEDIA_OPUS },
		{ sample_m4a(a, "soun", "mp4a"), MEDIA_MP4 },
		{ sample_webm(a, "A_OPUS", 2), MEDIA_WEBM },
	};

	for (size_t i = 0; i < 3; i++) {
		struct media_answer out = look(all[i].file);

		assert_int_equal(out.refusal, MEDIA_ACCEPTED);
		assert_int_equal(out.kind, all[i].kind);
		assert_true(out.voice);
		assert_int_equal(out.derived.n, 0);
	}
	assert_false(look(SV("%PDF-1.4\n")).voice);
	assert_false(look(SV("plain words")).voice);
}

static void test_limits_of_the_client(void **state)
{
	struct ctx c = context(a);
	struct media_answer out;
	size_t n = (size_t)MEDIA_INPUT_MAX + 1;

	assert_int_equal(media_look(&c, media, SV_NONE, &out), E_INPUT);
	c = context(a);
	assert_int_equal(media_look(&c, media, (struct sv){ arena_alloc(a, n), n }, &out), E_LIMIT);
}

static int raw_connection(void)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_SEQPACKET, 0);

	memcpy(to.sun_path, address, strlen(address));
	assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof(to)), 0);
	return fd;
}

static ssize_t raw_ask(const void *q, size_t n, const int *fds, size_t count, struct media_reply *reply)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(3 * sizeof(int))];
	} control = { .bytes = { 0 } };
	struct iovec part = { (void *)(uintptr_t)q, n };
	struct msghdr m = { .msg_iov = &part,
			    .msg_iovlen = 1,
			    .msg_control = count ? control.bytes : NULL,
			    .msg_controllen = count ? CMSG_SPACE(count * sizeof(int)) : 0 };
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);
	int fd = raw_connection();
	ssize_t got;

	if (count) {
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(count * sizeof(int));
		memcpy(CMSG_DATA(c), fds, count * sizeof(int));
	}
	assert_true(sendmsg(fd, &m, MSG_NOSIGNAL) >= 0);
	got = recv(fd, reply, sizeof(*reply), 0);
	close(fd);
	return got;
}

/* Requests that are none end their connection; memory that could still change under a child is not taken. */
static void test_T_UPL_2_forged_requests_are_dropped(void **state)
{
	struct media_request good = { MEDIA_MAGIC, 4 }, magic = { 1, 4 }, size = { MEDIA_MAGIC, MEDIA_INPUT_MAX + 1 },
			     none = { MEDIA_MAGIC, 0 };
	struct media_reply reply;
	int open_memory = memfd_create("x", MFD_ALLOW_SEALING), fds[3] = { open_memory, open_memory, open_memory };

	assert_int_equal(ftruncate(open_memory, 4), 0);
	assert_int_equal(raw_ask(&magic, sizeof(magic), fds, 2, &reply), 0);
	assert_int_equal(raw_ask(&size, sizeof(size), fds, 2, &reply), 0);
	assert_int_equal(raw_ask(&none, sizeof(none), fds, 2, &reply), 0);
	assert_int_equal(raw_ask(&good, 3, fds, 2, &reply), 0);
	assert_int_equal(raw_ask(&good, sizeof(good), fds, 0, &reply), 0);
	assert_int_equal(raw_ask(&good, sizeof(good), fds, 1, &reply), 0);
	assert_int_equal(raw_ask(&good, sizeof(good), fds, 3, &reply), 0);
	assert_int_equal(raw_ask(&good, sizeof(good), fds, 2, &reply), sizeof(reply));
	assert_int_not_equal(reply.refusal, MEDIA_ACCEPTED);
	close(open_memory);
	assert_int_equal(look(SV("still here")).refusal, MEDIA_ACCEPTED);
}

static void *one_of_many(void *arg)
{
	uint32_t *width = arg, wanted = *width;
	struct arena *own = arena_new((size_t)64 << 20);
	struct ctx c = context(own);
	struct media *m = NULL;
	struct media_answer out = { 0 };

	*width = 0;
	if (media_connect(address, &m) == OK && media_look(&c, m, sample_png(own, wanted, 64, false), &out) == OK)
		*width = out.width;
	media_close(m);
	arena_free(own);
	return NULL;
}

static void test_many_at_once_get_their_own_answer(void **state)
{
	pthread_t threads[12];
	uint32_t widths[12];

	for (uint32_t i = 0; i < 12; i++) {
		widths[i] = 32 * (i + 1);
		assert_int_equal(pthread_create(&threads[i], NULL, one_of_many, &widths[i]), 0);
	}
	for (uint32_t i = 0; i < 12; i++) {
		pthread_join(threads[i], NULL);
		assert_int_equal(widths[i], 32 * (i + 1));
	}
}

/* The shut child tries what a decoder taken over by a file would try. */
static void expect_death(void (*try)(void))
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		if (worker_shut() != OK)
			_exit(1);
		try();
		_exit(2);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGSYS);
}

static void try_open(void)
{
	syscall(SYS_open, "/etc/passwd", O_RDONLY);
}
static void try_openat(void)
{
	syscall(SYS_openat, AT_FDCWD, "/etc/passwd", O_RDONLY);
}
static void try_unlink(void)
{
	syscall(SYS_unlink, "/tmp/none");
}
static void try_socket(void)
{
	syscall(SYS_socket, AF_INET, SOCK_STREAM, 0);
}
static void try_socket_unix(void)
{
	syscall(SYS_socket, AF_UNIX, SOCK_STREAM, 0);
}
static void try_fork(void)
{
	syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
}
static void try_execve(void)
{
	syscall(SYS_execve, "/bin/sh", NULL, NULL);
}
static void try_send(void)
{
	syscall(SYS_sendto, 2, "x", 1, 0, NULL, 0);
}
static void try_read(void)
{
	syscall(SYS_pread64, 0, NULL, 0, 0);
}
static void try_ptrace(void)
{
	syscall(SYS_ptrace, 0, 0, 0, 0);
}
static void try_kill(void)
{
	syscall(SYS_kill, getppid(), 0);
}
static void try_memory_write(void)
{
	syscall(SYS_process_vm_writev, 1, NULL, 0, NULL, 0, 0);
}

static void test_T_UPL_2_open_socket_fork_die(void **state)
{
	expect_death(try_open);
	expect_death(try_openat);
	expect_death(try_unlink);
	expect_death(try_socket);
	expect_death(try_socket_unix);
	expect_death(try_fork);
	expect_death(try_execve);
	expect_death(try_send);
	expect_death(try_read);
	expect_death(try_ptrace);
	expect_death(try_kill);
	expect_death(try_memory_write);
}

static int start(void **state)
{
	struct buf b = buf_over(address, sizeof(address) - 1);

	if (mkdtemp(directory) == NULL)
		return -1;
	buf_text(&b, directory);
	buf_text(&b, "/media.sock");
	a = arena_new((size_t)1 << 30);
	service = fork();
	if (service == 0) {
		execl(program, program, address, (char *)NULL);
		_exit(127);
	}
	for (int i = 0; i < 6000 && media_connect(address, &media) != OK; i++)
		usleep(10000);
	return media ? 0 : -1;
}

static int stop(void **state)
{
	media_close(media);
	kill(service, SIGTERM);
	waitpid(service, NULL, 0);
	arena_free(a);
	unlink(address);
	return rmdir(directory);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pictures_are_written_anew),
		cmocka_unit_test(test_large_picture_is_reduced),
		cmocka_unit_test(test_T_UPL_1_gps_exif_jpeg_holds_no_metadata),
		cmocka_unit_test(test_T_UPL_1_png_text_is_dropped),
		cmocka_unit_test(test_T_UPL_1_polyglot_loses_its_tail),
		cmocka_unit_test(test_T_UPL_1_bomb_is_refused_and_service_lives),
		cmocka_unit_test(test_T_UPL_1_svg_html_archive_are_refused),
		cmocka_unit_test(test_T_UPL_1_cut_picture_is_refused),
		cmocka_unit_test(test_T_UPL_1_changed_bytes_always_have_an_answer),
		cmocka_unit_test(test_voice_is_kept_and_marked),
		cmocka_unit_test(test_limits_of_the_client),
		cmocka_unit_test(test_T_UPL_2_forged_requests_are_dropped),
		cmocka_unit_test(test_many_at_once_get_their_own_answer),
		cmocka_unit_test(test_T_UPL_2_open_socket_fork_die),
	};

	program = argc > 1 ? argv[1] : "amana-media";
	return cmocka_run_group_tests_name("media", tests, start, stop);
}
