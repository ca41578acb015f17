/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the journal proves, what stops a start, what a kill leaves behind, and what an idle keeper's memory and files do not hold. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/random.h"
#include "tamper.h"

static struct test_instance t;
static struct test_house noor;

/* A main database: what earlier tests left in force, and the parts at hand. */
static struct stored_part kept[16];
static size_t kept_n;

static void keep(const struct stored_part *part)
{
	assert_true(kept_n < sizeof(kept) / sizeof(kept[0]));
	kept[kept_n++] = *part;
}

struct store {
	const struct stored_part *parts;
	size_t n;
};

static enum status look_up(void *arg, struct id record, uint16_t type, uint8_t class, bool *found, uint64_t *version,
			   uint8_t hash[32])
{
	const struct store *s = arg;

	*found = false;
	for (size_t i = 0; i < kept_n; i++)
		if (id_equal(kept[i].part.record, record) && kept[i].part.class == class) {
			*found = true;
			*version = kept[i].part.version;
			hash32(hash, kept[i].part.blob.p, kept[i].part.blob.n);
		}
	for (size_t i = 0; i < s->n; i++)
		if (id_equal(s->parts[i].part.record, record) && s->parts[i].part.class == class) {
			*found = true;
			*version = s->parts[i].part.version;
			hash32(hash, s->parts[i].part.blob.p, s->parts[i].part.blob.n);
		}
	return OK;
}

static struct verify_report verify(const struct stored_part *parts, size_t n)
{
	struct store s = { parts, n };
	struct verify_report r;

	assert_int_equal(keeper_verify(&t.ctx, t.dir, look_up, &s, &r), OK);
	if (r.wrong > 0)
		print_message("verify: %s\n", r.first_wrong);
	return r;
}

static struct ctx desk_ctx(void)
{
	struct ctx c;

	person_login(&t, &noor.people[DESK]);
	ctx_for(&t, &c, &noor.people[DESK].actor);
	return c;
}

static void send_one(struct stored_part *sent, struct public_report *p, bool settled)
{
	*p = new_ticket();
	assert_int_equal(report_send(&t, &t.ctx, p, id_new(), "somebody is held", sent, settled), OK);
}

static void restart(int sig)
{
	instance_stop(&t, sig);
	instance_start(&t);
}

/* --- recovery ------------------------------------------------------------------------------------------------------------------- */

static void reconcile(const struct stored_part *stored)
{
	struct pending_part *parts;
	size_t n;

	assert_int_equal(keeper_pending(&t.ctx, &parts, &n), OK);
	assert_int_equal(n, 1);
	if (stored != NULL) {
		uint8_t hash[32];

		hash32(hash, stored->part.blob.p, stored->part.blob.n);
		assert_memory_equal(hash, parts[0].hash, sizeof(hash));
		assert_true(id_equal(parts[0].record, stored->part.record));
		assert_int_equal(parts[0].seq >= stored->first_seq, 1);
	}
	parts[0].stored = stored != NULL;
	assert_int_equal(keeper_reconcile(&t.ctx, parts, n), OK);
	assert_int_equal(keeper_pending(&t.ctx, &parts, &n), OK);
	assert_int_equal(n, 0);
}

static void test_killed_after_seal_and_stored(void **state)
{
	struct public_report p;
	struct stored_part sent;
	struct token mail;
	struct ctx desk;

	send_one(&sent, &p, false);
	assert_int_equal(verify(&sent, 1).wrong, 0);
	restart(SIGKILL);
	reconcile(&sent);
	assert_int_equal(verify(&sent, 1).wrong, 0);
	desk = desk_ctx();
	assert_int_equal(part_open(&desk, OPEN_DOSSIER, &sent, NULL), OK);
	assert_int_equal(keeper_mailbox(&t.ctx, sv_of(p.code), &mail), OK);
	ctx_close(&desk);
	keep(&sent);
}

