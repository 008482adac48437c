import { expect, test } from "vitest";
import { reportedDiagnostics } from "./diagnostics.ts";
import { open } from "./testing.ts";

const ADDRESSES = "10.0.0.1\n# the neighbours\n192.0.2.0/24\n";

/** A file named as rulesets are, and whether it is read as one. */
const cases: readonly (readonly [name: string, ruleset: string, faults: boolean])[] = [
	["a table's addresses", 'table <bad> persist file "/etc/pf.bad"\nblock in quick from <bad>\n', false],
	["a table's addresses, of an anchor", 'anchor "a" {\n\ttable <bad> file "/etc/pf.bad"\n\tblock from <bad>\n}\n', false],
	["a ruleset that is included", 'include "/etc/pf.bad"\n', true],
	["a list of addresses that nothing names", "table <bad> persist\nblock in from <bad>\n", false],
	["an anchor's file", 'anchor "a"\nload anchor "a" from "/etc/pf.bad"\n', true],
];

test.each(cases)("%s", async (_, ruleset, faults) => {
	const { session, file } = await open(`//- /etc/pf.bad\n|${ADDRESSES}//- /etc/pf.conf\n${ruleset}`);
	expect(file.path).toBe("/etc/pf.bad");
	expect(reportedDiagnostics(session, file).some(({ code }) => code === "pf/syntax")).toBe(faults);
});

/** What is said of a pf.conf, as `CODE: WORDS`. */
async function saidOf(fixture: string): Promise<readonly string[]> {
	const { session, file } = await open(fixture);
	return reportedDiagnostics(session, file).map(({ code, span }) => `${code}: ${file.text.slice(span.start, span.end)}`);
}

const USES = "pass in on $ext inet proto tcp to port 22\npass out on $ext set queue web\n";
const HERE = 'ext = "em0"\nqueue root on em0 bandwidth 9M\nqueue web parent root bandwidth 1M default\n';

test.each<readonly [string, string, readonly string[]]>([
	[
		"names that an included file may define are not judged where it is not here",
		`//- /etc/pf.conf\n|include "/etc/pf.macros"\nblock\n${USES}`,
		['pf/include-elsewhere: "/etc/pf.macros"'],
	],
	["where it is here, they are known by it", `//- /etc/pf.macros\n${HERE}//- /etc/pf.conf\n|include "/etc/pf.macros"\nblock\n${USES}`, []],
	[
		"a name that it would define too late is not known",
		`//- /etc/pf.conf\n|pass in on $ext inet proto tcp to port 22\ninclude "/etc/pf.macros"\nblock\n`,
		["pf/unknown-macro: $ext", 'pf/include-elsewhere: "/etc/pf.macros"'],
	],
])("%s", async (_, fixture, expected) => {
	const found = await saidOf(fixture);
	expect(found.filter((line) => /unknown-macro|queue|include|syntax/.test(line))).toEqual(expected);
});

test("a file of rules that nothing names is one, whatever addresses stand in it", async () => {
	const { session, file } = await open("//- /etc/pf.bad\n|10.0.0.1\npass form any\n//- /etc/pf.conf\nblock\n");
	expect(reportedDiagnostics(session, file).length).toBeGreaterThan(0);
});

test("an edit that takes the include away brings the names back into question", async () => {
	const { documents, session, file } = await open(`//- /etc/pf.conf\n|include "/etc/pf.macros"\nblock\npass out on $ext\n`);
	documents.change(file.uri, 2, [{ text: "block\npass out on $ext\n" }]);
	const edited = documents.file(file.uri);
	expect(edited && reportedDiagnostics(session, edited).map(({ code }) => code)).toContain("pf/unknown-macro");
});
