import { expect, test } from "vitest";
import type { LiveHost, LiveTap } from "../host/live.ts";
import { inert, liveTapText } from "./live-text.ts";
import { open } from "./testing.ts";

const base: LiveHost = { name: "hv1", taken: "14:03:12", simulated: false, taps: [] };

test.each<[tap: LiveTap | undefined, simulated: boolean, use: string, more: string]>([
	[undefined, false, "not on hv1", "hv1, as of 14:03:12"],
	[{ name: "tap1" }, true, "unused on hv1", "hv1 (simulated host), as of 14:03:12"],
	[{ name: "tap1", bridge: "veb0" }, false, "unused on hv1", "hv1, as of 14:03:12; member of veb0"],
	[
		{ name: "tap1", guest: "a", index: 0, state: "running", bridge: "veb0", switch: "lan" },
		false,
		"a, running",
		"hv1, as of 14:03:12; member of veb0, switch lan",
	],
	[{ name: "tap1", guest: "a", index: 0, state: "paused" }, false, "a, paused", "hv1, as of 14:03:12"],
	[{ name: "tap1", guest: "a", index: 0, state: "stopping" }, false, "a, stopping", "hv1, as of 14:03:12"],
	[{ name: "tap1", guest: "a", index: 0, state: "waiting" }, false, "a, waiting", "hv1, as of 14:03:12"],
	[{ name: "tap1", guest: "a", index: 0, state: "stopped" }, false, "a, stopped", "hv1, as of 14:03:12"],
	[{ name: "tap1", guest: "a", index: 0 }, false, "a, state unknown", "hv1, as of 14:03:12"],
])("%j", async (tap, simulated, use, more) => {
	const { session } = await open("block\n");
	const taps = [{ name: "tap9", guest: "z" }, ...(tap === undefined ? [] : [tap])];
	expect(liveTapText(session, { ...base, simulated, taps }, "tap1")).toEqual({ use, more });
});

test.each([
	["web01", "web01"],
	["[a](b)", "\\[a\\]\\(b\\)"],
	["*a* <b> `c`", "\\*a\\* \\<b\\> \\`c\\`"],
	["a\nb\x1b[0m", "a b \\[0m"],
])("%j of a host means nothing to Markdown", (text, shown) => {
	expect(inert(text)).toBe(shown);
});
