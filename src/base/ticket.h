/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_TICKET_H
#define BASE_TICKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Form tickets (sealed design 7): issue time, 16 random bytes and a MAC under a key that lives in memory only. A ticket proves that
 * a page of ours was asked for, and when; it names nobody and nothing is stored for it. */
#define TICKET_SIZE 40
struct ticket_key {
	uint8_t b[32];
};
struct ticket {
	int64_t issued; /* ms */
	uint8_t id[16];
};
void ticket_make(const struct ticket_key *k, int64_t now, uint8_t out[TICKET_SIZE]);
/* False when the MAC is not ours; age is the caller's to judge. */
bool ticket_read(const struct ticket_key *k, const uint8_t in[TICKET_SIZE], struct ticket *out);
/* In the same time whatever differs. For tokens compared with what a request brought. */
bool equal_secret(const void *a, const void *b, size_t n);
/* SHA-256 of a file as it came, for its record: web may not reach crypto/. */
void sha256_of(const void *p, size_t n, uint8_t out[32]);

#endif
