/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEB_PACK_H
#define WEB_PACK_H

#include "base/buf.h"

/* The page as gzip, in the arena. Only what `page->known` names is ever written as "the same as before"; how many bytes the rest takes
 * depends on each of its bytes alone. */
struct sv pack_gzip(struct arena *a, const struct buf *page);

#endif
