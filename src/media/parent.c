/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The media parent: one loop over the listening socket, the connections of web's workers and the children at work. It reads eight bytes
 * a request and never a byte of a file. At most CHILDREN_MAX children run; further requests stay unread in their sockets until one has
 * ended. A child that meets a limit or is killed is an answer like another. */
#include "media/parent.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h> /* rename */
#include <string.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "media/picture.h"
#include "media/worker.h"

#define PEERS_MAX 176 /* twice the workers web may have: a new web comes before the old one is noticed to be gone */
#define CHILDREN_MAX 4
#define CHILD_TIME (30 * SECOND_MS)

struct peer {
	int fd;    /* -1: free */
	int child; /* pidfd of its child, or -1 */
	pid_t pid;
	int64_t until; /* clock_monotonic: the child is killed then */
};
struct service {
	int listening;
	unsigned peer_uid;
	struct peer peers[PEERS_MAX];
	int running;
};

static bool address(const char *path, const char *suffix, struct sockaddr_un *out)
{
	struct buf b = buf_over(out->sun_path, sizeof(out->sun_path));

	*out = (struct sockaddr_un){ .sun_family = AF_UNIX };
	buf_text(&b, path);
	buf_text(&b, suffix);
	buf_byte(&b, 0);
	return buf_ok(&b) == OK;
}

enum status media_listen(const char *path, unsigned peer_uid, int *fd)
{
	struct sockaddr_un first, final;
	mode_t mode = peer_uid == geteuid() ? 0600 : 0666;

	if (!address(path, ".new", &first) || !address(path, "", &final))
		return E_IO;
	*fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (*fd < 0)
		return E_IO;
	unlink(first.sun_path);
	if (bind(*fd, (struct sockaddr *)&first, sizeof(first)) != 0 || chmod(first.sun_path, mode) != 0 ||
	    listen(*fd, PEERS_MAX) != 0 || rename(first.sun_path, final.sun_path) != 0) {
		close(*fd);
		return E_IO;
	}
	return OK;
}

static void take_peer(struct service *s)
{
	struct ucred who;
	socklen_t n = sizeof(who);
	int fd = accept4(s->listening, NULL, NULL, SOCK_CLOEXEC);

	if (fd < 0)
		return;
	for (size_t i = 0; i < PEERS_MAX; i++) {
		if (s->peers[i].fd >= 0)
			continue;
		if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &n) != 0 || (who.uid != s->peer_uid && who.uid != geteuid()))
			break;
		s->peers[i] = (struct peer){ .fd = fd, .child = -1 };
		return;
	}
	log_event(LOG_REFUSED, E_DENIED, 0, 0, 0, 0);
	close(fd);
}

static void drop_peer(struct peer *p)
{
	close(p->fd);
	p->fd = -1;
}

/* The request and its two descriptors; false when there are not exactly these. fds not received are -1. */
static bool receive(int fd, struct media_request *q, int fds[2])
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(2 * sizeof(int))];
	} control;
	struct iovec part = { q, sizeof(*q) };
	struct msghdr m = {
		.msg_iov = &part, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof(control.bytes)
	};
	ssize_t n = recvmsg(fd, &m, MSG_CMSG_CLOEXEC);
	struct cmsghdr *c = n < 0 ? NULL : CMSG_FIRSTHDR(&m);
	size_t count = 0;

	fds[0] = fds[1] = -1;
	if (c && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS) {
		count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		memcpy(fds, CMSG_DATA(c), (count < 2 ? count : 2) * sizeof(int));
	}
	return n == (ssize_t)sizeof(*q) && count == 2 && !(m.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) && q->magic == MEDIA_MAGIC &&
	       q->size >= 1 && q->size <= MEDIA_INPUT_MAX;
}

static bool start_child(struct service *s, struct peer *p, uint32_t size, const int fds[2])
{
	pid_t pid = fork();

	if (pid == 0)
		worker_run(fds[0], size, fds[1]);
	if (pid < 0)
		return false;
	p->pid = pid;
	p->child = pidfd_open(pid, 0);
	p->until = clock_monotonic() + CHILD_TIME;
	if (p->child < 0) {
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
		return false;
	}
	s->running++;
	return true;
}

