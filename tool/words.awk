# SPDX-License-Identifier: GPL-3.0-or-later
# awk -f tool/words.awk tool/words.txt fr.po ar.po en.po: T-UX-5. No text holds a phrase of the list; no sentence of a public text has more than
# 15 words.
function say(text) {
	printf "%s:%d: %s: %s\n", file, at, key, text
	bad = 1
}
function plain(text) {
	text = tolower(text)
	gsub(/’/, "'", text)
	gsub(/É/, "é", text)
	gsub(/[.,;:!?()"«»…]|؟|،|؛/, " ", text)
	gsub(/[ \t]+/, " ", text)
	return " " text " "
}
function phrases(text,    i, found) {
	text = plain(text)
	for (i = 1; i <= n; i++) {
		if (language[i] != lang || (where[i] == "public" && key !~ /^public\./))
			continue
		found = lang == "ar" ? index(text, phrase[i]) : index(text, " " phrase[i] " ")
		if (found)
			say(why[i] ": \"" phrase[i] "\"")
	}
}
function sentences(text,    part, count, i, word, words) {
	gsub(/\\n/, ". ", text)
	count = split(text, part, /[.!?:;]|؟|؛/)
	for (i = 1; i <= count; i++) {
		gsub(/[ \t]*[–—«»-] /, " ", part[i])
		words = split(part[i], word, " ")
		if (words > 15)
			say("a sentence of " words " words, more than 15")
	}
}
function text_done() {
	if (have) {
		phrases(text)
		if (key ~ /^public\./)
			sentences(text)
	}
	have = 0
	text = ""
}
function quoted(line) {
	sub(/^[^"]*"/, "", line)
	sub(/"[^"]*$/, "", line)
	return line
}
FILENAME == ARGV[1] {
	if (!/^#/ && NF >= 4) {
		n++
		language[n] = $1
		where[n] = $2
		why[n] = $3
		sub(/^[^ ]+ [^ ]+ [^ ]+ /, "")
		phrase[n] = $0
	}
	next
}
FNR == 1 {
	text_done()
	lang = FILENAME
	sub(/.*\//, "", lang)
	sub(/\.po$/, "", lang)
}
/^msgid / {
	text_done()
	key = quoted($0)
	next
}
/^msgid_plural/ {
	next
}
/^msgstr/ {
	text_done()
	have = key != ""
	file = FILENAME
	at = FNR
	text = quoted($0)
	next
}
/^"/ {
	if (have)
		text = text quoted($0)
}
END {
	text_done()
	exit bad
}
