/** The verbs of the host program. */
export const main = `outcome() {
	readlink "$dir/outcome"
	return 0
}

main() {
	trap '' HUP PIPE
	umask 077
	case \${1-} in
	# It calls itself.
	settle | watchdog) ;;
	"$interface") shift ;;
	*) refuse "this one has interface $interface, and \${1:-none} was asked for: install the one that belongs to your openbsd-vnet" ;;
	esac
	verb=\${1-}
	[ $# = 0 ] || shift
	case $verb in
	fetch | check | history | loaded | rules | note) ;;
	*)
		is_deployment "\${1-}" || refuse "'\${1-}' is no deployment"
		id=$1
		dir=$base/$id
		shift
		;;
	esac
	case $verb in
	lock | arm | extend | activate) is_number "\${1-}" || refuse "'\${1-}' is no number" ;;
	esac
	case $verb in
	check) check "$@" ;;
	note) note ;;
	stage) guarded stage_files ;;
	*)
		exec </dev/null
		case $verb in
		fetch) fetch "$@" ;;
		history) history_of_host ;;
		manifest) cat "$dir/manifest" ;;
		log) cat "$dir/log" ;;
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
			end
			outcome
			;;
		outcome) outcome ;;
		extend) [ ! -L "$dir/decided" ] && set_deadline "$1" ;;
		watchdog) watch ;;
		settle) settle "$@" ;;
		*) refuse "'$verb' is no verb" ;;
		esac
		;;
	esac
}

main "$@"
`;
