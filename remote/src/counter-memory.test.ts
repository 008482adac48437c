import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CountedRule } from "@openbsd-vnet/server";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { rememberReading } from "./counter-file.ts";
import { type CounterMemory, daysWithout, MOST_REMEMBERED, memoryText, readMemory, rememberCounters } from "./counter-memory.ts";

const DAY = 24 * 3600 * 1000;
const START = Date.UTC(2026, 10, 1);
const boot = "Sun Nov  1 05:20:10 2026";

interface Counted {
	readonly packets: number;
	readonly evaluations?: number;
	readonly pid?: number;
	readonly anchor?: string;
}

const rule = (text: string, { packets, evaluations = packets, pid = 1, anchor = "" }: Counted): CountedRule => ({
	anchor,
	text,
	evaluations,
	packets,
	bytes: packets * 60,
	states: 0,
	inserted: `uid 0 pid ${pid}`,
});

/** Reads day by day, and says of the rules of the last reading what is known. */
function course(...readings: readonly (readonly [day: number, rules: readonly CountedRule[], boot?: string])[]) {
	let memory: CounterMemory | undefined;
	let told: ReturnType<typeof rememberCounters>["rules"] = [];
	for (const [day, rules, said = boot] of readings) {
		({ rules: told, memory } = rememberCounters(memory, { at: START + day * DAY, rules, boot: said }));
		// What is written is what is read.
		memory = readMemory(memoryText(memory));
	}
	const at = START + (readings.at(-1)?.[0] ?? 0) * DAY;
	const day = (time: number | undefined) => (time === undefined ? undefined : (time - START) / DAY);
	return told.map((each) => ({
		since: day(each.since.by),
		after: day(each.since.after),
		start: each.start,
		readings: each.readings,
		last: each.last && [day(each.last.after), day(each.last.by)],
		without: daysWithout(each, at),
	}));
}

describe("what readings show of a rule", () => {
	test("the first one knows neither since when nor when last", () => {
		expect(course([0, [rule("a", { packets: 5 }), rule("b", { packets: 0 })]])).toEqual([
			{ since: 0, after: undefined, start: "first", readings: 1, last: [undefined, 0], without: undefined },
			{ since: 0, after: undefined, start: "first", readings: 1, last: undefined, without: 0 },
		]);
	});

	test("later ones know when it counted last, and for how long it has not", () => {
		const [a, b] = course(
			[0, [rule("a", { packets: 5 }), rule("b", { packets: 0 })]],
			[10, [rule("a", { packets: 6 }), rule("b", { packets: 0 })]],
			[40, [rule("a", { packets: 6 }), rule("b", { packets: 0 })]],
		);
		expect(a).toMatchObject({ since: 0, readings: 3, last: [0, 10], without: undefined });
		expect(b).toMatchObject({ since: 0, readings: 3, last: undefined, without: 40 });
	});

	test.each([
		["loaded", [5, [rule("a", { packets: 7, pid: 2 })]]],
		["boot", [5, [rule("a", { packets: 7 })], "Fri Nov  6 00:00:00 2026"]],
		["cleared", [5, [rule("a", { packets: 2 })]]],
	] as const)("%s: it begins again, and remembers when it counted last", (start, second) => {
		expect(course([0, [rule("a", { packets: 5 })]], second)).toEqual([
			{ since: 5, after: 0, start, readings: 1, last: [0, 5], without: undefined },
		]);
		// Nothing counted since: the last time is of the counters before.
		const again = second[1].map((each) => ({ ...each, packets: 0, bytes: 0, evaluations: 0 }));
		expect(course([0, [rule("a", { packets: 5 })]], [5, again, second[2] ?? boot])).toMatchObject([
			{ since: 5, start, last: [undefined, 0], without: 0 },
		]);
	});

	test("a boot time that moves with the host's clock is no boot", () => {
		expect(course([0, [rule("a", { packets: 0 })]], [9, [rule("a", { packets: 0 })], "Sun Nov  1 05:21:00 2026"])).toMatchObject([
			{ since: 0, without: 9 },
		]);
	});

	test("counters are cleared for a ruleset as a whole: of its rules none keeps its time, those of an anchor do", () => {
		const all = (packets: number) => [rule("a", { packets }), rule("b", { packets: 0 }), rule("c", { packets: 0, anchor: "x" })];
		expect(course([0, all(9)], [3, all(1)]).map(({ start, without }) => [start, without])).toEqual([
			["cleared", undefined],
			["cleared", 0],
			["first", 3],
		]);
	});

	test("its text, and not its number, says which it is; two alike are told by their order", () => {
		const [, a, other] = course(
			[0, [rule("a", { packets: 0 }), rule("a", { packets: 4 })]],
			[2, [rule("new", { packets: 0 }), rule("a", { packets: 0 }), rule("a", { packets: 5 })]],
		);
		expect(a).toMatchObject({ since: 0, without: 2 });
		expect(other).toMatchObject({ since: 0, last: [0, 2] });
	});

	test("one that was gone for a while counts from its return, and is forgotten after 90 days", () => {
		const gone = (days: number) =>
			course([0, [rule("a", { packets: 4 })]], [1, []], [days, [rule("a", { packets: 0 })]]).map(({ start, last }) => [start, last]);
		expect(gone(50)).toEqual([["loaded", [undefined, 0]]]);
		const forgotten = course([0, [rule("a", { packets: 4 })]], [91, []], [92, [rule("a", { packets: 0 })]]);
		expect(forgotten).toMatchObject([{ start: "loaded", last: undefined }]);
	});

	test("a clock that was set back begins with nothing", () => {
		expect(course([9, [rule("a", { packets: 4 })]], [3, [rule("a", { packets: 4 })]])).toMatchObject([{ start: "first", since: 3 }]);
	});
});

