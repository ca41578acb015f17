# SPDX-License-Identifier: GPL-3.0-or-later
# awk -f tool/style.awk FILES.css: only logical directions (interface design R2): no left or right outside of @media print, and none of the
# properties the oldest supported browsers lack.
function say(text) {
	printf "%s:%d: %s\n", FILENAME, FNR, text
	bad = 1
}
FNR == 1 {
	depth = 0
	print_depth = 0
	comment = 0
}
{
	line = $0
	if (comment) {
		if (line !~ /\*\//)
			next
		sub(/.*\*\//, "", line)
		comment = 0
	}
	gsub(/\/\*([^*]|\*[^\/])*\*\//, "", line)
	if (line ~ /\/\*/) {
		comment = 1
		sub(/\/\*.*/, "", line)
	}
	if (line ~ /@media[^{]*print/)
		print_depth = depth + 1
	if (!print_depth && line ~ /(^|[^a-z])(left|right)([^a-z]|$)/)
		say("left and right are not written: use start and end")
	if (line ~ /:has\(|@container|@layer|[^-]container-type|popover|view-transition|expression\(|@import|url\([^)]*https?:/)
		say("not in the oldest browsers we serve, or from elsewhere")
	for (i = 1; i <= length(line); i++) {
		c = substr(line, i, 1)
		if (c == "{")
			depth++
		if (c == "}") {
			if (print_depth == depth)
				print_depth = 0
			depth--
		}
	}
}
END {
	exit bad
}
