/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include "base/arena.h"
#include "base/status.h"

/* The one edge where text enters: checks UTF-8 strictly, refuses control characters but tab and newline (CR LF becomes LF),
 * normalises to NFC (ICU). E_INPUT when it is not text. The result lies in the arena (or is `in` when nothing changed). */
enum status text_enter(struct arena *a, struct sv in, struct sv *out) MUST_CHECK;
bool utf8_valid(struct sv s);                    /* no ICU; usable in every process */
size_t utf8_count(struct sv s);                  /* code points */
struct sv utf8_first(struct sv s, size_t count); /* the first `count` code points */

/* Without ICU (base/encode.c): */
struct sv base64url(struct arena *a, struct sv bytes);     /* no padding */
bool base64url_parse(struct sv text, void *out, size_t n); /* exactly n bytes, canonical */
struct sv hex(struct arena *a, struct sv bytes);
struct sv base32(struct arena *a, struct sv bytes); /* RFC 4648 without padding, as telephones take TOTP secrets */
bool hex_parse(struct sv text, void *out, size_t n);

#endif
