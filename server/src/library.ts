/** What the npm package `openbsd-vnet` exports. docs/library.md says it with examples; an export keeps its meaning within a major version. */
import type { TraceParams, TraceView } from "./protocol.ts";
import { createLanguageService } from "./service.ts";
import { memoryWorkspace } from "./workspace.ts";

export { Refusal } from "./features/refusal.ts";
export * as sysctl from "./host/programs.ts";
export * as netstart from "./hostname/programs.ts";
export * as pfctl from "./pf/ruleset/dryrun.ts";
export { createLanguageService, type LanguageService, type LanguageServiceOptions } from "./service.ts";
export type { HostFacts, HostInterface, InterfaceAddress, LanguageId } from "./text/language.ts";
export * as vmd from "./vm/dryrun.ts";
export { memoryWorkspace, type Workspace } from "./workspace.ts";
export type { TraceParams, TraceView };

/**
 * What becomes of a connection on a host, place by place and rule by rule.
 * @param files the host's, by their paths there, such as `/etc/pf.conf`
 * @param question from where to where: `outside`, `host`, a guest's name or an address; `tcp`, `udp`, `icmp` or a number
 * @returns null where an end or the protocol is not understood, and where there is no pf.conf
 */
export async function trace(files: Readonly<Record<string, string>>, question: Omit<TraceParams, "uri">): Promise<TraceView | null> {
	const texts = Object.fromEntries(Object.entries(files).map(([path, text]) => [`file://${path}`, text]));
	return await createLanguageService(memoryWorkspace(texts)).trace("file:///etc/pf.conf", question);
}