test("not more is remembered than fits, nor a text without end", () => {
	const many = Array.from({ length: MOST_REMEMBERED + 5 }, (_, i) => rule(`rule ${i}`, { packets: 0 }));
	const { rules, memory } = rememberCounters(undefined, { at: START, rules: [rule("x".repeat(5000), { packets: 0 }), ...many] });
	expect(rules).toHaveLength(MOST_REMEMBERED + 6);
	expect(memory.rules).toHaveLength(MOST_REMEMBERED);
	expect(memory.rules[0]?.text).toBe("rule 0");
});

test("whatever a file holds is a memory or none", () => {
	const { memory } = rememberCounters(undefined, { at: START, boot, rules: [rule("__proto__", { packets: 1 })] });
	expect(readMemory(memoryText(memory))).toEqual(memory);
	for (const text of ["", "null", "[]", '{"version":2}', '{"version":1,"read":-1,"rules":[]}', '{"version":1,"read":1,"rules":[{}]}'])
		expect(readMemory(text)).toBeUndefined();
	fc.assert(
		fc.property(fc.json(), (json) => {
			const text = `{"version":1,"read":5,"rules":[${json}]}`;
			expect(readMemory(text)).toBeUndefined();
		}),
	);
});

describe("files", () => {
	const folder = mkdtempSync(join(tmpdir(), "counters-"));
	afterAll(() => rmSync(folder, { recursive: true }));

	test("a reading is added for each host by itself, for the user alone; a damaged file is no more than a first reading", async () => {
		const own = join(folder, "made");
		const read = (host: string, at: number) => rememberReading(own, host, { at, rules: [rule("a", { packets: 0 })] });
		await read("../hv1", START);
		expect(await read("../hv1", START + DAY)).toMatchObject([{ readings: 2 }]);
		expect(await read("hv2", START + DAY)).toMatchObject([{ readings: 1 }]);
		const files = readdirSync(own);
		expect(files).toHaveLength(2);
		for (const file of files) {
			expect(file).toMatch(/^[0-9a-f]{32}\.json$/);
			expect(statSync(join(own, file)).mode & 0o777).toBe(0o600);
			writeFileSync(join(own, file), "{");
		}
		expect(await read("hv2", START + 2 * DAY)).toMatchObject([{ readings: 1, start: "first" }]);
	});
});
