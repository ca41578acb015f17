/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The public form: which page follows which. The start is the same for everybody and carries no ticket; the first question brings it.
 * The server keeps nothing before the last step; a page holds the earlier answers as hidden fields. What the reporter chose is never lost by going back: the page that asks again carries the answer so far beside its buttons.
 *
 * Sending needs a form ticket that is at least 20 s old, but for danger; who is faster meets a page that waits. A repeated last post carries
 * the same ticket and gets the same code. */
#include "web/page/public.h"

#include <string.h>

#include "base/wipe.h"
#include "domain/intake/intake.h"
#include "registry/registry.h"
#include "web/form.h"
#include "web/server.h"

const char *const step_names[STEP_COUNT] = { "start", "where",    "what",    "danger", "number", "tell", "contact",
					     "how",   "relation", "exclude", "check",  "code",   "file", "mailbox" };

static const struct param params[] = {
	PARAM(struct public_in, step, P_CODE, 16),
	PARAM(struct public_in, go, P_CODE, 16),
	PARAM(struct public_in, then, P_CODE, 16),
	PARAM(struct public_in, who, P_CODE, 16),
	PARAM(struct public_in, region, P_CODE, 16),
	PARAM(struct public_in, what, P_CODES, 20, .codes = "forms_of_exploitation"),
	PARAM(struct public_in, danger, P_CODE, 16),
	PARAM(struct public_in, tell, P_LONG, TELL_MAX),
	PARAM(struct public_in, contact, P_CODE, 16),
	PARAM(struct public_in, channel, P_CODE, 32, .codes = "contact_ways"),
	PARAM(struct public_in, address, P_TEXT, 40),
	PARAM(struct public_in, hours, P_TEXT, 200),
	PARAM(struct public_in, word, P_TEXT, 60),
	PARAM(struct public_in, relation, P_CODE, 32, .codes = "reporter_types"),
	PARAM(struct public_in, exclude, P_CODES, 20),
	PARAM(struct public_in, region_was, P_CODE, 16),
	PARAM(struct public_in, danger_was, P_CODE, 16),
	PARAM(struct public_in, contact_was, P_CODE, 16),
	PARAM(struct public_in, relation_was, P_CODE, 32, .codes = "reporter_types"),
	PARAM(struct public_in, message_ok, P_FLAG, 0),
	PARAM(struct public_in, code, P_TEXT, 60),
	PARAM(struct public_in, reply, P_LONG, REPLY_MAX),
	PARAM(struct public_in, file, P_FILE, FILE_BYTES_MAX),
	PARAM(struct public_in, once, P_KEY16, 0),
};

static enum step step_of(struct sv name)
{
	for (int i = 0; i < STEP_COUNT; i++)
		if (sv_is(name, step_names[i]))
			return (enum step)i;
	return STEP_START;
}

/* --- the order of the steps --------------------------------------------------------------------------------------------------------- */

static bool asked(const struct public_in *in, enum step s)
{
	if (s == STEP_NUMBER)
		return sv_is(in->danger, "yes");
	if (s == STEP_HOW)
		return sv_is(in->contact, "yes");
	return s != STEP_RELATION || sv_is(in->who, "other");
}

static enum step after(const struct public_in *in, enum step at)
{
	enum step s = at;

	if (sv_is(in->then, "check") && !(at == STEP_DANGER && asked(in, STEP_NUMBER)) &&
	    !(at == STEP_CONTACT && asked(in, STEP_HOW)))
		return STEP_CHECK;
	do
		s = (enum step)(s + 1);
	while (s < STEP_CHECK && !asked(in, s));
	return s > STEP_CHECK ? STEP_CHECK : s;
}

static enum step before(const struct public_in *in, enum step at)
{
	enum step s = at;

	if (sv_is(in->then, "check") && at < STEP_CHECK)
		return STEP_CHECK;
	do
		s = (enum step)(s - 1);
	while (s > STEP_START && !asked(in, s));
	return s;
}

/* A button's answer counts; without one the answer so far stays. */
static void settle(struct public_in *in)
{
	if (in->region.n == 0)
		in->region = in->region_was;
	if (in->danger.n == 0)
		in->danger = in->danger_was;
	if (in->contact.n == 0)
		in->contact = in->contact_was;
	if (in->relation.n == 0)
		in->relation = in->relation_was;
	if (sv_is(in->go, "self") || sv_is(in->go, "other"))
		in->who = in->go;
}

