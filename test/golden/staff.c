/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pages of the desk and the console, login and error. Everything in them is invented. */
#include "golden.h"

struct sv fr_ar(enum language l, const char *fr, const char *ar)
{
	return sv_of(l == LANG_AR ? ar : fr);
}

const struct tpl_shared_head *staff_head(struct arena *a, enum language l, struct sv title)
{
	struct tpl_shared_head *h = ARENA_NEW(a, struct tpl_shared_head);
	struct tpl_shared_head_entry *nav = ARENA_ARRAY(a, struct tpl_shared_head_entry, 4);

	nav[0] = (struct tpl_shared_head_entry){
		.href = SV("/staff/"), .label = MSG_NAV_QUEUE, .count = 12, .counted = true, .current = true
	};
	nav[1] = (struct tpl_shared_head_entry){ .href = SV("/staff/call"), .label = MSG_NAV_CALL };
	nav[2] = (struct tpl_shared_head_entry){ .href = SV("/staff/shift"), .label = MSG_NAV_SHIFT };
	nav[3] = (struct tpl_shared_head_entry){ .href = SV("/staff/drafts"), .label = MSG_NAV_DRAFTS };
	*h = (struct tpl_shared_head){ .lang = sv_of(languages[l].tag),
				       .dir = languages[l].rtl ? SV("rtl") : SV("ltr"),
				       .title = title,
				       .logged = true,
				       .base = SV("/staff"),
				       .csrf = SV("c5"),
				       .idle = 15,
				       .help = SV("/staff/help"),
				       .language = SV("/staff/language"),
				       .lock = SV("/staff/logout"),
				       .here = SV("/staff/"),
				       .fr = l == LANG_FR,
				       .ar = l == LANG_AR,
				       .organisation = fr_ar(l, "Dar Tadamoun", "دار التضامن"),
				       .nav = nav,
				       .nav_n = 4 };
	return h;
}

const struct tpl_shared_foot *staff_foot(struct arena *a)
{
	struct tpl_shared_foot *f = ARENA_NEW(a, struct tpl_shared_foot);

	f->demo = true;
	f->login = SV("dar-tadamoun.desk");
	return f;
}

const struct tpl_shared_field *staff_field(struct arena *a, enum language l, const char *name, enum message label,
					   struct tpl_shared_field f)
{
	struct tpl_shared_field *out = ARENA_NEW(a, struct tpl_shared_field);

	*out = f;
	out->id = out->name = sv_of(name);
	out->label = say(l, label);
	if (out->is_input && out->type.n == 0)
		out->type = SV("text");
	if (out->is_long && out->rows == 0)
		out->rows = 5;
	return out;
}
#define INPUT(name, label) staff_field(a, l, name, label, (struct tpl_shared_field){ .is_input = true })
#define SELECT(name, label, list) \
	staff_field(a, l, name, label, (struct tpl_shared_field){ .is_select = true, .options = list, .options_n = COUNT(list) })

