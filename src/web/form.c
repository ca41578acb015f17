/* SPDX-License-Identifier: GPL-3.0-or-later */
/* application/x-www-form-urlencoded and multipart/form-data (RFC 7578, as browsers write it: no nesting, no transfer encodings, names
 * with %22 for a quote). A body that is not exactly such a form is refused as a whole. A body that was cut at its limit still gives the
 * fields before the cut, so that what was typed can be shown again beside the name of the field that was too large. */
#include "web/form.h"

#include <string.h>

#include "base/text.h"
#include "base/ticket.h"

#define PART_HEADER_MAX 1024
#define BOUNDARY_MAX 70

static enum status add_field(struct form *f, const struct form_field *field)
{
	if (f->n == FORM_FIELDS_MAX)
		return E_LIMIT;
	if (field->name.n == 0 || field->name.n > FORM_NAME_MAX)
		return E_INPUT;
	f->fields[f->n++] = *field;
	return OK;
}

/* --- urlencoded ----------------------------------------------------------------------------------------------------------- */

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* An escape cut off at the very end is dropped when the body was cut there. */
static enum status percent_decode(struct arena *a, struct sv in, bool plus, bool cut, struct sv *out)
{
	char *to;
	size_t n = 0;

	if (memchr(in.p == NULL ? "" : in.p, '%', in.n) == NULL && (!plus || memchr(in.p == NULL ? "" : in.p, '+', in.n) == NULL)) {
		*out = in;
		return OK;
	}
	to = arena_alloc(a, in.n + 1);
	for (size_t i = 0; i < in.n; i++) {
		if (in.p[i] != '%') {
			to[n++] = plus && in.p[i] == '+' ? ' ' : in.p[i];
			continue;
		}
		if (in.n - i < 3) {
			if (!cut)
				return E_INPUT;
			break;
		}
		if (hex_digit(in.p[i + 1]) < 0 || hex_digit(in.p[i + 2]) < 0)
			return E_INPUT;
		to[n++] = (char)(hex_digit(in.p[i + 1]) * 16 + hex_digit(in.p[i + 2]));
		i += 2;
	}
	*out = (struct sv){ to, n };
	return OK;
}

static enum status parse_urlencoded(struct arena *a, struct sv body, bool cut, struct form *out)
{
	struct sv rest = body, pair;

	if (body.n == 0)
		return OK;
	while (sv_cut(&rest, '&', &pair)) {
		struct form_field field = { .cut = cut && rest.p == NULL };
		struct sv value = pair, name;

		if (pair.n == 0)
			continue;
		(void)sv_cut(&value, '=', &name);
		if (value.p == NULL)
			return field.cut ? OK : E_INPUT; /* cut within a name: that field is not told */
		TRY(percent_decode(a, name, true, field.cut, &field.name));
		TRY(percent_decode(a, value, true, field.cut, &field.value));
		TRY(add_field(out, &field));
	}
	return OK;
}

/* --- multipart ------------------------------------------------------------------------------------------------------------ */

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static bool starts_lower(struct sv s, const char *prefix)
{
	size_t n = strlen(prefix);

	if (s.n < n)
		return false;
	for (size_t i = 0; i < n; i++)
		if (lower(s.p[i]) != prefix[i])
			return false;
	return true;
}

static struct sv after(struct sv s, size_t n)
{
	return n >= s.n ? (struct sv){ s.p == NULL ? NULL : s.p + s.n, 0 } : (struct sv){ s.p + n, s.n - n };
}

static bool boundary_char(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c != 0 && strchr("'()+_,-./:=? ", c) != NULL);
}

/* boundary=token or boundary="quoted", the only parameter we look for. */
static bool find_boundary(struct sv type, struct sv *out)
{
	struct sv rest = type, piece;

	while (sv_cut(&rest, ';', &piece)) {
		piece = sv_trim(piece);
		if (!starts_lower(piece, "boundary="))
			continue;
		piece = after(piece, 9);
		if (piece.n >= 2 && piece.p[0] == '"' && piece.p[piece.n - 1] == '"')
			piece = (struct sv){ piece.p + 1, piece.n - 2 };
		if (piece.n == 0 || piece.n > BOUNDARY_MAX)
			return false;
		for (size_t i = 0; i < piece.n; i++)
			if (!boundary_char(piece.p[i]))
				return false;
		*out = piece;
		return true;
	}
	return false;
}

