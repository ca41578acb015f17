/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A report closed as false alarm or malicious: what stays, what goes, for the desk, the code, the disk and yesterday's copy. */
#include "intake_kit.h"

#include "base/random.h"
#include "store/store.h"

#include <sqlite3.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define DESK_C (&kit.road.desk)
#define CASE_C (&kit.road.second)
#define NOBODY (&kit.road.nobody)

/* --- the disk ---------------------------------------------------------------------------------------------------------------- */

static sqlite3 *open_db(const char *file)
{
	char path[400];
	sqlite3 *db;

	(void)snprintf(path, sizeof(path), "%s/%s", kit.road.instance.dir, file);
	assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
	(void)sqlite3_busy_timeout(db, 5000);
	return db;
}

/* First column of the first row: a number, or bytes when `out` is given. */
static int64_t ask_db(const char *file, const char *sql, struct id dossier, uint8_t *out, size_t n)
{
	sqlite3 *db = open_db(file);
	sqlite3_stmt *q;
	int64_t number = -1;

	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &q, NULL), SQLITE_OK);
	(void)sqlite3_bind_blob(q, 1, dossier.b, 16, SQLITE_STATIC);
	if (sqlite3_step(q) == SQLITE_ROW) {
		number = sqlite3_column_int64(q, 0);
		if (out != NULL) {
			assert_int_equal(sqlite3_column_bytes(q, 0), n);
			memcpy(out, sqlite3_column_blob(q, 0), n);
		}
	}
	(void)sqlite3_finalize(q);
	(void)sqlite3_close(db);
	return number;
}

static int64_t parts_of(struct id report)
{
	return ask_db("main/main.db", "SELECT count(*) FROM part p, dossier d WHERE d.id = $1 AND p.key >> 20 = d.number", report,
		      NULL, 0);
}

static int64_t rows_of(const char *table, struct id report)
{
	char sql[200];

	(void)snprintf(sql, sizeof(sql), "SELECT count(*) FROM %s WHERE dossier = (SELECT number FROM dossier WHERE id = $1)",
		       table);
	return ask_db("main/main.db", sql, report, NULL, 0);
}

static void file_path(struct id report, char path[500])
{
	struct id file;
	char hex[33];

	(void)ask_db("main/main.db", "SELECT id FROM file WHERE dossier = (SELECT number FROM dossier WHERE id = $1)", report,
		     file.b, 16);
	id_hex(file, hex);
	(void)snprintf(path, 500, "%s/main/files/%.2s/%s", kit.road.instance.dir, hex, hex);
}

/* A consistent copy of a database beside it, as a backup takes it. */
static void copy_db(const char *file, const char *name)
{
	sqlite3 *db = open_db(file);
	char sql[500];

	(void)snprintf(sql, sizeof(sql), "VACUUM INTO '%s/%s'", kit.road.instance.dir, name);
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	(void)sqlite3_close(db);
}

static void put_back(const char *name, const char *file)
{
	static const char *const logs[] = { "-wal", "-shm" };
	char from[400], to[400];

	for (int i = 0; i < 2; i++) {
		(void)snprintf(to, sizeof(to), "%s/%s%s", kit.road.instance.dir, file, logs[i]);
		(void)unlink(to);
	}
	(void)snprintf(from, sizeof(from), "%s/%s", kit.road.instance.dir, name);
	(void)snprintf(to, sizeof(to), "%s/%s", kit.road.instance.dir, file);
	assert_int_equal(rename(from, to), 0);
}

/* --- a report with everything -------------------------------------------------------------------------------------------------- */

struct full {
	struct id id;
	struct public_receipt receipt;
	char file[500];
	uint8_t share[32];
};

static void say_answer(struct id id, const char *text, const char *state)
{
	struct report_answer in = { .act = act_on(DESK_C, id), .answer = sv_of(text), .shown_state = sv_of(state) };

	assert_int_equal(report_answer(DESK_C, &in), OK);
}

