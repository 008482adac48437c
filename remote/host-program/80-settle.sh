# How a deployment ends, needing nobody: forward where it was confirmed, else back. It may be run more than once and by more than
# one, and goes on where one that was killed has stopped: the watchdog runs it, whoever decides, who finds the lock of a dead
# deployment, and rc(8) at boot, before any daemon takes guests or leases from a file.
end() {
	sh "$dir/program" settle "$id" >>"$dir/log" 2>&1 </dev/null
}

watch() {
	trap '' HUP PIPE INT
	umask 077
	: >"$dir/beat"
	# Without its folder it has ended as well: a deployment that changed nothing leaves none.
	while [ -d "$dir" ] && [ ! -L "$dir/decided" ]; do
		if is_over; then ln -s restore "$dir/decided"; fi
		sleep "$look_every"
	done
	while [ -f "$dir/program" ] && [ ! -L "$dir/outcome" ]; do
		end && exit 0
		sleep "$try_every"
	done
}

# settle ID [boot]
settle() {
	boot=${1-}
	[ -d "$dir" ] || exit 0
	ln -s restore "$dir/decided" 2>/dev/null
	# Numbers of processes from before a reboot are others' now.
	[ "$boot" != boot ] || rm -f "$dir/settling" "$dir/busy"
	# Nor is the number of one that has not ended in five minutes its own.
	tries=0
	until ln -s "$$" "$dir/settling" 2>/dev/null; do
		[ -d "$dir" ] || exit 0
		tries=$((tries + 1))
		{ [ "$tries" -lt 1500 ] && kill -0 "$(readlink "$dir/settling")" 2>/dev/null; } || rm -f "$dir/settling"
		sleep 0.2
	done
	# A step that is under way ends first; one that was killed, or hangs, is not waited for.
	tries=0
	while [ -L "$dir/busy" ] && kill -0 "$(readlink "$dir/busy")" 2>/dev/null && [ "$tries" -lt 300 ]; do
		tries=$((tries + 1))
		sleep 0.2
	done
	if [ ! -L "$dir/outcome" ] && [ -f "$dir/complete" ]; then
		if [ "$(readlink "$dir/decided")" = confirm ]; then forward; else back; fi
	fi
	clean
	exit 0
}

# Whether an end has been tried for so many seconds; they begin when it fails first.
is_late() {
	since=$(mark failing) || { ln -s "$(date +%s)" "$dir/failing"; return 1; }
	now=$(date +%s)
	[ "$((now - since))" -ge "$1" ] || [ "$now" -lt "$since" ]
}

# Whoever runs this once more goes on. After a reboot there is nobody yet who would.
try_again() {
	rm -f "$dir/settling"
	[ "$boot" != boot ] || start_watchdog
	exit 1
}

forward() {
	failed=0
	each_change put_in_place
	[ "$failed" = 1 ] || [ ! -e "$record.$id" ] || mv -f "$record.$id" "$record" || failed=1
	sync
	# What has read its files already read some of before.
	[ "$boot" != boot ] || each_run run_at_boot
	# What is not in its place stays beside it.
	if [ "$failed" = 1 ]; then
		is_late "$forward_for" || try_again
		echo "not all files could be put in their places in $forward_for s: all rolls back"
		ln -s restore "$dir/decided.new" && mv -f "$dir/decided.new" "$dir/decided"
		rm -f "$dir/failing"
		each_change put_back
		back
		return
	fi
	ln -s confirmed "$dir/outcome"
}

put_back() {
	if [ "$found" = absent ]; then rm -f "$path"
	elif ! cmp -s "$dir/old/$i" "$path"; then
		cp -p "$dir/old/$i" "$path.$id.back" && mv -f "$path.$id.back" "$path"
	fi || echo "$path could not be put back"
}

put_in_place() {
	if [ "$does" = remove ]; then rm -f "$path" || failed=1
	else [ ! -e "$path.$id" ] || mv -f "$path.$id" "$path" || failed=1; fi
}

