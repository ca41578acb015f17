/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Is a password guessed soon? (sealed design 13, decision 23: cracklib's list and the organisation's own words.) It is cut into as few pieces
 * as will do: words of the lists, words of the login name (where the organisation's own stand), runs like 12345 or aaaa, single letters.
 * Fewer than three pieces are too few, whatever their length. Lists are read once, before the sandbox shuts; cracklib's library would open
 * its files for each question and keep what was asked. */
#include "keeper/people/weak.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/heap.h"
#include "base/log.h"
#include "base/text.h"
#include "base/wipe.h"
#include "keeper/admin.h"

#define LEAST_CHARACTERS 12u
#define LEAST_PIECES 3u
#define WORD_LEAST 3u
#define WORD_MOST 24u
#define LIST_MOST (4u << 20)
#define FOLDED_MOST 256u

struct words {
	char *text[2];
	size_t n[2];
	uint32_t *places; /* list << 31 | offset + 1; 0: free */
	size_t room, count;
};

static const char *const lists[2] = { KEEPER_WORDS, "/usr/share/dict/words" };

/* What people here would write, and no list of English words has. */
static const char *const own[] = { "amana",      "motdepasse", "bienvenue",  "bonjour",   "maroc",   "casablanca", "rabat",
				   "marrakech",  "tanger",     "agadir",     "fes",       "meknes",  "oujda",      "azerty",
				   "azertyuiop", "qsdfghjklm", "qwertyuiop", "asdfghjkl", "zxcvbnm", "salam",      "bismillah",
				   "allah",      "inchallah",  "habibi",     "mohamed",   "fatima",  "ahmed",      "organisation" };

static size_t hash_of(const char *p, size_t n)
{
	uint32_t h = 2166136261u;

	for (size_t i = 0; i < n; i++)
		h = (h ^ (uint8_t)p[i]) * 16777619u;
	return h;
}

/* --- folding: small letters, what looks like a letter is one, all else but digits falls out -------------------------------- */

static char folded(char c)
{
	static const char from[] = "013457@$", to[] = "oieastas";
	const char *at = memchr(from, c, sizeof(from) - 1);

	if (c >= 'A' && c <= 'Z')
		return (char)(c - 'A' + 'a');
	return at != NULL ? to[at - from] : c;
}

static char plain(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool counts(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c & 0x80) != 0 || c == '@' ||
	       c == '$';
}

/* --- the lists ----------------------------------------------------------------------------------------------------------------- */

static struct sv word_at(const struct words *w, uint32_t place)
{
	const uint32_t list = place >> 31, at = (place & 0x7fffffffu) - 1;
	const char *p = w->text[list] + at, *end = memchr(p, '\n', w->n[list] - at);

	return sv_bytes(p, end != NULL ? (size_t)(end - p) : w->n[list] - at);
}

static uint32_t *place_of(const struct words *w, const char *p, size_t n)
{
	size_t at = hash_of(p, n) % w->room;

	while (w->places[at] != 0 && !sv_equal(word_at(w, w->places[at]), sv_bytes(p, n)))
		at = (at + 1) % w->room;
	return &w->places[at];
}

static void take_list(struct words *w, uint32_t list)
{
	char *text = w->text[list];

	for (size_t at = 0, end; at < w->n[list]; at = end + 1) {
		size_t n;

		for (end = at; end < w->n[list] && text[end] != '\n'; end++)
			text[end] = folded(text[end]);
		n = end - at;
		if (n < WORD_LEAST || n > WORD_MOST || w->count * 2 >= w->room)
			continue;
		uint32_t *place = place_of(w, text + at, n);
		w->count += *place == 0;
		*place = list << 31 | (uint32_t)(at + 1);
	}
}

static void read_list(struct words *w, uint32_t list)
{
	int fd = open(lists[list], O_RDONLY | O_CLOEXEC);
	struct stat st;
	ssize_t n = -1;

	if (fd < 0)
		return;
	if (fstat(fd, &st) == 0 && st.st_size > 0 && st.st_size <= (off_t)LIST_MOST) {
		w->text[list] = heap_new((size_t)st.st_size, 1);
		n = read(fd, w->text[list], (size_t)st.st_size);
	}
	close(fd);
	w->n[list] = n > 0 ? (size_t)n : 0;
}

struct words *words_load(void)
{
	struct words *w = heap_new(1, sizeof(*w));

	for (uint32_t i = 0; i < 2; i++)
		read_list(w, i);
	w->room = 1;
	while (w->room < (w->n[0] + w->n[1]) / 4 + 1024)
		w->room *= 2;
	w->places = heap_new(w->room, sizeof(*w->places));
	for (uint32_t i = 0; i < 2; i++)
		take_list(w, i);
	if (w->n[0] == 0)
		LOG_ADVICE(LOG_KEEPER, "cracklib's word list is not there: passwords are compared with few words only");
	return w;
}

void words_free(struct words *w)
{
	if (w == NULL)
		return;
	heap_free(w->text[0]);
	heap_free(w->text[1]);
	heap_free(w->places);
	heap_free(w);
}

/* --- pieces ---------------------------------------------------------------------------------------------------------------------- */

struct typed {
	char folded[FOLDED_MOST], plain[FOLDED_MOST];
	size_t n;
	uint16_t least[FOLDED_MOST + 1]; /* fewest pieces of what comes before */
};

static bool own_word(const char *p, size_t n)
{
	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		if (strlen(own[i]) == n && memcmp(own[i], p, n) == 0)
			return true;
	return false;
}

/* Words of the login name between its marks. */
static bool login_word(struct sv login, const char *p, size_t n)
{
	for (size_t at = 0, end; at < login.n; at = end + 1) {
		for (end = at; end < login.n && counts(login.p[end]); end++)
			continue;
		if (end - at == n && memcmp(login.p + at, p, n) == 0)
			return true;
	}
	return false;
}

static bool known(const struct words *w, struct sv login, const struct typed *t, size_t at, size_t n)
{
	const char *p = t->folded + at;

	if (login_word(login, t->plain + at, n) || own_word(p, n))
		return true;
	return w != NULL && *place_of(w, p, n) != 0;
}

/* The same step from each character to the next: 1234, 4321, aaaa, abcd. */
static size_t run_from(const struct typed *t, size_t at)
{
	size_t n = 1;
	int step;

	if (at + 1 >= t->n)
		return 1;
	step = t->plain[at + 1] - t->plain[at];
	if (step < -1 || step > 1)
		return 1;
	while (at + n < t->n && t->plain[at + n] - t->plain[at + n - 1] == step)
		n++;
	return n;
}

/* A year, a day, a number of a few digits. */
static size_t digits_from(const struct typed *t, size_t at)
{
	size_t n = 0;

	while (at + n < t->n && n < 4 && t->plain[at + n] >= '0' && t->plain[at + n] <= '9')
		n++;
	return n;
}

static void reach(struct typed *t, size_t at, size_t n)
{
	const uint16_t pieces = (uint16_t)(t->least[at] + 1);

	for (size_t k = 1; k <= n; k++)
		if (pieces < t->least[at + k])
			t->least[at + k] = pieces;
}

static void reach_to(struct typed *t, size_t at, size_t n)
{
	if (t->least[at] + 1 < t->least[at + n])
		t->least[at + n] = (uint16_t)(t->least[at] + 1);
}

static size_t pieces_of(const struct words *w, struct sv login, struct typed *t)
{
	for (size_t i = 1; i <= t->n; i++)
		t->least[i] = UINT16_MAX - 1;
	t->least[0] = 0;
	for (size_t at = 0; at < t->n; at++) {
		reach(t, at, run_from(t, at));
		reach(t, at, digits_from(t, at));
		reach_to(t, at, 1);
		for (size_t n = WORD_LEAST; n <= WORD_MOST && at + n <= t->n; n++)
			if (known(w, login, t, at, n))
				reach_to(t, at, n);
	}
	return t->least[t->n];
}

bool password_weak(const struct words *w, struct sv password, struct sv login)
{
	struct typed t = { .n = 0 };
	bool weak;

	if (utf8_count(password) < LEAST_CHARACTERS || password.n > PASSWORD_MOST)
		return true;
	if (login.n >= 4 && memmem(password.p, password.n, login.p, login.n) != NULL)
		return true;
	for (size_t i = 0; i < password.n && t.n < FOLDED_MOST; i++)
		if (counts(password.p[i])) {
			t.folded[t.n] = folded(password.p[i]);
			t.plain[t.n++] = plain(password.p[i]);
		}
	weak = pieces_of(w, login, &t) < LEAST_PIECES;
	wipe(&t, sizeof(t));
	return weak;
}
