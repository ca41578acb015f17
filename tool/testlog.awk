# SPDX-License-Identifier: GPL-3.0-or-later
# awk -f tool/testlog.awk testlog.json: meson's log (one test a line) as "ok name" and "not ok name". cmocka's own tests are listed one by one.
# A test that was skipped is a failure; so is a program that failed without naming one, timed out or was skipped.
function field(name,    from) {
	if (!match($0, "\"" name "\": \"([^\"\\\\]|\\\\.)*\""))
		return ""
	from = RSTART + length(name) + 5
	return substr($0, from, RSTART + RLENGTH - from - 1)
}
{
	program = field("name")
	sub(/^amana:/, "", program)
	result = field("result")
	output = field("stdout") "\\n" field("stderr")
	if (program == "")
		next
	gsub(/\\n/, "\n", output)
	n = split(output, line, "\n")
	listed = 0
	bad = 0
	for (i = 1; i <= n; i++) {
		if (line[i] ~ /^\[ +OK \] /) {
			sub(/^\[ +OK \] /, "", line[i])
			print "ok " program ": " line[i]
			listed++
		} else if (line[i] ~ /^\[ +(FAILED|SKIPPED) +\] [A-Za-z_]/) {
			sub(/^\[ +SKIPPED +\] /, "skipped ", line[i])
			sub(/^\[ +FAILED +\] /, "", line[i])
			if ((program, line[i]) in said)
				continue
			said[program, line[i]] = 1
			print "not ok " program ": " line[i]
			bad++
		}
	}
	if (result != "OK" && bad == 0)
		print "not ok " program " (" result ")"
	else if (result == "OK" && listed == 0)
		print "ok " program
}
