/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sealed files: DIR/main/files/<first byte>/<id in hex>, head of 68 bytes and chunks of 64 KiB, each with its tag. A file is whole and on
 * disk before the set that names it is applied. Before it is begun a mark of its name is made in files/new and taken away once the set's
 * fate is known, so that a start after a crash looks at the few marked files, not at all there are: marked without a row = void, gone. Files that go with
 * a stripped dossier are marked the same way. */
#include "record/run.h"

#include "base/log.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_MAX ((size_t)16 << 20)
#define HEAD 68
#define HEAD_KEY 8 /* offset of the key id in the head */
#define CHUNK ((size_t)65536)
#define TAG ((size_t)16)
#define PATH_ROOM 4096

struct path {
	char p[PATH_ROOM];
};

/* folder/files/<part>/<name>; part and name may be NULL. E_IO when it is too long. */
static enum status path_of(struct path *out, const char *folder, const char *part, const char *name)
{
	struct buf b;

	*out = (struct path){ { 0 } };
	b = buf_over(out->p, sizeof out->p - 1);
	buf_text(&b, folder);
	buf_text(&b, "/files");
	for (int i = 0; i < 2; i++) {
		const char *piece = i ? name : part;

		if (!piece)
			continue;
		buf_byte(&b, '/');
		buf_text(&b, piece);
	}
	return buf_ok(&b) == OK ? OK : E_IO;
}

struct names {
	struct path file, folder, mark, marks;
};

static enum status names_of(struct names *n, const char *dir, struct id id)
{
	char hex[33], first[3] = { 0 };

	id_hex(id, hex);
	memcpy(first, hex, 2);
	TRY(path_of(&n->folder, dir, first, NULL));
	TRY(path_of(&n->file, dir, first, hex));
	TRY(path_of(&n->marks, dir, "new", NULL));
	return path_of(&n->mark, dir, "new", hex);
}

/* What was made or removed in a folder is on disk when this comes back. */
static enum status sync_folder(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool done;

	if (fd < 0)
		return E_IO;
	done = fsync(fd) == 0;
	return close(fd) == 0 && done ? OK : E_IO;
}

/* A folder that may be there already; a new one is on disk. */
static enum status make_folder(const char *path, const char *parent)
{
	if (mkdir(path, 0700) == 0)
		return sync_folder(parent);
	return errno == EEXIST ? OK : E_IO;
}

static enum status write_all(int fd, const void *p, size_t n)
{
	const char *at = p;

	while (n) {
		ssize_t done = write(fd, at, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return E_IO;
		at += done;
		n -= (size_t)done;
	}
	return OK;
}

/* Size after padding (sealed design 4.1): with the mark 0x80, 256 bytes or the next multiple of 2^(E-S). */
static size_t padded(size_t plain)
{
	size_t n = plain + 1, step;
	unsigned e = 0, s = 0;

	if (n <= 256)
		return 256;
	while (n >> (e + 1))
		e++;
	while (e >> (s + 1))
		s++;
	step = (size_t)1 << (e - (s + 1));
	return (n + step - 1) / step * step;
}

/* --- storing ------------------------------------------------------------------------------------------------------------------------ */

/* Bytes from `at` of the padded content. */
static struct sv piece(struct arena *a, struct sv content, size_t at, size_t n)
{
	char *p;

	if (at + n <= content.n)
		return (struct sv){ content.p + at, n };
	p = arena_alloc(a, n);
	if (at < content.n)
		memcpy(p, content.p + at, content.n - at);
	if (content.n >= at)
		p[content.n - at] = (char)0x80;
	return (struct sv){ p, n };
}

static enum status seal_chunks(struct ctx *c, const struct file_ref *f, int fd, struct sv content)
{
	size_t total = padded(content.n);

	for (size_t at = 0; at < total; at += CHUNK) {
		struct arena_mark mark = arena_mark(c->arena);
		size_t n = total - at < CHUNK ? total - at : CHUNK;
		struct sv sealed;

		TRY(keeper_file_seal(c, f, (uint32_t)(at / CHUNK), at + n == total, piece(c->arena, content, at, n), &sealed));
		if (write_all(fd, sealed.p, sealed.n) != OK)
			return ERR(c, E_IO, "a file could not be written");
		arena_rewind(c->arena, mark);
	}
	return OK;
}

static enum status fill_file(struct ctx *c, const struct file_ref *f, int fd, const uint8_t head[HEAD], struct sv content)
{
	if (write_all(fd, head, HEAD) != OK)
		return ERR(c, E_IO, "a file could not be written");
	TRY(seal_chunks(c, f, fd, content));
	if (fsync(fd) != 0)
		return ERR(c, E_IO, "a file could not be brought to disk");
	return OK;
}

/* The mark is on disk before the file. */
static enum status make_mark(const char *dir, const struct names *n)
{
	struct path root;
	int fd;

