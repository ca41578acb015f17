/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pages of a case manager: what is due, a file, the form that opens one. Everything in them is invented. */
#include "golden.h"

static void today(struct arena *a, struct buf *b, enum language l)
{
	const struct tpl_today_today_line now[] = {
		{ fr_ar(l, "En retard de 2 h 10", "تأخر 2 س 10"), true, SV("Warda"), SV("/staff/file/5a"),
		  fr_ar(l, "Revue du risque", "مراجعة تقييم المخاطر"), SV_NONE, SV_NONE, SV("/staff/file/5a/risk"),
		  fr_ar(l, "Revoir le risque", "راجع المخاطر") },
	};
	const struct tpl_today_today_line day[] = {
		{ SV_NONE, false, SV("b95e-fc27"), SV("/staff/reports/b9"), fr_ar(l, "Signalement à traiter", "تبليغ للمعالجة"),
		  SV("high"), fr_ar(l, "Risque élevé", "خطر مرتفع"), SV("/staff/reports/b9"), fr_ar(l, "Ouvrir", "افتح") },
	};
	const struct tpl_today_today_group groups[] = {
		{ SV("now"), MSG_TODAY_NOW, true, MSG_TODAY_NOW_NONE, now, COUNT(now) },
		{ SV("day"), MSG_TODAY_DAY, false, MSG_TODAY_DAY_NONE, day, COUNT(day) },
		{ SV("answers"), MSG_TODAY_ANSWERS, false, MSG_TODAY_ANSWERS_NONE, NULL, 0 },
	};
	const struct tpl_today_today v = { .head = staff_head(a, l, say(l, MSG_TODAY_TITLE)),
					   .foot = staff_foot(a),
					   .day = SV("2024-02-12"),
					   .groups = groups,
					   .groups_n = COUNT(groups),
					   .drafts = SV("/staff/drafts"),
					   .drafts_n = 2 };

	render_today_today(b, l, &v);
}

static const struct tpl_casefile_strip *strip(struct arena *a, enum language l)
{
	struct tpl_casefile_strip *s = ARENA_NEW(a, struct tpl_casefile_strip);
	struct tpl_casefile_strip_fact *facts = ARENA_ARRAY(a, struct tpl_casefile_strip_fact, 2);

	facts[0] = (struct tpl_casefile_strip_fact){ say(l, MSG_FIELD_AGE_BRACKET), fr_ar(l, "12 à 14 ans", "من 12 إلى 14 سنة") };
	facts[1] = (struct tpl_casefile_strip_fact){ say(l, MSG_CASE_LANGUAGE), fr_ar(l, "Amazighe", "الأمازيغية") };
	*s = (struct tpl_casefile_strip){ .name = SV("Nejma <b>"),
					  .code = SV("7K3Q-9ZTV"),
					  .state = fr_ar(l, "Évaluation initiale", "التقييم الأولي"),
					  .risk = SV("high"),
					  .risk_label = fr_ar(l, "Risque élevé", "خطر مرتفع"),
					  .review = SV("2024-02-19"),
					  .facts = facts,
					  .facts_n = 2,
					  .child = true,
					  .blocked = SV("Tafoukt"),
					  .alert = fr_ar(l, "Ne pas prévenir les parents.", "لا تخبر الوالدين."),
					  .no_call = true,
					  .call_rule = say(l, MSG_CASE_CALL_OTHER_WAY),
					  .way = fr_ar(l, "Par une personne de confiance", "عن طريق شخص موثوق"),
					  .details = fr_ar(l, "par l’institutrice", "عن طريق المعلمة"),
					  .never = fr_ar(l, "ne pas appeler le soir", "لا تتصل مساء") };
	return s;
}

static void file(struct arena *a, struct buf *b, enum language l)
{
	const struct tpl_casefile_file_stage path[] = {
		{ fr_ar(l, "Évaluation initiale", "التقييم الأولي"), SV("2024-02-09"), true, false },
		{ fr_ar(l, "Victime présumée", "ضحية مفترضة"), SV("2024-02-10 · case-manager"), false, true },
		{ fr_ar(l, "Accompagnement", "المواكبة"), SV_NONE, false, false },
	};
	const struct tpl_casefile_file_tab tabs[] = {
		{ SV("/staff/file/5a"), MSG_CASE_TAB_WORK, true },
		{ SV("/staff/file/5a?tab=person"), MSG_CASE_TAB_PERSON, false },
	};
	const struct tpl_casefile_file_task tasks[] = {
		{ fr_ar(l, "Revue du risque", "مراجعة تقييم المخاطر"), fr_ar(l, "Reste 7 j", "بقي 7 ي"), false,
		  SV("/staff/file/5a/risk"), fr_ar(l, "Revoir le risque", "راجع المخاطر") },
	};
	const struct tpl_casefile_file_box boxes[] = {
		{ staff_field(a, l, "note", MSG_FIELD_NOTE,
			      (struct tpl_shared_field){ .is_long = true, .audience = say(l, MSG_AUDIENCE_THREAD) }) },
	};
	const struct tpl_casefile_file_item timeline[] = {
		{ .who = SV("dar.case-manager"),
		  .at = SV("2024-02-10 11:00"),
		  .kind = fr_ar(l, "Visite ou rencontre", "زيارة أو لقاء"),
		  .told = true,
		  .body = fr_ar(l, "Vue à l’école.\n<script>", "التقيت بها في المدرسة.\n<script>") },
		{ .who = SV("dar.case-manager"), .at = SV("2024-02-09 10:00"), .step = fr_ar(l, "Dossier ouvert", "تم فتح الملف") },
	};
	const struct tpl_casefile_file_source sources[] = { { SV("/staff/reports/b9"), SV("b95e-fc27") } };
	const struct tpl_casefile_file_door doors[] = { { SV("/staff/file/5a/suspend"), MSG_CASE_SUSPEND_TITLE } };
	const struct tpl_casefile_file_post posts[] = { { SV("/staff/file/5a/lock"), MSG_CASE_LOCK_GO, MSG_CASE_LOCK_SURE } };
	const struct tpl_casefile_file v = { .head = staff_head(a, l, say(l, MSG_CASE_TITLE)),
					     .foot = staff_foot(a),
					     .strip = strip(a, l),
					     .csrf = SV("c5"),
					     .once = SV("0n"),
					     .version = 3,
					     .path = path,
					     .path_n = COUNT(path),
					     .tabs = tabs,
					     .tabs_n = COUNT(tabs),
					     .work = true,
					     .tasks = tasks,
					     .tasks_n = COUNT(tasks),
					     .decide = SV("/staff/file/5a/note"),
					     .note = SV("/staff/file/5a/note"),
					     .note_fields = boxes,
					     .note_fields_n = COUNT(boxes),
					     .told = 2,
					     .line_readers = SV("/staff/file/5a/readers#c21"),
					     .timeline = timeline,
					     .timeline_n = COUNT(timeline),
					     .sources = sources,
					     .sources_n = COUNT(sources),
					     .assignee = SV("dar.case-manager"),
					     .opened = SV("2024-02-09 10:00"),
					     .doors = doors,
					     .doors_n = COUNT(doors),
					     .posts = posts,
					     .posts_n = COUNT(posts) };

	render_casefile_file(b, l, &v);
}

