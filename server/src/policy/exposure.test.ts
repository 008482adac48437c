import { describe, expect, test } from "vitest";
import { shareOf } from "../../../test/share.ts";
import { type Host, hostBuilder } from "../host/model.ts";
import { pfFacts } from "../host/pf-facts.ts";
import { finished } from "../text/portions.ts";
import { bridged, type Files, pf, plug, routed, sourcesOf } from "./checks-fixture.ts";
import { packetTexts } from "./difference-text.ts";
import { endText } from "./endpoints.ts";
import { createEvaluator } from "./evaluate.ts";
import { type Exposure, searchExposure } from "./exposure.ts";
import { ruleset } from "./fixture.ts";
import { networkOf } from "./interfaces.ts";
import { describePacket, PACKETS, randomOf, randomRuleset } from "./random-fixture.ts";
import { changesOf, sortedIn } from "./region-fixture.ts";

function hostOf(...files: readonly Files[]): Host {
	const sources = sourcesOf(Object.assign({}, ...files));
	const rules = pfFacts(sources);
	return hostBuilder()({ name: "hv1", files: sources, ...(rules && { pf: rules }) });
}

function exposureOf(...files: readonly Files[]): Exposure {
	const host = hostOf(...files);
	if (host.pf === undefined) throw new Error("no rules");
	return finished(searchExposure(host, host.pf.ruleset));
}

/** Each opening with whom it gets to, and what needs no pf. */
function told(...files: readonly Files[]): readonly string[] {
	const { openings, unfiltered, space } = exposureOf(...files);
	const reached = (all: (typeof openings)[number]["reached"]): string =>
		all?.map(({ end, answer, services }) => ` -> ${endText(end)} ${answer} ${services.join(" ")}`).join("") ?? " ?";
	return [
		...openings.map(({ change, reached: ends }) => `${packetTexts(change, space).join("; ")}${reached(ends)}`),
		...unfiltered.map((end) => `unfiltered: ${endText(end)}`),
	];
}

/** A guest whose address the files tell. */
const WEB: Files = {
	...routed("veb0", '{ switch "lan" }'),
	"hostname.em0": ["inet 203.0.113.10/24"],
	mygate: ["203.0.113.1"],
	"web.pftest": [],
};

