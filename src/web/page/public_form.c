/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Draws the pages of the public form. All answers but those of the page itself ride along as hidden fields; the ticket too, so that its
 * age is that of the first question. */
#include "web/page/public.h"

#include <string.h>

#include "domain/access/access.h"
#include "registry/registry.h"
#include "web/server.h"

#define PAIRS_MAX 64

struct sv public_self(const struct ctx *c)
{
	return arena_format(c->arena, "/%s", languages[c->language].tag);
}

struct tpl_shared_public_head *public_head(const struct ctx *c, bool start, bool wrong)
{
	struct tpl_shared_public_head *h = ARENA_NEW(c->arena, struct tpl_shared_public_head);

	*h = (struct tpl_shared_public_head){
		.lang = sv_of(languages[c->language].tag),
		.dir = languages[c->language].rtl ? SV("rtl") : SV("ltr"),
		.wrong = wrong,
		.start = start,
		.fr = c->language == LANG_FR,
		.ar = c->language == LANG_AR,
		.en = c->language == LANG_EN,
	};
	return h;
}

const struct tpl_shared_public_foot *public_foot(const struct ctx *c, const struct request *r, bool in_form)
{
	struct tpl_shared_public_foot *f = ARENA_NEW(c->arena, struct tpl_shared_public_foot);

	f->exit_to = sv_of(r->web->exit_to);
	f->in_form = in_form;
	f->demo = r->web->demo;
	return f;
}

const struct tpl_shared_numbers *public_numbers(const struct ctx *c)
{
	const struct code_list *list = codes_of("emergency_numbers");
	struct tpl_shared_numbers *n = ARENA_NEW(c->arena, struct tpl_shared_numbers);
	struct tpl_shared_numbers_row *rows;

	if (list == NULL || list->n == 0)
		return NULL;
	rows = ARENA_ARRAY(c->arena, struct tpl_shared_numbers_row, list->n);
	for (size_t i = 0; i < list->n; i++) {
		rows[i].number = sv_of(code_extra(list, &list->codes[i], "number"));
		rows[i].label = sv_of(list->codes[i].label[c->language]);
	}
	n->rows = rows;
	n->rows_n = list->n;
	return n;
}

/* --- hidden answers ----------------------------------------------------------------------------------------------------------------- */

struct carried {
	struct tpl_public_step_pair *list;
	size_t n;
};

static void carry(struct carried *k, const char *name, struct sv value)
{
	if (value.n > 0 && k->n < PAIRS_MAX)
		k->list[k->n++] = (struct tpl_public_step_pair){ sv_of(name), value };
}

static void carry_codes(struct carried *k, const char *name, struct sv codes)
{
	struct sv rest = codes, code;

	while (rest.n > 0 && sv_cut(&rest, '|', &code))
		carry(k, name, code);
}

/* The ticket that came while it is good, else a fresh one: the first question, or a form left open for long. */
static struct sv ticket_of(const struct ctx *c, const struct request *r)
{
	return r->proof.ticket ? typed(c, r, "ticket") : ticket_text(c, r);
}

static struct carried answers_of(const struct ctx *c, const struct request *r, const struct public_in *in, enum step at)
{
	struct carried k = { ARENA_ARRAY(c->arena, struct tpl_public_step_pair, PAIRS_MAX), 0 };

	carry(&k, "ticket", ticket_of(c, r));
	carry(&k, "then", in->then);
	carry(&k, "who", in->who);
	carry(&k, at == STEP_WHERE ? "region_was" : "region", in->region);
	if (at != STEP_WHAT)
		carry_codes(&k, "what", in->what);
	carry(&k, at == STEP_DANGER ? "danger_was" : "danger", in->danger);
	if (at != STEP_TELL)
		carry(&k, "tell", in->tell);
	carry(&k, at == STEP_CONTACT ? "contact_was" : "contact", in->contact);
	if (at != STEP_HOW) {
		carry(&k, "channel", in->channel);
		carry(&k, "address", in->address);
		carry(&k, "hours", in->hours);
		carry(&k, "word", in->word);
		carry(&k, "message_ok", in->message_ok ? SV("yes") : SV_NONE);
	}
	carry(&k, at == STEP_RELATION ? "relation_was" : "relation", in->relation);
	if (at != STEP_EXCLUDE)
		carry_codes(&k, "exclude", in->exclude);
	return k;
}

/* --- each step ------------------------------------------------------------------------------------------------------------------------ */

/* The seat of a region says more than its name where the name does not hold it. */
static struct sv seat_of(const struct ctx *c, const struct code_list *l, const struct code *region)
{
	const char *seat = code_extra(l, region, c->language == LANG_AR ? "seat_ar" : "seat_fr");

