import { expect, test } from "vitest";
import type { PacketChanges } from "../protocol.ts";
import { render } from "../text/message.ts";
import { packetChangesMarkdown } from "./packet-changes-text.ts";

const NONE: PacketChanges = { changes: [], isWhole: true, gone: [], come: [] };
const markdown = (more: Partial<PacketChanges>, shown?: (words: string) => string) =>
	packetChangesMarkdown({ ...NONE, ...more }, (message) => render(message, {}), shown);

test("what pf does otherwise is a list, and whether that is all stands below it", () => {
	const change: PacketChanges["changes"][number] = {
		before: "block drop",
		after: "pass",
		packets: ["in proto udp on em`0"],
		others: 2,
		example: "in em0 udp",
		ruleBefore: "",
		rule: "",
		depends: ["pass user root"],
		location: null,
	};
	expect(markdown({ changes: [change], gone: ["set skip on { lo0 }"], come: ["set limit states 5"] }).split("\n")).toEqual([
		"- `block drop` → `pass`",
		"  - `in proto udp on em'0`",
		"  - and 2 more",
		"  - such as `in em0 udp`",
		"  - depends on whether this rule matches: `pass user root`",
		"- − `set skip on { lo0 }`",
		"- + `set limit states 5`",
		"",
		"pf treats no other packet differently.",
	]);
	expect(
		markdown({ changes: [{ ...change, others: 0, depends: [] }] }, (words) => words.toUpperCase())
			.split("\n")
			.slice(0, 3),
	).toEqual(["- `BLOCK DROP` → `PASS`", "  - `IN PROTO UDP ON EM'0`", "  - such as `IN EM0 UDP`"]);
});

test("nothing but that it is all, or that it is not known", () => {
	expect(markdown({})).toBe("pf treats every packet as before.");
	expect(markdown({ isWhole: false })).toMatch(/is not known/);
});
