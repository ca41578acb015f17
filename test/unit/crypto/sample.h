/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TEST_CRYPTO_SAMPLE_H
#define TEST_CRYPTO_SAMPLE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/text.h"
#include "crypto/formats.h"

/* The inputs of the sealed design's test vectors (4.6): bytes that count up from a first value. */
void counting(void *out, uint8_t first, size_t n);
struct id counting_id(uint8_t first);
struct key sample_key(void); /* 00..1f */
struct record_bind sample_bind(uint16_t type, uint32_t schema);
struct wrap_bind sample_wrap_bind(void);
struct slot_head sample_slot(void);
struct cert sample_cert(void);
struct leaf sample_leaf(uint64_t seq);
/* The stretched password of the slot vector, as a constant: stretching is tested once, by itself. */
extern const char sample_stretched[];

/* Each writes the whole sample of its format. */
#define SAMPLE_PLAIN "{\"given\":\"Fatima\"}"
size_t sample_amr1(uint8_t *out);
size_t sample_amw1(uint8_t *out);
void sample_amp1(uint8_t out[AMP1_SIZE]);
void sample_amc1(uint8_t out[AMC1_SIZE]);
size_t sample_amf1(uint8_t *out); /* header and one last chunk */

void assert_hex(const void *p, size_t n, const char *hex);
void assert_sha256(const void *p, size_t n, const char *hex);
void from_hex(void *out, size_t n, const char *hex);

#endif
