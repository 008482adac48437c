/** For tests and docs/diagnostics.md: rules that pfctl takes and that still go wrong. */
import type { ExamplesOf } from "../../text/example.testing.ts";
import type { PfLintCode } from "./lint.ts";

export const pfLintExamples: ExamplesOf<PfLintCode> = {
	"pf/redundant-keep-state": {
		fault: `//- /etc/pf.conf
pass out proto tcp keep state
`,
	},
	"pf/redundant-flags": {
		fault: `//- /etc/pf.conf
pass in proto tcp to port www flags S/SA
`,
	},
	"pf/deprecated-spelling": {
		fault: `//- /etc/pf.conf
queue main on em0 bandwidth 9M
queue q parent main bandwidth 9M default
pass queue q
`,
	},
	"pf/negated-list": {
		fault: `//- /etc/pf.conf
block in from { ! 10.0.0.0/8 ! 172.16.0.0/12 }
`,
	},
	"pf/negated-interfaces": {
		fault: `//- /etc/pf.conf
block on { ! em0 ! em1 }
`,
	},
	"pf/state-of-reply": {
		fault: `//- /etc/pf.conf
pass in inet proto icmp icmp-type echorep
`,
	},
	"pf/synproxy-out": {
		fault: `//- /etc/pf.conf
pass out proto tcp synproxy state
`,
	},
	"pf/modulate-any-flags": {
		fault: `//- /etc/pf.conf
pass out proto tcp flags any modulate state
`,
	},
	"pf/translate-any-flags": {
		fault: `//- /etc/pf.conf
pass out on egress inet proto tcp flags any nat-to (egress)
`,
	},
	"pf/received-on-in": {
		fault: `//- /etc/pf.conf
pass in on em0 received-on em1
`,
	},
	"pf/empty-range": {
		fault: `//- /etc/pf.conf
pass proto tcp to port 80 >< 81
`,
	},
	"pf/nat-without-family": {
		fault: `//- /etc/pf.conf
match out on egress nat-to (egress)
`,
	},
	"pf/rdr-to-loopback": {
		fault: `//- /etc/pf.conf
pass in on egress inet proto tcp to port 8080 rdr-to 127.0.0.1 port 80
`,
	},
	"pf/no-df-without-random-id": {
		fault: `//- /etc/pf.conf
match in all scrub (no-df)
`,
	},
	"pf/log-all-stateless": {
		fault: `//- /etc/pf.conf
block log (all)
`,
	},
	"pf/user-without-self": {
		fault: `//- /etc/pf.conf
pass in proto tcp to port www user www
`,
	},
	"pf/no-default-block": {
		fault: `//- /etc/pf.conf
pass in on egress proto tcp to port ssh
`,
	},
	"pf/loopback-blocked": {
		fault: `//- /etc/pf.conf
block all
pass out on egress
`,
	},
	"pf/one-way": {
		fault: `//- /etc/pf.conf
block all
match out on egress inet nat-to (egress)
pass in
`,
	},
	"pf/neighbour-discovery-blocked": {
		fault: `//- /etc/pf.conf
block all
pass out inet6 proto tcp
`,
	},
	"pf/unused-macro": {
		fault: `//- /etc/pf.conf
wan = "em0"
pass out
`,
	},
	"pf/unused-table": {
		fault: `//- /etc/pf.conf
table <lan> { 10.0.0.0/8 }
pass out
`,
	},
	"pf/undefined-table": {
		fault: `//- /etc/pf.conf
block in from <bad>
`,
	},
	"pf/tag-never-set": {
		fault: `//- /etc/pf.conf
pass in on em1 tag LAN
pass out on egress tagged lan
`,
	},
	"pf/tag-never-tested": {
		fault: `//- /etc/pf.conf
pass in on em1 tag LAN
`,
	},
	"pf/single-address-table": {
		fault: `//- /etc/pf.conf
table <dns> const { 10.0.0.53 }
pass out to <dns>
`,
	},
	"pf/empty-table": {
		fault: `//- /etc/pf.conf
table <web> const { }
pass in to <web>
`,
	},
	"pf/table-in-braces": {
		fault: `//- /etc/pf.conf
anchor "web" {
	table <web> { 192.0.2.1 }
	pass in to <web>
}
`,
	},
	"pf/repeated-address": {
		fault: `//- /etc/pf.conf
table <a> { 10.0.0.1 10.0.0.1 }
pass to <a>
`,
	},
	"pf/idle-negation": {
		fault: `//- /etc/pf.conf
table <a> { 10.0.0.0/8 !192.168.0.1 }
pass to <a>
`,
	},
	"pf/covered-address": {
		fault: `//- /etc/pf.conf
table <a> { 10.0.0.0/8 10.1.2.3 }
pass to <a>
`,
	},
	"pf/overload-without-block": {
		fault: `//- /etc/pf.conf
table <bad> persist
pass in proto tcp to port ssh keep state (max-src-conn 9, overload <bad>)
`,
	},
	"pf/overload-constant": {
		fault: `//- /etc/pf.conf
table <bad> const { 192.0.2.1 }
block in quick from <bad>
pass in proto tcp to port ssh keep state (max-src-conn 9, overload <bad>)
`,
	},
	"pf/queue-never-filled": {
		fault: `//- /etc/pf.conf
queue main on em0 bandwidth 9M
queue std parent main bandwidth 8M default
queue web parent main bandwidth 1M
pass out
`,
	},
	"pf/bare-name": {
		fault: `//- /etc/pf.conf
wan = "em0"
pass in on wan
`,
	},
	"pf/own-address-exchanged": {
		fault: `//- /etc/pf.conf
pass in on egress proto tcp from (egress) to any port 22
`,
	},
	"pf/netmask-as-address": {
		fault: `//- /etc/pf.conf
block in from any to 255.255.254.0
`,
	},
	"pf/adaptive-never": {
		fault: `//- /etc/pf.conf
set timeout { adaptive.start 6000 adaptive.end 3000 }
pass
`,
	},
	"pf/adaptive-below-limit": {
		fault: `//- /etc/pf.conf
set limit states 20000
set timeout { adaptive.start 6000 adaptive.end 12000 }
pass
`,
	},
	"pf/table-redefined": {
		fault: `//- /etc/pf.conf
table <a> { 10.0.0.0/8 }
table <a> { 172.16.0.0/12 }
block from <a>
`,
	},
	"pf/service-as-source-port": {
		fault: `//- /etc/pf.conf
pass in proto tcp from any port 22
`,
	},
	"pf/statement-too-large": {
		fault: `//- /etc/pf.conf
ports = "{ 1 2 3 4 5 6 7 8 9 }"
hosts = "{ 10.0.0.1 10.0.0.2 10.0.0.3 10.0.0.4 10.0.0.5 10.0.0.6 }"
pass proto { tcp udp } from $hosts port $ports to $hosts port $ports user $ports
`,
	},
	"pf/ruleset-too-large": {
		fault: `//- /etc/pf.conf
ports = "{ 1 2 3 4 5 6 7 8 9 }"
hosts = "{ 10.0.0.1 10.0.0.2 10.0.0.3 10.0.0.4 10.0.0.5 10.0.0.6 }"
pass proto tcp from $hosts port $ports to $hosts port $ports user $ports
pass proto tcp from $hosts port $ports to $hosts port $ports user $ports
pass proto tcp from $hosts port $ports to $hosts port $ports user $ports
pass proto tcp from $hosts port $ports to $hosts port $ports user $ports
pass proto tcp from $hosts port $ports to $hosts port $ports user $ports
pass proto tcp from $hosts port $ports to $hosts port $ports user $ports
pass proto tcp from $hosts port $ports to $hosts port $ports user $ports
pass proto tcp from $hosts port $ports to $hosts port $ports user $ports
`,
	},
	"pf/unused-limiter": {
		fault: `//- /etc/pf.conf
state limiter dns id 3 limit 500
pass in proto udp to port domain
`,
	},
	"pf/limiter-refused": {
		fault: `//- /etc/pf.conf
source limiter scan id 7 entries 1000 limit 100 rate 0/10
pass in source limiter scan
`,
	},
	"pf/limiter-table-never-filled": {
		fault: `//- /etc/pf.conf
table <flood> persist
source limiter scan id 7 entries 1000 limit 100 table <flood> above 200
pass in source limiter scan
`,
	},
	"pf/network-host-bits": {
		fault: `//- /etc/pf.conf
block in from 172.16.0.0/8
`,
	},
	"pf/comment-goes-on": {
		fault: "//- /etc/pf.conf\nblock all\n# pass out on em1 \\\npass in proto tcp to port ssh\npass in on em1\n",
	},
	"pf/nat-in-to-self": {
		fault: `//- /etc/pf.conf
match in on em1 inet from 10.0.0.0/24 nat-to (em0)
`,
	},
	"pf/source-limit-not-tcp": {
		fault: `//- /etc/pf.conf
pass in proto udp to port domain keep state (max-src-conn 10)
`,
	},
	"pf/queue-with-children": {
		fault: `//- /etc/pf.conf
queue main on em0 bandwidth 9M
queue std parent main bandwidth 1M default
queue web parent main bandwidth 8M
queue large parent web bandwidth 2M
pass out proto tcp to port 80 set queue web
pass out proto tcp to port 81 set queue large
`,
	},
};
