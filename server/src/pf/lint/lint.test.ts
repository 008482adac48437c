import { describe, expect, test, vi } from "vitest";
import { shareOf } from "../../../../test/share.ts";
import type { Fix } from "../../text/diagnostic.ts";
import { exampleText } from "../../text/example.testing.ts";
import { PfFile } from "../editor/file.ts";
import { type StatementNode, StatementReader } from "../editor/statement-node.ts";
import { Environment } from "../grammar/environment.ts";
import { systemOf } from "../ruleset/dryrun.ts";
import { FactCounts } from "./fact-counts.ts";
import { pfLintExamples } from "./lint.testing.ts";
import { linter, pfLintDiagnostics } from "./lint.ts";
import type { PfCheck } from "./lint-check.ts";
import { effectChecks } from "./lint-effects.ts";
import { ruleChecks } from "./lint-rules.ts";
import { slipChecks } from "./lint-slips.ts";
import { bitsOf, subjectsOfRule } from "./subjects.ts";

// The real ones are a thousand times as large, and the tests would take as much longer.
vi.mock("../grammar/limits.ts", async (original) => ({
	...(await original<typeof import("../grammar/limits.ts")>()),
	MAX_RULES: 200,
	MAX_RULES_OF_STATEMENT: 50,
}));

const PF_CONF = "/etc/pf.conf";

const lint = (text: string, path = PF_CONF, files: Readonly<Record<string, string>> = {}) =>
	PfFile.parse(text, { path, readFile: (name) => files[name] })
		.diagnostics()
		.filter(({ code }) => code in pfLintDiagnostics);

const QUEUES = "queue main on em0 bandwidth 9M\nqueue std parent main bandwidth 8M default\nqueue web parent main bandwidth 1M\n";

/** The text, and the words that are reported; nothing where the text has no fault. */
type Case = readonly [code: string, text: string, words: string | undefined];

const TEN = 'p = "{ 1 2 3 4 5 6 7 8 9 10 }"\n';
/** A rule of 50, which is as many as one statement may make. */
const LARGE = "pass proto tcp from any port $p to { 10.0.0.1 10.0.0.2 10.0.0.3 10.0.0.4 10.0.0.5 }";
const LARGER = LARGE.replace("tcp", "{ tcp udp }");

