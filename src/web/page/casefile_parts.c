/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parts of a file as cards: each says who reads it, and is opened when it is shown. */
#include "web/page/casefile.h"

#include "domain/access/access.h"
#include "policy/policy.h"
#include "registry/registry.h"
#include "web/page/screening.h"

enum message case_audience(enum class class)
{
	static const enum message of[CLASS_COUNT] = {
		[IDENT] = MSG_AUDIENCE_IDENT,     [CONTACT] = MSG_AUDIENCE_CONTACT, [ASSIST] = MSG_AUDIENCE_ASSIST,
		[EXPLOIT] = MSG_AUDIENCE_EXPLOIT, [CONSENT] = MSG_AUDIENCE_CONSENT, [ALERT] = MSG_AUDIENCE_ALERT,
		[THREAD] = MSG_AUDIENCE_THREAD,
	};

	return of[class];
}

/* --- cards ------------------------------------------------------------------------------------------------------------------------------- */

struct cards {
	const struct request *r;
	struct id file;
	struct tpl_casefile_file_card *rows;
	size_t n;
};

static void card(struct ctx *c, struct cards *l, enum message title, const struct record_type *t, uint32_t classes,
		 const void *facts, struct sv edit)
{
	struct tpl_casefile_file_fact *rows = ARENA_ARRAY(c->arena, struct tpl_casefile_file_fact, t->field_count + 1);
	struct tpl_casefile_file_card *to = &l->rows[l->n++];
	enum class class = t->fields[0].class;

	for (unsigned i = 0; classes != 0 && i < CLASS_COUNT; i++)
		if ((classes >> i & 1) != 0)
			class = (enum class)i;
	*to = (struct tpl_casefile_file_card){ .heading = page_say(c, title),
					       .audience = page_say(c, case_audience(class)),
					       .readers = readers_path(c, l->r, READERS_FILE, l->file, class),
					       .edit = edit,
					       .edit_label = page_say(c, MSG_CASE_EDIT),
					       .empty = page_say(c, MSG_CASE_NOTHING_YET),
					       .rows = rows };
	for (size_t i = 0; i < t->field_count; i++) {
		const struct field *f = &t->fields[i];
		struct sv words = field_words(c, f, *sheet_of(facts, i));

		if (words.n > 0 && (f->flags & FIELD_MACHINE) == 0 && (classes == 0 || (classes >> f->class & 1) != 0))
			rows[to->rows_n++] = (struct tpl_casefile_file_fact){ field_label(c, f->name), words };
	}
}

static struct sv edit_path(const struct ctx *c, const struct request *r, struct id file, bool may, const char *more)
{
	return may ? case_path(c, r, file, more) : SV_NONE;
}

enum status case_person_tab(struct ctx *c, const struct request *r, const struct case_head *h, const struct case_may *may,
			    const struct reach_view *reach, struct tpl_casefile_file *v)
{
	struct cards l = { r, h->row.id, ARENA_ARRAY(c->arena, struct tpl_casefile_file_card, 4), 0 };
	struct id file = h->row.id;
	struct person_view person;

	if (policy_may(c->who->roles, IDENT, OP_READ)) {
		TRY(person_load(c, file, &person));
		card(c, &l, MSG_CASE_CARD_PERSON, &person_type, 0, &person.facts, edit_path(c, r, file, may->identity, "/person"));
	}
	if (policy_may(c->who->roles, CONTACT, OP_READ))
		card(c, &l, MSG_CASE_CARD_REACH, &reach_type, 0, &reach->facts, edit_path(c, r, file, may->contact, "/reach"));
	card(c, &l, MSG_CASE_CARD_ASSIST, &casefile_type, UINT32_C(1) << ASSIST, &h->facts,
	     edit_path(c, r, file, may->edit, "/edit"));
	v->cards = l.rows;
	v->cards_n = l.n;
	return OK;
}