static void test_killed_after_seal_and_not_stored(void **state)
{
	int64_t shares = db_number(&t, "shred.db", "SELECT count(*) FROM share"), dossiers, voids = leaf_count(&t, EV_VOID);
	struct public_report p;
	struct stored_part sent;
	struct token mail;
	struct ctx desk;

	dossiers = db_number(&t, "keeper.db", "SELECT count(*) FROM row WHERE kind=11");
	send_one(&sent, &p, false);
	restart(SIGKILL);
	reconcile(NULL);
	assert_int_equal(db_number(&t, "shred.db", "SELECT count(*) FROM share"), shares);
	assert_int_equal(db_number(&t, "keeper.db", "SELECT count(*) FROM row WHERE kind=11"), dossiers);
	assert_true(leaf_count(&t, EV_VOID) > voids);
	assert_int_equal(verify(NULL, 0).wrong, 0);
	desk = desk_ctx();
	assert_int_equal(part_open(&desk, OPEN_DOSSIER, &sent, NULL), E_DENIED);
	assert_int_equal(keeper_mailbox(&t.ctx, sv_of(p.code), &mail), E_DENIED);
	ctx_close(&desk);
}

static void test_void_set_frees_its_ticket(void **state)
{
	struct public_report p = new_ticket();
	struct settled s = { .in_force = false };
	struct stored_part sent;

	assert_int_equal(report_send(&t, &t.ctx, &p, id_new(), "first try", &sent, false), OK);
	s.first_seq = sent.first_seq;
	assert_int_equal(keeper_settle(t.ctx.keeper, &s, 1), OK);
	assert_int_equal(report_send(&t, &t.ctx, &p, id_new(), "second try", &sent, false), OK);
	assert_false(p.repeated);
	s.first_seq = sent.first_seq;
	assert_int_equal(keeper_settle(t.ctx.keeper, &s, 1), OK);
}

/* --- what stops a start ------------------------------------------------------------------------------------------------------------ */

static void refuses_after(const char *edit, const char *back)
{
	instance_stop(&t, SIGTERM);
	db_do(&t, "keeper.db", edit);
	assert_int_equal(instance_start_fails(&t), 1);
	db_do(&t, "keeper.db", back);
	instance_start(&t);
}

/* No leaf, no plaintext: also what a save reads before it changes it, for a lying web would only ever say that it saves. */
static void test_T_JRN_4_every_way_of_opening_has_its_leaf(void **state)
{
	static const enum open_how ways[] = { OPEN_LIST, OPEN_DOSSIER, OPEN_CHECK };
	struct public_report p;
	struct stored_part sent;
	struct ctx desk;

	send_one(&sent, &p, true);
	desk = desk_ctx();
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		int64_t before = leaf_count(&t, EV_OPEN);

		assert_int_equal(part_open(&desk, ways[i], &sent, NULL), OK);
		assert_int_equal(leaf_count(&t, EV_OPEN), before + 1);
	}
	ctx_close(&desk);
}

static void test_T_PRIV_4_edited_rights_row(void **state)
{
	/* roles of a member: 64 bytes of ids come before */
	refuses_after(
		"CREATE TABLE was AS SELECT * FROM row; UPDATE row SET body=CAST(substr(body,1,64)||x'0f000000'||substr(body,69) AS BLOB) WHERE kind=3",
		"DELETE FROM row; INSERT INTO row SELECT * FROM was; DROP TABLE was");
	/* a certificate's revocation flag, a slot, the instance's pinned root */
	refuses_after("UPDATE row SET body=CAST(substr(body,1,248)||x'01' AS BLOB) WHERE kind=6",
		      "UPDATE row SET body=CAST(substr(body,1,248)||x'00' AS BLOB) WHERE kind=6");
	refuses_after("UPDATE row SET leaf=leaf-1 WHERE kind=4", "UPDATE row SET leaf=leaf+1 WHERE kind=4");
}