static void open_file(struct arena *a, struct buf *b, enum language l)
{
	const struct tpl_casefile_form_cell basis[] = {
		{ false, staff_field(a, l, "basis_day", MSG_FIELD_BASIS_DAY,
				     (struct tpl_shared_field){ .is_input = true, .value = SV("2024-02-09"), .ltr = true }) },
	};
	const struct tpl_casefile_form_cell some[] = {
		{ true, staff_field(a, l, "child_view", MSG_FIELD_CHILD_VIEW, (struct tpl_shared_field){ .is_long = true }) },
	};
	const struct tpl_casefile_form_section sections[] = {
		{ say(l, MSG_CASE_OPEN_BASIS), say(l, MSG_AUDIENCE_CONSENT), SV("/staff/file/5a/readers#c10"), false, basis,
		  COUNT(basis) },
		{ say(l, MSG_CASE_BASIS_SOME), say(l, MSG_AUDIENCE_CONSENT), SV_NONE, true, some, COUNT(some) },
		{ say(l, MSG_CASE_CARD_PERSON), say(l, MSG_AUDIENCE_IDENT), SV_NONE, true, NULL, 0 },
	};
	const struct tpl_casefile_form v = { .head = staff_head(a, l, say(l, MSG_CASE_OPEN_TITLE)),
					     .foot = staff_foot(a),
					     .title = say(l, MSG_CASE_OPEN_TITLE),
					     .back = SV("/staff/files"),
					     .back_to = say(l, MSG_CASE_LIST_BACK),
					     .action = SV("/staff/files/new"),
					     .csrf = SV("c5"),
					     .once = SV("0n"),
					     .lead = say(l, MSG_CASE_OPEN_LEAD),
					     .save = say(l, MSG_CASE_OPEN_SAVE),
					     .sections = sections,
					     .sections_n = COUNT(sections) };

	render_casefile_form(b, l, &v);
}

static void readers(struct arena *a, struct buf *b, enum language l)
{
	const struct tpl_readers_readers_reason follows[] = { { say(l, MSG_READERS_WHY_ASSIGNED) },
							      { say(l, MSG_READERS_WHY_NAMED) } };
	const struct tpl_readers_readers_reason team[] = { { say(l, MSG_READERS_WHY_TEAM) } };
	const struct tpl_readers_readers_row rows[] = {
		{ SV("dar.case-manager <b>"), SV("Salma <i>"), true, fr_ar(l, "Dar Tadamoun", "دار التضامن"),
		  fr_ar(l, "Référent·e social·e", "المرافق(ة) الاجتماعي(ة)"), MSG_READERS_MAY_WRITE, follows, COUNT(follows) },
		{ SV("dar.supervisor"), SV_NONE, false, fr_ar(l, "Dar Tadamoun", "دار التضامن"),
		  fr_ar(l, "Responsable d’équipe", "مسؤول(ة) الفريق"), MSG_READERS_MAY_READ, team, COUNT(team) },
	};
	const struct tpl_readers_readers_part parts[] = {
		{ SV("c2"), MSG_READERS_CONTACT, rows, COUNT(rows) },
		{ SV("c1"), MSG_READERS_IDENT, NULL, 0 },
	};
	const struct tpl_readers_readers v = { .head = staff_head(a, l, say(l, MSG_READERS_TITLE)),
					       .foot = staff_foot(a),
					       .back = SV("/staff/file/5a"),
					       .back_to = say(l, MSG_CASE_LIST_BACK),
					       .mark = SV("Nejma <b>"),
					       .locked = true,
					       .cut = true,
					       .parts = parts,
					       .parts_n = COUNT(parts) };

	render_readers_readers(b, l, &v);
}

const struct golden golden_casefile[] = {
	{ "today", today }, { "casefile_file", file }, { "casefile_open", open_file }, { "readers", readers }
};
const size_t golden_casefile_n = COUNT(golden_casefile);