const cases: readonly Case[] = [
	["pf/redundant-keep-state", "pass out keep state", "keep state"],
	["pf/redundant-keep-state", "pass out keep state (max 9)", undefined],
	["pf/redundant-keep-state", "pass out keep state \\\n\t(max 9)", undefined],
	["pf/redundant-keep-state", 'o = "(max 9)"\npass out keep state $o', undefined],
	["pf/redundant-keep-state", 'o = "(max 9)"\npass out keep state \\\n\t$o', undefined],
	["pf/redundant-keep-state", 'o = "label a"\npass out keep state $o', "keep state"],
	["pf/redundant-flags", "pass in proto tcp flags S/SA", "flags S/SA"],
	["pf/redundant-flags", "pass in proto tcp flags S/SA no state", undefined],
	["pf/redundant-flags", "pass in proto tcp flags S/SAFR", undefined],
	["pf/deprecated-spelling", `${QUEUES}pass queue web`, "queue"],
	["pf/deprecated-spelling", `${QUEUES}pass set queue web`, undefined],
	["pf/negated-list", "block from { ! 10.0.0.1 ! 10.0.0.2 }", "from"],
	["pf/negated-list", "block from ! 10.0.0.1 to { 10.0.0.2 10.0.0.3 }", undefined],
	["pf/negated-interfaces", "block on { ! em0 ! em1 }", "on"],
	["pf/negated-interfaces", "block on ! em0", undefined],
	["pf/negated-interfaces", "antispoof quick for { em0 em1 }", undefined],
	["pf/state-of-reply", "pass inet proto icmp icmp-type echorep", "icmp-type echorep"],
	["pf/state-of-reply", "pass inet proto icmp icmp-type echoreq", undefined],
	["pf/synproxy-out", "pass out proto tcp synproxy state", "synproxy state"],
	["pf/synproxy-out", "pass in proto tcp synproxy state", undefined],
	["pf/synproxy-out", 'anchor "a" in {\n\tpass proto tcp synproxy state\n}', undefined],
	["pf/synproxy-out", 'anchor "a" {\n\tpass proto tcp synproxy state\n}', "synproxy state"],
	["pf/modulate-any-flags", "pass proto tcp flags any modulate state", "flags any"],
	["pf/modulate-any-flags", "pass proto tcp modulate state", undefined],
	["pf/translate-any-flags", "pass out inet proto tcp flags any nat-to 192.0.2.1", "flags any"],
	["pf/translate-any-flags", "pass out inet proto tcp nat-to 192.0.2.1", undefined],
	["pf/received-on-in", "pass in on em0 received-on em1", "received-on em1"],
	["pf/received-on-in", "pass out on em0 received-on em1", undefined],
	["pf/empty-range", "pass proto tcp to port 80 >< 81", "port"],
	["pf/empty-range", "pass proto tcp to port 80 >< 82", undefined],
	["pf/nat-without-family", "match out on egress nat-to (egress)", "nat-to"],
	["pf/nat-without-family", "block\nmatch out on egress nat-to (egress)\npass out inet", undefined],
	["pf/nat-without-family", "block\nmatch out on egress nat-to (egress)\npass out", "nat-to"],
	["pf/nat-without-family", "match out on egress nat-to (egress)\npass out inet", "nat-to"],
	["pf/nat-without-family", "match out on egress inet nat-to (egress)", undefined],
	...(
		[
			["from em1:network", undefined],
			["from any to ! em1:network", "nat-to"],
			["from ! em1", "nat-to"],
			["from www.example.com", undefined],
			["from (em1:network)", undefined],
			["from ! (em1)", "nat-to"],
			["from <four>", undefined],
			["from <six>", "nat-to"],
			["from ! <four>", "nat-to"],
			["from <nothing>", undefined],
			["from any to <four>", undefined],
			["tagged FOUR", undefined],
			["tagged BOTH", "nat-to"],
			["! tagged FOUR", "nat-to"],
			["tagged ELSEWHERE", undefined],
			["proto icmp", undefined],
			["received-on em1", "nat-to"],
		] as const
	).map(([what, words]): Case => {
		const before = "table <four> { 10/8 }\ntable <six> { 10/8 2001:db8::/32 }\nmatch in inet tag FOUR\nmatch in on em2 tag BOTH\n";
		return ["pf/nat-without-family", `${before}match out on em0 ${what} nat-to (em0)`, words];
	}),
	["pf/nat-without-family", 'anchor "a" out inet {\n\tmatch out on em0 nat-to (em0)\n}', undefined],
	["pf/nat-without-family", 'anchor "a" out {\n\tmatch out on em0 nat-to (em0)\n}', "nat-to"],
	["pf/rdr-to-loopback", "pass in rdr-to 127.0.0.1", "rdr-to 127.0.0.1"],
	["pf/rdr-to-loopback", "pass in rdr-to ::1", "rdr-to ::1"],
	["pf/rdr-to-loopback", "pass in rdr-to 10.0.0.1", undefined],
	["pf/rdr-to-loopback", "pass in proto tcp to port smtp rdr-to 127.0.0.1 port spamd", undefined],
	["pf/rdr-to-loopback", "pass in proto tcp to port ftp rdr-to 127.0.0.1 port 8021", undefined],
	["pf/rdr-to-loopback", "pass in proto tcp rdr-to 127.0.0.1 port 8021:8022", "rdr-to 127.0.0.1"],
	["pf/rdr-to-loopback", "pass in proto tcp rdr-to 127.0.0.1 port 8080", "rdr-to 127.0.0.1"],
	["pf/deprecated-spelling", "altq on em0 cbq bandwidth 8Kb queue { a, b }", undefined],
	["pf/no-df-without-random-id", "match in scrub (no-df)", "no-df"],
	["pf/no-df-without-random-id", "match in scrub (no-df random-id)", undefined],
	["pf/log-all-stateless", "block log (all)", "log"],
	["pf/log-all-stateless", "pass log (all)", undefined],
	["pf/user-without-self", "pass in proto tcp user 67", "user"],
	["pf/user-without-self", "pass in proto tcp to (self) user 67", undefined],
	["pf/user-without-self", "block return out log proto { tcp udp } user 55", undefined],
	["pf/user-without-self", 'anchor "a" from (egress) {\n\tpass proto udp to port 123 user _ntp\n}', undefined],
	["pf/user-without-self", 'anchor "a" proto { tcp udp } to (self) {\n\tanchor {\n\t\tpass proto udp user 1\n\t}\n}', undefined],
	["pf/user-without-self", 'anchor "a" out {\n\tpass proto udp user 1\n}', undefined],
	["pf/user-without-self", 'anchor "a" on em0 {\n\tpass proto udp user 1\n}', "user"],
	["pf/no-default-block", "pass in", "pass in"],
	["pf/no-default-block", "block\npass in", undefined],
	["pf/loopback-blocked", "block all\npass out on em0", "block"],
	["pf/loopback-blocked", "set skip on lo\nblock all", undefined],
	["pf/loopback-blocked", "block all\npass on lo0", undefined],
	["pf/loopback-blocked", "block all\npass from { self 10.0.0.0/8 }", undefined],
	["pf/loopback-blocked", "block all\npass to 127.0.0.0/8", undefined],
	["pf/loopback-blocked", "block all\npass from (lo0)", undefined],
	["pf/loopback-blocked", "block all\npass proto tcp from self to port 80", "block"],
	["pf/loopback-blocked", "block all\npass from ! self", "block"],
	["pf/neighbour-discovery-blocked", "block all\npass out inet6 proto tcp", "inet6"],
	["pf/neighbour-discovery-blocked", "block all\npass out inet6 proto tcp\npass inet6 proto icmp6", undefined],
	// Who only asks is not found by those who ask.
	["pf/neighbour-discovery-blocked", "block all\npass out\npass in inet6 proto tcp to port www", "inet6"],
	["pf/neighbour-discovery-blocked", "block in\npass out\npass in inet6 proto tcp to port www", "inet6"],
	["pf/neighbour-discovery-blocked", "block out\npass out\npass in inet6 proto tcp to port www", undefined],
	["pf/neighbour-discovery-blocked", "block all\npass out\npass in inet proto tcp to port www", undefined],
	["pf/neighbour-discovery-blocked", "block all\npass out\npass out inet6 proto tcp to port www", undefined],
	["pf/neighbour-discovery-blocked", "block all\npass out\npass in inet6 proto tcp to port www\npass in proto icmp6", undefined],
	["pf/neighbour-discovery-blocked", 'block all\npass out\npass in inet6 proto tcp to port www\nanchor "nd"', undefined],
	["pf/neighbour-discovery-blocked", "block all\npass out\npass in on lo0 inet6 proto tcp to ::1 port 6660", undefined],
	["pf/one-way", "block all\nmatch out on em0 inet nat-to (em0)\npass in", "nat-to"],
	["pf/one-way", "block all\nmatch out on em0 inet nat-to (em0)\npass in\npass out", undefined],
	["pf/one-way", "block in\nmatch out on em0 inet nat-to (em0)\npass in on em1", undefined],
	["pf/one-way", "block\npass in on em0 inet proto tcp to port 80 rdr-to 10.0.0.2", "rdr-to"],
	["pf/one-way", "block\npass in on em0 inet proto tcp to port 80 rdr-to 127.0.0.1", undefined],
	["pf/one-way", "block\nmatch in on em0 inet proto tcp to port 80 rdr-to 10.0.0.2\npass out", "rdr-to"],
	["pf/one-way", "block\npass in proto tcp to port 80 no state", "state"],
	["pf/one-way", "block\npass in proto tcp to port 80 no state\npass out proto tcp from port 80 no state", undefined],
	["pf/one-way", "block\npass in proto tcp to port 22", undefined],
	["pf/unused-macro", 'wan = "em0"\npass out', "wan"],
	["pf/unused-macro", 'wan = "em0"\npass out on $wan', undefined],
	["pf/unused-macro", 'wan = "em0"', undefined],
	["pf/unused-table", "table <lan> { 10/8 }\npass out", "lan"],
	["pf/unused-table", "table <lan> persist\npass out", undefined],
	["pf/undefined-table", "block from <bad>", "bad"],
	["pf/undefined-table", "table <bad> persist\nblock from <bad>", undefined],
	["pf/tag-never-set", "pass out tagged LAN", "LAN"],
	["pf/tag-never-set", "pass in tag LAN\npass out tagged LAN", undefined],
	["pf/tag-never-tested", "pass in tag LAN", "LAN"],
	["pf/tag-never-tested", 'pass in tag LAN\nanchor "x"', undefined],
	["pf/single-address-table", "table <dns> const { 10.0.0.53 }\npass to <dns>", "dns"],
	["pf/single-address-table", "table <dns> const { 10.0.0.53 10.0.0.54 }\npass to <dns>", undefined],
	["pf/empty-table", "table <web> const { }\npass to <web>", "web"],
	["pf/empty-table", "table <web> persist\npass to <web>", undefined],
	["pf/empty-table", "table <web> const { www.example.com }\npass to <web>", undefined],
	["pf/empty-table", 'table <web> const file "/etc/not-here"\npass to <web>', undefined],
	["pf/table-in-braces", "anchor a {\n\ttable <web> { 10.0.0.1 }\n\tpass in to <web>\n}", "web"],
	["pf/table-in-braces", "table <web> { 10.0.0.1 }\nanchor a {\n\tpass in to <web>\n}", undefined],
	["pf/repeated-address", "table <a> { 10.0.0.1 10.0.0.1 }", "a"],
	["pf/repeated-address", "table <a> { 10.0.0.1 10.0.0.2 }", undefined],
	["pf/idle-negation", "table <a> { 10/8 !192.168.0.1 }", "a"],
	["pf/idle-negation", "table <a> { 10/8 !10.0.0.1 }", undefined],
	["pf/covered-address", "table <a> { 10/8 10.1.2.3 }", "a"],
	["pf/covered-address", "table <a> { 10/8 11.1.2.3 }", undefined],
	["pf/overload-without-block", "pass in keep state (max-src-conn 9, overload <bad>)", "overload"],
	["pf/overload-without-block", "block quick from <bad>\npass in keep state (max-src-conn 9, overload <bad>)", undefined],
	["pf/overload-without-block", "block from <bad>\npass in keep state (max-src-conn 9, overload <bad>)", "block from <bad>"],
	["pf/overload-without-block", "block from <bad>\npass in quick keep state (max-src-conn 9, overload <bad>)", "block from <bad>"],
	["pf/overload-without-block", "pass in keep state (max-src-conn 9, overload <bad>)\nblock from <bad>", undefined],
	["pf/overload-without-block", "pass in quick keep state (max-src-conn 9, overload <bad>)\nblock from <bad>", "block from <bad>"],
	["pf/overload-without-block", "match in from <bad> set prio 1\npass in keep state (max-src-conn 9, overload <bad>)", undefined],
	["pf/overload-without-block", "match in from <good> set prio 1\npass in keep state (max-src-conn 9, overload <bad>)", "overload"],
	["pf/adaptive-never", "set timeout { adaptive.start 6000, adaptive.end 3000 }", "adaptive.end"],
	["pf/adaptive-never", "set timeout adaptive.start 6000\nset timeout adaptive.end 6000", "adaptive.end"],
	["pf/adaptive-never", "set timeout { adaptive.start 6000, adaptive.end 12000 }", undefined],
	["pf/adaptive-never", "set timeout { adaptive.start 0, adaptive.end 0 }", undefined],
	["pf/adaptive-never", "set timeout adaptive.start 6000", undefined],
	["pf/adaptive-never", "set timeout adaptive.start 120000", "adaptive.start"],
	["pf/adaptive-never", "set timeout adaptive.end 60000", "adaptive.end"],
	["pf/adaptive-never", "set timeout adaptive.end 60001", undefined],
	["pf/adaptive-below-limit", "set limit states 12000\nset timeout { adaptive.start 6000, adaptive.end 12000 }", "adaptive.end"],
	["pf/adaptive-below-limit", "set limit states 10000\nset timeout { adaptive.start 6000, adaptive.end 12000 }", undefined],
	["pf/adaptive-below-limit", "set timeout { adaptive.start 6000, adaptive.end 12000 }", "adaptive.end"],
	["pf/adaptive-below-limit", "set timeout adaptive.end 100001", undefined],
	["pf/adaptive-below-limit", "set timeout adaptive.start 0", undefined],
	["pf/adaptive-below-limit", "set timeout adaptive.start 0\nset limit states 120000", "adaptive.start"],
	["pf/adaptive-below-limit", "set timeout { adaptive.start 0, adaptive.end 0 }", undefined],
	["pf/adaptive-below-limit", "set limit states 500000", undefined],
	["pf/adaptive-below-limit", "set limit { states 500000, frags 9 }\nset timeout adaptive.end 400000", "adaptive.end"],
	["pf/adaptive-below-limit", "set timeout { adaptive.start 6000, adaptive.end 3000 }", undefined],
	["pf/adaptive-below-limit", 'include "/etc/pf.limits"\nset timeout { adaptive.start 6000, adaptive.end 12000 }', undefined],
	["pf/adaptive-never", "set timeout { adaptive.start 6, adaptive.end 3 }\nset timeout adaptive.end 9", undefined],
	["pf/unused-limiter", "state limiter dns id 3 limit 5\npass", "dns"],
	["pf/unused-limiter", "state limiter dns id 3 limit 5\npass state limiter dns", undefined],
	["pf/unused-limiter", "state limiter dns id 3 limit 5\npass state limiter id 3", undefined],
	["pf/unused-limiter", "source limiter dns id 3 entries 9 limit 5\nstate limiter dns id 4 limit 5\npass source limiter dns", "dns"],
	["pf/unused-limiter", "state limiter dns id 3 limit 5\nanchor {\n\tpass state limiter dns\n}", undefined],
	["pf/unused-limiter", 'state limiter dns id 3 limit 5\npass\nanchor "dns"', undefined],
	["pf/unused-limiter", "state limiter dns id 3 limit 5\npass state limiter dns stat", undefined],
	["pf/limiter-refused", "source limiter s id 1 entries 9 limit 5 rate 0/9\npass source limiter s", "s"],
	["pf/limiter-refused", "source limiter s id 1 entries 9 limit 5 rate 9/0\npass source limiter s", "s"],
	["pf/limiter-refused", "source limiter s id 1 entries 9 limit 5 rate 0/0\npass source limiter s", undefined],
	["pf/limiter-refused", "source limiter s id 1 entries 9 limit 5 table <t> above 0\npass source limiter s", "s"],
	["pf/limiter-refused", "source limiter s id 1 entries 9 limit 5 rate 9/9 table <t> above 1\npass source limiter s", undefined],
	["pf/limiter-table-never-filled", "source limiter s id 1 entries 9 limit 5 table <t> above 6\npass source limiter s", "s"],
	["pf/limiter-table-never-filled", "source limiter s id 1 entries 9 limit 5 table <t> above 5\npass source limiter s", undefined],
	["pf/overload-constant", "table <bad> const { 10.0.0.1 }\npass in keep state (max-src-conn 9, overload <bad>)", "overload"],
	["pf/overload-constant", "table <bad> persist\npass in keep state (max-src-conn 9, overload <bad>)", undefined],
	["pf/queue-never-filled", `${QUEUES}pass out`, "web"],
	["pf/queue-never-filled", `${QUEUES}pass set queue web`, undefined],
	["pf/bare-name", 'wan = "em0"\npass on wan', "wan"],
	["pf/bare-name", 'wan = "em0"\npass on $wan', undefined],
	["pf/netmask-as-address", 'sub = "255.255.254.0"\nblock in from any to $sub', "to"],
	["pf/netmask-as-address", "block in from 255.0.0.0", "from"],
	["pf/netmask-as-address", "block in to { 10.0.0.1 255.255.255.252 }", "to"],
	["pf/netmask-as-address", "block in to 255.255.255.255", undefined],
	["pf/netmask-as-address", "block in to 255.255.255.0/24", undefined],
	["pf/netmask-as-address", "block in to 255.0.255.0", undefined],
	["pf/netmask-as-address", "block in to 254.0.0.0", undefined],
	["pf/netmask-as-address", "block in inet6 to fe80::1", undefined],
	// A group may share its name with a table.
	["pf/bare-name", "table <dns> { 10.0.0.53 }\npass from dns", "dns"],
	["pf/bare-name", "table <dns> { 10.0.0.53 }\npass in on dns from dns:network to dns", undefined],
	["pf/bare-name", 'wan = "em0"\nset skip on wan', "wan"],
	["pf/bare-name", 'wan = "em0"\nqueue q on wan bandwidth 9M default', "wan"],
	["pf/bare-name", 'wan = "em0"\nantispoof for wan', "wan"],
	["pf/bare-name", 'wan = "em0"\npass out received-on wan', "wan"],
	["pf/bare-name", 'wan = "em0"\npass out inet nat-to (wan)', "wan"],
	["pf/bare-name", 'lan = "10/8"\npass from lan', "lan"],
	["pf/bare-name", 'lan = "10/8"\npass to { 192.0.2.1 lan }', "lan"],
	["pf/bare-name", 'lan = "10/8"\npass out inet nat-to lan', "lan"],
	["pf/bare-name", 'lan1 = "em1"\npass on lan1', "lan1"],
	// The value is the name itself, or the word is of another kind.
	["pf/bare-name", 'wan = "wan"\npass on wan', undefined],
	["pf/bare-name", 'wan = "em0"\npass on $wan tag wan label wan', undefined],
	["pf/bare-name", "table <bad> persist\nblock from bad", "bad"],
	["pf/bare-name", "table <bad> persist\nblock from <bad>", undefined],
	["pf/bare-name", "table <bad> persist\nblock on bad", undefined],
	["pf/own-address-exchanged", "pass in on egress proto tcp from (egress) to any port 22", "from"],
	["pf/own-address-exchanged", "pass in on em0 proto tcp from em0 to port 22", "from"],
	["pf/own-address-exchanged", 'wan = "em0"\npass in on $wan from ($wan)', "from"],
	["pf/own-address-exchanged", "pass in on em0 from self", "from"],
	["pf/own-address-exchanged", "pass out on em0 to (em0)", "to"],
	["pf/own-address-exchanged", "match out on em0 to (em0) set prio 1", "to"],
	["pf/own-address-exchanged", "pass in on egress proto tcp to (egress) port 22", undefined],
	["pf/own-address-exchanged", "pass out on em0 from (em0)", undefined],
	["pf/own-address-exchanged", "pass in on em0 from (em1)", undefined],
	["pf/own-address-exchanged", "pass in on em0 from em0:network", undefined],
	["pf/own-address-exchanged", "pass in on em0 from (em0:network)", undefined],
	["pf/own-address-exchanged", "pass in on em0 from ! (em0)", undefined],
	["pf/own-address-exchanged", "pass in on em0 to (em0:broadcast)", undefined],
	// A block of spoofed packets, what crosses lo0 or no interface in particular.
	["pf/own-address-exchanged", "block in on em0 from (em0)", undefined],
	["pf/own-address-exchanged", "pass in on lo0 from lo0", undefined],
	["pf/own-address-exchanged", "pass in from (em0)", undefined],
	["pf/own-address-exchanged", "pass on em0 from (em0)", undefined],
	["pf/table-redefined", "table <a> { 10/8 }\ntable <a> { 172.16/12 }", "a"],
	["pf/table-redefined", 'table <a> { 10/8 }\ntable <a> file "/etc/a"', "a"],
	["pf/table-redefined", "table <a> { 10/8 }\ntable <a> persist { 10/8 }", "a"],
	["pf/table-redefined", "table <a> { 10/8 }\ntable <a> { 10/8 }", undefined],
	["pf/table-redefined", 'table <a> { 10/8 }\nanchor "x" {\n\ttable <a> { 172.16/12 }\n}', undefined],
	["pf/table-redefined", "table <a> { 10/8 }\ntable <b> { 172.16/12 }", undefined],
	["pf/service-as-source-port", "pass in proto tcp from any port 22", "port 22"],
	["pf/service-as-source-port", "pass in proto tcp from any port { 22 80 443 }", "port {"],
	["pf/service-as-source-port", "pass proto { tcp udp } from 10/8 port imaps", "port imaps"],
	["pf/service-as-source-port", "pass out proto tcp from any port 80", "port 80"],
	["pf/service-as-source-port", "match in on em0 inet proto tcp from any port 80 rdr-to 10.0.0.1", "port 80"],
	["pf/service-as-source-port", "pass in proto tcp to port 22", undefined],
	// Active FTP, replies without state, high ports, and both ends known.
	["pf/service-as-source-port", "pass in proto tcp from any port ftp-data", undefined],
	["pf/service-as-source-port", "pass out proto tcp from any port 80 no state", undefined],
	["pf/service-as-source-port", "pass out proto tcp from any port 80 flags any", undefined],
	["pf/service-as-source-port", "pass in proto tcp from any port 40000", undefined],
	["pf/service-as-source-port", "pass in proto tcp from any port > 1023", undefined],
	["pf/service-as-source-port", "pass in proto udp from any port 53", undefined],
	["pf/service-as-source-port", "pass in proto tcp from any port 179 to any port 179", undefined],
	["pf/service-as-source-port", "block in proto tcp from any port 22", undefined],
	["pf/statement-too-large", `${TEN}pass in\n${LARGER}`, LARGER],
	["pf/statement-too-large", `${TEN}anchor "a" {\n\tpass in\n\t${LARGER}\n}`, LARGER],
	["pf/statement-too-large", `${TEN}${LARGE}`, undefined],
	["pf/ruleset-too-large", `${TEN}${`${LARGE}\n`.repeat(4)}pass out\npass in`, "pass out"],
	["pf/ruleset-too-large", `${TEN}${`${LARGE}\n`.repeat(4)}`, undefined],
	["pf/network-host-bits", "block from 8.8.8.0/12", "8.8.8.0/12"],
	["pf/network-host-bits", 'net = "10.1.0.0/8"\nblock from $net', "10.1.0.0/8"],
	["pf/network-host-bits", "table <a> { 10/8 !172.20.0.0/8 }\nblock from <a>", "172.20.0.0/8"],
	["pf/network-host-bits", "block from 2001:db8:1::/32", "2001:db8:1::/32"],
	// An address with the mask of its network, and what is no network.
	["pf/network-host-bits", "block from 192.168.1.1/24", undefined],
	["pf/network-host-bits", "block from 10.1.2.0/24 to { 10.1.2.0/32 10.1.2.0/23 10.1.3.0/23 }", "10.1.3.0/23"],
	["pf/network-host-bits", "block from 10.0.0.0/8 to 2001:db8::/32", undefined],
	["pf/network-host-bits", "block from 0.0.0.0/0 # 8.8.8.0/12", undefined],
	["pf/network-host-bits", 'block label "8.8.8.0/x"', undefined],
	["pf/network-host-bits", 'block label "8.8.8.0/12" tag "8.8.8.0/12" queue "8.8.8.0/12"', undefined],
	["pf/network-host-bits", 'table <a> persist file "/etc/8.8.8.0/12"\nblock from <a>', undefined],
	["pf/network-host-bits", 'anchor "8.8.8.0/12" {\n\tblock\n}', undefined],
	["pf/network-host-bits", "block label 8.8.8.0/12", undefined],
	["pf/network-host-bits", 'about = "not from 8.8.8.0/12 today"\nblock label $about', undefined],
	["pf/network-host-bits", 'block from "8.8.8.0/12" label "8.8.8.0/12"', "8.8.8.0/12"],
	["pf/network-host-bits", 'nets = "{ !8.8.8.0/12, $more em0:network }"', "8.8.8.0/12"],
	["pf/comment-goes-on", "block\n# pass out \\\npass in\nblock in", "# pass out \\"],
	["pf/comment-goes-on", "block # all \\\n  set skip on lo", "# all \\"],
	["pf/comment-goes-on", "block\n# pass out \\\n#pass in", undefined],
	["pf/comment-goes-on", "block\n# pass from { \\\n\t10/8 }\npass in", undefined],
	["pf/comment-goes-on", "pass in \\\n\ton em0\n# pass\npass out", undefined],
	["pf/nat-in-to-self", "match in on em1 nat-to (em0)", "nat-to ("],
	["pf/nat-in-to-self", "match out on em0 nat-to (em0)", undefined],
	["pf/nat-in-to-self", "match in on em1 nat-to 192.0.2.9", undefined],
	["pf/nat-in-to-self", "match on em0 inet from 10.0.0.9 binat-to (em0)", undefined],
	["pf/source-limit-not-tcp", "pass in proto udp keep state (max-src-conn 10)", "max-src-conn"],
	["pf/source-limit-not-tcp", "pass in proto { udp icmp } keep state (max-src-conn-rate 10/5)", "max-src-conn-rate"],
	["pf/source-limit-not-tcp", "pass in proto { tcp udp } keep state (max-src-conn 10)", undefined],
	["pf/source-limit-not-tcp", "pass in keep state (max-src-conn 10)", undefined],
	["pf/source-limit-not-tcp", "pass in proto udp keep state (max-src-states 10)", undefined],
	["pf/queue-with-children", `${QUEUES}queue large parent web bandwidth 1M\npass set queue web`, "queue web"],
	["pf/queue-with-children", `${QUEUES}queue large parent web bandwidth 1M\npass set queue (std, web)`, "queue ("],
	["pf/queue-with-children", `${QUEUES}queue large parent web bandwidth 1M\npass set queue large`, undefined],
];

