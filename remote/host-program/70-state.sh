# What runs of what the commands of a deployment are about, in lines that are the same where nothing has changed. It is noted
# before, and a way back is one when the lines are those again.
print_state() {
	if has_run interface || has_run interface-gone || has_run route; then
		{ print_interfaces && print_routes; } | of_plan
	fi
	if has_run rules || has_run anchor-gone; then print_loaded_before; fi
	each_run print_setting
}

# Lines about interfaces that commands are about, and of others those that name them. What others have is theirs to change.
of_plan() {
	awk -v named=" $({ each_run print_named && print_new_loopbacks; } | tr '\n' ' ')" -v routes="$(has_run route && echo all)" '
		routes == "all" && $1 == "route" { print; next }
		{ for (i = 1; i <= NF; i++) if (index(named, " " $i " ")) { print; next } }
	'
}

print_named() {
	case $kind in
	interface) for each in $subject; do echo "$each"; done ;;
	interface-gone) echo "$subject" ;;
	esac
}

# The loopbacks of routing domains that interfaces of the plan are in now and were not before: the kernel makes one with the first
# interface in a domain, and leaves it there.
note_new_loopbacks() {
	has_run interface || return 0
	print_difference | sed -n 's/^+ [^ ]* rdomain /lo/p' | sort -u | while read -r each; do
		grep -q -x -e "$each" "$dir/loopbacks" || ln -sf 1 "$dir/loopback.$each"
	done
}

print_new_loopbacks() {
	for each in "$dir"/loopback.*; do [ ! -L "$each" ] || echo "${each##*.}"; done
}

print_setting() {
	case $kind in
	sysctl) echo "sysctl ${subject%%=*} $(sysctl -n "${subject%%=*}")" ;;
	service) if rcctl check "${subject#* }" >/dev/null 2>&1; then echo "${subject#* } runs"; else echo "${subject#* } does not run"; fi ;;
	esac
}

