/** Goes back to what was there before a deployment that was confirmed: a deployment of its own, with the same safety. */
import { say } from "@openbsd-vnet/server";
import type { Connection } from "../connection.ts";
import { ConnectionError } from "../connection-error.ts";
import { sh } from "../shell-words.ts";
import type { WantedFile } from "./files.ts";
import { expectSuccess, type RootRunner, runRootScript } from "./root.ts";
import { confirmedScript, isDeploymentId, manifestScript, oldFilePath } from "./scripts.ts";

export interface Deployment {
	readonly id: string;
	/** Who deployed. */
	readonly user: string;
}

/** The deployments that were confirmed, the latest first. */
export async function deployments(connection: Connection, root: RootRunner = runRootScript): Promise<readonly Deployment[]> {
	const said = expectSuccess(await root(connection, confirmedScript), connection.target.name);
	return said
		.split("\n")
		.flatMap((line) => {
			const [id = "", user = ""] = line.split(" ");
			return isDeploymentId(id) ? [{ id, user }] : [];
		})
		.reverse();
}

/**
 * The files as they were before a deployment.
 * @throws ConnectionError where there is no such deployment
 */
export async function filesBefore(connection: Connection, id: string, root: RootRunner = runRootScript): Promise<readonly WantedFile[]> {
	const { name } = connection.target;
	if (!isDeploymentId(id)) throw new ConnectionError("unsupported", say("'{0}' is no deployment", id));
	const manifest = expectSuccess(await root(connection, manifestScript(id)), name);
	const files: WantedFile[] = [];
	for (const line of manifest.split("\n")) {
		const [, number, kind, path] = /^(\d+) (file|absent) (\/.+)$/.exec(line) ?? [];
		if (number === undefined || path === undefined) continue;
		const text = kind === "absent" ? undefined : expectSuccess(await root(connection, sh`cat ${oldFilePath(id, Number(number))}`), name);
		files.push({ path, text });
	}
	return files;
}
