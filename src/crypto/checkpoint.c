/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A checkpoint (sealed design 8): size and root of the journal's tree, signed, as four lines of text that fit on paper and into a
 * mail. There is one right spelling of each: whatever is not written exactly so is refused. */
#include "crypto/bytes.h"

#include "base/wipe.h"

#include <sodium.h>

#define DASH "\xe2\x80\x94 " /* an em dash and a space open the signature line */
#define KEY_ID 4
#define SIGNATURE (KEY_ID + crypto_sign_BYTES)
#define NAME_BYTES 256
#define ROOT_TEXT sodium_base64_ENCODED_LEN(32, sodium_base64_VARIANT_ORIGINAL)
#define SIGNATURE_TEXT sodium_base64_ENCODED_LEN(SIGNATURE, sodium_base64_VARIANT_ORIGINAL)

static bool name_good(struct sv name)
{
	return name.n > 0 && name.n <= NAME_BYTES && !memchr(name.p, '\n', name.n);
}

static void put_base64(struct buf *b, const uint8_t *p, size_t n)
{
	char text[SIGNATURE_TEXT];

	sodium_bin2base64(text, sizeof text, p, n, sodium_base64_VARIANT_ORIGINAL);
	buf_text(b, text);
}

static void key_id(uint8_t out[KEY_ID], struct sv name, const uint8_t pk[32])
{
	crypto_hash_sha256_state state;
	uint8_t hash[32];

	crypto_hash_sha256_init(&state);
	crypto_hash_sha256_update(&state, (const uint8_t *)name.p, name.n);
	crypto_hash_sha256_update(&state, (const uint8_t *)"\n\x01", 2);
	crypto_hash_sha256_update(&state, pk, 32);
	crypto_hash_sha256_final(&state, hash);
	memcpy(out, hash, KEY_ID);
}

/* Name: one line of at most 256 bytes; anything else gives SV_NONE. */
struct sv checkpoint_write(struct arena *a, struct sv name, uint64_t size, const uint8_t root[32], const uint8_t seed[32])
{
	struct buf b = buf_new(a, 512, 1024);
	uint8_t pk[32], sk[64], signature[SIGNATURE];

	if (!name_good(name) || size > INT64_MAX)
		return SV_NONE;
	buf_sv(&b, name);
	buf_byte(&b, '\n');
	buf_decimal(&b, (int64_t)size);
	buf_byte(&b, '\n');
	put_base64(&b, root, 32);
	buf_byte(&b, '\n');
	crypto_sign_seed_keypair(pk, sk, seed);
	key_id(signature, name, pk);
	crypto_sign_detached(signature + KEY_ID, NULL, (const uint8_t *)b.p, b.n, sk);
	wipe(sk, sizeof sk);
	buf_text(&b, DASH);
	buf_sv(&b, name);
	buf_byte(&b, ' ');
	put_base64(&b, signature, SIGNATURE);
	buf_byte(&b, '\n');
	return buf_ok(&b) == OK ? buf_view(&b) : SV_NONE;
}

/* Exactly n bytes in the canonical spelling. libsodium 1.0.18 reads some bytes past 0x7f as if they were symbols, so the text is
 * written again and compared. */
static bool base64_parse(struct sv text, uint8_t *out, size_t n)
{
	char again[SIGNATURE_TEXT];
	size_t found;

	if (sodium_base642bin(out, n, text.p, text.n, NULL, &found, NULL, sodium_base64_VARIANT_ORIGINAL) != 0 || found != n)
		return false;
	return sv_is(text, sodium_bin2base64(again, sizeof again, out, n, sodium_base64_VARIANT_ORIGINAL));
}

/* A size has no leading zeros and no sign. */
static bool size_parse(struct sv text, uint64_t *size)
{
	return sv_u64(text, size) && (text.n == 1 || text.p[0] != '0') && *size <= INT64_MAX;
}

/* "— name base64" with this name. */
static bool signature_parse(struct sv line, struct sv name, uint8_t signature[SIGNATURE])
{
	struct sv dash = SV(DASH);

	if (line.n != dash.n + name.n + 1 + SIGNATURE_TEXT - 1 || !sv_starts(line, dash))
		return false;
	line = (struct sv){ line.p + dash.n, line.n - dash.n };
	if (!sv_starts(line, name) || line.p[name.n] != ' ')
		return false;
	return base64_parse((struct sv){ line.p + name.n + 1, SIGNATURE_TEXT - 1 }, signature, SIGNATURE);
}

enum status checkpoint_verify(struct sv text, const uint8_t pk[32], uint64_t *size, uint8_t root[32])
{
	struct sv rest = text, name, size_line, root_line, signature_line;
	uint8_t signature[SIGNATURE], id[KEY_ID];
	size_t body;

	if (!sv_cut(&rest, '\n', &name) || !sv_cut(&rest, '\n', &size_line) || !sv_cut(&rest, '\n', &root_line) ||
	    !sv_cut(&rest, '\n', &signature_line) || !rest.p || rest.n)
		return E_CRYPTO;
	if (!name_good(name) || !size_parse(size_line, size) || root_line.n != ROOT_TEXT - 1 ||
	    !base64_parse(root_line, root, 32) || !signature_parse(signature_line, name, signature))
		return E_CRYPTO;
	key_id(id, name, pk);
	body = (size_t)(signature_line.p - text.p);
	if (memcmp(id, signature, KEY_ID) != 0 ||
	    crypto_sign_verify_detached(signature + KEY_ID, (const uint8_t *)text.p, body, pk) != 0)
		return E_CRYPTO;
	return OK;
}
