import { describe, expect, test } from "vitest";
import type { HostInterface } from "../text/language.ts";
import { render } from "../text/message.ts";
import { isFilled } from "../text/testing.ts";
import { check } from "./check.ts";
import { HostnameFile } from "./file.ts";
import { type Example, ofIfconfig, ofKernel, ofShell, release } from "./messages-testing.ts";

const hostInterfaces = "em0 em1 iwm0 umb0 lo0 tap0 wg0 vether0 vport0 pair0 pair1".split(" ");
const interfaces = hostInterfaces.map((name): HostInterface => ({ name, groups: [], addresses: [] }));
const read = (file: string): readonly [name: string, text: string] => {
	const [name = ""] = file.split(": ", 1);
	return [name, file.slice(name.length + 2)];
};
const rows = (examples: Readonly<Record<string, readonly Example[]>>) =>
	Object.entries(examples).flatMap(([template, list]) => list.map((example) => [template, ...example] as const));

describe.each([
	["the shell", rows(ofShell)],
	["the kernel", rows(ofKernel)],
	["ifconfig", rows(ofIfconfig)],
])("each message of %s", (_, all) => {
	test.each(all)("%s: %j", (template, refused, said, at, accepted) => {
		const messages = said.split("\n");
		expect(
			messages.some((message) => isFilled(template, message)),
			"the template of the message",
		).toBe(true);
		const [name, text] = read(refused);
		expect(check(name, text, { hostInterfaces, release })).toEqual({ accepted: at === "", messages });
		const file = HostnameFile.parse(`${text}\n`, { path: `/etc/hostname.${name}`, release, host: { interfaces } });
		const found = file.diagnostics().filter(({ message }) => messages.includes(render(message)));
		expect(found.map(({ span }) => text.slice(span.start, span.end))).toEqual(at === "" ? [] : [at]);
		const [near, nearText] = read(accepted);
		expect(check(near, nearText, { hostInterfaces, release }), accepted).toEqual({ accepted: true, messages: [] });
	});
});
