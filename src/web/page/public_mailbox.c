/* SPDX-License-Identifier: GPL-3.0-or-later */
/* After sending: the code, once; the mailbox it opens; a file added. The mailbox shows the state the desk set, the desk's last message and
 * a box to write in, never what the reporter wrote. Its page is the answer to a post, so no address leads to it. */
#include "web/page/public.h"

#include <string.h>

#include "base/wipe.h"
#include "domain/intake/intake.h"
#include "keeper/client.h"
#include "media/client.h"
#include "web/form.h"
#include "web/server.h"

#define CODE_DIGITS 20
#define MEGABYTE_SHIFT 20

/* --- the code ------------------------------------------------------------------------------------------------------------------------ */

enum status public_code(struct ctx *c, const struct request *r, const char *code, bool danger, struct response *out)
{
	struct tpl_public_code_group groups[5];
	struct sv digits = arena_copy(c->arena, sv_of(code));
	const struct tpl_public_code v = { .head = public_head(c, false, false),
					   .foot = public_foot(c, r, false),
					   .self = public_self(c),
					   .groups = groups,
					   .groups_n = 5,
					   .code = digits,
					   .ticket = ticket_text(c, r),
					   .danger = danger,
					   .file_limit = FILE_BYTES_MAX >> MEGABYTE_SHIFT,
					   .numbers = public_numbers(c) };

	if (digits.n != CODE_DIGITS)
		return ERR(c, E_BUG, "a code of another length");
	for (size_t i = 0; i < 5; i++)
		groups[i].digits = (struct sv){ digits.p + 4 * i, 4 };
	render_public_code(&out->body, c->language, &v);
	return OK;
}

enum status public_entry(struct ctx *c, const struct request *r, struct sv wrong, struct sv reply, struct response *out)
{
	const struct tpl_shared_errors_row row = { SV("#code"), wrong };
	const struct tpl_shared_errors errors = { &row, 1 };
	const struct tpl_public_mailbox_entry v = {
		.head = public_head(c, false, wrong.n > 0),
		.foot = public_foot(c, r, true),
		.errors = wrong.n > 0 ? &errors : NULL,
		.self = public_self(c),
		.ticket = ticket_text(c, r),
		.code_error = wrong,
		.typed = wrong.n > 0 ? typed(c, r, "code") : SV_NONE,
		.reply = reply,
		.session_ended = reply.n > 0 && wrong.n == 0,
	};

	render_public_mailbox_entry(&out->body, c->language, &v);
	return OK;
}

/* Digits of what was typed or pasted; whatever stands between them does not matter. */
static struct sv digits_of(struct ctx *c, struct sv text)
{
	struct buf b = buf_new(c->arena, CODE_DIGITS, 64);

	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] >= '0' && text.p[i] <= '9')
			buf_byte(&b, (uint8_t)text.p[i]);
	return buf_view(&b);
}

/* --- the mailbox ------------------------------------------------------------------------------------------------------------------------ */

struct mail_page {
	bool sent, added, full; /* full: the conversation takes no more */
	struct sv reply, reply_error, file_error;
};

static const struct tpl_shared_errors *mail_errors(const struct ctx *c, const struct mail_page *p)
{
	struct tpl_shared_errors *e = ARENA_NEW(c->arena, struct tpl_shared_errors);
	struct tpl_shared_errors_row *rows = ARENA_ARRAY(c->arena, struct tpl_shared_errors_row, 2);

	if (p->reply_error.n > 0)
		rows[e->rows_n++] = (struct tpl_shared_errors_row){ SV("#reply"), p->reply_error };
	if (p->file_error.n > 0)
		rows[e->rows_n++] = (struct tpl_shared_errors_row){ SV("#file"), p->file_error };
	e->rows = rows;
	return e->rows_n > 0 ? e : NULL;
}

static enum status mail_page(struct ctx *c, const struct request *r, const struct mail_page *p, struct response *out)
{
	struct mailbox box;
	struct tpl_public_mailbox v = {
		.foot = public_foot(c, r, true),
		.errors = mail_errors(c, p),
		.self = public_self(c),
		.csrf = csrf_text(c),
		.once = once_text(c),
		.sent = p->sent,
		.added = p->added,
		.reply = p->reply,
		.reply_max = REPLY_MAX,
		.reply_error = p->reply_error,
		.file_error = p->file_error,
		.file_limit = FILE_BYTES_MAX >> MEGABYTE_SHIFT,
		.full = p->full,
		.numbers = p->full ? public_numbers(c) : NULL,
	};

	if (p->full)
		out->code = 409;
	TRY(mailbox_load(c, &box));
	v.head = public_head(c, false, v.errors != NULL);
	v.state = page_label(c, "shown_states", box.shown_state);
	v.answer = box.answer;
	render_public_mailbox(&out->body, c->language, &v);
	return OK;
}

/* Why a file was not taken, in words; empty when it was. */
static enum status add_file(struct ctx *c, const struct request *r, const struct public_in *in, struct sv *wrong)
{
	const struct input_error *e = input_wrong(c, "file");
	struct sv limit = page_number(c, FILE_BYTES_MAX >> MEGABYTE_SHIFT);
	struct media_answer seen;
	struct file_form f = { .content = in->file.content };

