/** The host program, ended at one after the other of the commands that it runs: all is as before, or all is new. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { inputOf } from "../../remote/src/deploy/input.ts";
import { programInterface, programName } from "../../remote/src/deploy/program/program.ts";
import { canIsolate, printf, type SimulatedHost, shell } from "../openbsd-host/install.ts";
import { freshState } from "../openbsd-host/state.ts";
import { nightly, shareOf } from "../share.ts";
import { until } from "./deployments.ts";
import {
	ask,
	backups,
	endWatchdogs,
	everyPath,
	id,
	newFiles,
	oldFiles,
	openProgramHosts,
	type ProgramHosts,
	planOf,
} from "./program-hosts.ts";

/** How it is ended: with all that runs on the host, alone, or by the command's own failure. */
export type Ending = "power" | "kill" | "fail";

/** So many hosts are tried at once, each at other commands: of many commands, for they mostly wait for one program or another. */
const lanes = nightly ? 3 : 1;

const changed = everyPath.filter((path) => oldFiles[path] !== newFiles[path]);
/** What makes the new files active: commands of each kind. */
const runs = [
	"sysctl net.inet.ip.forwarding=1",
	"interface veb0 vether8",
	"interface-gone veb9",
	"rules",
	"anchor-gone vm/old",
	"table-gone old vm/old",
	"service reload vmd",
];

/** Programs of the host that it runs, beside those that the simulated host stands in for. */
const tools =
	"awk cat chmod chown cmp cp date dd diff grep ln ls mkdir mktemp mv nohup ps readlink rm rmdir sed sh sleep sort tail wc".split(" ");
const standIns = ["at", "atq", "atrm", "ifconfig", "netstart", "pfctl", "rcctl", "route", "sha256", "sync", "sysctl", "vmctl"];
const steps = ["stage", "backup", "write", "arm 86400", "verify-armed", ...runs.map((_, n) => `activate ${n}`), "keep", "undo"];
const plan = planOf(
	changed.map((path) => {
		const [before, after] = [oldFiles[path], newFiles[path]];
		return { path, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) };
	}),
	[...runs.map((run, n) => `run ${n} ${run}`), "anchor before vm/old", "anchor after vm/new"],
);
const staged = ["/etc/pf.conf", "/etc/pf.d/guests/new.conf"].map((path) => ({
	name: `run${path}`,
	text: (newFiles[path] ?? "").replace('"/etc/pf.d', `"/${backups}/${id}/run/etc/pf.d`),
}));
/** What netstart reads of an interface that is there. */
const partial = { name: "lines/vether8", text: "!ifconfig vether8 -group lan\ninet alias 10.8.0.9/32\n" };
const input = inputOf(plan.lines, [...plan.texts, ...staged, partial]);
const words = (step: string) => step.replace(/^\S+/, (verb) => `${verb} ${id}`);

/** A folder for PATH in which the command that is started as the one of number $END_AT ends all, or fails. */
function putShims({ root, bin }: SimulatedHost): void {
	mkdirSync(join(root, "simulated/shims"));
	const count = join(root, "simulated/count");
	for (const name of [...tools, ...standIns]) {
		const real = standIns.includes(name) ? join(bin, name) : ["/usr/bin", "/bin"].map((at) => join(at, name)).find(existsSync);
		const text = `#!${shell}
read -r begun <${count}
${printf} x >>${count}
[ "\${#begun}" -eq "$END_AT" ] || exec ${real} "$@"
case $END_BY in
fail) exit 1 ;;
power) kill -9 -$(/bin/cat /${backups}/${id}/pid) ;;
esac
kill -9 0
`;
		writeFileSync(join(root, "simulated/shims", name), text, { mode: 0o755 });
	}
}

/** Asks it for a step, which the command of a number ends; none, where it is -1. @returns its status, and how many commands were begun */
async function endedAt(
	{ start }: ProgramHosts,
	{ root, enter }: SimulatedHost,
	step: string,
	by: Ending,
	at: number,
): Promise<{ readonly status: number | null; readonly count: number }> {
	const count = join(root, "simulated/count");
	writeFileSync(count, "");
	writeFileSync(join(root, "root/input"), input);
	const run = `OPENBSD_HOST_UID=0 END_AT=${at} END_BY=${by} PATH=${root}/simulated/shims:$PATH ${programName} ${programInterface} ${words(step)} </root/input`;
	// In a session of its own: what ends it ends nothing else.
	const status = await start("setsid", "-w", enter, "-c", run);
	return { status, count: statSync(count).size };
}

/** As rc(8) starts a host. */
async function reboot(host: SimulatedHost): Promise<void> {
	host.change((state) => {
		const { interfaces, pf, sysctl } = freshState();
		Object.assign(state, { interfaces, pf, sysctl, guests: [] });
	});
	await host.run(
		"export OPENBSD_HOST_UID=0; sysctl $(cat /etc/sysctl.conf); sh /etc/netstart; pfctl -f /etc/pf.conf; [ ! -f /etc/rc.securelevel ] || sh /etc/rc.securelevel; vmctl reload",
	);
}

/** What is on the host, and what is active there; and what a deployment must not leave. */
function seen(host: SimulatedHost): string {
	const { pf, sysctl, interfaces, guests } = host.state();
	const here = (path: string) => readdirSync(join(host.root, path), { recursive: true, encoding: "utf8" });
	const etc = here("etc").filter((path) => /\.\d{8}T\d{6}-|rc\.securelevel/.test(path) || (path === "pf.d" && here("etc/pf.d").length < 2));
	return JSON.stringify({
		files: everyPath.map((path) => host.read(path)),
		rules: Object.entries(pf.anchors)
			.map(([name, rules]) => [name, ...rules.map(({ text }) => text)].join("\n"))
			.sort(),
		forwarding: sysctl["net.inet.ip.forwarding"],
		interfaces: interfaces
			.map(({ name, members, groups, addresses }) => [name, ...members, ...groups, ...addresses.toSorted()].join(" "))
			.sort(),
		memory: guests.map((guest) => guest.memory),
		left: [...etc, ...here(backups).filter((path) => /^lock$|\/(settling|busy|run|input)$/.test(path))],
	});
}

