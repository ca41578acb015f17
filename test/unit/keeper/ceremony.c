/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Helper of the tests that need a living keeper. */
#include "ceremony.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/random.h"
#include "crypto/formats.h"
#include "keeper/sealed/data.h"
#include "keeper/process/service.h"

static const struct actor nobody = { .kind = ACTOR_NONE };

static _Noreturn void give_up(const char *what, enum status s)
{
	fprintf(stderr, "ceremony: %s: %s\n", what, status_name(s));
	exit(99);
}

static void must(enum status s, const char *what)
{
	if (s != OK)
		give_up(what, s);
}

static void connect_to(struct test_instance *t, struct ctx *c, const char *name)
{
	char path[300];

	snprintf(path, sizeof(path), "%s/run/%s", t->dir, name);
	for (int i = 0; i < 6000; i++) {
		if (keeper_connect(path, &c->keeper) == OK)
			return;
		if (waitpid(t->pid, NULL, WNOHANG) == t->pid)
			give_up("the keeper ended at start", E_IO);
		usleep(10000);
	}
	give_up("no connection", E_IO);
}

static int spawn(struct test_instance *t)
{
	const char *program = getenv("AMANA_KEEPER");
	int pid;

	if (program == NULL)
		give_up("AMANA_KEEPER is not set", E_IO);
	pid = fork();
	if (pid == 0) {
		execl(program, "amana-keeper", t->dir, (char *)NULL);
		_exit(127);
	}
	return pid;
}

static void fresh_ctx(struct ctx *c, struct arena *a, const struct actor *who)
{
	*c = (struct ctx){ .arena = a, .who = who, .now = clock_now(), .language = LANG_FR };
}

void instance_start(struct test_instance *t)
{
	t->pid = spawn(t);
	fresh_ctx(&t->ctx, t->arena, &nobody);
	fresh_ctx(&t->admin, t->arena, &nobody);
	connect_to(t, &t->ctx, "keeper.sock");
	connect_to(t, &t->admin, "admin.sock");
}

int instance_start_fails(struct test_instance *t)
{
	int status = 0;

	t->pid = spawn(t);
	for (int i = 0; i < 6000; i++) {
		if (waitpid(t->pid, &status, WNOHANG) == t->pid) {
			t->pid = 0;
			return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
		}
		usleep(10000);
	}
	return 0;
}

void instance_stop(struct test_instance *t, int sig)
{
	keeper_close(t->ctx.keeper);
	keeper_close(t->admin.keeper);
	t->ctx.keeper = t->admin.keeper = NULL;
	if (t->pid == 0)
		return;
	kill(t->pid, sig);
	waitpid(t->pid, NULL, 0);
	t->pid = 0;
}

void instance_later(struct test_instance *t, int64_t ms)
{
	static struct service s;

	instance_stop(t, SIGTERM);
	s = (struct service){ .now = 0 };
	must(service_open(&s, t->dir), "open in process");
	s.now += ms;
	must(dossiers_end(&s), "what has come to its end");
	must(batch_commit(&s), "commit");
	must(shares_shred(&s), "shred");
	service_close(&s);
}

void instance_make(struct test_instance *t)
{
	uint8_t root_pk[32];

	snprintf(t->dir, sizeof(t->dir), "%s/amana-test-XXXXXX", getenv("TMPDIR") != NULL ? getenv("TMPDIR") : "/tmp");
	if (mkdtemp(t->dir) == NULL)
		give_up("no temporary folder", E_IO);
	t->arena = arena_new(256u << 20);
	t->pid = 0;
	random_fill(t->root_seed, sizeof(t->root_seed));
	ed25519_public(root_pk, t->root_seed);
	fresh_ctx(&t->ctx, t->arena, &nobody);
	must(keeper_init(&t->ctx, t->dir, root_pk, root_pk, true), "init");
	instance_start(t);
}

static void remove_files(const char *dir, const char *sub)
{
	static const char *const names[] = { "keeper.db",    "keeper.db-wal", "keeper.db-shm", "shred.db",
					     "shred.db-wal", "shred.db-shm",  "pepper",        "secret",
					     "reserve",      "keeper.sock",   "admin.sock",    "keeper.lock" };
	char path[512];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s/%s", dir, sub, names[i]);
		unlink(path);
	}
	snprintf(path, sizeof(path), "%s/%s", dir, sub);
	rmdir(path);
}