run_at_boot() {
	case $kind in
	sysctl) sysctl "$subject" ;;
	interface)
		# shellcheck disable=SC2086 # The interfaces of one start.
		sh "$dir/run/netstart" $subject
		;;
	route) set_route "$subject" ;;
	interface-gone) ! ifconfig "$subject" >/dev/null 2>&1 || ifconfig "$subject" destroy ;;
	rules) limited "$load_for" pfctl -f /etc/pf.conf ;;
	anchor-gone) pfctl -a "$subject" -F rules ;;
	table-gone) remove_table "$subject" ;;
	esac
	return 0
}

back() {
	failed=0
	each_change take_out
	each_change remove_folder
	sync
	if [ "$boot" != boot ] && has_begun; then
		go_back
		difference=$(print_difference)
		# What a command could not do now it may do later; what is another although all of them worked stays so.
		if [ "$failed" = 1 ]; then time=$back_for; else time=$equal_for; fi
		if [ "$failed" = 1 ] || [ -n "$difference" ]; then
			printf '%s\n' "the way back: ${difference:-a command failed}"
			is_late "$time" || try_again
			printf '%s\n' "${difference:-a command of the way back failed}" >"$dir/difference"
			ln -s incomplete "$dir/outcome"
			return
		fi
	fi
	ln -s restored "$dir/outcome"
}

# Whether any command was begun: without, what runs is not ours to judge.
has_begun() {
	for each in "$dir"/began.*; do [ ! -L "$each" ] || return 0; done
	return 1
}

go_back() {
	note_new_loopbacks
	tell_difference +
	undo_interfaces
	each_run undo_run
	tell_difference -
	restore_routes
	# One whose domain has got another interface meanwhile stays, and is told as what differs.
	print_new_loopbacks | while read -r each; do ifconfig "$each" destroy 2>/dev/null; done
}

take_out() {
	swap_out || failed=1
}

