import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import type { Diagnostic } from "../text/diagnostic.ts";
import { type ExampleFiles, exampleFiles, mendedFiles } from "../text/example.testing.ts";
import { tellings } from "./checks.testing.ts";
import { checkHost, type HostCode, hostChecks } from "./checks.ts";
import { hostExamples, sourceOf } from "./examples.testing.ts";
import { filesOf, hostOf, textsOf, told } from "./fixture.ts";
import { type HostSource, hostBuilder, type ModelFile } from "./model.ts";

/** The files of a host in one text: each starts with a line `//- PATH`. */
type Files = string;

const vm = (body: string): Files => `//- /etc/vm.conf\n${body}`;
const file = (name: string, ...lines: string[]): Files => `//- /etc/${name}\n${lines.map((line) => `${line}\n`).join("")}`;
const hostname = (name: string, ...lines: string[]): Files => file(`hostname.${name}`, ...lines);
const lan = (bridge = "veb0", ...options: string[]): string =>
	`switch "lan" {\n\tinterface ${bridge}\n${options.map((option) => `\t${option}\n`).join("")}}\n`;
const guest = (name: string, nic: string, ...options: string[]): string =>
	`vm "${name}" {\n\tdisk "/${name}"\n\tinterface ${nic}\n${options.map((option) => `\t${option}\n`).join("")}}\n`;
const plug = '{ switch "lan" }';
const em0 = hostname("em0", "inet 192.0.2.2 255.255.255.0");
/** Guests behind vport0 in veb0, with the way out over em0. */
const routed = (...gateway: string[]): Files =>
	vm(lan() + guest("a", plug)) +
	hostname("veb0", "add vport0", "up") +
	hostname("vport0", ...(gateway.length > 0 ? gateway : ["inet 10.50.0.1 255.255.255.0"])) +
	em0;
const _dhcpd = (...lines: string[]): Files => file("dhcpd.conf", "subnet 10.50.0.0 netmask 255.255.255.0 {", ...lines, "}");

/** Every text that is known in another language too. */
const translated = new Set(Object.keys(JSON.parse(readFileSync(new URL("../../../l10n/bundle.l10n.zh-cn.json", import.meta.url), "utf8"))));

interface Found extends Diagnostic {
	readonly file: string;
	readonly words: string;
}

function find(source: HostSource): readonly Found[] {
	return [...checkHost(hostBuilder()(source))].flatMap(([path, list]) => {
		const { text } = source.files.get(path) ?? { text: "" };
		return list.map((one) => ({ ...one, file: path, words: text.slice(one.span.start, one.span.end) }));
	});
}

/** The files after the first fix of a diagnostic. */
function mended(files: ExampleFiles, { file: own, fixes }: Found): ExampleFiles {
	const result = new Map(files);
	for (const { file: path = own, span, text } of [...(fixes?.[0]?.edits ?? [])].reverse()) {
		const before = result.get(path)?.text ?? "";
		result.set(path, { text: before.slice(0, span.start) + text + before.slice(span.end) });
	}
	return result;
}

describe("no fault", () => {
	it.each([
		[
			"a shared address in the network of its interface",
			hostname("em0", "inet 10.0.0.2/24") + hostname("carp0", "vhid 1 carpdev em0 pass secret", "inet 10.0.0.1/24"),
		],
		["a link-local address on two interfaces", hostname("em0", "inet6 fe80::1/64") + hostname("em1", "inet6 fe80::1/64")],
		["an address twice on one interface", hostname("em0", "inet 10.0.0.1/24", "inet alias 10.0.0.1/24")],
	])("%s", (_, host) => {
		const found = find({ name: "hv1", files: filesOf(host) }).map(({ code }) => code);
		expect(found.filter((code) => code === "host/same-address" || code === "host/overlapping-networks")).toEqual([]);
	});
});

describe("each check", () => {
	it.each(Object.entries(hostExamples))("%s", (code, example) => {
		const files = exampleFiles(example);
		const codes = (all: ExampleFiles) => find(sourceOf(example, all)).map((one) => one.code);
		const found = find(sourceOf(example, files)).filter((one) => one.code === code);
		expect(found.flatMap((one) => told(files, one.file, one))).toEqual(tellings[code as HostCode]);
		expect(new Set(found.map(({ severity }) => severity))).toEqual(new Set([hostChecks[code as HostCode].severity]));
		expect(found.flatMap(textsOf).filter((text) => !translated.has(text))).toEqual([]);
		const without = mendedFiles(example);
		if (without !== undefined) expect(codes(without), "without it").not.toContain(code);
		const [first] = found;
		if (first?.fixes !== undefined) expect(codes(mended(files, first)), "after its fix").not.toContain(code);
	});
});

