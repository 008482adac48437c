/** The handbook's own hosts, opened by somebody new: fix after fix of what is shown, until nothing is left and the policy tests pass. */
import { expect, test } from "vitest";
import { policyTests } from "../../server/src/features/policy-view.ts";
import { open } from "../../server/src/features/testing.ts";
import { render } from "../../server/src/text/message.ts";
import { type Found, found, type Texts, taken } from "./course.ts";
import { readHost } from "./hosts.ts";

const RANKS = ["error", "warning", "information", "hint"];

/** The finding that somebody takes up next: the worst of the host's own files that has a fix, and then of the expectations. */
function next(all: readonly Found[]): Found | undefined {
	const rank = ([path, { severity }]: Found): number => RANKS.indexOf(severity) + (path.endsWith(".pftest") ? RANKS.length : 0);
	const [first] = all.filter(([, { fixes = [] }]) => fixes.length > 0).sort((a, b) => rank(a) - rank(b));
	return first;
}

async function results(texts: Texts): Promise<readonly string[]> {
	const { session, documents } = await open([...texts].map(([path, text]) => `//- ${path}\n${text}`).join(""));
	const file = documents.file("file:///host/etc/policy.pftest");
	return file === undefined ? [] : (policyTests(session, file, true) ?? []).map(({ name, result }) => `${result}: ${name}`);
}

/** What the page says of its network, as somebody writes it down. */
const courses: readonly (readonly [host: "handbook" | "handbook-microsegmentation", steps: number, tests: readonly string[]])[] = [
	["handbook", 12, ["db01 outside tcp 443 pass", "web01 outside tcp 443 pass", "outside db01 any block", "outside host tcp 22 pass"]],
	[
		"handbook-microsegmentation",
		31,
		[
			"address web01 10.50.0.20",
			"outside web01 tcp 80 443 pass",
			"10.10.0.9 web01 tcp 22 pass",
			"web01 db01 tcp 3306 pass",
			"outside host tcp 22 pass",
		],
	],
];

test.each(courses)(
	"%s: at most %i fixes lead to a network that works",
	async (name, most, tests) => {
		let texts: Texts = new Map([...readHost(name), ["/etc/policy.pftest", tests.map((line) => `${line}\n`).join("")]]);
		const course: string[] = [];
		for (;;) {
			const all = await found(texts);
			const [path, one] = next(all) ?? [];
			const [fix] = one?.fixes ?? [];
			if (path === undefined || one === undefined || fix === undefined) {
				// Device nodes are the host's: no file makes them.
				const left = all.filter(([, { severity, code }]) => severity !== "hint" && code !== "vm/tap-without-device");
				expect(left.map(([file, { code, message }]) => `${file} ${code}: ${render(message)}`)).toEqual([]);
				break;
			}
			course.push(`${path} ${one.severity} ${one.code}: ${render(one.message)}: ${render(fix.title)}`);
			expect(course.length).toBeLessThanOrEqual(most);
			texts = taken(texts, path, fix);
		}
		expect((await results(texts)).filter((line) => !line.startsWith("passed"))).toEqual([]);
	},
	120_000,
);
