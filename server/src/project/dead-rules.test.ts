import { describe, expect, test } from "vitest";
import { codeActions } from "../features/code-actions.ts";
import { reportedDiagnostics } from "../features/diagnostics.ts";
import { open } from "../features/testing.ts";
import { memoryWorkspace } from "../workspace.ts";
import { Documents } from "./documents.ts";

/** The codes in a host's file with the statements that they are about and the ones that decide instead. */
async function found(fixture: string): Promise<readonly string[]> {
	const { session, file, documents } = await open(fixture);
	await documents.whenAnalysed(file.uri);
	return reportedDiagnostics(session, file)
		.filter(({ code }) => code.startsWith("policy/") || code === "host/anchor-before-block")
		.map(({ code, span, related = [] }) => {
			const by = related.map(({ file: path = file.path, span: at }) => session.files.onSameHost(file, path)?.text.slice(at.start, at.end));
			return `${code.replace("policy/rule-", "")}: ${file.text.slice(span.start, span.end)} / ${by.join(" / ")}`;
		});
}

const web = "pass in proto tcp to port 80";

describe("dead rules in the editor", () => {
	const cases: readonly (readonly [name: string, fixture: string, expected: readonly string[]])[] = [
		["overridden", `${web}\nblock in\n`, [`overridden: ${web} / block in`]],
		["shadowed", `block in quick proto tcp\n${web}\n`, [`shadowed: ${web} / block in quick proto tcp`]],
		["redundant", `block\n${web}\npass in proto tcp\n`, [`redundant: ${web} / pass in proto tcp`]],
		["on a skipped interface", "set skip on lo0\nblock\npass on lo0\n", ["impossible: pass on lo0 / "]],
		["alive", `block\n${web}\n`, []],
		["in a text that has some rules in it", `${web}\nblock in\n${"some words\n".repeat(8)}`, []],
		["in a file with a few faults", `${web}\nblock in\n${"some words\n".repeat(3)}`, [`overridden: ${web} / block in`]],
		[
			"statements of two files with the same number",
			`//- /etc/pf.conf\nblock\n${web}\nanchor a\nload anchor a from "/etc/pf.a.conf"\n//- /etc/pf.a.conf\n|block in quick proto tcp\n${web}\n`,
			[`shadowed: ${web} / block in quick proto tcp`],
		],
		[
			"a rule of the main ruleset that an anchor's quick rule shadows",
			`//- /etc/pf.a.conf\nblock in quick proto tcp\n//- /etc/pf.conf\n|block\nanchor a\n${web}\nload anchor a from "/etc/pf.a.conf"\n`,
			[`shadowed: ${web} / block in quick proto tcp`],
		],
		[
			"what the anchor's call shows is not told again of its rules",
			`//- /etc/pf.conf\nanchor a\nblock\nload anchor a from "/etc/pf.a.conf"\n//- /etc/pf.a.conf\n|${web}\n`,
			[],
		],
		["a table that is told to be empty", "table <users> const { }\nblock\npass in from <users>\n", []],
		["a table that programs fill", "table <bad> persist\nblock\npass in\nblock in quick from <bad>\n", []],
		["fragments, which are put together", "block\nblock in quick fragment\n", ["impossible: block in quick fragment / "]],
		["fragments, which are not", "set reassemble no\nblock\nblock in quick fragment\n", []],
		["what another check tells already", "block\npass in inet proto icmp icmp-type echorep\n", []],
		[
			"a rule of an anchor that a program fills may be what makes a tag",
			'block\nmatch in tag A\nanchor "relayd/*"\npass in tagged B\n',
			[],
		],
		["a rule that is missing for an error may be what makes a tag", "block\npass in tagged A\nmatch in on tag A\n", []],
	];
	test.each(cases)("%s", async (_, fixture, expected) => expect(await found(fixture)).toEqual(expected));
});

