/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Signatures as the keeper has them, who can be asked for the second one, and what he says. A word that sends something back is a sealed
 * text of its own; it counts when its author has signed it, and he is not the one who signed first. */
#include "domain/signing/signing.h"

#include "base/text.h"
#include "domain/access/access.h"

#define SAID_MAX 2000

/* The fields of the half that lies in this class. */
static const struct half {
	uint16_t object, verdict, reason;
} facts_half = { SIGNATURE_object, SIGNATURE_verdict, SIGNATURE_reason },
  basis_half = { SIGNATURE_basis_object, SIGNATURE_basis_verdict, SIGNATURE_basis_says };

static const struct half *half_of(enum class class)
{
	return class == CONSENT ? &basis_half : &facts_half;
}

/* --- who signed --------------------------------------------------------------------------------------------------------------- */

enum status signing_load(struct ctx *c, struct id dossier, bool said, struct signing *out)
{
	*out = (struct signing){ .n = 0 };
	TRY(keeper_signatures(c, dossier, &out->rows, &out->n));
	return said ? record_load_dossier(c, &signature_type, dossier, &out->said, &out->said_n) : OK;
}

struct signed_by signing_by(const struct signing *s, const struct record *r, enum class class, uint32_t which)
{
	struct signed_by by = { .at = 0 };
	const struct signature *g = record_signed(s->rows, s->n, r, class, which, &by.changed);

	if (g != NULL) {
		by.user = g->user;
		by.organisation = g->organisation;
		by.at = g->at;
	}
	return by;
}

struct signed_by signing_of(const struct signing *s, struct id record, uint32_t which)
{
	struct signed_by by = { .at = 0 };

	for (size_t i = 0; i < s->n; i++)
		if (s->rows[i].which == which && s->rows[i].stands && id_equal(s->rows[i].record, record)) {
			by.user = s->rows[i].user;
			by.organisation = s->rows[i].organisation;
			by.at = s->rows[i].at;
		}
	return by;
}

static bool is_about(const struct record *said, const struct half *half, struct id record)
{
	struct id about;

	return id_parse(record_text(said, half->object), &about) && id_equal(about, record);
}

struct second_word signing_second(const struct signing *s, const struct record *r, enum class class)
{
	const struct signed_by first = signing_by(s, r, class, SIGN_FIRST);
	struct second_word w = { .by = signing_by(s, r, class, SIGN_SECOND) };
	const bool agreed = !id_is_zero(w.by.user);
	const struct half *half = half_of(class);

	if (agreed)
		w.verdict = SV("agree");
	for (size_t i = 0; i < s->said_n; i++) {
		const struct record *said = &s->said[i];
		struct signed_by by = signing_by(s, said, class, SIGN_FIRST);

		if (!is_about(said, half, r->id) || id_is_zero(by.user) || id_equal(by.user, first.user))
			continue;
		if (agreed ? !id_equal(by.user, w.by.user) : !sv_is(record_text(said, half->verdict), "back"))
			continue;
		w.reason = record_text(said, half->reason);
		if (!agreed) {
			w.by = by;
			w.verdict = SV("back");
		}
	}
	return w;
}

enum decision_state signing_state(const struct decision_row *d, const struct second_word *w)
{
	if (d->kind == DECISION_DENUNCIATION || d->kind == DECISION_RETURN)
		return DECISION_MADE;
	if (d->state == DECISION_RETURNED)
		return d->state;
	if (sv_is(w->verdict, "agree"))
		return DECISION_SIGNED;
	return sv_is(w->verdict, "back") ? DECISION_SENT_BACK : DECISION_PROVISIONAL;
}

/* --- who can be asked --------------------------------------------------------------------------------------------------------- */

enum status reader_choices(struct ctx *c, bool *own, struct second_reader **out, size_t *n)
{
	struct member_row *signers;
	struct organisation house;
	size_t count;

	*own = false;
	TRY(second_signers(c, c->who->organisation, c->who->user, &signers, &count));
	*out = ARENA_ARRAY(c->arena, struct second_reader, count);
	*n = count;
	for (size_t i = 0; i < count; i++) {
		(*out)[i] = (struct second_reader){ .user = signers[i].user,
						    .organisation = signers[i].organisation,
						    .login = arena_copy(c->arena, signers[i].login) };
		*own = *own || id_equal(signers[i].organisation, c->who->organisation);
		if (organisation_load(c, signers[i].organisation, &house) == OK)
			(*out)[i].house = house.name;
	}
	return OK;
}

enum status reader_ask(struct ctx *c, const struct record *r, enum class class, struct id wanted, struct id *reviewer)
{
	struct second_reader *readers;
	size_t n;
	bool own;

	*reviewer = ID_ZERO;
	TRY(reader_choices(c, &own, &readers, &n));
	if (own)
		return OK;
	for (size_t i = 0; i < n; i++)
		if (id_equal(readers[i].user, wanted)) {
			*reviewer = wanted;
			return record_review(c, r, class, wanted, REVIEW_HOURS_MAX);
		}
	return ctx_input(c, "reviewer", id_is_zero(wanted) ? "error.required" : "error.code", 0);
}

bool signing_asked(const struct ctx *c, const struct decision_row *d)
{
	if (!id_is_zero(d->reviewer))
		return id_equal(d->reviewer, c->who->user);
	return ctx_can(c, ROLE_SUPERVISOR) && id_equal(d->organisation, c->who->organisation);
}

/* --- signing ------------------------------------------------------------------------------------------------------------------ */

enum status signing_first(struct ctx *c, struct record *r, enum class class)
{
	TRY(record_save_fresh(c, r));
	return record_sign(c, r, class, SIGN_FIRST);
}

static enum status check_said(struct ctx *c, const struct second_said *in)
{
	const struct code_list *l = codes_of("verdicts");
	bool known = l != NULL && code_find(l, in->verdict) != NULL;
	enum status s = OK;

	if (!known)
		s = ctx_input(c, "verdict", in->verdict.n == 0 ? "error.required" : "error.code", 0);
	if (sv_is(in->verdict, "back") && sv_trim(in->reason).n == 0)
		s = ctx_input(c, "reason", "error.required", 0);
	if (utf8_count(in->reason) > SAID_MAX)
		s = ctx_input(c, "reason", "error.too_long", SAID_MAX);
	return s;
}

enum status signing_say(struct ctx *c, const struct record *over, enum class class, const struct second_said *in, bool *agrees)
{
	const struct half *half = half_of(class);
	struct record *r = record_new(c, &signature_type, over->dossier);
	struct signing s;

	TRY(check_said(c, in));
	TRY(signing_load(c, over->dossier, false, &s));
	if (id_equal(signing_by(&s, over, class, SIGN_FIRST).user, c->who->user))
		return ERR(c, E_DENIED, "two people sign");
	record_set_text(r, half->object, hex(c->arena, id_view(&over->id)));
	record_set_text(r, half->verdict, in->verdict);
	record_set_text(r, half->reason, sv_trim(in->reason).n > 0 ? in->reason : SV_NONE);
	TRY(record_save_signature(c, r, over->id));
	TRY(record_sign(c, r, class, SIGN_FIRST));
	*agrees = sv_is(in->verdict, "agree");
	return *agrees ? record_sign(c, over, class, SIGN_SECOND) : OK;
}