	return seat == NULL || strstr(region->label[c->language], seat) != NULL ? SV_NONE : sv_of(seat);
}

static void draw_where(const struct ctx *c, struct tpl_public_step *v)
{
	const struct code_list *l = codes_of("regions");
	size_t n = l == NULL ? 0 : l->n;
	struct tpl_public_step_region *rows = ARENA_ARRAY(c->arena, struct tpl_public_step_region, n + 1);

	for (size_t i = 0; i < n; i++)
		rows[i] = (struct tpl_public_step_region){ sv_of(l->codes[i].code), sv_of(l->codes[i].label[c->language]),
							   seat_of(c, l, &l->codes[i]) };
	v->is_where = true;
	v->regions = rows;
	v->regions_n = n;
}

/* The pictures: a form of exploitation in plain words. */
static const struct {
	const char *code, *icon;
	enum message label;
} tiles[] = {
	{ "domestic_servitude", "#i-house", MSG_PUBLIC_TILE_HOUSE },
	{ "forced_labour", "#i-work", MSG_PUBLIC_TILE_WORK },
	{ "debt_bondage", "#i-debt", MSG_PUBLIC_TILE_DEBT },
	{ "child_labour_exploitation", "#i-child", MSG_PUBLIC_TILE_CHILD },
	{ "forced_begging", "#i-hand", MSG_PUBLIC_TILE_BEGGING },
	{ "sexual_other", "#i-body", MSG_PUBLIC_TILE_SEXUAL },
	{ "forced_criminality", "#i-rule", MSG_PUBLIC_TILE_FORBIDDEN },
	{ "forced_marriage", "#i-rings", MSG_PUBLIC_TILE_MARRIAGE },
	{ "other", "#i-other", MSG_PUBLIC_TILE_OTHER },
};
#define TILES (sizeof(tiles) / sizeof(tiles[0]))

struct sv public_tiles(const struct ctx *c, struct sv what)
{
	struct buf b = buf_new(c->arena, 256, 4096);

	for (size_t i = 0; i < TILES; i++) {
		if (!codes_hold(what, sv_of(tiles[i].code)))
			continue;
		if (b.n > 0)
			buf_text(&b, "\n");
		buf_sv(&b, page_say(c, tiles[i].label));
	}
	return buf_view(&b);
}

static void draw_what(const struct ctx *c, const struct public_in *in, struct tpl_public_step *v)
{
	struct tpl_public_step_tile *rows = ARENA_ARRAY(c->arena, struct tpl_public_step_tile, TILES);

	for (size_t i = 0; i < TILES; i++)
		rows[i] = (struct tpl_public_step_tile){ sv_of(tiles[i].code), sv_of(tiles[i].icon), tiles[i].label,
							 codes_hold(in->what, sv_of(tiles[i].code)) };
	v->is_what = true;
	v->tiles = rows;
	v->tiles_n = TILES;
}

/* A wrong value is shown as it was typed. */
static struct sv shown(const struct ctx *c, const struct request *r, const char *field, struct sv value)
{
	return value.n == 0 && input_wrong(c, field) != NULL ? typed(c, r, field) : value;
}

static void draw_how(const struct ctx *c, const struct request *r, const struct public_in *in, struct tpl_public_step *v)
{
	static const char *const ways[] = { "phone", "messaging", "through_person" };
	struct tpl_public_step_channel *rows = ARENA_ARRAY(c->arena, struct tpl_public_step_channel, 3);

	for (size_t i = 0; i < 3; i++)
		rows[i] = (struct tpl_public_step_channel){ sv_of(ways[i]), page_label(c, "contact_ways", sv_of(ways[i])),
							    in->channel.n == 0 ? i == 0 : sv_is(in->channel, ways[i]) };
	v->is_how = true;
	v->channels = rows;
	v->channels_n = 3;
	v->address = shown(c, r, "address", in->address);
	v->address_error = page_wrong(c, "address");
	v->hours = shown(c, r, "hours", in->hours);
	v->hours_error = page_wrong(c, "hours");
	v->word = shown(c, r, "word", in->word);
	v->word_error = page_wrong(c, "word");
	v->message_ok = in->message_ok;
}

static void draw_relation(const struct ctx *c, struct tpl_public_step *v)
{
	const struct code_list *l = codes_of("reporter_types");
	size_t n = l == NULL ? 0 : l->n;
	struct tpl_public_step_relation *rows = ARENA_ARRAY(c->arena, struct tpl_public_step_relation, n + 1);

	for (size_t i = 0; i < n; i++)
		if (strcmp(l->codes[i].code, "self") != 0)
			rows[v->relations_n++] =
				(struct tpl_public_step_relation){ sv_of(l->codes[i].code), sv_of(l->codes[i].label[c->language]) };
	v->is_relation = true;
	v->relations = rows;
}

