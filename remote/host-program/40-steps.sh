# What these call finds no descriptor of theirs open: a daemon that it starts would keep it.
#
# Calls a function for each change of a deployment: with its number and path, what it finds (file or absent, its digest), and
# what it leaves (put or remove, mode, digest).
each_change() {
	while read -r what i found digest does mode after path <&3; do
		[ "$what" != change ] || "$@" 3<&- || return 1
	done 3<"$dir/plan"
}

# Calls a function for each command of a deployment: its number, its kind and what it is about.
each_run() {
	while read -r what n kind subject <&4; do
		[ "$what" != run ] || "$@" 4<&- || return 1
	done 4<"$dir/plan"
}

# Calls a function for each file that is as it is to be: with its digest and path.
each_same() {
	while read -r what digest path <&3; do
		[ "$what" != same ] || "$@" 3<&- || return 1
	done 3<"$dir/plan"
}

# Whether a deployment has a command of a kind.
has_run() {
	while read -r what n kind subject <&4; do
		[ "$what $kind" != "run $1" ] || return 0
	done 4<"$dir/plan"
	return 1
}

# The anchors that files are loaded into: before, or after.
anchors() {
	while read -r what when name <&3; do
		[ "$what $when" != "anchor $1" ] || printf '%s\n' "$name"
	done 3<"$dir/plan"
}

print_loaded_before() {
	anchors before | {
		set --
		while IFS= read -r each; do set -- "$@" "$each"; done
		loaded "$@"
	}
}

# A step is either done before it is decided that all rolls back, or not at all.
guarded() {
	ln -s "$$" "$dir/busy" || exit 1
	if [ -L "$dir/decided" ]; then
		rm -f "$dir/busy"
		exit 76
	fi
	( "$@" )
	status=$?
	rm -f "$dir/busy"
	exit "$status"
}

# stage ID: the plan and the texts of its files.
stage_files() {
	take_input "$dir/input"
	sed -e '/^--$/,$d' -e '/^text /d' "$dir/input" >"$dir/plan.new" || return 1
	judge_plan "$dir/plan.new"
	flush "$dir/plan.new"
	mv -f "$dir/plan.new" "$dir/plan" && unpack "$dir/input" deploy_place p && rm -f "$dir/input" && each_change same_digest && stage_interfaces
}