/* Where the form asks what the report calls by another name. */
static const struct {
	const char *report, *form;
	enum step step;
} fields[] = {
	{ "text", "tell", STEP_TELL },
	{ "contact_phone", "address", STEP_HOW },
	{ "contact_details", "address", STEP_HOW },
	{ "contact_hours", "hours", STEP_HOW },
	{ "contact_word", "word", STEP_HOW },
	{ "excluded", "exclude", STEP_EXCLUDE },
};
#define FIELDS (sizeof(fields) / sizeof(fields[0]))

/* The step whose field is wrong, so that it is shown again; STEP_START when nothing of the form is wrong. */
static enum step wrong_step(struct ctx *c)
{
	enum step first = STEP_START;

	for (size_t i = 0; i < c->input_count; i++)
		for (size_t k = 0; k < FIELDS; k++) {
			if (strcmp(c->inputs[i].field, fields[k].report) != 0 && strcmp(c->inputs[i].field, fields[k].form) != 0)
				continue;
			c->inputs[i].field = fields[k].form;
			if (first == STEP_START)
				first = fields[k].step;
		}
	return first;
}

/* --- sending -------------------------------------------------------------------------------------------------------------------------- */

/* Who chose pictures only has said what is happening: their words become the text. */
static struct sv words_of(const struct ctx *c, const struct public_in *in)
{
	return in->tell.n > 0 ? in->tell : public_tiles(c, in->what);
}

static struct report_facts facts_of(const struct ctx *c, const struct public_in *in)
{
	bool yes = sv_is(in->contact, "yes"), person = sv_is(in->channel, "through_person");
	const struct code_list *regions = codes_of("regions");

	return (struct report_facts){
		.language = sv_of(languages[c->language].tag),
		.child = codes_hold(in->what, SV("child_labour_exploitation")) ? SV("yes") : SV_NONE,
		.about_self = sv_is(in->who, "self") ? SV("yes") : SV("no"),
		.region = regions != NULL && code_find(regions, in->region) != NULL ? in->region : SV_NONE,
		.forms = in->what,
		.reporter_type = sv_is(in->who, "self") ? SV("self") : in->relation,
		.contact_way = !yes || in->channel.n == 0 ? SV("mailbox") : in->channel,
		.contact_phone = yes && !person ? in->address : SV_NONE,
		.contact_details = yes && person ? in->address : SV_NONE,
		.contact_hours = yes ? in->hours : SV_NONE,
		.contact_word = yes ? in->word : SV_NONE,
		.contact_message_ok = yes ? in->message_ok ? SV("yes") : SV("no") : SV_NONE,
	};
}

/* No desk can be written to: an instance whose desks have no keys yet. The reporter learns whom to call; nothing typed is lost. */
static enum status not_ready(struct ctx *c, const struct request *r, const struct public_in *in, struct response *out)
{
	c->error = (struct error){ .status = OK };
	(void)!ctx_input(c, "form", "public.error.not_ready", 0);
	out->code = 503;
	return public_step(c, r, in, STEP_CHECK, out);
}

static enum status send(struct ctx *c, const struct request *r, const struct public_in *in, struct response *out)
{
	struct public_form form = {
		.facts = facts_of(c, in), .danger_now = sv_is(in->danger, "yes"), .text = words_of(c, in), .excluded = in->exclude
	};
	struct key16 ticket = { .given = true };
	struct public_receipt receipt;
	enum status s;

	if (form.text.n == 0) {
		(void)!ctx_input(c, "tell", "public.tell.needed", 0);
		return public_step(c, r, in, STEP_TELL, out);
	}
	if (!r->proof.ticket) {
		(void)!ctx_input(c, "form", "public.ticket.old", 0);
		return public_step(c, r, in, STEP_CHECK, out);
	}
	if (!form.danger_now && r->proof.age_ms < TICKET_MIN_MS)
		return public_wait(c, r, in, (TICKET_MIN_MS - r->proof.age_ms + SECOND_MS - 1) / SECOND_MS, out);
	memcpy(ticket.b, r->proof.id, sizeof(ticket.b));
	form_key(c->arena, r->form, &ticket, "report", NULL,
		 form.ticket); /* other words under the same ticket are another report */
	s = report_new_public(c, &form, &receipt);
	if (s == E_STATE)
		return not_ready(c, r, in, out);
	if (s == E_INPUT && wrong_step(c) != STEP_START)
		return public_step(c, r, in, wrong_step(c), out);
	TRY(s);
	s = public_code(c, r, receipt.code, form.danger_now, out);
	wipe(&receipt, sizeof(receipt));
	return s;
}

