import { describe, expect, it } from "vitest";
import { checkHost } from "./checks.ts";
import { filesOf } from "./fixture.ts";
import { hostBuilder } from "./model.ts";
import { pfFacts } from "./pf-facts.ts";

/** Two guests on a bridge, of which vm.conf pins the taps that are given. */
function host(load: string, anchor: readonly string[], pins: Readonly<Record<string, string>> = {}): string {
	const guest = (name: string): string => `vm "${name}" {\n\tdisk "/${name}"\n\tinterface ${pins[name] ?? ""} { switch "lan" }\n}\n`;
	return [
		`//- /etc/vm.conf\nswitch "lan" {\n\tinterface bridge0\n}\n${guest("web01")}${guest("db01")}`,
		"//- /etc/hostname.bridge0\nadd em1\nup\n//- /etc/hostname.em1\nup\n//- /etc/hostname.em0\ninet autoconf\n",
		`//- /etc/pf.conf\nblock\nanchor "vm/*"\n${load}\n`,
		`//- /etc/pf.vm/web01.conf\n${anchor.join("\n")}\n`,
	].join("");
}

const found = (text: string): readonly string[] => {
	const files = filesOf(text);
	const pf = pfFacts(files);
	const all = checkHost(hostBuilder()({ name: "hv1", files, ...(pf && { pf }) }));
	return (all.get("/etc/pf.vm/web01.conf") ?? []).map(({ code }) => code);
};

const LOAD = 'load anchor "vm/web01" from "/etc/pf.vm/web01.conf"';
const GLOB = 'load anchor "vm/*" from "/etc/pf.vm/*.conf"';
const REVERSED = "pass in on tap3 proto tcp to (tap3) port 80";

describe("faults of guests' rules are told before the ones in front of them are mended", () => {
	it.each([
		["loaded, not pinned", LOAD, {}],
		["by a pattern, not pinned", GLOB, {}],
		["loaded, pinned", LOAD, { web01: "tap3" }],
		["by a pattern, pinned", GLOB, { web01: "tap3" }],
	])("direction and address, %s", (_, load, pins) => {
		expect(found(host(load, [REVERSED], pins))).toEqual(expect.arrayContaining(["host/tap-address", "host/reversed-direction"]));
	});

	it.each([
		["a tap that is an interface of the host's own", `${host(LOAD, [REVERSED])}//- /etc/hostname.tap3\ninet 10.0.0.1/24\n`],
		[
			"guests of files that are not known",
			host(LOAD, [REVERSED]).replace('switch "lan" {', 'include "/etc/vm.d/more.conf"\nswitch "lan" {'),
		],
		["every guest pinned to another tap", host(LOAD, [REVERSED], { web01: "tap1", db01: "tap2" })],
	])("not of %s", (_, text) => {
		expect(found(text).filter((code) => /tap-address|reversed/.test(code))).toEqual([]);
	});
});

it.each([
	["all of them", ["pass in on { tap0 tap1 }"], {}, false],
	["some of them", ["pass in on { tap0 tap2 }"], {}, true],
	["one", ["pass in on tap0"], {}, true],
	["those that are not pinned", ["pass in on { tap0 tap1 }"], { db01: "tap1" }, false],
])("a statement about taps that nobody pins: %s", (_, rules, pins, told) => {
	expect(found(host(LOAD, rules, pins)).includes("host/rule-on-unpinned-tap")).toBe(told);
});

it("a tap that nobody pins is told once for each file, at its name", () => {
	const files = filesOf(host(LOAD, ["pass in on tap0", "pass out on tap0", "pass out on tap2"]));
	const pf = pfFacts(files);
	const all = checkHost(hostBuilder()({ name: "hv1", files, ...(pf && { pf }) })).get("/etc/pf.vm/web01.conf") ?? [];
	const text = files.get("/etc/pf.vm/web01.conf")?.text ?? "";
	const marked = all
		.filter(({ code }) => code === "host/rule-on-unpinned-tap")
		.map(({ span }) => [span.start, text.slice(span.start, span.end)]);
	expect(marked).toEqual([
		[text.indexOf("tap0"), "tap0"],
		[text.indexOf("tap2"), "tap2"],
	]);
});
