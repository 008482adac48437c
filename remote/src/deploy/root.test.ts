/** How the host program is asked, by root and by doas(1), and the rehearsal of the way back. */
import { render } from "@openbsd-vnet/server";
import { describe, expect, test, vi } from "vitest";
import { ConnectionError } from "../connection-error.ts";
import { hostProgram, programInterface, programName } from "./program/program.ts";
import { type Rehearsal, rehearse } from "./rehearse.ts";
import { runHostProgram } from "./root.ts";
import { hostInMemory } from "./testing.ts";

describe("the host program", () => {
	/** The answer of a host to a request. */
	function asked(user: string, answer: { readonly status: number; readonly stderr?: string; readonly stdout?: string }) {
		const host = hostInMemory("hv1", user);
		host.command = () => ({ output: answer.stdout ?? "", errors: answer.stderr ?? "", status: answer.status });
		return { host, result: runHostProgram(host.connect(), { verb: "fetch", args: ["it's", 5], input: "read me" }) };
	}

	test("is brought along where root logs in, with its words quoted", async () => {
		const { host, result } = asked("root", { status: 64, stderr: "x: this one has interface 9", stdout: "out" });
		expect(await result).toEqual({ status: 64, signal: undefined, stdout: "out", stderr: "x: this one has interface 9", cut: false });
		const [command = ""] = host.ran;
		expect(command).toContain("program=$1; shift; eval");
		expect(command).toContain(` ${programName} `);
		expect(command.length).toBeGreaterThan(hostProgram.length);
		expect(command).toContain(` ${programInterface} fetch `);
		expect(command.endsWith(" 5'")).toBe(true);
		expect(host.inputs).toEqual(["read me"]);
	});

	test("is the one that is installed for other users", async () => {
		const { host, result } = asked("op", { status: 0, stdout: "out" });
		expect(await result).toMatchObject({ status: 0, stdout: "out" });
		expect(host.ran[0]).toContain(`doas -n ${programName} ${programInterface} fetch`);
		expect(host.ran[0]).not.toContain("program=");
	});

	test.each([
		[1, `doas: ${programName}: command not found`, /^hv1 has no \S+, which deploys there for users that are not root: /],
		[64, `${programName}: this one has interface 1`, /^The \S+ of hv1 is of another version: /],
		[1, "doas: Operation not permitted", /^op may not run \S+ as root on hv1\. .*permit nopass op as root cmd \S+$/],
	])("that is not there, is another or is not permitted is told with what to do (status %i, %s)", async (status, stderr, message) => {
		await expect(asked("op", { status, stderr }).result).rejects.toMatchObject({
			fault: "not-allowed",
			message: expect.stringMatching(message),
		});
	});

	test.each([
		[0, `doas: ${programName}: command not found`],
		[64, "refused for another reason"],
		[1, `${programName}: this one has interface 1`],
		[1, "x doas: program: command not found"],
	])("that ends with %i and says %j is for the caller to judge", async (status, stderr) => {
		expect(await asked("op", { status, stderr }).result).toMatchObject({ status, stderr });
	});
});

describe("a rehearsal", () => {
	const id = "20260102T030405-0123abcd";
	const text = "pass";

	async function rehearsed(change: (host: ReturnType<typeof hostInMemory>) => void, seconds = 15): Promise<string> {
		vi.useFakeTimers();
		try {
			const host = hostInMemory();
			host.files.set("/etc/pf.conf", { text });
			host.answers.set("outcome", { stdout: "restored\n" });
			change(host);
			const ended = rehearse(id, { connect: async () => host.connect(), root: host.root, seconds }).then(
				(result: Rehearsal) => (result.kind === "works" ? "works" : render(result.message)),
				(error: unknown) => (error instanceof ConnectionError ? `throws ${error.message}` : String(error)),
			);
			await vi.advanceTimersByTimeAsync((seconds + 30) * 1000);
			expect(host.open()).toBe(0);
			return await ended;
		} finally {
			vi.useRealTimers();
		}
	}

	test("loads the host's own ruleset with a rule that does nothing, and looks whether all is as before", async () => {
		let input: string | undefined;
		let asked: ReturnType<typeof hostInMemory>["asked"] = [];
		expect(
			await rehearsed((host) => {
				asked = host.asked;
				host.answers.set("stage", (request) => {
					input = request.input;
					return {};
				});
			}),
		).toBe("works");
		expect(input).toContain('\npass\nmatch all label "openbsd-vnet rehearsal"\n');
		// A slow host has as long as it needs until there is anything to wait for.
		const times = asked.filter(({ verb }) => ["lock", "arm", "extend"].includes(verb)).map(({ verb, args }) => [verb, args?.[1]]);
		expect(times).toEqual([
			["lock", 120],
			["arm", 120],
			["extend", 15],
		]);
	});

	test.each<[string, (host: ReturnType<typeof hostInMemory>) => void, string]>([
		["without a ruleset", (host) => host.files.delete("/etc/pf.conf"), "throws hv1 has no /etc/pf.conf to rehearse with"],
		["a ruleset that is a link", (host) => host.files.set("/etc/pf.conf", "link"), "throws hv1 has no /etc/pf.conf to rehearse with"],
		[
			"a ruleset that the host refuses",
			(host) => host.said.set("pf file.0", { output: "no", status: 1 }),
			"hv1 refuses its own /etc/pf.conf",
		],
		[
			"a watchdog that does not fire",
			(host) => host.answers.set("outcome", { stdout: "" }),
			"the watchdog on hv1 did not roll back by itself",
		],
		["a step that fails", (host) => host.answers.set("arm", { status: 1, stderr: "no timers" }), "hv1: no timers"],
		[
			"a host that does not say how it ended",
			(host) => host.answers.set("outcome", { status: 1 }),
			"the watchdog on hv1 did not roll back by itself",
		],
	])("%s", async (_, change, end) => {
		expect(await rehearsed(change)).toBe(end);
	});

	test("that leaves other rules, or another file, does not work", async () => {
		let asked = 0;
		expect(await rehearsed((host) => host.answers.set("loaded", () => ({ stdout: `rules ${asked++}` })))).toBe(
			"hv1 has other rules than before",
		);
		expect(
			await rehearsed((host) =>
				host.answers.set("outcome", () => {
					host.files.set("/etc/pf.conf", { text: "block" });
					return { stdout: "restored" };
				}),
			),
		).toBe("hv1 has other rules than before");
	});

	test("does not blame the watchdog for rules that were loaded and stand in no file", async () => {
		let asked = 0;
		const incomplete = (host: ReturnType<typeof hostInMemory>) => host.answers.set("outcome", { stdout: "incomplete" });
		expect(
			await rehearsed((host) => {
				incomplete(host);
				host.answers.set("loaded", () => ({ stdout: `rules ${asked++}` }));
			}),
		).toMatch(/^the watchdog on hv1 rolled back by itself, to the rules of \/etc\/pf\.conf: other rules were loaded before/);
		expect(await rehearsed(incomplete)).toBe("the watchdog on hv1 rolled back by itself, but not everything is as before");
	});

	test("waits for the watchdog as long as it has, and some more", async () => {
		const at = async (second: number) => {
			let polls = 0;
			return await rehearsed((host) => host.answers.set("outcome", () => ({ stdout: ++polls >= second ? "restored" : "" })), 10);
		};
		expect(await at(30)).toBe("works");
		expect(await at(31)).toBe("the watchdog on hv1 did not roll back by itself");
	});
});
