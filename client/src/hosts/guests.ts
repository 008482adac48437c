/** Starts, stops and pauses the guests of a host, and opens their consoles. */
import { consoleLine, type GuestAction } from "@openbsd-vnet/remote";
import { commands, Disposable, l10n, window } from "vscode";
import { inBackground } from "../background.ts";
import { showError, showInformation, showProgress } from "../notices.ts";
import { withoutIcons } from "../withoutIcons.ts";
import { asking, chosen, refuse, tellTrouble } from "./chosen.ts";
import { fits } from "./guestStates.ts";
import { type Node, stateText } from "./hostsView.ts";
import type { KnownHost, LiveHosts } from "./liveHosts.ts";
import { openTerminal } from "./openTerminal.ts";

export function registerGuests(hosts: LiveHosts): Disposable {
	const on = (name: string, run: (node: Node | undefined) => unknown) => commands.registerCommand(`openbsdVnet.${name}`, run);
	const act = (action: GuestAction) => async (node: Node | undefined) => {
		const guest = await guestOf(hosts, node, action);
		if (guest !== undefined) await doIt(hosts, guest, action);
	};
	return Disposable.from(
		on("startGuest", act("start")),
		on("stopGuest", act("stop")),
		on("killGuest", act("kill")),
		on("pauseGuest", act("pause")),
		on("resumeGuest", act("resume")),
		on("openConsole", async (node) => {
			const guest = await guestOf(hosts, node, "console");
			const line = guest === undefined ? undefined : consoleLine(guest.name);
			if (guest !== undefined && line !== undefined) openTerminal(guest.host, `${guest.name} · ${guest.host.name}`, line);
		}),
	);
}

interface GuestOfHost {
	readonly host: KnownHost;
	readonly name: string;
}

/** The guest of the node, or the one that the user picks of those in a fitting state. */
async function guestOf(hosts: LiveHosts, node: Node | undefined, action: GuestAction | "console"): Promise<GuestOfHost | undefined> {
	if (node?.kind === "guest") return { host: node.host, name: node.guest.name };
	const host = await chosen(hosts, undefined);
	if (host === undefined) return undefined;
	const state = await asking(host, (token) => hosts.refresh(host, token));
	if (state === undefined) {
		tellTrouble(hosts, host);
		return undefined;
	}
	const guests = state.guests.filter((guest) => fits[action].includes(guest.state));
	if (guests.length === 0) {
		inBackground(showInformation(l10n.t("{0} has no guest for which that can be done now.", host.name)));
		return undefined;
	}
	const picked = await window.showQuickPick(
		guests.map(({ name, state: now }) => ({ label: withoutIcons(name), description: stateText(now), name })),
		{ placeHolder: l10n.t("Which guest?") },
	);
	return picked === undefined ? undefined : { host, name: picked.name };
}

async function doIt(hosts: LiveHosts, { host, name }: GuestOfHost, action: GuestAction): Promise<void> {
	if (!(await agreed(host, name, action))) return;
	const titles: Readonly<Record<GuestAction, string>> = {
		start: l10n.t("Starting {0} on {1}", name, host.name),
		stop: l10n.t("Stopping {0} on {1}", name, host.name),
		kill: l10n.t("Ending {0} on {1}", name, host.name),
		pause: l10n.t("Pausing {0} on {1}", name, host.name),
		resume: l10n.t("Resuming {0} on {1}", name, host.name),
	};
	await showProgress(titles[action], async (_, token) => {
		const answer = await hosts.act(host, name, action, token);
		if (answer === undefined) return tellTrouble(hosts, host);
		if (answer.kind === "refused")
			refuse(host, answer, l10n.t("{0} lets only the guest's owner, in the group wheel, and root do that.", host.name));
		else if (answer.kind === "failed") inBackground(showError(l10n.t("{0}: {1}", host.name, answer.message)));
		await hosts.refresh(host, token);
	});
}

/** What ends connections is asked first. */
async function agreed(host: KnownHost, name: string, action: GuestAction): Promise<boolean> {
	if (action !== "stop" && action !== "kill") return true;
	const [question, detail, button] =
		action === "stop"
			? [l10n.t("Stop {0} on {1}?", name, host.name), l10n.t("It is asked to shut down, as by its power button."), l10n.t("Stop")]
			: [
					l10n.t("End {0} on {1} at once?", name, host.name),
					l10n.t("As if its power were cut: what it has not written is lost."),
					l10n.t("End at Once"),
				];
	return (await window.showWarningMessage(question, { modal: true, detail }, button)) === button;
}