# A line for each thing that an interface has. Left out is what comes and goes by itself (guests' taps, learned addresses, leases,
# counters, elections), and what is another with each start: numbers, and addresses that are made up at random.
print_interfaces() {
	ifconfig -A | awk '
		function say(what) { print name, what }
		/^[a-z]/ {
			name = $1; sub(/:$/, "", name)
			is_tap = name ~ /^tap[0-9]/; inner = ""
			if (is_tap) next
			flags = $2; sub(/^[^<]*</, "", flags); sub(/>.*/, "", flags)
			count = split(flags, flag, ",")
			for (i = 1; i <= count; i++) if (flag[i] !~ /^(RUNNING|OACTIVE|PROMISC|ALLMULTI)$/) say("flag " flag[i])
			for (i = 3; i < NF; i += 2) say($i " " $(i + 1))
			next
		}
		is_tap || /^\t\t\t/ { next }
		/^\t[a-z]/ { inner = "" }
		/^\t[a-z]+[0-9]+ flags=/ {
			inner = $1; words = $0; sub(/^[^<]*/, "", words)
			say((inner ~ /^tap/ ? "of " inner " flags " : "member " inner " ") words)
			next
		}
		# Of a tap, which comes and goes, its flags and VLANs alone: they are compared while it is there.
		inner ~ /^tap/ {
			if (/^\t\ttagged:/) say("of " inner " tagged: " $2)
			else if (/^\t\tport / && /untagged/) { sub(/.* ifcost [0-9]* /, ""); say("of " inner " " $0) }
			next
		}
		/^\twgpeer / { inner = $2; say("wgpeer " $2); next }
		/^\t\t[a-z]+[0-9]+ port / { say("trunkport " $1); if (/ master/) say("master " $1); next }
		# It comes with the first IPv6 address, and stays without any.
		/^\tinet6 fe80:/ { say("link-local"); next }
		/^\tgroups:/ { for (i = 2; i <= NF; i++) say("group " $i); next }
		/^\t(index|lladdr|media:|status:|designated:|trunk id:|wgrxbytes|Addresses)/ || /autoconf|temporary| lacp (actor|partner)|^\t[ \t]*\(/ { next }
		/^\tdescription: switch[0-9]+-/ || /^\t\t([0-9a-f][0-9a-f]:|tx:|last handshake|wgendpoint)/ { next }
		# They stand with their ports, which are in no order, and are asked in theirs.
		/^\t+(rule )?(pass|block) / {
			sub(/^\t+(rule )?/, "")
			port = $0; sub(/^.* on /, "", port); sub(/ .*/, "", port)
			say("rule " ++rules[name, port] " " $0)
			next
		}
		/^\tcarp:/ { sub(/ (MASTER|BACKUP|INIT)/, "") }
		/^\t\tport / { $1 = $2 = "" }
		{ gsub(/^[ \t]+/, ""); sub(/ scopeid .*/, ""); sub(/ pltime .*/, ""); say((inner == "" ? "" : "of " inner " ") $0) }
	' | sort
}

# Routes, but those that the kernel makes and drops as packets pass.
print_routes() {
	{ echo 0; ifconfig -A | sed -n 's/^[a-z].* rdomain \([0-9]*\).*/\1/p'; } | sort -u | while read -r table; do
		route -T "$table" -n show | awk -v table="$table" '
			$3 !~ /^[A-Za-z0-9]+$/ || $3 ~ /[LDM]/ || NF < 8 || $1 ~ /^(Destination|fe80|ff0)/ { next }
			{ flags = $3; gsub(/[^GSRB]/, "", flags); print "route", table, ($1 ~ /:/ || $2 ~ /:/) ? "inet6" : "inet", $1, $2, "+" flags, $7, $8 }
		' | sort
	done
}

# Ports that take what they had before only without their holder, as words for that: `HOLDER PORT WORD`. A port of a veb or tpmr takes
# no IPv4 address, and netstart takes the one away that it has; no IPv6 one as its first; one of a trunk no MTU, which all of its
# ports have in common; and no port of a trunk is its master but the first. $1 has the interfaces that netstart is told of.
print_leaving() {
	lost=$(
		{
			print_difference
			for each in $1; do sed -n "s/^$each inet .*/- $each inet/p" "$dir/state"; done
		} | awk '$1 == "-" && $3 ~ /^(inet6?|link-local|mtu|master)$/ { print $2 "/" ($3 ~ /^m/ ? $3 : "address") }' | tr '\n' ' '
	)
	ifconfig -A | awk -v lost=" $lost" '
		function has(what) { return index(lost, " " $1 "/" what " ") > 0 }
		/^[a-z]/ { holder = $1; sub(/:$/, "", holder) }
		holder ~ /^(veb|tpmr)[0-9]/ && /^\t[a-z]+[0-9]+ flags=/ && $1 !~ /^vport/ && has("address") {
			print holder, $1, (holder ~ /^veb/ && /[<,]SPAN[>,]/ ? "delspan" : "del")
		}
		holder ~ /^trunk[0-9]/ && /^\t\t[a-z]+[0-9]+ port / {
			ports[holder] = $1 " " ports[holder]
			if (has("mtu") || index(lost, " " holder "/master ")) leave[holder] = 1
		}
		END {
			for (each in leave) {
				count = split(ports[each], port, " ")
				for (i = 1; i <= count; i++) print each, port[i], "-trunkport"
			}
		}
	'
}

# What differs: `- LINE` was so before, `+ LINE` is so now.
print_difference() {
	print_state | diff "$dir/state" - | sed -n 's/^< /- /p;s/^> /+ /p' | awk '
		{ lines[NR] = $0; if ($3 == "of" && $4 ~ /^tap/) signs[$1, $2, $4] = 1 }
		END {
			for (i = 1; i <= NR; i++) {
				split(lines[i], word, " ")
				if (word[3] != "of" || word[4] !~ /^tap/ || (signs["-", word[2], word[4]] && signs["+", word[2], word[4]])) print lines[i]
			}
		}
	'
}

# What is now and was not before, is told to interfaces to be no more; and what they had, to be again. $1 is `+` or `-`; with more,
# those interfaces alone are told.
tell_difference() {
	wanted=$1
	shift
	print_difference | while read -r sign name what value; do
		[ "$sign" = "$wanted" ] || continue
		case " ${*:-$name} " in *" $name "*) ;; *) continue ;; esac
		# What commands may not be about, or has gone, is none of ours.
		case $name in sysctl | vmd | dhcpd | pass | block | match | anchor | route) continue ;; esac
		[ ! -L "$dir/loopback.$name" ] && ifconfig "$name" >/dev/null 2>&1 || continue
		# shellcheck disable=SC2086 # Words of ifconfig.
		case "$sign $what" in
		'+ flag') words_of_flag "$value" && ifconfig "$name" "$off" ;;
		'- flag') words_of_flag "$value" && ifconfig "$name" "$on" ;;
		'+ rdomain')
			value=$(sed -n "s/^$name rdomain //p" "$dir/state")
			ifconfig "$name" rdomain "${value:-0}"
			;;
		'- mtu' | '- group') ifconfig "$name" "$what" "$value" ;;
		'+ group' | '+ wgpeer' | '+ trunkport') ifconfig "$name" "-$what" "$value" ;;
		'- trunkport') ifconfig "$name" trunkport "$value" ;;
		'+ inet' | '+ inet6') ifconfig "$name" "$what" "${value%% *}" delete ;;
		'- inet') ifconfig "$name" inet alias $value ;;
		'- inet6') ifconfig "$name" inet6 $value ;;
		'+ link-local') ifconfig "$name" -inet6 ;;
		'- link-local') ifconfig "$name" inet6 eui64 ;;
		'+ member') ifconfig "$name" "$(word_for del "$name" "$value")" "${value%% *}" ;;
		'- member')
			ifconfig "$name" "$(word_for add "$name" "$value")" "${value%% *}"
			tell_port "$name" "${value%% *}"
			tell_rules "$name" "${value%% *}"
			;;
		# A peer of wg(4) comes again with what its line says; nothing else takes of it what others had said.
		'+ of' | '- of')
			case $sign$name in
			+wg*) ifconfig "$name" -wgpeer "${value%% *}" ;;
			-wg*) ;;
			*) tell_port "$name" "${value%% *}" ;;
			esac
			;;
		'+ pvlan') each_pvlan "$value" | sort -r | while read -r words; do ifconfig "$name" -$words; done ;;
		'- pvlan') each_pvlan "$value" | while read -r words; do ifconfig "$name" $words; done ;;
		'+ description:') ifconfig "$name" -description ;;
		'- description:') ifconfig "$name" description "$value" ;;
		'- encap:') tell_vnetid "$name" $value ;;
		# A parent, or the ends of a tunnel, are set again only while it is down.
		'+ encap:' | '+ tunnel:') case $name in veb*) ;; *) ifconfig "$name" down ;; esac ;;
		esac 2>/dev/null
	done
	return 0
}

