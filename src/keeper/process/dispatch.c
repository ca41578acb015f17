/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of calls, and one request's frame: a savepoint where rows may change, the leaf of a refusal, keys wiped after. */
#include "keeper/people/admission.h"
#include "keeper/people/ceremony.h"
#include "keeper/sealed/data.h"

#include "base/wipe.h"

struct entry {
	enum status (*handle)(struct service *s, struct request *r);
	bool stores;  /* rows may change: undone when it fails */
	bool decides; /* a refusal is a leaf */
};
static const struct entry entries[CALL_COUNT] = {
	[CALL_LOGIN] = { call_login, true, false },
	[CALL_SECOND] = { call_second, true, false },
	[CALL_SESSION] = { call_session, false, false },
	[CALL_LOGOUT] = { call_logout, false, false },
	[CALL_DRAFT_SAVE] = { call_draft_save, true, false },
	[CALL_DRAFTS] = { call_drafts, true, false },
	[CALL_DRAFT_DROP] = { call_draft_drop, true, false },
	[CALL_INSTANCE] = { call_instance, false, false },
	[CALL_OPEN] = { call_open, true, true },
	[CALL_SEAL] = { call_seal, true, true },
	[CALL_SETTLE] = { call_settle, true, false },
	[CALL_PENDING] = { call_pending, true, false },
	[CALL_RECONCILE] = { call_reconcile, true, false },
	[CALL_FILE_BEGIN] = { call_file_begin, true, true },
	[CALL_FILE_SEAL] = { call_file_seal, true, true },
	[CALL_FILE_OPEN] = { call_file_open, true, true },
	[CALL_MAILBOX] = { call_mailbox, true, false },
	[CALL_MEMBERS] = { call_members, true, false },
	[CALL_VISIBLE] = { call_visible, true, false },
	[CALL_OPENERS] = { call_openers, true, true },
	[CALL_NAME_SET] = { call_name_set, true, true },
	[CALL_NAMES] = { call_names, true, true },
	[CALL_SIGNATURES] = { call_signatures, true, false },
	[CALL_DROPS] = { call_drops, true, true },
	[CALL_DROPS_COUNT] = { call_drops_count, true, true },
	[CALL_SHARED_DESK] = { call_shared_desk, false, false },
	[CALL_INVITE] = { call_invite, true, true },
	[CALL_INVITE_END] = { call_invite_end, true, true },
	[CALL_JOIN_LOOK] = { call_join_look, true, false },
	[CALL_JOIN] = { call_join, true, false },
	[CALL_JOIN_FACTORS] = { call_join_factors, true, false },
	[CALL_JOIN_PROVE] = { call_join_prove, true, false },
	[CALL_PEOPLE] = { call_people, true, false },
	[CALL_HOSTS] = { call_hosts, true, false },
	[CALL_IDENTITY] = { call_identity, true, false },
	[CALL_COLLEAGUE_ACT] = { call_colleague_act, true, true },
	[CALL_STEP_UP] = { call_step_up, true, false },
	[CALL_RECOVER] = { call_recover, true, false },
	[CALL_NEW_PASSWORD] = { call_new_password, true, true },
	[CALL_NEW_RECOVERY] = { call_new_recovery, true, true },
	[CALL_ADMIN_ORGANISATION] = { call_admin_organisation, true, false },
	[CALL_ADMIN_MEMBER] = { call_admin_member, true, false },
	[CALL_ADMIN_IDENTITY_REQUEST] = { call_admin_identity_request, true, false },
	[CALL_ADMIN_IDENTITY_INSTALL] = { call_admin_identity_install, true, false },
	[CALL_ADMIN_CERTIFY] = { call_admin_certify, true, false },
	[CALL_ADMIN_ATTEND] = { call_admin_attend, true, false },
	[CALL_ADMIN_ROUTE] = { call_admin_route, true, false },
	[CALL_ADMIN_FREEZE] = { call_admin_freeze, true, false },
	[CALL_ADMIN_INVITE] = { call_admin_invite, true, false },
	[CALL_ADMIN_HOST] = { call_admin_host, true, false },
	[CALL_ADMIN_ROLES] = { call_admin_roles, true, false },
	[CALL_ADMIN_DESK] = { call_admin_desk, true, false },
	[CALL_ADMIN_PROGRAMME] = { call_admin_programme, true, false },
	[CALL_ADMIN_STATISTICS] = { call_admin_statistics, true, false },
	[CALL_ADMIN_HOLD] = { call_admin_hold, true, false },
	[CALL_ADMIN_RESTORED] = { call_admin_restored, true, false },
};

/* What a failed request changed goes, in the database and in RAM. */
static enum status undo(struct service *s, struct request *r, const struct entry *e, enum status why)
{
	uint64_t before = s->journal.tree.size;
	bool changed = before != s->journal.request.size;

	r->out->n = 0;
	s->journal.in_set = false;
	TRY(request_end(s, false));
	if (changed)
		dossiers_forget_all(s);
	if (s->directory.touched)
		TRY(directory_load(s));
	alarms_again(s);
	if (e->decides && why == E_DENIED)
		TRY(denied_leaf(s, &r->asked, r->denied, r->denied_mask));
	return why;
}

/* A row of another set that is not settled stands in the way: once more after the next settle, or busy when that took too long. */
static enum status after_the_other(struct service *s, struct request *r)
{
	s->journal.clash = false;
	r->park = !r->late;
	r->retry_s = 1;
	return E_BUSY;
}

static enum status with_savepoint(struct service *s, struct request *r, const struct entry *e)
{
	enum status status;

	s->alarm_n = 0;
	s->journal.clash = false;
	s->directory.touched = false;
	TRY(request_begin(s));
	status = e->handle(s, r);
	if (status == OK && buf_ok(r->out) != OK)
		status = E_LIMIT;
	if (status != OK && !r->keep) {
		status = undo(s, r, e, status);
		return s->journal.clash && status == E_BUSY ? after_the_other(s, r) : status;
	}
	TRY(request_end(s, true));
	return status;
}

enum status dispatch(struct service *s, struct request *r)
{
	const struct entry *e;
	enum status status;

	if (r->call <= 0 || r->call >= CALL_COUNT || entries[r->call].handle == NULL || (r->call >= CALL_ADMIN_FIRST && !r->admin))
		return E_DENIED;
	e = &entries[r->call];
	status = e->stores ? with_savepoint(s, r, e) : e->handle(s, r);
	wipe(s->bench, sizeof(*s->bench));
	return status;
}
