# SPDX-License-Identifier: GPL-3.0-or-later
# awk -f tool/banned.awk tool/banned.txt FILES.c FILES.h: calls of functions on the list, and words that say a thing is not finished.
# Comments and literals are cut out before calls are looked for.
function say(text) {
	printf "%s:%d: %s\n", FILENAME, FNR, text
	bad = 1
}
function allowed(name,    word, n, i) {
	n = split(may[name], word, " ")
	for (i = 1; i <= n; i++)
		if (index(FILENAME, word[i]) == 1)
			return 1
	return 0
}
# The line without comments, strings and characters; in_comment lasts over lines.
function code(line,    out, i, c, two, quote) {
	out = ""
	quote = ""
	for (i = 1; i <= length(line); i++) {
		c = substr(line, i, 1)
		two = substr(line, i, 2)
		if (in_comment) {
			if (two == "*/") {
				in_comment = 0
				i++
			}
		} else if (quote != "") {
			if (c == "\\")
				i++
			else if (c == quote)
				quote = ""
		} else if (two == "/*") {
			in_comment = 1
			i++
		} else if (two == "//") {
			break
		} else if (c == "\"" || c == "'") {
			quote = c
		} else {
			out = out c
		}
	}
	return out
}
FILENAME == ARGV[1] {
	if (!/^#/ && NF > 0) {
		name = $1
		sub(/^[^ ]+ */, "")
		may[name] = $0
		listed[name] = 1
	}
	next
}
FNR == 1 {
	in_comment = 0
}
{
	if ($0 ~ /(^|[^A-Za-z])(TODO|FIXME|XXX|HACK|WIP)([^A-Za-z]|$)/ || tolower($0) ~ /not (yet )?implemented|(^|[^a-z])stub([^a-z]|$)/)
		say("a word of unfinished work")
	rest = code($0)
	while (match(rest, /[A-Za-z_][A-Za-z0-9_]*[ \t]*\(/)) {
		name = substr(rest, RSTART, RLENGTH)
		before = RSTART > 1 ? substr(rest, RSTART - 1, 1) : ""
		sub(/[ \t]*\($/, "", name)
		if (before != "." && before != ">" && (name in listed) && !allowed(name))
			say(name "() is not used here")
		rest = substr(rest, RSTART + RLENGTH)
	}
}
END {
	exit bad
}
