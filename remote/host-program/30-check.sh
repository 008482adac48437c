# check MARKER [ID]: judges texts in a folder for root alone, which is gone when it has ended. A line of the input for each
# question; after each answer, its status. In the texts `/folder-MARKER` stands for the folder. Nothing of the running system is
# touched. What is run lies beside that folder, where no text has a place.
check() {
	marker=$1
	is_name "$marker" || refuse 'no marker'
	parent=/var/tmp
	if [ $# -gt 1 ]; then
		is_deployment "$2" || refuse "'$2' is no deployment"
		parent=$base/$2/new
	fi
	sweep_checks
	stage=$(mktemp -d "$parent/openbsd-vnet.$$.XXXXXXXXXX") || exit 1
	trap 'rm -rf "$stage"' EXIT
	trap 'exit 1' HUP INT TERM
	cd / || exit 1
	take_input "$stage/input"
	mkdir "$stage/files" || exit 1
	printf '%s %s\n' "$marker" "$stage/files"
	unpack "$stage/input" check_place "s|/folder-$marker|$stage/files|g;p" || exit 1
	while read -r question words <&4; do
		case $question in
		text) continue ;;
		--) break ;;
		esac
		( answer "$question" "$words" ) 2>&1
		status=$?
		printf '\n%s %s\n' "$marker" "$status"
	done 4<"$stage/input"
	exit 0
}

# What a check that was killed has left goes with the next one.
sweep_checks() {
	for left in "$parent"/openbsd-vnet.*; do
		number=${left#"$parent"/openbsd-vnet.}
		is_number "${number%%.*}" && [ -d "$left" ] && [ ! -L "$left" ] && [ -O "$left" ] || continue
		kill -0 "${number%%.*}" 2>/dev/null || rm -rf "$left"
	done
}

# Programs ask DNS for the names in a file, for minutes where nobody answers: 124 where one took too long, and 125 after that.
bounded() {
	[ ! -f "$stage/late" ] || return 125
	limited "$judge_for" "$@"
	ended=$?
	[ "$ended" != 124 ] || : >"$stage/late"
	return "$ended"
}

check_place() {
	is_name "$1" || refuse "'$1' is no name for a text"
	echo "$stage/files/$1"
}

answer() {
	case $1 in
	ifconfig) ifconfig ;;
	exists) [ -e "$2" ] ;;
	nothing) ;;
	pf) bounded pfctl -nf "$(check_place "$2")" ;;
	anchor) is_anchor "${2#* }" && bounded pfctl -a "${2#* }" -nf "$(check_place "${2%% *}")" ;;
	vm) vmd -n -f "$(check_place "$2")" ;;
	dhcp) bounded dhcpd -n -c "$(check_place "$2")" ;;
	sysctl)
		# shellcheck disable=SC2069 # What it says of the name, without the value.
		is_name "$2" && sysctl -n "$2" 2>&1 >/dev/null
		;;
	netstart-copy) copy_netstart "$stage/files" "$stage/netstart" || { rm -f "$stage/netstart"; return 1; } ;;
	netstart)
		: >"$stage/commands"
		is_name "$2" || return 1
		[ ! -f "$stage/netstart" ] || sh "$stage/netstart" -n "$2" >"$stage/commands"
		;;
	commands)
		# Whether the shell could read each command that netstart would give to its eval.
		while IFS= read -r command; do
			said=$(printf '%s\n' "$command" | sh -n 2>&1) || printf '%s %s\n%s\n' "$marker.refused" "$command" "$said"
		done <"$stage/commands"
		;;
	*) refuse "cannot check '$1'" ;;
	esac
}
