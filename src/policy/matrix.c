/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The matrix and what follows from it alone: cells, routes, compartments, forbidden pairs. The table is made at build from
 * access_matrix.csv; a class or role it does not name has no right. */
#include "policy/policy.h"

#include <assert.h>

#define MATRIX_CLASSES (MONEY + 1)
#include "policy_matrix.h"

#define STAFF_ROLES (ROLE_BIT(ROLE_PERSON) - 1)
#define CODE_ROLES (ROLE_BIT(ROLE_PERSON) | ROLE_BIT(ROLE_REPORTER))
static_assert(ROLE_PERSON == ROLE_COUNT - 2 && ROLE_REPORTER == ROLE_COUNT - 1, "sessions by code stand last");

struct cell policy_cell(enum role role, enum class class)
{
	if ((unsigned)role >= ROLE_COUNT || (unsigned)class >= MATRIX_CLASSES)
		return (struct cell){ 0, 0 };
	return matrix[role][class];
}

bool policy_may(uint32_t roles, enum class class, enum op op)
{
	for (unsigned r = 0; r < ROLE_COUNT; r++)
		if ((roles & ROLE_BIT(r)) != 0 && (policy_cell((enum role)r, class).ops & (unsigned)op) != 0)
			return true;
	return false;
}

/* Sealed design §3, table of classes. */
enum compartment policy_compartment_of(enum class class)
{
	static const uint8_t of[CLASS_COUNT] = {
		[IDENT] = C_IDENTITY, [CONTACT] = C_IDENTITY, [SEARCH] = C_IDENTITY, [HEALTH] = C_HEALTH, [LEGAL] = C_LEGAL,
		[ASSIST] = C_CORE,    [CONSENT] = C_CORE,     [OWN] = C_CORE,        [THREAD] = C_CORE,   [EXPLOIT] = C_FACTS,
		[EVID] = C_FACTS,     [SUSPECT] = C_FACTS,    [SITE] = C_FACTS,      [REPORT] = C_DESK,   [DIALOG] = C_DESK,
		[ALERT] = C_HOUSE,    [STAT] = C_STAT,        [JDETAIL] = C_OFFICER,
	};

	return (unsigned)class < CLASS_COUNT ? (enum compartment)of[class] : COMPARTMENT_NONE;
}

/* An r that is neither b nor c gives the compartment. Sessions by code hold none: they are bound to one dossier. */
static uint32_t compartments_of_role(unsigned role)
{
	uint32_t held = 0;

	for (unsigned k = 0; k < CLASS_COUNT; k++) {
		struct cell cell = policy_cell((enum role)role, (enum class)k);
		enum compartment compartment = policy_compartment_of((enum class)k);

		if ((cell.ops & OP_READ) != 0 && (cell.conditions & (COND_BOUND | COND_AGREED)) == 0 &&
		    compartment != COMPARTMENT_NONE)
			held |= UINT32_C(1) << compartment;
	}
	return held;
}

uint32_t policy_compartments(uint32_t roles)
{
	uint32_t held = 0;

	for (unsigned r = 0; r < ROLE_COUNT; r++)
		if ((roles & STAFF_ROLES & ROLE_BIT(r)) != 0)
			held |= compartments_of_role(r);
	return held;
}

/* Does the role open anything of a person? The journal's details (OFFICER) are of staff. */
static bool role_opens(unsigned role)
{
	for (unsigned k = 0; k < CLASS_COUNT; k++)
		if (k != JDETAIL && (policy_cell((enum role)role, (enum class)k).ops & OP_READ) != 0)
			return true;
	return false;
}

/* Sealed design §3: one human may hold several roles except (officer or admin) with any role that opens. A session by code
 * is nobody's job. */
bool policy_roles_together(uint32_t roles)
{
	if (roles >> ROLE_COUNT != 0)
		return false;
	if ((roles & CODE_ROLES) != 0)
		return (roles & (roles - 1)) == 0;
	if ((roles & (ROLE_BIT(ROLE_SECURITY_OFFICER) | ROLE_BIT(ROLE_ORG_ADMIN))) == 0)
		return true;
	for (unsigned r = 0; r < ROLE_COUNT; r++)
		if ((roles & ROLE_BIT(r)) != 0 && role_opens(r))
			return false;
	return true;
}
