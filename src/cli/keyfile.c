/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys and certificates on paper and in files: the same groups, readable aloud. */
#include "cli/keyfile.h"

#include "base/wipe.h"
#include "cli/terminal.h"
#include "crypto/formats.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_MAX_BYTES 16384
#define GROUPS_A_LINE 10

static enum status read_all(struct arena *a, const char *path, struct sv *out)
{
	char *text = arena_alloc(a, FILE_MAX_BYTES + 1);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t n = 0;
	ssize_t got = 0;

	if (fd < 0)
		return E_IO;
	while (n <= FILE_MAX_BYTES && (got = read(fd, text + n, FILE_MAX_BYTES + 1 - n)) > 0)
		n += (size_t)got;
	(void)close(fd);
	*out = sv_bytes(text, n);
	return got < 0 ? E_IO : n > FILE_MAX_BYTES ? E_LIMIT : OK;
}

/* The groups, and the first line for people. */
static enum status read_noted(struct arena *a, const char *path, struct sv *groups, struct sv *note)
{
	struct sv rest, line;
	struct buf b = buf_new(a, 1024, FILE_MAX_BYTES + 1);
	enum status s = read_all(a, path, &rest);

	if (s != OK) {
		tell(2, errno == ENOENT ? "amana: there is no file %s" : "amana: %s cannot be read", path);
		return s;
	}
	*note = SV_NONE;
	while (rest.n > 0 && sv_cut(&rest, '\n', &line)) {
		line = sv_trim(line);
		if (line.n == 0)
			continue;
		if (line.p[0] == '#') {
			if (note->n == 0)
				*note = sv_trim(sv_bytes(line.p + 1, line.n - 1));
			continue;
		}
		buf_sv(&b, line);
		buf_byte(&b, ' ');
	}
	*groups = sv_trim(buf_view(&b));
	return buf_ok(&b);
}

enum status keyfile_text(struct arena *a, const char *path, struct sv *groups)
{
	struct sv note;

	return read_noted(a, path, groups, &note);
}

/* Keys are all alike in length: the secret root taken for its public half would make an instance that no certificate ever fits. */
enum status keyfile_read(struct arena *a, const char *path, const char *kind, void *out, size_t n)
{
	struct sv groups, bytes, note;

	TRY(read_noted(a, path, &groups, &note));
	if (sv_starts(note, SV("programme root")) && !sv_starts(note, sv_of(kind))) {
		tell(2, "amana: %s is the wrong file: it holds \"%.*s\"", path, (int)note.n, note.p);
		return E_INPUT;
	}
	if (groups_read(a, groups, &bytes) != OK || bytes.n != n) {
		tell(2, "amana: %s is not what it should be: a group was mistyped, or it is another file", path);
		return E_INPUT;
	}
	memcpy(out, bytes.p, n);
	return OK;
}

/* Ten groups a line: to be read aloud and compared. */
static struct sv in_lines(struct arena *a, struct sv groups)
{
	struct buf b = buf_new(a, groups.n + 8, 2 * groups.n + 8);
	size_t count = 0;

	for (size_t i = 0; i < groups.n; i++) {
		bool next = groups.p[i] == '-' && ++count % GROUPS_A_LINE == 0;

		buf_byte(&b, next ? '\n' : (uint8_t)groups.p[i]);
	}
	return buf_view(&b);
}

enum status keyfile_write(struct arena *a, const char *path, unsigned mode, const char *note, struct sv groups)
{
	struct sv lines = in_lines(a, groups), text = arena_format(a, "# %s\n%.*s\n", note, (int)lines.n, lines.p);
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	bool whole;

	if (fd < 0) {
		tell(2, errno == EEXIST ? "amana: %s is there already and stays" : "amana: %s cannot be written", path);
		return errno == EEXIST ? E_CONFLICT : E_IO;
	}
	whole = write(fd, text.p, text.n) == (ssize_t)text.n && fsync(fd) == 0;
	whole = close(fd) == 0 && whole;
	wipe((void *)(uintptr_t)text.p, text.n);
	wipe((void *)(uintptr_t)lines.p, lines.n);
	if (whole)
		return OK;
	tell(2, "amana: %s cannot be written", path);
	return E_IO;
}