void instance_end(struct test_instance *t)
{
	instance_stop(t, SIGTERM);
	remove_files(t->dir, "keeper");
	remove_files(t->dir, "run");
	rmdir(t->dir);
	arena_free(t->arena);
}

/* --- founding --------------------------------------------------------------------------------------------------------------- */

static void admit_as(struct test_instance *t, struct test_person *p, struct id organisation, enum role role)
{
	struct new_member m = { .organisation = organisation, .password = SV(TEST_PASSWORD), .roles = ROLE_BIT(role) };

	p->user = m.user = id_new();
	m.login = sv_of(p->login);
	must(admin_member(&t->admin, &m), "member");
	memcpy(p->recovery, m.recovery, sizeof(p->recovery));
	memcpy(p->totp, m.totp_secret, sizeof(p->totp));
	memcpy(p->sheet, m.sheet, sizeof(p->sheet));
}

static const enum role post[] = { ROLE_OPERATOR, ROLE_DESK, ROLE_CASE_MANAGER, ROLE_SUPERVISOR, ROLE_SECURITY_OFFICER };

static void admit(struct test_instance *t, struct test_house *h, enum person who, const char *name)
{
	static const char *const titles[] = { "operator", "desk", "case", "supervisor", "officer" };

	snprintf(h->people[who].login, sizeof(h->people[who].login), "%s.%s", name, titles[who]);
	admit_as(t, &h->people[who], h->id, post[who]);
}

/* The officer's key is made in his session and signed by the root. */
static void identify(struct test_instance *t, struct sv officer)
{
	struct sv request, certificate;

	must(admin_identity_request(&t->admin, officer, SV(TEST_PASSWORD), &request), "identity request");
	must(root_sign(t->arena, request, t->root_seed, clock_now(), &certificate), "root sign");
	must(admin_identity_install(&t->admin, certificate), "identity install");
}

static void certify(struct test_instance *t, struct test_house *h, enum person who)
{
	must(admin_certify(&t->admin, sv_of(h->people[OFFICER].login), SV(TEST_PASSWORD), h->people[who].user), "certify");
}

void person_vouch(struct test_instance *t, const struct test_person *by, struct id user, uint32_t roles)
{
	struct test_person p = *by;
	struct token fresh;
	struct ctx c;

	person_login(t, &p);
	ctx_for(t, &c, &p.actor);
	must(keeper_step_up(&c, FACTOR_DEMO, SV(""), &fresh), "step up");
	p.actor.token = fresh;
	must(keeper_colleague_act(&c, COLLEAGUE_VOUCH, user, roles), "vouch");
	must(keeper_logout(&c, &fresh), "logout");
	ctx_close(&c);
}

/* The founding: the supervisor holds the house's keys when the others come, and says that he knows them. */
static void certify_all(struct test_instance *t, struct test_house *h)
{
	certify(t, h, OFFICER);
	certify(t, h, SUPERVISOR);
	for (int i = SUPERVISOR; i-- > 0;) {
		person_vouch(t, &h->people[SUPERVISOR], h->people[i].user, ROLE_BIT(post[i]));
		certify(t, h, (enum person)i);
	}
}

void house_found(struct test_instance *t, struct test_house *h, const char *name)
{
	struct sv officer;

	*h = (struct test_house){ .id = id_new() };
	must(admin_organisation(&t->admin, h->id, sv_of(name)), "organisation");
	for (int i = 0; i < PERSON_COUNT; i++)
		admit(t, h, (enum person)i, name);
	officer = sv_of(h->people[OFFICER].login);
	identify(t, officer);
	certify_all(t, h);
	must(admin_attend(&t->admin, sv_of(h->people[SUPERVISOR].login), SV(TEST_PASSWORD)), "supervisor attends");
	must(admin_attend(&t->admin, officer, SV(TEST_PASSWORD)), "officer attends");
}

void programme_found(struct test_instance *t, struct test_programme *p)
{
	struct sv officer = SV("programme.officer"), me = SV("programme.me");

	*p = (struct test_programme){ .id = id_new(), .officer.login = "programme.officer", .me.login = "programme.me" };
	must(admin_organisation(&t->admin, p->id, SV("programme")), "programme");
	must(admin_programme(&t->admin, p->id), "programme");
	admit_as(t, &p->officer, p->id, ROLE_SECURITY_OFFICER);
	admit_as(t, &p->me, p->id, ROLE_ME);
	identify(t, officer);
	must(admin_certify(&t->admin, officer, SV(TEST_PASSWORD), p->officer.user), "certify");
	must(admin_certify(&t->admin, officer, SV(TEST_PASSWORD), p->me.user), "certify");
	must(admin_attend(&t->admin, me, SV(TEST_PASSWORD)), "who reads figures attends");
	must(admin_attend(&t->admin, officer, SV(TEST_PASSWORD)), "officer attends");
}

