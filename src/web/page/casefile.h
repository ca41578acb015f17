/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEB_PAGE_CASEFILE_H
#define WEB_PAGE_CASEFILE_H

#include "domain/casefile/casefile.h"
#include "web/page/page.h"
#include "web/page/sheet.h"

/* Pages of a person's file (interface design C2): casefile.c the page with casefile_strip.c and casefile_parts.c, casefile_form.c the pages that ask before an act, casefile_act.c the acts,
 * open_file.c how it begins, casefile_list.c the list. What a member may not do has no address on his page. */

/* One struct for all posts about a file; each route takes the fields its own table names. */
struct case_in {
	uint32_t version;
	struct key16 once;
	struct id row, user, assignee;
	struct casefile_facts head;
	struct basis_facts basis;
	struct person_facts person;
	struct reach_facts reach;
	struct exploitation_facts exploitation;
	struct note_facts note;
	struct sv task, why, review_at, closure, file_code;
};
#define CASE_PARAMS PARAM(struct case_in, version, P_U32, UINT32_MAX), PARAM(struct case_in, once, P_KEY16, 0)
/* A field of a facts struct: the domain knows its list and its limit. */
#define FACT_MAX 20000
#define FACT(facts_, type_, name_, kind_)                                                          \
	{                                                                                          \
		.name = #name_, .kind = (kind_), .max = FACT_MAX,                                  \
		.offset = offsetof(struct case_in, facts_) + offsetof(struct type_##_facts, name_) \
	}
#define ALERT_FACTS FACT(head, casefile, working_name, P_TEXT), FACT(head, casefile, alert, P_TEXT)
#define ASSIST_FACTS                                                                                   \
	FACT(head, casefile, language, P_CODE), FACT(head, casefile, interpreter, P_CODE),             \
		FACT(head, casefile, age_bracket, P_CODE), FACT(head, casefile, age_evidence, P_CODE), \
		FACT(head, casefile, age_doubt, P_CODE)
#define BASIS_FACTS                                                                                        \
	FACT(basis, basis, basis, P_CODE), FACT(basis, basis, basis_explained, P_TEXT),                    \
		FACT(basis, basis, basis_language, P_CODE), FACT(basis, basis, basis_interpreter, P_TEXT), \
		FACT(basis, basis, basis_way, P_CODE), FACT(basis, basis, basis_day, P_TEXT),              \
		FACT(basis, basis, basis_reason, P_LONG), FACT(basis, basis, guardian, P_TEXT),            \
		FACT(basis, basis, child_view, P_LONG)
#define PERSON_FACTS                                                                                 \
	FACT(person, person, name_ar, P_TEXT), FACT(person, person, name_latin, P_TEXT),             \
		FACT(person, person, name_variants, P_TEXT), FACT(person, person, sex, P_CODE),      \
		FACT(person, person, birth_date, P_TEXT), FACT(person, person, birth_place, P_TEXT), \
		FACT(person, person, nationality, P_CODE)
#define REACH_FACTS                                                                                       \
	FACT(reach, reach, contact_way, P_CODE), FACT(reach, reach, contact_phone, P_TEXT),               \
		FACT(reach, reach, contact_details, P_TEXT), FACT(reach, reach, contact_hours, P_TEXT),   \
		FACT(reach, reach, contact_word, P_TEXT), FACT(reach, reach, contact_message_ok, P_CODE), \
		FACT(reach, reach, contact_never, P_TEXT)
#define EXPLOITATION_FACTS                                                                                               \
	FACT(exploitation, exploitation, forms, P_CODES), FACT(exploitation, exploitation, sectors, P_CODES),            \
		FACT(exploitation, exploitation, means, P_CODES), FACT(exploitation, exploitation, recruiter, P_CODE),   \
		FACT(exploitation, exploitation, country, P_CODE), FACT(exploitation, exploitation, region, P_CODE),     \
		FACT(exploitation, exploitation, province, P_CODE), FACT(exploitation, exploitation, from_date, P_TEXT), \
		FACT(exploitation, exploitation, to_date, P_TEXT), FACT(exploitation, exploitation, narrative, P_LONG)

/* The strip on top of every page of a file; contact NULL: this actor may not know how to reach her. */
const struct tpl_casefile_strip *case_strip(struct ctx *c, const struct request *r, const struct case_head *h,
					    const struct reach_facts *contact);
/* What the page is put together from (casefile_strip.c, casefile_parts.c): the path, and one function a part. */
void case_path_draw(struct ctx *c, const struct case_head *h, const struct case_note *notes, size_t n, struct tpl_casefile_file *v);
enum status case_person_tab(struct ctx *c, const struct request *r, const struct case_head *h, const struct case_may *may,
			    const struct reach_view *reach, struct tpl_casefile_file *v) MUST_CHECK;
enum status case_facts_tab(struct ctx *c, const struct request *r, const struct case_head *h, const struct case_may *may,
			   struct tpl_casefile_file *v) MUST_CHECK;
enum status case_basis_tab(struct ctx *c, const struct request *r, const struct case_head *h, const struct case_may *may,
			   struct tpl_casefile_file *v) MUST_CHECK;
enum status case_changes_tab(struct ctx *c, const struct case_head *h, struct tpl_casefile_file *v) MUST_CHECK;
/* The file's page, also after a post that was not carried out. */
enum status case_page(struct ctx *c, const struct request *r, enum message warning, struct response *out) MUST_CHECK;
/* The pages before an act, by the last part of their address; after wrong input they show what was typed. */
enum status case_form(struct ctx *c, const struct request *r, struct sv which, struct response *out) MUST_CHECK;
struct sv case_path(const struct ctx *c, const struct request *r, struct id file, const char *more); /* more: "" or "/edit" */
enum message case_audience(enum class class);
/* The act's address and its form's key: one form carries several acts, so each has a key of its own. */
struct case_act case_act_of(const struct ctx *c, const struct request *r, const char *name);
/* The boxes of a basis; those that apply to some alone are folded unless she is a child. */
void draw_basis(struct ctx *c, const struct request *r, struct sheet_form *f, const struct basis_facts *now, bool child);
/* Case managers with their loads, to choose one. */
struct tpl_shared_field *case_people(struct ctx *c, const struct request *r, const char *name, struct sv now);
/* The page that opens a file, from a report or without one (zeros); shows what was typed. */
enum status open_form(struct ctx *c, const struct request *r, struct id report, struct response *out) MUST_CHECK;

#endif
