/* SPDX-License-Identifier: GPL-3.0-or-later */
/* T-FUZZ-1 over everything that reads bytes of the sealed formats and text people type: the first byte chooses the parser, the rest is
 * its input. Besides not crashing, what is accepted must be written again as the same bytes, and nothing may open under our keys that
 * they did not seal. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/text.h"
#include "crypto/formats.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define HOLDS(condition)          \
	do {                      \
		if (!(condition)) \
			abort();  \
	} while (0)

static void counting(uint8_t *p, uint8_t first, size_t n)
{
	for (size_t i = 0; i < n; i++)
		p[i] = (uint8_t)(first + i);
}

static void fuzz_record(struct arena *a, struct sv in)
{
	struct record_bind bind = { .type = 7, .version = 1, .schema = 3 };
	struct id key_id;
	struct key k;
	uint8_t class, *plain = arena_alloc(a, in.n);
	size_t n;

	counting(k.b, 0, 32);
	if (amr1_open(plain, &n, &k, &bind, in) == OK)
		HOLDS(n <= in.n - AMR1_HEAD - 16 && amr1_size(n) == in.n);
	if (amr1_peek(in, &class, &key_id) == OK)
		HOLDS(class < CLASS_COUNT && memcmp(in.p + 8, key_id.b, 16) == 0);
}

static void fuzz_wrap(struct arena *a, struct sv in)
{
	struct wrap_bind bind = { .class = 1, .purpose = 2 };
	struct id key_id, recipient;
	uint8_t kind, sk[32], *payload;
	size_t n;

	counting(sk, 0x11, 32);
	if (amw1_peek(in, &kind, &key_id, &recipient, &n) != OK)
		return;
	HOLDS(in.n == AMW1_SIZE(n));
	payload = arena_alloc(a, n);
	(void)(amw1_open(payload, n, kind, sk, &bind, in) == OK);
}

static void fuzz_slot(struct arena *a, struct sv in)
{
	uint8_t i[32] = { 1 }, pepper[32] = { 2 }, payload[64];
	struct slot_head head;

	(void)a;
	if (amp1_head(in, &head) == OK)
		HOLDS(in.n == AMP1_SIZE && memcmp(in.p + 8, head.user.b, 16) == 0);
	HOLDS(amp1_open(payload, in, i, pepper) != OK);
}

static void fuzz_certificate(struct arena *a, struct sv in)
{
	uint8_t seed[32], pk[32], again[AMC1_SIZE];
	struct cert c;

	(void)a;
	if (amc1_read(in, &c) != OK)
		return;
	counting(seed, 0, 32);
	HOLDS(amc1_sign(again, &c, seed) == OK && memcmp(again, in.p, 184) == 0);
	ed25519_public(pk, seed);
	if (amc1_verify(in, pk, c.not_before, &c) == OK)
		HOLDS(memcmp(again, in.p, AMC1_SIZE) == 0);
}

static void fuzz_file(struct arena *a, struct sv in)
{
	struct record_bind bind = { .type = 9, .version = 1 };
	struct id key_id, file;
	uint8_t class, again[AMF1_HEAD], *out;
	struct key k;

	if (in.n < AMF1_HEAD || amf1_head_read((struct sv){ in.p, AMF1_HEAD }, &class, &key_id, &file) != OK)
		return;
	HOLDS(amf1_head(again, class, key_id, file, (const uint8_t *)in.p + 44) == OK && memcmp(again, in.p, AMF1_HEAD) == 0);
	counting(k.b, 0, 32);
	out = arena_alloc(a, in.n);
	in = (struct sv){ in.p + AMF1_HEAD, in.n - AMF1_HEAD };
	(void)(amf1_open_chunk(out, &k, again, &bind, 0, true, in) == OK);
	(void)(amf1_open_chunk(out, &k, again, &bind, 3, false, in) == OK);
}

static void fuzz_leaf(struct arena *a, struct sv in)
{
	uint8_t again[AMJ1_SIZE];
	struct leaf leaf;

	(void)a;
	if (amj1_read(in, &leaf) != OK)
		return;
	amj1_write(again, &leaf);
	HOLDS(memcmp(again, in.p, AMJ1_SIZE) == 0);
}

/* Proofs as a stranger would send them: two numbers, two roots, hashes. */
static void fuzz_proofs(struct arena *a, struct sv in)
{
	struct reader r = reader_of(in);
	uint64_t first = get_u64(&r), second = get_u64(&r);
	uint8_t roots[2][32];
	size_t n;
	uint8_t(*proof)[32];

	get_bytes(&r, roots, sizeof roots);
	if (r.bad)
		return;
	n = r.n / 32;
	proof = arena_array(a, n + 1, 32);
	get_bytes(&r, proof, n * 32);
	(void)tree_verify_inclusion(roots[0], first, second, (const uint8_t(*)[32])proof, n, roots[1]);
	if (first < second && n > 0)
		HOLDS(!tree_verify_consistency(first, second, (const uint8_t(*)[32])proof, n, roots[0], roots[0]));
	(void)tree_verify_consistency(first, second, (const uint8_t(*)[32])proof, n, roots[0], roots[1]);
}