deploy_place() {
	case $1 in
	new/*) is_number "${1#new/}" || refuse "'$1' is no number" ;;
	run/etc/*) is_etc_path "${1#run}" || refuse "'$1' is no path" ;;
	lines/*) is_name "${1#lines/}" || refuse "'$1' is no interface" ;;
	*) refuse "'$1' is no place for a text" ;;
	esac
	echo "$dir/$1"
}

# What a plan says is looked at before any of it is believed, in the words in which it is read later.
judge_plan() {
	while read -r what when name <&3; do
		case $what in
		change | run) ;;
		same)
			is_digest "$when" || refuse 'a file without its digest'
			deployable "$name"
			;;
		anchor)
			case $when in before | after) ;; *) refuse "'$when' is no time" ;; esac
			is_anchor "$name" || refuse "'$name' is no anchor"
			;;
		*) refuse "'$what' is no part of a plan" ;;
		esac
	done 3<"$1"
	while read -r what n kind subject <&3; do
		[ "$what" != run ] || judge_run
	done 3<"$1"
	while read -r what i found digest does mode after path <&3; do
		[ "$what" != change ] || judge_change
	done 3<"$1"
}

judge_change() {
	is_number "$i" || refuse 'a change without its number'
	case $found in file | absent) ;; *) refuse "'$found' is no kind of file" ;; esac
	{ is_digest "$digest" || [ "$digest" = - ]; } && { is_digest "$after" || [ "$after" = - ]; } || refuse 'a change without its digest'
	case $does in put | remove) ;; *) refuse "'$does' is no change" ;; esac
	case $mode in [0-7][0-7][0-7]) ;; *) refuse "'$mode' is no mode" ;; esac
	deployable "$path"
}

judge_run() {
	is_number "$n" || refuse 'a command without its number'
	case $kind in
	sysctl)
		is_name "${subject%%=*}" || refuse "'$subject' sets nothing"
		case $subject in *=*) ;; *) refuse "'$subject' sets nothing" ;; esac
		;;
	interface) for each in $subject; do is_name "$each" || refuse "'$each' is no interface"; done ;;
	interface-gone) is_name "$subject" || refuse "'$subject' is no interface" ;;
	route)
		case $subject in *[!A-Za-z0-9.:/%\ ]*) refuse "'$subject' is no route" ;; esac
		case $subject in 'delete inet '* | 'delete inet6 '* | 'change inet '* | 'change inet6 '*) ;; *) refuse "'$subject' is no route" ;; esac
		;;
	rules) ;;
	anchor-gone) is_anchor "$subject" || refuse "'$subject' is no anchor" ;;
	table-gone)
		is_name "${subject%% *}" || refuse "'$subject' is no table"
		case $subject in *' '*) is_anchor "${subject#* }" || refuse "'$subject' is no table of an anchor" ;; esac
		;;
	service) case $subject in 'reload vmd' | 'restart vmd' | 'start vmd' | 'restart dhcpd' | 'start dhcpd') ;; *) refuse "no daemon is told to '$subject'" ;; esac ;;
	*) refuse "'$kind' is no command of a plan" ;;
	esac
}

same_digest() {
	[ "$does" = remove ] || [ "$(sha256 -q "$dir/new/$i")" = "$after" ] || refuse "$path did not arrive whole"
}

# The hostname files as they are to be, and a netstart that reads them.
stage_interfaces() {
	has_run interface || return 0
	mkdir -p "$dir/lines" || return 1
	for file in /etc/hostname.*; do
		[ ! -f "$file" ] || cp -p "$file" "$dir/run/" || return 1
	done
	each_change stage_interface || return 1
	# Of an interface that is there, only the lines that it does not follow yet: netstart refuses and repeats what is in place.
	for file in "$dir/lines"/*; do
		[ ! -f "$file" ] || cp "$file" "$dir/run/hostname.${file##*/}" || return 1
	done
	copy_netstart "$dir/run" "$dir/run/netstart"
}

stage_interface() {
	case $path in
	/etc/hostname.*) if [ "$does" = put ]; then cp "$dir/new/$i" "$dir/run/${path#/etc/}"; else rm -f "$dir/run/${path#/etc/}"; fi ;;
	esac
}

# backup ID
back_up() {
	each_change back_up_change && each_run note_run || return 1
	ifconfig -A | sed -n 's/^\(lo[0-9]*\):.*/\1/p' >"$dir/loopbacks" || return 1
	print_state >"$dir/state" || return 1
	if has_run interface || has_run route; then route -n show >"$dir/routes" || return 1; fi
	: >"$dir/complete" && sync
}

back_up_change() {
	[ -z "$(link_in "$path")" ] || { echo "$path is reached by a symbolic link" >&2; return 1; }
	[ -z "$(loose_folder "$path")" ] || { echo "others than root may write $(loose_folder "$path"), in which $path is" >&2; return 1; }
	if [ "$found" = file ]; then
		# A file with flags of chflags(1) takes neither another name nor another file in its place.
		ln "$path" "$path.$id.in" && rm -f "$path.$id.in" || {
			echo "$path cannot be replaced: ls -lo $path shows its flags, and chflags(1) takes them away" >&2
			return 1
		}
		cp -p "$path" "$dir/old/$i" || return 1
		[ "$(sha256 -q "$dir/old/$i")" = "$digest" ] || changed_meanwhile
	elif [ -e "$path" ]; then changed_meanwhile; fi
	echo "$i $found $path" >>"$dir/manifest"
}

