/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "main/say.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

void say(int fd, const char *format, ...)
{
	char line[1024];
	va_list args;
	ssize_t written;
	int n;

	va_start(args, format);
	n = vsnprintf(line, sizeof(line) - 1, format, args);
	va_end(args);
	if (n < 0)
		return;
	if ((size_t)n > sizeof(line) - 2)
		n = sizeof(line) - 2;
	line[n] = '\n';
	written = write(fd, line, (size_t)n + 1);
	(void)written; /* nowhere to complain to */
}
