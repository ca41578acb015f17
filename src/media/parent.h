/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MEDIA_PARENT_H
#define MEDIA_PARENT_H

#include "base/status.h"

/* Listen at a path: owner only, or, when peer_uid is another user's, open to all but answered to that user alone (SO_PEERCRED). The
 * address appears when it can be connected to. E_IO. */
enum status media_listen(const char *path, unsigned peer_uid, int *fd) MUST_CHECK;
/* Serve for ever; ends only with an error of the listening socket. */
enum status media_serve(int listening, unsigned peer_uid) MUST_CHECK;

#endif
