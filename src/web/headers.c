/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every answer carries (sealed design 13). Nothing dynamic is ever stored by a browser or proxy; nothing but our own files and
 * scripts runs; nobody frames us; no other site learns the address somebody came from. */
#include "web/headers.h"

#include <string.h>

#include "web/pack.h"
#include "web/prefer.h"

#define CSP                                                                                                              \
	"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; " \
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
#define PERMISSIONS                                                                                                         \
	"accelerometer=(), autoplay=(), camera=(), display-capture=(), encrypted-media=(), fullscreen=(), geolocation=(), " \
	"gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), picture-in-picture=(), "                        \
	"publickey-credentials-get=(), screen-wake-lock=(), usb=(), web-share=(), xr-spatial-tracking=()"
#define PAD_STEP (16 * 1024)
#define PACK_FROM 1000 /* shorter bodies are one packet anyhow */

static const char *const policies[SITE_ANY] = {
	[SITE_PUBLIC] = CSP "; media-src 'self' blob:",
	[SITE_STAFF] = CSP "; media-src 'self'",
	[SITE_FILES] = CSP "; sandbox",
};

static void put(struct reply *out, const char *name, const char *value)
{
	if (out->header_count < ANSWER_HEADERS_MAX) {
		out->headers[out->header_count].name = name;
		out->headers[out->header_count++].value = value;
	}
}

/* Search engines may know that the public start exists, and nothing else. */
static bool is_public_start(const struct exchange *x)
{
	struct sv path = x->path;
	enum language l;

	if (x->site != SITE_PUBLIC || x->method == HTTP_POST || path.n == 0)
		return false;
	return path.n == 1 || language_parse((struct sv){ path.p + 1, path.n - 1 }, &l);
}

static void put_fixed(struct reply *out, const struct exchange *x, bool kept)
{
	put(out, "Content-Security-Policy", policies[x->site]);
	put(out, "Strict-Transport-Security", "max-age=63072000");
	put(out, "Referrer-Policy", "same-origin");
	put(out, "X-Content-Type-Options", "nosniff");
	put(out, "Cross-Origin-Opener-Policy", "same-origin");
	put(out, "Cross-Origin-Embedder-Policy", "require-corp");
	put(out, "Cross-Origin-Resource-Policy", "same-origin");
	put(out, "Permissions-Policy", PERMISSIONS);
	put(out, "Cache-Control", kept ? "public, max-age=31536000, immutable" : "no-store");
	if (!is_public_start(x))
		put(out, "X-Robots-Tag", "noindex, noarchive");
}

static const char *cookie_text(struct arena *a, const struct cookie *k)
{
	struct sv age = SV("");

	if (k->clear)
		age = SV("; Max-Age=0");
	else if (k->max_age_s > 0)
		age = arena_format(a, "; Max-Age=%lld", (long long)k->max_age_s);
	return arena_format(a, "%s=%.*s; Path=/; Secure; HttpOnly; SameSite=Strict%.*s", k->name, k->clear ? 0 : (int)k->value.n,
			    k->value.p == NULL ? "" : k->value.p, (int)age.n, age.p)
		.p;
}

/* Spaces after </html>: the length says nothing about what was written on the page. */
static void pad(struct buf *b)
{
	char spaces[256];
	size_t missing = (PAD_STEP - b->n % PAD_STEP) % PAD_STEP;

	memset(spaces, ' ', sizeof(spaces));
	while (missing > 0) {
		size_t n = missing < sizeof(spaces) ? missing : sizeof(spaces);

		buf_put(b, spaces, n);
		missing -= n;
	}
}

/* Public pages have a padded length instead; files are packed already or cannot be. */
bool headers_pack(const struct exchange *x)
{
	return x->site == SITE_STAFF && prefer_gzip(x);
}

static struct sv body_of(struct arena *a, const struct exchange *x, struct response *r)
{
	if (r->body.known == NULL || r->encoding != NULL || r->body.n < PACK_FROM || !headers_pack(x))
		return buf_view(&r->body);
	r->encoding = "gzip";
	return pack_gzip(a, &r->body);
}

void headers_finish(struct arena *a, const struct exchange *x, struct response *r, struct reply *out)
{
	bool kept = x->route != NULL && (x->route->flags & ROUTE_KEPT) != 0 && r->code == 200;

	out->code = r->code;
	out->constant = kept;
	if (r->pad && !kept)
		pad(&r->body);
	out->body = body_of(a, x, r);
	put_fixed(out, x, kept);
	if (r->type != NULL)
		put(out, "Content-Type", r->type);
	if (r->location != NULL)
		put(out, "Location", r->location);
	if (r->disposition != NULL)
		put(out, "Content-Disposition", r->disposition);
	if (r->encoding != NULL)
		put(out, "Content-Encoding", r->encoding);
	if (kept || x->site == SITE_STAFF)
		put(out, "Vary", "Accept-Encoding");
	if (r->allow != NULL)
		put(out, "Allow", r->allow);
	if (r->retry_s > 0)
		put(out, "Retry-After", arena_format(a, "%u", r->retry_s).p);
	if (r->clear_site) /* staff keep their language and the known device: the session's own cookie is cleared by name */
		put(out, "Clear-Site-Data",
		    x->site == SITE_STAFF ? "\"cache\", \"storage\"" : "\"cache\", \"cookies\", \"storage\"");
	for (size_t i = 0; i < r->cookie_count; i++)
		put(out, "Set-Cookie", cookie_text(a, &r->cookies[i]));
}
