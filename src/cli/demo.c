/* SPDX-License-Identifier: GPL-3.0-or-later */
/* amana init --demo: the real ceremonies with the keys left in DIR, then every report as its actor types it, under a session of
 * his own. The way past the second factor exists in demo instances only; the keeper refuses it elsewhere. */
#include "cli/ceremony.h"

#include "base/random.h"
#include "base/text.h"
#include "base/wipe.h"
#include "base/zone.h"
#include "cli/backup.h"
#include "cli/demo.h"
#include "cli/demo_files.h"
#include "cli/demo_file.h"
#include "cli/keyfile.h"
#include "cli/terminal.h"
#include "crypto/formats.h"
#include "domain/intake/intake.h"
#include "registry/registry.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

struct demo {
	struct attached x;
	struct id organisation[16]; /* by index in demo_organisations */
	struct buf accounts;        /* text of demo.txt */
	char code[21];
	struct id reports[32], files[32]; /* by index in demo_cases */
};

static struct sv text_of(const char *s)
{
	return s == NULL ? SV_NONE : sv_of(s);
}

/* What failed, for whoever made the instance. Gives the status back. */
static enum status failed(const struct ctx *c, enum status s, const char *what)
{
	tell(2, "amana: demo: %s: %s (%s)", what, c->error.what == NULL ? "no reason was given" : c->error.what, status_name(s));
	for (size_t i = 0; i < c->input_count; i++)
		tell(2, "amana: demo: %s: %s %s", what, c->inputs[i].field, c->inputs[i].key);
	return s;
}

/* --- founding --------------------------------------------------------------------------------------------------------------- */

static const char *login_of(struct arena *a, const struct demo_organisation *o, const struct demo_person *p)
{
	return arena_format(a, "%s.%s", o->code, p->post).p;
}

static void note_account(struct demo *d, const struct new_member *m, const struct demo_person *p)
{
	struct sv secret = base32(d->x.arena, sv_bytes(m->totp_secret, sizeof(m->totp_secret)));

	buf_format(&d->accounts, "  %-28.*s %-40s %.*s\n", (int)m->login.n, m->login.p, p->roles, (int)secret.n, secret.p);
}

static enum status admit(struct demo *d, const struct demo_organisation *o, struct id organisation, const struct demo_person *p,
			 struct id *user)
{
	struct new_member m = { .user = id_new(), .organisation = organisation, .password = SV(DEMO_PASSWORD) };
	enum language l = LANG_FR;

	m.login = sv_of(login_of(d->x.arena, o, p));
	if (!roles_read(sv_of(p->roles), &m.roles) || !language_parse(sv_of(p->language), &l))
		return E_BUG;
	TRY(member_admit(&d->x, &m, l));
	note_account(d, &m, p);
	wipe(m.sheet, sizeof(m.sheet));
	*user = m.user;
	return OK;
}

static struct id organisation_id(const struct demo *d, const char *code)
{
	for (size_t i = 0; i < demo_organisation_count; i++)
		if (strcmp(demo_organisations[i].code, code) == 0)
			return d->organisation[i];
	return ID_ZERO;
}

static enum status bind_to_host(struct demo *d, const struct demo_organisation *o, struct id organisation, struct sv officer)
{
	struct hosting h = { .agreement = { organisation, organisation_id(d, o->host), 0, true },
			     .officer = officer,
			     .password = SV(DEMO_PASSWORD) };

	if (!roles_read(SV("security_officer,org_admin,dpo"), &h.agreement.roles))
		return E_BUG;
	return admin_host(&d->x.admin, &h);
}

/* The organisation's key, signed by the root, in the hands of its officer or of its host's. */
static enum status make_identity(struct demo *d, struct id organisation, struct sv officer, const char *root)
{
	struct sv request, certificate;

	TRY(admin_identity_request_for(&d->x.admin, officer, SV(DEMO_PASSWORD), organisation, &request));
	TRY(root_certify(d->x.arena, root, request, &certificate));
	return admin_identity_install(&d->x.admin, certificate);
}

/* The first who holds keys of the house says that he knows whoever comes after him, in a session of his own. */
static enum status vouch(struct demo *d, const char *login, struct id user, const char *names)
{
	struct token fresh;
	uint32_t roles;

