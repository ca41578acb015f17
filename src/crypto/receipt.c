/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The reporter's code (sealed design 7): 19 random digits and a Damm check digit, which catches every single wrong digit and every
 * swap of neighbours before anything is asked. From the code, the instance's salt and the pepper come a locator and a key pair; a PIN
 * as second secret gives another pair under the same locator. */
#include "crypto/bytes.h"
#include "crypto/seal.h"

#include "base/random.h"
#include "base/wipe.h"

#include <sodium.h>

#define ARGON_T 3
#define ARGON_M ((size_t)64 << 20)
#define PIN_DIGITS 6

static const char damm[10][10] = {
	{ 0, 3, 1, 7, 5, 9, 8, 6, 4, 2 }, { 7, 0, 9, 2, 1, 5, 4, 8, 6, 3 }, { 4, 2, 0, 6, 8, 7, 1, 3, 5, 9 },
	{ 1, 7, 5, 0, 9, 8, 3, 4, 2, 6 }, { 6, 1, 2, 3, 0, 4, 5, 9, 7, 8 }, { 3, 6, 7, 4, 2, 0, 9, 5, 8, 1 },
	{ 5, 8, 6, 9, 7, 2, 0, 1, 3, 4 }, { 8, 9, 4, 5, 3, 6, 2, 0, 1, 7 }, { 9, 4, 3, 8, 6, 1, 7, 2, 0, 5 },
	{ 2, 5, 8, 1, 4, 3, 6, 7, 9, 0 },
};

/* The digit that makes the row complete; over a complete row it is '0'. Digits only. */
char damm_digit(const char *digits, size_t n)
{
	int state = 0;

	for (size_t i = 0; i < n; i++)
		state = damm[state][digits[i] - '0'];
	return (char)('0' + state);
}

/* Exactly n digits of what was typed. */
static enum status read_digits(struct sv typed, char *out, size_t n)
{
	size_t found = 0;
	char c;

	while (next_typed(&typed, &c)) {
		if (c < '0' || c > '9' || found == n)
			return E_INPUT;
		out[found++] = c;
	}
	return found == n ? OK : E_INPUT;
}

enum status code_read(struct sv typed, char out[CODE_DIGITS + 1])
{
	enum status s = read_digits(typed, out, CODE_DIGITS);

	if (s == OK && damm_digit(out, CODE_DIGITS) != '0')
		s = E_INPUT;
	if (s != OK)
		wipe(out, CODE_DIGITS + 1);
	else
		out[CODE_DIGITS] = 0;
	return s;
}

void code_new(char out[CODE_DIGITS + 1])
{
	for (size_t i = 0; i < CODE_DIGITS - 1; i++)
		out[i] = (char)('0' + random_below(10));
	out[CODE_DIGITS - 1] = damm_digit(out, CODE_DIGITS - 1);
	out[CODE_DIGITS] = 0;
}

/* 64 bytes of Argon2id over the typed secret. */
static enum status stretch(uint8_t out[64], const char *secret, size_t n, const uint8_t salt[16])
{
	return crypto_pwhash(out, 64, secret, n, salt, ARGON_T, ARGON_M, crypto_pwhash_ALG_ARGON2ID13) == 0 ? OK : E_CRYPTO;
}

enum status receipt_derive(struct receipt *out, const char code[CODE_DIGITS], const uint8_t salt[16], const uint8_t pepper[32])
{
	uint8_t a[64], b[64];

	TRY(stretch(a, code, CODE_DIGITS, salt));
	KDF(b, sizeof b, "amana.receipt.01", pepper, 32, a, sizeof a);
	memcpy(out->locator.b, b, 16);
	pair_of_seed(out->pk, out->sk, b + 32);
	wipe(a, sizeof a);
	wipe(b, sizeof b);
	return OK;
}

/* The pair of code and PIN. The locator stays the code's own, so it is left zero here. E_INPUT: the PIN is not six digits. */
enum status receipt_derive_pin(struct receipt *out, const char code[CODE_DIGITS], struct sv pin, const uint8_t salt[16],
			       const uint8_t pepper[32])
{
	char secret[CODE_DIGITS + PIN_DIGITS];
	uint8_t a[64], b[64];
	enum status s;

	memcpy(secret, code, CODE_DIGITS);
	s = read_digits(pin, secret + CODE_DIGITS, PIN_DIGITS);
	if (s == OK)
		s = stretch(a, secret, sizeof secret, salt);
	if (s == OK) {
		KDF(b, sizeof b, "amana.receipt.02", pepper, 32, a, sizeof a);
		out->locator = ID_ZERO;
		pair_of_seed(out->pk, out->sk, b + 32);
		wipe(a, sizeof a);
		wipe(b, sizeof b);
	}
	wipe(secret, sizeof secret);
	return s;
}