static void take_request(struct service *s, struct peer *p)
{
	struct media_request q;
	int fds[2];

	if (!receive(p->fd, &q, fds) || !start_child(s, p, q.size, fds))
		drop_peer(p);
	for (size_t i = 0; i < 2; i++)
		if (fds[i] >= 0)
			close(fds[i]);
}

/* How the child ended, as an answer. A forbidden call is worth an alarm: a decoder did what none does. */
static enum media_refusal verdict(int status)
{
	int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;

	if (code == 0)
		return MEDIA_ACCEPTED;
	if (code > REFUSED_EXIT && code < REFUSED_EXIT + MEDIA_REFUSAL_COUNT)
		return (enum media_refusal)(code - REFUSED_EXIT);
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS)
		LOG_NOTE(LOG_ALARM, "a file's child made a forbidden system call and was killed");
	if (WIFSIGNALED(status) && WTERMSIG(status) != SIGKILL && WTERMSIG(status) != SIGXCPU)
		return MEDIA_DAMAGED;
	return MEDIA_EFFORT;
}

static void finish_child(struct service *s, struct peer *p)
{
	struct media_reply reply = { .magic = MEDIA_MAGIC };
	int status = 0;

	if (waitpid(p->pid, &status, 0) != p->pid)
		status = SIGKILL;
	close(p->child);
	p->child = -1;
	s->running--;
	reply.refusal = verdict(status);
	log_event(LOG_UPLOAD, reply.refusal == MEDIA_ACCEPTED ? OK : E_INPUT, reply.refusal, 0, 0, 0);
	if (send(p->fd, &reply, sizeof(reply), MSG_NOSIGNAL | MSG_DONTWAIT) != (ssize_t)sizeof(reply))
		drop_peer(p);
}

/* Milliseconds until the first child is overdue, killing those that are; -1 without children. */
static int next_end(struct service *s)
{
	int64_t now = clock_monotonic(), first = -1;

	for (size_t i = 0; i < PEERS_MAX; i++) {
		struct peer *p = &s->peers[i];

		if (p->fd < 0 || p->child < 0)
			continue;
		if (p->until <= now) {
			kill(p->pid, SIGKILL);
			p->until = now + CHILD_TIME;
		}
		if (first < 0 || p->until - now < first)
			first = p->until - now;
	}
	return (int)first;
}

static void serve_once(struct service *s, struct pollfd *fds)
{
	if (fds[PEERS_MAX].revents)
		take_peer(s);
	for (size_t i = 0; i < PEERS_MAX; i++) {
		struct peer *p = &s->peers[i];

		if (p->fd < 0 || !fds[i].revents)
			continue;
		if (p->child >= 0)
			finish_child(s, p);
		else if (s->running < CHILDREN_MAX)
			take_request(s, p);
	}
}

enum status media_serve(int listening, unsigned peer_uid)
{
	struct service s = { .listening = listening, .peer_uid = peer_uid };
	struct pollfd fds[PEERS_MAX + 1];

	for (size_t i = 0; i < PEERS_MAX; i++)
		s.peers[i].fd = -1;
	for (;;) {
		for (size_t i = 0; i < PEERS_MAX; i++) {
			const struct peer *p = &s.peers[i];
			bool wait = p->fd >= 0 && (p->child >= 0 || s.running < CHILDREN_MAX);

			fds[i] = (struct pollfd){ .fd = !wait ? -1 : p->child >= 0 ? p->child : p->fd, .events = POLLIN };
		}
		fds[PEERS_MAX] = (struct pollfd){ .fd = listening, .events = POLLIN };
		if (poll(fds, PEERS_MAX + 1, next_end(&s)) < 0 && errno != EINTR)
			return E_IO;
		serve_once(&s, fds);
	}
}
