/** Reaches hosts through remote/: one session for each host, what happens in the log, questions to the user. */
import {
	ConnectionError,
	connect,
	type HostSession,
	type LogEvent,
	localSide,
	openSession,
	rememberReading,
	run,
	targetOf,
} from "@openbsd-vnet/remote";
import { render } from "@openbsd-vnet/server";
import { type ExtensionContext, type LogOutputChannel, l10n, Uri } from "vscode";
import type { Connector, KnownHost } from "./liveHosts.ts";
import { editorPrompts } from "./prompts.ts";

export function createConnector(context: ExtensionContext, log: LogOutputChannel): Connector {
	const local = localSide();
	const prompts = editorPrompts(context.secrets);
	const sessions = new Map<string, HostSession>();
	const session = ({ name, address }: KnownHost): HostSession => {
		const key = `${name} ${address}`;
		const known = sessions.get(key);
		if (known !== undefined) return known;
		const opened = openSession(address, { calledAs: name, local, prompts, log: (event) => write(log, event) });
		sessions.set(key, opened);
		return opened;
	};
	return {
		runner: (host) => async (command, options) => {
			try {
				// What is asked here changes nothing on the host, so a lost connection is made once more.
				return await session(host).with((connection) => run(connection, command, options), options.signal, true);
			} catch (error) {
				throw forPeople(error);
			}
		},
		connect: async ({ name, address }, signal) => {
			try {
				const told = (event: LogEvent) => write(log, event);
				return await connect(address, { calledAs: name, local, prompts, log: told, ...(signal === undefined ? {} : { signal }) });
			} catch (error) {
				throw forPeople(error);
			}
		},
		remember: async ({ address }, reading) =>
			await rememberReading(Uri.joinPath(context.globalStorageUri, "counters").fsPath, address, reading),
		user: async ({ address }) => (await targetOf(address, { local })).user,
		dispose: () => {
			for (const each of sessions.values()) each.close();
		},
	};
}

/** What keeps us from a host, in the editor's language. */
function forPeople(error: unknown): unknown {
	return error instanceof ConnectionError ? new Error(render(error.text, l10n.bundle), { cause: error }) : error;
}

/** No event holds a secret (connection-log.ts). */
function write(log: LogOutputChannel, event: LogEvent): void {
	const { name } = event;
	switch (event.kind) {
		case "connecting": {
			const { user, host, port, through } = event;
			return log.info(`${name}: connecting to ${user}@${host} port ${port}${through === undefined ? "" : ` through ${through}`}`);
		}
		case "host-key":
			return log.info(`${name}: host key ${event.type} ${event.fingerprint}: ${event.verdict}`);
		case "authenticating":
			return log.info(`${name}: authenticating by ${event.method}`);
		case "connected":
			return log.info(`${name}: connected after ${Math.round(event.milliseconds)} ms`);
		case "note":
			return log.info(`${name}: ${event.text}`);
		case "command":
			return log.info(`${name}: runs ${event.text}`);
		case "ended":
			return log.info(`${name}: exit status ${event.status ?? "none"} after ${Math.round(event.milliseconds)} ms, ${event.bytes} bytes`);
		case "closed":
			return log.info(`${name}: closed${event.why === "" ? "" : `: ${event.why}`}`);
	}
}
