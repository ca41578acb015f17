/* SPDX-License-Identifier: GPL-3.0-or-later */
/* amana verify: the journal, and for every sealed part that its stored bytes are those of its last leaf. No key is needed and
 * none is used; hashes are computed from the bytes, not read from beside them. What was erased by rule (a report stripped,
 * a call after its shift) has its leaf and is counted; whether its rows are swept already does not matter. */
#include "cli/verify.h"

#include "base/clock.h"
#include "cli/place.h"
#include "cli/terminal.h"
#include "cli/words.h"
#include "crypto/formats.h"
#include "keeper/admin.h"
#include "store/store.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct argp_option no_options[] = { { 0 } };
static const struct words_form form = {
	"amana verify",
	no_options,
	"DIR",
	"Checks the journal and every stored part against it, without any key.\vExit code 1 names what is wrong. Writes "
	"younger than the last start "
	"may be pending; that is no fault.",
	1,
	1
};

struct checked {
	struct ctx *c;
	const char *dir;
};

/* --- files -------------------------------------------------------------------------------------------------------------------- */

#define FILE_HEAD 68
#define FILE_CHUNK (65536 + 16)

/* The next n bytes, or fewer at the end of the file. */
static size_t read_some(int fd, char *to, size_t n)
{
	size_t have = 0;
	ssize_t got = 1;

	while (have < n && (got = read(fd, to + have, n - have)) > 0)
		have += (size_t)got;
	return have;
}

/* False when there is no such file. A file cut short gives the chain of what is there: another one. */
static bool file_chain(struct arena *a, const char *path, uint8_t chain[32])
{
	char *bytes = arena_alloc(a, FILE_CHUNK);
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	size_t n;

	if (fd < 0)
		return false;
	n = read_some(fd, bytes, FILE_HEAD);
	keeper_file_chain(chain, true, sv_bytes(bytes, n));
	while ((n = read_some(fd, bytes, FILE_CHUNK)) > 0)
		keeper_file_chain(chain, false, sv_bytes(bytes, n));
	(void)close(fd);
	return true;
}

/* A file the database names and the disk does not have is found to be nothing: no chain is all zeros. */
static enum status look_up_file(struct checked *k, struct id file, bool *found, uint8_t hash[32])
{
	struct value args[] = { v_id(&file) };
	struct rows rows;
	char name[33];

	memset(hash, 0, 32);
	TRY(db_query(k->c, QUERY_CLI_STORED_FILE, args, 1, 1, &rows));
	id_hex(file, name);
	*found = rows.n > 0;
	if (*found)
		(void)!file_chain(k->c->arena, arena_format(k->c->arena, "%s/main/files/%.2s/%s", k->dir, name, name).p, hash);
	return OK;
}

/* --- parts -------------------------------------------------------------------------------------------------------------------- */

static enum status look_up(void *arg, struct id record, uint16_t type, uint8_t class, bool *found, uint64_t *version,
			   uint8_t hash[32])
{
	struct checked *k = arg;
	struct ctx *c = k->c;
	struct value args[] = { v_id(&record), v_int(class) };
	struct arena_mark mark = arena_mark(c->arena);
	enum status s;
	struct rows rows;

	if (type == VERIFY_FILE) {
		s = look_up_file(k, record, found, hash);
		arena_rewind(c->arena, mark);
		return s;
	}
	s = db_query(c, QUERY_CLI_STORED_PART, args, 2, 1, &rows);
	*found = s == OK && rows.n == 1 && row_int(&rows, 0, 0) == type;
	if (*found) {
		*version = (uint64_t)row_int(&rows, 0, 1);
		hash32(hash, row_text(&rows, 0, 2).p, row_text(&rows, 0, 2).n);
	}
	arena_rewind(c->arena, mark);
	return s;
}

static int report(const struct verify_report *r)
{
	tell(1, "%llu leaves, %llu parts checked, %llu pending, %llu erased by rule", (unsigned long long)r->leaves,
	     (unsigned long long)r->objects, (unsigned long long)r->pending, (unsigned long long)r->erased);
	if (r->wrong == 0) {
		tell(1, "everything is as the journal says");
		return 0;
	}
	tell(2, "amana: verify: %llu wrong; the first: %s", (unsigned long long)r->wrong,
	     r->first_wrong == NULL ? "?" : r->first_wrong);
	return 1;
}

bool verify_instance(struct ctx *c, const char *dir)
{
	struct verify_report r = { 0 };
	struct checked k = { c, dir };
	struct store *store = NULL;
	int end;

	if (store_open(c, arena_format(c->arena, "%s/main", dir).p, NULL, NULL, &store) != OK ||
	    store_connect(c, store, &c->db) != OK)
		end = tell_error(c, "verify: the main database");
	else if (keeper_verify(c, dir, look_up, &k, &r) != OK)
		end = tell_error(c, "verify");
	else
		end = report(&r);
	db_close(c->db);
	c->db = NULL;
	store_close(store);
	return end == 0;
}

int verify_command(int argc, char **argv)
{
	static const struct actor nobody;
	struct ctx c = { .arena = arena_new((size_t)64 << 20), .who = &nobody, .now = clock_now() };
	struct words w;
	struct stat s;
	int end;

	words_parse(&form, argc, argv, &w);
	if (stat(arena_format(c.arena, "%s/main/main.db", w.arg[0]).p, &s) != 0) {
		place_no_instance(c.arena, w.arg[0]);
		end = 1;
	} else {
		end = verify_instance(&c, w.arg[0]) ? 0 : 1;
	}
	arena_free(c.arena);
	return end;
}