remove_folder() {
	[ -L "$dir/made.$i" ] || return 0
	remove_beside
	top=$(readlink "$dir/made.$i")
	at=$path
	while [ "$at" != "$top" ] && at=${at%/*} && [ -n "$at" ]; do
		[ ! -d "$at" ] || rmdir "$at" 2>/dev/null || break
	done
	return 0
}

# Undoes what a command did, with the files that were there before: they are in their places.
undo_run() {
	[ -L "$dir/began.$n" ] || return 0
	case $kind in
	sysctl)
		[ -f "$dir/sysctl.${subject%%=*}" ] || return 0
		value=$(cat "$dir/sysctl.${subject%%=*}") && sysctl "${subject%%=*}=$value" || failed=1
		;;
	# All of them at once.
	interface | interface-gone) ;;
	route)
		# shellcheck disable=SC2086 # Its four parts.
		set -- $subject
		[ "$1" = delete ] || route -qn delete "-$2" "$3" "$4"
		;;
	rules)
		anchors after | while IFS= read -r anchor; do
			anchors before | grep -q -x -F -e "$anchor" || pfctl -a "$anchor" -F rules
		done
		limited "$load_for" pfctl -f /etc/pf.conf || failed=1
		;;
	# The rules before load it again.
	anchor-gone | table-gone) ;;
	service)
		case $subject in
		start*) [ -L "$dir/ran.${subject#* }" ] || rcctl stop "${subject#* }" || failed=1 ;;
		*)
			# shellcheck disable=SC2086 # What to do, and the daemon.
			tell $subject || failed=1
			;;
		esac
		;;
	esac
	return 0
}

# All interfaces that commands were about, in the order of their starts, are started in one call: some stand on others.
undo_interfaces() {
	names=$(each_run print_begun | awk '!seen[$0]++')
	[ -n "$names" ] || return 0
	for each in $names; do take_away "$each"; done
	kept=
	for each in $names; do [ ! -f "/etc/hostname.$each" ] || kept="$kept $each"; done
	leaving=$(print_leaving "$kept")
	first=
	holders=
	for each in $kept; do
		case "
$leaving" in *"
$each "*) holders="$holders $each" ;; *) first="$first $each" ;; esac
	done
	printf '%s\n' "$leaving" | while read -r holder port word; do [ -z "$word" ] || ifconfig "$holder" "$word" "$port"; done
	# shellcheck disable=SC2086 # Names, one after the other.
	[ -z "$first" ] || sh /etc/netstart $first
	# They have what they had before they are taken in again.
	# shellcheck disable=SC2046 # Names, one after the other.
	[ -z "$leaving" ] || tell_difference - $(printf '%s\n' "$leaving" | awk '{ print $2 }')
	# shellcheck disable=SC2086 # Names, one after the other.
	[ -z "$holders" ] || sh /etc/netstart $holders
	for each in $names; do
		[ ! -L "$dir/destroyed.$each" ] || while read -r bridge member; do ifconfig "$bridge" add "$member" 2>/dev/null; done <"$dir/joined.$each"
	done
	return 0
}

print_begun() {
	[ ! -L "$dir/began.$n" ] || print_named
}

# What an interface has and had not before; netstart adds what it had, and to rules that are there it would add them once more.
take_away() {
	# It goes when its domain is empty.
	[ ! -L "$dir/loopback.$1" ] || return 0
	if [ -L "$dir/absent.$1" ] || [ -L "$dir/destroyed.$1" ]; then
		if ifconfig "$1" >/dev/null 2>&1; then ifconfig "$1" destroy || failed=1; fi
		return
	fi
	ifconfig "$1" 2>/dev/null | attached | while read -r words; do
		# shellcheck disable=SC2086 # Words of ifconfig.
		grep -q -x -F -e "$words" "$dir/interface.$1" || ifconfig "$1" $words
		case $words in 'del '*) ifconfig "$1" flushrule "${words#del }" 2>/dev/null ;; esac
	done
	# Guests' taps stay, without the rules that came for them.
	ifconfig "$1" 2>/dev/null | awk '/^\t+(rule )?(pass|block) / { for (i = 1; i < NF; i++) if ($i == "on" && $(i + 1) ~ /^tap[0-9]/) print $(i + 1) }' |
		sort -u | while read -r tap; do ifconfig "$1" flushrule "$tap"; done
}

# Static routes went with the addresses that were set again.
restore_routes() {
	[ -f "$dir/routes" ] || return 0
	awk '$3 ~ /^U[A-Za-z]*G[A-Za-z]*S/ { print ($2 ~ /:/ ? "inet6" : "inet"), $1, $2 }' "$dir/routes" | while read -r family destination gateway; do
		set_route "add $family $destination $gateway"
	done
}

# The line for a reboot goes when there is nothing else for it to do, and before others may set theirs.
clean() {
	each_change remove_beside
	rm -rf "$dir/run" "$dir/lines" "$dir/input" "$dir/seen" "$record.$id" "$dir/busy" "$dir/failing"
	[ -L "$dir/outcome" ] && [ "$(mark outcome)" != incomplete ] && rm -f "$dir/difference"
	remove_job
	# What was deployed is kept: history tells of it. There is nothing to tell of a deployment that changed nothing.
	[ "$(readlink "$dir/outcome")" = confirmed ] || rm -rf "$dir/new"
	# Texts of a deployment that is under way are those of whoever has the lock.
	if [ "$(readlink "$lock")" = "deployment:$id" ]; then
		for file in "$texts"/*; do
			grep -q -s -e "^${file##*/} " "$record" || rm -f "$file"
		done
	fi
	[ "$(mark outcome)" != confirmed ] || prune_to "$keep_last" "$(cat "$dir/user")"
	remove_hook
	rm -f "$dir/settling"
	[ "$(readlink "$lock")" != "deployment:$id" ] || rm -f "$lock"
	[ -f "$dir/complete" ] || remove_folder_of "$id"
}

# First under another name: who looks at it meanwhile must not make a file in what is being removed.
remove_folder_of() {
	mv "$base/$1" "$base/.gone-$1" 2>/dev/null
	rm -rf "$base"/.gone-*
}

remove_beside() {
	rm -f "$path.$id" "$path.$id.old" "$path.$id.in" "$path.$id.back"
}