test("a rule that a more general one makes needless is told where the settings ask for it", async () => {
	const { session, file } = await open("block\nblock in proto tcp\n");
	const codes = (severities: Readonly<Record<string, "hint">>): readonly string[] =>
		reportedDiagnostics({ ...session, settings: { lint: { severities } } }, file).map(({ code }) => code);
	expect(codes({})).not.toContain("policy/rule-generalised");
	expect(codes({ "policy/rule-generalised": "hint" })).toContain("policy/rule-generalised");
});

describe("what makes a dead rule decide", () => {
	const cases: readonly (readonly [title: string, before: string, after: string])[] = [
		["Move this rule below those that override it", `|${web} # w\nblock in\n`, `block in\n${web} # w\n`],
		["Make this rule quick", `|${web}\nblock in\n`, `${web.replace("in", "in quick")}\nblock in\n`],
		["Make this rule quick", "|pass in inet\nblock in\n", "pass in quick inet\nblock in\n"],
		["Make this rule quick", "|pass in\nblock in\n", "pass in quick\nblock in\n"],
		["Remove this rule", `block\n|${web}\npass in proto tcp\n`, "block\npass in proto tcp\n"],
		["Move this rule above those that decide instead", `block in quick\n|${web}\n`, `${web}\nblock in quick\n`],
	];
	test.each(cases)("%s", async (title, before, after) => {
		const { session, file, offset } = await open(before);
		const action = codeActions(session, file, { start: offset, end: offset }).find((one) => one.title === title);
		const edits = (action?.edit?.documentChanges ?? []).flatMap((change) => ("edits" in change ? change.edits : []));
		const text = edits
			.flatMap((edit) => ("newText" in edit ? [{ ...file.lines.span(edit.range), text: edit.newText }] : []))
			.sort((x, y) => y.start - x.start)
			.reduce((whole, edit) => whole.slice(0, edit.start) + edit.text + whole.slice(edit.end), file.text);
		expect(text).toBe(after);
	});

	test("is not offered where the rule would stand before the definition of its macro", async () => {
		const { session, file, offset } = await open('block in quick\nw = "80"\n|pass in proto tcp to port $w\n');
		const titles = codeActions(session, file, { start: offset, end: offset }).map((one) => one.title);
		expect(titles).toContain("Remove this rule");
		expect(titles).not.toContain("Move this rule above those that decide instead");
	});
});

describe("a large ruleset", () => {
	const rules = Array.from({ length: 3000 }, (_, i) => `pass in proto tcp to 10.${i >> 8}.${i & 255}.1 port 80\n`).join("");
	const text = `block\n${rules}${web} flags any\nblock in quick\n${web}\n`;
	const uri = "file:///h/etc/pf.conf";

	test("is looked through in the background, and its file told of once that is done", () => {
		const told: string[][] = [];
		let work: (() => boolean) | undefined;
		const documents = new Documents(
			memoryWorkspace({}, []),
			(files) => told.push(files.map(({ path }) => path)),
			(_, next) => {
				work = next;
			},
		);
		documents.open(uri, "openbsd-pf", 1, text);
		const codes = (): readonly string[] => {
			const file = documents.file(uri);
			return file === undefined
				? []
				: documents
						.hostDiagnostics(file)
						.map(({ code }) => code)
						.filter((code) => code.startsWith("policy/"));
		};
		expect(codes()).toEqual([]);
		const making = work;
		expect(making?.(), "the host's model comes first, in portions").toBe(true);
		while (making?.() === true);
		expect(codes()).toEqual([]);
		told.length = 0;
		let portions = 0;
		while (work?.()) portions++;
		expect(portions).toBeGreaterThan(3);
		expect(told).toEqual([["/etc/pf.conf"]]);
		expect(codes().filter((code) => code === "policy/rule-shadowed")).toHaveLength(1);
		documents.change(uri, 2, [{ text: `${text}pass in quick\n` }]);
		expect(codes(), "what was found for another text is not told of this one").toEqual([]);
	}, 60_000);
});
