/** Hosts over SSH: only where there are processes, and only in a workspace that the user trusts. */

import { commands, Disposable, type LogOutputChannel, l10n, window, workspace } from "vscode";
import { inBackground } from "../background.ts";
import { setContext } from "../context.ts";
import { registerDeploy } from "../deploy/index.ts";
import type { LanguageServer } from "../languageServer.ts";
import type { PictureRates } from "../topology/rates.ts";
import { registerHostCommands } from "./commands.ts";
import { registerDisks } from "./disks.ts";
import { registerRates } from "./followRates.ts";
import { registerGuests } from "./guests.ts";
import { HostsView } from "./hostsView.ts";
import { type Connector, LiveHosts } from "./liveHosts.ts";
import { registerPacketLog } from "./packetLog.ts";
import { registerStates } from "./states.ts";
import { registerTables } from "./tables.ts";
import { registerVerification } from "./verification.ts";

/** Makes what reaches hosts; loaded when the first host is asked. */
export type CreateConnector = (log: LogOutputChannel) => Promise<Connector>;

/** Registers the view and its commands, at once or when the workspace becomes trusted. */
export function registerHosts(server: LanguageServer, createConnector: CreateConnector, pictures: PictureRates): Disposable {
	let parts = Disposable.from();
	const begin = () => {
		const log = window.createOutputChannel(l10n.t("OpenBSD Hosts"), { log: true });
		const connector = lazily(() => createConnector(log));
		const hosts = new LiveHosts(server, connector, log);
		const tree = new HostsView(hosts);
		const view = window.createTreeView("openbsdVnet.hosts", { treeDataProvider: tree, showCollapseAll: true });
		parts = Disposable.from(
			view,
			tree,
			registerHostCommands(server, hosts),
			registerVerification(hosts),
			registerStates(hosts),
			registerTables(hosts),
			registerPacketLog(server, hosts),
			registerRates(hosts, pictures),
			registerDisks(hosts),
			registerGuests(hosts),
			registerDeploy(server, hosts, (host, signal) => connector.connect(host, signal), log),
			commands.registerCommand("openbsdVnet.showHostsLog", () => log.show()),
			hosts,
			connector,
			log,
		);
		setContext("hosts", true);
	};
	if (workspace.isTrusted) begin();
	const trusted = workspace.onDidGrantWorkspaceTrust(begin);
	return {
		dispose() {
			trusted.dispose();
			parts.dispose();
		},
	};
}

/** Makes the connector when it is needed. */
function lazily(create: () => Promise<Connector>): Connector {
	let made: Promise<Connector> | undefined;
	const connector = (): Promise<Connector> => {
		made ??= create();
		return made;
	};
	return {
		connect: async (host, signal) => (await connector()).connect(host, signal),
		runner: (host) => async (command, options) => (await connector()).runner(host)(command, options),
		remember: async (host, reading) => (await connector()).remember(host, reading),
		user: async (host) => (await connector()).user(host),
		dispose: () => inBackground(made?.then((each) => each.dispose())),
	};
}