static void test_T_JRN_6_unmaced_leaf(void **state)
{
	refuses_after(
		"UPDATE leaf SET mac=CAST(x'00000000000000000000000000000000'||mac AS BLOB) WHERE seq=(SELECT max(seq) FROM leaf)",
		"UPDATE leaf SET mac=substr(mac,17) WHERE seq=(SELECT max(seq) FROM leaf)");
	instance_stop(&t, SIGTERM);
	db_do(&t, "keeper.db",
	      "CREATE TABLE last AS SELECT * FROM leaf ORDER BY seq DESC LIMIT 1;"
	      "UPDATE leaf SET mac=x'00112233445566778899aabbccddeeff' WHERE seq=(SELECT max(seq) FROM leaf)");
	assert_int_equal(instance_start_fails(&t), 1);
	assert_true(verify(NULL, 0).wrong > 0);
	db_do(&t, "keeper.db", "UPDATE leaf SET mac=(SELECT mac FROM last) WHERE seq=(SELECT seq FROM last); DROP TABLE last");
	instance_start(&t);
}

/* --- rewriting ------------------------------------------------------------------------------------------------------------------------ */

struct rewriting {
	struct tree tree;
	uint64_t stop;
	uint8_t root[32];
	bool edit;
};

static void take_leaf(void *arg, struct sv body)
{
	struct rewriting *r = arg;
	uint8_t leaf[AMJ1_SIZE], hash[32];

	assert_int_equal(body.n, sizeof(leaf));
	memcpy(leaf, body.p, sizeof(leaf));
	if (r->edit && r->tree.size == 5)
		leaf[24] ^= 1; /* another actor */
	leaf_hash(hash, leaf);
	tree_append(&r->tree, hash);
	if (r->tree.size == r->stop)
		tree_root(r->root, &r->tree);
}

static void take_text(void *arg, struct sv text)
{
	*(struct sv *)arg = arena_copy(t.arena, text);
}

static void test_T_JRN_1_rewriting_is_found(void **state)
{
	struct rewriting honest = { .edit = false }, rewritten = { .edit = true };
	struct verify_report before = verify(NULL, 0);
	uint8_t pk[32], seed[32], root[32];
	struct sv old = SV_NONE, secret;
	struct instance i;
	char path[400];

	assert_int_equal(before.wrong, 0);
	/* 1: with the database alone */
	instance_stop(&t, SIGTERM);
	db_do(&t, "keeper.db",
	      "CREATE TABLE was AS SELECT * FROM leaf WHERE seq=5; UPDATE leaf SET body=CAST(substr(body,1,24)||x'ff'||substr(body,26) AS BLOB) WHERE seq=5");
	assert_true(verify(NULL, 0).wrong > 0);
	db_do(&t, "keeper.db", "UPDATE leaf SET body=(SELECT body FROM was) WHERE seq=5; DROP TABLE was");
	assert_int_equal(verify(NULL, 0).wrong, 0);
	/* 2: cut off at the end */
	db_do(&t, "keeper.db",
	      "CREATE TABLE was AS SELECT * FROM leaf ORDER BY seq DESC LIMIT 1; DELETE FROM leaf WHERE seq=(SELECT seq FROM was)");
	assert_true(verify(NULL, 0).wrong > 0);
	db_do(&t, "keeper.db", "INSERT INTO leaf SELECT * FROM was; DROP TABLE was");
	/* 3: with the instance's secret, everything made anew: an old signed root in other hands does not fit */
	db_blobs(&t, "keeper.db", "SELECT body FROM checkpoint ORDER BY size DESC LIMIT 1", take_text, &old);
	instance_start(&t);
	assert_int_equal(keeper_instance(&t.ctx, &i), OK);
	snprintf(path, sizeof(path), "%s/keeper/secret", t.dir);
	secret = file_bytes(&t, path);
	KDF(seed, 32, "amana.log.sign.1", secret.p, 32, i.id.b, 16);
	ed25519_public(pk, seed);
	assert_int_equal(checkpoint_verify(old, pk, &honest.stop, root), OK);
	rewritten.stop = honest.stop;
	db_blobs(&t, "keeper.db", "SELECT body FROM leaf ORDER BY seq", take_leaf, &honest);
	db_blobs(&t, "keeper.db", "SELECT body FROM leaf ORDER BY seq", take_leaf, &rewritten);
	assert_memory_equal(honest.root, root, sizeof(root));
	assert_memory_not_equal(rewritten.root, root, sizeof(root));
}