	if (e != NULL && strcmp(e->key, "error.file_too_large") == 0)
		*wrong = page_fill(c, MSG_ERROR_TOO_BIG, &limit, 1);
	else if (e != NULL || !in->file.given)
		*wrong = e == NULL ? page_say(c, MSG_ERROR_FILE_MISSING) : page_wrong(c, "file");
	else if (r->media == NULL)
		*wrong = page_say(c, MSG_PUBLIC_FILE_LATER);
	if (wrong->n > 0)
		return OK;
	TRY(media_look(c, r->media, in->file.content, &seen));
	if (seen.refusal != MEDIA_ACCEPTED) {
		*wrong = page_say(c, seen.refusal == MEDIA_UNKNOWN_TYPE ? MSG_ERROR_TYPE : MSG_PUBLIC_FILE_REFUSED);
		return OK;
	}
	f.name = media_name(c->arena, in->file.name, seen.kind);
	f.mime = sv_of(media_type(seen.kind));
	sha256_of(f.content.p, f.content.n, f.sha256);
	form_key(c->arena, r->form, &in->once, "file", "file", f.act.key);
	return file_add(c, &f);
}

/* A report takes so many messages and no more (all their keys go to the next desk in one set). The page says so, keeps the words, and lets them
 * go on as a new report. */
static enum status full(struct ctx *c, enum status s, struct sv words, struct mail_page *p)
{
	if (s != E_LIMIT)
		return s;
	c->error = (struct error){ .status = OK };
	p->full = true;
	p->reply = words;
	return OK;
}

static enum status reply(struct ctx *c, const struct request *r, const struct public_in *in, struct mail_page *p)
{
	struct mailbox_reply m = { .text = in->reply };
	enum status s;

	form_key(c->arena, r->form, &in->once, "reply", "reply", m.key);
	s = mailbox_reply(c, &m);
	if (s == E_INPUT) {
		p->reply = in->reply;
		p->reply_error = page_wrong(c, input_wrong(c, "reply") != NULL ? "reply" : "text");
		return OK;
	}
	p->sent = s == OK;
	return full(c, s, in->reply, p);
}

enum status public_mail(struct ctx *c, const struct request *r, const struct public_in *in, struct response *out)
{
	struct mail_page p = { .sent = false };

	if (c->who->kind != ACTOR_REPORTER || !r->proof.session)
		return public_entry(c, r, SV_NONE, in->reply, out);
	if (sv_is(in->go, "reply") && input_wrong(c, "reply") != NULL) {
		p.reply = typed(c, r, "reply");
		p.reply_error = page_wrong(c, "reply");
	} else if (sv_is(in->go, "reply")) {
		TRY(reply(c, r, in, &p));
	} else if (sv_is(in->go, "file")) {
		TRY(full(c, add_file(c, r, in, &p.file_error), SV_NONE, &p));
		p.added = !p.full && p.file_error.n == 0;
	} else {
		p.reply = in->reply;
	}
	return mail_page(c, r, &p, out);
}

/* --- opening it ---------------------------------------------------------------------------------------------------------------------------- */

/* The session of the code, in force within this request too. */
static enum status open_session(struct ctx *c, struct sv digits, struct response *out)
{
	struct actor *me = ARENA_NEW(c->arena, struct actor);
	struct token token;

	TRY(keeper_mailbox(c, digits, &token));
	TRY(keeper_session(c, &token, me));
	me->token = token;
	c->who = me;
	response_cookie(out, "__Host-s", token_text(c->arena, &token), 0);
	return OK;
}

static enum status too_many(struct ctx *c, const struct request *r, const struct public_in *in, struct response *out)
{
	out->retry_s = c->error.retry_s;
	out->code = 429;
	return public_entry(c, r, page_say(c, MSG_PUBLIC_SLOW), in->reply, out);
}

enum status public_open(struct ctx *c, const struct request *r, const struct public_in *in, struct response *out)
{
	struct mail_page p = { .reply = in->reply };
	struct sv digits = digits_of(c, in->code);
	enum status s;

	if (sv_is(in->go, "back"))
		return public_start(c, r, out);
	if (sv_is(in->go, "same"))
		return public_entry(c, r, SV_NONE, in->reply, out);
	if (!r->proof.ticket)
		return public_entry(c, r, page_say(c, MSG_PUBLIC_TICKET_OLD), in->reply, out);
	if (digits.n != CODE_DIGITS)
		return public_entry(c, r, page_say(c, MSG_PUBLIC_ENTRY_WRONG), in->reply, out);
	if (pace(c, r, PACE_MAILBOX) != OK)
		return too_many(c, r, in, out);
	s = open_session(c, digits, out);
	if (s == E_DENIED || s == E_NOTFOUND || s == E_INPUT)
		return public_entry(c, r, page_say(c, MSG_PUBLIC_ENTRY_WRONG), in->reply, out);
	if (s == E_LIMIT || s == E_BUSY)
		return too_many(c, r, in, out);
	TRY(s);
	if (sv_is(in->step, step_names[STEP_FILE])) {
		TRY(full(c, add_file(c, r, in, &p.file_error), in->reply, &p));
		p.added = !p.full && p.file_error.n == 0;
	}
	return mail_page(c, r, &p, out);
}