/* --- one post --------------------------------------------------------------------------------------------------------------------------- */

static enum status form_step(struct ctx *c, const struct request *r, struct public_in *in, enum step at, struct response *out)
{
	bool back = sv_is(in->go, "back");

	if (sv_is(in->go, "code"))
		return public_entry(c, r, SV_NONE, SV_NONE, out);
	if (in->who.n == 0)
		return public_start(c, r, out);
	if (wrong_step(c) != STEP_START)
		return public_step(c, r, in, wrong_step(c), out);
	if (sv_is(in->go, "same"))
		return public_step(c, r, in, at, out);
	if (back)
		return before(in, at) == STEP_START ? public_start(c, r, out) : public_step(c, r, in, before(in, at), out);
	if (sv_is(in->go, "send"))
		return send(c, r, in, out);
	if (at == STEP_CHECK && in->go.n > 0) {
		in->then = SV("check");
		return public_step(c, r, in, step_of(in->go), out);
	}
	if (at == STEP_TELL && words_of(c, in).n == 0) {
		(void)!ctx_input(c, "tell", "public.tell.needed", 0);
		return public_step(c, r, in, STEP_TELL, out);
	}
	if (at == STEP_HOW && sv_is(in->contact, "yes") && in->address.n == 0) {
		(void)!ctx_input(c, "address", "public.how.address_needed", 0);
		return public_step(c, r, in, STEP_HOW, out);
	}
	return public_step(c, r, in, sv_is(in->go, "end") ? STEP_CHECK : after(in, at), out);
}

/* A missing or old ticket matters only when something is sent: until then a fresh one takes its place. */
static void forget_ticket(struct ctx *c)
{
	size_t kept = 0;

	for (size_t i = 0; i < c->input_count; i++)
		if (strcmp(c->inputs[i].field, "ticket") != 0)
			c->inputs[kept++] = c->inputs[i];
	c->input_count = kept;
}

static enum status post(struct ctx *c, const struct request *r, struct response *out)
{
	struct public_in *in = ARENA_NEW(c->arena, struct public_in);
	enum step at;

	out->pad = true;
	*in = *(const struct public_in *)r->in;
	settle(in);
	forget_ticket(c);
	if (input_wrong(c, "form") != NULL)
		return ERR(c, E_INPUT, "a field the public form does not have");
	at = step_of(in->step);
	if (at == STEP_CODE || at == STEP_FILE)
		return public_open(c, r, in, out);
	if (at == STEP_MAILBOX && in->who.n > 0 &&
	    input_wrong(c, "reply") == NULL) { /* a full conversation goes on as a new report */
		in->tell = in->reply;
		return form_step(c, r, in, STEP_START, out);
	}
	if (at == STEP_MAILBOX)
		return public_mail(c, r, in, out);
	return form_step(c, r, in, at, out);
}

static enum status start(struct ctx *c, const struct request *r, struct response *out)
{
	out->pad = true;
	return public_start(c, r, out);
}

/* The bare address leads to the reader's language. */
static enum status front(struct ctx *c, const struct request *r, struct response *out)
{
	return response_go(c, r, out, public_self(c).p, NULL);
}

#define FORM_FLAGS (ROUTE_TICKET | ROUTE_SHOWS_INPUT_ERRORS | ROUTE_FILE)
#define FORM_BODY (FILE_BYTES_MAX + 64 * 1024)
static const struct route rows[] = {
	ROUTE0(GET, SITE_PUBLIC, "/", front, PUBLIC),
	ROUTE0(GET, SITE_PUBLIC, "/fr", start, PUBLIC, .flags = ROUTE_CONSTANT),
	ROUTE0(GET, SITE_PUBLIC, "/ar", start, PUBLIC, .flags = ROUTE_CONSTANT),
	ROUTE0(GET, SITE_PUBLIC, "/en", start, PUBLIC, .flags = ROUTE_CONSTANT),
	ROUTE(POST, SITE_PUBLIC, "/fr", post, PUBLIC, params, struct public_in, .body_max = FORM_BODY, .flags = FORM_FLAGS),
	ROUTE(POST, SITE_PUBLIC, "/ar", post, PUBLIC, params, struct public_in, .body_max = FORM_BODY, .flags = FORM_FLAGS),
	ROUTE(POST, SITE_PUBLIC, "/en", post, PUBLIC, params, struct public_in, .body_max = FORM_BODY, .flags = FORM_FLAGS),
};
extern const struct routes page_public;
const struct routes page_public = { rows, sizeof(rows) / sizeof(rows[0]) };
