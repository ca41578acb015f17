/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small answers out of RAM and views: what this instance is, which of these dossiers may show in a list. */
#include "keeper/sealed/data.h"

#include "keeper/codec.h"

enum status call_instance(struct service *s, struct request *r)
{
	put_id(r->out, s->instance.id);
	buf_byte(r->out, s->instance.demo);
	buf_byte(r->out, s->pepper_on_disk);
	buf_u64(r->out, s->journal.tree.size);
	buf_u64(r->out, 0); /* no witness before stage 6 */
	return OK;
}

enum status call_visible(struct service *s, struct request *r)
{
	size_t n = get_count(&r->body, 65536);
	struct who w;

	TRY(who_is(s, &r->token, &w, true));
	for (size_t i = 0; i < n; i++) {
		const struct dossier *d;
		struct id id = get_id(&r->body);

		buf_byte(r->out, w.active && dossier_load(s, id, &d) == OK && visible(s, &w, d));
	}
	return r->body.bad ? E_INPUT : OK;
}