static enum status draw_exclude(struct ctx *c, const struct public_in *in, struct tpl_public_step *v)
{
	struct organisation *list;
	size_t n;
	struct tpl_public_step_exclude *rows;

	TRY(organisation_list(c, &list, &n));
	rows = ARENA_ARRAY(c->arena, struct tpl_public_step_exclude, n + 1);
	for (size_t i = 0; i < n; i++)
		if (list[i].desk) {
			struct sv id = page_id(c, list[i].id);
			rows[v->excludes_n++] = (struct tpl_public_step_exclude){ id, list[i].name, codes_hold(in->exclude, id) };
		}
	v->is_exclude = true;
	v->excludes = rows;
	return OK;
}

/* --- reading back ----------------------------------------------------------------------------------------------------------------------- */

static struct sv excluded_names(struct ctx *c, const struct public_in *in)
{
	struct buf b = buf_new(c->arena, 128, 4096);
	struct sv rest = in->exclude, one;

	while (rest.n > 0 && sv_cut(&rest, '|', &one)) {
		struct organisation o;
		struct id id;

		if (!id_parse(one, &id) || organisation_load(c, id, &o) != OK)
			continue;
		if (b.n > 0)
			buf_text(&b, " · ");
		buf_sv(&b, o.name);
	}
	return b.n > 0 ? buf_view(&b) : page_say(c, MSG_PUBLIC_ANSWER_NOBODY);
}

static struct sv contact_words(const struct ctx *c, const struct public_in *in)
{
	if (!sv_is(in->contact, "yes"))
		return page_say(c, MSG_PUBLIC_CONTACT_NO);
	return arena_format(c->arena, "%.*s\n%.*s\n%.*s", (int)page_label(c, "contact_ways", in->channel).n,
			    page_label(c, "contact_ways", in->channel).p, (int)in->address.n, in->address.p, (int)in->hours.n,
			    in->hours.p);
}

static struct sv danger_words(const struct ctx *c, const struct public_in *in)
{
	if (in->danger.n == 0)
		return page_say(c, MSG_PUBLIC_ANSWER_NONE);
	return page_say(c, sv_is(in->danger, "yes")  ? MSG_PUBLIC_DANGER_NOW_YES
			   : sv_is(in->danger, "no") ? MSG_PUBLIC_DANGER_NOW_NO
						     : MSG_COMMON_UNKNOWN);
}

static void answer(const struct ctx *c, struct tpl_public_step *v, struct tpl_public_step_answer *rows, enum message label,
		   struct sv value, const char *go)
{
	rows[v->answers_n++] =
		(struct tpl_public_step_answer){ label, value.n > 0 ? value : page_say(c, MSG_PUBLIC_ANSWER_NONE), sv_of(go) };
}

static void draw_check(struct ctx *c, const struct public_in *in, struct tpl_public_step *v)
{
	struct tpl_public_step_answer *rows = ARENA_ARRAY(c->arena, struct tpl_public_step_answer, 8);
	bool other = sv_is(in->who, "other");
	struct sv region = sv_is(in->region, "unknown") ? page_say(c, MSG_COMMON_UNKNOWN) : page_label(c, "regions", in->region);

	v->is_check = true;
	v->numbers = input_wrong(c, "form") != NULL ? public_numbers(c) : NULL;
	v->answers = rows;
	answer(c, v, rows, MSG_PUBLIC_ANSWER_WHO, page_say(c, other ? MSG_PUBLIC_ANSWER_OTHER : MSG_PUBLIC_ANSWER_SELF), NULL);
	answer(c, v, rows, MSG_PUBLIC_ANSWER_TELL, in->tell, "tell");
	answer(c, v, rows, MSG_PUBLIC_ANSWER_WHAT, public_tiles(c, in->what), "what");
	answer(c, v, rows, MSG_PUBLIC_ANSWER_WHERE, region, "where");
	answer(c, v, rows, MSG_PUBLIC_ANSWER_DANGER, danger_words(c, in), "danger");
	answer(c, v, rows, MSG_PUBLIC_ANSWER_CONTACT, contact_words(c, in), "contact");
	if (other)
		answer(c, v, rows, MSG_PUBLIC_ANSWER_RELATION, page_label(c, "reporter_types", in->relation), "relation");
	answer(c, v, rows, MSG_PUBLIC_ANSWER_EXCLUDE, excluded_names(c, in), "exclude");
}

