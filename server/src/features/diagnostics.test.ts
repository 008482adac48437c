import { expect, test } from "vitest";
import { reportedDiagnostics } from "./diagnostics.ts";
import { open } from "./testing.ts";

const ADDRESSES = "10.0.0.1\n# the neighbours\n192.0.2.0/24\n";

/** A file named as rulesets are, and whether it is read as one. */
const cases: readonly (readonly [name: string, ruleset: string, faults: boolean])[] = [
	["a table's addresses", 'table <bad> persist file "/etc/pf.bad"\nblock in quick from <bad>\n', false],
	["a table's addresses, of an anchor", 'anchor "a" {\n\ttable <bad> file "/etc/pf.bad"\n\tblock from <bad>\n}\n', false],
	["a ruleset that is included", 'include "/etc/pf.bad"\n', true],
	["a file that nothing names", "block\n", true],
];

test.each(cases)("%s", async (_, ruleset, faults) => {
	const { session, file } = await open(`//- /etc/pf.bad\n|${ADDRESSES}//- /etc/pf.conf\n${ruleset}`);
	expect(file.path).toBe("/etc/pf.bad");
	expect(reportedDiagnostics(session, file).some(({ code }) => code === "pf/syntax")).toBe(faults);
});
