/** The view of the hosts: guests with their taps, switches with their members, and the anchors that are loaded. */

import type { LiveBridge, LiveGuest, LiveMember, LiveState, TapState, WayBack } from "@openbsd-vnet/remote";
import { guestStateText, render } from "@openbsd-vnet/server";
import {
	type Disposable,
	type Event,
	EventEmitter,
	env,
	l10n,
	MarkdownString,
	ThemeColor,
	ThemeIcon,
	type TreeDataProvider,
	TreeItem,
	TreeItemCollapsibleState,
} from "vscode";
import { inBackground } from "../background.ts";
import { ageText, type Known, type KnownHost, type LiveHosts } from "./liveHosts.ts";

export type Node =
	| { readonly kind: "host"; readonly host: KnownHost }
	| { readonly kind: "guest"; readonly host: KnownHost; readonly guest: LiveGuest }
	| { readonly kind: "tap"; readonly host: KnownHost; readonly tap: TapState }
	| { readonly kind: "bridges"; readonly host: KnownHost; readonly bridges: readonly LiveBridge[] }
	| { readonly kind: "bridge"; readonly host: KnownHost; readonly bridge: LiveBridge }
	| { readonly kind: "member"; readonly host: KnownHost; readonly bridge: LiveBridge; readonly member: LiveMember }
	| { readonly kind: "anchors"; readonly host: KnownHost }
	| { readonly kind: "anchor"; readonly host: KnownHost; readonly path: string }
	| { readonly kind: "message"; readonly text: string; readonly warning: boolean };

/** The ages of answers are told again after so many milliseconds. */
const AGES = 60_000;

export class HostsView implements TreeDataProvider<Node>, Disposable {
	readonly #hosts: LiveHosts;
	readonly #changed = new EventEmitter<undefined>();
	readonly #listener: Disposable;
	readonly #timer: ReturnType<typeof setInterval>;
	readonly onDidChangeTreeData: Event<undefined> = this.#changed.event;

	constructor(hosts: LiveHosts) {
		this.#hosts = hosts;
		this.#listener = hosts.onDidChange(() => this.#changed.fire(undefined));
		this.#timer = setInterval(() => this.#changed.fire(undefined), AGES);
	}

