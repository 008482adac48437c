/** "Validate on Host": the host's own programs check the files. */
import { l10n } from "vscode";
import { chosen } from "../hosts/chosen.ts";
import type { KnownHost } from "../hosts/liveHosts.ts";
import { type DeployContext, working } from "./context.ts";
import { tellValidation, validateOnHost } from "./validation.ts";

export async function validateHost(context: DeployContext, given: KnownHost | undefined): Promise<number | undefined> {
	const { hosts, reach, found } = context;
	const host = await chosen(hosts, given, true);
	if (host?.etc === undefined) return undefined;
	const { etc } = host;
	const count = await working(context, host, l10n.t("Checking the files on {0}", host.name), (_, signal) =>
		validateOnHost(host, etc, reach, found, signal),
	);
	if (count !== undefined) tellValidation(host, count);
	return count;
}
