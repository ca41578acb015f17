/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_CEREMONY_H
#define CLI_CEREMONY_H

#include "cli/attach.h"
#include "cli/commands.h"
#include "cli/words.h"
#include "domain/access/access.h"

/* Founding and admission as one program does them, for the commands and for the demo instance. */

/* A root in a new file; FILE.public beside it. */
enum status root_make(struct arena *a, const char *path) MUST_CHECK;
/* A request signed with the root in a file. */
enum status root_certify(struct arena *a, const char *root, struct sv request, struct sv *certificate) MUST_CHECK;
/* What two people read to each other to know that they hold the same request: half of its digest, in eight groups of four. E_INPUT. */
enum status fingerprint(struct arena *a, struct sv groups, struct sv *out) MUST_CHECK;

/* An instance is made in a folder within dir (made when missing) and moved up when it is whole, DIR/keeper last: what was cut off has
 * no DIR/keeper, so nothing serves it. *at: where it is made. E_CONFLICT: there is an instance; E_STATE: the rest of an
 * attempt, or something else in its place (said at the terminal, as E_IO is). */
enum status instance_begin(struct ctx *c, const char *dir, const char **at) MUST_CHECK;
/* Half an instance is none: all of `at` goes, and dir when it is empty then. */
void instance_abandon(const char *dir, const char *at);
/* An empty instance that trusts the root whose public half lies in a file and seals its backups to backup_pk. */
enum status instance_fill(struct ctx *c, const char *at, const char *root_public, const uint8_t backup_pk[32],
			  bool demo) MUST_CHECK;
enum status instance_finish(struct ctx *c, const char *dir) MUST_CHECK;

/* Roles joined by commas, a language's tag (none: left as it is): says which one there is not, and which there are. */
bool roles_known(struct arena *a, struct sv names, uint32_t *roles);
bool language_known(struct sv tag, enum language *l);

/* A member in keeper and directory. E_INPUT weak password, bad login or a pair of roles nobody may hold; E_CONFLICT login taken. */
enum status member_admit(struct attached *x, struct new_member *m, enum language l) MUST_CHECK;
/* Names of roles joined by commas to a mask; false when one is unknown. */
bool roles_read(struct sv names, uint32_t *roles);
struct sv role_names(struct arena *a, uint32_t roles); /* the inverse; after codes_load */

/* Is the desk of this organisation ready to be written to? If not, *says is the sentence that tells what is missing, else it is NULL. */
enum status desk_ready(struct attached *x, const struct organisation *o, const char **says) MUST_CHECK;

/* "amana NAME ACT …": the act's own command, or the list of acts. */
int run_act(const char *name, const struct command *acts, size_t n, int argc, char **argv);

/* A command on the instance its first word names: parsed, attached, done, detached. Exit code. */
typedef int act_fn(struct attached *x, const struct words *w);
int with_instance(const struct words_form *form, act_fn *act, int argc, char **argv);

/* invite.c */
struct invited {
	const char *what; /* "officer", for whoever reads the terminal */
	struct id organisation;
	struct sv login;
	uint32_t roles;
	enum language language;
};
#define WAITS_FOR_COLLEAGUE \
	"A colleague who holds keys of the house says on the members' page that he knows the person; then the officer certifies there."
/* Make a ticket and print it. E_INPUT, E_CONFLICT as keeper_invite. */
enum status ticket_print(struct attached *x, const struct invited *i) MUST_CHECK;
int user_invite_command(int argc, char **argv);
int user_roles_command(int argc, char **argv);
int user_password_command(int argc, char **argv);
int organisation_host_command(int argc, char **argv);

/* directory.c */
int organisation_list_command(int argc, char **argv);
int user_list_command(int argc, char **argv);
int user_freeze_command(int argc, char **argv);
int user_unfreeze_command(int argc, char **argv);

int init_command(int argc, char **argv);
int organisation_command(int argc, char **argv);
int user_command(int argc, char **argv);
int root_command(int argc, char **argv);

/* demo.c: organisations, people and the reports of the twelve invented cases. */
enum status demo_make(struct arena *a, const char *dir) MUST_CHECK;

#endif