	TRY(path_of(&root, dir, NULL, NULL));
	TRY(make_folder(root.p, dir));
	TRY(make_folder(n->marks.p, root.p));
	TRY(make_folder(n->folder.p, root.p));
	fd = open(n->mark.p, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0 || close(fd) != 0)
		return E_IO;
	return sync_folder(n->marks.p);
}

static enum status new_file(struct ctx *c, const struct file_ref *f, const struct names *n, const uint8_t head[HEAD],
			    struct sv content)
{
	int fd = open(n->file.p, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	enum status s;

	if (fd < 0)
		return ERR(c, E_IO, "a file could not be made");
	s = fill_file(c, f, fd, head, content);
	if (close(fd) != 0 && s == OK)
		s = ERR(c, E_IO, "a file could not be brought to disk");
	if (s == OK && sync_folder(n->folder.p) != OK)
		s = ERR(c, E_IO, "a file could not be brought to disk");
	return s;
}

static enum status witness_of(struct ctx *c, struct id dossier, struct id *out)
{
	const struct value arg = v_id(&dossier);
	struct rows rows;

	TRY(db_query(c, QUERY_RECORD_WITNESS, &arg, 1, 1, &rows));
	*out = rows.n ? row_id(&rows, 0, 0) : ID_ZERO;
	return OK;
}

enum status file_store(struct ctx *c, const struct file_ref *f, struct sv content)
{
	struct changes *s = preparing(c);
	const char *dir = store_dir(db_store(c->db));
	const struct held_key *key;
	struct held_key *wraps;
	size_t wrap_count, total = padded(content.n);
	uint8_t head[HEAD];
	struct id witness;
	struct names n;
	enum status found;

	if (!s)
		return ERR(c, E_BUG, "a file is stored outside of a run");
	TRY(witness_of(c, f->dossier, &witness));
	if (content.n > FILE_MAX)
		return ERR(c, E_LIMIT, "a file is larger than 16 MiB");
	found = class_key(c, f->dossier, f->class, ID_ZERO, &key);
	if (found != OK)
		return found == E_NOTFOUND ? ERR(c, E_NOTFOUND, "no such dossier") : found;
	*(struct new_file *)ONE_MORE(c->arena, s->files, s->file_count, s->file_room) =
		(struct new_file){ *f, HEAD + total + (total + CHUNK - 1) / CHUNK * TAG, witness };
	if (names_of(&n, dir, f->file) != OK || make_mark(dir, &n) != OK)
		return ERR(c, E_IO, "a file could not be made");
	TRY(keeper_file_begin(c, f, key, head, &wraps, &wrap_count));
	for (size_t i = 0; i < wrap_count; i++)
		*(struct held_key *)ONE_MORE(c->arena, s->wraps, s->wrap_count, s->wrap_room) = wraps[i];
	return new_file(c, f, &n, head, content);
}

enum status files_going(struct ctx *c, struct strip_plan *plan)
{
	const char *dir = store_dir(db_store(c->db));
	const struct value arg = v_id(&plan->dossier);
	struct rows rows;

	TRY(db_query(c, QUERY_RECORD_FILES_OF_DOSSIER, &arg, 1, 0, &rows));
	plan->files = ARENA_ARRAY(c->arena, struct id, rows.n);
	for (size_t i = 0; i < rows.n; i++) {
		struct names n;

		if (names_of(&n, dir, row_id(&rows, i, 0)) != OK || make_mark(dir, &n) != OK)
			return ERR(c, E_IO, "a file could not be marked");
		plan->files[plan->file_count++] = row_id(&rows, i, 0);
	}
	return OK;
}

/* In force a stripped dossier's files go; void, only their marks. */
static void going_settled(struct ctx *c, const struct strip_plan *plan, bool in_force)
{
	for (size_t i = 0; i < plan->file_count; i++) {
		struct names n;

		if (names_of(&n, store_dir(db_store(c->db)), plan->files[i]) != OK)
			continue;
		if (in_force && unlink(n.file.p) != 0 && errno != ENOENT)
			continue; /* the mark stays: the next start tries again */
		(void)unlink(n.mark.p);
	}
}

void files_settled(struct ctx *c, const struct changes *s, bool in_force)
{
	for (size_t i = 0; i < s->strip_count; i++)
		going_settled(c, &s->strips[i], in_force);
	for (size_t i = 0; i < s->file_count; i++) {
		struct names n;

		if (names_of(&n, store_dir(db_store(c->db)), s->files[i].ref.file) != OK)
			continue;
		if (!in_force && unlink(n.file.p) != 0 && errno != ENOENT)
			continue; /* the mark stays: the next start tries again */
		(void)unlink(n.mark.p);
	}
}

/* --- loading ------------------------------------------------------------------------------------------------------------------------ */

static enum status read_whole(struct ctx *c, const char *path, size_t size, struct sv *out)
{
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	enum status s = OK;
	struct stat st;
	size_t have = 0;
	char *p;

