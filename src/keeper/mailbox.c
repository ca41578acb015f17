/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The mailbox of a code. A right and a wrong code go the same way: one Argon2id job, one look for each pepper, one leaf, one commit, an
 * answer of the same size. Wrong codes are paced for all callers together. */
#include "keeper/data.h"

#include <string.h>
#include "base/random.h"
#include "keeper/codec.h"

static enum status queue_code(struct service *s, struct request *r, const char digits[CODE_DIGITS])
{
	struct job *j = argon_reserve(s->argon, QUEUE_CODE);

	if (j == NULL) {
		r->retry_s = argon_wait_s(s->argon);
		return E_BUSY;
	}
	j->kind = JOB_RECEIPT;
	j->owner = r->from;
	memcpy(j->secret, digits, CODE_DIGITS);
	j->secret_n = CODE_DIGITS;
	memcpy(j->salt, s->instance.salt, sizeof(j->salt));
	memcpy(j->pepper, s->vault->pepper, sizeof(j->pepper));
	j->pepper_count = s->vault->pepper_count;
	r->job = j;
	r->wait = true;
	return OK;
}

/* The receipt row any of the derived locators names; every pepper is tried, newest first. */
static enum status find_receipt(struct service *s, const struct job *j, struct receipt_row *row, const struct receipt **found)
{
	*found = NULL;
	for (size_t i = j->pepper_count; i-- > 0;) {
		struct sv body = SV_NONE;
		enum status status = row_get(s, ROW_RECEIPT, j->receipts[i].locator, &body);

		if (status == OK) {
			TRY(read_receipt(body, row));
			if (memcmp(row->pk, j->receipts[i].pk, sizeof(row->pk)) == 0)
				*found = &j->receipts[i];
		} else if (status != E_NOTFOUND) {
			return status;
		}
	}
	return OK;
}

static enum status begin_reporter(struct service *s, const struct receipt_row *row, const struct receipt *receipt, struct token *out)
{
	struct capsule *c = &s->bench->capsule;
	struct session *x = session_begin(s->sessions, SESSION_REPORTER, ID_ZERO, s->now, out);

	x->dossier = row->dossier;
	x->locator = row->locator;
	*c = (struct capsule){ 0 };
	memcpy(c->sk, receipt->sk, sizeof(c->sk));
	random_fill(c->cache_key, sizeof(c->cache_key));
	return capsule_seal(s, x, out);
}

enum status call_mailbox(struct service *s, struct request *r)
{
	struct sv typed = get_bytes_view(&r->body, 200);
	struct act act = { .event = EV_LOGIN_FAIL, .hour = true };
	struct receipt_row row = { .pepper = 0 };
	const struct receipt *found;
	char digits[CODE_DIGITS + 1];
	struct token token;

	if (r->body.bad || code_read(typed, digits) != OK)
		return E_INPUT;
	if (r->job == NULL)
		return throttle_code_allowed(s->throttle, s->now) ? queue_code(s, r, digits) : E_LIMIT;
	TRY(r->job->status);
	TRY(find_receipt(s, r->job, &row, &found));
	random_fill(token.b, sizeof(token.b));
	if (found != NULL) {
		TRY(begin_reporter(s, &row, found, &token));
		act.event = EV_LOGIN;
		act.dossier = row.dossier;
	} else {
		throttle_code_wrong(s->throttle, s->now);
		r->keep = true;
	}
	buf_put(r->out, token.b, sizeof(token.b));
	TRY(leaf_add(s, &act, row.dossier, NULL, 0, NULL));
	return found != NULL ? OK : E_DENIED;
}
