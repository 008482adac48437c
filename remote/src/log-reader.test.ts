import { formatIp } from "@openbsd-vnet/server";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type LoggedEnd, type LoggedPacket, LogReader, readLoggedPacket } from "./log-reader.ts";

const TIME = "Dec 01 10:43:18.123456";
const line = (head: string, packet: string): string => `${TIME} ${head}: ${packet}`;
const end = (one: LoggedEnd | undefined): string =>
	one === undefined ? "-" : `${formatIp(one.address, one.family)}${one.port === undefined ? "" : ` port ${one.port}`}`;

const PING = "192.0.2.1 > 192.0.2.2: icmp: echo request";

describe("the head of a line", () => {
	it.each<[head: string, packet: Partial<LoggedPacket>]>([
		[
			"rule 3/(match) [uid 0, pid 51234] block in on em0: ",
			{ rule: 3, reason: "match", inserted: "uid 0 pid 51234", action: "block", direction: "in", interface: "em0" },
		],
		["rule 5.web01.0/(match) pass out on tap3: ", { rule: 5, anchor: { name: "web01", rule: 0 }, action: "pass", direction: "out" }],
		["rule 5.a.b.def/(match) pass out on tap3: ", { rule: 5, anchor: { name: "a.b" } }],
		["rule def/(short) block in on vio0: ", { reason: "short", action: "block" }],
		["rule 0/(unkn 77) block in on vio0: ", { rule: 0, reason: "unkn 77" }],
		["rule 2/(state-mismatch) match in on vlan10: ", { reason: "state-mismatch", action: "match", interface: "vlan10" }],
		["rule 2/(match) [uid 0, pid 7] pass out on em0: [uid 1000, pid 99] ", { inserted: "uid 0 pid 7" }],
	])("%s", (head, packet) => {
		expect(readLoggedPacket(`${TIME} ${head}${PING}`)).toMatchObject({ time: TIME, text: PING, ...packet });
	});

	// As OpenBSD 7.6 was seen to print them.
	it.each<[text: string, packet: Partial<LoggedPacket>, source: string, destination: string]>([
		[
			"Dec 01 15:12:12.359863 rule 1/(match) [uid 0, pid 60946] pass in on vio0: 10.0.2.2.50998 > 10.0.2.15.22: S [tcp sum ok] 10816001:10816001(0) win 65535 <mss 1460> (ttl 64, id 14442, len 44)",
			{ rule: 1, inserted: "uid 0 pid 60946", protocol: "tcp" },
			"10.0.2.2 port 50998",
			"10.0.2.15 port 22",
		],
		[
			"Dec 01 15:12:12.661380 rule 2.web01.0/(match) [uid 0, pid 60946] pass out on vio0: 10.0.2.15 > 10.0.2.2: icmp: echo request (id:65f3 seq:0) (ttl 255, id 48951, len 84, bad ip cksum 7073! -> e460)",
			{ rule: 2, anchor: { name: "web01", rule: 0 }, protocol: "icmp" },
			"10.0.2.15",
			"10.0.2.2",
		],
		[
			"Dec 01 15:12:12.681005 rule 1/(match) [uid 0, pid 60946] pass out on vio0: 10.0.2.15.12190 > 10.0.2.2.53: [no udp cksum] [|domain] (ttl 64, id 45497, len 29, bad ip cksum 9! -> b106)",
			{ rule: 1, protocol: "udp" },
			"10.0.2.15 port 12190",
			"10.0.2.2 port 53",
		],
	])("%s", (text, packet, source, destination) => {
		const found = readLoggedPacket(text);
		expect(found).toMatchObject({ action: "pass", interface: "vio0", ...packet });
		expect([end(found?.source), end(found?.destination)]).toEqual([source, destination]);
	});

	it("is read whatever the packet's words are", () => {
		const text = "[|ip] \u001b[2J\r\u0085\u2028";
		expect(readLoggedPacket(line("rule 1/(match) block in on em0", text))).toMatchObject({ rule: 1, text });
	});

	it("of the default rule has no number", () => {
		expect(readLoggedPacket(line("rule def/(match) pass in on em0", PING))).not.toHaveProperty("rule");
	});

	it.each([
		"",
		"tcpdump: listening on pflog0, link-type PFLOG",
		"rule 3/(match) block in on em0: x",
		`${TIME} rule x/(match) block in on em0: x`,
		`${TIME} [|pflog]`,
	])("%j is none", (text) => expect(readLoggedPacket(text)).toBeUndefined());
});

