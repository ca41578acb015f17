/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TEST_KEEPER_TAMPER_H
#define TEST_KEEPER_TAMPER_H

#include "ceremony.h"
#include "keeper/ledger/rows.h"

/* What somebody with the disk in hand can do. */
void db_do(const struct test_instance *t, const char *file, const char *statements);
int64_t db_number(const struct test_instance *t, const char *file, const char *question);
int64_t leaf_count(const struct test_instance *t, enum event event);
void newest_leaf(const struct test_instance *t, enum event event, struct sv *body);
/* The body of a row of keeper.db, in the arena. */
struct sv row_body(const struct test_instance *t, enum row_kind kind, struct id object);
/* All values of one blob column. */
typedef void blob_visit(void *arg, struct sv value);
void db_blobs(const struct test_instance *t, const char *file, const char *question, blob_visit *visit, void *arg);
/* A whole file of DIR/keeper. */
struct sv file_bytes(const struct test_instance *t, const char *path);
void file_put(const char *path, struct sv bytes);
/* The head row of a part as it was when this was what is in force: version, hash and leaf all fit each other. Static. */
const char *head_back(const struct stored_part *part);
struct public_report new_ticket(void);
/* Version + 1 of a stored part under its own key. */
enum status part_update(struct ctx *c, const struct stored_part *old, const char *text, const char *history,
			struct stored_part *out, struct sv *history_blob);

#endif
