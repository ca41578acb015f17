#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Every file says its licence in its first five lines. Formats that know no comment are listed here and fall under LICENSE as a whole.
set -u
files=$(git ls-files -co --exclude-standard) && [ -n "$files" ] || { echo "git lists no file here"; exit 2; }
missing=$(printf '%s\n' "$files" | while read -r f; do
	[ -f "$f" ] || continue
	case "$f" in
	LICENSE | *.csv | *.json | *.png | *.jpg | *.webp | *.woff2 | *.ico | *.bin | *.sha256 | test/fuzz/corpus/* | test/golden/* | */samples/*) continue ;;
	esac
	head -n 5 "$f" | grep -q 'SPDX-License-Identifier: GPL-3.0-or-later' || echo "$f"
done)
[ -z "$missing" ] && exit 0
echo "no SPDX-License-Identifier: GPL-3.0-or-later in the first five lines of:"
echo "$missing"
exit 1
