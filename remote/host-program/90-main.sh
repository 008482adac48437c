# How a deployment ended, and what differs then from before.
outcome() {
	mark outcome
	cat "$dir/difference" 2>/dev/null
	return 0
}

main() {
	trap '' HUP PIPE
	umask 077
	cd / || exit 1
	case ${1-} in
	# It calls itself.
	settle | watchdog | second | version | install) ;;
	"$interface") shift ;;
	*) refuse "this one has interface $interface, and ${1:-none} was asked for: install the one that belongs to your openbsd-vnet" ;;
	esac
	verb=${1-}
	[ $# = 0 ] || shift
	case $verb in
	fetch | check | history | loaded | rules | note | rehearsed | version | install | prune | uninstall) ;;
	*)
		is_deployment "${1-}" || refuse "'${1-}' is no deployment"
		id=$1
		dir=$base/$id
		shift
		;;
	esac
	# Each step after the ones that it stands on, whoever asks.
	case $verb in
	stage | backup | write | arm | verify-armed | activate | keep | extend)
		[ -d "$dir" ] || exit 76
		is_own || refuse "$id is a deployment of $(cat "$dir/user")"
		;;
	esac
	case $verb in
	stage | backup) [ ! -f "$dir/complete" ] || refuse "$id was backed up already" ;;
	write | arm | verify-armed | activate | keep) [ -f "$dir/complete" ] || [ -L "$dir/decided" ] || refuse "$id has nothing to roll back to" ;;
	esac
	case $verb in
	lock | arm | extend | activate | prune) is_number "${1-}" || refuse "'${1-}' is no number" ;;
	esac
	case $verb in
	lock | arm | extend) [ "$1" -le 86400 ] || refuse 'a host waits for a day at most, 86400 s' ;;
	esac
	case $verb in
	check) check "$@" ;;
	note) note ;;
	install) install_program "${1-}" ;;
	stage) guarded stage_files ;;
	*)
		exec </dev/null
		case $verb in
		fetch) fetch "$@" ;;
		history) history_of_host ;;
		rehearsed) note_rehearsal "${1-}" "${2-}" "${3-}" ;;
		manifest) manifest ;;
		log) ! manifest | cmp -s - "$dir/manifest" || cat "$dir/log" ;;
		version) version ;;
		prune) prune "$1" ;;
		uninstall) uninstall ;;
		loaded) loaded "$@" ;;
		rules) rules "$@" ;;
		lock) start "$1" ;;
		backup) guarded back_up ;;
		write) guarded write_files ;;
		arm) guarded set_deadline "$1" ;;
		verify-armed) is_armed ;;
		activate) guarded activate "$1" ;;
		keep) keep ;;
		undo)
			[ -d "$dir" ] || exit 0
			ln -s restore "$dir/decided" 2>/dev/null
			for each in 1 2 3 4 5 6 7 8 9 10; do
				! end || break
				sleep 2
			done
			outcome
			;;
		outcome) outcome ;;
		extend)
			[ ! -L "$dir/decided" ] || exit 76
			is_watched && set_deadline "$1"
			;;
		watchdog) watch ;;
		second) second ;;
		settle) settle "$@" ;;
		*) refuse "'$verb' is no verb" ;;
		esac
		;;
	esac
}

main "$@"