static struct full full_report(const char *text)
{
	struct full f = { .id = came_by_web(text, false, &f.receipt) };
	struct report_edit edit = { .subject = SV("the maid of the Alaoui family"),
				    .facts = { .region = SV("MA-06"),
					       .child = SV("no"),
					       .sectors = SV("domestic_work"),
					       .language = SV("fr"),
					       .contact_way = SV("phone"),
					       .contact_phone = SV("+212 500 000 009"),
					       .contact_word = SV("bread") } };
	struct file_form file = { .name = SV("contract.txt"), .mime = SV("text/plain"), .content = SV("her name") };
	struct report_triage triage = { .act = act_on(DESK_C, f.id), .risk = SV("low") };

	assert_int_equal(report_triage(DESK_C, &triage), OK);
	edit.act = act_on(DESK_C, f.id);
	assert_int_equal(report_edit(DESK_C, &edit), OK);
	file.act = act_on(DESK_C, f.id);
	assert_int_equal(file_add(DESK_C, &file), OK);
	assert_int_equal(report_note(DESK_C, &(struct report_note){ .act = act_on(DESK_C, f.id), .text = SV("Rachida is well") }),
			 OK);
	say_answer(f.id, "thank you, we saw Rachida", "in_hand");
	file_path(f.id, f.file);
	assert_int_equal(access(f.file, F_OK), 0);
	(void)ask_db("keeper/shred.db", "SELECT share FROM share WHERE dossier = $1", f.id, f.share, 32);
	return f;
}

static struct mailbox mailbox_of(const struct full *f, struct ctx *c)
{
	struct mailbox m;

	mailbox_open(c, f->receipt.code);
	assert_int_equal(mailbox_load(c, &m), OK);
	return m;
}

static enum status close_as(struct ctx *c, struct id id, const char *closure, const char *answer)
{
	struct report_close in = {
		.act = act_on(c, id), .closure = sv_of(closure), .text = SV("met Rachida alone"), .answer = sv_of(answer)
	};

	random_fill(in.act.key, sizeof(in.act.key));
	return report_close(c, &in);
}

/* No word, no name, no way to anybody: the codes alone. */
static void is_stripped(struct ctx *c, struct id id, const char *closure)
{
	struct report_view v = shown(c, id);
	const struct report_facts *f = &v.head.facts;

	assert_true(v.head.stripped_at > 0 && sv_is(v.head.closure, closure));
	assert_true(sv_is(v.head.channel, "web") && sv_is(v.head.risk, "low") && sv_is(f->region, "MA-06"));
	assert_true(sv_is(f->sectors, "domestic_work") && sv_is(f->child, "no") && v.head.received_at > 0);
	assert_true(v.head.subject.n == 0 && f->contact_way.n == 0 && f->contact_phone.n == 0 && f->contact_word.n == 0);
	assert_true(f->language.n == 0 && f->reporter_type.n == 0 && v.contact.call == CALL_NOT_ASKED);
	assert_true(v.files_n == 0 && v.changes_n == 0);
	for (size_t i = 0; i < v.messages_n; i++)
		assert_true(v.messages[i].kind == MESSAGE_EVENT || v.messages[i].kind == MESSAGE_ANSWER);
}

/* --- tests ---------------------------------------------------------------------------------------------------------------------- */

static void test_false_alarm_is_stripped(void **state)
{
	struct full f = full_report("At the doctor of the 5th floor the maid never goes out alone");
	struct report_view v;
	struct mailbox m;
	uint8_t share[32];
	struct ctx mail;

	assert_true(parts_of(f.id) > 4 && rows_of("file", f.id) == 1);
	assert_int_equal(close_as(DESK_C, f.id, "false_alarm", ""), OK);
	is_stripped(DESK_C, f.id, "false_alarm");
	v = shown(DESK_C, f.id);
	assert_int_equal(v.head.state, STATE_CLOSED);
	assert_int_equal(v.messages_n, 1); /* that it was closed, when, by whom, for which reason; not in which words */
	assert_true(sv_is(v.messages[0].step, "closed") && v.messages[0].text.n == 0);
	assert_int_equal(parts_of(f.id), 3); /* head, event, state of the mailbox */
	assert_int_equal(rows_of("file", f.id), 0);
	assert_int_equal(access(f.file, F_OK), -1);
	assert_int_equal(ask_db("main/main.db", "SELECT count(*) FROM history WHERE record = $1", f.id, NULL, 0), 0);
	assert_int_equal(ask_db("keeper/shred.db", "SELECT count(*) FROM share WHERE dossier = $1", f.id, NULL, 0), 1);
	(void)ask_db("keeper/shred.db", "SELECT share FROM share WHERE dossier = $1", f.id, share, 32);
	assert_memory_not_equal(share, f.share, 32);

	m = mailbox_of(&f, &mail); /* the state moved by no byte; the answer's words are gone */
	assert_true(sv_is(m.shown_state, "in_hand") && m.answer.n == 0);
	kit_disconnect(&mail);
}

