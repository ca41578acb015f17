/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Members, one member as the officer sees him, a ticket, the second proof of somebody who joins. Everything in them is invented. */
#include "golden.h"

static struct sv roles(enum language l)
{
	return fr_ar(l, "Permanence d’orientation", "مكتب الاستقبال والتوجيه");
}

static void members(struct arena *a, struct buf *b, enum language l)
{
	const struct tpl_people_list_other others[] = {
		{ .href = SV("/staff/people"), .name = fr_ar(l, "Jisr Afrique", "جسر إفريقيا"), .current = true },
		{ .href = SV("/staff/people?of=a1"), .name = fr_ar(l, "Marsa", "مرسى") },
	};
	const struct tpl_people_list_wait waiting[] = {
		{ .href = SV("/staff/people/b2"),
		  .login = SV("jisr-afrique.new"),
		  .roles = roles(l),
		  .news = MSG_PEOPLE_STATE_WAITING },
	};
	const struct tpl_people_list_invitation invitations[] = {
		{ .login = SV("jisr-afrique.next"),
		  .roles = roles(l),
		  .until = SV("2026-11-29 01:57"),
		  .state = MSG_PEOPLE_STATE_OPEN,
		  .end = SV("/staff/people/invite/c3/end") },
	};
	const struct tpl_people_list_row rows[] = {
		{ .href = SV("/staff/people/b1"),
		  .login = SV("jisr-afrique.desk"),
		  .name = SV("Salma <i>"),
		  .roles = roles(l),
		  .state = MSG_PEOPLE_STATE_ACTIVE },
		{ .href = SV("/staff/people/b2"),
		  .login = SV("jisr-afrique.new"),
		  .roles = roles(l),
		  .state = MSG_PEOPLE_STATE_FROZEN,
		  .late = true },
	};
	const struct tpl_people_list v = { .head = staff_head(a, l, say(l, MSG_PEOPLE_TITLE)),
					   .foot = staff_foot(a),
					   .csrf = SV("c5"),
					   .invite = SV("/staff/people/invite"),
					   .others = others,
					   .others_n = COUNT(others),
					   .acts = true,
					   .waiting = waiting,
					   .waiting_n = COUNT(waiting),
					   .invitations = invitations,
					   .invitations_n = COUNT(invitations),
					   .rows = rows,
					   .rows_n = COUNT(rows) };

	render_people_list(b, l, &v);
}

static void member(struct arena *a, struct buf *b, enum language l)
{
	const struct tpl_shared_step step = { .demo = true, .error = say(l, MSG_STEP_WRONG) };
	const struct tpl_people_one v = { .head = staff_head(a, l, say(l, MSG_PEOPLE_ONE)),
					  .foot = staff_foot(a),
					  .step = &step,
					  .csrf = SV("c5"),
					  .back = SV("/staff/people"),
					  .login = SV("jisr-afrique.new"),
					  .roles = roles(l),
					  .state = MSG_PEOPLE_STATE_WAITING,
					  .fingerprint = SV("5d9d 2186 71f0 02d4 ba72 3bfd 0b57 7605"),
					  .certify = SV("/staff/people/b2/certify"),
					  .certify_label = MSG_PEOPLE_CERTIFY,
					  .freeze = SV("/staff/people/b2/freeze"),
					  .end = SV("/staff/people/b2/end") };

	render_people_one(b, l, &v);
}

static void ticket(struct arena *a, struct buf *b, enum language l)
{
	const struct tpl_people_ticket v = { .head = staff_head(a, l, say(l, MSG_PEOPLE_TICKET_TITLE)),
					     .foot = staff_foot(a),
					     .back = SV("/staff/people"),
					     .name = fr_ar(l, "Jisr Afrique", "جسر إفريقيا"),
					     .login = SV("jisr-afrique.new"),
					     .roles = roles(l),
					     .until = SV("2026-11-29 01:57"),
					     .address = SV("https://staff.example/join/94b5c67cee420811c1242350ded97c20"),
					     .ticket = SV("JJTWC-Z7E88-413G9-44D8D-XPBW4-09") };

	render_people_ticket(b, l, &v);
}

static void proof(struct arena *a, struct buf *b, enum language l)
{
	const struct tpl_account_prove_one codes[] = { { .code = SV("35380734") }, { .code = SV("47543120") } };
	const struct tpl_shared_step step = { .demo = false };
	const struct tpl_account_prove v = {
		.head = staff_head(a, l, say(l, MSG_JOIN_STEP3)),
		.foot = staff_foot(a),
		.step = &step,
		.csrf = SV("c5"),
		.action = SV("/staff/join/prove"),
		.size = 10,
		.drawing = SV("M4 4h2v1h-2z"),
		.secret = SV("ZU7WUAIOL6SGOH2CH5QXZQQXGHZBBF2Q"),
		.recovery = staff_field(a, l, "recovery", MSG_JOIN_RECOVERY,
					(struct tpl_shared_field){ .is_input = true, .ltr = true }),
		.codes = codes,
		.codes_n = COUNT(codes),
	};

	render_account_prove(b, l, &v);
}

const struct golden golden_people[] = {
	{ "members", members },
	{ "member", member },
	{ "ticket", ticket },
	{ "proof", proof },
};
const size_t golden_people_n = COUNT(golden_people);
