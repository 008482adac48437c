import { l10n } from "vscode";
import type { ReachabilityPage } from "./messages.ts";

/** The page's texts in the display language. */
export function texts(): ReachabilityPage["texts"] {
	return {
		title: l10n.t("Who reaches whom on {0}"),
		change: l10n.t("What changes on {0} since the last commit"),
		tools: l10n.t("Filters and exports"),
		filter: l10n.t("Show only names with..."),
		service: l10n.t("Show only services with..."),
		blocked: l10n.t("Blocked services too"),
		from: l10n.t("from \\ to"),
		nothing: l10n.t("No connection changes."),
		everything: l10n.t("everything"),
		none: l10n.t("nothing is reached"),
		opens: l10n.t("Becomes possible"),
		closes: l10n.t("Stops"),
		uncertain: l10n.t("Depends on what is not known"),
		packets: l10n.t("Packets that pf treats differently"),
		becomes: l10n.t("What becomes of them"),
		where: l10n.t("Packets"),
		more: l10n.t("and {0} more"),
		ifMatches: l10n.t("depends on whether this rule matches: {0}"),
		asBefore: l10n.t("pf treats every packet as before."),
		noOther: l10n.t("pf treats no other packet differently."),
		notKnown: l10n.t(
			"Whether pf treats other packets differently is not known: files are missing or refused, rules translate to addresses that have changed, or there is too much to look at.",
		),
		legend: l10n.t("Legend:"),
		yes: l10n.t("reached"),
		no: l10n.t("blocked"),
		oneWay: l10n.t("reached, but the answer does not come back"),
		depends: l10n.t("in part, or depends on what the files do not tell"),
		noMatch: l10n.t("Nothing found"),
		trace: l10n.t("Click a service to trace a packet of it."),
		pair: l10n.t("Connection"),
		what: l10n.t("Service"),
		rule: l10n.t("Rule"),
		example: l10n.t("Such as"),
	};
}
