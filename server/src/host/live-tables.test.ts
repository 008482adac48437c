/** Tables of a running pf beside those of the files: what a reload makes of each (as a kernel of 7.6 was seen to do), and how it is kept. */
import { expect, test } from "vitest";
import {
	compareTables,
	keepTable,
	type LiveTable,
	readTableAddress,
	readTableName,
	type TableRow,
	tableNameText,
	withInsertion,
} from "./live-tables.ts";
import { pfFacts } from "./pf-facts.ts";

const conf = `ext = "em0"
table <bad> persist { 192.0.2.66, 198.51.100.0/24, !198.51.100.7, 2001:DB8::/32 } # ours
table <seen> persist counters
table <f> persist file "/etc/pf.f"
table <away> persist file "/etc/pf.away"
table <own> const { 10.0.0.1 }
table <deep> { 10.0.0.2 }
table <unused> const { 10.0.0.3 }
table <me> { self }
block in from <bad>
block in from { <named>, <me>, <own> }
anchor "vm/*"
load anchor "vm/web" from "/etc/pf.vm/web.conf"
`;
const files = new Map(
	Object.entries({
		"/etc/pf.conf": conf,
		"/etc/pf.f": "10.1.1.1",
		"/etc/pf.vm/web.conf": "table <inner> { 10.9.9.9 }\nblock in from <inner>\nblock in from <deep>\n",
	}).map(([path, text]) => [path, { text }]),
);
const pf = pfFacts(files);

const live = (said: string, addresses: readonly string[] | undefined, more: Partial<LiveTable> = {}): LiveTable => ({
	...readTableName(said),
	constant: false,
	persist: true,
	referenced: true,
	referencedBelow: false,
	counters: false,
	count: addresses?.length ?? 1,
	...(addresses === undefined ? {} : { addresses }),
	...more,
});

function rowOf(one: LiveTable, facts = pf): TableRow {
	const row = compareTables(facts, [one]).find(({ name, anchor }) => name === one.name && anchor === one.anchor);
	if (row === undefined) throw new Error(one.name);
	return row;
}

test.each([
	["a list", live("bad", ["192.0.2.66", "!198.51.100.7", "2001:db8::/32", "1.2.3.4"]), "replaces", ["1.2.3.4"], ["198.51.100.0/24"]],
	["no list", live("seen", ["203.0.113.5"]), "keeps", ["203.0.113.5"], []],
	["a file", live("f", ["10.1.1.1"]), "replaces", [], []],
	["a file that is not here", live("away", ["10.1.1.1"]), "replaces", undefined, undefined],
	["an address that only the host can tell", live("me", ["10.1.1.1"]), "replaces", undefined, undefined],
	["addresses that were not read", live("seen", undefined), "keeps", undefined, undefined],
	["more addresses than are read", live("seen", ["10.1.1.1"], { leftOut: 1 }), "keeps", undefined, undefined],
	["a file that is loaded into an anchor", live("inner@vm/web", ["10.9.9.9"]), "replaces", [], []],
	["a list that rules of an anchor alone ask", live("deep", ["10.0.0.2"], { persist: false }), "replaces", [], []],
	["a list that no rule asks, which is no longer there", live("unused", ["10.0.0.3"], { persist: false }), "goes", [], []],
	["a rule alone", live("named", ["10.1.1.1"], { persist: false }), "keeps", ["10.1.1.1"], []],
	["nothing, and it is persistent", live("new", ["10.1.1.1"]), "keeps", ["10.1.1.1"], []],
	["nothing", live("old", ["10.1.1.1"], { persist: false }), "goes", ["10.1.1.1"], []],
	[
		"nothing, and a rule of an anchor names it",
		live("old", ["10.1.1.1"], { persist: false, referencedBelow: true }),
		"keeps",
		["10.1.1.1"],
		[],
	],
	["an anchor that no file loads", live("x@guests/db", ["10.1.1.1"], { persist: false }), "keeps", ["10.1.1.1"], []],
] as const)("a table with %s", (_, one, onReload, onlyThere, onlyHere) => {
	expect(rowOf(one)).toMatchObject({ onReload, onlyThere, onlyHere });
});

test("without files nothing is compared; what files are without their host is shown, and what pfctl makes itself is not", () => {
	const [row] = compareTables(undefined, [live("seen", ["10.1.1.1"], { persist: false })]);
	expect([row?.onlyThere, row?.onReload]).toEqual([undefined, "unknown"]);
	const rows = compareTables(pf, [live("__automatic_b89ea9e3_0", ["10.0.0.1"]), live("spam@guests/db", ["10.0.0.1"])]);
	expect(rows.map(tableNameText)).toEqual(["away", "bad", "deep", "f", "me", "own", "seen", "unused", "spam@guests/db", "inner@vm/web"]);
	expect(rows.find(({ name }) => name === "bad")).toMatchObject({ file: { count: 4 }, onReload: "replaces" });
});