	if (!roles_read(sv_of(names), &roles))
		return E_BUG;
	TRY(attach_login(&d->x, sv_of(login), SV(DEMO_PASSWORD), FACTOR_DEMO, SV("")));
	TRY(keeper_step_up(&d->x.c, FACTOR_DEMO, SV(""), &fresh));
	d->x.actor.token = fresh;
	TRY(keeper_colleague_act(&d->x.c, COLLEAGUE_VOUCH, user, roles));
	return keeper_logout(&d->x.c, &fresh);
}

/* Without a host the first of its people is the officer. Each is certified, and the second, who makes the compartments, attends. */
static enum status found_one(struct demo *d, const struct demo_organisation *o, struct id organisation, const char *root)
{
	struct sv password = SV(DEMO_PASSWORD), officer = sv_of(login_of(d->x.arena, o, &o->people[0]));
	size_t first = o->host == NULL ? 1 : 0;
	struct id user;

	TRY(admin_organisation(&d->x.admin, organisation, sv_of(o->code)));
	if (o->programme)
		TRY(admin_programme(&d->x.admin, organisation));
	if (o->host != NULL) {
		officer = arena_format(d->x.arena, "%s.officer", o->host);
		TRY(bind_to_host(d, o, organisation, officer));
	} else {
		TRY(admit(d, o, organisation, &o->people[0], &user));
	}
	TRY(make_identity(d, organisation, officer, root));
	if (o->host == NULL)
		TRY(admin_certify(&d->x.admin, officer, password, user));
	for (size_t i = first; i < o->people_n; i++) {
		TRY(admit(d, o, organisation, &o->people[i], &user));
		if (i > first)
			TRY(vouch(d, login_of(d->x.arena, o, &o->people[first]), user, o->people[i].roles));
		TRY(admin_certify(&d->x.admin, officer, password, user));
	}
	TRY(admin_attend(&d->x.admin, sv_of(login_of(d->x.arena, o, &o->people[1])), password));
	return admin_attend(&d->x.admin, officer, password);
}

/* Each tells colleagues his real name, once the organisation has keys to seal it to. */
static enum status give_names(struct demo *d, const struct demo_organisation *o)
{
	for (size_t i = 0; i < o->people_n; i++) {
		if (o->names[i] == NULL)
			continue;
		TRY(attach_login(&d->x, sv_of(login_of(d->x.arena, o, &o->people[i])), SV(DEMO_PASSWORD), FACTOR_DEMO, SV("")));
		TRY(name_set(&d->x.c, sv_of(o->names[i])));
		TRY(keeper_logout(&d->x.c, &d->x.actor.token));
	}
	attach_nobody(&d->x);
	return OK;
}

static enum status found_all(struct demo *d, const char *root)
{
	for (size_t i = 0; i < demo_organisation_count; i++) {
		const struct demo_organisation *o = &demo_organisations[i];
		struct new_directory_entry e = {
			.id = id_new(),
			.code = sv_of(o->code),
			.type = sv_of(o->type),
			.region = sv_of(o->region),
			.accepts = sv_of(o->accepts),
			.phone = sv_of(o->phone),
			.desk = !o->programme,
			.name = { sv_of(o->name[0]), sv_of(o->name[1]), sv_of(o->name[2]) },
		};
		enum status s;

		d->organisation[i] = e.id;
		buf_format(&d->accounts, "\n%s\n", o->name[LANG_FR]);
		s = organisation_add(&d->x.c, &e);
		if (s != OK)
			return failed(&d->x.c, s, o->code);
		s = found_one(d, o, e.id, root);
		if (s != OK)
			return failed(&d->x.admin, s, o->code);
		s = give_names(d, o);
		if (s != OK)
			return failed(&d->x.c, s, o->code);
	}
	return OK;
}

static enum status route_regions(struct demo *d)
{
	for (size_t i = 0; i < demo_organisation_count; i++)
		for (unsigned region = 0; region < 32; region++) {
			const struct demo_organisation *o = &demo_organisations[i];
			enum status s = OK;

			if ((o->routes >> region & 1) != 0)
				s = admin_route(&d->x.admin, (uint8_t)region, d->organisation[i], organisation_id(d, o->fallback));
			if (s != OK)
				return failed(&d->x.admin, s, "routes");
		}
	return OK;
}

/* --- reports ---------------------------------------------------------------------------------------------------------------- */

