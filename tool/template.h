/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOL_TEMPLATE_H
#define TOOL_TEMPLATE_H

#include "common.h"

/* The template compiler in four steps: template_read.c makes a tree of a file, template_place.c knows where in HTML a byte stands,
 * template_check.c binds names to variables and values to positions, template_write.c prints C. template.c is the command. The language
 * is described in template/README.md. */

enum kind { KIND_TEXT, KIND_NUMBER, KIND_FLAG, KIND_PATH, KIND_MESSAGE, KIND_LIST, KIND_USE };

struct variable {
	const char *name;
	enum kind kind;
	int line;
	bool used;
	bool ours;          /* KIND_TEXT that nobody outside writes or chooses */
	struct fields *row; /* KIND_LIST */
	const char *use;    /* KIND_USE: "shared/frame" */
};

struct fields { /* one generated struct */
	const char *type;
	struct variable *list;
	size_t n;
	struct fields *next; /* all structs of a template, inner ones after outer ones */
};

struct value { /* a name in a template and what it became */
	const char *name;
	const struct variable *variable;
	const char *expression; /* C */
};

enum node_kind { NODE_LITERAL, NODE_VALUE, NODE_MESSAGE, NODE_PLURAL, NODE_ASSET, NODE_EACH, NODE_IF, NODE_UNLESS, NODE_INCLUDE };
enum position { POSITION_TEXT, POSITION_PART, POSITION_PATH }; /* text or attribute; a component of an address; a whole address */

struct node {
	enum node_kind kind;
	int line;
	struct view literal;
	const char *word; /* message key, asset name or its address, template included */
	struct value value;
	struct value *args;
	size_t arg_count;
	enum position position;
	unsigned depth; /* NODE_EACH: of its loop */
	struct node *inner, *next;
};

struct template
{
	const char *file; /* for errors */
	const char *subject, *name;
	struct view source;
	struct fields *fields; /* the template's own struct, then those of its lists */
	struct node *nodes;
	int state; /* while looking for circles of includes */
};

struct known_message {
	const char *key;
	unsigned placeholders;
	bool plural;
};
struct known_asset {
	const char *name, *address;
};

struct set {
	struct tool *t;
	struct template *list;
	size_t n;
	struct known_message *messages;
	size_t message_count;
	struct known_asset *assets;
	size_t asset_count;
};

void set_messages(struct set *s, struct view list); /* lines "key placeholders plural" */
void set_assets(struct set *s, struct view list);   /* lines "name address" */
void set_add(struct set *s, const char *file, const char *subject, const char *name, struct view source);
/* Read, check and print everything that was added. Errors are noted in the tool; on error the texts are not to be used. */
void set_compile(struct set *s, struct text *header, struct text *source);
struct template *set_find(const struct set *s, const char *path);

/* The steps. Each notes errors in the tool. */
void template_read(struct set *s, struct template *m);
void template_vars(struct set *s, struct template *m, struct view block, int line);
void template_check(struct set *s, struct template *m);
void template_circles(struct set *s);
void templates_write(struct set *s, struct text *header, struct text *source);
bool name_is_plain(const char *name);

#endif