	if (fd < 0)
		return ERR(c, E_CRYPTO, "a sealed file is missing");
	if (fstat(fd, &st) != 0 || (size_t)st.st_size != size)
		s = ERR(c, E_CRYPTO, "a sealed file has not its size");
	p = s == OK ? arena_alloc(c->arena, size) : NULL;
	while (s == OK && have < size) {
		ssize_t got = read(fd, p + have, size - have);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			s = ERR(c, E_IO, "a file could not be read");
		else
			have += (size_t)got;
	}
	(void)close(fd);
	*out = (struct sv){ p, have };
	return s;
}

/* Chunk by chunk; each opened one goes where its sealed form lay, which is longer. */
static enum status open_chunks(struct ctx *c, const struct file_ref *f, const struct held_key *key, struct sv sealed,
			       struct sv *plain)
{
	const uint8_t *head = (const uint8_t *)sealed.p;
	char *out = arena_alloc(c->arena, sealed.n);
	size_t n = 0;

	for (size_t at = HEAD, index = 0; at < sealed.n; index++) {
		struct arena_mark mark = arena_mark(c->arena);
		size_t size = sealed.n - at < CHUNK + TAG ? sealed.n - at : CHUNK + TAG;
		struct sv opened;

		TRY(keeper_file_open(c, f, key, head, (uint32_t)index, at + size == sealed.n, (struct sv){ sealed.p + at, size },
				     &opened));
		memcpy(out + n, opened.p, opened.n);
		n += opened.n;
		at += size;
		arena_rewind(c->arena, mark);
	}
	*plain = (struct sv){ out, n };
	return OK;
}

/* The padding must be exactly that of the true size. */
static enum status unpad(struct ctx *c, struct sv plain, size_t true_size, struct sv *content)
{
	bool right = true_size < plain.n && padded(true_size) == plain.n && (uint8_t)plain.p[true_size] == 0x80;

	for (size_t i = true_size + 1; right && i < plain.n; i++)
		right = plain.p[i] == 0;
	if (!right)
		return ERR(c, E_CRYPTO, "a sealed file has not its size");
	*content = (struct sv){ plain.p, true_size };
	return OK;
}

enum status file_load(struct ctx *c, const struct file_ref *f, size_t true_size, struct sv *content)
{
	const struct value arg = v_id(&f->file);
	const struct held_key *key;
	struct names n;
	struct keys keys;
	struct rows rows;
	struct sv sealed = SV_NONE, plain;
	struct id key_id;

	TRY(db_query(c, QUERY_RECORD_FILE, &arg, 1, 1, &rows));
	if (!rows.n || !id_equal(row_id(&rows, 0, 1), f->record))
		return ERR(c, E_NOTFOUND, "no such file");
	TRY(keys_of(c, f->dossier, row_int(&rows, 0, 0), &keys));
	if (names_of(&n, store_dir(db_store(c->db)), f->file) != OK)
		return ERR(c, E_IO, "a file could not be read");
	TRY(read_whole(c, n.file.p, (size_t)row_int(&rows, 0, 2), &sealed));
	if (sealed.n <= HEAD || !id_from((struct sv){ sealed.p + HEAD_KEY, 16 }, &key_id))
		return ERR(c, E_CRYPTO, "a sealed file has not its size");
	key = key_by_id(&keys, key_id);
	if (!key)
		return ERR(c, E_NOTFOUND, "no such file");
	TRY(open_chunks(c, f, key, sealed, &plain));
	return unpad(c, plain, true_size, content);
}

/* --- at start ----------------------------------------------------------------------------------------------------------------------- */

/* A marked file: without its row it is void or stripped and goes; the mark goes in any case. */
static enum status sweep_one(struct ctx *c, const char *dir, struct id id)
{
	const struct value arg = v_id(&id);
	struct names n;
	struct rows rows;

	TRY(db_query(c, QUERY_RECORD_FILE, &arg, 1, 1, &rows));
	if (names_of(&n, dir, id) != OK)
		return ERR(c, E_IO, "the folder of files cannot be read");
	if (!rows.n && unlink(n.file.p) != 0 && errno != ENOENT)
		return ERR(c, E_IO, "a void file cannot be removed");
	if (unlink(n.mark.p) != 0)
		return ERR(c, E_IO, "a void file cannot be removed");
	log_event(LOG_RECOVERY, OK, rows.n ? 1 : 0, 0, 0, 0);
	return OK;
}

enum status files_sweep(struct ctx *c, const char *main_dir)
{
	const struct dirent *entry;
	enum status s = OK;
	struct path marks;
	DIR *dir;

	if (path_of(&marks, main_dir, "new", NULL) != OK)
		return ERR(c, E_IO, "the folder of files cannot be read");
	dir = opendir(marks.p);
	if (!dir)
		return errno == ENOENT ? OK : ERR(c, E_IO, "the folder of files cannot be read");
	while (s == OK && (entry = readdir(dir)) != NULL) {
		struct id id;

		if (id_parse(sv_of(entry->d_name), &id))
			s = sweep_one(c, main_dir, id);
	}
	(void)closedir(dir);
	return s;
}
