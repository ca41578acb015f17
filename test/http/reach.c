/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What another process can reach (T-PRIV-1). Two ways to ask, both as root:
 *
 *   http_reach as UID GID DIR PID    becomes that user in this process, without any sandbox, and tries what would open the keeper (PID) of DIR
 *   http_reach inside PID CALL ...   has the process PID itself make a system call, with its own sandbox, and says what came of it
 *
 * A line for each: the name and "reached", "refused" or "killed 31". CALL is open FILE, socket, connect, execve, fork, or one of ptrace,
 * memory, kill, descriptor with the process id it is aimed at. Numbers and registers are those of x86-64. */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

/* --- as a user of the service ---------------------------------------------------------------------------------------------------- */

static void say(const char *name, bool reached)
{
	printf("%s %s\n", name, reached ? "reached" : "refused");
}

static bool opens(const char *before, const char *dir, const char *behind, int flags)
{
	char path[4096];
	int n = snprintf(path, sizeof(path), "%s%s%s", before, dir, behind), fd;

	fd = n > 0 && (size_t)n < sizeof(path) ? open(path, flags | O_CLOEXEC) : -1;
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

/* Connected, and not shown the door: the keeper ends at once what comes from a user it does not serve. Its own caller it lets wait, so that
 * one is not waited for. */
static bool connects(const char *dir, const char *name, bool served)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	const struct timeval patience = { .tv_sec = 10 };
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0),
	    n = snprintf(at.sun_path, sizeof(at.sun_path), "%s/run/%s", dir, name);
	bool reached = fd >= 0 && n > 0 && (size_t)n < sizeof(at.sun_path) &&
		       connect(fd, (const struct sockaddr *)&at, sizeof(at)) == 0;
	char byte;

	if (reached && !served)
		reached = setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) == 0 && recv(fd, &byte, 1, 0) < 0 &&
			  errno == EAGAIN;
	if (fd >= 0)
		close(fd);
	return reached;
}

static bool reads_memory(pid_t pid)
{
	char byte;
	const struct iovec here = { &byte, 1 }, there = { (void *)(uintptr_t)1, 1 };

	return process_vm_readv(pid, &here, 1, &there, 1, 0) >= 0 || errno == EFAULT; /* EFAULT: allowed, but nothing lies there */
}

static bool attaches(pid_t pid)
{
	if (ptrace(PTRACE_SEIZE, pid, NULL, NULL) != 0)
		return false;
	ptrace(PTRACE_DETACH, pid, NULL, NULL);
	return true;
}

static int as_user(char **arg)
{
	const gid_t gid = (gid_t)strtoul(arg[1], NULL, 10);
	const uid_t uid = (uid_t)strtoul(arg[0], NULL, 10);
	const char *dir = arg[2], *pid = arg[3];
	const pid_t keeper = (pid_t)strtol(pid, NULL, 10);
	bool served;

	if (setgroups(1, &gid) != 0 || setresgid(gid, gid, gid) != 0 || setresuid(uid, uid, uid) != 0)
		return 1;
	served = opens("", dir, "/main/main.db", O_RDWR);
	say("main", served);
	say("folder", opens("", dir, "/keeper", O_RDONLY | O_DIRECTORY));
	say("database", opens("", dir, "/keeper/keeper.db", O_RDONLY));
	say("shreds", opens("", dir, "/keeper/shred.db", O_RDONLY));
	say("pepper", opens("", dir, "/keeper/pepper", O_RDONLY));
	say("lock", opens("", dir, "/run/keeper.lock", O_RDWR));
	say("memory", opens("/proc/", pid, "/mem", O_RDONLY));
	say("environment", opens("/proc/", pid, "/environ", O_RDONLY));
	say("descriptors", opens("/proc/", pid, "/fd", O_RDONLY | O_DIRECTORY));
	say("reading", reads_memory(keeper));
	say("ptrace", attaches(keeper));
	say("signal", kill(keeper, 0) == 0);
	say("socket", connects(dir, "keeper.sock", served));
	say("admin", connects(dir, "admin.sock", served));
	return 0;
}

/* --- from inside a process --------------------------------------------------------------------------------------------------------- */

#define SYSCALL_INSTRUCTION 0x050f
#define ROOM 512 /* below the stack, past its red zone */