# word_for add|del HOLDER 'PORT FLAGS': of span ports there is another. A tpmr shows each of its ports as one.
word_for() {
	case "$2 $3" in
	tpmr*) echo "$1" ;;
	*[\<,]SPAN[\>,]*) echo "$1span" ;;
	*) echo "$1" ;;
	esac
}

# The layer 2 rules of a port that comes without any, in their order. What its holder starts with has brought them already.
tell_rules() {
	! ifconfig "$1" | grep -q -E -e "^	+(rule )?(pass|block) .* on $2( |\$)" || return 0
	sed -n "s/^$1 rule \([0-9]*\) \(.* on $2\)/\1 \2/p" "$dir/state" | grep -E -e " on $2( |\$)" | sort -n | while read -r number words; do
		# shellcheck disable=SC2086 # Words of ifconfig.
		ifconfig "$1" rule $words
	done
}

# A port of a bridge or veb, as the lines of before have it: its flags, and its VLANs and domains. A locked one can have no others.
tell_port() {
	of=$(sed -n -e "/ flags </d" -e "s/^$1 of $2 //p" "$dir/state" | tr '\n' ' ')
	flags=$(sed -n -e "s/^$1 member $2 //p" -e "s/^$1 of $2 flags //p" "$dir/state")
	[ -z "$flags" ] || for each in -locked learn discover blocknonip pvptags locked; do
		case "$flags," in *[\<,]"$(flag_of "${each#-}")"[\>,]*) [ "$each" = -locked ] || ifconfig "$1" "$each" "$2" ;; *) ifconfig "$1" "-${each#-}" "$2" ;; esac
	done
	case $of in
	*-untagged*) ifconfig "$1" -untagged "$2" ;;
	*untagged*) ifconfig "$1" untagged "$2" "$(word_after untagged "$of")" ;;
	esac
	case $of in
	*'tagged: none'*) ifconfig "$1" tagged "$2" none ;;
	*tagged:*) ifconfig "$1" tagged "$2" "=$(word_after tagged: "$of")" ;;
	*untagged*) ifconfig "$1" tagged "$2" none ;;
	esac
	case $of in
	*protected*) ifconfig "$1" protected "$2" "$(word_after protected "$of")" ;;
	*) ifconfig "$1" -protected "$2" ;;
	esac
}

flag_of() {
	case $1 in learn) echo LEARNING ;; *) echo "$1" | tr '[:lower:]' '[:upper:]' ;; esac
}

word_after() {
	echo " $2" | sed "s/.* $1 \([^ ]*\).*/\1/"
}

# The VLAN of ports that are added to a veb from here on.
tell_vnetid() {
	case "$1 $2 $3" in
	"veb"*' vnetid none') ifconfig "$1" -vnetid ;;
	"veb"*' vnetid '*) ifconfig "$1" vnetid "$3" ;;
	esac
}

# `30 isolated 31 community 32,33`, as words of ifconfig: the primary one first.
each_pvlan() {
	echo "$1" | awk '
		{
			print "pvlan", $1
			if ($3 != "none") print "pvlan-isolated", $1, $3
			count = split($5, vlan, ",")
			for (i = 1; i <= count; i++) {
				split(vlan[i], ends, "-")
				for (v = ends[1]; v <= (ends[2] == "" ? ends[1] : ends[2]); v++) print "pvlan-community", $1, v
			}
		}
	'
}

# The words of ifconfig(8) for a flag; none for what a driver sets itself.
words_of_flag() {
	case $1 in
	UP) on=up off=down ;;
	LINK[012]) on=link${1#LINK} off=-link${1#LINK} ;;
	DEBUG) on=debug off=-debug ;;
	*) return 1 ;;
	esac
}