static void queue(struct arena *a, struct buf *b, enum language l)
{
	const struct tpl_desk_queue_ring rings[] = {
		{ SV("/staff/reports/018f/take"), SV("/staff/reports/018f"), SV("immediate"),
		  fr_ar(l, "Danger immédiat", "خطر وشيك"), fr_ar(l, "Reste 42 min", "بقي 42 د"), false,
		  fr_ar(l, "Fès-Meknès", "فاس-مكناس"),
		  fr_ar(l, "Son fils de 9 ans est resté chez la mère de l’employeur", "ولدها بقى عند أم المشغل") },
	};
	const struct tpl_desk_queue_tab tabs[] = {
		{ SV("/staff/"), MSG_DESK_TAB_OPEN, 12, true, false },
		{ SV("/staff/?filter=mine"), MSG_DESK_TAB_MINE, 3, true, false },
		{ SV("/staff/?filter=waiting"), MSG_DESK_TAB_WAITING, 1, true, false },
		{ SV("/staff/?filter=closed"), MSG_DESK_TAB_CLOSED, 0, false, true },
	};
	const struct tpl_desk_queue_row rows[] = {
		{ SV("/staff/reports/1"), fr_ar(l, "En retard de 2 h 10", "متأخر 2 س 10 د"), true, SV("high"),
		  fr_ar(l, "Risque élevé", "خطر مرتفع"), fr_ar(l, "Numéro vert / téléphone", "الرقم الأخضر / الهاتف"),
		  fr_ar(l, "Français", "الفرنسية"), fr_ar(l, "Casablanca-Settat", "الدار البيضاء-سطات"),
		  SV("Bonjour, chez mes voisins du 3e il y a une jeune femme qui ne"), fr_ar(l, "En tri", "قيد الفرز"), SV_NONE },
		{ SV("/staff/reports/2"), fr_ar(l, "Reste 5 h 20", "بقي 5 س 20 د"), false, SV("unknown"),
		  fr_ar(l, "À évaluer", "في انتظار التقييم"), fr_ar(l, "Formulaire en ligne", "استمارة إلكترونية"),
		  fr_ar(l, "Darija (arabe marocain)", "الدارجة المغربية"), fr_ar(l, "Souss-Massa", "سوس-ماسة"),
		  SV("كاين واحد الدرّي صغير فالباطو، كيقول عندو تمنطاش لعام"), fr_ar(l, "Reçu", "وارد"), SV_NONE },
		{ SV("/staff/reports/3"), fr_ar(l, "Reste 21 h", "بقي 21 س"), false, SV("medium"),
		  fr_ar(l, "Risque moyen", "خطر متوسط"), fr_ar(l, "Courriel", "البريد الإلكتروني"),
		  fr_ar(l, "Anglais", "الإنجليزية"), fr_ar(l, "Marrakech-Safi", "مراكش-آسفي"),
		  SV("Please help, I work for family in Agadir, they brought me"), fr_ar(l, "Attribué", "مسند"),
		  SV("dar-tadamoun.samira") },
	};
	const struct tpl_desk_queue v = {
		.head = staff_head(a, l, say(l, MSG_DESK_QUEUE_TITLE)),
		.foot = staff_foot(a),
		.csrf = SV("c5"),
		.once = SV("0c"),
		.rings = rings,
		.rings_n = COUNT(rings),
		.tabs = tabs,
		.tabs_n = COUNT(tabs),
		.rows = rows,
		.rows_n = COUNT(rows),
		.first = 1,
		.last = 3,
		.older = SV("/staff/?page=1"),
		.write = SV("/staff/call"),
	};

	render_desk_queue(b, l, &v);
}

static const struct tpl_shared_field *risk_field(struct arena *a, enum language l)
{
	struct tpl_shared_field_option *o = ARENA_ARRAY(a, struct tpl_shared_field_option, 5);

	o[0] = (struct tpl_shared_field_option){ SV("immediate"), fr_ar(l, "Danger immédiat", "خطر وشيك"), false };
	o[1] = (struct tpl_shared_field_option){ SV("high"), fr_ar(l, "Risque élevé", "خطر مرتفع"), true };
	o[2] = (struct tpl_shared_field_option){ SV("medium"), fr_ar(l, "Risque moyen", "خطر متوسط"), false };
	o[3] = (struct tpl_shared_field_option){ SV("low"), fr_ar(l, "Risque faible", "خطر منخفض"), false };
	o[4] = (struct tpl_shared_field_option){ SV("unknown"), fr_ar(l, "À évaluer", "في انتظار التقييم"), false };
	return staff_field(a, l, "risk", MSG_FIELD_RISK,
			   (struct tpl_shared_field){ .is_radio = true, .options = o, .options_n = 5 });
}

