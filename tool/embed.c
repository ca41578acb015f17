/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Embeds static files: embed OUT_H OUT_C OUT_LIST OUT_DEPENDENCIES FOLDER.
 * Every file of the folder becomes a constant array and a gzip copy (zlib level 9), named <name>.<hash>.<ext> where hash is 8 hex
 * digits of BLAKE2b over the bytes: an address never changes its content, so it may be kept for ever. assets.list tells the
 * template compiler "name address". */
#include "common.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>

struct type_row {
	const char *extension, *type;
};
static const struct type_row types[] = {
	{ "css", "text/css; charset=utf-8" },
	{ "js", "text/javascript; charset=utf-8" },
	{ "svg", "image/svg+xml" },
	{ "png", "image/png" },
	{ "ico", "image/x-icon" },
	{ "woff2", "font/woff2" },
	{ "txt", "text/plain; charset=utf-8" },
};

struct embedding {
	struct tool *t;
	struct text source, table, list, depends;
	size_t count;
};

static const char *type_of(const char *extension)
{
	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
		if (strcmp(types[i].extension, extension) == 0)
			return types[i].type;
	return NULL;
}

static struct view gzip(struct tool *t, struct view in)
{
	z_stream z = { 0 };
	size_t room = in.n + in.n / 100 + 256;
	char *out = tool_memory(t, room);
	size_t n = 0;

	/* 16 over the window size asks zlib for a gzip header; its time stays 0, so equal bytes give an equal copy */
	if (deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) != Z_OK)
		return (struct view){ out, 0 };
	z.next_in = (Bytef *)(uintptr_t)in.p;
	z.avail_in = (uInt)in.n;
	z.next_out = (Bytef *)out;
	z.avail_out = (uInt)room;
	if (deflate(&z, Z_FINISH) == Z_STREAM_END)
		n = z.total_out;
	deflateEnd(&z);
	return (struct view){ out, n };
}

static void write_bytes(struct embedding *e, const char *what, struct view v)
{
	text_format(&e->source, "static const uint8_t %s_%zu[] = {", what, e->count);
	for (size_t i = 0; i < v.n; i++)
		text_format(&e->source, i % 24 == 0 ? "\n\t%u," : "%u,", (unsigned)(unsigned char)v.p[i]);
	text_add(&e->source, v.n == 0 ? "0 };\n" : "\n};\n");
}

static void hash_of(struct view v, char out[9])
{
	unsigned char h[crypto_generichash_BYTES];

	crypto_generichash(h, sizeof h, (const unsigned char *)v.p, v.n, NULL, 0);
	sodium_bin2hex(out, 9, h, 4);
}

static void one_file(struct embedding *e, const char *path, const char *name)
{
	const char *dot = strrchr(name, '.');
	const char *type = dot != NULL ? type_of(dot + 1) : NULL;
	struct view bytes, small;
	char hash[9];

	if (strcmp(name, "meson.build") == 0 || strcmp(name, "README.md") == 0)
		return;
	if (type == NULL || strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_.") != strlen(name)) {
		tool_error(e->t, path, 0,
			   "not a file this server gives out: lower case name ending in css, js, svg, png, ico, woff2 or txt");
		return;
	}
	if (!file_read(e->t, path, &bytes)) {
		tool_error(e->t, path, 0, "cannot be read");
		return;
	}
	text_format(&e->depends, " %s", path);
	small = gzip(e->t, bytes);
	hash_of(bytes, hash);
	write_bytes(e, "plain", bytes);
	write_bytes(e, "gzip", small);
	text_format(&e->table, "\t{ \"%.*s.%s%s\", \"%s\", plain_%zu, %zu, gzip_%zu, %zu },\n", (int)(dot - name), name, hash, dot,
		    type, e->count, bytes.n, e->count, small.n);
	text_format(&e->list, "%s /s/%.*s.%s%s\n", name, (int)(dot - name), name, hash, dot);
	e->count++;
}

static void write_all(struct embedding *e, char **path)
{
	struct text h = { .tool = e->t };

	text_add(&h, "/* Made by tool/embed from static/: files given out at /s/<name>, names with the hash of their content. */\n"
		     "#ifndef ASSETS_H\n#define ASSETS_H\n\n#include <stddef.h>\n#include <stdint.h>\n\n"
		     "struct asset {\n\tconst char *name, *type;\n\tconst uint8_t *bytes;\n\tsize_t n;\n\tconst uint8_t *gzip;\n"
		     "\tsize_t gzip_n;\n};\n");
	text_format(&h, "#define ASSET_COUNT %zu\nextern const struct asset assets[ASSET_COUNT];\n\n#endif\n", e->count);
	text_format(&e->source, "\nconst struct asset assets[ASSET_COUNT] = {\n%s};\n", e->count > 0 ? e->table.p : "");
	text_add(&e->depends, "\n");
	text_add(&e->list, "");
	file_write(e->t, path[0], &h);
	file_write(e->t, path[1], &e->source);
	file_write(e->t, path[2], &e->list);
	file_write(e->t, path[3], &e->depends);
}

int main(int argc, char **argv)
{
	struct tool t = { 0 };
	struct embedding e = {
		.t = &t, .source = { .tool = &t }, .table = { .tool = &t }, .list = { .tool = &t }, .depends = { .tool = &t }
	};
	struct names files = { .tool = &t };

	if (argc != 6 || sodium_init() < 0) {
		fputs("usage: embed OUT_H OUT_C OUT_LIST OUT_DEPENDENCIES FOLDER\n", stderr);
		return 2;
	}
	text_add(&e.source, "/* Made by tool/embed from static/. */\n#include \"assets.h\"\n\n");
	text_format(&e.depends, "%s %s %s: %s", argv[1], argv[2], argv[3], argv[5]);
	folder_list(&t, argv[5], &files);
	for (size_t i = 0; i < files.n; i++)
		one_file(&e, path_join(&t, argv[5], files.list[i]), files.list[i]);
	if (e.count == 0)
		tool_error(&t, argv[5], 0, "holds no files");
	if (t.error_count == 0)
		write_all(&e, argv + 1);
	return tool_end(&t);
}
