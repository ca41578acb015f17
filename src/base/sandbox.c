/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Landlock through its three system calls (Debian 12 has no library for it) and a seccomp allow list through libseccomp.
 *
 * Landlock: the rights of ABI 2. What is not named below is refused: executing, and making devices or pipes, everywhere.
 * Seccomp: a call that is not listed kills the process (signal 31 seen by the parent). Calls that libc makes late and rarely are added
 * here, since a list that lacks one kills a process hours after its start. Threads stay possible, processes never: clone is allowed for
 * threads only, and clone3, whose arguments a filter cannot see, answers ENOSYS, upon which libc takes clone. */
#include "base/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sched.h>
#include <seccomp.h>
#include <stdbool.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/log.h"

#define READ_RIGHTS (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define WRITE_RIGHTS                                                                                                    \
	(READ_RIGHTS | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR | \
	 LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK)
/* What may be asked of a single file instead of a directory. */
#define FILE_RIGHTS (LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_READ_FILE)
/* Every right of ABI 1; ABI 2 adds moving between directories, which ABI 1 always refuses. */
#define ABI_1_RIGHTS ((LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1)

static int landlock_abi(void)
{
	return (int)syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
}

static enum status allow_path(int rules, const char *path, uint64_t rights)
{
	struct landlock_path_beneath_attr rule = { .allowed_access = rights };
	struct stat s;
	enum status status = E_IO;

	rule.parent_fd = open(path, O_PATH | O_CLOEXEC);
	if (rule.parent_fd < 0)
		return E_IO;
	if (fstat(rule.parent_fd, &s) != 0)
		goto out;
	if (!S_ISDIR(s.st_mode))
		rule.allowed_access &= FILE_RIGHTS;
	if (syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0)
		status = OK;
out:
	close(rule.parent_fd);
	return status;
}

static enum status allow_paths(int rules, const char *const *paths, size_t n, uint64_t rights)
{
	for (size_t i = 0; i < n; i++)
		TRY(allow_path(rules, paths[i], rights));
	return OK;
}

enum status sandbox_paths(const char *const *read_write, size_t rw_count, const char *const *read_only, size_t ro_count)
{
	int abi = landlock_abi();
	uint64_t move = abi >= 2 ? LANDLOCK_ACCESS_FS_REFER : 0;
	struct landlock_ruleset_attr attr = { .handled_access_fs = ABI_1_RIGHTS | move };
	enum status status = E_IO;
	int rules;

	if (abi < 1) {
		LOG_NOTE(LOG_SANDBOX, "this kernel has no Landlock: files are guarded by seccomp and file modes alone");
		return OK;
	}
	rules = (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof(attr), 0);
	if (rules < 0)
		return E_IO;
	if (allow_paths(rules, read_write, rw_count, WRITE_RIGHTS | move) != OK ||
	    allow_paths(rules, read_only, ro_count, READ_RIGHTS) != OK)
		goto out;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && syscall(SYS_landlock_restrict_self, rules, 0) == 0)
		status = OK;
out:
	close(rules);
	return status;
}

/* Memory, threads, signals, time, ending: harmless, and needed at moments nobody chooses. */
static const char *const always[] = {
	"brk",
	"clock_gettime",
	"exit",
	"exit_group",
	"futex",
	"getrandom",
	"gettid",
	"gettimeofday",
	"madvise",
	"mremap",
	"munmap",
	"restart_syscall",
	"rseq",
	"rt_sigaction",
	"rt_sigprocmask",
	"rt_sigreturn",
	"sched_getaffinity",
	"sched_yield",
	"set_robust_list",
	"sysinfo", /* the first qsort of more than a kilobyte in a process asks how much memory there is */
};
/* SQLite at close and at a full sync; only for a process that opens files at all. */
static const char *const with_files[] = { "fsync", "unlink" };
#ifdef AMANA_SANITIZE
static const char *const sanitizer[] = { "getpid", "mmap", "mprotect", "sigaltstack", "write" };
#endif

static bool same(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

static enum status allow_calls(scmp_filter_ctx filter, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int number = seccomp_syscall_resolve_name(names[i]);

		if (number == __NR_SCMP_ERROR)
			return E_BUG;
		if (number < 0 || same(names[i], "clone") || same(names[i], "clone3"))
			continue; /* not of this machine; or ruled by allow_threads */
		if (seccomp_rule_add(filter, SCMP_ACT_ALLOW, number, 0) != 0)
			return E_IO;
	}
	return OK;
}

static enum status allow_threads(scmp_filter_ctx filter)
{
	if (seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1, SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD)) !=
	    0)
		return E_IO;
	return seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0) == 0 ? OK : E_IO;
}

static enum status fill(scmp_filter_ctx filter, const char *const *names, size_t n)
{
	bool files = false;

	for (size_t i = 0; i < n; i++)
		files = files || same(names[i], "openat");
	TRY(allow_calls(filter, always, sizeof(always) / sizeof(always[0])));
	if (files)
		TRY(allow_calls(filter, with_files, sizeof(with_files) / sizeof(with_files[0])));
#ifdef AMANA_SANITIZE
	TRY(allow_calls(filter, sanitizer, sizeof(sanitizer) / sizeof(sanitizer[0])));
#endif
	TRY(allow_calls(filter, names, n));
	return allow_threads(filter);
}

enum status sandbox_calls(const char *const *names, size_t n)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
	enum status status = E_IO;

	if (filter == NULL)
		return E_IO;
	if (seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1) != 0)
		goto out;
	if (seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS) != 0)
		goto out;
	status = fill(filter, names, n);
	if (status == OK && seccomp_load(filter) != 0)
		status = E_IO;
out:
	seccomp_release(filter);
	return status;
}

static bool limit(__rlimit_resource_t what, uint64_t soft, uint64_t hard)
{
	struct rlimit r = { .rlim_cur = soft, .rlim_max = hard };

	return setrlimit(what, &r) == 0;
}

enum status sandbox_limits(uint64_t memory, uint64_t file, unsigned seconds)
{
#ifdef AMANA_SANITIZE
	memory = RLIM_INFINITY;
#endif
	if (!limit(RLIMIT_AS, memory, memory) || !limit(RLIMIT_FSIZE, file, file) || !limit(RLIMIT_CPU, seconds, seconds + 1))
		return E_IO;
	if (!limit(RLIMIT_NOFILE, 0, 0) || !limit(RLIMIT_NPROC, 0, 0) || !limit(RLIMIT_CORE, 0, 0))
		return E_IO;
	return OK;
}
