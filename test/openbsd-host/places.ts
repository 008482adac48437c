/** Simulated hosts behind sshds, each with the home of somebody who reaches it as `hv1`. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Connection, connect, localSide, noPrompts } from "@openbsd-vnet/remote";
import { builtOnce } from "../built.ts";
import { type Answering, startAnswering } from "./answering.ts";
import { buildMain, canIsolate, installHost, type SimulatedHost } from "./install.ts";
import { endProcessesOf } from "./processes.ts";
import { hasPasswords, makeClientKeys, makeKey, type Sshd, sshdMissing, startSshd } from "./sshd.ts";

/** Why no places can be had here; undefined where they can. */
export const placesMissing: string | undefined =
	sshdMissing ?? (hasPasswords ? (canIsolate() ? undefined : "no mounts of one's own here") : "needs root, to be root on the host");

export interface Place {
	readonly host: SimulatedHost;
	readonly sshd: Sshd;
	/** Its .ssh/config knows the host as hv1. */
	readonly home: string;
	reach(): Promise<Connection>;
}

export interface PlaceOptions {
	/** Who comes: root, or somebody whom doas lets be root. */
	readonly as?: "root" | "op";
	readonly files: Readonly<Record<string, string>>;
	/** Called with the host's folder before anything is in it. */
	readonly prepare?: (root: string) => void;
}

export interface Places {
	/** A folder for all that is made, and for what tests need beside. */
	readonly folder: string;
	readonly main: string;
	readonly answering: Answering;
	make(options: PlaceOptions): Promise<Place>;
	/** Ends all, with every process that is left on a host, and removes the folder. */
	end(): Promise<void>;
}

/** @param name what the folder is called by */
export async function openPlaces(name: string): Promise<Places> {
	const folder = mkdtempSync(join(tmpdir(), `openbsd-vnet-${name}-`));
	chmodSync(folder, 0o755);
	const main = await builtOnce("main.cjs", buildMain);
	const answering = await startAnswering(main, join(folder, "answers"));
	const [keys, hostKey] = [makeClientKeys(folder), makeKey(folder, "host")];
	const running: Place[] = [];
	let count = 0;
	return {
		folder,
		main,
		answering,
		make: async ({ as = "root", files, prepare }) => {
			const number = count++;
			prepare?.(join(folder, `hv${number}`));
			const host = await installHost({ root: join(folder, `hv${number}`), files, main, answering });
			const sshd = await startSshd({ enter: host.enter, keys, hostKey });
			const home = join(folder, `home${number}`);
			mkdirSync(join(home, ".ssh"), { recursive: true });
			const config = join(home, ".ssh", "config");
			writeFileSync(
				config,
				`Host hv1\n HostName 127.0.0.1\n Port ${sshd.port}\n User ${as}\n GlobalKnownHostsFile none\n IdentityAgent none\n IdentityFile ${sshd.identity}\n`,
			);
			writeFileSync(join(home, ".ssh", "known_hosts"), sshd.knownHosts);
			const place: Place = {
				host,
				sshd,
				home,
				// What breaks a connection tells so itself: a machine that is slow has more than a person would wait.
				reach: () => connect("hv1", { local: { ...localSide(), home }, prompts: noPrompts, configFiles: [config], timeout: 120_000 }),
			};
			running.push(place);
			return place;
		},
		end: async () => {
			await Promise.all(running.map(({ sshd }) => sshd.stop()));
			await endProcessesOf(running.map(({ host }) => host.root));
			await answering.end();
			rmSync(folder, { recursive: true, force: true });
		},
	};
}
