/** "Show Live Taps": the taps of a host with whose they are, to copy or insert. */
import type { LiveState, TapState } from "@openbsd-vnet/remote";
import { l10n, type QuickInputButton, type QuickPickItem, ThemeIcon, window } from "vscode";
import { inBackground } from "../background.ts";
import { withoutIcons } from "../withoutIcons.ts";
import { asking, chosen, tellTrouble } from "./chosen.ts";
import { copy, insert } from "./copyInsert.ts";
import { stateText } from "./hostsView.ts";
import type { KnownHost, LiveHosts } from "./liveHosts.ts";

interface TapItem extends QuickPickItem {
	readonly tap: string;
}

export async function resolveTaps(hosts: LiveHosts, given: KnownHost | undefined): Promise<void> {
	const host = await chosen(hosts, given);
	if (host === undefined) return;
	const state = await asking(host, (token) => hosts.refresh(host, token));
	if (state === undefined) {
		tellTrouble(hosts, host);
		return;
	}
	const copyButton: QuickInputButton = { iconPath: new ThemeIcon("copy"), tooltip: l10n.t("Copy the tap's name") };
	const pick = window.createQuickPick<TapItem>();
	pick.title = state.system?.simulated === true ? l10n.t("Taps of {0} (simulated host)", host.name) : l10n.t("Taps of {0}", host.name);
	const writes = window.activeTextEditor !== undefined;
	pick.placeholder =
		state.taps.length === 0
			? l10n.t("No guest has a tap now")
			: writes
				? l10n.t("Enter inserts the tap's name into the editor")
				: l10n.t("Enter copies the tap's name");
	pick.matchOnDescription = true;
	pick.matchOnDetail = true;
	pick.items = tapItems(state).map((each) => ({ ...each, buttons: [copyButton] }));
	pick.onDidTriggerItemButton(({ item }) => {
		inBackground(copy(item.tap));
		pick.hide();
	});
	pick.onDidAccept(() => {
		const [selected] = pick.selectedItems;
		pick.hide();
		if (selected !== undefined) inBackground(writes ? insert(selected.tap) : copy(selected.tap));
	});
	pick.onDidHide(() => pick.dispose());
	pick.show();
}

/** Guests first, in the order of their names. */
export function tapItems({ taps }: LiveState): readonly TapItem[] {
	const name = ({ use }: TapState): string => (use.kind === "guest" ? `0${use.name}` : "1");
	return [...taps]
		.sort((a, b) => name(a).localeCompare(name(b)))
		.map((tap) => {
			const { use, bridge, switch: on, guestAddress } = tap;
			const place = bridge === undefined ? [] : [on === undefined ? bridge : l10n.t("{0} (switch {1})", bridge, on)];
			return {
				tap: tap.name,
				label: use.kind === "guest" ? withoutIcons(use.name) : tap.name,
				description: use.kind === "guest" ? `${tap.name} · ${stateText(use.state)}` : l10n.t("unused"),
				detail: withoutIcons([...place, ...(guestAddress === undefined ? [] : [guestAddress])].join(" · ")),
			};
		});
}
