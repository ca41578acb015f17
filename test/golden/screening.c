/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pages of screening, decisions and the team, with the answers of an invented story. */
#include "golden.h"

#define SELECT(name, label, list) \
	staff_field(a, l, name, label, (struct tpl_shared_field){ .is_select = true, .options = list, .options_n = COUNT(list) })

static void form(struct arena *a, struct buf *b, enum language l)
{
	const struct tpl_shared_field_option yes_no[] = { { SV("yes"), say(l, MSG_COMMON_YES), false },
							  { SV("no"), say(l, MSG_COMMON_NO), true } };
	const struct tpl_screening_form_step steps[] = {
		{ SV("0"), SV("1"), say(l, MSG_SCREENING_BEGIN), false },
		{ SV("1"), SV("2"), fr_ar(l, "Recrutement par tromperie", "الاستقطاب بالخداع"), true },
		{ SV("2"), SV("3"), say(l, MSG_SCREENING_END_STEP), false },
	};
	const struct tpl_screening_form_ask asks[] = {
		{ .n = SV("0"),
		  .text = fr_ar(l, "Tromperie sur la nature du travail", "الخداع بشأن طبيعة العمل"),
		  .y = true,
		  .report_ = true },
		{ .n = SV("1"), .text = fr_ar(l, "Tromperie sur le salaire", "الخداع بشأن الأجر"), .u = true },
	};
	const struct tpl_screening_form_dimension parts[] = { {
		.id = SV("part-1"),
		.step = SV("1"),
		.title = fr_ar(l, "Recrutement par tromperie", "الاستقطاب بالخداع"),
		.element = say(l, MSG_SCREENING_ELEMENT_MEANS),
		.done = fr_ar(l, "Répondu : 1 sur 2", "تمت الإجابة: 1 من 2"),
		.back_to = SV("0"),
		.next = SV("2"),
		.asks = asks,
		.asks_n = COUNT(asks),
	} };
	const struct tpl_screening_form_item items[] = { { SV("0"), fr_ar(l, "Tromperie", "الخداع"), false, true } };
	const struct tpl_screening_form v = {
		.head = staff_head(a, l, say(l, MSG_SCREENING_TITLE)),
		.foot = staff_foot(a),
		.back = SV("/staff/file/018f"),
		.back_text = SV("Warda"),
		.action = SV("/staff/file/018f/screening"),
		.csrf = SV("c5"),
		.once = SV("0e"),
		.version = 2,
		.screening = SV("018f"),
		.grid = SV("ilo2009"),
		.grid_label = fr_ar(l, "Indicateurs opérationnels de la traite", "المؤشرات العملية للاتجار بالبشر"),
		.said = say(l, MSG_SCREENING_SEEN),
		.readers = SV("/staff/file/5a/readers#c6"),
		.minor_field = SELECT("minor", MSG_SCREENING_MINOR, yes_no),
		.basis_field = SELECT("age_basis", MSG_SCREENING_AGE_BASIS, yes_no),
		.act_field = SELECT("act", MSG_SCREENING_ACT, yes_no),
		.act_source_field = SELECT("act_source", MSG_SCREENING_ACT_SOURCE, yes_no),
		.remarks_field = staff_field(a, l, "remarks", MSG_SCREENING_REMARKS, (struct tpl_shared_field){ .is_long = true }),
		.steps = steps,
		.steps_n = COUNT(steps),
		.dimensions = parts,
		.dimensions_n = COUNT(parts),
		.second = fr_ar(l, "Onze indicateurs du travail forcé", "المؤشرات الأحد عشر للعمل القسري"),
		.second_step = SV("2"),
		.second_back = SV("1"),
		.items = items,
		.items_n = COUNT(items),
	};

	render_screening_form(b, l, &v);
}

