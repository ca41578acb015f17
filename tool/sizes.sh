#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The ten longest functions and files of our own C: a guide for the eye, not a gate.
cd "$(dirname "$0")/.." || exit 2
mapfile -t sources < <(git ls-files -co --exclude-standard 'src/*.c' 'tool/*.c')
echo "Longest functions (lines, where)"
ctags --c-kinds=f --fields=+ne -o - --sort=no "${sources[@]}" |
	awk -F'\t' '{ line = end = 0
		for (i = 4; i <= NF; i++) { if ($i ~ /^line:/) line = substr($i, 6); if ($i ~ /^end:/) end = substr($i, 5) }
		if (end) print end - line + 1, $2 ":" line, $1 }' | sort -rn | head -n 10
echo "Longest files (lines, where)"
wc -l $(git ls-files -co --exclude-standard 'src/*.c' 'src/*.h' 'tool/*.c' 'tool/*.h' 'test/*.c') | grep -v ' total$' | sort -rn | head -n 10
echo "Functions over 45 lines, all functions, lines of C in src"
ctags --c-kinds=f --fields=+ne -o - --sort=no "${sources[@]}" |
	awk -F'\t' '{ line = end = 0
		for (i = 4; i <= NF; i++) { if ($i ~ /^line:/) line = substr($i, 6); if ($i ~ /^end:/) end = substr($i, 5) }
		n++; if (end - line + 1 > 45) over++ } END { print over + 0, n }'
cat $(git ls-files -co --exclude-standard 'src/*.c' 'src/*.h') | wc -l
