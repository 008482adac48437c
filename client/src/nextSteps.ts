/** What there is to do once a pattern has written a host's files: said at once, and as a page with buttons. */
import type { PatternFile } from "@openbsd-vnet/server/protocol";
import { CodeLens, commands, type Disposable, l10n, languages, Range, Uri, window, workspace } from "vscode";
import { showInformation } from "./notices.ts";
import { ReadOnlyDocuments } from "./readOnlyDocuments.ts";

const scheme = "openbsd-vnet-next";
const page = Uri.from({ scheme, path: "/next-steps.md", query: "page" });

export class NextSteps implements Disposable {
	readonly #pages = new ReadOnlyDocuments(scheme);
	readonly #lenses: Disposable;

	/** @param deploys whether this VS Code reaches hosts */
	constructor(deploys: boolean) {
		this.#lenses = languages.registerCodeLensProvider({ scheme }, { provideCodeLenses: () => buttons(deploys) });
	}

	/** @param disks the commands that make the disks of the pattern's guests */
	async tell(files: readonly PatternFile[], disks: readonly string[]): Promise<void> {
		const next = l10n.t("Show Next Steps");
		const choice = await showInformation(l10n.t("The pattern is in {0}.", files.map(nameOf).join(", ")), next);
		if (choice !== next) return;
		this.#pages.put(page, nextSteps(files, disks));
		await window.showTextDocument(await workspace.openTextDocument(page), { preview: false });
		await commands.executeCommand("markdown.showPreviewToSide", page);
	}

	dispose(): void {
		this.#lenses.dispose();
		this.#pages.dispose();
	}
}

function nameOf({ uri }: PatternFile): string {
	return decodeURIComponent(uri.slice(uri.lastIndexOf("/") + 1));
}

function buttons(deploys: boolean): CodeLens[] {
	const button = (title: string, command: string): CodeLens =>
		new CodeLens(new Range(0, 0, 0, 0), { title, command: `openbsdVnet.${command}` });
	return [
		button(`$(type-hierarchy) ${l10n.t("Show Network Topology")}`, "showTopology"),
		button(`$(beaker) ${l10n.t("Run Policy Tests")}`, "runPolicyTests"),
		button(`$(table) ${l10n.t("Show Reachability Matrix")}`, "showReachability"),
		...(deploys ? [button(`$(cloud-upload) ${l10n.t("Deploy to Host...")}`, "deployHost")] : []),
	];
}

/** The commands that make a running host what the files say, for who does not deploy them. */
function nextSteps(files: readonly PatternFile[], disks: readonly string[]): string {
	const added = (name: RegExp) => files.filter(({ uri }) => name.test(uri));
	const interfaces = added(/\/hostname\.[^/]+$/).map((file) => nameOf(file).replace(/^hostname\./, ""));
	const has = (name: RegExp): boolean => added(name).length > 0;
	const step = (title: string, ...lines: readonly string[]): readonly string[] =>
		lines.length === 0 ? [] : [`## ${title}`, "", "```sh", ...lines, "```", ""];
	return [
		`# ${l10n.t("Next steps")}`,
		"",
		l10n.t(
			"The files are here; nothing is on a host yet. **Create Missing Disks on Host...** makes the disks, and **Deploy to Host...** does the rest, with a way back. By hand, as root on the host, once the files are there:",
		),
		"",
		...step(l10n.t("Disks that guests do not have yet"), ...disks),
		...step(l10n.t("Forwarding"), ...(has(/\/sysctl\.conf$/) ? ["sysctl -f /etc/sysctl.conf"] : [])),
		...step(l10n.t("Interfaces"), ...(interfaces.length === 0 ? [] : [`sh /etc/netstart ${interfaces.join(" ")}`])),
		...step(l10n.t("Rules"), ...(has(/\/pf\.conf$|\/pf\.[^/]+\//) ? ["pfctl -nf /etc/pf.conf && pfctl -f /etc/pf.conf"] : [])),
		...step(
			l10n.t("Daemons"),
			...(has(/\/dhcpd\.conf$/) ? ["rcctl enable dhcpd", "rcctl restart dhcpd"] : []),
			...(has(/\/vm\.conf$/) ? ["rcctl enable vmd", "rcctl restart vmd"] : []),
		),
		...(has(/\.pftest$/)
			? [`## ${l10n.t("Promises")}`, "", l10n.t("What the pattern promises is written as policy tests. Run them after each change."), ""]
			: []),
	].join("\n");
}