static const struct tpl_screening_reading *reading(struct arena *a, enum language l)
{
	struct tpl_screening_reading *v = ARENA_NEW(a, struct tpl_screening_reading);
	struct tpl_screening_reading_yes *yes = ARENA_NEW(a, struct tpl_screening_reading_yes);
	struct tpl_screening_reading_ask *ask = ARENA_NEW(a, struct tpl_screening_reading_ask);
	struct tpl_screening_reading_dimension *parts = ARENA_NEW(a, struct tpl_screening_reading_dimension);
	struct tpl_screening_reading_element *elements = ARENA_NEW(a, struct tpl_screening_reading_element);

	*yes = (struct tpl_screening_reading_yes){ fr_ar(l, "Salaire faible ou inexistant", "أجر هزيل أو منعدم"),
						   fr_ar(l, "Entretien", "مقابلة") };
	*ask = (struct tpl_screening_reading_ask){ fr_ar(l, "Horaires excessifs", "ساعات عمل مفرطة") };
	*parts = (struct tpl_screening_reading_dimension){ .title = fr_ar(l, "Exploitation", "الاستغلال"),
							   .state = say(l, MSG_SCREENING_OPEN),
							   .yes = yes,
							   .yes_n = 1,
							   .ask = ask,
							   .ask_n = 1 };
	*elements = (struct tpl_screening_reading_element){ .title = say(l, MSG_SCREENING_ELEMENT_PURPOSE),
							    .state = say(l, MSG_SCREENING_OPEN),
							    .open = true,
							    .dimensions = parts,
							    .dimensions_n = 1 };
	*v = (struct tpl_screening_reading){ .grid = fr_ar(l, "Indicateurs opérationnels", "المؤشرات العملية"),
					     .by = SV("dar-tadamoun.case-manager"),
					     .at = SV("2024-02-10 09:30"),
					     .age = say(l, MSG_SCREENING_AGE_UNKNOWN),
					     .uncertain = true,
					     .act = say(l, MSG_SCREENING_ACT_YES),
					     .elements = elements,
					     .elements_n = 1 };
	return v;
}

static void end(struct arena *a, struct buf *b, enum language l)
{
	const struct tpl_screening_law law = { .child = false };
	const struct tpl_screening_end v = {
		.head = staff_head(a, l, say(l, MSG_SCREENING_END)),
		.foot = staff_foot(a),
		.reading = reading(a, l),
		.law = &law,
		.back = SV("/staff/file/018f"),
		.back_text = SV("Warda"),
		.proposal = say(l, MSG_SCREENING_PROPOSAL_OPEN),
		.decide = SV("/staff/file/018f/presumption"),
		.new_one = SV("/staff/file/018f/screening?again=1"),
	};

	render_screening_end(b, l, &v);
}

static void packet(struct arena *a, struct buf *b, enum language l)
{
	const struct tpl_shared_field_option verdicts[] = { { SV("agree"), fr_ar(l, "D’accord : je signe", "موافق(ة): أوقع"),
							      false },
							    { SV("back"), fr_ar(l, "À revoir", "يحتاج إلى مراجعة"), false } };
	const struct tpl_screening_law law = { .child = true };
	const struct tpl_screening_packet v = {
		.head = staff_head(a, l, say(l, MSG_SCREENING_PACKET_OWN)),
		.foot = staff_foot(a),
		.reading = reading(a, l),
		.law = &law,
		.back = SV("/staff/team"),
		.back_text = say(l, MSG_TEAM_TITLE),
		.title = say(l, MSG_SCREENING_PACKET),
		.state = say(l, MSG_SCREENING_STATE_PROVISIONAL),
		.clock = fr_ar(l, "Reste 20 h 10", "بقي 20 س 10"),
		.lent = true,
		.by = SV("marsa.supervisor"),
		.at = SV("2024-02-10 10:00"),
		.compare = fr_ar(l, "Comme la lecture de la grille", "مطابق لقراءة الشبكة"),
		.reason = fr_ar(l, "Papiers pris, jamais payée.", "أخذت وثائقها ولم تتقاض أجرا."),
		.sign = SV("/staff/decision/018f/sign"),
		.csrf = SV("c5"),
		.once = SV("0e"),
		.version = 1,
		.verdict_field = staff_field(
			a, l, "verdict", MSG_SCREENING_VERDICT,
			(struct tpl_shared_field){ .is_radio = true, .options = verdicts, .options_n = COUNT(verdicts) }),
		.why_field =
			staff_field(a, l, "reason", MSG_SCREENING_WHY,
				    (struct tpl_shared_field){ .is_long = true, .audience = say(l, MSG_SCREENING_SEEN_READER) }),
	};

	render_screening_packet(b, l, &v);
}

