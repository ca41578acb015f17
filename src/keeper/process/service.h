/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef KEEPER_SERVICE_H
#define KEEPER_SERVICE_H

#include "keeper/ledger/state.h"

/* init.c and service.c share: names of files, secrets, the reserve. */
#define SECRET_SIZE 32u

enum status secret_read_file(const char *dir, const char *name, uint8_t *out, size_t room, size_t *n) MUST_CHECK;
enum status secret_write_file(const char *dir, const char *name, const uint8_t *p,
			      size_t n) MUST_CHECK; /* mode 0600, synced; E_CONFLICT exists */
void derive_secrets(struct service *s);             /* from instance secret and id */

/* reserve.c: 64 MiB beside keeper.db, given back when the disk is full so that reading and its leaves go on. */
enum status reserve_make(const char *keeper_dir) MUST_CHECK; /* E_STORE: no room */
bool reserve_there(const char *keeper_dir);
void reserve_give_back(const char *keeper_dir);

/* loop.c */
enum status loop_run(struct service *s, int listen_web, int listen_admin, int argon_ready, int signals,
		     uint32_t web_uid) MUST_CHECK;

#endif