static struct report_facts facts_of(const struct demo_case *k)
{
	return (struct report_facts){
		.language = text_of(k->language),
		.region = text_of(k->region),
		.reporter_type = text_of(k->reporter),
		.sectors = text_of(k->sectors),
		.forms = text_of(k->forms),
		.child = text_of(k->child),
		.about_self = text_of(k->self),
		.people_estimate = text_of(k->people),
		.contact_way = text_of(k->way),
		.contact_hours = text_of(k->hours),
		.contact_phone = text_of(k->phone),
	};
}

/* A subject is the whole text, or its beginning and the … that stands for the rest. */
static bool subject_is_of(struct sv subject, struct sv text)
{
	const struct sv rest = SV("…");

	if (subject.n > rest.n && memcmp(subject.p + subject.n - rest.n, rest.p, rest.n) == 0)
		subject.n -= rest.n;
	return sv_starts(text, subject);
}

/* The newest report an organisation's desk can see: the one that just came by the web. */
static enum status find_web_report(struct demo *d, const char *login, const struct demo_case *k, struct id *report)
{
	struct queue_ask ask = { QUEUE_OPEN, 0 };
	struct queue q;

	TRY(attach_login(&d->x, sv_of(login), SV(DEMO_PASSWORD), FACTOR_DEMO, SV("")));
	TRY(queue_load(&d->x.c, &ask, &q));
	for (size_t i = 0; i < q.n; i++)
		if (sv_is(q.rows[i].channel, "web") && subject_is_of(q.rows[i].subject, sv_of(k->text))) {
			*report = q.rows[i].id;
			return OK;
		}
	return ERR(&d->x.c, E_NOTFOUND, "the web report is not in the queue");
}

static enum status come_by_web(struct demo *d, const struct demo_case *k, struct id *report)
{
	struct public_form in = { .facts = facts_of(k), .text = sv_of(k->text), .danger_now = k->danger };
	struct public_receipt receipt;

	attach_nobody(&d->x);
	random_fill(in.ticket, sizeof(in.ticket));
	TRY(report_new_public(&d->x.c, &in, &receipt));
	if (strcmp(k->name, DEMO_CODE_CASE) == 0)
		memcpy(d->code, receipt.code, sizeof(d->code));
	wipe(&receipt, sizeof(receipt));
	return k->steps[0].what == STEP_END ? OK : find_web_report(d, k->steps[0].by, k, report);
}

static enum status typed_in(struct demo *d, const struct demo_case *k, struct id *report)
{
	struct staff_form in = {
		.facts = facts_of(k),
		.channel = sv_of(k->channel),
		.text = sv_of(k->text),
		.received_at = sv_of(k->received),
		.danger_now = k->danger,
	};

	TRY(attach_login(&d->x, sv_of(k->by), SV(DEMO_PASSWORD), FACTOR_DEMO, SV("")));
	return report_new_staff(&d->x.c, &in, report);
}

static enum status assign(struct ctx *c, struct report_act act, const char *login)
{
	struct report_assign in = { .act = act };
	struct member_row m;

	TRY(member_find(c, sv_of(login), &m));
	in.user = m.user;
	return report_assign(c, &in);
}

static enum status put_on_hold(struct ctx *c, struct report_act act, const char *reason)
{
	char day[11];

	zone_day_text(c->now + 14 * DAY_MS, day);
	return report_wait(c, &(struct report_wait){ act, sv_of(reason), sv_of(day) });
}

/* file: the person's, once it is opened. */
static enum status do_step(struct demo *d, const struct demo_step *step, struct report_act act, struct id *file)
{
	struct ctx *c = &d->x.c;
	struct sv word = text_of(step->word), text = text_of(step->text);

	switch (step->what) {
	case STEP_TRIAGE:
		return report_triage(c, &(struct report_triage){ act, word, false });
	case STEP_TAKE:
		return report_take(c, &act);
	case STEP_ASSIGN:
		return assign(c, act, step->word);
	case STEP_ANSWER:
		return report_answer(c, &(struct report_answer){ act, text, word });
	case STEP_NOTE:
		return report_note(c, &(struct report_note){ act, text });
	case STEP_REDIRECT:
		return report_redirect(c, &(struct report_redirect){ act, organisation_id(d, step->word), text });
	case STEP_WAIT:
		return put_on_hold(c, act, step->text);
	case STEP_CLOSE:
		return report_close(c, &(struct report_close){ .act = act, .closure = word, .text = text });
	case STEP_FILE:
		return demo_file_open(c, step, act.report, file);
	case STEP_SCREEN:
		return demo_screen(c, step, id_is_zero(*file) ? act.report : *file, id_is_zero(*file));
	case STEP_PRESUME:
		return demo_presume(c, step, *file);
	case STEP_SIGN:
		return demo_sign(c, step, *file);
	case STEP_END:
		break;
	}
	return OK;
}

