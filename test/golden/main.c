/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Draws every page in French and Arabic. --write FOLDER makes the files anew; --check FOLDER compares and names what differs; --look
 * FOLDER writes them with the real addresses of style and script, for a browser. Elsewhere the hash in such an address is left out, so a
 * changed style does not change every page. */
#include "golden.h"

#include <stdio.h>
#include <string.h>

enum mode { CHECK, WRITE, LOOK };

struct sv say(enum language l, enum message m)
{
	return message_text(l, m);
}

/* /s/public.0123456789abcdef.css -> /s/public.css */
static struct sv without_hash(struct arena *a, struct sv page)
{
	struct buf out = buf_new(a, page.n + 1, page.n + 1);
	size_t i = 0;

	while (i < page.n) {
		const char *dot, *end;

		if (page.n - i < 3 || memcmp(page.p + i, "/s/", 3) != 0) {
			buf_byte(&out, (uint8_t)page.p[i++]);
			continue;
		}
		dot = memchr(page.p + i, '.', page.n - i);
		end = dot == NULL ? NULL : memchr(dot + 1, '.', page.n - (size_t)(dot + 1 - page.p));
		if (end == NULL)
			break;
		buf_put(&out, page.p + i, (size_t)(dot - page.p) - i);
		i = (size_t)(end - page.p);
	}
	buf_put(&out, page.p + i, page.n - i);
	return buf_view(&out);
}

static bool write_file(const char *path, struct sv content)
{
	FILE *f = fopen(path, "wb");
	bool whole = f != NULL && fwrite(content.p, 1, content.n, f) == content.n;

	return f != NULL && fclose(f) == 0 && whole;
}

static bool same_file(struct arena *a, const char *path, struct sv content)
{
	FILE *f = fopen(path, "rb");
	char *there = arena_alloc(a, content.n + 2);
	size_t n;

	if (f == NULL)
		return false;
	n = fread(there, 1, content.n + 1, f);
	fclose(f);
	return n == content.n && memcmp(there, content.p, n) == 0;
}

static bool one(const struct golden *g, enum language l, enum mode mode, const char *folder)
{
	struct arena *a = arena_new(0);
	struct buf b = buf_new(a, 65536, 1 << 20);
	const char *path = arena_format(a, "%s/%s.%s.html", folder, g->name, languages[l].tag).p;
	struct sv page;
	bool good;

	g->draw(a, &b, l);
	page = mode == LOOK ? buf_view(&b) : without_hash(a, buf_view(&b));
	good = !b.overflow && (mode == CHECK ? same_file(a, path, page) : write_file(path, page));
	if (!good)
		fprintf(stderr, "%s: %s\n", path, mode == CHECK ? "differs from what the template draws now" : "cannot be written");
	arena_free(a);
	return good;
}

static bool all(const struct golden *list, size_t n, enum mode mode, const char *folder)
{
	bool good = true;

	for (size_t i = 0; i < n; i++) {
		good = one(&list[i], LANG_FR, mode, folder) && good;
		good = one(&list[i], LANG_AR, mode, folder) && good;
	}
	return good;
}

int main(int argc, char **argv)
{
	enum mode mode = CHECK;
	bool good;

	if (argc != 3) {
		fprintf(stderr, "golden_pages --check|--write|--look FOLDER\n");
		return 2;
	}
	if (strcmp(argv[1], "--write") == 0)
		mode = WRITE;
	else if (strcmp(argv[1], "--look") == 0)
		mode = LOOK;
	good = all(golden_public, golden_public_n, mode, argv[2]);
	good = all(golden_casefile, golden_casefile_n, mode, argv[2]) && good;
	good = all(golden_screening, golden_screening_n, mode, argv[2]) && good;
	good = all(golden_people, golden_people_n, mode, argv[2]) && good;
	return all(golden_staff, golden_staff_n, mode, argv[2]) && good ? 0 : 1;
}
