# fetch MARKER PATH[=DIGEST] ...: what the host has at each path, in the words of ls(1); `same` where the text has the digest, and is
# not sent. Starting a program takes longer than all else here: each is started once for all files, and printf(1) not at all.
fetch() {
	marker=$1
	shift
	is_name "$marker" || refuse 'no marker'
	nl='
'
	number=0
	plain=
	seen=
	for asked; do
		path=${asked%%=*}
		[ "$path" = "$asked" ] || is_digest "${asked#*=}" || refuse 'a digest that is none'
		case $path in
		"$record" | "$rehearsed") ;;
		"$texts"/*) may_read_text "${path#"$texts"/}" || refuse "$path is no text that was deployed for ${DOAS_USER-root}" ;;
		"$base"/*)
			is_kept "${path#"$base"/}" || refuse "$path is no file that was deployed"
			deployable "$(path_of_kept "${path#"$base"/}")"
			;;
		*) deployable "$path" ;;
		esac
		if [ "${path%/*}" != "$seen" ]; then
			seen=${path%/*}
			folder_link=$(link_in "$seen")
			folder_loose=$(loose_folder "$path")
		fi
		what=
		if [ -n "$folder_link" ] || [ -L "$path" ]; then what="link"
		elif [ -n "$folder_loose" ]; then what="loose"
		elif [ -f "$path" ]; then plain="$plain $number:$asked"
		elif [ -e "$path" ]; then what="other"
		else what=absent; fi
		[ -z "$what" ] || echo "$marker begin $number$nl$what$nl$nl$marker end $number"
		number=$((number + 1))
	done
	set --
	for each in $plain; do case $each in *=*) each=${each#*:} && set -- "$@" "${each%%=*}" ;; esac; done
	[ $# = 0 ] || digests=$(sha256 -q "$@") || exit 1
	set --
	for each in $plain; do each=${each#*:} && set -- "$@" "${each%%=*}"; done
	[ $# = 0 ] || lines=$(ls -ldn "$@") || exit 1
	for each in $plain; do
		asked=${each#*:}
		path=${asked%%=*}
		line=${lines%%"$nl"*}
		case $line in
		*" $path") lines=${lines#*"$nl"} ;;
		# ls(1) has them in the order of their names, and who asks mostly too.
		*) line=$(ls -ldn "$path") || exit 1 ;;
		esac
		digest=
		[ "$path" = "$asked" ] || { digest=${digests%%"$nl"*} && digests=${digests#*"$nl"}; }
		echo "$marker begin ${each%%:*}"
		if [ "$digest" = "${asked#*=}" ]; then echo "same $line"
		else echo "$line" && cat "$path" || exit 1; fi
		echo "$nl$marker end ${each%%:*}"
	done
	echo "$marker others"
	set --
	for path in /etc/dhcpd.conf /etc/hostname.* /etc/mygate /etc/pf.* /etc/pf.*/*.conf /etc/rc.conf.local /etc/sysctl.conf /etc/vm.conf; do
		# Neither OpenBSD's own list of fingerprints, nor long lists of addresses: who asks reads them all.
		[ ! -f "$path" ] || [ "$path" = /etc/pf.os ] || set -- "$@" "$path"
	done
	[ $# = 0 ] || wc -c "$@" | sed -n 's|^ *[0-9]\{1,6\} /|/|p'
	echo "$marker done"
}

# A file of a deployment that is kept: ID/old/N, ID/new/N.
is_kept() {
	is_deployment "${1%%/*}" || return 1
	case ${1#*/} in old/* | new/*) is_number "${1##*/}" && [ "${1#*/*/}" = "${1##*/}" ] ;; *) return 1 ;; esac
}

# The path of such a file, in /etc.
path_of_kept() {
	sed -n "s/^${1##*/} [a-z]* //p" "$base/${1%%/*}/manifest"
}

# A text that was deployed last at a path which the caller may deploy.
may_read_text() (
	is_digest "$1" && while read -r digest path <&3; do
		[ "$digest" != "$1" ] || ! may_deploy "$path" || exit 0
	done 3<"$record"
	exit 1
)

# history: the deployments that were confirmed, the latest last, and who deployed.
history_of_host() {
	cd "$base" 2>/dev/null || exit 0
	for each in *-*; do
		[ "$(readlink "$each/outcome")" != confirmed ] || echo "$each $(cat "$each/user")"
	done
}

# rehearsed RESULT KEY REASON: remembers how a rehearsal ended, or why there is none.
note_rehearsal() {
	case $1 in works | fails | declined) ;; *) refuse "'$1' is no end of a rehearsal" ;; esac
	is_digest "$2" || refuse 'a rehearsal without its key'
	mkdir -p "${rehearsed%/*}" &&
		printf '%s %s %s %s %s\n' "$1" "$2" "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "${DOAS_USER:-root}" "$(printf '%s' "$3" | tr -d '[:cntrl:]')" >"$rehearsed.new" &&
		mv -f "$rehearsed.new" "$rehearsed"
}

# What pf has loaded, the same for the same rules: tables that pfctl's optimiser makes get a new name each time.
loaded() {
	{
		pfctl -s rules
		for anchor; do
			is_anchor "$anchor" || refuse "'$anchor' is no anchor"
			echo "anchor $anchor"
			pfctl -a "$anchor" -s rules
		done
	} 2>/dev/null | sed 's/__automatic_[0-9a-f]*_[0-9]*/__automatic/g'
}

# rules [ANCHOR ...]: the rules of anchors, or of all.
rules() {
	if [ $# = 0 ]; then pfctl -a '*' -s rules; return; fi
	for anchor; do
		is_anchor "$anchor" || refuse "'$anchor' is no anchor"
		echo "anchor $anchor"
		pfctl -a "$anchor" -s rules || return
	done
}

# A netstart, at $2, that takes its hostname files from a folder, and does all else as the host's own. Fails where netstart names
# them in another way than OpenBSD's, so that no file of the running system is taken for one of the folder.
copy_netstart() {
	sed "s|/etc/hostname\\.|$1/hostname.|g" /etc/netstart >"$2" && grep -q -F -e "$1/hostname." "$2"
}
