/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAIN_FAMILY_H
#define MAIN_FAMILY_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/status.h"

/* The children of `amana serve`: started, watched, restarted slower each time, ended in order. */
#define CHILD_ARGS_MAX 24
#define CHILD_FDS_MAX 2
#define FIRST_FD 3
struct child {
	const char *program;        /* "amana-web": lies beside this executable */
	char *args[CHILD_ARGS_MAX]; /* NULL-terminated, [0] = the program */
	int fds[CHILD_FDS_MAX];     /* the child finds them as FIRST_FD, + 1; 0 = none */
	uid_t uid;                  /* 0 = stay who we are */
	gid_t gid;
	uint8_t secret[32]; /* written to the pipe the child finds as the descriptor behind its fds, when has_secret */
	bool has_secret;
	/* the family's own */
	pid_t pid;
	int64_t started, due, delay; /* monotonic ms */
	bool settled;                /* lived for a second */
};
struct family {
	struct child *children; /* in starting order; ended in the opposite order */
	size_t n;
	const char *directory; /* where the programs lie */
	/* Told once a child has lived for a second; may renew others. NULL allowed. */
	void (*settled)(struct family *f, struct child *c);
};
/* Runs until SIGTERM or SIGINT, then ends all. E_IO when a program cannot be found at all. */
enum status family_run(struct family *f) MUST_CHECK;
/* A polite end; the child comes back at once and not slower. */
void family_renew(struct child *c);

#endif
