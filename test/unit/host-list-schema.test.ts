/** The editor's schema and the reader take the same files. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { getLanguageService, TextDocument } from "vscode-json-languageservice";
import { readHostList } from "../../server/src/host/discover.ts";
import { root } from "./textmate.ts";

const schema = JSON.parse(readFileSync(new URL("schemas/openbsd-vnet.schema.json", root), "utf8"));

async function complaintsOfSchema(text: string): Promise<readonly unknown[]> {
	const service = getLanguageService({});
	const document = TextDocument.create("file:///openbsd-vnet.json", "json", 1, text);
	const found = await service.doValidation(document, service.parseJSONDocument(document), {}, schema);
	return found.map(({ message }) => message);
}

function complaintsOfReader(text: string): readonly string[] {
	const problems: string[] = [];
	readHostList(text, "file:///w", problems);
	return problems;
}

const host = (more: object) => JSON.stringify({ hosts: [{ name: "hv1", root: "hosts/hv1", ...more }] });

describe("openbsd-vnet.json", () => {
	test.each([
		host({}),
		host({ ssh: "hv1" }),
		host({ ssh: "root@hv1.example.org", release: "7.6", mount: "/etc", portMacLimit: 30 }),
		host({ root: "." }),
		'{ "hosts": [] }',
	])("taken: %s", async (text) => {
		expect([await complaintsOfSchema(text), complaintsOfReader(text)]).toEqual([[], []]);
	});

	test.each([
		"[]",
		"{}",
		'{ "hosts": [{ "name": "hv1" }] }',
		host({ name: "" }),
		host({ root: "/srv" }),
		host({ root: "../hv1" }),
		host({ root: "a/../../hv1" }),
		host({ ssh: "-oProxyCommand=true" }),
		host({ ssh: "two words" }),
		host({ release: "7" }),
		host({ release: 7.6 }),
		host({ mount: "/usr" }),
		host({ portMacLimit: 0 }),
		host({ portMacLimit: 1.5 }),
	])("refused: %s", async (text) => {
		expect((await complaintsOfSchema(text)).length).toBeGreaterThan(0);
		expect(complaintsOfReader(text).length).toBeGreaterThan(0);
	});
});
