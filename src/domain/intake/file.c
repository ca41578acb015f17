/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files of a report: a record that says what they are, the bytes sealed apart. What the bytes are was decided by the media
 * process. */
#include "domain/intake/act.h"

#include "base/text.h"

static struct id report_of(const struct ctx *c, const struct file_form *in)
{
	return c->who->kind == ACTOR_REPORTER ? c->who->dossier : in->act.report;
}

static struct file_ref ref_of(const struct record *r, struct id content)
{
	return (struct file_ref){ .file = content,
				  .record = r->id,
				  .dossier = r->dossier,
				  .origin = r->origin,
				  .type = file_type.number,
				  .class = REPORT };
}

static enum status add_in(struct ctx *c, const void *arg)
{
	const struct file_form *in = arg;
	struct record *r = record_new(c, &file_type, report_of(c, in));
	struct id content = id_new(), report = report_of(c, in);
	bool reporter = c->who->kind == ACTOR_REPORTER;
	struct value args[] = { v_id(&report), reporter ? v_int(clock_first_look(c->now, false, false)) : v_null(),
				v_int(reporter) };
	struct file_ref ref = ref_of(r, content);

	TRY(record_enter(c, r, FILE_name, in->name));
	record_set_text(r, FILE_mime, in->mime);
	record_set_number(r, FILE_size, (int64_t)in->content.n);
	record_set_text(r, FILE_sha256, hex(c->arena, sv_bytes(in->sha256, sizeof(in->sha256))));
	record_set_text(r, FILE_content, ids_text(c, &content, 1));
	record_set_number(r, FILE_at, c->now);
	record_set_text(r, FILE_author, reporter ? SV_NONE : ids_text(c, &c->who->user, 1));
	TRY(reporter ? record_save_fresh(c, r) : record_save(c, r));
	TRY(file_store(c, &ref, in->content));
	return change_write(c, QUERY_INTAKE_REPORT_MESSAGE, args, 3, 1, E_NOTFOUND);
}

enum status file_add(struct ctx *c, const struct file_form *in)
{
	if (!may_write(c, REPORT))
		return ERR(c, E_DENIED, "this role adds no files to a report");
	if (in->content.n == 0)
		return ctx_input(c, "file", "error.file_empty", 0);
	if (in->content.n > FILE_BYTES_MAX)
		return ctx_input(c, "file", "error.file_too_large", FILE_BYTES_MAX >> 20);
	return once_do(c, "file.add", add_in, in, in->act.key);
}

enum status file_read(struct ctx *c, struct id file, struct file_content *out)
{
	struct record *r;
	struct file_ref ref;
	struct id content;

	TRY(record_load(c, &file_type, file, &r));
	if (!id_parse(record_text(r, FILE_content), &content))
		return ERR(c, E_NOTFOUND, "the file record names no file");
	ref = ref_of(r, content);
	*out = (struct file_content){ .report = r->dossier, .name = record_text(r, FILE_name), .mime = record_text(r, FILE_mime) };
	return file_load(c, &ref, (size_t)record_number(r, FILE_size), &out->content);
}
