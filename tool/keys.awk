# SPDX-License-Identifier: GPL-3.0-or-later
# awk -f tool/keys.awk language/fr.po FILES: every message of the catalogue is used, and every key the code names exists. FILES are templates
# and the rooms' sources. A message is used by {{t key}} and {{tn key}}, by MSG_KEY, by "key", or by a literal it is built from: "risk." or
# "risk.%s".
function say(text) {
	printf "%s:%d: %s\n", FILENAME, FNR, text
	bad = 1
}
FILENAME == ARGV[1] {
	if (/^msgid "[^"]/) {
		key = $2
		gsub(/"/, "", key)
		at[key] = FNR
		name = toupper(key)
		gsub(/\./, "_", name)
		of_name["MSG_" name] = key
	}
	next
}
FILENAME ~ /\.html$/ {
	rest = $0
	while (match(rest, /\{\{tn? +[a-z0-9_.]+/)) {
		key = substr(rest, RSTART, RLENGTH)
		sub(/^\{\{tn? +/, "", key)
		used[key] = 1
		rest = substr(rest, RSTART + RLENGTH)
	}
	next
}
{
	rest = $0
	while (match(rest, /MSG_[A-Z0-9_]+/)) {
		name = substr(rest, RSTART, RLENGTH)
		if (name in of_name)
			used[of_name[name]] = 1
		rest = substr(rest, RSTART + RLENGTH)
	}
	rest = $0
	asks = rest ~ /ctx_input\(|response_go\(|message_find\(/
	while (match(rest, /"[a-z][a-z0-9_]*\.[a-z0-9_.%]*"/)) {
		key = substr(rest, RSTART + 1, RLENGTH - 2)
		used[key] = 1
		if (key ~ /\.$/ || key ~ /%s/) {
			sub(/%s.*/, "", key)
			prefix[key] = 1
		} else if (asks && !(key in at)) {
			say(key " is not in the catalogue")
		}
		rest = substr(rest, RSTART + RLENGTH)
	}
}
END {
	for (key in at) {
		if (key in used)
			continue
		found = 0
		for (p in prefix)
			if (index(key, p) == 1)
				found = 1
		if (!found) {
			printf "%s:%d: %s is used nowhere\n", ARGV[1], at[key], key
			bad = 1
		}
	}
	exit bad
}
