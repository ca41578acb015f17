/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "intake_kit.h"

#include "domain/casefile/casefile.h"
#include "domain/intake/act.h"
#include "domain/screening/grid.h"

#include "base/random.h"
#include "registry/registry.h"

struct intake_kit kit;

static struct ctx *const people[] = { &kit.road.nobody, &kit.road.desk,  &kit.road.second, &kit.road.other,
				      &kit.hotline,     &kit.supervisor, &kit.officer };
#define PEOPLE (sizeof(people) / sizeof(people[0]))

static void enter_house(const struct test_house *h, const char *name, const char *region)
{
	struct ctx *c = &kit.road.nobody;
	struct new_directory_entry e = { .id = h->id,
					 .code = sv_of(name),
					 .type = SV("association"),
					 .region = sv_of(region),
					 .name = { sv_of(name), sv_of(name), sv_of(name) },
					 .desk = true };

	assert_int_equal(organisation_add(c, &e), OK);
	for (int i = 0; i < PERSON_COUNT; i++) {
		struct member_row m = { .user = h->people[i].user,
					.organisation = h->id,
					.login = sv_of(h->people[i].login),
					.roles = h->people[i].actor.roles,
					.active = true };

		assert_int_equal(member_add(c, &m), OK);
	}
}

static void set_marks(void)
{
	for (size_t i = 0; i < PEOPLE; i++)
		kit.marks[i] = arena_mark(people[i]->arena);
}

int intake_setup(void **state)
{
	kit_make(&kit.road);
	kit_connect(&kit.road, &kit.hotline, &kit.road.noor.people[OPERATOR].actor);
	kit_connect(&kit.road, &kit.supervisor, &kit.road.noor.people[SUPERVISOR].actor);
	kit_connect(&kit.road, &kit.officer, &kit.road.noor.people[OFFICER].actor);
	assert_int_equal(codes_load(&kit.road.nobody, DATA_DIR), OK);
	assert_int_equal(intake_start(&kit.road.nobody, DATA_DIR), OK);
	assert_int_equal(casefile_start(&kit.road.nobody, DATA_DIR), OK);
	assert_int_equal(grids_start(&kit.road.nobody, DATA_DIR), OK);
	enter_house(&kit.road.noor, "noor", "MA-06");
	enter_house(&kit.road.dar, "dar", "MA-04");
	set_marks();
	return 0;
}

void intake_away(void)
{
	kit_disconnect(&kit.hotline);
	kit_disconnect(&kit.supervisor);
	kit_disconnect(&kit.officer);
	kit_away(&kit.road);
}

void intake_back(void)
{
	kit_back(&kit.road);
	kit_connect(&kit.road, &kit.hotline, &kit.road.noor.people[OPERATOR].actor);
	kit_connect(&kit.road, &kit.supervisor, &kit.road.noor.people[SUPERVISOR].actor);
	kit_connect(&kit.road, &kit.officer, &kit.road.noor.people[OFFICER].actor);
	set_marks();
}

int intake_teardown(void **state)
{
	kit_disconnect(&kit.hotline);
	kit_disconnect(&kit.supervisor);
	kit_disconnect(&kit.officer);
	kit_end(&kit.road);
	return 0;
}

int intake_between(void **state)
{
	for (size_t i = 0; i < PEOPLE; i++) {
		arena_rewind(people[i]->arena, kit.marks[i]);
		kit_clear(people[i]);
		people[i]->now = clock_now();
	}
	return 0;
}

struct id came_by_web(const char *text, bool danger, struct public_receipt *receipt)
{
	struct public_form in = { .text = sv_of(text), .danger_now = danger };
	struct queue_ask ask = { QUEUE_OPEN, 0 };
	struct public_receipt unused;
	struct queue q;

	random_fill(in.ticket, sizeof(in.ticket));
	assert_int_equal(report_new_public(&kit.road.nobody, &in, receipt == NULL ? &unused : receipt), OK);
	in.text = subject_of(&kit.road.nobody, in.text);
	for (;; ask.page++) {
		assert_int_equal(queue_load(&kit.road.desk, &ask, &q), OK);
		for (size_t i = 0; i < q.n; i++)
			if (sv_equal(in.text, q.rows[i].subject))
				return q.rows[i].id;
		assert_true(q.more);
	}
}

struct id typed_in(struct ctx *c, const char *text, const char *risk)
{
	struct staff_form in = { .channel = SV("hotline"), .text = sv_of(text), .risk = sv_of(risk) };
	struct id id;

	assert_int_equal(report_new_staff(c, &in, &id), OK);
	return id;
}

struct report_view shown(struct ctx *c, struct id report)
{
	struct report_view v;

	assert_int_equal(report_load(c, report, &v), OK);
	return v;
}

struct report_act act_on(struct ctx *c, struct id report)
{
	return (struct report_act){ .report = report, .version = (uint32_t)shown(c, report).head.version };
}

void mailbox_open(struct ctx *c, const char *code)
{
	static struct actor reporter;
	struct token token;

	assert_int_equal(keeper_mailbox(&kit.road.nobody, sv_of(code), &token), OK);
	assert_int_equal(keeper_session(&kit.road.nobody, &token, &reporter), OK);
	kit_connect(&kit.road, c, &reporter);
}

void has_input(const struct ctx *c, const char *field, const char *key)
{
	for (size_t i = 0; i < c->input_count; i++)
		if (strcmp(c->inputs[i].field, field) == 0 && strcmp(c->inputs[i].key, key) == 0)
			return;
	fail_msg("no input error %s %s", field, key);
}
