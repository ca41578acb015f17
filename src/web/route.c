/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables are short and read from top to bottom; nothing is prepared at start. */
#include "web/route.h"

#include <string.h>

static bool word_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
}

static bool take_id(struct sv *path, struct id *out)
{
	if (path->n < 32 || !id_parse((struct sv){ path->p, 32 }, out))
		return false;
	*path = (struct sv){ path->p + 32, path->n - 32 };
	return true;
}

static bool take_word(struct sv *path, struct sv *out)
{
	size_t n = 0;

	while (n < path->n && n < 64 && word_char(path->p[n]))
		n++;
	*out = (struct sv){ path->p, n };
	*path = (struct sv){ path->p + n, path->n - n };
	return n > 0;
}

static bool path_matches(const char *pattern, struct sv path, struct found *out)
{
	struct found f = *out;

	while (*pattern != 0) {
		if (strncmp(pattern, "{id}", 4) == 0) {
			if (!take_id(&path, &f.id))
				return false;
			pattern += 4;
		} else if (strncmp(pattern, "{word}", 6) == 0) {
			if (!take_word(&path, &f.word))
				return false;
			pattern += 6;
		} else {
			if (path.n == 0 || path.p[0] != *pattern)
				return false;
			path = (struct sv){ path.p + 1, path.n - 1 };
			pattern++;
		}
	}
	if (path.n != 0)
		return false;
	*out = f;
	return true;
}

static void find_in(const struct routes *table, size_t before, enum site site, enum method m, struct sv path, struct found *out)
{
	for (size_t i = 0; i < table->n; i++) {
		const struct route *r = &table->rows[i];
		bool whole = sv_is(path, r->path);
		struct found f = { 0 };

		if ((r->site != site && r->site != SITE_ANY) || (out->route != NULL && !whole))
			continue;
		if (!path_matches(r->path, path, &f))
			continue;
		if (r->method != m) {
			out->other_method = true;
			continue;
		}
		f.route = r;
		f.number = before + i;
		f.other_method = out->other_method;
		*out = f;
		if (whole)
			return;
	}
}

struct found route_find(const struct web *w, enum site site, enum method m, struct sv path)
{
	struct found f = { 0 };
	size_t before = 0;

	for (size_t t = 0; t < w->table_count; t++) {
		if (f.route == NULL || !sv_is(path, f.route->path))
			find_in(w->tables[t], before, site, m, path, &f);
		before += w->tables[t]->n;
	}
	return f;
}

bool by_name(const struct web *w)
{
	return w->host[SITE_PUBLIC] != NULL || w->host[SITE_STAFF] != NULL || w->host[SITE_FILES] != NULL;
}

struct sv host_name(struct sv host)
{
	const char *colon;

	if (host.n > 0 && host.p[0] == '[') {
		const char *end = memchr(host.p, ']', host.n);

		return end == NULL ? SV_NONE : (struct sv){ host.p, (size_t)(end - host.p) + 1 };
	}
	colon = host.n == 0 ? NULL : memchr(host.p, ':', host.n);
	return colon == NULL ? host : (struct sv){ host.p, (size_t)(colon - host.p) };
}

static bool ends_with(struct sv s, struct sv end)
{
	return s.n >= end.n && memcmp(s.p + s.n - end.n, end.p, end.n) == 0;
}

bool host_is_loopback(struct sv name)
{
	return sv_is(name, "127.0.0.1") || sv_is(name, "localhost") || sv_is(name, "[::1]") || ends_with(name, SV(".localhost"));
}

static bool same_name(struct sv given, const char *ours)
{
	if (ours == NULL || strlen(ours) != given.n)
		return false;
	for (size_t i = 0; i < given.n; i++)
		if ((given.p[i] >= 'A' && given.p[i] <= 'Z' ? given.p[i] + 32 : given.p[i]) != ours[i])
			return false;
	return true;
}

static bool take_prefix(struct sv *path, struct sv prefix)
{
	if (!sv_starts(*path, prefix) || (path->n > prefix.n && path->p[prefix.n] != '/'))
		return false;
	*path = path->n == prefix.n ? SV("/") : (struct sv){ path->p + prefix.n, path->n - prefix.n };
	return true;
}

bool site_find(const struct web *w, struct sv host, struct sv *path, enum site *site, const char **base)
{
	struct sv name = host_name(host);

	*base = "";
	if (by_name(w)) {
		for (int s = SITE_PUBLIC; s < SITE_ANY; s++)
			if (same_name(name, w->host[s])) {
				*site = (enum site)s;
				return true;
			}
		return false;
	}
	*site = SITE_PUBLIC;
	if (take_prefix(path, SV("/staff"))) {
		*site = SITE_STAFF;
		*base = "/staff";
	} else if (take_prefix(path, SV("/files"))) {
		*site = SITE_FILES;
		*base = "/files";
	}
	return host_is_loopback(name);
}