/** The watchdog looks after what others have ended, too. Its number is in no file any more once that is done. */
async function watchdogEnded(watchdog: string): Promise<void> {
	await until(() => !existsSync(`/proc/${watchdog}`));
}

/** A deployment that finds the lock of one that nobody ends any more takes it over. */
async function takeOver(host: SimulatedHost): Promise<void> {
	const other = "20260102T000000-0123abcd";
	expect(await ask(host, `lock ${other} 60`)).toMatchObject({ status: 0 });
	expect(await ask(host, `undo ${other}`)).toMatchObject({ status: 0 });
	endWatchdogs(host);
	rmSync(join(host.root, backups, other), { recursive: true, force: true });
}

/** Puts a host back to what it was, with a watchdog. @returns the watchdog's number */
async function restore(hosts: ProgramHosts, host: SimulatedHost, copy: string): Promise<string> {
	endWatchdogs(host);
	await copied(hosts, copy, host.root);
	await host.run(
		`OPENBSD_HOST_UID=0 setsid nohup sh /${backups}/${id}/program watchdog ${id} >/dev/null 2>&1 </dev/null & echo $! >/${backups}/${id}/pid`,
	);
	return readFileSync(join(host.root, backups, id, "pid"), "utf8").trim();
}

async function copied({ start }: ProgramHosts, from: string, to: string): Promise<void> {
	rmSync(to, { recursive: true, force: true });
	expect(await start("cp", "-a", from, to)).toBe(0);
}

interface Found {
	/** What the host was after each point at which the program was ended. */
	readonly points: readonly { readonly point: string; readonly now: string }[];
	readonly before: string;
	readonly after: string;
}

/** Goes through the steps on one host, and ends each at those of its commands that are chosen. */
async function endSteps(hosts: ProgramHosts, host: SimulatedHost, by: Ending, isChosen: (command: number) => boolean): Promise<Found> {
	const [old, next] = [`${host.root}.old`, `${host.root}.next`];
	mkdirSync(join(host.root, backups), { recursive: true });
	const before = seen(host);
	let after = "";
	putShims(host);
	await ask(host, `lock ${id} 86400`);
	endWatchdogs(host);
	const points: { readonly point: string; readonly now: string }[] = [];
	for (const step of steps) {
		await copied(hosts, host.root, old);
		const undisturbed = await restore(hosts, host, old);
		const { status, count } = await endedAt(hosts, host, step, by, -1);
		expect(status, step).toBe(0);
		if (step === "keep") {
			if (by !== "power") await watchdogEnded(undisturbed);
			after = seen(host);
		}
		endWatchdogs(host);
		// What is kept is not rolled back: the way back is tried from what is there before.
		if (step !== "undo") await copied(hosts, step === "keep" ? old : host.root, next);
		// What fails on the way back is not rolled back.
		for (let command = 0; command < count && (by !== "fail" || step !== "undo"); command++) {
			if (!isChosen(command)) continue;
			const watchdog = await restore(hosts, host, old);
			await endedAt(hosts, host, step, by, command);
			if (by === "power") {
				await reboot(host);
				if (readdirSync(join(host.root, backups)).includes("lock")) await takeOver(host);
			} else {
				// Who asks is told that it failed, and has it taken back; of one that was killed the time is over.
				if (by === "fail") await ask(host, `undo ${id}`);
				else await host.run(`OPENBSD_HOST_UID=0 sh /${backups}/${id}/program settle ${id}`);
				await watchdogEnded(watchdog);
			}
			points.push({ point: `${step}, command ${command}`, now: seen(host) });
		}
		if (step !== "undo") await restore(hosts, host, next);
	}
	endWatchdogs(host);
	return { points, before, after };
}

/**
 * Tests an ending at one of each so many commands of every step; at all of them at night.
 * @param parts how many days it takes to have been at all of them
 */
export function testEnding(by: Ending, parts: number): void {
	describe.skipIf(!canIsolate())("the host program, ended at any command that it runs", { concurrent: true }, () => {
		let hosts: ProgramHosts;
		beforeAll(async () => {
			// Who loses the power does so before the watchdog looks; else it is waited for.
			hosts = await openProgramHosts(by === "power" ? 600 : 0.1);
		}, 120_000);
		afterAll(() => hosts.end(), 120_000);

		test(`by ${by}: all is as before, or all is new`, { timeout: 3_600_000 }, async () => {
			const chosen = shareOf(
				Array.from({ length: 1000 }, (_, command) => command),
				parts,
			);
			const found = await Promise.all(
				Array.from({ length: lanes }, async (_, lane) => {
					const own = new Set(chosen.filter((_command, index) => index % lanes === lane));
					return await endSteps(hosts, await hosts.make(), by, (command) => own.has(command));
				}),
			);
			const points = found.flatMap(({ points: of }) => of);
			console.info(`ended by ${by} at ${points.length} commands`);
			for (const { before, after } of found) expect([before, after]).toEqual([found[0]?.before, found[0]?.after]);
			expect(points.filter(({ now }) => now !== found[0]?.before && now !== found[0]?.after)).toEqual([]);
			expect(points.some(({ now }) => now === found[0]?.after)).toBe(true);
		});
	});
}
