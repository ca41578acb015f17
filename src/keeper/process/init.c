/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Making an instance: secrets, empty database, the row everything hangs on, the first checkpoint, the reserve. */
#include "keeper/admin.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include "base/random.h"
#include "base/wipe.h"
#include "keeper/people/ceremony.h"
#include "keeper/process/service.h"
#include "keeper/slab.h"

static enum status make_secret_file(const char *dir, const char *name, uint8_t out[SECRET_SIZE])
{
	random_fill(out, SECRET_SIZE);
	return secret_write_file(dir, name, out, SECRET_SIZE);
}

/* A slot nobody can open: sealed under a stretch that was never the answer to any password. */
static enum status make_dummy(struct service *s)
{
	struct slot_head head = { .kind = SLOT_PASSWORD,
				  .pepper_version = 1,
				  .user = id_new(),
				  .key_id = id_new(),
				  .argon_t = SLOT_T,
				  .argon_m_kib = s->instance.demo ? SLOT_M_DEMO_KIB : SLOT_M_KIB };
	uint8_t nonce[24], stretched[32], payload[64];

	random_fill(head.salt, sizeof(head.salt));
	random_fill(nonce, sizeof(nonce));
	random_fill(stretched, sizeof(stretched));
	random_fill(payload, sizeof(payload));
	return amp1_seal(s->instance.dummy, &head, nonce, stretched, s->vault->pepper[0], payload);
}

static enum status write_first_rows(struct service *s)
{
	struct act act = { .event = EV_CONFIGURATION };
	struct row row = { ROW_INSTANCE, ID_ZERO, s->instance.id, SV_NONE };
	uint8_t space[ROW_BODY_MAX];
	struct buf b = buf_over(space, sizeof(space));

	write_instance(&b, &s->instance);
	row.body = buf_view(&b);
	TRY(batch_begin(s));
	TRY(row_put(s, &act, &row));
	TRY(checkpoint_due(s, true));
	return batch_commit(s);
}

static enum status make_all(struct service *s, const uint8_t root_pk[32], const uint8_t backup_pk[32], bool demo)
{
	s->vault->pepper_count = 1;
	TRY(make_secret_file(s->dir, "pepper", s->vault->pepper[0]));
	TRY(make_secret_file(s->dir, "secret", s->vault->instance_secret));
	s->instance.id = id_new();
	s->instance.demo = demo;
	memcpy(s->instance.root_pk, root_pk, sizeof(s->instance.root_pk));
	memcpy(s->instance.backup_pk, backup_pk, sizeof(s->instance.backup_pk));
	random_fill(s->instance.salt, sizeof(s->instance.salt));
	TRY(make_dummy(s));
	derive_secrets(s);
	TRY(db_file_open(s->dir, DB_MAKE, &s->db));
	TRY(write_first_rows(s));
	return reserve_make(s->dir);
}

/* dir: the instance; its folders keeper and run are made when missing. */
enum status keeper_init(struct ctx *c, const char *dir, const uint8_t root_pk[32], const uint8_t backup_pk[32], bool demo)
{
	struct service s = { .now = c->now };
	char run[3200];
	enum status status;

	if (snprintf(s.dir, sizeof(s.dir), "%s/keeper", dir) >= (int)sizeof(s.dir) ||
	    snprintf(run, sizeof(run), "%s/run", dir) >= (int)sizeof(run))
		return ERR(c, E_IO, "the path is too long");
	if ((mkdir(s.dir, 0700) != 0 && errno != EEXIST) || (mkdir(run, 0700) != 0 && errno != EEXIST))
		return ERR(c, E_IO, "the keeper's folder cannot be made");
	s.arena = c->arena;
	s.vault = slab_new(sizeof(*s.vault));
	status = make_all(&s, root_pk, backup_pk, demo);
	db_file_close(s.db);
	slab_free(s.vault);
	if (status == E_CONFLICT)
		return ERR(c, E_CONFLICT, "there is an instance here already");
	return status == OK ? OK : ERR(c, status, "the instance cannot be made");
}