static void report(struct arena *a, struct buf *b, enum language l)
{
	const struct tpl_desk_report_fact facts[] = {
		{ say(l, MSG_FIELD_CHANNEL), fr_ar(l, "Numéro vert / téléphone", "الرقم الأخضر / الهاتف") },
		{ say(l, MSG_FIELD_REGION), fr_ar(l, "Casablanca-Settat", "الدار البيضاء-سطات") },
		{ say(l, MSG_FIELD_REPORTER_TYPE), fr_ar(l, "Voisin ou voisine", "جار أو جارة") },
		{ say(l, MSG_FIELD_FORMS), fr_ar(l, "Servitude domestique", "الاستعباد المنزلي") },
	};
	const struct tpl_desk_report_item said[] = {
		{ say(l, MSG_DESK_REPORT_REPORTER), say(l, MSG_AUDIENCE_DESK), SV("/staff/reports/5a/readers#c14"),
		  SV("2024-02-06 21:40"),
		  SV("Bonjour, chez mes voisins du 3e il y a une jeune femme qui ne sort jamais. Elle nettoie les vitres à minuit. Elle m’a fait signe "
		     "par la fenêtre, la patronne a tiré le rideau. J’ai entendu crier."),
		  false, false, SV_NONE },
		{ SV("dar-tadamoun.desk"), say(l, MSG_AUDIENCE_DESK), SV("/staff/reports/5a/readers#c14"), SV("2024-02-06 22:05"),
		  SV("Même immeuble qu’un appel de janvier."), false, true, SV_NONE },
		{ SV("dar-tadamoun.desk"), say(l, MSG_AUDIENCE_REPORTER), SV("/staff/reports/5a/readers#c15"),
		  SV("2024-02-06 22:30"), fr_ar(l, "Merci. Entendez-vous encore crier ?", "شكرا. هل ما زال الصراخ؟"), true, false,
		  fr_ar(l, "Nous avons une question pour vous.", "لدينا سؤال لك.") },
	};
	static const struct tpl_shared_field_option states[] = { { { "asked", 5 }, { "…", 3 }, true } };
	const struct tpl_desk_report v = {
		.head = staff_head(a, l, say(l, MSG_DESK_QUEUE_TITLE)),
		.foot = staff_foot(a),
		.back = SV("/staff/"),
		.csrf = SV("c5"),
		.once = SV("0c"),
		.version = 4,
		.mark = SV("7KQ2-M4XD"),
		.draft = SV("/staff/reports/1/note"),
		.state = fr_ar(l, "En tri", "قيد الفرز"),
		.risk = SV("high"),
		.risk_label = fr_ar(l, "Risque élevé", "خطر مرتفع"),
		.clock = fr_ar(l, "Reste 21 h 50", "بقي 21 س 50 د"),
		.contact_no = true,
		.contact_rule = say(l, MSG_DESK_SAFE_REFUSED),
		.facts = facts,
		.facts_n = COUNT(facts),
		.said = said,
		.said_n = COUNT(said),
		.triage = SV("/staff/reports/1/triage"),
		.triage_field = risk_field(a, l),
		.decides = true,
		.assign = SV("/staff/reports/1/assign"),
		.redirect = SV("/staff/reports/1/redirect"),
		.wait = SV("/staff/reports/1/wait"),
		.close = SV("/staff/reports/1/close"),
		.answer = SV("/staff/reports/1/answer"),
		.answer_field = staff_field(a, l, "answer", MSG_DESK_ANSWER_TEXT,
					    (struct tpl_shared_field){ .is_long = true,
								       .hint = say(l, MSG_DESK_ANSWER_HINT),
								       .audience = say(l, MSG_AUDIENCE_REPORTER) }),
		.state_field = SELECT("shown_state", MSG_DESK_ANSWER_STATE, states),
		.note = SV("/staff/reports/1/note"),
		.note_field = staff_field(a, l, "text", MSG_DESK_NOTE_TEXT,
					  (struct tpl_shared_field){ .is_long = true, .audience = say(l, MSG_AUDIENCE_DESK) }),
	};

	render_desk_report(b, l, &v);
}

