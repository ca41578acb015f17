/* SPDX-License-Identifier: GPL-3.0-or-later */
/* amana-media SOCKET [PEER_UID]: listens at SOCKET for web (the user PEER_UID, by default its own) and ends with its parent. */
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/log.h"
#include "base/sandbox.h"
#include "base/wipe.h"
#include "media/parent.h"

static bool peer_of(int argc, char **argv, unsigned *uid)
{
	uint64_t given = geteuid();

	if (argc < 2 || argc > 3 || (argc == 3 && !sv_u64(sv_of(argv[2]), &given)) || given > UINT32_MAX)
		return false;
	*uid = (unsigned)given;
	return true;
}

int main(int argc, char **argv)
{
	unsigned uid = 0;
	int fd = -1;

	process_harden();
	log_open("media");
	if (!peer_of(argc, argv, &uid)) {
		LOG_NOTE(LOG_START, "usage: amana-media SOCKET [PEER_UID]");
		return 2;
	}
	/* Landlock with nothing allowed: for this process and every child. */
	if (prctl(PR_SET_PDEATHSIG, SIGTERM) != 0 || media_listen(argv[1], uid, &fd) != OK ||
	    sandbox_paths(NULL, 0, NULL, 0) != OK) {
		LOG_NOTE(LOG_START, "the socket or the sandbox could not be made");
		return 1;
	}
	log_event(LOG_READY, OK, 0, 0, 0, 0);
	return media_serve(fd, uid) == OK ? 0 : 1;
}