static void fuzz_checkpoint(struct arena *a, struct sv in)
{
	uint8_t seed[32], pk[32], root[32];
	uint64_t size;
	struct sv name, rest = in;

	counting(seed, 0, 32);
	ed25519_public(pk, seed);
	if (checkpoint_verify(in, pk, &size, root) != OK)
		return;
	HOLDS(sv_cut(&rest, '\n', &name));
	HOLDS(sv_equal(checkpoint_write(a, name, size, root, seed), in));
}

static void fuzz_code(struct arena *a, struct sv in)
{
	char code[CODE_DIGITS + 1], again[CODE_DIGITS + 1];

	(void)a;
	if (code_read(in, code) != OK)
		return;
	HOLDS(strlen(code) == CODE_DIGITS && damm_digit(code, CODE_DIGITS) == '0');
	HOLDS(code_read(sv_of(code), again) == OK && strcmp(code, again) == 0);
}

static void fuzz_recovery(struct arena *a, struct sv in)
{
	uint8_t code[16];

	(void)a;
	if (recovery_read(in, code) == OK)
		HOLDS((code[15] & 7) == 0);
}

static void fuzz_groups(struct arena *a, struct sv in)
{
	struct sv bytes, again;

	if (groups_read(a, in, &bytes) != OK)
		return;
	HOLDS(groups_read(a, groups_write(a, bytes), &again) == OK && sv_equal(bytes, again));
}

static void fuzz_text(struct arena *a, struct sv in)
{
	struct sv out, again;

	if (text_enter(a, in, &out) != OK)
		return;
	HOLDS(utf8_valid(in) && utf8_valid(out) && !(out.n && memchr(out.p, '\r', out.n)));
	HOLDS(text_enter(a, out, &again) == OK && again.p == out.p && again.n == out.n);
	HOLDS(utf8_first(out, utf8_count(out)).n == out.n);
	HOLDS(utf8_valid(utf8_first(out, utf8_count(out) / 2)));
}

static void fuzz_encodings(struct arena *a, struct sv in)
{
	uint8_t *out = arena_alloc(a, in.n + 1);
	struct sv text = base64url(a, in);
	char minute[17];
	int64_t ms;

	HOLDS(base64url_parse(text, out, in.n) && sv_equal(sv_bytes(out, in.n), in));
	HOLDS(hex_parse(hex(a, in), out, in.n) && sv_equal(sv_bytes(out, in.n), in));
	if (base64url_parse(in, out, in.n * 3 / 4))
		HOLDS(sv_equal(base64url(a, sv_bytes(out, in.n * 3 / 4)), in));
	if (date_parse(in, &ms)) {
		minute_text(ms, minute);
		HOLDS(memcmp(minute, in.p, 10) == 0);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const parsers[])(struct arena *, struct sv) = {
		fuzz_record,     fuzz_wrap, fuzz_slot,     fuzz_certificate, fuzz_file, fuzz_leaf,      fuzz_proofs,
		fuzz_checkpoint, fuzz_code, fuzz_recovery, fuzz_groups,      fuzz_text, fuzz_encodings,
	};
	static struct arena *a;
	char *exact;

	if (!size)
		return 0;
	if (!a)
		a = arena_new(0);
	exact = malloc(size > 1 ? size - 1 : 1); /* a block of its own, so that a read past the input is seen */
	HOLDS(exact);
	memcpy(exact, data + 1, size - 1);
	parsers[data[0] % (sizeof parsers / sizeof *parsers)](a, (struct sv){ exact, size - 1 });
	free(exact);
	arena_reset(a);
	return 0;
}
