/** Rulesets and packets made by chance, for tests that hold one way of answering against another. */
import { formatIp } from "../pf/names/address.ts";
import type { Rule } from "../pf/rules.ts";
import { block, call, end, matching, pass, pool, type Surroundings, table } from "./fixture.ts";
import { type Packet, parsePacket } from "./packet.ts";

/** A small generator of pseudo-random numbers (mulberry32), so that a failure can be repeated. */
export function randomOf(seed: number): (below: number) => number {
	let state = seed;
	return (below) => {
		state = (state + 0x6d2b79f5) | 0;
		let t = Math.imul(state ^ (state >>> 15), 1 | state);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) % below;
	};
}

const FOUR = [
	"10.0.0.0/8",
	"10.0.0.0/24",
	"10.0.0.20",
	"203.0.113.10",
	"198.51.100.0 - 198.51.100.9",
	"<t>",
	"(em0)",
	"(em1:network)",
	"0.0.0.0/1",
];
const SIX = ["2001:db8::/32", "2001:db8::1", "<t>", "fd00::/8"];
const PORTS = ["80", "22", "1:1023", ">= 1024", "!= 80", "70 >< 90", "100 <> 60000", "< 80"];
const NAMES = ["em0", "em1", "tap3", "egress", "tap", "any", "lo"];
const TAGS = ["A", "B"];

export function randomRuleset(next: (below: number) => number): { rules: Rule[]; around: Surroundings } {
	const pick = <T>(list: readonly T[]): T => list[next(list.length)] as T;
	const chance = (percent: number): boolean => next(100) < percent;
	const address = (family: "inet" | "inet6") => (chance(45) ? "any" : `${chance(20) ? "! " : ""}${pick(family === "inet" ? FOUR : SIX)}`);
	const rule = (): Rule => {
		const family = chance(70) ? "inet" : "inet6";
		const protocol = pick([0, 0, 6, 6, 17, family === "inet" ? 1 : 58, 47]);
		const ports = protocol === 6 || protocol === 17;
		const more: Partial<Rule> = {
			direction: pick(["in", "out", undefined]),
			quick: chance(20),
			interface: chance(50) ? pick(NAMES) : "",
			interfaceNegated: chance(15),
			family,
			protocol,
			source: end(address(family), ports && chance(25) ? pick(PORTS) : undefined),
			destination: end(address(family), ports && chance(50) ? pick(PORTS) : undefined),
			icmpType: (protocol === 1 || protocol === 58) && chance(60) ? pick(protocol === 1 ? [0, 3, 8] : [128, 129, 135]) : -1,
			receivedOn: chance(10) ? pick(NAMES) : "",
			receivedOnNegated: chance(30),
			tag: chance(12) ? pick(TAGS) : "",
			tagged: chance(12) ? pick(TAGS) : "",
			taggedNegated: chance(30),
		};
		// Addresses of both families make a rule without a family possible only where neither end names one.
		const free =
			more.source?.address.kind === "network" && more.source.address.bits === 0 && more.destination?.address === more.source.address;
		const shown = free && protocol !== 1 && protocol !== 58 && chance(60) ? { ...more, family: undefined } : more;
		if (chance(35)) return pass({ ...shown, ...(chance(30) ? { flags: 0, flagSet: 0, state: chance(50) ? "none" : "keep" } : {}) });
		if (chance(70)) return block(shown);
		if (family === "inet6" || chance(60)) return matching({ ...shown, quick: chance(10) });
		return matching({
			...shown,
			family,
			quick: false,
			...(chance(50)
				? { nat: pool(pick(["203.0.113.10", "(em0:0)", "(tap3)"]), chance(80) ? { ports: [0, 0] } : {}) }
				: { rdr: pool("10.0.0.20", { ports: ports && chance(50) ? [8080, 0] : [0, 0] }) }),
		});
	};
	const list = (most: number): Rule[] => Array.from({ length: 1 + next(most) }, rule);
	const anchors: Record<string, Rule[]> = {};
	const rules = list(10);
	if (chance(40)) {
		anchors["vm/a"] = list(4);
		if (chance(50)) anchors["vm/b"] = list(4);
		rules.splice(
			next(rules.length + 1),
			0,
			call(pick(["vm/*", "vm/a"]), {
				quick: chance(30),
				interface: chance(40) ? pick(NAMES) : "",
				direction: pick(["in", "out", undefined]),
				tag: chance(10) ? "A" : "",
			}),
		);
	}
	return {
		rules,
		around: {
			anchors,
			tables: [table("t", ["10.0.0.0/16", "!10.0.0.0/28", "2001:db8::/48", "192.0.2.1"])],
			skip: chance(10) ? ["lo"] : [],
		},
	};
}

export function randomPacket(next: (below: number) => number): Packet {
	const pick = <T>(list: readonly T[]): T => list[next(list.length)] as T;
	const six = next(100) < 25;
	const address = () =>
		six
			? pick(["2001:db8::1", "2001:db8::", "2001:db8:0:ffff::1", "2001:db8:1::1", "fd00::1", "::1", "3fff::1"])
			: pick([
					"10.0.0.20",
					"10.0.0.0",
					"10.0.0.255",
					"10.0.1.1",
					"10.255.255.255",
					"11.0.0.0",
					"198.51.100.9",
					"198.51.100.10",
					"203.0.113.10",
					"203.0.113.11",
					"192.0.2.1",
					"127.255.255.255",
					"128.0.0.0",
					"10.0.0.16",
				]);
	const protocol = pick(["tcp", "tcp", "udp", six ? "icmp6" : "icmp", "47"]);
	const port = () => pick([0, 1, 21, 22, 23, 70, 71, 79, 80, 81, 89, 90, 99, 100, 1023, 1024, 8080, 60000, 60001, 65535]);
	const icmp = protocol.startsWith("icmp");
	const from = icmp ? pick(six ? [128, 129, 135, 136, 1, 2] : [0, 3, 8, 11, 13]) : port();
	const direction = pick(["in", "out"]);
	const flags = protocol === "tcp" ? pick(["S", "SA", "A", "R", "FA", "SE", "-"]) : "-";
	const received = direction === "out" ? pick(["-", "em0", "em1", "tap3", "lo0"]) : "-";
	const line = `${direction} ${pick(["em0", "em1", "tap3", "lo0"])} ${protocol} ${address()} ${from} ${address()} ${icmp ? pick([0, 1, 4]) : port()} ${flags} ${pick(["-", "-", "A", "B", "C"])} ${received}`;
	const packet = parsePacket(line);
	if (packet === undefined) throw new Error(line);
	return packet;
}

export const describePacket = (packet: Packet): string =>
	JSON.stringify({ ...packet, source: formatIp(packet.source, packet.family), destination: formatIp(packet.destination, packet.family) });

export const PACKETS = Array.from({ length: 2000 }, (_, index) => randomPacket(randomOf(index + 1)));