void route_all(struct test_instance *t, struct id desk, struct id fallback)
{
	must(admin_route(&t->admin, 0, desk, fallback), "route");
}

void person_login(struct test_instance *t, struct test_person *p)
{
	struct token half;

	must(keeper_login(&t->ctx, sv_of(p->login), SV(TEST_PASSWORD), NULL, &half), "login");
	must(keeper_second(&t->ctx, &half, FACTOR_DEMO, SV("demo"), &p->token, NULL), "second");
	must(keeper_session(&t->ctx, &p->token, &p->actor), "session");
}

void house_login(struct test_instance *t, struct test_house *h)
{
	for (int i = 0; i < PERSON_COUNT; i++)
		person_login(t, &h->people[i]);
}

void ctx_for(struct test_instance *t, struct ctx *c, const struct actor *who)
{
	fresh_ctx(c, t->arena, who);
	connect_to(t, c, "keeper.sock");
}

void ctx_close(struct ctx *c)
{
	keeper_close(c->keeper);
	c->keeper = NULL;
}

/* --- sets ---------------------------------------------------------------------------------------------------------------------- */

#define TEST_TYPE 2

static enum status settle(struct ctx *c, const struct seal_set *set, bool in_force)
{
	const struct settled s = { set->first_seq, in_force };

	return keeper_settle(c->keeper, &s, 1);
}

static void keep(struct ctx *c, const struct seal_set *set, struct stored_part *out)
{
	const struct seal_part *p = &set->parts[0];

	*out = (struct stored_part){ .part = { .record = p->record,
					       .dossier = p->dossier,
					       .origin = p->origin,
					       .type = p->type,
					       .class = p->class,
					       .schema = p->schema,
					       .version = p->version,
					       .blob = arena_copy(c->arena, p->blob) },
				     .first_seq = set->first_seq };
	for (size_t i = 0; i < set->wrap_count && out->key_count < 8; i++)
		if (id_equal(set->wraps[i].key, p->key_id))
			out->keys[out->key_count++] = set->wraps[i];
}

enum status report_send(struct test_instance *t, struct ctx *c, struct public_report *p, struct id dossier, const char *text,
			struct stored_part *out, bool settled)
{
	const struct right_change create = { .what = RIGHT_CREATE, .kind = DOSSIER_REPORT, .dossier = dossier };
	struct seal_part part = { .record = dossier,
				  .dossier = dossier,
				  .type = TEST_TYPE,
				  .class = REPORT,
				  .schema = 1,
				  .version = 1,
				  .first = true,
				  .plain = sv_of(text) };
	struct seal_set set = {
		.event = EV_CREATE, .parts = &part, .part_count = 1, .rights = &create, .right_count = 1, .report = p
	};

	TRY(keeper_seal(c, &set));
	if (p->repeated)
		return OK;
	keep(c, &set, out);
	return settled ? settle(c, &set, true) : OK;
}

enum status message_add(struct ctx *c, struct id dossier, enum class class, const char *text, struct stored_part *out)
{
	struct seal_part part = { .record = id_new(),
				  .dossier = dossier,
				  .type = TEST_TYPE,
				  .class = class,
				  .schema = 1,
				  .version = 1,
				  .first = true,
				  .fresh_key = true,
				  .plain = sv_of(text) };
	struct seal_set set = { .event = EV_WRITE, .parts = &part, .part_count = 1 };

	TRY(keeper_seal(c, &set));
	keep(c, &set, out);
	return settle(c, &set, true);
}

enum status part_open(struct ctx *c, enum open_how how, const struct stored_part *s, struct sv *plain)
{
	enum status status = E_DENIED;

	for (size_t i = 0; i < s->key_count && status != OK; i++) {
		struct sealed_part part = s->part;

		part.key = 0;
		TRY(keeper_open(c, how, &s->keys[i], 1, &part, 1));
		status = part.status;
		if (plain != NULL)
			*plain = part.plain;
		if (status == E_CRYPTO)
			return status;
	}
	return status;
}
