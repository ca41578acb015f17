#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# tool/libraries.sh BUILD: every shared library each executable loads, one "program library" a line (T-DEP-1). The kernel's own and the
# loader are left out. test/golden/libraries.txt keeps the list; a change is made there by hand, with its reason in the commit.
set -eu
for program in amana amana-keeper amana-media amana-web; do
	if [ ! -x "$1/$program" ]; then
		echo "$program was not built"
		continue
	fi
	ldd "$1/$program" | awk -v p="$program" '$1 ~ /^lib/ { print p, $1 }' | LC_ALL=C sort
done