static enum status steps_of(struct demo *d, const struct demo_case *k, struct id report, struct id *file)
{
	for (const struct demo_step *step = k->steps; step->what != STEP_END; step++) {
		struct report_act act = { .report = report };
		struct report_view view;

		TRY(attach_login(&d->x, sv_of(step->by), SV(DEMO_PASSWORD), FACTOR_DEMO, SV("")));
		if (step->what != STEP_SIGN) { /* a second reader knows the decision alone */
			TRY(report_load(&d->x.c, report, &view));
			act.version = (uint32_t)view.head.version;
		}
		TRY(do_step(d, step, act, file));
	}
	return OK;
}

static enum status reports_all(struct demo *d)
{
	struct arena_mark mark = arena_mark(d->x.arena);

	for (size_t i = 0; i < demo_case_count; i++) {
		const struct demo_case *k = &demo_cases[i];
		struct id report = ID_ZERO;
		enum status s = k->by == NULL ? come_by_web(d, k, &report) : typed_in(d, k, &report);

		if (s == OK)
			s = steps_of(d, k, report, &d->files[i]);
		d->reports[i] = report;
		if (s != OK)
			return failed(&d->x.c, s, k->name);
		attach_step(&d->x, mark);
	}
	return OK;
}

/* --- files ------------------------------------------------------------------------------------------------------------------ */

static size_t case_of(const char *name)
{
	size_t i = 0;

	while (i + 1 < demo_case_count && strcmp(demo_cases[i].name, name) != 0)
		i++;
	return i;
}

static enum status file_open(struct demo *d, const struct demo_file *f, struct id report, struct id *file)
{
	struct ctx *c = &d->x.c;
	struct case_open in = f->open;
	struct report_view view;
	struct member_row m;

	TRY(attach_login(&d->x, sv_of(f->by), SV(DEMO_PASSWORD), FACTOR_DEMO, SV("")));
	TRY(member_find(c, sv_of(f->manager), &m));
	TRY(report_load(c, report, &view));
	in.report = report;
	in.report_version = (uint32_t)view.head.version;
	in.assignee = m.user;
	return case_open(c, &in, file);
}

/* A file whose road went farther was opened on the way, with its basis alone: what is known of her comes now. */
static enum status file_facts(struct ctx *c, const struct demo_file *f, struct id file)
{
	const struct case_act act = { .file = file };
	struct case_head h;

	TRY(case_person_edit(c, &(struct case_person_edit){ act, f->open.person }));
	TRY(case_reach_edit(c, &(struct case_reach_edit){ act, f->open.reach }));
	TRY(case_exploitation_edit(c, &(struct case_exploitation_edit){ .act = act, .facts = f->open.exploitation }));
	TRY(case_load(c, file, &h));
	h.facts.language = f->open.head.language;
	h.facts.interpreter = f->open.head.interpreter;
	h.facts.age_evidence = f->open.head.age_evidence;
	return case_edit(c, &(struct case_edit){ .act = { .file = file, .version = (uint32_t)h.record_version },
						 .class = ASSIST,
						 .facts = h.facts });
}

/* What the case manager adds: how lists name the file, the risk, the first notes. */
static enum status file_work(struct ctx *c, const struct demo_file *f, struct id file)
{
	struct case_head h;

	TRY(case_load(c, file, &h));
	TRY(case_edit(c, &(struct case_edit){ .act = { .file = file, .version = (uint32_t)h.record_version },
					      .class = ALERT,
					      .facts = { .working_name = sv_of(f->working_name), .alert = text_of(f->alert) } }));
	if (f->risk != NULL)
		TRY(case_risk(c, &(struct case_risk){ .act = { .file = file, .version = (uint32_t)h.row.version },
						      .risk = sv_of(f->risk),
						      .why = sv_of(f->risk_why) }));
	for (size_t i = 0; i < 3 && f->notes[i].kind != NULL; i++)
		TRY(case_note_add(c, &(struct case_note_new){ .act = { .file = file },
							      .note_kind = sv_of(f->notes[i].kind),
							      .note = sv_of(f->notes[i].text),
							      .told_story = text_of(f->notes[i].told) }));
	return OK;
}

