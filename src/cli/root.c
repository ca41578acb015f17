/* SPDX-License-Identifier: GPL-3.0-or-later */
/* amana root: the programme's root key, which never touches the machine that serves. `new` makes it, `sign` turns the request of an
 * organisation into its certificate. */
#include "cli/ceremony.h"

#include "base/clock.h"
#include "base/random.h"
#include "base/wipe.h"
#include "cli/keyfile.h"
#include "cli/terminal.h"
#include "cli/words.h"
#include "crypto/formats.h"
#include "keeper/admin.h"

#include <string.h>

#define SEED_SIZE 32

static const struct argp_option no_options[] = { { 0 } };
static const struct words_form form_new = {
	"amana root new",
	no_options,
	"FILE",
	"Makes the programme's root key in FILE and its public half in FILE.public.\vKeep FILE off line, on paper in two of "
	"three hands. An instance "
	"needs FILE.public alone.",
	1,
	1
};
static const struct words_form form_sign = {
	"amana root sign",
	no_options,
	"ROOT REQUEST CERTIFICATE",
	"Signs the REQUEST of an organisation with the key in ROOT and writes CERTIFICATE.\vBefore signing, compare the fingerprint "
	"(amana root show) with the organisation's officer by voice.",
	3,
	3
};
static const struct words_form form_show = {
	"amana root show",
	no_options,
	"REQUEST",
	"Prints the fingerprint of a request, as amana organisation add printed it to the officer.",
	1,
	1
};

enum status fingerprint(struct arena *a, struct sv groups, struct sv *out)
{
	struct buf b = buf_new(a, 64, 64);
	uint8_t digest[32];
	struct sv bytes;

	TRY(groups_read(a, groups, &bytes));
	hash32(digest, bytes.p, bytes.n);
	for (size_t i = 0; i < 16; i++)
		buf_format(&b, "%s%02x", i > 0 && i % 2 == 0 ? " " : "", digest[i]);
	*out = buf_view(&b);
	return buf_ok(&b);
}

enum status root_make(struct arena *a, const char *path)
{
	const char *public_path = arena_format(a, "%s.public", path).p;
	uint8_t seed[SEED_SIZE], pk[32];
	enum status s;

	random_fill(seed, sizeof(seed));
	ed25519_public(pk, seed);
	s = keyfile_write(a, path, 0400, KEY_ROOT ": off line, never on the serving machine",
			  groups_write(a, sv_bytes(seed, sizeof(seed))));
	if (s == OK)
		s = keyfile_write(a, public_path, 0444, KEY_ROOT_PUBLIC, groups_write(a, sv_bytes(pk, sizeof(pk))));
	wipe(seed, sizeof(seed));
	return s;
}

enum status root_certify(struct arena *a, const char *root, struct sv request, struct sv *certificate)
{
	uint8_t seed[SEED_SIZE];
	enum status s = keyfile_read(a, root, KEY_ROOT, seed, sizeof(seed));

	if (s == OK)
		s = root_sign(a, request, seed, clock_now(), certificate);
	wipe(seed, sizeof(seed));
	return s;
}

static bool say_fingerprint(struct arena *a, struct sv request)
{
	struct sv text;

	if (fingerprint(a, request, &text) != OK) {
		tell(2, "amana: root: the request is not sound");
		return false;
	}
	tell(1, "fingerprint  %.*s", (int)text.n, text.p);
	return true;
}

static int sign_request(struct arena *a, const struct words *w)
{
	struct sv request, certificate;

	if (keyfile_text(a, w->arg[1], &request) != OK || !say_fingerprint(a, request))
		return 1;
	if (root_certify(a, w->arg[0], request, &certificate) != OK) {
		tell(2, "amana: root: nothing was signed: the request is no organisation's, or the root is no root");
		return 1;
	}
	return keyfile_write(a, w->arg[2], 0444, "certificate of an organisation", certificate) == OK ? 0 : 1;
}

static int root_new_command(int argc, char **argv)
{
	struct arena *a = arena_new(0);
	struct words w;
	int end;

	words_parse(&form_new, argc, argv, &w);
	end = root_make(a, w.arg[0]) == OK ? 0 : 1;
	arena_free(a);
	return end;
}

static int root_sign_command(int argc, char **argv)
{
	struct arena *a = arena_new(0);
	struct words w;
	int end;

	words_parse(&form_sign, argc, argv, &w);
	end = sign_request(a, &w);
	arena_free(a);
	return end;
}

static int root_show_command(int argc, char **argv)
{
	struct arena *a = arena_new(0);
	struct words w;
	struct sv request;
	bool shown;

	words_parse(&form_show, argc, argv, &w);
	shown = keyfile_text(a, w.arg[0], &request) == OK && say_fingerprint(a, request);
	arena_free(a);
	return shown ? 0 : 1;
}

int root_command(int argc, char **argv)
{
	static const struct command acts[] = {
		{ "new", "make the programme's root key: FILE", root_new_command },
		{ "show", "print the fingerprint of a request: REQUEST", root_show_command },
		{ "sign", "sign an organisation's request: ROOT REQUEST CERTIFICATE", root_sign_command },
	};

	return run_act("root", acts, sizeof(acts) / sizeof(acts[0]), argc, argv);
}
