#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The two rules about where cryptography stands find what they are for: a small tree that keeps them passes, each planted breach fails
# and is named.
# use: rules.sh TOOL_DIR
set -u
tools=$1
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
failures=0

fresh() {
	rm -rf "$tree/src" "$tree/test"
	mkdir -p "$tree/src/crypto" "$tree/src/web" "$tree/src/base" "$tree/test/golden"
	echo 'int seal(void) { return crypto_aead_xchacha20poly1305_ietf_encrypt(0); }' > "$tree/src/crypto/seal.c"
	echo 'void k(void) { KDF(o, 32, "amana.test.key.1", k, 32, m, 1); crypto_sign_detached(s); }' > "$tree/src/crypto/kdf.c"
	echo 'void r(void) { randombytes_buf(p, n); }' > "$tree/src/base/random.c"
	echo 'int page(void) { return amr1_open(0); }' > "$tree/src/web/page.c"
	sh "$tools/key_inventory.sh" "$tree" > "$tree/test/golden/keys.txt"
}

# expect STATUS WORD: runs the command given after them
expect() {
	wanted=$1 word=$2
	shift 2
	said=$("$@" 2>&1)
	found=$?
	case $said in
	*"$word"*) ;;
	*) found="$found, without '$word'" ;;
	esac
	if [ "$found" != "$wanted" ]; then
		echo "rules: $*: expected $wanted and '$word', found $found: $said" >&2
		failures=1
	fi
}

fresh
expect 0 '' sh "$tools/crypto_symbols.sh" "$tree"
expect 0 '' sh "$tools/key_inventory.sh" "$tree" --check
for breach in 'crypto_aead_aes256gcm_encrypt(x);' 'crypto_box_easy(x);' 'crypto_secretbox_easy(x);'; do
	fresh
	echo "$breach" >> "$tree/src/crypto/kdf.c"
	expect 1 'crypto/kdf.c seals by itself' sh "$tools/crypto_symbols.sh" "$tree"
	expect 1 '+function' sh "$tools/key_inventory.sh" "$tree" --check
done
for breach in '#include <sodium.h>' '#include <sodium/core.h>' 'crypto_generichash(x);' 'sodium_memzero(x, 1);' 'randombytes_buf(x, 1);'; do
	fresh
	echo "$breach" >> "$tree/src/web/page.c"
	expect 1 'web/page.c uses libsodium' sh "$tools/crypto_symbols.sh" "$tree"
done
fresh
echo 'KDF(o, 32, "amana.test.key.2", k, 32, m, 1);' >> "$tree/src/web/page.c"
expect 1 '+label amana.test.key.2: src/web/page.c' sh "$tools/key_inventory.sh" "$tree" --check
fresh
echo 'KDF(o, 32, "amana.test.key.1", k, 32, m, 1);' >> "$tree/src/web/page.c"
expect 1 '+label amana.test.key.1: src/crypto/kdf.c src/web/page.c' sh "$tools/key_inventory.sh" "$tree" --check
fresh
echo '#include "crypto/seal.h"' >> "$tree/src/web/page.c"
expect 1 'web/page.c reaches behind' sh "$tools/crypto_symbols.sh" "$tree"
fresh
rm "$tree/src/crypto/seal.c"
expect 1 'seal.c is missing' sh "$tools/crypto_symbols.sh" "$tree"
exit $failures