test.each(cases)("%s: %s", (code, text, words) => {
	const found = lint(`${text}\n`).filter((diagnostic) => diagnostic.code === code);
	expect(found.map(({ span }) => text.slice(span.start, span.end))).toEqual(words === undefined ? [] : [words]);
});

test.each([
	"table <lan> { 10/8 }\nblock\nset skip on lo\npass prto tcp from <lan>\n",
	"table <bad> persist\nset skip on lo\nblock\npass in proto tcp keep state (overload <bad>, max-src-conn 10)\nblock in quick frm <bad>\n",
	"set skip on lo\nblock\npass in tag A\npass out taged A\n",
	"set skip on lo\nblock\npass in on em0 froom any tag A\npass out tagged A\n",
	"blok\npass in\n",
	"set skp on lo\nblock\npass out on em0\n",
])("what is missing is not said of a file with a statement that may have it: %j", (text) => {
	expect(lint(text).map(({ code }) => code)).toEqual([]);
});

test("every check has a text with its fault and one without", () => {
	for (const code of Object.keys(pfLintDiagnostics)) {
		const own = cases.filter(([one]) => one === code).map(([, , words]) => words === undefined);
		expect([...new Set(own)].sort(), code).toEqual([false, true]);
	}
});

test("what a check of rules applies to has what the check is about", () => {
	const examples = Object.values(pfLintExamples).map(exampleText);
	const rules = [...cases.map(([, text]) => `${text}\n`), ...examples].flatMap(
		(text) => PfFile.parse(text, { path: PF_CONF }).ruleset.main.rules,
	);
	const passedOver = Object.entries({ ...ruleChecks, ...slipChecks, ...effectChecks }).flatMap(([code, check]: [string, PfCheck]) =>
		check.scope === "rule" && rules.some((rule) => check.applies(rule) && (subjectsOfRule(rule) & bitsOf([check.about])) === 0)
			? [code]
			: [],
	);
	expect(passedOver).toEqual([]);
});

