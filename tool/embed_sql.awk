# SPDX-License-Identifier: GPL-3.0-or-later
# SQL files to C: every sql/query/<room>/<name>.sql becomes a value of enum query (QUERY_<ROOM>_<NAME>) and a row with its text, and every
# sql/migrations/<set>/NNNN-<name>.sql a row of the table migrations_<set> (sqlite is the main database's). Run: awk -f embed_sql.awk -v dir=sql -v header=… -v source=… -v depends=…
#
# The head of a query names its parameters and result columns, one a line, in order; the kinds are checked at each call:
#   -- $1 name kind       kind: id (16 bytes), blob, text, int
#   -- = column kind
# One statement a file, parameters written $1 … in the common dialect. Comment lines are left out of the text.

function die(message) {
	print message > "/dev/stderr"
	failed = 1
	exit 1
}

function list(command, into,    n, line) {
	n = 0
	while ((command | getline line) > 0)
		into[++n] = line
	close(command)
	return n
}

function letter(kind, where) {
	if (kind == "id")
		return "k"
	if (kind == "blob")
		return "b"
	if (kind == "text")
		return "t"
	if (kind == "int")
		return "i"
	die(where ": unknown kind '" kind "' (id, blob, text, int)")
}

# One line of SQL as a C string.
function quoted(line) {
	gsub(/\\/, "\\\\", line)
	gsub(/"/, "\\\"", line)
	return "\t\"" line "\\n\""
}

function read_query(path,    line, number, words, n, where) {
	text = ""
	params = columns = param_names = column_names = ""
	param_n = column_n = number = 0
	while ((getline line < path) > 0) {
		where = path ":" ++number
		if (line ~ /^-- \$/) {
			n = split(line, words, " ")
			if (n != 4 || words[2] != "$" (++param_n))
				die(where ": expected '-- $" param_n " name kind'")
			param_names = param_names (param_n > 1 ? " " : "") words[3]
			params = params letter(words[4], where)
		} else if (line ~ /^-- =/) {
			n = split(line, words, " ")
			if (n != 4)
				die(where ": expected '-- = column kind'")
			column_names = column_names (column_n++ ? " " : "") words[3]
			columns = columns letter(words[4], where)
		} else if (line !~ /^--/ && line !~ /^[ \t]*$/) {
			text = text quoted(line) "\n"
		}
	}
	close(path)
	if (text == "")
		die(path ": no statement")
}

function read_text(path,    line) {
	text = ""
	while ((getline line < path) > 0)
		if (line !~ /^[ \t]*--/ && line !~ /^[ \t]*$/)
			text = text quoted(line) "\n"
	close(path)
	if (text == "")
		die(path ": no statement")
}

function c_name(folder) {
	gsub(/-/, "_", folder)
	return folder
}

function end_set() {
	if (set == "")
		return
	print "};" > source
	print "const struct migration_set migrations_" c_name(set) " = { rows_" c_name(set) ", sizeof rows_" c_name(set) " / sizeof *rows_" \
		c_name(set) " };" > source
}

BEGIN {
	licence = "/* SPDX-License-Identifier: GPL-3.0-or-later */"
	find = "LC_ALL=C sort"
	query_n = list("find " dir "/query -mindepth 2 -maxdepth 2 -name '*.sql' | " find, queries)
	migration_n = list("find " dir "/migrations -mindepth 2 -maxdepth 2 -name '*.sql' | " find, migrations)
	folder_n = list("find " dir "/query " dir "/migrations -type d | " find, folders)

	print licence > header
	print "/* Made from sql/ by tool/embed_sql.awk. */" > header
	print "#ifndef QUERIES_H\n#define QUERIES_H\n\nenum query {" > header
	print licence "\n#include \"store/statements.h\"\n" > source
	print "const struct statement statements[QUERY_COUNT] = {" > source
	for (i = 1; i <= query_n; i++) {
		n = split(queries[i], part, "/")
		file = part[n]
		sub(/\.sql$/, "", file)
		name = part[n - 1] "_" file
		if (name !~ /^[a-z][a-z0-9_]*$/)
			die(queries[i] ": names are small letters, digits and _")
		if (name in seen)
			die(queries[i] ": second query named " name)
		seen[name] = 1
		read_query(queries[i])
		print "\tQUERY_" toupper(name) "," > header
		print "\t[QUERY_" toupper(name) "] = { \"" part[n - 1] "/" file "\", \"" params "\", \"" columns "\", \"" param_names "\", \"" \
			column_names "\"," > source
		printf "%s\t},\n", text > source
	}
	print "\tQUERY_COUNT\n};\n\n#endif" > header
	print "};" > source
	for (i = 1; i <= migration_n; i++) {
		n = split(migrations[i], part, "/")
		if (part[n] !~ /^[0-9][0-9][0-9][0-9]-[a-z0-9-]+\.sql$/)
			die(migrations[i] ": a migration is named NNNN-name.sql")
		if (part[n - 1] != set) {
			end_set()
			set = part[n - 1]
			number = 0
			print "\nstatic const struct migration rows_" c_name(set) "[] = {" > source
		}
		if (substr(part[n], 1, 4) + 0 <= number)
			die(migrations[i] ": second migration of this number")
		number = substr(part[n], 1, 4) + 0
		read_text(migrations[i])
		print "\t{ " number ", \"" part[n] "\"," > source
		printf "%s\t},\n", text > source
	}
	end_set()

	printf "%s:", header > depends
	for (i = 1; i <= folder_n; i++)
		printf " %s", folders[i] > depends
	for (i = 1; i <= query_n; i++)
		printf " %s", queries[i] > depends
	for (i = 1; i <= migration_n; i++)
		printf " %s", migrations[i] > depends
	printf "\n" > depends
	exit failed
}
