/** What `pfctl -ss -vv` prints, read: as OpenBSD 7.6 prints it (real-host facts, and print_state()), and whatever else a host may say. */
import { endOfState, type PfState } from "@openbsd-vnet/server";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ReadStates, StateReader } from "./state-reader.ts";

function read(text: string, size = 1 << 20): ReadStates {
	const reader = new StateReader();
	const all = Buffer.from(text);
	for (let at = 0; at < all.length; at += size) reader.take(all.subarray(at, at + size));
	return reader.end();
}

const tail = (more = "", id = "65a1b2c300000001") =>
	`   age 00:00:14, expires in 00:01:16, 1:2 pkts, 44:80 bytes${more}\n   id: ${id} creatorid: 0f00ba12\n`;

/** The state of a first line. */
function one(line: string, more = ""): PfState | undefined {
	return read(`${line}\n${tail(more)}`).states[0];
}

/** As it is told: where, which way, from whom to whom, and what translation makes of it. */
function told(line: string): string {
	const state = one(line);
	if (state === undefined) return "not read";
	const { source, destination, family, translated } = state;
	const ways = `${endOfState(source, family)} to ${endOfState(destination, family)}`;
	const after =
		translated && `${endOfState(translated.source, translated.family)} to ${endOfState(translated.destination, translated.family)}`;
	return `${state.interface} ${state.direction} ${state.protocol} ${ways}${after === undefined ? "" : `, then ${after}`}`;
}

describe("a state", () => {
	test("is read with all that is told of it", () => {
		const text = `all tcp 10.0.2.15:22 <- 10.0.2.2:55692       ESTABLISHED:ESTABLISHED
   [2496001 + 65535] wscale 6  [1 + 16384] wscale 7
   age 30:00:14, expires in 23:59:59, 1:2 pkts, 44:40 bytes, anchor 5, rule 3, sloppy, source-track
   id: 65a1b2c300000001 creatorid: 0f00ba12
`;
		const expected = {
			interface: "all",
			direction: "in",
			family: "inet",
			protocol: 6,
			progress: "ESTABLISHED:ESTABLISHED",
			age: 108_014,
			expires: 86_399,
			packets: [1, 2],
			bytes: [44, 40],
			anchor: 5,
			rule: 3,
			flags: ["sloppy", "source-track"],
			id: "65a1b2c300000001/0f00ba12",
		};
		expect(read(text)).toMatchObject({ states: [expected], leftOut: 0, unread: 0 });
		// Wherever the answer is cut into pieces.
		for (const size of [1, 7, 64]) expect(read(text, size)).toEqual(read(text));
	});

	test.each([
		["all tcp 10.0.2.15:22 <- 10.0.2.2:36102       ESTABLISHED:ESTABLISHED", "all in 6 10.0.2.2:36102 to 10.0.2.15:22"],
		["em0 udp 203.0.113.1:5353 -> 192.0.2.53:53       MULTIPLE:SINGLE", "em0 out 17 203.0.113.1:5353 to 192.0.2.53:53"],
		// What stands in parentheses is from before the translation, on both ways.
		[
			"all tcp 203.0.113.10:61234 (10.0.0.5:4000) -> 192.0.2.1:443       ESTABLISHED:ESTABLISHED",
			"all out 6 10.0.0.5:4000 to 192.0.2.1:443, then 203.0.113.10:61234 to 192.0.2.1:443",
		],
		[
			"all tcp 10.9.0.11:80 (203.0.113.10:8080) <- 192.0.2.9:5000       ESTABLISHED:ESTABLISHED",
			"all in 6 192.0.2.9:5000 to 203.0.113.10:8080, then 192.0.2.9:5000 to 10.9.0.11:80",
		],
		["all icmp 10.0.0.1:8 <- 10.0.0.2:1234       0:0", "all in 1 10.0.0.2:1234 to 10.0.0.1:8"],
		["all ipv6-icmp 2001:db8::1[128] <- fe80::2[7]       0:0", "all in 58 fe80::2[7] to 2001:db8::1[128]"],
		["all ipv6 10.0.0.1 -> 10.0.0.2       SINGLE:NO_TRAFFIC", "all out 41 10.0.0.1 to 10.0.0.2"],
		["tap3 114 10.0.0.1 -> 10.0.0.2       SINGLE:NO_TRAFFIC", "tap3 out 114 10.0.0.1 to 10.0.0.2"],
		// Routing domains, and one that is left for another.
		["all tcp (2) 10.0.0.1:22 <- (2) 10.0.0.2:999       ESTABLISHED:ESTABLISHED", "all in 6 (2) 10.0.0.2:999 to (2) 10.0.0.1:22"],
		[
			"all tcp 10.0.0.1:22 ((2) 10.0.0.1:22) <- 10.0.0.2:999 ((2) 10.0.0.2:999)       SYN_SENT:CLOSED",
			"all in 6 (2) 10.0.0.2:999 to (2) 10.0.0.1:22, then 10.0.0.2:999 to 10.0.0.1:22",
		],
		["all udp 10.0.0.1:53 {192.0.2.254} <- 10.0.0.2:999       SINGLE:MULTIPLE", "all in 17 10.0.0.2:999 to 10.0.0.1:53"],
		["all udp 10.0.0.2:999 -> 10.0.0.1:53 {192.0.2.254}       SINGLE:MULTIPLE", "all out 17 10.0.0.2:999 to 10.0.0.1:53"],
		// af-to: the arrow is that of an outgoing state, though it came in.
		[
			"all tcp 192.0.2.1:40000 (2001:db8::5[999]) -> 198.51.100.7:80 (64:ff9b::c633:6407[80])       SYN_SENT:ESTABLISHED",
			"all in 6 2001:db8::5[999] to 64:ff9b::c633:6407[80], then 192.0.2.1:40000 to 198.51.100.7:80",
		],
		["all tcp 10.0.0.1:22 <- 10.0.0.2:999       <BAD STATE LEVELS 12:13>", "all in 6 10.0.0.2:999 to 10.0.0.1:22"],
		["all tcp 10.0.0.1:22 <- 10.0.0.2:999       PROXY:DST", "all in 6 10.0.0.2:999 to 10.0.0.1:22"],
	])("%s", (line, expected) => {
		expect(told(line)).toBe(expected);
	});

	test("knows no rule where that is no longer loaded", () => {
		expect(one("all tcp 10.0.0.1:22 <- 10.0.0.2:999       CLOSED:CLOSED")).not.toHaveProperty("rule");
		expect(one("all tcp 10.0.0.1:22 <- 10.0.0.2:999       CLOSED:CLOSED", ", rule 7")).toMatchObject({ rule: 7 });
	});
});

