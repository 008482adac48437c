/** The files that a running host has, of those that its folder is deployed from. */
import { textsThere, wantedFilesOf, withConnection } from "@openbsd-vnet/remote";
import { filesOfHost, type HostFolder } from "@openbsd-vnet/server";
import { disk } from "./disk.ts";
import { PathError } from "./path-error.ts";
import { connectTo, reached } from "./remote-host.ts";
import { tell } from "./translations.ts";

/** @throws PathError where nothing says how it is reached, UnreachedError where it is not */
export async function textsOfRunning(host: HostFolder): Promise<ReadonlyMap<string, string>> {
	const { name, ssh } = host;
	if (ssh === undefined) throw new PathError(tell("openbsd-vnet.json does not say how to reach '{0}': add \"ssh\"", name));
	return await reached(async () => {
		const here = new Map((await wantedFilesOf(disk, host)).map(({ path, text }) => [path, text]));
		const { texts } = await withConnection(
			() => connectTo(ssh, { name }),
			(connection) => textsThere(connection, here),
		);
		// What is not deployed is taken to be as it is here.
		const own = [...(await filesOfHost(disk, host))].flatMap(([path, { text }]) =>
			here.has(path) || texts.has(path) ? [] : [[path, text] as const],
		);
		return new Map([...own, ...texts]);
	});
}
