/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parent: binds the socket, starts keeper, media and web beside this executable, and brings back what dies. It holds no key but the
 * one of the form tickets, which must outlive a restart of web: a report sent again after one is then still the same report.
 *
 * Without host names it listens on this machine alone: the session cookies need TLS anywhere else. */
#include "main/serve.h"

#include <argp.h>
#include <arpa/inet.h>
#include <netdb.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/heap.h"
#include "base/log.h"
#include "base/random.h"
#include "base/wipe.h"
#include "base/zone.h"
#include "cli/place.h"
#include "cli/terminal.h"
#include "main/family.h"
#include "main/instance.h"

#define UIDS_DEFAULT 64000
#define BACKLOG 512
#define WORKERS_MOST 64
#define PACE_MOST 10000

struct serve {
	const char *data, *listen, *host[3], *exit_to, *pace, *workers, *zone;
	unsigned uids;
	bool as_me;
	struct arena *a;
	char address[64]; /* as bound, HOST:PORT */
	int fd;
	struct owners owners;
};

enum serve_key {
	KEY_DATA = 1000,
	KEY_LISTEN,
	KEY_PUBLIC,
	KEY_STAFF,
	KEY_FILES,
	KEY_EXIT,
	KEY_PACE,
	KEY_WORKERS,
	KEY_ZONE,
	KEY_UIDS,
	KEY_AS_ME
};
static const struct argp_option options[] = {
	{ "data", KEY_DATA, "DIR", 0, "the instance (made by `amana init`)", 0 },
	{ "listen", KEY_LISTEN, "HOST:PORT", 0, "default 127.0.0.1:8080; port 0 takes a free one", 0 },
	{ "public", KEY_PUBLIC, "HOST", 0, "host name of the public site; without host names all sites share one address", 0 },
	{ "staff", KEY_STAFF, "HOST", 0, "host name of the staff site", 0 },
	{ "files", KEY_FILES, "HOST", 0, "host name downloads come from", 0 },
	{ "exit", KEY_EXIT, "ADDRESS", 0, "where the quick exit leads; default a neutral page of our own", 0 },
	{ "pace", KEY_PACE, "PERCENT", 0, "limits of tries by network, 100 = as built, 0 = none (tests under load)", 0 },
	{ "workers", KEY_WORKERS, "N", 0, "requests worked on at a time; default 4 for each core", 0 },
	{ "zone", KEY_ZONE, "NAME", 0, "time zone of what is shown and typed; default " ZONE_DEFAULT, 0 },
	{ "uids", KEY_UIDS, "BASE", 0, "started as root: users BASE+1 web, +2 keeper, +3 media, group BASE; default 64000", 0 },
	{ "as-me", KEY_AS_ME, NULL, 0, "started as root: all under this one user", 0 },
	{ 0 },
};

/* Said here and not by the part they are for: that one would only be started again and again. */
static void check_number(struct argp_state *state, const char *name, const char *text, uint64_t least, uint64_t most)
{
	uint64_t n;

	if (!sv_u64(sv_of(text), &n) || n < least || n > most)
		argp_error(state, "--%s is a number from %u to %u, this is not one: %s", name, (unsigned)least, (unsigned)most,
			   text);
}

static bool host_sound(const char *name)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-";

	return *name != 0 && name[strspn(name, letters)] == 0;
}

/* All three or none, and three different ones: a site without a name of its own would be reached by nobody. */
static void check_hosts(struct argp_state *state, const struct serve *s)
{
	unsigned given = 0;

	for (size_t i = 0; i < 3; i++) {
		given += s->host[i] != NULL;
		if (s->host[i] != NULL && !host_sound(s->host[i]))
			argp_error(state, "not a host name (letters, digits, - and .): %s", s->host[i]);
		for (size_t k = 0; k < i; k++)
			if (s->host[i] != NULL && s->host[k] != NULL && strcasecmp(s->host[i], s->host[k]) == 0)
				argp_error(state, "public site, staff and files need three different names, this stands twice: %s",
					   s->host[i]);
	}
	if (given != 0 && given != 3)
		argp_error(state, "--public, --staff and --files go together: all three, or none");
}

