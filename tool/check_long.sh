#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# make check-long: what takes hours. Tests under thread sanitizer and valgrind, each fuzzer for an hour (FUZZ_SECONDS, each), all browser
# combinations with real clocks, a flood and pages written to swap (root), coverage of the unit tests. One line a part; ends with an error when one failed.
set -u
export LC_ALL=C.UTF-8
cd "$(dirname "$0")/.." || exit 2
root=$PWD
fuzz_seconds=${FUZZ_SECONDS:-3600}
failed=0

part() {
	local name=$1
	shift
	echo "== $name"
	if "$@"; then echo "ok $name"; else
		echo "not ok $name"
		failed=$((failed + 1))
	fi
}

configure() { # DIR CC OPTIONS…
	local dir=$1 cc=$2
	shift 2
	[ -e "$dir/build.ninja" ] || CC=$cc meson setup "$dir" -Dtests=true "$@" >/dev/null || return 1
	ninja -C "$dir" >/dev/null
}

check() { tool/check.sh; }
threads() {
	configure build-check-tsan clang -Db_sanitize=thread -Db_lundef=false && meson test -C build-check-tsan --no-rebuild --print-errorlogs \
		--timeout-multiplier 20
}
valgrind_tests() {
	configure build-check-gcc gcc && meson test -C build-check-gcc --no-rebuild --print-errorlogs --timeout-multiplier 40 \
		--wrap 'valgrind --quiet --error-exitcode=99 --trace-children=no'
}
fuzz() {
	local f name bad=0
	for f in build-check-asan/test/fuzz/fuzz_*; do
		[ -f "$f" ] && [ -x "$f" ] || continue
		name=${f##*/fuzz_}
		mkdir -p "build-check-asan/findings" "build-check-asan/corpus/$name"
		set -- "build-check-asan/corpus/$name"
		[ -d "test/fuzz/corpus/$name" ] && set -- "$@" "test/fuzz/corpus/$name"
		"$f" -max_total_time="$fuzz_seconds" -timeout=10 -rss_limit_mb=2048 -artifact_prefix="build-check-asan/findings/$name-" "$@" || bad=1
	done
	return $bad
}
browser() { AMANA_BUILD=$root/build-check-gcc node test/web/run.mjs --full; }
siege() { AMANA_BUILD=$root/build-check-gcc node test/siege/run.mjs; }
coverage() {
	configure build-check-coverage gcc -Db_coverage=true && meson test -C build-check-coverage --no-rebuild &&
		(cd build-check-coverage && find src -name '*.gcda' -path '*src/*' -print0 | xargs -0 gcov -n 2>/dev/null |
			awk '/^File .*\/src\//{ f = $2 } /^Lines executed/ && f != "" { sub(/.*src\//, "", f); print f, $2; f = "" }' | sort)
}

part "make check" check
part "thread sanitizer" threads
part "valgrind" valgrind_tests
part "fuzzing, $fuzz_seconds s each" fuzz
part "browser, full product" browser
part "siege: T-INT-3, T-MEM-3" siege
part "coverage" coverage
[ "$failed" -eq 0 ]
