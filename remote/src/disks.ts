/** Disks of guests that a host does not have yet: how they are made there, and never over something that is there. */
import { randomBytes } from "node:crypto";
import { diskCommands, guestDisks, VM_CONF, VmFile } from "@openbsd-vnet/server";
import type { RunOnHost } from "./live.ts";
import { liveAnswerLimit, markedScript, readSection } from "./live-script.ts";
import { type ShellCommand, sh } from "./shell-words.ts";

/** A disk that vm.conf names. */
export interface GuestDisk {
	readonly path: string;
	readonly format: "raw" | "qcow2" | undefined;
}

/** What became of a disk on the host. */
export interface MadeDisk {
	readonly path: string;
	readonly result: "made" | "there" | "failed";
	/** What the host's programs said. */
	readonly message: string;
}

/** The disks that the guests of a vm.conf need, each once. A path with a macro that is not known is left out. */
export function disksOf(files: ReadonlyMap<string, { readonly text: string }>): readonly GuestDisk[] {
	const text = files.get(VM_CONF)?.text;
	if (text === undefined) return [];
	const { config } = VmFile.parse(text, { path: VM_CONF, readFile: (path) => files.get(path)?.text });
	return [...guestDisks(config)].map(([path, format]) => ({ path, format }));
}

/** A size as vmctl takes it. */
export function isDiskSize(size: string): boolean {
	return /^[1-9]\d{0,5}[KMGT]$/i.test(size);
}

/** The commands for root that make a disk and its folder, as one line of a shell. */
export function diskLine({ path, format }: GuestDisk, size?: string): ShellCommand {
	const [first, ...more] = diskCommands(path, format, size).map((words) => sh`${words}`);
	return more.reduce((before, next) => sh`${before} && ${next}`, first ?? sh`true`);
}

/**
 * Makes the disks that are not there, as root or by doas.
 * @param size such as `20G`
 */
export async function makeDisks(
	run: RunOnHost,
	disks: readonly GuestDisk[],
	size: string,
	signal?: AbortSignal,
): Promise<readonly MadeDisk[]> {
	if (!isDiskSize(size)) throw new TypeError("a size is a number with K, M, G or T");
	if (disks.length === 0) return [];
	const marker = randomBytes(16).toString("hex");
	const commands = Object.fromEntries(disks.map((disk, i) => [`disk${i}`, sh`sh -c ${scriptFor(disk, size).text}`]));
	const options = { limit: liveAnswerLimit, milliseconds: 30_000 + 10_000 * disks.length, ...(signal === undefined ? {} : { signal }) };
	const { stdout } = await run(markedScript(marker, commands), options);
	return disks.map(({ path }, i): MadeDisk => {
		const { lines, status } = readSection(stdout, marker, `disk${i}`);
		const message = lines.filter((line) => line !== "").join("; ");
		return { path, result: status === THERE ? "there" : status === 0 ? "made" : "failed", message };
	});
}

/** Those of the disks that are not on the host. */
export async function missingDisks(run: RunOnHost, disks: readonly GuestDisk[], signal?: AbortSignal): Promise<readonly GuestDisk[]> {
	const looks = disks.map(({ path }, i) => sh`[ -e ${path} ] || echo ${i}`);
	const options = { limit: liveAnswerLimit, milliseconds: 30_000, ...(signal === undefined ? {} : { signal }) };
	const { stdout } = await run(
		looks.reduce((before, next) => sh`${before}\n${next}`, sh`true`),
		options,
	);
	const absent = new Set(stdout.split("\n"));
	return disks.filter((_, i) => absent.has(String(i)));
}

/** The status of a script that found something in the disk's place. */
const THERE = 3;

function scriptFor({ path, format }: GuestDisk, size: string): ShellCommand {
	const commands = diskCommands(path, format, size).map((words) => sh`$root ${words}`);
	return sh`if [ -e ${path} ]; then exit ${THERE}; fi; root=; [ "$(id -u)" -eq 0 ] || root='doas -n'; ${commands.reduce((before, next) => sh`${before} && ${next}`)}`;
}