describe("what the outside may reach", () => {
	test("each rule that lets something in, a rule for one address among them, and nothing that is blocked", () => {
		const rules = pf(
			"block",
			"pass in on em0 inet proto tcp from 198.51.100.7 to (em0) port 22",
			"pass in on em0 inet proto udp to (em0) port 53",
		);
		expect(told(WEB, rules)).toEqual([
			"in inet proto tcp on em0 from 198.51.100.7 to 203.0.113.10 port 22 -> host yes tcp 22",
			"in inet proto udp on em0 to 203.0.113.10 port 53 -> host yes udp 53",
		]);
	});

	test("packets that a rule would let in and that a later one takes away are not told", () => {
		expect(told(WEB, pf("block", "pass in on em0 inet proto tcp to port 80", "block in on em0"))).toEqual([]);
	});

	test("without a rule that blocks, all gets in", () => {
		const { openings } = exposureOf(WEB, pf("pass out"));
		expect(openings.map(({ change }) => change.after.reason)).toEqual(["default"]);
		expect(openings[0]?.reached?.map(({ end }) => endText(end))).toContain("host");
	});

	test("packets from outside have no tag yet", () => {
		expect(
			told(WEB, pf("block", "pass in on em0 inet proto tcp to port 80 tagged A", "pass in on em0 inet proto tcp to port 81 ! tagged A")),
		).toEqual([expect.stringMatching(/^in inet proto tcp on em0 to any port 81 -> host yes tcp 81/)]);
	});

	test("where pf skips the way in, what is behind it is not filtered", () => {
		const skipped: Files = { "pf.conf": ["set skip on { lo em0 }", "block"] };
		const { places, unfiltered } = exposureOf(WEB, skipped);
		expect(places.map(({ interface: name }) => name)).not.toContain("em0");
		expect(unfiltered.map(endText)).toContain("host");
	});

	test("files that show no way from outside do not say that nothing gets in", () => {
		expect(exposureOf({ "pf.conf": ["block"] })).toMatchObject({ places: [], openings: [], unfiltered: [], isWhole: false });
	});

	test("one way of blocking in the place of another lets nothing in", () => {
		expect(told(WEB, pf("block return", "pass in on em0 inet proto tcp to (em0) port 22"))).toEqual([
			"in inet proto tcp on em0 to 203.0.113.10 port 22 -> host yes tcp 22",
		]);
	});

	describe("with a second network", () => {
		const EM1: Files = { "hostname.em1": ["inet 192.168.1.1/24"] };
		const placesOf = (...files: readonly Files[]) =>
			exposureOf(WEB, EM1, ...files).places.map((one) => `${one.direction} ${one.interface}`);

		test("what comes by the default route is from outside", () => expect(placesOf(pf("block"))).toEqual(["in em0"]));

		test("where the files tell no default route, both may be", () => {
			expect(placesOf({ mygate: undefined }, pf("block"))).toEqual(["in em0", "in em1"]);
		});

		test("what is reached past pf by both is told once, and a guest is met behind them", () => {
			const open: Files = { mygate: undefined, "pf.conf": ["set skip on { em0 em1 }", "block"] };
			expect(told(WEB, EM1, open)).toEqual(["unfiltered: host"]);
			expect(placesOf(open)).toEqual(["out vport0"]);
		});
	});

	test("services that rules name are tried among the ports that one lets in", () => {
		const rules = pf(
			"block",
			"pass in on em0 inet proto tcp to (em0) port 20:30",
			"pass out proto tcp to port { 22 25 99 }",
			"pass out proto udp to port 23",
		);
		expect(told(WEB, rules)).toEqual(["in inet proto tcp on em0 to 203.0.113.10 port 20:30 -> host yes tcp 20 tcp 22 tcp 25"]);
	});

	test("an address that nobody has is not reached by another rule for the same port", () => {
		expect(
			told(WEB, pf("block", "pass in on em0 inet proto tcp to 203.0.113.99 port 22", "pass in on em0 inet proto tcp to (em0) port 22")),
		).toEqual(["in inet proto tcp on em0 to 203.0.113.10 port 22 -> host yes tcp 22", "in inet proto tcp on em0 to 203.0.113.99 port 22"]);
	});

	test("types of ICMP are tried as they are", () => {
		expect(told(WEB, pf("block", "pass in on em0 inet proto icmp to (em0) icmp-type timex"))).toEqual([
			"in inet proto icmp on em0 to 203.0.113.10 icmp-type timex -> host yes icmp",
		]);
	});

	test("what openings reach is told up to a number of packets", () => {
		const host = hostOf(
			WEB,
			pf("block", "pass in on em0 inet proto tcp to (em0) port 22", "pass in on em0 inet proto udp to (em0) port 53"),
		);
		if (host.pf === undefined) throw new Error("no rules");
		const { ruleset: own } = host.pf;
		const known = (most: number) => finished(searchExposure(host, own, most)).openings.map(({ reached }) => reached !== undefined);
		// Each opening has one packet, which is sent to the host and to a guest.
		expect(known(1)).toEqual([false, false]);
		expect(known(2)).toEqual([true, false]);
		expect(known(3)).toEqual([true, false]);
		expect(known(4)).toEqual([true, true]);
	});

	test("as many ways without pf as with it are ways all the same", () => {
		const two: Files = { "vm.conf": undefined, mygate: undefined, "hostname.em1": ["inet 192.168.1.1/24"] };
		const { places, unfiltered, isWhole } = exposureOf(WEB, two, { "pf.conf": ["set skip on em0", "block"] });
		expect([places.length, unfiltered.length, isWhole]).toEqual([1, 1, true]);
	});

	test("the packet of the example has no tag, whatever is left with one", () => {
		const { openings } = exposureOf(WEB, pf("block", "pass in on em0 inet proto tcp to port 81 ! tagged A"));
		expect(openings.map(({ change }) => change.witness.tag)).toEqual([""]);
	});

	test("a protocol without ports is told by its name", () => {
		expect(told(WEB, pf("block", "pass in on em0 inet proto icmp to (em0) icmp-type echoreq"))).toEqual([
			"in inet proto icmp on em0 to 203.0.113.10 icmp-type echoreq -> host yes icmp",
		]);
	});

	test("of a rule that is left some packets with a tag, those without one are told", () => {
		expect(told(WEB, pf("block", "pass in quick on em0 inet proto tcp to (em0) ! tagged A", "pass in on em0 inet to (em0)"))).toEqual([
			"in inet proto { udp icmp others } on em0 to 203.0.113.10 -> host yes udp 1 icmp proto 0",
			"in inet proto tcp on em0 to 203.0.113.10 -> host yes tcp 1",
		]);
	});

	describe("by a redirection", () => {
		const GUEST: Files = { ...WEB, ...routed("veb0", `tap3 ${plug}`), "hostname.em0": ["inet 203.0.113.10/24"] };
		const rules = (...more: readonly string[]) => pf("block", "pass in on em0 inet proto tcp to (em0) port 80 rdr-to 10.50.0.20", ...more);

		test("a guest is reached, and not the host", () => {
			expect(told(GUEST, rules("pass out on { vport0 tap3 } inet to 10.50.0.20"))).toEqual([
				"in inet proto tcp on em0 to 203.0.113.10 port 80 -> db01 yes tcp 80",
			]);
		});

		test("a guest is reached from the sources that rules name, where no others get on", () => {
			expect(told(GUEST, rules("pass out on { vport0 tap3 } inet from 192.0.2.0/24 to 10.50.0.20"))).toEqual([
				"in inet proto tcp on em0 to 203.0.113.10 port 80 -> db01 yes tcp 80",
			]);
			expect(told(GUEST, rules("pass out on { vport0 tap3 } inet6 from 2001:db8:9::/48"))).toEqual([
				"in inet proto tcp on em0 to 203.0.113.10 port 80",
			]);
		});

		test("whose answers do not come back, it is told so", () => {
			const oneWay = rules("pass in on em0 inet proto tcp to (em0) port 22", "pass out on { vport0 tap3 } inet to 10.50.0.20 no state");
			expect(told(GUEST, oneWay)).toEqual([
				"in inet proto tcp on em0 to 203.0.113.10 port 22 -> host yes tcp 22",
				"in inet proto tcp on em0 to 203.0.113.10 port 80 -> db01 one way tcp 80",
			]);
		});
	});

	test("a guest on the network outside is met at the port of its bridge", () => {
		expect(exposureOf(bridged(), pf("block")).places).toContainEqual({ interface: "em1", direction: "in" });
	});
});