/* A basis sent to somebody of another house; its text changed since it was signed. */
static void signing(struct arena *a, struct buf *b, enum language l)
{
	const struct tpl_signing_packet_fact rows[] = {
		{ fr_ar(l, "Base", "الأساس"), fr_ar(l, "Intérêt vital (danger pour la vie)", "مصلحة حيوية (خطر على الحياة)") },
		{ fr_ar(l, "Motif", "السبب"), fr_ar(l, "Enfermée, blessée.", "محبوسة ومصابة.") }
	};
	const struct tpl_signing_packet v = {
		.head = staff_head(a, l, say(l, MSG_SIGNING_TITLE)),
		.foot = staff_foot(a),
		.back = SV("/staff/team"),
		.back_text = say(l, MSG_TEAM_TITLE),
		.title = fr_ar(l, "Base du dossier sans consentement", "أساس الملف دون موافقة"),
		.lead = say(l, MSG_SIGNING_BASIS_LEAD),
		.state = say(l, MSG_SCREENING_STATE_PROVISIONAL),
		.clock = fr_ar(l, "Reste 20 h 10", "بقي 20 س 10"),
		.lent = true,
		.rows = rows,
		.rows_n = COUNT(rows),
		.doubt = say(l, MSG_SIGNING_CHANGED),
		.csrf = SV("c5"),
		.once = SV("0e"),
		.version = 1,
		.nobody = true,
	};

	render_signing_packet(b, l, &v);
}

static void team(struct arena *a, struct buf *b, enum language l)
{
	const struct tpl_team_team_sign signs[] = {
		{ SV("/staff/decision/018f"), fr_ar(l, "Décision de présomption", "قرار الافتراض"), SV("Warda"),
		  SV("dar-tadamoun.case-manager"), fr_ar(l, "Reste 20 h 10", "بقي 20 س 10"), false }
	};
	const struct tpl_team_team_task overdue[] = {
		{ SV("/staff/file/018f"), SV("Nejma"), fr_ar(l, "Revue du risque", "مراجعة تقييم المخاطر"),
		  SV("dar-tadamoun.case-manager"), fr_ar(l, "En retard de 2 h 00", "متأخر 2 س 00") }
	};
	const struct tpl_team_team_load loads[] = { { SV("dar-tadamoun.case-manager"), 12, 7, 1 } };
	const struct tpl_team_team_given given[] = {
		{ SV("/staff/signing/018f"), SV("Nejma"), fr_ar(l, "Clôture du dossier", "إغلاق الملف"),
		  SV("dar-tadamoun.case-manager"), SV("dar-tadamoun.supervisor"), SV("2024-02-10 10:00") }
	};
	const struct tpl_team_team v = {
		.head = staff_head(a, l, say(l, MSG_TEAM_TITLE)),
		.foot = staff_foot(a),
		.leads = true,
		.signs = signs,
		.signs_n = COUNT(signs),
		.overdue = overdue,
		.overdue_n = COUNT(overdue),
		.loads = loads,
		.loads_n = COUNT(loads),
		.given = given,
		.given_n = COUNT(given),
	};

	render_team_team(b, l, &v);
}

const struct golden golden_screening[] = {
	{ "screening_form", form }, { "screening_end", end }, { "screening_packet", packet },
	{ "signing", signing },     { "team", team },
};
const size_t golden_screening_n = COUNT(golden_screening);
