import { describe, expect, it } from "vitest";
import { render } from "../text/message.ts";
import { isFilled } from "../text/testing.ts";
import { dryRun, start } from "./dryrun.ts";
import { VmFile } from "./file.ts";
import { MESSAGES } from "./messages.ts";
import { examples, warning } from "./messages-testing.ts";

const host = { users: { root: 0, alice: 1000, carol: 1001 }, groups: { wheel: 0, users: 10, staff: 20 } };
const options = { ...host, readFile: (path: string) => (path === "/missing" ? undefined : "") };
const ofVmd: ReadonlySet<string> = new Set(MESSAGES.filter((text) => text !== warning));
const rows = Object.entries(examples).flatMap(([key, list]) => list.map((example) => [key, ...example] as const));

describe("each message of vmd", () => {
	it.each(rows)("%s: %j", (key, refused, said, at, accepted) => {
		expect(isFilled(key, said), "the template of the message").toBe(true);
		const lines = start(refused, options).stderr.map((line) => line.replace(/^vmd: (?:\/etc\/vm\.conf:\d+: )?/, ""));
		expect(lines).toContain(said);
		expect(start(accepted, options).accepted, accepted).toBe(true);
		expect(start(accepted, options).stderr.filter((line) => !line.startsWith("warning"))).toEqual([]);
		const file = VmFile.parse(refused, { path: "/etc/vm.conf", host });
		const found = file.diagnostics().filter(({ severity, message }) => severity === "error" && render(message) === said);
		if (at !== undefined) expect(found.map(({ span }) => refused.slice(span.start, span.end))).toContain(at);
		const near = VmFile.parse(accepted, { path: "/etc/vm.conf", host }).diagnostics();
		expect(near.filter(({ message }) => ofVmd.has(message.template)).map(({ message }) => render(message))).toEqual([]);
	});

	it("of a start alone is none of vmd -n", () => {
		const early = rows.filter(([, refused]) => dryRun(refused, options).accepted).map(([key]) => key);
		expect([...new Set(early)]).toEqual([
			'vm "{0}" failed: {1}',
			"invalid configuration, no devices",
			"no kernel or disk/cdrom specified",
			"invalid VM name",
			'vm "{0}" disk {1} cannot be reused',
			'vm "{0}" lladdr cannot be reused',
			'vm "{0}" {1} cannot be reused',
			'vm "{0}" user mismatch',
			'vm "{0}" group mismatch',
			'vm "{0}" cannot change instance permissions',
		]);
	});

	it("of a macro that is not used refuses nothing", () => {
		const said = "warning: macro 'f' not used";
		expect(isFilled(`warning: ${warning}`, said)).toBe(true);
		const shown = VmFile.parse('f = "/f"\n', { path: "/etc/vm.conf" }).diagnostics();
		expect(shown.map(({ severity, message }) => `${severity}: ${render(message)}`)).toEqual([said]);
		expect(dryRun('f = "/f"\n')).toEqual({ accepted: true, stderr: [said] });
		expect(dryRun('f = "/f"\ninclude $f\n')).toEqual({ accepted: true, stderr: [] });
	});
});
