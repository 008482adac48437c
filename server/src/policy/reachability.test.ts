import { describe, expect, test } from "vitest";
import { readHost } from "../../../test/unit/hosts.ts";
import { type Host, hostBuilder } from "../host/model.ts";
import { pfFacts } from "../host/pf-facts.ts";
import { printRule } from "../pf/print.ts";
import { endText } from "./ends.ts";
import { difference, reachability } from "./reachability.ts";
import { atomsOf, atomText, distinctionsOf } from "./services.ts";

/** The corrected example, with texts replaced in its files. */
function host(...edits: readonly (readonly [path: string, from: string, to: string])[]): Host {
	const files = new Map([...readHost("corrected")].map(([path, text]) => [path, { text }]));
	for (const [path, from, to] of edits) {
		const text = files.get(path)?.text ?? "";
		expect(text).toContain(from);
		files.set(path, { text: text.replace(from, to) });
	}
	const pf = pfFacts(files);
	return hostBuilder()({ name: "hv1", files, ...(pf && { pf }) });
}

test("the matrix of the corrected example", () => {
	const { ends, services, cells } = reachability(host());
	const lines = ends.flatMap((from, row) =>
		ends.flatMap((to, column) => {
			const open = (cells[row]?.[column] ?? []).flatMap(({ answer }, index) => {
				const service = services[index];
				return service === undefined || answer === "no" ? [] : [`${atomText(service)}${answer === "yes" ? "" : ` (${answer})`}`];
			});
			return row === column ? [] : [`${endText(from)} -> ${endText(to)}: ${open.join(", ") || "-"}`];
		}),
	);
	expect(services.map(atomText)).toEqual(["tcp 22", "tcp 80", "tcp 443", "tcp 3306", "udp 67", "udp 68", "icmp"]);
	expect(lines).toMatchInlineSnapshot(`
		[
		  "outside -> host: tcp 22",
		  "outside -> web01: tcp 80, tcp 443",
		  "outside -> db01: -",
		  "host -> outside: tcp 22, tcp 80, tcp 443, tcp 3306, udp 67, udp 68, icmp",
		  "host -> web01: tcp 80, tcp 443",
		  "host -> db01: -",
		  "web01 -> outside: tcp 22, tcp 80, tcp 443, tcp 3306, udp 67, udp 68, icmp",
		  "web01 -> host: -",
		  "web01 -> db01: tcp 3306",
		  "db01 -> outside: tcp 22, tcp 80, tcp 443, tcp 3306, udp 67, udp 68, icmp",
		  "db01 -> host: -",
		  "db01 -> web01: -",
		]
	`);
});

test("every field names the rule that decides", () => {
	const { ends, services, cells } = reachability(host());
	const at = (from: string, to: string, service: string) =>
		cells[ends.findIndex((end) => endText(end) === from)]?.[ends.findIndex((end) => endText(end) === to)]?.[
			services.findIndex((one) => atomText(one) === service)
		];
	const rule = (from: string, to: string, service: string): string => {
		const found = at(from, to, service)?.rule;
		return found === undefined ? "" : printRule(found);
	};
	expect(rule("web01", "db01", "tcp 3306")).toBe(
		"pass out on tap2 inet proto tcp from 10.50.0.20 to 10.50.0.30 port = 3306 flags S/SA keep state (if-bound)",
	);
	expect(rule("db01", "web01", "tcp 80")).toBe("block drop log all");
});

describe("the difference between two versions", () => {
	const told = (before: Host, after: Host): string[] =>
		difference(before, after).map(
			({ kind, from, to, service, decidedAfter }) =>
				`${kind}: ${endText(from)} -> ${endText(to)} ${atomText(service)} by ${decidedAfter?.outcome?.rule === undefined ? "-" : printRule(decidedAfter.outcome.rule)}`,
		);

	test("nothing, where nothing has changed", () => expect(told(host(), host())).toEqual([]));

	test("a port is opened for everybody", () => {
		const after = host(["/etc/pf.vm/web01.conf", "to $lan_ip port { 80 443 }", "to $lan_ip port { 80 443 8080 }"]);
		const found = told(host(), after);
		expect(found).toContain(
			"opens: outside -> web01 tcp 8080 by pass out on tap1 inet proto tcp from any to 10.10.0.20 port = 8080 flags S/SA keep state (if-bound)",
		);
		expect(found.filter((line) => !line.includes("-> web01 tcp 8080"))).toEqual([]);
	});

	test("a rule is gone", () => {
		const after = host(["/etc/pf.vm/db01.conf", "pass out on $isol inet proto tcp from 10.50.0.20 to $isol_ip port 3306\n", ""]);
		expect(told(host(), after)).toEqual(["closes: web01 -> db01 tcp 3306 by block drop log all"]);
	});

	test("ports that change alike are told together", () => {
		const after = host([
			"/etc/pf.vm/db01.conf",
			"pass out on $isol inet proto tcp from 10.50.0.20 to $isol_ip port 3306",
			"pass out on $isol inet proto tcp from 10.50.0.20 to $isol_ip port 3306:3310",
		]);
		const web = host(["/etc/pf.vm/web01.conf", "to 10.50.0.30 port 3306", "to 10.50.0.30 port 3000:4000"]);
		expect(told(host(), web)).toEqual([]);
		expect(
			told(
				web,
				host(
					["/etc/pf.vm/web01.conf", "to 10.50.0.30 port 3306", "to 10.50.0.30 port 3000:4000"],
					["/etc/pf.vm/db01.conf", "to $isol_ip port 3306", "to $isol_ip port 3306:3310"],
				),
			),
		).toEqual([
			"opens: web01 -> db01 tcp 3307:3310 by pass out on tap2 inet proto tcp from 10.50.0.20 to 10.50.0.30 port 3306:3310 flags S/SA keep state (if-bound)",
		]);
		expect(told(host(), after)).toEqual([]);
	});

	test("the same where a network that a rule names matters only", () => {
		const after = host(["/etc/pf.vm/web01.conf", "from 10.10.0.0/24 to $lan_ip port 22", "from 10.10.0.0/24 to $lan_ip port { 22 2222 }"]);
		expect(told(host(), after)).toEqual([
			"opens: 10.10.0.7 -> web01 tcp 2222 by pass out on tap1 inet proto tcp from 10.10.0.0/24 to 10.10.0.20 port = 2222 flags S/SA keep state (if-bound)",
		]);
	});
});

test("packets stand for all ports that no rule tells apart", () => {
	const { pf } = host();
	if (pf === undefined) throw new Error("no rules");
	const distinctions = distinctionsOf([pf.ruleset]);
	const atoms = atomsOf({ protocol: 6, ports: [] }, distinctions, false);
	expect(atoms.map(atomText)).toEqual([
		"tcp 1:21",
		"tcp 22",
		"tcp 23:79",
		"tcp 80",
		"tcp 81:442",
		"tcp 443",
		"tcp 444:3305",
		"tcp 3306",
		"tcp 3307:65535",
	]);
	expect(atomsOf({ protocol: 6, ports: [[80, 90]] }, distinctions, false).map(atomText)).toEqual(["tcp 80", "tcp 81:90"]);
	expect(atomsOf({ protocol: 17, ports: [[67, 67]] }, distinctions, true).length).toBeGreaterThan(2);
});
