#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# make check: every gate, both compilers, every test, sanitizers, a minute of fuzzing and the browser tests. Prints "ok name" or
# "not ok name" for each and, last, exactly "N passed, N failed". Ends with an error when one failed or when nothing ran; a test
# that was skipped counts as failed, so that green always means tested. Build folders build-check-* are kept and used again.
set -u
export LC_ALL=C.UTF-8
cd "$(dirname "$0")/.." || exit 2
root=$PWD
# A checkout of another user is read too (git refuses it else, and every gate would look at nothing).
export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0=$root
passed=0
failed=0
failures=()
gcc_build=build-check-gcc
asan_build=build-check-asan
fuzz_seconds=${FUZZ_SECONDS:-60}
log=$(mktemp)
trap 'rm -f "$log"' EXIT

pass() {
	echo "ok $1"
	passed=$((passed + 1))
}

fail() {
	echo "not ok $1"
	failed=$((failed + 1))
	failures+=("$1")
}

# gate NAME COMMAND…: one check by its exit code; what it said is shown when it failed.
gate() {
	local name=$1
	shift
	if "$@" >"$log" 2>&1; then
		pass "$name"
		return 0
	fi
	sed 's/^/  /' "$log" | tail -n 60
	fail "$name"
	return 1
}

files() { # of the repository, also those not committed yet
	git ls-files -co --exclude-standard -- "$@" | while read -r f; do [ -f "$f" ] && echo "$f"; done
}

# results FILE PREFIX: count a list of "ok name" and "not ok name" lines.
results() {
	local line seen=0
	while IFS= read -r line; do
		case "$line" in
		"ok "*) pass "$2: ${line#ok }" ;;
		"not ok "*) fail "$2: ${line#not ok }" ;;
		*) continue ;;
		esac
		seen=$((seen + 1))
	done <"$1"
	[ "$seen" -gt 0 ] || fail "$2: reported no test"
}

format() { files '*.c' '*.h' | xargs clang-format --dry-run --Werror; }
layers() { awk -f tool/layers.awk layers.txt $(files 'src/*.c' 'src/*.h' 'src/*.def'); }
banned() { awk -f tool/banned.awk tool/banned.txt $(files 'src/*.c' 'src/*.h' 'src/*.def' 'tool/*.c' 'tool/*.h' 'test/*.c' 'test/*.h'); }
style() { awk -f tool/style.awk $(files 'static/*.css'); }
words() { awk -f tool/words.awk tool/words.txt language/fr.po language/ar.po language/en.po; }
keys() { awk -f tool/keys.awk language/fr.po $(files 'template/*.html' 'src/*.c' 'src/*.h' 'src/*.def'); }
spdx() { tool/spdx.sh; }
catalogues() {
	local l bad=0
	for l in fr ar en; do msgfmt -c -o /dev/null "language/$l.po" || bad=1; done
	return $bad
}

headers_alone() {
	local bad=0 h dirs
	dirs=$(find "$gcc_build" -path "$gcc_build/test" -prune -o -name '*.h' -printf '-I%h\n' | sort -u)
	for h in $(files 'src/*.h'); do
		# shellcheck disable=SC2086
		printf '#include "%s"\n#include "%s"\n' "${h#src/}" "${h#src/}" |
			gcc -std=c11 -D_GNU_SOURCE -Wall -Wextra -Wno-unused-parameter -Werror -fsyntax-only -Isrc $dirs -x c - || { echo "$h"; bad=1; }
	done
	return $bad
}

# setup DIR CC OPTIONS…: configure once; again when a build file changed is ninja's own work.
setup() {
	local dir=$1 cc=$2
	shift 2
	[ -e "$dir/build.ninja" ] || CC=$cc meson setup "$dir" -Dtests=true "$@"
}
build() { setup "$@" && ninja -k 0 -C "$1"; }

