/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_BACKUP_H
#define CLI_BACKUP_H

#include "base/context.h"

/* amana backup, amana restore: what both know of the two sealed sets (sealed design 10). FILE holds records, journal and files and may be
 * kept for years; FILE.shred holds the erasure shares and ends after SHARES_DAYS, so that what was erased is gone from every copy. */
#define SHARES_DAYS 30
#define SHARES_NAME ".shred"

/* First entry of each set, in lines of text. */
#define MANIFEST "manifest"
struct manifest {
	struct id instance;
	int64_t at; /* ms UTC */
	uint64_t leaves;
	uint8_t secrets[32]; /* digest of pepper and secret */
	bool shares;
};
struct sv manifest_write(struct arena *a, const struct manifest *m);
enum status manifest_read(struct sv text, struct manifest *out) MUST_CHECK; /* E_CRYPTO */

/* A pair for backups: the secret is shown once, on the recovery sheet, and lies nowhere. */
void backup_key_make(uint8_t sk[32], uint8_t pk[32]);

int backup_command(int argc, char **argv);
int restore_command(int argc, char **argv);

#endif
