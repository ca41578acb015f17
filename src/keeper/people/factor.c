/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Second factors: TOTP of six digits (liboath; one use, one step either way) and a printed sheet of one-time codes. Both secrets are
 * sealed under a key of the user's own, so they are readable only after the password (sealed design 4.5). */
#include "keeper/people/login.h"

#include <liboath/oath.h>
#include <string.h>
#include "base/clock.h"
#include "base/random.h"
#include "base/wipe.h"

#define TYPE_TOTP 32002
#define TYPE_SHEET 32003
#define STEP_S 30
#define DRIFT_STEPS 20 /* ten minutes */

static struct record_bind factor_bind(struct id user, uint16_t type)
{
	return (struct record_bind){ .type = type, .record = user, .dossier = user, .version = 1 };
}

static void factor_key(struct key *k, const uint8_t sk[32], struct id user)
{
	KDF(k->b, 32, "amana.totp.key.1", sk, 32, user.b, sizeof(user.b));
}

static enum status seal_one(uint8_t *out, const struct key *k, struct id user, uint16_t type, struct sv plain)
{
	const struct record_bind bind = factor_bind(user, type);
	uint8_t nonce[24];

	random_fill(nonce, sizeof(nonce));
	return amr1_seal(out, k, CLASS_BOUND, user, nonce, &bind, plain);
}

enum status factor_make(struct service *s, struct id user, const uint8_t sk[32], const uint8_t totp[20], const char *sheet,
			struct factor_row *out)
{
	struct key *k = &s->bench->k;

	*out = (struct factor_row){ .user = user };
	if (amr1_size(20) != sizeof(out->totp) || amr1_size(SHEET_CODES * SHEET_DIGITS) != sizeof(out->sheet))
		return E_BUG;
	factor_key(k, sk, user);
	TRY(seal_one(out->totp, k, user, TYPE_TOTP, sv_bytes(totp, 20)));
	return seal_one(out->sheet, k, user, TYPE_SHEET, sv_bytes(sheet, SHEET_CODES * SHEET_DIGITS));
}

/* Which step within `reach` of now gives the code; 0 = none. All steps are computed whatever fits. */
static uint64_t step_of(const uint8_t secret[20], int64_t now, int reach, struct sv code)
{
	uint64_t found = 0;

	for (int i = -reach; i <= reach; i++) {
		time_t at = (time_t)(now / SECOND_MS + i * STEP_S);
		char digits[8];

		if (oath_totp_generate((const char *)secret, 20, at, STEP_S, 0, 6, digits) == OATH_OK && code.n == 6 &&
		    equal_ct(digits, code.p, 6))
			found = (uint64_t)(at / STEP_S);
	}
	return found;
}

static enum status check_totp(struct service *s, struct sv code, struct factor_row *row)
{
	uint64_t step = step_of(s->bench->room, s->now, 1, code);

	if (step > row->last_step) {
		row->last_step = step;
		return OK;
	}
	if (step == 0 && step_of(s->bench->room, s->now, DRIFT_STEPS, code) > row->last_step)
		return E_STATE;
	return E_DENIED;
}

static enum status check_sheet(struct service *s, struct sv code, struct factor_row *row)
{
	enum status status = E_DENIED;

	if (code.n != SHEET_DIGITS)
		return E_DENIED;
	for (unsigned i = 0; i < SHEET_CODES; i++) {
		bool same = equal_ct(s->bench->room + i * SHEET_DIGITS, code.p, SHEET_DIGITS);

		if (same && (row->sheet_used & (UINT64_C(1) << i)) == 0) {
			row->sheet_used |= UINT64_C(1) << i;
			status = OK;
		}
	}
	return status;
}

/* Into the bench's room. */
static enum status open_one(struct service *s, const struct factor_row *row, bool totp)
{
	const struct record_bind bind = factor_bind(row->user, totp ? TYPE_TOTP : TYPE_SHEET);
	size_t n;

	factor_key(&s->bench->k, s->bench->capsule.sk, row->user);
	TRY(amr1_open(s->bench->room, &n, &s->bench->k, &bind,
		      totp ? sv_bytes(row->totp, sizeof(row->totp)) : sv_bytes(row->sheet, sizeof(row->sheet))));
	return n == (totp ? 20u : SHEET_CODES * SHEET_DIGITS) ? OK : E_CRYPTO;
}

enum status factor_read(struct service *s, const struct factor_row *row, uint8_t totp[20], char *sheet)
{
	TRY(open_one(s, row, true));
	memcpy(totp, s->bench->room, 20);
	TRY(open_one(s, row, false));
	memcpy(sheet, s->bench->room, SHEET_CODES * SHEET_DIGITS);
	return OK;
}

enum status factor_check(struct service *s, enum factor kind, struct sv code, struct factor_row *row)
{
	if (kind == FACTOR_DEMO)
		return s->instance.demo ? OK : E_DENIED;
	if (kind != FACTOR_TOTP && kind != FACTOR_SHEET)
		return E_DENIED;
	TRY(open_one(s, row, kind == FACTOR_TOTP));
	return kind == FACTOR_TOTP ? check_totp(s, code, row) : check_sheet(s, code, row);
}