/* --- pages ------------------------------------------------------------------------------------------------------------------------------- */

enum status public_start(struct ctx *c, const struct request *r, struct response *out)
{
	const struct tpl_public_start v = { .head = public_head(c, true, false),
					    .foot = public_foot(c, r, false),
					    .self = public_self(c),
					    .numbers = public_numbers(c) };

	render_public_start(&out->body, c->language, &v);
	return OK;
}

static enum status danger_page(struct ctx *c, const struct request *r, const struct carried *k, bool other, struct response *out)
{
	struct tpl_public_danger_pair *pairs = ARENA_ARRAY(c->arena, struct tpl_public_danger_pair, k->n + 1);
	const struct tpl_public_danger v = { .head = public_head(c, false, false),
					     .foot = public_foot(c, r, true),
					     .self = public_self(c),
					     .other = other,
					     .hidden = pairs,
					     .hidden_n = k->n,
					     .numbers = public_numbers(c) };

	for (size_t i = 0; i < k->n; i++)
		pairs[i] = (struct tpl_public_danger_pair){ k->list[i].name, k->list[i].value };
	render_public_danger(&out->body, c->language, &v);
	return OK;
}

/* The number a reader sees: the danger page and "how" are part of the question before them. */
static int64_t number_of(enum step at, bool other)
{
	static const int64_t of[STEP_COUNT] = { [STEP_WHERE] = 1,   [STEP_WHAT] = 2, [STEP_DANGER] = 3,   [STEP_TELL] = 4,
						[STEP_CONTACT] = 5, [STEP_HOW] = 5,  [STEP_RELATION] = 6, [STEP_EXCLUDE] = 7 };

	return at == STEP_EXCLUDE && !other ? 6 : of[at];
}

static enum status draw_step(struct ctx *c, const struct request *r, const struct public_in *in, enum step at,
			     struct tpl_public_step *v)
{
	switch (at) {
	case STEP_WHERE:
		draw_where(c, v);
		return OK;
	case STEP_WHAT:
		draw_what(c, in, v);
		return OK;
	case STEP_DANGER:
		v->is_danger = true;
		return OK;
	case STEP_TELL:
		v->is_tell = true;
		v->tell = shown(c, r, "tell", in->tell);
		v->tell_error = page_wrong(c, "tell");
		return OK;
	case STEP_CONTACT:
		v->is_contact = true;
		return OK;
	case STEP_HOW:
		draw_how(c, r, in, v);
		return OK;
	case STEP_RELATION:
		draw_relation(c, v);
		return OK;
	case STEP_EXCLUDE:
		return draw_exclude(c, in, v);
	case STEP_START:
	case STEP_NUMBER:
	case STEP_CHECK:
	case STEP_CODE:
	case STEP_FILE:
	case STEP_MAILBOX:
	case STEP_COUNT:
		break;
	}
	draw_check(c, in, v);
	return OK;
}

enum status public_step(struct ctx *c, const struct request *r, const struct public_in *in, enum step at, struct response *out)
{
	struct carried k = answers_of(c, r, in, at);
	bool other = sv_is(in->who, "other");
	struct tpl_public_step v = { .head = public_head(c, false, c->input_count > 0),
				     .foot = public_foot(c, r, true),
				     .errors = page_errors(c, NULL, 0),
				     .self = public_self(c),
				     .hidden = k.list,
				     .hidden_n = k.n,
				     .step = sv_of(step_names[at]),
				     .at = number_of(at, other),
				     .of = other ? 7 : 6,
				     .first = in->then.n == 0 && at == STEP_WHERE,
				     .other = other,
				     .tell_max = TELL_MAX };

	if (at == STEP_NUMBER)
		return danger_page(c, r, &k, other, out);
	TRY(draw_step(c, r, in, at, &v));
	render_public_step(&out->body, c->language, &v);
	return OK;
}

enum status public_wait(struct ctx *c, const struct request *r, const struct public_in *in, int64_t seconds, struct response *out)
{
	struct carried k = answers_of(c, r, in, STEP_CHECK);
	struct tpl_public_wait_pair *pairs = ARENA_ARRAY(c->arena, struct tpl_public_wait_pair, k.n + 1);
	const struct tpl_public_wait v = { .head = public_head(c, false, false),
					   .foot = public_foot(c, r, true),
					   .self = public_self(c),
					   .seconds = seconds,
					   .hidden = pairs,
					   .hidden_n = k.n };

	for (size_t i = 0; i < k.n; i++)
		pairs[i] = (struct tpl_public_wait_pair){ k.list[i].name, k.list[i].value };
	render_public_wait(&out->body, c->language, &v);
	return OK;
}