static void test_T_BIND_2_verify_names_old_parts_and_taken_rows(void **state)
{
	char hex[33], edit[500];
	struct stored_part sent, now;
	struct public_report p;
	struct ctx desk;

	send_one(&sent, &p, true);
	desk = desk_ctx();
	assert_int_equal(part_update(&desk, &sent, "second words", NULL, &now, NULL), OK);
	assert_int_equal(part_open(&desk, OPEN_DOSSIER, &now, NULL), OK); /* settle has been worked off by now */
	ctx_close(&desk);
	instance_stop(&t, SIGTERM);
	assert_int_equal(verify(&now, 1).wrong, 0);
	assert_true(verify(&sent, 1).wrong > 0);
	assert_true(verify(NULL, 0).wrong > 0);
	/* keeper.db put back with the main database: the state before, and the record gone altogether */
	db_do(&t, "keeper.db", head_back(&sent));
	assert_true(verify(&sent, 1).wrong > 0);
	db_do(&t, "keeper.db", head_back(&now));
	assert_int_equal(verify(&now, 1).wrong, 0);
	id_hex(sent.part.record, hex);
	snprintf(edit, sizeof(edit),
		 "CREATE TABLE gone AS SELECT * FROM head WHERE record=x'%s'; DELETE FROM head WHERE record=x'%s'", hex, hex);
	db_do(&t, "keeper.db", edit);
	assert_true(verify(NULL, 0).wrong > 0);
	db_do(&t, "keeper.db", "INSERT INTO head SELECT * FROM gone; DROP TABLE gone");
	/* an old write said to be pending, so that it counts again */
	snprintf(
		edit, sizeof(edit),
		"INSERT INTO pending SELECT seq, seq, x'%s', 2, %d, x'%s', 1, substr(body,129,32) FROM leaf WHERE substr(body,73,16)=x'%s'"
		" AND substr(body,7,2)=x'0000' AND substr(body,6,1)=x'%02x'",
		hex, REPORT, hex, hex, (unsigned)EV_CREATE);
	db_do(&t, "keeper.db", edit);
	assert_true(verify(&now, 1).wrong > 0);
	db_do(&t, "keeper.db", "DELETE FROM pending");
	assert_int_equal(verify(&now, 1).wrong, 0);
	db_do(&t, "keeper.db", "CREATE TABLE was AS SELECT * FROM row; DELETE FROM row WHERE kind=11");
	assert_true(verify(&now, 1).wrong > 0);
	db_do(&t, "keeper.db", "DELETE FROM row; INSERT INTO row SELECT * FROM was; DROP TABLE was");
	instance_start(&t);
}

static void test_row_edited_while_serving_is_refused_at_first_use(void **state)
{
	struct stored_part sent;
	struct public_report p;
	struct ctx desk;

	send_one(&sent, &p, true);
	instance_stop(&t, SIGTERM);
	db_do(&t, "keeper.db",
	      "CREATE TABLE was AS SELECT * FROM row WHERE kind=11; UPDATE row SET body=CAST(substr(body,1,96)||x'02020000'||substr(body,101) AS BLOB) WHERE kind=11");
	instance_start(&t);
	desk = desk_ctx();
	assert_int_equal(part_open(&desk, OPEN_DOSSIER, &sent, NULL), E_DENIED);
	assert_true(leaf_count(&t, EV_ALARM) > 0);
	ctx_close(&desk);
	instance_stop(&t, SIGTERM);
	db_do(&t, "keeper.db",
	      "UPDATE row SET body=(SELECT body FROM was WHERE was.object=row.object) WHERE kind=11; DROP TABLE was");
	instance_start(&t);
	desk = desk_ctx();
	assert_int_equal(part_open(&desk, OPEN_DOSSIER, &sent, NULL), OK);
	ctx_close(&desk);
}

/* --- memory and files ----------------------------------------------------------------------------------------------------------------- */

struct needles {
	uint8_t bytes[64][32];
	size_t n;
};