enum status case_facts_tab(struct ctx *c, const struct request *r, const struct case_head *h, const struct case_may *may,
			   struct tpl_casefile_file *v)
{
	struct exploitation_row *rows;
	struct cards l;
	size_t n;

	TRY(exploitation_list(c, h->row.id, &rows, &n));
	l = (struct cards){ r, h->row.id, ARENA_ARRAY(c->arena, struct tpl_casefile_file_card, n + 1), 0 };
	for (size_t i = 0; i < n; i++)
		card(c, &l, MSG_CASE_CARD_FACTS, &exploitation_type, 0, &rows[i].facts,
		     edit_path(c, r, h->row.id, may->facts, arena_format(c->arena, "/facts?row=%s", page_id(c, rows[i].id).p).p));
	v->cards = l.rows;
	v->cards_n = l.n;
	v->add = edit_path(c, r, h->row.id, may->facts, "/facts");
	v->add_label = page_say(c, MSG_CASE_FACTS_ADD);
	return OK;
}

/* What is no consent waits for a second signature, or has it. */
static void basis_signed(struct ctx *c, const struct request *r, const struct case_basis *b, struct tpl_casefile_file_card *to)
{
	const struct sv words[] = { page_apart(c, member_login(c, b->first.user)), page_apart(c, page_time(c, b->first.at)),
				    page_apart(c, member_login(c, b->second.by.user)), page_apart(c, page_time(c, b->second.by.at)),
				    page_clock(c, b->due_hour) };

	if (!b->two)
		return;
	to->doubt = signing_doubt(c, &b->first, &b->second);
	to->late = b->due_hour > 0 && b->due_hour < c->now;
	if (to->doubt.n == 0)
		to->signed_by = page_fill(c,
					  b->state == DECISION_SIGNED      ? MSG_CASE_BASIS_SIGNED
					  : b->state == DECISION_SENT_BACK ? MSG_CASE_BASIS_SENT_BACK
									   : MSG_CASE_BASIS_WAITS,
					  words, 5);
	if (policy_may(c->who->roles, EXPLOIT, OP_READ))
		to->more = page_path(c, r, "/signing/%s", page_id(c, b->id).p);
}

enum status case_basis_tab(struct ctx *c, const struct request *r, const struct case_head *h, const struct case_may *may,
			   struct tpl_casefile_file *v)
{
	struct case_basis *rows;
	struct cards l;
	size_t n;

	TRY(case_basis(c, h->row.id, &rows, &n));
	l = (struct cards){ r, h->row.id, ARENA_ARRAY(c->arena, struct tpl_casefile_file_card, n + 1), 0 };
	for (size_t i = n; i-- > 0;) {
		card(c, &l, MSG_CASE_CARD_BASIS, &basis_type, 0, &rows[i].facts, SV_NONE);
		basis_signed(c, r, &rows[i], &l.rows[l.n - 1]);
	}
	v->cards = l.rows;
	v->cards_n = l.n;
	v->add = edit_path(c, r, h->row.id, may->basis, "/basis");
	v->add_label = page_say(c, MSG_CASE_BASIS_ADD);
	return OK;
}

enum status case_changes_tab(struct ctx *c, const struct case_head *h, struct tpl_casefile_file *v)
{
	struct case_change *list;
	struct tpl_casefile_file_change *rows;
	size_t n;

	TRY(case_changes(c, h->row.id, &list, &n));
	rows = ARENA_ARRAY(c->arena, struct tpl_casefile_file_change, n + 1);
	for (size_t i = 0; i < n; i++)
		if ((list[i].field->flags & FIELD_MACHINE) == 0)
			rows[v->changes_n++] =
				(struct tpl_casefile_file_change){ .at = page_time(c, list[i].at),
								   .who = list[i].by,
								   .label = field_label(c, list[i].field->name),
								   .before = field_words(c, list[i].field, list[i].before),
								   .after = field_words(c, list[i].field, list[i].after) };
	v->changes = rows;
	v->shows_changes = true;
	return OK;
}
