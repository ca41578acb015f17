/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The public pages: start, each kind of step, danger, code, mailbox. Everything in them is invented. */
#include "golden.h"

#define TICKET SV("dGlja2V0LWZvci10aGUtcGFnZXM")

static const char *const self_of[LANGUAGE_COUNT] = { "/fr", "/ar", "/en" };

static const struct tpl_shared_public_head *head(struct arena *a, enum language l, bool start, bool wrong)
{
	struct tpl_shared_public_head *h = ARENA_NEW(a, struct tpl_shared_public_head);

	h->lang = sv_of(languages[l].tag);
	h->dir = languages[l].rtl ? SV("rtl") : SV("ltr");
	h->start = start;
	h->wrong = wrong;
	h->fr = l == LANG_FR;
	h->ar = l == LANG_AR;
	h->en = l == LANG_EN;
	return h;
}

static const struct tpl_shared_public_foot *foot(struct arena *a, bool in_form)
{
	struct tpl_shared_public_foot *f = ARENA_NEW(a, struct tpl_shared_public_foot);

	f->exit_to = SV("/w");
	f->in_form = in_form;
	f->demo = true;
	return f;
}

static void start(struct arena *a, struct buf *b, enum language l)
{
	const struct tpl_shared_numbers_row rows[] = {
		{ SV("19"), fr_ar(l, "Police (en ville)", "الشرطة (في المدينة)") },
		{ SV("177"), fr_ar(l, "Gendarmerie (à la campagne)", "الدرك الملكي (في البادية)") },
	};
	const struct tpl_shared_numbers numbers = { rows, COUNT(rows) };
	const struct tpl_public_start v = {
		.head = head(a, l, true, false), .foot = foot(a, false), .self = sv_of(self_of[l]), .numbers = &numbers
	};

	render_public_start(b, l, &v);
}

static struct tpl_public_step step(struct arena *a, enum language l, const char *name, int64_t at)
{
	static const struct tpl_public_step_pair hidden[] = {
		{ { "ticket", 6 }, { "dGlja2V0", 8 } },
		{ { "who", 3 }, { "other", 5 } },
		{ { "region", 6 }, { "MA-06", 5 } },
	};

	return (struct tpl_public_step){ .head = head(a, l, false, false),
					 .foot = foot(a, true),
					 .self = sv_of(self_of[l]),
					 .hidden = hidden,
					 .hidden_n = COUNT(hidden),
					 .step = sv_of(name),
					 .at = at,
					 .of = 7,
					 .other = true,
					 .tell_max = 4000 };
}

static void where(struct arena *a, struct buf *b, enum language l)
{
	const struct tpl_public_step_region regions[] = {
		{ SV("MA-01"), fr_ar(l, "Tanger-Tétouan-Al Hoceïma", "طنجة-تطوان-الحسيمة"), fr_ar(l, "Tanger", "طنجة") },
		{ SV("MA-02"), fr_ar(l, "L’Oriental", "الشرق"), fr_ar(l, "Oujda", "وجدة") },
		{ SV("MA-06"), fr_ar(l, "Casablanca-Settat", "الدار البيضاء-سطات"), fr_ar(l, "Casablanca", "الدار البيضاء") },
		{ SV("MA-08"), fr_ar(l, "Drâa-Tafilalet", "درعة-تافيلالت"), fr_ar(l, "Errachidia", "الرشيدية") },
		{ SV("MA-09"), fr_ar(l, "Souss-Massa", "سوس-ماسة"), fr_ar(l, "Agadir", "أكادير") },
	};
	struct tpl_public_step v = step(a, l, "where", 1);

	v.is_where = v.first = true;
	v.regions = regions;
	v.regions_n = COUNT(regions);
	render_public_step(b, l, &v);
}

