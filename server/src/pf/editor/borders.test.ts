import { describe, expect, test } from "vitest";
import { dryRun } from "../ruleset/dryrun.ts";
import { MACHINE } from "../ruleset/testing.ts";
import { PfFile } from "./file.ts";

/** What follows from another message. */
const CONSEQUENCES: ReadonlySet<string> = new Set(["FILE:1: skipping rule due to errors", "FILE:1: rule expands to no valid combination"]);

/** At the borders of what is taken: what pfctl prints of a ruleset, or behind `!` what it says of one that it refuses. */
test.each<readonly [text: string, ...lines: readonly string[]]>([
	["pass in af-to inet from 192.0.2.9", "pass in inet6 all flags S/SA af-to inet from 192.0.2.9"],
	["pass in af-to inet6 from 2001:db8::9", "pass in inet all flags S/SA af-to inet6 from 2001:db8::9"],
	["pass in from 2001:db8::1 af-to inet from 192.0.2.9", "pass in inet6 from 2001:db8::1 to any flags S/SA af-to inet from 192.0.2.9"],
	["pass out nat-to 192.0.2.9", "pass out inet all flags S/SA nat-to 192.0.2.9"],
	[
		"pass out nat-to { 2001:db8::8 2001:db8::9 }",
		"table <__automatic_0> const { 2001:db8::8 2001:db8::9 }",
		"pass out inet6 all flags S/SA nat-to <__automatic_0> round-robin",
	],
	[
		"pass out from 10.0.0.1 nat-to { 192.0.2.8 192.0.2.9 }",
		"table <__automatic_0> const { 192.0.2.8 192.0.2.9 }",
		"pass out inet from 10.0.0.1 to any flags S/SA nat-to <__automatic_0> round-robin",
	],
	["pass in rdr-to { 10.0.0.1/33 10.0.0.2 }", "! pfctl: failed to add host: Invalid argument"],
	["pass in rdr-to { 10.0.0.1 10.0.0.2/33 }", "! pfctl: failed to add host: Invalid argument"],
	["pass proto udp flags any", "pass proto udp all"],
	["pass proto { tcp udp } flags S/SA", "pass proto tcp all flags S/SA", "pass proto udp all"],
	["pass proto tcp flags /S", "pass proto tcp all flags /S"],
	["pass proto tcp flags S/S", "pass proto tcp all flags S/S"],
	["pass flags any", "pass all flags any"],
	["match flags S/SA", "match all flags S/SA"],
	["match", "match all"],
	["pass fragment", "pass all fragment"],
	["pass no state", "pass all no state"],
	[
		"match on em0 inet proto tcp from 10.0.0.9 binat-to 192.0.2.9 user root group wheel",
		"match out on em0 inet proto tcp from 10.0.0.9 to any user = 0 group = 0 nat-to 192.0.2.9 static-port",
		"match in on em0 inet proto tcp from any to 192.0.2.9 user = 0 group = 0 rdr-to 10.0.0.9",
	],
	[
		"match on em0 inet proto icmp from 10.0.0.9 binat-to 192.0.2.9 icmp-type echoreq",
		"match out on em0 inet proto icmp from 10.0.0.9 to any icmp-type echoreq nat-to 192.0.2.9 static-port",
		"match in on em0 inet proto icmp from any to 192.0.2.9 icmp-type echoreq rdr-to 10.0.0.9",
	],
	[
		"match on em0 inet proto tcp from 10.0.0.9 os OpenBSD binat-to 192.0.2.9",
		'match out on em0 inet proto tcp from 10.0.0.9 os "OpenBSD" to any nat-to 192.0.2.9 static-port',
		'match in on em0 inet proto tcp from any os "OpenBSD" to 192.0.2.9 rdr-to 10.0.0.9',
	],
	[
		"block from em0/24",
		"block drop inet from 192.0.2.0/24 to any",
		"block drop inet from 192.0.2.0/24 to any",
		"block drop on em0 inet6 from fe80::/24 to any",
		"block drop inet6 from 2001:d00::/24 to any",
	],
	["{\npass", "! 1: syntax error"],
	["{ pass\npass", "! 1: syntax error"],
	["antispoof for em1 label a label b", "! 1: label cannot be redefined"],
	[
		"queue m on em0 bandwidth 9M\nqueue w parent m bandwidth 1M default\nqueue w on em0 parent m bandwidth 2M",
		"! pfctl: no default queue specified",
	],
	[
		"queue m on em0 bandwidth 9M\nqueue w on em0 parent m bandwidth 2M default\nqueue w parent m bandwidth 1M",
		"queue m on em0 bandwidth 9M",
		"queue w parent m bandwidth 2M default",
	],
	["queue m on em0 bandwidth 9M\nqueue w on em1 parent m bandwidth 2M default", "! pfctl: no default queue specified"],
	[
		"queue m on { em0 em1 } bandwidth 9M\nqueue w parent m bandwidth 2M default\nqueue v on em1 parent m bandwidth 3M",
		"queue m on em0 bandwidth 9M",
		"queue w parent m bandwidth 2M default",
		"queue m on em1 bandwidth 9M",
		"queue w parent m bandwidth 2M default",
		"queue v parent m bandwidth 3M",
	],
	["queue m on em0 bandwidth 9G default", "queue m on em0 bandwidth 9G default"],
	["queue m on em0 bandwidth 9K default", "queue m on em0 bandwidth 9K default"],
	["queue m on em0 bandwidth 900b default", "queue m on em0 bandwidth 900  default"],
	["queue m on em0 bandwidth 1.5Mb default", "queue m on em0 bandwidth 1500K default"],
	["queue m on em0 bandwidth 9MBit default", "queue m on em0 bandwidth 9M default"],
	["queue m on em0 bandwidth 9Mbits default", '! 1: unknown unit "Mbits"'],
	["queue m on em0 bandwidth 900 default", "queue m on em0 bandwidth 900  default"],
	["queue m on em0 bandwidth 9M min 1M max 5M default", "queue m on em0 bandwidth 9M, min 1M, max 5M default"],
	["queue m on em0 bandwidth 9M max 5M, min 1M default", "queue m on em0 bandwidth 9M, min 1M, max 5M default"],
	[
		"queue m on em0 bandwidth 5M burst 9M for 100ms min 1M burst 2M for 5ms default",
		"queue m on em0 bandwidth 5M burst 9M for 100ms, min 1M burst 2M for 5ms default",
	],
	["queue m on em0 bandwidth 5M burst 9M for 1s default", "! 1: time in scspec must be in ms"],
	["queue m on em0 bandwidth 5M burst 9M for ms default", "queue m on em0 bandwidth 5M default"],
	['queue m on em0 bandwidth 5M burst 9M for "+5ms" default', "queue m on em0 bandwidth 5M burst 9M for 5ms default"],
	["queue m on em0 bandwidth 5M default qlimit 0", "queue m on em0 bandwidth 5M default"],
	["queue m on em0 flows 0 default", "! 1: number of flows out of range: max 32767"],
	["queue m on em0 flows 1 quantum 0 default", "! 1: quantum out of range: max 65535"],
	["queue m on em0 bandwidth 5M default qlimit -1", "! 1: qlimit out of range: max 65535"],
	["set syncookies adaptive (start 0%)", "! 1: illegal percentage value"],
	["set syncookies adaptive (start 25)", "! 1: syntax error"],
	["set syncookies adaptive (start 25.9%)", "set syncookies adaptive (start 25%, end 12%)"],
	["set syncookies adaptive", "set syncookies adaptive"],
	["set syncookies never", "set syncookies never"],
	["pass proto tcp user 1 <> 9", "pass proto tcp all user 1 <> 9 flags S/SA"],
	["pass proto tcp user 1 >< 9", "pass proto tcp all user 1 >< 9 flags S/SA"],
	["pass proto tcp user unknown", "pass proto tcp all user = unknown flags S/SA"],
	[
		"pass proto tcp user { = 1 != 2 < 3 <= 4 > 5 >= 6 }",
		"pass proto tcp all user = 1 flags S/SA",
		"pass proto tcp all user != 2 flags S/SA",
		"pass proto tcp all user < 3 flags S/SA",
		"pass proto tcp all user <= 4 flags S/SA",
		"pass proto tcp all user > 5 flags S/SA",
		"pass proto tcp all user >= 6 flags S/SA",
	],
	["pass proto tcp to port 1 <> 9", "pass proto tcp from any to any port 1 <> 9 flags S/SA"],
	["pass proto tcp to port 9 >< 9", "! 1: invalid port range"],
	["pass proto tcp to port 9 <> 9", "pass proto tcp from any to any port 9 <> 9 flags S/SA"],
	["pass proto tcp to port 9 <> 8", "! 1: invalid port range"],
	["pass proto tcp to port 0x50", "pass proto tcp from any to any port = 80 flags S/SA"],
	[
		"pass proto tcp to port { www:443 ssh }",
		"pass proto tcp from any to any port 80:443 flags S/SA",
		"pass proto tcp from any to any port = 22 flags S/SA",
	],
	["pass max-pkt-rate 4294967296/1", "! 1: only positive values permitted"],
	["pass max-pkt-rate 1/4294967296", "! 1: only positive values permitted"],
	["pass max-pkt-rate -1/1", "! 1: only positive values permitted"],
	["pass max-pkt-rate 1/-1", "! 1: only positive values permitted"],
	["pass max-pkt-rate 4294967295/1", "pass all flags S/SA max-pkt-rate 4294967295/1"],
	["pass max-pkt-rate 0/1 max-pkt-rate 5/6", "pass all flags S/SA max-pkt-rate 5/6"],
	["pass prio -1", "! 1: prio must be 0 - 7"],
	["pass set prio (-1, 3)", "! 1: prio must be 0 - 7"],
	["pass set delay -1", "! 1: illegal delay value -1 (0-65535)"],
	["pass rtable -1", "! 1: invalid rtable id"],
	["pass tos 0x10z", "! 1: illegal tos value 0x10z"],
	["pass tos 0xff", "pass all flags S/SA tos 0xff"],
	["pass tos 0x100", "! 1: illegal tos value 0x100"],
	["pass tos EF", "pass all flags S/SA tos 0xb8"],
	["pass tos -1", "! 1: illegal tos value -1"],
	["match scrub (max-mss -1)", "! 1: illegal max-mss value -1"],
	["match scrub (min-ttl -1)", "! 1: illegal min-ttl value -1"],
	["match scrub (min-ttl 0, max-mss 0)", "match all"],
	["set reassemble no\npass divert-packet port 700", "set reassemble no ", "pass all flags S/SA divert-packet port 700"],
	[
		"set reassemble yes\npass divert-packet port 700",
		"set reassemble yes ",
		"pass all flags S/SA scrub (reassemble tcp) divert-packet port 700",
	],
	["set block-policy return\nblock", "set block-policy return", "block return all"],
	["set block-policy return\nblock drop", "set block-policy return", "block drop all"],
	["set block-policy drop\nblock", "set block-policy drop", "block drop all"],
	["block return-rst (ttl 0) proto tcp", "block return-rst proto tcp all"],
	["block return-rst (ttl -1) proto tcp", "! 1: illegal ttl value -1"],
	["block return-icmp (0x3)", "block return-icmp(port-unr, 3) all"],
	['block return-icmp ("256")', "! 1: invalid icmp code 256"],
	["block return-icmp (port-unr, noroute-unr)", "block return-icmp(port-unr, noroute-unr) all"],
	["block return-icmp6 (beyond-unr)", "block return-icmp(port-unr, beyond-unr) all"],
	["block return-icmp (-1)", "! 1: invalid icmp code -1"],
	["block log (to pflog)", "! 1: pflog: invalid"],
	['block log (to "pflog +1")', "block drop log (to pflog1) all"],
	["block log (all, matches, user, to pflog2)", "block drop log (all, matches, user, to pflog2) all"],
	["block log (to pflog2, to pflog0)", "block drop log (to pflog2) all"],
	["pass inet proto icmp icmp-type -1", "! 1: illegal icmp-type -1"],
	["pass inet proto icmp icmp-type 0 code 0", "pass inet proto icmp all icmp-type echorep code 0"],
	["pass inet6 proto icmp6 icmp6-type 1 code port-unr", "pass inet6 proto ipv6-icmp all icmp6-type unreach code port-unr"],
	[
		"pass inet6 proto icmp6 icmp6-type { 1 code 3, 128 }",
		"pass inet6 proto ipv6-icmp all icmp6-type unreach code addr-unr",
		"pass inet6 proto ipv6-icmp all icmp6-type echoreq",
	],
	["block on rdomain -1", "! 1: rdomain -1 outside range"],
	["block on rdomain 0", "block drop on rdomain 0 all"],
	["pass proto 0", "! 1: proto 0 cannot be used"],
	["pass proto -1", "! 1: protocol outside range"],
	["table <t> { ! 10.0.0.1 10.0.0.0/8 }", "table <t> { !10.0.0.1 10.0.0.0/8 }"],
	["table <t> const persist counters { }", "table <t> const persist counters { }"],
	["table <t> { 10.0.0.1 weight 65536 }", "! 1: weight out of range"],
	['table <t> file "/etc/addresses"', 'table <t> file "/etc/addresses"'],
	["set hostid 4294967296", "! 1: hostid must be non-zero"],
	['set hostid "0x10"', "set hostid 0x00000010"],
	["set timeout tcp.first 4294967296", "! 1: only positive values permitted"],
	["set limit states -1", "! 1: only positive values permitted"],
	["set limit states 4294967295", "set limit states -1"],
	["set loginterface all", "set loginterface all"],
	["set loginterface none", "set loginterface none"],
	["set skip on none", "set skip on none"],
	["set skip on { none lo0 }", "set skip on { none lo0 }"],
	["set skip on egress", "set skip on { egress }"],
	["set debug debug", "set debug debug"],
	['set debug "007"', "set debug 007"],
	['set debug "08"', '! pfctl: unknown debug level "08"', "! 1: error setting debuglevel 08"],
	["set reassemble no no-df", "set reassemble no no-df"],
	["pass probability 0%", "pass all flags S/SA probability 0%"],
	["block probability 0.5", "block drop all probability 50%"],
	["block probability 1", "block drop all probability 100%"],
	["block probability 2", "! 1: invalid probability: 200%"],
	["block probability 100%", "block drop all probability 100%"],
	["block probability -1%", "! 1: syntax error"],
	[
		"pass keep state (max-src-conn-rate 4294967/1)",
		"pass all flags S/SA keep state (source-track rule, max-src-conn-rate 4294967/1, src.track 1)",
	],
	["pass keep state (max 0, max 5)", "pass all flags S/SA keep state (max 5)"],
	["pass keep state (tcp.first 0, tcp.first 5)", "pass all flags S/SA keep state (tcp.first 5)"],
	['anchor "/a" {\npass\n}', "! 3: anchor paths containing '/' cannot be used for inline anchors."],
	['anchor "/a"', 'anchor "/a" all'],
	['anchor "a*"', 'anchor "a*" all'],
	['anchor "*"', 'anchor "*" all'],
	[
		'anchor a {\nanchor b {\npass\n}\nanchor "../c"\nanchor "/d/*"\n}',
		'anchor "a" all {',
		'  anchor "b" all {',
		"    pass all flags S/SA",
		"  }",
		'  anchor "../c" all',
		'  anchor "/d/*" all',
		"}",
	],
	["a = b c 9 d\npass on $a", "! 2: syntax error"],
	['a = "em0"\npass on $a\na = "em1"\npass on $a', 'a = "em0"', 'a = "em1"', "pass on em0 all flags S/SA", "pass on em1 all flags S/SA"],
	["pass from 10.0.0.1 - 10.0.0.1", "pass inet from 10.0.0.1 - 10.0.0.1 to any flags S/SA"],
	["pass from { any 10.0.0.1 }", "pass all flags S/SA"],
	[
		"pass from { { 10.0.0.1 10.0.0.2 } 10.0.0.3 }",
		"pass inet from 10.0.0.1 to any flags S/SA",
		"pass inet from 10.0.0.2 to any flags S/SA",
		"pass inet from 10.0.0.3 to any flags S/SA",
	],
	["pass from (em0)/24", "pass from (em0)/24 to any flags S/SA"],
	["pass from (em0:0:network)", "pass from (em0:network:0) to any flags S/SA"],
	["pass from (em0:network:peer)", "! 1: illegal combination of interface modifiers"],
	["pass inet from ! (em0)", "pass inet from ! (em0) to any flags S/SA"],
	["pass out ! received-on em0", "pass out all !received-on em0 flags S/SA"],
	["pass on ! { em0 em1 }", "! 1: syntax error"],
	["pass on { ! em0 em1 }", "pass on ! em0 all flags S/SA", "pass on em1 all flags S/SA"],
	['pass out tag "a b" tagged c', "pass out all flags S/SA tag a b tagged c"],
	['pass label ""', "pass all flags S/SA"],
	["pass queue (a, b)", "! 1: queue a is not defined"],
	["pass set (prio 1, tos 8, delay 5)", "pass all flags S/SA set (prio 1, tos 0x08, delay 5)"],
])("%j", (text, ...lines) => {
	const { accepted, stdout, stderr } = dryRun(`${text}\n`, MACHINE);
	const said = stderr.filter((line) => !CONSEQUENCES.has(line)).map((line) => `! ${line.replace(/^FILE:/, "")}`);
	expect(accepted ? [...said, ...stdout.slice(0, -1).split("\n")] : said).toEqual(lines);
});

