# What stays on the host when deployments have ended, and how it is taken away.

# Interface, version and digest of this program, as it is installed.
version() {
	echo "$interface $version $(sha256 -q "$0" 2>/dev/null)"
}

# install DIGEST: the next program comes in place of this one, for root, and for others where root has listed its path in $allow.
install_program() {
	case $0 in /*/openbsd-vnet-host) ;; *) refuse 'this one is not installed' ;; esac
	is_digest "$1" || refuse "'$1' is no digest"
	[ -z "${DOAS_USER-}" ] || { [ -f "$allow" ] && grep -q -x -F -e "$0" "$allow"; } || refuse "root can list $0 in $allow"
	trap 'rm -f "$0.new"' EXIT
	cat >"$0.new" && [ "$(sha256 -q "$0.new")" = "$1" ] || refuse 'the program did not arrive whole'
	chmod 755 "$0.new" && chown 0:0 "$0.new" && flush "$0.new" && mv -f "$0.new" "$0"
	exit
}

# The files of a deployment that the caller may deploy.
manifest() {
	while read -r number what path <&3; do
		! may_deploy "$path" || echo "$number $what $path"
	done 3<"$dir/manifest"
}

# prune N: keeps the last N deployments that were confirmed, of the caller; of all where it is root.
prune() {
	prune_to "$1" "${DOAS_USER-}"
}

# prune_to N [USER]: those of a user, where one is given. The one that has the lock is another's to end.
prune_to() (
	cd "$base" 2>/dev/null || exit 0
	left=$1
	for each in $(printf '%s\n' *-* | sort -r); do
		[ -d "$each" ] && [ "$(readlink "$lock")" != "deployment:$each" ] || continue
		[ -z "${2-}" ] || [ "$(cat "$each/user" 2>/dev/null)" = "$2" ] || continue
		# One that was not confirmed goes with the next before it that was.
		[ "$left" -gt 0 ] || { remove_folder_of "$each"; continue; }
		[ "$(readlink "$each/outcome")" != confirmed ] || left=$((left - 1))
	done
)

# uninstall: takes away all that this program has on the host, itself last. Its deployments can be rolled back to no more.
uninstall() {
	[ -z "${DOAS_USER-}" ] || refuse 'root alone takes it away'
	end_dead
	! held=$(readlink "$lock") || { echo "${held#*:} is under way"; exit 75; }
	rm -rf "${base:?}" "${record%/*}" "$allow"
	case $0 in /*/openbsd-vnet-host) rm -f "$0" ;; esac
}
