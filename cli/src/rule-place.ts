/** The place of a rule, as `--rule FILE:LINE` says it. */
import { resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type HostFolder, pathOnHost } from "@openbsd-vnet/server";
import { UsageError } from "./arguments.ts";
import { PathError } from "./path-error.ts";
import { tell } from "./translations.ts";

/** `FILE:LINE`, of a file here or of its path on the host. */
export function rulePlace(text: string, host: HostFolder): { readonly path: string; readonly line: number } {
	const [, file, line] = /^(.+):(\d{1,7})$/.exec(text) ?? [];
	if (file === undefined || line === undefined || Number(line) < 1) throw new UsageError(tell("--rule takes FILE:LINE, not '{0}'", text));
	const path = pathOnHost(host, pathToFileURL(resolve(file)).href) ?? (file.startsWith("/etc/") ? file : undefined);
	if (path === undefined) throw new PathError(tell("{0} is not a file of {1} ({2})", file, host.name, fileURLToPath(host.root)));
	return { path, line: Number(line) - 1 };
}