test("in a block the words of the rule at fault are marked, not those of the rule before it", () => {
	const text = 'anchor "a" {\n\tpass in proto tcp flags S/SAFR\n\tpass out proto tcp flags any modulate state\n\tblock log (all)\n}\n';
	const [flags, log] = ["pf/modulate-any-flags", "pf/log-all-stateless"].map((code) => lint(text).find((one) => one.code === code));
	expect(flags?.span.start).toBe(text.indexOf("flags any"));
	expect(log?.span.start).toBe(text.indexOf("log"));
});

describe("fixes", () => {
	const mended = (text: string, { edits }: Fix): string =>
		[...edits]
			.sort((x, y) => y.span.start - x.span.start)
			.reduce((rest, { span, text: own }) => rest.slice(0, span.start) + own + rest.slice(span.end), text);

	/** What has no fix: a person has to choose between ways that mean different things. */
	const without = [
		"pf/negated-interfaces",
		"pf/netmask-as-address",
		"pf/own-address-exchanged",
		"pf/no-default-block",
		"pf/one-way",
		"pf/rdr-to-loopback",
		"pf/tag-never-set",
		"pf/statement-too-large",
		"pf/ruleset-too-large",
		"pf/adaptive-never",
		"pf/adaptive-below-limit",
		"pf/limiter-refused",
		"pf/limiter-table-never-filled",
		"pf/nat-in-to-self",
		"pf/source-limit-not-tcp",
		"pf/queue-with-children",
	];

	test.each(Object.entries(pfLintExamples))("of %s take the fault away and make no error", (code, { fault }) => {
		const example = exampleText({ fault });
		const found = lint(example).find((diagnostic) => diagnostic.code === code);
		expect(found?.fixes?.length ?? 0).toBeGreaterThan(without.includes(code) ? -1 : 0);
		for (const fix of found?.fixes ?? []) {
			const after = PfFile.parse(mended(example, fix), { path: PF_CONF }).diagnostics();
			expect(after.filter((one) => one.code === code || one.severity === "error")).toEqual([]);
		}
	});

	test.each([
		["pass out proto tcp flags S/SA keep state", ["pass out proto tcp keep state", "pass out proto tcp flags S/SA"]],
		[`${QUEUES}pass queue web`, [`${QUEUES}pass set queue web`]],
		["pass in on em0\nblock all", ["pass in on em0\nset skip on lo\nblock all"]],
		['block\nlan = "em1" # c\npass', ["block\n# c\npass"]],
		["table <a> { 10/8 !172.16.0.1, 10.1.2.3/32 }\npass to <a>", ["table <a> { 10/8, 10.1.2.3/32 }\npass to <a>"]],
		["table <a> { 10.1.2.3/32, 10/8 }\npass to <a>", ["table <a> { 10/8 }\npass to <a>"]],
		["match out on { em0 em1 } tag A nat-to (em0)\npass tagged A", ["match out on { em0 em1 } inet tag A nat-to (em0)\npass tagged A"]],
		["pass in on em0 received-on em0", ["pass in on em0"]],
		["pass in inet proto icmp icmp-type { echoreq, echorep, 3 }", ["pass in inet proto icmp icmp-type { echoreq, 3 }"]],
		["block in log (all, to pflog1) on em0", ["block in log (to pflog1) on em0"]],
		["pass in proto { tcp udp } user 1", ["pass in proto { tcp udp } to self user 1"]],
		["pass in proto tcp all user 1", ["pass in proto tcp to self user 1"]],
		['anchor "a" {\n\tblock from <bad>\n}', ['table <bad> persist\nanchor "a" {\n\tblock from <bad>\n}']],
		['pass in tag "A B" # c\n', ["pass in # c\n"]],
		["nat on em0 from 10.0.0.0/8 to any -> (em0) # c", ["match out on em0 from 10.0.0.0/8 to any nat-to (em0) # c"]],
		["table <a> {\n\t10.0.0.1,\n\t10.0.0.2\n}\npass from <a>", ["table <a> {\n\t10.0.0.1\n\t10.0.0.2\n}\npass from <a>"]],
		["pass proto icmp icmp-type echoreq", ["pass inet proto icmp icmp-type echoreq"]],
		["pass in to port 80", ["pass in proto tcp to port 80", "pass in proto { tcp udp } to port 80"]],
		['"my net" = "10.0.0.0/8"', ['my_net = "10.0.0.0/8"']],
		['wan = "em0"\npass in on wan', ['wan = "em0"\npass in on $wan']],
		["table <bad> persist\nblock from bad", ["table <bad> persist\nblock from <bad>"]],
		["table <a> { 10/8, 11/8 }\ntable <a> { 172.16/12 }\nblock from <a>", ["table <a> { 10/8, 11/8 172.16/12 }\nblock from <a>"]],
		["pass in proto tcp from any port { 22, 80 } keep state (max 9)", ["pass in proto tcp from any to port { 22, 80 } keep state (max 9)"]],
		['web = "{ 80 443 }"\npass in proto tcp to port web', ['web = "{ 80 443 }"\npass in proto tcp to port $web']],
	] as const)("%s", (text, expected) => {
		const all = PfFile.parse(text, { path: PF_CONF }).diagnostics();
		const fixed = all
			.filter(({ code }) => code !== "pf/no-default-block")
			.flatMap(({ fixes = [] }) => fixes.map((fix) => mended(text, fix)));
		expect([...new Set(fixed)]).toEqual(expect.arrayContaining([...expected]));
	});
});

