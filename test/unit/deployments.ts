/** What the tests of deployments share: a host's files before and after, deploying them, and what must not be left of it. */
import { chmodSync, existsSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import {
	type DeployOptions,
	type DeployResult,
	deploy,
	makePlan,
	newDeploymentId,
	type Plan,
	stepsOf,
	type WantedFile,
} from "@openbsd-vnet/remote";
import { expect } from "vitest";
import type { SimulatedHost } from "../openbsd-host/install.ts";
import { openPlaces, type Place } from "../openbsd-host/places.ts";
import { endProcessesOf, nextProcesses, type Process, processesOf } from "../openbsd-host/processes.ts";
import { rememberRehearsal } from "../openbsd-host/simulate.ts";
import { freshState } from "../openbsd-host/state.ts";

export type Files = Readonly<Record<string, string>>;

export const oldFiles: Files = {
	"/etc/pf.conf": 'set skip on lo\nblock all\nanchor "vm/*"\nload anchor "vm/web01" from "/etc/pf.vm/web01.conf"\n',
	"/etc/pf.vm/web01.conf": "pass out on em0\n",
	"/etc/hostname.em1": "up\n",
};
export const newFiles: Files = {
	...oldFiles,
	"/etc/pf.conf": 'set skip on lo\nblock log all\nanchor "vm/*"\nload anchor "vm/web01" from "/etc/pf.vm/web01.conf"\n',
	"/etc/pf.vm/web01.conf": "pass out on em0 proto tcp to port 443 # it's \\ $(new)\n",
	"/etc/hostname.veb0": "add em1\nup\n",
};
export const wanted = (files: Files): readonly WantedFile[] => Object.entries(files).map(([path, text]) => ({ path, text }));

/** The steps that bring the new files to a host that has the old ones. */
export const steps = stepsOf({
	host: "hv1",
	activations: [{ words: ["sh", "/etc/netstart", "veb0"] }, { words: ["pfctl", "-f", "/etc/pf.conf"] }],
} as never);

export const backups = "var/backups/openbsd-vnet";

export interface Deployments {
	readonly folder: string;
	/** A host with its rules loaded, to which we come as root, or as somebody whom doas lets be root. */
	place(as?: "root" | "op", files?: Files, prepare?: (root: string) => void): Promise<Place>;
	end(): Promise<void>;
}

export async function openDeployments(name: string): Promise<Deployments> {
	const places = await openPlaces(name);
	return {
		folder: places.folder,
		place: async (as = "root", files = oldFiles, prepare = () => undefined) => {
			const place = await places.make({ as, files, prepare });
			for (const path of Object.keys(files)) chmodSync(join(place.host.root, path), path.includes("/hostname.") ? 0o640 : 0o600);
			await place.host.run("OPENBSD_HOST_UID=0 pfctl -f /etc/pf.conf");
			rememberRehearsal(place.host);
			if (as === "root") place.host.change(({ user }) => Object.assign(user, { name: "root", uid: 0 }));
			return place;
		},
		end: () => places.end(),
	};
}

export async function planned({ reach }: Place, files: readonly WantedFile[]): Promise<Plan> {
	const connection = await reach();
	try {
		return await makePlan(connection, files);
	} finally {
		connection.close();
	}
}

export async function apply(at: Place, files: readonly WantedFile[], options: Partial<DeployOptions> = {}): Promise<DeployResult> {
	return await deploy(await planned(at, files), newDeploymentId(new Date()), { connect: at.reach, confirm: async () => true, ...options });
}

export const filesOf = ({ host }: Place) =>
	Object.fromEntries(Object.keys(newFiles).flatMap((path) => (host.read(path) === undefined ? [] : [[path, host.read(path)]])));
export const rulesOf = ({ host }: Place) => host.state().pf.anchors;

export const watchdogs = (host: SimulatedHost, all?: readonly Process[]): readonly Process[] =>
	processesOf(host.root, all).filter(({ command }) => command.includes("\0watchdog\0"));

/** What a mark of a deployment says. */
function markOf(host: SimulatedHost, id: string, name: string): string | undefined {
	try {
		return readlinkSync(join(host.root, backups, id, name));
	} catch {
		return undefined;
	}
}

/** All names below a folder; none where it is not there, undefined where one below it goes meanwhile. */
function namesBelow(folder: string): readonly string[] | undefined {
	if (!existsSync(folder)) return [];
	try {
		return readdirSync(folder, { recursive: true, encoding: "utf8" });
	} catch {
		return undefined;
	}
}

/** The files that a deployment must not leave. */
function filesLeft({ host }: Place): readonly string[] {
	const inside = namesBelow(join(host.root, backups));
	const etc = namesBelow(join(host.root, "etc"));
	if (inside === undefined || etc === undefined) return ["a folder that went while it was looked at"];
	// What was deployed is kept for the history.
	const isConfirmed = (path: string) => markOf(host, path.replace(/\/.*/, ""), "outcome") === "confirmed";
	return [
		...inside.filter(
			(path) => path === "lock" || /\/(stale|settling|busy|run)$/.test(path) || (/\/new(\/|$)/.test(path) && !isConfirmed(path)),
		),
		...etc.filter((path) => /\.\d{8}T\d{6}-/.test(path) || path === "rc.securelevel"),
	];
}

/** Lets the watchdog's time be over. */
export function passTime({ host }: Place): void {
	const at = join(host.root, backups);
	for (const name of existsSync(at) ? readdirSync(at) : []) {
		try {
			const deadline = join(at, name, "deadline");
			if (readFileSync(deadline, "utf8") !== "0\n") writeFileSync(deadline, "0\n");
		} catch {
			// It has none, or has ended meanwhile.
		}
	}
}

interface Settling {
	/** Done again and again while it is waited. */
	readonly meanwhile?: () => void;
	/** Whether a connection stays open: what runs for it is no concern. */
	readonly connected?: boolean;
}

/** Waits until nothing runs on a host any more, and expects that nothing is left of a deployment. */
export async function settled(at: Place, { meanwhile = () => undefined, connected = false }: Settling = {}): Promise<void> {
	const until = performance.now() + 60_000;
	const running = (all: readonly Process[]): readonly string[] => {
		const ofHost = connected ? watchdogs(at.host, all) : processesOf(at.host.root, all);
		// A connection that was cut goes on to ask the host for what it was told before.
		const open = connected ? [] : all.filter(({ parent }) => parent === at.sshd.pid);
		return [...ofHost, ...open].map(({ command }) => command.replaceAll("\0", " "));
	};
	let last: readonly string[];
	do {
		meanwhile();
		last = filesLeft(at);
		if (last.length > 0) await setTimeout(50);
		else last = [...running(await nextProcesses()), ...filesLeft(at)];
	} while (last.length > 0 && performance.now() < until);
	expect(last).toEqual([]);
}

/** Waits until something is so, for a minute at most. */
export async function until(condition: () => boolean): Promise<void> {
	const end = performance.now() + 60_000;
	while (!condition() && performance.now() < end) await setTimeout(50);
	expect(condition()).toBe(true);
}

/** As rc(8) starts a host: what it ran before is gone, and its files say how it is (etc/rc, by the order of what we stand on). */
export async function reboot({ host }: Place): Promise<void> {
	await endProcessesOf([host.root]);
	host.change((state) => {
		const { interfaces, pf, sysctl } = freshState();
		Object.assign(state, { interfaces, pf, sysctl });
	});
	await host.run(
		"export OPENBSD_HOST_UID=0; sh /etc/netstart; pfctl -f /etc/pf.conf; [ ! -f /etc/rc.securelevel ] || sh /etc/rc.securelevel",
	);
}
