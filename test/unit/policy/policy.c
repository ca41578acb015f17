/* SPDX-License-Identifier: GPL-3.0-or-later */
/* T-ACC-1 at the level of the decision: an independent truth table. The expectation is worked out from the letters of the CSV's
 * text, not from the compiled matrix, and sentence by sentence from the sealed design §11, not from decide.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "policy/policy.h"

#define ROWS ROLE_COUNT
#define COLUMNS 32

static struct {
	char column[COLUMNS][16];
	size_t columns;
	char role[ROWS][32];
	char cell[ROWS][COLUMNS][8];
	size_t rows;
} csv;

static void copy_word(char *to, size_t room, const char *from, size_t n)
{
	assert_true(n < room);
	memcpy(to, from, n);
	to[n] = 0;
}

/* Rights stand before the first label and hold no quotes or commas. */
static void read_line(const char *line, size_t number)
{
	size_t column = 0;

	while (*line != 0 && *line != '\n') {
		size_t n = strcspn(line, ",\n");

		if (number == 0 && column >= 2 && strncmp(line, "label_", 6) != 0)
			copy_word(csv.column[csv.columns++], 16, line, n);
		else if (number == 0 && column >= 2)
			return;
		else if (number > 0 && column == 1)
			copy_word(csv.role[number - 1], 32, line, n);
		else if (number > 0 && column >= 2)
			copy_word(csv.cell[number - 1][column - 2], 8, line, n);
		if (number > 0 && column == csv.columns + 1)
			return;
		column++;
		line += n + (line[n] == ',');
	}
}

static int load_csv(void **state)
{
	char line[4096];
	size_t number = 0;
	FILE *f = fopen(MATRIX_CSV, "r");

	if (f == NULL)
		return -1;
	for (; fgets(line, sizeof(line), f) != NULL; number++) {
		assert_true(number <= ROWS);
		read_line(line, number);
	}
	fclose(f);
	csv.rows = number - 1;
	return 0;
}

static const struct {
	const char *name;
	enum class class;
} class_names[] = {
	{ "IDENT", IDENT },     { "CONTACT", CONTACT }, { "HEALTH", HEALTH }, { "LEGAL", LEGAL },     { "ASSIST", ASSIST },
	{ "EXPLOIT", EXPLOIT }, { "NOTES", NOTES },     { "EVID", EVID },     { "SUSPECT", SUSPECT }, { "CONSENT", CONSENT },
	{ "REPORT", REPORT },   { "DIALOG", DIALOG },   { "PLACE", PLACE },   { "ALERT", ALERT },     { "SITE", SITE },
	{ "OWN", OWN },         { "THREAD", THREAD },   { "STAT", STAT },     { "JDETAIL", JDETAIL }, { "PROGRAMME", PROGRAMME },
	{ "MONEY", MONEY },
};

/* The text of a cell, "-" for a class that is no column. */
static const char *cell_of(size_t role, enum class class)
{
	for (size_t i = 0; i < sizeof(class_names) / sizeof(class_names[0]); i++) {
		if (class_names[i].class != class)
			continue;
		for (size_t k = 0; k < csv.columns; k++)
			if (strcmp(csv.column[k], class_names[i].name) == 0)
				return csv.cell[role][k];
		fail_msg("class %s is no column", class_names[i].name);
	}
	return "-";
}

static bool is_role(size_t role, const char *name)
{
	return strcmp(csv.role[role], name) == 0;
}
static bool is_session_by_code(size_t role)
{
	return is_role(role, "person") || is_role(role, "reporter");
}

/* Does this one role reach the class? The gates that are alike for all roles are left to `expected`. */
static bool role_allows(size_t role, const struct question *q)
{
	const char *cell = cell_of(role, q->class);
	char op = q->op == OP_READ ? 'r' : q->op == OP_WRITE ? 'w' : 's';
	bool first_write = q->creating && op == 'w';
	bool mine, task;

	if (strchr(cell, op) == NULL)
		return false;
	if (is_session_by_code(role)) {
		mine = q->own_dossier || first_write;
		task = mine;
	} else {
		mine = q->owner || q->granted || first_write;
		task = q->assigned || first_write;
	}
	if (is_role(role, "supervisor") && q->owner)
		task = true;
	if (is_role(role, "desk") && (q->class == REPORT || q->class == DIALOG) && q->desk_of)
		task = true;
	if (!mine)
		return false;
	switch (cell[strcspn(cell, "oqdxgbc")]) {
	case 'o':
		return first_write;
	case 'q':
		return q->in_queue || first_write;
	case 'd':
		return q->on_duty;
	case 'x':
		return q->reason_given && task;
	case 'g':
		return q->granted;
	case 'b':
		return q->bound_wrap;
	case 'c':
		return q->agreed && q->bound_wrap;
	default:
		return task;
	}
}

