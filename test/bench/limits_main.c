/* SPDX-License-Identifier: GPL-3.0-or-later */
/* limits argon SECONDS | limits decisions SECONDS | limits chunks SECONDS | limits inserts DIR BATCH SEALS WRAPS PLAIN LEAVES KEEPER_ROWS MAIN_ROWS SECONDS: one rate per second on a line. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/wipe.h"
#include "test/bench/limits.h"

static size_t number(const char *s)
{
	return strtoul(s, NULL, 10);
}

int main(int argc, char **argv)
{
	process_harden();
	if (argc == 3 && strcmp(argv[1], "argon") == 0) {
		printf("%.3f\n", limit_argon(strtod(argv[2], NULL)));
	} else if (argc == 3 && strcmp(argv[1], "decisions") == 0) {
		printf("%.1f\n", limit_decisions(strtod(argv[2], NULL)));
	} else if (argc == 3 && strcmp(argv[1], "chunks") == 0) {
		printf("%.1f\n", limit_chunks(strtod(argv[2], NULL)));
	} else if (argc == 11 && strcmp(argv[1], "inserts") == 0) {
		struct save_size size = { number(argv[4]), number(argv[5]), number(argv[6]),
					  number(argv[7]), number(argv[8]), number(argv[9]) };

		printf("%.1f\n", limit_inserts(argv[2], number(argv[3]), &size, strtod(argv[10], NULL)));
	} else {
		return 2;
	}
	return 0;
}
