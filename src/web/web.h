/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEB_WEB_H
#define WEB_WEB_H

#include "base/clock.h"
#include "base/context.h"
#include "base/ticket.h"

struct form; /* web/form.h: what a body held */
struct media;
struct web; /* web/server.h: state of the process */

/* What a handler sees. The frame (web/frame.c) has limited the body, checked host, session, CSRF, permission and rate before the
 * handler runs; on error it throws the handler's output away and answers from the one error table (web/error.c). */

enum site { SITE_PUBLIC, SITE_STAFF, SITE_FILES, SITE_ANY };
enum method { M_GET = 1, M_POST = 2 };
enum need_kind {
	NEED_PUBLIC = 1, /* nobody logged in: must be written out */
	NEED_SESSION,    /* any member */
	NEED_CLASS
}; /* a role whose cell has the op in the class */
struct need {
	enum need_kind kind;
	enum class class;
	uint8_t op;
};
#define PUBLIC (NEED_PUBLIC, 0, 0)
#define SESSION (NEED_SESSION, 0, 0)
#define MAY(class_, op_) (NEED_CLASS, (class_), (op_))
#define NEED_OF(kind_, class_, op_)      \
	{                                \
		(kind_), (class_), (op_) \
	}

/* Parsed, bounded input of a request. Names of fields come from the route's own table; anything else in the body is refused. */
enum param_kind { P_ID, P_U32, P_TEXT /* one line */, P_LONG /* lines */, P_CODE, P_CODES, P_FLAG, P_FILE, P_KEY16 /* 32 hex */ };
struct param {
	const char *name;
	enum param_kind kind;
	size_t offset; /* of the member in the route's struct */
	uint32_t max;  /* code points, or greatest number, or bytes for a file */
	const char *codes;
	bool required;
};
/* members: P_ID struct id; P_U32 uint32_t; P_TEXT, P_LONG, P_CODE, P_CODES struct sv; P_FLAG bool; P_FILE struct upload; P_KEY16 struct key16 */
struct upload {
	struct sv name, content;
	bool given;
};
struct key16 {
	uint8_t b[16];
	bool given;
};
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
#define PARAM(...) PARAM_OF(__VA_ARGS__, )
#define PARAM_OF(struct_, member_, kind_, max_, ...)                                                                    \
	{                                                                                                               \
		.name = #member_, .kind = kind_, .max = (max_),                                                         \
		.offset = offsetof(struct_, member_) + 0 * sizeof((PARAM_TYPE_##kind_ *)0 == &((struct_ *)0)->member_), \
		__VA_ARGS__                                                                                             \
	}

struct response {
	unsigned code; /* 200, 303, 404 … */
	struct buf body;
	const char *type;        /* "text/html; charset=utf-8" */
	const char *location;    /* arena */
	const char *disposition; /* arena; downloads */
	struct cookie {
		const char *name;
		struct sv value;
		int64_t max_age_s;
		bool clear;
	} cookies[4];
	size_t cookie_count;
	bool pad;             /* to 16 KiB steps: public form, answer, mailbox */
	bool clear_site;      /* Clear-Site-Data */
	const char *encoding; /* Content-Encoding of a body that is packed already */
	const char *allow;    /* with 405 */
	uint32_t retry_s;     /* Retry-After */
};
struct request {
	enum site site;
	enum method method;
	struct sv path;          /* without prefix */
	const char *base;        /* "/staff" or "" to put before addresses */
	struct id path_id;       /* {id} of the route */
	struct sv path_word;     /* {word}: code list name, language … */
	const void *in;          /* the route's struct; all members set, wrong ones empty with ctx.inputs filled */
	const struct form *form; /* every field as it came; see typed() */
	struct form_proof {      /* what a ROUTE_TICKET form proved; without either, ctx.inputs holds field "ticket" */
		bool ticket;     /* a form ticket of ours, at most 2 h old */
		bool session;    /* the csrf field of the actor's own session */
		int64_t age_ms;  /* of the ticket; sending needs TICKET_MIN_MS */
		uint8_t id[16];  /* its random part: public_report.ticket */
	} proof;
	struct sv done;             /* GET: message key of what was just done, "" = nothing (response_go) */
	struct sv referer;          /* path of the page on this host the request came from; may be empty */
	struct sv host;             /* as it was asked for: name and port */
	const struct token *device; /* of the known-device cookie; NULL: none, or not one of ours */
	uint64_t net;               /* the sender's network, hashed: for pace() only */
	const struct web *web;
	struct media *media; /* media/client.h, this worker's connection; NULL when that process is away */
	struct sv raw;       /* the body as it came, for drafts and for showing typed values again */
	bool script;         /* the page said that script runs (x-part header) */
	bool gzip;           /* the browser takes gzip */
	int64_t received;
};
typedef enum status handler(struct ctx *c, const struct request *r, struct response *out);
struct route {
	enum method method;
	enum site site;
	const char *path; /* "/reports/{id}/assign" */
	handler *run;
	struct need need;
	const struct param *params;
	size_t param_count, in_size;
	uint32_t body_max; /* bytes; 0 = 64 KiB */
	uint32_t flags;
};
enum route_flags {
	ROUTE_SHOWS_INPUT_ERRORS =
		1, /* run the handler even when ctx.input_count > 0: it must look at that first, do nothing, and show
				       * the form again with typed() and input_wrong() */
	ROUTE_FILE = 2,
	ROUTE_TICKET = 4, /* CSRF by form ticket instead of session (public form) */
	ROUTE_KEPT = 8,   /* a static file of ours; browsers may keep it for ever: its address carries a content hash */
	ROUTE_CONSTANT =
		16 /* GET: the answer depends on site, language and packing alone, and on no keeper or database: made once at
			     * start (web/prepared.c) */
};
/* ROUTE(POST, SITE_STAFF, path, handler, MAY(REPORT, OP_WRITE), params, struct, .flags = …); ROUTE0 takes no fields. */
#define ROUTE(...) ROUTE_OF(__VA_ARGS__, )
#define ROUTE_OF(method_, site_, path_, run_, need_, params_, struct_, ...)                                                 \
	{                                                                                                                   \
		.method = M_##method_, .site = site_, .path = path_, .run = run_, .need = NEED_OF need_, .params = params_, \
		.param_count = sizeof(params_) / sizeof((params_)[0]), .in_size = sizeof(struct_), __VA_ARGS__              \
	}
#define ROUTE0(...) ROUTE0_OF(__VA_ARGS__, )
#define ROUTE0_OF(method_, site_, path_, run_, need_, ...)                                                           \
	{                                                                                                            \
		.method = M_##method_, .site = site_, .path = path_, .run = run_, .need = NEED_OF need_, __VA_ARGS__ \
	}
/* One table a page file, listed in web/routes.c. */
struct routes {
	const struct route *rows;
	size_t n;
};

/* --- handlers' helpers (web/answer.c) -------------------------------------------------------------------------------- */
/* 303 to path (of ours, without base). flash_key: message the next page shows through r->done, or NULL; staff pages only. */
enum status response_go(struct ctx *c, const struct request *r, struct response *out, const char *path,
			const char *flash_key) MUST_CHECK;
void response_cookie(struct response *out, const char *name, struct sv value,
		     int64_t max_age_s); /* max_age_s 0 = until the browser ends */
void response_cookie_clear(struct response *out, const char *name);
struct sv token_text(struct arena *a, const struct token *t);
struct sv csrf_text(const struct ctx *c); /* value of the hidden field "csrf" of staff and mailbox forms */
struct sv once_text(const struct ctx *c); /* a new value for a hidden field of kind P_KEY16 */
#define TICKET_MIN_MS (20 * SECOND_MS)
#define TICKET_MAX_MS (2 * HOUR_MS)
struct sv ticket_text(const struct ctx *c, const struct request *r); /* a fresh form ticket: value of the hidden field "ticket" */
/* What stands in the field as it was typed, whether right or wrong, made safe to show; SV_NONE when the body had no such field. */
struct sv typed(const struct ctx *c, const struct request *r, const char *field);
/* The n-th value of a field given several times (check boxes). */
struct sv typed_at(const struct ctx *c, const struct request *r, const char *field, size_t n);
/* All values of the field, in their order, joined with '|' (the request's arena). */
struct sv typed_all(const struct ctx *c, const struct request *r, const char *field);
const struct input_error *input_wrong(const struct ctx *c, const char *field); /* NULL when the field is right */
/* Read a stored body (a draft of keeper_drafts) into a route's struct again, wrong fields empty. E_INPUT when it is no form. */
enum status form_again(struct ctx *c, struct sv body, const struct route *route, const void **in) MUST_CHECK;
/* One more try of this kind from the sender's network: E_LIMIT with retry_s when there were too many (web/limit.c). */
enum pace_kind { PACE_LOGIN, PACE_MAILBOX, PACE_PUBLIC, PACE_COUNT };
enum status pace(struct ctx *c, const struct request *r, enum pace_kind kind) MUST_CHECK;

#endif
