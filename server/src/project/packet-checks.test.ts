import { expect, test } from "vitest";
import { hostBuilder, type ModelFile } from "../host/model.ts";
import { pfFactsReader } from "../host/pf-facts.ts";
import { PfFile } from "../pf/editor/file.ts";
import { searchPackets } from "../policy/checks.ts";
import type { PacketFindings } from "../policy/packet-check.ts";
import { PacketChecks } from "./packet-checks.ts";

const GUESTS = 8;
const guests = Array.from({ length: GUESTS }, (_, index) => index);
const FILES: Readonly<Record<string, string>> = {
	"/etc/vm.conf": `switch "lan" {\n\tinterface veb0\n}\n${guests.map((n) => `vm "g${n}" {\n\tdisk "/g${n}"\n\tinterface tap${n} { switch "lan" }\n}\n`).join("")}`,
	"/etc/hostname.veb0": "link1\nadd vport0\nup\n",
	"/etc/hostname.vport0": "inet 10.50.0.1/24\nup\n",
	"/etc/hostname.em0": "inet autoconf\n",
	"/etc/sysctl.conf": "net.inet.ip.forwarding=1\n",
	"/etc/pf.conf": [
		"set skip on lo",
		"set state-policy if-bound",
		"match out on em0 inet from 10.50.0.0/24 nat-to (em0)",
		"block",
		"pass out on em0",
		"pass in on em0 proto tcp to port ssh",
		"pass in on vport0 inet from 10.50.0.0/24 to ! (self)",
		"pass out on vport0",
		...guests.flatMap((n) => [
			`pass in on tap${n} inet from 10.50.0.${n + 2}`,
			`pass out on tap${n} inet proto tcp to 10.50.0.${n + 2} port 80`,
		]),
		"",
	].join("\n"),
};

/** A host whose pf.conf is edited as an editor does it: rules that the edit leaves alone stay the same. */
function edited() {
	const build = hostBuilder();
	const read = pfFactsReader();
	let file = PfFile.parse(FILES["/etc/pf.conf"] ?? "", { path: "/etc/pf.conf" });
	const host = () => {
		const files = new Map<string, ModelFile>(Object.entries(FILES).map(([path, text]) => [path, { text }]));
		files.set("/etc/pf.conf", { text: file.text, parsed: file });
		const pf = read(files);
		return build({ name: "hv1", files, ...(pf && { pf }) });
	};
	return {
		host,
		replace: (from: string, to: string) => {
			const start = file.text.indexOf(from);
			const made = file.edit([{ span: { start, end: start + from.length }, text: to }], file.context);
			if (made instanceof PfFile) file = made;
		},
	};
}

function run(host: ReturnType<ReturnType<typeof edited>["host"]>, earlier?: PacketFindings): { found: PacketFindings; work: number } {
	const search = searchPackets(host, earlier);
	let work = 0;
	for (;;) {
		const { done, value } = search.next();
		if (done === true) return { found: value, work };
		work += value;
	}
}

const told = ({ found }: PacketFindings): readonly unknown[] =>
	[...found].map(([path, list]) => [path, list.map(({ code, span, message }) => [code, span, message])]);

test.each([
	["a guest's rule", "10.50.0.5 port 80", "10.50.0.5 port 8080"],
	["a guest that is cut off", "pass in on tap3 inet from 10.50.0.5\npass out on tap3 inet proto tcp to 10.50.0.5 port 80\n", ""],
	["the way in", "pass in on em0 proto tcp to port ssh\n", ""],
	["the default", "block\n", "pass\n"],
	["a rule on every interface", "pass out on em0\n", "pass out on em0\npass proto icmp\n"],
	["what pf skips", "set skip on lo", "set skip on { lo tap2 }"],
	["a table", "block\n", "table <t> { 10.50.0.4 }\nblock\nblock in quick on vport0 from <t>\n"],
	["the policy of states", "if-bound", "floating"],
])("after an edit of %s, what is kept of the search before is what a new one finds", (_, from, to) => {
	const editor = edited();
	const first = run(editor.host());
	editor.replace(from, to);
	expect(told(run(editor.host(), first.found).found)).toEqual(told(run(editor.host()).found));
	editor.replace(to === "" ? "block\n" : to, to === "" ? `block\n${from}` : from);
	expect(told(run(editor.host(), first.found).found)).toEqual(told(run(editor.host()).found));
});

test("an edit of one rule of a guest costs less than the first search", () => {
	const editor = edited();
	const first = run(editor.host());
	editor.replace("10.50.0.5 port 80", "10.50.0.5 port 8080");
	expect(run(editor.host(), first.found).work).toBeLessThan(first.work * 0.7);
});

test("a search is done in portions, and what was told stays until it ends", () => {
	const checks = new PacketChecks();
	const editor = edited();
	editor.replace("pass in on em0 proto tcp to port ssh\n", "");
	expect(checks.take(editor.host())).toBe(false);
	expect([...checks.found.values()].flat().map(({ code }) => code)).toEqual(["host/ssh-locked-out"]);
	checks.clear();
	expect([...checks.found.values()].flat()).toHaveLength(1);
});
