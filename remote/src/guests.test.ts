/** What becomes of guests, by what vmctl says and to whom. */
import { describe, expect, test } from "vitest";
import { actOnGuest, consoleLine, type GuestAction } from "./guests.ts";
import type { RunOnHost } from "./live.ts";

type Said = Partial<Awaited<ReturnType<RunOnHost>>>;

/** Asks for something of web01, on a host whose commands say this, one after the other. */
async function asked(action: GuestAction, answers: readonly Said[], user = "op", guest = "web01") {
	const ran: string[] = [];
	const run: RunOnHost = async ({ text }) => {
		const answer = answers[ran.length] ?? {};
		ran.push(text);
		return { status: 0, stdout: "", stderr: "", ...answer };
	};
	return { answer: await actOnGuest(run, guest, action, user), ran };
}

describe("a guest", () => {
	test.each<[action: GuestAction, command: string, said: Said, told: string]>([
		[
			"start",
			"vmctl start web01",
			{ stderr: "vmctl: started vm 1 successfully, tty /dev/ttyp1\n" },
			"vmctl: started vm 1 successfully, tty /dev/ttyp1",
		],
		[
			"stop",
			"vmctl stop web01",
			{ stderr: "stopping vm web01: requested to shutdown vm 1\n" },
			"stopping vm web01: requested to shutdown vm 1",
		],
		[
			"kill",
			"vmctl stop -f web01",
			{ stderr: "stopping vm web01: requested to shutdown vm 1\n" },
			"stopping vm web01: requested to shutdown vm 1",
		],
		["pause", "vmctl pause web01", { stderr: "vmctl: paused vm 1 successfully\n" }, "vmctl: paused vm 1 successfully"],
		["resume", "vmctl unpause web01", { stderr: "vmctl: unpaused vm 1 successfully\n" }, "vmctl: unpaused vm 1 successfully"],
	])("%s: %s", async (action, command, said, told) => {
		expect(await asked(action, [said])).toEqual({ answer: { kind: "answered", value: told }, ran: [command] });
	});

	test.each<[what: string, said: Said]>([
		["that is stopped already", { status: 1, stderr: "stopping vm web01: failed: Invalid argument\n" }],
		["that is not there", { status: 1, stderr: "stopping vm web01: vm not found\n" }],
		["that vmd does not tell of", { status: 1, stderr: "vmctl: connect: /var/run/vmd.sock: Connection refused\n" }],
	])("%s", async (_, said) => {
		const { answer, ran } = await asked("stop", [said]);
		expect(answer).toEqual({ kind: "failed", message: said.stderr?.trim() });
		expect(ran).toHaveLength(1);
	});

	const denied: Said = { status: 1, stderr: "stopping vm web01: failed: Operation not permitted\n" };

	test("of somebody else's is asked for by doas, and what to allow is told", async () => {
		expect(await asked("stop", [denied, { stderr: "stopping vm web01: requested to shutdown vm 1\n" }])).toMatchObject({
			answer: { kind: "answered" },
			ran: ["vmctl stop web01", "doas -n vmctl stop web01"],
		});
		const refused = await asked("stop", [denied, { status: 1, stderr: "doas: Operation not permitted\n" }]);
		expect(refused.answer).toEqual({ kind: "refused", allow: "permit nopass op as root cmd vmctl" });
		expect((await asked("stop", [denied], "root")).ran).toEqual(["vmctl stop web01"]);
	});

	test.each(["-a", "", "a b", "$(reboot)"])("is never called %j", async (guest) => {
		expect(await asked("stop", [], "op", guest)).toMatchObject({ answer: { kind: "failed" }, ran: [] });
		expect(consoleLine(guest)).toBeUndefined();
	});

	test("has a console, by doas where its terminal is not ours, whatever the login shell is", () => {
		expect(consoleLine("web01")).toContain(
			'; if [ -r "$at" ] && [ -w "$at" ]; then exec vmctl console web01; fi; exec doas vmctl console web01',
		);
		expect(consoleLine("web01")).toMatch(/^exec \/bin\/sh -c '/);
	});
});
