import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { check, dryRun } from "./programs.ts";

const folder = new URL("../../../../shared/conformance/", import.meta.url);

function cases<Case>(name: string): readonly Case[] {
	const file = new URL(name, folder);
	if (!existsSync(file)) return [];
	return readFileSync(file, "utf8")
		.split("\n")
		.filter((line) => line !== "")
		.map((line): Case => JSON.parse(line));
}

interface Printed {
	readonly interface: string;
	readonly input: string;
	readonly commands: readonly string[];
}

interface Judged {
	readonly interface: string;
	readonly input: string;
	readonly accept: boolean;
	readonly hostInterfaces: readonly string[];
}

describe.skipIf(!existsSync(folder))("as OpenBSD's programs do (needs ../shared/conformance)", () => {
	test("netstart -n prints the same commands", () => {
		const all = cases<Printed>("hostname-cases.jsonl");
		expect(all.length).toBeGreaterThan(200);
		for (const one of all) expect(dryRun(one.interface, one.input), one.input).toEqual(one.commands);
	});

	test("ifconfig accepts and refuses the same files", () => {
		const all = cases<Judged>("hostname-verdicts.jsonl");
		expect(all.length).toBeGreaterThan(300);
		const wrong = all.filter(
			({ interface: name, input, accept, hostInterfaces }) => check(name, input, { hostInterfaces }).accepted !== accept,
		);
		expect(wrong.length / all.length).toBeLessThanOrEqual(0.02);
	});
});