static void assign(struct arena *a, struct buf *b, enum language l)
{
	const struct tpl_desk_assign_row rows[] = {
		{ SV("01"), SV("dar-tadamoun.samira"), say(l, MSG_ROLE_CASE_MANAGER), 2, 9, false, true },
		{ SV("02"), SV("dar-tadamoun.youssef"), say(l, MSG_ROLE_CASE_MANAGER), 9, 9, false, false },
	};
	const struct tpl_desk_assign v = { .head = staff_head(a, l, say(l, MSG_DESK_ASSIGN_TITLE)),
					   .foot = staff_foot(a),
					   .back = SV("/staff/reports/1"),
					   .action = SV("/staff/reports/1/assign"),
					   .csrf = SV("c5"),
					   .once = SV("0c"),
					   .version = 4,
					   .mark = SV("7KQ2-M4XD"),
					   .place = fr_ar(l, "Casablanca-Settat", "الدار البيضاء-سطات"),
					   .rows = rows,
					   .rows_n = COUNT(rows) };

	render_desk_assign(b, l, &v);
}

static void stale(struct arena *a, struct buf *b, enum language l)
{
	const struct tpl_desk_stale_row rows[] = {
		{ say(l, MSG_FIELD_RISK), fr_ar(l, "Danger immédiat", "خطر وشيك"), fr_ar(l, "Risque moyen", "خطر متوسط"), true },
		{ say(l, MSG_FIELD_REGION), fr_ar(l, "L’Oriental", "الشرق"), fr_ar(l, "L’Oriental", "الشرق"), false },
	};
	const struct tpl_desk_stale v = { .head = staff_head(a, l, say(l, MSG_DESK_STALE_TITLE)),
					  .foot = staff_foot(a),
					  .back = SV("/staff/reports/1"),
					  .action = SV("/staff/reports/1/triage"),
					  .csrf = SV("c5"),
					  .once = SV("0c"),
					  .version = 5,
					  .who = SV("dar-tadamoun.samira"),
					  .at = SV("14:32"),
					  .rows = rows,
					  .rows_n = COUNT(rows),
					  .can_again = true };

	render_desk_stale(b, l, &v);
}

static void console(struct arena *a, struct buf *b, enum language l)
{
	const struct tpl_shared_field_option kinds[] = {
		{ SV("potential_case"), fr_ar(l, "Situation possible d’exploitation", "حالة استغلال محتملة"), true },
		{ SV("information"), fr_ar(l, "Demande d’information", "طلب معلومات"), false },
		{ SV("counselling"), fr_ar(l, "Écoute et conseil", "استماع ومشورة"), false },
	};
	const struct tpl_shared_field_option some[] = { { SV("hotline"),
							  fr_ar(l, "Numéro vert / téléphone", "الرقم الأخضر / الهاتف"), true } };
	const struct tpl_shared_field_option yes_no[] = {
		{ SV("yes"), say(l, MSG_COMMON_YES), false },
		{ SV("no"), say(l, MSG_COMMON_NO), false },
		{ SV("unknown"), say(l, MSG_COMMON_UNKNOWN), true },
	};
	const struct tpl_shared_field_option ways[] = {
		{ SV("none"), fr_ar(l, "Ne pas contacter", "عدم الاتصال"), false },
		{ SV("phone"), fr_ar(l, "Par téléphone", "عبر الهاتف"), true },
	};
	const struct tpl_shared_numbers_row rows[] = { { SV("19"), fr_ar(l, "Police (en ville)", "الشرطة (في المدينة)") } };
	const struct tpl_shared_numbers numbers = { rows, 1 };
	const struct tpl_call_console v = {
		.head = staff_head(a, l, say(l, MSG_CALL_TITLE)),
		.foot = staff_foot(a),
		.action = SV("/staff/call"),
		.shift = SV("/staff/shift"),
		.csrf = SV("c5"),
		.once = SV("0c"),
		.channel = SELECT("channel", MSG_FIELD_CHANNEL, some),
		.received = INPUT("received_at", MSG_FIELD_RECEIVED_AT),
		.language = SELECT("language", MSG_FIELD_LANGUAGE, some),
		.risk = risk_field(a, l),
		.relation = SELECT("reporter_type", MSG_FIELD_REPORTER_TYPE, some),
		.child = SELECT("child", MSG_FIELD_CHILD, yes_no),
		.people = INPUT("people_estimate", MSG_FIELD_PEOPLE_ESTIMATE),
		.region = SELECT("region", MSG_FIELD_REGION, some),
		.kind = SELECT("kind", MSG_CALL_KIND, kinds),
		.words =
			staff_field(a, l, "text", MSG_CALL_STATEMENT,
				    (struct tpl_shared_field){ .is_long = true, .rows = 6, .audience = say(l, MSG_AUDIENCE_DESK) }),
		.forms = staff_field(a, l, "forms", MSG_FIELD_FORMS,
				     (struct tpl_shared_field){ .is_check = true, .options = some, .options_n = 1 }),
		.way = SELECT("contact_way", MSG_FIELD_CONTACT_WAY, ways),
		.phone = INPUT("contact_phone", MSG_FIELD_CONTACT_PHONE),
		.details = INPUT("contact_details", MSG_FIELD_CONTACT_DETAILS),
		.hours = INPUT("contact_hours", MSG_FIELD_CONTACT_HOURS),
		.word = INPUT("contact_word", MSG_FIELD_CONTACT_WORD),
		.message = SELECT("contact_message_ok", MSG_FIELD_CONTACT_MESSAGE_OK, yes_no),
		.numbers = &numbers,
	};

	render_call_console(b, l, &v);
}

