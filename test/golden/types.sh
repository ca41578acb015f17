#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Every record type of the program stands in the list of fields.c: one that does not has no golden lines and was never held against the
# matrix. types.sh SOURCE
set -eu
list=$(sed -n '/^static const struct record_type \*const all\[\]/,/;/p' "$1/test/golden/fields.c")
missing=0
for type in $(grep -rhoE '^const struct record_type [a-z_]+' "$1/src" | awk '{ print $4 }'); do
	case $list in
	*"&$type,"* | *"&$type }"*) ;;
	*)
		echo "record type $type is not in test/golden/fields.c" >&2
		missing=1
		;;
	esac
done
exit $missing