static bool in_memory(int pid, const struct needles *k, const uint8_t *control, size_t *hits, bool *control_found)
{
	char path[64], line[512];
	static char block[1 << 20];
	FILE *maps;
	int mem;

	snprintf(path, sizeof(path), "/proc/%d/mem", pid);
	mem = open(path, O_RDONLY);
	snprintf(path, sizeof(path), "/proc/%d/maps", pid);
	maps = fopen(path, "r");
	if (mem < 0 || maps == NULL)
		return false;
	*hits = 0;
	*control_found = false;
	while (fgets(line, sizeof(line), maps) != NULL) {
		char *end;
		unsigned long from = strtoul(line, &end, 16), to = strtoul(end + 1, NULL, 16);

		if (to - from > 1ul << 30)
			continue; /* a sanitizer's shadow */
		for (unsigned long at = from; at < to; at += sizeof(block) - 32) {
			size_t want = to - at < sizeof(block) ? to - at : sizeof(block);
			ssize_t n = pread(mem, block, want, (off_t)at);

			for (size_t i = 0; n > 32 && i < k->n; i++)
				*hits += memmem(block, (size_t)n, k->bytes[i], 32) != NULL;
			*control_found = *control_found || (n > 32 && memmem(block, (size_t)n, control, 32) != NULL);
		}
	}
	fclose(maps);
	close(mem);
	return true;
}

static void add_needle(struct needles *k, const void *p)
{
	assert_true(k->n < 64);
	memcpy(k->bytes[k->n++], p, 32);
}

struct unwrapping {
	struct needles *needles;
	uint8_t sk[32];
	struct id organisation;
	const struct stored_part *part;
	bool found;
};

static void take_share(void *arg, struct sv share)
{
	memcpy(arg, share.p, 32);
}

/* A compartment's secret, and what hangs on it: S and K of the part. */
static void unwrap(void *arg, struct sv body)
{
	struct unwrapping *u = arg;
	struct wrap_bind bind = { .organisation = u->organisation };
	struct secret_row row;
	uint8_t secret[32], share[32];
	char hex[33], question[100];
	struct key s, k;

	assert_int_equal(read_secret(body, &row), OK);
	assert_int_equal(amw1_open(secret, 32, row.kind, u->sk, &bind, sv_bytes(row.wrap, sizeof(row.wrap))), OK);
	add_needle(u->needles, secret);
	if (!id_equal(row.wrapped, u->part->keys[0].recipient))
		return;
	bind = (struct wrap_bind){ .dossier = u->part->part.dossier, .class = REPORT, .organisation = u->organisation };
	assert_int_equal(amw1_open(s.b, 32, WRAP_DEK_COMPARTMENT, secret, &bind, u->part->keys[0].wrap), OK);
	add_needle(u->needles, s.b);
	id_hex(u->part->part.dossier, hex);
	snprintf(question, sizeof(question), "SELECT share FROM share WHERE dossier=x'%s'", hex);
	db_blobs(&t, "shred.db", question, take_share, share);
	dek_mix(&k, &s, share, u->part->part.dossier, REPORT, 1, ID_ZERO);
	add_needle(u->needles, k.b);
	u->found = true;
}

static void keys_of(const struct test_person *p, const struct stored_part *part, struct needles *k)
{
	struct sv slot = row_body(&t, ROW_SLOT, row_object(ROW_SLOT, p->user, ID_ZERO, SLOT_PASSWORD)), pepper;
	struct unwrapping u = { .needles = k, .organisation = noor.id, .part = part };
	uint8_t stretched[32], payload[64];
	char path[400], hex[33], question[200];
	struct slot_head head;

	assert_int_equal(amp1_head(slot, &head), OK);
	assert_int_equal(slot_stretch(stretched, SV(TEST_PASSWORD), head.salt, head.argon_t, head.argon_m_kib), OK);
	snprintf(path, sizeof(path), "%s/keeper/pepper", t.dir);
	pepper = file_bytes(&t, path);
	assert_int_equal(amp1_open(payload, slot, stretched, (const uint8_t *)pepper.p), OK);
	add_needle(k, stretched);
	add_needle(k, payload);
	add_needle(k, payload + 32);
	memcpy(u.sk, payload, 32);
	id_hex(p->actor.recipient, hex);
	snprintf(question, sizeof(question), "SELECT body FROM row WHERE kind=%d AND parent=x'%s'", ROW_SECRET, hex);
	db_blobs(&t, "keeper.db", question, unwrap, &u);
	assert_true(u.found);
}