test("no fix makes an error where a macro holds a word of the example, or its end", () => {
	const mended = (text: string, { edits }: Fix): string =>
		[...edits]
			.sort((x, y) => y.span.start - x.span.start)
			.reduce((rest, { span, text: own }) => rest.slice(0, span.start) + own + rest.slice(span.end), text);
	const errorsIn = (text: string): number =>
		PfFile.parse(text, { path: PF_CONF })
			.diagnostics()
			.filter(({ severity }) => severity === "error").length;
	for (const [, text] of shareOf(cases, 4)) {
		const start = text.lastIndexOf("\n") + 1;
		const words = text.slice(start).split(" ");
		for (let from = 1; from < words.length; from++)
			for (const to of new Set([from + 1, words.length])) {
				const value = words.slice(from, to).join(" ");
				if (value.includes('"') || value.includes("$")) continue;
				const rule = [...words.slice(0, from), "$zz", ...words.slice(to)].join(" ");
				const hidden = `zz = "${value}"\n${text.slice(0, start)}${rule}\n`;
				if (errorsIn(hidden) > 0) continue;
				for (const { code, fixes = [] } of lint(hidden))
					for (const fix of fixes) expect(errorsIn(mended(hidden, fix)), `${code} of ${hidden}`).toBe(0);
			}
	}
});

