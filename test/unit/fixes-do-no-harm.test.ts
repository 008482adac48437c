/** Every fix of everything that is said of a host, taken alone: no new error, nobody locked out, no translation lost. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { pfFacts } from "../../server/src/host/pf-facts.ts";
import { render } from "../../server/src/text/message.ts";
import { shareOf } from "../share.ts";
import { type Found, found, type Texts, taken } from "./course.ts";
import { readHost } from "./hosts.ts";
import { root } from "./textmate.ts";

const above = join(fileURLToPath(root), "..");
const examples = ["handbook", "handbook-microsegmentation", "corrected", "corrected-bridge"] as const;

/** Hosts of other people, where they are at hand. */
const shared = ["real-cases", "handbook-hosts"].map((name) => join(above, "shared", name)).filter((folder) => existsSync(folder));
const cases = shared.flatMap((folder) =>
	readdirSync(folder).flatMap((name) => (existsSync(join(folder, name, "etc")) ? [join(folder, name)] : [])),
);

function textsIn(folder: string): Texts {
	const files = readdirSync(join(folder, "etc"), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
	return new Map(
		files.map(({ parentPath, name }) => {
			const path = join(parentPath, name);
			return [`/${relative(folder, path)}`, readFileSync(path, "utf8")];
		}),
	);
}

const kindOf = ([file, { code, message }]: Found): string => `${file} ${code}: ${render(message)}`;

function translations(texts: Texts): number {
	const rules = pfFacts(new Map([...texts].map(([path, text]) => [path, { text }])))?.ruleset;
	return [rules?.main, ...(rules?.anchors.values() ?? [])].flatMap((anchor) => anchor?.rules ?? []).filter(({ nat }) => nat !== undefined)
		.length;
}

/** What shows once the files say more: it was so before. */
const SHOWN_LATER: ReadonlySet<string> = new Set(["host/no-uplink host/ssh-locked-out"]);

/** What each fix makes worse. */
async function harmIn(texts: Texts): Promise<readonly string[]> {
	const before = await found(texts);
	const known = new Set(before.map(kindOf));
	const harm: string[] = [];
	for (const [path, { code, fixes = [] }] of before) {
		for (const fix of fixes) {
			const after = taken(texts, path, fix);
			const news = (await found(after)).filter(
				(one) => !known.has(kindOf(one)) && one[1].severity === "error" && !SHOWN_LATER.has(`${code} ${one[1].code}`),
			);
			const title = `${code} "${render(fix.title)}"`;
			harm.push(...news.map((one) => `${title} makes ${kindOf(one)}`));
			if (translations(after) < translations(texts)) harm.push(`${title} loses a translation`);
		}
	}
	return harm;
}

describe("fixes do no harm", () => {
	test.each(examples)(
		"on examples/%s",
		async (name) => {
			expect(await harmIn(readHost(name))).toEqual([]);
		},
		120_000,
	);

	test.skipIf(cases.length === 0).each(shareOf(cases, 10).map((folder) => [relative(above, folder), folder]))(
		"on %s",
		async (_, folder) => {
			expect(await harmIn(textsIn(folder))).toEqual([]);
		},
		120_000,
	);
});
