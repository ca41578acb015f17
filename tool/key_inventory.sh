#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# T-CRY-4: every derived key (its KDF label), every signed or sealed domain, every magic and every cryptographic function in the tree,
# with the files they stand in. A change of this list is a change of the cryptography and is looked at as one.
# use: tool/key_inventory.sh ROOT            prints the list
#      tool/key_inventory.sh ROOT --check    compares it with test/golden/keys.txt
# After a wanted change: tool/key_inventory.sh . > test/golden/keys.txt
set -u
LC_ALL=C
export LC_ALL
root=$1
golden=test/golden/keys.txt
cd "$root" || exit 2

# kind and pattern: one line a name, with all files that hold it
inventory() {
	grep -rEo --include='*.c' --include='*.h' "$2" src |
		sed -E 's/^([^:]*):[^A-Za-z0-9]*([A-Za-z0-9._\/]*).*$/\2 \1/' | sort -u |
		awk -v kind="$1" '$1 != last { if (last) print line; line = kind " " $1 ":"; last = $1 } { line = line " " $2 } END { if (last) print line }'
}

list() {
	inventory label '"amana\.[a-z0-9.]{10}"'
	inventory domain '"amana/[a-z]+/[0-9]+'
	inventory magic '"AM[A-Z]1"'
	inventory function '(^|[^A-Za-z0-9_])(crypto_[a-z0-9_]+|randombytes[a-z_]*|oath_[a-z0-9_]+) *\('
	inventory algorithm 'crypto_[a-z0-9_]*_ALG_[A-Z0-9]+'
}

if [ "${2:-}" != --check ]; then
	list
	exit 0
fi
list | diff -u "$golden" - && exit 0
echo "key_inventory: the cryptography of the tree changed; if it should: tool/key_inventory.sh . > $golden" >&2
exit 1