const HOST = hostOf({
	"hostname.em0": ["inet 203.0.113.10/24", "inet alias 203.0.113.11/32"],
	"hostname.em1": ["inet 10.0.0.1/24"],
	"hostname.tap3": ["group web", "up"],
	mygate: ["203.0.113.1"],
});

describe("any ruleset, held against the evaluation of single packets", () => {
	test.each(
		shareOf(
			Array.from({ length: 100 }, (_, index) => index + 1),
			10,
		),
	)("seed %i", (seed) => {
		const { rules, around } = randomRuleset(randomOf(seed * 6007));
		const own = ruleset(rules, around);
		const { openings, space, isWhole } = finished(searchExposure(HOST, own));
		expect(isWhole).toBe(true);
		const evaluator = createEvaluator(own, networkOf(HOST).interfaces);
		const changes = openings.map(({ change }) => change);
		let asked = 0;
		for (const one of PACKETS) {
			const packet = { ...sortedIn(one, { changes, space }), interface: "em0", direction: "in" as const, receivedOn: "em0", tag: "" };
			const outcomes = evaluator.evaluate(packet);
			const [found, ...others] = changesOf({ changes, space }, packet);
			if (outcomes.length > 1 || (found !== undefined && found.depends.length > 0)) continue;
			asked++;
			expect(others, describePacket(packet)).toEqual([]);
			expect(found !== undefined, describePacket(packet)).toBe(outcomes[0].verdict === "pass");
			expect(found?.after.rule, describePacket(packet)).toBe(outcomes[0].verdict === "pass" ? outcomes[0].rule : undefined);
		}
		expect(asked).toBeGreaterThan(500);
	});
});
