# SPDX-License-Identifier: GPL-3.0-or-later
# awk -f tool/layers.awk layers.txt FILES (paths from the root, under src/): every #include against layers.txt.
# Rooms are folders of src/; src/domain/<room> and src/keeper/<room> are rooms of their own. A room may include itself, the rooms named in its line, and system
# headers that no library line keeps to certain files.
function room_of(path,    part, n) {
	n = split(path, part, "/")
	return (part[1] == "domain" || part[1] == "keeper") && n > 2 ? part[1] "/" part[2] : part[1]
}
function say(text) {
	printf "%s:%d: %s\n", FILENAME, FNR, text
	bad = 1
}
# 1 when path starts with one of the words of list
function starts_in(path, list,    word, n, i) {
	n = split(list, word, " ")
	for (i = 1; i <= n; i++)
		if (index(path, word[i]) == 1)
			return 1
	return 0
}
function system_header(name,    l) {
	for (l in library)
		if (index(name, l) == 1 && !starts_in(path, library[l]))
			say("only " library[l] " may include <" name ">")
}
function own_header(name,    to, top, own) {
	if (name !~ /\//) {
		if (name in generated) {
			if (!starts_in(path, generated[name]))
				say("only " generated[name] " may include \"" name "\"")
		} else {
			say("write the room in the path: \"" name "\"")
		}
		return
	}
	to = room_of(name)
	top = to
	sub(/\/.*/, "", top)
	if (to == from || may[from] == "*")
		return
	own = from
	sub(/\/.*/, "", own)
	if (own == top && to ~ /\//) {
		if (index(" " may[from] " ", " " substr(to, length(top) + 2) " ") == 0)
			say(from " may not use " to)
		return
	}
	if (own == top)
		return
	if (top == "keeper" && name != "keeper/client.h" && (from != "cli" || to ~ /\//)) {
		say("of keeper only keeper/client.h is for others")
		return
	}
	if (index(" " may[own] " ", " " top " ") == 0)
		say(from " may not include " name)
}
FILENAME == ARGV[1] {
	if (/^#/ || NF == 0)
		next
	key = $1
	rest = $0
	if (key == "library" || key == "generated") {
		name = $2
		sub(/:$/, "", name)
		sub(/^[a-z]+ [^:]*: */, "", rest)
		if (key == "library")
			library[name] = rest
		else
			generated[name] = rest
		next
	}
	sub(/:$/, "", key)
	sub(/^[^:]*: */, "", rest)
	may[key] = rest
	next
}
FNR == 1 {
	path = FILENAME
	sub(/^src\//, "", path)
	from = room_of(path)
	if (!(from in may))
		say("room " from " has no line in layers.txt")
}
/^[ \t]*#[ \t]*include[ \t]*[<"]/ {
	name = $0
	sub(/^[^<"]*[<"]/, "", name)
	sub(/[>"].*$/, "", name)
	if ($0 ~ /include[ \t]*</)
		system_header(name)
	else
		own_header(name)
}
END {
	exit bad
}
