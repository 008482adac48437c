import { describe, expect, test } from "vitest";
import { PfFile } from "../editor/file.ts";
import type { Queue } from "../rules.ts";
import { queueTree } from "./queues.ts";

const queuesOf = (text: string): readonly Queue[] => PfFile.parse(text, { path: "/etc/pf.conf" }).ruleset.queues;
const wide = (count: number): string =>
	`queue root on em0 bandwidth 9G\n${Array.from({ length: count }, (_, i) => `queue q${i} parent root bandwidth 1K${i === 0 ? " default" : ""}\n`).join("")}`;

describe("queues", () => {
	test("twice as many are twice the work", () => {
		const reads = (count: number): number => {
			let seen = 0;
			const counted = queuesOf(wide(count)).map(
				(queue) =>
					new Proxy(queue, {
						get: (target, key) => {
							seen++;
							return Reflect.get(target, key);
						},
					}),
			);
			expect(queueTree(counted, [])).toMatchObject({ trouble: undefined, cutOff: false });
			return seen;
		};
		expect(reads(400) / reads(200)).toBeLessThan(2.1);
	});

	test("copies below many roots of one name are not made without end, and nothing is said of them", () => {
		const root = queuesOf(wide(1)).filter(({ parent }) => parent === "");
		const below = queuesOf(wide(500)).filter(({ parent }) => parent !== "");
		const roots = Array.from({ length: 500 }, (_, i) => root.map((queue) => ({ ...queue, interface: `em${i}` }))).flat();
		expect(queueTree([...roots, ...below.map((queue) => ({ ...queue, interface: "" }))], [])).toMatchObject({
			trouble: undefined,
			notes: [],
			cutOff: true,
		});
	});
});
