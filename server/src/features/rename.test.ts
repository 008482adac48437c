import { describe, expect, test } from "vitest";
import type { WorkspaceEdit } from "vscode-languageserver-types";
import { rename } from "./rename.ts";
import { open } from "./testing.ts";

const pf = (rule: string): string => `//- /etc/pf.conf\n${rule}\n//- /etc/hostname.em0\nup\n`;
const vm = (text: string): string => `//- /etc/vm.conf\n${text}\n`;

/** For each kind of name the most bytes that it may have, with a letter or digit to fill them. */
const kinds: Readonly<Record<string, readonly [most: number, fixture: string, fill?: (length: number) => string]>> = {
	"a macro of pf.conf": [4095, pf("a|b = em0\npass on $ab")],
	"a macro of vm.conf": [4095, vm('a|b = "/x"\ninclude $ab')],
	"a table": [31, pf("table <a|b>\npass from <ab>")],
	"an anchor": [63, pf("anchor a|b")],
	"a queue": [63, pf("queue a|b on em0 bandwidth 1M default")],
	"a tag": [63, pf("match tag a|b\npass tagged ab")],
	"a label": [63, pf('pass label "a|b"')],
	"an interface": [15, pf("pass on e|m0"), (length) => `em${"0".repeat(length - 3)}1`],
	"a group": [15, vm('vm "a" {\n\tdisk "/a"\n\tinterface { group a|b }\n}')],
	"a guest": [63, vm('vm "a|b" {\n\tdisk "/a"\n}')],
	"a switch": [63, vm('switch "a|b" {\n\tinterface veb0\n}')],
};

describe.each(Object.entries(kinds))("%s", (_, [most, fixture, fill = (length) => "n".repeat(length)]) => {
	test(`may have ${most} bytes`, async () => {
		const { session, file, offset } = await open(fixture);
		expect(rename(session, file, offset, fill(most)).documentChanges).not.toEqual([]);
	});

	test("may have no more", async () => {
		const { session, file, offset } = await open(fixture);
		const name = fill(most + 1);
		expect(() => rename(session, file, offset, name)).toThrow(`'${name}' is longer than ${most} bytes.`);
	});
});

test("bytes are counted, not letters", async () => {
	const { session, file, offset } = await open(vm('switch "a|b" {\n\tinterface veb0\n}'));
	for (const name of ["é".repeat(31), "€".repeat(21), `${"𝕒".repeat(15)}nnn`]) {
		expect(rename(session, file, offset, name).documentChanges).not.toEqual([]);
		expect(() => rename(session, file, offset, `${name}é`)).toThrow("longer than 63 bytes");
	}
});

describe("what changes beside the file in front is a group with a name", () => {
	const text = "//- /etc/pf.conf\npass on vl|an10\n//- /etc/hostname.vlan10\nvnetid 10 parent em0\n";
	async function changesFor(changeAnnotations: boolean, host = text): Promise<WorkspaceEdit> {
		const { session, file, offset } = await open(host);
		return rename({ ...session, client: { ...session.client, changeAnnotations } }, file, offset, "vlan20");
	}
	const [oldUri, newUri] = ["file:///host/etc/hostname.vlan10", "file:///host/etc/hostname.vlan20"];

	test("where the client shows groups", async () => {
		const { documentChanges = [], changeAnnotations } = await changesFor(true);
		expect(changeAnnotations).toEqual({ beside: { label: "Other files of the host" } });
		expect(documentChanges).toEqual([
			{ textDocument: expect.objectContaining({ version: 1 }), edits: [{ range: expect.anything(), newText: "vlan20" }] },
			{ kind: "rename", oldUri, newUri, annotationId: "beside" },
		]);
	});

	test.each([
		["of a client that shows none", false, text],
		["where nothing else changes", true, '//- /etc/pf.conf\nvlan|10 = "em0"\npass on $vlan10\n'],
	])("not %s", async (_, able, host) => {
		const { documentChanges, changeAnnotations } = await changesFor(able, host);
		expect(changeAnnotations).toBeUndefined();
		expect(JSON.stringify(documentChanges)).not.toContain("annotationId");
	});
});
