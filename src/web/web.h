/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEB_WEB_H
#define WEB_WEB_H

#include "base/context.h"

/* What a handler sees. The frame (web/frame.c) has limited the body, checked host, session, CSRF, permission and rate before the
 * handler runs; on error it throws the handler's output away and answers from the one error table (web/error.c). */

enum site { SITE_PUBLIC, SITE_STAFF, SITE_FILES, SITE_ANY };
enum method { M_GET = 1, M_POST = 2 };
enum need_kind { NEED_PUBLIC = 1, /* nobody logged in: must be written out */
		 NEED_SESSION,    /* any member */
		 NEED_CLASS };    /* a role whose cell has the op in the class */
struct need { enum need_kind kind; enum class class; uint8_t op; };
#define PUBLIC ((struct need){ NEED_PUBLIC, 0, 0 })
#define SESSION ((struct need){ NEED_SESSION, 0, 0 })
#define MAY(class_, op_) ((struct need){ NEED_CLASS, (class_), (op_) })

/* Parsed, bounded input of a request. Names of fields come from the route's own table; anything else in the body is refused. */
enum param_kind { P_ID, P_U32, P_TEXT /* one line */, P_LONG /* lines */, P_CODE, P_CODES, P_FLAG, P_FILE, P_KEY16 /* 32 hex */ };
struct param {
	const char *name;
	enum param_kind kind;
	size_t offset;    /* of the member in the route's struct */
	uint32_t max;     /* code points, or greatest number, or bytes for a file */
	const char *codes;
	bool required;
};
/* members: P_ID struct id; P_U32 uint32_t; P_TEXT, P_LONG, P_CODE, P_CODES struct sv; P_FLAG bool; P_FILE struct upload; P_KEY16 struct key16 */
struct upload { struct sv name, content; bool given; };
struct key16 { uint8_t b[16]; bool given; };
#define PARAM_TYPE_P_ID struct id
#define PARAM_TYPE_P_U32 uint32_t
#define PARAM_TYPE_P_TEXT struct sv
#define PARAM_TYPE_P_LONG struct sv
#define PARAM_TYPE_P_CODE struct sv
#define PARAM_TYPE_P_CODES struct sv
#define PARAM_TYPE_P_FLAG bool
#define PARAM_TYPE_P_FILE struct upload
#define PARAM_TYPE_P_KEY16 struct key16
/* A kind that does not match the member does not compile. */
#define PARAM(struct_, member_, kind_, max_, ...)                                                                              \
	{ .name = #member_, .kind = kind_, .max = (max_),                                                                      \
	  .offset = offsetof(struct_, member_) + 0 * sizeof((PARAM_TYPE_##kind_ *)0 == &((struct_ *)0)->member_), __VA_ARGS__ }

struct response {
	unsigned code;           /* 200, 303, 404 … */
	struct buf body;
	const char *type;        /* "text/html; charset=utf-8" */
	const char *location;    /* arena */
	const char *disposition; /* arena; downloads */
	struct cookie { const char *name; struct sv value; int64_t max_age_s; bool clear; } cookies[4];
	size_t cookie_count;
	bool pad;                /* to 16 KiB steps: public form, answer, mailbox */
	bool clear_site;         /* Clear-Site-Data */
};
struct request {
	enum site site;
	enum method method;
	struct sv path;             /* without prefix */
	const char *base;           /* "/staff" or "" to put before addresses */
	struct id path_id;          /* {id} of the route */
	struct sv path_word;        /* {word}: code list name, language … */
	const void *in;             /* the route's struct; all members set, wrong ones empty with ctx.inputs filled */
	struct sv raw;              /* the body as it came, for drafts and for showing typed values again */
	bool script;                /* the page said that script runs (x-part header) */
	int64_t received;
};
typedef enum status handler(struct ctx *c, const struct request *r, struct response *out);
struct route {
	enum method method;
	enum site site;
	const char *path;           /* "/reports/{id}/assign" */
	handler *run;
	struct need need;
	const struct param *params;
	size_t param_count, in_size;
	uint32_t body_max;          /* bytes; 0 = 64 KiB */
	uint32_t flags;
};
enum route_flags {
	ROUTE_SHOWS_INPUT_ERRORS = 1, /* run the handler even with E_INPUT in ctx: it shows the form again with what was typed */
	ROUTE_FILE = 2,
	ROUTE_TICKET = 4              /* CSRF by form ticket instead of session (public form) */
};
#define ROUTE(method_, site_, path_, run_, need_, params_, struct_, ...)                                                     \
	{ .method = M_##method_, .site = site_, .path = path_, .run = run_, .need = need_, .params = params_,                 \
	  .param_count = sizeof(params_) / sizeof((params_)[0]), .in_size = sizeof(struct_), __VA_ARGS__ }
#define ROUTE0(method_, site_, path_, run_, need_, ...)                                                                      \
	{ .method = M_##method_, .site = site_, .path = path_, .run = run_, .need = need_, __VA_ARGS__ }
/* One table a page file, listed in web/routes.c. */
struct routes { const struct route *rows; size_t n; };

/* Handlers' helpers (web/answer.c) */
enum status response_go(struct ctx *c, const struct request *r, struct response *out, const char *path, const char *flash_key) MUST_CHECK; /* 303 */
void response_cookie(struct response *out, const char *name, struct sv value, int64_t max_age_s);
struct sv token_text(struct arena *a, const struct token *t);

#endif
