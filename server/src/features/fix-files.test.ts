import { describe, expect, test } from "vitest";
import { memoryWorkspace } from "../workspace.ts";
import { fixFiles } from "./fix-files.ts";

const ETC = "file:///host/etc/";

async function fixed(texts: Readonly<Record<string, string>>, named: readonly string[] = Object.keys(texts)) {
	const workspace = memoryWorkspace(Object.fromEntries(Object.entries(texts).map(([name, text]) => [`${ETC}${name}`, text])), []);
	const { applied, texts: changed } = await fixFiles(
		workspace,
		named.map((name) => `${ETC}${name}`),
	);
	return {
		applied: applied.map(({ code, title, range }) => `${range.start.line + 1} ${code}: ${title}`),
		texts: Object.fromEntries([...changed].map(([uri, { after }]) => [uri.slice(ETC.length), after])),
	};
}

const cases: readonly (readonly [what: string, before: string, after: string, applied: readonly string[]])[] = [
	["a misspelt word", "block\npass in onn em0\n", "block\npass in on em0\n", ["2 pf/syntax: Change it to `on`"]],
	[
		"several at once, and what comes to light behind them",
		"block\npass in onn em0\npass oute on em0 keep state\n",
		"block\npass in on em0\npass out on em0\n",
		[],
	],
	["a word that says what is so without it", "block\npass in on em0 keep state\n", "block\npass in on em0\n", []],
];

describe("what is fixed", () => {
	test.each(cases)("%s", async (_, before, after, applied) => {
		const { texts, applied: done } = await fixed({ "pf.conf": before });
		expect(texts).toEqual({ "pf.conf": after });
		if (applied.length > 0) expect(done).toEqual(applied);
	});

	test("what is fixed needs no second call", async () => {
		for (const [, , after] of cases) expect(await fixed({ "pf.conf": after })).toEqual({ applied: [], texts: {} });
	});
});

describe("what is left to people", () => {
	test.each<readonly [what: string, texts: Readonly<Record<string, string>>, named: readonly string[]]>([
		["a macro that nobody uses: it may be kept for later", { "pf.conf": 'unused = "em0"\nblock\npass out\n' }, ["pf.conf"]],
		["a warning whose fix changes what pf does", { "pf.conf": "block\npass in on em0 inet proto tcp to port 22\n" }, ["pf.conf"]],
		[
			"what files show together: a rule on another guest's tap",
			{
				"vm.conf": ["a", "b"].map((name, i) => `vm "${name}" {\n\tdisk "/${name}"\n\tinterface tap${i} { switch "lan" }\n}\n`).join(""),
				"pf.conf": 'block\nanchor "vm/a"\nload anchor "vm/a" from "/etc/pf.vm/a.conf"\n',
				"pf.vm/a.conf": "pass in on tap1\n",
			},
			["pf.vm/a.conf"],
		],
		[
			"a policy test that fails",
			{ "pf.conf": "set skip on lo\nblock\n", "policy.pftest": "outside host tcp 22 pass\n" },
			["pf.conf", "policy.pftest"],
		],
		["a file that was not named", { "vm.conf": 'vm "a" {\n\tdisk "/a.img"\n\tinterface { switch "lan" }\n}\n' }, []],
	])("%s", async (_, texts, named) => {
		expect(await fixed(texts, named)).toEqual({ applied: [], texts: {} });
	});
});