# unit_tests BUILD PREFIX [NAMES…]: run meson's tests and count cmocka's own results; a program of another kind counts as one.
unit_tests() {
	local dir=$1 prefix=$2
	shift 2
	rm -f "$dir/meson-logs/testlog.json"
	CMOCKA_MESSAGE_OUTPUT=STDOUT meson test -C "$dir" --no-rebuild --print-errorlogs --timeout-multiplier 4 "$@" >"$log" 2>&1 || sed 's/^/  /' "$log" | tail -n 150
	if [ ! -s "$dir/meson-logs/testlog.json" ]; then
		fail "$prefix: no test ran"
		return
	fi
	awk -f tool/testlog.awk "$dir/meson-logs/testlog.json" >"$log"
	results "$log" "$prefix"
}

# The names of all tests whose program lies in test/unit.
unit_names() {
	meson introspect --tests "$1" | sed 's/"env": {[^}]*}/"env": 0/g' | tr '{' '\n' | sed -n 's#.*"cmd": \["[^"]*/test/unit/[^"]*".*"name": "\([^"]*\)".*#\1#p'
}

fuzz() {
	local found=("$asan_build"/test/fuzz/fuzz_*) list=() f name share work
	for f in "${found[@]}"; do [ -f "$f" ] && [ -x "$f" ] && list+=("$f"); done
	if [ ${#list[@]} -eq 0 ]; then
		fail "fuzz: no harness was built"
		return
	fi
	share=$((fuzz_seconds / ${#list[@]} + 1))
	for f in "${list[@]}"; do
		name=${f##*/fuzz_}
		work=$(mktemp -d)
		mkdir -p "$asan_build/findings"
		set -- "$work"
		[ -d "test/fuzz/corpus/$name" ] && set -- "$@" "test/fuzz/corpus/$name"
		gate "fuzz: $name ${share} s" "$f" -max_total_time="$share" -timeout=10 -rss_limit_mb=1024 -seed=1 -print_final_stats=0 \
			-artifact_prefix="$asan_build/findings/$name-" "$@"
		rm -rf "$work"
	done
}

libraries() { tool/libraries.sh "$gcc_build" | diff -u test/golden/libraries.txt -; }
npm_lock() { (cd test/web && sha256sum -c --quiet ../golden/npm.sha256); }

web_tests() {
	if [ ! -f test/web/run.mjs ]; then
		fail "web: test/web/run.mjs is missing"
		return
	fi
	AMANA_BUILD=$root/$gcc_build node test/web/run.mjs >"$log" 2>&1 || grep -v '^ok ' "$log" | tail -n 150 | sed 's/^/  /'
	cp "$log" "$gcc_build/web-tests.txt"
	results "$gcc_build/web-tests.txt" web
}

[ -n "$(files '*.c')" ] || { echo "tool/check.sh: git lists no file here"; exit 2; }
echo "Gates"
gate "format" format
gate "layers" layers
gate "banned functions and words" banned
gate "an SPDX line in each file" spdx
gate "T-UX-5 words" words
gate "logical directions in CSS" style
gate "catalogues: msgfmt" catalogues
gate "catalogues: every key used and known" keys

echo "gcc"
if gate "build with gcc" build "$gcc_build" gcc --buildtype=debugoptimized; then
	gate "every header compiles alone" headers_alone
	gate "T-DEP-1 shared libraries" libraries
	gate "T-DEP-1 npm lock" npm_lock
	unit_tests "$gcc_build" gcc
fi

echo "clang, address and undefined-behaviour sanitizers"
if gate "build with clang" build "$asan_build" clang --buildtype=debugoptimized -Db_sanitize=address,undefined -Db_lundef=false \
	-Dc_args=-fsanitize=fuzzer-no-link\ -fno-sanitize-recover=all -Dfuzz=true; then
	mapfile -t names < <(unit_names "$asan_build")
	[ ${#names[@]} -gt 0 ] && unit_tests "$asan_build" asan "${names[@]}" || fail "asan: no unit test was found"
	fuzz
fi

echo "Browser"
web_tests

for f in "${failures[@]}"; do echo "failed: $f"; done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