static void test_last_word_reaches_the_code(void **state)
{
	struct full f = full_report("The neighbour of the parking place");
	struct mailbox m;
	struct ctx mail;

	assert_int_equal(close_as(DESK_C, f.id, "malicious", "Thank you, we have looked."), OK);
	is_stripped(DESK_C, f.id, "malicious");
	m = mailbox_of(&f, &mail);
	assert_true(sv_is(m.shown_state, "ended") && sv_is(m.answer, "Thank you, we have looked."));
	kit_disconnect(&mail);
}

static void test_last_word_with_any_reason(void **state)
{
	struct full f = full_report("Somebody wrote twice");
	struct id no_code = typed_in(DESK_C, "typed without a code", "low");
	struct report_view v;
	struct mailbox m;
	struct ctx mail;

	assert_int_equal(close_as(DESK_C, f.id, "duplicate", "We had it already."), OK);
	m = mailbox_of(&f, &mail);
	assert_true(sv_is(m.shown_state, "ended") && sv_is(m.answer, "We had it already."));
	kit_disconnect(&mail);
	v = shown(DESK_C, f.id);
	assert_true(v.head.stripped_at == 0 && v.files_n == 1 && v.head.subject.n > 0);
	assert_int_equal(close_as(DESK_C, no_code, "duplicate", "nobody reads this"), E_STATE);
}

static void test_reopened_works_on_the_remainder(void **state)
{
	struct full f = full_report("The same household again");
	struct report_reopen again = { .text = SV("new information") };
	struct report_view v;
	struct ctx mail;

	assert_int_equal(close_as(DESK_C, f.id, "false_alarm", ""), OK);
	(void)mailbox_of(&f, &mail);
	assert_int_equal(mailbox_reply(&mail, &(struct mailbox_reply){ .text = SV("it is true after all") }), OK);
	kit_disconnect(&mail);
	again.act = act_on(DESK_C, f.id);
	assert_int_equal(report_reopen(DESK_C, &again), OK);
	v = shown(DESK_C, f.id);
	assert_true(v.head.state == STATE_TRIAGE && v.head.closure.n == 0 && v.head.stripped_at > 0);
	assert_true(sv_is(v.messages[1].text, "it is true after all") && sv_is(v.messages[2].step, "reopened"));
	say_answer(f.id, "we look again", "asked");
	assert_int_equal(close_as(DESK_C, f.id, "malicious", ""), OK);
	is_stripped(DESK_C, f.id, "malicious");
	assert_int_equal(ask_db("keeper/shred.db", "SELECT count(*) FROM share WHERE dossier = $1", f.id, NULL, 0), 1);
}

/* He reads heads and does not write them; what stays of one he may seal. */
static void test_case_manager_strips(void **state)
{
	struct full f = full_report("Assigned and then found empty");
	struct report_assign assign = { .act = act_on(DESK_C, f.id), .user = kit.road.noor.people[CASE_MANAGER].user };

	assert_int_equal(report_assign(DESK_C, &assign), OK);
	assert_int_equal(close_as(CASE_C, f.id, "false_alarm", ""), OK);
	is_stripped(CASE_C, f.id, "false_alarm");
	is_stripped(DESK_C, f.id, "false_alarm");
}

