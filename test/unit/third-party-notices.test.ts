/** The licences that are shipped with the bundles. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { packagesOf, thirdPartyNotices } from "../../scripts/lib/third-party-notices.mjs";

let root: string;
beforeEach(() => {
	root = mkdtempSync(join(tmpdir(), "openbsd-vnet-notices-"));
});
afterEach(() => rmSync(root, { recursive: true }));

function install(folder: string, files: Readonly<Record<string, string>>): void {
	mkdirSync(join(root, folder), { recursive: true });
	for (const [name, text] of Object.entries(files)) writeFileSync(join(root, folder, name), text);
}

test("a package is in a bundle with any file of it, also one that has its own copy of another", () => {
	const inputs = [
		"server/src/index.ts",
		"node_modules/b/x.js",
		"node_modules/b/y.js",
		"node_modules/@a/c/x.js",
		"node_modules/b/node_modules/d/x.js",
	];
	expect(packagesOf(inputs)).toEqual(["node_modules/@a/c", "node_modules/b", "node_modules/b/node_modules/d"]);
});

test("each package has its licence, with where its source is", () => {
	const source = { type: "git", url: "https://example.org/a.git" };
	install("node_modules/a", {
		"package.json": JSON.stringify({ name: "a", version: "1.0.0", license: "MIT", repository: source }),
		LICENSE: "Keep this.\r\n",
	});
	install("node_modules/b", {
		"package.json": JSON.stringify({ name: "b", version: "2.0.0", license: "ISC" }),
		"licence.md": "And this.",
		NOTICE: "Thanks.",
	});
	const text = thirdPartyNotices(root, ["node_modules/a", "node_modules/b"]);
	expect(text).toContain("a 1.0.0 (MIT)\nhttps://example.org/a.git\n\nKeep this.\n");
	expect(text).toContain("b 2.0.0 (ISC)\n\nThanks.\n\nAnd this.\n");
});

test("a package without one ships with nothing", () => {
	install("node_modules/b", {
		"package.json": JSON.stringify({ name: "b", version: "1.0.0", license: "MIT" }),
		"README.md": "",
		"license-checker.js": "",
	});
	expect(() => thirdPartyNotices(root, ["node_modules/b"])).toThrow(
		"node_modules/b is in a bundle, and has no licence text to ship with it",
	);
});
