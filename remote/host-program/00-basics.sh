#!/bin/sh
# openbsd-vnet-host: what openbsd-vnet does as root on a host, and all that it can do there.
#
# Whoever deploys and is not root runs it by doas(1), which finds it by its name. Install it as root:
#	install -o root -g wheel -m 755 openbsd-vnet-host /usr/local/sbin/
# and permit it in /etc/doas.conf, for the user who deploys:
#	permit nopass USER as root cmd openbsd-vnet-host
#
# It takes the number of its interface, a verb and arguments; texts come by standard input. It writes the files that belong to
# networking of guests, and others below /etc only where root has listed them, a path on each line, in $allow.
# Who calls it gives it no command to run; but for what those files themselves let be run: `!command` in hostname.if(5).
# doas sets PATH, and tells who calls by DOAS_USER; who logs in as root may deploy any file below /etc.
# What is read line by line is not written meanwhile, and what stands between && and || does not fail.
# shellcheck disable=SC2015,SC2094
LC_ALL=C
export LC_ALL
interface=3
version=0.1.0
base=/var/backups/openbsd-vnet
lock=$base/lock
record=/var/db/openbsd-vnet/deployed
rehearsed=/var/db/openbsd-vnet/rehearsed
texts=/var/db/openbsd-vnet/base
allow=/etc/openbsd-vnet.allow
hook=/etc/rc.securelevel
# How often the watchdog looks, and how often it tries an end that failed, in seconds.
look_every=1
try_every=5
# So long files are tried to be put in their places; so long commands of the way back that fail, and one that leads elsewhere.
forward_for=60
back_for=300
equal_for=15
# So long programs may take that ask DNS for names: where they only judge a file, and where rules are loaded.
judge_for=25
load_for=90
# Of each user so many deployments are kept.
keep_last=20

refuse() {
	echo "openbsd-vnet-host: $*" >&2
	exit 64
}

# A plain path below /etc.
is_etc_path() {
	case $1 in
	*[!A-Za-z0-9_.:@+/-]* | *//* | */ | */./* | */. | */../* | */..) return 1 ;;
	/etc/?*) return 0 ;;
	*) return 1 ;;
	esac
}

# Whether the caller may read and write a file.
may_deploy() {
	is_etc_path "$1" || return 1
	case $1 in
	/etc/pf.conf | /etc/pf.?* | /etc/vm.conf | /etc/hostname.?* | /etc/sysctl.conf | /etc/dhcpd.conf | /etc/mygate | /etc/rc.conf.local) return 0 ;;
	esac
	[ -z "${DOAS_USER-}" ] || { [ -f "$allow" ] && grep -q -x -F -e "$1" "$allow"; }
}

deployable() {
	may_deploy "$1" || refuse "$1 may not be deployed by ${DOAS_USER-root}: root can list it in $allow"
}

# Prints the symbolic link by which a path is reached, if there is one. As the next, it ends the $(...) that it is called in.
link_in() {
	rest=${1#/}
	at=
	while [ -n "$rest" ]; do
		at=$at/${rest%%/*}
		[ ! -L "$at" ] || { echo "$at"; exit 0; }
		case $rest in */*) rest=${rest#*/} ;; *) rest= ;; esac
	done
}

# Prints the folder on the way to a path that others than root may write: they could lead it elsewhere in the middle.
loose_folder() {
	set -f
	at=$1
	while at=${at%/*} && [ -n "$at" ]; do
		[ -d "$at" ] || continue
		found=$(ls -ldn "$at")
		# shellcheck disable=SC2086 # Its words.
		set -- $found
		case $1 in
		????????w*) ;;
		?????w*) [ "$4" != 0 ] || [ "$3" != 0 ] || continue ;;
		*) [ "$3" != 0 ] || continue ;;
		esac
		echo "$at"
		exit 0
	done
}

# Sees to it that files are on the disk: sync(8) only begins to write.
flush() {
	for flushed; do dd if=/dev/null "of=$flushed" conv=notrunc,fsync 2>/dev/null || sync; done
}

# limited SECONDS COMMAND ...: 124 where it took longer. timeout(1) misses a command that ends before it listens for that, and then
# waits all of the time. The one who counts looks whether the command is still there: a shell misses being told in its first moment.
limited() {
	remaining=$1
	shift
	"$@" &
	command=$!
	(
		while kill -0 "$command"; do
			[ "$remaining" -gt 0 ] || kill "$command"
			sleep 1
			remaining=$((remaining - 1))
		done
	) </dev/null >/dev/null 2>&1 &
	wait "$command"
	ended=$?
	kill $! 2>/dev/null
	# Of SIGTERM.
	[ "$ended" != 143 ] || ended=124
	return "$ended"
}

is_number() {
	case $1 in '' | *[!0-9]* | ?????????*) return 1 ;; *) return 0 ;; esac
}

is_digest() {
	case $1 in *[!0-9a-f]*) return 1 ;; esac
	[ "${#1}" = 64 ]
}

is_deployment() {
	case $1 in *[!0-9a-fT-]*) return 1 ;; esac
	case $1 in ????????T??????-????????) return 0 ;; *) return 1 ;; esac
}

# A name of one word, which no program takes for an option and no folder for another.
is_name() {
	case $1 in '' | [!A-Za-z0-9_]* | *[!A-Za-z0-9_.:-]*) return 1 ;; *) return 0 ;; esac
}

# The name of an anchor. The last is a word of its own to pfctl.
is_anchor() {
	case $1 in '' | -* | /* | *..* | *\**) return 1 ;; *) return 0 ;; esac
}