static void what(struct arena *a, struct buf *b, enum language l)
{
	const struct tpl_public_step_tile tiles[] = {
		{ SV("domestic_servitude"), SV("#i-house"), MSG_PUBLIC_TILE_HOUSE, true },
		{ SV("forced_labour"), SV("#i-work"), MSG_PUBLIC_TILE_WORK, false },
		{ SV("debt_bondage"), SV("#i-debt"), MSG_PUBLIC_TILE_DEBT, false },
		{ SV("child_labour_exploitation"), SV("#i-child"), MSG_PUBLIC_TILE_CHILD, false },
		{ SV("forced_begging"), SV("#i-hand"), MSG_PUBLIC_TILE_BEGGING, false },
		{ SV("sexual_other"), SV("#i-body"), MSG_PUBLIC_TILE_SEXUAL, false },
		{ SV("forced_criminality"), SV("#i-rule"), MSG_PUBLIC_TILE_FORBIDDEN, false },
		{ SV("forced_marriage"), SV("#i-rings"), MSG_PUBLIC_TILE_MARRIAGE, false },
		{ SV("other"), SV("#i-other"), MSG_PUBLIC_TILE_OTHER, false },
	};
	struct tpl_public_step v = step(a, l, "what", 2);

	v.is_what = true;
	v.tiles = tiles;
	v.tiles_n = COUNT(tiles);
	render_public_step(b, l, &v);
}

static void danger_now(struct arena *a, struct buf *b, enum language l)
{
	struct tpl_public_step v = step(a, l, "danger", 3);

	v.is_danger = true;
	render_public_step(b, l, &v);
}

static void tell(struct arena *a, struct buf *b, enum language l)
{
	const struct tpl_shared_errors_row row = { SV("#tell"), say(l, MSG_PUBLIC_TELL_NEEDED) };
	const struct tpl_shared_errors errors = { &row, 1 };
	struct tpl_public_step v = step(a, l, "tell", 4);

	v.head = head(a, l, false, true);
	v.is_tell = true;
	v.errors = &errors;
	v.tell_error = row.text;
	render_public_step(b, l, &v);
}

static void contact(struct arena *a, struct buf *b, enum language l)
{
	struct tpl_public_step v = step(a, l, "contact", 5);

	v.is_contact = true;
	render_public_step(b, l, &v);
}

static void how(struct arena *a, struct buf *b, enum language l)
{
	const struct tpl_public_step_channel channels[] = {
		{ SV("phone"), fr_ar(l, "Par téléphone", "عبر الهاتف"), true },
		{ SV("messaging"), fr_ar(l, "Par message (SMS, WhatsApp)", "عبر رسالة نصية أو واتساب"), false },
		{ SV("through_person"), fr_ar(l, "Par une personne de confiance", "عن طريق شخص موثوق"), false },
	};
	struct tpl_public_step v = step(a, l, "how", 5);

	v.is_how = true;
	v.channels = channels;
	v.channels_n = COUNT(channels);
	v.address = SV("+212 500 000 012");
	render_public_step(b, l, &v);
}

static void check(struct arena *a, struct buf *b, enum language l)
{
	const struct tpl_public_step_answer answers[] = {
		{ MSG_PUBLIC_ANSWER_WHO, say(l, MSG_PUBLIC_ANSWER_OTHER), SV_NONE },
		{ MSG_PUBLIC_ANSWER_WHERE, fr_ar(l, "Casablanca-Settat", "الدار البيضاء-سطات"), SV("where") },
		{ MSG_PUBLIC_ANSWER_TELL,
		  fr_ar(l, "Elle nettoie les vitres à minuit. Elle m’a fait signe.",
			"كتمسح الزاج فنص الليل، وشيرات ليا من السرجم."),
		  SV("tell") },
	};
	struct tpl_public_step v = step(a, l, "check", 7);

	v.is_check = true;
	v.answers = answers;
	v.answers_n = COUNT(answers);
	render_public_step(b, l, &v);
}