static void test_T_MEM_2_idle_keeper_holds_no_key(void **state)
{
	struct needles k = { .n = 0 };
	struct public_report p;
	struct stored_part sent;
	uint8_t root_pk[32];
	bool control;
	size_t hits;
	struct ctx desk;

	send_one(&sent, &p, true);
	desk = desk_ctx();
	for (int i = 0; i < 3; i++)
		assert_int_equal(part_open(&desk, OPEN_DOSSIER, &sent, NULL), OK);
	keys_of(&noor.people[DESK], &sent, &k);
	add_needle(&k, noor.people[DESK].token.b);
	ed25519_public(root_pk, t.root_seed);
	if (!in_memory(t.pid, &k, root_pk, &hits, &control)) {
		print_message("only root may look into another process: not tried\n");
		skip();
	}
	assert_true(control); /* the search finds what is there */
	assert_int_equal(hits, 0);
	assert_int_equal(part_open(&desk, OPEN_DOSSIER, &sent, NULL), OK); /* and the session lives */
	ctx_close(&desk);
}

struct shares {
	uint8_t bytes[4096][32];
	size_t n;
};

static void collect_share(void *arg, struct sv share)
{
	struct shares *all = arg;

	assert_int_equal(share.n, 32);
	if (all->n < 4096)
		memcpy(all->bytes[all->n++], share.p, 32);
}

static void test_T_ERA_2_no_share_in_any_other_file(void **state)
{
	static struct shares all;
	struct public_report p;
	struct stored_part sent;
	char path[700];
	struct dirent *e;
	size_t looked = 0, there = 0;
	DIR *dir;

	send_one(&sent, &p, true);
	db_blobs(&t, "shred.db", "SELECT share FROM share", collect_share, &all);
	assert_true(all.n > 0);
	snprintf(path, sizeof(path), "%s/keeper", t.dir);
	dir = opendir(path);
	assert_non_null(dir);
	while ((e = readdir(dir)) != NULL) {
		struct sv bytes;

		snprintf(path, sizeof(path), "%s/keeper/%s", t.dir, e->d_name);
		if (e->d_name[0] == '.' || strcmp(e->d_name, "reserve") == 0)
			continue;
		bytes = file_bytes(&t, path);
		for (size_t i = 0; i < all.n; i++) {
			bool hit = memmem(bytes.p, bytes.n, all.bytes[i], 32) != NULL;

			if (strncmp(e->d_name, "shred.db", 8) == 0)
				there += hit;
			else
				assert_false(hit);
		}
		looked++;
	}
	closedir(dir);
	assert_true(looked >= 4);
	assert_true(there > 0);
}

static int begin(void **state)
{
	instance_make(&t);
	house_found(&t, &noor, "noor");
	route_all(&t, noor.id, ID_ZERO);
	return 0;
}

static int end(void **state)
{
	instance_end(&t);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_killed_after_seal_and_stored),
		cmocka_unit_test(test_killed_after_seal_and_not_stored),
		cmocka_unit_test(test_void_set_frees_its_ticket),
		cmocka_unit_test(test_T_PRIV_4_edited_rights_row),
		cmocka_unit_test(test_T_JRN_6_unmaced_leaf),
		cmocka_unit_test(test_T_JRN_1_rewriting_is_found),
		cmocka_unit_test(test_T_BIND_2_verify_names_old_parts_and_taken_rows),
		cmocka_unit_test(test_row_edited_while_serving_is_refused_at_first_use),
		cmocka_unit_test(test_T_MEM_2_idle_keeper_holds_no_key),
		cmocka_unit_test(test_T_ERA_2_no_share_in_any_other_file),
		cmocka_unit_test(test_T_JRN_4_every_way_of_opening_has_its_leaf),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
