/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The mailbox of a code. A right and a wrong code go the same way: one Argon2id job, one look for each pepper, one leaf, one commit, an
 * answer of the same size. Wrong codes are paced for all callers together: past thirty a minute nobody may queue up any more behind a few
 * that wait already; but a stranger's wrong codes never refuse a right one while there is time to try it. */
#include "keeper/sealed/data.h"

#include <string.h>
#include "base/random.h"
#include "keeper/codec.h"

#define CODES_WAITING 8u

static enum status queue_code(struct service *s, struct request *r, struct sv typed, const char digits[CODE_DIGITS])
{
	struct job *j = argon_reserve(s->argon, QUEUE_CODE, 0);

	if (j == NULL) {
		r->retry_s = argon_wait_s(s->argon);
		return E_BUSY;
	}
	j->kind = JOB_RECEIPT;
	j->owner = r->from;
	memcpy(j->secret, digits, CODE_DIGITS);
	j->secret_n = CODE_DIGITS;
	j->typed = typed;
	memcpy(j->salt, s->instance.salt, sizeof(j->salt));
	memcpy(j->pepper, s->vault->pepper, sizeof(j->pepper));
	j->pepper_count = s->vault->pepper_count;
	r->job = j;
	r->wait = true;
	return OK;
}

static enum status row_there(struct service *s, struct id locator, bool *there)
{
	struct statement *q = db_statement(s->db, SQL_ROW_GET);
	enum status status;

	bind_int(q, 1, ROW_RECEIPT);
	bind_id(q, 2, locator);
	status = statement_step(q);
	statement_end(q);
	*there = status == OK;
	return status == E_NOTFOUND ? OK : status;
}

/* The receipt row any of the derived locators names; every pepper is tried. Then one row is read and checked in any case: the receipt,
 * or the instance's own. */
static enum status find_receipt(struct service *s, const struct job *j, struct receipt_row *row, const struct receipt **found)
{
	const struct receipt *at = NULL;
	struct sv body = SV_NONE;

	*found = NULL;
	for (size_t i = j->pepper_count; i-- > 0;) {
		bool there;

		TRY(row_there(s, j->receipts[i].locator, &there));
		if (there)
			at = &j->receipts[i];
	}
	TRY(row_get(s, at != NULL ? ROW_RECEIPT : ROW_INSTANCE, at != NULL ? at->locator : ID_ZERO, &body));
	if (at == NULL)
		return OK;
	TRY(read_receipt(body, row));
	if (equal_ct(row->pk, at->pk, sizeof(row->pk)))
		*found = at;
	return OK;
}

static enum status begin_reporter(struct service *s, const struct receipt_row *row, const struct receipt *receipt,
				  struct token *token, struct session **out)
{
	struct capsule *c = &s->bench->capsule;

	sessions_make_room(s->sessions, row->locator, s->now);
	*out = session_begin(s->sessions, SESSION_REPORTER, ID_ZERO, s->now, token);
	(*out)->dossier = row->dossier;
	(*out)->locator = row->locator;
	*c = (struct capsule){ 0 };
	memcpy(c->sk, receipt->sk, sizeof(c->sk));
	random_fill(c->cache_key, sizeof(c->cache_key));
	return capsule_seal(s, *out, token);
}

enum status call_mailbox(struct service *s, struct request *r)
{
	struct sv typed = get_bytes_view(&r->body, 200);
	struct act act = { .event = EV_LOGIN_FAIL, .hour = true };
	struct receipt_row row = { .pepper = 0 };
	const struct receipt *found;
	char digits[CODE_DIGITS + 1];
	struct session *x;
	struct token token;

	if (r->body.bad || (r->job == NULL && code_read(typed, digits) != OK))
		return E_INPUT;
	if (r->job == NULL)
		return throttle_code_allowed(s->throttle, s->now) || argon_waiting(s->argon, QUEUE_CODE) < CODES_WAITING
			       ? queue_code(s, r, typed, digits)
			       : E_LIMIT;
	TRY(r->job->status);
	TRY(find_receipt(s, r->job, &row, &found));
	TRY(begin_reporter(s, &row, found != NULL ? found : &r->job->receipts[0], &token, &x));
	if (found == NULL) { /* a session of nobody, ended before its token leaves */
		session_end(s->sessions, x, false, s->now);
		throttle_code_wrong(s->throttle, s->now);
		r->keep = true;
	}
	act.event = found != NULL ? EV_LOGIN : EV_LOGIN_FAIL;
	act.dossier = row.dossier;
	buf_put(r->out, token.b, sizeof(token.b));
	TRY(leaf_add(s, &act, row.dossier, NULL, 0, NULL));
	return found != NULL ? OK : E_DENIED;
}
