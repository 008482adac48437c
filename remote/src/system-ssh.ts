/** The ssh(1) of this machine: where it is, and what it makes of the user's configuration. */
import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { homedir, userInfo } from "node:os";
import { delimiter, isAbsolute, join } from "node:path";
import type { Destination, LocalSide, SystemSsh } from "./ssh-config.ts";

/** Undefined where there is none, or where it would read another home's configuration: it does not ask $HOME. */
export function systemSsh(environment: LocalSide["environment"]): SystemSsh | undefined {
	const onWindows = process.platform === "win32";
	if (!onWindows && homedir() !== userInfo().homedir) return undefined;
	const folders = (environment.PATH ?? environment.Path ?? "").split(delimiter).filter((folder) => isAbsolute(folder));
	const more = onWindows ? [join(environment.SystemRoot ?? "C:\\Windows", "System32", "OpenSSH")] : ["/usr/bin"];
	const program = [...folders, ...more].map((folder) => join(folder, onWindows ? "ssh.exe" : "ssh")).find(canRun);
	return program === undefined ? undefined : { program, shares: !onWindows };
}

function canRun(path: string): boolean {
	try {
		accessSync(path, constants.X_OK);
		return true;
	} catch {
		return false;
	}
}

/**
 * Whether names can be given to ssh(1): it puts them into commands of the user's configuration (ProxyCommand, Match exec), which
 * a shell reads.
 */
export function isSafe({ name, user }: Pick<Destination, "name" | "user">): boolean {
	return /^[A-Za-z0-9_][A-Za-z0-9_.:%-]*$/.test(name) && (user === undefined || /^[A-Za-z0-9_][A-Za-z0-9_.@+-]*$/.test(user));
}

/** The arguments that name a destination and the configuration. */
export function destinationArguments({ user, port }: Destination, configFiles: readonly string[] | undefined): readonly string[] {
	const [file] = configFiles ?? [];
	return [
		...(file === undefined ? [] : ["-F", file]),
		...(user === undefined ? [] : ["-l", user]),
		...(port === undefined ? [] : ["-p", String(port)]),
	];
}

/** How long commands of `Match exec` may take. */
const PATIENCE = 15_000;
const LIMIT = 1024 * 1024;

/** The configuration as `ssh -G` tells it; undefined where it refuses it. */
export function askConfiguration(
	{ program }: SystemSsh,
	destination: Destination,
	{ environment }: LocalSide,
	configFiles: readonly string[] | undefined,
	signal: AbortSignal | undefined,
): Promise<string | undefined> {
	return said(program, ["-G", ...destinationArguments(destination, configFiles), "--", destination.name], "stdout", environment, signal);
}

/** Whether it tells questions of a host from its own: since 8.6 it writes `(user@host)` before them. */
export async function tellsQuestionsApart({ program }: SystemSsh): Promise<boolean> {
	const version = (await said(program, ["-V"], "stderr", process.env)) ?? "";
	const [, major, minor] = /^OpenSSH_(?:for_Windows_)?(\d+)\.(\d+)/.exec(version) ?? [];
	return Number(major) > 8 || (major === "8" && Number(minor) >= 6);
}

/** What ssh(1) says; undefined where it fails. */
function said(
	program: string,
	args: readonly string[],
	where: "stdout" | "stderr",
	environment: LocalSide["environment"],
	signal?: AbortSignal,
): Promise<string | undefined> {
	return new Promise((resolve) => {
		let text = "";
		const child = spawn(program, args, {
			env: { ...environment },
			stdio: ["ignore", "pipe", "pipe"],
			timeout: PATIENCE,
			windowsHide: true,
			...(signal === undefined ? {} : { signal }),
		});
		child[where === "stdout" ? "stderr" : "stdout"].resume();
		child[where].setEncoding("utf8").on("data", (chunk: string) => {
			text += chunk;
			if (text.length > LIMIT) child.kill();
		});
		child.on("error", () => resolve(undefined));
		child.on("close", (status) => resolve(status === 0 ? text : undefined));
	});
}