static void figures(struct arena *a, struct buf *b, enum language l)
{
	const struct sv hidden = say(l, MSG_FIGURES_HIDDEN);
	const struct tpl_figures_figures_row rows[] = {
		{ MSG_FIGURES_REPORTS, SV("131"), SV("12"), SV("41"), SV("78") },
		{ MSG_FIGURES_NOT_FALSE, hidden, hidden, SV("36"), SV("70") },
		{ MSG_FIGURES_PRESUMPTIONS, hidden, SV("0"), hidden, SV("9") },
	};
	const struct tpl_figures_figures v = { .head = staff_head(a, l, say(l, MSG_FIGURES_TITLE)),
					       .foot = staff_foot(a),
					       .rows = rows,
					       .rows_n = COUNT(rows),
					       .first = SV("2026-11"),
					       .second = SV("2026-10"),
					       .third = SV("2026-09"),
					       .smallest = 5,
					       .older = SV("/staff/figures?page=1") };

	render_figures_figures(b, l, &v);
}

static void figures_asked(struct arena *a, struct buf *b, enum language l)
{
	const struct tpl_figures_figures v = { .head = staff_head(a, l, say(l, MSG_FIGURES_TITLE)),
					       .foot = staff_foot(a),
					       .many = 5000,
					       .ask = SV("/staff/figures?count=1") };

	render_figures_figures(b, l, &v);
}

static void login(struct arena *a, struct buf *b, enum language l)
{
	struct tpl_shared_head *h = ARENA_NEW(a, struct tpl_shared_head);
	const struct tpl_account_login v = { .head = h, .foot = staff_foot(a), .action = SV("/staff/login"), .locked = true };

	*h = (struct tpl_shared_head){ .lang = sv_of(languages[l].tag),
				       .dir = languages[l].rtl ? SV("rtl") : SV("ltr"),
				       .title = say(l, MSG_ACCOUNT_LOGIN_TITLE),
				       .base = SV("/staff"),
				       .language = SV("/staff/language"),
				       .here = SV("/login"),
				       .fr = l == LANG_FR,
				       .ar = l == LANG_AR };
	render_account_login(b, l, &v);
}

const struct golden golden_staff[] = {
	{ "desk_queue", queue },     { "desk_report", report },  { "desk_assign", assign }, { "desk_stale", stale },
	{ "call_console", console }, { "account_login", login }, { "figures", figures },    { "figures_asked", figures_asked },
};
const size_t golden_staff_n = COUNT(golden_staff);