static void danger(struct arena *a, struct buf *b, enum language l)
{
	const struct tpl_shared_numbers_row rows[] = {
		{ SV("19"), fr_ar(l, "Police (en ville)", "الشرطة (في المدينة)") },
		{ SV("177"), fr_ar(l, "Gendarmerie (à la campagne)", "الدرك الملكي (في البادية)") },
		{ SV("15"), fr_ar(l, "Protection civile et ambulance", "الوقاية المدنية والإسعاف") },
	};
	const struct tpl_shared_numbers numbers = { rows, COUNT(rows) };
	const struct tpl_public_danger v = {
		.head = head(a, l, false, false), .foot = foot(a, true), .self = sv_of(self_of[l]), .numbers = &numbers
	};

	render_public_danger(b, l, &v);
}

static void code(struct arena *a, struct buf *b, enum language l)
{
	const struct tpl_public_code_group groups[] = {
		{ SV("4821") }, { SV("0937") }, { SV("5516") }, { SV("2084") }, { SV("7395") }
	};
	const struct tpl_public_code v = { .head = head(a, l, false, false),
					   .foot = foot(a, false),
					   .self = sv_of(self_of[l]),
					   .groups = groups,
					   .groups_n = COUNT(groups),
					   .code = SV("48210937551620847395"),
					   .ticket = TICKET,
					   .file_limit = 10 };

	render_public_code(b, l, &v);
}

static void entry(struct arena *a, struct buf *b, enum language l)
{
	const struct tpl_shared_errors_row row = { SV("#code"), say(l, MSG_PUBLIC_ENTRY_WRONG) };
	const struct tpl_shared_errors errors = { &row, 1 };
	const struct tpl_public_mailbox_entry v = { .head = head(a, l, false, true),
						    .foot = foot(a, true),
						    .errors = &errors,
						    .self = sv_of(self_of[l]),
						    .ticket = TICKET,
						    .code_error = row.text };

	render_public_mailbox_entry(b, l, &v);
}

static void mailbox(struct arena *a, struct buf *b, enum language l)
{
	const struct tpl_public_mailbox v = {
		.head = head(a, l, false, false),
		.foot = foot(a, true),
		.self = sv_of(self_of[l]),
		.csrf = SV("c5"),
		.once = SV("0c"),
		.state = fr_ar(l, "Nous avons une question pour vous.", "لدينا سؤال لك."),
		.answer = fr_ar(l, "Merci. À quelle heure la porte est-elle ouverte ?", "شكرا. في أي ساعة يكون الباب مفتوحا؟"),
		.reply_max = 4000,
		.file_limit = 10,
	};

	render_public_mailbox(b, l, &v);
}

static void mailbox_full(struct arena *a, struct buf *b, enum language l)
{
	const struct tpl_public_mailbox v = {
		.head = head(a, l, false, false),
		.foot = foot(a, true),
		.self = sv_of(self_of[l]),
		.csrf = SV("c5"),
		.once = SV("0c"),
		.state = fr_ar(l, "Nous avons une question pour vous.", "لدينا سؤال لك."),
		.full = true,
		.reply = SV("One word more, <b>"),
	};

	render_public_mailbox(b, l, &v);
}

static void wait_page(struct arena *a, struct buf *b, enum language l)
{
	const struct tpl_public_wait v = {
		.head = head(a, l, false, false), .foot = foot(a, true), .self = sv_of(self_of[l]), .seconds = 12
	};

	render_public_wait(b, l, &v);
}

const struct golden golden_public[] = {
	{ "public_start", start },       { "public_where", where },
	{ "public_what", what },         { "public_danger_now", danger_now },
	{ "public_tell", tell },         { "public_contact", contact },
	{ "public_how", how },           { "public_check", check },
	{ "public_danger", danger },     { "public_code", code },
	{ "public_entry", entry },       { "public_mailbox", mailbox },
	{ "public_full", mailbox_full }, { "public_wait", wait_page },
};
const size_t golden_public_n = COUNT(golden_public);
