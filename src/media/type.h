/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MEDIA_TYPE_H
#define MEDIA_TYPE_H

#include "media/client.h"

/* The kind of a file by its own bytes; names and claimed types are never asked. MEDIA_NONE: refuse it. Pure. */
enum media_kind media_kind_of(struct sv content);
/* For containers of sound: does it hold sound of the allowed codec and nothing to see? */
bool mp4_is_sound(struct sv content);
bool webm_is_sound(struct sv content);
/* EXIF orientation 1..8 from the payload of a JPEG APP1 segment; 1 when there is none or it makes no sense. */
unsigned exif_orientation(struct sv app1);

#endif
