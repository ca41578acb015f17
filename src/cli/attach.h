/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_ATTACH_H
#define CLI_ATTACH_H

#include "keeper/admin.h"
#include "store/store.h"

/* A command at work on an instance: its keeper (the running service's, or one started here under the lock of DIR/run/lock), and
 * where records are touched also the database, the code lists and a data connection, as web has them. */
enum attach_what {
	ATTACH_KEEPER, /* ceremonies: the owner-only socket */
	ATTACH_TABLES, /* and the directory's tables */
	ATTACH_RECORDS /* and records, under a member's session or the public form */
};
struct attached {
	struct arena *arena;
	const char *dir, *data;
	bool own; /* this command started the keeper */
	int pid, lock;
	struct keeper *admin_line, *line, *settler;
	struct store *store;
	struct db *db;
	struct actor actor; /* who c acts as */
	struct ctx admin;   /* for admin_* calls */
	struct ctx c;       /* for everything else */
};
/* Says on the terminal what hinders. E_NOTFOUND: no instance; E_BUSY: it is served by other users (ATTACH_RECORDS needs it
 * stopped then). */
enum status attach(struct attached *x, const char *dir, enum attach_what what) MUST_CHECK;
void detach(struct attached *x); /* ends the keeper it started; safe after a failed attach */

/* A member's session for x->c. */
enum status attach_login(struct attached *x, struct sv login, struct sv password, enum factor factor, struct sv code) MUST_CHECK;
void attach_nobody(struct attached *x);
/* Free what a step used; the error is forgotten, the clock read anew. */
void attach_step(struct attached *x, struct arena_mark m);

#endif
