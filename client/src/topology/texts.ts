import { l10n } from "vscode";
import type { PageTexts } from "./messages.ts";

/** The page's texts in the display language. */
export function pageTexts(): PageTexts {
	return {
		search: l10n.t("Find a name or an address"),
		zoomIn: l10n.t("Zoom in"),
		zoomOut: l10n.t("Zoom out"),
		fit: l10n.t("Show all"),
		saveSvg: l10n.t("Save as SVG..."),
		savePng: l10n.t("Save as PNG..."),
		picture: l10n.t("Network topology. Arrow keys go from node to node, Enter shows a node's lines, Shift+Enter the path to it."),
		noMatch: l10n.t("Nothing found"),
		lines: l10n.t("Lines"),
		problems: l10n.t("Problems"),
		paths: l10n.t("Paths"),
		pathHelp: l10n.t("Shift+click another guest, the host or the outside to see the path to it."),
		noPath: l10n.t("No packet gets from the one to the other."),
		noEnd: l10n.t("A path is between guests, the host and the outside."),
		bridged: l10n.t("Bridged"),
		routed: l10n.t("Routed by the host"),
		forwarded: l10n.t("The host must forward: net.inet.ip.forwarding=1"),
		trace: l10n.t("Trace Packet..."),
		looks: l10n.t("pf looks"),
		looksNot: l10n.t("pf does not look"),
		inactive: l10n.t("not active"),
		error: l10n.t("Error"),
		warning: l10n.t("Warning"),
		information: l10n.t("Information"),
		hint: l10n.t("Hint"),
		selected: l10n.t("Selected:"),
	};
}