static enum status file_make(struct demo *d, const struct demo_file *f)
{
	size_t at = case_of(f->name);
	struct id file = d->files[at];
	bool opened = !id_is_zero(file);

	if (id_is_zero(d->reports[at])) /* nobody has looked at it yet */
		TRY(find_web_report(d, f->by, &demo_cases[at], &d->reports[at]));
	if (!opened)
		TRY(file_open(d, f, d->reports[at], &file));
	TRY(attach_login(&d->x, sv_of(f->manager), SV(DEMO_PASSWORD), FACTOR_DEMO, SV("")));
	if (opened)
		TRY(file_facts(&d->x.c, f, file));
	return file_work(&d->x.c, f, file);
}

static enum status files_all(struct demo *d)
{
	struct arena_mark mark = arena_mark(d->x.arena);

	for (size_t i = 0; i < demo_file_count; i++) {
		enum status s = file_make(d, &demo_files[i]);

		if (s != OK)
			return failed(&d->x.c, s, demo_files[i].name);
		attach_step(&d->x, mark);
	}
	return OK;
}

/* --- what it is ------------------------------------------------------------------------------------------------------------- */

static enum status write_text(const char *path, struct sv text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	bool whole = fd >= 0 && write(fd, text.p, text.n) == (ssize_t)text.n;

	if (fd >= 0)
		whole = close(fd) == 0 && whole;
	return whole ? OK : E_IO;
}

static enum status leave_note(struct demo *d)
{
	struct buf b = buf_new(d->x.arena, 8192, 65536);

	buf_text(&b,
		 "All organisations, people and reports in this instance are invented.\n\nPassword of every account: " DEMO_PASSWORD
		 "\n"
		 "Second factor: may be skipped in a demo instance, or a time code from the secret behind the roles.\n");
	buf_sv(&b, buf_view(&d->accounts));
	buf_format(&b, "\nCode of one report (case " DEMO_CODE_CASE "): %.4s %.4s %.4s %.4s %.4s\n", d->code, d->code + 4,
		   d->code + 8, d->code + 12, d->code + 16);
	TRY(buf_ok(&b));
	tell_bytes(1, buf_view(&b));
	return write_text(arena_format(d->x.arena, "%s/demo.txt", d->x.dir).p, buf_view(&b));
}

static enum status fill(struct demo *d, const char *root)
{
	TRY(found_all(d, root));
	TRY(route_regions(d));
	TRY(reports_all(d));
	TRY(files_all(d));
	return leave_note(d);
}

/* The whole instance in the folder `at`. */
static enum status make_in(struct demo *d, struct ctx *c, const char *at)
{
	const char *root = arena_format(c->arena, "%s/root", at).p;
	uint8_t sk[32], pk[32];
	enum status s;

	backup_key_make(sk, pk);
	TRY(root_make(c->arena, root));
	TRY(keyfile_write(c->arena, arena_format(c->arena, "%s/backup-key", at).p, 0400, KEY_BACKUP " of a demo instance",
			  groups_write(c->arena, sv_bytes((const char *)sk, sizeof(sk)))));
	TRY(instance_fill(c, at, arena_format(c->arena, "%s.public", root).p, pk, true));
	s = attach(&d->x, at, ATTACH_RECORDS);
	if (s == OK)
		s = fill(d, root);
	detach(&d->x);
	return s;
}

enum status demo_make(struct arena *a, const char *dir)
{
	static const struct actor nobody;
	struct demo *d = ARENA_NEW(a, struct demo);
	struct ctx c = { .arena = a, .who = &nobody, .now = clock_now() };
	const char *at;
	enum status s = instance_begin(&c, dir, &at);

	if (s == OK) {
		tell(1, "Making a demo instance in %s: organisations, people, reports.", dir);
		d->accounts = buf_new(a, 4096, 65536);
		s = make_in(d, &c, at);
	}
	if (s == OK)
		s = instance_finish(&c, dir);
	if (s != OK && c.error.status != OK)
		tell(2, "amana: demo: %s: %s", dir, c.error.what);
	return s;
}
