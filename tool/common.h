/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOOL_COMMON_H
#define TOOL_COMMON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What the build's own programs share: memory that lives until the end, files read whole, text written to a file only when it
 * changed, and errors collected as file:line: message. They run at build on our own files, before any room is compiled. */

struct tool {
	struct tool_block *blocks; /* all memory taken, given back by tool_end */
	char **errors;
	size_t error_count;
};

struct text { /* grows; always zero-terminated when n > 0 */
	struct tool *tool;
	char *p;
	size_t n, room;
};

struct view { /* bytes somebody else owns */
	const char *p;
	size_t n;
};

struct names { /* a growing list of zero-terminated texts */
	struct tool *tool;
	char **list;
	size_t n, room;
};

void *tool_memory(struct tool *t, size_t n); /* zeroed; ends the program when there is none */
void *tool_grow(struct tool *t, void *old, size_t old_size, size_t new_size);
char *tool_copy(struct tool *t, struct view v);
void tool_error(struct tool *t, const char *file, int line, const char *format, ...) __attribute__((format(printf, 4, 5)));
/* Print all errors; gives the exit code and the memory back. */
int tool_end(struct tool *t);

bool view_is(struct view v, const char *s);
bool view_equal(struct view a, struct view b);
struct view view_of(const char *s);

void text_put(struct text *t, const char *p, size_t n);
void text_add(struct text *t, const char *s);
void text_format(struct text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_literal(struct text *t, struct view bytes); /* as a C string literal with its quotes */
void text_message(struct text *t, const char *key);   /* MSG_QUEUE_TITLE for queue.title */
bool view_line(struct view *rest, struct view *line); /* cuts the next line off; false at the end */
/* The words of a text between white space, copied; at most max. More than max counts as max + 1. */
size_t view_words(struct tool *t, struct view v, char **word, size_t max);

void names_add(struct names *l, const char *s);
void names_sort(struct names *l);

bool file_read(struct tool *t, const char *path, struct view *out);
bool file_write(struct tool *t, const char *path, const struct text *content); /* untouched when equal */
/* Names in a folder, sorted, without those starting with a dot. Adds nothing when it cannot be read. */
void folder_list(struct tool *t, const char *path, struct names *out);
bool folder_is(const char *path);
char *path_join(struct tool *t, const char *folder, const char *name);

#endif
