/** What files and hosts say is data in an editor too: a notification makes no link of it, which could run a command. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { withoutIcons } from "./withoutIcons.ts";
import { withoutLinks } from "./withoutLinks.ts";

test.each([
	["[ok](command:workbench.action.quit)", "[ok] (command:workbench.action.quit)"],
	["a [b](https://example.org) [c](file:///etc) d", "a [b] (https://example.org) [c] (file:///etc) d"],
	["table <a> [1] (2)", "table <a> [1] (2)"],
])("%s", (text, shown) => expect(withoutLinks(text)).toBe(shown));

test("a guest's name becomes no icon in a list", () => expect(withoutIcons("$(trash) db01")).toBe("$\u200b(trash) db01"));

test("notifications are shown by notices.ts alone, VS Code's own functions show modal dialogs", () => {
	const files = readdirSync(import.meta.dirname, { recursive: true, encoding: "utf8" }).filter(
		(name) => name.endsWith(".ts") && !/notices\.(test\.)?ts$/.test(name),
	);
	const calls = files.flatMap((name) => {
		const text = readFileSync(join(import.meta.dirname, name), "utf8");
		return [...text.matchAll(/\.show(?:Error|Warning|Information)Message\b(?:[^;]|;(?!\n))*/g)].map(([call]) => ({ name, call }));
	});
	expect(calls.filter(({ call }) => !call.includes("modal: true"))).toEqual([]);
	expect(calls.length).toBeGreaterThan(0);
	const own = files.filter((name) => readFileSync(join(import.meta.dirname, name), "utf8").includes("ProgressLocation.Notification"));
	expect(own).toEqual([]);
});
