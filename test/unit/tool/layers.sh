#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The gates of tool/ must be able to fail: each is given a file that breaks its rule and one that does not.
set -eu
root=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/src/web" "$work/src/cli" "$work/src/domain/intake" "$work/src/keeper/ledger" "$work/src/keeper/sealed"
cd "$work"
bad=0

refuses() { # NAME COMMAND…: must fail
	name=$1
	shift
	if "$@" >/dev/null 2>&1; then echo "not refused: $name"; bad=1; fi
}
accepts() {
	name=$1
	shift
	"$@" || { echo "not accepted: $name"; bad=1; }
}
layers() { printf '%s\n' "$2" >"src/$1"; awk -f "$root/tool/layers.awk" "$root/layers.txt" "src/$1"; }
banned() { printf '%s\n' "$1" >src/web/a.c; awk -f "$root/tool/banned.awk" "$root/tool/banned.txt" src/web/a.c; }
style() { printf '%s\n' "$1" >a.css; awk -f "$root/tool/style.awk" a.css; }
words() { printf 'msgid "%s"\nmsgstr "%s"\n' "$1" "$2" >en.po; awk -f "$root/tool/words.awk" "$root/tool/words.txt" en.po; }
keys() { printf 'msgid "a.b"\nmsgstr "x"\n' >fr.po; printf '%s\n' "$1" >src/web/a.c; awk -f "$root/tool/keys.awk" fr.po src/web/a.c; }
spdx() { # FILE FIRST-LINES: in a repository that holds this one file
	rm -rf repository
	git init -q repository
	printf "$2" >"repository/$1"
	(cd repository && "$root/tool/spdx.sh")
}
programs() { # PROGRAM: a build whose amana is this one; the others are sh
	mkdir -p build
	for part in amana amana-keeper amana-media amana-web; do cp "$(command -v sh)" "build/$part"; done
	[ "$1" = none ] && rm build/amana || cp "$(command -v "$1")" build/amana
}
libraries() { # PROGRAM: compared as the gate does with the list of a build that is all sh
	programs sh
	"$root/tool/libraries.sh" build >libraries.txt
	programs "$1"
	"$root/tool/libraries.sh" build | diff -u libraries.txt -
}
npm_lock() { # WHAT to add to the lock
	mkdir -p test/web test/golden
	cp "$root/test/web/package-lock.json" "$root/test/web/package.json" test/web/
	cp "$root/test/golden/npm.sha256" test/golden/
	printf '%s' "$1" >>test/web/package-lock.json
	(cd test/web && sha256sum -c --quiet ../golden/npm.sha256)
}
testlog() { # RESULT OUTPUT: as meson writes a test down; passes when nothing is counted as failed
	printf '{"name": "amana:x", "result": "%s", "stdout": "%s"}\n' "$1" "$2" | awk -f "$root/tool/testlog.awk" >counted
	grep -q '^ok ' counted && ! grep -q '^not ok ' counted
}

refuses "web includes store" layers web/a.c '#include "store/store.h"'
refuses "web includes the database" layers web/a.c '#include <sqlite3.h>'
refuses "web includes the keeper's own" layers web/a.c '#include "keeper/admin.h"'
refuses "domain includes web" layers domain/intake/a.c '#include "web/web.h"'
refuses "domain room it may not use" layers domain/intake/a.c '#include "domain/screening/screening.h"'
refuses "the command line behind the keeper's door" layers cli/a.c '#include "keeper/ledger/rows.h"'
refuses "a room of the keeper it may not use" layers keeper/ledger/a.c '#include "keeper/sealed/data.h"'
accepts "a room of the keeper it may use" layers keeper/sealed/a.c '#include "keeper/ledger/rows.h"'
accepts "the command line at the keeper's door" layers cli/a.c '#include "keeper/admin.h"'
accepts "web includes record" layers web/a.c '#include "record/record.h"'
accepts "domain room it may use" layers domain/intake/a.c '#include "domain/access/access.h"'
refuses "strcpy" banned 'int f(void) { strcpy(a, b); }'
refuses "free outside of base" banned 'int f(void) { free(a); }'
refuses "unfinished" banned "/* TO""DO later */"
accepts "a member of that name" banned 'int f(void) { x->free(a); y = "strcpy("; } /* strcpy( */'
refuses "left" style 'p { margin-left: 1px; }'
accepts "left in print" style '@media print { p { margin-left: 1px; } }'
accepts "start" style 'p { margin-inline-start: 1px; }'
refuses "blame" words public.a 'Why did you wait?'
refuses "a long sentence" words public.a 'one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen'
refuses "beneficiary" words staff.a 'The beneficiary came.'
accepts "a plain text" words public.a 'You can stop at any time.'
refuses "an unused key" keys 'int x;'
refuses "an unknown key" keys 'ctx_input(c, "f", "a.c", 0); x = "a.b";'
accepts "a used key" keys 'x = MSG_A_B;'
refuses "a failed case" testlog FAIL '[       OK ] a\\n[  FAILED  ] b\\n'
refuses "a skipped case" testlog OK '[       OK ] a\\n[  SKIPPED ] b\\n'
refuses "a program that timed out" testlog TIMEOUT '[       OK ] a\\n'
accepts "all cases passed" testlog OK '[       OK ] a\\n[  PASSED  ] 1 test(s).\\n'
line='SPDX-License-Identifier: GPL-3.0-or-later'
refuses "a file without a licence" spdx a.c 'int x;\n'
refuses "another licence" spdx a.c '/* SPDX-License-Identifier: MIT */\n'
refuses "a licence in line 6" spdx a.sh "\n\n\n\n\n# $line\n"
refuses "no repository" sh -c 'mkdir -p outside && cd outside && GIT_CEILING_DIRECTORIES=$PWD/.. exec "$0"' "$root/tool/spdx.sh"
accepts "a licence in line 5" spdx a.sh "\n\n\n\n# $line\n"
accepts "a format without comments" spdx a.json '{}\n'
refuses "a library more" libraries ls
refuses "a program that was not built" libraries none
accepts "the libraries of the list" libraries sh
refuses "another npm lock" npm_lock ' '
accepts "the npm lock" npm_lock ''
exit $bad