test.each(Object.entries(hostChecks))("%s says what it looks for, why, and what to do", (_, { title, why, remedy }) => {
	expect([title, why, remedy].filter((text) => !translated.has(text))).toEqual([]);
});

describe("what is not known is no fault", () => {
	it.each([
		["vm.conf alone", vm(lan() + guest("a", `tap3 ${plug}`))],
		["a hostname file alone", hostname("vlan10", "vnetid 10", "parent em1", "up") + hostname("em1", "up")],
		["nothing", ""],
		[
			"a device that a file named after its MAC address sets up",
			hostname("bridge0", "add em1", "up") + file("hostname.00:11:22:33:44:55", "up"),
		],
		["what a command sets up", hostname("bridge0", "add em1", "!ifconfig em1 up", "up")],
	])("%s", (_, files) => {
		expect(find({ name: "hv1", files: filesOf(files) })).toEqual([]);
	});

	it("any text in any file does no harm", () => {
		const paths = [
			"vm.conf",
			"hostname.em0",
			"hostname.veb0",
			"hostname.tap1",
			"hostname.vport0",
			"rc.conf.local",
			"sysctl.conf",
			"mygate",
			"dhcpd.conf",
			"vm.d/a.conf",
		];
		const words = [
			..." \n\n\"'{};#=",
			"switch lan {\n interface veb0\n}\n",
			'vm "a" {\n disk "/a"\n interface tap1 { switch lan }\n}\n',
			"inet 10.0.0.1 255.255.255.0\n",
			"inet ",
			"inet6 ::1 64\n",
			"add tap1\n",
			"parent em0\n",
			"dhcpd_flags=veb0 em0\n",
			"subnet 10.0.0.0 netmask 255.0.0.0 { range 10.0.0.1 10.0.0.9; }\n",
			"up\n",
		];
		const text = fc.array(fc.constantFrom(...words), { maxLength: 12 }).map((parts) => parts.join(""));
		fc.assert(
			fc.property(fc.dictionary(fc.constantFrom(...paths), text), (contents) => {
				const files = new Map(Object.entries(contents).map(([name, own]) => [`/etc/${name}`, { text: own }]));
				for (const { span, file: path } of find({ name: "hv1", files })) {
					const length = files.get(path)?.text.length;
					expect(length, path).toBeDefined();
					expect(0 <= span.start && span.start <= span.end && span.end <= (length ?? 0)).toBe(true);
				}
			}),
		);
	});
});

describe("the example hosts", () => {
	const examples = fileURLToPath(new URL("../../../examples/", import.meta.url));
	const read = (name: string): HostSource => {
		const files = new Map<string, ModelFile>();
		const walk = (folder: string, path: string): void => {
			for (const entry of readdirSync(folder, { withFileTypes: true })) {
				if (entry.isDirectory()) walk(`${folder}/${entry.name}`, `${path}/${entry.name}`);
				else files.set(`${path}/${entry.name}`, { text: readFileSync(`${folder}/${entry.name}`, "utf8") });
			}
		};
		walk(`${examples}${name}/etc`, "/etc");
		return { name, files };
	};
	it.each(["corrected", "corrected-bridge"])("%s has no fault", (name) => {
		expect(existsSync(`${examples}${name}/etc/vm.conf`)).toBe(true);
		expect(find(read(name)).map(({ code, words }) => [code, words])).toEqual([]);
	});
	it("the handbook's hosts have theirs", () => {
		const codes = find(read("handbook")).map(({ code }) => code);
		expect(codes).toContain("host/lower-down");
	});
});

describe("the model", () => {
	it("keeps what did not change", () => {
		const build = hostBuilder();
		const files = filesOf(routed());
		const first = build({ name: "hv1", files });
		const second = build({ name: "hv1", files: new Map(files).set("/etc/sysctl.conf", { text: "" }) });
		expect(second.configs.find(({ name }) => name === "veb0")).toBe(first.configs.find(({ name }) => name === "veb0"));
		expect(second.vmFile).toBe(first.vmFile);
	});
	it("knows segments with their guests and gateways", () => {
		const [segment] = hostOf(routed()).segments;
		expect(segment?.plugs.map(({ guest: one }) => one.name.value)).toEqual(["a"]);
		expect(segment?.gateways.map(({ name }) => name)).toEqual(["vport0"]);
	});
});