static bool expected(const struct question *q)
{
	bool role = false;

	for (size_t r = 0; r < csv.rows; r++)
		if ((q->roles >> r & 1) != 0)
			role = role || role_allows(r, q);
	return role && q->active && !q->blocked && (!q->locked || q->named) && q->pace_left && (!q->needs_step_up || q->stepped_up);
}

/* Flags by number: 0..10 what conditions ask for, 11..17 the gates. */
#define FLAGS_CONDITION 11
#define FLAGS_GATE 7

static void set_flags(struct question *q, unsigned conditions, unsigned gates)
{
	bool *flags[] = { &q->owner,      &q->granted, &q->assigned,     &q->in_queue, &q->desk_of,    &q->creating,
			  &q->bound_wrap, &q->on_duty, &q->reason_given, &q->agreed,   &q->own_dossier };
	bool *gate[] = { &q->active, &q->blocked, &q->locked, &q->named, &q->pace_left, &q->stepped_up, &q->needs_step_up };

	for (unsigned i = 0; i < FLAGS_CONDITION; i++)
		*flags[i] = (conditions >> i & 1) != 0;
	for (unsigned i = 0; i < FLAGS_GATE; i++)
		*gate[i] = (gates >> i & 1) != 0;
}

#define GATES_OPEN 0x11u /* active, pace_left */
static const enum op ops[] = { OP_READ, OP_WRITE, OP_SIGN };

static uint64_t allowed_count;

static void check(const struct question *q)
{
	bool yes = policy_decide(q) == ALLOW;

	allowed_count += yes;
	if (yes != expected(q))
		fail_msg("roles %x class %d op %d: decided %d", (unsigned)q->roles, (int)q->class, (int)q->op, yes);
}

/* Every role × class (also those no column names) × op × owner, grant, assignment and every condition flag. */
static void test_T_ACC_1_every_condition(void **state)
{
	struct question q = { 0 };

	for (unsigned role = 0; role < ROLE_COUNT; role++)
		for (unsigned class = 0; class <= MONEY + 1; class ++)
			for (unsigned op = 0; op < 3; op++)
				for (unsigned flags = 0; flags < 1u << FLAGS_CONDITION; flags++) {
					set_flags(&q, flags, GATES_OPEN);
					q.roles = ROLE_BIT(role);
					q.class = (enum class) class;
					q.op = ops[op];
					check(&q);
				}
	assert_true(allowed_count > 100000);
}

/* Every combination of the gates, over each condition flag alone, none and all. */
static void test_T_ACC_1_every_gate(void **state)
{
	struct question q = { 0 };

	for (unsigned role = 0; role < ROLE_COUNT; role++)
		for (unsigned class = 0; class <= MONEY + 1; class ++)
			for (unsigned op = 0; op < 3; op++)
				for (unsigned gates = 0; gates < 1u << FLAGS_GATE; gates++)
					for (unsigned i = 0; i <= FLAGS_CONDITION + 1; i++) {
						set_flags(&q, i == FLAGS_CONDITION + 1 ? ~0u : i == 0 ? 0u : 1u << (i - 1), gates);
						q.roles = ROLE_BIT(role);
						q.class = (enum class) class;
						q.op = ops[op];
						check(&q);
					}
}

/* Two roles in one hand never reach more than one of them does: pairs over flags of a fixed sequence. */
static void test_T_ACC_1_pairs_add_nothing(void **state)
{
	struct question q = { 0 };
	uint32_t seed = 20161;

	for (unsigned a = 0; a < ROLE_COUNT; a++)
		for (unsigned b = 0; b < a; b++)
			for (unsigned class = 0; class < CLASS_COUNT; class ++)
				for (unsigned i = 0; i < 24; i++) {
					seed = seed * 1664525u + 1013904223u;
					set_flags(&q, seed >> 16, GATES_OPEN);
					q.roles = ROLE_BIT(a) | ROLE_BIT(b);
					q.class = (enum class) class;
					q.op = ops[i % 3];
					check(&q);
				}
}

