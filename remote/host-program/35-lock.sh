# One deployment at a time, and what ends it where nobody else does: a watchdog, a job of at(1), and a line for a reboot.

# What a mark of the deployment says.
mark() {
	readlink "$dir/$1" 2>/dev/null
}

# In seconds since 1970, with the time at which it was set.
set_deadline() {
	now=$(date +%s)
	echo "$((now + $1)) $now" >"$dir/deadline.new" && mv -f "$dir/deadline.new" "$dir/deadline"
}

# Whether the time is over. A clock that was set back gives a minute more at most.
is_over() {
	read -r latest since <"$dir/deadline" || return 0
	now=$(date +%s)
	[ "$now" -ge "$latest" ] || [ "$now" -lt "$((${since:-0} - 60))" ]
}

# Whether the watchdog of a deployment lives, or is just being started: its number may be another's by now.
alive() {
	ps -ww -o args= -p "$(cat "$base/$1/pid" 2>/dev/null || echo 0)" 2>/dev/null | grep -q -F -e "$base/$1/program watchdog" && return
	begun=$(readlink "$base/$1/starting" 2>/dev/null)
	case $begun in '' | *[!0-9]*) return 1 ;; esac
	[ "$(($(date +%s) - begun))" -lt 30 ]
}

# Whether the job of at(1) is there, and cron(8), which runs it.
has_job() {
	job=$(mark job) && atq 2>/dev/null | grep -q -F -e " $job " && rcctl check cron >/dev/null 2>&1
}

# A job that sees to it within two minutes that the watchdog lives. It comes again until the deployment has ended.
set_job() {
	said=$(echo "[ ! -f $dir/program ] || sh $dir/program second $id >/dev/null 2>&1" | at now + 1 minute 2>&1) || return 1
	job=$(printf '%s\n' "$said" | sed -n 's/^job \([0-9][0-9.a-z]*\) at .*/\1/p')
	[ -n "$job" ] && ln -sfn "$job" "$dir/job"
}

# second ID: what the job does.
second() {
	[ -d "$dir" ] && [ ! -L "$dir/outcome" ] || exit 0
	# First: a watchdog whose time is over takes its job with it at once.
	set_job
	alive "$id" || start_watchdog
}

remove_job() {
	! job=$(mark job) || atrm "$job" 2>/dev/null
	rm -f "$dir/job"
}

# What asks for time, or for good, is refused where nothing would roll back by itself.
is_watched() {
	alive "$id" || has_job || { echo 'neither the watchdog nor its job of at(1) lives' >&2; return 1; }
}

start_watchdog() {
	rm -f "$dir/beat"
	nohup sh "$dir/program" watchdog "$id" >/dev/null 2>&1 </dev/null &
	echo $! >"$dir/pid"
	for pause in 0.1 0.1 0.1 0.2 0.5 1 1 1 1; do
		[ ! -f "$dir/beat" ] || break
		sleep "$pause"
	done
}

hook_line() {
	echo "sh $dir/program settle $id boot # openbsd-vnet $id"
}

# Where the lines for a reboot are, and what may be a symbolic link to it.
hook_file() {
	if [ -L "$hook" ]; then readlink -f "$hook"; else echo "$hook"; fi
}

# Before what others have there: that may exit, or lock the rules.
set_hook() {
	at=$(hook_file) && [ -z "$(loose_folder "$at")" ] || { echo "$hook leads where others than root may write" >&2; return 1; }
	if [ -f "$at" ]; then cp -p "$at" "$at.$id" && { hook_line && cat "$at"; } >"$at.$id"; else hook_line >"$at.$id"; fi &&
		flush "$at.$id" && mv -f "$at.$id" "$at"
}

remove_hook() {
	at=$(hook_file)
	if [ -f "$at" ]; then
		if grep -q -v -F -e "# openbsd-vnet $id" "$at"; then
			cp -p "$at" "$at.$id" && grep -v -F -e "# openbsd-vnet $id" "$at" >"$at.$id" && mv -f "$at.$id" "$at"
		# A file that held nothing else was ours.
		elif [ -L "$hook" ]; then : >"$at"
		else rm -f "$at"; fi
	fi
	rm -f "$at.$id"
}

# lock ID SECONDS: takes the lock, then starts what ends the deployment. Who is refused has changed nothing.
start() {
	[ "$1" -le 86400 ] || refuse "a host waits for a day at most, 86400 s"
	mkdir -p "$base" && mkdir "$dir" "$dir/new" "$dir/old" "$dir/run" || exit 1
	{
		case $0 in */*) cp "$0" "$dir/program" ;; *) printf '%s' "${program-}" >"$dir/program" ;; esac &&
			echo "${DOAS_USER:-root}" >"$dir/user" && : >"$dir/log" && : >"$dir/plan" && set_deadline "$1" &&
			ln -s "$(date +%s)" "$dir/starting" && flush "$dir/program"
	} || {
		rm -rf "$dir"
		exit 1
	}
	for each in 1 2 3; do
		ln -s "deployment:$id" "$lock" 2>/dev/null && break
		end_dead
	done
	held=$(readlink "$lock")
	if [ "$held" != "deployment:$id" ]; then
		rm -rf "$dir"
		holder=${held#deployment:}
		echo "$holder $(cat "$base/$holder/user" 2>/dev/null)"
		exit 75
	fi
	set_hook && start_watchdog && alive "$id" || {
		ln -s restore "$dir/decided"
		end
		exit 1
	}
	rm -f "$dir/starting"
	set_job || echo 'at(1) takes no job: the watchdog alone rolls back'
}

# The lock of one that nobody ends any more is given free, after that one was brought to its end.
end_dead() {
	held=$(readlink "$lock") || return
	holder=${held#*:}
	case $held in
	note:*)
		kill -0 "$holder" 2>/dev/null || rm -f "$lock"
		return
		;;
	esac
	! alive "$holder" || return
	if [ -f "$base/$holder/program" ]; then
		# One that lost its power at once may have left nothing in it.
		last=$base/$holder/program
		[ -s "$last" ] || last=$dir/program
		sh "$last" settle "$holder" >>"$base/$holder/log" 2>&1
	elif mv "$lock" "$dir/stale"; then
		if [ "$(readlink "$dir/stale")" = "$held" ]; then rm -f "$dir/stale"; else mv "$dir/stale" "$lock"; fi
	fi
}

# Whoever is not root goes on with deployments of its own.
is_own() {
	[ -z "${DOAS_USER-}" ] || [ "$(cat "$dir/user" 2>/dev/null)" = "$DOAS_USER" ]
}
