/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RECORD_RUN_H
#define RECORD_RUN_H

#include "record/record.h"

/* Private to the room: what one prepare gathers, and the pieces the files share. */

/* One part on its way: what the keeper gets and gives stands in `parts` at the same index. */
struct part_plan {
	uint64_t before; /* version of the part as loaded; 0 = first */
	uint64_t newest; /* version of the record when this statement runs */
};
struct new_file {
	struct file_ref ref;
	uint64_t size;
	struct id
		witness; /* a key of the dossier that lay there when the file was begun: a dossier stripped meanwhile has it no more */
};
/* A dossier to be stripped in this set: the record that keeps its part, the files that go. */
struct strip_plan {
	struct id dossier, record;
	struct id *files;
	size_t file_count;
};
struct changes {
	bool active; /* fn runs; false once the set is on its way */
	enum event event;
	uint8_t purpose;
	struct seal_part *parts;
	struct part_plan *plans;
	size_t part_count, part_room;
	struct right_change *rights;
	size_t right_count, right_room;
	struct held_key *keys; /* for redirect and new code */
	size_t key_count, key_room;
	struct write *writes; /* of the rooms, values copied */
	size_t write_count, write_room;
	struct seal_drop *drops;
	size_t drop_count, drop_room;
	struct held_key *wraps; /* of files sealed while preparing */
	size_t wrap_count, wrap_room;
	struct new_file *files;
	size_t file_count, file_room;
	struct strip_plan *strips;
	size_t strip_count, strip_room;
	bool has_once;
	struct id once;
	struct sv once_result;
	struct public_report *report;
	char new_code[21];
};
#define PARTS_MAX 500

/* The set being prepared, or NULL outside of a run. */
struct changes *preparing(const struct ctx *c);
/* Room for one more in an arena array: doubled when full; gives the place of the new element, zeroed. */
void *one_more(struct arena *a, void *array_pointer, size_t *count, size_t *room, size_t size);
#define ONE_MORE(a, array, count, room) one_more((a), &(array), &(count), &(room), sizeof *(array))

/* --- record.c ---------------------------------------------------------------------------------------------------------------- */
/* Values as they were loaded lie behind the present ones. */
static inline struct field_value *loaded_values(const struct record *r)
{
	return r->values + r->type->field_count;
}
struct record *record_blank(struct arena *a, const struct record_type *t);

/* --- key.c ------------------------------------------------------------------------------------------------------------------- */
/* Wraps of a dossier that this actor could open. */
struct keys {
	struct held_key *items;
	size_t n;
};
enum status keys_of(struct ctx *c, struct id dossier, int64_t number, struct keys *out) MUST_CHECK;
/* Those of one class: what a list of many dossiers needs. */
enum status keys_of_class(struct ctx *c, struct id dossier, int64_t number, enum class class, struct keys *out) MUST_CHECK;
const struct held_key *key_by_id(const struct keys *k, struct id key);
/* Number, kind and origin of a dossier. E_NOTFOUND without an error noted. */
struct dossier_row {
	int64_t number;
	enum dossier_kind kind;
	struct id origin;
};
enum status dossier_of(struct ctx *c, struct id dossier, struct dossier_row *out) MUST_CHECK;
/* The newest key of a class (and its holder) this actor could open, NULL when there is none. Looks at the database. */
enum status class_key(struct ctx *c, struct id dossier, enum class class, struct id holder, const struct held_key **out) MUST_CHECK;
/* The person a key of notes or of an address belongs to; zeros for the other classes. */
struct id holder_of(const struct ctx *c, enum class class);

/* --- load.c ------------------------------------------------------------------------------------------------------------------ */
/* keeper_open in requests of at most 500 parts and about 1 MiB. */
enum status open_parts(struct ctx *c, enum open_how how, const struct whole *whole, const struct keys *k, struct sealed_part *parts,
		       size_t n) MUST_CHECK;

/* --- history.c --------------------------------------------------------------------------------------------------------------- */
/* The difference of one class between loaded and present values, to be sealed. */
enum status difference(struct ctx *c, const struct record *r, enum class class, struct sv *out) MUST_CHECK;

/* --- save.c ------------------------------------------------------------------------------------------------------------------ */
const struct strip_plan *strip_of(const struct changes *s, struct id dossier); /* NULL: it is not stripped in this set */

/* --- file.c ------------------------------------------------------------------------------------------------------------------ */
/* After the set's fate is known: a void set's files go, the marks of all go. Uncertain: everything stays for the next start. */
void files_settled(struct ctx *c, const struct changes *s, bool in_force);
/* Mark the files of a dossier to be stripped, so that a start after a crash knows them. */
enum status files_going(struct ctx *c, struct strip_plan *plan) MUST_CHECK;
enum status files_sweep(struct ctx *c, const char *main_dir) MUST_CHECK;

#endif