	dispose(): void {
		clearInterval(this.#timer);
		this.#listener.dispose();
		this.#changed.dispose();
	}

	async getChildren(node?: Node): Promise<Node[]> {
		if (node === undefined) return (await this.#hosts.list()).map((host) => ({ kind: "host", host }));
		switch (node.kind) {
			case "host":
				return this.#ofHost(node.host);
			case "guest": {
				const { taps } = this.#hosts.known(node.host).answer?.state ?? { taps: [] };
				const own = node.guest.taps.flatMap((name) => taps.filter((tap) => tap.name === name));
				return own.map((tap) => ({ kind: "tap", host: node.host, tap }));
			}
			case "bridges":
				return node.bridges.map((bridge) => ({ kind: "bridge", host: node.host, bridge }));
			case "bridge":
				return node.bridge.members.map((member) => ({ kind: "member", host: node.host, bridge: node.bridge, member }));
			case "anchors":
				return await this.#anchors(node.host);
			default:
				return [];
		}
	}

	#ofHost(host: KnownHost): Node[] {
		const { answer, trouble, asking } = this.#hosts.known(host);
		const nodes: Node[] = trouble === undefined ? [] : [{ kind: "message", text: trouble, warning: true }];
		if (answer === undefined) {
			if (nodes.length === 0) {
				// Unfolding a host is asking for it.
				if (!asking) inBackground(this.#hosts.refresh(host));
				nodes.push({ kind: "message", text: l10n.t("Asking the host…"), warning: false });
			}
			return nodes;
		}
		const { state } = answer;
		const vmd = vmdText(state);
		if (vmd !== undefined) nodes.push({ kind: "message", ...vmd });
		nodes.push(...state.guests.map((guest): Node => ({ kind: "guest", host, guest })));
		// Taps that are nobody's stand beside the guests: stale descriptions among them.
		nodes.push(...state.taps.filter(({ use }) => use.kind !== "guest").map((tap): Node => ({ kind: "tap", host, tap })));
		if (state.bridges.length > 0) nodes.push({ kind: "bridges", host, bridges: state.bridges });
		nodes.push({ kind: "anchors", host });
		return nodes;
	}

	async #anchors(host: KnownHost): Promise<Node[]> {
		const anchors = await this.#hosts.anchors(host);
		if (anchors === undefined) return [];
		if (anchors.kind === "answered") {
			if (anchors.value.length === 0) return [{ kind: "message", text: l10n.t("No anchors are loaded"), warning: false }];
			return anchors.value.map((path) => ({ kind: "anchor", host, path }));
		}
		const text = anchors.kind === "refused" ? l10n.t("Needs a line in doas.conf: {0}", anchors.allow) : anchors.message;
		return [{ kind: "message", text, warning: true }];
	}

	getTreeItem(node: Node): TreeItem {
		switch (node.kind) {
			case "host":
				return hostItem(this.#hosts.known(node.host));
			case "guest":
				return guestItem(node.guest);
			case "tap":
				return tapItem(node.tap);
			case "bridges":
				return item(l10n.t("Switches"), TreeItemCollapsibleState.Collapsed, "group", { icon: "type-hierarchy" });
			case "bridge":
				return item(node.bridge.switch ?? node.bridge.name, TreeItemCollapsibleState.Collapsed, "bridge", {
					icon: "circuit-board",
					...(node.bridge.switch === undefined ? {} : { description: node.bridge.name }),
				});
			case "member":
				return item(node.member.interface, TreeItemCollapsibleState.None, "member", {
					icon: "plug",
					...described(
						node.member.flags.includes("SPAN")
							? l10n.t("span")
							: [this.#guestOf(node.host, node.member.interface) ?? [], ...vlansOf(node.bridge, node.member)].flat().join(" · ") ||
									undefined,
					),
				});
			case "anchors":
				return item(l10n.t("Anchors"), TreeItemCollapsibleState.Collapsed, "group", { icon: "shield" });
			case "anchor":
				return item(node.path, TreeItemCollapsibleState.None, "anchor", { icon: "symbol-namespace" });
			case "message":
				return item(node.text, TreeItemCollapsibleState.None, "message", { icon: node.warning ? "warning" : "info", tooltip: node.text });
		}
	}

	#guestOf(host: KnownHost, tap: string): string | undefined {
		const use = this.#hosts.known(host).answer?.state.taps.find(({ name }) => name === tap)?.use;
		return use?.kind === "guest" ? use.name : undefined;
	}
}

interface ItemOptions {
	readonly icon: string;
	readonly colour?: string;
	readonly description?: string;
	readonly tooltip?: string;
}

/** Texts of a host are shown as they are: a TreeItem gives them no meaning, and a tooltip is made of plain text. */
function item(
	label: string,
	collapsible: TreeItemCollapsibleState,
	context: string,
	{ icon, colour, description, tooltip }: ItemOptions,
): TreeItem {
	const made = new TreeItem(label, collapsible);
	made.contextValue = context;
	made.iconPath = colour === undefined ? new ThemeIcon(icon) : new ThemeIcon(icon, new ThemeColor(colour));
	if (description !== undefined) made.description = description;
	if (tooltip !== undefined) made.tooltip = new MarkdownString().appendText(tooltip);
	return made;
}

function described(description: string | undefined): { readonly description?: string } {
	return description === undefined ? {} : { description };
}

/** How the last rehearsal of the way back ended. */
function wayBackText(wayBack: WayBack | "never"): string {
	if (wayBack === "never") return l10n.t("The way back was never rehearsed");
	const { result, user, reason, isCurrent } = wayBack;
	const time = new Date(wayBack.date);
	const date = Number.isNaN(time.getTime()) ? wayBack.date : time.toLocaleString(env.language, { dateStyle: "medium", timeStyle: "short" });
	const texts = {
		works: l10n.t("The way back works: rehearsed {0} by {1}", date, user),
		fails: l10n.t("The way back does not work: rehearsed {0} by {1}", date, user),
		declined: l10n.t("The way back is not rehearsed: declined {0} by {1} ({2})", date, user, reason),
	};
	return isCurrent ? texts[result] : l10n.t("{0}, before its release or our program there changed", texts[result]);
}

function hostItem({ host, answer, asking, trouble, wayBack }: Known): TreeItem {
	const release = answer?.state.system?.release;
	const parts = [
		...(answer?.state.system?.simulated === true ? [l10n.t("simulated host")] : []),
		...(release === undefined ? [] : [`OpenBSD ${release}`]),
		...(answer === undefined ? [host.address] : [ageText(answer.taken)]),
	];
	return item(
		host.name,
		answer === undefined ? TreeItemCollapsibleState.Collapsed : TreeItemCollapsibleState.Expanded,
		host.etc === undefined ? "host" : "hostWithFiles",
		{
			icon: asking ? "loading~spin" : trouble === undefined ? "server" : "warning",
			description: parts.join(" · "),
			tooltip: [host.address, ...(wayBack === undefined ? [] : [wayBackText(wayBack)]), ...(trouble === undefined ? [] : [trouble])].join(
				"\n",
			),
		},
	);
}

/** A state of vmctl, for people. */
export function stateText(state: LiveGuest["state"]): string {
	return render(guestStateText(state), l10n.bundle);
}

function guestItem({ name, state, memory, maxMemory, tty, taps, owner, listed }: LiveGuest): TreeItem {
	const runs = state === "running";
	const size = maxMemory === undefined ? [] : [memory === undefined ? maxMemory : `${memory}/${maxMemory}`];
	return item(name, taps.length > 0 ? TreeItemCollapsibleState.Expanded : TreeItemCollapsibleState.None, `guest ${state}`, {
		icon: runs ? "vm-running" : state === "paused" ? "debug-pause" : "vm-outline",
		...(runs ? { colour: "charts.green" } : {}),
		description: [stateText(state), ...size, ...(tty === undefined ? [] : [tty])].join(" · "),
		tooltip: listed ? (owner === undefined ? name : l10n.t("{0}, owner {1}", name, owner)) : l10n.t("{0}, known by its taps only", name),
	});
}

function tapItem({ name, use, bridge, switch: on, guestAddress }: TapState): TreeItem {
	const place = [
		...(bridge === undefined ? [] : [on === undefined ? bridge : `${bridge} (${on})`]),
		...(guestAddress === undefined ? [] : [guestAddress]),
	];
	const whose =
		use.kind === "guest"
			? []
			: [
					use.kind === "stale"
						? l10n.t("unused, described as {0}'s", use.name)
						: use.active
							? l10n.t("in use by no guest")
							: l10n.t("unused"),
				];
	return item(name, TreeItemCollapsibleState.None, "tap", { icon: "plug", description: [...whose, ...place].join(" · ") });
}

function vmdText({ vmd }: LiveState): { readonly text: string; readonly warning: boolean } | undefined {
	switch (vmd.kind) {
		case "answered":
			return undefined;
		case "absent":
			return { text: l10n.t("vmd does not run"), warning: false };
		case "notPermitted":
			return { text: l10n.t("vmd's socket is not open to us: only running guests are known, by their taps"), warning: true };
		case "timedOut":
			return { text: l10n.t("vmd did not answer in time"), warning: true };
		case "failed":
			return { text: vmd.message, warning: true };
	}
}

/** The VLANs of a port, in the words of hostname files; none where all ports of the veb are in the first, as without VLANs. */
function vlansOf({ members }: LiveBridge, { untagged, tagged = "" }: LiveMember): readonly string[] {
	if (untagged === undefined || members.every((one) => one.untagged === "1" && (one.tagged ?? "") === "")) return [];
	return [untagged === "none" ? "-untagged" : `untagged ${untagged}`, ...(tagged === "" ? [] : [`tagged ${tagged}`])];
}
