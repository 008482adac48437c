/** Snippets of one pattern, inserted with their defaults into an otherwise empty host: together they make one that works. */

import { describe, expect, test } from "vitest";
import { checkFiles, isConfigurationFile, testFiles } from "../../server/src/features/check.ts";
import { render } from "../../server/src/text/message.ts";
import { insertedChoices } from "../../server/src/text/snippet.ts";
import { memoryWorkspace } from "../../server/src/workspace.ts";
import { sets, snippetFor, textFor } from "./snippet-sets.ts";

describe.each(Object.entries(sets))("%s", (_, { snippets, beside, tests }) => {
	const written = Object.entries(snippets).map(([path, of]) => [path, textFor(path, of)] as const);
	const policy = ["/etc/policy.pftest", tests.map((line) => `${line}\n`).join("")] as const;
	const files = Object.fromEntries([...written, ...Object.entries(beside), policy].map(([path, text]) => [`file:///hv1${path}`, text]));
	const workspace = memoryWorkspace(files, ["file:///hv1"]);
	const uris = Object.keys(files).filter(isConfigurationFile);

	test("nothing is found in its files", async () => {
		const found = await checkFiles(workspace, uris);
		expect(
			[...found].flatMap(([uri, list]) => list.map(({ code, message, range }) => `${uri}:${range.start.line + 1} ${code} ${message}`)),
		).toEqual([]);
	});

	test("it holds what the pattern promises", async () => {
		const [tested] = await testFiles(workspace, ["file:///hv1/etc/policy.pftest"]);
		expect(tested?.tests.map(({ name, result }) => `${name}: ${result}`)).toEqual(tests.map((line) => `${line}: passed`));
	});
});

test("every word of their choices is taken by one of them, and each says which file it is for", () => {
	const all = Object.values(sets).flatMap(({ snippets }) => Object.entries(snippets));
	const taken = new Set(all.map(([path, of]) => `${path} ${[of].flat().join(" ")}`));
	for (const [path, of] of all) {
		const [prefix = ""] = [of].flat();
		const { body, detail } = snippetFor(path, prefix);
		const [first, ...others] = insertedChoices(body.join("\n")).map(({ choice }) => choice);
		expect(first === undefined || others.every((choice) => taken.has(`${path} ${prefix} ${choice}`)), `${path} ${prefix}`).toBe(true);
		expect(render(detail)).toMatch(/^(pf\.conf|vm\.conf|pf\.vm\/\w+\.conf|hostname\.\w+\d( or hostname\.\w+\d)?): /);
	}
});