static void test_T_ACC_1_unknown_is_denied(void **state)
{
	struct question q;

	memset(&q, 0, sizeof(q));
	set_flags(&q, ~0u, 0x3bu); /* all but blocked and locked, step-up done */
	q.roles = ~UINT32_C(0);
	q.class = REPORT;
	q.op = OP_READ;
	q.blocked = q.locked = false;
	assert_int_equal(policy_decide(&q), ALLOW);
	q.op = (enum op)0;
	assert_int_equal(policy_decide(&q), DENY_ROLE);
	q.op = (enum op)8;
	assert_int_equal(policy_decide(&q), DENY_ROLE);
	q.op = (enum op)(OP_READ | OP_WRITE);
	assert_int_equal(policy_decide(&q), DENY_ROLE);
	q.op = OP_READ;
	q.class = (enum class)200;
	assert_int_equal(policy_decide(&q), DENY_ROLE);
	q.class = REPORT;
	q.roles = 0;
	assert_int_equal(policy_decide(&q), DENY_ROLE);
	q.roles = UINT32_C(3) << ROLE_COUNT;
	assert_int_equal(policy_decide(&q), DENY_ROLE);
}

/* Each denial says which step it failed at: what the journal's `denied` leaf is sorted by. */
static void test_T_ACC_1_verdicts(void **state)
{
	struct question q = { .op = OP_READ, .class = REPORT, .roles = ROLE_BIT(ROLE_CASE_MANAGER) };

	assert_int_equal(policy_decide(&q), DENY_INACTIVE);
	q.active = true;
	q.op = OP_WRITE;
	assert_int_equal(policy_decide(&q), DENY_ROLE);
	q.op = OP_READ;
	assert_int_equal(policy_decide(&q), DENY_CONDITION);
	q.assigned = true;
	assert_int_equal(policy_decide(&q), DENY_OWNER);
	q.owner = q.blocked = q.locked = q.needs_step_up = true;
	assert_int_equal(policy_decide(&q), DENY_BLOCKED);
	q.blocked = false;
	assert_int_equal(policy_decide(&q), DENY_LOCKED);
	q.named = true;
	assert_int_equal(policy_decide(&q), DENY_PACE);
	q.pace_left = true;
	assert_int_equal(policy_decide(&q), DENY_STEP_UP);
	q.stepped_up = true;
	assert_int_equal(policy_decide(&q), ALLOW);
}

static void test_cells_are_the_text(void **state)
{
	static const char letters[] = "rws";
	static const char conditions[] = "oqdxgbc";

	assert_int_equal(csv.rows, ROLE_COUNT);
	for (size_t role = 0; role < csv.rows; role++)
		for (unsigned class = 0; class <= MONEY + 1; class ++) {
			const char *text = cell_of(role, (enum class) class);
			struct cell cell = policy_cell((enum role)role, (enum class) class);

			for (unsigned i = 0; i < 3; i++)
				assert_int_equal((cell.ops >> i & 1) != 0, strchr(text, letters[i]) != NULL);
			for (unsigned i = 0; i < 7; i++)
				assert_int_equal((cell.conditions >> i & 1) != 0, strchr(text, conditions[i]) != NULL);
			for (unsigned i = 0; i < 3; i++)
				assert_int_equal(policy_may(ROLE_BIT(role), (enum class) class, ops[i]),
						 strchr(text, letters[i]) != NULL);
		}
	assert_int_equal(policy_cell(ROLE_COUNT, REPORT).ops, 0);
	assert_false(policy_may(0, REPORT, OP_READ));
}

