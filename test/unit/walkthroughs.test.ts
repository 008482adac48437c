/** The walkthroughs of the manifest: each step has a picture, is done by a button, and ticks itself off. */
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { walkthroughPictures } from "../../scripts/walkthrough-pictures.mjs";
import { root } from "./textmate.ts";

interface Step {
	readonly id: string;
	readonly description: string;
	readonly media: { readonly svg: string; readonly altText: string };
	readonly completionEvents: readonly string[];
}

const read = (path: string) => readFileSync(new URL(path, root), "utf8");
const { contributes } = JSON.parse(read("package.json"));
const texts: Readonly<Record<string, string>> = JSON.parse(read("package.nls.json"));
const walkthroughs: readonly { readonly id: string; readonly steps: readonly Step[] }[] = contributes.walkthroughs;
const steps = walkthroughs.flatMap(({ id, steps: own }) => own.map((step) => [`${id} ${step.id}`, step] as const));
const text = (key: string) => texts[key.replaceAll("%", "")] ?? "";

/** Commands of a text: those of buttons stand on lines of their own. */
function commandsOf(description: string): { readonly buttons: readonly string[]; readonly all: readonly string[] } {
	const found = (pattern: RegExp) => [...description.matchAll(pattern)].map(([, command = ""]) => command);
	return { buttons: found(/^\[[^\]]+\]\(command:([\w.]+)[^)]*\)$/gm), all: found(/\(command:([\w.]+)/g) };
}

test.each(steps)("%s", (_, { description, media, completionEvents }) => {
	const { buttons, all } = commandsOf(text(description));
	const ends = completionEvents.flatMap((event) => /^onCommand:(.*)/.exec(event)?.[1] ?? []);
	const views = completionEvents.flatMap((event) => /^onView:(.*)/.exec(event)?.[1] ?? []);
	// Taking one of its buttons ends the step; a folder that is opened, and a view that is shown, end it by what is in them.
	const done = buttons.filter((command) => ends.includes(command) || views.some((view) => command === `${view}.focus`));
	expect(done).not.toEqual([]);
	const own = new Map<string, string>(
		contributes.commands.map(({ command, enablement = "" }: { command: string; enablement?: string }) => [command, enablement]),
	);
	const named = all.filter((command) => command.startsWith("openbsdVnet.") && !command.endsWith(".focus"));
	expect(named.filter((command) => !own.has(command))).toEqual([]);
	// Nothing has activated the extension in an empty folder: what it sets then enables no command yet.
	expect(named.filter((command) => own.get(command)?.includes("openbsdVnet.") === true)).toEqual([]);
	expect(readdirSync(new URL("assets/walkthrough/", root)).map((name) => `assets/walkthrough/${name}`)).toContain(media.svg);
	expect(text(media.altText)).not.toBe("");
});

test("the pictures are those of scripts/walkthrough-pictures.mjs, in the colours of the theme alone", () => {
	const pictures = walkthroughPictures();
	expect(readdirSync(new URL("assets/walkthrough/", root)).sort()).toEqual(Object.keys(pictures).sort());
	for (const [name, svg] of Object.entries(pictures)) {
		expect(read(`assets/walkthrough/${name}`), name).toBe(svg);
		const colours = [...svg.matchAll(/ (?:fill|stroke)="([^"]*)"/g)].map(([, colour = ""]) => colour);
		expect(colours.filter((colour) => colour !== "none" && !colour.startsWith("var(--vscode-"))).toEqual([]);
		// VS Code's page lets none of them work.
		expect(svg).not.toMatch(/<style|style=|<script|<image/);
	}
});
