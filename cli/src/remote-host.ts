/** A host by its name on the command line: connected, asked, and let go. */
import { connect, localSide, type RunOnHost, run } from "@openbsd-vnet/remote";
import { hostListAbove } from "./hosts.ts";
import { terminalPrompts } from "./prompts.ts";

/**
 * Does something with a host that is reached by SSH.
 * @param name of openbsd-vnet.json here or above; else `[user@]host[:port]`, or a name of ssh_config
 * @param config an ssh_config instead of the user's and the system's
 * @throws ConnectionError
 */
export async function onHost<T>(name: string, config: string | undefined, use: (run: RunOnHost) => Promise<T>): Promise<T> {
	const list = await hostListAbove(".");
	const address = list?.hosts.find((host) => host.name === name)?.ssh ?? name;
	const connection = await connect(address, {
		local: localSide(),
		prompts: terminalPrompts(),
		...(config === undefined ? {} : { configFiles: [config] }),
	});
	try {
		return await use((command, options) => run(connection, command, options));
	} finally {
		connection.close();
	}
}