describe("a host that says something else", () => {
	test.each([
		["nothing", "", 0],
		["another word", "Status: Enabled\n", 1],
		["a name with an escape", `\u001b[2Jall tcp 10.0.0.1:22 <- 10.0.0.2:999       CLOSED:CLOSED\n${tail()}`, 3],
		["no such address", `all tcp 10.0.0.999:22 <- 10.0.0.2:999       CLOSED:CLOSED\n${tail()}`, 3],
		["no such port", `all tcp 10.0.0.1:70000 <- 10.0.0.2:999       CLOSED:CLOSED\n${tail()}`, 3],
		["two families", `all tcp 10.0.0.1:22 <- 2001:db8::1[999]       CLOSED:CLOSED\n${tail()}`, 3],
		["one without its identification", "all tcp 10.0.0.1:22 <- 10.0.0.2:999       CLOSED:CLOSED\n", 1],
	])("%s: nothing is made of it", (_, text, unread) => {
		expect(read(text)).toEqual({ states: [], leftOut: 0, unread });
	});

	test("an endless line takes no memory, and what comes behind it is read", () => {
		const reader = new StateReader();
		const chunk = Buffer.alloc(1 << 20, "x");
		for (let i = 0; i < 64; i++) reader.take(chunk);
		reader.take(Buffer.from(`\nall tcp 10.0.0.1:22 <- 10.0.0.2:999       CLOSED:CLOSED\n${tail()}`));
		expect(reader.end()).toMatchObject({ states: [{ interface: "all" }], unread: 1 });
	});

	test("states without end are counted, not kept", () => {
		const reader = new StateReader(100);
		for (let i = 0; i < 250; i++) reader.take(Buffer.from(`all udp 10.0.0.1:22 <- 10.0.0.2:999       CLOSED:CLOSED\n${tail()}`));
		const { states, leftOut } = reader.end();
		expect([states.length, leftOut]).toEqual([100, 150]);
	});

	test("any text at all is read without a fault", () => {
		const words = fc.constantFrom(
			"all",
			"tcp",
			"<-",
			"->",
			"(1)",
			"((2)",
			"10.0.0.1:22",
			"(10.0.0.2)",
			"{::1}",
			"0:0",
			"<BAD",
			"\n",
			"   age",
			"   id:",
			", ",
		);
		const anything = fc.array(fc.oneof(words, fc.string()), { maxLength: 40 }).map((all) => all.join(" "));
		fc.assert(
			fc.property(anything, fc.integer({ min: 1, max: 9 }), (text, size) => {
				for (const { id } of read(text, size).states) expect(id).toMatch(/^[0-9a-f]{16}\/[0-9a-f]{8}$/);
			}),
		);
	});
});
