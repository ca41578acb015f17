/* SPDX-License-Identifier: GPL-3.0-or-later */
/* amana bench: what this machine can do of what Amana asks of one, before anybody depends on it: durable commits where the instance will
 * lie, Argon2id for logins and codes, sealing. Figures for a choice of machine, no test. */
#include "cli/export.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/random.h"
#include "cli/terminal.h"
#include "cli/words.h"
#include "crypto/formats.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define MEASURE_MS 1000
#define COMMIT_BYTES 4096u
#define PART_BYTES 4000u
#define LOGIN_M_KIB (128u * 1024u)
#define CODE_M_KIB (64u * 1024u)

static const struct argp_option no_options[] = { { 0 } };
static const struct words_form form = {
	"amana bench",
	no_options,
	"FOLDER",
	"Measures for some seconds what this machine can do where the instance lies or will lie.\vFOLDER needs room for a small file, which "
	"is removed again. Run it on a quiet machine.",
	1,
	1
};

/* How often `once` can be done a second. */
static double rate(bool (*once)(void *arg), void *arg)
{
	int64_t begin = clock_monotonic(), now = begin;
	unsigned n = 0;

	for (; now - begin < MEASURE_MS; n++, now = clock_monotonic())
		if (!once(arg))
			return -1;
	return 1000.0 * n / (double)(now - begin);
}

struct durable {
	int fd;
	uint8_t bytes[COMMIT_BYTES];
	unsigned at;
};

static bool commit(void *arg)
{
	struct durable *d = arg;

	return pwrite(d->fd, d->bytes, sizeof(d->bytes), (off_t)(d->at++ % 256 * COMMIT_BYTES)) == (ssize_t)sizeof(d->bytes) &&
	       fdatasync(d->fd) == 0;
}

static bool stretch(void *arg)
{
	const uint32_t *m_kib = arg;
	uint8_t out[32], salt[16] = { 1 };

	return slot_stretch(out, SV("12345678901234567891"), salt, 3, *m_kib) == OK;
}

static bool seal(void *arg)
{
	uint8_t *room = arg, nonce[24];
	const struct key k = { { 1 } };
	const struct record_bind bind = { .type = 1, .version = 1 };

	random_fill(nonce, sizeof(nonce));
	return amr1_seal(room, &k, 1, ID_ZERO, nonce, &bind, sv_bytes((const char *)room + 8192, PART_BYTES)) == OK;
}

static void say(const char *what, double a_second, const char *meaning)
{
	if (a_second < 0)
		tell(1, "%-34s  cannot be done here", what);
	else
		tell(1, "%-34s  %9.1f a second  %s", what, a_second, meaning);
}

int bench_command(int argc, char **argv)
{
	struct arena *a = arena_new(0);
	struct durable d = { .fd = -1 };
	uint32_t login = LOGIN_M_KIB, code = CODE_M_KIB;
	const char *path;
	struct words w;
	bool good;

	words_parse(&form, argc, argv, &w);
	path = arena_format(a, "%s/amana-bench", w.arg[0]).p;
	d.fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	good = d.fd >= 0;
	if (good) {
		tell(1, "One core, %s:", w.arg[0]);
		say("durable commits of 4 KiB", rate(commit, &d), "saves that cannot wait for each other; many at once share one");
		say("passwords (Argon2id, 128 MiB)", rate(stretch, &login), "logins");
		say("report codes (Argon2id, 64 MiB)", rate(stretch, &code), "reports with a code, mailboxes opened");
		say("parts of 4 000 bytes sealed", rate(seal, arena_alloc(a, 16384)), "");
		(void)close(d.fd);
		(void)unlink(path);
	} else {
		tell(2, "amana: bench: no file can be made in %s", w.arg[0]);
	}
	arena_free(a);
	return good ? 0 : 1;
}