# Addresses and ports of an interface, as words of ifconfig(8) that take them away. Guests' taps come and go.
attached() {
	sed -n -e '/autoconf/d' -e '/temporary/d' -e 's/^	inet \([0-9.]*\).*/inet \1 delete/p' -e 's/^	inet6 \([0-9a-f:]*\) .*/inet6 \1 delete/p' -e '/^	tap/d' -e 's/^	\([a-z]*[0-9]*\) flags=.*/del \1/p'
}

# How it is what a command changes.
note_run() {
	case $kind in
	sysctl) sysctl -n "${subject%%=*}" >"$dir/sysctl.${subject%%=*}" ;;
	interface) for each in $subject; do note_interface "$each" || return 1; done ;;
	interface-gone) note_interface "$subject" ;;
	service) ! rcctl check "${subject#* }" >/dev/null || ln -sf 1 "$dir/ran.${subject#* }" ;;
	esac
}

note_interface() {
	[ ! -f "$dir/interface.$1" ] || return 0
	ifconfig "$1" 2>/dev/null | attached >"$dir/interface.$1" || return 1
	ifconfig "$1" >/dev/null 2>&1 || { ln -s 1 "$dir/absent.$1"; return; }
	# Its members, guests' taps too, and what it is a member of: a start alone does not bring them back.
	ifconfig -A | awk -v name="$1" '
		/^[a-z]/ { at = $1; sub(/:$/, "", at) }
		/^	[a-z]+[0-9]+ flags=/ && (at == name || $1 == name) { print at, $1 }
	' >"$dir/joined.$1"
}

# write ID: what needs room on the disk is done here, while nothing has changed; what comes later gives names only.
write_files() {
	each_change write_change && mkdir -p "$texts" && each_change keep_text && each_same keep_same || return 1
	{ each_change print_record && each_same print_same; } >"$dir/seen" && record_with "$dir/seen" >"$record.$id" && flush "$record.$id" && sync
}

write_change() {
	if [ "$found" = file ] && ! each_run leaves_in_place; then ln "$path" "$path.$id.old" || return 1; fi
	[ "$does" = put ] || return 0
	[ -d "${path%/*}" ] || make_folder || return 1
	cp "$dir/new/$i" "$path.$id" && chown 0:0 "$path.$id" && chmod "$mode" "$path.$id" && flush "$path.$id"
}

