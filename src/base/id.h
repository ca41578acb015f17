/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_ID_H
#define BASE_ID_H

#include "base/view.h"

/* 16 random bytes in the layout of a version-4 UUID. Written as 32 hex digits in addresses and files. */
struct id {
	uint8_t b[16];
};
#define ID_ZERO ((struct id){ { 0 } })

struct id id_new(void);
bool id_equal(struct id a, struct id b);
bool id_is_zero(struct id a);
struct sv id_view(const struct id *a); /* the 16 raw bytes */
bool id_from(struct sv raw16, struct id *out);
bool id_parse(struct sv hex32, struct id *out); /* lower case hex only */
void id_hex(struct id a, char out[33]);         /* zero-terminated */
#define ID_CODE_SIZE 9
/* The 8-character file number people read aloud: Crockford base32, random, no I L O U. */
void file_number_new(char out[ID_CODE_SIZE]);

#endif