static void check_exit(struct argp_state *state, const char *address)
{
	const bool known = strncmp(address, "https://", 8) == 0 || strncmp(address, "http://", 7) == 0;

	for (const char *p = address; *p != 0; p++)
		if (!known || *p <= ' ' || *p >= 127 || *p == '"' || *p == '<' || *p == '>')
			argp_error(state, "--exit is an address such as https://www.example.org/, this is not one: %s", address);
	if (!known)
		argp_error(state, "--exit is an address such as https://www.example.org/");
}

static void check_options(struct argp_state *state, const struct serve *s)
{
	if (s->data == NULL)
		argp_error(state, "--data DIR is missing");
	if (s->workers != NULL)
		check_number(state, "workers", s->workers, 1, WORKERS_MOST);
	if (s->pace != NULL)
		check_number(state, "pace", s->pace, 0, PACE_MOST);
	if (s->exit_to != NULL)
		check_exit(state, s->exit_to);
	check_hosts(state, s);
}

static error_t on_option(int key, char *text, struct argp_state *state)
{
	struct serve *s = state->input;
	uint64_t n;

	switch (key) {
	case KEY_DATA:
		s->data = text;
		return 0;
	case KEY_LISTEN:
		s->listen = text;
		return 0;
	case KEY_PUBLIC:
	case KEY_STAFF:
	case KEY_FILES:
		s->host[key - KEY_PUBLIC] = text;
		return 0;
	case KEY_EXIT:
		s->exit_to = text;
		return 0;
	case KEY_PACE:
		s->pace = text;
		return 0;
	case KEY_WORKERS:
		s->workers = text;
		return 0;
	case KEY_ZONE:
		s->zone = text;
		return 0;
	case KEY_UIDS:
		if (!sv_u64(sv_of(text), &n) || n < 1000 || n > 2000000000)
			argp_error(state, "--uids is a user number from 1000, this is not one: %s", text);
		s->uids = (unsigned)n;
		return 0;
	case KEY_AS_ME:
		s->as_me = true;
		return 0;
	case ARGP_KEY_ARG:
		argp_error(state, "one word too many: %s (the instance is named by --data)", text);
		return 0;
	case ARGP_KEY_END:
		check_options(state, s);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* --- the socket ------------------------------------------------------------------------------------------------------------- */

static bool is_loopback(const struct sockaddr *a)
{
	if (a->sa_family == AF_INET)
		return (ntohl(((const struct sockaddr_in *)(const void *)a)->sin_addr.s_addr) >> 24) == 127;
	return a->sa_family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&((const struct sockaddr_in6 *)(const void *)a)->sin6_addr);
}

static void note_address(struct serve *s)
{
	struct sockaddr_storage bound;
	socklen_t n = sizeof(bound);
	char host[INET6_ADDRSTRLEN + 2], port[8];
	struct buf b = buf_over(s->address, sizeof(s->address) - 1);

	if (getsockname(s->fd, (struct sockaddr *)&bound, &n) != 0 ||
	    getnameinfo((struct sockaddr *)&bound, n, host, sizeof(host), port, sizeof(port), NI_NUMERICHOST | NI_NUMERICSERV) != 0)
		return;
	buf_format(&b, bound.ss_family == AF_INET6 ? "[%s]:%s" : "%s:%s", host, port);
}

static bool bind_to(struct serve *s, const struct addrinfo *where)
{
	const int on = 1;

	s->fd = socket(where->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (s->fd >= 0 && setsockopt(s->fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == 0 &&
	    bind(s->fd, where->ai_addr, where->ai_addrlen) == 0 && listen(s->fd, BACKLOG) == 0)
		return true;
	if (s->fd >= 0)
		close(s->fd);
	return false;
}

/* HOST:PORT, IPv6 in brackets. False with a line said. */
static bool open_socket(struct serve *s)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV };
	const char *colon = strrchr(s->listen, ':');
	struct sv host = { s->listen, colon == NULL ? 0 : (size_t)(colon - s->listen) };
	struct addrinfo *found = NULL;
	bool named = s->host[0] != NULL || s->host[1] != NULL || s->host[2] != NULL, bound = false;

	if (host.n >= 2 && host.p[0] == '[' && host.p[host.n - 1] == ']')
		host = (struct sv){ host.p + 1, host.n - 2 };
	if (colon == NULL || host.n == 0 || getaddrinfo(arena_text(s->a, host), colon + 1, &hints, &found) != 0) {
		tell(2, "amana: --listen needs HOST:PORT, this is not one: %s", s->listen);
		return false;
	}
	if (!named && !is_loopback(found->ai_addr)) {
		tell(2,
		     "amana: without --public, --staff and --files this serves 127.0.0.1 alone: the session cookies need TLS elsewhere.");
		tell(2, "amana: give the host names and put a TLS proxy in front.");
	} else if (!(bound = bind_to(s, found))) {
		tell(2, "amana: cannot listen on %s: is another service there?", s->listen);
	} else {
		note_address(s);
	}
	freeaddrinfo(found);
	return bound;
}

/* --- the children ------------------------------------------------------------------------------------------------------------- */

static void add(struct child *c, const char *arg)
{
	size_t n = 0;

	while (n < CHILD_ARGS_MAX - 2 && c->args[n] != NULL)
		n++;
	c->args[n] = (char *)(uintptr_t)arg;
}

static void add_pair(struct child *c, const char *name, const char *value)
{
	if (value == NULL)
		return;
	add(c, name);
	add(c, value);
}

static void make_web(struct serve *s, struct child *c, const char *data)
{
	static const char *const names[] = { "--public", "--staff", "--files" };

	*c = (struct child){
		.program = "amana-web", .fds = { s->fd }, .uid = s->owners.web, .gid = s->owners.group, .has_secret = true
	};
	random_fill(c->secret, sizeof(c->secret));
	add(c, c->program);
	add_pair(c, "--data", s->data);
	add_pair(c, "--codes", data);
	for (size_t i = 0; i < 3; i++)
		add_pair(c, names[i], s->host[i]);
	add_pair(c, "--exit", s->exit_to);
	add_pair(c, "--pace", s->pace);
	add_pair(c, "--workers", s->workers);
	add_pair(c, "--zone", s->zone);
}

static const char *number(struct serve *s, unsigned n)
{
	return arena_format(s->a, "%u", n).p;
}

/* The service manager opens its credentials to one user alone. Opened here and never read here, the keeper reads them whoever it is. */
static void hand_credentials(struct serve *s, struct child *c)
{
	static const char *const names[] = { "pepper", "secret" }, *const options_of[] = { "--pepper", "--secret" };
	const char *from = getenv("CREDENTIALS_DIRECTORY");
	unsigned n = 0;

	for (size_t i = 0; i < 2 && from != NULL; i++) {
		int fd = open(arena_format(s->a, "%s/%s", from, names[i]).p, O_RDONLY | O_CLOEXEC);

		if (fd < 0)
			continue;
		add_pair(c, options_of[i], number(s, FIRST_FD + n));
		c->fds[n++] = fd;
	}
}

static void make_keeper(struct serve *s, struct child *c)
{
	*c = (struct child){ .program = "amana-keeper", .uid = s->owners.keeper, .gid = s->owners.group };
	add(c, c->program);
	add(c, s->data);
	if (s->owners.web != 0)
		add_pair(c, "--web-uid", number(s, s->owners.web));
	hand_credentials(s, c);
}

static void make_media(struct serve *s, struct child *c)
{
	*c = (struct child){ .program = "amana-media", .uid = s->owners.media, .gid = s->owners.group };
	add(c, c->program);
	add(c, arena_format(s->a, "%s/run/media.sock", s->data).p);
	if (s->owners.web != 0)
		add(c, number(s, s->owners.web));
}

enum { KEEPER, MEDIA, WEB, CHILDREN };

/* Web cannot connect again by itself (no socket call in its sandbox): it is renewed when media has come back and stays. */
static void on_settled(struct family *f, struct child *c)
{
	struct child *web = &f->children[WEB];

	if (c == &f->children[MEDIA] && web->pid != 0 && web->started < c->started)
		family_renew(web);
}

static void say_addresses(const struct serve *s)
{
	if (s->host[0] == NULL && s->host[1] == NULL && s->host[2] == NULL) {
		tell(1, "public  http://%s/", s->address);
		tell(1, "staff   http://%s/staff/", s->address);
		return;
	}
	tell(1, "listening on %s, behind a TLS proxy for:", s->address);
	for (size_t i = 0; i < 3; i++)
		if (s->host[i] != NULL)
			tell(1, "%s  https://%s/", (const char *const[]){ "public", "staff ", "files " }[i], s->host[i]);
}

static bool take_instance(struct serve *s)
{
	const char *closed = NULL;
	enum status got = instance_take(s->a, s->data);

	if (got == E_NOTFOUND)
		place_no_instance(s->a, s->data);
	else if (got == E_STATE)
		tell(2, "amana: %s is served already", s->data);
	else if (got != OK)
		tell(2, "amana: %s/run cannot be used", s->data);
	if (got != OK)
		return false;
	if (geteuid() != 0 || s->as_me) {
		tell(1, "all processes run under one user; as root they take four");
		return true;
	}
	got = instance_hand_over(s->a, s->data, s->uids, &s->owners, &closed);
	if (got == E_DENIED)
		tell(2, "amana: %s lets no other user pass; choose another place, or --as-me to run all under one user", closed);
	else if (got != OK)
		tell(2, "amana: the folders in %s cannot be handed to users %u to %u", s->data, s->uids + 1, s->uids + 3);
	return got == OK;
}

/* Without them web ends at once, and would be started again for ever. */
static bool lists_there(struct serve *s, const char *data)
{
	if (access(arena_format(s->a, "%s/codes/access_matrix.csv", data).p, R_OK) == 0)
		return true;
	tell(2, "amana: the code lists are not in %s: is the program installed wholly (make install)?", data);
	return false;
}

static int run(struct serve *s)
{
	struct child *children = heap_new(CHILDREN, sizeof(*children));
	struct family family = { .children = children, .n = CHILDREN, .directory = place_programs(s->a), .settled = on_settled };
	const char *data = place_data(s->a);
	enum status end;

	if (family.directory == NULL || !lists_there(s, data) || !place_zone(s->zone) || !take_instance(s) || !open_socket(s))
		return 1;
	make_keeper(s, &children[KEEPER]);
	make_media(s, &children[MEDIA]);
	make_web(s, &children[WEB], data);
	say_addresses(s);
	end = family_run(&family);
	if (end != OK)
		tell(2, "amana: amana-web, amana-keeper and amana-media must lie beside this program, in %s", family.directory);
	heap_free(children);
	return end == OK ? 0 : 1;
}

int serve_command(int argc, char **argv)
{
	static const struct argp argp = { options, on_option, NULL, "Serves an instance.", NULL, NULL, NULL };
	struct serve s = { .listen = "127.0.0.1:8080", .zone = ZONE_DEFAULT, .uids = UIDS_DEFAULT, .fd = -1 };
	int end;

	process_harden();
	(void)umask(S_IRWXG | S_IRWXO); /* what any of the family makes is its owner's alone */
	log_open("serve");
	argp_err_exit_status = 2;
	argv[0] = (char *)(uintptr_t) "amana serve"; /* what help and mistakes are headed with */
	argp_parse(&argp, argc, argv, 0, NULL, &s);
	s.a = arena_new(0);
	end = run(&s);
	arena_free(s.a);
	return end;
}
