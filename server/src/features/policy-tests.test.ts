import { describe, expect, test } from "vitest";
import { completion } from "./completion.ts";
import { definition } from "./definition.ts";
import { reportedDiagnostics } from "./diagnostics.ts";
import { hover } from "./hover.ts";
import { open } from "./testing.ts";

const host = `//- /etc/vm.conf
switch "s" {
	interface veb0
}
vm "a" {
	disk "/a"
	interface tap1 { switch "s" }
}
vm "b" {
	disk "/b"
	interface tap2 { switch "s" }
}
//- /etc/hostname.veb0
link1
add vport0
up
//- /etc/hostname.vport0
inet 10.0.0.1/24
//- /etc/hostname.em0
inet 203.0.113.5/24
//- /etc/sysctl.conf
net.inet.ip.forwarding=1
//- /etc/pf.conf
block
pass in on em0 proto tcp to port 22
pass on vport0
pass in on tap1 proto tcp from 10.0.0.20 to 10.0.0.30
pass out on tap2 proto tcp to 10.0.0.30 port { 80 1000:2000 }
pass in on em0 proto udp to port 53 user root
//- /etc/policy.pftest
`;

/** The codes with the words that they are about, and the message's. */
async function found(tests: string): Promise<readonly string[]> {
	const { session, file } = await open(`${host}|${tests}`);
	return reportedDiagnostics(session, file).map(
		({ code, span, message, related = [] }) =>
			`${code.replace("pftest/", "")}: ${file.text.slice(span.start, span.end)} / ${message.args.join(" ")}${related.map(({ message: by }) => ` by ${by.args.join("")}`).join("")}`,
	);
}

describe("expectations are checked as one types", () => {
	const cases: readonly (readonly [tests: string, expected: readonly string[]])[] = [
		["outside host tcp 22 pass\na b tcp 80 1500 pass\na b tcp 81 block\nb a any block\n# c\n\n", []],
		["a  b\ttcp 1000:2000 pass # all of them\n", []],
		["any guest host icmp block\n", []],
		["a b tcp pass\n", ["fails: a b tcp pass / a b tcp 1:21 by block drop all"]],
		[
			"outside host tcp 22 block\n",
			["fails: outside host tcp 22 block / outside host tcp 22 by pass in on em0 proto tcp from any to any port = 22 flags S/SA"],
		],
		["a b tcp 2000:2001 pass\n", ["fails: a b tcp 2000:2001 pass / a b tcp 2001 by block drop all"]],
		[
			"outside host udp 53 block\n",
			["depends: outside host udp 53 block / outside host udp 53 user by pass in on em0 proto udp from any to any port = 53 user = 0"],
		],
		["outside host tcp ssh pass\na b tcp www 1500 pass\n", []],
		["a b tcp nosuchservice pass\n", ["syntax: nosuchservice / nosuchservice"]],
		["a nobody tcp 80 pass\n", ["unknown-guest: nobody / nobody"]],
		["address b 10.0.0.99\na b tcp 80 block\n", []],
		["outside\n", ["syntax:  / "]],
		["outside host tcp 0 pass\n", ["syntax: 0 / "]],
		["outside host tcp 80 443\n", ["syntax:  / "]],
		["outside host 80 pass\n", ["syntax: 80 / "]],
		["any host tcp pass\n", ["syntax: host / "]],
		["outside host icmp pass now\n", ["syntax: now / "]],
		["address a\n", ["syntax:  / "]],
		["address a tcp\n", ["syntax: tcp / "]],
	];
	test.each(cases)("%j", async (tests, expected) => expect(await found(tests)).toEqual(expected));
});

describe("the features know the words", () => {
	const labels = async (tests: string): Promise<readonly string[]> => {
		const { session, file, offset } = await open(host + tests);
		return completion(session, file, offset)?.items.map(({ label }) => label) ?? [];
	};

	test.each([
		["|", ["outside", "host", "any", "a", "b", "address"]],
		["outside |", ["host", "a"]],
		["any |", ["guest"]],
		["a b |", ["tcp", "udp", "icmp", "any"]],
		["a b tcp |", ["pass", "block"]],
		["a b tcp 80 |", ["pass", "block"]],
		["a b tcp ht|", ["https"]],
		["address |", ["a", "b"]],
	])("completion at %j", async (tests, expected) => expect(await labels(tests)).toEqual(expect.arrayContaining([...expected])));

	test("nothing follows the expectation", async () => expect(await labels("a b tcp 80 pass |")).toEqual([]));

	test("hover explains a word", async () => {
		const { session, file, offset } = await open(`${host}a b tcp 80 pa|ss\n`);
		expect(JSON.stringify(hover(session, file, offset))).toContain("answer comes back");
	});

	test("a guest's name leads to vm.conf", async () => {
		const { session, file, offset } = await open(`${host}a| b tcp 80 pass\n`);
		expect(JSON.stringify(definition(session, file, offset))).toContain("/etc/vm.conf");
	});
});
