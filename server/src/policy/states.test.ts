/** States in words, and whose they are. */
import { describe, expect, it } from "vitest";
import type { Family } from "../pf/rules.ts";
import { hostOf, mergedOf, pf, plug, routed } from "./checks-fixture.ts";
import { ip } from "./fixture.ts";
import { endOfState, guestsOfStates, type PfState, type StateEnd, stateWords, waysOfState } from "./states.ts";

const endAt = (address: string, port = 0, rdomain = 0): StateEnd => ({ address: ip(address), port, rdomain });

it.each<[end: StateEnd, family: Family, text: string]>([
	[endAt("10.0.0.1", 22), "inet", "10.0.0.1:22"],
	[endAt("10.0.0.1"), "inet", "10.0.0.1"],
	[endAt("2001:db8::1", 22), "inet6", "2001:db8::1[22]"],
	[endAt("10.0.0.1", 22, 3), "inet", "(3) 10.0.0.1:22"],
])("an end is written as pfctl does: %#", (end, family, text) => expect(endOfState(end, family)).toBe(text));

const stateOf = (source: string, destination: string, more: Partial<PfState> = {}): PfState => ({
	interface: "all",
	direction: "in",
	family: "inet",
	protocol: 6,
	source: endAt(source, 1024),
	destination: endAt(destination, 80),
	progress: "ESTABLISHED:ESTABLISHED",
	age: 1,
	expires: 1,
	packets: [1, 1],
	bytes: [1, 1],
	flags: [],
	id: "1",
	...more,
});

describe("what a table shows of a state", () => {
	const state = stateOf("10.50.0.32", "203.0.113.5", { interface: "em0", age: 90, packets: [3, 4], bytes: [300, 400] });
	const words = {
		way: "in em0",
		protocol: "tcp",
		from: "10.50.0.32:1024",
		to: "203.0.113.5:80",
		age: "00:01:30",
		packets: "7",
		bytes: "700",
	};
	const ends = { family: "inet", source: endAt("10.50.0.32", 1024), destination: endAt("10.50.0.40", 8080) } as const;
	it.each<[what: string, more: Partial<PfState>, shown: Partial<ReturnType<typeof stateWords>>]>([
		["all of it", {}, {}],
		["no interface, where it floats", { interface: "all", direction: "out" }, { way: "out" }],
		["days as hours", { age: 360_007 }, { age: "100:00:07" }],
		["minutes below an hour", { age: 3_599 }, { age: "00:59:59" }],
		["an end that was translated, with what it became", { translated: ends }, { to: "203.0.113.5:80 (10.50.0.40:8080)" }],
		...(
			[
				[1, "icmp"],
				[17, "udp"],
				[58, "icmp6"],
				[47, "47"],
			] as const
		).map(([protocol, name]) => [name, { protocol }, { protocol: name }] as [string, Partial<PfState>, { protocol: string }]),
	])("%s", (_, more, shown) => expect(stateWords({ ...state, ...more })).toEqual({ ...words, ...shown }));
});

describe("a state is of the guests", () => {
	const host = hostOf(mergedOf(routed("bridge0", `tap3 ${plug}`), pf("pass in on tap3 inet from 10.50.0.32")));
	const places = [
		{ guest: "web01", tap: "tap7", address: "10.50.0.40" },
		{ guest: "db01", tap: "tap3" },
	];
	const translated = (destination: string) => ({
		family: "inet" as const,
		source: endAt("9.9.9.9", 1024),
		destination: endAt(destination, 80),
	});
	it.each<[what: string, state: PfState, guests: readonly string[]]>([
		["that have its source, by the files", stateOf("10.50.0.32", "9.9.9.9"), ["db01"]],
		["that have its destination, by the host", stateOf("9.9.9.9", "10.50.0.40"), ["web01"]],
		["at both ends, by their names", stateOf("10.50.0.40", "10.50.0.32"), ["db01", "web01"]],
		["that it was redirected to", stateOf("9.9.9.9", "203.0.113.5", { translated: translated("10.50.0.40") }), ["web01"]],
		["on whose tap it is bound", stateOf("9.9.9.9", "10.50.0.99", { interface: "tap3" }), ["db01"]],
		["none, where no guest has its addresses", stateOf("9.9.9.9", "203.0.113.5"), []],
		// Nobody has the address that only stands for a guest's.
		["none, by a supposed address", stateOf("9.9.9.9", "10.50.0.254"), []],
	])("%s", (_, state, guests) => expect(guestsOfStates(host, places)(state)).toEqual(guests));

	it("that the host tells of, where no files are known", () => {
		expect(guestsOfStates(undefined, places)(stateOf("10.50.0.40", "10.50.0.32"))).toEqual(["web01"]);
	});

	it("and the same list for the same guests", () => {
		const of = guestsOfStates(host, places);
		expect(of(stateOf("10.50.0.32", "9.9.9.9"))).toBe(of(stateOf("9.9.9.8", "10.50.0.32")));
	});

	it("from where it was opened to where it goes", () => {
		expect(waysOfState(stateOf("10.50.0.32", "9.9.9.9"))).toEqual({ from: "10.50.0.32:1024", to: "9.9.9.9:80" });
	});
});
