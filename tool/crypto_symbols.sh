#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# T-CRY-3: where cryptography may be called. AEAD and box functions of libsodium stand in one file, crypto/seal.c; libsodium as such
# only in crypto/, keeper/slab.c, base/random.c, base/wipe.c and base/ticket.c (the form ticket of web, a room that may not reach
# crypto/). Looks at the sources and, where a build is given, at what the built rooms really ask of the linker.
# use: tool/crypto_symbols.sh ROOT [BUILD]
set -u
LC_ALL=C
export LC_ALL
root=$1
build=${2:-}
bad=0

seals='crypto_(aead|box|secretbox|secretstream|stream|onetimeauth|kx)(_|$)'
sodium='(^|[^A-Za-z0-9_])(crypto_[a-z0-9]+_?[a-z0-9_]*[[:space:]]*\(|sodium_[a-z0-9_]+|randombytes[a-z_]*)|<sodium'

say() {
	echo "crypto_symbols: $1" >&2
	bad=1
}

cd "$root/src" || exit 2
[ -f crypto/seal.c ] || say "crypto/seal.c is missing"
for f in $(find . -name '*.c' -o -name '*.h' -o -name '*.def' | sed 's,^\./,,' | sort); do
	if [ "$f" != crypto/seal.c ] && grep -Eq "(^|[^A-Za-z0-9_])$(echo "$seals" | sed 's/(_|\$)/_/')" "$f"; then
		say "$f seals by itself: AEAD and box belong to crypto/seal.c"
	fi
	case $f in
	crypto/*.c | keeper/slab.c | base/random.c | base/ticket.c | base/wipe.c) ;;
	*)
		if grep -Eq "$sodium" "$f"; then
			say "$f uses libsodium"
		fi
		if grep -Eq '"crypto/(seal|bytes)\.h"' "$f"; then
			say "$f reaches behind crypto/formats.h"
		fi
		;;
	esac
done

[ -n "$build" ] || exit $bad
cd "$build/src" || exit 2
for object in $(find . -name '*.o' | sort); do
	case $object in
	*/crypto/*seal.c.o) continue ;;
	esac
	if nm -u "$object" | awk '{ print $NF }' | grep -Eq "^$seals"; then
		say "$object asks the linker for AEAD or box"
	fi
done
exit $bad