/* What came after the page was shown is read before it is erased. */
static void test_unseen_words_are_not_erased(void **state)
{
	struct full f = full_report("Closed while the reporter writes");
	struct report_close in = { .act = act_on(DESK_C, f.id), .closure = SV("false_alarm") };
	struct report_view v;
	struct ctx mail;

	(void)mailbox_of(&f, &mail);
	assert_int_equal(mailbox_reply(&mail, &(struct mailbox_reply){ .text = SV("wait, there is more") }), OK);
	kit_disconnect(&mail);
	assert_int_equal(report_close(DESK_C, &in), E_STALE);
	FORGET(DESK_C);
	v = shown(DESK_C, f.id);
	assert_true(v.head.stripped_at == 0 && sv_is(v.messages[v.messages_n - 1].text, "wait, there is more"));
}

/* The database failing at every call: closed and stripped, or nothing of both. */
static void test_stripping_under_faults(void **state)
{
	bool failed = true;

	for (uint64_t n = 1; failed; n++) {
		struct report_close in = { .closure = SV("false_alarm") };
		struct report_view v;
		enum status s;
		struct id id;

		(void)intake_between(NULL);
		id = typed_in(DESK_C, "to be stripped while the disk fails", "low");
		in.act = act_on(DESK_C, id);
		random_fill(in.act.key, sizeof(in.act.key));
		store_fail_at(kit.road.store, n);
		s = report_close(DESK_C, &in);
		store_fail_at(kit.road.store, 0);
		failed = s != OK;
		FORGET(DESK_C);
		v = shown(DESK_C, id);
		if (v.head.state == STATE_CLOSED)
			assert_true(v.head.stripped_at > 0 && v.messages_n == 1 && v.head.subject.n == 0);
		else
			assert_true(v.head.stripped_at == 0 && v.messages_n == 1 && v.head.subject.n > 0);
		assert_int_equal(report_close(DESK_C, &in), OK);
		assert_true(shown(DESK_C, id).head.stripped_at > 0);
		assert_true(n < 200);
	}
}

/* Yesterday's DIR/main and keeper.db beside today's shred.db. Last: the instance is the old one afterwards. */
static void test_T_ERA_1_old_copies_open_nothing(void **state)
{
	struct full f = full_report("What an old copy still holds"), other = full_report("What it may open");
	struct report_view v;
	struct id file = shown(DESK_C, f.id).files[0].id;
	struct file_content content;
	char kept[520];

	(void)snprintf(kept, sizeof(kept), "%s.kept", f.file);
	assert_int_equal(link(f.file, kept), 0);
	copy_db("main/main.db", "main.copy");
	copy_db("keeper/keeper.db", "keeper.copy");
	assert_int_equal(close_as(DESK_C, f.id, "false_alarm", ""), OK);
	(void)shown(DESK_C, f.id);

	intake_away();
	put_back("main.copy", "main/main.db");
	put_back("keeper.copy", "keeper/keeper.db");
	assert_int_equal(rename(kept, f.file), 0);
	intake_back();
	assert_true(parts_of(f.id) > 4);
	assert_int_equal(report_load(DESK_C, f.id, &v), E_NOTFOUND);
	FORGET(DESK_C);
	assert_int_not_equal(file_read(DESK_C, file, &content), OK);
	FORGET(DESK_C);
	v = shown(DESK_C, other.id); /* and what was not erased is all there */
	assert_true(v.files_n == 1 && v.head.subject.n > 0);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup(f, intake_between)
	const struct CMUnitTest tests[] = {
		TEST(test_false_alarm_is_stripped),   TEST(test_last_word_reaches_the_code),
		TEST(test_last_word_with_any_reason), TEST(test_reopened_works_on_the_remainder),
		TEST(test_case_manager_strips),       TEST(test_unseen_words_are_not_erased),
		TEST(test_stripping_under_faults),    TEST(test_T_ERA_1_old_copies_open_nothing),
	};

	return cmocka_run_group_tests(tests, intake_setup, intake_teardown);
}