describe("where nothing is known of the machine", () => {
	test.each<readonly [text: string, ...lines: readonly string[]]>([
		["block from em7/24", "block drop from em7 to any"],
		["block from a.example.org - b.example.org", "block drop from a.example.org to any"],
		["pass proto tcp to port newservice", "pass proto tcp from any to any port = 0 flags S/SA"],
		["pass in inet divert-to web.example.org port 80", "pass in inet all flags S/SA divert-to 0.0.0.0 port 80"],
		["pass proto tcp user nosuch", "pass proto tcp all user = 0 flags S/SA"],
	])("%j", (text, ...lines) => {
		const { accepted, stdout, stderr } = dryRun(`${text}\n`);
		expect(stderr).toEqual([]);
		expect(accepted).toBe(true);
		expect(stdout.slice(0, -1).split("\n")).toEqual(lines);
	});

	test("a port's name that looks like a slip is refused", () => {
		const found = PfFile.parse("pass proto tcp to port { htttp newservice }\n", { path: "/etc/pf.conf" }).diagnostics();
		expect(found.filter(({ code }) => code === "pf/unknown-name").map(({ severity, span }) => [severity, span])).toEqual([
			["error", { start: 25, end: 30 }],
		]);
	});
});

test("blocks without a name are numbered, and calls of anchors have their whole path", () => {
	const text = 'anchor {\npass\n}\nanchor a {\nanchor {\nblock\n}\nanchor "b/*"\nanchor "../c"\nanchor "/d"\n}\nanchor "*"\n';
	const { main, anchors } = PfFile.parse(text, { path: "/etc/pf.conf" }).ruleset;
	expect([...anchors.keys()]).toEqual(["_1", "a", "a/_3"]);
	const calls = [main, ...anchors.values()].flatMap(({ rules }) => rules.map(({ anchor }) => anchor).filter((call) => call !== undefined));
	expect(calls.map(({ path, wildcard }) => `${path}${wildcard ? " and what is below" : ""}`)).toEqual([
		"_1",
		"a",
		" and what is below",
		"a/_3",
		"a/b and what is below",
		"c",
		"d",
	]);
});

test("an entry of a table's file is negated by an odd number of marks", () => {
	const file = PfFile.parse('table <t> file "/etc/t"\n', {
		path: "/etc/pf.conf",
		readFile: () => "!10.0.0.1 !!10.0.0.2 10.0.0.3 # !10.0.0.4\n",
	});
	expect(file.ruleset.main.tables[0]?.entries.map(({ negated }) => negated)).toEqual([true, false, false]);
});
