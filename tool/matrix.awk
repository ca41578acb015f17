# SPDX-License-Identifier: GPL-3.0-or-later
# data/codes/access_matrix.csv -> the table of src/policy/matrix.c. Runs at build (POSIX awk). Anything it does not know ends the build:
# a right that was misspelt must never become a silent denial or a silent grant. Labels (the columns from label_ on) stay in the CSV.
BEGIN { FS = "," }

function stop(text) {
	print FILENAME ":" NR ": " text > "/dev/stderr"
	failed = 1
	exit 1
}

# "rwq" -> "{ OP_READ | OP_WRITE, COND_QUEUE }"
function cell_text(cell,	i, letter, ops, conditions) {
	ops = conditions = ""
	for (i = 1; i <= length(cell); i++) {
		letter = substr(cell, i, 1)
		if (index(substr(cell, 1, i - 1), letter))
			stop("letter twice in cell: " cell)
		if (letter in op) {
			if (conditions != "")
				stop("operation after condition in cell: " cell)
			ops = ops (ops == "" ? "" : " | ") op[letter]
		} else if (letter in condition) {
			conditions = conditions (conditions == "" ? "" : " | ") condition[letter]
		} else {
			stop("unknown letter in cell: " cell)
		}
	}
	if (ops == "")
		stop("cell without operation: " cell)
	return "{ " ops ", " (conditions == "" ? "0" : conditions) " }"
}

NR == 1 {
	op["r"] = "OP_READ"; op["w"] = "OP_WRITE"; op["s"] = "OP_SIGN"
	condition["o"] = "COND_OPEN"; condition["q"] = "COND_QUEUE"; condition["d"] = "COND_DUTY"; condition["x"] = "COND_REASON"
	condition["g"] = "COND_GRANT"; condition["b"] = "COND_BOUND"; condition["c"] = "COND_AGREED"
	if ($1 != "bit" || $2 != "role")
		stop("the header must start with bit,role")
	for (columns = 2; columns < NF && $(columns + 1) !~ /^label_/; columns++)
		name[columns + 1] = $(columns + 1)
	print "/* Made by tool/matrix.awk from access_matrix.csv. */"
	print "static const struct cell matrix[ROLE_COUNT][MATRIX_CLASSES] = {"
	next
}

{
	if ($1 != NR - 2)
		stop("bits must run from 0 without a gap")
	role = "ROLE_" toupper($2)
	order = order "static_assert(" role " == " $1 ", \"roles out of order\");\n"
	for (i = 3; i <= columns; i++)
		if ($i != "-")
			print "\t[" role "][" name[i] "] = " cell_text($i) ","
}

END {
	if (failed)
		exit 1
	print "};"
	printf "%s", order
	print "static_assert(ROLE_COUNT == " NR - 1 ", \"every role has its row\");"
}
