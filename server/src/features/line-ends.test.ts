import { expect, test } from "vitest";
import { memoryWorkspace } from "../workspace.ts";
import { checkFiles } from "./check.ts";
import { codeActions } from "./code-actions.ts";
import { LINE_ENDS } from "./line-ends.ts";
import { open } from "./testing.ts";

const ETC = "file:///host/etc/";

/** A host with something to say of each file, and lines that go on over a backslash. */
const HOST: Readonly<Record<string, string>> = {
	"pf.conf":
		'wan = "em0"\nset skip on lo\nblock all\npass out on $wan proto tcp \\\n\tto port { 80 \\\n\t443 } keep state\ninclude "/etc/more"\n',
	more: "pass in on em0 proto tcp to port ssh\n",
	"vm.conf": 'vm "a" {\n\tdisk "/a"\n\tinterfaces 1\n}\n',
	"hostname.em0": "inet 192.0.2.1 255.255.255.0\nup\n",
};

const crlf = (text: string): string => text.replace(/\n/g, "\r\n");

function hostOf(change: (text: string, name: string) => string) {
	const files = Object.fromEntries(Object.entries(HOST).map(([name, text]) => [`${ETC}${name}`, change(text, name)]));
	return { files, workspace: memoryWorkspace(files, ["file:///host"]) };
}

async function found(change: (text: string, name: string) => string) {
	const { files, workspace } = hostOf(change);
	const checked = await checkFiles(workspace, Object.keys(files));
	return [...checked].flatMap(([uri, list]) =>
		list.map(({ code, severity, message, range: { start } }) => `${uri} ${start.line}:${start.character} ${severity} ${code} ${message}`),
	);
}

test("lines that end in CR LF are told once of each file, and nothing else is said for them", async () => {
	const plain = await found((text) => text);
	expect(plain.some((one) => one.includes(LINE_ENDS))).toBe(false);
	const all = await found((text) => crlf(text));
	expect(all.filter((one) => !one.includes(LINE_ENDS))).toEqual(plain);
	expect(all.filter((one) => one.includes(LINE_ENDS)).map((one) => one.split(" ").slice(0, 3).join(" "))).toEqual(
		["pf.conf", "vm.conf", "hostname.em0"].map((name) => `${ETC}${name} 0:0 error`),
	);
});

test("one such line among others is told of where it is", async () => {
	const one = await found((text, name) => (name === "pf.conf" ? text.replace("block all\n", "block all\r\n") : text));
	expect(one.filter((each) => each.includes(LINE_ENDS))).toEqual([expect.stringContaining("pf.conf 2:0 error")]);
});

test("the file that an editor has keeps its text through edits, and the fix writes LF", async () => {
	const { documents, session, file } = await open(crlf("block\npass out\n"));
	const { uri } = file;
	documents.change(uri, 2, [{ range: { start: { line: 1, character: 5 }, end: { line: 1, character: 8 } }, text: "in" }]);
	documents.change(uri, 3, [{ range: { start: { line: 2, character: 0 }, end: { line: 2, character: 0 } }, text: "match in\r\n" }]);
	const edited = documents.file(uri) ?? file;
	expect(edited.text).toBe("block\r\npass in\r\nmatch in\r\n");
	const [fix] = codeActions(session, edited, { start: 0, end: 1 }, ["quickfix"]);
	expect(fix?.title).toBe("Write LF");
	expect(JSON.stringify(fix?.edit)).toContain(JSON.stringify("block\npass in\nmatch in\n"));
	documents.change(uri, 4, [{ text: "block\npass in\n" }]);
	expect(documents.file(uri)?.hasCrLf).toBe(false);
});