/* The next ; key="value" of a Content-Disposition. Browsers write a quote as %22 and a line end as %0D%0A. */
static bool next_parameter(struct sv *rest, struct sv *key, struct sv *value)
{
	const char *quote;

	*rest = sv_trim(*rest);
	if (rest->n == 0 || rest->p[0] != ';')
		return false;
	*rest = sv_trim(after(*rest, 1));
	quote = memmem(rest->p, rest->n, "=\"", 2);
	if (quote == NULL)
		return false;
	*key = (struct sv){ rest->p, (size_t)(quote - rest->p) };
	*rest = after(*rest, key->n + 2);
	quote = rest->n == 0 ? NULL : memchr(rest->p, '"', rest->n);
	if (quote == NULL)
		return false;
	*value = (struct sv){ rest->p, (size_t)(quote - rest->p) };
	*rest = after(*rest, value->n + 1);
	return true;
}

static enum status read_disposition(struct arena *a, struct sv line, struct form_field *field)
{
	struct sv rest = after(line, 9), key, value;

	if (!starts_lower(line, "form-data"))
		return E_INPUT;
	while (next_parameter(&rest, &key, &value)) {
		if (key.n == 4 && starts_lower(key, "name")) {
			TRY(percent_decode(a, value, false, false, &field->name));
		} else if (key.n == 8 && starts_lower(key, "filename")) {
			field->file = true;
			if (percent_decode(a, value, false, false, &field->file_name) != OK)
				field->file_name = value; /* a percent sign of the name itself */
		}
	}
	return rest.n == 0 && field->name.n > 0 ? OK : E_INPUT;
}

static enum status read_part_header(struct arena *a, struct sv header, struct form_field *field)
{
	bool named = false;

	while (header.n > 0) {
		const char *end = memmem(header.p, header.n, "\r\n", 2);
		struct sv line = { header.p, end == NULL ? header.n : (size_t)(end - header.p) };

		header = after(header, line.n + 2);
		if (starts_lower(line, "content-transfer-encoding:"))
			return E_INPUT;
		if (!starts_lower(line, "content-disposition:"))
			continue;
		if (named)
			return E_INPUT;
		named = true;
		TRY(read_disposition(a, sv_trim(after(line, 20)), field));
	}
	return named ? OK : E_INPUT;
}

/* One part, *rest behind its boundary line. Leaves *rest behind the next boundary; *last when that one closes the body. */
static enum status read_part(struct arena *a, struct sv delimiter, bool cut, struct sv *rest, struct form *out, bool *last)
{
	size_t search = rest->n < PART_HEADER_MAX ? rest->n : PART_HEADER_MAX;
	const char *blank = memmem(rest->p, search, "\r\n\r\n", 4);
	struct form_field field = { 0 };
	const char *end;

	*last = true;
	if (blank == NULL)
		return cut && search < PART_HEADER_MAX ? OK : E_INPUT; /* cut within a part's header: that part is not told */
	TRY(read_part_header(a, (struct sv){ rest->p, (size_t)(blank - rest->p) }, &field));
	*rest = after(*rest, (size_t)(blank - rest->p) + 4);
	end = memmem(rest->p, rest->n, delimiter.p, delimiter.n);
	if (end == NULL && !cut)
		return E_INPUT;
	field.cut = end == NULL;
	field.value = (struct sv){ rest->p, end == NULL ? rest->n : (size_t)(end - rest->p) };
	TRY(add_field(out, &field));
	if (end == NULL)
		return OK;
	*rest = after(*rest, field.value.n + delimiter.n);
	if (sv_starts(*rest, SV("--")))
		return OK;
	if (!sv_starts(*rest, SV("\r\n")))
		return cut && rest->n < 2 ? OK : E_INPUT;
	*rest = after(*rest, 2);
	*last = false;
	return OK;
}

static enum status parse_multipart(struct arena *a, struct sv boundary, struct sv body, bool cut, struct form *out)
{
	struct sv delimiter = arena_format(a, "\r\n--%.*s", (int)boundary.n, boundary.p);
	struct sv first = after(delimiter, 2), rest = after(body, first.n);
	size_t files = 0;
	bool last = false;

