/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a request must not be believed. Framing (RFC 9112 6): whatever another reader in front of us could take for a different length
 * is refused, not interpreted. Origin (sealed design 13): Sec-Fetch-Site must say same-origin; without it Origin decides; without both,
 * or with `null`, the post is refused. */
#include "web/guard.h"

#include <arpa/inet.h>
#include <string.h>

#include "web/route.h"

#define FIELDS_MAX 64
#define FIELD_BYTES_MAX (16 * 1024)
#define NAME(text)                       \
	{                                \
		(text), sizeof(text) - 1 \
	}

static const struct sv names[HEADER_COUNT] = {
	[HEADER_HOST] = NAME("host"),
	[HEADER_CONTENT_LENGTH] = NAME("content-length"),
	[HEADER_TRANSFER_ENCODING] = NAME("transfer-encoding"),
	[HEADER_CONTENT_TYPE] = NAME("content-type"),
	[HEADER_COOKIE] = NAME("cookie"),
	[HEADER_ORIGIN] = NAME("origin"),
	[HEADER_FETCH_SITE] = NAME("sec-fetch-site"),
	[HEADER_ACCEPT] = NAME("accept"),
	[HEADER_ACCEPT_LANGUAGE] = NAME("accept-language"),
	[HEADER_ACCEPT_ENCODING] = NAME("accept-encoding"),
	[HEADER_REFERER] = NAME("referer"),
	[HEADER_PART] = NAME("x-part"),
	[HEADER_REAL_IP] = NAME("x-real-ip"),
	[HEADER_EXPECT] = NAME("expect"),
};

static bool lower_is(struct sv given, struct sv lower)
{
	if (given.n != lower.n)
		return false;
	for (size_t i = 0; i < given.n; i++)
		if ((given.p[i] >= 'A' && given.p[i] <= 'Z' ? given.p[i] + 32 : given.p[i]) != lower.p[i])
			return false;
	return true;
}

/* A field name is a token (RFC 9110 5.6.2): a space before the colon or a control character is a way to smuggle one. */
static bool name_sound(struct sv s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i], lower = c | 32;

		if ((lower >= 'a' && lower <= 'z') || c == '-')
			continue;
		if (c <= ' ' || c >= 127 || strchr("\"(),/:;<=>?@[\\]{}", c) != NULL)
			return false;
	}
	return s.n > 0;
}

static bool value_sound(struct sv s)
{
	for (size_t i = 0; i < s.n; i++)
		if (((unsigned char)s.p[i] < ' ' && s.p[i] != '\t') || s.p[i] == 127)
			return false;
	return true;
}

/* Of a folded line (RFC 9112 5.2) the library adds the second half to the field's name: a length or coding so written would be none. */
static bool name_folded(struct sv name)
{
	static const enum header framing[] = { HEADER_CONTENT_LENGTH, HEADER_TRANSFER_ENCODING, HEADER_HOST };

	for (size_t i = 0; i < sizeof(framing) / sizeof(framing[0]); i++) {
		struct sv known = names[framing[i]];

		if (name.n > known.n && lower_is((struct sv){ name.p, known.n }, known))
			return true;
	}
	return false;
}

void guard_field(struct exchange *x, struct sv name, struct sv value)
{
	x->field_count++;
	x->field_bytes += name.n + value.n + 4;
	if (!name_sound(name) || name_folded(name) || !value_sound(value))
		x->bad_field = true;
	for (size_t i = 0; i < HEADER_COUNT; i++) {
		if (!lower_is(name, names[i]))
			continue;
		if (x->header[i].p != NULL)
			x->bad_field = true; /* given twice: which one counts? */
		x->header[i] = value;
	}
}

/* RFC 3986: printable ASCII alone. A carriage return in it would be the end of the line for another reader. */
bool guard_target(struct sv s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] <= ' ' || (unsigned char)s.p[i] >= 127)
			return false;
	return true;
}

static bool framing_sound(const struct exchange *x)
{
	struct sv length = x->header[HEADER_CONTENT_LENGTH], coding = x->header[HEADER_TRANSFER_ENCODING];
	struct sv expect = x->header[HEADER_EXPECT];
	uint64_t n = 0;

	if (x->bad_field || x->field_count > FIELDS_MAX || x->field_bytes > FIELD_BYTES_MAX || x->header[HEADER_HOST].n == 0)
		return false;
	if (length.p != NULL && (length.n > 15 || !sv_u64(length, &n)))
		return false;
	if (coding.p != NULL && (length.p != NULL || !x->version_1_1 || !lower_is(coding, SV("chunked"))))
		return false;
	if (expect.p != NULL && !lower_is(expect, SV("100-continue")))
		return false;
	return x->method == HTTP_POST || (n == 0 && coding.p == NULL);
}

void guard_framing(struct exchange *x)
{
	if (x->refused != 0 || framing_sound(x))
		return;
	x->refused = 400;
	x->refused_key = "error.input";
}

static struct sv without(struct sv s, struct sv prefix)
{
	return sv_starts(s, prefix) ? (struct sv){ s.p + prefix.n, s.n - prefix.n } : SV_NONE;
}

/* http only where no TLS can stand in front: names of this machine alone. */
static bool origin_ours(const struct web *w, const struct exchange *x)
{
	struct sv origin = x->header[HEADER_ORIGIN], host = x->header[HEADER_HOST];
	bool local = host_is_loopback(host_name(host));

	if (by_name(w) && sv_equal(without(origin, SV("https://")), host))
		return true;
	return local && sv_equal(without(origin, SV("http://")), host);
}

bool guard_origin(const struct web *w, const struct exchange *x)
{
	struct sv origin = x->header[HEADER_ORIGIN], site = x->header[HEADER_FETCH_SITE];

	if (origin.p == NULL && site.p == NULL)
		return false;
	if (site.p != NULL && !sv_is(site, "same-origin"))
		return false;
	return origin.p == NULL || origin_ours(w, x);
}

static bool is_loopback_address(const uint8_t a[16])
{
	static const uint8_t mapped[13] = { [10] = 0xff, [11] = 0xff, [12] = 127 };
	static const uint8_t one[16] = { [15] = 1 };

	return memcmp(a, mapped, sizeof(mapped)) == 0 || memcmp(a, one, sizeof(one)) == 0;
}

void guard_address(const struct web *w, const struct exchange *x, uint8_t out[16])
{
	struct sv given = x->header[HEADER_REAL_IP];
	char text[INET6_ADDRSTRLEN];
	struct in_addr v4;
	struct in6_addr v6;

	memcpy(out, x->address, 16);
	if (!by_name(w) || !is_loopback_address(x->address) || given.n == 0 || given.n >= sizeof(text))
		return;
	memcpy(text, given.p, given.n);
	text[given.n] = 0;
	if (inet_pton(AF_INET, text, &v4) == 1) {
		memset(out, 0, 16);
		out[10] = out[11] = 0xff;
		memcpy(out + 12, &v4, 4);
	} else if (inet_pton(AF_INET6, text, &v6) == 1) {
		memcpy(out, &v6, 16);
	}
}

struct sv cookie_value(struct sv header, const char *name)
{
	struct sv rest = header, pair, found = SV_NONE;

	while (sv_cut(&rest, ';', &pair)) {
		struct sv value = sv_trim(pair), key;

		if (!sv_cut(&value, '=', &key) || value.p == NULL || !sv_is(key, name))
			continue;
		if (found.p != NULL && !sv_equal(found, value))
			return SV_NONE;
		found = value;
	}
	return found;
}
