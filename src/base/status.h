/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_STATUS_H
#define BASE_STATUS_H

/* What a fallible function answers. The HTTP code, message key and log level of each stand in one table (web/error.c). */
enum status {
	OK = 0,
	E_INPUT,  /* the caller's data is wrong; ctx.inputs says which field and why */
	E_DENIED, /* not allowed; from outside the same as E_NOTFOUND where existence must not show */
	E_NOTFOUND,
	E_STALE,     /* the record changed since it was shown */
	E_STATE,     /* not possible in the present state */
	E_CONFLICT,  /* something of this name or key exists already */
	E_LIMIT,     /* a size, count or pace limit */
	E_BUSY,      /* soft: try again; ctx.error.retry_s says when */
	E_UNCERTAIN, /* the write may or may not have happened */
	E_STORE,     /* the database failed (disk full, i/o) */
	E_CRYPTO,    /* a seal did not open or did not match */
	E_IO,        /* a file or socket failed */
	E_BUG,       /* our own mistake */
	STATUS_COUNT
};

#define MUST_CHECK __attribute__((warn_unused_result))

/* Return from the calling function on error. Never used in a function that owns a descriptor, statement, lock or secret:
 * those have one `out:` exit. */
#define TRY(call)                                 \
	do {                                      \
		enum status try_status_ = (call); \
		if (try_status_ != OK)            \
			return try_status_;       \
	} while (0)

/* A short constant name ("stale"), for logs and JSON. Never NULL. */
const char *status_name(enum status s);

#endif
