import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
// @ts-expect-error -- a script of the repository
import { circle, importsOf, judge } from "../../scripts/rooms.mjs";

describe("the imports of a text", () => {
	test.each([
		['import { a } from "./a.ts";', ["./a.ts"]],
		['import type { A } from "./a.ts";', ["./a.ts (types)"]],
		['import {\n\ta,\n\ttype B,\n} from "../b.ts";', ["../b.ts"]],
		['import "./a.ts";', ["./a.ts"]],
		['export * from "./a.ts";\nexport type { C } from "./c.ts";', ["./a.ts", "./c.ts (types)"]],
		['\tconst a = await import("./a.ts");', ["./a.ts"]],
		['const text = "from here";\nexport const b = 1;', []],
	])("%j", (text, specifiers) => {
		const found: { specifier: string; isType: boolean }[] = importsOf("server/src/pf/x.ts", text);
		expect(found.map(({ specifier, isType }) => `${specifier}${isType ? " (types)" : ""}`)).toEqual(specifiers);
	});
});

describe("an import by the table", () => {
	test.each([
		["server/src/vm/parser.ts", 'import { span } from "../text/span.ts";', undefined],
		["server/src/vm/parser.ts", 'import { rules } from "../pf/rules.ts";', "vm may not import pf/rules.ts"],
		["server/src/text/span.ts", 'import { parse } from "../vm/parser.ts";', "text may not import vm"],
		["server/src/pf/names/icmp.ts", 'import type { Family } from "../rules.ts";', undefined],
		["server/src/pf/names/icmp.ts", 'import { isAny } from "../rules.ts";', "pf/names may import only types of pf/rules.ts"],
		["server/src/host/model.ts", 'import { readFile } from "node:fs";', 'host may not import "node:fs"'],
		["server/src/host/model.ts", 'import type { Range } from "vscode-languageserver-types";', "host may not import"],
		["remote/src/run.ts", 'import { window } from "vscode";', '@openbsd-vnet/remote may not import "vscode"'],
		["remote/src/run.ts", 'import { check } from "openbsd-vnet-cli";', "@openbsd-vnet/remote may not import openbsd-vnet-cli"],
		["cli/src/check.ts", 'import { run } from "../../remote/src/run.ts";', "another package is imported by its name"],
		["cli/src/check.ts", 'import { run } from "@openbsd-vnet/remote";', undefined],
		["server/src/new/thing.ts", 'import { span } from "../text/span.ts";', "in no room of scripts/rooms.json"],
	])("%s: %s", (file, text, fault) => {
		const { faults } = judge(importsOf(file, text));
		if (fault === undefined) expect(faults).toEqual([]);
		else expect(faults).toEqual([expect.stringContaining(fault)]);
	});
});

test("a circle of rooms is found, wherever it begins", () => {
	const room = (path: string, ...imports: string[]) => ({ path, holds: "", imports });
	expect(circle([room("a", "b"), room("b", "c"), room("c", "b")])).toEqual(["b", "c", "b"]);
	expect(circle([room("a", "b", "c"), room("b", "c"), room("c")])).toBeUndefined();
});

test("no feature knows a language: what differs between them it asks of `Language`", () => {
	const folder = new URL("../../server/src/features/", import.meta.url);
	const named = readdirSync(folder)
		.filter((name) => name.endsWith(".ts") && !/\btesting?\.ts$|\.test\.ts$/.test(name))
		.filter((name) => /"openbsd-(?!vnet)[a-z]+"/.test(readFileSync(new URL(name, folder), "utf8")));
	expect(named).toEqual([]);
});