test("what stands in another file is left to it", () => {
	expect(lint('include "/etc/more"\n', PF_CONF, { "/etc/more": "block log (all)\n" })).toEqual([]);
});

test.each(["pass out tagged LAN", "pass in tag LAN"])(
	"a tag in an anchor's file may be the business of the rules that call it: %s",
	(text) => {
		const found = (path: string) => lint(text, path).filter(({ code }) => code.startsWith("pf/tag-never")).length;
		expect([found(PF_CONF), found("/etc/pf.vm/web01.conf")]).toEqual([1, 0]);
	},
);

test("checks of a whole file look at no statement where none has what they ask for", () => {
	const text = 'ext = "em0"\ntable <bad> persist\nblock in on $ext from <bad>\nmatch out on $ext inet nat-to 203.0.113.1\npass out\n';
	const reader = new StatementReader(PF_CONF, text, systemOf({}), new Environment(), 0);
	const nodes: StatementNode[] = [];
	for (let node = reader.next(9); node !== undefined; node = reader.next(9)) nodes.push(node);
	let looks = 0;
	const having = () => {
		looks++;
		return [];
	};
	linter.file({
		path: PF_CONF,
		text,
		nodes: { having },
		factCounts: FactCounts.of({
			each: (visit) => {
				for (const node of nodes) visit(node);
			},
		}),
	});
	expect(looks).toBe(0);
});