	if (!sv_starts(body, first))
		return E_INPUT;
	if (sv_starts(rest, SV("--")))
		return OK;
	if (!sv_starts(rest, SV("\r\n")))
		return E_INPUT;
	rest = after(rest, 2);
	while (!last) {
		size_t before = out->n;

		TRY(read_part(a, delimiter, cut, &rest, out, &last));
		if (out->n > before && out->fields[before].file && ++files > FORM_FILES_MAX)
			return E_LIMIT;
	}
	return OK;
}

enum status form_parse(struct arena *a, struct sv content_type, struct sv body, bool cut, struct form *out)
{
	struct sv rest = content_type, kind, boundary;

	out->cut = cut;
	if (body.n == 0 && content_type.n == 0)
		return OK;
	if (!sv_cut(&rest, ';', &kind))
		return E_INPUT;
	kind = sv_trim(kind);
	if (kind.n == 33 && starts_lower(kind, "application/x-www-form-urlencoded"))
		return parse_urlencoded(a, body, cut, out);
	if (kind.n == 19 && starts_lower(kind, "multipart/form-data") && find_boundary(content_type, &boundary))
		return parse_multipart(a, boundary, body, cut, out);
	return E_INPUT;
}

enum status form_parse_query(struct arena *a, struct sv query, struct form *out)
{
	return parse_urlencoded(a, query, false, out);
}

const struct form_field *form_find(const struct form *f, const char *name)
{
	for (size_t i = 0; i < f->n; i++)
		if (sv_is(f->fields[i].name, name))
			return &f->fields[i];
	return NULL;
}

static void put_encoded(struct buf *b, struct sv s)
{
	static const char digits[] = "0123456789ABCDEF";

	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.' ||
		    c == '_') {
			buf_byte(b, c);
			continue;
		}
		buf_byte(b, '%');
		buf_byte(b, (uint8_t)digits[c >> 4]);
		buf_byte(b, (uint8_t)digits[c & 15]);
	}
}

/* Names joined by |. */
static bool is_among(struct sv names, struct sv name)
{
	struct sv one;

	while (names.n > 0 && sv_cut(&names, '|', &one))
		if (sv_equal(one, name))
			return true;
	return false;
}

static bool frames_own(const struct form_field *field)
{
	return sv_is(field->name, "csrf") || sv_is(field->name, "ticket") || sv_is(field->name, "once");
}

/* A secret is never kept: not in a draft, not in a page that carries what was typed. */
static bool is_secret(struct sv name)
{
	static const char *const secrets[] = { "password", "again", "recovery", "code" };

	for (size_t i = 0; i < sizeof(secrets) / sizeof(secrets[0]); i++)
		if (sv_is(name, secrets[i]))
			return true;
	return false;
}

struct sv form_text(struct arena *a, const struct form *f)
{
	struct buf b = buf_new(a, 4096, 3 * 1024 * 1024 + 4096);

	for (size_t i = 0; i < f->n; i++) {
		const struct form_field *field = &f->fields[i];

		if (field->file || frames_own(field) || is_secret(field->name))
			continue;
		if (b.n > 0)
			buf_byte(&b, '&');
		put_encoded(&b, field->name);
		buf_byte(&b, '=');
		put_encoded(&b, field->value);
	}
	return buf_view(&b);
}

/* Length before bytes, so that no two forms give the same text; a file stands there by its hash. */
static void put_counted(struct buf *b, struct sv s, bool hashed)
{
	uint8_t hash[32];

	if (hashed) {
		sha256_of(s.p, s.n, hash);
		s = sv_bytes(hash, sizeof(hash));
	}
	buf_u32(b, (uint32_t)s.n);
	buf_sv(b, s);
}

void form_key(struct arena *a, const struct form *f, const struct key16 *once, const char *act, const char *own, uint8_t key[16])
{
	struct buf b = buf_new(a, 1024, 4 * 1024 * 1024);
	uint8_t hash[32];

	memset(key, 0, 16);
	if (!once->given)
		return;
	buf_put(&b, once->b, sizeof(once->b));
	put_counted(&b, sv_of(act), false);
	for (size_t i = 0; i < f->n; i++) {
		const struct form_field *field = &f->fields[i];

		if (frames_own(field) || (own != NULL && !is_among(sv_of(own), field->name)))
			continue;
		put_counted(&b, field->name, false);
		put_counted(&b, field->value, field->file);
	}
	sha256_of(b.p, b.n, hash);
	memcpy(key, hash, 16);
}
