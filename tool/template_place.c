/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tokenizer takes the part of HTML that has one reading in every browser: quoted attributes, no script or style text, no handlers, no
 * frames. Whatever it does not know it refuses, so a value never stands where its escape would not hold. */
#include "template_place.h"

#include <string.h>

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool space(char c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

static bool letter(char c)
{
	return lower(c) >= 'a' && lower(c) <= 'z';
}

static bool one_of(const char *word, const char *const *list)
{
	for (; *list != NULL; list++)
		if (strcmp(word, *list) == 0)
			return true;
	return false;
}

static const char *const refused_tags[] = { "style",    "iframe",  "frame", "frameset",         "object",        "embed",
					    "applet",   "base",    "xmp",   "plaintext",        "noembed",       "noframes",
					    "template", "animate", "set",   "animatetransform", "animatemotion", "foreignobject",
					    "math",     NULL };
static const char *const refused_attributes[] = { "style", "srcdoc", "srcset",        "ping", "background",
						  "nonce", "is",     "attributename", NULL };
static const char *const address_attributes[] = { "href",   "src",  "action",   "formaction", "cite",
						  "poster", "data", "manifest", "xlink:href", NULL };
/* Their words steer the browser, so they stand in the template as they are. */
static const char *const fixed_attributes[] = { "rel",        "target",      "http-equiv",     "content",    "charset", "method",
						"formmethod", "enctype",     "formenctype",    "formtarget", "sandbox", "allow",
						"integrity",  "crossorigin", "referrerpolicy", "download",   NULL };

static bool append(char name[PLACE_NAME_MAX], char c)
{
	size_t n = strlen(name);

	if (n + 1 >= PLACE_NAME_MAX)
		return false;
	name[n] = lower(c);
	name[n + 1] = 0;
	return true;
}

static const char *tag_named(const struct place *p)
{
	if (one_of(p->tag, refused_tags))
		return "this element is not used in templates";
	return NULL;
}

static const char *attribute_named(const struct place *p)
{
	if (strncmp(p->attribute, "on", 2) == 0)
		return "handlers do not stand in attributes: no on…";
	if (one_of(p->attribute, refused_attributes))
		return "this attribute is not used in templates";
	return NULL;
}

static void leave_tag(struct place *p, struct text *out)
{
	if (strcmp(p->tag, "textarea") == 0 || strcmp(p->tag, "pre") == 0) {
		p->keep = !p->closing;
		if (p->keep)
			text_add(out, "\n"); /* browsers drop one line end here; without it a value's own would be lost */
	}
	p->state = PLACE_TEXT;
	p->script = strcmp(p->tag, "script") == 0 && !p->closing;
	p->breaks = false;
	memset(p->tag, 0, sizeof p->tag);
	memset(p->attribute, 0, sizeof p->attribute);
	p->closing = p->has_source = false;
}

static const char *end_of_tag(struct place *p, struct text *out)
{
	if (strcmp(p->tag, "script") == 0 && !p->closing && !p->has_source)
		return "script stands in a file: <script src=\"{{asset …}}\">";
	if (p->script && strcmp(p->tag, "script") != 0)
		return "nothing stands inside of <script src=…>";
	leave_tag(p, out);
	return NULL;
}

/* data: only as the empty icon of <link rel="icon" href="data:,">, which keeps browsers from asking for one. */
static const char *scheme_named(struct place *p)
{
	bool icon = strcmp(p->scheme, "data") == 0 && strcmp(p->tag, "link") == 0;

	p->url = strcmp(p->scheme, "tel") == 0 ? URL_OPEN : URL_FIXED;
	return p->url == URL_OPEN || icon || strcmp(p->scheme, "https") == 0 ? NULL : "no other scheme than tel: and https:";
}

static const char *url_byte(struct place *p, char c)
{
	switch (p->url) {
	case URL_START:
		p->url = c == '/' ? URL_SLASH : c == '#' || c == '?' ? URL_OPEN : URL_SCHEME;
		return p->url != URL_SCHEME || (letter(c) && append(p->scheme, c))
			       ? NULL
			       : "an address begins with /, #, ?, tel: or https://";
	case URL_SLASH:
		p->url = URL_OPEN;
		return c == '/' || c == '\\' ? "an address of another host begins with https://" : NULL;
	case URL_SCHEME:
		if (c != ':')
			return letter(c) && append(p->scheme, c) ? NULL : "an address begins with /, #, ?, tel: or https://";
		return scheme_named(p);
	case URL_PATH:
		p->url = URL_OPEN;
		return c == '?' || c == '#' || c == '&' ? NULL : "behind a path variable only ?, # or & can follow";
	case URL_NONE:
	case URL_OPEN:
	case URL_FIXED:
		break;
	}
	return c == '\\' && p->url != URL_NONE ? "no \\ in an address" : NULL;
}

static const char *value_byte(struct place *p, char c, struct text *out)
{
	const char *why = NULL;

	if (c == p->quote) {
		if (p->url == URL_SCHEME)
			why = "an address begins with /, #, ?, tel: or https://";
		if (strcmp(p->attribute, "src") == 0)
			p->has_source = true;
		p->state = PLACE_AFTER;
		p->url = URL_NONE;
		p->quote = 0;
		memset(p->attribute, 0, sizeof p->attribute);
		memset(p->scheme, 0, sizeof p->scheme);
	} else {
		why = url_byte(p, c);
	}
	text_put(out, &c, 1);
	return why;
}

static const char *tag_start_byte(struct place *p, char c, struct text *out)
{
	text_put(out, &c, 1);
	if (c == '!') {
		p->state = PLACE_MARKUP;
	} else if (c == '/' && !p->closing) {
		p->closing = true;
	} else if (letter(c)) {
		p->state = PLACE_TAG_NAME;
		append(p->tag, c);
	} else {
		return "write &lt; for a < in text";
	}
	if (p->script && c != '/' && !p->closing)
		return "nothing stands inside of <script src=…>";
	return NULL;
}

static const char *text_byte(struct place *p, char c, struct text *out)
{
	p->breaks = false;
	if (c == '<')
		p->state = PLACE_TAG_START;
	else if (p->script && !space(c))
		return "nothing stands inside of <script src=…>";
	text_put(out, &c, 1);
	return NULL;
}

/* A byte in a tag that is not white space. */
static const char *inside_byte(struct place *p, char c, struct text *out)
{
	if (c != '>')
		text_put(out, &c, 1);
	if (c == '>') {
		text_add(out, ">");
		return end_of_tag(p, out);
	}
	if (c == '/')
		p->state = PLACE_AFTER;
	else if (p->state == PLACE_AFTER)
		return "a space must stand between attributes";
	else if (p->closing)
		return "an end tag has no attributes";
	else if (!letter(c))
		return "an attribute begins with a letter";
	else {
		memset(p->attribute, 0, sizeof p->attribute);
		append(p->attribute, c);
		p->state = PLACE_NAME;
	}
	return NULL;
}

static const char *name_byte(struct place *p, char c, struct text *out)
{
	bool tag = p->state == PLACE_TAG_NAME;
	const char *why;

	if (letter(c) || (c >= '0' && c <= '9') || c == '-' || (!tag && (c == ':' || c == '_'))) {
		text_put(out, &c, 1);
		return append(tag ? p->tag : p->attribute, c) ? NULL : "this name is too long";
	}
	why = tag ? tag_named(p) : attribute_named(p);
	if (why != NULL)
		return why;
	if (!tag && c == '=') {
		text_put(out, &c, 1);
		p->state = PLACE_EQUALS;
		return NULL;
	}
	p->state = PLACE_AFTER;
	return inside_byte(p, c, out);
}

static const char *equals_byte(struct place *p, char c, struct text *out)
{
	if (c != '"' && c != '\'')
		return "the value of an attribute stands in quotes";
	p->state = PLACE_VALUE;
	p->quote = c;
	p->url = one_of(p->attribute, address_attributes) ? URL_START : URL_NONE;
	text_put(out, &c, 1);
	return NULL;
}

/* <!doctype html>, and nothing else that begins with <! */
static const char *markup_byte(struct place *p, char c, struct text *out)
{
	text_put(out, &c, 1);
	if (c == '>')
		leave_tag(p, out);
	else if (p->tag[0] == 0 && lower(c) != 'd')
		return "<! is for the doctype; a comment stands in one piece without tags";
	else
		p->tag[0] = 'd';
	return NULL;
}

static const char *byte(struct place *p, char c, struct text *out)
{
	switch (p->state) {
	case PLACE_TEXT:
		return text_byte(p, c, out);
	case PLACE_TAG_START:
		return tag_start_byte(p, c, out);
	case PLACE_TAG_NAME:
	case PLACE_NAME:
		return name_byte(p, c, out);
	case PLACE_INSIDE:
	case PLACE_AFTER:
		return inside_byte(p, c, out);
	case PLACE_EQUALS:
		return equals_byte(p, c, out);
	case PLACE_VALUE:
		return value_byte(p, c, out);
	case PLACE_MARKUP:
		return markup_byte(p, c, out);
	}
	return NULL;
}

/* White space outside of values: a run with a line end becomes one line end, and nothing right behind another. */
static const char *spaces(struct place *p, struct view run, struct text *out)
{
	const char *why = NULL;

	if (p->state == PLACE_NAME || p->state == PLACE_TAG_NAME) {
		why = p->state == PLACE_TAG_NAME ? tag_named(p) : attribute_named(p);
		p->state = PLACE_INSIDE;
	} else if (p->state == PLACE_AFTER) {
		p->state = PLACE_INSIDE;
	} else if (p->state == PLACE_TAG_START || p->state == PLACE_EQUALS) {
		return "no space here";
	}
	if (p->state == PLACE_TEXT && p->breaks)
		return why;
	if (memchr(run.p, '\n', run.n) != NULL) {
		text_add(out, "\n");
		p->breaks = p->state == PLACE_TEXT;
	} else {
		text_put(out, run.p, run.n);
	}
	return why;
}

static size_t comment(const struct place *p, struct view rest)
{
	const char *end;

	if (p->state != PLACE_TEXT || p->script || rest.n < 4 || memcmp(rest.p, "<!--", 4) != 0)
		return 0;
	end = memmem(rest.p + 4, rest.n - 4, "-->", 3);
	return end == NULL ? 0 : (size_t)(end - rest.p) + 3;
}

bool place_literal(struct place *p, struct view literal, struct text *out, const char **why, size_t *at)
{
	size_t i = 0;

	*why = NULL;
	while (i < literal.n && *why == NULL) {
		size_t n = comment(p, (struct view){ literal.p + i, literal.n - i });
		bool verbatim = p->state == PLACE_VALUE || (p->state == PLACE_TEXT && p->keep);

		*at = i;
		if (n > 0) {
			i += n;
		} else if (!verbatim && space(literal.p[i])) {
			while (i + n < literal.n && space(literal.p[i + n]))
				n++;
			*why = spaces(p, (struct view){ literal.p + i, n }, out);
			i += n;
		} else if (literal.p[i] == 0) {
			*why = "a zero byte";
		} else {
			bool kept = p->keep;
			*why = byte(p, literal.p[i++], out);
			if (p->keep && !kept && i < literal.n && literal.p[i] == '\n')
				i++; /* leave_tag wrote it */
		}
	}
	return *why == NULL;
}

bool place_tag(struct place *p, const char **why)
{
	*why = NULL;
	if (p->state == PLACE_TAG_NAME)
		*why = tag_named(p);
	else if (p->state == PLACE_NAME)
		*why = attribute_named(p);
	if (p->state == PLACE_TAG_NAME || p->state == PLACE_NAME)
		p->state = PLACE_AFTER;
	if (p->state == PLACE_TAG_START || p->state == PLACE_EQUALS || p->state == PLACE_MARKUP || p->script)
		*why = "a tag can stand in text, between attributes or in a quoted value";
	return *why == NULL;
}

static const char *address_value(struct place *p, enum kind kind, enum position *out)
{
	bool path = kind == KIND_PATH;

	*out = path ? POSITION_PATH : POSITION_PART;
	if (path) {
		if (p->url != URL_START)
			return "a path is a whole address: it stands first";
		p->url = URL_PATH;
		return NULL;
	}
	if (p->url == URL_SLASH)
		return "a value right behind the first / could name another host: use a path variable";
	if (p->url != URL_OPEN)
		return "an address begins with a path variable, / or #; only then values can follow";
	return kind == KIND_TEXT || kind == KIND_NUMBER ? NULL : "only text and numbers fill an address";
}

bool place_value(struct place *p, enum kind kind, enum position *out, const char **why)
{
	*why = NULL;
	*out = POSITION_TEXT;
	if (p->state != PLACE_TEXT && p->state != PLACE_VALUE)
		*why = "a value stands in text or in a quoted attribute";
	else if (p->state == PLACE_VALUE && p->url != URL_NONE)
		*why = address_value(p, kind, out);
	else if (kind == KIND_PATH && strncmp(p->attribute, "data-", 5) == 0)
		*out = POSITION_PATH; /* script will go there */
	else if (p->state == PLACE_VALUE && one_of(p->attribute, fixed_attributes))
		*why = "the words of this attribute stand in the template";
	p->breaks = false;
	return *why == NULL;
}

bool place_asset(struct place *p, const char **why)
{
	*why = p->state == PLACE_VALUE && p->url == URL_START ? NULL : "{{asset …}} is a whole address";
	p->url = URL_FIXED;
	return *why == NULL;
}

bool place_join(struct place *p, const struct place *before)
{
	struct place a = *p, b = *before;

	if ((a.state == PLACE_INSIDE && b.state == PLACE_AFTER) || (a.state == PLACE_AFTER && b.state == PLACE_INSIDE))
		a.state = b.state = PLACE_AFTER;
	p->state = a.state;
	p->breaks = a.breaks && b.breaks;
	return a.state == b.state && a.url == b.url && a.quote == b.quote && a.closing == b.closing && a.keep == b.keep &&
	       a.script == b.script && a.has_source == b.has_source && strcmp(a.tag, b.tag) == 0 &&
	       (a.state != PLACE_VALUE || strcmp(a.attribute, b.attribute) == 0) && strcmp(a.scheme, b.scheme) == 0;
}