describe("from where to where, by what", () => {
	it.each([
		[
			"192.0.2.1.40000 > 10.0.0.20.80: S [tcp sum ok] 1:1(0) win 65535 <mss 1460> (DF) (ttl 64, id 1, len 60)",
			"tcp",
			"192.0.2.1 port 40000",
			"10.0.0.20 port 80",
		],
		["192.0.2.1.40000 > 10.0.0.20.80: . [tcp sum ok] ack 1 win 0", "tcp", "192.0.2.1 port 40000", "10.0.0.20 port 80"],
		["192.0.2.1.53 > 10.0.0.20.4000: [udp sum ok] udp 30 (ttl 64, id 1, len 58)", "udp", "192.0.2.1 port 53", "10.0.0.20 port 4000"],
		["10.0.0.20.4000 > 192.0.2.1.53: [udp sum ok] 4321+ A? example.org. (29)", "udp", "10.0.0.20 port 4000", "192.0.2.1 port 53"],
		["2001:db8::1.4000 > 2001:db8::2.443: S 1:1(0) win 65535", "tcp", "2001:db8::1 port 4000", "2001:db8::2 port 443"],
		["2001:db8::1 > ff02::1: icmp6: neighbor adv: tgt is 2001:db8::1", "icmp6", "2001:db8::1", "ff02::1"],
		["192.0.2.1 > 192.0.2.2: icmp: echo request (id:1 seq:0)", "icmp", "192.0.2.1", "192.0.2.2"],
		["192.0.2.1 > 192.0.2.2: ip-proto-99 20", "99", "192.0.2.1", "192.0.2.2"],
		["esp 192.0.2.1 > 192.0.2.2 spi 0x00000001 seq 1 len 100", "esp", "192.0.2.1", "192.0.2.2"],
		["carp 192.0.2.2 > 224.0.0.18: CARPv2-advertise 36: vhid=1 advbase=1", "carp", "192.0.2.2", "224.0.0.18"],
		["192.0.2.1 > 192.0.2.2: (frag 12:100@1480)", undefined, "192.0.2.1", "192.0.2.2"],
		["192.0.2.1.99999 > 192.0.2.2.80: S 1:1(0) win 1", undefined, "-", "-"],
		["192.0.2.1 > 2001:db8::1: icmp: echo request", undefined, "-", "-"],
		["truncated-ip - 20 bytes missing!192.0.2.1 > 192.0.2.2: icmp: x", undefined, "-", "-"],
		["[|ip]", undefined, "-", "-"],
	])("%s", (text, protocol, source, destination) => {
		const found = readLoggedPacket(line("rule 1/(match) pass in on em0", text));
		expect([found?.protocol, end(found?.source), end(found?.destination)]).toEqual([protocol, source, destination]);
		expect(found?.text).toBe(text);
	});
});

describe("what comes in pieces", () => {
	const lines = [
		line("rule 1/(match) block in on em0", PING),
		"\tfurther words of a protocol",
		"warning: nobody knows",
		line("rule 2/(match) pass out on em0", "192.0.2.2 > 192.0.2.1: icmp: echo reply"),
	];
	const read = (chunks: readonly Buffer[]) => {
		const rules: (number | undefined)[] = [];
		const reader = new LogReader(({ rule }) => rules.push(rule));
		for (const chunk of chunks) reader.take(chunk);
		return { rules, unread: reader.unread };
	};

	it("is read alike wherever it is cut", () => {
		const all = Buffer.from(`${lines.join("\n")}\n`);
		for (let at = 0; at <= all.length; at++) expect(read([all.subarray(0, at), all.subarray(at)])).toEqual({ rules: [1, 2], unread: 1 });
	});

	it("an endless line takes no memory, and the next one is read", () => {
		const endless = Array.from({ length: 200 }, () => Buffer.alloc(10_000, "x"));
		expect(read([...endless, Buffer.from(`\n${lines[0]}\n`)])).toEqual({ rules: [1], unread: 1 });
	});

	it("no more lines are read than are allowed until it is refilled, and the others are counted", () => {
		const rules: (number | undefined)[] = [];
		const reader = new LogReader(({ rule }) => rules.push(rule), 2);
		const flood = Buffer.from(`${lines[0]}\n${lines[1]}\n${lines[0]}\n${lines[3]}\n${lines[2]}\n`);
		reader.take(flood);
		expect([rules, reader.skipped, reader.unread]).toEqual([[1, 1], 2, 0]);
		reader.refill();
		reader.take(flood);
		expect([rules, reader.skipped]).toEqual([[1, 1, 1, 1], 4]);
	});

	it("anything does no harm, and is never more than the lines that came", () => {
		const words = fc.constantFrom(
			"rule ",
			"1/(match) ",
			"block in on em0: ",
			"192.0.2.1 > ",
			"\n",
			"\t",
			"\u001b[2J",
			`${TIME} `,
			"..",
			"def",
			"🙂",
		);
		fc.assert(
			fc.property(fc.array(fc.oneof(words, fc.string())), (parts) => {
				const text = parts.join("");
				const { rules, unread } = read([Buffer.from(text)]);
				return rules.length + unread <= text.split("\n").length;
			}),
		);
	});
});