# The folder of a file, with the uppermost that is new noted before it is made.
make_folder() {
	top=${path%/*}
	while [ ! -d "${top%/*}" ]; do top=${top%/*}; done
	ln -s "$top" "$dir/made.$i" && ( umask 022 && mkdir -p "${path%/*}" )
}

# Programs that know their file by one path read it from there; rcctl reads a daemon's flags from rc.conf.local.
leaves_in_place() {
	case "$kind $subject $path" in
	'service '*' vmd /etc/vm.conf' | 'service '*' dhcpd /etc/dhcpd.conf' | 'service '*'start '*' /etc/rc.conf.local') return 1 ;;
	*) return 0 ;;
	esac
}

keep_text() {
	[ "$does" = remove ] || cp "$dir/new/$i" "$texts/$after"
}

# What others change of it later is seen as well, and can be merged.
keep_same() {
	[ -f "$texts/$digest" ] || cp "$path" "$texts/$digest" || return 1
	[ "$(sha256 -q "$texts/$digest")" = "$digest" ] || { rm -f "$texts/$digest"; changed_meanwhile; }
}

print_same() {
	echo "$digest $path"
}

print_record() {
	if [ "$does" = put ]; then echo "$after $path"; else echo "- $path"; fi
}

# What was deployed last of each file, with these: so changes by others are seen.
record_with() {
	if [ -f "$record" ]; then last=$record; else last=/dev/null; fi
	awk 'FNR == NR { seen[$2] = 1; if ($1 != "-") print; next } !($2 in seen)' "$1" "$last"
}

# verify-armed ID
is_armed() {
	alive "$id" && [ -f "$dir/beat" ] || { echo 'the watchdog does not run' >&2; return 1; }
	has_job || echo 'there is no job of at(1), or cron does not run: the watchdog alone rolls back'
	[ ! -L "$dir/decided" ] && ! is_over || { echo 'the time of the watchdog is over' >&2; return 1; }
	grep -q -x -F -e "$(hook_line)" "$(hook_file)" || { echo "$hook does not roll back after a reboot" >&2; return 1; }
	sh -n "$dir/program"
}

# activate ID N: runs a command of the plan, and notes how it ended.
activate() {
	ln -s 1 "$dir/began.$1" || return 1
	wanted=$1
	# Into files: a daemon that it starts, and that keeps what it was given, would keep whoever waits for the end of a pipe.
	each_run activate_run >"$dir/run/printed" 2>"$dir/run/said"
	status=$?
	{
		echo "$(date -u +%Y-%m-%dT%H:%M:%SZ) $(sed -n "s/^run $1 //p" "$dir/plan"): status $status"
		cat "$dir/run/said"
	} >>"$dir/log" 2>/dev/null
	cat "$dir/run/printed"
	cat "$dir/run/said" >&2
	return "$status"
}

activate_run() {
	[ "$n" = "$wanted" ] || return 0
	case $kind in
	sysctl) sysctl "$subject" ;;
	interface)
		# netstart is content whatever becomes of its commands; a route or an address that is there already is no fault.
		# shellcheck disable=SC2086 # The interfaces of one start.
		sh "$dir/run/netstart" $subject >/dev/null 2>"$dir/run/complaints"
		cat "$dir/run/complaints" >&2
		! grep -v 'File exists$' "$dir/run/complaints" | grep -q -E '^(ifconfig|netstart|route|k?sh)[: ]'
		;;
	interface-gone) ln -sf 1 "$dir/destroyed.$subject" && ifconfig "$subject" destroy ;;
	route) set_route "$subject" ;;
	# One that went on after that would load its rules behind the way back.
	rules) limited "$load_for" pfctl -v -f "$dir/run/etc/pf.conf" ;;
	anchor-gone) pfctl -a "$subject" -F rules ;;
	table-gone) remove_table "$subject" ;;
	service)
		each_change swap_in || return 1
		# shellcheck disable=SC2086 # What to do, and the daemon.
		( tell $subject )
		status=$?
		each_change swap_out && [ "$status" = 0 ]
		;;
	esac
}

# remove_table 'TABLE [ANCHOR]': one that is gone already is as it is to be.
remove_table() {
	table=${1%% *}
	# pfctl takes no empty name for the main ruleset.
	case $1 in *' '*) set -- -a "${1#* }" ;; *) set -- ;; esac
	! pfctl "$@" -t "$table" -T show >/dev/null 2>&1 || pfctl "$@" -t "$table" -T kill
}

# set_route 'add|delete|change inet|inet6 DESTINATION GATEWAY': one that is there, or is gone, already is as it is to be.
set_route() {
	# shellcheck disable=SC2086 # Its four parts.
	set -- $1
	case $1 in
	change) route -qn change "-$2" "$3" "$4" || route -qn add "-$2" "$3" "$4" ;;
	*) route -qn "$1" "-$2" "$3" "$4" ;;
	esac
	return 0
}

# tell reload|restart|start DAEMON: lets it read its file again. One that does not run is only told to start.
tell() {
	case "$1 $2" in
	'reload vmd') vmctl reload ;;
	*' vmd')
		[ "$1" != restart ] || stop_guests
		rcctl "$1" vmd
		status=$?
		# vmd has read its file when it answers.
		tries=0
		until vmctl status >/dev/null 2>&1 || [ "$tries" -ge 50 ]; do
			tries=$((tries + 1))
			sleep 0.2
		done
		[ "$status" = 0 ] && stays "$2"
		;;
	start*) rcctl start "$2" && stays "$2" ;;
	*) if rcctl check "$2" >/dev/null; then rcctl restart "$2" && stays "$2"; fi ;;
	esac
}

# rc.d(8) kills guests that have not shut down after half a minute: each is given a minute, and the deployment with it.
stop_guests() {
	for guest in $(vmctl status 2>/dev/null | awk 'NR > 1 && $(NF - 1) == "running" { print $NF }'); do
		! read -r latest since <"$dir/deadline" || set_deadline "$((latest - $(date +%s) + 60))"
		limited 60 vmctl stop -w "$guest" || echo "$guest did not shut down within a minute" >&2
	done
}

# rcctl(8) is content with a daemon that ends at once: it is asked again, and what the daemon said is shown.
stays() {
	for each in 1 2 3 4 5 6; do
		sleep 0.5
		rcctl check "$1" >/dev/null || {
			echo "$1 has ended again" >&2
			grep -F -e " $1[" /var/log/daemon 2>/dev/null | tail -n 3 >&2
			return 1
		}
	done
}

# Files that lie in their places only while a program reads them: vmd and dhcpd know their configuration by one path. All is
# done by names, so that it needs no room on a disk that is full.
swap_in() {
	! leaves_in_place || return 0
	ln -sf 1 "$dir/swapped.$i" || return 1
	if [ "$does" = remove ]; then rm -f "$path"; else ln -f "$path.$id" "$path.$id.in" && mv -f "$path.$id.in" "$path"; fi
}

# Puts back what was there: the very same file.
swap_out() {
	[ -L "$dir/swapped.$i" ] || return 0
	if [ "$found" = absent ]; then rm -f "$path"
	# Renaming over another name of the same file does nothing, and leaves both.
	else ln -f "$path.$id.old" "$path.$id.back" && mv -f "$path.$id.back" "$path" && rm -f "$path.$id.back"; fi && rm -f "$dir/swapped.$i"
}

# keep ID: for good.
keep() {
	is_watched || exit 1
	each_change unchanged
	ln -s confirm "$dir/decided" || exit 76
	end
	[ "$(mark outcome)" = confirmed ] || { tail -n 5 "$dir/log" >&2; return 1; }
}

unchanged() {
	if [ "$found" = absent ]; then [ ! -e "$path" ]; else cmp -s "$dir/old/$i" "$path"; fi || changed_meanwhile
}

changed_meanwhile() {
	echo "$path"
	exit 77
}

# note: changes by others have been seen, and are in what is deployed next.
note() {
	mkdir -p "$base" "$texts" || exit 1
	ln -s "note:$$" "$lock" 2>/dev/null || {
		end_dead
		ln -s "note:$$" "$lock" 2>/dev/null
	} || {
		held=$(readlink "$lock")
		echo "${held#*:} $(cat "$base/${held#*:}/user" 2>/dev/null)"
		exit 75
	}
	trap 'rm -f "$record.input" "$record.new" "$record.seen" "$lock"' EXIT
	trap 'exit 1' INT TERM
	take_input "$record.input" || exit 1
	sed -n '/^--$/q;s/^seen //p' "$record.input" >"$record.new" || exit 1
	while read -r digest path <&3; do
		deployable "$path"
		is_digest "$digest" || [ "$digest" = - ] || refuse 'a file without its digest'
	done 3<"$record.new"
	unpack "$record.input" text_place p || exit 1
	while read -r digest path <&3; do
		[ "$digest" = - ] || [ "$(sha256 -q "$texts/$digest")" = "$digest" ] || { rm -f "$texts/$digest"; refuse "a text of $path is another"; }
	done 3<"$record.new"
	record_with "$record.new" >"$record.seen" && flush "$record.seen" && mv -f "$record.seen" "$record"
	exit
}

text_place() {
	is_digest "$1" || refuse "'$1' is no digest"
	echo "$texts/$1"
}
