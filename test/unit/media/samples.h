/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TEST_MEDIA_SAMPLES_H
#define TEST_MEDIA_SAMPLES_H

#include "base/arena.h"

/* Files made on the spot, so that each test shows what is in them. Pictures: the left half red, the right half blue, and the top right
 * quarter green, so that any turn shows. Sides should be multiples of 32. */
struct sv sample_png(struct arena *a, uint32_t width, uint32_t height, bool interlaced);
struct sv sample_jpeg(struct arena *a, uint32_t width, uint32_t height, struct sv app1, bool progressive);
struct sv sample_webp(struct arena *a, uint32_t width, uint32_t height);
/* A true PNG of 1-bit black pixels: small as a file, enormous unpacked. */
struct sv sample_bomb(struct arena *a, uint32_t side);
/* EXIF with this orientation, a camera name and a GPS position in clear words. */
struct sv sample_exif(struct arena *a, unsigned orientation, bool little_endian);
struct sv sample_m4a(struct arena *a, const char *handler, const char *codec);
struct sv sample_webm(struct arena *a, const char *codec, uint8_t track_type);
struct sv sample_ogg(struct arena *a, const char *first_packet);
struct sv joined(struct arena *a, struct sv first, struct sv second);
bool holds(struct sv s, const char *word);

#endif