/* The sentence of the sealed design §3, role by role. */
static void test_T_KEY_7_compartments(void **state)
{
	static const struct {
		enum role role;
		uint32_t held;
	} said[] = {
#define C(c) (UINT32_C(1) << (c))
		{ ROLE_OPERATOR, C(C_DESK) | C(C_HOUSE) },
		{ ROLE_DESK, C(C_DESK) | C(C_HOUSE) },
		{ ROLE_CASE_MANAGER, C(C_CORE) | C(C_IDENTITY) | C(C_FACTS) | C(C_LEGAL) | C(C_DESK) | C(C_HOUSE) },
		{ ROLE_SUPERVISOR, C(C_CORE) | C(C_IDENTITY) | C(C_FACTS) | C(C_LEGAL) | C(C_DESK) | C(C_HOUSE) | C(C_HEALTH) },
		{ ROLE_HEALTH, C(C_CORE) | C(C_IDENTITY) | C(C_HEALTH) | C(C_HOUSE) },
		{ ROLE_SHELTER, C(C_CORE) | C(C_HOUSE) },
		{ ROLE_GUARD, C(C_HOUSE) },
		{ ROLE_LAWYER, C(C_CORE) | C(C_IDENTITY) | C(C_FACTS) | C(C_LEGAL) | C(C_HOUSE) },
		{ ROLE_ME, C(C_STAT) },
		{ ROLE_SECURITY_OFFICER, C(C_OFFICER) },
		{ ROLE_DPO, C(C_OFFICER) },
		{ ROLE_ORG_ADMIN, 0 },
		{ ROLE_OUTREACH, 0 },
		{ ROLE_INTERPRETER, 0 },
		{ ROLE_COORDINATOR, 0 },
		{ ROLE_SYSTEM_OPERATOR, 0 },
		{ ROLE_PERSON, 0 },
		{ ROLE_REPORTER, 0 },
#undef C
	};

	for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++)
		assert_int_equal(policy_compartments(ROLE_BIT(said[i].role)), said[i].held);
	assert_int_equal(policy_compartments(ROLE_BIT(ROLE_GUARD) | ROLE_BIT(ROLE_ME)), 1u << C_HOUSE | 1u << C_STAT);
	assert_int_equal(policy_compartment_of(NOTES), COMPARTMENT_NONE);
	assert_int_equal(policy_compartment_of(PLACE), COMPARTMENT_NONE);
	assert_int_equal(policy_compartment_of(CLASS_BOUND), COMPARTMENT_NONE);
	assert_int_equal(policy_compartment_of(MONEY), COMPARTMENT_NONE);
}

static void test_T_KEY_9_forbidden_pairs(void **state)
{
	for (unsigned a = 0; a < ROLE_PERSON; a++) {
		bool opens = a <= ROLE_LABOUR_INSPECTION || a == ROLE_ME;

		assert_true(policy_roles_together(ROLE_BIT(a)));
		if (a != ROLE_ORG_ADMIN)
			assert_int_equal(policy_roles_together(ROLE_BIT(a) | ROLE_BIT(ROLE_ORG_ADMIN)), !opens);
		if (a != ROLE_SECURITY_OFFICER)
			assert_int_equal(policy_roles_together(ROLE_BIT(a) | ROLE_BIT(ROLE_SECURITY_OFFICER)), !opens);
		assert_false(policy_roles_together(ROLE_BIT(a) | ROLE_BIT(ROLE_REPORTER)));
		assert_false(policy_roles_together(ROLE_BIT(a) | ROLE_BIT(ROLE_PERSON)));
	}
	assert_true(policy_roles_together(ROLE_BIT(ROLE_OPERATOR) | ROLE_BIT(ROLE_DESK) | ROLE_BIT(ROLE_CASE_MANAGER) |
					  ROLE_BIT(ROLE_SUPERVISOR)));
	assert_true(policy_roles_together(ROLE_BIT(ROLE_ORG_ADMIN) | ROLE_BIT(ROLE_SECURITY_OFFICER) | ROLE_BIT(ROLE_DPO)));
	assert_false(policy_roles_together(ROLE_BIT(ROLE_ORG_ADMIN) | ROLE_BIT(ROLE_DPO) | ROLE_BIT(ROLE_DESK)));
	assert_false(policy_roles_together(ROLE_BIT(31)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cells_are_the_text),        cmocka_unit_test(test_T_ACC_1_every_condition),
		cmocka_unit_test(test_T_ACC_1_every_gate),        cmocka_unit_test(test_T_ACC_1_pairs_add_nothing),
		cmocka_unit_test(test_T_ACC_1_unknown_is_denied), cmocka_unit_test(test_T_ACC_1_verdicts),
		cmocka_unit_test(test_T_KEY_7_compartments),      cmocka_unit_test(test_T_KEY_9_forbidden_pairs),
	};

	return cmocka_run_group_tests(tests, load_csv, NULL);
}