test.each([
	["192.0.2.1", "192.0.2.1"],
	["192.0.2.1/32", "192.0.2.1"],
	["10.5.5.5/24", "10.5.5.0/24"],
	["!10.1.1.1", "!10.1.1.1"],
	["0.0.0.0/0", "0.0.0.0/0"],
	["2001:DB8:0::1", "2001:db8::1"],
	["2001:db8::1/64", "2001:db8::/64"],
	...[
		"",
		"!",
		"!!10.0.0.1",
		"10.0.0",
		"10.0.0.1/33",
		"10.0.0.1/ 8",
		"10.0.0.1/+8",
		"2001:db8::/129",
		"fe80::1%em0",
		"em0",
		"self",
		"www.example.org",
		"-f/etc/passwd",
		"10.0.0.1 10.0.0.2",
		"10.0.0.1;reboot",
		"$(id)",
		"10.0.0.1\n",
		"\u{202e}10.0.0.1",
		"1".repeat(100_000),
	].map((text) => [text, undefined] as const),
] as const)("the address %j is %j", (text, expected) => {
	expect(readTableAddress(text)).toBe(expected);
});

/** The lines that keeping a table changes, by file. */
function kept(one: LiveTable, facts = pf): unknown {
	const change = keepTable(facts, files, rowOf(one, facts));
	if (typeof change === "string") return change;
	return Object.fromEntries(
		change.files.map((one) => {
			const text = files.get(one.path)?.text ?? "";
			expect(one.isNew).toBe(!files.has(one.path));
			const before = new Set(text.split("\n"));
			return [
				one.path,
				withInsertion(text, one)
					.split("\n")
					.filter((line) => !before.has(line)),
			];
		}),
	);
}

test("addresses are kept by a file of their own that the definition then names, behind what it says already", () => {
	expect(kept(live("bad", ["192.0.2.66", "1.2.3.4", "!1.2.3.5"]))).toEqual({
		"/etc/pf.table.bad": ["1.2.3.4", "!1.2.3.5"],
		"/etc/pf.conf": ['table <bad> persist { 192.0.2.66, 198.51.100.0/24, !198.51.100.7, 2001:DB8::/32 } file "/etc/pf.table.bad" # ours'],
	});
	expect(kept(live("seen", ["1.2.3.4"]))).toMatchObject({
		"/etc/pf.conf": ['table <seen> persist counters file "/etc/pf.table.seen"'],
	});
	expect(kept(live("inner@vm/web", ["1.2.3.4"]))).toMatchObject({
		"/etc/pf.vm/web.conf": ['table <inner> { 10.9.9.9 } file "/etc/pf.table.vm.web.inner"'],
	});
});

test("a file that the table reads already is continued, and a table without a definition gets one before the first rule", () => {
	expect(kept(live("f", ["10.1.1.1", "1.2.3.4"]))).toEqual({ "/etc/pf.f": ["1.2.3.4", ""] });
	expect(kept(live("new", ["1.2.3.4"]))).toMatchObject({ "/etc/pf.conf": ['table <new> persist file "/etc/pf.table.new"'] });
	const change = keepTable(pf, files, rowOf(live("new", ["1.2.3.4"])));
	const insertion = typeof change === "string" ? undefined : change.files[1];
	expect(insertion && withInsertion(conf, insertion)).toContain(
		'table <me> { self }\ntable <new> persist file "/etc/pf.table.new"\nblock in from <bad>\n',
	);
});

test("what was kept is what the files then say", () => {
	for (const one of [live("bad", ["1.2.3.4"]), live("seen", ["1.2.3.4"]), live("new", ["1.2.3.4"]), live("f", ["1.2.3.4"])]) {
		const change = keepTable(pf, files, rowOf(one));
		if (typeof change === "string") throw new Error(change);
		const after = pfFacts(
			new Map([...files, ...change.files.map((one) => [one.path, { text: withInsertion(files.get(one.path)?.text ?? "", one) }] as const)]),
		);
		expect(after?.incomplete, one.name).toBe(pf?.incomplete);
		expect(rowOf(one, after).onlyThere, one.name).toEqual([]);
	}
});

test.each([
	["nothing", live("f", ["10.1.1.1"])],
	["unknown", live("away", ["10.1.1.1"])],
	["constant", live("own", ["10.0.0.2"])],
	["no-line", live("x@guests/db", ["10.1.1.1"])],
] as const)("it is not kept: %s", (why, one) => {
	expect(kept(one)).toBe(why);
});
