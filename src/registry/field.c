/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of field types and what every type shares: text enters here once (UTF-8, NFC, trimmed), empty is unset, required is asked. */
#include "base/text.h"
#include "registry/type.h"

static const struct field_type_row *const types[FIELD_TYPE_COUNT] = {
	[FIELD_TEXT] = &type_text,
	[FIELD_LONG_TEXT] = &type_text,
	[FIELD_CODE] = &type_code,
	[FIELD_CODES] = &type_codes,
	[FIELD_YESNO] = &type_yesno,
	[FIELD_INTEGER] = &type_integer,
	[FIELD_TIME] = &type_time,
	[FIELD_PHONE] = &type_phone,
	[FIELD_REFERENCE] = &type_reference,
	[FIELD_REFERENCES] = &type_references,
	[FIELD_PARTIAL_DATE] = &type_partial_date,
};

static const uint32_t usual_max[FIELD_TYPE_COUNT] = {
	[FIELD_TEXT] = 200,           [FIELD_LONG_TEXT] = 20000, [FIELD_CODES] = 64,
	[FIELD_INTEGER] = UINT32_MAX, [FIELD_PHONE] = 40,        [FIELD_REFERENCES] = 64,
};

const struct field_type_row *field_type_of(const struct field *f)
{
	return types[f->type];
}

uint32_t field_max(const struct field *f)
{
	return f->max ? f->max : usual_max[f->type];
}

enum status set_text(struct field_value *out, struct sv text)
{
	*out = (struct field_value){ .set = true, .text = text };
	return OK;
}

struct sv format_text(struct arena *a, const struct field *f, const struct field_value *v)
{
	(void)a, (void)f;
	return v->text;
}

/* U+0660..9 are D9 A0..A9, U+06F0..9 are DB B0..B9. */
struct sv ascii_digits(struct arena *a, struct sv s)
{
	char *p = arena_alloc(a, s.n);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i], next = i + 1 < s.n ? (unsigned char)s.p[i + 1] : 0;
		unsigned char zero = c == 0xd9 ? 0xa0 : c == 0xdb ? 0xb0 : 0;

		if (zero && next >= zero && next <= zero + 9) {
			p[n++] = (char)('0' + (next - zero));
			i++;
		} else {
			p[n++] = s.p[i];
		}
	}
	return (struct sv){ p, n };
}

enum status field_parse(struct ctx *c, const struct field *f, struct sv typed, struct field_value *out)
{
	struct sv text;

	*out = (struct field_value){ 0 };
	if (text_enter(c->arena, typed, &text) != OK)
		return ctx_input(c, f->name, "error.encoding", 0);
	text = sv_trim(text);
	if (text.n)
		return types[f->type]->parse(c, f, text, out);
	return f->flags & FIELD_REQUIRED ? ctx_input(c, f->name, "error.required", 0) : OK;
}

struct sv field_format(struct arena *a, const struct field *f, const struct field_value *v)
{
	return v->set ? types[f->type]->format(a, f, v) : SV_NONE;
}
