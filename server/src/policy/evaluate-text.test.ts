import { expect, test } from "vitest";
import { MACHINE } from "../pf/ruleset/testing.ts";
import { evaluate } from "./evaluate-text.ts";

/** The verdict with the packet's ends after translation; a word in parentheses where no rule decides, and what it depends on. */
function answer(text: string, packet: string): string {
	const [found] = evaluate(`${text}\n`, [packet], MACHINE);
	if (found === undefined) return "";
	const { verdict, rule, translated, tag, dependsOn } = found;
	const conditions = dependsOn.map((one) => `if ${one.split(" of: ", 1)[0]}`);
	return [verdict, rule.startsWith("(") ? rule : "", translated, tag && `tagged ${tag}`, ...conditions].filter(Boolean).join(" ");
}

test.each([
	[
		"pass in inet6 to 64:ff9b::/96 af-to inet from 192.0.2.9",
		"in em1 tcp 2001:db8::5 4000 64:ff9b::c633:6407 80 S - -",
		"pass 192.0.2.9 * 198.51.100.7 80",
	],
	[
		"pass in inet6 to 2001:db8:100::/40 af-to inet from 192.0.2.9",
		"in em1 tcp 2001:db8::5 4000 2001:db8:1c6:3364:7:: 80 S - -",
		"pass 192.0.2.9 * 198.51.100.7 80",
	],
	[
		"pass in inet6 to 2001:db8::/32 af-to inet from 192.0.2.9",
		"in em1 tcp fd00::5 4000 2001:db8:c633:6407:: 80 S - -",
		"pass 192.0.2.9 * 198.51.100.7 80",
	],
	[
		"pass in inet6 to 2001:db8:122::/48 af-to inet from 192.0.2.9",
		"in em1 tcp fd00::5 4000 2001:db8:122:c633:64:700:: 80 S - -",
		"pass 192.0.2.9 * 198.51.100.7 80",
	],
	[
		"pass in inet6 to 2001:db8:122:300::/56 af-to inet from 192.0.2.9",
		"in em1 tcp fd00::5 4000 2001:db8:122:3c6:33:6407:: 80 S - -",
		"pass 192.0.2.9 * 198.51.100.7 80",
	],
	[
		"pass in inet6 to 2001:db8:122:344::/64 af-to inet from 192.0.2.9",
		"in em1 tcp fd00::5 4000 2001:db8:122:344:c6:3364:700:0 80 S - -",
		"pass 192.0.2.9 * 198.51.100.7 80",
	],
	[
		"pass in inet6 to 2001:db8:122::/50 af-to inet from 192.0.2.9",
		"in em1 tcp fd00::5 4000 2001:db8:122:: 80 S - -",
		"block fd00::5 4000 2001:db8:122:: 80",
	],
	[
		"pass in inet6 to 64:ff9b::c633:6407 af-to inet from 192.0.2.9",
		"in em1 tcp fd00::5 4000 64:ff9b::c633:6407 80 S - -",
		"pass 192.0.2.9 * 198.51.100.7 80",
	],
	[
		"pass in inet6 to any af-to inet from 192.0.2.9",
		"in em1 tcp fd00::5 4000 64:ff9b::c633:6407 80 S - -",
		"pass 192.0.2.9 * 198.51.100.7 80",
	],
	[
		"pass in inet6 to any af-to inet from 192.0.2.9 to 10.0.0.9",
		"in em1 tcp fd00::5 4000 64:ff9b::c633:6407 80 S - -",
		"pass 192.0.2.9 * 10.0.0.9 80",
	],
	[
		"pass in inet6 to any af-to inet from 192.0.2.9 to 10.0.0.0/24",
		"in em1 tcp fd00::5 4000 64:ff9b::c633:6407 80 S - -",
		"pass 192.0.2.9 * 10.0.0.7 80",
	],
	[
		"pass in inet6 proto tcp to any af-to inet from 192.0.2.9 to 10.0.0.9 port 8080",
		"in em1 tcp fd00::5 4000 64:ff9b::c633:6407 80 S - -",
		"pass 192.0.2.9 * 10.0.0.9 8080",
	],
	[
		"pass in inet to any af-to inet6 from 2001:db8::9",
		"in em1 tcp 10.0.0.5 4000 198.51.100.7 80 S - -",
		"pass 2001:db8::9 * 2001:db8::c633:6407 80",
	],
	[
		"pass in inet to any af-to inet6 from 2001:db8::/96",
		"in em1 tcp 10.0.0.5 4000 198.51.100.7 80 S - -",
		"pass 2001:db8:: * 2001:db8::c633:6407 80",
	],
	[
		"pass in inet to any af-to inet6 from 2001:db8::/64",
		"in em1 tcp 10.0.0.5 4000 198.51.100.7 80 S - -",
		"pass 2001:db8:: * 2001:db8::c6:3364:700:0 80",
	],
	[
		"pass in inet to any af-to inet6 from 2001:db8::/32",
		"in em1 tcp 10.0.0.5 4000 198.51.100.7 80 S - -",
		"pass 2001:db8:: * 2001:db8:c633:6407:: 80",
	],
	[
		"pass in inet to any af-to inet6 from 2001:db8::9 to 2001:db8:7::/96",
		"in em1 tcp 10.0.0.5 4000 198.51.100.7 80 S - -",
		"pass 2001:db8::9 * 2001:db8:7::c633:6407 80",
	],
	[
		"pass in inet to any af-to inet6 from 2001:db8::9 to 2001:db8:7::8",
		"in em1 tcp 10.0.0.5 4000 198.51.100.7 80 S - -",
		"pass 2001:db8::9 * 2001:db8:7::8 80",
	],
	[
		"pass in inet to any af-to inet6 from 2001:db8::9 to 2001:db8:7::/112",
		"in em1 tcp 10.0.0.5 4000 198.51.100.7 80 S - -",
		"pass 2001:db8::9 * 2001:db8:7::6407 80",
	],
	[
		"pass in inet to any af-to inet6 from 2001:db8::9 to 2001:db8:7::/50",
		"in em1 tcp 10.0.0.5 4000 198.51.100.7 80 S - -",
		"block 10.0.0.5 4000 198.51.100.7 80",
	],
	["pass in inet to any af-to inet6 from (em1)", "in em1 tcp 10.0.0.5 4000 198.51.100.7 80 S - -", "block 10.0.0.5 4000 198.51.100.7 80"],
	["pass in inet to any af-to inet6 from (em0)", "in em1 icmp 10.0.0.5 8 198.51.100.7 0 - - -", "pass fe80::2 0 fe80::c633:6407 0"],
	[
		"pass in inet6 to any af-to inet from (em1) port 99",
		"in em1 udp fd00::5 4000 64:ff9b::c633:6407 53 - - -",
		"pass 10.0.0.1 99 198.51.100.7 53",
	],
	[
		"table <t> { 10.0.0.8 10.0.0.9 }\npass in inet rdr-to <t>",
		"in em0 tcp 198.51.100.7 4000 192.0.2.2 80 S - -",
		"pass 198.51.100.7 4000 10.0.0.8 80",
	],
	["table <t> { }\npass in inet rdr-to <t>", "in em0 tcp 198.51.100.7 4000 192.0.2.2 80 S - -", "block 198.51.100.7 4000 192.0.2.2 80"],
	["pass in inet rdr-to <t>", "in em0 tcp 198.51.100.7 4000 192.0.2.2 80 S - -", "block 198.51.100.7 4000 192.0.2.2 80"],
	["pass out inet nat-to 192.0.2.8/30 random", "out em0 tcp 10.0.0.9 4000 198.51.100.7 80 S - em1", "pass 192.0.2.8 * 198.51.100.7 80"],
	["pass out inet nat-to 192.0.2.8/30", "out em0 tcp 10.0.0.9 4000 198.51.100.7 80 S - em1", "pass 192.0.2.8 * 198.51.100.7 80"],
	["pass out inet nat-to 192.0.2.9/32 random", "out em0 tcp 10.0.0.9 4000 198.51.100.7 80 S - em1", "pass 192.0.2.9 * 198.51.100.7 80"],
	["pass out inet nat-to (em1)", "out em0 tcp 10.0.0.9 4000 198.51.100.7 80 S - em1", "pass 10.0.0.1 * 198.51.100.7 80"],
	["pass out inet nat-to (em0)", "out em0 tcp 10.0.0.9 4000 198.51.100.7 80 S - em1", "pass 192.0.2.2 * 198.51.100.7 80"],
	["pass out inet nat-to (em0:network)", "out em0 tcp 10.0.0.9 4000 198.51.100.7 80 S - em1", "pass 192.0.2.0 * 198.51.100.7 80"],
	[
		"pass in inet proto tcp to port 80:90 rdr-to 10.0.0.9 port 65530:*",
		"in em0 tcp 198.51.100.7 4000 192.0.2.2 88 S - -",
		"pass 198.51.100.7 4000 10.0.0.9 3",
	],
	["pass in inet rdr-to 10.0.0.0/24 bitmask", "in em0 tcp 198.51.100.7 4000 192.0.2.2 80 S - -", "pass 198.51.100.7 4000 10.0.0.2 80"],
	["pass in inet proto icmp rdr-to 10.0.0.9 port 80", "in em0 icmp 198.51.100.7 8 192.0.2.2 0 - - -", "pass 198.51.100.7 0 10.0.0.9 0"],
	["pass out inet proto icmp nat-to 192.0.2.2", "out em0 icmp 10.0.0.9 8 198.51.100.7 0 - - em1", "pass 192.0.2.2 0 198.51.100.7 0"],
	[
		"pass in inet proto udp rdr-to 10.0.0.9 port 80",
		"in em0 udp 198.51.100.7 4000 192.0.2.2 53 - - -",
		"pass 198.51.100.7 4000 10.0.0.9 80",
	],
	["set skip on lo\nblock", "in lo0 tcp 127.0.0.1 4000 127.0.0.1 80 S - -", "pass (skip)"],
	[
		"pass tag A\nmatch tagged A tag B\npass tagged B",
		"in em0 tcp 198.51.100.7 4000 192.0.2.2 80 S - -",
		"pass 198.51.100.7 4000 192.0.2.2 80 tagged B",
	],
	["block\npass proto tcp user root", "in em0 tcp 198.51.100.7 4000 192.0.2.2 80 S - -", "block 198.51.100.7 4000 192.0.2.2 80 if user"],
	["block", "in em0 nonsense", "block (unreadable)"],
	["block\npass out proto tcp user != root", "out em0 tcp 10.0.0.9 4000 198.51.100.7 80 S - em1", "pass 10.0.0.9 4000 198.51.100.7 80"],
	["block\npass out proto tcp user = unknown", "out em0 tcp 10.0.0.9 4000 198.51.100.7 80 S - em1", "pass 10.0.0.9 4000 198.51.100.7 80"],
	["block\npass out proto tcp user > 9", "out em0 tcp 10.0.0.9 4000 198.51.100.7 80 S - em1", "block 10.0.0.9 4000 198.51.100.7 80"],
	["block\npass out proto tcp group != wheel", "out em0 tcp 10.0.0.9 4000 198.51.100.7 80 S - em1", "pass 10.0.0.9 4000 198.51.100.7 80"],
	["block\npass inet6 proto icmp6", "in em0 icmp6 2001:db8::1 129 2001:db8::2 0 - - -", "block 2001:db8::1 0 2001:db8::2 0"],
	["block\npass inet6 proto icmp6", "in em0 icmp6 2001:db8::1 136 2001:db8::2 0 - - -", "pass 2001:db8::1 0 2001:db8::2 0"],
	["block\npass inet6 proto icmp6", "in em0 icmp6 2001:db8::1 1 2001:db8::2 0 - - -", "pass 2001:db8::1 0 2001:db8::2 0"],
	["block\npass inet proto icmp", "in em0 icmp 198.51.100.7 9 192.0.2.2 0 - - -", "block 198.51.100.7 0 192.0.2.2 0"],
	["block\npass inet proto icmp keep state (sloppy)", "in em0 icmp 198.51.100.7 0 192.0.2.2 0 - - -", "pass 198.51.100.7 0 192.0.2.2 0"],
	["block fragment", "in em0 tcp 198.51.100.7 4000 192.0.2.2 80 S - -", "pass (default) 198.51.100.7 4000 192.0.2.2 80"],
	["block\npass prio 3", "in em0 tcp 198.51.100.7 4000 192.0.2.2 80 S - -", "pass 198.51.100.7 4000 192.0.2.2 80 if prio"],
	["block\npass prio 5", "in em0 tcp 198.51.100.7 4000 192.0.2.2 80 S - -", "block 198.51.100.7 4000 192.0.2.2 80 if prio"],
	["block\npass max-pkt-rate 9/9", "in em0 tcp 198.51.100.7 4000 192.0.2.2 80 S - -", "pass 198.51.100.7 4000 192.0.2.2 80 if rate"],
	[
		"state limiter web id 1 limit 9\npass state limiter web",
		"in em0 tcp 198.51.100.7 4000 192.0.2.2 80 S - -",
		"pass 198.51.100.7 4000 192.0.2.2 80 if limiter",
	],
	["block\npass tos 16", "in em0 tcp 198.51.100.7 4000 192.0.2.2 80 S - -", "block 198.51.100.7 4000 192.0.2.2 80 if tos"],
	["block\npass probability 50%", "in em0 tcp 198.51.100.7 4000 192.0.2.2 80 S - -", "block 198.51.100.7 4000 192.0.2.2 80 if probability"],
	["pass\npass probability 50%", "in em0 tcp 198.51.100.7 4000 192.0.2.2 80 S - -", "pass 198.51.100.7 4000 192.0.2.2 80"],
	["block\npass on rdomain 0", "in em0 tcp 198.51.100.7 4000 192.0.2.2 80 S - -", "pass 198.51.100.7 4000 192.0.2.2 80 if rdomain"],
	["block\npass on rdomain 1", "in em0 tcp 198.51.100.7 4000 192.0.2.2 80 S - -", "block 198.51.100.7 4000 192.0.2.2 80 if rdomain"],
	["block\npass from route lan", "in em0 tcp 198.51.100.7 4000 192.0.2.2 80 S - -", "block 198.51.100.7 4000 192.0.2.2 80 if source"],
	["block\npass to tun0:peer", "in em0 tcp 198.51.100.7 4000 10.9.0.2 80 S - -", "pass 198.51.100.7 4000 10.9.0.2 80"],
	["block\npass to (tun0:peer)", "in em0 tcp 198.51.100.7 4000 10.9.0.2 80 S - -", "pass 198.51.100.7 4000 10.9.0.2 80"],
	["block\npass to (em0:broadcast)", "in em0 udp 198.51.100.7 4000 192.0.2.255 80 - - -", "pass 198.51.100.7 4000 192.0.2.255 80"],
	["block\npass to (egress:network)", "in em0 udp 198.51.100.7 4000 192.0.2.77 80 - - -", "pass 198.51.100.7 4000 192.0.2.77 80"],
	["block\npass to (self)", "in em0 udp 198.51.100.7 4000 10.0.0.1 80 - - -", "pass 198.51.100.7 4000 10.0.0.1 80"],
	["block\npass on tun", "in tun0 udp 198.51.100.7 4000 10.0.0.1 80 - - -", "pass 198.51.100.7 4000 10.0.0.1 80"],
	["block\npass on ! tun", "in tun0 udp 198.51.100.7 4000 10.0.0.1 80 - - -", "block 198.51.100.7 4000 10.0.0.1 80"],
	["block\npass on lo0", "in em0 udp 198.51.100.7 4000 10.0.0.1 80 - - -", "block 198.51.100.7 4000 10.0.0.1 80"],
	[
		"block\npass proto udp to (em0) port 79 >< 81",
		"in em0 udp 198.51.100.7 4000 192.0.2.2 80 - - -",
		"pass 198.51.100.7 4000 192.0.2.2 80",
	],
	["block\nanchor a {\npass quick\n}\nblock", "in em0 udp 198.51.100.7 4000 192.0.2.2 80 - - -", "pass 198.51.100.7 4000 192.0.2.2 80"],
	["block\nanchor a quick {\npass\n}\nblock", "in em0 udp 198.51.100.7 4000 192.0.2.2 80 - - -", "pass 198.51.100.7 4000 192.0.2.2 80"],
	["block\nanchor a on em1 {\npass\n}", "in em0 udp 198.51.100.7 4000 192.0.2.2 80 - - -", "block 198.51.100.7 4000 192.0.2.2 80"],
	["block\npass received-on em1", "out em0 udp 10.0.0.9 4000 198.51.100.7 80 - - em1", "pass 10.0.0.9 4000 198.51.100.7 80"],
	["block\npass ! received-on em1", "out em0 udp 10.0.0.9 4000 198.51.100.7 80 - - em1", "block 10.0.0.9 4000 198.51.100.7 80"],
	["block\npass ! received-on any", "out em0 udp 10.0.0.9 4000 198.51.100.7 80 - - -", "pass 10.0.0.9 4000 198.51.100.7 80"],
	["block\npass proto tcp flags S/SA", "in em0 tcp 198.51.100.7 4000 192.0.2.2 80 SA - -", "block 198.51.100.7 4000 192.0.2.2 80"],
	["block\npass proto tcp flags any", "in em0 tcp 198.51.100.7 4000 192.0.2.2 80 A - -", "pass 198.51.100.7 4000 192.0.2.2 80"],
	[
		"match out inet nat-to 192.0.2.2\nblock proto tcp from any port 4000\npass",
		"out em0 tcp 10.0.0.9 4000 198.51.100.7 80 S - em1",
		"pass 192.0.2.2 * 198.51.100.7 80",
	],
	[
		"match out inet nat-to 192.0.2.2\npass\nblock proto tcp from any port 4000",
		"out em0 tcp 10.0.0.9 4000 198.51.100.7 80 S - em1",
		"pass 192.0.2.2 * 198.51.100.7 80 if source port",
	],
	[
		"pass in inet proto tcp to port 80:90 rdr-to 10.0.0.9 port 7000:7005",
		"in em0 tcp 198.51.100.7 4000 192.0.2.2 88 S - -",
		"pass 198.51.100.7 4000 10.0.0.9 7002",
	],
	[
		"pass in inet6 af-to inet from 192.0.2.9 to 10.0.0.9 port 80",
		"in em1 icmp6 fd00::5 128 64:ff9b::c633:6407 0 - - -",
		"pass 192.0.2.9 0 10.0.0.9 0",
	],
	["pass in inet rdr-to { 10.0.0.8 10.0.0.9 }", "in em0 tcp 198.51.100.7 4000 192.0.2.2 80 S - -", "pass 198.51.100.7 4000 10.0.0.8 80"],
	[
		"anchor a {\n\tmatch out inet nat-to { 192.0.2.8 192.0.2.9 }\n}\npass",
		"out em0 tcp 10.0.0.9 4000 198.51.100.7 80 S - em1",
		"pass 192.0.2.8 * 198.51.100.7 80",
	],
	["block\npass tagged A", "in em0 tcp 198.51.100.7 4000 192.0.2.2 80", "block 198.51.100.7 4000 192.0.2.2 80"],
])("%j: %s", (text, packet, expected) => expect(answer(text, packet)).toBe(expected));

test("macros that are given count, as with pfctl -D", () => {
	const [usual] = evaluate("pass\nblock in on $ext\n", ["in em0 udp 198.51.100.7 1 192.0.2.2 80 - - -"], {
		...MACHINE,
		macros: { ext: "em0" },
	});
	expect(usual?.verdict).toBe("block");
});

test("what is known of no machine is answered as far as the rules tell", () => {
	const [usual] = evaluate("block\npass in on egress\n", ["in em0 tcp 198.51.100.7 1 192.0.2.2 80 S - -"]);
	expect(usual?.dependsOn).toEqual(["interface of: pass in on egress all flags S/SA"]);
});

test("what rules say that are cut off depends on those that are left out", () => {
	const many = `{ ${Array.from({ length: 300 }, (_, index) => index + 1).join(" ")} }`;
	const rules = `pass\nblock in proto tcp from any port ${many} to any port ${many}`;
	expect(answer(rules, "in em1 udp 192.0.2.1 4000 10.0.0.1 53 - - -")).toBe(
		"pass 192.0.2.1 4000 10.0.0.1 53 if rules that are left out, because they are too many",
	);
});
