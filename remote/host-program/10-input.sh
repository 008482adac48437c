# Standard input into a file, whole: it has lines that say what is to be done, `--`, lines of texts, and `end`.
take_input() {
	cat >"$1" || exit 1
	[ "$(tail -n 1 "$1")" = end ] || refuse 'the input has no end'
	exec </dev/null
}

# The texts of an input into files: `text NAME LINES PART` has so many lines, and one more without an end where PART is 1.
# $2 makes the place of a NAME, or refuses it; $3 is what sed(1) does with each line, to print it.
unpack() {
	first=$(($(grep -n -x -e -- "$1" | sed -n 's/:.*//p;q') + 1))
	while read -r what lines part name <&3; do
		[ "$what" != -- ] || break
		[ "$what" = text ] || continue
		{ is_number "$lines" && is_number "$part"; } || refuse 'a text without its length'
		place=$("$2" "$name") || exit 64
		mkdir -p "${place%/*}" || return 1
		last=$((first + lines - 1))
		if [ "$lines" = 0 ]; then : >"$place" || return 1
		else sed -n "$first,$last{$3;}" "$1" >"$place" || return 1; fi
		first=$((last + 1))
		[ "$part" = 0 ] || {
			printf '%s' "$(sed -n "$first{$3;}" "$1")" >>"$place" || return 1
			first=$((first + 1))
		}
	done 3<"$1"
}
