/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef KEEPER_DIRECTORY_H
#define KEEPER_DIRECTORY_H

#include "keeper/ledger/journal.h"

/* Members, certificates, routes: read whole at start and after each change, every row against its leaf and every certificate against
 * its chain to the pinned root. */
enum status directory_load(struct service *s) MUST_CHECK;
void directory_free(struct service *s);

/* NULL when there is none. Pointers are good until the next change. */
const struct member_row *member_by_login(const struct service *s, struct sv login);
const struct member_row *member_by_user(const struct service *s, struct id user);
/* Certificates: signed, in time, not revoked, chained to the root; else NULL. */
const struct cert *good_cert(const struct service *s, struct id cert);
/* The same, but perhaps out of time: what was wrapped to it is read for ever, nothing new is wrapped to it. */
const struct cert *genuine_cert(const struct service *s, struct id cert);
/* Has the root ever signed this organisation? */
bool identity_known(const struct service *s, struct id organisation);
const struct cert *organisation_cert(const struct service *s, struct id organisation);
/* The newest good key of a compartment of an organisation. */
const struct cert *compartment_cert(const struct service *s, struct id organisation, enum compartment c);
uint32_t compartment_epoch(const struct service *s, struct id organisation,
			   enum compartment c); /* highest there ever was; 0 none */
const struct cert *member_cert(const struct service *s, const struct member_row *m);
const struct route_row *route_of(const struct service *s, uint8_t region); /* falls back to region 0 */
/* The STAT key of the programme; NULL while nobody could open an event. */
const struct cert *programme_cert(const struct service *s);
bool organisation_known(const struct service *s, struct id organisation);
const struct organisation_row *organisation_row(const struct service *s, struct id organisation); /* NULL */
/* Does a login begin with the organisation's own code and a dot? Whoever may try names learns of his own people alone. */
bool login_of(const struct service *s, struct id organisation, struct sv login);

/* dossier.c: a dossier's rows as one view; E_NOTFOUND unknown, E_CRYPTO a row was edited. Good until the dossier changes or
 * another is loaded into its place: never kept over a second load. */
enum status dossier_load(struct service *s, struct id id, const struct dossier **out) MUST_CHECK;
void dossier_forget(struct service *s, struct id id);
/* Where the DOSSIER_PLACES of a dossier begin, in both caches. */
size_t dossier_places(struct id id);
void dossiers_forget_all(struct service *s);
bool id_among(const struct id *list, size_t n, struct id a);
/* put with the view forgotten */
enum status dossier_put(struct service *s, const struct act *act, enum row_kind kind, struct id object, struct id dossier,
			struct sv body) MUST_CHECK;
/* Erasure shares: only in shred.db and in these views. NULL: that one is destroyed. */
enum status share_add(struct service *s, struct id dossier, uint32_t number) MUST_CHECK;
const uint8_t *share_of(const struct dossier *d, uint32_t number);
const struct key_row *dossier_key(const struct dossier *d, struct id key);

#endif
