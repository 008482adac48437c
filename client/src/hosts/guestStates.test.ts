import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { fits } from "./guestStates.ts";

interface MenuItem {
	readonly command: string;
	readonly when: string;
}

const manifest = JSON.parse(readFileSync(new URL("../../../package.json", import.meta.url), "utf8"));
const menu: readonly MenuItem[] = manifest.contributes.menus["view/item/context"];

const commands = {
	start: "startGuest",
	stop: "stopGuest",
	kill: "killGuest",
	pause: "pauseGuest",
	resume: "resumeGuest",
	console: "openConsole",
} satisfies Record<keyof typeof fits, string>;

test.each(Object.entries(commands))("%s is offered in the states in which it can be done", (action, command) => {
	const items = menu.filter((item) => item.command === `openbsdVnet.${command}`);
	const states = items.map(({ when }) => /viewItem =~ \/\^guest \((.*)\)\$\//.exec(when)?.[1]?.split("|"));
	expect(states.length).toBeGreaterThan(0);
	for (const offered of states) expect(offered).toEqual(fits[action as keyof typeof fits]);
});