static bool stopped(pid_t pid, int *status)
{
	return waitpid(pid, status, __WALL) == pid && WIFSTOPPED(*status);
}

static bool put_text(pid_t pid, unsigned long at, const char *text)
{
	char padded[ROOM] = "";
	long word;

	snprintf(padded, sizeof(padded) - sizeof(word), "%s", text);
	for (size_t i = 0; i < sizeof(padded); i += sizeof(word)) {
		memcpy(&word, padded + i, sizeof(word));
		if (ptrace(PTRACE_POKEDATA, pid, at + i, word) != 0)
			return false;
	}
	return true;
}

/* The main thread waits in a system call: its own instruction, just passed, is run once more with another number. */
static bool make_call(pid_t pid, long number, const unsigned long args[4], const char *text)
{
	struct user_regs_struct before, r;
	int status;

	if (ptrace(PTRACE_ATTACH, pid, NULL, NULL) != 0 || !stopped(pid, &status) ||
	    ptrace(PTRACE_GETREGS, pid, NULL, &before) != 0)
		return false;
	r = before;
	r.rip -= 2;
	if ((ptrace(PTRACE_PEEKTEXT, pid, r.rip, NULL) & 0xffff) != SYSCALL_INSTRUCTION)
		return false;
	r.rsp -= 4 * ROOM;
	if (!put_text(pid, r.rsp, text))
		return false;
	r.orig_rax = (unsigned long)-1; /* what was interrupted is not begun anew */
	r.rax = (unsigned long)number;
	r.rdi = args[0];
	r.rsi = text[0] != 0 ? r.rsp : args[1];
	r.rdx = args[2];
	r.r10 = args[3];
	if (ptrace(PTRACE_SETREGS, pid, NULL, &r) != 0 || ptrace(PTRACE_SINGLESTEP, pid, NULL, NULL) != 0)
		return false;
	if (!stopped(pid, &status)) {
		printf("killed %d\n", WIFSIGNALED(status) ? WTERMSIG(status) : 0);
		return true;
	}
	if (ptrace(PTRACE_GETREGS, pid, NULL, &r) != 0)
		return false;
	puts((long)r.rax < 0 ? "refused" : "reached");
	return ptrace(PTRACE_SETREGS, pid, NULL, &before) == 0 && ptrace(PTRACE_DETACH, pid, NULL, NULL) == 0;
}

static const struct {
	const char *name;
	long number;
	unsigned long args[4];
} calls[] = {
	{ "open", SYS_openat, { (unsigned long)AT_FDCWD, 0, O_RDONLY, 0 } },
	{ "create", SYS_openat, { (unsigned long)AT_FDCWD, 0, O_RDWR | O_CREAT, 0600 } },
	{ "socket", SYS_socket, { AF_INET, SOCK_STREAM, 0, 0 } },
	{ "connect", SYS_connect, { 0, 0, 0, 0 } },
	{ "execve", SYS_execve, { 0, 0, 0, 0 } },
	{ "fork", SYS_fork, { 0, 0, 0, 0 } },
	{ "ptrace", SYS_ptrace, { PTRACE_SEIZE, 0, 0, 0 } },
	{ "memory", SYS_process_vm_readv, { 0, 0, 0, 0 } },
	{ "kill", SYS_kill, { 0, 0, 0, 0 } },
	{ "descriptor", SYS_pidfd_open, { 0, 0, 0, 0 } },
};

static int inside(int n, char **arg)
{
	const pid_t pid = (pid_t)strtol(arg[0], NULL, 10);
	const char *text = strchr(n > 2 ? arg[2] : "", '/') != NULL ? arg[2] : "";
	unsigned long args[4], aim = n > 2 ? strtoul(arg[2], NULL, 10) : 0;

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		if (strcmp(calls[i].name, arg[1]) != 0)
			continue;
		memcpy(args, calls[i].args, sizeof(args));
		if (aim != 0)
			args[calls[i].number == SYS_ptrace ? 1 : 0] = aim;
		return make_call(pid, calls[i].number, args, text) ? 0 : 1;
	}
	return 1;
}

int main(int argc, char **argv)
{
	if (argc == 6 && strcmp(argv[1], "as") == 0)
		return as_user(argv + 2);
	return argc >= 4 && strcmp(argv[1], "inside") == 0 ? inside(argc - 2, argv + 2) : 1;
}
