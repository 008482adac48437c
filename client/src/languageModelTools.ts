/** Tools for the language models of the editor: what pf does to a connection, and who reaches whom. They only read. */
import type { HostItem, TraceParams } from "@openbsd-vnet/server/protocol";
import { Disposable, LanguageModelTextPart, LanguageModelToolResult, l10n, lm } from "vscode";
import type { LanguageServer } from "./languageServer.ts";

/** What a tool is asked about: one host of the workspace, by the name that it has there. */
interface OfHost {
	readonly host?: string;
}

type Trace = OfHost & Omit<TraceParams, "uri">;

/** Registers the tools that the manifest describes, where the editor has language models: others that run our extension may have none. */
export function registerLanguageModelTools(server: LanguageServer): Disposable {
	const models: object | undefined = lm;
	if (models === undefined || !("registerTool" in models)) return Disposable.from();
	const tool = <Input extends OfHost>(name: string, doing: string, answer: (host: HostItem, input: Input) => Promise<string>): Disposable =>
		lm.registerTool<Input>(name, {
			prepareInvocation: () => ({ invocationMessage: doing }),
			invoke: async ({ input }) =>
				new LanguageModelToolResult([new LanguageModelTextPart(await answer(await hostOf(server, input.host), input))]),
		});
	return Disposable.from(
		tool<Trace>("openbsd-vnet_trace", l10n.t("Tracing a connection"), async ({ etc }, { host: _, ...flow }) => {
			const uri = `${etc}/pf.conf`;
			const view = await server.request("trace", { uri, ...flow });
			if (view !== null) return JSON.stringify(view);
			const ends = ((await server.request("traceEnds", { uri }))?.ends ?? []).map(({ name }) => name);
			throw new Error(`'${flow.from}', '${flow.to}' or '${flow.protocol}' is not known here; ends are ${ends.join(", ")} and addresses`);
		}),
		tool<OfHost>("openbsd-vnet_reach", l10n.t("Asking who reaches whom"), async ({ etc, name }) => {
			const view = await server.request("matrix", { uri: `${etc}/pf.conf` });
			if (view === null) throw new Error(`The host ${name} has no pf.conf in this workspace`);
			return JSON.stringify(view);
		}),
	);
}

/** @throws Error that tells the model what hosts there are, where it is not told which is meant */
async function hostOf(server: LanguageServer, name: string | undefined): Promise<HostItem> {
	const hosts = await server.request("hosts", {});
	const found = name === undefined ? (hosts.length === 1 ? hosts[0] : undefined) : hosts.find((host) => host.name === name);
	if (found !== undefined) return found;
	throw new Error(`Name one of the hosts of this workspace: ${hosts.map((host) => host.name).join(", ") || "there is none"}`);
}
